/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/triad.h"

void pl_triad(int64_t n, double *restrict a, const double *restrict b, const double *restrict c,
              double scale)
{
#pragma omp parallel for schedule(static)
	for (int64_t i = 0; i < n; i++) a[i] = b[i] + scale * c[i];
}
