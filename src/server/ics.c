/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/ics.h"

#include <stdio.h>
#include <string.h>

enum {
	LINE_MOST = 75, ///< bytes of a line
	DAY = 86400,
	HOUR = 3600,
	MINUTE = 60,
	ROUND_CLOCK = 3 * HOUR ///< a clock is put back by less
};

/* ---- lines ---- */

static void add(pl_ics *c, const char *text, size_t n)
{
	if (pl_bytes_add(&c->line, text, (int64_t)n) != PL_OK) c->failed = true;
}

static void add_raw(pl_ics *c, const char *text)
{
	add(c, text, strlen(text));
}

/// A text, with what has a meaning of its own marked; other control characters are left out.
static void add_text(pl_ics *c, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			add_raw(c, "\\n");
		else if (strchr("\\;,", *text) != NULL)
			add(c, (char[2]){'\\', *text}, 2);
		else if ((unsigned char)*text >= ' ' && *text != 0x7f)
			add(c, text, 1);
	}
}

/// The line is whole: it goes out in pieces, no character cut.
static void end_line(pl_ics *c)
{
	const char *at = c->line.at;
	int64_t left = c->line.n, room = LINE_MOST;
	while (left > 0) {
		int64_t n = left < room ? left : room;
		while (n > 1 && n < left && ((unsigned char)at[n] & 0xc0U) == 0x80) n--;
		if (pl_bytes_add(&c->bytes, at, n) != PL_OK ||
		    pl_bytes_add(&c->bytes, n < left ? "\r\n " : "\r\n", n < left ? 3 : 2) !=
		            PL_OK)
			c->failed = true;
		at += n;
		left -= n;
		room = LINE_MOST - 1; /* the space in front */
	}
	c->line.n = 0;
}

static void put_raw(pl_ics *c, const char *line)
{
	add_raw(c, line);
	end_line(c);
}

static void put_text(pl_ics *c, const char *property, const char *text)
{
	if (text[0] == '\0') return;
	add_raw(c, property);
	add_raw(c, ":");
	add_text(c, text);
	end_line(c);
}

/* ---- times ---- */

/// "20261127T180000" by the clock of a zone.
static void add_clock(pl_ics *c, const pl_zone *z, int64_t time)
{
	enum { CLOCK = 19 }; /* "2026-11-27T18:00:00" */
	char stamp[PL_ZONE_CHARS];
	(void)pl_zone_stamp(stamp, z, time);
	for (int i = 0; i < CLOCK; i++)
		if (stamp[i] != '-' && stamp[i] != ':') add(c, stamp + i, 1);
}

static const pl_zone utc = {.name = "UTC"};

static void put_utc(pl_ics *c, const char *property, int64_t time)
{
	add_raw(c, property);
	add_raw(c, ":");
	add_clock(c, &utc, time);
	add_raw(c, "Z");
	end_line(c);
}

/// A time that a clock shows twice is told by that of Greenwich.
static void put_time(pl_ics *c, const char *property, const pl_zone *z, int64_t time)
{
	const int64_t offset = pl_zone_offset(z, time);
	if (z->n == 0 || pl_zone_offset(z, time - ROUND_CLOCK) != offset ||
	    pl_zone_offset(z, time + ROUND_CLOCK) != offset) {
		put_utc(c, property, time);
		return;
	}
	add_raw(c, property);
	add_raw(c, ";TZID=");
	add_raw(c, z->name);
	add_raw(c, ":");
	add_clock(c, z, time);
	end_line(c);
}

/* ---- zones ---- */

static void put_offset(pl_ics *c, const char *property, int64_t east)
{
	char text[48];
	const int size = (int)(east < 0 ? -east : east);
	int n = snprintf(text, sizeof text, "%s:%c%02d%02d", property, east < 0 ? '-' : '+',
	                 size / HOUR, size % HOUR / MINUTE);
	if (size % MINUTE != 0)
		(void)snprintf(text + n, sizeof text - (size_t)n, "%02d", size % MINUTE);
	put_raw(c, text);
}

/// From a time on clocks are @p to east of Greenwich, not @p from.
static void put_change(pl_ics *c, int64_t time, int64_t from, int64_t to)
{
	const char *kind = to > from ? "DAYLIGHT" : "STANDARD";
	add_raw(c, "BEGIN:");
	put_raw(c, kind);
	add_raw(c, "DTSTART:");
	add_clock(c, &utc, time + from); /* by the clock as it was before */
	end_line(c);
	put_offset(c, "TZOFFSETFROM", from);
	put_offset(c, "TZOFFSETTO", to);
	add_raw(c, "END:");
	put_raw(c, kind);
}

/// The first second at which the offset is another than at @p low, which is so at @p high.
static int64_t change_between(const pl_zone *z, int64_t low, int64_t high)
{
	const int64_t before = pl_zone_offset(z, low);
	while (high - low > 1) {
		const int64_t middle = low + (high - low) / 2;
		if (pl_zone_offset(z, middle) == before)
			low = middle;
		else
			high = middle;
	}
	return high;
}

void pl_ics_zone(pl_ics *c, const pl_zone *z, int64_t from, int64_t to)
{
	if (z->n == 0) return;
	int64_t offset = pl_zone_offset(z, from);
	put_raw(c, "BEGIN:VTIMEZONE");
	add_raw(c, "TZID:");
	put_raw(c, z->name);
	put_change(c, from, offset, offset);
	for (int64_t time = from; time < to; time += DAY) {
		const int64_t next = pl_zone_offset(z, time + DAY);
		if (next == offset) continue;
		put_change(c, change_between(z, time, time + DAY), offset, next);
		offset = next;
	}
	put_raw(c, "END:VTIMEZONE");
}

/* ---- the calendar ---- */

void pl_ics_begin(pl_ics *c, const char *name)
{
	put_raw(c, "BEGIN:VCALENDAR");
	put_raw(c, "VERSION:2.0");
	put_raw(c, "PRODID:-//Plenum//Dates of a season//EN");
	put_raw(c, "CALSCALE:GREGORIAN");
	put_text(c, "X-WR-CALNAME", name);
	put_raw(c, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
}

void pl_ics_end(pl_ics *c)
{
	put_raw(c, "END:VCALENDAR");
	pl_bytes_free(&c->line);
}

void pl_ics_put(pl_ics *c, const pl_ics_event *e)
{
	put_raw(c, "BEGIN:VEVENT");
	put_text(c, "UID", e->uid);
	put_utc(c, "DTSTAMP", c->stamp);
	put_time(c, "DTSTART", e->zone, e->begins);
	if (e->ends > e->begins) put_time(c, "DTEND", e->zone, e->ends);
	put_text(c, "SUMMARY", e->summary);
	put_text(c, "DESCRIPTION", e->about);
	if (e->address[0] != '\0') {
		add_raw(c, "URL:");
		put_raw(c, e->address);
	}
	put_raw(c, "END:VEVENT");
}
