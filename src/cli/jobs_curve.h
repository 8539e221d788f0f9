/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_curve.h - what balance costs, against how near to the mean jobs must be. */
#ifndef PL_CLI_JOBS_CURVE_H
#define PL_CLI_JOBS_CURVE_H
#include "io/json.h"
#include "io/work_files.h"

/// One point: jobs within so many points of the mean.
typedef struct {
	double within; ///< INFINITY: whatever their balance
	pl_jobs_outcome outcome;
	double worst;     ///< points
	int64_t learning; ///< thousandths of an hour of lessons
	int64_t changed;  ///< thousandths of an hour that are not those of last period
} pl_jobs_cost;
enum { PL_JOBS_COSTS = 7 };

/// Hours of jobs that their people did not work last period.
int64_t pl_jobs_changed(const pl_workplace *w, const pl_jobs *j);
/// @param[out] cost [PL_JOBS_COSTS], `within` falling
pl_status pl_jobs_curve(pl_jobs_cost *cost, const pl_workplace *w, const pl_work_settings *s,
                        pl_error *err);
void pl_jobs_curve_print(const pl_jobs_cost *cost);
void pl_jobs_curve_json(pl_json *o, const pl_jobs_cost *cost);
void pl_jobs_curve_write(FILE *to, const pl_jobs_cost *cost); ///< cost.csv
#endif
