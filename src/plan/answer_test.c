/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every formula of a smooth council is checked against what it is meant to be: the surplus
 * against the council's own objective, net supply against differences of the surplus, the
 * second derivatives against differences of net supply. */
#include "plan/answer.h"

#include "base/alloc.h"
#include "base/random.h"
#include "base/threads.h"
#include "plan/normal.h"
#include "tests/pl_test.h"

#include <float.h>

#include "plan/test_program.h"

static const double none = (double)NAN;

enum { GOODS = 6, ELASTICITIES = 3, SEEDS = 12 };
static const double sigmas[] = {0, 0.3, 1, 2.5};

static double between(pl_random *r, double low, double high)
{
	return low + (high - low) * pl_random_unit(r);
}

/* A council with a share of each of three goods; workplaces make good `made`. */
static void mixed_council(pl_builder *b, pl_random *r, const char *id, pl_schedule schedule,
                          const double *param, int32_t made)
{
	const bool works = schedule <= PL_S_ces;
	const double income = works ? none : between(r, 20, 200);
	const int32_t at = a_council(b, id, schedule, income, param);
	if (works) a_link(b, at, made, PL_MAKES, 1);
	for (int32_t n = 1; n <= 3; n++)
		a_link(b, at, (made + n) % GOODS, works ? PL_USES : PL_WANTS,
		       schedule == PL_S_cobb_douglas ? between(r, 0.1, 0.2) : between(r, 1, 3));
}

/* Every smooth schedule, a recipe and an affected community, with random numbers. */
static pl_model *random_model(uint64_t seed)
{
	static const char *const name[GOODS] = {"a", "b", "c", "d", "e", "f"};
	static const char *const works[] = {"w0", "w1", "w2", "w3"};
	static const char *const homes[] = {"h0", "h1", "h2", "h3"};
	pl_random r = pl_random_new(seed, 1);
	pl_builder *b = an_economy();
	for (int32_t j = 0; j < GOODS; j++)
		(void)a_good(b, name[j], PL_PRODUCT, between(&r, 0.5, 2), 10);
	const int32_t smoke = a_good(b, "smoke", PL_POLLUTANT, 1, 0);
	const double effort[] = {between(&r, 0.5, 2), between(&r, 0.1, 0.3), 1.5, 0.7};
	mixed_council(b, &r, "craft", PL_S_cobb_douglas, effort, 0);
	mixed_council(b, &r, "plain", PL_S_cobb_douglas, NULL, 1);
	mixed_council(b, &r, "home", PL_S_budget_cd, NULL, 2);
	for (int32_t k = 0; k < 4; k++) {
		const double ces[] = {between(&r, 0.5, 2), between(&r, 0.3, 0.8), sigmas[k],
		                      none};
		const double budget[] = {sigmas[k], none, none, none};
		mixed_council(b, &r, works[k], PL_S_ces, ces, k);
		mixed_council(b, &r, homes[k], PL_S_budget_ces, budget, k + 1);
	}
	const int32_t wants = a_council(b, "wants", PL_S_isoelastic, none, NULL);
	const double elasticity[ELASTICITIES] = {0.5, 1, 3};
	for (int32_t n = 0; n < ELASTICITIES; n++)
		CHECK(pl_builder_link(b, wants, n, PL_WANTS, between(&r, 1, 9), elasticity[n],
		                      NULL) == PL_OK);
	const double damage[] = {2, 2, none, none}, plant[] = {9, 1, 2, 0.5};
	const int32_t river = a_council(b, "river", PL_S_affected, none, damage);
	const int32_t kiln = a_council(b, "kiln", PL_S_recipe, none, plant);
	a_link(b, river, smoke, PL_OFFERS, 1);
	a_link(b, kiln, 0, PL_MAKES, 2);
	a_link(b, kiln, 3, PL_USES, 0.7);
	a_link(b, kiln, smoke, PL_USES, 0.4);
	return the_model(b);
}

/* A model with its program, answers to prices, and random prices in [low, high], by logs. */
typedef struct {
	pl_model *m;
	pl_program *g;
	pl_answers *a;
	double price[GOODS + 1];
} bench;

