/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Each answer is held against the definition of its schedule: the surplus is computed from
 * raw quantities as docs/economy-files.md states it, and no other quantities may do better. */
#include "base/random.h"
#include "plan/check_answer.h"

#include "tests/pl_test.h"

enum { MOST = 4, CASES = 100, TRIES = 40 };

/// One council at random prices, its links first to last.
typedef struct {
	pl_model *m;
	double price[MOST], log_price[MOST];
	pl_market at;
} shop;

static double between(pl_random *r, double low, double high)
{
	return low + (high - low) * pl_random_unit(r);
}

static double param_of(const shop *s, int slot)
{
	return s->m->council.param[slot][0];
}

/// Council 0 makes good 0 (workers) and uses, or wants, the others; amounts as given,
/// elasticities of isoelastic wants drawn, one of them 1.
static void open_shop(shop *s, pl_random *r, pl_council_row row, int n, const double *amount)
{
	pl_builder *b = NULL;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	const bool permits = row.schedule == PL_S_affected;
	static const char *const name[MOST] = {"a", "b", "c", "d"};
	int32_t at = -1;
	for (int g = 0; g < n; g++) {
		const pl_good_row good = {.id = name[g],
		                          .kind = permits ? PL_POLLUTANT : PL_LABOUR,
		                          .price = between(r, 0.2, 5),
		                          .supply = 1,
		                          .elasticity = NAN,
		                          .step = NAN};
		CHECK(pl_builder_good(&at, b, &good, NULL) == PL_OK);
	}
	row.id = "shop";
	row.community = -1;
	row.members = NAN;
	CHECK(pl_builder_council(&at, b, &row, NULL) == PL_OK);
	for (int g = 0; g < n; g++) {
		pl_role role = row.kind == PL_WORKERS ? PL_USES : PL_WANTS;
		if (row.kind == PL_WORKERS && g == 0) role = PL_MAKES;
		if (permits) role = PL_OFFERS;
		double e = NAN;
		if (row.schedule == PL_S_isoelastic) e = g == 2 ? 1 : between(r, 0.2, 3);
		CHECK(pl_builder_link(b, 0, g, role, amount[g], e, NULL) == PL_OK);
	}
	pl_error err = {0};
	if (pl_builder_finish(&s->m, b, NULL, NULL, &err) != PL_OK) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
	for (int g = 0; g < n; g++) {
		s->price[g] = exp(between(r, -2, 2));
		s->log_price[g] = log(s->price[g]);
	}
	s->at = (pl_market){s->m, s->price, s->log_price};
}

/// (sum b^(1/sigma) x^((sigma - 1)/sigma))^(sigma/(sigma - 1)) over links from.., or a limit.
static double bundle(const shop *s, int64_t from, const double *x, double sigma)
{
	double shares = 0, sum = 0, log_sum = 0, least = 1e300;
	for (int64_t l = from; l < s->m->n_links; l++) shares += s->m->link.amount[l];
	for (int64_t l = from; l < s->m->n_links; l++) {
		const double b = s->m->link.amount[l] / shares;
		least = fmin(least, x[l] / b);
		log_sum += b * log(x[l] / b);
		if (sigma > 0) sum += pow(b, 1 / sigma) * pow(x[l], (sigma - 1) / sigma);
	}
	if (sigma == 0) return least;
	return sigma == 1 ? exp(log_sum) : pow(sum, sigma / (sigma - 1));
}

static double spending(const shop *s, int64_t from, const double *x)
{
	double sum = 0;
	for (int64_t l = from; l < s->m->n_links; l++) sum += s->price[l] * x[l];
	return sum;
}

/// Output without effort: A prod x^b.
static double cobb_douglas_output(const shop *s, const double *x)
{
	double q = param_of(s, PL_P_cobb_douglas_scale);
	for (int64_t l = 1; l < s->m->n_links; l++) q *= pow(x[l], s->m->link.amount[l]);
	return q;
}

static double cobb_douglas_surplus(const shop *s, const double *x)
{
	const double c = param_of(s, PL_P_cobb_douglas_effort_elasticity);
	const double k = param_of(s, PL_P_cobb_douglas_effort_exponent);
	const double without = cobb_douglas_output(s, x);
	if (c == 0) return s->price[0] * without - spending(s, 1, x);
	const double effort = pow(x[0] / without, 1 / c);
	return s->price[0] * x[0] - spending(s, 1, x) -
	       param_of(s, PL_P_cobb_douglas_effort_weight) * pow(effort, k);
}

