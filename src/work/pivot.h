/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pivot.h - one exchange of a basic variable with another in a condensed table, or in some of
 * its columns. */
#ifndef PL_WORK_PIVOT_H
#define PL_WORK_PIVOT_H
#include <stdint.h>

/// Columns of a table: basic variables as sums of the others, and the objective.
typedef struct {
	double *t; ///< [rows * cols]
	double *d; ///< [cols] reduced costs
	int32_t rows, cols;
} pl_pivot_part;

/// Do a Jordan exchange. The same bits however wide the processor's registers are. O(rows cols)
/// @param row where the variable is basic that leaves
/// @param col of the one that enters, whose entries are 0 already; -1: not among these columns
/// @param times [rows + 1] what was in that column, and its reduced cost
void pl_pivot(const pl_pivot_part *p, int32_t row, int32_t col, const double *times);
#endif
