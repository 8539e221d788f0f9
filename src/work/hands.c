/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* hands.c - a person holds few tasks, so that all sets of them can be listed, and left out one
 * by one where their hours do not sum up or their scores lie too far from the mean. */
#include "work/hands.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

#include <math.h>

enum { MOST = 40000 /* sets of a person */, BITS = 64 };
static const double rounding = 1e-3; /* thousandths of an hour * points */

/* ---- the list ------------------------------------------------------------------------------
 */

typedef struct {
	pl_shares *s;
	pl_hands *h;
	int32_t person, first, last, room;
	bool full;
} listing;

static pl_status add_set(listing *q, uint64_t set, pl_error *err)
{
	pl_hands *h = q->h;
	q->full = h->n == MOST;
	if (q->full) return PL_OK;
	if (h->n == q->room) {
		const int64_t room = pl_grow_room(q->room, (int64_t)h->n + 1);
		uint64_t *longer = pl_grow(h->set, h->n, room, sizeof *longer);
		if (longer == NULL)
			return pl_fail(err, PL_ENOMEM, -1, "no memory for sets of tasks");
		h->set = longer;
		q->room = (int32_t)room;
	}
	h->set[h->n++] = set;
	return PL_OK;
}

/// All sets that a person can hold, in rising order of their last task: depth first, without
/// recursion.
static pl_status list_of(listing *q, pl_error *err)
{
	const pl_deal *d = q->s->d;
	int32_t at[PL_WORK_TASKS_MOST + 1];
	int64_t low = 0, high = 0;
	uint64_t set = 0;
	pl_hand hand = {0};
	at[0] = q->first;
	for (int depth = 0; depth >= 0 && !q->full;) {
		if (at[depth] == q->last || depth == d->s.tasks_most) { /* back */
			if (--depth < 0) break;
			const int32_t k = at[depth]++;
			low -= q->s->share[k].low;
			high -= q->s->share[k].high;
			set &= ~(UINT64_C(1) << q->s->task[k]);
			(void)pl_hand_add(&hand, q->s->task[k], -1);
			continue;
		}
		const int32_t k = at[depth];
		(void)pl_hand_add(&hand, q->s->task[k], 1);
		if (low + q->s->share[k].low > d->work[q->person] ||
		    pl_deal_too_much(d, q->person, &hand)) {
			(void)pl_hand_add(&hand, q->s->task[k], -1);
			at[depth]++;
			continue;
		}
		low += q->s->share[k].low;
		high += q->s->share[k].high;
		set |= UINT64_C(1) << q->s->task[k];
		at[++depth] = k + 1;
		if (high >= d->work[q->person]) PL_TRY(add_set(q, set, err));
	}
	return PL_OK;
}

pl_status pl_hands_list(pl_shares *s, pl_error *err)
{
	const pl_deal *d = s->d;
	if (d->w->n_tasks > BITS) return PL_OK;
	for (int32_t m = 0; m < d->w->n_people; m++) {
		if (d->work[m] == 0) continue;
		listing q = {.s = s,
		             .h = &s->hands[m],
		             .person = m,
		             .first = s->of_person[m],
		             .last = s->of_person[m + 1]};
		PL_TRY(list_of(&q, err));
		if (q.full || q.h->n == 0) {
			pl_free(q.h->set);
			*q.h = (pl_hands){0};
		}
		q.h->alive = q.h->n;
		q.h->tasks = d->s.tasks_most;
		q.h->stale = UINT64_MAX;
	}
	return PL_OK;
}

/* ---- what can still be ---------------------------------------------------------------------
 */

/// A set with the bounds of its shares.
typedef struct {
	int32_t n, task[PL_WORK_TASKS_MOST];
	int64_t low[PL_WORK_TASKS_MOST], high[PL_WORK_TASKS_MOST], sum_low, sum_high;
	int64_t need[PL_WORK_TASKS_MOST], block[PL_WORK_TASKS_MOST];
} holding;

/// What remains of a person's sets.
typedef struct {
	uint64_t any, every, none, some;
	int64_t low[BITS], high[BITS];
	const pl_share *share[BITS];
	int32_t tasks;
} review;

static void hold(holding *g, const pl_deal *d, const review *r, uint64_t set)
{
	g->n = 0;
	g->sum_low = g->sum_high = 0;
	for (; set != 0; set &= set - 1) {
		const int32_t t = __builtin_ctzll(set);
		g->task[g->n] = t;
		g->need[g->n] = d->w->need[t];
		g->block[g->n] = d->block[t];
		g->low[g->n] = r->share[t]->low;
		g->high[g->n++] = r->share[t]->high;
		g->sum_low += r->share[t]->low;
		g->sum_high += r->share[t]->high;
	}
}

/// Tasks of a set in rising order of a score, and the hours with the lowest sum of hours times
/// score.
typedef struct {
	double score[PL_WORK_TASKS_MOST];
	int64_t hours[PL_WORK_TASKS_MOST];
	int32_t order[PL_WORK_TASKS_MOST];
	double room; ///< by how much that sum lies below what it may be
	bool ample;  ///< so much that it narrows nothing
} slope;