static bench begin(uint64_t seed, double low, double high)
{
	bench t = {.m = random_model(seed)};
	pl_random r = pl_random_new(seed, 2);
	t.g = the_program(t.m, NULL);
	CHECK(t.g->n_goods == GOODS + 1 && t.g->n_all == t.m->n_councils - 1);
	CHECK(pl_answers_new(&t.a, t.g, NULL) == PL_OK);
	for (int32_t j = 0; j < t.g->n_goods; j++)
		t.price[j] = exp(between(&r, log(low), log(high)));
	pl_answers_at(t.a, t.g, t.price);
	return t;
}

/* The same, with spending that answers prices: from budgets to bundles taken at any cost. */
static bench begin_rising(uint64_t seed, double low, double high)
{
	bench t = begin(seed, low, high);
	for (int32_t i = t.g->n_acts; i < t.g->n_rows; i++)
		if (!t.g->makes[i]) t.g->inputs[i] = i % 2 == 0 ? 1 : -0.5;
	pl_answers_at(t.a, t.g, t.price);
	return t;
}

static void end(bench *t)
{
	pl_answers_free(t->a);
	pl_program_free(t->g);
	pl_model_free(t->m);
}

static double surplus(const bench *t)
{
	double sum = t->a->want_surplus;
	for (int32_t i = t->g->n_acts; i < t->g->n_rows; i++) sum += t->a->surplus[i];
	return sum;
}

static void net_supply_is_the_gradient_of_the_surplus(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		bench t = (seed % 2 == 0 ? begin : begin_rising)(seed, 0.1, 10);
		double net[GOODS + 1], size[GOODS + 1];
		for (int32_t j = 0; j < t.g->n_goods; j++) {
			net[j] = t.a->supply[j] - t.a->demand[j];
			size[j] = t.a->supply[j] + t.a->demand[j] + fabs(surplus(&t));
		}
		for (int32_t j = 0; j < t.g->n_goods; j++) {
			const double p = t.price[j], h = 1e-5 * p;
			t.price[j] = p + h;
			pl_answers_at(t.a, t.g, t.price);
			const double above = surplus(&t);
			t.price[j] = p - h;
			pl_answers_at(t.a, t.g, t.price);
			CHECK_NEAR((above - surplus(&t)) / (2 * h), net[j], 1e-8 * size[j]);
			t.price[j] = p;
		}
		end(&t);
	}
}

static void totals_are_the_sums_of_the_answers(void)
{
	bench t = begin(5, 0.1, 10);
	double net[GOODS + 1] = {0};
	for (int32_t i = t.g->n_acts; i < t.g->n_all; i++)
		for (int64_t l = t.g->link->start[i]; l < t.g->link->start[i + 1]; l++)
			net[t.g->link->col[l]] += pl_answers_net(t.a, t.g, i, l);
	for (int64_t w = 0; w < t.g->n_wants; w++) net[t.g->want_good[w]] -= t.a->want[w];
	for (int32_t j = 0; j < t.g->n_goods; j++)
		CHECK_NEAR(t.a->supply[j] - t.a->demand[j], net[j],
		           1e-13 * (t.a->supply[j] + t.a->demand[j]));
	end(&t);
}

/* ---- the council's own objective ---------------------------------------------------- */

enum { UNKNOWNS = 4 };

/* (sum b^(1/sigma) x^((sigma-1)/sigma))^(sigma/(sigma-1)), shares normalised; its limits. */
static double composite(int n, const double *b, const double *x, double sigma)
{
	double total = 0, sum = 0, least = INFINITY;
	for (int k = 0; k < n; k++) total += b[k];
	for (int k = 0; k < n; k++) {
		const double share = b[k] / total;
		least = fmin(least, x[k] / share);
		sum += sigma == 1 ? share * log(x[k] / share)
		                  : pow(share, 1 / sigma) * pow(x[k], (sigma - 1) / sigma);
	}
	if (sigma == 0) return least;
	return sigma == 1 ? exp(sum) : pow(sum, sigma / (sigma - 1));
}

