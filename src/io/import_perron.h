/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_perron.h - the parts of a matrix, and the largest eigenvalue of one that has no
 * negative numbers. */
#ifndef PL_IO_IMPORT_PERRON_H
#define PL_IO_IMPORT_PERRON_H
#include <plenum/base.h>

/// The parts of a square matrix: i and j are in one part if numbers that are not 0 lead from i
/// to j and back. Its eigenvalues are those of its parts. O(n^2).
typedef struct {
	int32_t n_parts;
	int32_t *start;  ///< [n_parts + 1]
	int32_t *member; ///< [n] part p is member[start[p]] to member[start[p + 1] - 1]
} pl_matrix_parts;
/// @param a [n * n] by rows @return false: no memory
/// Source: R. Tarjan, SIAM Journal on Computing 1 (1972) 146-160.
bool pl_matrix_parts_find(pl_matrix_parts *out, const double *a, int32_t n);
void pl_matrix_parts_clear(pl_matrix_parts *p);

enum { PL_PERRON_SCRATCH = 28 }; ///< vectors that pl_import_perron works in

/// The spectral radius of a matrix of one part without negative numbers, by products with
/// vectors.
///
/// For every x > 0 the radius lies between the least and the largest of (A x)_i / x_i: so what
/// is found is proved, to the nearness of these bounds, however x was come by. It is sought
/// among the combinations of x, A x, A A x ... (W. Arnoldi, 1951), again from the best of them.
/// @param a [n * n] by rows @param scratch [PL_PERRON_SCRATCH * n]
/// @return false where the bounds do not meet to 1e-12 before every eigenvalue could be found
/// Source: R. Varga, Matrix Iterative Analysis, 1962, theorem 2.2.
bool pl_import_perron(double *out, const double *a, int32_t n, double *scratch);
#endif
