/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "model/say.h"

#include "tests/pl_test.h"

static void ids_are_quoted_and_long_ones_cut_between_characters(void)
{
	char id[400] = "";
	CHECK(strcmp(pl_say_id("wheat").s, "\"wheat\"") == 0);
	for (int shift = 0; shift < 3; shift++) {
		memset(id, 'x', (size_t)shift);
		for (size_t i = 0; i < 100; i++) memcpy(id + shift + 3 * i, "\xe2\x82\xac", 4);
		const pl_said said = pl_say_id(id);
		const size_t n = strlen(said.s);
		CHECK(n < PL_SAID && n > 50 && strcmp(said.s + n - 4, "...\"") == 0);
		CHECK((n - 5 - (size_t)shift) % 3 == 0);
	}
}

static void numbers_are_short(void)
{
	CHECK(strcmp(pl_say_number(-3).s, "-3") == 0);
	CHECK(strcmp(pl_say_number(0.1).s, "0.1") == 0);
	CHECK(strcmp(pl_say_number(1.5e300).s, "1.5e+300") == 0);
	CHECK(strcmp(pl_say_number(INFINITY).s, "inf") == 0);
	CHECK(strcmp(pl_say_number(NAN).s, "nan") == 0 ||
	      strcmp(pl_say_number(NAN).s, "-nan") == 0);
}

static void a_range_says_which_end_is_open(void)
{
	CHECK(strcmp(pl_say_range((pl_range){0, 1, true, true}).s,
	             "a number above 0 and below 1") == 0);
	CHECK(strcmp(pl_say_range((pl_range){0, 1, false, false}).s,
	             "a number of at least 0 and at most 1") == 0);
	CHECK(strcmp(pl_say_range((pl_range){1, INFINITY, true, true}).s, "a number above 1") ==
	      0);
}

static void choices_are_joined(void)
{
	CHECK(strcmp(pl_say_kinds(1 << PL_WORKERS).s, "workers") == 0);
	CHECK(strcmp(pl_say_kinds(1 << PL_CONSUMERS | 1 << PL_COMMUNITY).s,
	             "consumers or community") == 0);
	CHECK(strcmp(pl_say_roles((1 << PL_ROLES) - 1).s, "makes or uses or wants or offers") ==
	      0);
}

int main(void)
{
	RUN(ids_are_quoted_and_long_ones_cut_between_characters);
	RUN(numbers_are_short);
	RUN(a_range_says_which_end_is_open);
	RUN(choices_are_joined);
	return pl_test_failed;
}
