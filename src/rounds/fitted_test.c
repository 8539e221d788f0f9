/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the fitted rule takes councils for, against councils whose answers are known. */
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/random.h"
#include "base/threads.h"
#include "rounds/fit.h"
#include "tests/pl_test.h"

#include "rounds/test_frame.h"

enum { GOODS = 6, INPUTS = 4, ROUNDS = 3, LINKS = 1 + INPUTS };

/* One workplace that makes good 0 of goods 1 to 4, and a household that wants 0 to 3. */
typedef struct {
	uint8_t good_kind[GOODS], council_kind[2], role[2 * LINKS];
	double held[GOODS];
	int64_t start[3];
	int32_t good[2 * LINKS];
	pl_frame frame;
} pair_of_councils;

static void begin(pair_of_councils *w)
{
	*w = (pair_of_councils){.start = {0, LINKS, LINKS + INPUTS},
	                        .council_kind = {PL_WORKERS, PL_CONSUMERS}};
	w->role[0] = PL_MAKES;
	for (int k = 0; k < INPUTS; k++) {
		w->good[1 + k] = 1 + k;
		w->role[1 + k] = PL_USES;
		w->good[LINKS + k] = k;
		w->role[LINKS + k] = PL_WANTS;
		w->held[1 + k] = 5;
	}
	w->frame = (pl_frame){GOODS,           2,        LINKS + INPUTS, w->good_kind, w->held,
	                      w->council_kind, w->start, w->good,        w->role};
}

/* Credits spent on each of n goods that replace one another; @return the price index. */
static double spend(double *q, double credits, double sigma, const double *price,
                    const double *b, int n)
{
	double sum = 0;
	for (int k = 0; k < n; k++) sum += b[k] * pow(price[k], 1 - sigma);
	for (int k = 0; k < n; k++) q[k] = credits * b[k] * pow(price[k], -sigma) / sum;
	return pow(sum, 1 / (1 - sigma));
}

/* The workplace: log revenue = a + power (log p - part log P), part of it spent. */
static void answer(double *q, const double *price, double sigma, double power, double part)
{
	static const double b[] = {0.4, 0.3, 0.2, 0.1}, shares[] = {0.1, 0.2, 0.3, 0.4};
	const double index = spend(q + 1, 1, sigma, price + 1, b, INPUTS);
	const double revenue = 3 * pow(price[0] * pow(index, -part), power);
	(void)spend(q + 1, part * revenue, sigma, price + 1, b, INPUTS);
	q[0] = revenue / price[0];
	(void)spend(q + LINKS, 7, 2 - sigma / 2, price, shares, INPUTS);
}

static void learn_from(pl_fitted *f, const double *price, const double *quantity)
{
	double zero[GOODS] = {0};
	const pl_round round = {.price = price,
	                        .quantity = quantity,
	                        .supply = zero,
	                        .demand = zero,
	                        .imbalance = zero};
	pl_learn_round(f, &round);
}

static pl_fitted *fitted(const pair_of_councils *w)
{
	const pl_rule_settings s = pl_rule_preset();
	pl_fitted *f = NULL;
	CHECK(pl_fitted_new(&f, &w->frame, &s, NULL) == PL_OK);
	return f;
}

static void wild_prices(double *price, uint64_t seed, int round)
{
	pl_random r = pl_random_new(seed, (uint64_t)round);
	for (int j = 0; j < GOODS; j++) price[j] = exp(1 - 2 * pl_random_unit(&r));
}

static void elasticities_of_exact_answers_are_learned(void)
{
	static const double sigmas[] = {0.2, 0.5, 1.5, 3};
	for (int s = 0; s < 4; s++) {
		pair_of_councils w;
		double price[GOODS], q[LINKS + INPUTS];
		begin(&w);
		pl_fitted *f = fitted(&w);
		for (int round = 0; round < ROUNDS; round++) {
			wild_prices(price, 3, round);
			answer(q, price, sigmas[s], 4, 0.75); /* 1/(1 - 0.75) */
			learn_from(f, price, q);
		}
		CHECK(f->form[0] == PL_FORM_MAKER && f->form[1] == PL_FORM_SPENDER);
		CHECK_NEAR(f->sigma[0], sigmas[s], 1e-3);
		CHECK_NEAR(f->sigma[1], 2 - sigmas[s] / 2, 1e-3);
		CHECK_NEAR(f->rise[1], 0, 1e-9);
		CHECK_NEAR(f->returns[0], 0.75, 1e-3);
		CHECK_NEAR(f->inputs[0], 0.75, 1e-3);
		pl_fitted_free(f);
	}
}

/* Part of the effort does not show among inputs: output answers more than costs tell. */
static void unseen_effort_is_learned(void)
{
	pair_of_councils w;
	double price[GOODS], q[LINKS + INPUTS];
	begin(&w);
	pl_fitted *f = fitted(&w);
	for (int round = 0; round < ROUNDS; round++) {
		wild_prices(price, 5, round);
		answer(q, price, 0.5, 6, 0.75);
		learn_from(f, price, q);
	}
	CHECK_NEAR(1 / (1 - f->returns[0]), 6, 0.05);
	CHECK_NEAR(f->inputs[0], 0.75, 1e-9);
	pl_fitted_free(f);
}

/* What the fitted schedules expect at other prices is what exact councils then propose. */
static void expectations_come_true(void)
{
	pair_of_councils w;
	double price[GOODS], q[LINKS + INPUTS], expected[LINKS + INPUTS];
	begin(&w);
	pl_fitted *f = fitted(&w);
	for (int round = 0; round < 5; round++) {
		wild_prices(price, 7, round);
		answer(q, price, 0.5, 4, 0.75);
		learn_from(f, price, q);
	}
	wild_prices(price, 8, 0);
	answer(q, price, 0.5, 4, 0.75);
	pl_fitted_expected(expected, f, price);
	for (int k = 0; k < LINKS + INPUTS; k++) CHECK_NEAR(expected[k], q[k], 1e-3 * q[k]);
	pl_fitted_free(f);
}

