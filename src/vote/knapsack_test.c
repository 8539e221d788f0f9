/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The best choice within a budget against all choices there are. */
#include "tests/ballots.h"
#include "tests/budgets.h"

/* Does choice x go before y: more votes, then lower cost, then the first option in which they
 * differ? Bits are options. */
static bool is_better(const pl_test_budget *b, unsigned x, unsigned y)
{
	int64_t votes = 0, cost = 0;
	for (int k = 0; k < b->n; k++) {
		const int in = (int)(x >> k & 1U) - (int)(y >> k & 1U);
		votes += in * pl_test_votes(b, k);
		cost += in * b->cost[k];
	}
	if (votes != 0) return votes > 0;
	if (cost != 0) return cost < 0;
	const unsigned differ = x ^ y;
	return (x & differ & (~differ + 1)) != 0;
}

static unsigned best_of_all(const pl_test_budget *b)
{
	unsigned best = 0;
	for (unsigned x = 1; x < 1U << b->n; x++) {
		int64_t cost = 0;
		bool wanted = true;
		for (int k = 0; k < b->n; k++) {
			if ((x >> k & 1U) == 0) continue;
			cost += b->cost[k];
			wanted = wanted && pl_test_votes(b, k) > 0;
		}
		if (wanted && cost <= b->budget && is_better(b, x, best)) best = x;
	}
	return best;
}

static void the_best_of_all_choices_wins(void)
{
	pl_random g = pl_random_new(21, 0);
	for (int round = 0; round < 6000; round++) {
		const pl_test_sizes z = {pl_test_draw(&g, 0, 1), pl_test_draw(&g, 0, 12),
		                         pl_test_draw(&g, 1, 4), pl_test_draw(&g, 1, 4)};
		const pl_test_budget b =
		        pl_test_budget_draw((pl_ballot_kind)(round % 3), pl_test_draw(&g, 1, 8),
		                            pl_test_draw(&g, 0, 7), z, &g);
		pl_election *e = pl_test_budget_election(&b, NULL, NULL);
		pl_vote_result *r = pl_test_spend(e, PL_VOTE_knapsack, NULL);
		unsigned won = 0;
		for (int k = 0; k < r->n_winners; k++) won |= 1U << r->winner[k];
		CHECK(won == best_of_all(&b));
		pl_vote_result_free(r);
		pl_election_free(e);
	}
}

static void orders_of_ballots_and_options_change_nothing(void)
{
	pl_random g = pl_random_new(22, 0);
	for (int round = 0; round < 1000; round++) {
		const pl_test_sizes z = {1, 3, 2, 2};
		const pl_test_budget b =
		        pl_test_budget_draw((pl_ballot_kind)(round % 3), 7, 5, z, &g);
		pl_test_orders_change_nothing(&b, PL_VOTE_knapsack, &g);
		pl_test_weights_are_copies(&b, PL_VOTE_knapsack);
	}
}

/* An election of n options with these votes and costs, one weighted ballot for each. */
static pl_election *with_votes(int n, const int64_t *votes, const int64_t *cost, int64_t budget)
{
	pl_election_draft *d;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, PL_BALLOT_APPROVAL, NULL) == PL_OK);
	CHECK(pl_election_money(d, 0, budget, NULL) == PL_OK);
	for (int k = 0; k < n; k++) {
		char id[16];
		(void)snprintf(id, sizeof id, "p%d", k);
		CHECK(pl_election_option(d, id, NULL, cost[k], -1, NULL) == PL_OK);
	}
	for (int k = 0; k < n; k++) {
		CHECK(pl_election_ballot(d, NULL, votes[k], NULL) == PL_OK);
		CHECK(pl_election_mark(d, k, 1, NULL) == PL_OK);
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

enum { MANY = 200 };

/* Costs up to 1000 and a budget of 10,000: the table of the textbook, by budget and option, has
 * the most votes there can be. */
static void many_options_have_as_many_votes_as_the_textbook_finds(void)
{
	static int64_t most[10001];
	pl_random g = pl_random_new(23, 0);
	for (int round = 0; round < 10; round++) {
		int64_t votes[MANY], cost[MANY], sum = 0;
		for (int k = 0; k < MANY; k++) {
			cost[k] = pl_random_between(&g, 1, 1000);
			votes[k] = round % 2 == 0 ? pl_random_between(&g, 1, 1000)
			                          : cost[k] + pl_random_between(&g, 0, 20);
		}
		memset(most, 0, sizeof most);
		for (int k = 0; k < MANY; k++)
			for (int64_t c = 10000; c >= cost[k]; c--)
				if (most[c - cost[k]] + votes[k] > most[c])
					most[c] = most[c - cost[k]] + votes[k];
		pl_election *e = with_votes(MANY, votes, cost, 10000);
		pl_vote_result *r = pl_test_spend(e, PL_VOTE_knapsack, NULL);
		for (int k = 0; k < r->n_winners; k++) sum += votes[r->winner[k]];
		CHECK(sum == most[10000]);
		pl_vote_result_free(r);
		pl_election_free(e);
	}
}

/* As many votes as cost, all even, and an odd budget: any sum may be the best, none reaches the
 * bound. */
static void too_many_choices_are_refused(void)
{
	int64_t votes[60], cost[60], sum = 0;
	pl_random g = pl_random_new(24, 0);
	for (int k = 0; k < 60; k++) {
		cost[k] = 2 * pl_random_between(&g, 1, INT64_C(1000000000000));
		votes[k] = cost[k];
		sum += cost[k];
	}
	pl_election *e = with_votes(60, votes, cost, sum / 4 * 2 + 1);
	pl_vote_settings s = pl_vote_preset(PL_VOTE_knapsack);
	pl_vote_result *r;
	pl_error err = {0};
	CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
	CHECK(strstr(err.msg, "too many to compare; count by greedy or equal-shares") != NULL);
	pl_election_free(e);
}

static void the_steps_tell_the_choice_and_what_it_has(void)
{
	const int64_t votes[] = {5, 4, 3}, cost[] = {10, 6, 4};
	static const char *const said[] = {
	        "p0 has 5 and costs 10: it is not among them.",
	        "p1 has 4 and costs 6: it is among those that have most together.",
	        "p2 has 3 and costs 4: it is among those that have most together.",
	        ("Together they have 7 for 10; no choice within 11 has more, nor as many for "
	         "less."),
	};
	pl_election *e = with_votes(3, votes, cost, 11);
	pl_vote_result *r = pl_test_spend(e, PL_VOTE_knapsack, NULL);
	const int64_t n = (int64_t)(sizeof said / sizeof *said);
	pl_test_last_said(e, r, said, n);
	pl_vote_result_free(r);
	pl_election_free(e);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const int64_t votes[] = {5, 4, 3, 7, 8, 2, 6}, cost[] = {10, 6, 4, 9, 11, 2, 7};
	pl_election *e = with_votes(7, votes, cost, 25);
	pl_vote_settings s = pl_vote_preset(PL_VOTE_knapsack);
	pl_test_tally_may_fail(e, &s);
	pl_election_free(e);
}
#endif

int main(void)
{
	RUN(the_best_of_all_choices_wins);
	RUN(orders_of_ballots_and_options_change_nothing);
	RUN(many_options_have_as_many_votes_as_the_textbook_finds);
	RUN(too_many_choices_are_refused);
	RUN(the_steps_tell_the_choice_and_what_it_has);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
