/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sum.h - sums whose last bit does not depend on the number of threads. */
#ifndef PL_NUM_SUM_H
#define PL_NUM_SUM_H
#include <stdint.h>

/// Sum of x[0..n). The order of the additions depends on n alone: n is cut into
/// PL_SUM_BLOCKS runs, each added left to right, then the runs in order.
/// Rounding error is at most (n/256 + 256) eps sum|x|.
double pl_sum(const double *x, int64_t n);
#endif
