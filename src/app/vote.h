/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote.h - what doing a request wants of votes. */
#ifndef PL_APP_VOTE_H
#define PL_APP_VOTE_H
#include "app/deed.h"

/// Fill in the ballots that closing a vote publishes, by receipt.
pl_status pl_vote_unseal(pl_deed *d, pl_error *err);
#endif
