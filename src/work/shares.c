/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shares.c - shares ruled out by sums: of a task, of a person's hours, of all hands. All in
 * whole thousandths, so that nothing is lost to rounding. */
#include "work/shares.h"

#include "base/alloc.h"
#include "base/error.h"
#include "work/hands.h"

#include <string.h>

enum {
	ROUNDS = 200, /* after which no more is asked for */
	NOTABLE = 20  /* part of a share's range that is worth another look */
};

void pl_shares_free(pl_shares *s)
{
	if (s == NULL) return;
	for (int32_t m = 0; s->hands != NULL && m < s->d->w->n_people; m++)
		pl_free(s->hands[m].set);
	pl_free(s->person);
	pl_free(s->task);
	pl_free(s->of_person);
	pl_free(s->of_task);
	pl_free(s->listed);
	pl_free(s->equal);
	pl_free(s->share);
	pl_free(s->hands);
	pl_free(s->moved);
	pl_free(s->failed);
	pl_free(s);
}

/* ---- what changed --------------------------------------------------------------------------
 */

static void mark(pl_shares *s, int32_t at)
{
	s->moved[at / 64] |= UINT64_C(1) << (at % 64);
}

static void changed(pl_shares *s, int32_t pair)
{
	const int32_t m = s->person[pair], t = s->task[pair];
	mark(s, m);
	mark(s, s->d->w->n_people + t);
	s->hands[m].stale |= UINT64_C(1) << (t % 64);
}

bool pl_shares_decide(pl_shares *s, int32_t pair, bool some)
{
	pl_share *p = &s->share[pair];
	const pl_share_is is = some ? PL_SHARE_SOME : PL_SHARE_NONE;
	if (p->is == is) return true;
	if (p->is != PL_SHARE_OPEN) return false;
	p->is = is;
	changed(s, pair);
	return true;
}

bool pl_shares_narrow(pl_shares *s, int32_t pair, int64_t low, int64_t high)
{
	pl_share *p = &s->share[pair];
	if (p->is == PL_SHARE_NONE) return true;
	const int64_t need = s->d->w->need[s->task[pair]], block = s->d->block[s->task[pair]];
	if (low < p->low) low = p->low;
	if (high > p->high) high = p->high;
	/* all of the task, or the others have a block of it, too */
	if (high < need && high > need - block) high = need - block;
	if (low < need && low > need - block) low = need;
	if (low > high) return pl_shares_decide(s, pair, false);
	const int64_t before = p->high - p->low, after = high - low;
	p->low = low;
	p->high = high;
	if ((before - after) * NOTABLE > before) changed(s, pair);
	return true;
}

/* ---- sums ----------------------------------------------------------------------------------
 */

/// Shares of a task, or of a person, sum up to `total`.
static bool sum_up(pl_shares *s, const int32_t *pair, int32_t first, int32_t n, int64_t total)
{
	int64_t low = 0, high = 0;
	for (int32_t i = 0; i < n; i++) {
		const pl_share *p = &s->share[pair != NULL ? pair[i] : first + i];
		if (p->is == PL_SHARE_SOME) low += p->low;
		if (p->is != PL_SHARE_NONE) high += p->high;
	}
	s->spent += 8 * (int64_t)n;
	if (low > total || high < total) return false;
	for (int32_t i = 0; i < n; i++) {
		const int32_t k = pair != NULL ? pair[i] : first + i;
		const pl_share p = s->share[k];
		if (p.is == PL_SHARE_NONE) continue;
		const int64_t rest = high - p.high,
		              others = low - (p.is == PL_SHARE_SOME ? p.low : 0);
		if (rest < total && !pl_shares_decide(s, k, true)) return false;
		if (!pl_shares_narrow(s, k, total - rest, total - others)) return false;
	}
	return true;
}

static bool look_at_task(pl_shares *s, int32_t t)
{
	const bool fine = sum_up(s, s->listed + s->of_task[t], 0,
	                         s->of_task[t + 1] - s->of_task[t], s->d->w->need[t]);
	if (!fine) s->failed[t]++;
	return fine;
}

/// A full hand takes no more; nor does one that would have too much to learn.
static bool fill_hand(pl_shares *s, int32_t m)
{
	pl_hand h = {0};
	for (int32_t k = s->of_person[m]; k < s->of_person[m + 1]; k++)
		if (s->share[k].is == PL_SHARE_SOME && !pl_hand_add(&h, s->task[k], 1))
			return false;
	if (h.n > s->d->s.tasks_most || pl_deal_too_much(s->d, m, &h)) return false;
	const bool full = h.n == s->d->s.tasks_most;
	for (int32_t k = s->of_person[m]; k < s->of_person[m + 1]; k++) {
		if (s->share[k].is != PL_SHARE_OPEN) continue;
		pl_hand more = h;
		if (full || !pl_hand_add(&more, s->task[k], 1) ||
		    pl_deal_too_much(s->d, m, &more))
			(void)pl_shares_decide(s, k, false);
	}
	return true;
}

