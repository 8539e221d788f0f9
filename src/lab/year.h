/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* year.h - the same economy a year later: goods, councils and links stay, numbers change. */
#ifndef PL_LAB_YEAR_H
#define PL_LAB_YEAR_H
#include <plenum/model.h>

/// Everything a little different: each share of a budget, quantity wanted, input share,
/// exponent (their sum stays) or coefficient, capacity and endowment is multiplied by e^(amount
/// u), u uniform in -1..1, each its own. The scale of a smooth workplace moves by a third of
/// that in logs, as its output moves by 1/(1 - returns) times as much.
/// @param amount 0 .. 3; 0.1 is about +-10 %
/// @param seed everything follows from it and m
/// @return PL_OK, PL_EARG (amount), PL_ENOMEM
pl_status pl_lab_shock(pl_model **out, const pl_model *m, double amount, uint64_t seed,
                       pl_error *err);

/// The second year of the published simulations: each exponent of a cobb_douglas input grows by
/// 0, .001, .002, .003 or .004, each share of a budget, as it stands in the tables, by one of
/// -.002 .. .002 (not below 0). Others stay.
/// @return PL_OK; PL_EARG (exponents that sum to 1 or more), PL_ENOMEM
pl_status pl_lab_year_two(pl_model **out, const pl_model *m, uint64_t seed, pl_error *err);
#endif
