/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/rule.h"

#include "base/threads.h"
#include "tests/pl_test.h"
/* after the harness */
#include "rounds/test_frame.h"

static const test_size small = {12, 24, 15, 3, 4, 1}, large = {300, 3000, 2000, 5, 8, 2};

static pl_rule *a_rule(const pl_frame *frame, pl_rule_kind kind)
{
	pl_rule_settings s = pl_rule_preset();
	pl_rule *r = NULL;
	s.kind = kind;
	CHECK(pl_rule_new(&r, frame, &s, NULL) == PL_OK);
	if (r == NULL) abort();
	return r;
}

static double *numbers(int64_t n)
{
	return test_room(n, sizeof(double));
}

static void every_rule_is_known_by_its_name(void)
{
	for (int k = 0; k < PL_RULES; k++) CHECK(pl_rule_of(pl_rule_name(k)) == k);
	CHECK(pl_rule_of("fitted") == PL_RULE_fitted && pl_rule_of("direct") == PL_RULE_direct);
	CHECK(pl_rule_of("haggling") == -1 && pl_rule_name(-1) == NULL);
	CHECK(pl_rule_name(PL_RULES) == NULL && pl_rule_preset().kind == PL_RULE_fitted);
}

static void what_cannot_be_a_rule_is_refused(void)
{
	test_world w = test_world_new(small);
	const pl_rule_settings preset = pl_rule_preset();
	pl_rule_settings wrong[6] = {preset, preset, preset, preset, preset, preset};
	pl_error err;
	wrong[0].kind = PL_RULE_direct;
	wrong[1].kind = PL_RULES;
	wrong[2].tolerance = 0;
	wrong[3].tolerance = (double)NAN;
	wrong[4].log_step = 0;
	wrong[5].log_step = (double)INFINITY;
	for (int t = 0; t < 6; t++) {
		pl_rule *r = NULL;
		CHECK(pl_rule_new(&r, &w.frame, &wrong[t], &err) == PL_EARG && r == NULL);
		CHECK(strlen(err.msg) > 20);
	}
	test_world_clear(&w);
}

/* The prices that a rule announces after each round: live, its proposals kept in `record`
 * [rounds * n_links]; or from such a record. */
static void prices_of(double *out, const test_world *w, pl_rule_kind kind, int rounds,
                      double *record, bool live)
{
	const int64_t g = w->frame.n_goods;
	test_world councils = *w;
	pl_rule *r = a_rule(&w->frame, kind);
	memcpy(out, w->price, (size_t)g * sizeof *out);
	for (int t = 0; t < rounds; t++) {
		double *q = record + t * w->frame.n_links;
		if (live) (void)test_answer(&councils, q, out + t * g, NULL);
		CHECK(pl_rule_step(out + (t + 1) * g, r, out + t * g, q, NULL) == PL_OK);
	}
	pl_rule_free(r);
}

static void no_rule_sees_more_than_proposals(void)
{
	enum { ROUNDS = 6 };
	test_world w = test_world_new(small);
	const int64_t n = (ROUNDS + 1) * (int64_t)w.frame.n_goods;
	double *live = numbers(n), *dead = numbers(n),
	       *record = numbers(ROUNDS * w.frame.n_links);
	for (int k = 0; k < PL_RULE_direct; k++) {
		prices_of(live, &w, (pl_rule_kind)k, ROUNDS, record, true);
		prices_of(dead, &w, (pl_rule_kind)k, ROUNDS, record, false);
		CHECK(memcmp(live, dead, (size_t)n * sizeof *live) == 0);
		CHECK(memcmp(live, live + n - w.frame.n_goods, sizeof *live) != 0);
	}
	pl_free(record);
	pl_free(dead);
	pl_free(live);
	test_world_clear(&w);
}

/* Totals of these proposals are exact in any order. */
static void relabelling_councils_and_goods_permutes_prices(void)
{
	test_world w = test_world_new(small);
	pl_random random = pl_random_new(7, 1);
	int32_t *council = test_order(w.frame.n_councils, &random),
	        *good = test_order(w.frame.n_goods, &random);
	test_world x = test_world_relabel(&w, council, good);
	double *a = numbers(w.frame.n_goods), *b = numbers(w.frame.n_goods);
	for (int k = 0; k < PL_RULE_direct; k++) {
		pl_rule *r = a_rule(&w.frame, (pl_rule_kind)k);
		pl_rule *s = a_rule(&x.frame, (pl_rule_kind)k);
		CHECK(pl_rule_step(a, r, w.price, w.quantity, NULL) == PL_OK);
		CHECK(pl_rule_step(b, s, x.price, x.quantity, NULL) == PL_OK);
		for (int32_t j = 0; j < w.frame.n_goods; j++)
			CHECK_NEAR(b[good[j]] / a[j], 1, k == PL_RULE_fitted ? 1e-6 : 0);
		pl_rule_free(r);
		pl_rule_free(s);
	}
	pl_free(b);
	pl_free(a);
	test_world_clear(&x);
	pl_free(good);
	pl_free(council);
	test_world_clear(&w);
}

