/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/pl_test.h"

#include <plenum/plan.h>

static const char *digest_of(const pl_model *m, const double *price, const double *quantity)
{
	static char hex[65];
	pl_plan_digest(hex, m, price, quantity);
	return hex;
}

/* Prices 1, -0 and quantities 2, 0.5, -0 in the order 2, 0, 1 of uses.csv are these bytes,
 * whose digest two other programs (sha256sum, Python's hashlib) gave:
 * 000000000000f03f 0000000000000000
 * 0000000000000000 0000000000000040 000000000000e03f */
static void bytes_are_little_endian_in_the_order_of_the_tables(void)
{
	static const int64_t row[] = {2, 0, 1};
	static const double price[] = {1, -0.0}, quantity[] = {2, 0.5, -0.0};
	pl_model m = {.n_goods = 2, .n_links = 3};
	m.link.row = row;
	CHECK(strcmp(digest_of(&m, price, quantity),
	             "2017c632722ec4d6917ae5db225365955b8848b3d92ab4ed4093ec814614c784") == 0);
}

static void an_empty_plan_has_the_digest_of_no_bytes(void)
{
	const pl_model m = {0};
	CHECK(strcmp(digest_of(&m, NULL, NULL),
	             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == 0);
}

/* 0, 1/8, 2/8 ... 1999/8, more than go to the hash at once. */
static void it_does_not_matter_where_prices_end_and_quantities_begin(void)
{
	static double x[2000];
	for (int i = 0; i < 2000; i++) x[i] = i / 8.0;
	for (int32_t n = 0; n <= 2000; n += 125) {
		const pl_model m = {.n_goods = n, .n_links = 2000 - n};
		CHECK(strcmp(digest_of(&m, x, x + n), "1a64a7162d55f078337d9708453d2aa600c78095"
		                                      "a97fdeef20fe3ed27d294aeb") == 0);
	}
}

static void every_bit_of_every_number_counts(void)
{
	double x[3] = {3, 5, 7};
	const pl_model m = {.n_goods = 1, .n_links = 2};
	char before[65];
	pl_plan_digest(before, &m, x, x + 1);
	for (int i = 0; i < 3; i++) {
		const double kept = x[i];
		x[i] = nextafter(kept, 100);
		CHECK(strcmp(digest_of(&m, x, x + 1), before) != 0);
		x[i] = kept;
	}
	CHECK(strcmp(digest_of(&m, x, x + 1), before) == 0);
}

static void outcomes_are_spelt_as_scripts_read_them(void)
{
	CHECK(strcmp(pl_outcome_name(PL_CLEARED), "cleared") == 0);
	CHECK(strcmp(pl_outcome_name(PL_ROUND_LIMIT), "round_limit") == 0);
	CHECK(strcmp(pl_outcome_name(PL_STALLED), "stalled") == 0);
	CHECK(strcmp(pl_outcome_name(PL_STOPPED), "stopped") == 0);
	CHECK(strcmp(pl_outcome_name(PL_INFEASIBLE), "infeasible") == 0);
}

int main(void)
{
	RUN(bytes_are_little_endian_in_the_order_of_the_tables);
	RUN(an_empty_plan_has_the_digest_of_no_bytes);
	RUN(it_does_not_matter_where_prices_end_and_quantities_begin);
	RUN(every_bit_of_every_number_counts);
	RUN(outcomes_are_spelt_as_scripts_read_them);
	return pl_test_failed;
}
