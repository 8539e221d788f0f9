/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_radius.h - the spectral radius of a dense matrix, and dense linear equations. */
#ifndef PL_IO_IMPORT_RADIUS_H
#define PL_IO_IMPORT_RADIUS_H
#include <plenum/base.h>

/// Largest absolute value among the eigenvalues of a square matrix of any signs.
///
/// It is that of the matrix's parts. Of a part without negative numbers it is found
/// between two bounds (import_perron.h); of any other by finding every eigenvalue (scaling,
/// elimination to Hessenberg form, QR steps with two shifts, O(n^3)). So neither periodic nor
/// reducible nor negative matrices can mislead it. n = 0 gives 0.
/// @param a [n * n] by rows, finite
/// @return PL_OK; PL_EARG (the steps did not settle), PL_ENOMEM; *out is then NaN
/// Source: G. Golub and C. Van Loan, Matrix Computations, 4th ed. 2013, sections 7.4 and 7.5.
pl_status pl_import_radius(double *out, const double *a, int32_t n, pl_error *err);

/// Solve A X = B by elimination with row exchanges.
/// @param a [n * n] by rows; destroyed
/// @param[in,out] b [n * m] by rows: B, then X; undefined where false is returned
/// @return false if A is singular to working precision
bool pl_import_solve(double *a, double *b, int32_t n, int32_t m);
#endif