static bool look_at_person(pl_shares *s, int32_t m)
{
	if (s->d->work[m] == 0) return true;
	if (!sum_up(s, NULL, s->of_person[m], s->of_person[m + 1] - s->of_person[m],
	            s->d->work[m]))
		return false;
	return s->hands[m].set == NULL ? fill_hand(s, m) : pl_hands_look(s, m);
}

/* ---- all hands together --------------------------------------------------------------------
 */

/// Least people for a task: those with the largest shares first.
static int32_t fewest(const pl_shares *s, int32_t t, int32_t *some)
{
	int64_t left = s->d->w->need[t], before = INT64_MAX;
	int32_t n = 0;
	*some = 0;
	for (int32_t i = s->of_task[t]; i < s->of_task[t + 1]; i++)
		*some += s->share[s->listed[i]].is == PL_SHARE_SOME;
	while (left > 0) {
		int64_t most = 0;
		int32_t same = 0;
		for (int32_t i = s->of_task[t]; i < s->of_task[t + 1]; i++) {
			const pl_share *p = &s->share[s->listed[i]];
			if (p->is == PL_SHARE_NONE || p->high >= before || p->high < most)
				continue;
			same = p->high > most ? 1 : same + 1;
			most = p->high;
		}
		if (most == 0) break;
		for (int32_t i = 0; i < same && left > 0; i++, n++) left -= most;
		before = most;
	}
	return n > *some ? n : *some;
}

/// Hands have room for so many shares; what tasks need at least leaves the others few.
static bool count_shares(pl_shares *s)
{
	const pl_workplace *w = s->d->w;
	int64_t room = 0;
	int32_t some;
	for (int32_t m = 0; m < w->n_people; m++)
		if (s->d->work[m] > 0)
			room += s->hands[m].set != NULL ? s->hands[m].tasks
			                                : s->d->s.tasks_most;
	for (int32_t t = 0; t < w->n_tasks; t++) room -= fewest(s, t, &some);
	if (room < 0) return false;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		if (fewest(s, t, &some) + room > some) continue;
		for (int32_t i = s->of_task[t]; i < s->of_task[t + 1]; i++)
			if (s->share[s->listed[i]].is == PL_SHARE_OPEN)
				(void)pl_shares_decide(s, s->listed[i], false);
	}
	s->spent += 20 * (int64_t)s->n_pairs;
	return true;
}

/// Look at all that is marked once. @param[out] any whether something was
static bool sweep(pl_shares *s, bool *any)
{
	const int32_t people = s->d->w->n_people, all = people + s->d->w->n_tasks;
	*any = false;
	for (int32_t i = 0; i < all; i++) {
		const uint64_t bit = UINT64_C(1) << (i % 64);
		if ((s->moved[i / 64] & bit) == 0) continue;
		s->moved[i / 64] &= ~bit;
		*any = true;
		if (!(i < people ? look_at_person(s, i) : look_at_task(s, i - people)))
			return false;
	}
	return true;
}

bool pl_shares_follow(pl_shares *s)
{
	const int32_t all = s->d->w->n_people + s->d->w->n_tasks;
	bool any = true, fine = true;
	for (int k = 0; k < ROUNDS && any && fine; k++) {
		fine = sweep(s, &any);
		if (fine && any) fine = count_shares(s) && pl_hands_order(s);
	}
	memset(s->moved, 0, (size_t)(all / 64 + 1) * sizeof *s->moved);
	return fine;
}

/* ---- the beginning -------------------------------------------------------------------------
 */

static int32_t list_pairs(pl_shares *s)
{
	const pl_deal *d = s->d;
	int32_t n = 0;
	for (int32_t m = 0; m < d->w->n_people; m++) {
		if (s->share != NULL) s->of_person[m] = n;
		for (int32_t t = 0; t < d->w->n_tasks; t++) {
			if (d->work[m] == 0 || d->w->need[t] == 0 ||
			    !pl_bit(d->able->able, d->able->words, m, t))
				continue;
			if (s->share != NULL) {
				s->person[n] = m;
				s->task[n] = t;
				s->share[n].low = d->block[t];
				s->share[n].high =
				        d->work[m] < d->w->need[t] ? d->work[m] : d->w->need[t];
			}
			n++;
		}
	}
	if (s->share != NULL) s->of_person[d->w->n_people] = n;
	return n;
}

