/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_rota.h - the jobs of a week by day, for plenum jobs. */
#ifndef PL_CLI_JOBS_ROTA_H
#define PL_CLI_JOBS_ROTA_H
#include "cli/args.h"
#include "io/json.h"
#include "io/work_files.h"

/// Begin with {0}; free with pl_jobs_rota_free.
typedef struct {
	bool wanted;
	int32_t days;
	pl_work_day_date monday;
	pl_rota *rota;      ///< NULL: not wanted, or no jobs
	pl_rota_week *week; ///< [n_weeks] of those who swapped, in the order of people.csv
	int32_t n_weeks;
	double within; ///< points that count as balanced
} pl_jobs_rota;

pl_status pl_jobs_rota_settings(pl_jobs_rota *v, const pl_args *a, pl_error *err);
/// @param v within is set
pl_status pl_jobs_rota_find(pl_jobs_rota *v, const pl_work_files *f, const pl_jobs *j,
                            pl_error *err);
void pl_jobs_rota_free(pl_jobs_rota *v);
void pl_jobs_rota_print(const pl_jobs_rota *v, const pl_work_files *f);
/// How many of those who swapped are within.
int32_t pl_jobs_rota_within(const pl_jobs_rota *v);
/// "swapped" of the one object on standard output, where somebody swapped.
void pl_jobs_rota_json(pl_json *o, const pl_jobs_rota *v, const pl_work_files *f);
/// swapped.csv: a row for each who swapped.
void pl_jobs_rota_write(FILE *to, const pl_jobs_rota *v, const pl_work_files *f);
#endif