static double ces_output(const shop *s, const double *x)
{
	return param_of(s, PL_P_ces_scale) *
	       pow(bundle(s, 1, x, param_of(s, PL_P_ces_sigma)), param_of(s, PL_P_ces_returns));
}

/// What the wanted quantities are worth: each answers its own price by its elasticity.
static double isoelastic_worth(const shop *s, const double *x)
{
	double sum = 0;
	for (int64_t l = 0; l < s->m->n_links; l++) {
		const double e = s->m->link.elasticity[l], r = s->m->link.amount[l];
		const double p0 = s->m->good.price[l], power = 1 - 1 / e;
		sum += r * p0 * (e == 1 ? log(x[l] / r) : pow(x[l] / r, power) / power);
	}
	return sum;
}

static double surplus(const shop *s, const double *x)
{
	const double income = s->m->council.income[0];
	switch ((pl_schedule)s->m->council.schedule[0]) {
	case PL_S_cobb_douglas:
		return cobb_douglas_surplus(s, x);
	case PL_S_ces:
		return s->price[0] * ces_output(s, x) - spending(s, 1, x);
	case PL_S_budget_cd:
		return income * log(bundle(s, 0, x, 1)) - spending(s, 0, x);
	case PL_S_budget_ces:
		return income * log(bundle(s, 0, x, param_of(s, PL_P_budget_ces_sigma))) -
		       spending(s, 0, x);
	case PL_S_isoelastic:
		return isoelastic_worth(s, x) - spending(s, 0, x);
	default: /* affected */
		return s->price[0] * x[0] -
		       param_of(s, PL_P_affected_damage_weight) *
		               pow(x[0], param_of(s, PL_P_affected_damage_exponent));
	}
}

static void find_best(double x[MOST], const shop *s)
{
	const pl_answer a = pl_answer_find(&s->at, 0);
	memset(x, 0, MOST * sizeof *x);
	for (int64_t l = 0; l < s->m->n_links; l++) x[l] = pl_answer_quantity(&a, &s->at, 0, l);
}

/// Moved by 0.1 % alone, each quantity does worse, so the answer is right to less than that.
/// (The output of a workplace without effort is no choice: it follows from the inputs.)
static void check_neighbours(const shop *s, const double *best)
{
	for (int i = 0; i < 2 * s->m->n_links; i++) {
		const int l = i / 2;
		double x[MOST];
		memcpy(x, best, sizeof x);
		x[l] *= i % 2 == 0 ? 1 - 1e-3 : 1 + 1e-3;
		const bool follows =
		        s->m->link.role[l] == PL_MAKES && surplus(s, x) == surplus(s, best);
		CHECK(follows || surplus(s, x) < surplus(s, best));
	}
}

/// Neither one quantity alone, nor all together, nor any mixture moved from the answer does
/// better. @param kinked inputs go together, so one alone may be left over at no loss but its
/// price
static void check_best(const shop *s, pl_random *r, bool kinked)
{
	double best[MOST], x[MOST] = {0};
	find_best(best, s);
	if (!kinked) check_neighbours(s, best);
	const double top = surplus(s, best);
	double scale = fabs(top);
	for (int64_t l = 0; l < s->m->n_links; l++) scale = fmax(scale, s->price[l] * best[l]);
	for (int t = 0; t < TRIES; t++) {
		const double step = exp(between(r, log(1e-3), 0)),
		             all = between(r, -step, step);
		for (int64_t l = 0; l < s->m->n_links; l++)
			x[l] = best[l] * exp(all + (t % 2) * between(r, -step, step));
		CHECK(surplus(s, x) <= top + 1e-12 * scale);
		CHECK(t % 2 == 1 || fabs(all) < 1e-4 || surplus(s, x) < top);
	}
}

static void a_cobb_douglas_workplace_cannot_do_better(void)
{
	pl_random r = pl_random_new(1, 0);
	for (int i = 0; i < CASES; i++) {
		const double amount[MOST] = {1, between(&r, 0.05, 0.3), between(&r, 0.05, 0.3),
		                             between(&r, 0.05, 0.2)};
		const double c = i % 3 == 0 ? 0 : between(&r, 0.05, 0.3);
		shop s;
		open_shop(&s, &r,
		          (pl_council_row){.kind = PL_WORKERS,
		                           .income = NAN,
		                           .schedule = PL_S_cobb_douglas,
		                           .param = {between(&r, 0.5, 3), c,
		                                     between(&r, 1.6, 3), between(&r, 0.5, 2)}},
		          MOST, amount);
		check_best(&s, &r, false);
		double x[MOST];
		find_best(x, &s);
		if (c == 0) CHECK_NEAR(x[0], cobb_douglas_output(&s, x), 1e-12 * x[0]);
		pl_model_free(s.m);
	}
}

