/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/error.h"
#include "vote/count.h"
#define PENDING(name)                                              \
	pl_status name(pl_count *c, pl_error *err)                 \
	{                                                          \
		(void)c;                                           \
		return pl_fail(err, PL_EARG, -1, "not there yet"); \
	}
PENDING(pl_count_greedy)
PENDING(pl_count_knapsack)
PENDING(pl_count_equal_shares)
