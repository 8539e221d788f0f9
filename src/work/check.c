/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* check.c - jobs added up again from the workplace alone: nothing here is used by the search.
 */
#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <plenum/work.h>

static const double rounding = 1e-9;

typedef struct {
	const pl_workplace *w;
	const pl_work_settings *s;
	const pl_jobs *j;
	int64_t *covered; ///< [n_tasks] hours in jobs
	int64_t *known;   ///< [n_tasks] last person + 1 who knows the task
	int64_t sum, offered;
	double e, d, worst; ///< means of the tasks, largest deviation
	int64_t learning;
} review;

#define REFUSE(err, ...) pl_fail(err, PL_EARG, -1, __VA_ARGS__)

static bool differ(double a, double b)
{
	return !(fabs(a - b) <= rounding * (1 + fabs(b)));
}

static pl_work_can can(const pl_workplace *w, int32_t person, int32_t task)
{
	for (int64_t k = w->skill_start[person]; k < w->skill_start[person + 1]; k++)
		if (w->skill[k].task == task) return w->skill[k].can;
	return PL_WORK_UNABLE;
}

static bool knows(const review *r, int32_t person, int32_t task)
{
	return r->known[task] == (int64_t)person + 1 || can(r->w, person, task) == PL_WORK_ABLE;
}

/// Every lesson comes after what it needs, can be taken, and all of them in time.
static pl_status check_lessons(review *r, int32_t m, pl_error *err)
{
	int64_t hours = 0;
	for (int64_t k = r->j->lesson_start[m]; k < r->j->lesson_start[m + 1]; k++) {
		const int32_t t = r->j->lesson[k];
		if (r->w->learn[t] < 0 || can(r->w, m, t) == PL_WORK_NEVER)
			return REFUSE(err, "person %d cannot learn task %d", (int)m, (int)t);
		for (int64_t q = r->w->needs_start[t]; q < r->w->needs_start[t + 1]; q++)
			if (!knows(r, m, r->w->needs[q]))
				return REFUSE(err, "person %d learns task %d before task %d",
				              (int)m, (int)t, (int)r->w->needs[q]);
		r->known[t] = (int64_t)m + 1;
		hours += r->w->learn[t];
	}
	r->learning += hours;
	if (hours > r->w->learning[m])
		return REFUSE(err, "person %d has too much to learn", (int)m);
	return PL_OK;
}

static pl_status check_share(review *r, int32_t m, int64_t k, pl_error *err)
{
	const int32_t t = r->j->task[k];
	const int64_t hours = r->j->hours[k];
	const int64_t block = r->w->block[t] < r->w->need[t] ? r->w->block[t] : r->w->need[t];
	if (t < 0 || t >= r->w->n_tasks || (k > r->j->start[m] && t <= r->j->task[k - 1]))
		return REFUSE(err, "the tasks of person %d are out of order", (int)m);
	if (hours <= 0 || hours < block)
		return REFUSE(err, "person %d has too small a share of task %d", (int)m,
		              (int)t);
	if (!knows(r, m, t))
		return REFUSE(err, "person %d can neither do task %d nor learns it", (int)m,
		              (int)t);
	r->covered[t] += hours;
	return PL_OK;
}

static pl_status check_job(review *r, int32_t m, pl_error *err)
{
	const pl_jobs *j = r->j;
	int64_t hours = 0;
	double e = 0, d = 0;
	if (j->start[m + 1] < j->start[m] || j->start[m + 1] - j->start[m] > r->s->tasks_most)
		return REFUSE(err, "person %d has too many tasks", (int)m);
	for (int64_t k = j->start[m]; k < j->start[m + 1]; k++) {
		PL_TRY(check_share(r, m, k, err));
		hours += j->hours[k];
		e += (double)j->hours[k] * r->w->empowerment[j->task[k]];
		d += (double)j->hours[k] * r->w->desirability[j->task[k]];
	}
	const double fair = (double)r->sum * ((double)r->w->hours[m] / (double)r->offered);
	if (hours != j->work[m] || hours > r->w->hours[m] || fabs((double)hours - fair) > 1.5)
		return REFUSE(err, "person %d works other hours than the share", (int)m);
	e = hours > 0 ? e / (double)hours : r->e;
	d = hours > 0 ? d / (double)hours : r->d;
	r->worst = fmax(r->worst, fmax(fabs(e - r->e), fabs(d - r->d)));
	if (differ(j->empowerment[m], e) || differ(j->desirability[m], d))
		return REFUSE(err, "the means of person %d are others", (int)m);
	return PL_OK;
}

static pl_status check_all(review *r, pl_error *err)
{
	const pl_jobs *j = r->j;
	for (int32_t t = 0; t < r->w->n_tasks; t++) {
		r->sum += r->w->need[t];
		r->e += (double)r->w->need[t] * r->w->empowerment[t];
		r->d += (double)r->w->need[t] * r->w->desirability[t];
	}
	for (int32_t m = 0; m < r->w->n_people; m++) r->offered += r->w->hours[m];
	r->e = r->sum > 0 ? r->e / (double)r->sum : 0;
	r->d = r->sum > 0 ? r->d / (double)r->sum : 0;
	for (int32_t m = 0; m < r->w->n_people; m++) {
		PL_TRY(check_lessons(r, m, err));
		PL_TRY(check_job(r, m, err));
	}
	for (int32_t t = 0; t < r->w->n_tasks; t++)
		if (r->covered[t] != r->w->need[t])
			return REFUSE(err, "task %d is not covered exactly", (int)t);
	if (differ(j->mean_empowerment, r->e) || differ(j->mean_desirability, r->d))
		return REFUSE(err, "the means of the tasks are others");
	if (differ(j->worst, r->worst) || !(j->bound >= 0 && j->bound <= j->worst))
		return REFUSE(err, "the largest deviation is another");
	if ((j->outcome == PL_JOBS_BALANCED) != (r->worst <= r->s->within + rounding))
		return REFUSE(err, "the outcome is another");
	return r->learning == j->learning ? PL_OK : REFUSE(err, "the lessons take other hours");
}

pl_status pl_jobs_check(const pl_workplace *w, const pl_work_settings *s, const pl_jobs *j,
                        pl_error *err)
{
	const pl_work_settings preset = pl_work_preset();
	review r = {.w = w, .s = s != NULL ? s : &preset, .j = j};
	if (j->outcome > PL_JOBS_NEAREST) return PL_OK;
	r.covered = pl_alloc(w->n_tasks, sizeof *r.covered);
	r.known = pl_alloc(w->n_tasks, sizeof *r.known);
	pl_status status = PL_ENOMEM;
	if (r.covered != NULL && r.known != NULL)
		status = check_all(&r, err);
	else
		(void)pl_fail(err, status, -1, "no memory to check jobs");
	pl_free(r.covered);
	pl_free(r.known);
	return status;
}
