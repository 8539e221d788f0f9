/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_rota.h - the jobs of a week by day, for plenum jobs. */
#ifndef PL_CLI_JOBS_ROTA_H
#define PL_CLI_JOBS_ROTA_H
#include "cli/args.h"
#include "io/work_files.h"

/// Begin with {0}; free with pl_jobs_rota_free.
typedef struct {
	bool wanted;
	int32_t days;
	pl_work_day_date monday;
	pl_rota *rota; ///< NULL: not wanted, or no jobs
} pl_jobs_rota;

pl_status pl_jobs_rota_settings(pl_jobs_rota *v, const pl_args *a, pl_error *err);
pl_status pl_jobs_rota_find(pl_jobs_rota *v, const pl_work_files *f, const pl_jobs *j,
                            pl_error *err);
void pl_jobs_rota_free(pl_jobs_rota *v);
void pl_jobs_rota_print(const pl_jobs_rota *v, const pl_work_files *f);
#endif
