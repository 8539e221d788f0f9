/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reach.h - how far a council's proposal may move from its last one, where a season limits it
 * (pl_rounds_limit). */
#ifndef PL_APP_REACH_H
#define PL_APP_REACH_H
#include "app/economy.h"

/// Begin with {0}; free with pl_reach_clear.
typedef struct {
	bool limited; ///< false: this proposal moves freely, and the rest is empty
	int64_t round;
	pl_model *m; ///< as declared
	pl_app_rows rows;
	int64_t first, after;    ///< the council's links
	double *last;            ///< [n_links] units proposed in the round before, or taken
	double *low, *high;      ///< [n_links] units; of a free good 0 and infinity
	double *supply, *demand; ///< [n_goods] units, of the round before
} pl_reach;

/// The bounds of a council in the round that its season is in. Where the lowest wants that the
/// limits allow cost more than the council's income they are scaled down to it, so that there
/// is always something to propose.
/// @return PL_OK; PL_ENOTFOUND (no such season or council); PL_EARG (the economy); PL_EIO,
///         PL_ENOMEM
pl_status pl_reach_new(pl_reach *out, pl_store *s, int64_t season, int64_t council,
                       pl_error *err);
void pl_reach_clear(pl_reach *r);

/// What may be proposed of a link, in steps, rounded outwards. @param[out] to -1: any
void pl_reach_steps(int64_t *from, int64_t *to, const pl_reach *r, int64_t link);
/// Does a move of this link to more lead towards balance?
bool pl_reach_balances(const pl_reach *r, int64_t link);
#endif
