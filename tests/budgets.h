/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* budgets.h - small budgets drawn at random, for tests: plain tables from which elections are
 * made in any order of ballots and options. */
#ifndef PL_TESTS_BUDGETS_H
#define PL_TESTS_BUDGETS_H
#include "base/random.h"
#include "tests/pl_test.h"

#include <plenum/vote.h>

enum { PL_TEST_PROJECTS = 8, PL_TEST_VOTERS = 24 };

typedef struct {
	pl_ballot_kind kind;
	int n, voters;
	int64_t budget, cost[PL_TEST_PROJECTS], weight[PL_TEST_VOTERS];
	int32_t value[PL_TEST_VOTERS][PL_TEST_PROJECTS]; ///< as on the ballot; 0: no mark
} pl_test_budget;

/// How large the numbers are, and how near each other.
typedef struct {
	int64_t base, spread; ///< costs are base + 0 .. spread
	int64_t weight;       ///< at most
	int32_t points;       ///< at most
} pl_test_sizes;

static inline int pl_test_draw(pl_random *g, int low, int high)
{
	return (int)pl_random_between(g, low, high);
}

static inline void pl_test_draw_ballot(pl_test_budget *b, int i, pl_test_sizes z, pl_random *g)
{
	int rank = 1;
	for (int k = 0; k < b->n; k++) {
		b->value[i][k] = 0;
		if (pl_random_below(g, 2) == 0) continue;
		b->value[i][k] = b->kind == PL_BALLOT_RANKED  ? rank
		                 : b->kind == PL_BALLOT_SCORE ? pl_test_draw(g, -1, z.points)
		                                              : 1;
		rank += pl_test_draw(g, 0, 1);
	}
}

static inline pl_test_budget pl_test_budget_draw(pl_ballot_kind kind, int n, int voters,
                                                 pl_test_sizes z, pl_random *g)
{
	pl_test_budget b = {.kind = kind, .n = n, .voters = voters};
	int64_t sum = 0;
	for (int k = 0; k < n; k++) {
		b.cost[k] = z.base + pl_random_between(g, 0, z.spread);
		sum += b.cost[k];
	}
	b.budget = pl_random_between(g, 1, sum + 1);
	for (int i = 0; i < voters; i++) {
		b.weight[i] = pl_random_between(g, 1, z.weight);
		pl_test_draw_ballot(&b, i, z, g);
	}
	return b;
}

