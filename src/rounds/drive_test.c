/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/error.h"
#include "tests/pl_test.h"

#include <plenum/rounds.h>
/* after the harness */
#include "rounds/test_frame.h"

static const test_size small = {12, 24, 15, 3, 4, 1};

static pl_rule *a_rule(const pl_frame *frame, pl_rule_kind kind, double tolerance)
{
	pl_rule_settings s = pl_rule_preset();
	pl_rule *r = NULL;
	s.kind = kind;
	s.tolerance = tolerance;
	CHECK(pl_rule_new(&r, frame, &s, NULL) == PL_OK);
	if (r == NULL) abort();
	return r;
}

static pl_rounds *run(pl_rule *rule, test_world *w, int32_t most, pl_round_watch watch,
                      void *self)
{
	pl_rounds *out = NULL;
	const pl_round_calls calls = {test_answer, w, watch, self};
	CHECK(pl_rounds_run(&out, rule, w->price, most, &calls, NULL) == PL_OK);
	if (out == NULL) abort();
	return out;
}

typedef struct {
	int32_t seen, stop_at, to[PL_BOUNDS], best;
	int32_t fits_best;
	double least, worst, shortest, worst_then;
} watcher;

static bool look_on(void *self, const pl_round *round)
{
	watcher *w = self;
	w->seen++;
	CHECK(round->number == w->seen);
	w->worst = round->worst;
	if (w->seen == 1 || round->worst < w->least) {
		w->least = round->worst;
		w->best = w->seen;
	}
	double shortest = 0;
	for (int32_t j = 0; j < small.goods; j++)
		if (round->imbalance[j] > 0)
			shortest = fmax(shortest, 1 - round->supply[j] / round->demand[j]);
	if (w->seen == 1 || shortest < w->shortest) {
		w->shortest = shortest;
		w->fits_best = w->seen;
		w->worst_then = round->worst;
	}
	for (int b = 0; b < PL_BOUNDS; b++)
		if (w->to[b] == 0 && round->worst <= pl_bound[b]) w->to[b] = w->seen;
	return w->seen != w->stop_at;
}

static void rounds_are_counted_by_announcements(void)
{
	test_world w = test_world_new(small);
	for (int k = 0; k < PL_RULE_direct; k++) {
		watcher seen = {0};
		pl_rule *rule = a_rule(&w.frame, (pl_rule_kind)k, 0.04);
		pl_rounds *r = run(rule, &w, 300, look_on, &seen);
		const bool done = r->outcome == PL_CLEARED;
		CHECK(r->n_rounds == seen.seen);
		CHECK(r->chosen == (done ? seen.seen : seen.fits_best));
		CHECK(r->worst == (done ? seen.worst : seen.worst_then));
		CHECK(r->best_round == seen.best);
		CHECK(memcmp(r->rounds_to, seen.to, sizeof seen.to) == 0);
		CHECK((r->outcome == PL_CLEARED) == (seen.worst <= 0.04));
		CHECK((r->outcome == PL_CLEARED) == (r->reason[0] == '\0'));
		CHECK(k == PL_RULE_fitted || r->outcome == PL_CLEARED);
		pl_rounds_free(r);
		pl_rule_free(rule);
	}
	test_world_clear(&w);
}

static void the_announcement_that_fits_best_and_its_answers_are_kept(void)
{
	test_world w = test_world_new(small);
	double *q = test_room(w.frame.n_links, sizeof *q);
	for (int32_t most = 1; most < 8; most += 3) {
		pl_rule *rule = a_rule(&w.frame, PL_RULE_lagged, 1e-6);
		pl_rounds *r = run(rule, &w, most, NULL, NULL);
		CHECK(r->outcome == PL_ROUND_LIMIT && r->n_rounds == most);
		CHECK(most > 1 || memcmp(r->price, w.price, 12 * sizeof(double)) == 0);
		CHECK(r->imbalance[r->worst_good] == r->worst && strlen(r->reason) > 20);
		(void)test_answer(&w, q, r->price, NULL);
		CHECK(memcmp(q, r->quantity, (size_t)w.frame.n_links * sizeof *q) == 0);
		pl_rounds_free(r);
		pl_rule_free(rule);
	}
	pl_free(q);
	test_world_clear(&w);
}

static void a_watcher_may_stop_the_rounds(void)
{
	test_world w = test_world_new(small);
	watcher seen = {.stop_at = 3};
	pl_rule *rule = a_rule(&w.frame, PL_RULE_power, 1e-6);
	pl_rounds *r = run(rule, &w, 300, look_on, &seen);
	CHECK(r->outcome == PL_STOPPED && r->n_rounds == 3);
	pl_rounds_free(r);
	pl_rule_free(rule);
	test_world_clear(&w);
}

