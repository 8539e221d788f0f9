/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* search.c - exchanges between two people, best first for each person in turn. */
#include "work/search.h"

#include "base/random.h"

#include <math.h>

/* Hours that change hands, or are disliked, for one hour of lessons: they settle what lessons
 * leave open. A share that may not stand outweighs every deviation. */
static const double moved_per_lesson = 16, disliked_per_lesson = 64, fault_weight = 1e6;
static const double hour = PL_WORK_HOUR;
static const double middle_rating = 10.5, half_scale = 9.5;

enum { AHEAD = 8 }; /* partners drawn for each that is tried, where not all are */

typedef struct {
	pl_deal *d;
	const pl_search *s;
	pl_random random;
	int64_t tried;
} state;

/// m gives `hours` of task s to n and takes as many of t.
typedef struct {
	int32_t m, n, s, t;
	int64_t hours;
	double gain;
} exchange;

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

static inline double excess(const state *z, int32_t m, double px, double py)
{
	const double part = z->d->part[m];
	return (double)z->d->work[m] / hour *
	       (square_above(px * part, z->s->target) + square_above(py * part, z->s->target));
}

static double off(double px, double py, double work)
{
	return fmax(fabs(px), fabs(py)) / work;
}

/// Would the deviations of both stay within the target, or at least not grow?
static bool stays(const state *z, const exchange *e, double gx, double gy)
{
	const pl_deal *d = z->d;
	const double m = off(d->px[e->m] + gx, d->py[e->m] + gy, (double)d->work[e->m]);
	const double n = off(d->px[e->n] - gx, d->py[e->n] - gy, (double)d->work[e->n]);
	return m <= fmax(z->s->target, pl_deal_off(d, e->m)) &&
	       n <= fmax(z->s->target, pl_deal_off(d, e->n));
}

static double cost_gain(const state *z, const exchange *e)
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
	double excess;          ///< of both
} stakes;

/// Would a person who takes on a task have too much to learn, and more than now?
static bool overburdens(const pl_deal *d, int32_t m, const exchange *e, bool takes_t)
{
	const int32_t gets = takes_t ? e->t : e->s, gives = takes_t ? e->s : e->t;
	if (pl_bit(d->able->can, d->able->words, m, gets) || pl_hand_of(&d->hand[m], gets) > 0)
		return false;
	pl_hand h = d->hand[m];
	return !pl_hand_add(&h, gives, -e->hours) || !pl_hand_add(&h, gets, e->hours) ||
	       pl_deal_too_much(d, m, &h);
}

