/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* points.c - who has most: approval and score.
 *
 * Stretched ballots have points that are fractions, with the ballot's span (its greatest mark
 * less its least) as denominator. Ballots of one span are added as whole numbers first, and the
 * spans are brought to one denominator. */
#include "base/alloc.h"
#include "base/error.h"
#include "vote/count.h"

#include <inttypes.h>
#include <stdlib.h>

/// Stretched ballots of more different spans than this are refused: their common denominator
/// has thousands of digits, and nobody could follow the count. A range of 0 to 4096 has no
/// more.
enum { SPANS_MOST = 4096 };
static const int64_t sum_most = INT64_C(1) << 62;

/// The points that can be given.
typedef struct {
	int64_t low, high;
	int64_t unmarked; ///< what an option has where it is not marked
} scale;

static int64_t points_of(const pl_election *e, int64_t k)
{
	return e->value == NULL ? 1 : e->value[k];
}

/* ---- approval ------------------------------------------------------------------------------
 */

static bool approves(const pl_election *e, int64_t k)
{
	if (e->value == NULL || e->kind == PL_BALLOT_RANKED) return true;
	return e->kind == PL_BALLOT_MOTION ? e->value[k] == PL_MARK_YES : e->value[k] > 0;
}

/// @param[out] votes [n_options] weight of the ballots that approve
static void count_approvals(const pl_election *e, int64_t *votes)
{
	for (int64_t i = 0; i < e->n_ballots; i++) {
		const int64_t weight = pl_ballot_weight(e, i);
		for (int64_t k = e->start[i]; k < e->start[i + 1]; k++)
			if (approves(e, k)) votes[e->marked[k]] += weight;
	}
}

/// An option without a vote takes no seat.
static void decide_approval(pl_count *c, const int32_t *sorted, const int64_t *votes)
{
	int32_t seats = 0;
	while (seats < c->s->seats && votes[sorted[seats]] > 0) seats++;
	if (seats > 0)
		pl_count_seat(c, sorted, seats);
	else
		c->r->outcome = PL_VOTE_REJECTED;
	if (seats < c->s->seats)
		PL_STEP(c, empty_seats, .x = pl_count_whole(c, c->s->seats - seats));
}

/* ---- the range -----------------------------------------------------------------------------
 */

static scale find_scale(const pl_election *e)
{
	scale s = {0, 0, 0};
	for (int64_t k = 0; k < e->n_marks; k++) {
		const int64_t p = points_of(e, k);
		if (p < s.low) s.low = p;
		if (p > s.high) s.high = p;
	}
	return s;
}

static pl_status refuse_mark(const pl_election *e, const scale *s, int64_t k, pl_error *err)
{
	int64_t ballot = 0;
	while (e->start[ballot + 1] <= k) ballot++;
	return pl_fail(err, PL_EARG, ballot,
	               "ballot %" PRId64 " gives %" PRId64 " points; the range is %" PRId64
	               " to %" PRId64,
	               ballot + 1, points_of(e, k), s->low, s->high);
}

/// The largest number that one vote adds.
static int64_t size_of(const scale *s, bool normalise)
{
	const int64_t span = s->high - s->low, most = s->high > -s->low ? s->high : -s->low;
	const int64_t size = normalise && span > most ? span : most;
	return size > 0 ? size : 1;
}

/// The range as set, or as found. What is not marked has 0, or the least where 0 is not in the
/// range. @return PL_OK, PL_EARG
static pl_status fit_scale(const pl_count *c, scale *s, pl_error *err)
{
	const pl_election *e = c->e;
	const scale found = find_scale(e);
	*s = found;
	if (c->s->low < c->s->high) {
		*s = (scale){.low = c->s->low, .high = c->s->high};
		if (s->low > 0 || s->high < 0) s->unmarked = s->low;
	}
	for (int64_t k = 0; k < e->n_marks; k++)
		if (points_of(e, k) < s->low || points_of(e, k) > s->high)
			return refuse_mark(e, s, k, err);
	if (s->high > s->low && e->total > sum_most / size_of(s, c->s->normalise))
		return pl_fail(err, PL_EARG, -1,
		               "the points of all ballots together are too many to count");
	return PL_OK;
}

/* ---- score ---------------------------------------------------------------------------------
 */

