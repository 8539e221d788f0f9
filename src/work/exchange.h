/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* exchange.h - one exchange of hours between two people: what it is worth, and the best. */
#ifndef PL_WORK_EXCHANGE_H
#define PL_WORK_EXCHANGE_H
#include "base/random.h"
#include "work/search.h"

/// A search on its way.
typedef struct {
	pl_deal *d;
	const pl_search *s;
	pl_random random;
	int64_t tried; ///< exchanges looked at
} pl_exchanging;

/// m gives `hours` of task s to n and takes as many of t.
typedef struct {
	int32_t m, n, s, t;
	int64_t hours;
	double gain; ///< of all that the search weighs
} pl_exchange;

/// Note who holds what; before any other call.
void pl_exchange_begin(pl_deal *d);
/// The best exchange between m and n, where it gains more than `best`, which begins with hours
/// 0 and the least gain that counts.
void pl_exchange_best(pl_exchanging *z, pl_exchange *best, int32_t m, int32_t n);
/// Any exchange between m and n that leaves every share large enough. @return false: none
bool pl_exchange_draw(pl_exchanging *z, pl_exchange *out, int32_t m, int32_t n);
/// work * excess^2 of a person, hours * points^2.
double pl_exchange_excess(const pl_exchanging *z, int32_t m);
void pl_exchange_apply(pl_deal *d, const pl_exchange *e);
#endif