static double gain_of(state *z, const exchange *e, const stakes *k)
{
	const pl_deal *d = z->d;
	const double gx = (double)e->hours * (d->x[e->t] - d->x[e->s]),
	             gy = (double)e->hours * (d->y[e->t] - d->y[e->s]);
	const int32_t m_after = d->hand[e->m].n - (k->ms == e->hours) + (k->mt == 0),
	              n_after = d->hand[e->n].n - (k->nt == e->hours) + (k->ns == 0);
	z->tried++;
	if (m_after > k->m_most || n_after > k->n_most) return -INFINITY;
	if (overburdens(d, e->m, e, true) || overburdens(d, e->n, e, false)) return -INFINITY;
	if (z->s->thrift && !stays(z, e, gx, gy)) return -INFINITY;
	const int64_t bs = d->block[e->s], bt = d->block[e->t];
	int64_t mended = (k->ms < bs) + (k->mt > 0 && k->mt < bt) + (k->nt < bt) +
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

static void offer(state *z, exchange *best, exchange e, int64_t hours, const stakes *k)
{
	e.hours = hours;
	e.gain = gain_of(z, &e, k);
	if (e.gain > best->gain) *best = e;
}

/// Hours that would bring both people nearest to the mean, if any number would do.
static double ideal(const pl_deal *d, const exchange *e)
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

/// Offer the best numbers of hours for one pair of tasks: the ideal, the least and the most
/// that leave every share large enough, and all of one's hours.
static void try_tasks(state *z, exchange *best, exchange e, int64_t ms, int64_t nt,
                      double before)
{
	const pl_deal *d = z->d;
	const pl_hand *a = &d->hand[e.m], *b = &d->hand[e.n];
	const stakes k = {ms,
	                  pl_hand_of(a, e.t),
	                  pl_hand_of(b, e.s),
	                  nt,
	                  a->n > d->s.tasks_most ? a->n : d->s.tasks_most,
	                  b->n > d->s.tasks_most ? b->n : d->s.tasks_most,
	                  before};
	const int64_t bs = d->block[e.s], bt = d->block[e.t];
	const int64_t low = largest(1, largest(bt - k.mt, bs - k.ns));
	const int64_t high = smallest(ms - bs, nt - bt);
	const double best_hours = ideal(d, &e);
	if (best_hours <= 0 && !z->s->thrift && z->s->price <= 0 && ms >= bs && nt >= bt &&
	    a->n <= d->s.tasks_most && b->n <= d->s.tasks_most)
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

static void try_people(state *z, exchange *best, int32_t m, int32_t n)
{
	const pl_deal *d = z->d;
	const pl_hand *a = &d->hand[m], *b = &d->hand[n];
	const int64_t words = d->able->words;
	const double before =
	        excess(z, m, d->px[m], d->py[m]) + excess(z, n, d->px[n], d->py[n]);
	for (int32_t i = 0; i < a->n; i++) {
		if (!pl_bit(z->s->bits, words, n, a->task[i]) && pl_hand_of(b, a->task[i]) == 0)
			continue;
		for (int32_t j = 0; j < b->n; j++) {
			const exchange e = {m, n, a->task[i], b->task[j], 0, 0};
			if (e.s == e.t) continue;
			if (!pl_bit(z->s->bits, words, m, e.t) && pl_hand_of(a, e.t) == 0)
				continue;
			try_tasks(z, best, e, a->hours[i], b->hours[j], before);
		}
	}
}

static void apply(pl_deal *d, const exchange *e)
{
	(void)pl_hand_add(&d->hand[e->m], e->s, -e->hours);
	(void)pl_hand_add(&d->hand[e->m], e->t, e->hours);
	(void)pl_hand_add(&d->hand[e->n], e->t, -e->hours);
	(void)pl_hand_add(&d->hand[e->n], e->s, e->hours);
	pl_deal_weigh(d, e->m);
	pl_deal_weigh(d, e->n);
}

/// Someone to exchange with: of a few drawn, the one whose job leans the other way most.
static int32_t draw_partner(state *z, int32_t m)
{
	const pl_deal *d = z->d;
	int32_t best = -1;
	double least = INFINITY;
	for (int k = 0; k < AHEAD; k++) {
		const int32_t n =
		        (int32_t)pl_random_below(&z->random, (uint64_t)d->w->n_people);
		if (n == m || d->work[n] == 0) continue;
		const double lean =
		        (d->px[m] * d->px[n] + d->py[m] * d->py[n]) / (double)d->work[n];
		if (lean < least) {
			least = lean;
			best = n;
		}
	}
	return best;
}

/// The best exchange for one person, done. @return whether there was one
static bool improve(state *z, int32_t m)
{
	static const double least_gain = 1e-6;
	exchange best = {.gain = least_gain};
	const int32_t n = z->d->w->n_people;
	if (z->s->partners >= n) {
		for (int32_t k = 0; k < n; k++)
			if (k != m && z->d->work[k] > 0) try_people(z, &best, m, k);
	} else {
		for (int32_t k = 0; k < z->s->partners; k++) {
			const int32_t other = draw_partner(z, m);
			if (other >= 0) try_people(z, &best, m, other);
		}
	}
	if (best.hours == 0) return false;
	apply(z->d, &best);
	return true;
}

int64_t pl_search_run(pl_deal *d, const pl_search *s)
{
	state z = {.d = d, .s = s, .random = pl_random_new(s->seed, 0)};
	bool moved = true;
	int idle = 0;
	while (moved || idle < 3) {
		moved = false;
		for (int32_t m = 0; m < d->w->n_people; m++) {
			if (z.tried > s->trials) return z.tried;
			if (d->work[m] == 0) continue;
			if (!s->thrift && s->price <= 0 && pl_deal_off(d, m) <= s->target &&
			    pl_deal_faults_of(d, m) == 0)
				continue;
			for (int k = 0; k < 4 && improve(&z, m); k++) moved = true;
		}
		idle = moved ? 0 : idle + 1;
		if (s->partners >= d->w->n_people && !moved) break;
	}
	return z.tried;
}

/// A random exchange between two people that leaves every share large enough.
static void shake_pair(state *z, int32_t m, int32_t n)
{
	pl_deal *d = z->d;
	const pl_hand *a = &d->hand[m], *b = &d->hand[n];
	if (a->n == 0 || b->n == 0) return;
	const int32_t i = (int32_t)pl_random_below(&z->random, (uint64_t)a->n),
	              j = (int32_t)pl_random_below(&z->random, (uint64_t)b->n);
	exchange e = {m, n, a->task[i], b->task[j], 0, -INFINITY};
	const stakes k = {a->hours[i],
	                  pl_hand_of(a, e.t),
	                  pl_hand_of(b, e.s),
	                  b->hours[j],
	                  d->s.tasks_most,
	                  d->s.tasks_most,
	                  0};
	if (e.s == e.t || !pl_bit(z->s->bits, d->able->words, n, e.s) ||
	    !pl_bit(z->s->bits, d->able->words, m, e.t))
		return;
	const int64_t bs = d->block[e.s], bt = d->block[e.t];
	const int64_t low = largest(1, largest(bt - k.mt, bs - k.ns)),
	              high = smallest(k.ms - bs, k.nt - bt);
	if (k.ms >= low && (k.ms == k.nt || k.nt - k.ms >= bt))
		e.hours = k.ms;
	else if (k.nt >= low && k.ms - k.nt >= bs)
		e.hours = k.nt;
	else if (low <= high)
		e.hours = pl_random_between(&z->random, low, high);
	if (e.hours > 0 && gain_of(z, &e, &k) > -INFINITY) apply(d, &e);
}

void pl_search_shake(pl_deal *d, const pl_search *s, int32_t person, int times, uint64_t seed)
{
	state z = {.d = d, .s = s, .random = pl_random_new(s->seed, seed)};
	for (int k = 0; k < times; k++) {
		const int32_t n = (int32_t)pl_random_below(&z.random, (uint64_t)d->w->n_people);
		if (n != person) shake_pair(&z, person, n);
	}
}
