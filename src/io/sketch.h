/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sketch.h - a plan's tables without its economy: enough to compare two plans. */
#ifndef PL_IO_SKETCH_H
#define PL_IO_SKETCH_H
#include "base/names.h"
#include "io/economy.h"

typedef struct {
	double price, supply, demand; ///< NaN where not given
	double wanted;                ///< sum of its flows with the role `wants`
} pl_sketch_good;
typedef struct {
	double activity, benefit, cost; ///< NaN where empty
} pl_sketch_council;

enum { PL_SKETCH_WORD = 72 };
/// Begin with {0}.
typedef struct {
	pl_names goods, councils;
	pl_sketch_good *good;       ///< [goods.n]
	pl_sketch_council *council; ///< [councils.n]
	int64_t good_room, council_room, n_flows;
	/// From plan.json, "" where it does not say: how the plan ended, SHA-256 of the tables
	/// and of the plan, the period.
	char outcome[PL_SKETCH_WORD], inputs[PL_SKETCH_WORD], digest[PL_SKETCH_WORD],
	        period[PL_SKETCH_WORD];
	double tolerance, worst_imbalance; ///< NaN where plan.json does not say
} pl_sketch;

/// Read prices.csv (good, price), councils.csv (council, activity), flows.csv (council, good,
/// role, quantity) and plan.json (which may be missing) as any program may have rewritten them.
/// @param faults may be NULL
/// @return PL_OK; PL_EPARSE (err tells the first fault), PL_ENOTFOUND, PL_EIO, PL_ENOMEM;
///         on failure there is nothing to free
pl_status pl_sketch_read(pl_sketch *out, const char *folder, pl_faults *faults, pl_error *err);
pl_status pl_sketch_read_from(pl_sketch *out, const pl_source *from, pl_faults *faults,
                              pl_error *err);
void pl_sketch_free(pl_sketch *s); ///< frees what it holds, not s
#endif
