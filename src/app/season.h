/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* season.h - what operations on a season share. */
#ifndef PL_APP_SEASON_H
#define PL_APP_SEASON_H
#include "app/deed.h"
#include "app/made.h"

/// Move a season to a phase and a round. @param digest of its last plan; NULL: as it is
pl_status pl_season_move(pl_deed *d, int64_t season, int phase, int64_t round,
                         const char *digest, pl_error *err);
/// The round that a season is in; 0: none yet.
pl_status pl_season_round(int64_t *out, pl_deed *d, int64_t season, pl_error *err);
/// Answer which endgame made the plan, and how fair it is: what is trimmed of all that
/// consumers want, by value, and who keeps least.
pl_status pl_season_say_ending(pl_deed *d, const pl_made *p, pl_error *err);
#endif
