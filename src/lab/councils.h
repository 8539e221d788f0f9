/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* councils.h - simulated councils: they see prices and propose quantities, by the schedules of
 * a model or by a behaviour that departs from them. What answers a rule of rounds in tests
 * and experiments.
 *
 * The schedules of the tables (docs/model.md) answer exactly, at any prices > 0. A recipe
 * without slope has no single best answer while it breaks even, and in life does not jump from
 * nothing to everything at the next credit. It starts from what the rule expects of it, or from
 * its own last round where nothing is expected: within 1 % of breaking even it confirms that;
 * a surplus of 25 % of what it makes, or a loss, brings it to its capacity, or to nothing, a
 * smaller one as far in proportion. Without a capacity it moves by that part, at most a
 * quarter. Before the first round it is taken to have made its part of what the others ask for
 * at last year's prices, inputs of inputs counted; makers of a good share it equally. Free
 * goods cost nothing, whatever price stands there. So that no proposal is infinite, no
 * workplace makes or uses for more than e^230 credits, and 1/price is at most e^230. */
#ifndef PL_LAB_COUNCILS_H
#define PL_LAB_COUNCILS_H
#include "lab/behaviour.h"

#include <plenum/rounds.h>

/// The councils of one economy, and what they remember from round to round.
typedef struct pl_councils pl_councils;

/// @param m borrowed until freed or until a new year begins
/// @param b NULL: declared
/// @param seed what is drawn follows from it, the round and the council: the same calls give
///        the same proposals, whatever the threads
/// @return PL_OK, PL_ENOMEM
pl_status pl_councils_new(pl_councils **out, const pl_model *m, const pl_behaviour *b,
                          uint64_t seed, pl_error *err);
void pl_councils_free(pl_councils *c); ///< NULL allowed

/// One round of proposals, a pl_answer; no memory is taken.
/// @param self the pl_councils
/// @param[in,out] quantity [n_links] units; in: what is expected, NaN: nothing; out: proposals,
///                >= 0; NaN: this council's proposal did not come
/// @param price [n_goods] credits per unit, > 0 (not looked at where a good is free)
/// @return PL_OK, PL_EARG (a price that is not > 0)
pl_status pl_councils_answer(void *self, double *quantity, const double *price, pl_error *err);

/// A new year: other numbers in the schedules, the same goods, councils and links. Habits,
/// lots and activities carry over.
/// @return PL_OK, PL_EARG (not the same goods, councils and links), nothing then changed
pl_status pl_councils_new_year(pl_councils *c, const pl_model *m, pl_error *err);
#endif
