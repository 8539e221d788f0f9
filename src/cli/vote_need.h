/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote_need.h - what would have made an option win, found by counting again. */
#ifndef PL_CLI_VOTE_NEED_H
#define PL_CLI_VOTE_NEED_H
#include "cli/vote_count.h"

/// Begin with {.ballots = -1, .cost = -1}.
typedef struct {
	bool looked;     ///< the election is not too large to be counted so often
	int64_t tried;   ///< more ballots than this were not tried
	int64_t ballots; ///< with so many more for it alone it wins, with one fewer it does
	                 ///< not; -1: none of those tried is enough
	int64_t cost;    ///< at this cost it wins, at one unit more it does not; -1: at none
} pl_vote_need;

/// Each answer was counted on both sides: it holds where more ballots for an option can also
/// make it lose, but a smaller one may hold too.
/// @return PL_OK, PL_ENOMEM, PL_EARG as pl_vote_tally
pl_status pl_vote_need_of(pl_vote_need *out, const pl_vote_count *c, int32_t option,
                          pl_error *err);
#endif