static void line_up(slope *q, const holding *g, int64_t work, double limit)
{
	int64_t rest = work - g->sum_low, widest = 0;
	q->room = limit;
	for (int32_t i = 0; i < g->n; i++) {
		int32_t k = i;
		for (; k > 0 && q->score[q->order[k - 1]] > q->score[i]; k--)
			q->order[k] = q->order[k - 1];
		q->order[k] = i;
	}
	for (int32_t i = 0; i < g->n; i++) {
		const int32_t k = q->order[i];
		int64_t more = g->high[k] - g->low[k];
		if (more > rest) more = rest;
		rest -= more;
		q->hours[k] = g->low[k] + more;
		q->room -= (double)q->hours[k] * q->score[k];
		if (g->high[k] - g->low[k] > widest) widest = g->high[k] - g->low[k];
	}
	const double steepest = q->score[q->order[g->n - 1]] - q->score[q->order[0]];
	q->ample = q->room >= steepest * (double)widest;
}

/// Hours of the i-th in order when they rise (or sink) as far as the room allows, the others
/// making up for it in the cheapest order.
static double stretch(const slope *q, const holding *g, int32_t i, bool up)
{
	const int32_t k = q->order[i];
	double left = q->room, moved = 0,
	       most = (double)(up ? g->high[k] - q->hours[k] : q->hours[k] - g->low[k]);
	for (int32_t n = 0; n < g->n && moved < most; n++) {
		const int32_t j = q->order[up ? g->n - 1 - n : n];
		double part = (double)(up ? q->hours[j] - g->low[j] : g->high[j] - q->hours[j]);
		const double cost = up ? q->score[k] - q->score[j] : q->score[j] - q->score[k];
		if (j == k || part == 0) continue;
		part = fmin(part, most - moved);
		if (cost > 0) part = fmin(part, left / cost);
		left -= fmax(0, cost) * part;
		moved += part;
	}
	return moved;
}

/// Narrow the shares of a set, unless `brief`, to those whose sum of hours times score is not
/// above a limit.
/// @return false: there are none
static bool narrow_to(holding *g, slope *q, int64_t work, double limit, bool brief)
{
	line_up(q, g, work, limit);
	if (q->room < 0) return false;
	if (q->ample || brief) return true;
	int64_t low[PL_WORK_TASKS_MOST], high[PL_WORK_TASKS_MOST];
	for (int32_t i = 0; i < g->n; i++) {
		const int32_t k = q->order[i];
		high[k] = q->hours[k] + (int64_t)floor(stretch(q, g, i, true)) + 1;
		low[k] = q->hours[k] - (int64_t)floor(stretch(q, g, i, false)) - 1;
	}
	g->sum_low = g->sum_high = 0;
	for (int32_t k = 0; k < g->n; k++) {
		if (high[k] < g->high[k]) g->high[k] = high[k];
		if (low[k] > g->low[k]) g->low[k] = low[k];
		/* all of the task, or the others have a block of it, too */
		const int64_t need = g->need[k], most = need - g->block[k];
		if (g->high[k] < need && g->high[k] > most) g->high[k] = most;
		if (g->low[k] < need && g->low[k] > most) g->low[k] = need;
		if (g->low[k] > g->high[k]) return false;
		g->sum_low += g->low[k];
		g->sum_high += g->high[k];
	}
	return g->sum_low <= work && g->sum_high >= work;
}

/// Both senses of a direction.
static bool narrow_along(pl_shares *s, holding *g, double u, double v, int64_t work, bool brief)
{
	const pl_deal *d = s->d;
	const double limit = s->near * (double)work * (fabs(u) + fabs(v)) + rounding;
	for (int sense = 0; sense < 2; sense++, u = -u, v = -v) {
		slope q;
		for (int32_t k = 0; k < g->n; k++)
			q.score[k] = u * d->x[g->task[k]] + v * d->y[g->task[k]];
		const bool some = narrow_to(g, &q, work, limit, brief);
		s->spent += 15 * (int64_t)g->n * (q.ample || brief ? 1 : g->n);
		if (!some) return false;
	}
	return true;
}

/// Can the hours of a set be such that no direction leans too far? What they can sum up to is a
/// polygon with sides along differences of scores, and must meet a square: it is enough to
/// look across the sides of both.
static bool balances(pl_shares *s, holding *g, int64_t work, bool brief)
{
	const pl_deal *d = s->d;
	if (!isfinite(s->near)) return true;
	if (!narrow_along(s, g, 1, 0, work, brief) || !narrow_along(s, g, 0, 1, work, brief))
		return false;
	for (int32_t i = 0; i < g->n; i++)
		for (int32_t k = i + 1; k < g->n; k++) {
			const double u = d->y[g->task[k]] - d->y[g->task[i]],
			             v = d->x[g->task[i]] - d->x[g->task[k]],
			             norm = fabs(u) + fabs(v);
			if (norm > 0 && !narrow_along(s, g, u / norm, v / norm, work, brief))
				return false;
		}
	return true;
}

