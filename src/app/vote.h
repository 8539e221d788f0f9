/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote.h - what votes are written as in the record. */
#ifndef PL_APP_VOTE_H
#define PL_APP_VOTE_H
#include "app/deed.h"

#include <plenum/vote.h>

/// A part such as "2/3"; "" is 0. @return PL_OK, PL_EARG
pl_status pl_vote_fraction(pl_fraction *out, const char *text, pl_error *err);
/// Add a ballot: "1=yes 2=no", "3=5 1=2": option numbers from 1, and what is marked.
/// @return PL_OK, PL_EARG, PL_ENOMEM
/// @param ballots the kind, "motion", ...
pl_status pl_vote_marks(pl_election_draft *to, const char *ballots, const char *marks,
                        pl_error *err);
/// Fill in the ballots that closing a vote publishes, by receipt.
pl_status pl_vote_unseal(pl_deed *d, pl_error *err);
#endif
