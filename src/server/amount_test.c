/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/amount.h"

#include "tests/pl_test.h"

#include <string.h>

static const char *const steps_of_goods[] = {"1",    "0.001", "0.25", "2.5",  "12",
                                             "1e-3", "5E2",   "7",    "0.07", "1000000"};
enum { STEPS = sizeof steps_of_goods / sizeof *steps_of_goods };

static void what_is_printed_is_read_back(void)
{
	static const int64_t amounts[] = {0,  1,  2,    3,         7,
	                                  10, 99, 1000, 123456789, 9007199254740991};
	char text[PL_AMOUNT_CHARS];
	for (size_t s = 0; s < STEPS; s++)
		for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
			int64_t back = -1;
			(void)pl_amount_print(text, amounts[i], steps_of_goods[s]);
			CHECK(pl_amount_read(&back, text, steps_of_goods[s]));
			CHECK(back == amounts[i]);
		}
}

static void nothing_is_rounded(void)
{
	char text[PL_AMOUNT_CHARS];
	CHECK(strcmp(pl_amount_print(text, 3, "0.1"), "0.3") == 0);
	CHECK(strcmp(pl_amount_print(text, 450123, "0.001"), "450.123") == 0);
	CHECK(strcmp(pl_amount_print(text, 9007199254740991, "0.001"), "9007199254740.991") ==
	      0);
	CHECK(strcmp(pl_amount_print(text, 12, "2.5"), "30") == 0);
	CHECK(strcmp(pl_amount_print(text, 0, "0.25"), "0") == 0);
	CHECK(strcmp(pl_amount_print(text, -7, "0.5"), "-3.5") == 0);
}

static void a_comma_is_a_point(void)
{
	int64_t steps = 0;
	CHECK(pl_amount_read(&steps, "112,5", "0.25"));
	CHECK(steps == 450);
	CHECK(pl_amount_read(&steps, "0112.50", "0.25"));
	CHECK(steps == 450);
}

static void what_is_no_whole_number_of_steps_is_refused(void)
{
	static const char *const wrong[] = {"",
	                                    "0.3",
	                                    "-1",
	                                    "1.2.3",
	                                    "1,000.5",
	                                    "abc",
	                                    "0x10",
	                                    " 1",
	                                    "1 ",
	                                    "nan",
	                                    "inf",
	                                    "1e400",
	                                    "1e99",
	                                    "+1",
	                                    ".",
	                                    ",",
	                                    "1e30",
	                                    "\xff",
	                                    "9007199254740992",
	                                    "1e",
	                                    "1ex",
	                                    "1e1.5"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		int64_t steps = 42;
		CHECK(!pl_amount_read(&steps, wrong[i], "0.25"));
		CHECK(steps == 42);
	}
	int64_t steps = 42;
	CHECK(!pl_amount_read(&steps, "1", "0"));
	CHECK(!pl_amount_read(&steps, "1", "a step"));
}

static void long_numbers_are_grouped_for_reading(void)
{
	char text[PL_AMOUNT_CHARS];
	CHECK(strcmp(pl_amount_show(text, 1234, "1"), "1234") == 0);
	CHECK(strcmp(pl_amount_show(text, 1234567, "1"), "1\xe2\x80\xaf"
	                                                 "234\xe2\x80\xaf"
	                                                 "567") == 0);
	CHECK(strcmp(pl_amount_show(text, 12345678, "0.001"), "12\xe2\x80\xaf"
	                                                      "345.678") == 0);
}

static void rounding_keeps_what_can_be_read(void)
{
	char text[PL_AMOUNT_CHARS];
	CHECK(strcmp(pl_amount_round(text, 0), "0") == 0);
	CHECK(strcmp(pl_amount_round(text, 1.5), "1.5") == 0);
	CHECK(strcmp(pl_amount_round(text, -0.25), "-0.25") == 0);
	CHECK(strcmp(pl_amount_round(text, 1234.4), "1234") == 0);
	CHECK(strcmp(pl_amount_round(text, 0.000123456), "0.0001235") == 0);
	CHECK(strcmp(pl_amount_credits(text, 3), "3.00") == 0);
	CHECK(strcmp(pl_amount_credits(text, 0), "0") == 0);
	CHECK(strcmp(pl_amount_credits(text, 0.04370), "0.0437") == 0);
	CHECK(strcmp(pl_amount_credits(text, -1.005e20), "-1.005e+20") == 0);
}

int main(void)
{
	RUN(what_is_printed_is_read_back);
	RUN(nothing_is_rounded);
	RUN(a_comma_is_a_point);
	RUN(what_is_no_whole_number_of_steps_is_refused);
	RUN(long_numbers_are_grouped_for_reading);
	RUN(rounding_keeps_what_can_be_read);
	return pl_test_failed;
}
