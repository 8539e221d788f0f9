/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote_screen.h - the result of an election on one screen of 80 columns. */
#ifndef PL_CLI_VOTE_SCREEN_H
#define PL_CLI_VOTE_SCREEN_H
#include "cli/vote_count.h"

#include <stdio.h>

/// Print a result. @return PL_OK, PL_ENOMEM (nothing printed)
pl_status pl_vote_screen(FILE *to, const pl_vote_count *c, bool colour, pl_error *err);

/// What a tally counts: "votes", "points", "wins", each without the s where @p one.
const char *pl_vote_unit(const pl_vote_count *c, bool one);
/// "A, B and 3 more", of at most so many options. @return out
const char *pl_vote_list(char *out, size_t room, const pl_vote_count *c, const int32_t *option,
                         int32_t n, int32_t most);
#endif
