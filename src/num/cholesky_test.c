/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/cholesky.h"

#include "base/alloc.h"
#include "base/random.h"
#include "base/threads.h"
#include "tests/pl_test.h"

#include <float.h>

static const double tiny = 1e-14;

static double *numbers(int64_t n)
{
	double *x = pl_alloc(n, sizeof *x);
	if (x == NULL) abort();
	return x;
}

static double at(int32_t n, const double *a, int32_t i, int32_t j)
{
	return i >= j ? a[(int64_t)i * n + j] : a[(int64_t)j * n + i];
}

/* Lower triangle of B B' for a random n x rank B, plus `ridge` on the diagonal; the upper
 * triangle is NaN, since nobody may read it. */
static double *gram(int32_t n, int32_t rank, double ridge, uint64_t seed)
{
	pl_random r = pl_random_new(seed, (uint64_t)n);
	double *b = numbers((int64_t)n * rank), *a = numbers((int64_t)n * n);
	for (int64_t k = 0; k < (int64_t)n * rank; k++) b[k] = pl_random_normal(&r);
	for (int64_t i = 0; i < n; i++)
		for (int64_t j = 0; j < n; j++) {
			double sum = i == j ? ridge : 0;
			for (int64_t t = 0; t < rank; t++)
				sum += b[i * rank + t] * b[j * rank + t];
			a[i * n + j] = j <= i ? sum : NAN;
		}
	pl_free(b);
	return a;
}

static double *copy(int32_t n, const double *a)
{
	double *c = numbers((int64_t)n * n);
	memcpy(c, a, (size_t)n * (size_t)n * sizeof *a);
	return c;
}

static int32_t factor(int32_t n, double *a)
{
	double *work = numbers((int64_t)n * PL_CHOLESKY_BLOCK);
	const int32_t replaced = pl_cholesky(n, a, tiny, work);
	pl_free(work);
	return replaced;
}

/* Largest |a x - b| of a row, relative to its sum of |a| |x|. */
static double residual(int32_t n, const double *a, const double *x, const double *b)
{
	double worst = 0;
	for (int32_t i = 0; i < n; i++) {
		double sum = -b[i], size = fabs(b[i]);
		for (int32_t j = 0; j < n; j++) {
			sum += at(n, a, i, j) * x[j];
			size += fabs(at(n, a, i, j) * x[j]);
		}
		worst = fmax(worst, fabs(sum) / fmax(size, DBL_MIN));
	}
	return worst;
}

static const int32_t sizes[] = {1,
                                2,
                                3,
                                17,
                                PL_CHOLESKY_BLOCK - 2,
                                PL_CHOLESKY_BLOCK - 1,
                                PL_CHOLESKY_BLOCK,
                                PL_CHOLESKY_BLOCK + 1,
                                2 * PL_CHOLESKY_BLOCK - 2,
                                2 * PL_CHOLESKY_BLOCK - 1,
                                2 * PL_CHOLESKY_BLOCK,
                                200};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void the_factor_times_its_transpose_is_the_matrix(void)
{
	for (int s = 0; s < SIZES; s++) {
		const int32_t n = sizes[s];
		double *a = gram(n, n, 1, 7), *l = copy(n, a);
		CHECK(factor(n, l) == 0);
		for (int32_t i = 0; i < n; i++)
			for (int32_t j = 0; j <= i; j++) {
				double sum = 0;
				for (int32_t t = 0; t <= j; t++)
					sum += l[(int64_t)i * n + t] * l[(int64_t)j * n + t];
				const double size =
				        sqrt(at(n, a, i, i) * at(n, a, j, j)) * (n + 1);
				CHECK_NEAR(sum, at(n, a, i, j), DBL_EPSILON * size);
			}
		pl_free(l);
		pl_free(a);
	}
}

static void the_upper_triangle_is_neither_read_nor_written(void)
{
	const int32_t n = 2 * PL_CHOLESKY_BLOCK + 5;
	double *l = gram(n, n, 1, 8), *x = numbers(n);
	CHECK(factor(n, l) == 0);
	pl_cholesky_solve(n, l, x);
	for (int32_t i = 0; i < n; i++)
		for (int32_t j = 0; j < n; j++) CHECK(isnan(l[(int64_t)i * n + j]) == (j > i));
	pl_free(x);
	pl_free(l);
}

static void a_definite_system_is_solved(void)
{
	for (int s = 0; s < SIZES; s++) {
		const int32_t n = sizes[s];
		double *a = gram(n, n, 1, 9), *l = copy(n, a), *b = numbers(n), *x = numbers(n);
		pl_random r = pl_random_new(10, 0);
		for (int32_t i = 0; i < n; i++) x[i] = b[i] = pl_random_normal(&r);
		CHECK(factor(n, l) == 0);
		pl_cholesky_solve(n, l, x);
		CHECK(residual(n, a, x, b) <= 4 * n * DBL_EPSILON);
		pl_free(x);
		pl_free(b);
		pl_free(l);
		pl_free(a);
	}
}

/* Rows and columns times powers of 2 from 2^-300 to 2^300: nothing rounds differently, so the
 * solution is the same to the last bit once the powers are taken out. */
