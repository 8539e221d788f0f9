/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* anneal.h - nearer to balance where hands are full: who holds what is annealed, the hours of
 * all are those of a linear program. */
#ifndef PL_WORK_ANNEAL_H
#define PL_WORK_ANNEAL_H
#include "work/deal.h"

/// Numbers in the table of the linear program. In larger workplaces exchanges serve better.
#define PL_ANNEAL_MOST INT64_C(1000000)

/// Look for hands that may stand, however far from balance; one of a workplace that is too
/// large, or that may stand already, is left as it is, and so is one where none are found.
/// @param effort table entries that may be changed, in all, about
/// @return PL_OK, PL_ENOMEM
pl_status pl_anneal_mend(pl_deal *d, int64_t effort, pl_error *err);

/// Lower the largest deviation. A deal that may not stand is left as it is, and so is one of a
/// workplace that is too large.
/// @param low the largest deviation need not be less, points
/// @param effort table entries that may be changed, in all, about
/// @return PL_OK, PL_ENOMEM
pl_status pl_anneal_run(pl_deal *d, double low, int64_t effort, pl_error *err);
#endif
