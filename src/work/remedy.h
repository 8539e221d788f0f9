/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* remedy.h - where there are no jobs: one thing that would have to be otherwise for some. */
#ifndef PL_WORK_REMEDY_H
#define PL_WORK_REMEDY_H
#include <plenum/work.h>

typedef enum {
	PL_REMEDY_TASKS,  ///< everybody may have more tasks
	PL_REMEDY_BLOCK,  ///< a least share is smaller
	PL_REMEDY_BLOCKS, ///< no least share is above so many hours; where no single one serves
	PL_REMEDY_LEARN,  ///< somebody knows a task beforehand
	PL_REMEDY_KINDS
} pl_remedy_kind;
const char *pl_remedy_name(
        int kind); ///< "tasks", "min_block", "min_blocks", "learn"; NULL outside the enum

enum { PL_REMEDIES = 5, PL_REMEDY_PEOPLE = 6 };

typedef struct {
	pl_remedy_kind kind;
	int32_t tasks_most; ///< PL_REMEDY_TASKS: the fewest that were found to do
	int32_t task;       ///< PL_REMEDY_BLOCK, PL_REMEDY_LEARN; else -1
	int64_t block; ///< PL_REMEDY_BLOCK, PL_REMEDY_BLOCKS: the most that was found to do,
	               ///< thousandths
	int32_t n_people, person[PL_REMEDY_PEOPLE]; ///< PL_REMEDY_LEARN: all of them together
} pl_remedy;

/// Jobs are looked for anew with one thing otherwise. With each remedy that is told jobs were
/// found, with the same settings; where none is told, there may be some all the same.
/// @param j what pl_work_balance found @param[out] n remedies, 0 where there are jobs
/// @return PL_OK, PL_ENOMEM, PL_EARG
pl_status pl_work_remedies(pl_remedy out[PL_REMEDIES], int *n, const pl_workplace *w,
                           const pl_work_settings *s, const pl_jobs *j, pl_error *err);
#endif
