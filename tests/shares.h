/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shares.h - the rules of the method of equal shares, for its tests. */
#ifndef PL_TESTS_SHARES_H
#define PL_TESTS_SHARES_H
#include "tests/budgets.h"

/// Odd ones count projects, even ones what they cost; then completed, then growing.
static const pl_vote_rule pl_test_shares[] = {PL_VOTE_equal_shares,
                                              PL_VOTE_equal_shares_cardinality,
                                              PL_VOTE_equal_shares_completed,
                                              PL_VOTE_equal_shares_cardinality_completed,
                                              PL_VOTE_equal_shares_add1,
                                              PL_VOTE_equal_shares_cardinality_add1,
                                              PL_VOTE_equal_shares_add1_completed,
                                              PL_VOTE_equal_shares_cardinality_add1_completed};
enum { PL_TEST_SHARES = sizeof pl_test_shares / sizeof *pl_test_shares };
#endif