static pl_status always_the_same(void *self, double *quantity, const double *price,
                                 pl_error *err)
{
	const test_world *w = self;
	(void)price;
	(void)err;
	memcpy(quantity, w->quantity, (size_t)w->frame.n_links * sizeof *quantity);
	return PL_OK;
}

static void rounds_end_when_the_rule_is_lost(void)
{
	test_world w = test_world_new(small);
	pl_rule *rule = a_rule(&w.frame, PL_RULE_fitted, 0.01);
	pl_rounds *r = NULL;
	const pl_round_calls calls = {always_the_same, &w, NULL, NULL};
	CHECK(pl_rounds_run(&r, rule, w.price, 50, &calls, NULL) == PL_OK);
	CHECK(r != NULL && r->outcome == PL_STALLED && r->n_rounds == 4);
	CHECK(r != NULL && strstr(r->reason, "lost") != NULL);
	pl_rounds_free(r);
	pl_rule_free(rule);
	test_world_clear(&w);
}

static pl_status fails(void *self, double *quantity, const double *price, pl_error *err)
{
	(void)self;
	quantity[0] = price[0];
	return pl_fail(err, PL_EIO, 7, "nobody came");
}

static void what_the_answer_reports_is_passed_on(void)
{
	test_world w = test_world_new(small);
	pl_rule *rule = a_rule(&w.frame, PL_RULE_power, 0.01);
	pl_rounds *r = NULL;
	pl_error err;
	const pl_round_calls nobody = {fails, NULL, NULL, NULL},
	                     stubborn = {always_the_same, &w, NULL, NULL};
	CHECK(pl_rounds_run(&r, rule, w.price, 5, &nobody, &err) == PL_EIO);
	CHECK(r == NULL && err.where == 7 && strcmp(err.msg, "nobody came") == 0);
	w.price[2] = -1; /* `always_the_same` does not mind, the rule does */
	CHECK(pl_rounds_run(&r, rule, w.price, 5, &stubborn, &err) == PL_EARG);
	CHECK(r == NULL && err.where == 2);
	pl_rule_free(rule);
	test_world_clear(&w);
}

/* ---- proposals that did not come, and limits: two goods, two workplaces, two consumers ----
 */

enum { COAL, BREAD, AIR };
static const uint8_t kinds[] = {PL_PRODUCT, PL_PRODUCT, PL_FREE},
                     who[] = {PL_WORKERS, PL_WORKERS, PL_CONSUMERS, PL_CONSUMERS},
                     roles[] = {PL_MAKES, PL_MAKES, PL_USES,  PL_WANTS,
                                PL_WANTS, PL_WANTS, PL_WANTS, PL_WANTS};
static const double held[] = {0, 0, 0};
static const int64_t starts[] = {0, 1, 3, 6, 8};
static const int32_t goods[] = {COAL, BREAD, COAL, COAL, BREAD, AIR, COAL, BREAD};
static const pl_frame village = {3, 4, 8, kinds, held, who, starts, goods, roles};

static void late_consumers_get_what_they_can_still_pay(void)
{
	const double none = (double)NAN;
	const double last[8] = {9, 8, 7, 2, 4, 6, 1, 5}, last_price[3] = {1, 2, 1};
	const double dearer[3] = {3, 3.5, 100}, cheaper[3] = {0.5, 1, 1};
	double q[8] = {none, 3, none, 1, none, 2, 7, 7};
	pl_rounds_fill(q, &village, dearer, last, last_price);
	CHECK(q[0] == 9 && q[1] == 8 && q[2] == 7); /* whole councils */
	CHECK(q[3] == 1 && q[4] == 2 && q[5] == 6); /* 10 credits then, 20 now; air is free */
	CHECK(q[6] == 7 && q[7] == 7);
	q[3] = none;
	pl_rounds_fill(q, &village, cheaper, last, last_price);
	CHECK(q[3] == 2 && q[4] == 4 && q[5] == 6);
	q[3] = q[1] = none;
	pl_rounds_fill(q, &village, dearer, NULL, NULL);
	CHECK(q[1] == 0 && q[2] == 0 && q[3] == 0 && q[4] == 0 && q[5] == 0 && q[6] == 7);
}

/* Coal: 24 too little, one council that makes it, three that ask for it. Bread: 10 too much,
 * one that makes it, two that ask for it. */
static const double was[8] = {20, 30, 14, 10, 12, 3, 20, 8}, supply[3] = {20, 30, 0},
                    demand[3] = {44, 20, 3};

