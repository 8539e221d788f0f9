/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* steps.h - how a plan was found, kept in few numbers however long it took. */
#ifndef PL_REPORT_STEPS_H
#define PL_REPORT_STEPS_H
#include <plenum/plan.h>

enum { PL_STEPS_MOST = 200 };

/// Steps of a plan, at even distances. Begin with {0}.
typedef struct {
	bool rounds; ///< steps are announcements of prices, answered by proposals
	int n;
	int64_t seen, stride; ///< steps told of; every stride-th is kept
	struct {
		const char
		        *phase; ///< borrowed; the method's phases live as long as the program
		int64_t step, sweeps;
		double imbalance;
	} point[PL_STEPS_MOST], last; ///< last: the latest step, kept or not
} pl_steps;

/// Keep what a watcher sees. Where the room is used up every other point goes.
void pl_steps_add(pl_steps *t, const pl_progress *now);
#endif
