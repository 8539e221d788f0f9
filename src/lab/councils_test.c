/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/councils.h"

#include "base/alloc.h"
#include "base/random.h"
#include "base/threads.h"
#include "lab/generate.h"
#include "tests/pl_test.h"

#include <plenum/plan.h>

static pl_model *made(pl_generate_kind kind, int32_t workplaces)
{
	const pl_generate_spec spec = {.kind = kind,
	                               .workplaces = workplaces,
	                               .goods = 30,
	                               .consumers = workplaces / 3,
	                               .inputs = 5,
	                               .seed = 7};
	pl_model *m;
	CHECK(pl_generate(&m, NULL, &spec, NULL) == PL_OK);
	return m;
}

static pl_behaviour behaviour(const char *text)
{
	pl_behaviour b = {{0}};
	pl_error err;
	CHECK(pl_behaviour_read(&b, text, &err) == PL_OK);
	return b;
}

static pl_councils *councils(const pl_model *m, const char *text, uint64_t seed)
{
	const pl_behaviour b = behaviour(text);
	pl_councils *c;
	CHECK(pl_councils_new(&c, m, &b, seed, NULL) == PL_OK);
	return c;
}

static double *numbers(int64_t n)
{
	double *x = pl_alloc(n, sizeof *x);
	CHECK(x != NULL);
	return x;
}

static double *constant(int64_t n, double value)
{
	double *x = numbers(n);
	for (int64_t k = 0; k < n; k++) x[k] = value;
	return x;
}

/* Prices that are nowhere near each other. */
static double *wild(int32_t n, uint64_t seed)
{
	pl_random r = pl_random_new(seed, 0);
	double *x = numbers(n);
	for (int32_t j = 0; j < n; j++) x[j] = exp(2 * pl_random_normal(&r));
	return x;
}

static double *answer(pl_councils *c, const pl_model *m, const double *price)
{
	double *q = numbers(m->n_links);
	for (int64_t k = 0; k < m->n_links; k++) q[k] = (double)NAN; /* nothing expected */
	CHECK(pl_councils_answer(c, q, price, NULL) == PL_OK);
	return q;
}

/* ---- the schedules ------------------------------------------------------------------ */

/* Without a slope, any activity is best at a margin of 0, and a plan may choose one. */
static bool has_one_answer(const pl_model *m, int32_t i)
{
	return m->council.schedule[i] != PL_S_recipe ||
	       m->council.param[PL_P_recipe_slope][i] > 0;
}

static void answers_are_those_of_the_plan_at_its_prices(void)
{
	const pl_generate_kind kinds[] = {PL_GENERATE_MIXED, PL_GENERATE_CES,
	                                  PL_GENERATE_CAPACITIES, PL_GENERATE_EFFORT};
	bool seen[PL_SCHEDULES] = {false};
	for (int t = 0; t < 4; t++) {
		pl_model *m = made(kinds[t], 60);
		pl_settings settings = pl_settings_preset();
		pl_plan *p;
		CHECK(pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, NULL) == PL_OK);
		CHECK(p->outcome == PL_CLEARED);
		pl_councils *c = councils(m, "declared", 1);
		/* A good at its floor: recipes alone use it, and next to nothing is nothing. */
		for (int32_t j = 0; j < m->n_goods; j++)
			if (p->price[j] == 0) p->price[j] = 1e-30;
		double *q = answer(c, m, p->price);
		for (int32_t i = 0; i < m->n_councils; i++) {
			if (!has_one_answer(m, i)) continue;
			seen[m->council.schedule[i]] = true;
			for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
				CHECK_NEAR(q[k], p->quantity[k], 1e-9 * (1e-3 + q[k]));
		}
		pl_free(q);
		pl_councils_free(c);
		pl_plan_free(p);
		pl_model_free(m);
	}
	for (int s = 0; s < PL_SCHEDULES; s++) CHECK(seen[s]);
}

