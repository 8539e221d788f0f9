/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/crew.h"

#include "base/random.h"
#include "tests/pl_test.h"

enum { SHIFTS = 12, TIMES = 60, ROUNDS = 400, DAY = 86400 };

static pl_shift some(pl_random *r)
{
	const int64_t begins = pl_random_between(r, 0, TIMES - 2);
	return (pl_shift){begins, pl_random_between(r, begins + 1, TIMES - 1),
	                  pl_random_between(r, 1, 4)};
}

/// How many are booked at a moment, by definition.
static int64_t booked(const pl_shift *s, int64_t n, int64_t moment)
{
	int64_t people = 0;
	for (int64_t i = 0; i < n; i++)
		if (s[i].begins <= moment && moment < s[i].ends) people += s[i].people;
	return people;
}

static bool fits(const pl_shift *s, int64_t n, int64_t from, int64_t length, int64_t most)
{
	for (int64_t t = from; t < from + length; t++)
		if (booked(s, n, t) > most) return false;
	return true;
}

static void the_most_is_the_most_of_all_moments(void)
{
	pl_random r = pl_random_new(1, 0);
	for (int k = 0; k < ROUNDS; k++) {
		pl_shift s[SHIFTS];
		pl_crew c;
		const int64_t n = pl_random_between(&r, 0, SHIFTS);
		for (int64_t i = 0; i < n; i++) s[i] = some(&r);
		CHECK(pl_crew_of(&c, s, n, NULL) == PL_OK);
		const pl_shift asked = some(&r);
		int64_t most = 0, when, first = asked.begins;
		for (int64_t t = asked.begins; t < asked.ends; t++)
			if (booked(s, n, t) > most) {
				most = booked(s, n, t);
				first = t;
			}
		CHECK(pl_crew_most(&c, asked.begins, asked.ends, &when) == most);
		CHECK(when == first);
		pl_crew_clear(&c);
	}
}

static void the_next_time_is_the_first_that_fits(void)
{
	pl_random r = pl_random_new(2, 0);
	for (int k = 0; k < ROUNDS; k++) {
		pl_shift s[SHIFTS];
		pl_crew c;
		const int64_t n = pl_random_between(&r, 0, SHIFTS),
		              most = pl_random_between(&r, 0, 6);
		for (int64_t i = 0; i < n; i++) s[i] = some(&r);
		CHECK(pl_crew_of(&c, s, n, NULL) == PL_OK);
		const pl_shift asked = some(&r);
		const int64_t length = asked.ends - asked.begins;
		int64_t first = asked.begins;
		while (!fits(s, n, first, length, most)) first++;
		CHECK(pl_crew_next(&c, asked.begins, length, most) == first);
		pl_crew_clear(&c);
	}
}

/// Shifts of whole days, in which a brute search is short.
static void the_next_day_is_the_first_that_fits_at_that_hour(void)
{
	pl_random r = pl_random_new(3, 0);
	for (int k = 0; k < ROUNDS; k++) {
		pl_shift days[SHIFTS], s[SHIFTS];
		pl_crew c;
		for (int i = 0; i < SHIFTS; i++) {
			days[i] = some(&r);
			s[i] = (pl_shift){days[i].begins * DAY + 1000, days[i].ends * DAY,
			                  days[i].people};
		}
		CHECK(pl_crew_of(&c, s, SHIFTS, NULL) == PL_OK);
		int64_t first = 6;
		while (booked(days, SHIFTS, first) > 5) first++;
		CHECK(pl_crew_next_day(&c, INT64_C(5) * DAY + 2000, 3000, 5) ==
		      first * DAY + 2000);
		pl_crew_clear(&c);
	}
}

int main(void)
{
	RUN(the_most_is_the_most_of_all_moments);
	RUN(the_next_time_is_the_first_that_fits);
	RUN(the_next_day_is_the_first_that_fits_at_that_hour);
	return pl_test_failed;
}