static void same_bits_for_any_number_of_threads(void)
{
	enum { ROUNDS = 4 };
	static const int threads[] = {1, 2, 5, 8};
	test_world w = test_world_new(large);
	const int64_t n = (ROUNDS + 1) * (int64_t)w.frame.n_goods;
	double *first = numbers(n), *again = numbers(n),
	       *record = numbers(ROUNDS * w.frame.n_links);
	for (int k = 0; k < PL_RULE_direct; k++) {
		for (int t = 0; t < 4; t++) {
			pl_threads_set(threads[t]);
			prices_of(t == 0 ? first : again, &w, (pl_rule_kind)k, ROUNDS, record,
			          true);
			CHECK(t == 0 || memcmp(first, again, (size_t)n * sizeof *first) == 0);
		}
	}
	pl_threads_set(1);
	pl_free(record);
	pl_free(again);
	pl_free(first);
	test_world_clear(&w);
}

static void a_refused_round_changes_nothing(void)
{
	test_world w = test_world_new(small);
	double *a = numbers(w.frame.n_goods), *b = numbers(w.frame.n_goods);
	for (int k = 0; k < PL_RULE_direct; k++) {
		pl_rule *r = a_rule(&w.frame, (pl_rule_kind)k);
		pl_rule *s = a_rule(&w.frame, (pl_rule_kind)k);
		const double kept = w.quantity[3];
		w.quantity[3] = -1;
		CHECK(pl_rule_step(a, r, w.price, w.quantity, NULL) == PL_EARG);
		w.quantity[3] = kept;
		CHECK(pl_rule_step(a, r, w.price, w.quantity, NULL) == PL_OK);
		CHECK(pl_rule_step(b, s, w.price, w.quantity, NULL) == PL_OK);
		CHECK(memcmp(a, b, (size_t)w.frame.n_goods * sizeof *a) == 0);
		pl_rule_free(r);
		pl_rule_free(s);
	}
	pl_free(b);
	pl_free(a);
	test_world_clear(&w);
}

/* One good is held, wanted less at any price; its price falls, rests, and rises again when
 * the good gets scarce. */
static void a_good_that_nobody_needs_all_of_rests_at_its_floor(void)
{
	const uint8_t kind[] = {PL_RESOURCE, PL_RESOURCE}, councils[] = {PL_CONSUMERS},
	              role[] = {PL_WANTS, PL_WANTS};
	const double held[] = {10, 10};
	const int64_t start[] = {0, 2};
	const int32_t good[] = {0, 1};
	const pl_frame frame = {2, 1, 2, kind, held, councils, start, good, role};
	for (int k = 0; k < PL_RULE_direct; k++) {
		pl_rule *r = a_rule(&frame, (pl_rule_kind)k);
		double p[2] = {1, 1}, next[2], q[2] = {5, 10};
		int32_t t = 0;
		for (; t < 400 && !pl_rule_floors(r)[0]; t++) {
			q[1] = 10 / p[1];
			CHECK(pl_rule_step(next, r, p, q, NULL) == PL_OK);
			memcpy(p, next, sizeof p);
		}
		CHECK(pl_rule_floors(r)[0] && !pl_rule_floors(r)[1]);
		pl_round round;
		CHECK(pl_rule_look(&round, r, p, q, NULL) == PL_OK && round.worst <= 0.01);
		CHECK(pl_rule_step(next, r, p, q, NULL) == PL_OK);
		CHECK(next[0] > 0 && next[0] <= p[0] && pl_rule_floors(r)[0]);
		q[0] = 1000;
		CHECK(pl_rule_look(&round, r, next, q, NULL) == PL_OK && round.worst > 1.9);
		CHECK(pl_rule_step(p, r, next, q, NULL) == PL_OK);
		CHECK(p[0] > next[0]);
		pl_rule_new_year(r, &frame);
		CHECK(!pl_rule_floors(r)[0]);
		pl_rule_free(r);
	}
}

