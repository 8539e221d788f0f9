/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* exchange.c - what an exchange of hours between two people is worth, and the best of them. */
#include "work/exchange.h"

#include <math.h>
#include <string.h>

/* Hours that change hands, or are disliked, for one hour of lessons: they settle what lessons
 * leave open. A share that may not stand outweighs every deviation. */
static const double moved_per_lesson = 16, disliked_per_lesson = 64, fault_weight = 1e6;
static const double hour = PL_WORK_HOUR;
static const double middle_rating = 10.5, half_scale = 9.5;

double pl_search_cost(pl_deal *d, int32_t person, const pl_hand *h)
{
	double cost = (double)pl_able_lessons(NULL, NULL, d->able, d->w, person, h->task, h->n);
	const bool new_here = d->w->skill_start[person] == d->w->skill_start[person + 1];
	for (int32_t i = 0; i < h->n && !new_here; i++) {
		const pl_work_skill *k = pl_work_skill_of(d->w, person, h->task[i]);
		const int64_t last = k != NULL ? k->last : 0;
		const double rating = k != NULL && k->rating > 0 ? k->rating : middle_rating;
		if (h->hours[i] > last) cost += (double)(h->hours[i] - last) / moved_per_lesson;
		cost += (double)h->hours[i] * (1 - (rating - middle_rating) / half_scale) / 2 /
		        disliked_per_lesson;
	}
	return cost / hour;
}

static inline double square_above(double off, double target)
{
	const double over = fabs(off) - target;
	return over > 0 ? over * over : 0;
}

static inline double excess(const pl_exchanging *z, int32_t m, double px, double py)
{
	const double part = z->d->part[m];
	return (double)z->d->work[m] / hour *
	       (square_above(px * part, z->s->target) + square_above(py * part, z->s->target));
}

double pl_exchange_excess(const pl_exchanging *z, int32_t m)
{
	return excess(z, m, z->d->px[m], z->d->py[m]);
}

static double off(double px, double py, double work)
{
	return fmax(fabs(px), fabs(py)) / work;
}

/// Would the deviations of both stay within the target, or at least not grow?
static bool stays(const pl_exchanging *z, const pl_exchange *e, double gx, double gy)
{
	const pl_deal *d = z->d;
	const double m = off(d->px[e->m] + gx, d->py[e->m] + gy, (double)d->work[e->m]);
	const double n = off(d->px[e->n] - gx, d->py[e->n] - gy, (double)d->work[e->n]);
	return m <= fmax(z->s->target, pl_deal_off(d, e->m)) &&
	       n <= fmax(z->s->target, pl_deal_off(d, e->n));
}

static double cost_gain(const pl_exchanging *z, const pl_exchange *e)
{
	pl_hand a = z->d->hand[e->m], b = z->d->hand[e->n];
	double gain = pl_search_cost(z->d, e->m, &a) + pl_search_cost(z->d, e->n, &b);
	if (!pl_hand_add(&a, e->s, -e->hours) || !pl_hand_add(&a, e->t, e->hours) ||
	    !pl_hand_add(&b, e->t, -e->hours) || !pl_hand_add(&b, e->s, e->hours))
		return -INFINITY;
	gain -= pl_search_cost(z->d, e->m, &a) + pl_search_cost(z->d, e->n, &b);
	return gain;
}

/// What two people hold of two tasks.
typedef struct {
	int64_t ms, mt, ns, nt;
	int32_t m_most, n_most; ///< tasks that each may hold afterwards
	bool m_heavy, n_heavy;  ///< has too much to learn
	double excess;          ///< of both
} stakes;

/// How two people stand before any exchange.
typedef struct {
	bool m_heavy, n_heavy;
	double excess;
} standing;

/// Would a person still have too much to learn after an exchange?
static bool is_heavy(const pl_deal *d, int32_t m, int32_t gives, int32_t gets, int64_t hours)
{
	pl_hand h = d->hand[m];
	return !pl_hand_add(&h, gives, -hours) || !pl_hand_add(&h, gets, hours) ||
	       pl_deal_too_much(d, m, &h);
}

/// Does a person take on a task that must be learned?
static bool is_new(const pl_deal *d, int32_t m, int32_t task, int64_t held)
{
	return held == 0 && !pl_bit(d->able->once, d->able->words, m, task);
}

/// People whose lessons the exchange brings into their time. @return -1: or, the other way,
/// out of it
static int64_t relieved(const pl_deal *d, const pl_exchange *e, const stakes *k)
{
	int64_t n = 0;
	if (k->m_heavy || is_new(d, e->m, e->t, k->mt)) {
		const bool heavy = is_heavy(d, e->m, e->s, e->t, e->hours);
		if (heavy && is_new(d, e->m, e->t, k->mt)) return -1;
		n += k->m_heavy && !heavy;
	}
	if (k->n_heavy || is_new(d, e->n, e->s, k->ns)) {
		const bool heavy = is_heavy(d, e->n, e->t, e->s, e->hours);
		if (heavy && is_new(d, e->n, e->s, k->ns)) return -1;
		n += k->n_heavy && !heavy;
	}
	return n;
}

