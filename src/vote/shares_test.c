/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Equal shares against its definition, a fraction for each voter, and by hand. */
#include "tests/ballots.h"
#include "tests/shares.h"

#include <gmp.h>

#ifdef PL_ALLOC_FAULTS /* builds with sanitizers, ten times slower: a part of the elections */
enum { PART = 5 };
#else
enum { PART = 1 };
#endif

/* ---- by definition -------------------------------------------------------------------------
 */

typedef struct {
	const pl_test_budget *b;
	bool by_cost;
	mpq_t left[PL_TEST_VOTERS];
	mpq_t rho; /* of the option looked at last, for a unit of utility */
	mpq_t a, c;
} plain;

static void plain_open(plain *p, const pl_test_budget *b, bool by_cost)
{
	p->b = b;
	p->by_cost = by_cost;
	mpq_inits(p->rho, p->a, p->c, NULL);
	for (int i = 0; i < b->voters; i++) mpq_init(p->left[i]);
}

static void plain_close(plain *p)
{
	mpq_clears(p->rho, p->a, p->c, NULL);
	for (int i = 0; i < p->b->voters; i++) mpq_clear(p->left[i]);
}

static void set_whole(mpq_t out, int64_t x)
{
	mpq_set_si(out, (long)x, 1);
}

/* What voter i gets of an option: 0 where it is not supported. */
static void set_utility(mpq_t out, plain *p, int i, int option)
{
	const int64_t points = pl_test_points(p->b, i, option);
	set_whole(out, points > 0 ? points : 0);
	if (!p->by_cost) return;
	set_whole(p->c, p->b->cost[option]);
	mpq_mul(out, out, p->c);
}

/* sum of weight * min(left, rho * utility), in p->a */
static void raise_at(plain *p, int option, const mpq_t rho)
{
	mpq_t pays, weight;
	mpq_inits(pays, weight, NULL);
	set_whole(p->a, 0);
	for (int i = 0; i < p->b->voters; i++) {
		set_utility(pays, p, i, option);
		mpq_mul(pays, pays, rho);
		if (mpq_cmp(pays, p->left[i]) > 0) mpq_set(pays, p->left[i]);
		set_whole(weight, p->b->weight[i]);
		mpq_mul(pays, pays, weight);
		mpq_add(p->a, p->a, pays);
	}
	mpq_clears(pays, weight, NULL);
}

/* The least rho at which the cost is raised, in p->rho: what is raised is piecewise linear in
 * rho with corners where a voter has just enough, so the last corner that raises less than the
 * cost gives the line on which rho lies. @return false: never */
static bool plain_rho(plain *p, int option)
{
	const pl_test_budget *b = p->b;
	mpq_t corner, at, raised, cost, slope;
	bool can = false;
	mpq_inits(corner, at, raised, cost, slope, NULL);
	set_whole(cost, b->cost[option]);
	for (int i = 0; i < b->voters; i++) { /* `at`: the last corner below, 0 at first */
		set_utility(corner, p, i, option);
		if (mpq_sgn(corner) == 0) continue;
		mpq_div(corner, p->left[i], corner);
		raise_at(p, option, corner);
		if (mpq_cmp(p->a, cost) >= 0)
			can = true;
		else if (mpq_cmp(corner, at) > 0)
			mpq_set(at, corner);
	}
	raise_at(p, option, at);
	mpq_set(raised, p->a);
	for (int i = 0; i < b->voters; i++) { /* who goes on paying behind it */
		set_utility(corner, p, i, option);
		mpq_set(p->a, corner);
		mpq_mul(p->a, p->a, at);
		if (mpq_cmp(p->left[i], p->a) <= 0) continue;
		set_whole(p->a, b->weight[i]);
		mpq_mul(corner, corner, p->a);
		mpq_add(slope, slope, corner);
	}
	if (can) {
		mpq_sub(p->rho, cost, raised);
		mpq_div(p->rho, p->rho, slope);
		mpq_add(p->rho, p->rho, at);
	}
	mpq_clears(corner, at, raised, cost, slope, NULL);
	return can;
}

static void plain_buy(plain *p, int option, const mpq_t rho)
{
	mpq_t pays;
	mpq_init(pays);
	for (int i = 0; i < p->b->voters; i++) {
		set_utility(pays, p, i, option);
		mpq_mul(pays, pays, rho);
		if (mpq_cmp(pays, p->left[i]) > 0) mpq_set(pays, p->left[i]);
		mpq_sub(p->left[i], p->left[i], pays);
	}
	mpq_clear(pays);
}

static bool is_wanted(const pl_test_budget *b, int option)
{
	for (int i = 0; i < b->voters; i++)
		if (pl_test_points(b, i, option) > 0) return true;
	return false;
}

