/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* budget.c - most votes first, until the budget is spent. */
#include "vote/budget.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdlib.h>

int64_t pl_ballot_points(const pl_election *e, int64_t ballot, int64_t k)
{
	if (e->kind == PL_BALLOT_APPROVAL) return 1;
	if (e->kind == PL_BALLOT_SCORE) return e->value[k];
	int64_t first = k; /* of those with the same rank */
	while (e->value != NULL && first > e->start[ballot] &&
	       e->value[first - 1] == e->value[k])
		first--;
	return e->longest - (first - e->start[ballot]);
}

static void add_votes(int64_t *votes, const pl_election *e)
{
	for (int64_t i = 0; i < e->n_ballots; i++) {
		const int64_t weight = pl_ballot_weight(e, i);
		for (int64_t k = e->start[i]; k < e->start[i + 1]; k++)
			votes[e->marked[k]] += weight * pl_ballot_points(e, i, k);
	}
}

typedef struct {
	int64_t votes, cost;
	int32_t precedence, option;
} bid;

static int by_bid(const void *a, const void *b)
{
	const bid *x = a, *y = b;
	if (x->votes != y->votes) return x->votes < y->votes ? 1 : -1;
	if (x->cost != y->cost) return x->cost < y->cost ? -1 : 1;
	return x->precedence < y->precedence ? -1 : 1;
}

static bid bid_of(const pl_bids *b, const pl_count *c, int32_t option)
{
	return (bid){b->votes[option], c->e->option.cost[option], c->precedence[option],
	             option};
}

static bool sort_bids(pl_bids *b, const pl_count *c)
{
	const int32_t n = c->e->n_options;
	bid *all = pl_alloc(n, sizeof *all);
	if (all == NULL) return false;
	for (int32_t i = 0; i < n; i++) all[i] = bid_of(b, c, i);
	qsort(all, (size_t)n, sizeof *all, by_bid);
	for (int32_t i = 0; i < n; i++) b->sorted[i] = all[i].option;
	pl_free(all);
	return true;
}

pl_status pl_bids_count(pl_bids *b, pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	*b = (pl_bids){pl_alloc(n, sizeof *b->votes), pl_alloc(n, sizeof *b->sorted)};
	if (b->votes == NULL || b->sorted == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to count %d options", (int)n);
	add_votes(b->votes, c->e);
	if (!sort_bids(b, c))
		return pl_fail(err, PL_ENOMEM, -1, "no memory to sort %d options", (int)n);
	pl_count_note(c, b->votes);
	return PL_OK;
}

void pl_bids_free(pl_bids *b)
{
	pl_free(b->votes);
	pl_free(b->sorted);
}

bool pl_bids_before(const pl_bids *b, const pl_count *c, int32_t first, int32_t second)
{
	const bid x = bid_of(b, c, first), y = bid_of(b, c, second);
	return by_bid(&x, &y) < 0;
}

void pl_bids_tie(const pl_bids *b, pl_count *c, int32_t first, int32_t second)
{
	const int64_t *cost = c->e->option.cost;
	if (b->votes[first] != b->votes[second])
		PL_STEP(c, tie_by_votes, .option = first + 1, .other = second + 1,
		        .x = c->tally[first], .y = c->tally[second]);
	else if (cost[first] != cost[second])
		PL_STEP(c, tie_by_cost, .option = first + 1, .other = second + 1,
		        .x = pl_count_money(c, cost[first]),
		        .y = pl_count_money(c, cost[second]));
	else
		PL_STEP(c, tie, .option = first + 1, .other = second + 1);
}

void pl_count_buy(pl_count *c, int32_t option)
{
	pl_count_win(c, option);
	c->place[option] = c->r->n_winners;
}

void pl_bids_spend(const pl_bids *b, pl_count *c, int64_t left, bool skip)
{
	const pl_election *e = c->e;
	bool spending = true;
	for (int32_t k = 0; k < e->n_options && spending; k++) {
		const int32_t a = b->sorted[k],
		              next = k + 1 < e->n_options ? b->sorted[k + 1] : a;
		if (c->place[a] > 0) continue;
		const int64_t cost = e->option.cost[a];
		const pl_said said = {
		        .option = a + 1,
		        .x = c->tally[a],
		        .y = pl_count_money(c, cost),
		        .z = pl_count_money(c, cost <= left ? left - cost : left)};
		if (b->votes[a] < 0) {
			pl_count_step(c, PL_VOTE_STEP_unwanted, said);
		} else if (cost <= left) {
			pl_count_step(c, PL_VOTE_STEP_bought, said);
			pl_count_buy(c, a);
			left -= cost;
		} else {
			pl_count_step(c, skip ? PL_VOTE_STEP_too_dear : PL_VOTE_STEP_ends,
			              said);
			spending = skip;
		}
		if (spending && a != next && c->place[next] == 0 &&
		    b->votes[a] == b->votes[next] && b->votes[a] >= 0)
			pl_bids_tie(b, c, a, next);
	}
}

pl_status pl_count_greedy(pl_count *c, pl_error *err)
{
	pl_bids b;
	const pl_status status = pl_bids_count(&b, c, err);
	if (status == PL_OK) {
		PL_STEP(c, budget, .x = pl_count_money(c, c->e->budget));
		pl_bids_spend(&b, c, c->e->budget, c->s->rule == PL_VOTE_greedy);
	}
	pl_bids_free(&b);
	return status;
}