static void powers_of_two_on_the_diagonal_change_no_bit(void)
{
	const int32_t n = PL_CHOLESKY_BLOCK + 20;
	double *a = gram(n, n, 0.1, 11), *graded = copy(n, a), *x = numbers(n), *y = numbers(n);
	int *power = pl_alloc(n, sizeof *power);
	if (power == NULL) abort();
	pl_random r = pl_random_new(12, 0);
	for (int32_t i = 0; i < n; i++) {
		power[i] = (int)pl_random_between(&r, -300, 300);
		x[i] = pl_random_normal(&r);
		y[i] = ldexp(x[i], power[i]);
	}
	for (int32_t i = 0; i < n; i++)
		for (int32_t j = 0; j <= i; j++)
			graded[(int64_t)i * n + j] =
			        ldexp(a[(int64_t)i * n + j], power[i] + power[j]);
	CHECK(factor(n, a) == 0 && factor(n, graded) == 0);
	pl_cholesky_solve(n, a, x);
	pl_cholesky_solve(n, graded, y);
	for (int32_t i = 0; i < n; i++) CHECK(ldexp(y[i], power[i]) == x[i]);
	pl_free(power);
	pl_free(y);
	pl_free(x);
	pl_free(graded);
	pl_free(a);
}

/* b lies in the range of a, so a x = b has solutions; the one that is found has a 0 for each
 * replaced pivot, and there are as many of these as dimensions missing. */
static void missing_directions_get_nothing_and_the_rest_is_solved(void)
{
	const int32_t n = 2 * PL_CHOLESKY_BLOCK + 9;
	const int32_t ranks[] = {1, 5, PL_CHOLESKY_BLOCK, n - 1};
	for (int s = 0; s < 4; s++) {
		double *a = gram(n, ranks[s], 0, 13), *l = copy(n, a);
		double *b = numbers(n), *x = numbers(n);
		pl_random r = pl_random_new(14, 0);
		for (int32_t j = 0; j < n; j++) {
			const double w = pl_random_normal(&r);
			for (int32_t i = 0; i < n; i++) b[i] += at(n, a, i, j) * w;
		}
		memcpy(x, b, (size_t)n * sizeof *x);
		CHECK(factor(n, l) == n - ranks[s]);
		pl_cholesky_solve(n, l, x);
		int32_t zeros = 0;
		for (int32_t i = 0; i < n; i++) zeros += x[i] == 0;
		CHECK(zeros == n - ranks[s]);
		CHECK(residual(n, a, x, b) <= 1e-9);
		pl_free(x);
		pl_free(b);
		pl_free(l);
		pl_free(a);
	}
}

/* Where the right side is out of reach, the equations of the kept pivots hold exactly: the
 * least of x'ax/2 - b'x over vectors that are 0 at the replaced ones. */
static void a_right_side_out_of_reach_is_met_where_pivots_are(void)
{
	double a[9] = {4, NAN, NAN, 2, 1, NAN, 0, 0, 9}; /* rank 2: row 1 is half of row 0 */
	double x[3] = {8, -100, 18};
	CHECK(factor(3, a) == 1);
	pl_cholesky_solve(3, a, x);
	CHECK(x[0] == 2 && x[1] == 0 && x[2] == 2);
}

static void a_matrix_of_zeros_or_of_no_numbers_gives_zeros(void)
{
	double a[4] = {0, NAN, 0, 0}, x[2] = {1, 2}, b[1] = {NAN}, y[1] = {3};
	CHECK(factor(2, a) == 2);
	pl_cholesky_solve(2, a, x);
	CHECK(x[0] == 0 && x[1] == 0);
	CHECK(factor(1, b) == 1);
	pl_cholesky_solve(1, b, y);
	CHECK(y[0] == 0);
	CHECK(factor(0, NULL) == 0);
	pl_cholesky_solve(0, NULL, NULL);
}

static void same_bits_for_any_number_of_threads(void)
{
	const int threads[] = {2, 5, 8};
	const int32_t n = 411; /* long enough for every parallel loop */
	double *a = gram(n, n - 3, 0, 15), *alone = copy(n, a);
	pl_threads_set(1);
	const int32_t replaced = factor(n, alone);
	for (int k = 0; k < 3; k++) {
		double *together = copy(n, a);
		pl_threads_set(threads[k]);
		CHECK(factor(n, together) == replaced);
		for (int64_t i = 0; i < n; i++)
			CHECK(memcmp(alone + i * n, together + i * n,
			             (size_t)(i + 1) * sizeof *a) == 0);
		pl_free(together);
	}
	pl_free(alone);
	pl_free(a);
}

int main(void)
{
	RUN(the_factor_times_its_transpose_is_the_matrix);
	RUN(the_upper_triangle_is_neither_read_nor_written);
	RUN(a_definite_system_is_solved);
	RUN(powers_of_two_on_the_diagonal_change_no_bit);
	RUN(missing_directions_get_nothing_and_the_rest_is_solved);
	RUN(a_right_side_out_of_reach_is_met_where_pivots_are);
	RUN(a_matrix_of_zeros_or_of_no_numbers_gives_zeros);
	RUN(same_bits_for_any_number_of_threads);
	return pl_test_failed;
}
