/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* search.c - exchanges between two people, best first for each person in turn. */
#include "work/search.h"

#include "work/exchange.h"

#include <math.h>

enum {
	AHEAD = 8,   /* partners drawn for each that is tried, where not all are */
	SOME = 24,   /* of those who can do a task of a hand, or hold it */
	SCARCE = 8,  /* a task is scarce where fewer than one of so many can do it */
	TOLD = 512,  /* people after whom it is told what was reached */
	KICK = 12,   /* exchanges of a kick at most */
	KICKS = 8,   /* of one person in a row */
	PATIENCE = 4 /* part of the trials that may be in vain */
};
static const double least_gain = 1e-6, near = 0.0005;

/// Try some of those whose bits of a task are set, from someone at random on.
static void try_some(pl_exchanging *z, pl_exchange *best, int32_t m, const uint64_t *bits)
{
	const int64_t words = z->d->able->words;
	const int64_t from = (int64_t)pl_random_below(&z->random, (uint64_t)words);
	int tried = 0;
	for (int64_t k = 0; k < words && tried < SOME; k++) {
		const int64_t at = (from + k) % words;
		for (uint64_t rest = bits[at]; rest != 0; rest &= rest - 1) {
			const int32_t n = (int32_t)(64 * at) + __builtin_ctzll(rest);
			if (n == m || z->d->work[n] == 0) continue;
			pl_exchange_best(z, best, m, n);
			tried++;
		}
	}
}

/// Try those who can do the scarce tasks of m as well; and, where the hand may not stand, those
/// who hold its other tasks.
static void try_colleagues(pl_exchanging *z, pl_exchange *best, int32_t m)
{
	const pl_able *able = z->d->able;
	const pl_hand *h = &z->d->hand[m];
	const bool faulty = pl_deal_faults_of(z->d, m) > 0;
	for (int32_t i = 0; i < h->n; i++) {
		const int64_t t = h->task[i];
		if (SCARCE * able->people[t] < z->d->w->n_people) {
			if (faulty || z->s->colleagues)
				try_some(z, best, m, able->once + t * able->words);
		} else if (faulty) {
			try_some(z, best, m, z->d->held + t * able->words);
		}
	}
}

/// Someone to exchange with: of a few drawn, the one whose job leans the other way most.
static int32_t draw_partner(pl_exchanging *z, int32_t m)
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

/// The best exchange for one person. @return whether there is one
static bool find(pl_exchanging *z, pl_exchange *best, int32_t m)
{
	*best = (pl_exchange){.gain = least_gain};
	const int32_t n = z->d->w->n_people;
	if (z->s->partners >= n) {
		for (int32_t k = 0; k < n; k++)
			if (k != m && z->d->work[k] > 0) pl_exchange_best(z, best, m, k);
	} else {
		try_colleagues(z, best, m);
		for (int32_t k = 0; k < z->s->partners; k++) {
			const int32_t other = draw_partner(z, m);
			if (other >= 0) pl_exchange_best(z, best, m, other);
		}
	}
	return best->hours > 0;
}

/// The best exchange for one person, done. @return whether there was one
static bool improve(pl_exchanging *z, int32_t m)
{
	pl_exchange best;
	if (!find(z, &best, m)) return false;
	pl_exchange_apply(z->d, &best);
	return true;
}

/// Does a job neither deviate too much nor fail to stand?
static bool content(const pl_exchanging *z, int32_t m)
{
	return pl_deal_off(z->d, m) <= z->s->target + near && pl_deal_faults_of(z->d, m) == 0;
}

static void tell(const pl_exchanging *z, int32_t person)
{
	if (person % TOLD == 0) pl_deal_tell(z->d, "exchanging hours", pl_deal_worst(z->d));
}

int64_t pl_search_run(pl_deal *d, const pl_search *s)
{
	pl_exchanging z = {.d = d, .s = s, .random = pl_random_new(s->seed, 0)};
	pl_exchange_begin(d);
	bool moved = true;
	int idle = 0;
	while (moved || idle < 3) {
		moved = false;
		for (int32_t m = 0; m < d->w->n_people; m++) {
			if (z.tried > s->trials) return z.tried;
			tell(&z, m);
			if (d->work[m] == 0) continue;
			if (!s->thrift && content(&z, m)) continue;
			for (int k = 0; k < 4 && improve(&z, m); k++) moved = true;
		}
		idle = moved ? 0 : idle + 1;
		if (s->partners >= d->w->n_people && !moved) break;
	}
	return z.tried;
}

/* ---- kicks ---------------------------------------------------------------------------------
 */

/// Exchanges of one kick, in order.
typedef struct {
	pl_exchange done[KICK];
	int n;
	double gain; ///< of all together
} journal;

static void record(pl_exchanging *z, journal *j, const pl_exchange *e)
{
	pl_exchange_apply(z->d, e);
	j->done[j->n++] = *e;
	j->gain += e->gain;
}

static void undo(pl_exchanging *z, journal *j)
{
	while (j->n > 0) {
		const pl_exchange e = j->done[--j->n];
		const pl_exchange back = {e.m, e.n, e.t, e.s, e.hours, 0};
		pl_exchange_apply(z->d, &back);
	}
}

/// Exchange hours of a person at random, then as well as can be for those who took part.
/// @return what was gained; it is as before where that were a loss of more than `slack`
static double kick(pl_exchanging *z, int32_t m, double slack)
{
	journal j = {.n = 0};
	pl_exchange e;
	const int draws = 1 + (int)pl_random_below(&z->random, 2);
	for (int k = 0; k < draws; k++) {
		const int32_t n =
		        (int32_t)pl_random_below(&z->random, (uint64_t)z->d->w->n_people);
		if (pl_exchange_draw(z, &e, m, n)) record(z, &j, &e);
	}
	z->tried += PL_HAND_MOST; /* about what drawing takes */
	const int drawn = j.n;
	for (int k = 0; k <= drawn && drawn > 0 && j.n < KICK; k++) {
		const int32_t p = k < drawn ? j.done[k].n : m;
		while (j.n < KICK && find(z, &e, p)) record(z, &j, &e);
	}
	if (j.gain > least_gain - slack) return j.gain;
	undo(z, &j);
	return 0;
}

static double mean_excess(const pl_exchanging *z)
{
	const int32_t n = z->d->w->n_people;
	double sum = 0;
	for (int32_t m = 0; m < n; m++) sum += pl_exchange_excess(z, m);
	return sum / n;
}

int64_t pl_search_kick(pl_deal *d, const pl_search *s)
{
	pl_exchanging z = {.d = d, .s = s, .random = pl_random_new(s->seed, 1)};
	pl_exchange_begin(d);
	const double slack = s->slack * mean_excess(&z);
	int64_t last = 0; /* when a kick served */
	for (bool open = true; open;) {
		open = false;
		for (int32_t m = 0; m < d->w->n_people; m++) {
			tell(&z, m);
			if (d->work[m] == 0 || content(&z, m)) continue;
			if (z.tried > s->trials || z.tried > last + s->trials / PATIENCE)
				return z.tried;
			open = true;
			const double part = (double)z.tried / (double)s->trials;
			for (int k = 0; k < KICKS; k++) {
				if (kick(&z, m, fmax(0, slack * (1 - part))) <= least_gain)
					continue;
				last = z.tried;
				break;
			}
		}
	}
	return z.tried;
}
