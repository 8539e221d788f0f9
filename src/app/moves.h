/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* moves.h - whose proposals move each price, noted when a round closes: later the rule would
 * have to see all rounds again to tell. */
#ifndef PL_APP_MOVES_H
#define PL_APP_MOVES_H
#include "app/replay.h"
#include "rounds/why.h"

enum { PL_MOVERS_NOTED = 10 }; ///< councils of a good

/// Every good watched. Begin with {0}; free with pl_moves_clear.
typedef struct {
	int32_t n;
	pl_why **why; ///< [n] goods
	double *scratch;
} pl_moves;

/// @param r that has begun, borrowed @return PL_OK, PL_ENOMEM
pl_status pl_moves_begin(pl_moves *m, const pl_replay *r, pl_error *err);
/// Take in a round before the rule steps: the last two are enough.
void pl_moves_see(pl_moves *m, const pl_replay *r);
/// The rule has stepped: note what led to its next prices.
/// @return PL_OK; PL_EIO, PL_ENOMEM
pl_status pl_moves_note(pl_moves *m, const pl_replay *r, int64_t round, pl_error *err);
void pl_moves_clear(pl_moves *m);
#endif
