/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* calendar.h - a season's dates: what happens when, without anyone pressing a button. */
#ifndef PL_APP_CALENDAR_H
#define PL_APP_CALENDAR_H
#include "app/deed.h"

/// The season that a request is about: the one it names, or its vote's. 0: none
pl_status pl_calendar_season(int64_t *season, const pl_deed *d, pl_error *err);
/// Is this what the season's calendar asks for now, by nobody? @return PL_OK; PL_EDENIED
pl_status pl_calendar_asks(const pl_deed *d, pl_error *err);
/// Does a calendar do this, so that nobody else may? @return PL_OK: no; PL_EDENIED with a
///         sentence that says when it will be done
pl_status pl_calendar_leaves(const pl_deed *d, pl_error *err);
/// What the calendar asked for was done.
pl_status pl_calendar_tick_off(pl_deed *d, pl_error *err);
#endif