/* What the council maximises, as docs/economy-files.md says it, with prices for its links.
 * A budget of income I: I log(utility) - cost, so that at the best the cost is I. */
static double objective(const bench *t, int32_t row, const double *x)
{
	const pl_program *g = t->g;
	const pl_model *m = t->m;
	const int32_t c = g->council[row];
	const double *const *param = m->council.param;
	double b[UNKNOWNS], cost = 0, price = 0, q;
	int n = 0;
	for (int64_t l = m->link.start[c]; l < m->link.start[c + 1]; l++) {
		const double p = t->price[g->place[m->link.good[l]]];
		if (m->link.role[l] == PL_MAKES) {
			price = p;
			continue;
		}
		b[n] = m->link.amount[l];
		cost += p * x[n++];
	}
	switch (m->council.schedule[c]) {
	case PL_S_cobb_douglas:
		q = param[PL_P_cobb_douglas_scale][c] *
		    pow(x[n], param[PL_P_cobb_douglas_effort_elasticity][c]);
		for (int k = 0; k < n; k++) q *= pow(x[k], b[k]);
		return price * q - cost -
		       param[PL_P_cobb_douglas_effort_weight][c] *
		               pow(x[n], param[PL_P_cobb_douglas_effort_exponent][c]);
	case PL_S_ces:
		q = param[PL_P_ces_scale][c] * pow(composite(n, b, x, param[PL_P_ces_sigma][c]),
		                                   param[PL_P_ces_returns][c]);
		return price * q - cost;
	case PL_S_budget_ces:
		return m->council.income[c] *
		               log(composite(n, b, x, param[PL_P_budget_ces_sigma][c])) -
		       cost;
	default:
		return m->council.income[c] * log(composite(n, b, x, 1)) - cost;
	}
}

/* Climb by random steps in logs, longer after a success, shorter after a failure. */
static double climbed(const bench *t, int32_t row, double *x, pl_random *r)
{
	double best = objective(t, row, x), length = 1;
	for (int tries = 0; tries < 10000; tries++) {
		double next[UNKNOWNS];
		for (int k = 0; k < UNKNOWNS; k++)
			next[k] = x[k] * exp(length * pl_random_normal(r));
		const double value = objective(t, row, next);
		length *= value > best ? 1.5 : 0.9;
		length = fmin(fmax(length, 1e-9), 3);
		if (!(value > best)) continue;
		best = value;
		memcpy(x, next, sizeof next);
	}
	return best;
}

/* Effort at the answer: its cost w e^k is the part c/k of revenue; 1 where there is none. */
static double effort_of(const bench *t, int32_t row)
{
	const int32_t c = t->g->council[row];
	const double *const *param = t->m->council.param;
	if (t->m->council.schedule[c] != PL_S_cobb_douglas) return 1;
	const double k = param[PL_P_cobb_douglas_effort_exponent][c];
	const double part = param[PL_P_cobb_douglas_effort_elasticity][c] / k;
	const double revenue = t->a->surplus[row] / (1 - t->g->returns[row]);
	return pow(part * revenue / param[PL_P_cobb_douglas_effort_weight][c], 1 / k);
}

/* The surplus is the most that the council's objective reaches: its answer reaches it, nothing
 * else exceeds it, and from anywhere it is approached. */
static void the_surplus_is_the_best_that_the_council_can_do(void)
{
	for (uint64_t seed = 0; seed < 3; seed++) {
		bench t = begin(seed, 0.5, 2);
		pl_random r = pl_random_new(seed, 3);
		for (int32_t i = t.g->n_acts; i < t.g->n_rows; i++) {
			const pl_csr *link = t.g->link;
			const double income = t.g->makes[i] ? 0 : t.g->income[i];
			/* the objective of a budget differs by a constant */
			const double most =
			        t.a->surplus[i] + (income > 0 ? income * (log(income) - 1) : 0);
			const double size = fabs(most) + income + fabs(t.a->surplus[i]);
			double x[UNKNOWNS] = {1, 1, 1, 1};
			const double found = climbed(&t, i, x, &r);
			CHECK(found <= most + 1e-12 * size);
			if (t.g->sigma[i] > 0) CHECK(found >= most - 1e-3 * size);
			const int64_t first = link->start[i] + t.g->makes[i];
			for (int64_t l = first; l < link->start[i + 1]; l++)
				x[l - first] = -pl_answers_net(t.a, t.g, i, l);
			x[3] = effort_of(&t, i);
			CHECK_NEAR(objective(&t, i, x), most, 1e-12 * size);
		}
		end(&t);
	}
}

