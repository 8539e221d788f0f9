/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* planted_test.c - economies built backwards from a known plan are found. */
#include "tests/pl_test.h"
#include "tests/property/planted.h"

static int grid = 1;
static const int32_t SIZES[] = {10, 20, 35, 60, 100};

/* Seeds go through smooth and mixed economies, near and far price levels, all sizes. */
static planted_recipe recipe_of(uint64_t seed, int32_t n_goods)
{
	return (planted_recipe){seed, n_goods, seed % 3 != 0, seed % 4 == 3};
}

static planted small(uint64_t seed)
{
	return planted_new(recipe_of(seed, SIZES[seed % 5]));
}

/* ---- the reference itself ---- */

static void planted_plans_balance_every_good(void)
{
	for (uint64_t seed = 0; seed < 60; seed++) {
		planted p = small(seed);
		double *supply = econ_array(p.e.n_goods, sizeof *supply);
		double *demand = econ_array(p.e.n_goods, sizeof *demand);
		econ_totals(&p.e, p.quantity, supply, demand);
		for (int32_t j = 0; j < p.e.n_goods; j++) {
			if (p.price[j] > 0)
				CHECK_NEAR(demand[j] / supply[j], 1, 1e-13);
			else
				CHECK(supply[j] > demand[j]);
		}
		free(supply);
		free(demand);
		planted_free(&p);
	}
}

/* Margins of recipes without slope: 0 between idle and capacity, with the right sign there. */
static void planted_recipes_are_at_their_best(void)
{
	for (uint64_t seed = 0; seed < 60; seed++) {
		planted p = small(seed);
		for (int32_t i = 0; i < p.e.n_councils; i++) {
			const econ_council *c = &p.e.council[i];
			if (c->schedule != PL_S_recipe || c->param[PL_P_recipe_slope] > 0)
				continue;
			double over = -c->param[PL_P_recipe_effort], turn = -over;
			for (int64_t k = econ_first(&p.e, i); k < econ_first(&p.e, i + 1);
			     k++) {
				const econ_link *l = &p.e.link[k];
				const double v = econ_side(l) * l->amount * p.price[l->good];
				over += v;
				turn += fabs(v);
			}
			const double z = p.activity[i];
			if (z > 0) CHECK(over > -1e-15 * turn);
			if (!(z >= c->param[PL_P_recipe_capacity])) CHECK(over < 1e-15 * turn);
		}
		planted_free(&p);
	}
}

/* An answer is the best there is only if worth moves with prices as the answer says. */
static void answers_are_gradients_of_worth(void)
{
	for (uint64_t seed = 0; seed < 30; seed++) {
		planted p = planted_new(recipe_of(seed, 20));
		const econ *e = &p.e;
		double *z = econ_array(e->n_councils, sizeof *z),
		       *q = econ_array(e->n_links, sizeof *q);
		for (int32_t i = 0; i < e->n_councils; i++) z[i] = p.activity[i];
		for (int64_t k = 0; k < e->n_links; k++) {
			const econ_link *l = &e->link[k];
			const double h = 1e-5 * p.price[l->good], kept = p.price[l->good];
			double worth[2];
			if (e->council[l->council].schedule == PL_S_recipe &&
			    !(e->council[l->council].param[PL_P_recipe_slope] > 0))
				continue;
			if (h == 0) continue;
			for (int32_t s = 0; s < 2; s++) {
				p.price[l->good] = s == 0 ? kept - h : kept + h;
				econ_answer(e, p.price, z, q);
				worth[s] = econ_worth(e, l->council, p.price, q, z[l->council]);
			}
			p.price[l->good] = kept;
			const double slope = (worth[1] - worth[0]) / (2 * h);
			const double want = econ_side(l) * p.quantity[k];
			const double noise = 1e-16 * fabs(worth[0]) / h;
			CHECK_NEAR(slope, want, 2e-7 * fabs(want) + 10 * noise);
		}
		free(z);
		free(q);
		planted_free(&p);
	}
}

/* Other quantities of the same council, with the most it could make of its inputs. */
static double worth_nearby(const planted *p, int32_t i, econ_random *r, double *q)
{
	const econ *e = &p->e;
	int64_t made = -1;
	double z = p->activity[i], change = econ_uniform(r, -0.1, 0.1);
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++) {
		const bool together = e->council[i].schedule == PL_S_recipe ||
		                      e->council[i].schedule == PL_S_affected;
		if (!together) change = econ_uniform(r, -0.1, 0.1);
		q[k] = p->quantity[k] * (1 + change);
		if (e->link[k].role == PL_MAKES) made = k;
	}
	z *= 1 + change;
	if (e->council[i].schedule == PL_S_recipe &&
	    z > e->council[i].param[PL_P_recipe_capacity])
		return -INFINITY;
	if (e->council[i].schedule == PL_S_ces ||
	    (e->council[i].schedule == PL_S_cobb_douglas &&
	     !(e->council[i].param[PL_P_cobb_douglas_effort_elasticity] > 0)))
		q[made] = econ_most(e, i, q);
	return econ_worth(e, i, p->price, q, z);
}

