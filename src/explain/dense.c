/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "explain/dense.h"

#include <math.h>

static void transpose(int32_t n, double *a)
{
	for (int32_t i = 0; i < n; i++)
		for (int32_t j = 0; j < i; j++) {
			const double t = a[(int64_t)i * n + j];
			a[(int64_t)i * n + j] = a[(int64_t)j * n + i];
			a[(int64_t)j * n + i] = t;
		}
}

static void swap_rows(int32_t n, double *a, double *b, int32_t i, int32_t j)
{
	if (i == j) return;
	for (int32_t k = 0; k < n; k++) {
		const double t = a[(int64_t)i * n + k];
		a[(int64_t)i * n + k] = a[(int64_t)j * n + k];
		a[(int64_t)j * n + k] = t;
	}
	const double t = b[i];
	b[i] = b[j];
	b[j] = t;
}

/// row -= factor * pivot, from column k on.
static void subtract(int32_t n, int32_t k, double *restrict row, const double *restrict pivot,
                     double factor)
{
	for (int32_t j = k; j < n; j++) row[j] -= factor * pivot[j];
}

void pl_dense_solve_transposed(int32_t n, double *a, double *b)
{
	transpose(n, a);
	for (int32_t k = 0; k < n; k++) {
		int32_t best = k;
		for (int32_t i = k + 1; i < n; i++)
			if (fabs(a[(int64_t)i * n + k]) > fabs(a[(int64_t)best * n + k]))
				best = i;
		swap_rows(n, a, b, k, best);
		const double *pivot = a + (int64_t)k * n;
		if (pivot[k] == 0) continue;
		for (int32_t i = k + 1; i < n; i++) {
			double *row = a + (int64_t)i * n;
			if (row[k] == 0) continue;
			const double factor = row[k] / pivot[k];
			subtract(n, k, row, pivot, factor);
			b[i] -= factor * b[k];
		}
	}
	for (int32_t k = n - 1; k >= 0; k--) {
		const double *row = a + (int64_t)k * n;
		for (int32_t j = k + 1; j < n; j++) b[k] -= row[j] * b[j];
		b[k] = row[k] != 0 ? b[k] / row[k] : 0;
	}
}
