/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* hands.h - sets of tasks that each person could hold, listed one by one. */
#ifndef PL_WORK_HANDS_H
#define PL_WORK_HANDS_H
#include "work/shares.h"

/// List the sets of every person, where there are not too many. @return PL_OK, PL_ENOMEM
pl_status pl_hands_list(pl_shares *s, pl_error *err);
/// Leave out the sets of a person that shares and deviations no longer allow; what is in all
/// that remain, or in none, is decided. @return false: none remains
bool pl_hands_look(pl_shares *s, int32_t person);
/// Of people who are the same, the earlier holds the set that is the larger number: change
/// their places else. @return false: they cannot
bool pl_hands_order(pl_shares *s);
/// Shares of a pair lie between these. @return false: they cannot
bool pl_shares_narrow(pl_shares *s, int32_t pair, int64_t low, int64_t high);
#endif
