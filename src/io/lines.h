/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lines.h - on which line of its file each accepted row stands, kept in little room: rows that
 * follow one another line by line are one run. */
#ifndef PL_IO_LINES_H
#define PL_IO_LINES_H
#include <stdbool.h>
#include <stdint.h>

/// Rows from `row` on stand on lines from `line` on, up to the next run.
typedef struct {
	int64_t row, line;
} pl_line_run;

/// Begin with {0}.
typedef struct {
	int64_t n; ///< rows
	int64_t n_runs, room;
	pl_line_run *run; ///< [n_runs]
} pl_lines;

/// The next row stands on @p line, which rises from call to call. @return false: no memory
bool pl_lines_add(pl_lines *l, int64_t line);
/// @param row 0 <= row < l->n @return its line
int64_t pl_lines_at(const pl_lines *l, int64_t row);
void pl_lines_clear(pl_lines *l);
#endif
