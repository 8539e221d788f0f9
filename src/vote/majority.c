/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* majority.c - what a part of the votes decides: majority, supermajority, consensus.
 *
 * A motion is carried by itself, whatever becomes of the others. On other ballots one option
 * wins, where it alone is first on enough of them. Nothing is carried without a vote for it. */
#include "base/alloc.h"
#include "base/error.h"
#include "vote/count.h"

/// Votes on a motion by their mark; who blocks says no, and is counted apart.
typedef struct {
	int64_t by[PL_MARKS_OF_MOTION];
} motion;

/* ---- the part that is needed ---------------------------------------------------------------
 */

/// The part, above which (majority) or at which something is carried.
static pl_fraction part_of(const pl_vote_settings *s)
{
	const pl_fraction half = {1, 2};
	if (s->rule == PL_VOTE_majority) return half;
	return s->rule == PL_VOTE_consensus ? s->fallback : s->threshold;
}

/// The fewest votes that are enough of so many. @return >= 1
static int64_t enough(const pl_vote_settings *s, int64_t base)
{
	if (s->rule == PL_VOTE_majority) return base / 2 + 1;
	const pl_fraction part = part_of(s);
	const pl_wide whole = ((pl_wide)base * part.num + part.den - 1) / part.den;
	return whole < 1 ? 1 : (int64_t)whole;
}

/// What the part is taken of. @param cast votes for or against, or with a first choice
static int64_t base_of(const pl_count *c, int64_t cast)
{
	if (c->s->of == PL_VOTE_OF_CAST) return cast;
	return c->s->of == PL_VOTE_OF_PRESENT ? c->e->total : c->e->eligible;
}

static void say_base(pl_count *c)
{
	if (c->s->of == PL_VOTE_OF_CAST)
		PL_STEP(c, of_cast, .option = 0);
	else if (c->s->of == PL_VOTE_OF_PRESENT)
		PL_STEP(c, of_present, .x = pl_count_whole(c, c->e->total));
	else
		PL_STEP(c, of_eligible, .x = pl_count_whole(c, c->e->eligible));
}

/// Are so many votes enough? The answer is written down.
static bool reaches(pl_count *c, int32_t option, int64_t votes, int64_t cast)
{
	const int64_t base = base_of(c, cast), needed = enough(c->s, base);
	const pl_fraction part = part_of(c->s);
	const pl_vote_step_kind kind =
	        c->s->rule == PL_VOTE_majority ? PL_VOTE_STEP_more_than : PL_VOTE_STEP_at_least;
	pl_count_step(c, kind,
	              (pl_said){.option = option + 1,
	                        .x = pl_count_part(c, part),
	                        .y = pl_count_whole(c, base),
	                        .z = pl_count_whole(c, needed)});
	pl_count_step(c, votes >= needed ? PL_VOTE_STEP_reached : PL_VOTE_STEP_missed,
	              (pl_said){.option = option + 1,
	                        .x = pl_count_whole(c, votes),
	                        .y = pl_count_whole(c, needed)});
	return votes >= needed;
}

/* ---- motions -------------------------------------------------------------------------------
 */

static void count_marks(const pl_election *e, motion *all)
{
	for (int64_t i = 0; i < e->n_ballots; i++) {
		const int64_t weight = pl_ballot_weight(e, i);
		for (int64_t k = e->start[i]; k < e->start[i + 1]; k++)
			all[e->marked[k]].by[e->value[k]] += weight;
	}
}

static int64_t against(const motion *m)
{
	return m->by[PL_MARK_NO] + m->by[PL_MARK_BLOCK];
}

static bool is_agreed(pl_count *c, int32_t option, const motion *m)
{
	const int64_t yes = m->by[PL_MARK_YES], no = against(m);
	if (no == 0) {
		const pl_vote_step_kind kind =
		        yes > 0 ? PL_VOTE_STEP_agreed : PL_VOTE_STEP_nobody;
		pl_count_step(c, kind,
		              (pl_said){.option = option + 1, .x = pl_count_whole(c, yes)});
		return yes > 0;
	}
	if (c->s->fallback.num == 0) {
		PL_STEP(c, not_agreed, .option = option + 1, .x = pl_count_whole(c, no));
		return false;
	}
	PL_STEP(c, fallback, .option = option + 1, .x = pl_count_whole(c, no));
	return reaches(c, option, yes, yes + no);
}