/* The surplus of an isoelastic want is the area below its demand curve beyond the price; so
 * is that of a budget with fixed shares. */
static void the_surplus_of_wants_is_the_area_below_demand(void)
{
	bench t = begin(3, 0.5, 2), u = begin(3, 0.5, 2);
	double area = 0;
	enum { CUTS = 2000 };
	for (int32_t j = 0; j < u.g->n_goods; j++) u.price[j] *= 1.7;
	pl_answers_at(u.a, u.g, u.price);
	const double drop = u.a->want_surplus - t.a->want_surplus;
	for (int cut = 0; cut < CUTS; cut++) {
		const double part = (cut + 0.5) / CUTS;
		for (int32_t j = 0; j < u.g->n_goods; j++)
			u.price[j] = t.price[j] * (1 + 0.7 * part);
		pl_answers_at(u.a, u.g, u.price);
		for (int64_t w = 0; w < u.g->n_wants; w++)
			area += u.a->want[w] * 0.7 * t.price[u.g->want_good[w]] / CUTS;
	}
	for (int32_t j = 0; j < u.g->n_goods; j++) area += u.g->spent[j] * log(1.7);
	CHECK_NEAR(-drop, area, 1e-6 * area);
	end(&u);
	end(&t);
}

/* ---- second derivatives -------------------------------------------------------------- */

/* The form that answer.h states, term by term. */
static void assembled(const bench *t, const double *diag, double *h)
{
	const pl_csr *link = t->g->link;
	const int32_t n = t->g->n_goods;
	memset(h, 0, (size_t)n * (size_t)n * sizeof *h);
	for (int32_t i = 0; i < t->g->n_rows; i++)
		for (int64_t k = link->start[i]; k < link->start[i + 1]; k++)
			for (int64_t l = link->start[i]; l < link->start[i + 1]; l++) {
				const int64_t first = link->start[i] + t->g->makes[i];
				const double both =
				        k >= first && l >= first ? t->a->mixed[i] : 0;
				h[link->col[k] * n + link->col[l]] +=
				        (t->a->whole[i] + both) *
				        pl_answers_net(t->a, t->g, i, k) *
				        pl_answers_net(t->a, t->g, i, l);
			}
	for (int32_t j = 0; j < n; j++) h[j * n + j] += diag[j];
}

static void the_hessian_is_the_derivative_of_net_supply(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		bench t = (seed % 2 == 0 ? begin : begin_rising)(seed, 0.1, 10);
		enum { N = GOODS + 1 };
		double h[N * N], above[N];
		assembled(&t, t.a->curve, h); /* whole of acts is 0 here */
		for (int32_t j = 0; j < N; j++) {
			const double p = t.price[j], step = 1e-5 * p;
			t.price[j] = p + step;
			pl_answers_at(t.a, t.g, t.price);
			for (int32_t k = 0; k < N; k++)
				above[k] = t.a->supply[k] - t.a->demand[k];
			t.price[j] = p - step;
			pl_answers_at(t.a, t.g, t.price);
			t.price[j] = p;
			for (int32_t k = 0; k < N; k++) {
				const double below = t.a->supply[k] - t.a->demand[k];
				const double size =
				        (t.a->supply[k] + t.a->demand[k]) / p + h[k * N + k];
				CHECK_NEAR((above[k] - below) / (2 * step), h[k * N + j],
				           1e-7 * size);
			}
		}
		end(&t);
	}
}

