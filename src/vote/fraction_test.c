/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/pl_test.h"

#include <plenum/vote.h>

static bool is(const char *text, int64_t num, int64_t den)
{
	pl_fraction x = {-1, -1};
	return pl_fraction_read(&x, text) && x.num * den == num * x.den;
}

static void a_part_may_be_written_in_three_ways(void)
{
	CHECK(is("2/3", 2, 3) && is("0.6", 3, 5) && is("60%", 3, 5));
	CHECK(is("0,6", 3, 5) && is("66.5%", 133, 200) && is(".5", 1, 2) && is("1.", 1, 1));
	CHECK(is("0", 0, 1) && is("1", 1, 1) && is("0/7", 0, 1) && is("100%", 1, 1));
	CHECK(is("999999999/1000000000", 999999999, 1000000000) &&
	      is("0.999999", 999999, 1000000));
}

/* Every fraction of small numbers, as a definition. */
static void what_is_written_is_read(void)
{
	char text[32];
	for (int num = 0; num <= 40; num++)
		for (int den = 1; den <= 40; den++) {
			pl_fraction x = {-1, -1};
			(void)snprintf(text, sizeof text, "%d/%d", num, den);
			CHECK(pl_fraction_read(&x, text) == (num <= den));
			CHECK(num > den ? x.num == -1 : x.num == num && x.den == den);
		}
}

static void what_is_no_part_is_refused_and_changes_nothing(void)
{
	static const char *const wrong[] = {
	        "",
	        "/",
	        "%",
	        ".",
	        "1/",
	        "/2",
	        "3/2",
	        "1/0",
	        "0/0",
	        "-1/2",
	        "+1/2",
	        " 1/2",
	        "1/2 ",
	        "1 /2",
	        "1/2/3",
	        "1/2%",
	        "50%%",
	        "%50",
	        "1.5/2",
	        "0.5.0",
	        "101%",
	        "1.1",
	        "0x1",
	        "1e-1",
	        "half",
	        "0.1234567",
	        "1/1000000001",
	        "9999999999999999999999999/99999999999999999999999999"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		pl_fraction x = {-1, -2};
		const bool read = pl_fraction_read(&x, wrong[i]);
		if (read) fprintf(stderr, "%s\n", wrong[i]);
		CHECK(!read && x.num == -1 && x.den == -2);
	}
}

int main(void)
{
	RUN(a_part_may_be_written_in_three_ways);
	RUN(what_is_written_is_read);
	RUN(what_is_no_part_is_refused_and_changes_nothing);
	return pl_test_failed;
}
