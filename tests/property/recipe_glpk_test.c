/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* recipe_glpk_test.c - plans of recipe economies against a linear programming solver. */
#include "tests/pl_test.h"
#include "tests/property/recipes.h"

static double worst_effort;
static int64_t most_steps;
static int grid = 1;
static int32_t n_faulty, n_feasible, n_infeasible, n_free;

/* The first fault of an economy is told, with what it takes to make that economy again. */
typedef struct {
	uint64_t seed;
	int32_t n_goods;
	recipe_kind kind;
	const econ *e;
	const pl_plan *plan;
	bool faulty;
} setting;

static void fault(setting *t, const char *what, double got, double want)
{
	if (t->faulty) return;
	t->faulty = true;
	n_faulty++;
	static const char *const KIND[] = {"ordinary", "ties", "degenerate", "slack", "short"};
	fprintf(stderr,
	        "seed %lu, %d goods, %s: %s (%.17g, not %.17g); %s after %lld steps: %s\n",
	        (unsigned long)t->seed, t->n_goods, KIND[t->kind], what, got, want,
	        pl_outcome_name(t->plan->outcome), (long long)t->plan->steps, t->plan->reason);
	pl_test_failed = 1;
}

/* 50 to 500 goods; more small ones the less time there is. */
static econ economy(uint64_t seed, setting *t)
{
	static const double SKEW[] = {6, 3, 1};
	econ_random r = econ_seed(seed);
	const double u = econ_uniform(&r, 0, 1);
	*t = (setting){.seed = seed};
	t->kind = (recipe_kind)(seed % RECIPE_KINDS);
	t->n_goods = (int32_t)(50 * pow(10, pow(u, SKEW[grid])));
	return recipes_new(seed, t->n_goods, t->kind);
}

/* ---- the plan balances and stays within every limit ---- */

static void quantities_fit(setting *t)
{
	const econ *e = t->e;
	double *supply = econ_array(e->n_goods, sizeof *supply);
	double *demand = econ_array(e->n_goods, sizeof *demand);
	double *signed_q = econ_array(e->n_links, sizeof *signed_q);
	for (int64_t k = 0; k < e->n_links; k++) {
		const econ_link *l = &e->link[k];
		const bool offers =
		        e->council[l->council].schedule == PL_S_request && l->amount < 0;
		signed_q[k] = offers ? -t->plan->quantity[k] : t->plan->quantity[k];
		const double z = t->plan->activity[l->council], want = l->amount * z;
		if (e->council[l->council].schedule == PL_S_recipe &&
		    !(fabs(t->plan->quantity[k] - want) <= 1e-14 * want))
			fault(t, "a recipe's quantity is not amount x activity",
			      t->plan->quantity[k], want);
	}
	econ_totals(e, signed_q, supply, demand);
	/* Where only one plan fits, rounding alone decides on which side of it one is. */
	const double exact = t->kind == DEGENERATE || t->kind == TIES ? 1e-12 : 1e-14;
	for (int32_t j = 0; j < e->n_goods; j++)
		if (!(supply[j] >= demand[j] * (1 - exact)))
			fault(t, "a good is short", supply[j], demand[j]);
	for (int32_t i = 0; i < e->n_councils; i++) {
		if (e->council[i].schedule != PL_S_recipe) continue;
		const double z = t->plan->activity[i],
		             most = e->council[i].param[PL_P_recipe_capacity];
		if (!(z >= 0) || z > most) fault(t, "activity is beyond capacity", z, most);
	}
	free(supply);
	free(demand);
	free(signed_q);
}

/* ---- feasible ---- */

static double effort_of(setting *t)
{
	double sum = 0;
	for (int32_t i = 0; i < t->e->n_councils; i++)
		if (t->e->council[i].schedule == PL_S_recipe)
			sum += t->e->council[i].param[PL_P_recipe_effort] *
			       t->plan->activity[i];
	return sum;
}

/* Where an optimal plan leaves some of a good, its price is 0 at every optimum. */
static void slack_goods_are_free(setting *t, const double *slack)
{
	for (int32_t j = 0; j < t->e->n_goods; j++) {
		if (!(slack[j] > 1e-5 * (t->plan->supply[j] + 1))) continue;
		n_free++;
		if (t->plan->price[j] != 0)
			fault(t, "a good that is left over has a price", t->plan->price[j], 0);
	}
}

static void compare_optimum(setting *t, double effort, const double *slack)
{
	char why[512];
	n_feasible++;
	if (t->plan->outcome != PL_CLEARED) {
		fault(t, "GLPK meets this share of requests", lp_most_met(t->e), 1);
		return;
	}
	const double got = effort_of(t), scale = fmax(fabs(effort), 1e-2 * t->plan->flow_value);
	const double off = fabs(got - effort) / scale;
	if (!(off <= 1e-7)) fault(t, "effort is not the least", got, effort);
	worst_effort = fmax(worst_effort, off);
	quantities_fit(t);
	slack_goods_are_free(t, slack);
	if (!econ_accepts(t->e, t->plan, 1e-9, why)) fault(t, why, 0, 0);
}