static const double sigmas[] = {0, 0.2, 0.5, 1, 2, 5};
enum { SIGMAS = sizeof sigmas / sizeof *sigmas };

static void a_ces_workplace_cannot_do_better(void)
{
	pl_random r = pl_random_new(2, 0);
	for (int i = 0; i < CASES; i++) {
		const double sigma = sigmas[i % SIGMAS];
		const double amount[MOST] = {1, between(&r, 0.2, 3), between(&r, 0.2, 3),
		                             between(&r, 0.2, 3)};
		shop s;
		open_shop(&s, &r,
		          (pl_council_row){.kind = PL_WORKERS,
		                           .income = NAN,
		                           .schedule = PL_S_ces,
		                           .param = {between(&r, 0.5, 3), between(&r, 0.3, 0.9),
		                                     sigma, NAN}},
		          MOST, amount);
		check_best(&s, &r, sigma == 0);
		double x[MOST];
		find_best(x, &s);
		CHECK_NEAR(x[0], ces_output(&s, x), 1e-11 * x[0]);
		pl_model_free(s.m);
	}
}

static void a_budget_is_spent_in_the_best_way(void)
{
	pl_random r = pl_random_new(3, 0);
	for (int i = 0; i < CASES; i++) {
		const bool plain = i % 4 == 0;
		const double sigma = i % 5 == 0 ? 1 : sigmas[i % 4];
		const double amount[MOST] = {between(&r, 0.2, 3), between(&r, 0.2, 3),
		                             between(&r, 0.2, 3), between(&r, 0.2, 3)};
		shop s;
		open_shop(&s, &r,
		          (pl_council_row){.kind = PL_CONSUMERS,
		                           .income = between(&r, 1, 100),
		                           .schedule = plain ? PL_S_budget_cd : PL_S_budget_ces,
		                           .param = {plain ? NAN : sigma, NAN, NAN, NAN}},
		          MOST, amount);
		check_best(&s, &r, !plain && sigma == 0);
		double x[MOST];
		find_best(x, &s);
		CHECK_NEAR(spending(&s, 0, x), s.m->council.income[0],
		           1e-13 * s.m->council.income[0]);
		pl_model_free(s.m);
	}
}

static void an_isoelastic_want_is_worth_its_price(void)
{
	pl_random r = pl_random_new(4, 0);
	for (int i = 0; i < CASES; i++) {
		const double amount[MOST] = {between(&r, 0.2, 3), between(&r, 0.2, 3),
		                             between(&r, 0.2, 3), between(&r, 0.2, 3)};
		shop s;
		open_shop(&s, &r,
		          (pl_council_row){.kind = PL_CONSUMERS,
		                           .income = NAN,
		                           .schedule = PL_S_isoelastic,
		                           .param = {NAN, NAN, NAN, NAN}},
		          MOST, amount);
		check_best(&s, &r, false);
		pl_model_free(s.m);
	}
}

static void an_affected_community_offers_what_compensation_covers(void)
{
	pl_random r = pl_random_new(5, 0);
	for (int i = 0; i < CASES; i++) {
		const double amount[MOST] = {1};
		shop s;
		open_shop(&s, &r,
		          (pl_council_row){.kind = PL_COMMUNITY,
		                           .income = NAN,
		                           .schedule = PL_S_affected,
		                           .param = {between(&r, 0.2, 3), between(&r, 1.2, 4),
		                                     NAN, NAN}},
		          1, amount);
		check_best(&s, &r, false);
		pl_model_free(s.m);
	}
}

/// E(z) as model.md states it.
static double recipe_surplus(const shop *s, double z)
{
	const double cap = param_of(s, PL_P_recipe_capacity),
	             eta = param_of(s, PL_P_recipe_response);
	double margin = 0;
	for (int64_t l = 0; l < s->m->n_links; l++)
		margin += (s->m->link.role[l] == PL_MAKES ? 1 : -1) * s->m->link.amount[l] *
		          s->price[l];
	return z * (margin - param_of(s, PL_P_recipe_effort)) -
	       param_of(s, PL_P_recipe_slope) * cap / (1 + 1 / eta) * pow(z / cap, 1 + 1 / eta);
}

