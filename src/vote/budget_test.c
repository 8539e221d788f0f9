/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vote/budget.h"

#include "tests/ballots.h"
#include "tests/budgets.h"
#include "tests/elections.h"

/* Most votes first by definition: again and again the first of those left that are wanted. */
static void greedy_by_definition(char *won, const pl_test_budget *b, bool skip)
{
	bool done[PL_TEST_PROJECTS] = {false};
	int64_t left = b->budget;
	int n = 0;
	for (;;) {
		int best = -1;
		for (int k = 0; k < b->n; k++)
			if (!done[k] && pl_test_votes(b, k) >= 0 &&
			    (best < 0 || pl_test_first(b, k, best)))
				best = k;
		if (best < 0 || (!skip && b->cost[best] > left)) break;
		done[best] = true;
		if (b->cost[best] > left) continue;
		left -= b->cost[best];
		won[n++] = (char)('a' + best);
	}
	won[n] = '\0';
}

static void winners_are_those_of_the_definition(void)
{
	pl_random g = pl_random_new(31, 0);
	for (int round = 0; round < 6000; round++) {
		const pl_test_sizes z = {0, pl_test_draw(&g, 0, 12), pl_test_draw(&g, 1, 4), 3};
		const pl_test_budget b =
		        pl_test_budget_draw((pl_ballot_kind)(round % 3), pl_test_draw(&g, 1, 8),
		                            pl_test_draw(&g, 0, 7), z, &g);
		char won[PL_TEST_PROJECTS + 1], want[PL_TEST_PROJECTS + 1];
		const bool skip = round / 3 % 2 == 0;
		pl_election *e = pl_test_budget_election(&b, NULL, NULL);
		pl_vote_result *r =
		        pl_test_spend(e, skip ? PL_VOTE_greedy : PL_VOTE_greedy_no_skip, NULL);
		greedy_by_definition(want, &b, skip);
		pl_test_spent_on(won, e, r);
		CHECK(strcmp(won, want) == 0);
		for (int k = 0; k < b.n; k++)
			CHECK(r->tally[k].near == (double)pl_test_votes(&b, k));
		pl_vote_result_free(r);
		pl_election_free(e);
	}
}

static void orders_of_ballots_and_options_change_nothing(void)
{
	pl_random g = pl_random_new(32, 0);
	for (int round = 0; round < 1000; round++) {
		const pl_test_sizes z = {1, 3, 2, 2};
		const pl_vote_rule rule =
		        round % 2 == 0 ? PL_VOTE_greedy : PL_VOTE_greedy_no_skip;
		const pl_test_budget b =
		        pl_test_budget_draw((pl_ballot_kind)(round % 3), 7, 5, z, &g);
		pl_test_orders_change_nothing(&b, rule, &g);
		pl_test_weights_are_copies(&b, rule);
	}
}

static void points_for_ranks_count_down_from_the_longest_ballot(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_RANKED, 4, "ab=cd b a=b=c");
	static const int64_t points[] = {4, 3, 3, 1, 4, 4, 4, 4};
	CHECK(e->longest == 4 && e->n_marks == 8);
	for (int64_t i = 0; i < e->n_ballots; i++)
		for (int64_t k = e->start[i]; k < e->start[i + 1]; k++)
			CHECK(pl_ballot_points(e, i, k) == points[k]);
	pl_election_free(e);
}

/* One more vote for a winner leaves it a winner: its place in the order only rises. */
static void more_votes_keep_a_winner(void)
{
	pl_random g = pl_random_new(33, 0);
	for (int round = 0; round < 2000; round++) {
		const pl_test_sizes z = {1, 9, 1, 1};
		pl_test_budget b = pl_test_budget_draw(PL_BALLOT_APPROVAL, 7, 5, z, &g);
		pl_election *e = pl_test_budget_election(&b, NULL, NULL);
		pl_vote_result *r = pl_test_spend(e, PL_VOTE_greedy, NULL);
		const int32_t winner = r->n_winners > 0 ? r->winner[r->n_winners - 1] : -1;
		pl_vote_result_free(r);
		pl_election_free(e);
		if (winner < 0) continue;
		for (int i = 0; i < b.voters; i++) b.value[i][winner] = 1;
		e = pl_test_budget_election(&b, NULL, NULL);
		r = pl_test_spend(e, PL_VOTE_greedy, NULL);
		CHECK(r->place[winner] > 0);
		pl_vote_result_free(r);
		pl_election_free(e);
	}
}

static void the_steps_can_be_followed(void)
{
	const pl_test_budget b = {.kind = PL_BALLOT_SCORE,
	                          .n = 5,
	                          .voters = 2,
	                          .budget = 100,
	                          .cost = {50, 60, 50, 40, 1},
	                          .weight = {1, 2},
	                          .value = {{3, 3, 1, 1, -1}, {0, 0, 1, 1, 0}}};
	static const char *const said[] = {
	        "3 have voted, 0 of them without a mark.",
	        "The budget is 100.",
	        "d has 3 and costs 40: it is paid for, and 60 is left.",
	        "d and a are tied; d goes first, since it costs 40 and the other 50.",
	        "a has 3 and costs 50: it is paid for, and 10 is left.",
	        "a and c are tied; a goes first in the order agreed on.",
	        "c has 3 and costs 50, but only 10 is left.",
	        "c and b are tied; c goes first, since it costs 50 and the other 60.",
	        "b has 3 and costs 60, but only 10 is left.",
	        "e has -1: more is said against it than for it.",
	};
	pl_election *e = pl_test_budget_election(&b, NULL, NULL);
	pl_vote_result *r = pl_test_spend(e, PL_VOTE_greedy, NULL);
	const int64_t n = (int64_t)(sizeof said / sizeof *said);
	CHECK(r->n_steps == n);
	pl_test_last_said(e, r, said, n);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void a_budget_is_needed(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 2, "a b");
	for (int rule = 0; rule < PL_VOTE_RULES; rule++) {
		const pl_vote_settings s = pl_vote_preset((pl_vote_rule)rule);
		pl_vote_result *r;
		pl_error err = {0};
		if (rule < (int)PL_VOTE_knapsack) continue;
		CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
		CHECK(strstr(err.msg, "needs a budget") != NULL);
	}
	pl_election_free(e);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_random g = pl_random_new(34, 0);
	const pl_test_sizes z = {1, 12, 2, 3};
	const pl_test_budget b = pl_test_budget_draw(PL_BALLOT_SCORE, 6, 7, z, &g);
	pl_election *e = pl_test_budget_election(&b, NULL, NULL);
	pl_vote_settings s = pl_vote_preset(PL_VOTE_greedy);
	pl_test_tally_may_fail(e, &s);
	pl_election_free(e);
}
#endif

int main(void)
{
	RUN(winners_are_those_of_the_definition);
	RUN(orders_of_ballots_and_options_change_nothing);
	RUN(points_for_ranks_count_down_from_the_longest_ballot);
	RUN(more_votes_keep_a_winner);
	RUN(the_steps_can_be_followed);
	RUN(a_budget_is_needed);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
