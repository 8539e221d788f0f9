/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/sum.h"

#include "base/threads.h"

enum { PL_SUM_BLOCKS = 256 };

static int64_t min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

double pl_sum(const double *x, int64_t n)
{
	double part[PL_SUM_BLOCKS];
	const int64_t run = (n + PL_SUM_BLOCKS - 1) / PL_SUM_BLOCKS;
#pragma omp parallel for schedule(static) if (n >= PL_PAR_MIN)
	for (int b = 0; b < PL_SUM_BLOCKS; b++) {
		const int64_t lo = min64(n, b * run), hi = min64(n, lo + run);
		double s = 0;
		for (int64_t i = lo; i < hi; i++) s += x[i];
		part[b] = s;
	}
	double total = 0;
	for (int b = 0; b < PL_SUM_BLOCKS; b++) total += part[b];
	return total;
}
