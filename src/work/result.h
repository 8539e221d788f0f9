/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* result.h - the jobs that a deal comes to. */
#ifndef PL_WORK_RESULT_H
#define PL_WORK_RESULT_H
#include "work/deal.h"

/// The jobs of a deal, with their means and lessons; without any where the outcome has none.
/// What the search knows beside it (worst, bound, what is short) is left to the caller.
/// @return PL_OK; PL_ENOMEM
pl_status pl_result_new(pl_jobs **out, const pl_deal *d, pl_jobs_outcome outcome,
                        pl_error *err);
#endif
