/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* state.h - rows of the state, as every store keeps them: tables.def, made into C; behind them
 * notes.def, which is no part of the state. */
#ifndef PL_APP_STATE_H
#define PL_APP_STATE_H
#include <plenum/base.h>

typedef enum { PL_CELL_WHOLE, PL_CELL_TEXT } pl_cell_kind;
typedef enum {
	PL_PART_KEY,
	PL_PART_UNIQUE,
	PL_PART_PLAIN,
	PL_PART_ERASABLE,
	PL_PART_SEALED,
	PL_PART_INDEXED
} pl_cell_part;

/// Tables by number: PL_ROWS_person, ... The state's come first, PL_STATE_TABLES of them.
enum {
#define PL_TABLE(table, help) PL_ROWS_##table,
#define PL_COLUMN(table, column, kind, part, ...)
#define PL_REFERS(table, column, other)
#define PL_END(table)
#include "app/tables.def"
	PL_STATE_TABLES,
	PL_BEFORE_NOTES = PL_STATE_TABLES - 1,
#include "app/notes.def"
#undef PL_TABLE
#undef PL_COLUMN
#undef PL_REFERS
#undef PL_END
	PL_STORE_TABLES
};

/// Columns by number within their table: PL_C_person_name, ...; PL_N_person of them.
#define PL_TABLE(table, help)                     enum {
#define PL_COLUMN(table, column, kind, part, ...) PL_C_##table##_##column,
#define PL_REFERS(table, column, other)
#define PL_END(table) \
	PL_N_##table  \
	}             \
	;
#include "app/notes.def"
#include "app/tables.def"
#undef PL_TABLE
#undef PL_COLUMN
#undef PL_REFERS
#undef PL_END

enum { PL_COLUMNS_MOST = 16, PL_STATE_WORD = 33 /* a WORD and its end */ };

typedef struct {
	const char *name;
	pl_cell_kind kind;
	pl_cell_part part;
	int64_t low, high;
	const char
	        *unit; ///< "steps"; the table whose rows it numbers; words, split by |; "text"
	const char *help; ///< a sentence without its full stop
} pl_column_kind;

typedef struct {
	const char *name, *help;
	int n_columns;
	pl_column_kind column[PL_COLUMNS_MOST];
} pl_table_kind;

extern const pl_table_kind pl_state_tables[PL_STORE_TABLES];
/// "key", "unique", "plain", "erasable", "sealed", "indexed".
const char *pl_cell_part_name(pl_cell_part part);
/// Columns that know a row; they stand first.
int pl_state_keys(int table);
/// Do the rows of a table follow from the events alone? Ballots of open votes do not, nor
/// notes.
bool pl_state_follows(int table);
/// The table that a column refers to, or -1.
int pl_state_refers(int table, int column);

/// A cell: the number, or the text (never NULL).
typedef struct {
	int64_t whole;
	const char *text;
} pl_cell;

/// A row: as many cells as its table has columns; where a key is asked for, its first cells.
typedef struct {
	pl_cell at[PL_COLUMNS_MOST];
} pl_state_row;

#define PL_WHOLE(x) ((pl_cell){.whole = (x), .text = ""})
#define PL_TEXT(x)  ((pl_cell){.text = (x)})

/// Order of the first @p n cells of two rows of a table: numbers rise, texts by their bytes.
int pl_state_compare(int table, int n, const pl_state_row *a, const pl_state_row *b);
/// Are all cells within their bounds? @return PL_OK, PL_EARG with table and column
pl_status pl_state_check(int table, const pl_state_row *row, pl_error *err);
#endif
