/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_remedy.h - where there are no jobs: what would have to be otherwise. */
#ifndef PL_CLI_JOBS_REMEDY_H
#define PL_CLI_JOBS_REMEDY_H
#include "io/json.h"
#include "io/work_files.h"
#include "work/remedy.h"

typedef struct {
	pl_remedy of[PL_REMEDIES];
	int n;
} pl_jobs_remedies;

void pl_jobs_remedies_print(const pl_jobs_remedies *r, const pl_work_files *f);
/// `remedies`: an array of `kind`, `task`, `min_block`, `tasks`, `people`.
void pl_jobs_remedies_json(pl_json *o, const pl_jobs_remedies *r, const pl_work_files *f);
#endif