static double gain_of(pl_exchanging *z, const pl_exchange *e, const stakes *k)
{
	const pl_deal *d = z->d;
	const double gx = (double)e->hours * (d->x[e->t] - d->x[e->s]),
	             gy = (double)e->hours * (d->y[e->t] - d->y[e->s]);
	const int32_t m_after = d->hand[e->m].n - (k->ms == e->hours) + (k->mt == 0),
	              n_after = d->hand[e->n].n - (k->nt == e->hours) + (k->ns == 0);
	if (m_after > k->m_most || n_after > k->n_most) return -INFINITY;
	if (z->s->thrift && !stays(z, e, gx, gy)) return -INFINITY;
	int64_t mended = relieved(d, e, k);
	if (mended < 0) return -INFINITY;
	const int64_t bs = d->block[e->s], bt = d->block[e->t];
	mended += (k->ms < bs) + (k->mt > 0 && k->mt < bt) + (k->nt < bt) +
	          (k->ns > 0 && k->ns < bs);
	mended += m_after < d->hand[e->m].n && d->hand[e->m].n > d->s.tasks_most;
	mended += n_after < d->hand[e->n].n && d->hand[e->n].n > d->s.tasks_most;
	double gain = fault_weight * (double)mended;
	if (!z->s->thrift)
		gain += k->excess - excess(z, e->m, d->px[e->m] + gx, d->py[e->m] + gy) -
		        excess(z, e->n, d->px[e->n] - gx, d->py[e->n] - gy);
	if (z->s->price > 0) gain += z->s->price * cost_gain(z, e);
	return gain;
}

static void offer(pl_exchanging *z, pl_exchange *best, pl_exchange e, int64_t hours,
                  const stakes *k)
{
	e.hours = hours;
	e.gain = gain_of(z, &e, k);
	if (e.gain > best->gain) *best = e;
}

/// Hours that would bring both people nearest to the mean, if any number would do.
static double ideal(const pl_deal *d, const pl_exchange *e)
{
	const double dx = d->x[e->t] - d->x[e->s], dy = d->y[e->t] - d->y[e->s];
	const double wm = (double)d->work[e->m], wn = (double)d->work[e->n];
	const double length = (dx * dx + dy * dy) * (1 / wm + 1 / wn);
	if (length <= 0) return 0;
	return (dx * (d->px[e->n] / wn - d->px[e->m] / wm) +
	        dy * (d->py[e->n] / wn - d->py[e->m] / wm)) /
	       length;
}

static int64_t largest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t smallest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static stakes stakes_of(const pl_deal *d, const pl_exchange *e, int64_t ms, int64_t nt,
                        const standing *before)
{
	const pl_hand *a = &d->hand[e->m], *b = &d->hand[e->n];
	return (stakes){.ms = ms,
	                .mt = pl_hand_of(a, e->t),
	                .ns = pl_hand_of(b, e->s),
	                .nt = nt,
	                .m_most = a->n > d->s.tasks_most ? a->n : d->s.tasks_most,
	                .n_most = b->n > d->s.tasks_most ? b->n : d->s.tasks_most,
	                .m_heavy = before->m_heavy,
	                .n_heavy = before->n_heavy,
	                .excess = before->excess};
}

static standing standing_of(const pl_exchanging *z, int32_t m, int32_t n)
{
	const pl_deal *d = z->d;
	return (standing){d->heavy[m], d->heavy[n],
	                  excess(z, m, d->px[m], d->py[m]) + excess(z, n, d->px[n], d->py[n])};
}

/// Offer the best numbers of hours for one pair of tasks: the ideal, the least and the most
/// that leave every share large enough, and all of one's hours.
static void try_tasks(pl_exchanging *z, pl_exchange *best, pl_exchange e, int64_t ms,
                      int64_t nt, const standing *before)
{
	const pl_deal *d = z->d;
	const pl_hand *a = &d->hand[e.m], *b = &d->hand[e.n];
	const stakes k = stakes_of(d, &e, ms, nt, before);
	const int64_t bs = d->block[e.s], bt = d->block[e.t];
	const int64_t low = largest(1, largest(bt - k.mt, bs - k.ns));
	const int64_t high = smallest(ms - bs, nt - bt);
	const double best_hours = ideal(d, &e);
	if (best_hours <= 0 && !z->s->thrift && z->s->price <= 0 && ms >= bs && nt >= bt &&
	    a->n <= d->s.tasks_most && b->n <= d->s.tasks_most && !k.m_heavy && !k.n_heavy)
		return;
	if (low <= high) {
		const double inside = fmin(fmax(best_hours, (double)low), (double)high);
		offer(z, best, e, (int64_t)(inside + 0.5), &k);
		if (z->s->thrift || z->s->price > 0) offer(z, best, e, high, &k);
		if (z->s->thrift || z->s->price > 0) offer(z, best, e, low, &k);
	}
	if (ms >= low && (ms == nt || nt - ms >= bt)) offer(z, best, e, ms, &k);
	if (nt >= low && ms - nt >= bs) offer(z, best, e, nt, &k);
}