/* ---- infeasible ---- */

/* The named goods are a proof if their balances alone cannot hold. */
static void named_goods_are_in_conflict(setting *t)
{
	bool *named = econ_array(t->e->n_goods, sizeof *named);
	double last = INFINITY, sum = 0;
	for (int32_t k = 0; k < t->plan->n_scarce; k++) {
		named[t->plan->scarce[k]] = true;
		const double w = t->plan->scarce_weight[k];
		if (!(w > 0 && w <= last))
			fault(t, "weights of scarce goods do not fall", w, last);
		sum += last = w;
	}
	if (!(sum <= 1 + 1e-9)) fault(t, "weights of scarce goods are no shares", sum, 1);
	if (t->plan->n_scarce < 1) fault(t, "no good is named scarce", t->plan->n_scarce, 1);
	const lp_answer a = lp_least_effort(t->e, named, 0, NULL);
	if (!a.solved || a.feasible)
		fault(t, "the named goods alone can balance", t->plan->n_scarce, t->e->n_goods);
	free(named);
}

static double asked_of(const econ *e, const pl_conflict *c)
{
	for (int64_t k = econ_first(e, c->council); k < econ_first(e, c->council + 1); k++)
		if (e->link[k].good == c->good) return e->link[k].amount;
	return NAN;
}

static void conflicts_are_requests_or_limits(setting *t)
{
	const econ *e = t->e;
	int32_t requests = 0;
	for (int32_t k = 0; k < t->plan->n_conflicts; k++) {
		const pl_conflict *c = &t->plan->conflict[k];
		if (c->council == -1) {
			if (!c->limits)
				fault(t, "a conflict without council is no limit", k, 0);
			if (c->asked != e->good[c->good].supply)
				fault(t, "a binding endowment is misreported", c->asked,
				      e->good[c->good].supply);
		} else if (c->limits) {
			const double most = e->council[c->council].param[PL_P_recipe_capacity];
			if (c->asked != most)
				fault(t, "a binding capacity is misreported", c->asked, most);
		} else {
			const double asked = asked_of(e, c);
			requests++;
			if (c->asked != asked)
				fault(t, "a request is misreported", c->asked, asked);
			if (!(c->met >= 0 && c->met <= c->asked * (1 + 1e-9)))
				fault(t, "more is met than was asked", c->met, c->asked);
		}
	}
	if (requests == 0) fault(t, "no request is named", t->plan->n_conflicts, 1);
}

static void compare_conflict(setting *t)
{
	n_infeasible++;
	if (t->plan->outcome != PL_INFEASIBLE) {
		fault(t, "GLPK meets this share of requests", lp_most_met(t->e), 1);
		return;
	}
	named_goods_are_in_conflict(t);
	conflicts_are_requests_or_limits(t);
	quantities_fit(t);
}

/* ---- all ---- */

static void compare_with_glpk(uint64_t seed)
{
	setting t;
	econ e = economy(seed, &t);
	double *slack = econ_array(e.n_goods, sizeof *slack);
	/* Where one plan alone fits, rounding may hide it from GLPK. */
	const lp_answer a = lp_least_effort(&e, NULL, t.kind == DEGENERATE ? 1e-10 : 0, slack);
	const pl_settings s = pl_settings_preset();
	pl_plan *plan = econ_clear(&e, &s, NULL);
	t.e = &e;
	t.plan = plan;
	if (!a.solved) fault(&t, "GLPK gave up", a.solved, true);
	if (a.feasible)
		compare_optimum(&t, a.effort, slack);
	else
		compare_conflict(&t);
	if (plan->steps > most_steps) most_steps = plan->steps;
	pl_plan_free(plan);
	free(slack);
	econ_free(&e);
}

static uint64_t n_seeds(void)
{
	return grid == 0 ? 100 : 200;
}

static void plans_of_recipes_are_those_of_a_linear_program(void)
{
	for (uint64_t seed = 0; seed < n_seeds(); seed++) compare_with_glpk(seed);
}

/* With a seed as argument, that economy alone: to look closer at a fault. */
int main(int argc, char **argv)
{
	grid = econ_grid(argc, argv);
	if (argc > 1 && grid > 0) {
		compare_with_glpk(strtoull(argv[1], NULL, 10));
		lp_end();
		return pl_test_failed;
	}
	RUN(plans_of_recipes_are_those_of_a_linear_program);
	const int32_t n = (int32_t)n_seeds();
	CHECK(n_feasible >= n / 2);
	CHECK(n_infeasible >= n / 10);
	CHECK(n_free >= n);
	printf("  %d feasible (effort off by at most %.2g, %lld steps), %d infeasible, %d free "
	       "goods\n",
	       n_feasible, worst_effort, (long long)most_steps, n_infeasible, n_free);
	if (n_faulty > 0) fprintf(stderr, "%d of %d economies are at fault\n", n_faulty, n);
	lp_end();
	return pl_test_failed;
}