/* Buy what costs nothing, then what asks least; all in `won`. @return what is spent */
static int64_t plain_run(plain *p, char *won, int64_t num, int64_t den)
{
	const pl_test_budget *b = p->b;
	int64_t spent = 0;
	int n = 0;
	mpq_t least;
	mpq_init(least);
	for (int i = 0; i < b->voters; i++) {
		mpq_set_si(p->left[i], (long)num, (unsigned long)den);
		mpq_canonicalize(p->left[i]);
	}
	won[0] = '\0';
	for (;;) {
		int best = -1;
		for (int k = 0; k < b->n; k++) {
			if (strchr(won, 'a' + k) != NULL || !is_wanted(b, k)) continue;
			if (b->cost[k] == 0) set_whole(p->rho, 0);
			if (b->cost[k] > 0 && !plain_rho(p, k)) continue;
			const int order = best < 0 ? -1 : mpq_cmp(p->rho, least);
			if (order > 0 || (order == 0 && pl_test_first(b, best, k))) continue;
			mpq_set(least, p->rho);
			best = k;
		}
		if (best < 0) break;
		plain_buy(p, best, least);
		spent += b->cost[best];
		won[n++] = (char)('a' + best);
		won[n] = '\0';
	}
	mpq_clear(least);
	return spent;
}

static void plain_complete(const pl_test_budget *b, char *won, int64_t spent)
{
	for (;;) {
		int best = -1;
		for (int k = 0; k < b->n; k++)
			if (strchr(won, 'a' + k) == NULL && b->cost[k] <= b->budget - spent &&
			    pl_test_votes(b, k) >= 0 && (best < 0 || pl_test_first(b, k, best)))
				best = k;
		if (best < 0) return;
		spent += b->cost[best];
		won[strlen(won) + 1] = '\0';
		won[strlen(won)] = (char)('a' + best);
	}
}

static void plain_winners(char *won, const pl_test_budget *b, int rule)
{
	plain p;
	int64_t total = 0, all = 0, spent;
	plain_open(&p, b, rule % 2 == 0);
	for (int i = 0; i < b->voters; i++) total += b->weight[i];
	for (int k = 0; k < b->n; k++) all += is_wanted(b, k) ? b->cost[k] : 0;
	if (rule / 4 == 0 || all <= b->budget) {
		spent = plain_run(&p, won, b->budget, total);
	} else {
		int64_t part = b->budget / total;
		while (plain_run(&p, won, part + 1, 1) <= b->budget) part++;
		spent = plain_run(&p, won, part, 1);
	}
	if (rule / 2 % 2 == 1) plain_complete(b, won, spent);
	plain_close(&p);
}

