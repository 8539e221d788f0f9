/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/zone.h"

#include "tests/pl_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400 };
static pl_zone zone;

static bool says(int64_t time, const char *words)
{
	char text[PL_ZONE_CHARS];
	return strcmp(pl_zone_time(text, &zone, time), words) == 0;
}

static void without_a_zone_it_is_universal_time(void)
{
	char stamp[PL_ZONE_CHARS];
	CHECK(pl_zone_find(&zone, ""));
	CHECK(strcmp(zone.name, "UTC") == 0);
	CHECK(says(0, "Thu 1 Jan 1970, 00:00"));
	CHECK(says(951782400, "Tue 29 Feb 2000, 00:00"));
	CHECK(says(253402300799, "Fri 31 Dec 9999, 23:59"));
	CHECK(strcmp(pl_zone_stamp(stamp, &zone, 1767603600), "2026-01-05T09:00:00+00:00") ==
	      0);
}

static void summer_begins_and_ends(void)
{
	char stamp[PL_ZONE_CHARS];
	CHECK(pl_zone_find(&zone, "Europe/Berlin"));
	CHECK(says(1774745999, "Sun 29 Mar 2026, 01:59"));
	CHECK(says(1774746000, "Sun 29 Mar 2026, 03:00"));
	CHECK(says(1792889999, "Sun 25 Oct 2026, 02:59"));
	CHECK(says(1792890000, "Sun 25 Oct 2026, 02:00"));
	CHECK(strcmp(pl_zone_stamp(stamp, &zone, 1774746000), "2026-03-29T03:00:00+02:00") ==
	      0);
}

/// "+0530" of a time, as seconds.
static int64_t east(const struct tm *local)
{
	char text[8] = "";
	(void)strftime(text, sizeof text, "%z", local);
	const long hours = strtol(text, NULL, 10);
	return 3600 * (hours / 100) + 60 * (hours % 100);
}

/// The system's own way to tell, which is for one thread alone.
static void the_system_tells_the_same_for_a_century(void)
{
	static const char *const names[] = {
	        "Europe/Berlin",     "America/New_York", "Asia/Kolkata",
	        "America/St_Johns",  "Australia/Sydney", "Africa/Casablanca",
	        "America/Sao_Paulo", "Pacific/Auckland", "Asia/Gaza"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		CHECK(pl_zone_find(&zone, names[i]));
		CHECK(setenv("TZ", names[i], 1) == 0);
		tzset();
		int64_t wrong = 0;
		for (int64_t t = 0; t < INT64_C(36525) * DAY; t += 6 * 3600 + 7) {
			const time_t at = (time_t)t;
			struct tm local;
			(void)localtime_r(&at, &local);
			wrong += pl_zone_offset(&zone, t) != east(&local);
		}
		CHECK(wrong == 0);
	}
}

static void what_is_no_zone_is_universal_time(void)
{
	static const char *const wrong[] = {"Europe/Nowhere", "../../../etc/passwd",
	                                    "/etc/passwd",    "Europe",
	                                    "tzdata.zi",      "zone.tab",
	                                    "<script>",       "Europe/Berlin\n"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		CHECK(!pl_zone_find(&zone, wrong[i]));
		CHECK(strcmp(zone.name, "UTC") == 0);
		CHECK(pl_zone_offset(&zone, 1767603600) == 0);
	}
}

static void a_broken_file_is_no_zone(void)
{
	pl_zone whole;
	CHECK(pl_zone_find(&whole, "Europe/Berlin"));
	for (int64_t n = 0; n < whole.n; n++) {
		zone = whole;
		zone.n = n;
		(void)pl_zone_offset(&zone, 1767603600);
		zone = whole;
		zone.bytes[n] ^= 0xff;
		(void)pl_zone_offset(&zone, 4000000000);
	}
}

static void a_day_is_read_as_its_noon(void)
{
	char stamp[PL_ZONE_CHARS];
	int64_t noon = 0;
	CHECK(pl_zone_find(&zone, "Europe/Berlin"));
	CHECK(pl_zone_day(&noon, &zone, "2027-07-31"));
	CHECK(strcmp(pl_zone_stamp(stamp, &zone, noon), "2027-07-31T12:00:00+02:00") == 0);
	static const char *const wrong[] = {
	        "",         "2027",        "2027-02-29", "2027-13-01", "2027-00-10", "2027-1-1",
	        "27-01-01", "2027-01-01x", "2027-06-31", "abcd-ef-gh", "2027-01-00"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK(!pl_zone_day(&noon, &zone, wrong[i]));
}

static void a_minute_is_read_as_clocks_there_show_it(void)
{
	static const char *const names[] = {"Europe/Berlin", "America/New_York",
	                                    "Australia/Lord_Howe", "Asia/Kathmandu"};
	char stamp[PL_ZONE_CHARS], again[PL_ZONE_CHARS];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		int64_t wrong = 0, back;
		CHECK(pl_zone_find(&zone, names[i]));
		for (int64_t t = INT64_C(1767225600);
		     t < INT64_C(1767225600) + INT64_C(1500) * DAY; t += 1800) {
			(void)pl_zone_stamp(stamp, &zone, t);
			stamp[16] = '\0';
			wrong += !pl_zone_minute(&back, &zone, stamp) || back > t;
			(void)pl_zone_stamp(again, &zone, back);
			wrong += strncmp(stamp, again, 16) != 0;
		}
		CHECK(wrong == 0);
	}
}

static void hours_that_clocks_repeat_or_leave_out_are_read_once(void)
{
	char stamp[PL_ZONE_CHARS];
	int64_t time = 0;
	CHECK(pl_zone_find(&zone, "Europe/Berlin"));
	CHECK(pl_zone_minute(&time, &zone, "2027-10-31T02:30"));
	CHECK(strcmp(pl_zone_stamp(stamp, &zone, time), "2027-10-31T02:30:00+02:00") == 0);
	CHECK(pl_zone_minute(&time, &zone, "2027-03-28T02:30"));
	CHECK(strcmp(pl_zone_stamp(stamp, &zone, time), "2027-03-28T03:30:00+02:00") == 0);
	CHECK(pl_zone_minute(&time, &zone, "2027-03-27T18:00"));
	time = pl_zone_later(&zone, time, 7);
	CHECK(strcmp(pl_zone_stamp(stamp, &zone, time), "2027-04-03T18:00:00+02:00") == 0);
	static const char *const wrong[] = {"",
	                                    "2027-03-27",
	                                    "2027-03-27T18",
	                                    "2027-03-27T24:00",
	                                    "2027-03-27T18:60",
	                                    "2027-03-27 18:00",
	                                    "2027-02-29T18:00",
	                                    "2027-03-27T18:00Z"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK(!pl_zone_minute(&time, &zone, wrong[i]));
}

int main(void)
{
	RUN(without_a_zone_it_is_universal_time);
	RUN(what_is_no_zone_is_universal_time);
	if (!pl_zone_find(&zone, "Europe/Berlin")) {
		puts("the system knows no time zones: the rest is left out");
		return pl_test_failed;
	}
	RUN(summer_begins_and_ends);
	RUN(the_system_tells_the_same_for_a_century);
	RUN(a_broken_file_is_no_zone);
	RUN(a_day_is_read_as_its_noon);
	RUN(a_minute_is_read_as_clocks_there_show_it);
	RUN(hours_that_clocks_repeat_or_leave_out_are_read_once);
	return pl_test_failed;
}
