/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work.h - bookings of a council's people, and what to do where they are not free. */
#ifndef PL_APP_WORK_H
#define PL_APP_WORK_H
#include "app/crew.h"
#include "app/deed.h"

/// A booking that is asked for.
typedef struct {
	int64_t season, council, good; ///< good: a labour; 0: any
	int64_t people, begins, ends;
} pl_booking;

/// The people of a council: how many, and when they are booked. Free with pl_crew_clear.
/// @return as pl_store_scan
pl_status pl_work_crew(pl_crew *out, int64_t *members, pl_store *s, int64_t council,
                       pl_error *err);
/// Has the council declared that it uses this good?
pl_status pl_work_uses(bool *uses, pl_store *s, int64_t council, int64_t good, pl_error *err);

/// Is this good a labour that is counted in hours? Only then are bookings held against plans.
bool pl_work_in_hours(const pl_state_row *good);
/// Seconds of people that a council has booked of a labour in a season.
pl_status pl_work_seconds(int64_t *out, pl_store *s, int64_t season, int64_t council,
                          int64_t good, pl_error *err);

/// Refuse a booking for which there are too few people: the sentence names the booking in the
/// way, when, and how many; d->why lists all of these, and what could be done instead.
/// @return PL_ECONFLICT with a sentence; PL_EIO, PL_ENOMEM
pl_status pl_work_refuse(pl_deed *d, const pl_booking *b, const pl_crew *crew, int64_t members,
                         pl_error *err);
#endif
