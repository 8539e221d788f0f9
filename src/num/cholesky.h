/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cholesky.h - factorise and solve small dense symmetric systems, the same bits on any
 * number of threads. */
#ifndef PL_NUM_CHOLESKY_H
#define PL_NUM_CHOLESKY_H
#include <stdint.h>

/// Factorise a = L L' in place (the lower triangle, row-major, a[i * n + j] for j <= i; the
/// upper triangle is neither read nor written). The matrix should be positive semidefinite
/// up to rounding. A pivot that falls below `tiny` times its own diagonal entry belongs to a
/// direction that rounding has decided: it is replaced by +inf, so that the direction's
/// component of every solution is 0.
/// @param work [n * PL_CHOLESKY_BLOCK] scratch
/// @return how many pivots were replaced. n^3/3 multiplications.
int32_t pl_cholesky(int32_t n, double *a, double tiny, double *work);
enum { PL_CHOLESKY_BLOCK = 48 };

/// Solve L L' x = b in place, x overwriting b. n^2 multiplications.
void pl_cholesky_solve(int32_t n, const double *l, double *b);
#endif
