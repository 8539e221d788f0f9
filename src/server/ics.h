/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ics.h - dates for calendar programs, iCalendar (RFC 5545): lines that are folded, texts that
 * are escaped, times in a zone that the calendar itself tells. */
#ifndef PL_SERVER_ICS_H
#define PL_SERVER_ICS_H
#include "base/text.h"
#include "server/zone.h"

/// Begin with {.stamp = when the record last grew}.
typedef struct {
	pl_bytes bytes, line;
	int64_t stamp;
	bool failed; ///< there was no memory for all of it
} pl_ics;

/// @param name of the calendar
void pl_ics_begin(pl_ics *c, const char *name);
void pl_ics_end(pl_ics *c);
/// The rules of a zone for times from @p from to @p to; once for each zone, before the events.
void pl_ics_zone(pl_ics *c, const pl_zone *z, int64_t from, int64_t to);

/// Something that has a date.
typedef struct {
	const char *uid;      ///< the same for the same thing, whenever it is asked for
	const char *summary;  ///< anybody's text, as the next one
	const char *about;    ///< "" for none
	const char *address;  ///< "" for none
	int64_t begins, ends; ///< ends <= begins: a moment
	const pl_zone *zone;
} pl_ics_event;
void pl_ics_put(pl_ics *c, const pl_ics_event *e);
#endif
