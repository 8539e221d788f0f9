/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* certify.h - from where the method stands to a plan with its certificate. */
#ifndef PL_PLAN_CERTIFY_H
#define PL_PLAN_CERTIFY_H
#include "plan/search.h"

/// An empty plan of the model: all zero, start prices filled in.
pl_status pl_certify_new(pl_plan **out, const pl_model *m, const double *start,
                         double tolerance, pl_error *err);

/// Fill prices, quantities, totals, ratios, imbalance and gap from the point. What fixed wants
/// get is `request` (NULL: what they ask); what they go short of
/// counts in the gap, unless this is the nearest plan to one that cannot be.
/// @return does the certificate hold: supply >= demand, imbalance and gap within the
///         tolerance, no act at a loss, none without a cap that would gain?
bool pl_certify(pl_plan *p, const pl_model *m, pl_method *k, const double *request,
                bool nearest);

#endif