static void list_by_task(pl_shares *s)
{
	int32_t n = 0;
	for (int32_t t = 0; t < s->d->w->n_tasks; t++) {
		s->of_task[t] = n;
		for (int32_t k = 0; k < s->n_pairs; k++)
			if (s->task[k] == t) s->listed[n++] = k;
	}
	s->of_task[s->d->w->n_tasks] = n;
}

/// Could two people change places? What they did last does not matter for balance.
static bool same(const pl_shares *s, int32_t a, int32_t b)
{
	const pl_deal *d = s->d;
	if (d->work[a] != d->work[b] || d->w->learning[a] != d->w->learning[b]) return false;
	for (int32_t t = 0; t < d->w->n_tasks; t++)
		if (pl_bit(d->able->can, d->able->words, a, t) !=
		            pl_bit(d->able->can, d->able->words, b, t) ||
		    pl_bit(d->able->able, d->able->words, a, t) !=
		            pl_bit(d->able->able, d->able->words, b, t))
			return false;
	return true;
}

static pl_status allocate(pl_shares *s)
{
	const pl_workplace *w = s->d->w;
	s->n_pairs = list_pairs(s);
	s->person = pl_alloc(s->n_pairs, sizeof *s->person);
	s->task = pl_alloc(s->n_pairs, sizeof *s->task);
	s->of_person = pl_alloc((int64_t)w->n_people + 1, sizeof *s->of_person);
	s->of_task = pl_alloc((int64_t)w->n_tasks + 1, sizeof *s->of_task);
	s->listed = pl_alloc(s->n_pairs, sizeof *s->listed);
	s->equal = pl_alloc(w->n_people, sizeof *s->equal);
	s->share = pl_alloc(s->n_pairs, sizeof *s->share);
	s->hands = pl_alloc(w->n_people, sizeof *s->hands);
	s->moved = pl_alloc(((int64_t)w->n_people + w->n_tasks) / 64 + 1, sizeof *s->moved);
	s->failed = pl_alloc(w->n_tasks, sizeof *s->failed);
	const bool all = s->person != NULL && s->task != NULL && s->of_person != NULL &&
	                 s->of_task != NULL && s->listed != NULL && s->equal != NULL &&
	                 s->share != NULL && s->hands != NULL && s->moved != NULL &&
	                 s->failed != NULL;
	return all ? PL_OK : PL_ENOMEM;
}

pl_status pl_shares_new(pl_shares **out, const pl_deal *d, pl_error *err)
{
	*out = NULL;
	pl_shares *s = pl_alloc(1, sizeof *s);
	if (s == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for shares");
	s->d = d;
	pl_status status = allocate(s);
	if (status != PL_OK)
		(void)pl_fail(err, status, -1, "no memory for %d shares", (int)s->n_pairs);
	if (status == PL_OK) {
		(void)list_pairs(s);
		list_by_task(s);
		for (int32_t m = 0; m < d->w->n_people; m++) {
			s->equal[m] = m - 1;
			while (s->equal[m] >= 0 && !same(s, s->equal[m], m)) s->equal[m]--;
			mark(s, m);
		}
		for (int32_t t = 0; t < d->w->n_tasks; t++) mark(s, d->w->n_people + t);
		for (int32_t k = 0; k < s->n_pairs; k++)
			(void)pl_shares_narrow(s, k, 0, INT64_MAX);
		status = pl_hands_list(s, err);
	}
	if (status == PL_OK)
		*out = s;
	else
		pl_shares_free(s);
	return status;
}

/* ---- back to where it was ------------------------------------------------------------------
 */

pl_status pl_shares_keep(pl_shares_kept *k, const pl_shares *s, pl_error *err)
{
	const int32_t people = s->d->w->n_people;
	if (k->share == NULL) k->share = pl_alloc(s->n_pairs, sizeof *k->share);
	if (k->hands == NULL) k->hands = pl_alloc(people, sizeof *k->hands);
	if (k->share == NULL || k->hands == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to branch");
	memcpy(k->share, s->share, (size_t)s->n_pairs * sizeof *k->share);
	memcpy(k->hands, s->hands, (size_t)people * sizeof *k->hands);
	return PL_OK;
}

void pl_shares_restore(pl_shares *s, const pl_shares_kept *k)
{
	memcpy(s->share, k->share, (size_t)s->n_pairs * sizeof *k->share);
	memcpy(s->hands, k->hands, (size_t)s->d->w->n_people * sizeof *k->hands);
}

void pl_shares_drop(pl_shares_kept *k)
{
	pl_free(k->share);
	pl_free(k->hands);
	*k = (pl_shares_kept){0};
}
