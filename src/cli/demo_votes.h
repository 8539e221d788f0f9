/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo_votes.h - people who were made up vote on plans, so that others need not wait for them.
 */
#ifndef PL_CLI_DEMO_VOTES_H
#define PL_CLI_DEMO_VOTES_H
#include "app/app.h"

/// Whoever has not voted in an open motion on a plan does so, one in seven against it; but
/// those who vote for themselves.
/// @param real [n_real] numbers of people; borrowed
/// @return PL_OK, also where there is nothing to vote on; or what went wrong
pl_status pl_demo_vote(pl_app *a, pl_store *s, const int64_t *real, int64_t n_real, int64_t now,
                       pl_error *err);
#endif
