/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/simple.h"

#include "base/threads.h"
#include "tests/pl_test.h"
/* after the harness */
#include "rounds/test_frame.h"

enum { GOODS = 6 };

static const pl_rule_kind all[] = {PL_RULE_lagged,  PL_RULE_book,         PL_RULE_paper,
                                   PL_RULE_power,   PL_RULE_proportional, PL_RULE_elasticity,
                                   PL_RULE_anderson};
enum { ALL = sizeof all / sizeof all[0], ELEMENTWISE = ALL - 1 };

static pl_simple *a_rule(pl_rule_kind kind, int32_t n_goods)
{
	pl_simple *s = NULL;
	CHECK(pl_simple_new(&s, n_goods, kind, NULL) == PL_OK);
	if (s == NULL) abort();
	return s;
}

static void show(double *next, pl_simple *s, const uint8_t *kind, int32_t n,
                 const double *price, const double *supply, const double *demand)
{
	const pl_frame frame = {.n_goods = n, .good_kind = kind};
	const pl_round round = {.price = price, .supply = supply, .demand = demand};
	pl_simple_see(s, &frame, &round);
	pl_simple_step(next, s, &round, 8);
}

static const uint8_t products[GOODS] = {PL_PRODUCT, PL_PRODUCT, PL_PRODUCT,
                                        PL_PRODUCT, PL_PRODUCT, PL_FREE};

/* S, D: v = 2/3 up, 2/3 down, 2/11 up, in balance, nobody deals in it, free. */
static const double price[GOODS] = {2, 3, 5, 7, 11, 13}, supply[GOODS] = {1, 2, 10, 4, 0, 1},
                    demand[GOODS] = {2, 1, 12, 4, 0, 9};

static void lagged_is_the_programs_formula_round_after_round(void)
{
	pl_simple *s = a_rule(PL_RULE_lagged, GOODS);
	/* then: v = 0.4 down, 2 up, 2/11 up as before, 0.1/10.05 up, supplied only, free */
	const double supply2[GOODS] = {3, 0, 10, 10, 1, 1},
	             demand2[GOODS] = {2, 1, 12, 10.1, 0, 9};
	const double v[] = {2. / 3, 2. / 3, 2. / 11}, v3 = 0.1 / 10.05;
	double p[GOODS], q[GOODS];
	show(p, s, products, GOODS, price, supply, demand);
	CHECK_NEAR(p[0], 2 * (1 + 0.25 * (1.05 - pow(0.5, v[0]))), 1e-15);
	CHECK_NEAR(p[1], 3 * (1 - 0.25 * (1.05 - pow(0.5, v[1]))), 1e-15);
	CHECK_NEAR(p[2], 5 * (1 + 0.25 * (1.05 - pow(0.5, v[2]))), 1e-15);
	CHECK(p[3] == 7 && p[4] == 11 && p[5] == 13);

	show(q, s, products, GOODS, p, supply2, demand2);
	CHECK_NEAR(q[0], p[0] * (1 - 0.25 * (1.05 - pow(0.5, 0.4))), 1e-15);
	CHECK_NEAR(q[1], p[1] * (1 + 0.25 * (1.05 - 0.25)), 1e-15);
	CHECK_NEAR(q[2], p[2] * (1 + v[2] * (1.05 - pow(0.5, v[2]))), 1e-15);
	CHECK_NEAR(q[3], 7 * 1.001, 1e-15); /* it was in balance before: the least step */
	CHECK_NEAR(q[4], 11 * (1 - 0.25 * (1.05 - 0.25)), 1e-14);
	CHECK(v3 * (1.05 - pow(0.5, v3)) < 0.001);

	pl_simple_new_year(s); /* keeps the last imbalance */
	show(p, s, products, GOODS, q, supply, demand);
	CHECK_NEAR(p[3], q[3], 0);
	CHECK_NEAR(p[2], q[2] * (1 + v[2] * (1.05 - pow(0.5, v[2]))), 1e-14);
	pl_simple_free(s);
}

static void the_printed_formulas_are_computed_by_hand(void)
{
	const double v[] = {2. / 3, 2. / 3, 2. / 11}, sign[] = {1, -1, 1},
	             excess[] = {1, -0.5, 0.2};
	for (int k = 0; k < ELEMENTWISE; k++) {
		pl_simple *s = a_rule(all[k], GOODS);
		double p[GOODS];
		show(p, s, products, GOODS, price, supply, demand);
		for (int j = 0; j < 3; j++) {
			const double u = fmin(v[j], 0.25), ratio = demand[j] / supply[j];
			double f = p[j] / price[j];
			if (all[k] == PL_RULE_book)
				f = 1 + sign[j] * u * (1.05 - pow(0.5, v[j]));
			else if (all[k] == PL_RULE_paper)
				f = 1 + sign[j] * u * (1.05 - pow(0.5, u));
			else if (all[k] == PL_RULE_power)
				f = pow(ratio, 0.15);
			else if (all[k] == PL_RULE_proportional)
				f = 1 + 0.1 * excess[j];
			else if (all[k] == PL_RULE_elasticity) /* 5 before anything is known */
				f = pow(ratio, 0.1);
			CHECK_NEAR(p[j], price[j] * f, 1e-14);
		}
		pl_simple_free(s);
	}
}

