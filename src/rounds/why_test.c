/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/why.h"

#include "tests/pl_test.h"

#include "rounds/test_frame.h"

enum { ROUNDS = 6, GOOD = 5 };

/// Councils of a world, one of which asks for more of a good from a round on.
typedef struct {
	test_world world;
	int32_t round, from, who;
	double by; ///< what it asks for is multiplied by this
	pl_why *why;
	int32_t moves;
	pl_move last;
	double found; ///< part of `who` in the move that followed
	bool first;   ///< was it the largest mover there?
} story;

static pl_status answer(void *self, double *quantity, const double *price, pl_error *err)
{
	story *s = self;
	s->round++;
	const pl_status st = test_answer(&s->world, quantity, price, err);
	for (int64_t k = s->world.start[s->who];
	     s->round >= s->from && k < s->world.start[s->who + 1]; k++)
		if (s->world.good[k] == GOOD) quantity[k] *= s->by;
	return st;
}

static double sum_of(const pl_move *move)
{
	double sum = move->known + move->others;
	for (int32_t k = 0; k < move->n; k++) sum += move->mover[k].part;
	return sum;
}

static bool watch(void *self, const pl_round *round)
{
	story *s = self;
	pl_move move;
	const bool moved = pl_why_round(&move, s->why, round);
	CHECK(moved == (round->number > 1));
	if (!moved) return true;
	CHECK(move.from == round->number - 1);
	CHECK_NEAR(move.after, round->price[GOOD], 0);
	CHECK(fabs(sum_of(&move) - log(move.after / move.before)) < 1e-12);
	for (int32_t k = 1; k < move.n; k++)
		CHECK(fabs(move.mover[k].part) <= fabs(move.mover[k - 1].part));
	if (move.from == s->from)
		for (int32_t k = 0; k < move.n; k++)
			if (move.mover[k].council == s->who) {
				s->found = move.mover[k].part;
				s->first = k == 0;
			}
	s->moves++;
	return true;
}

/// A consumers' council that wants the good, or -1.
static int32_t taker(const test_world *w)
{
	for (int32_t i = 0; i < w->frame.n_councils; i++)
		for (int64_t k = w->start[i]; k < w->start[i + 1]; k++)
			if (w->good[k] == GOOD && w->role[k] == PL_WANTS) return i;
	return -1;
}

static story told(pl_rule_kind kind, double by)
{
	story s = {
	        .world = test_world_new((test_size){30, 60, 40, 4, 6, 3}), .from = 3, .by = by};
	pl_rule_settings settings = pl_rule_preset();
	settings.kind = kind;
	settings.tolerance = 1e-12; /* so that all rounds are played */
	pl_rule *rule;
	pl_rounds *rounds;
	const pl_round_calls calls = {answer, &s, watch, &s};
	s.who = taker(&s.world);
	CHECK(s.who >= 0);
	CHECK(pl_rule_new(&rule, &s.world.frame, &settings, NULL) == PL_OK);
	CHECK(pl_why_new(&s.why, &s.world.frame, GOOD, NULL, NULL) == PL_OK);
	pl_why_begin(s.why, rule);
	CHECK(pl_rounds_run(&rounds, rule, s.world.price, ROUNDS, &calls, NULL) == PL_OK);
	CHECK(s.moves == rounds->n_rounds - 1);
	pl_rounds_free(rounds);
	pl_why_free(s.why);
	pl_rule_free(rule);
	test_world_clear(&s.world);
	return s;
}

static void parts_sum_to_the_move_by_every_rule(void)
{
	for (int kind = 0; kind < PL_RULES; kind++)
		if (kind != PL_RULE_direct) (void)told((pl_rule_kind)kind, 3);
}

static void who_asks_for_more_than_expected_is_named_first(void)
{
	const story s = told(PL_RULE_fitted, 3);
	CHECK(s.first && s.found > 0);
}

static void who_asks_for_less_makes_it_cheaper(void)
{
	const story s = told(PL_RULE_fitted, 0.2);
	CHECK(s.first && s.found < 0);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_world w = test_world_new((test_size){30, 60, 40, 4, 6, 3});
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0;; grants++) {
		pl_why *why;
		pl_alloc_grants = grants;
		const pl_status st = pl_why_new(&why, &w.frame, GOOD, NULL, NULL);
		pl_alloc_grants = -1;
		CHECK((st == PL_OK) == (why != NULL) && (st == PL_OK || st == PL_ENOMEM));
		pl_why_free(why);
		CHECK(pl_alloc_alive == alive);
		if (st == PL_OK) break;
	}
	test_world_clear(&w);
}
#endif

int main(void)
{
	RUN(parts_sum_to_the_move_by_every_rule);
	RUN(who_asks_for_more_than_expected_is_named_first);
	RUN(who_asks_for_less_makes_it_cheaper);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
