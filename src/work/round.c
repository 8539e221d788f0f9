/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* round.c - every share to the whole thousandth below or above it, so that all sums come out:
 * a flow of single thousandths, which there always is. Source: D. Gale, Pacific Journal of
 * Mathematics 7 (1957) 1073-1082. */
#include "base/alloc.h"
#include "base/error.h"
#include "work/linear.h"

#include <math.h>

static const double least_part = 1e-3; /* of a thousandth of an hour: rounding of the program */

typedef struct {
	const pl_linear *p;
	int64_t *hours;        ///< [n_pairs]
	bool *loose, *up;      ///< [n_pairs] between two thousandths; and rounded up
	int64_t *free, *left;  ///< [n_people] and [n_tasks] hours that are missing
	int32_t *from, *given; ///< [n_people], [n_tasks] pair by which the search came; -1: not
	int32_t *queue;        ///< [n_tasks]
} rounding;

static void round_down(rounding *r)
{
	const pl_linear *p = r->p;
	for (int32_t m = 0; m < p->d->w->n_people; m++) r->free[m] = p->d->work[m];
	for (int32_t t = 0; t < p->d->w->n_tasks; t++) r->left[t] = p->d->w->need[t];
	for (int32_t j = 0; j < p->n_pairs; j++) {
		const double x = fmax(0, p->x[j]) * PL_WORK_HOUR, whole = floor(x + least_part);
		r->hours[j] = (int64_t)whole;
		r->loose[j] = x > whole + least_part;
		r->free[p->person[j]] -= r->hours[j];
		r->left[p->task[j]] -= r->hours[j];
	}
}

/// Look for somebody who can round the task up, or could if another task were rounded down.
/// @return a person with hours that are missing, -1: not yet
static int32_t look(rounding *r, int32_t task, int32_t *queued)
{
	const pl_linear *p = r->p;
	for (int32_t j = 0; j < p->n_pairs; j++) {
		const int32_t m = p->person[j];
		if (p->task[j] != task || !r->loose[j] || r->up[j] || r->from[m] >= 0) continue;
		r->from[m] = j;
		if (r->free[m] > 0) return m;
		for (int32_t k = 0; k < p->n_pairs; k++) {
			if (p->person[k] != m || !r->up[k] || r->given[p->task[k]] >= 0)
				continue;
			r->given[p->task[k]] = k;
			r->queue[(*queued)++] = p->task[k];
		}
	}
	return -1;
}

/// One more thousandth of a task. @return false: it cannot be
static bool raise(rounding *r, int32_t task)
{
	const pl_workplace *w = r->p->d->w;
	int32_t queued = 1, m = -1;
	for (int32_t i = 0; i < w->n_people; i++) r->from[i] = -1;
	for (int32_t t = 0; t < w->n_tasks; t++) r->given[t] = -1;
	r->given[task] = r->p->n_pairs;
	r->queue[0] = task;
	for (int32_t i = 0; i < queued && m < 0; i++) m = look(r, r->queue[i], &queued);
	if (m < 0) return false;
	r->free[m]--;
	r->left[task]--;
	for (;;) {
		const int32_t j = r->from[m], t = r->p->task[j];
		r->up[j] = true;
		r->hours[j]++;
		if (t == task) return true;
		const int32_t k = r->given[t];
		r->up[k] = false;
		r->hours[k]--;
		m = r->p->person[k];
	}
}

static bool run(rounding *r)
{
	const pl_workplace *w = r->p->d->w;
	round_down(r);
	for (int32_t t = 0; t < w->n_tasks; t++) {
		if (r->left[t] < 0) return false;
		while (r->left[t] > 0)
			if (!raise(r, t)) return false;
	}
	for (int32_t m = 0; m < w->n_people; m++)
		if (r->free[m] != 0) return false;
	return true;
}

static bool deal_out(const rounding *r, pl_deal *d)
{
	for (int32_t m = 0; m < d->w->n_people; m++) d->hand[m].n = 0;
	for (int32_t j = 0; j < r->p->n_pairs; j++)
		if (r->hours[j] > 0 &&
		    !pl_hand_add(&d->hand[r->p->person[j]], r->p->task[j], r->hours[j]))
			return false;
	for (int32_t m = 0; m < d->w->n_people; m++) pl_deal_weigh(d, m);
	return true;
}

pl_status pl_linear_round(bool *whole, const pl_linear *p, pl_deal *d, pl_error *err)
{
	const pl_workplace *w = d->w;
	rounding r = {.p = p};
	*whole = false;
	r.hours = pl_alloc(p->n_pairs, sizeof *r.hours);
	r.loose = pl_alloc(p->n_pairs, sizeof *r.loose);
	r.up = pl_alloc(p->n_pairs, sizeof *r.up);
	r.free = pl_alloc(w->n_people, sizeof *r.free);
	r.left = pl_alloc(w->n_tasks, sizeof *r.left);
	r.from = pl_alloc(w->n_people, sizeof *r.from);
	r.given = pl_alloc(w->n_tasks, sizeof *r.given);
	r.queue = pl_alloc(w->n_tasks, sizeof *r.queue);
	const bool all = r.hours != NULL && r.loose != NULL && r.up != NULL && r.free != NULL &&
	                 r.left != NULL && r.from != NULL && r.given != NULL && r.queue != NULL;
	if (all) *whole = run(&r) && deal_out(&r, d);
	pl_free(r.hours);
	pl_free(r.loose);
	pl_free(r.up);
	pl_free(r.free);
	pl_free(r.left);
	pl_free(r.from);
	pl_free(r.given);
	pl_free(r.queue);
	return all ? PL_OK : pl_fail(err, PL_ENOMEM, -1, "no memory to deal out tasks");
}
