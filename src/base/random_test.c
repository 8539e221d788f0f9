/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/random.h"

#include "tests/pl_test.h"

enum { DRAWS = 200000 };

static void the_same_name_gives_the_same_stream(void)
{
	pl_random a = pl_random_new(7, 3), b = pl_random_new(7, 3);
	for (int i = 0; i < 100; i++) CHECK(pl_random_bits(&a) == pl_random_bits(&b));
}

/* The first draws of many streams, and of many seeds, are themselves uniform. */
static void neighbouring_streams_and_seeds_are_unlike(void)
{
	double by_stream = 0, by_seed = 0, product = 0;
	for (uint64_t i = 0; i < DRAWS; i++) {
		pl_random a = pl_random_new(1, i), b = pl_random_new(i, 1);
		const double x = pl_random_unit(&a) - 0.5, y = pl_random_unit(&b) - 0.5;
		by_stream += x;
		by_seed += y;
		product += x * (pl_random_unit(&a) - 0.5);
	}
	/* Five standard errors: the deviation of x is 1/sqrt(12), of the product 1/12. */
	CHECK_NEAR(by_stream / DRAWS, 0, 5 * sqrt(1.0 / 12 / DRAWS));
	CHECK_NEAR(by_seed / DRAWS, 0, 5 * sqrt(1.0 / 12 / DRAWS));
	CHECK_NEAR(product / DRAWS, 0, 5 / 12.0 / sqrt(DRAWS));
}

static void units_lie_in_0_to_1_with_the_right_moments(void)
{
	pl_random r = pl_random_new(11, 0);
	double sum = 0, squares = 0;
	for (int i = 0; i < DRAWS; i++) {
		const double u = pl_random_unit(&r);
		CHECK(u >= 0 && u < 1);
		sum += u;
		squares += u * u;
	}
	CHECK_NEAR(sum / DRAWS, 1.0 / 2, 5 * sqrt(1.0 / 12 / DRAWS));
	CHECK_NEAR(squares / DRAWS, 1.0 / 3, 5 * sqrt(4.0 / 45 / DRAWS));
}

static void every_integer_of_a_range_is_as_likely(void)
{
	pl_random r = pl_random_new(12, 0);
	enum { SIDES = 7 };
	int count[SIDES] = {0};
	for (int i = 0; i < DRAWS; i++) {
		const int64_t x = pl_random_between(&r, -3, 3);
		CHECK(x >= -3 && x <= 3);
		count[x + 3]++;
	}
	double chi_square = 0;
	for (int k = 0; k < SIDES; k++) {
		const double expected = (double)DRAWS / SIDES;
		chi_square += (count[k] - expected) * (count[k] - expected) / expected;
	}
	CHECK(chi_square < 35); /* 6 degrees of freedom: exceeded once in 230,000 */
}

static void ranges_may_be_one_value_or_all(void)
{
	pl_random r = pl_random_new(13, 0);
	CHECK(pl_random_below(&r, 1) == 0);
	CHECK(pl_random_between(&r, INT64_MIN, INT64_MIN) == INT64_MIN);
	CHECK(pl_random_between(&r, INT64_MAX, INT64_MAX) == INT64_MAX);
	int negative = 0;
	for (int i = 0; i < 1000; i++)
		negative += pl_random_between(&r, INT64_MIN, INT64_MAX) < 0;
	CHECK(negative > 400 && negative < 600);
}

static void normal_numbers_have_the_right_moments(void)
{
	pl_random r = pl_random_new(14, 0);
	double m[5] = {0};
	for (int i = 0; i < DRAWS; i++) {
		const double x = pl_random_normal(&r);
		double power = 1;
		for (int k = 1; k <= 4; k++) m[k] += power *= x;
	}
	const double unit =
	        5 / sqrt(DRAWS); /* deviations of x..x^4: 1, sqrt 2, sqrt 15, sqrt 96 */
	CHECK_NEAR(m[1] / DRAWS, 0, unit);
	CHECK_NEAR(m[2] / DRAWS, 1, unit * sqrt(2));
	CHECK_NEAR(m[3] / DRAWS, 0, unit * sqrt(15));
	CHECK_NEAR(m[4] / DRAWS, 3, unit * sqrt(96));
}

/* Pinned: an economy made from a seed is named in reports and must not change. */
static void the_stream_is_the_one_that_was_published(void)
{
	pl_random r = pl_random_new(2024, 5);
	CHECK(pl_random_bits(&r) == 0xb0b94e13b46c6489);
	CHECK(pl_random_bits(&r) == 0xc8b420dab85afed3);
}

int main(void)
{
	RUN(the_same_name_gives_the_same_stream);
	RUN(neighbouring_streams_and_seeds_are_unlike);
	RUN(units_lie_in_0_to_1_with_the_right_moments);
	RUN(every_integer_of_a_range_is_as_likely);
	RUN(ranges_may_be_one_value_or_all);
	RUN(normal_numbers_have_the_right_moments);
	RUN(the_stream_is_the_one_that_was_published);
	return pl_test_failed;
}
