/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/zone.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MINUTE = 60,
	HOUR = 3600,
	DAY = 86400,
	HEADER = 44, ///< bytes, the counts in its last 24
	TYPE = 6     ///< bytes of a kind of time: offset, summer, name
};
static const char folder[] = "/usr/share/zoneinfo";

/* ---- days ---- */

/// Days since 1970 of a date in the Gregorian calendar.
/// Source: H. Hinnant, "chrono-compatible low-level date algorithms" (2013), days_from_civil:
/// years begin in March, so that the day that leap years have is the last.
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	year -= month <= 2;
	const int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400,
	              of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

typedef struct {
	int64_t year, month, day;
} date;

static date date_of(int64_t days)
{
	int64_t year = 1970 + days / 366;
	date d = {.month = 1};
	while (days_of(year + 1, 1, 1) <= days) year++;
	while (days_of(year, 1, 1) > days) year--;
	while (d.month < 12 && days_of(year, d.month + 1, 1) <= days) d.month++;
	d.year = year;
	d.day = days - days_of(year, d.month, 1) + 1;
	return d;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* ---- a zone's file ---- */

/// A whole number of so many bytes, the highest first.
static int64_t whole_at(const unsigned char *at, int bytes)
{
	uint64_t x = (at[0] & 0x80U) != 0 ? ~UINT64_C(0) : 0;
	for (int i = 0; i < bytes; i++) x = x << 8 | at[i];
	return (int64_t)x;
}

/// The second block of a file, with times of 8 bytes.
typedef struct {
	int64_t times, types;
	const unsigned char *time, *which, *type; ///< [times] of 8, [times], [types] of TYPE
	const char *rule;                         ///< for what comes after: "CET-1CEST,..."
} block;

enum { UT, STANDARD, LEAPS, TIMES, TYPES, CHARS, COUNTS };

static void read_counts(int64_t count[COUNTS], const unsigned char *header)
{
	for (ptrdiff_t i = 0; i < COUNTS; i++) count[i] = whole_at(header + 20 + 4 * i, 4);
}

static int64_t size_of(const int64_t count[COUNTS], int time)
{
	return count[TIMES] * (time + 1) + count[TYPES] * TYPE + count[CHARS] +
	       count[LEAPS] * (time + 4) + count[STANDARD] + count[UT];
}

static bool are_sound(const int64_t count[COUNTS])
{
	for (int i = 0; i < COUNTS; i++)
		if (count[i] < 0 || count[i] > PL_ZONE_BYTES) return false;
	return true;
}

/// @return false: it is no such file
static bool find_block(block *out, const pl_zone *z)
{
	int64_t count[COUNTS];
	if (z->n < HEADER || memcmp(z->bytes, "TZif", 4) != 0 || z->bytes[4] < '2')
		return false;
	read_counts(count, z->bytes);
	const int64_t at = HEADER + (are_sound(count) ? size_of(count, 4) : PL_ZONE_BYTES);
	if (at + HEADER > z->n) return false;
	read_counts(count, z->bytes + at);
	if (!are_sound(count)) return false;
	const int64_t end = at + HEADER + size_of(count, 8);
	if (end >= z->n || count[TYPES] < 1 || z->bytes[end] != '\n') return false;
	out->times = count[TIMES];
	out->types = count[TYPES];
	out->time = z->bytes + at + HEADER;
	out->which = out->time + 8 * count[TIMES];
	out->type = out->which + count[TIMES];
	out->rule = (const char *)z->bytes + end + 1;
	return true;
}

/* ---- the rule for times to come ---- */

/// A change such as "M3.5.0/2": the fifth (last) Sunday of March at two.
typedef struct {
	int64_t month, week, weekday, second;
} change;

/// "[+-]h[:mm[:ss]]". @return where it ends
static const char *read_hours(int64_t *seconds, const char *at)
{
	const int64_t sign = *at == '-' ? -1 : 1;
	char *end;
	if (*at == '-' || *at == '+') at++;
	*seconds = HOUR * strtoll(at, &end, 10);
	for (int64_t unit = MINUTE; *end == ':' && unit > 0; unit /= MINUTE)
		*seconds += unit * strtoll(end + 1, &end, 10);
	*seconds *= sign;
	return end;
}

static const char *skip_name(const char *at)
{
	if (*at == '<') return at + strcspn(at, ">\n") + 1;
	return at + strcspn(at, "+-0123456789,\n");
}

/// @return where it ends; NULL: it is of another kind
static const char *read_change(change *out, const char *at)
{
	char *end;
	*out = (change){.second = INT64_C(2) * HOUR};
	if (*at++ != ',' || *at++ != 'M') return NULL;
	out->month = strtoll(at, &end, 10);
	out->week = *end == '.' ? strtoll(end + 1, &end, 10) : 0;
	out->weekday = *end == '.' ? strtoll(end + 1, &end, 10) : 0;
	if (out->month < 1 || out->month > 12 || out->week < 1 || out->week > 5) return NULL;
	return *end == '/' ? read_hours(&out->second, end + 1) : end;
}

/// When a change comes in a year, by the clock that holds before it.
static int64_t time_of(const change *c, int64_t year)
{
	const int64_t first = days_of(year, c->month, 1),
	              next = c->month == 12 ? days_of(year + 1, 1, 1)
	                                    : days_of(year, c->month + 1, 1),
	              weekday = (first + 4) % 7; /* the first of 1970 was a Thursday */
	int64_t day = first + (c->weekday - weekday + 7) % 7 + 7 * (c->week - 1);
	if (day >= next) day -= 7;
	return day * DAY + c->second;
}

static int64_t offset_by_rule(const char *rule, int64_t time, int64_t otherwise)
{
	int64_t winter, summer;
	change begin, end;
	if (rule[0] == '\n') return otherwise;
	const char *at = read_hours(&winter, skip_name(rule));
	if (*at == '\n') return -winter;
	at = skip_name(at);
	summer = winter - HOUR;
	if (*at != ',') at = read_hours(&summer, at);
	at = read_change(&begin, at);
	if (at == NULL || read_change(&end, at) == NULL) return otherwise;
	const int64_t year = date_of(floor_div(time - winter, DAY)).year,
	              from = time_of(&begin, year) + winter, to = time_of(&end, year) + summer;
	const bool is_summer =
	        from < to ? from <= time && time < to : time >= from || time < to;
	return is_summer ? -summer : -winter;
}

/* ---- what pages ask ---- */

static bool is_plain(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                              "0123456789/_+-";
	const size_t n = strlen(name);
	return n < PL_ZONE_NAME && strspn(name, allowed) == n && name[0] != '/';
}

bool pl_zone_find(pl_zone *out, const char *name)
{
	char path[PL_ZONE_NAME + sizeof folder + 1];
	block b;
	out->n = 0;
	(void)snprintf(out->name, sizeof out->name, "UTC");
	if (name[0] == '\0' || strcmp(name, "UTC") == 0) return true;
	if (!is_plain(name)) return false;
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *from = fopen(path, "r");
	if (from == NULL) return false;
	out->n = (int64_t)fread(out->bytes, 1, PL_ZONE_BYTES - 1, from);
	(void)fclose(from);
	out->bytes[out->n] = '\n'; /* the rule ends, whatever the file holds */
	if (find_block(&b, out)) {
		(void)snprintf(out->name, sizeof out->name, "%s", name);
		return true;
	}
	out->n = 0;
	return false;
}

int64_t pl_zone_offset(const pl_zone *z, int64_t time)
{
	block b;
	if (!find_block(&b, z)) return 0;
	int64_t low = 0, high = b.times;
	while (low < high) {
		const int64_t middle = low + (high - low) / 2;
		if (whole_at(b.time + 8 * middle, 8) <= time)
			low = middle + 1;
		else
			high = middle;
	}
	const int64_t which = low == 0 ? 0 : b.which[low - 1];
	const int64_t offset = which < b.types ? whole_at(b.type + TYPE * which, 4) : 0;
	return low == b.times ? offset_by_rule(b.rule, time, offset) : offset;
}

const char *pl_zone_time(char out[PL_ZONE_CHARS], const pl_zone *z, int64_t time)
{
	static const char *const weekdays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"},
	                         *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	const int64_t local = time + pl_zone_offset(z, time), days = floor_div(local, DAY),
	              second = local - days * DAY;
	const date d = date_of(days);
	(void)snprintf(out, PL_ZONE_CHARS,
	               "%s %" PRId64 " %s %" PRId64 ", %02" PRId64 ":%02" PRId64,
	               weekdays[((days % 7) + 7) % 7], d.day, months[d.month - 1], d.year,
	               second / HOUR, second % HOUR / MINUTE);
	return out;
}

const char *pl_zone_stamp(char out[PL_ZONE_CHARS], const pl_zone *z, int64_t time)
{
	const int64_t offset = pl_zone_offset(z, time), days = floor_div(time + offset, DAY),
	              second = time + offset - days * DAY, east = offset < 0 ? -offset : offset;
	const date d = date_of(days);
	(void)snprintf(out, PL_ZONE_CHARS,
	               "%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64 ":%02" PRId64
	               ":%02" PRId64 "%c%02" PRId64 ":%02" PRId64,
	               d.year, d.month, d.day, second / HOUR, second % HOUR / MINUTE,
	               second % MINUTE, offset < 0 ? '-' : '+', east / HOUR,
	               east % HOUR / MINUTE);
	return out;
}

/// When clocks there show that many seconds since 1970.
static int64_t from_local(const pl_zone *z, int64_t local)
{
	const int64_t before = pl_zone_offset(z, local - DAY),
	              after = pl_zone_offset(z, local + DAY);
	if (pl_zone_offset(z, local - before) == before) return local - before;
	return pl_zone_offset(z, local - after) == after ? local - after : local - before;
}

static bool is_written(const char *text, const char *form)
{
	for (;; text++, form++) {
		if (*form == 'd' ? *text < '0' || *text > '9' : *text != *form) return false;
		if (*form == '\0') return true;
	}
}

/// The days since 1970 of "2026-11-27". @return false: it is no day
static bool read_day(int64_t *days, const char *text)
{
	const date d = {strtoll(text, NULL, 10), strtoll(text + 5, NULL, 10),
	                strtoll(text + 8, NULL, 10)};
	*days = days_of(d.year, d.month, d.day);
	const date back = date_of(*days);
	return d.month >= 1 && d.month <= 12 && back.day == d.day && back.month == d.month;
}

bool pl_zone_day(int64_t *time, const pl_zone *z, const char *text)
{
	int64_t days;
	if (!is_written(text, "dddd-dd-dd") || !read_day(&days, text)) return false;
	*time = days * DAY + DAY / 2;
	*time -= pl_zone_offset(z, *time);
	return true;
}

bool pl_zone_minute(int64_t *time, const pl_zone *z, const char *text)
{
	enum { HOURS = 24, MINUTES = 60, HOUR_AT = 11, MINUTE_AT = 14 };
	int64_t days;
	if (!is_written(text, "dddd-dd-ddTdd:dd") || !read_day(&days, text)) return false;
	const int64_t hour = strtoll(text + HOUR_AT, NULL, 10),
	              minute = strtoll(text + MINUTE_AT, NULL, 10);
	if (hour >= HOURS || minute >= MINUTES) return false;
	*time = from_local(z, days * DAY + hour * HOUR + minute * MINUTE);
	return true;
}

int64_t pl_zone_later(const pl_zone *z, int64_t time, int64_t days)
{
	return from_local(z, time + pl_zone_offset(z, time) + days * DAY);
}
