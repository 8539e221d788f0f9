/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cover.c - every task into the hands of people who can do it: scarce tasks first, then along
 * shortest augmenting paths. What remains cannot be covered by anybody (max flow = min cut).
 * Source: J. Edmonds and R. M. Karp, Journal of the ACM 19 (1972) 248-264. */
#include "base/alloc.h"
#include "base/error.h"
#include "work/deal.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	double ratio; ///< hours of people who can do it, for each hour needed
	int32_t task;
} turn;

/// Somebody who may take hours of a task; the least lean comes first.
typedef struct {
	double lean; ///< how far the job leans to the side of the task already
	int32_t person;
} taker;

typedef struct {
	pl_deal *d;
	const uint64_t *bits;
	int64_t words;
	int64_t *free; ///< [n_people] hours not yet in the hand
	int64_t *left; ///< [n_tasks] hours in no hand
	turn *turn;    ///< [n_tasks]
	taker *taker;  ///< [n_people] a heap
	/* a search for a path: */
	uint64_t *seen;  ///< [words] people
	int32_t *queue;  ///< [n_tasks]
	int32_t *giver;  ///< [n_tasks] person who would give the task away; -1: not reached
	int32_t *reason; ///< [n_people] task that the person would take
	bool full;       ///< a full hand stood in the way
	bool light;      ///< nobody may be given too much to learn
} cover;

static int by_ratio(const void *a, const void *b)
{
	const turn *x = a, *y = b;
	if (x->ratio != y->ratio) return x->ratio < y->ratio ? -1 : 1;
	return x->task < y->task ? -1 : 1;
}

static void order(cover *c)
{
	const pl_workplace *w = c->d->w;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		double hours = 0;
		for (int32_t m = 0; m < w->n_people; m++)
			if (pl_bit(c->bits, c->words, m, t)) hours += (double)c->d->work[m];
		c->turn[t] = (turn){hours / ((double)w->need[t] + 1), t};
	}
	qsort(c->turn, (size_t)w->n_tasks, sizeof *c->turn, by_ratio);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/// Give a person what is left of a task, up to `most`.
static void give(cover *c, int32_t person, int32_t task, int64_t most)
{
	const int64_t hours = least(most, least(c->free[person], c->left[task]));
	if (hours <= 0) return;
	if (!pl_hand_add(&c->d->hand[person], task, hours)) {
		c->full = true;
		return;
	}
	c->d->px[person] += (double)hours * c->d->x[task];
	c->d->py[person] += (double)hours * c->d->y[task];
	c->free[person] -= hours;
	c->left[task] -= hours;
}

/// Would a person have too much to learn with this task too?
static bool overburdens(const cover *c, int32_t m, int32_t task)
{
	pl_hand h = c->d->hand[m];
	if (pl_bit(c->d->able->once, c->words, m, task) || pl_hand_of(&h, task) > 0)
		return false;
	return !pl_hand_add(&h, task, 1) || pl_deal_too_much(c->d, m, &h);
}

static bool before(taker a, taker b)
{
	return a.lean != b.lean ? a.lean < b.lean : a.person < b.person;
}

/// Let what stands at `i` sink to its place among n.
static void sink(taker *heap, int32_t n, int32_t i)
{
	const taker it = heap[i];
	for (int32_t k = 2 * i + 1; k < n; k = 2 * i + 1) {
		if (k + 1 < n && before(heap[k + 1], heap[k])) k++;
		if (!before(heap[k], it)) break;
		heap[i] = heap[k];
		i = k;
	}
	heap[i] = it;
}

/// Those with free hours whose bits are set, as a heap. @return their number
static int32_t gather(cover *c, const uint64_t *bits, int32_t task)
{
	const pl_deal *d = c->d;
	int32_t n = 0;
	for (int64_t k = 0; k < c->words; k++)
		for (uint64_t rest = bits[task * c->words + k]; rest != 0; rest &= rest - 1) {
			const int32_t m = (int32_t)(64 * k) + __builtin_ctzll(rest);
			if (c->free[m] == 0) continue;
			const double lean = d->px[m] * d->x[task] + d->py[m] * d->y[task];
			c->taker[n++] = (taker){lean * d->part[m], m};
		}
	for (int32_t i = n / 2; i-- > 0;) sink(c->taker, n, i);
	return n;
}

/// Give parts of a task to people whose bits are set, first to those whose jobs lean the other
/// way.
static void spread(cover *c, const uint64_t *bits, int32_t task, int parts)
{
	if (c->left[task] == 0) return;
	for (int32_t n = gather(c, bits, task); n > 0 && c->left[task] > 0;) {
		const int32_t m = c->taker[0].person;
		int64_t most = c->d->work[m] / parts + 1;
		if (most < c->d->block[task]) most = c->d->block[task];
		/* no remainder, of the task or of the hand, that is too small for anybody */
		if (c->left[task] - most < c->d->block[task]) most = c->left[task];
		if (c->free[m] - most < most / 2) most = c->free[m];
		if (!overburdens(c, m, task)) give(c, m, task, most);
		c->taker[0] = c->taker[--n];
		if (n > 0) sink(c->taker, n, 0);
	}
}

