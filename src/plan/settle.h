/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* settle.h - from near the plan onto it, to the last digits: the proximal form. */
#ifndef PL_PLAN_SETTLE_H
#define PL_PLAN_SETTLE_H
#include "plan/search.h"

/// Settle what pl_search left: which acts run, stand still or are full, which goods are free,
/// and the exact numbers. Activities end at exactly 0 or cap where a bound holds, prices at
/// exactly 0 where something is left over.
///
/// Each round solves the plan with a proximal term (z - z_before)^2/2 sigma on activities and
/// on what is left over, by semismooth Newton steps (X. Li, D. Sun, K.-C. Toh, SIAM J.
/// Optimization 30, 2020); where several plans are equally good it stays with the nearest.
/// @param near relative imbalance to reach
/// @param loose by how much acts may miss their margins, relative to what goes in and out
/// @return true if it did. `at` is changed in any case.
/// @param brief give up as soon as a Newton step has to be cut more than a few times
bool pl_settle(pl_method *k, double near, double loose, bool brief);
#endif
