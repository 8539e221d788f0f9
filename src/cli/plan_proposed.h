/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan_proposed.h - plenum plan --proposed: the proposals of a round that is over, made into a
 * plan in which everything fits. */
#ifndef PL_CLI_PLAN_PROPOSED_H
#define PL_CLI_PLAN_PROPOSED_H
#include "cli/begin.h"

/// Read proposals.csv beside the tables, make the plan, write and print it.
/// @return PL_EXIT_GOOD; PL_EXIT_INPUT, told
int pl_plan_proposed(const pl_begin *b, const pl_args *a);
#endif