/* Whatever the prices, the proposals are the same and do not fit. */
static void a_rule_that_gets_nowhere_says_so(void)
{
	test_world w = test_world_new(small);
	double *p = numbers(w.frame.n_goods), *next = numbers(w.frame.n_goods);
	const size_t size = (size_t)w.frame.n_goods * sizeof *p;
	for (int k = 0; k < PL_RULE_direct; k++) {
		const int32_t patience = k == PL_RULE_fitted ? 3 : 60;
		pl_rule *r = a_rule(&w.frame, (pl_rule_kind)k);
		memcpy(p, w.price, size);
		for (int32_t t = 0; t <= patience; t++) {
			CHECK(!pl_rule_is_lost(r));
			CHECK(pl_rule_step(next, r, p, w.quantity, NULL) == PL_OK);
			memcpy(p, next, size);
		}
		CHECK(pl_rule_is_lost(r) && strlen(pl_rule_remark(r)) > 20);
		pl_rule_new_year(r, &w.frame);
		CHECK(!pl_rule_is_lost(r) && strcmp(pl_rule_remark(r), "") == 0);
		pl_rule_free(r);
	}
	pl_free(next);
	pl_free(p);
	test_world_clear(&w);
}

static void a_rule_within_tolerance_is_not_lost(void)
{
	test_world w = test_world_new((test_size){3, 0, 5, 0, 2, 3});
	double *next = numbers(3);
	for (int32_t i = 0; i < 5; i++) { /* good 0 alone, and all of it is asked for */
		const int64_t k = w.start[i];
		w.good[k] = w.good[k + 1] = 0;
		w.quantity[k] = w.quantity[k + 1] = 1.001;
	}
	w.held[0] = 10;
	pl_rule *r = a_rule(&w.frame, PL_RULE_power);
	for (int t = 0; t < 100; t++) {
		CHECK(pl_rule_step(next, r, w.price, w.quantity, NULL) == PL_OK);
		CHECK(!pl_rule_is_lost(r) && strcmp(pl_rule_remark(r), "") == 0);
	}
	pl_rule_free(r);
	pl_free(next);
	test_world_clear(&w);
}

static void simple_rules_expect_nothing(void)
{
	test_world w = test_world_new(small);
	double *next = numbers(w.frame.n_goods), *q = numbers(w.frame.n_links);
	pl_rule *r = a_rule(&w.frame, PL_RULE_lagged);
	CHECK(pl_rule_step(next, r, w.price, w.quantity, NULL) == PL_OK);
	pl_rule_expected(q, r);
	for (int64_t k = 0; k < w.frame.n_links; k++) CHECK(isnan(q[k]));
	pl_rule_free(r);
	pl_free(q);
	pl_free(next);
	test_world_clear(&w);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_world w = test_world_new(small);
	double *next = numbers(w.frame.n_goods);
	const int64_t alive = pl_alloc_alive;
	for (int k = 0; k < PL_RULE_direct; k++) {
		pl_rule_settings s = pl_rule_preset();
		s.kind = (pl_rule_kind)k;
		int failures = 0;
		for (bool done = false; !done; failures++) {
			pl_rule *r = NULL;
			pl_alloc_grants = failures;
			pl_status st = pl_rule_new(&r, &w.frame, &s, NULL);
			CHECK((st == PL_OK) == (r != NULL));
			if (st == PL_OK) st = pl_rule_step(next, r, w.price, w.quantity, NULL);
			pl_alloc_grants = -1;
			CHECK(st == PL_OK || st == PL_ENOMEM);
			done = st == PL_OK;
			pl_rule_free(r);
			CHECK(pl_alloc_alive == alive);
		}
		CHECK(failures > 15);
	}
	pl_free(next);
	test_world_clear(&w);
}
#endif

int main(void)
{
	RUN(every_rule_is_known_by_its_name);
	RUN(what_cannot_be_a_rule_is_refused);
	RUN(no_rule_sees_more_than_proposals);
	RUN(relabelling_councils_and_goods_permutes_prices);
	RUN(same_bits_for_any_number_of_threads);
	RUN(a_refused_round_changes_nothing);
	RUN(a_good_that_nobody_needs_all_of_rests_at_its_floor);
	RUN(a_rule_that_gets_nowhere_says_so);
	RUN(a_rule_within_tolerance_is_not_lost);
	RUN(simple_rules_expect_nothing);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
