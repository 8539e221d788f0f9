/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* zone.h - times of day in a time zone of the system's, without touching the process's own,
 * which all threads share. */
#ifndef PL_SERVER_ZONE_H
#define PL_SERVER_ZONE_H
#include <plenum/base.h>

enum { PL_ZONE_BYTES = 16384, PL_ZONE_NAME = 65, PL_ZONE_CHARS = 64 };

/// A zone's rules, as its file has them (RFC 9636).
typedef struct {
	char name[PL_ZONE_NAME]; ///< "UTC" where the system knows none of that name
	int64_t n;               ///< bytes; 0: UTC
	unsigned char bytes[PL_ZONE_BYTES];
} pl_zone;

/// @param name such as "Europe/Berlin"; "": UTC @return false: it is not known here
bool pl_zone_find(pl_zone *out, const char *name);
/// Seconds east of Greenwich at a time.
int64_t pl_zone_offset(const pl_zone *z, int64_t time);
/// "Fri 27 Nov 2026, 18:00". @return out
const char *pl_zone_time(char out[PL_ZONE_CHARS], const pl_zone *z, int64_t time);
/// "2026-11-27T18:00:00+01:00". @return out
const char *pl_zone_stamp(char out[PL_ZONE_CHARS], const pl_zone *z, int64_t time);
/// "2026-11-27" as noon of that day. @return false: it is no day
bool pl_zone_day(int64_t *time, const pl_zone *z, const char *text);
/// "2026-11-27T18:00" as people there mean it: the first of two where clocks are set back, an
/// hour later where they leave it out. @return false: it is none
bool pl_zone_minute(int64_t *time, const pl_zone *z, const char *text);
/// The same time of day so many days later.
int64_t pl_zone_later(const pl_zone *z, int64_t time, int64_t days);
#endif