/// What the i-th share can be beside the others of the set.
static void range(const holding *g, int32_t i, int64_t work, int64_t *low, int64_t *high)
{
	*low = work - (g->sum_high - g->high[i]);
	*high = work - (g->sum_low - g->low[i]);
	if (*low < g->low[i]) *low = g->low[i];
	if (*high > g->high[i]) *high = g->high[i];
}

/// Do sets that remain allow all shares that this one does? Then only whether it remains
/// matters.
static bool is_covered(const review *r, const holding *g, int64_t work)
{
	for (int32_t i = 0; i < g->n; i++) {
		int64_t low, high;
		range(g, i, work, &low, &high);
		if (r->low[g->task[i]] > low || r->high[g->task[i]] < high) return false;
	}
	return true;
}

static void take_in(review *r, const holding *g, uint64_t set, int64_t work)
{
	r->any |= set;
	r->every &= set;
	if (g->n > r->tasks) r->tasks = g->n;
	for (int32_t i = 0; i < g->n; i++) {
		const int32_t t = g->task[i];
		int64_t low, high;
		range(g, i, work, &low, &high);
		if (low < r->low[t]) r->low[t] = low;
		if (high > r->high[t]) r->high[t] = high;
	}
}

static bool stands(pl_shares *s, review *r, uint64_t set, uint64_t stale, int64_t work)
{
	if ((set & r->none) != 0 || (set & r->some) != r->some) return false;
	holding g;
	hold(&g, s->d, r, set);
	s->spent += 20;
	if (g.sum_low > work || g.sum_high < work) return false;
	if ((set & stale) != 0 && !balances(s, &g, work, s->brief && is_covered(r, &g, work)))
		return false;
	take_in(r, &g, set, work);
	return true;
}

bool pl_hands_look(pl_shares *s, int32_t person)
{
	pl_hands *h = &s->hands[person];
	const int64_t work = s->d->work[person];
	review r = {.every = UINT64_MAX, .tasks = 0};
	for (int32_t k = s->of_person[person]; k < s->of_person[person + 1]; k++) {
		const int32_t t = s->task[k];
		const uint64_t bit = UINT64_C(1) << t;
		if (s->share[k].is == PL_SHARE_NONE) r.none |= bit;
		if (s->share[k].is == PL_SHARE_SOME) r.some |= bit;
		r.share[t] = &s->share[k];
		r.low[t] = INT64_MAX;
	}
	const uint64_t stale = h->stale;
	h->stale = 0;
	s->spent += 2 * (int64_t)h->alive;
	for (int32_t i = 0; i < h->alive;) {
		const uint64_t set = h->set[i];
		if (stands(s, &r, set, stale, work)) {
			i++;
			continue;
		}
		h->set[i] = h->set[--h->alive];
		h->set[h->alive] = set;
	}
	h->tasks = r.tasks;
	if (h->alive == 0) return false;
	for (int32_t k = s->of_person[person]; k < s->of_person[person + 1]; k++) {
		const int32_t t = s->task[k];
		const uint64_t bit = UINT64_C(1) << t;
		if ((r.any & bit) == 0 && !pl_shares_decide(s, k, false)) return false;
		if ((r.every & bit) != 0 && !pl_shares_decide(s, k, true)) return false;
		if ((r.any & bit) != 0 && !pl_shares_narrow(s, k, r.low[t], r.high[t]))
			return false;
	}
	return true;
}

/* ---- people who are the same ---------------------------------------------------------------
 */

static void marked(pl_shares *s, int32_t m)
{
	s->moved[m / 64] |= UINT64_C(1) << (m % 64);
}

bool pl_hands_order(pl_shares *s)
{
	for (int32_t m = 0; m < s->d->w->n_people; m++) {
		const int32_t e = s->equal[m];
		if (e < 0 || s->hands[m].set == NULL || s->hands[e].set == NULL) continue;
		pl_hands *high = &s->hands[e], *low = &s->hands[m];
		uint64_t most = 0, least = UINT64_MAX;
		for (int32_t i = 0; i < high->alive; i++)
			if (high->set[i] > most) most = high->set[i];
		for (int32_t i = 0; i < low->alive; i++)
			if (low->set[i] < least) least = low->set[i];
		s->spent += 2 * ((int64_t)high->alive + low->alive);
		const int32_t before[] = {high->alive, low->alive};
		for (int32_t i = 0; i < low->alive;) {
			const uint64_t set = low->set[i];
			if (set <= most) {
				i++;
				continue;
			}
			low->set[i] = low->set[--low->alive];
			low->set[low->alive] = set;
		}
		for (int32_t i = 0; i < high->alive;) {
			const uint64_t set = high->set[i];
			if (set >= least) {
				i++;
				continue;
			}
			high->set[i] = high->set[--high->alive];
			high->set[high->alive] = set;
		}
		if (high->alive != before[0]) marked(s, e);
		if (low->alive != before[1]) marked(s, m);
		if (high->alive == 0 || low->alive == 0) return false;
	}
	return true;
}
