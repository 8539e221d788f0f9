/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fitted.h - the facilitation rule that fits a schedule to what each council proposed, and
 * clears the fitted schedules. docs/model.md has the formulas. */
#ifndef PL_ROUNDS_FITTED_H
#define PL_ROUNDS_FITTED_H
#include <plenum/rounds.h>

/// What the rule remembers of every council, and the schedules fitted last.
typedef struct pl_fitted pl_fitted;

/// @param frame borrowed @return PL_OK, PL_ENOMEM
pl_status pl_fitted_new(pl_fitted **out, const pl_frame *frame, const pl_rule_settings *s,
                        pl_error *err);
void pl_fitted_free(pl_fitted *f); ///< NULL allowed
void pl_fitted_new_year(pl_fitted *f, const pl_frame *frame);

/// Take in a round and give the prices that clear the schedules fitted to it.
/// @param round price, quantity, supply, demand are read
/// @param[out] next [n_goods] > 0
/// @param[in,out] at_floor [n_goods] set for the next announcement
/// @param[out] found false: the fitted schedules have no common plan, or none was found; next
///             is then undefined
/// @return PL_OK, PL_ENOMEM
pl_status pl_fitted_step(bool *found, double *next, uint8_t *at_floor, pl_fitted *f,
                         const pl_round *round, pl_error *err);

/// Do many workplaces stand at a limit of movement? Then nothing needs to come nearer yet.
bool pl_fitted_waits(const pl_fitted *f);

/// What the schedules fitted last answer to the prices that they gave. @param[out] quantity
/// [n_links] units; NaN where nothing was fitted @param price as announced
void pl_fitted_expected(double *quantity, const pl_fitted *f, const double *price);
#endif
