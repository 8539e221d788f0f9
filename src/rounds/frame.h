/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* frame.h - a round as it is published: totals by good, and how far they are apart. */
#ifndef PL_ROUNDS_FRAME_H
#define PL_ROUNDS_FRAME_H
#include "num/scatter.h"

#include <plenum/rounds.h>

/// Does a link of this role add to supply (else to demand)?
static inline bool pl_role_supplies(uint8_t role)
{
	return role == PL_MAKES || role == PL_OFFERS;
}

/// Room for one round's totals.
typedef struct {
	pl_scatter *sum;
	double *supply, *demand, *imbalance; ///< [n_goods]
} pl_totals;

/// @return PL_OK, PL_ENOMEM
pl_status pl_totals_new(pl_totals **out, const pl_frame *frame, pl_error *err);
void pl_totals_free(pl_totals *l); ///< NULL allowed

/// Units supplied and demanded of each good in proposals, what society holds included. One
/// pass over the links; the same bits for any number of threads.
/// @param quantity [n_links] units
/// @return is every quantity a number >= 0?
bool pl_totals_add(pl_totals *l, const pl_frame *frame, const double *quantity);

/// All of a round but number (0) and remark (""). Arrays are borrowed from @p l and the
/// arguments.
/// @return PL_OK; PL_EARG (a price that is not > 0, a quantity that is no number >= 0, or
///         totals too large to be added), where: the good or the link
pl_status pl_round_total(pl_round *out, pl_totals *l, const pl_frame *frame,
                         const double *price, const double *quantity, const uint8_t *at_floor,
                         pl_error *err);
#endif
