/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* taken.h - what councils that do not propose are taken at: their last proposal; in the first
 * round of a season what the season before brought them. */
#ifndef PL_APP_TAKEN_H
#define PL_APP_TAKEN_H
#include "app/replay.h"

/// Fill in r->quantity of who did not propose in a round that closes now, and note it.
///
/// From the second round on it is the last proposal, as pl_rounds_fill has it. In the first
/// round of a season after another, consumers' and communities' councils are taken at what was
/// delivered to them in that season where anything was, else at its plan, workplaces at its
/// plan. What consumers want is scaled down to their income, or where none is given, to what it
/// cost at that season's last prices.
/// @return PL_OK; PL_EIO, PL_ENOMEM
pl_status pl_taken_note(pl_replay *r, int64_t round, pl_error *err);
#endif
