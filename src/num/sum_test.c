/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/sum.h"

#include "base/alloc.h"
#include "base/threads.h"
#include "tests/pl_test.h"

#include <float.h>

/* Values of mixed sign and size, so that the order of the additions shows in the result. */
static double *mixed(int64_t n)
{
	double *x = pl_alloc(n, sizeof *x);
	if (x == NULL) abort();
	for (int64_t i = 0; i < n; i++) {
		const double turn = (double)(i * 2654435761 % 1000003) / 1000003 - 0.5;
		x[i] = ldexp(turn, (int)(i * 7 % 41) - 20);
	}
	return x;
}

static void the_error_stays_within_the_documented_bound(void)
{
	const int64_t sizes[] = {1, 2, 255, 256, 257, 4095, 4096, 100003};
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		const int64_t n = sizes[k];
		double *x = mixed(n);
		long double exact = 0, magnitude = 0;
		for (int64_t i = 0; i < n; i++) {
			exact += x[i];
			magnitude += fabsl(x[i]);
		}
		const double bound = ((double)n / 256 + 256) * DBL_EPSILON * (double)magnitude;
		CHECK_NEAR(pl_sum(x, n), (double)exact, bound);
		pl_free(x);
	}
}

static void nothing_sums_to_zero(void)
{
	CHECK(pl_sum(NULL, 0) == 0);
}

static void same_bits_for_any_number_of_threads(void)
{
	const int64_t sizes[] = {PL_PAR_MIN - 1, PL_PAR_MIN, 65537, 300007};
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		double *x = mixed(sizes[k]);
		pl_threads_set(1);
		const double alone = pl_sum(x, sizes[k]);
		for (int threads = 2; threads <= 9; threads++) {
			pl_threads_set(threads);
			const double together = pl_sum(x, sizes[k]);
			CHECK(memcmp(&alone, &together, sizeof alone) == 0);
		}
		pl_free(x);
	}
}

static void a_not_a_number_is_not_lost(void)
{
	double *x = mixed(5000);
	x[4999] = NAN;
	CHECK(isnan(pl_sum(x, 5000)));
	pl_free(x);
}

int main(void)
{
	RUN(the_error_stays_within_the_documented_bound);
	RUN(nothing_sums_to_zero);
	RUN(same_bits_for_any_number_of_threads);
	RUN(a_not_a_number_is_not_lost);
	return pl_test_failed;
}
