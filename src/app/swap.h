/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* swap.h - an adopted plan stays as it was adopted; what councils agree to swap stands beside
 * it. */
#ifndef PL_APP_SWAP_H
#define PL_APP_SWAP_H
#include "app/store.h"

/// A line of a season's plan.
typedef struct {
	int64_t season, council, good;
	const char *role;
} pl_plan_at;

/// Steps of a line as it is now. @param[out] there does the plan have it?
/// @return as pl_store_scan
pl_status pl_swap_planned(int64_t *steps, bool *there, pl_store *s, const pl_plan_at *at,
                          pl_error *err);
#endif
