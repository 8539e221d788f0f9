/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* limit.h - how often somebody may do something: buckets that fill with time. */
#ifndef PL_SERVER_LIMIT_H
#define PL_SERVER_LIMIT_H
#include <plenum/base.h>

typedef struct pl_limit pl_limit;
/// @return PL_OK, PL_ENOMEM
pl_status pl_limit_new(pl_limit **out, pl_error *err);
void pl_limit_free(pl_limit *l); ///< NULL allowed

typedef struct {
	double rate;  ///< tokens a second, > 0
	double burst; ///< that a full bucket holds, >= 1
} pl_rate;

/// Take a token from the bucket of a name. Any thread may.
/// @param time seconds, never falling
/// @return 0, or the whole seconds until there is a token again
int pl_limit_take(pl_limit *l, const char *name, pl_rate rate, double time);
#endif
