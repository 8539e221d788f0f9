/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule.h - schedules.def as tables. */
#ifndef PL_MODEL_SCHEDULE_H
#define PL_MODEL_SCHEDULE_H
#include <plenum/model.h>

typedef struct {
	const char *name;
	unsigned kinds; ///< bit 1 << pl_council_kind
	unsigned roles; ///< bit 1 << pl_role
} pl_schedule_about;

/// Numbers between low and high; an end that is open is not itself allowed.
typedef struct {
	double low, high;
	bool low_open, high_open;
} pl_range;

typedef struct {
	pl_schedule schedule;
	int slot;
	const char *name;
	double preset; ///< NaN: must be given
	pl_range range;
	const char *help;
} pl_param_about;

extern const pl_schedule_about pl_schedules[PL_SCHEDULES];

/// The parameter in a slot of a schedule, or NULL.
const pl_param_about *pl_param_in(pl_schedule schedule, int slot);
#endif