/// Add the points of a ballot, less those of an option that it does not mark.
static void add_ballot(const pl_election *e, int64_t ballot, int64_t unmarked, int64_t *points)
{
	const int64_t weight = pl_ballot_weight(e, ballot);
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++)
		points[e->marked[k]] += weight * (points_of(e, k) - unmarked);
}

/// @param[out] points [n_options]
static void count_points(const pl_election *e, const scale *s, int64_t *points)
{
	for (int32_t o = 0; o < e->n_options; o++) points[o] = e->total * s->unmarked;
	for (int64_t i = 0; i < e->n_ballots; i++) add_ballot(e, i, s->unmarked, points);
}

/// A ballot with its least mark and how far the greatest is above it.
typedef struct {
	int64_t span, least, ballot;
} stretch;

static stretch stretch_of(const pl_election *e, int64_t ballot, int64_t unmarked)
{
	const int64_t from = e->start[ballot], end = e->start[ballot + 1];
	const bool all = end - from == e->n_options;
	int64_t least = all ? points_of(e, from) : unmarked, most = least;
	for (int64_t k = from; k < end; k++) {
		const int64_t p = points_of(e, k);
		if (p < least) least = p;
		if (p > most) most = p;
	}
	return (stretch){most - least, least, ballot};
}

static int by_span(const void *a, const void *b)
{
	const stretch *x = a, *y = b;
	if (x->span != y->span) return x->span < y->span ? -1 : 1;
	return x->ballot < y->ballot ? -1 : 1;
}

/// The least number that each span divides. @return PL_OK, PL_EARG: too many spans
static pl_status find_denominator(mpz_t common, const stretch *sorted, int64_t n, pl_error *err)
{
	int64_t spans = 0;
	mpz_set_ui(common, 1);
	for (int64_t i = 0; i < n; i++) {
		if (sorted[i].span == 0 || (i > 0 && sorted[i].span == sorted[i - 1].span))
			continue;
		if (++spans > SPANS_MOST)
			return pl_fail(err, PL_EARG, -1,
			               "the ballots have more than %d different spans of "
			               "points; stretch them in a range with fewer",
			               (int)SPANS_MOST);
		mpz_lcm_ui(common, common, (unsigned long)sorted[i].span);
	}
	return PL_OK;
}

/// Add ballots of one span, n of them, to numerators over the common denominator.
/// @param points [n_options] work space
static void add_span(const pl_count *c, const scale *s, const stretch *of, int64_t n,
                     const mpz_t common, int64_t *points, mpz_t *sum)
{
	const pl_election *e = c->e;
	int64_t unmarked = 0;
	for (int64_t i = 0; i < n; i++)
		unmarked += pl_ballot_weight(e, of[i].ballot) * (s->unmarked - of[i].least);
	for (int32_t o = 0; o < e->n_options; o++) points[o] = unmarked;
	for (int64_t i = 0; i < n; i++) add_ballot(e, of[i].ballot, s->unmarked, points);
	mpz_t times;
	mpz_init(times);
	mpz_divexact_ui(times, common, (unsigned long)of->span);
	for (int32_t o = 0; o < e->n_options; o++)
		mpz_addmul_ui(sum[o], times, (unsigned long)points[o]);
	mpz_clear(times);
}

/// The points themselves: low for each ballot, and its part of the range.
static void tell_points(pl_count *c, const scale *s, const mpz_t common, mpz_t *sum)
{
	mpq_t points;
	mpq_init(points);
	for (int32_t o = 0; o < c->e->n_options; o++) {
		mpz_mul_si(mpq_numref(points), common, (long)(s->low * c->e->total));
		mpz_addmul_ui(mpq_numref(points), sum[o], (unsigned long)(s->high - s->low));
		mpz_set(mpq_denref(points), common);
		mpq_canonicalize(points);
		c->tally[o] = pl_count_fraction(c, points);
	}
	mpq_clear(points);
}

/// A sum and whose it is.
typedef struct {
	mpz_t *sum;
	int32_t option;
} total;

static int by_sum(const void *a, const void *b)
{
	const total *x = a, *y = b;
	return mpz_cmp(*x->sum, *y->sum);
}

