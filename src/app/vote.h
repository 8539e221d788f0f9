/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote.h - what doing a request wants of votes. */
#ifndef PL_APP_VOTE_H
#define PL_APP_VOTE_H
#include "app/deed.h"

#include <plenum/vote.h>

enum { PL_SECRET_LEAST = 5 }; ///< with fewer on the roll everybody could tell who marked what

/// A part such as "2/3", the one way in which every program that verifies reads it; "" is 0.
/// @return PL_OK, PL_EARG
pl_status pl_vote_part(pl_fraction *out, const char *text, pl_error *err);

enum { PL_RECALL_CHARS = 32 };
/// The code of the option that recalls a delegate: "recall-7". @return out
const char *pl_recall_code(char out[PL_RECALL_CHARS], int64_t person);

/// Fill in the ballots that closing a vote publishes, by receipt.
pl_status pl_vote_unseal(pl_deed *d, pl_error *err);
#endif