static void fixed_proportions_are_a_recipe(void)
{
	static const double unit[] = {0.2, 0.1, 0.3, 0.05};
	pair_of_councils w;
	double price[GOODS], q[LINKS + INPUTS];
	begin(&w);
	pl_fitted *f = fitted(&w);
	for (int round = 0; round < ROUNDS; round++) {
		wild_prices(price, 11, round);
		answer(q, price, 0.5, 4, 0.75);
		double margin = price[0];
		for (int k = 0; k < INPUTS; k++) margin -= unit[k] * price[1 + k];
		q[0] = fmin(9, 4 * fmax(margin, 0.05));
		for (int k = 0; k < INPUTS; k++) q[1 + k] = unit[k] * q[0];
		learn_from(f, price, q);
	}
	CHECK(f->form[0] == PL_FORM_RECIPE);
	CHECK(f->n_knots[0] > 2);
	for (int k = 1; k < f->n_knots[0]; k++)
		CHECK(f->knot[k] > f->knot[k - 1] && f->made[k] >= f->made[k - 1]);
	pl_fitted_free(f);
}

/* Capacities are others next year; how inputs replace one another is not. */
static void a_new_year_forgets_what_could_be_made_and_keeps_what_was_learned(void)
{
	pair_of_councils w;
	double price[GOODS], q[LINKS + INPUTS];
	begin(&w);
	pl_fitted *f = fitted(&w);
	for (int round = 0; round < ROUNDS; round++) {
		wild_prices(price, 3, round);
		answer(q, price, 0.5, 4, 0.75);
		learn_from(f, price, q);
	}
	f->easy_most[0] = q[0];
	f->confirms[0] = 1;
	pl_fitted_new_year(f, &w.frame);
	CHECK(isinf(f->easy_most[0]) && f->confirms[0] == 0 && f->n_past == 0);
	CHECK_NEAR(f->sigma[0], 0.5, 1e-3);
	pl_fitted_free(f);
}

/* Where all councils answer alike but with scatter, each one's estimate is drawn to the mean;
 * where scatter is small, it stays its own. */
static void scattered_evidence_is_pooled(void)
{
	enum { N = 40 };
	uint8_t among[N];
	double out[N], scratch[N];
	for (int noisy = 0; noisy < 2; noisy++) {
		pl_evidence e;
		pl_random r = pl_random_new(17, 0);
		double own_spread = 0, spread = 0;
		CHECK(pl_evidence_new(&e, N));
		for (int32_t i = 0; i < N; i++) {
			const double slope = 2 + 0.2 * (pl_random_unit(&r) - 0.5);
			double xx = 0, xy = 0, yy = 0;
			for (int k = 0; k < 10; k++) {
				const double x = pl_random_unit(&r) - 0.5;
				const double y =
				        slope * x + noisy * 4 * (pl_random_unit(&r) - 0.5);
				xx += x * x;
				xy += x * y;
				yy += y * y;
			}
			among[i] = 1;
			pl_evidence_add(&e, i, xx, xy, yy, 9);
			own_spread += fabs(xy / xx - 2);
		}
		pl_evidence_weigh(out, &e, among, N, (pl_belief){1, 0, 8}, scratch);
		for (int32_t i = 0; i < N; i++) spread += fabs(out[i] - 2);
		CHECK(noisy ? spread < 0.7 * own_spread : fabs(spread - own_spread) < 0.1);
		pl_evidence_free(&e);
	}
}

/* Another unit for a good: its price scales, all else stays. */
static void unit_of_a_good_does_not_matter(void)
{
	double price[GOODS], q[LINKS + INPUTS], next[2][GOODS];
	for (int big = 0; big < 2; big++) {
		pair_of_councils w;
		uint8_t floor[GOODS] = {0};
		bool found = false;
		begin(&w);
		wild_prices(price, 13, 0);
		answer(q, price, 0.5, 4, 0.75);
		if (big) {
			price[1] /= 64;
			w.held[1] *= 64;
			q[1] *= 64;
			q[LINKS + 1] *= 64;
		}
		double supply[GOODS] = {q[0], w.held[1], w.held[2], w.held[3], w.held[4]};
		double demand[GOODS] = {q[LINKS]};
		for (int k = 0; k < INPUTS; k++) demand[1 + k] += q[1 + k];
		for (int k = 1; k < INPUTS; k++) demand[k] += q[LINKS + k];
		pl_fitted *f = fitted(&w);
		const pl_round round = {.price = price,
		                        .quantity = q,
		                        .supply = supply,
		                        .demand = demand,
		                        .imbalance = demand};
		CHECK(pl_fitted_step(&found, next[big], floor, f, &round, NULL) == PL_OK);
		CHECK(found);
		pl_fitted_free(f);
	}
	for (int j = 0; j < GOODS - 1; j++)
		CHECK_NEAR(next[1][j] * (j == 1 ? 64 : 1), next[0][j], 1e-6 * next[0][j]);
}

int main(void)
{
	RUN(elasticities_of_exact_answers_are_learned);
	RUN(unseen_effort_is_learned);
	RUN(expectations_come_true);
	RUN(fixed_proportions_are_a_recipe);
	RUN(a_new_year_forgets_what_could_be_made_and_keeps_what_was_learned);
	RUN(scattered_evidence_is_pooled);
	RUN(unit_of_a_good_does_not_matter);
	return pl_test_failed;
}
