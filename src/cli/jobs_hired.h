/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_hired.h - the other answer to management: somebody is hired for the tasks in which
 * decisions fall, and can be dismissed; beside it balanced jobs of all tasks. */
#ifndef PL_CLI_JOBS_HIRED_H
#define PL_CLI_JOBS_HIRED_H
#include "io/json.h"
#include "io/work_files.h"

/// Begin with {0}.
typedef struct {
	bool asked;
	bool some;                ///< there are decisive tasks, and jobs both ways
	int32_t tasks;            ///< decisive ones
	int32_t people;           ///< who would be hired
	int64_t hours;            ///< thousandths of an hour of these tasks
	double empowerment;       ///< points: mean of the members' hours then
	double worst;             ///< points: largest deviation of a member's job from that
	int64_t learning;         ///< thousandths of an hour of lessons then
	pl_monitor hired, shared; ///< both ways as one period
} pl_jobs_hired;

/// Find jobs without the decisive tasks. @param v asked is set @param j of all tasks
pl_status pl_jobs_hired_find(pl_jobs_hired *v, const pl_work_files *f,
                             const pl_work_settings *s, const pl_jobs *j, pl_error *err);
/// Nothing where it was not asked for.
void pl_jobs_hired_print(const pl_jobs_hired *v, const pl_jobs *j);
/// "hired", where it was asked for: null where there is nothing to compare.
void pl_jobs_hired_json(pl_json *o, const pl_jobs_hired *v);
#endif
