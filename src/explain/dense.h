/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* dense.h - square systems of equations without symmetry. */
#ifndef PL_EXPLAIN_DENSE_H
#define PL_EXPLAIN_DENSE_H
#include <stdint.h>

/// Solve a' x = b by elimination with the largest pivot of each column (of a'); both are
/// overwritten, b by x. A column without a pivot gives x = 0 there. (2/3) n^3 operations.
/// @param a [n * n] by rows
void pl_dense_solve_transposed(int32_t n, double *a, double *b);
#endif
