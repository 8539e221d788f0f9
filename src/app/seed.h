/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* seed.h - a record that begins with an economy from tables. */
#ifndef PL_APP_SEED_H
#define PL_APP_SEED_H
#include "app/app.h"

#include <plenum/model.h>

/// Put an economy into a record that has begun: communities, goods, councils, and what each
/// declares. Everything is done by requests of one person, who becomes each council's delegate
/// until the council chooses its own. Goods and councils get numbers in the order of the model.
/// @param actor a facilitator and administrator
/// @param price [n_goods] last year's, > 0; NULL: the model's
/// @param[out] good [n_goods], council [n_councils] numbers in the record; may be NULL
/// @return PL_OK, or what pl_app_do returned; then part of it is done
pl_status pl_app_seed(int64_t *good, int64_t *council, pl_app *a, int64_t actor, int64_t time,
                      const pl_model *m, const double *price, pl_error *err);
#endif
