/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* scatter.h - sums over the rows of a table by column, in one pass over the rows, the same
 * bits on any number of threads.
 *
 * Rows are cut into blocks; how many depends on the table alone. A block adds to sums of its
 * own, in row order; then the blocks' sums are added, in block order. So the table is read
 * once, in the order in which it stands in memory, and needs no copy by columns. */
#ifndef PL_NUM_SCATTER_H
#define PL_NUM_SCATTER_H
#include "num/csr.h"

typedef struct {
	int32_t n_blocks, n_cols, lanes;
	int32_t *first; ///< [n_blocks + 1] rows of the table
	double *sum;    ///< [n_blocks * n_cols * lanes]
} pl_scatter;

/// Blocks for rows [first, end) with about equally many entries each.
/// @param lanes sums a column, kept side by side
/// @return PL_OK, PL_ENOMEM
pl_status pl_scatter_new(pl_scatter **out, const pl_csr *a, int32_t first, int32_t end,
                         int32_t lanes, pl_error *err);
/// The same where the entries of row i are [start[i], start[i + 1]) of arrays kept elsewhere.
pl_status pl_scatter_rows(pl_scatter **out, const int64_t *start, int32_t n_cols, int32_t first,
                          int32_t end, int32_t lanes, pl_error *err);
void pl_scatter_free(pl_scatter *s); ///< NULL is allowed

/// The sums of block b, set to 0: [n_cols * lanes].
double *pl_scatter_begin(const pl_scatter *s, int32_t b);

/// Lane `lane` of column j over all blocks. O(blocks).
static inline double pl_scatter_total(const pl_scatter *s, int32_t j, int32_t lane)
{
	const int64_t stride = (int64_t)s->n_cols * s->lanes;
	const double *at = s->sum + (int64_t)j * s->lanes + lane;
	double total = 0;
	for (int32_t b = 0; b < s->n_blocks; b++, at += stride) total += *at;
	return total;
}
#endif