/* Constant returns: no answer follows from prices alone, so the steps are checked. */
static void a_workplace_without_bounds_moves_by_its_margin(void)
{
	const double none = (double)NAN, price[2] = {2, 1};
	const pl_good_row good[2] = {
	        {"bread", NULL, NULL, NULL, PL_PRODUCT, none, none, none, none},
	        {"hour", NULL, NULL, NULL, PL_LABOUR, none, 100, none, none}};
	const pl_council_row row[2] = {{"bakery",
	                                NULL,
	                                PL_WORKERS,
	                                -1,
	                                none,
	                                none,
	                                PL_S_recipe,
	                                {none, none, none, none}},
	                               {"homes",
	                                NULL,
	                                PL_CONSUMERS,
	                                -1,
	                                none,
	                                none,
	                                PL_S_request,
	                                {none, none, none, none}}};
	pl_builder *b;
	pl_model *m;
	int32_t at;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	for (int k = 0; k < 2; k++) CHECK(pl_builder_good(&at, b, &good[k], NULL) == PL_OK);
	for (int k = 0; k < 2; k++) CHECK(pl_builder_council(&at, b, &row[k], NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_MAKES, 1, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_USES, 0.5, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 1, PL_USES, 0.75, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 1, 0, PL_WANTS, 10, none, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	pl_councils *c = councils(m, "declared", 1);
	/* Ten loaves and half of all baked: twenty. The margin is an eighth of the value. */
	double *q = answer(c, m, price);
	CHECK_NEAR(q[0], 20 * 1.125, 1e-6);
	CHECK_NEAR(q[1], 10 * 1.125, 1e-6);
	CHECK_NEAR(q[2], 15 * 1.125, 1e-6);
	CHECK(q[3] == 10);
	pl_free(q);
	/* However large a loss or a gain, a quarter is the most. */
	q = answer(c, m, (const double[]){1, 8});
	CHECK_NEAR(q[0], 20 * 1.125 * 0.75, 1e-6);
	pl_free(q);
	q = answer(c, m, (const double[]){8, 1});
	CHECK_NEAR(q[0], 20 * 1.125 * 0.75 * 1.25, 1e-6);
	pl_free(q);
	pl_councils_free(c);
	pl_model_free(m);
}

/* A recipe without slope does what is expected of it while it breaks even; a surplus or a
 * loss moves it from there, at a quarter of what it makes to all or to nothing. */
static void a_recipe_without_slope_confirms_or_moves(void)
{
	static const struct {
		double price, expected, makes;
	} cases[] = {{1, 30, 30},  {1.008, 30, 30},   {1, 250, 200},    {2, 30, 200},
	             {0.5, 30, 0}, {1 / 0.9, 30, 98}, {1 / 1.1, 30, 18}};
	const double none = (double)NAN;
	const pl_good_row good[2] = {
	        {"bread", NULL, NULL, NULL, PL_PRODUCT, 1, none, none, none},
	        {"work", NULL, NULL, NULL, PL_LABOUR, 1, 1000, none, none}};
	const pl_council_row row = {.id = "bakery",
	                            .kind = PL_WORKERS,
	                            .community = -1,
	                            .members = none,
	                            .income = none,
	                            .schedule = PL_S_recipe,
	                            .param = {100, none, none, none}};
	pl_builder *b = NULL;
	pl_model *m = NULL;
	int32_t at;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	for (int k = 0; k < 2; k++) CHECK(pl_builder_good(&at, b, &good[k], NULL) == PL_OK);
	CHECK(pl_builder_council(&at, b, &row, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_MAKES, 2, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 1, PL_USES, 2, none, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		pl_councils *c = councils(m, "declared", 1);
		const double price[2] = {cases[k].price, 1};
		double q[2] = {cases[k].expected, cases[k].expected};
		CHECK(pl_councils_answer(c, q, price, NULL) == PL_OK);
		CHECK_NEAR(q[0], cases[k].makes, 1e-9 * 200);
		CHECK_NEAR(q[1], q[0], 1e-12 * 200);
		pl_councils_free(c);
	}
	pl_model_free(m);
}

static void any_price_above_0_gets_a_finite_answer(void)
{
	const double extreme[] = {5e-324, 1e-200, 1e-9, 1e9, 1e200, 1.7e308};
	const pl_generate_kind kinds[] = {PL_GENERATE_MIXED, PL_GENERATE_RECIPE,
	                                  PL_GENERATE_CES};
	const char *const how[] = {"declared", "nested:far+returns:1+lots+habit"};
	for (int t = 0; t < 6; t++) {
		pl_model *m = made(kinds[t / 2], 60);
		pl_councils *c = councils(m, how[t % 2], 1);
		double *price = wild(m->n_goods, 5);
		for (int round = 0; round < 12; round++) {
			price[(round * 7) % m->n_goods] = extreme[round % 6];
			double *q = answer(c, m, price);
			for (int64_t k = 0; k < m->n_links; k++)
				CHECK(q[k] >= 0 && isfinite(q[k]));
			pl_free(q);
		}
		pl_free(price);
		pl_councils_free(c);
		pl_model_free(m);
	}
}

static void prices_that_are_not_above_0_are_refused(void)
{
	pl_model *m = made(PL_GENERATE_CES, 60);
	pl_councils *c = councils(m, "declared", 1);
	double *price = constant(m->n_goods, 1), *q = numbers(m->n_links);
	const double bad[] = {0, -1, (double)NAN, (double)INFINITY};
	for (int t = 0; t < 4; t++) {
		pl_error err;
		price[2] = bad[t];
		CHECK(pl_councils_answer(c, q, price, &err) == PL_EARG);
		CHECK(strstr(err.msg, "good-3") != NULL);
	}
	pl_free(price);
	pl_free(q);
	pl_councils_free(c);
	pl_model_free(m);
}

/* ---- the same everywhere ------------------------------------------------------------ */

static const char *const all_behaviours = "nested+returns+noise+lots+habit+late";

static bool same_bits(const double *a, const double *b, int64_t n)
{
	return memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void every_number_of_threads_gives_the_same_proposals(void)
{
	pl_model *m = made(PL_GENERATE_CES, 900);
	double *first[3] = {NULL};
	const int threads[] = {1, 2, 5, 8};
	const int before = pl_threads_used();
	CHECK(m->n_links >= PL_PAR_MIN);
	for (int t = 0; t < 4; t++) {
		pl_threads_set(threads[t]);
		pl_councils *c = councils(m, all_behaviours, 9);
		for (int round = 0; round < 3; round++) {
			double *price = wild(m->n_goods, (uint64_t)round);
			double *q = answer(c, m, price);
			if (t == 0)
				first[round] = q;
			else
				CHECK(same_bits(q, first[round], m->n_links));
			if (t > 0) pl_free(q);
			pl_free(price);
		}
		pl_councils_free(c);
	}
	pl_threads_set(before);
	for (int round = 0; round < 3; round++) pl_free(first[round]);
	pl_model_free(m);
}

static void noise_is_replayed_by_its_seed_and_new_in_each_round(void)
{
	pl_model *m = made(PL_GENERATE_EFFORT, 60);
	double *price = constant(m->n_goods, 1);
	pl_councils *one = councils(m, "noise:0.1", 3), *same = councils(m, "noise:0.1", 3),
	            *other = councils(m, "noise:0.1", 4);
	double *a = answer(one, m, price), *b = answer(same, m, price),
	       *o = answer(other, m, price), *again = answer(one, m, price);
	CHECK(same_bits(a, b, m->n_links));
	CHECK(!same_bits(a, o, m->n_links));
	CHECK(!same_bits(a, again, m->n_links));
	pl_free(a);
	pl_free(b);
	pl_free(o);
	pl_free(again);
	pl_free(price);
	pl_councils_free(one);
	pl_councils_free(same);
	pl_councils_free(other);
	pl_model_free(m);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const pl_behaviour b = behaviour(all_behaviours);
	pl_model *m = made(PL_GENERATE_RECIPE, 60);
	const int64_t before = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int64_t granted = 0; s == PL_ENOMEM; granted++) {
		pl_councils *c;
		pl_alloc_grants = granted;
		s = pl_councils_new(&c, m, &b, 1, NULL);
		pl_alloc_grants = -1;
		CHECK(s == PL_OK || c == NULL);
		pl_councils_free(c);
		CHECK(pl_alloc_alive == before);
	}
	CHECK(s == PL_OK);
	pl_model_free(m);
}
#endif

int main(void)
{
	RUN(answers_are_those_of_the_plan_at_its_prices);
	RUN(a_workplace_without_bounds_moves_by_its_margin);
	RUN(a_recipe_without_slope_confirms_or_moves);
	RUN(any_price_above_0_gets_a_finite_answer);
	RUN(prices_that_are_not_above_0_are_refused);
	RUN(every_number_of_threads_gives_the_same_proposals);
	RUN(noise_is_replayed_by_its_seed_and_new_in_each_round);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
