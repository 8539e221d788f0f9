/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* result.c - the jobs that a deal comes to: tasks in order, means, lessons. */
#include "work/result.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

void pl_jobs_free(pl_jobs *j)
{
	if (j == NULL) return;
	pl_free(j->start);
	pl_free(j->task);
	pl_free(j->hours);
	pl_free(j->work);
	pl_free(j->empowerment);
	pl_free(j->desirability);
	pl_free(j->lesson_start);
	pl_free(j->lesson);
	pl_free(j);
}

static pl_jobs *jobs_alloc(const pl_deal *d, int64_t shares)
{
	const int64_t n = d->w->n_people;
	pl_jobs *j = pl_alloc(1, sizeof *j);
	if (j == NULL) return NULL;
	j->n_people = d->w->n_people;
	j->n_tasks = d->w->n_tasks;
	j->start = pl_alloc(n + 1, sizeof *j->start);
	j->task = pl_alloc(shares, sizeof *j->task);
	j->hours = pl_alloc(shares, sizeof *j->hours);
	j->work = pl_alloc(n, sizeof *j->work);
	j->empowerment = pl_alloc(n, sizeof *j->empowerment);
	j->desirability = pl_alloc(n, sizeof *j->desirability);
	j->lesson_start = pl_alloc(n + 1, sizeof *j->lesson_start);
	if (j->start != NULL && j->task != NULL && j->hours != NULL && j->work != NULL &&
	    j->empowerment != NULL && j->desirability != NULL && j->lesson_start != NULL)
		return j;
	pl_jobs_free(j);
	return NULL;
}

static void put_hand(pl_jobs *j, const pl_deal *d, int32_t m)
{
	const pl_hand *h = &d->hand[m];
	int64_t at = j->start[m];
	for (int32_t i = 0; i < h->n; i++) {
		int64_t k = at++;
		for (; k > j->start[m] && j->task[k - 1] > h->task[i]; k--) {
			j->task[k] = j->task[k - 1];
			j->hours[k] = j->hours[k - 1];
		}
		j->task[k] = h->task[i];
		j->hours[k] = h->hours[i];
	}
	j->start[m + 1] = at;
	j->work[m] = d->work[m];
	const double work = (double)d->work[m];
	j->empowerment[m] = d->mean_x + (work > 0 ? d->px[m] / work : 0);
	j->desirability[m] = d->mean_y + (work > 0 ? d->py[m] / work : 0);
}

static pl_status put_lessons(pl_jobs *j, const pl_deal *d, pl_error *err)
{
	static const int64_t most = (int64_t)PL_HAND_MOST * PL_NEEDS_MOST;
	int32_t n = 0;
	int32_t *scratch = pl_alloc(most, sizeof *scratch);
	if (scratch == NULL) goto nomem;
	for (int32_t m = 0; m < j->n_people; m++) {
		const pl_hand *h = &d->hand[m];
		j->learning += pl_able_lessons(scratch, &n, d->able, d->w, m, h->task, h->n);
		j->lesson_start[m + 1] = j->lesson_start[m] + n;
	}
	j->lesson = pl_alloc(j->lesson_start[j->n_people], sizeof *j->lesson);
	if (j->lesson == NULL) goto nomem;
	for (int32_t m = 0; m < j->n_people; m++) {
		const pl_hand *h = &d->hand[m];
		(void)pl_able_lessons(scratch, &n, d->able, d->w, m, h->task, h->n);
		if (n > 0)
			memcpy(j->lesson + j->lesson_start[m], scratch,
			       (size_t)n * sizeof *scratch);
	}
	pl_free(scratch);
	return PL_OK;

nomem:
	pl_free(scratch);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for lessons");
}

pl_status pl_result_new(pl_jobs **out, const pl_deal *d, pl_jobs_outcome outcome, pl_error *err)
{
	int64_t shares = 0;
	const bool some = outcome <= PL_JOBS_NEAREST;
	for (int32_t m = 0; m < d->w->n_people; m++) shares += some ? d->hand[m].n : 0;
	pl_jobs *j = jobs_alloc(d, shares);
	if (j == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld shares of tasks",
		               (long long)shares);
	j->outcome = outcome;
	j->mean_empowerment = d->mean_x;
	j->mean_desirability = d->mean_y;
	j->short_task = j->train = -1;
	for (int32_t m = 0; m < j->n_people && some; m++) put_hand(j, d, m);
	pl_status status = some ? put_lessons(j, d, err) : PL_OK;
	if (status == PL_OK)
		*out = j;
	else
		pl_jobs_free(j);
	return status;
}
