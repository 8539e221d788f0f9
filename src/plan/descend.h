/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* descend.h - where nothing has a bound the plan is a smooth minimum: truncated Newton. */
#ifndef PL_PLAN_DESCEND_H
#define PL_PLAN_DESCEND_H
#include "plan/search.h"

/// Are there no acts, and is every good essential? Then Phi is smooth in log prices.
bool pl_descend_applies(const pl_program *g);

/// From the prices in `at`, all > 0, to where every good's supply is demand (1 + spare), to
/// within `near` of its turnover.
/// @param[out] found true if it is; false at the step limit, when stopped or when nothing
///             improves. `at` is changed in any case.
/// @return PL_OK, PL_ENOMEM
pl_status pl_descend(bool *found, pl_method *k, double spare, double near, pl_error *err);
#endif