static void two_rounds_are_free(void)
{
	for (int32_t round = 1; round <= 2; round++) {
		double q[8] = {1000, 0, 1000, 0, 1000, 0, 1000, 0}, kept[8];
		memcpy(kept, q, sizeof q);
		CHECK(pl_rounds_limit(q, &village, round, was, supply, demand, NULL) == PL_OK);
		CHECK(memcmp(kept, q, sizeof q) == 0);
	}
}

static void then_councils_move_by_half_of_the_excess_per_head_or_by_a_quarter(void)
{
	const double coal = 8, bread = 5; /* per head that asks */
	for (int32_t round = 3; round <= 5; round++) {
		double up[8], down[8];
		for (int k = 0; k < 8; k++) up[k] = 1e9;
		for (int k = 0; k < 8; k++) down[k] = 0;
		CHECK(pl_rounds_limit(up, &village, round, was, supply, demand, NULL) == PL_OK);
		CHECK(pl_rounds_limit(down, &village, round, was, supply, demand, NULL) ==
		      PL_OK);
		CHECK(up[3] == 10 + coal / 4 && down[3] == 10 - coal / 2);
		CHECK(up[4] == 12 + bread / 2 && down[4] == 12 - bread / 4);
		CHECK(up[5] == 1e9 && down[5] == 0); /* air is free */
		CHECK(up[6] == 20 + coal / 4 && down[6] == 20 - coal / 2);
		CHECK(up[7] == 8 + bread / 2 && down[7] == 8 - bread / 4);
		const bool all = round > 3;
		CHECK(up[0] == (all ? 20 + 24. / 2 : 1e9) &&
		      down[0] == (all ? 20 - 24. / 4 : 0));
		CHECK(up[1] == (all ? 30 + 10. / 4 : 1e9) &&
		      down[1] == (all ? 30 - 10. / 2 : 0));
		CHECK(up[2] == (all ? 14 + coal / 4 : 1e9) &&
		      down[2] == (all ? 14 - coal / 2 : 0));
	}
}

static void limits_leave_small_moves_and_late_proposals_alone(void)
{
	double q[8] = {21, 29, 13, 11, (double)NAN, 3, 0, 8};
	const double small_was[8] = {20, 30, 14, 10, 12, 3, 1, 8};
	CHECK(pl_rounds_limit(q, &village, 9, small_was, supply, demand, NULL) == PL_OK);
	CHECK(q[0] == 21 && q[1] == 29 && q[2] == 13 && q[3] == 11 && isnan(q[4]));
	CHECK(q[6] == 0); /* never below nothing */
}

/* If all move towards balance as far as they may, half of the gap goes on either side. */
static void the_limits_close_the_gap_and_do_not_overshoot(void)
{
	double q[8] = {1e9, 0, 0, 0, 1e9, 3, 0, 1e9};
	CHECK(pl_rounds_limit(q, &village, 4, was, supply, demand, NULL) == PL_OK);
	CHECK_NEAR(q[0], q[2] + q[3] + q[6], 1e-12);
	CHECK_NEAR(q[1], q[4] + q[7], 1e-12);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_world w = test_world_new(small);
	pl_rule *rule = a_rule(&w.frame, PL_RULE_lagged, 1e-6);
	const pl_round_calls calls = {test_answer, &w, NULL, NULL};
	const int64_t alive = pl_alloc_alive;
	int failures = 0;
	for (bool done = false; !done; failures++) {
		pl_rounds *r = NULL;
		pl_alloc_grants = failures;
		const pl_status st = pl_rounds_run(&r, rule, w.price, 3, &calls, NULL);
		pl_alloc_grants = -1;
		done = st == PL_OK;
		CHECK(done == (r != NULL) && (done || st == PL_ENOMEM));
		pl_rounds_free(r);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(failures == 9);
	pl_alloc_grants = 0;
	CHECK(pl_rounds_limit(w.quantity, &w.frame, 5, w.quantity, w.held, w.held, NULL) ==
	      PL_ENOMEM);
	pl_alloc_grants = -1;
	pl_rule_free(rule);
	test_world_clear(&w);
}
#endif

int main(void)
{
	RUN(rounds_are_counted_by_announcements);
	RUN(the_announcement_that_fits_best_and_its_answers_are_kept);
	RUN(a_watcher_may_stop_the_rounds);
	RUN(rounds_end_when_the_rule_is_lost);
	RUN(what_the_answer_reports_is_passed_on);
	RUN(late_consumers_get_what_they_can_still_pay);
	RUN(two_rounds_are_free);
	RUN(then_councils_move_by_half_of_the_excess_per_head_or_by_a_quarter);
	RUN(limits_leave_small_moves_and_late_proposals_alone);
	RUN(the_limits_close_the_gap_and_do_not_overshoot);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