/// @param[out] value [n_options] rises where the sums do
static pl_status compare(int32_t n, mpz_t *sum, int64_t *value, pl_error *err)
{
	total *sorted = pl_alloc(n, sizeof *sorted);
	if (sorted == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to compare points");
	for (int32_t o = 0; o < n; o++) sorted[o] = (total){&sum[o], o};
	qsort(sorted, (size_t)n, sizeof *sorted, by_sum);
	for (int32_t k = 0; k < n; k++) {
		const bool tied = k > 0 && by_sum(&sorted[k], &sorted[k - 1]) == 0;
		value[sorted[k].option] = tied ? value[sorted[k - 1].option] : k;
	}
	pl_free(sorted);
	return PL_OK;
}

static pl_status add_spans(pl_count *c, const scale *s, const stretch *all, mpz_t *sum,
                           int64_t *value, pl_error *err)
{
	const int64_t n = c->e->n_ballots;
	int64_t flat = 0;
	mpz_t common;
	mpz_init(common);
	pl_status status = find_denominator(common, all, n, err);
	for (int64_t i = 0, end; i < n && status == PL_OK; i = end) {
		for (end = i; end < n && all[end].span == all[i].span;) end++;
		if (all[i].span > 0)
			add_span(c, s, all + i, end - i, common, value, sum);
		else
			for (int64_t k = i; k < end; k++)
				flat += pl_ballot_weight(c->e, all[k].ballot);
	}
	if (status == PL_OK) {
		if (flat > 0) PL_STEP(c, flat, .x = pl_count_whole(c, flat));
		tell_points(c, s, common, sum);
		status = compare(c->e->n_options, sum, value, err);
	}
	mpz_clear(common);
	return status;
}

/// @param[out] value [n_options] sorts as the points do, which go to the tally
static pl_status count_stretched(pl_count *c, const scale *s, int64_t *value, pl_error *err)
{
	const pl_election *e = c->e;
	pl_status status = PL_OK;
	stretch *all = pl_alloc(e->n_ballots, sizeof *all);
	mpz_t *sum = pl_alloc(e->n_options, sizeof *sum);
	if (all == NULL || sum == NULL) {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to stretch %" PRId64 " ballots",
		                 e->n_ballots);
		goto done;
	}
	for (int64_t i = 0; i < e->n_ballots; i++) all[i] = stretch_of(e, i, s->unmarked);
	qsort(all, (size_t)e->n_ballots, sizeof *all, by_span);
	for (int32_t o = 0; o < e->n_options; o++) mpz_init(sum[o]);
	PL_STEP(c, stretched, .x = pl_count_whole(c, s->low), .y = pl_count_whole(c, s->high));
	status = add_spans(c, s, all, sum, value, err);
	for (int32_t o = 0; o < e->n_options; o++) mpz_clear(sum[o]);
done:
	pl_free(all);
	pl_free(sum);
	return status;
}

/* ---- both ----------------------------------------------------------------------------------
 */

/// @param[out] value [n_options] what decides
static pl_status count_score(pl_count *c, int64_t *value, pl_error *err)
{
	scale s;
	PL_TRY(fit_scale(c, &s, err));
	if (c->s->normalise) return count_stretched(c, &s, value, err);
	count_points(c->e, &s, value);
	return PL_OK;
}

static void decide_score(pl_count *c, const int32_t *sorted)
{
	if (c->e->n_marks > 0)
		pl_count_seat(c, sorted, c->s->seats);
	else
		c->r->outcome = PL_VOTE_REJECTED;
}

pl_status pl_count_points(pl_count *c, pl_error *err)
{
	const int32_t n = c->e->n_options;
	const bool approval = c->s->rule == PL_VOTE_approval;
	pl_status status = PL_OK;
	int64_t *value = pl_alloc(n, sizeof *value);
	int32_t *sorted = pl_alloc(n, sizeof *sorted);
	if (value == NULL || sorted == NULL)
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to count %" PRId32 " options",
		                 n);
	else if (approval)
		count_approvals(c->e, value);
	else
		status = count_score(c, value, err);
	if (status == PL_OK && pl_count_sort(c, sorted, value)) {
		if (approval || !c->s->normalise) pl_count_note(c, value);
		pl_count_tell(c, sorted);
		pl_count_place(c, sorted, value);
		if (approval)
			decide_approval(c, sorted, value);
		else
			decide_score(c, sorted);
	}
	pl_free(value);
	pl_free(sorted);
	return status;
}