static void scarce_goods_get_dearer_and_plentiful_ones_cheaper(void)
{
	const double none[GOODS] = {0}, some[GOODS] = {1, 1e-300, 1e300, 3, 5, 7};
	for (int k = 0; k < ALL; k++) {
		pl_simple *s = a_rule(all[k], GOODS);
		double p[GOODS], q[GOODS];
		show(p, s, products, GOODS, price, none, some);
		for (int j = 0; j < GOODS - 1; j++) CHECK(p[j] > price[j]);
		pl_simple_new_year(s);
		show(q, s, products, GOODS, p, some, none);
		for (int j = 0; j < GOODS - 1; j++) CHECK(q[j] < p[j]);
		CHECK(q[5] == price[5]);
		pl_simple_free(s);
	}
}

static double anything(pl_random *r)
{
	const double x = pl_random_unit(r);
	return x < 0.2 ? 0 : x < 0.4 ? 1e140 * x : x < 0.6 ? 1e-300 * x : x;
}

static void prices_stay_positive_and_move_no_further_than_allowed(void)
{
	pl_random r = pl_random_new(4, 2);
	const pl_frame frame = {.n_goods = GOODS, .good_kind = products};
	for (int k = 0; k < ALL; k++) {
		pl_simple *s = a_rule(all[k], GOODS);
		double p[2][GOODS], s_[GOODS], d[GOODS];
		memcpy(p[0], price, sizeof price);
		for (int t = 0; t < 2000; t++) {
			const double *now = p[t % 2];
			double *next = p[(t + 1) % 2];
			const double most = t % 3 == 0 ? 0.01 : 8;
			const pl_round round = {.price = now, .supply = s_, .demand = d};
			for (int j = 0; j < GOODS; j++) s_[j] = anything(&r);
			for (int j = 0; j < GOODS; j++) d[j] = anything(&r);
			pl_simple_see(s, &frame, &round);
			pl_simple_step(next, s, &round, most);
			for (int j = 0; j < GOODS; j++)
				CHECK(next[j] > 0 && next[j] < INFINITY &&
				      fabs(log(next[j] / now[j])) <= most + 1e-12);
		}
		pl_simple_free(s);
	}
}

static void the_unit_of_a_good_does_not_matter(void)
{
	for (int k = 0; k < ALL; k++) {
		pl_simple *a = a_rule(all[k], GOODS), *b = a_rule(all[k], GOODS);
		double p[GOODS], q[GOODS], s[GOODS], d[GOODS];
		memcpy(p, price, sizeof p);
		memcpy(q, price, sizeof q);
		q[2] *= 3;
		for (int t = 0; t < 8; t++) {
			double next[GOODS], other[GOODS];
			for (int j = 0; j < GOODS; j++) {
				s[j] = supply[j] * (1 + p[j]);
				d[j] = demand[j] * 40 / (1 + p[(j + 1) % 4]);
			}
			show(next, a, products, GOODS, p, s, d);
			s[2] /= 3;
			d[2] /= 3;
			show(other, b, products, GOODS, q, s, d);
			for (int j = 0; j < GOODS; j++)
				CHECK_NEAR(other[j] / next[j], j == 2 ? 3 : 1, 1e-11);
			memcpy(p, next, sizeof p);
			memcpy(q, other, sizeof q);
		}
		pl_simple_free(a);
		pl_simple_free(b);
	}
}

/* log(D/S) = -a x - b, with a matrix that is not symmetric. */
static void linear(double *d, const double *p)
{
	static const double a[3][3] = {{4, -1, 0.5}, {-2, 6, -1}, {0.5, -0.5, 3}},
	                    b[3] = {0.5, -0.7, 0.2};
	for (int j = 0; j < 3; j++) {
		double z = -b[j];
		for (int l = 0; l < 3; l++) z -= a[j][l] * log(p[l]);
		d[j] = exp(z);
	}
}

static void anderson_solves_three_linear_goods_in_five_announcements(void)
{
	pl_simple *s = a_rule(PL_RULE_anderson, 3);
	double p[3] = {1, 1.1, 0.9}, d[3], next[3], worst = 0;
	const double one[3] = {1, 1, 1};
	for (int t = 0; t < 5; t++) {
		linear(d, p);
		worst = 0;
		for (int j = 0; j < 3; j++) worst = fmax(worst, fabs(log(d[j])));
		CHECK(t >= 4 || worst > 1e-3);
		show(next, s, products, 3, p, one, d);
		memcpy(p, next, sizeof p);
	}
	CHECK(worst < 1e-9);
	pl_simple_free(s);
}

