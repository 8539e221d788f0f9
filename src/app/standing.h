/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* standing.h - proposals that a ruling leaves out until their councils file others.
 *
 * Only what checking its arithmetic flagged can be left out: what others value enough for what
 * it costs counts, whoever dislikes it. A ruling binds from the next round on; the plan of the
 * round whose proposal it is about cannot be adopted. */
#ifndef PL_APP_STANDING_H
#define PL_APP_STANDING_H
#include "app/deed.h"

/// What a ruling does to the row of its objection, which becomes @p to.
/// @param[in,out] objection its row, not yet moved
/// @return PL_OK; PL_EARG, PL_EDENIED (the proposal passed), PL_ECONFLICT (its round is over)
///         with a sentence; PL_EIO, PL_ENOMEM
pl_status pl_standing_move(pl_state_row *objection, pl_deed *d, const char *to, pl_error *err);
/// Refuse while a ruling leaves a proposal of this round out. @return PL_OK, PL_ECONFLICT
pl_status pl_standing_check(pl_store *s, int64_t season, int64_t round, pl_error *err);

/// The rulings of a season that leave something out. Free with pl_standing_clear.
typedef struct {
	int64_t n, room, season;
	struct {
		int64_t council, round;
	} * at; ///< [n]
	bool failed;
} pl_standing;
/// @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_standing_of(pl_standing *out, pl_store *s, int64_t season, pl_error *err);
void pl_standing_clear(pl_standing *st);
/// Is a council left out of a round: was it suspended when that closed, or its last proposal
/// one of an earlier round, and left out? @param s whose proposals they are
pl_status pl_standing_leaves(bool *out, const pl_standing *st, pl_store *s, int64_t round,
                             int64_t council, pl_error *err);
#endif
