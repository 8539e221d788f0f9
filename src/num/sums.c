/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/sums.h"

#include <math.h>

#ifdef PL_REFERENCE

double pl_gather(const double *w, const int32_t *col, int64_t n, const double *x)
{
	double s[4] = {0};
	for (int64_t k = 0; k < n; k++) s[k < n / 4 * 4 ? k % 4 : 0] += w[k] * x[col[k]];
	return (s[0] + s[1]) + (s[2] + s[3]);
}

double pl_dot(int64_t n, const double *a, const double *b)
{
	double s[4] = {0};
	for (int64_t j = 0; j < n; j++) s[j < n / 4 * 4 ? j % 4 : 0] += a[j] * b[j];
	return (s[0] + s[1]) + (s[2] + s[3]);
}

#else

double pl_gather(const double *w, const int32_t *col, int64_t n, const double *x)
{
	double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	int64_t k = 0;
	for (; k + 4 <= n; k += 4) {
		s0 += w[k] * x[col[k]];
		s1 += w[k + 1] * x[col[k + 1]];
		s2 += w[k + 2] * x[col[k + 2]];
		s3 += w[k + 3] * x[col[k + 3]];
	}
	for (; k < n; k++) s0 += w[k] * x[col[k]];
	return (s0 + s1) + (s2 + s3);
}

double pl_dot(int64_t n, const double *a, const double *b)
{
	double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	int64_t j = 0;
	for (; j + 4 <= n; j += 4) {
		s0 += a[j] * b[j];
		s1 += a[j + 1] * b[j + 1];
		s2 += a[j + 2] * b[j + 2];
		s3 += a[j + 3] * b[j + 3];
	}
	for (; j < n; j++) s0 += a[j] * b[j];
	return (s0 + s1) + (s2 + s3);
}

#endif

void pl_poison(double *out, int64_t n)
{
#ifdef PL_CHECKING
	for (int64_t j = 0; j < n; j++) out[j] = (double)NAN;
#else
	(void)out;
	(void)n;
#endif
}
