/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bound.c - how near to balance a large workplace can come, by sums alone.
 *
 * Take the k tasks that are highest in one direction (+-x, +-y). All their hours fall to the
 * people Q who can do any of them; in the rest of their time these do at best the lowest
 * tasks. If the sum of hours times score over Q is then still S > 0, somebody in Q deviates by
 * at least S / work(Q). */
#include "base/alloc.h"
#include "base/error.h"
#include "work/branch.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
	double score;
	int32_t task;
} ranked;

static int by_score(const void *a, const void *b)
{
	const ranked *x = a, *y = b;
	if (x->score != y->score) return x->score > y->score ? -1 : 1;
	return x->task < y->task ? -1 : 1;
}

/// Least sum of hours times score that fills `hours`, from the lowest task up.
static double lowest(const pl_deal *d, const ranked *order, int64_t hours)
{
	double sum = 0;
	for (int32_t i = d->w->n_tasks; i-- > 0 && hours > 0;) {
		const int64_t need = d->w->need[order[i].task];
		const int64_t part = need < hours ? need : hours;
		sum += (double)part * order[i].score;
		hours -= part;
	}
	return sum;
}

/// Hours of the people whose bits of task t are new.
static int64_t join(const pl_deal *d, uint64_t *people, int32_t t)
{
	int64_t hours = 0;
	for (int64_t k = 0; k < d->able->words; k++) {
		uint64_t fresh = d->able->able[t * d->able->words + k] & ~people[k];
		people[k] |= fresh;
		for (; fresh != 0; fresh &= fresh - 1)
			hours += d->work[64 * k + __builtin_ctzll(fresh)];
	}
	return hours;
}

static double one_way(const pl_deal *d, ranked *order, uint64_t *people)
{
	double bound = 0, high = 0;
	int64_t hours = 0, need = 0;
	qsort(order, (size_t)d->w->n_tasks, sizeof *order, by_score);
	for (int64_t k = 0; k < d->able->words; k++) people[k] = 0;
	for (int32_t i = 0; i < d->w->n_tasks; i++) {
		const int32_t t = order[i].task;
		if (d->w->need[t] == 0) continue;
		if (order[i].score <= 0) break;
		hours += join(d, people, t);
		need += d->w->need[t];
		high += (double)d->w->need[t] * order[i].score;
		if (hours <= 0 || hours < need) continue;
		bound = fmax(bound, (high + lowest(d, order, hours - need)) / (double)hours);
	}
	return bound;
}

/// Nobody can deviate less than the nearest of the tasks that are within reach.
static double alone(const pl_deal *d, const double *score)
{
	double bound = 0;
	for (int32_t m = 0; m < d->w->n_people; m++) {
		double low = INFINITY, high = -INFINITY;
		if (d->work[m] == 0) continue;
		for (int32_t t = 0; t < d->w->n_tasks; t++) {
			if (d->w->need[t] == 0 || !pl_bit(d->able->able, d->able->words, m, t))
				continue;
			low = fmin(low, score[t]);
			high = fmax(high, score[t]);
		}
		if (isfinite(low)) bound = fmax(bound, fmax(low, -high));
	}
	return bound;
}

pl_status pl_bound_sums(double *bound, const pl_deal *d, pl_error *err)
{
	ranked *order = pl_alloc(d->w->n_tasks, sizeof *order);
	uint64_t *people = pl_alloc(d->able->words, sizeof *people);
	if (order == NULL || people == NULL) {
		pl_free(order);
		pl_free(people);
		return pl_fail(err, PL_ENOMEM, -1, "no memory for a bound");
	}
	for (int way = 0; way < 4; way++) {
		const double *score = way < 2 ? d->x : d->y;
		for (int32_t t = 0; t < d->w->n_tasks; t++)
			order[t] = (ranked){way % 2 == 0 ? score[t] : -score[t], t};
		*bound = fmax(*bound, one_way(d, order, people));
		if (way % 2 == 0) *bound = fmax(*bound, alone(d, score));
	}
	pl_free(order);
	pl_free(people);
	return PL_OK;
}