/// Move `hours` along the path that ends at `person`, who has room for them.
static void shift(cover *c, int32_t person, int32_t task)
{
	int64_t hours = least(c->free[person], c->left[task]);
	int32_t m = person;
	for (int32_t t = c->reason[m]; t != task; t = c->reason[m]) {
		m = c->giver[t];
		hours = least(hours, pl_hand_of(&c->d->hand[m], t));
	}
	c->free[person] -= hours;
	c->left[task] -= hours;
	m = person;
	for (int32_t t = c->reason[m];; t = c->reason[m]) {
		(void)pl_hand_add(&c->d->hand[m], t, hours);
		if (t == task) break;
		m = c->giver[t];
		(void)pl_hand_add(&c->d->hand[m], t, -hours);
	}
}

/// Look at everybody who could take task t. @return someone with room, -1: nobody
static int32_t look(cover *c, int32_t t, int32_t *queued)
{
	const pl_deal *d = c->d;
	for (int64_t k = 0; k < c->words; k++) {
		uint64_t fresh = c->bits[t * c->words + k] & ~c->seen[k];
		while (fresh != 0) {
			const int32_t m = (int32_t)(64 * k) + __builtin_ctzll(fresh);
			fresh &= fresh - 1;
			const pl_hand *h = &d->hand[m];
			if (h->n >= PL_HAND_MOST - 1 && pl_hand_of(h, t) == 0) {
				c->full = true;
				continue;
			}
			if (c->light && overburdens(c, m, t)) continue;
			c->seen[k] |= UINT64_C(1) << (m % 64);
			c->reason[m] = t;
			if (c->free[m] > 0) return m;
			for (int32_t i = 0; i < h->n; i++) {
				if (c->giver[h->task[i]] >= 0) continue;
				c->giver[h->task[i]] = m;
				c->queue[(*queued)++] = h->task[i];
			}
		}
	}
	return -1;
}

/// Make room for a task along a shortest path. @return false: there is none
static bool augment(cover *c, int32_t task, bool light)
{
	const int32_t n = c->d->w->n_tasks;
	int32_t queued = 1;
	memset(c->seen, 0, (size_t)c->words * sizeof *c->seen);
	for (int32_t t = 0; t < n; t++) c->giver[t] = -1;
	c->queue[0] = task;
	c->giver[task] = 0;
	c->light = light;
	for (int32_t i = 0; i < queued; i++) {
		const int32_t m = look(c, c->queue[i], &queued);
		if (m < 0) continue;
		shift(c, m, task);
		return true;
	}
	return false;
}

/// The scarcest of the tasks that compete with `task` for the same people.
static pl_shortage shortage(const cover *c, int32_t task)
{
	int32_t i = 0;
	while (c->giver[c->turn[i].task] < 0) i++;
	return (pl_shortage){c->turn[i].task, c->left[task], c->full};
}

static void run(pl_shortage *out, cover *c, int parts)
{
	const pl_workplace *w = c->d->w;
	for (int32_t i = 0; i < w->n_tasks; i++) {
		const int32_t t = c->turn[i].task;
		spread(c, c->bits == c->d->able->able ? c->d->able->once : c->bits, t, parts);
		spread(c, c->bits, t, parts);
		while (c->left[t] > 0 && (augment(c, t, true) || augment(c, t, false))) {
		}
		if (c->left[t] > 0) {
			*out = shortage(c, t);
			return;
		}
	}
}

pl_status pl_deal_cover(pl_shortage *out, pl_deal *d, const uint64_t *bits, int parts,
                        pl_error *err)
{
	const pl_workplace *w = d->w;
	cover c = {.d = d, .bits = bits, .words = d->able->words};
	pl_status status = PL_OK;
	*out = (pl_shortage){.task = -1};
	c.free = pl_alloc(w->n_people, sizeof *c.free);
	c.left = pl_alloc(w->n_tasks, sizeof *c.left);
	c.turn = pl_alloc(w->n_tasks, sizeof *c.turn);
	c.taker = pl_alloc(w->n_people, sizeof *c.taker);
	c.seen = pl_alloc(c.words, sizeof *c.seen);
	c.queue = pl_alloc(w->n_tasks, sizeof *c.queue);
	c.giver = pl_alloc(w->n_tasks, sizeof *c.giver);
	c.reason = pl_alloc(w->n_people, sizeof *c.reason);
	if (c.free == NULL || c.left == NULL || c.turn == NULL || c.taker == NULL ||
	    c.seen == NULL || c.queue == NULL || c.giver == NULL || c.reason == NULL) {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to deal out tasks");
	} else {
		for (int32_t t = 0; t < w->n_tasks; t++) c.left[t] = w->need[t];
		for (int32_t m = 0; m < w->n_people; m++) {
			const pl_hand *h = &d->hand[m];
			c.free[m] = d->work[m];
			for (int32_t i = 0; i < h->n; i++) {
				c.free[m] -= h->hours[i];
				c.left[h->task[i]] -= h->hours[i];
			}
			pl_deal_weigh(d, m);
		}
		order(&c);
		run(out, &c, parts);
		for (int32_t m = 0; m < w->n_people; m++) pl_deal_weigh(d, m);
	}
	pl_free(c.free);
	pl_free(c.left);
	pl_free(c.turn);
	pl_free(c.taker);
	pl_free(c.seen);
	pl_free(c.queue);
	pl_free(c.giver);
	pl_free(c.reason);
	return status;
}