/* The same with acts in it, and a diagonal of the method's own. */
static void equations(bench *t, double *diag, double *x)
{
	pl_random r = pl_random_new(4, 4);
	for (int32_t i = 0; i < t->g->n_acts; i++) t->a->whole[i] = between(&r, 0.1, 5);
	for (int32_t j = 0; j < t->g->n_goods; j++) {
		diag[j] = t->a->curve[j] + 0.1 + t->a->supply[j];
		x[j] = pl_random_normal(&r);
	}
}

static void a_product_is_that_of_the_assembled_matrix(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		enum { N = GOODS + 1 };
		bench t = begin(seed, 0.1, 10);
		double h[N * N], diag[N] = {0}, x[N] = {0}, out[N];
		pl_normal *s = NULL;
		equations(&t, diag, x);
		assembled(&t, diag, h);
		CHECK(pl_normal_new(&s, t.g, 0, NULL) == PL_OK);
		pl_normal_set(s, t.a, diag);
		pl_normal_times(s, out, x);
		for (int32_t j = 0; j < N; j++) {
			double sum = 0, size = 0;
			for (int32_t k = 0; k < N; k++) {
				sum += h[j * N + k] * x[k];
				size += fabs(h[j * N + k] * x[k]);
			}
			CHECK_NEAR(out[j], sum, 1e-12 * size);
		}
		pl_normal_free(s);
		end(&t);
	}
}

static void factor_and_conjugate_gradients_give_one_solution(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		enum { N = GOODS + 1 };
		bench t = begin(seed, 0.1, 10);
		double diag[N] = {0}, want[N] = {0}, b[N], direct[N], iterated[N];
		pl_normal *s = NULL, *c = NULL;
		equations(&t, diag, want);
		CHECK(pl_normal_new(&s, t.g, N, NULL) == PL_OK && s->direct);
		CHECK(pl_normal_new(&c, t.g, N - 1, NULL) == PL_OK && !c->direct);
		pl_normal_set(s, t.a, diag);
		pl_normal_set(c, t.a, diag);
		pl_normal_times(s, b, want);
		pl_normal_solve(s, direct, b, 1e-12);
		pl_normal_solve(c, iterated, b, 1e-12);
		for (int32_t j = 0; j < N; j++) {
			CHECK_NEAR(direct[j], want[j], 1e-9);
			CHECK_NEAR(iterated[j], want[j], 1e-7);
		}
		CHECK(c->sweeps > s->sweeps && s->sweeps > 0);
		pl_normal_free(c);
		pl_normal_free(s);
		end(&t);
	}
}

/* ---- far and odd prices -------------------------------------------------------------- */

static bool all_finite(int64_t n, const double *x)
{
	for (int64_t i = 0; i < n; i++)
		if (!isfinite(x[i])) return false;
	return true;
}

static void answers_to_far_prices_are_numbers(void)
{
	for (uint64_t seed = 0; seed < 50; seed++) {
		bench t = begin(seed, 1e-30, 1e30);
		CHECK(all_finite(t.g->n_rows, t.a->scale) &&
		      all_finite(t.g->n_rows, t.a->revenue));
		CHECK(all_finite(t.g->n_rows, t.a->whole));
		CHECK(all_finite(t.g->n_rows, t.a->mixed));
		CHECK(all_finite(t.g->n_rows, t.a->surplus));
		CHECK(all_finite(t.g->n_wants, t.a->want));
		CHECK(all_finite(t.g->n_goods, t.a->curve));
		CHECK(all_finite(t.g->n_goods, t.a->supply));
		CHECK(all_finite(t.g->n_goods, t.a->demand));
		CHECK(isfinite(t.a->want_surplus));
		end(&t);
	}
}

