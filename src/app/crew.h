/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* crew.h - how many people of a crew are booked, moment by moment. */
#ifndef PL_APP_CREW_H
#define PL_APP_CREW_H
#include <plenum/base.h>

/// People who work from a moment until another, at which they are free again.
typedef struct {
	int64_t begins, ends; ///< seconds since 1970, begins < ends
	int64_t people;
} pl_shift;

/// From `time` on `people` are booked, until the next step.
typedef struct {
	int64_t time, people;
} pl_crew_step;

/// All shifts of a crew put together. Free with pl_crew_clear.
typedef struct {
	int64_t n;
	pl_crew_step *step; ///< [n] times rise; the last one has nobody
} pl_crew;

/// @param shift [n] in any order @return PL_OK, PL_ENOMEM
pl_status pl_crew_of(pl_crew *out, const pl_shift *shift, int64_t n, pl_error *err);
void pl_crew_clear(pl_crew *c);

/// The most who are booked at one moment from @p begins on, before @p ends.
/// @param[out] when the first such moment; NULL: nobody asks
int64_t pl_crew_most(const pl_crew *c, int64_t begins, int64_t ends, int64_t *when);
/// The first moment, not before @p from, that begins @p length seconds in which never more than
/// @p most are booked. @param most >= 0, so that there is one
int64_t pl_crew_next(const pl_crew *c, int64_t from, int64_t length, int64_t most);
/// The same at the hour of @p from, one or more days of 24 hours later.
int64_t pl_crew_next_day(const pl_crew *c, int64_t from, int64_t length, int64_t most);
#endif
