/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/cholesky.h"

#include "base/threads.h"

#include <math.h>

/* Right-looking by block columns. Every entry of the matrix receives its updates in the
 * order of the columns, by one thread, so neither threads nor the width of a vector
 * register can change a bit. */

/* Columns [k0, k1) of a row, against the rows above that are factorised already. */
static void solve_row(int32_t n, const double *a, double *row, int32_t k0, int32_t k1)
{
	for (int32_t j = k0; j < k1; j++) {
		const double *other = a + (int64_t)j * n;
		double x = row[j];
		for (int32_t t = k0; t < j; t++) x -= row[t] * other[t];
		row[j] = isinf(other[j]) ? 0 : x / other[j];
	}
}

/* The diagonal block [k0, k1): columns left to right. */
static int32_t factor_corner(int32_t n, double *a, int32_t k0, int32_t k1,
                             const double *diagonal, double tiny)
{
	int32_t replaced = 0;
	for (int32_t k = k0; k < k1; k++) {
		double *row = a + (int64_t)k * n;
		solve_row(n, a, row, k0, k);
		double d = row[k];
		for (int32_t t = k0; t < k; t++) d -= row[t] * row[t];
		if (d > tiny * diagonal[k]) {
			row[k] = sqrt(d);
		} else {
			row[k] = INFINITY;
			replaced++;
		}
	}
	return replaced;
}

/* Rows below the corner: solve against it. */
static void factor_panel(int32_t n, double *a, int32_t k0, int32_t k1)
{
#pragma omp parallel for schedule(static) if (n - k1 >= 256)
	for (int32_t i = k1; i < n; i++) solve_row(n, a, a + (int64_t)i * n, k0, k1);
}

/* The rest: a[i][j] -= sum over the panel's columns of l[i][t] l[j][t]. */
static void update_rest(int32_t n, double *a, int32_t k0, int32_t k1, double *work)
{
	const int32_t rest = n - k1;
	for (int32_t t = k0; t < k1; t++) /* the panel's columns as rows, for the inner loop */
		for (int32_t j = 0; j < rest; j++)
			work[(int64_t)(t - k0) * rest + j] = a[(int64_t)(k1 + j) * n + t];
#pragma omp parallel for schedule(dynamic, 16) if (rest >= 128)
	for (int32_t i = 0; i < rest; i++) {
		double *restrict row = a + (int64_t)(k1 + i) * n + k1;
		const double *left = a + (int64_t)(k1 + i) * n;
		for (int32_t t = k0; t < k1; t++) {
			const double l = left[t];
			const double *restrict column = work + (int64_t)(t - k0) * rest;
			for (int32_t j = 0; j <= i; j++) row[j] -= l * column[j];
		}
	}
}

int32_t pl_cholesky(int32_t n, double *a, double tiny, double *work)
{
	int32_t replaced = 0;
	double *was = work + (int64_t)n * (PL_CHOLESKY_BLOCK - 1); /* last row of the scratch */
	for (int32_t i = 0; i < n; i++) was[i] = a[(int64_t)i * n + i];
	for (int32_t k0 = 0; k0 < n; k0 += PL_CHOLESKY_BLOCK - 1) {
		const int32_t k1 =
		        k0 + PL_CHOLESKY_BLOCK - 1 < n ? k0 + PL_CHOLESKY_BLOCK - 1 : n;
		replaced += factor_corner(n, a, k0, k1, was, tiny);
		factor_panel(n, a, k0, k1);
		update_rest(n, a, k0, k1, work);
	}
	return replaced;
}

void pl_cholesky_solve(int32_t n, const double *l, double *b)
{
	for (int32_t i = 0; i < n; i++) {
		const double *row = l + (int64_t)i * n;
		double x = b[i];
		for (int32_t j = 0; j < i; j++) x -= row[j] * b[j];
		b[i] = isinf(row[i]) ? 0 : x / row[i];
	}
	for (int32_t i = n - 1; i >= 0; i--) {
		const double *row = l + (int64_t)i * n;
		const double x = isinf(row[i]) ? 0 : b[i] / row[i];
		b[i] = x;
		for (int32_t j = 0; j < i; j++) b[j] -= row[j] * x;
	}
}
