/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* matrix.h - a table of numbers whose rows and columns have names: a header row, a first
 * column of names, a number in every cell. */
#ifndef PL_IO_MATRIX_H
#define PL_IO_MATRIX_H
#include "base/names.h"

#include <plenum/base.h>

/// Which cells to read. Each may be NULL: all. Names that the table lacks are a fault.
typedef struct {
	const pl_names *columns; ///< only these
	const pl_names *skip;    ///< not these
	const pl_names *rows;    ///< only these
} pl_matrix_pick;

/// Rows and columns as picked, in the order of the table.
typedef struct {
	pl_names row, column;
	pl_names left_out; ///< columns that were not picked, without those skipped by name
	int64_t *line;     ///< [row.n] line of the file, 1 = header
	double *value;     ///< [row.n * column.n] by rows
	int64_t room;      ///< rows that line and value have room for
} pl_matrix;

/// Read a table. A cell that is empty or no number is a fault that names row and column,
/// as are a row without a name and a name that stands twice; cells that were not picked may
/// hold any text.
/// @param path also names the file in messages
/// @param pick NULL: everything
/// @return PL_OK; PL_EPARSE, PL_ENOTFOUND, PL_EIO, PL_ENOMEM, *out then NULL
pl_status pl_matrix_read(pl_matrix **out, const char *path, const pl_matrix_pick *pick,
                         pl_error *err);
void pl_matrix_free(pl_matrix *m); ///< NULL allowed

/// Add a name unless it is there. @return PL_OK, PL_ENOMEM
pl_status pl_matrix_name(pl_names *to, const char *name, pl_error *err);
/// " (did you mean "wheat"?)", or "". @param hint [PL_HINT_CHARS] @return hint
const char *pl_matrix_hint(char *hint, const pl_names *among, const char *typed);
#endif
