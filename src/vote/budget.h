/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* budget.h - what the rules that spend a budget share: votes, ties, most votes first. */
#ifndef PL_VOTE_BUDGET_H
#define PL_VOTE_BUDGET_H
#include "vote/count.h"

/// What mark k of a ballot adds to its option: 1 (approval), its points (score), and for ranks
/// e->longest for the first place, one less for each option before it on the ballot.
int64_t pl_ballot_points(const pl_election *e, int64_t ballot, int64_t k);

/// Options with the votes that a budget counts.
typedef struct {
	int64_t *votes;  ///< [n_options] weight * points, summed
	int32_t *sorted; ///< [n_options] most votes first; then lower cost; then precedence
} pl_bids;

/// Count the votes of all ballots, sort, and write the tally down.
/// @return PL_OK, PL_ENOMEM; the bids are to be freed in either case
pl_status pl_bids_count(pl_bids *b, pl_count *c, pl_error *err);
void pl_bids_free(pl_bids *b);

/// Does option a go before b in the order of `sorted`?
bool pl_bids_before(const pl_bids *b, const pl_count *c, int32_t first, int32_t second);
/// Write down why it does, two options being equal in what the rule looks at first.
void pl_bids_tie(const pl_bids *b, pl_count *c, int32_t first, int32_t second);

/// An option is paid for: it wins, and its place is how many have won.
void pl_count_buy(pl_count *c, int32_t option);

/// Most votes first with what is left of the budget. @param left money, >= 0
/// @param skip go on behind an option that costs more than is left
void pl_bids_spend(const pl_bids *b, pl_count *c, int64_t left, bool skip);
#endif