static void no_council_does_better_with_other_quantities(void)
{
	for (uint64_t seed = 0; seed < 30; seed++) {
		planted p = planted_new(recipe_of(seed, 20));
		econ_random r = econ_seed(seed);
		double *q = econ_array(p.e.n_links, sizeof *q);
		for (int32_t i = 0; i < p.e.n_councils; i++) {
			double turn = 0;
			const double best =
			        econ_worth(&p.e, i, p.price, p.quantity, p.activity[i]);
			for (int64_t k = econ_first(&p.e, i); k < econ_first(&p.e, i + 1); k++)
				turn += fabs(p.quantity[k]) * p.price[p.e.link[k].good];
			if (p.e.council[i].schedule == PL_S_request) continue;
			for (int32_t t = 0; t < 20; t++)
				CHECK(worth_nearby(&p, i, &r, q) <= best + 1e-12 * turn);
		}
		free(q);
		planted_free(&p);
	}
}

/* ---- the planner ---- */

static double worst_price, worst_quantity;
static int64_t most_steps;

static void find(const planted *p, planted_recipe how, const char *from, const double *start)
{
	pl_settings s = pl_settings_preset();
	double price, quantity;
	char why[512] = "";
	s.tolerance = 1e-10;
	pl_plan *plan = econ_clear(&p->e, &s, start);
	planted_errors(p, plan, &price, &quantity);
	const bool accepted = econ_accepts(&p->e, plan, 1e-9, why);
	if (plan->outcome != PL_CLEARED || !(price <= 1e-9) || !(quantity <= 1e-9) ||
	    !accepted) {
		fprintf(stderr,
		        "seed %lu, %d goods%s%s, from %s: %s after %lld steps, prices off by "
		        "%.2g, "
		        "quantities by %.2g; %s; check: %s\n",
		        (unsigned long)how.seed, how.n_goods, how.kinks ? ", kinks" : "",
		        how.far ? ", far" : "", from, pl_outcome_name(plan->outcome),
		        (long long)plan->steps, price, quantity, plan->reason,
		        accepted ? "accepted" : why);
		pl_test_failed = 1;
	} else {
		worst_price = fmax(worst_price, price);
		worst_quantity = fmax(worst_quantity, quantity);
		if (plan->steps > most_steps) most_steps = plan->steps;
	}
	pl_plan_free(plan);
}

static void find_from_everywhere(planted_recipe how)
{
	planted p = planted_new(how);
	double *ones = planted_start(&p, 0, 1), *near = planted_start(&p, how.seed, 3);
	for (int32_t j = 0; j < p.e.n_goods; j++) ones[j] = 1;
	find(&p, how, "all prices 1", ones);
	find(&p, how, "prices off by up to 3x", near);
	free(ones);
	free(near);
	planted_free(&p);
}

static void planted_plans_are_found(void)
{
	static const uint64_t N[] = {100, 120, 400};
	for (uint64_t seed = 0; seed < N[grid]; seed++)
		find_from_everywhere(
		        recipe_of(seed, SIZES[grid == 0 ? seed / 3 % 4 : seed % 5]));
}

static void large_planted_plans_are_found(void)
{
	static const uint64_t N[] = {0, 6, 40};
	for (uint64_t seed = 1000; seed < 1000 + N[grid]; seed++)
		find_from_everywhere(recipe_of(seed, 200 + (int32_t)(seed % 3) * 50));
}

/* With a seed (and a number of goods) as arguments, that economy alone. */
int main(int argc, char **argv)
{
	grid = econ_grid(argc, argv);
	if (argc > 1 && grid > 0) {
		const uint64_t seed = strtoull(argv[1], NULL, 10);
		const int32_t n =
		        argc > 2 ? (int32_t)strtol(argv[2], NULL, 10) : SIZES[seed % 5];
		find_from_everywhere(recipe_of(seed, n));
		return pl_test_failed;
	}
	RUN(planted_plans_balance_every_good);
	RUN(planted_recipes_are_at_their_best);
	RUN(answers_are_gradients_of_worth);
	RUN(no_council_does_better_with_other_quantities);
	RUN(planted_plans_are_found);
	RUN(large_planted_plans_are_found);
	printf("  worst: prices %.2g, quantities %.2g, %lld steps\n", worst_price,
	       worst_quantity, (long long)most_steps);
	return pl_test_failed;
}