/// Growing parts are never the reason that less is bought.
static void parts_that_cannot_grow_are_those_of_the_rule_without_growth(void)
{
	pl_election_draft *d;
	pl_election *e;
	pl_error err;
	static const int64_t cost[] = {5, 2};
	CHECK(pl_election_begin(&d, PL_BALLOT_APPROVAL, &err) == PL_OK);
	CHECK(pl_election_money(d, 0, 7, &err) == PL_OK);
	for (int k = 0; k < 2; k++)
		CHECK(pl_election_option(d, k == 0 ? "a" : "b", NULL, cost[k], -1, &err) ==
		      PL_OK);
	for (int voter = 0; voter < 4; voter++) {
		CHECK(pl_election_ballot(d, NULL, 1, &err) == PL_OK);
		CHECK(pl_election_mark(d, 0, 1, &err) == PL_OK);
		if (voter == 0) CHECK(pl_election_mark(d, 1, 1, &err) == PL_OK);
	}
	CHECK(pl_election_finish(&e, d, &err) == PL_OK);
	pl_election_drop(d);
	pl_vote_result *r = pl_test_spend(e, PL_VOTE_equal_shares_add1, NULL);
	CHECK(r->n_winners == 1 && r->winner[0] == 0);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void check_against_plain(const pl_test_budget *b, int rule)
{
	char won[PL_TEST_PROJECTS + 1], want[PL_TEST_PROJECTS + 1];
	pl_election *e = pl_test_budget_election(b, NULL, NULL);
	pl_vote_result *r = pl_test_spend(e, pl_test_shares[rule], NULL);
	plain_winners(want, b, rule);
	pl_test_spent_on(won, e, r);
	if (strcmp(won, want) != 0)
		fprintf(stderr, "%s: %s, not %s\n",
		        pl_vote_rule_name((int)pl_test_shares[rule]), won, want);
	CHECK(strcmp(won, want) == 0);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void winners_are_those_of_the_definition(void)
{
	static const pl_ballot_kind kinds[] = {PL_BALLOT_APPROVAL, PL_BALLOT_SCORE,
	                                       PL_BALLOT_RANKED};
	pl_random g = pl_random_new(11, 0);
	for (int round = 0; round < 6000 / PART; round++) {
		const pl_test_sizes z = {0, pl_test_draw(&g, 1, 30), pl_test_draw(&g, 1, 3), 4};
		const pl_test_budget b =
		        pl_test_budget_draw(kinds[round % 3], pl_test_draw(&g, 1, 6),
		                            pl_test_draw(&g, 1, 8), z, &g);
		check_against_plain(&b, round % PL_TEST_SHARES);
	}
}

/* A dear project that few want keeps parts growing, long after nothing else changes. */
static void parts_that_grow_far_grow_as_if_by_one(void)
{
	static const pl_ballot_kind kinds[] = {PL_BALLOT_APPROVAL, PL_BALLOT_SCORE};
	pl_random g = pl_random_new(17, 0);
	for (int round = 0; round < 1500 / PART; round++) {
		const pl_test_sizes z = {0, pl_test_draw(&g, 1, 30), 1, 3};
		pl_test_budget b = pl_test_budget_draw(kinds[round % 2], pl_test_draw(&g, 2, 6),
		                                       pl_test_draw(&g, 1, 8), z, &g);
		for (int k = pl_test_draw(&g, 1, 2); k > 0; k--) {
			const int dear = pl_test_draw(&g, 0, b.n - 1);
			b.cost[dear] += pl_test_draw(&g, 50, 250);
			b.budget += b.cost[dear] / k;
		}
		check_against_plain(&b, PL_TEST_SHARES / 2 + round % (PL_TEST_SHARES / 2));
	}
}

/* Approvals of some voters, and how many approve of nothing. */
static pl_election *approvals(const int64_t *cost, const char *const *ballot, int ballots,
                              int64_t others, int64_t budget)
{
	pl_election_draft *d;
	pl_election *e;
	CHECK(pl_election_begin(&d, PL_BALLOT_APPROVAL, NULL) == PL_OK);
	CHECK(pl_election_money(d, 0, budget, NULL) == PL_OK);
	for (int k = 0; cost[k] > 0; k++) {
		const char id[] = {(char)('a' + k), '\0'};
		CHECK(pl_election_option(d, id, NULL, cost[k], -1, NULL) == PL_OK);
	}
	for (int i = 0; i < ballots; i++) {
		CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
		for (const char *c = ballot[i]; *c != '\0'; c++)
			CHECK(pl_election_mark(d, *c - 'a', 1, NULL) == PL_OK);
	}
	if (others > 0) CHECK(pl_election_ballot(d, NULL, others, NULL) == PL_OK);
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

/* The counterexample of docs/votes.md. */
static void more_money_may_lose_a_project(void)
{
	static const int64_t cost[] = {2, 5, 0};
	static const char *const ballot[] = {"ab", "b"};
	for (int64_t budget = 4; budget <= 5; budget++) {
		pl_election *e = approvals(cost, ballot, 2, 0, budget);
		pl_vote_result *r = pl_test_spend(e, PL_VOTE_equal_shares, NULL);
		CHECK(r->n_winners == 1 && r->winner[0] == (budget == 4 ? 0 : 1));
		pl_vote_result_free(r);
		pl_election_free(e);
	}
}

/* Growing by one, these parts would need 10^15 runs. */
static void parts_skip_where_nothing_can_change(void)
{
	static const int64_t cost[] = {INT64_C(1000000000000000), 7000, 0};
	static const char *const ballot[] = {"ab", "b"};
	pl_election *e = approvals(cost, ballot, 2, 998, cost[0] + 6999);
	pl_vote_result *r = pl_test_spend(e, PL_VOTE_equal_shares_add1, NULL);
	/* a is paid for by one, who has paid half of b: more than the budget */
	CHECK(r->n_winners == 1 && r->winner[0] == 1);
	const pl_vote_step *grown = &r->step[r->n_steps - 1];
	CHECK(grown->kind == PL_VOTE_STEP_grown);
	CHECK(strcmp(pl_vote_exact(r, grown->x), "1000000000003499") == 0);
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* The second voter has spent a part on a, and pays all that is left for b: each larger part
 * changes the price of b, and c wants parts as large as the budget. */
static void parts_that_would_grow_for_too_long_are_refused(void)
{
	static const int64_t million = 1000000;
	const int64_t cost[] = {3000 * million, 2000 * million, 1000000 * million, 0};
	static const char *const ballot[] = {"b", "ab", "a", "a", "c"};
	pl_election *e = approvals(cost, ballot, 5, 995, cost[2]);
	pl_vote_settings s = pl_vote_preset(PL_VOTE_equal_shares_add1);
	pl_vote_result *r;
	pl_error err;
	CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
	CHECK(strstr(err.msg, "count by equal-shares-completed") != NULL);
	s.rule = PL_VOTE_equal_shares_completed;
	CHECK(pl_vote_tally(&r, e, &s, &err) == PL_OK);
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* Costs that differ by one part in 10^15 and more: doubles cannot tell what asks least. */
static void what_doubles_cannot_tell_is_told_exactly(void)
{
	pl_random g = pl_random_new(12, 0);
	for (int round = 0; round < 3000; round++) {
		const pl_test_sizes z = {INT64_C(100000000000000000), 3,
		                         pl_test_draw(&g, 1, 1000000), 1};
		pl_test_budget b = pl_test_budget_draw(
		        round % 2 == 0 ? PL_BALLOT_APPROVAL : PL_BALLOT_SCORE,
		        pl_test_draw(&g, 2, 8), pl_test_draw(&g, 1, 12), z, &g);
		for (int i = 0; i < b.voters; i++)
			b.weight[i] = round % 4 < 2 ? 1 : b.weight[i];
		check_against_plain(&b, round / 4 % 4);
	}
}

/* All who want an option have just its cost together, so that its price is what the richest of
 * them has: each part is a multiple of what options cost. */
static void all_that_supporters_have_may_be_asked(void)
{
	pl_random g = pl_random_new(13, 0);
	for (int round = 0; round < 3000; round++) {
		const pl_test_sizes z = {0, 0, 1, 1};
		pl_test_budget b = pl_test_budget_draw(PL_BALLOT_APPROVAL, 8,
		                                       pl_test_draw(&g, 1, 12), z, &g);
		b.budget = INT64_C(12) * b.voters;
		for (int k = 0; k < b.n; k++) b.cost[k] = INT64_C(6) * pl_test_draw(&g, 1, 8);
		check_against_plain(&b, round % 4);
	}
}

/* ---- by hand -------------------------------------------------------------------------------
 */

/* Ten voters with 10 each. Six want a (cost 60: they pay all they have) and b (30), four want
 * c (40) and d (45). By cost a, b and c ask the same or less ... a 1/6, b 1/6, c 1/4. */
static void the_steps_can_be_followed(void)
{
	pl_test_budget b = {.kind = PL_BALLOT_APPROVAL,
	                    .n = 4,
	                    .voters = 2,
	                    .budget = 100,
	                    .cost = {60, 30, 40, 45},
	                    .weight = {6, 4},
	                    .value = {{1, 1, 0, 0}, {0, 0, 1, 1}}};
	static const char *const said[] = {
	        "10 have voted, 0 of them without a mark.",
	        "The budget is 100.",
	        "Each of the 10 who have voted has 10 to spend.",
	        ("b costs 30. Of all that can be paid for, it asks the smallest part of its "
	         "cost "
	         "for each vote: 1/6."),
	        "b and a are tied; b goes first, since it costs 30 and the other 60.",
	        "For b, 6 pay 5 for each vote they give it, and 0 pay all they have left.",
	        ("c costs 40. Of all that can be paid for, it asks the smallest part of its "
	         "cost "
	         "for each vote: 1/4."),
	        "For c, 4 pay 10 for each vote they give it, and 0 pay all they have left.",
	        "a costs 60, but those who want it have only 30 left together.",
	        "d costs 45, but those who want it have only 0 left together.",
	};
	pl_election *e = pl_test_budget_election(&b, NULL, NULL);
	pl_vote_result *r = pl_test_spend(e, PL_VOTE_equal_shares, NULL);
	const int64_t n = (int64_t)(sizeof said / sizeof *said);
	CHECK(r->n_steps == n);
	pl_test_last_said(e, r, said, n);
	pl_vote_result_free(r);
	pl_election_free(e);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_random g = pl_random_new(19, 0);
	const pl_test_sizes z = {1, 12, 2, 3};
	const pl_test_budget b = pl_test_budget_draw(PL_BALLOT_SCORE, 6, 7, z, &g);
	pl_election *e = pl_test_budget_election(&b, NULL, NULL);
	for (int rule = 0; rule < PL_TEST_SHARES; rule++) {
		pl_vote_settings s = pl_vote_preset(pl_test_shares[rule]);
		pl_test_tally_may_fail(e, &s);
	}
	pl_election_free(e);
}
#endif

int main(void)
{
	RUN(winners_are_those_of_the_definition);
	RUN(parts_that_cannot_grow_are_those_of_the_rule_without_growth);
	RUN(parts_that_grow_far_grow_as_if_by_one);
	RUN(more_money_may_lose_a_project);
	RUN(parts_skip_where_nothing_can_change);
	RUN(parts_that_would_grow_for_too_long_are_refused);
	RUN(what_doubles_cannot_tell_is_told_exactly);
	RUN(all_that_supporters_have_may_be_asked);
	RUN(the_steps_can_be_followed);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
