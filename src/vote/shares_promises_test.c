/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Equal shares against what it promises to groups of voters, and to all. */
#include "tests/shares.h"

static int64_t utility_of(const pl_test_budget *b, int i, int option, bool by_cost)
{
	const int64_t points = pl_test_points(b, i, option);
	return points > 0 ? points * (by_cost ? b->cost[option] : 1) : 0;
}

static int64_t utility_of_winners(const pl_test_budget *b, int i, const char *won, bool by_cost)
{
	int64_t sum = 0;
	for (; *won != '\0'; won++) sum += utility_of(b, i, *won - 'a', by_cost);
	return sum;
}

/* What each of a group gets of options T at least, summed; @param[out] cost of T */
static int64_t agreed_on(int64_t *cost, const pl_test_budget *b, unsigned group, unsigned t,
                         bool by_cost)
{
	int64_t sum = 0;
	*cost = 0;
	for (int k = 0; k < b->n; k++) {
		int64_t least = INT64_MAX;
		if ((t & (1U << k)) == 0) continue;
		for (int i = 0; i < b->voters; i++)
			if ((group & (1U << i)) != 0 && utility_of(b, i, k, by_cost) < least)
				least = utility_of(b, i, k, by_cost);
		*cost += b->cost[k];
		sum += least;
	}
	return sum;
}

/* Does somebody of the group get what it agreed on, or more with one option of T besides? */
static bool is_represented(const pl_test_budget *b, unsigned group, unsigned t, const char *won,
                           bool by_cost, bool up_to_one)
{
	int64_t cost;
	const int64_t sum = agreed_on(&cost, b, group, t, by_cost);
	for (int i = 0; i < b->voters; i++) {
		if ((group & (1U << i)) == 0) continue;
		const int64_t has = utility_of_winners(b, i, won, by_cost);
		if (has >= sum) return true;
		for (int k = 0; k < b->n && up_to_one; k++)
			if ((t & (1U << k)) != 0 && strchr(won, 'a' + k) == NULL &&
			    has + utility_of(b, i, k, by_cost) > sum)
				return true;
	}
	return false;
}

/* Every group that is large enough to pay for T from its parts is represented. */
static bool all_are_represented(const pl_test_budget *b, const char *won, bool by_cost,
                                bool up_to_one)
{
	for (unsigned group = 1; group < 1U << b->voters; group++) {
		const int64_t size = __builtin_popcount(group);
		for (unsigned t = 1; t < 1U << b->n; t++) {
			int64_t cost;
			(void)agreed_on(&cost, b, group, t, by_cost);
			if (cost * b->voters > size * b->budget) continue;
			if (!is_represented(b, group, t, won, by_cost, up_to_one)) return false;
		}
	}
	return true;
}

static void check_representation(const pl_test_budget *b, int rule, bool up_to_one)
{
	char won[PL_TEST_PROJECTS + 1];
	pl_election *e = pl_test_budget_election(b, NULL, NULL);
	pl_vote_result *r = pl_test_spend(e, pl_test_shares[rule], NULL);
	pl_test_spent_on(won, e, r);
	CHECK(all_are_represented(b, won, rule % 2 == 0, up_to_one));
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* Peters, Pierczynski and Skowron 2021, theorem 2. */
static void groups_get_what_they_could_pay_for_up_to_one_project(void)
{
	pl_random g = pl_random_new(14, 0);
	for (int round = 0; round < 400; round++) {
		const pl_test_sizes z = {1, pl_test_draw(&g, 1, 30), 1, 3};
		const pl_test_budget b = pl_test_budget_draw(
		        round % 2 == 0 ? PL_BALLOT_APPROVAL : PL_BALLOT_SCORE,
		        pl_test_draw(&g, 1, 5), pl_test_draw(&g, 1, 6), z, &g);
		check_representation(&b, round / 2 % 4, true);
	}
}

/* Where all cost the same and approval is counted by number, the one project falls away:
 * extended justified representation. */
static void groups_get_all_they_could_pay_for_where_costs_are_equal(void)
{
	pl_random g = pl_random_new(15, 0);
	for (int round = 0; round < 400; round++) {
		const pl_test_sizes z = {1, 0, 1, 1};
		const pl_test_budget b =
		        pl_test_budget_draw(PL_BALLOT_APPROVAL, pl_test_draw(&g, 1, 6),
		                            pl_test_draw(&g, 1, 7), z, &g);
		check_representation(&b, 1, false);
	}
}

static void no_more_than_the_budget_is_spent(void)
{
	pl_random g = pl_random_new(16, 0);
	for (int round = 0; round < 800; round++) {
		const pl_test_sizes z = {0, 40, 3, 4};
		const pl_test_budget b =
		        pl_test_budget_draw(PL_BALLOT_SCORE, 8, pl_test_draw(&g, 0, 9), z, &g);
		pl_election *e = pl_test_budget_election(&b, NULL, NULL);
		pl_vote_result *r =
		        pl_test_spend(e, pl_test_shares[round % PL_TEST_SHARES], NULL);
		int64_t spent = 0;
		for (int k = 0; k < r->n_winners; k++) {
			spent += b.cost[r->winner[k]];
			CHECK(r->place[r->winner[k]] == k + 1);
		}
		CHECK(spent <= b.budget && r->outcome == PL_VOTE_DECIDED);
		pl_vote_result_free(r);
		pl_election_free(e);
	}
}

static void orders_of_ballots_and_options_change_nothing(void)
{
	pl_random g = pl_random_new(17, 0);
	for (int round = 0; round < 1600; round++) {
		const pl_test_sizes z = {0, 12, 2, 3};
		const pl_test_budget b =
		        pl_test_budget_draw((pl_ballot_kind)(round % 3), 6, 7, z, &g);
		pl_test_orders_change_nothing(&b, pl_test_shares[round % PL_TEST_SHARES], &g);
	}
}

static void a_weight_is_so_many_equal_ballots(void)
{
	pl_random g = pl_random_new(18, 0);
	for (int round = 0; round < 800; round++) {
		const pl_test_sizes z = {0, 12, 3, 3};
		const pl_test_budget b =
		        pl_test_budget_draw((pl_ballot_kind)(round % 3), 6, 7, z, &g);
		pl_test_weights_are_copies(&b, pl_test_shares[round % PL_TEST_SHARES]);
	}
}

int main(void)
{
	RUN(groups_get_what_they_could_pay_for_up_to_one_project);
	RUN(groups_get_all_they_could_pay_for_where_costs_are_equal);
	RUN(no_more_than_the_budget_is_spent);
	RUN(orders_of_ballots_and_options_change_nothing);
	RUN(a_weight_is_so_many_equal_ballots);
	return pl_test_failed;
}