void pl_exchange_best(pl_exchanging *z, pl_exchange *best, int32_t m, int32_t n)
{
	const pl_deal *d = z->d;
	const pl_hand *a = &d->hand[m], *b = &d->hand[n];
	const int64_t words = d->able->words;
	const standing before = standing_of(z, m, n);
	for (int32_t i = 0; i < a->n; i++) {
		if (!pl_bit(z->s->bits, words, n, a->task[i]) && pl_hand_of(b, a->task[i]) == 0)
			continue;
		for (int32_t j = 0; j < b->n; j++) {
			const pl_exchange e = {m, n, a->task[i], b->task[j], 0, 0};
			if (e.s == e.t) continue;
			if (!pl_bit(z->s->bits, words, m, e.t) && pl_hand_of(a, e.t) == 0)
				continue;
			z->tried++;
			try_tasks(z, best, e, a->hours[i], b->hours[j], &before);
		}
	}
}

/// Set the bits of who holds what, or clear those of one hand.
static void hold(pl_deal *d, int32_t m, bool on)
{
	const pl_hand *h = &d->hand[m];
	const uint64_t bit = UINT64_C(1) << (m % 64);
	for (int32_t i = 0; i < h->n; i++) {
		uint64_t *word = &d->held[h->task[i] * d->able->words + m / 64];
		*word = on ? *word | bit : *word & ~bit;
	}
}

void pl_exchange_begin(pl_deal *d)
{
	memset(d->held, 0, (size_t)(d->able->words * d->w->n_tasks) * sizeof *d->held);
	for (int32_t m = 0; m < d->w->n_people; m++) hold(d, m, true);
}

void pl_exchange_apply(pl_deal *d, const pl_exchange *e)
{
	hold(d, e->m, false);
	hold(d, e->n, false);
	(void)pl_hand_add(&d->hand[e->m], e->s, -e->hours);
	(void)pl_hand_add(&d->hand[e->m], e->t, e->hours);
	(void)pl_hand_add(&d->hand[e->n], e->t, -e->hours);
	(void)pl_hand_add(&d->hand[e->n], e->s, e->hours);
	hold(d, e->m, true);
	hold(d, e->n, true);
	pl_deal_weigh(d, e->m);
	pl_deal_weigh(d, e->n);
}

/// Hours of a random kind that leave every share large enough: all of one's, or any number;
/// 0: none.
static int64_t draw_hours(pl_exchanging *z, const stakes *k, int64_t bs, int64_t bt)
{
	const int64_t low = largest(1, largest(bt - k->mt, bs - k->ns)),
	              high = smallest(k->ms - bs, k->nt - bt);
	const uint64_t first = pl_random_below(&z->random, 3);
	for (uint64_t i = first; i < first + 3; i++) {
		if (i % 3 == 0 && k->ms >= low && (k->ms == k->nt || k->nt - k->ms >= bt))
			return k->ms;
		if (i % 3 == 1 && k->nt >= low && (k->ms == k->nt || k->ms - k->nt >= bs))
			return k->nt;
		if (i % 3 == 2 && low <= high) return pl_random_between(&z->random, low, high);
	}
	return 0;
}

bool pl_exchange_draw(pl_exchanging *z, pl_exchange *out, int32_t m, int32_t n)
{
	const pl_deal *d = z->d;
	const pl_hand *a = &d->hand[m], *b = &d->hand[n];
	if (m == n || a->n == 0 || b->n == 0) return false;
	const int32_t i = (int32_t)pl_random_below(&z->random, (uint64_t)a->n),
	              j = (int32_t)pl_random_below(&z->random, (uint64_t)b->n);
	*out = (pl_exchange){m, n, a->task[i], b->task[j], 0, -INFINITY};
	const standing before = standing_of(z, m, n);
	const stakes k = stakes_of(d, out, a->hours[i], b->hours[j], &before);
	if (out->s == out->t || !pl_bit(z->s->bits, d->able->words, n, out->s) ||
	    !pl_bit(z->s->bits, d->able->words, m, out->t))
		return false;
	out->hours = draw_hours(z, &k, d->block[out->s], d->block[out->t]);
	if (out->hours > 0) out->gain = gain_of(z, out, &k);
	return out->gain > -INFINITY;
}
