/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* branch.h - how near to balance anybody can come: a proof for small workplaces, by linear
 * programs and branching; a bound for all. */
#ifndef PL_WORK_BRANCH_H
#define PL_WORK_BRANCH_H
#include "work/deal.h"

/// Numbers in the table of the linear program: rows times columns. Larger workplaces have only
/// pl_bound_sums.
#define PL_BRANCH_MOST INT64_C(2500000)

/// Look for a deal whose largest deviation is smaller than that of d by more than
/// PL_BRANCH_NEAR, and put it in d's place.
/// @param[in,out] bound points; raised to what no deal can be below, infinite where there is
/// none
/// @param effort table entries that may be changed, in all
/// @return PL_OK (d and bound unchanged where the workplace is too large), PL_ENOMEM
pl_status pl_branch_run(pl_deal *d, double *bound, int64_t effort, pl_error *err);

/// The same for few people: between the bound and what was reached, look for deals below one
/// goal after another, as either there is one or the bound rises, until it is proven that
/// nothing is nearer. @param[out] bound infinite where there is no deal at all
pl_status pl_branch_prove(pl_deal *d, double *bound, int64_t effort, pl_error *err);

/// The best hours for the tasks that people hold, each at least its block: one linear program.
/// The deal is changed only where that is nearer to balance.
/// @return PL_OK (unchanged where the workplace is too large), PL_ENOMEM
pl_status pl_branch_polish(pl_deal *d, pl_error *err);

#define PL_BRANCH_NEAR 0.001 /* points */

/// A bound from sums alone, in time n_tasks * (n_people / 64 + log n_tasks): whoever can do the
/// most (or least) empowering tasks must do them all, and something else in the rest of the
/// time.
/// @return PL_OK, PL_ENOMEM
pl_status pl_bound_sums(double *bound, const pl_deal *d, pl_error *err);
#endif
