/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rota.h - jobs of a week spread over its days. */
#ifndef PL_WORK_ROTA_H
#define PL_WORK_ROTA_H
#include <plenum/work.h>

typedef struct {
	int32_t day, person, task;
	int64_t hours; ///< thousandths of an hour, > 0
} pl_shift;

/// By day, then person, then task.
typedef struct {
	int64_t n;
	pl_shift *shift; ///< [n]
} pl_rota;

enum { PL_ROTA_DAYS = 7, PL_ROTA_DAY_HOURS = 12 };

/// Spread each person's hours evenly over the days that the person is there, to a thousandth of
/// an hour, and each task over the days as evenly as that leaves room for: a piece at a time,
/// at least the task's block, to the day that has least of it so far. Sums of every person and
/// task are those of the jobs.
/// @param away [n_people * n_days] by person, then day; NULL: nobody is
/// @return PL_OK; PL_EARG: somebody would work more than PL_ROTA_DAY_HOURS a day, or on none
///         (err->where: the person); PL_ENOMEM
pl_status pl_rota_make(pl_rota **out, const pl_workplace *w, const pl_jobs *j, int32_t n_days,
                       const bool *away, pl_error *err);
/// Two people take each other's shifts of a day.
/// @return PL_OK; PL_EARG with a sentence where one is not there that day, or neither can do
/// nor
///         learns what the other does: then nothing changed
pl_status pl_rota_swap(pl_rota *r, const pl_workplace *w, const pl_jobs *j, int32_t day,
                       int32_t one, int32_t other, pl_error *err);

/// What a person's week comes to, which after a swap is no longer what the job comes to.
typedef struct {
	int32_t person;
	int64_t hours;
	double empowerment, desirability; ///< means of the week by hours, points
	double off, off_without; ///< the larger distance from the means of all, in the week and
	                         ///< in the job; points
	bool within;             ///< off is at most what counts as balanced
} pl_rota_week;

/// @param within points that count as balanced
pl_rota_week pl_rota_week_of(const pl_rota *r, const pl_workplace *w, const pl_jobs *j,
                             int32_t person, double within);
void pl_rota_free(pl_rota *r); ///< NULL allowed
#endif
