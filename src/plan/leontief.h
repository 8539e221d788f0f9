/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* leontief.h - where each product has one maker and nothing else is scarce: prices from the
 * recipes alone, activities from what is asked for. */
#ifndef PL_PLAN_LEONTIEF_H
#define PL_PLAN_LEONTIEF_H
#include "plan/search.h"

/// Try whether recipes decide everything: each act makes one good, which nobody else makes, at
/// a constant cost, and either what is asked for does not depend on prices, or there are no
/// limits (capacities, goods without a maker). Then by the non-substitution theorem
/// (Samuelson 1951) prices follow from N p = effort, and activities from N' z = what is asked
/// for, N the acts' net outputs; goods without a maker are free. Both are solved by
/// generalised conjugate residuals, a sweep each. It is a plan if no limit is passed. At most
/// some dozens of sweeps, a few where limits are passed, none where it cannot apply.
/// @param part of each good's demand, held back so that rounding cannot make a shortage
/// @param near relative imbalance to reach
/// @param loose by how much acts may miss their margins, relative to their product's price
/// @param[out] found whether it is; if not, the prices in `at` and the reserve are as before
/// @return PL_OK, PL_ENOMEM
pl_status pl_leontief(bool *found, pl_method *k, double part, double near, double loose,
                      pl_error *err);
#endif