/* One workplace of fixed proportions: either its input or its output may be free. */
static void what_is_not_essential_may_be_free(void)
{
	const double ces[] = {1, 0.5, 0, none};
	pl_builder *b = an_economy();
	for (int j = 0; j < 3; j++)
		(void)a_good(b,
		             j == 0   ? "bread"
		             : j == 1 ? "flour"
		                      : "water",
		             PL_PRODUCT, 1, 5);
	const int32_t baker = a_council(b, "baker", PL_S_ces, none, ces);
	const int32_t home = a_council(b, "home", PL_S_request, none, NULL);
	a_link(b, baker, 0, PL_MAKES, 1);
	a_link(b, baker, 1, PL_USES, 3);
	a_link(b, baker, 2, PL_USES, 1);
	a_link(b, home, 0, PL_WANTS, 1);
	pl_model *m = the_model(b);
	pl_program *g = the_program(m, NULL);
	pl_answers *a = NULL;
	CHECK(pl_answers_new(&a, g, NULL) == PL_OK);
	CHECK(!g->essential[0] && !g->essential[1] && !g->essential[2]);
	const double dry[] = {2, 4, 0}, glut[] = {0, 4, 1};
	pl_answers_at(a, g, dry);
	CHECK_NEAR(a->supply[0], 1 / 3.0, 1e-15); /* Q = sqrt X, X costs 3: X = 1/9 */
	CHECK_NEAR(a->demand[1], 0.75 / 9, 1e-15);
	CHECK_NEAR(a->demand[2], 0.25 / 9, 1e-15); /* free, yet no more than it takes */
	CHECK_NEAR(a->surplus[0], 1 / 3.0, 1e-15);
	pl_answers_at(a, g, glut);
	CHECK(a->supply[0] == 0 && a->demand[1] == 0 && a->demand[2] == 0);
	CHECK(a->surplus[0] == 0 && all_finite(1, a->whole) && all_finite(3, a->curve));
	CHECK(all_finite(1, a->mixed));
	pl_answers_free(a);
	pl_program_free(g);
	pl_model_free(m);
}

static void only_relative_prices_matter_to_a_workplace_without_effort(void)
{
	bench t = begin(6, 0.1, 10), u = begin(6, 0.1, 10);
	pl_random r = pl_random_new(6, 5);
	const double k = exp(between(&r, -3, 3));
	for (int32_t j = 0; j < u.g->n_goods; j++) u.price[j] *= k;
	pl_answers_at(u.a, u.g, u.price);
	for (int32_t i = t.g->n_acts; i < t.g->n_rows; i++) {
		if (!t.g->makes[i] || t.g->returns[i] != t.g->inputs[i]) continue;
		CHECK_NEAR(u.a->surplus[i], k * t.a->surplus[i], 1e-12 * u.a->surplus[i]);
		for (int64_t l = t.g->link->start[i]; l < t.g->link->start[i + 1]; l++)
			CHECK_NEAR(pl_answers_net(u.a, u.g, i, l),
			           pl_answers_net(t.a, t.g, i, l),
			           1e-12 * fabs(pl_answers_net(t.a, t.g, i, l)));
	}
	end(&u);
	end(&t);
}

/* ---- threads ------------------------------------------------------------------------- */

/* Enough councils for every parallel loop: n workplaces and as many budgets on 80 goods. */
static pl_model *large_model(int32_t n)
{
	pl_random r = pl_random_new(77, 0);
	pl_builder *b = an_economy();
	char id[16];
	enum { MANY = 80 };
	for (int32_t j = 0; j < MANY; j++) {
		(void)snprintf(id, sizeof id, "g%d", (int)j);
		(void)a_good(b, id, PL_PRODUCT, between(&r, 0.5, 2), 10);
	}
	for (int32_t i = 0; i < n; i++) {
		const double ces[] = {1, 0.6, sigmas[i % 4], none};
		const double budget[] = {sigmas[(i + 1) % 4], none, none, none};
		const pl_schedule s = i % 3 == 0   ? PL_S_ces
		                      : i % 3 == 1 ? PL_S_budget_ces
		                                   : PL_S_recipe;
		(void)snprintf(id, sizeof id, "c%d", (int)i);
		const int32_t c = a_council(b, id, s, s == PL_S_budget_ces ? 10 : none,
		                            s == PL_S_ces          ? ces
		                            : s == PL_S_budget_ces ? budget
		                                                   : NULL);
		const int32_t first = (int32_t)pl_random_below(&r, MANY);
		if (s != PL_S_budget_ces) a_link(b, c, first, PL_MAKES, 1);
		for (int32_t k = 1; k <= 3; k++)
			a_link(b, c, (first + 7 * k) % MANY,
			       s == PL_S_budget_ces ? PL_WANTS : PL_USES, between(&r, 0.1, 1));
	}
	return the_model(b);
}

