/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/bench_votes.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "base/threads.h"

#include <stdio.h>

enum {
	GROUPS = 8,
	COST_LEAST = 1000,
	COST_MOST = 100000, /* of a project */
	POINTS = 10,
	DRAWS = 16,  /* of an option that a ballot marks already, until the next free one is
	                taken */
	OF_ALL = 10, /* the budget is for one project in so many */
	YES = 60,    /* of a hundred marks on motions, */
	NO = 90      /* and no up to here; the others abstain */
};

/// An election under way.
typedef struct {
	const pl_bench_votes_spec *spec;
	pl_election_draft *d;
	int64_t *drawn; ///< [options] last ballot + 1 that marks the option
	pl_random random;
} bench;

static pl_status add_options(bench *b, pl_error *err)
{
	char id[24];
	int64_t all = 0;
	for (int32_t i = 0; i < b->spec->options; i++) {
		const int64_t cost =
		        b->spec->money ? pl_random_between(&b->random, COST_LEAST, COST_MOST)
		                       : 0;
		(void)snprintf(id, sizeof id, "%d", (int)i + 1);
		PL_TRY(pl_election_option(b->d, id, NULL, cost, -1, err));
		all += cost;
	}
	return b->spec->money ? pl_election_money(b->d, 0, all / OF_ALL, err) : PL_OK;
}

/// An option: the smaller of two, seen from the group's place in the list, so that each group
/// likes those behind its place better.
static int32_t draw_any(bench *b, int32_t group)
{
	const int32_t n = b->spec->options;
	const int32_t x = (int32_t)pl_random_below(&b->random, (uint64_t)n),
	              y = (int32_t)pl_random_below(&b->random, (uint64_t)n);
	return (int32_t)(((int64_t)(x < y ? x : y) + (int64_t)group * n / GROUPS) % n);
}

/// Draw an option that the ballot does not mark yet. Where it marks nearly all, the rest would
/// hardly ever be drawn: then it is the next one in the list.
static int32_t draw_option(bench *b, int64_t ballot, int32_t group)
{
	int32_t option = draw_any(b, group);
	for (int k = 1; k < DRAWS && b->drawn[option] == ballot + 1; k++)
		option = draw_any(b, group);
	while (b->drawn[option] == ballot + 1) option = (option + 1) % b->spec->options;
	b->drawn[option] = ballot + 1;
	return option;
}

static int32_t draw_value(bench *b, int32_t mark)
{
	switch (b->spec->kind) {
	case PL_BALLOT_SCORE:
		return (int32_t)pl_random_between(&b->random, 1, POINTS);
	case PL_BALLOT_RANKED:
		return mark + 1;
	case PL_BALLOT_MOTION: {
		const uint64_t x = pl_random_below(&b->random, 100);
		return x < YES ? PL_MARK_YES : x < NO ? PL_MARK_NO : PL_MARK_ABSTAIN;
	}
	default:
		return 1;
	}
}

static pl_status add_ballot(bench *b, int64_t ballot, pl_error *err)
{
	const int32_t n = b->spec->options;
	const bool all = b->spec->kind == PL_BALLOT_MOTION;
	const int32_t marks = all || b->spec->marks > n ? n : b->spec->marks;
	/* the first group is the largest, the last the smallest */
	const int32_t x = (int32_t)pl_random_below(&b->random, GROUPS),
	              y = (int32_t)pl_random_below(&b->random, GROUPS);
	PL_TRY(pl_election_ballot(b->d, NULL, 1, err));
	for (int32_t k = 0; k < marks; k++) {
		const int32_t option = all ? k : draw_option(b, ballot, x < y ? x : y);
		PL_TRY(pl_election_mark(b->d, option, draw_value(b, k), err));
	}
	return PL_OK;
}

pl_status pl_bench_votes(pl_election **out, const pl_bench_votes_spec *spec, pl_error *err)
{
	bench b = {.spec = spec,
	           .random = pl_random_new(spec->seed, (uint64_t)(int)spec->kind)};
	*out = NULL;
	pl_status status = pl_election_begin(&b.d, spec->kind, err);
	if (status != PL_OK) return status;
	b.drawn = pl_alloc(spec->options, sizeof *b.drawn);
	if (b.drawn == NULL)
		status = pl_fail(err, PL_ENOMEM, -1, "no memory for an election");
	else
		status = add_options(&b, err);
	for (int64_t i = 0; i < spec->ballots && status == PL_OK; i++)
		status = add_ballot(&b, i, err);
	if (status == PL_OK) status = pl_election_finish(out, b.d, err);
	pl_election_drop(b.d);
	pl_free(b.drawn);
	return status;
}

int64_t pl_bench_votes_read(const pl_election *e)
{
	const int64_t n = e->n_marks;
	const int32_t *marked = e->marked, *value = e->value;
	uint64_t sum = 0;
	if (value == NULL) {
#pragma omp parallel for reduction(+ : sum)
		for (int64_t k = 0; k < n; k++) sum += (uint64_t)(int64_t)marked[k];
	} else {
#pragma omp parallel for reduction(+ : sum)
		for (int64_t k = 0; k < n; k++)
			sum += (uint64_t)(int64_t)marked[k] + (uint64_t)(int64_t)value[k];
	}
	return (int64_t)sum;
}
