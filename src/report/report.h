/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* report.h - a plan as one page for people: report.html. */
#ifndef PL_REPORT_H
#define PL_REPORT_H
#include "report/steps.h"

#include <stdio.h>

/// Write a plan as one self-contained HTML file: no script, no request, readable on paper, at
/// most PL_REPORT_MOST bytes whatever the economy holds. The same model, plan and steps give
/// the same bytes.
/// @param steps how it was found, or NULL
/// @return PL_OK (faults of writing show in ferror(to)), PL_ENOMEM
pl_status pl_report_write(FILE *to, const pl_model *m, const pl_plan *p, const pl_steps *steps,
                          pl_error *err);

enum { PL_REPORT_MOST = 400000 };
#endif
