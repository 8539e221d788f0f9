/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csr.h - a sparse table stored by rows, and the same table by columns. */
#ifndef PL_NUM_CSR_H
#define PL_NUM_CSR_H
#include <plenum/base.h>

/// Row i holds (col[k], val[k]) for k in [start[i], start[i+1]).
/// Counts of rows and columns fit int32_t; counts of entries may not, hence int64_t.
typedef struct {
	int32_t n_rows, n_cols;
	int64_t *start; ///< [n_rows + 1], start[0] == 0
	int32_t *col;   ///< [start[n_rows]]
	double *val;    ///< [start[n_rows]]
} pl_csr;

/// Room for nnz entries; start, col and val are zero.
/// @param[out] out a table to free with pl_csr_free(), or NULL on failure
/// @return PL_OK, PL_EARG (a negative size), PL_ENOMEM
pl_status pl_csr_new(pl_csr **out, int32_t n_rows, int32_t n_cols, int64_t nnz, pl_error *err);
void pl_csr_free(pl_csr *a); ///< NULL is allowed

/// Where the entries of a table stand when read by columns: column j holds entries
/// entry[k] of rows row[k] for k in [start[j], start[j+1]), rows rising. Values are not
/// copied, so they may change.
typedef struct {
	int32_t n_cols;
	int64_t *start; ///< [n_cols + 1]
	int32_t *row;   ///< [nnz]
	int64_t *entry; ///< [nnz] index into the table's col and val
} pl_by_col;

/// O(nnz + rows + cols), stable. @return PL_OK, PL_ENOMEM
pl_status pl_by_col_new(pl_by_col **out, const pl_csr *a, pl_error *err);
void pl_by_col_free(pl_by_col *t); ///< NULL is allowed
#endif