static void elasticity_calms_a_good_that_overshoots_under_power(void)
{
	static const double own[3] = {20, 5, 1};
	const double one[3] = {1, 1, 1};
	double worst[2] = {0, 0};
	for (int k = 0; k < 2; k++) {
		pl_simple *s = a_rule(k == 0 ? PL_RULE_power : PL_RULE_elasticity, 3);
		double p[3] = {1.1, 1.1, 1.1}, d[3], next[3];
		for (int t = 0; t < 40; t++) {
			for (int j = 0; j < 3; j++) d[j] = pow(p[j], -own[j]);
			show(next, s, products, 3, p, one, d);
			memcpy(p, next, sizeof p);
		}
		for (int j = 0; j < 3; j++) worst[k] = fmax(worst[k], fabs(own[j] * log(p[j])));
		pl_simple_free(s);
	}
	CHECK(worst[0] > 1 && worst[1] < 1e-3);
}

enum { MANY = 6000, ROUNDS = 4 };

/* Some rounds of a made-up economy; good j stands at place at[j]. */
static void run_many(double *out, pl_rule_kind kind, const int32_t *at)
{
	pl_simple *s = a_rule(kind, MANY);
	uint8_t *kinds = test_room(MANY, 1);
	double *p = test_room(MANY, sizeof *p), *next = test_room(MANY, sizeof *next),
	       *sup = test_room(MANY, sizeof *sup), *dem = test_room(MANY, sizeof *dem);
	pl_random r = pl_random_new(9, 1);
	for (int32_t j = 0; j < MANY; j++) p[at[j]] = 0.1 + pl_random_unit(&r);
	for (int32_t j = 0; j < MANY; j++) kinds[at[j]] = j % 50 == 0 ? PL_FREE : PL_PRODUCT;
	for (int t = 0; t < ROUNDS; t++) {
		for (int32_t j = 0; j < MANY; j++) {
			sup[at[j]] = pl_random_unit(&r) * p[at[j]];
			dem[at[j]] = pl_random_unit(&r) / p[at[j]];
		}
		show(next, s, kinds, MANY, p, sup, dem);
		memcpy(p, next, MANY * sizeof *p);
	}
	for (int32_t j = 0; j < MANY; j++) out[j] = p[at[j]];
	pl_free(dem);
	pl_free(sup);
	pl_free(next);
	pl_free(p);
	pl_free(kinds);
	pl_simple_free(s);
}

static void relabelling_goods_permutes_their_prices_bit_for_bit(void)
{
	pl_random r = pl_random_new(5, 3);
	int32_t *order = test_order(MANY, &r), *same = test_room(MANY, sizeof *same);
	double *a = test_room(MANY, sizeof *a), *b = test_room(MANY, sizeof *b);
	for (int32_t j = 0; j < MANY; j++) same[j] = j;
	for (int k = 0; k < ALL; k++) {
		run_many(a, all[k], same);
		run_many(b, all[k], order);
		if (k < ELEMENTWISE) CHECK(memcmp(a, b, MANY * sizeof *a) == 0);
		for (int32_t j = 0; j < MANY; j++) CHECK_NEAR(b[j] / a[j], 1, 1e-9);
	}
	pl_free(b);
	pl_free(a);
	pl_free(same);
	pl_free(order);
}

static void same_bits_for_any_number_of_threads(void)
{
	static const int threads[] = {2, 5, 8};
	int32_t *same = test_room(MANY, sizeof *same);
	double *a = test_room(MANY, sizeof *a), *b = test_room(MANY, sizeof *b);
	for (int32_t j = 0; j < MANY; j++) same[j] = j;
	for (int k = 0; k < ALL; k++) {
		pl_threads_set(1);
		run_many(a, all[k], same);
		for (int t = 0; t < 3; t++) {
			pl_threads_set(threads[t]);
			run_many(b, all[k], same);
			CHECK(memcmp(a, b, MANY * sizeof *a) == 0);
		}
	}
	pl_threads_set(1);
	pl_free(b);
	pl_free(a);
	pl_free(same);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const int64_t alive = pl_alloc_alive;
	for (int k = 0; k < ALL; k++) {
		pl_simple *s = NULL;
		int failures = 0;
		for (;; failures++) {
			pl_alloc_grants = failures;
			const pl_status st = pl_simple_new(&s, GOODS, all[k], NULL);
			pl_alloc_grants = -1;
			if (st == PL_OK) break;
			CHECK(st == PL_ENOMEM && s == NULL && pl_alloc_alive == alive);
		}
		CHECK(failures > 5);
		pl_simple_free(s);
		CHECK(pl_alloc_alive == alive);
	}
}
#endif

int main(void)
{
	RUN(lagged_is_the_programs_formula_round_after_round);
	RUN(the_printed_formulas_are_computed_by_hand);
	RUN(scarce_goods_get_dearer_and_plentiful_ones_cheaper);
	RUN(prices_stay_positive_and_move_no_further_than_allowed);
	RUN(the_unit_of_a_good_does_not_matter);
	RUN(anderson_solves_three_linear_goods_in_five_announcements);
	RUN(elasticity_calms_a_good_that_overshoots_under_power);
	RUN(relabelling_goods_permutes_their_prices_bit_for_bit);
	RUN(same_bits_for_any_number_of_threads);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
