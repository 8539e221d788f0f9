/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* welfare.h - what quantities are worth to those who asked for them, less the effort and
 * damage they cost: how far a plan falls short of the best one. */
#ifndef PL_LAB_WELFARE_H
#define PL_LAB_WELFARE_H
#include <plenum/plan.h>

/// Welfare in credits, up to a constant of the model. The plan of the model's schedules has
/// the largest of all quantities that fit (docs/model.md).
///
/// + budget_cd: income times sum share log x; budget_ces: income times log U, with U = (sum
///   b^(1/sigma) x^(1-1/sigma))^(sigma/(sigma-1)), U = min x/b where sigma is 0
/// + isoelastic: integral of the price that makes a quantity be asked, from the quantity at
///   the anchor on
/// - request, and isoelastic wants of elasticity 0: what is unmet at `price`
/// - recipe: effort cost of the activity that its outputs take; cobb_douglas: effort cost w
///   e^k, e from A e^c prod x^b = Q; affected: damage w E^k; ces: nothing
///
/// -inf where somebody goes without what nothing replaces, or makes more than any effort can.
/// @param price [n_goods] credits per unit, of requests
/// @param quantity [n_links] units, >= 0
double pl_lab_welfare(const pl_model *m, const double *price, const double *quantity);

/// The part of all consumption that, taken evenly from the best plan, would cost as much
/// welfare as `quantity` falls short of it: 0 for the best plan, 1 where nothing else is as
/// bad. Where all consumers have budgets: 1 - exp(-(W_best - W)/incomes). Below 0 where
/// `quantity` is better, which takes more than there is, or a best plan with something to
/// spare.
/// Behaviours that are another way to produce (nested, returns) have another best plan; the
/// loss is then against that of the tables, or, of nested, that of settle.h.
/// @param best cleared, of the schedules of m; its tolerance is what the loss is good to
double pl_lab_loss(const pl_model *m, const pl_plan *best, const double *quantity);
#endif
