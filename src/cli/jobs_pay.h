/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_pay.h - what equal balance and pay for effort would change of a payroll. */
#ifndef PL_CLI_JOBS_PAY_H
#define PL_CLI_JOBS_PAY_H
#include "io/json.h"
#include "io/work_files.h"

/// Nothing without a payroll. @param j the jobs that were found
void pl_jobs_pay_print(const pl_work_files *f, const pl_jobs *j);
void pl_jobs_pay_json(pl_json *o, const pl_work_files *f);
#endif
