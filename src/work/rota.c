/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rota.c - a week's jobs by day: people one after another, each with room for an even part of
 * the hours on every day that the person is there. */
#include "work/rota.h"

#include "base/alloc.h"
#include "base/error.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
	const pl_workplace *w;
	const pl_jobs *j;
	const bool *away;
	int32_t n_days;
	int64_t *of_task; ///< [n_tasks * n_days] so far
	int64_t room[PL_ROTA_DAYS];
	pl_rota *r;
} maker;

/// An even part of the person's hours for each day; the first days get what is left over.
/// @return PL_EARG: no day, or too many hours a day
static pl_status make_room(maker *k, int32_t person, pl_error *err)
{
	int32_t days = 0, seen = 0;
	for (int32_t d = 0; d < k->n_days; d++) {
		k->room[d] =
		        k->away != NULL && k->away[(int64_t)person * k->n_days + d] ? 0 : 1;
		days += (int32_t)k->room[d];
	}
	const int64_t hours = k->j->work[person];
	const int64_t most = (int64_t)PL_ROTA_DAY_HOURS * PL_WORK_HOUR;
	if (days == 0 && hours > 0)
		return pl_fail(err, PL_EARG, person,
		               "is away on every day: take a day out of leave.csv, or add "
		               "--weekdays");
	if (hours > days * most)
		return pl_fail(err, PL_EARG, person,
		               "would work %d.%d hours on %d days, and %d a day are the most: "
		               "fewer hours, less leave or more --weekdays are needed",
		               (int)(hours / PL_WORK_HOUR),
		               (int)(hours % PL_WORK_HOUR / (PL_WORK_HOUR / 10)), (int)days,
		               PL_ROTA_DAY_HOURS);
	for (int32_t d = 0; d < k->n_days; d++) {
		if (k->room[d] == 0) continue;
		k->room[d] = hours / days + (seen < hours % days);
		seen++;
	}
	return PL_OK;
}

/// The day with room that has least of the task so far; -1: none
static int32_t next_day(const maker *k, int32_t task)
{
	int32_t best = -1;
	const int64_t *of = &k->of_task[(int64_t)task * k->n_days];
	for (int32_t d = 0; d < k->n_days; d++)
		if (k->room[d] > 0 && (best < 0 || of[d] < of[best])) best = d;
	return best;
}

/// Put a piece of a task on a day, to what the person has of it there.
static void put(maker *k, int32_t person, int32_t task, int32_t day, int64_t hours)
{
	pl_rota *r = k->r;
	k->room[day] -= hours;
	k->of_task[(int64_t)task * k->n_days + day] += hours;
	for (int64_t i = r->n; i-- > 0 && r->shift[i].person == person;) {
		if (r->shift[i].day != day || r->shift[i].task != task) continue;
		r->shift[i].hours += hours;
		return;
	}
	r->shift[r->n++] = (pl_shift){day, person, task, hours};
}

/// Long tasks come in pieces of a third of a day or the block, whichever is more.
static void spread_task(maker *k, int32_t person, int32_t task, int64_t hours)
{
	int64_t piece = k->j->work[person] / k->n_days / 3;
	if (piece < k->w->block[task]) piece = k->w->block[task];
	if (piece < PL_WORK_HOUR) piece = PL_WORK_HOUR;
	while (hours > 0) {
		const int32_t day = next_day(k, task);
		assert(day >= 0); /* the room of all days is what the jobs take */
		int64_t part = hours < 2 * piece ? hours : piece;
		if (part > k->room[day]) part = k->room[day];
		put(k, person, task, day, part);
		hours -= part;
	}
}

static int by_day(const void *a, const void *b)
{
	const pl_shift *x = a, *y = b;
	if (x->day != y->day) return x->day < y->day ? -1 : 1;
	if (x->person != y->person) return x->person < y->person ? -1 : 1;
	return (x->task > y->task) - (x->task < y->task);
}

static void sort(pl_rota *r)
{
	if (r->n > 1) qsort(r->shift, (size_t)r->n, sizeof *r->shift, by_day);
}

static pl_status spread_all(maker *k, pl_error *err)
{
	for (int32_t m = 0; m < k->j->n_people; m++) {
		PL_TRY(make_room(k, m, err));
		for (int64_t i = k->j->start[m]; i < k->j->start[m + 1]; i++)
			spread_task(k, m, k->j->task[i], k->j->hours[i]);
	}
	sort(k->r);
	return PL_OK;
}

