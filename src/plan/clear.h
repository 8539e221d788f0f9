/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* clear.h - for rooms above this one: clear a program that they put together themselves. */
#ifndef PL_PLAN_CLEAR_H
#define PL_PLAN_CLEAR_H
#include "plan/program.h"

#include <plenum/plan.h>

/// Prices at which a program's answers balance, to s->tolerance. Nothing is certified and
/// nobody is told where it stands.
/// @param[in,out] price [n_goods] to start from, > 0
/// @param[out] activity [n_acts]
/// @param[out] found false: there is no plan, or the method found none; price is then where it
///             stood
/// @return PL_OK, PL_ENOMEM
pl_status pl_clear_program(bool *found, double *price, double *activity, const pl_program *g,
                           const pl_settings *s, pl_error *err);
#endif