static void a_recipe_with_rising_effort_cannot_do_better(void)
{
	pl_random r = pl_random_new(6, 0);
	int inside = 0;
	for (int i = 0; i < 3 * CASES; i++) {
		const double amount[MOST] = {between(&r, 1, 5), between(&r, 0, 0.5),
		                             between(&r, 0, 0.5), between(&r, 0, 0.5)};
		shop s;
		open_shop(&s, &r,
		          (pl_council_row){.kind = PL_WORKERS,
		                           .income = NAN,
		                           .schedule = PL_S_recipe,
		                           .param = {between(&r, 1, 9), between(&r, 0, 1),
		                                     between(&r, 1, 9), between(&r, 0.3, 3)}},
		          MOST, amount);
		const pl_recipe recipe = pl_recipe_find(&s.at, 0);
		const double best = pl_recipe_activity(&recipe, recipe.made - recipe.given);
		const double top = recipe_surplus(&s, best);
		CHECK_NEAR((recipe.made - recipe.given + recipe.effort) * best -
		                   pl_recipe_cost(&recipe, best),
		           top, 1e-12 * (1 + fabs(top)));
		for (int k = 0; k <= 1000; k++) /* the whole range, in steps of 0.1 % */
			CHECK(recipe_surplus(&s, recipe.capacity * k / 1000) <=
			      top + 1e-12 * (1 + fabs(top)));
		const bool free = best > 0 && best < 0.999 * recipe.capacity;
		if (free) CHECK(recipe_surplus(&s, best * 1.001) < top);
		if (best > 0) CHECK(recipe_surplus(&s, best * 0.999) < top);
		inside += free;
		pl_model_free(s.m);
	}
	CHECK(inside > CASES / 2);
}

static void answer_at_sigma(double q[MOST], double sigma)
{
	pl_random r = pl_random_new(7, 0);
	const double amount[MOST] = {1, 2, 0.5, 0.25};
	const pl_council_row row = {.kind = PL_WORKERS,
	                            .income = NAN,
	                            .schedule = PL_S_ces,
	                            .param = {1.5, 0.7, sigma, NAN}};
	shop s;
	open_shop(&s, &r, row, MOST, amount);
	find_best(q, &s);
	pl_model_free(s.m);
}

/// Answers run smoothly up to sigma = 1, and down to sigma = 0: two equal steps of sigma give
/// two equal steps of quantities, so no digits are lost beside the limit.
static void the_limits_are_limits(void)
{
	for (int limit = 0; limit < 2; limit++) {
		double at[MOST], beside[MOST], beyond[MOST];
		answer_at_sigma(at, limit);
		answer_at_sigma(beside, limit + 1e-9);
		answer_at_sigma(beyond, limit + 2e-9);
		for (int l = 0; l < MOST; l++) {
			CHECK_NEAR(beside[l], at[l], 2e-8 * at[l]);
			CHECK_NEAR(beyond[l] - beside[l], beside[l] - at[l], 1e-13 * at[l]);
		}
	}
}

/// Prices and scales so far apart that powers of prices overflow.
static void nothing_overflows(void)
{
	pl_random r = pl_random_new(8, 0);
	const double amount[MOST] = {1, 1, 1, 1};
	for (int i = 0; i < SIGMAS; i++) {
		shop s;
		open_shop(&s, &r,
		          (pl_council_row){.kind = PL_CONSUMERS,
		                           .income = 1,
		                           .schedule = PL_S_budget_ces,
		                           .param = {sigmas[i], NAN, NAN, NAN}},
		          MOST, amount);
		for (int g = 0; g < MOST; g++) {
			s.price[g] = ldexp(1, 500 - g);
			s.log_price[g] = log(s.price[g]);
		}
		const pl_answer a = pl_answer_find(&s.at, 0);
		double spent = 0;
		for (int l = 0; l < MOST; l++)
			spent += s.price[l] * pl_answer_quantity(&a, &s.at, 0, l);
		CHECK_NEAR(spent, 1, 1e-11);
		pl_model_free(s.m);
	}
}

int main(void)
{
	RUN(a_cobb_douglas_workplace_cannot_do_better);
	RUN(a_ces_workplace_cannot_do_better);
	RUN(a_budget_is_spent_in_the_best_way);
	RUN(an_isoelastic_want_is_worth_its_price);
	RUN(an_affected_community_offers_what_compensation_covers);
	RUN(a_recipe_with_rising_effort_cannot_do_better);
	RUN(the_limits_are_limits);
	RUN(nothing_overflows);
	return pl_test_failed;
}
