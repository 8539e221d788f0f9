/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deal.c - hands of tasks: what each is worth, and whether it may stand. */
#include "work/deal.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>

void pl_deal_free(pl_deal *d)
{
	if (d == NULL) return;
	pl_able_free(d->able);
	pl_free(d->work);
	pl_free(d->block);
	pl_free(d->x);
	pl_free(d->y);
	pl_free(d->hand);
	pl_free(d->held);
	pl_free(d->heavy);
	pl_free(d->px);
	pl_free(d->part);
	pl_free(d->py);
	pl_free(d);
}

/// The part of n / of that falls to the first `upto` of `of`, rounded down, without overflow
/// up to PL_WORK_HOURS_MOST.
static int64_t part(int64_t n, int64_t upto, int64_t of)
{
	const int64_t whole = n / of, rest = n % of;
	int64_t low = 0, r = 0;
	/* rest * upto / of by doubling, as the product may pass 2^63 */
	for (int bit = 62; bit >= 0; bit--) {
		low *= 2;
		r *= 2;
		if (upto >> bit & 1) r += rest;
		low += r / of;
		r %= of;
	}
	return whole * upto + low;
}

/// Everyone works the same part of the hours offered; what rounding leaves falls where the
/// sums pass the next whole thousandth.
static void share_hours(pl_deal *d)
{
	int64_t need = 0, offered = 0, before = 0;
	for (int32_t t = 0; t < d->w->n_tasks; t++) need += d->w->need[t];
	for (int32_t m = 0; m < d->w->n_people; m++) offered += d->w->hours[m];
	int64_t sum = 0;
	for (int32_t m = 0; m < d->w->n_people && offered > 0; m++) {
		sum += d->w->hours[m];
		const int64_t upto = part(need, sum, offered);
		d->work[m] = upto - before;
		d->part[m] = d->work[m] > 0 ? 1 / (double)d->work[m] : 0;
		before = upto;
	}
}

static void centre(pl_deal *d)
{
	const pl_workplace *w = d->w;
	double need = 0;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		need += (double)w->need[t];
		d->mean_x += (double)w->need[t] * w->empowerment[t];
		d->mean_y += (double)w->need[t] * w->desirability[t];
	}
	d->mean_x = need > 0 ? d->mean_x / need : 0;
	d->mean_y = need > 0 ? d->mean_y / need : 0;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		d->x[t] = w->empowerment[t] - d->mean_x;
		d->y[t] = w->desirability[t] - d->mean_y;
		d->block[t] = w->block[t] < w->need[t] ? w->block[t] : w->need[t];
		if (d->block[t] < 1) d->block[t] = 1;
	}
}

pl_status pl_deal_new(pl_deal **out, const pl_workplace *w, const pl_work_settings *s,
                      pl_error *err)
{
	*out = NULL;
	pl_status status = PL_ENOMEM;
	pl_deal *d = pl_alloc(1, sizeof *d);
	if (d == NULL) goto failed;
	d->w = w;
	d->s = *s;
	d->work = pl_alloc(w->n_people, sizeof *d->work);
	d->block = pl_alloc(w->n_tasks, sizeof *d->block);
	d->x = pl_alloc(w->n_tasks, sizeof *d->x);
	d->y = pl_alloc(w->n_tasks, sizeof *d->y);
	d->hand = pl_alloc(w->n_people, sizeof *d->hand);
	d->part = pl_alloc(w->n_people, sizeof *d->part);
	d->heavy = pl_alloc(w->n_people, sizeof *d->heavy);
	d->px = pl_alloc(w->n_people, sizeof *d->px);
	d->py = pl_alloc(w->n_people, sizeof *d->py);
	if (d->work == NULL || d->block == NULL || d->x == NULL || d->y == NULL ||
	    d->hand == NULL || d->heavy == NULL || d->px == NULL || d->part == NULL ||
	    d->py == NULL)
		goto failed;
	status = pl_able_new(&d->able, w, err);
	if (status != PL_OK) goto freed;
	d->held = pl_alloc(d->able->words * w->n_tasks, sizeof *d->held);
	status = PL_ENOMEM;
	if (d->held == NULL) goto failed;
	share_hours(d);
	centre(d);
	*out = d;
	return PL_OK;

failed:
	(void)pl_fail(err, status, -1, "no memory for the jobs of %d people", (int)w->n_people);
freed:
	pl_deal_free(d);
	return status;
}

/* ---- hands ---------------------------------------------------------------------------------
 */

int64_t pl_hand_of(const pl_hand *h, int32_t task)
{
	for (int32_t i = 0; i < h->n; i++)
		if (h->task[i] == task) return h->hours[i];
	return 0;
}

bool pl_hand_add(pl_hand *h, int32_t task, int64_t hours)
{
	int32_t i = 0;
	while (i < h->n && h->task[i] != task) i++;
	if (i == PL_HAND_MOST) return false;
	if (i == h->n) {
		h->task[h->n] = task;
		h->hours[h->n++] = 0;
	}
	h->hours[i] += hours;
	if (h->hours[i] == 0) {
		h->n--;
		h->task[i] = h->task[h->n];
		h->hours[i] = h->hours[h->n];
	}
	return true;
}

void pl_deal_weigh(pl_deal *d, int32_t person)
{
	const pl_hand *h = &d->hand[person];
	d->px[person] = d->py[person] = 0;
	for (int32_t i = 0; i < h->n; i++) {
		d->px[person] += (double)h->hours[i] * d->x[h->task[i]];
		d->py[person] += (double)h->hours[i] * d->y[h->task[i]];
	}
	d->heavy[person] = pl_deal_too_much(d, person, h);
}

double pl_deal_off(const pl_deal *d, int32_t person)
{
	if (d->work[person] == 0) return 0;
	return fmax(fabs(d->px[person]), fabs(d->py[person])) / (double)d->work[person];
}

double pl_deal_worst(const pl_deal *d)
{
	double worst = 0;
	for (int32_t m = 0; m < d->w->n_people; m++) worst = fmax(worst, pl_deal_off(d, m));
	return worst;
}

bool pl_deal_too_much(const pl_deal *d, int32_t person, const pl_hand *h)
{
	return pl_able_lessons(NULL, NULL, d->able, d->w, person, h->task, h->n) >
	       d->w->learning[person];
}

int64_t pl_deal_faults_of(const pl_deal *d, int32_t person)
{
	const pl_hand *h = &d->hand[person];
	int64_t n = pl_deal_too_much(d, person, h);
	for (int32_t i = 0; i < h->n; i++) n += h->hours[i] < d->block[h->task[i]];
	return n + (h->n > d->s.tasks_most ? h->n - d->s.tasks_most : 0);
}

int64_t pl_deal_faults(const pl_deal *d)
{
	int64_t n = 0;
	for (int32_t m = 0; m < d->w->n_people; m++) n += pl_deal_faults_of(d, m);
	return n;
}

void pl_deal_tell(const pl_deal *d, const char *phase, double worst)
{
	const pl_work_progress now = {phase, isfinite(worst) ? worst : (double)NAN};
	if (d->s.tell != NULL) d->s.tell(d->s.to, &now);
}
