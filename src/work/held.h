/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* held.h - columns of a linear program whose variables are held at one value for good. No pivot
 * takes them, but new columns are made of them: what pivots do to the others reaches them late,
 * and not at all where the pivots are taken back. */
#ifndef PL_WORK_HELD_H
#define PL_WORK_HELD_H
#include "work/simplex.h"

struct pl_held {
	int32_t n_rows, n; ///< rows of the table; columns, behind the others in the program
	double *t;         ///< [n_rows * n]
	double *times;     ///< [most * (n_rows + 1)] as of pl_pivot
	int32_t *row;      ///< [most] of each pivot
	int32_t n_noted, most;
};

/// @param rows, cols of the program
/// @param most pivots between two calls of pl_held_take or pl_held_forget
pl_status pl_held_new(pl_held **out, int32_t rows, int32_t cols, int32_t most, pl_error *err);
void pl_held_free(pl_held *h); ///< NULL allowed

/// Set aside the columns of a program's rows that are held at one value, and put them behind
/// the others. From now on it may be moved, changed in single columns and copied (the copies
/// share what is held); running it takes pl_simplex_clear first. O(rows cols)
void pl_held_part(pl_held *h, pl_simplex *s);
/// Note a pivot. @return [n_rows + 1] to be filled with `times`
double *pl_held_note(pl_held *h, int32_t row);
/// Do what was noted to what is held, and to its reduced costs in the program.
void pl_held_take(pl_held *h, const pl_simplex *s);
/// Forget what was noted: those pivots are taken back.
void pl_held_forget(pl_held *h);
#endif
