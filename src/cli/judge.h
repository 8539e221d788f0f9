/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* judge.h - how strictly a finished plan is checked. */
#ifndef PL_CLI_JUDGE_H
#define PL_CLI_JUDGE_H

/// Tolerance of the check of a plan that was made to the tolerance @p made (NaN: not known):
/// max(1e-6, 2 made), at most 0.01. A spreadsheet that cuts digits passes, a number that was
/// changed by 0.1 % does not.
double pl_judge_tolerance(double made);
#endif