static bool is_carried(pl_count *c, int32_t option, const motion *m)
{
	const int64_t yes = m->by[PL_MARK_YES], no = against(m), block = m->by[PL_MARK_BLOCK];
	PL_STEP(c, motion, .option = option + 1, .x = pl_count_whole(c, yes),
	        .y = pl_count_whole(c, no), .z = pl_count_whole(c, c->e->total - yes - no));
	if (block > 0) PL_STEP(c, blocks, .option = option + 1, .x = pl_count_whole(c, block));
	if (c->s->rule == PL_VOTE_consensus) return is_agreed(c, option, m);
	return reaches(c, option, yes, yes + no);
}

static pl_status decide_motions(pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	bool blocked = false;
	motion *all = pl_alloc(n, sizeof *all);
	if (all == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the motions");
	count_marks(c->e, all);
	for (int32_t i = 0; i < n; i++) {
		const bool carried = is_carried(c, i, &all[i]);
		c->tally[i] = pl_count_whole(c, all[i].by[PL_MARK_YES]);
		c->place[i] = carried ? 1 : 0;
		blocked = blocked || all[i].by[PL_MARK_BLOCK] > 0;
		if (carried) pl_count_win(c, i);
	}
	pl_free(all);
	if (c->r->n_winners == 0)
		c->r->outcome = blocked && c->s->rule == PL_VOTE_consensus ? PL_VOTE_BLOCKED
		                                                           : PL_VOTE_REJECTED;
	return PL_OK;
}

/* ---- first choices -------------------------------------------------------------------------
 */

/// What a mark says of its option, more being better; 0: not marked.
static int64_t worth(const pl_election *e, int64_t k)
{
	if (e->value == NULL) return e->kind == PL_BALLOT_RANKED ? -k : 1;
	return e->kind == PL_BALLOT_RANKED ? -(int64_t)e->value[k] : e->value[k];
}

/// The option that stands alone before all others on a ballot, or -1. What is not marked has 0
/// points, and is behind whatever is ranked or chosen.
static int32_t first_choice(const pl_election *e, int64_t ballot)
{
	const int64_t from = e->start[ballot], end = e->start[ballot + 1];
	int32_t first = -1;
	int64_t best = INT64_MIN;
	for (int64_t k = from; k < end; k++) {
		const int64_t w = worth(e, k);
		if (w < best) continue;
		first = w > best ? e->marked[k] : -1;
		best = w;
	}
	const int64_t unmarked = e->n_options - (end - from);
	if (e->kind != PL_BALLOT_SCORE || best > 0 || unmarked == 0 || from == end)
		return first;
	if (best == 0 || unmarked > 1) return -1;
	for (first = 0; from + first < end && e->marked[from + first] == first;) first++;
	return first;
}

/// @param[out] votes [n_options] of whom the option is the first choice
/// @param[out] cast votes with a mark @return votes without one first choice
static int64_t count_firsts(const pl_election *e, int64_t *votes, int64_t *cast)
{
	int64_t several = 0;
	*cast = 0;
	for (int64_t i = 0; i < e->n_ballots; i++) {
		if (e->start[i] == e->start[i + 1]) continue;
		const int64_t weight = pl_ballot_weight(e, i);
		const int32_t first = first_choice(e, i);
		*cast += weight;
		if (first < 0)
			several += weight;
		else
			votes[first] += weight;
	}
	return several;
}

static pl_status decide_firsts(pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	int64_t *votes = pl_alloc(n, sizeof *votes), cast = 0;
	int32_t *sorted = pl_alloc(n, sizeof *sorted);
	pl_status status = PL_OK;
	if (votes == NULL || sorted == NULL) {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory for the first choices");
		goto done;
	}
	const int64_t several = count_firsts(c->e, votes, &cast);
	if (!pl_count_sort(c, sorted, votes)) goto done;
	pl_count_note(c, votes);
	pl_count_tell(c, sorted);
	pl_count_place(c, sorted, votes);
	if (several > 0) PL_STEP(c, several, .x = pl_count_whole(c, several));
	if (reaches(c, sorted[0], votes[sorted[0]], cast))
		pl_count_seat(c, sorted, 1);
	else
		c->r->outcome = PL_VOTE_REJECTED;
done:
	pl_free(votes);
	pl_free(sorted);
	return status;
}

pl_status pl_count_motion(pl_count *c, pl_error *err)
{
	if (c->s->rule != PL_VOTE_consensus || c->s->fallback.num > 0) say_base(c);
	return c->e->kind == PL_BALLOT_MOTION ? decide_motions(c, err) : decide_firsts(c, err);
}
