/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* across.c - the fewest hours elsewhere that bring every workplace to society's mean. */
#include "work/across.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <stdlib.h>

static const double nothing = 1e-12; /* part of all surpluses that is rounding */

/// A workplace off the mean; `left` is what it still has to give or get, points times hours.
typedef struct {
	double off, left;
	int32_t who;
} side;

static int by_off(const void *a, const void *b)
{
	const side *x = a, *y = b;
	if (x->off != y->off) return x->off > y->off ? -1 : 1;
	return x->who < y->who ? -1 : 1;
}

/// The list falls from the farthest above to the farthest below, so that those above come with
/// the farthest first and those below with the nearest.
static void walk(pl_across *a, side *list, int32_t n, const double *mean)
{
	double all = 0;
	int32_t i = 0, k = 0;
	for (int32_t p = 0; p < n; p++) all += list[p].left;
	while (k < n && list[k].off > 0) k++;
	while (i < n && list[i].off > 0 && k < n) {
		const double moved = fmin(list[i].left, list[k].left);
		const int32_t above = list[i].who, below = list[k].who;
		const double hours = moved / (mean[above] - mean[below]);
		if (moved > nothing * all) {
			a->visit[a->n_visits++] = (pl_visit){above, below, hours};
			a->elsewhere[above] += hours;
			a->elsewhere[below] += hours;
			a->after[above] -= moved;
			a->after[below] += moved;
		}
		list[i].left -= moved;
		list[k].left -= moved;
		if (list[i].left <= nothing * all)
			i++;
		else
			k++;
	}
}

static pl_status refuse(int32_t n, const double *hours, const double *mean, pl_error *err)
{
	if (n < 1) return pl_fail(err, PL_EARG, -1, "there is no workplace");
	for (int32_t i = 0; i < n; i++)
		if (!(hours[i] > 0) || !(fabs(mean[i]) < INFINITY) || isinf(hours[i]))
			return pl_fail(err, PL_EARG, i,
			               "workplace %d has no hours above 0, or no mean", (int)i);
	return PL_OK;
}

static void fill(pl_across *a, side *list, const double *hours, const double *mean)
{
	double sum = 0, all = 0;
	for (int32_t i = 0; i < a->n; i++) {
		sum += hours[i] * mean[i];
		all += hours[i];
	}
	a->mean = sum / all;
	for (int32_t i = 0; i < a->n; i++) {
		const double off = mean[i] - a->mean;
		list[i] = (side){off, fabs(off) * hours[i], i};
		a->after[i] = mean[i] * hours[i];
	}
	qsort(list, (size_t)a->n, sizeof *list, by_off);
	walk(a, list, a->n, mean);
	for (int32_t i = 0; i < a->n; i++) a->after[i] /= hours[i];
}

pl_status pl_work_across(pl_across **out, int32_t n, const double *hours, const double *mean,
                         pl_error *err)
{
	*out = NULL;
	PL_TRY(refuse(n, hours, mean, err));
	pl_across *a = pl_alloc(1, sizeof *a);
	side *list = pl_alloc(n, sizeof *list);
	if (a == NULL || list == NULL) goto nomem;
	a->n = n;
	a->elsewhere = pl_alloc(n, sizeof *a->elsewhere);
	a->after = pl_alloc(n, sizeof *a->after);
	a->visit = pl_alloc(n, sizeof *a->visit);
	if (a->elsewhere == NULL || a->after == NULL || a->visit == NULL) goto nomem;
	fill(a, list, hours, mean);
	pl_free(list);
	*out = a;
	return PL_OK;

nomem:
	pl_free(list);
	pl_across_free(a);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for %d workplaces", (int)n);
}

void pl_across_free(pl_across *a)
{
	if (a == NULL) return;
	pl_free(a->elsewhere);
	pl_free(a->after);
	pl_free(a->visit);
	pl_free(a);
}
