/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* settle.h - the best plan of councils whose schedules are not those of the tables. */
#ifndef PL_LAB_SETTLE_H
#define PL_LAB_SETTLE_H
#include "lab/behaviour.h"

#include <plenum/plan.h>

/// Do councils answer the same prices always alike, by schedules (of the tables, or nested)?
/// Where they do, the plan at which their answers balance is the best of those they can make.
bool pl_behaviour_is_steady(const pl_behaviour *b);

/// Prices and answers at which every good is within 1e-6 of balance, found by rounds with
/// simple rules from near by.
/// @param[out] price [n_goods], quantity [n_links]; undefined unless found
/// @param b steady @param seed as the councils' @param start [n_goods] > 0
/// @return PL_OK (also where it is not found), PL_ENOMEM, PL_EARG (start)
pl_status pl_lab_settle(bool *found, double *price, double *quantity, const pl_model *m,
                        const pl_behaviour *b, uint64_t seed, const double *start,
                        pl_error *err);
#endif