/// Ranks drawn may jump; put them as elections keep them: equal ranks stay equal.
/// @param ballot,option [voters], [n] in which order they are put; NULL: as they stand
static inline pl_election *pl_test_budget_election(const pl_test_budget *b, const int *ballot,
                                                   const int *option)
{
	pl_election_draft *d;
	pl_election *e = NULL;
	int32_t number[PL_TEST_PROJECTS];
	CHECK(pl_election_begin(&d, b->kind, NULL) == PL_OK);
	CHECK(pl_election_money(d, 0, b->budget, NULL) == PL_OK);
	for (int k = 0; k < b->n; k++) {
		const int which = option == NULL ? k : option[k];
		const char id[] = {(char)('a' + which), '\0'};
		number[which] = k;
		CHECK(pl_election_option(d, id, NULL, b->cost[which], -1, NULL) == PL_OK);
	}
	for (int i = 0; i < b->voters; i++) {
		const int who = ballot == NULL ? i : ballot[i];
		CHECK(pl_election_ballot(d, NULL, b->weight[who], NULL) == PL_OK);
		for (int k = 0; k < b->n; k++)
			if (b->value[who][k] != 0)
				CHECK(pl_election_mark(d, number[k], b->value[who][k], NULL) ==
				      PL_OK);
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

/// Points that a ballot gives, as budgets count them.
static inline int64_t pl_test_points(const pl_test_budget *b, int voter, int option)
{
	const int32_t *value = b->value[voter];
	if (b->kind != PL_BALLOT_RANKED || value[option] == 0) return value[option];
	int longest = 0, before = 0;
	for (int i = 0; i < b->voters; i++) {
		int length = 0;
		for (int k = 0; k < b->n; k++) length += b->value[i][k] != 0;
		if (length > longest) longest = length;
	}
	for (int k = 0; k < b->n; k++) before += value[k] != 0 && value[k] < value[option];
	return longest - before;
}

static inline int64_t pl_test_votes(const pl_test_budget *b, int option)
{
	int64_t votes = 0;
	for (int i = 0; i < b->voters; i++)
		votes += b->weight[i] * pl_test_points(b, i, option);
	return votes;
}

/// More votes, then lower cost, then the order of the options.
static inline bool pl_test_first(const pl_test_budget *b, int x, int y)
{
	const int64_t votes = pl_test_votes(b, x) - pl_test_votes(b, y);
	if (votes != 0) return votes > 0;
	if (b->cost[x] != b->cost[y]) return b->cost[x] < b->cost[y];
	return x < y;
}

static inline void pl_test_shuffle(int *order, int n, pl_random *g)
{
	for (int i = 0; i < n; i++) order[i] = i;
	for (int i = n - 1; i > 0; i--) {
		const int j = pl_test_draw(g, 0, i), kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
}

static inline pl_vote_result *pl_test_spend(const pl_election *e, pl_vote_rule rule,
                                            const int32_t *order)
{
	pl_vote_result *r = NULL;
	pl_error err = {0};
	pl_vote_settings s = pl_vote_preset(rule);
	s.order = order;
	if (pl_vote_tally(&r, e, &s, &err) != PL_OK) fprintf(stderr, "%s\n", err.msg);
	if (r == NULL) exit(1);
	return r;
}

/// The ids of the winners in the order in which they won.
static inline void pl_test_spent_on(char out[PL_TEST_PROJECTS + 1], const pl_election *e,
                                    const pl_vote_result *r)
{
	for (int k = 0; k < r->n_winners; k++) out[k] = *pl_text_at(e->option.id, r->winner[k]);
	out[r->n_winners] = '\0';
}

/// Are the steps of two counts of the same election the same?
static inline bool pl_test_same_steps(const pl_vote_result *a, const pl_vote_result *b)
{
	bool same = a->n_steps == b->n_steps;
	for (int64_t i = 0; same && i < a->n_steps; i++) {
		const pl_vote_step *x = &a->step[i], *y = &b->step[i];
		same = x->kind == y->kind && x->option == y->option && x->other == y->other &&
		       strcmp(pl_vote_exact(a, x->x), pl_vote_exact(b, y->x)) == 0 &&
		       strcmp(pl_vote_exact(a, x->y), pl_vote_exact(b, y->y)) == 0 &&
		       strcmp(pl_vote_exact(a, x->z), pl_vote_exact(b, y->z)) == 0;
	}
	return same;
}

/// Count the budget as it stands, with ballots in another order, and with options in another
/// order but the same precedence; all must win alike, the first two by the same steps.
static inline void pl_test_orders_change_nothing(const pl_test_budget *b, pl_vote_rule rule,
                                                 pl_random *g)
{
	int ballot[PL_TEST_VOTERS], option[PL_TEST_PROJECTS];
	int32_t precedence[PL_TEST_PROJECTS];
	char winners[3][PL_TEST_PROJECTS + 1];
	pl_test_shuffle(ballot, b->voters, g);
	pl_test_shuffle(option, b->n, g);
	for (int k = 0; k < b->n; k++) precedence[option[k]] = k;
	pl_election *e[] = {pl_test_budget_election(b, NULL, NULL),
	                    pl_test_budget_election(b, ballot, NULL),
	                    pl_test_budget_election(b, NULL, option)};
	pl_vote_result *r[] = {pl_test_spend(e[0], rule, NULL), pl_test_spend(e[1], rule, NULL),
	                       pl_test_spend(e[2], rule, precedence)};
	for (int i = 0; i < 3; i++) pl_test_spent_on(winners[i], e[i], r[i]);
	CHECK(strcmp(winners[0], winners[1]) == 0 && strcmp(winners[0], winners[2]) == 0);
	CHECK(pl_test_same_steps(r[0], r[1]));
	for (int i = 0; i < 3; i++) {
		pl_vote_result_free(r[i]);
		pl_election_free(e[i]);
	}
}

/// A ballot of weight w counts as w ballots do, by the same steps.
static inline void pl_test_weights_are_copies(const pl_test_budget *b, pl_vote_rule rule)
{
	pl_test_budget copies = *b;
	copies.voters = 0;
	for (int i = 0; i < b->voters; i++)
		for (int64_t w = 0; w < b->weight[i] && copies.voters < PL_TEST_VOTERS; w++) {
			memcpy(copies.value[copies.voters], b->value[i], sizeof b->value[i]);
			copies.weight[copies.voters++] = 1;
		}
	pl_election *e = pl_test_budget_election(b, NULL, NULL);
	pl_election *f = pl_test_budget_election(&copies, NULL, NULL);
	pl_vote_result *r = pl_test_spend(e, rule, NULL), *q = pl_test_spend(f, rule, NULL);
	CHECK(e->total == f->total);
	CHECK(pl_test_same_steps(r, q));
	pl_vote_result_free(r);
	pl_vote_result_free(q);
	pl_election_free(e);
	pl_election_free(f);
}
#endif