/* All that a look and a Newton step compute, one number after the other. @return how many */
static int64_t everything(const pl_program *g, const double *price, int64_t direct, double *to)
{
	pl_answers *a = NULL;
	pl_normal *s = NULL;
	const int64_t n = g->n_goods, rows = g->n_rows;
	double *const from = to;
	CHECK(pl_answers_new(&a, g, NULL) == PL_OK);
	CHECK(pl_normal_new(&s, g, direct, NULL) == PL_OK);
	pl_answers_at(a, g, price);
	for (int32_t i = 0; i < g->n_acts; i++) a->whole[i] = 0.01;
	double *diag = to, *b = to + n, *margin = to + 3 * n;
	for (int64_t j = 0; j < n; j++) {
		diag[j] = a->curve[j] + 10;
		b[j] = a->supply[j] - a->demand[j];
	}
	pl_normal_set(s, a, diag);
	pl_normal_solve(s, to + 2 * n, b, 1e-8);
	pl_margins(margin, g, price);
	to += 3 * n + g->n_acts;
	pl_act_totals(a, a->supply, a->demand, g, margin);
	memcpy(to, a->supply, (size_t)n * sizeof *to);
	memcpy(to + n, a->demand, (size_t)n * sizeof *to);
	memcpy(to + 2 * n, a->surplus, (size_t)rows * sizeof *to);
	to += 2 * n + rows;
	for (int32_t i = 0; i < g->n_rows; i++)
		for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++)
			to[l] = pl_answers_net(a, g, i, l);
	pl_normal_free(s);
	pl_answers_free(a);
	return to + g->link->start[rows] - from;
}

static void same_bits_for_any_number_of_threads(void)
{
	const int threads[] = {2, 5, 8};
	pl_model *m = large_model(18000);
	pl_program *g = the_program(m, NULL);
	const int64_t room = 5 * g->n_goods + g->n_acts + g->n_rows + g->link->start[g->n_rows];
	double *alone = pl_alloc(room, sizeof *alone), *many = pl_alloc(room, sizeof *many);
	double *price = pl_alloc(g->n_goods, sizeof *price);
	if (alone == NULL || many == NULL || price == NULL) abort();
	CHECK(g->n_acts >= PL_PAR_MIN && g->n_rows - g->n_acts >= PL_PAR_MIN);
	for (int32_t j = 0; j < g->n_goods; j++) price[j] = 0.5 + j % 7;
	for (int64_t direct = 0; direct <= 100; direct += 100) {
		pl_threads_set(1);
		CHECK(everything(g, price, direct, alone) == room);
		CHECK(all_finite(room, alone));
		for (int k = 0; k < 3; k++) {
			pl_threads_set(threads[k]);
			memset(many, 0, (size_t)room * sizeof *many);
			CHECK(everything(g, price, direct, many) == room);
			CHECK(memcmp(alone, many, (size_t)room * sizeof *many) == 0);
		}
	}
	pl_free(price);
	pl_free(many);
	pl_free(alone);
	pl_program_free(g);
	pl_model_free(m);
}

int main(void)
{
	RUN(net_supply_is_the_gradient_of_the_surplus);
	RUN(totals_are_the_sums_of_the_answers);
	RUN(the_surplus_is_the_best_that_the_council_can_do);
	RUN(the_surplus_of_wants_is_the_area_below_demand);
	RUN(the_hessian_is_the_derivative_of_net_supply);
	RUN(a_product_is_that_of_the_assembled_matrix);
	RUN(factor_and_conjugate_gradients_give_one_solution);
	RUN(answers_to_far_prices_are_numbers);
	RUN(what_is_not_essential_may_be_free);
	RUN(only_relative_prices_matter_to_a_workplace_without_effort);
	RUN(same_bits_for_any_number_of_threads);
	return pl_test_failed;
}
