/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* explain_parts.h - what plenum explain shows of a good and of a council.
 */
#ifndef PL_CLI_EXPLAIN_PARTS_H
#define PL_CLI_EXPLAIN_PARTS_H
#include "cli/told.h"

/// All print for people, or with --json for programs, and nothing on failure.
/// @return PL_EXIT_GOOD, or PL_EXIT_INPUT: told
int pl_explain_show_good(const pl_args *a, const pl_told *t, const pl_meant *what);
int pl_explain_show_council(const pl_args *a, const pl_told *t, int32_t council);
/// Whose change moved a price. @param good of the economy of @p after
int pl_explain_show_moved(const pl_args *a, const pl_told *before, const pl_told *after,
                          int32_t good);
#endif
