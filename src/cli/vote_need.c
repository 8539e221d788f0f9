/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/vote_need.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

enum {
	WORK_MOST = 4000000,     /* marks, and options squared, of what is counted so often */
	WEIGHT_MOST = 1000000000 /* thrice as much, with most points, can still be added up */
};

/// The election with one more ballot, for the option alone, and costs of its own.
typedef struct {
	const pl_vote_count *c;
	int32_t option;
	pl_election e;
	int64_t *start, *weight, *cost;
	int32_t *marked, *value;
} trial;

static void clear(trial *t)
{
	pl_free(t->start);
	pl_free(t->weight);
	pl_free(t->cost);
	pl_free(t->marked);
	pl_free(t->value);
}

/// What the further ballot says of the option.
static int32_t best_mark(const trial *t)
{
	const pl_election *e = t->c->e;
	int32_t most = t->c->s.high > t->c->s.low ? t->c->s.high : 1;
	if (e->kind != PL_BALLOT_SCORE) return 1; /* chosen, first, or yes */
	for (int64_t k = 0; k < e->n_marks && t->c->s.high <= t->c->s.low; k++)
		if (e->value[k] > most) most = e->value[k];
	return most;
}

static pl_status begin(trial *t, pl_error *err)
{
	const pl_election *e = t->c->e;
	const int64_t n = e->n_ballots, marks = e->n_marks;
	t->start = pl_alloc(n + 2, sizeof *t->start);
	t->weight = pl_alloc(n + 1, sizeof *t->weight);
	t->cost = pl_alloc(e->n_options, sizeof *t->cost);
	t->marked = pl_alloc(marks + 1, sizeof *t->marked);
	t->value = pl_alloc(marks + 1, sizeof *t->value);
	if (t->start == NULL || t->weight == NULL || t->cost == NULL || t->marked == NULL ||
	    t->value == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to count again");
	memcpy(t->start, e->start, (size_t)(n + 1) * sizeof *t->start);
	memcpy(t->cost, e->option.cost, (size_t)e->n_options * sizeof *t->cost);
	if (marks > 0) memcpy(t->marked, e->marked, (size_t)marks * sizeof *t->marked);
	for (int64_t b = 0; b < n; b++) t->weight[b] = e->weight == NULL ? 1 : e->weight[b];
	for (int64_t b = 0; b < n; b++)
		for (int64_t k = e->start[b]; k < e->start[b + 1]; k++)
			t->value[k] = e->value != NULL ? e->value[k]
			              : e->kind == PL_BALLOT_RANKED
			                      ? (int32_t)(k - e->start[b]) + 1
			                      : 1;
	t->marked[marks] = t->option;
	t->value[marks] = best_mark(t);
	t->start[n + 1] = marks + 1;
	t->e = *e;
	t->e.start = t->start;
	t->e.weight = t->weight;
	t->e.marked = t->marked;
	t->e.value = t->value;
	t->e.option.cost = t->cost;
	t->e.name = NULL;
	return PL_OK;
}

/// Count with so many more ballots and this cost. @param[out] wins the option
static pl_status count(bool *wins, trial *t, int64_t more, int64_t cost, pl_error *err)
{
	const pl_election *e = t->c->e;
	pl_vote_result *r;
	t->e.n_ballots = e->n_ballots + (more > 0);
	t->e.n_marks = e->n_marks + (more > 0);
	t->e.total = e->total + more;
	t->weight[e->n_ballots] = more;
	t->cost[t->option] = cost;
	*wins = false;
	PL_TRY(pl_vote_tally(&r, &t->e, &t->c->s, err));
	for (int32_t w = 0; w < r->n_winners && r->outcome == PL_VOTE_DECIDED; w++)
		*wins = *wins || r->winner[w] == t->option;
	pl_vote_result_free(r);
	return PL_OK;
}

/// Where winning begins between two numbers, at the first of which it does not win and at the
/// last of which it does. @param costs they are costs, else ballots
static pl_status close_in(int64_t *loses, int64_t *wins, trial *t, bool costs, pl_error *err)
{
	const int64_t cost = t->c->e->option.cost[t->option];
	while (*wins - *loses > 1 || *loses - *wins > 1) {
		const int64_t middle = *loses + (*wins - *loses) / 2;
		bool won;
		PL_TRY(count(&won, t, costs ? 0 : middle, costs ? middle : cost, err));
		*(won ? wins : loses) = middle;
	}
	return PL_OK;
}

static pl_status find_ballots(pl_vote_need *out, trial *t, pl_error *err)
{
	const pl_election *e = t->c->e;
	const int64_t cost = e->option.cost[t->option];
	const int64_t left = e->eligible < 0 ? 2 * e->total + 1 : e->eligible - e->total;
	int64_t loses = 0, tried = 1;
	bool won = false;
	out->tried = left;
	if (left < 1) return PL_OK;
	for (;;) {
		PL_TRY(count(&won, t, tried, cost, err));
		if (won || tried == left) break;
		loses = tried;
		tried = tried <= left / 2 ? 2 * tried : left;
	}
	if (!won) return PL_OK;
	PL_TRY(close_in(&loses, &tried, t, false, err));
	out->ballots = tried;
	return PL_OK;
}

static pl_status find_cost(pl_vote_need *out, trial *t, pl_error *err)
{
	int64_t loses = t->c->e->option.cost[t->option], wins = 0;
	bool won;
	if (!pl_vote_spends(t->c) || loses < 1) return PL_OK;
	PL_TRY(count(&won, t, 0, wins, err));
	if (!won) return PL_OK;
	PL_TRY(close_in(&loses, &wins, t, true, err));
	out->cost = wins;
	return PL_OK;
}

pl_status pl_vote_need_of(pl_vote_need *out, const pl_vote_count *c, int32_t option,
                          pl_error *err)
{
	trial t = {.c = c, .option = option};
	const int64_t n = c->e->n_options;
	*out = (pl_vote_need){.ballots = -1, .cost = -1};
	if (c->e->n_marks > WORK_MOST || n * n > WORK_MOST || c->e->total > WEIGHT_MOST)
		return PL_OK;
	out->looked = true;
	pl_status status = begin(&t, err);
	if (status == PL_OK) status = find_ballots(out, &t, err);
	if (status == PL_OK) status = find_cost(out, &t, err);
	clear(&t);
	return status;
}
