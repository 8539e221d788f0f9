/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv.h - RFC 4180 tables as docs/economy-files.md reads them, a row at a time.
 *
 * UTF-8, a BOM is skipped; CRLF or LF; the delimiter is the most frequent of , ; tab outside
 * quotes in the header. Memory is bounded by PL_CSV_MAX_RECORD whatever the file holds. */
#ifndef PL_IO_CSV_H
#define PL_IO_CSV_H
#include <plenum/base.h>
#include <stdio.h>

enum {
	PL_CSV_MAX_RECORD = 1 << 24, ///< bytes of one row, quotes included
	PL_CSV_MAX_CELL = 1 << 16,   ///< bytes of one cell
	PL_CSV_MAX_HEADER = 1 << 22, ///< bytes of the header
	PL_CSV_MAX_COLUMNS = 1 << 16 ///< cells of the header
};

typedef struct pl_csv pl_csv;

/// Open a table and read its header. Faults are one sentence that begins "FILE:LINE: " (or
/// "FILE: " where no line is at fault), FILE being @p shown: no such file, no permission, a
/// folder, an empty file, NUL bytes, invalid UTF-8, a control character (tabs and, inside
/// quotes, line ends are none), an unclosed quote, text after a closing quote, a quote inside
/// bare text, a row or cell that is too long, a column name that stands twice or is empty (the
/// first may be: statistics programs write their row names so).
/// @param shown how messages name the file, for example "uses.csv"; copied
/// @return PL_OK, PL_ENOTFOUND (no such file), PL_EIO, PL_EPARSE (err->where is 0 for a file
///         without any text), PL_ENOMEM
pl_status pl_csv_open(pl_csv **out, const char *path, const char *shown, pl_error *err);
/// The same over bytes in memory (borrowed), for tests and fuzzers.
pl_status pl_csv_open_bytes(pl_csv **out, const void *bytes, size_t n, const char *shown,
                            pl_error *err);
/// The same over a part of a file, whose first line is number @p line of it.
pl_status pl_csv_open_part(pl_csv **out, const void *bytes, size_t n, int64_t line,
                           const char *shown, pl_error *err);
void pl_csv_close(pl_csv *c); ///< NULL allowed

int32_t pl_csv_columns(const pl_csv *c);
const char *pl_csv_name(const pl_csv *c, int32_t column); ///< header cell, spaces trimmed
int32_t pl_csv_find(const pl_csv *c, const char *name);   ///< column, or -1

/// Read the next row; rows without any text are skipped. A row with more cells than the header
/// is a fault; one with fewer is not (spreadsheets cut empty cells at the end of a row).
/// @param[out] got false at the end of the table. After a fault in a row (too many cells) the
///             next call goes on with the next row; after any other fault it finds the end.
/// @return PL_OK, PL_EPARSE, PL_EIO, PL_ENOMEM
pl_status pl_csv_next(bool *got, pl_csv *c, pl_error *err);
bool pl_csv_broken(const pl_csv *c);  ///< a fault has hidden the rest of the table
int64_t pl_csv_line(const pl_csv *c); ///< line on which the row begins, 1 = header
const char *pl_csv_shown(const pl_csv *c);

/// Cell of the current row, spaces trimmed, "" where empty. Borrowed until the next row.
const char *pl_csv_cell(const pl_csv *c, int32_t column);

/// The same. @param[out] printable the whole row is printable ASCII; false tells nothing
const char *pl_csv_text(bool *printable, const pl_csv *c, int32_t column);

/// Bytes that are probably this column's cell so many rows ahead, or NULL: a guess, for readers
/// that want to prepare. Not ended by a NUL; borrowed until the next row. @param[out] n bytes
const char *pl_csv_ahead(int64_t *n, const pl_csv *c, int32_t rows, int32_t column);

/// Cell as a finite number; an empty cell is NaN. Refuses hex, inf, nan, thousands separators,
/// 1e400, trailing text; takes a decimal comma where the delimiter is ; or tab and no number of
/// the table has a point (both in one table: a fault that names both lines).
/// @return PL_OK; PL_EPARSE with a sentence naming file, line and column
pl_status pl_csv_number(double *out, pl_csv *c, int32_t column, pl_error *err);

/// Quote and escape a cell for writing: only where it must be. Faults show in ferror(to).
void pl_csv_put(FILE *to, const char *cell);
/// The same for a cell that needs no quotes, such as a number.
void pl_csv_put_bare(FILE *to, const char *cell);

/// Would a spreadsheet take the cell for a formula? So begin = + - @ (their wide forms too),
/// also behind spaces, and whatever begins with a tab or a line end; a number is none.
bool pl_csv_runs(const char *cell);
/// Write a text that comes from anywhere: what runs, or begins with an apostrophe, also behind
/// spaces, gets an apostrophe before it. Whoever reads it takes one from a cell that begins so.
void pl_csv_put_safe(FILE *to, const char *cell);
#endif