pl_status pl_rota_make(pl_rota **out, const pl_workplace *w, const pl_jobs *j, int32_t n_days,
                       const bool *away, pl_error *err)
{
	maker k = {.w = w, .j = j, .away = away, .n_days = n_days};
	pl_status status = PL_ENOMEM;
	*out = NULL;
	k.of_task = pl_alloc((int64_t)w->n_tasks * n_days, sizeof *k.of_task);
	k.r = pl_alloc(1, sizeof *k.r);
	if (k.r != NULL)
		k.r->shift = pl_alloc(j->start[j->n_people] * n_days, sizeof *k.r->shift);
	if (k.of_task == NULL || k.r == NULL || k.r->shift == NULL)
		(void)pl_fail(err, status, -1, "no memory for a rota");
	else
		status = spread_all(&k, err);
	pl_free(k.of_task);
	if (status == PL_OK)
		*out = k.r;
	else
		pl_rota_free(k.r);
	return status;
}

/// Can the person do the task, or is it among the lessons?
static bool knows(const pl_workplace *w, const pl_jobs *j, int32_t person, int32_t task)
{
	for (int64_t k = j->lesson_start[person]; k < j->lesson_start[person + 1]; k++)
		if (j->lesson[k] == task) return true;
	return pl_work_to_learn(w, person, task) == 0;
}

/// Is @p other able to do all that @p one does that day? @param[out] some one is there
static bool may_take(bool *some, const pl_rota *r, const pl_workplace *w, const pl_jobs *j,
                     const pl_shift *of, int32_t other)
{
	*some = false;
	for (int64_t i = 0; i < r->n; i++) {
		const pl_shift *s = &r->shift[i];
		if (s->day != of->day || s->person != of->person) continue;
		*some = true;
		if (!knows(w, j, other, s->task)) return false;
	}
	return true;
}

pl_status pl_rota_swap(pl_rota *r, const pl_workplace *w, const pl_jobs *j, int32_t day,
                       int32_t one, int32_t other, pl_error *err)
{
	bool there, too;
	const pl_shift first = {.day = day, .person = one},
	               second = {.day = day, .person = other};
	const bool can = may_take(&there, r, w, j, &first, other);
	const bool also = may_take(&too, r, w, j, &second, one);
	if (!there || !too)
		return pl_fail(err, PL_EARG, there ? other : one, "does not work that day");
	if (!can || !also)
		return pl_fail(err, PL_EARG, can ? one : other,
		               "can do not all that the other does that day");
	for (int64_t i = 0; i < r->n; i++) {
		pl_shift *s = &r->shift[i];
		if (s->day != day) continue;
		if (s->person == one)
			s->person = other;
		else if (s->person == other)
			s->person = one;
	}
	sort(r);
	return PL_OK;
}

/// The larger distance from the means of all.
static double off(const pl_jobs *j, double empowerment, double desirability)
{
	return fmax(fabs(empowerment - j->mean_empowerment),
	            fabs(desirability - j->mean_desirability));
}

pl_rota_week pl_rota_week_of(const pl_rota *r, const pl_workplace *w, const pl_jobs *j,
                             int32_t person, double within)
{
	static const double rounding = 1e-9;
	pl_rota_week v = {.person = person};
	double empowerment = 0, desirability = 0;
	for (int64_t i = 0; i < r->n; i++) {
		const pl_shift *s = &r->shift[i];
		if (s->person != person) continue;
		v.hours += s->hours;
		empowerment += (double)s->hours * w->empowerment[s->task];
		desirability += (double)s->hours * w->desirability[s->task];
	}
	v.empowerment = v.hours > 0 ? empowerment / (double)v.hours : j->mean_empowerment;
	v.desirability = v.hours > 0 ? desirability / (double)v.hours : j->mean_desirability;
	v.off = off(j, v.empowerment, v.desirability);
	v.off_without = off(j, j->empowerment[person], j->desirability[person]);
	v.within = v.off <= within + rounding;
	return v;
}

void pl_rota_free(pl_rota *r)
{
	if (r == NULL) return;
	pl_free(r->shift);
	pl_free(r);
}
