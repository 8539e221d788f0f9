/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* judge.h - how strictly a finished plan is checked. */
#ifndef PL_CLI_JUDGE_H
#define PL_CLI_JUDGE_H
#include "cli/args.h"

#include <plenum/plan.h>

/// Tolerance of the check of a plan that was made to the tolerance @p made (NaN: not known):
/// max(1e-6, 2 made), at most 0.01. A spreadsheet that cuts digits passes, a number that was
/// changed by 0.1 % does not.
double pl_judge_tolerance(double made);

/// A plan that says it is cleared must stand before the check that shares no code with the
/// planner (cli-3); others pass. @return PL_EXIT_GOOD; PL_EXIT_NOT or PL_EXIT_INPUT, told
int pl_judge_own(const pl_args *a, const pl_model *m, const pl_plan *p);
#endif
