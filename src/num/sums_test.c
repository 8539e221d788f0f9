/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/sums.h"

#include "base/random.h"
#include "tests/pl_test.h"

enum { MOST = 23 };
static const char pinned[] = "0x1.4425f81071b4fp-1";

/* Whole numbers: any order of additions gives the same sum. */
static void sums_are_right_at_every_length(void)
{
	pl_random r = pl_random_new(4, 2);
	double a[MOST], b[MOST];
	int32_t col[MOST];
	for (int64_t n = 0; n <= MOST; n++) {
		double dot = 0, gathered = 0;
		for (int64_t k = 0; k < MOST; k++) {
			a[k] = (double)pl_random_below(&r, 1000);
			b[k] = (double)pl_random_below(&r, 1000) - 500;
			col[k] = (int32_t)pl_random_below(&r, MOST);
		}
		for (int64_t k = 0; k < n; k++) {
			dot += a[k] * b[k];
			gathered += a[k] * b[col[k]];
		}
		CHECK(pl_dot(n, a, b) == dot);
		CHECK(pl_gather(a, col, n, b) == gathered);
	}
}

/* The order of additions is part of what they promise: these bits hold in every form. */
static void the_order_of_additions_never_changes(void)
{
	pl_random r = pl_random_new(5, 2);
	double a[MOST], b[MOST], all = 0;
	int32_t col[MOST];
	for (int round = 0; round < 1000; round++) {
		for (int64_t k = 0; k < MOST; k++) {
			a[k] = pl_random_unit(&r) - 0.5;
			b[k] = pl_random_unit(&r) - 0.5;
			col[k] = (int32_t)pl_random_below(&r, MOST);
		}
		all = 0.5 * all + pl_dot(round % MOST, a, b) +
		      3 * pl_gather(a, col, (round + 7) % MOST, b);
	}
	char text[40];
	(void)snprintf(text, sizeof text, "%a", all);
	printf("    %s\n", text);
	CHECK(strcmp(text, pinned) == 0);
}

static void poison_is_no_number_where_it_is_in_use(void)
{
	double x[3] = {1, 2, 3};
	pl_poison(x, 2);
#ifdef PL_CHECKING
	CHECK(isnan(x[0]) && isnan(x[1]));
#else
	CHECK(x[0] == 1 && x[1] == 2);
#endif
	CHECK(x[2] == 3);
}

int main(void)
{
	RUN(sums_are_right_at_every_length);
	RUN(the_order_of_additions_never_changes);
	RUN(poison_is_no_number_where_it_is_in_use);
	return pl_test_failed;
}
