/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote_json.h - the result of an election for programs. */
#ifndef PL_CLI_VOTE_JSON_H
#define PL_CLI_VOTE_JSON_H
#include "cli/vote_count.h"

#include <stdio.h>

/// Print a result as one object; plenum vote recount takes it.
void pl_vote_json(FILE *to, const pl_vote_count *c);
/// Print the steps that speak of an option, and those that speak of none, as "steps".
/// @param option -1: all steps
void pl_vote_json_steps(pl_json *j, const pl_vote_count *c, int32_t option);
/// Does a step speak of the option, or of all of them?
bool pl_vote_speaks_of(const pl_vote_step *s, int32_t option);
#endif
