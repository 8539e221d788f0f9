/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_across.h - what plenum jobs tells of balance between workplaces. */
#ifndef PL_CLI_JOBS_ACROSS_H
#define PL_CLI_JOBS_ACROSS_H
#include "cli/args.h"
#include "io/json.h"
#include "io/work_files.h"

typedef enum { PL_ACROSS_OFF, PL_ACROSS_ADVISORY, PL_ACROSS_REQUIRED } pl_across_policy;

/// Begin with {0}; free with pl_jobs_across_free. This workplace is the last of those in `a`.
typedef struct {
	int policy;
	pl_across *a; ///< NULL: off, or no workplaces.csv
	double hours, mean;
} pl_jobs_across;

pl_status pl_jobs_across_settings(pl_jobs_across *v, const pl_args *a, pl_error *err);
pl_status pl_jobs_across_find(pl_jobs_across *v, const pl_work_files *f, pl_error *err);
void pl_jobs_across_free(pl_jobs_across *v);
void pl_jobs_across_print(const pl_jobs_across *v, const pl_work_files *f);
void pl_jobs_across_json(pl_json *o, const pl_jobs_across *v, const pl_work_files *f);
#endif
