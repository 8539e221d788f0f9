/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_common.h - what both importers share: options as text, the report, and a national
 * table that is checked and then written as an economy. */
#ifndef PL_IO_IMPORT_COMMON_H
#define PL_IO_IMPORT_COMMON_H
#include "base/names.h"
#include "io/import.h"
#include "io/matrix.h"

#include <plenum/model.h>

/// FILE[:NAME,NAME...] taken apart.
typedef struct {
	char *path;
	pl_names name; ///< n == 0: all
} pl_import_spec;

/// @param option as in messages, for example "--extra"
/// @param must split at the last colon in any case; else only if @p text names no file
pl_status pl_import_spec_read(pl_import_spec *out, const char *text, const char *option,
                              bool must, pl_error *err);
void pl_import_spec_clear(pl_import_spec *s);
/// A,B,"C, D" into names; none may be empty or stand twice.
pl_status pl_import_list(pl_names *out, const char *text, const char *option, pl_error *err);

/// Add a sentence to the report. @return PL_OK, PL_ENOMEM
pl_status pl_import_warn(pl_import_report *r, pl_error *err, const char *fmt, ...)
        __attribute__((format(printf, 3, 4)));
/// Add "BEFORE: "a", "b" and 3 more" unless there is none.
pl_status pl_import_warn_names(pl_import_report *r, const char *before, const pl_names *names,
                               pl_error *err);

/// Rows beside the flows: employment, emissions, value added. Each becomes a good.
typedef struct {
	pl_names name;
	int64_t room;
	double *amount;    ///< [room * columns] as in their tables
	double *want;      ///< [room] what final demand asks of it, in its own table
	double *limit;     ///< [room] supply; NaN: counted, not limiting
	bool *per_unit;    ///< [room] amounts are per unit of output already
	bool *value_added; ///< [room] part of the stated value added
} pl_import_rows;

/// Columns of final demand, one after another.
typedef struct {
	pl_arena text;
	int32_t n;
	int64_t room;
	int64_t *at;   ///< [room] name in text
	double *value; ///< [room * rows] column by column
} pl_import_columns;

/// A table of a nation. `row` are what is bought (io: sectors; sut: commodities), `column`
/// who buys it to produce (sectors; industries).
typedef struct {
	pl_import_report *report;
	const char *table;    ///< as messages name it
	const char *row_word; ///< "sector", "commodity"
	const char *col_word; ///< "sector", "industry"
	pl_names row, column;
	double *flow;  ///< [rows * columns] by rows; after pl_national_coefficients per unit of
	               ///< output
	bool per_unit; ///< flow is per unit of output
	double *output; ///< [columns] gross output; NULL: not known
	double *stated; ///< [rows] output that the row must add up to, NaN: none; NULL: no row
	double *final;  ///< [rows] final demand as published; NULL: none
	double *demand; ///< [rows] final demand to plan for
	double *value_added; ///< [columns] output less inputs, per unit of output
	bool *works;         ///< [columns] has a workplace
	bool *made;          ///< [rows] somebody makes it
	bool *imported;      ///< [rows] nobody makes it, somebody asks for it
	pl_import_columns finals;
	pl_import_rows extra;
} pl_national;

void pl_national_clear(pl_national *n);

/// Rows and columns are there: room for what every table has. @return PL_OK, PL_ENOMEM
pl_status pl_national_open(pl_national *n, pl_error *err);

/// Add the rows of a table whose columns are the national table's columns.
pl_status pl_national_extra(pl_national *n, const char *text, const char *option,
                            bool value_added, pl_error *err);
/// One row by itself. @param[out] index of the row
pl_status pl_national_extra_row(pl_national *n, const char *name, bool per_unit, int32_t *index,
                                pl_error *err);
/// ROW=AMOUNT
pl_status pl_national_limit(pl_national *n, const char *text, pl_error *err);

/// Add a column of final demand. @param value [rows]
pl_status pl_national_final_column(pl_national *n, const char *name, const double *value,
                                   pl_error *err);
/// Add the columns of FILE[:COL,COL...] to final demand.
pl_status pl_national_final(pl_national *n, const char *text, pl_error *err);
/// The only column of FILE[:COL], by rows. @param[out] to [rows]
pl_status pl_national_output(pl_national *n, const char *text, double *to, pl_error *err);

/// Take what the files of --extra, --value-added, --limit and --final-demand hold.
pl_status pl_national_files(pl_national *n, const pl_import_files *f, pl_error *err);

/// Sum final demand, take --demand (may be NULL), or output less
/// intermediate use where nothing was given.
pl_status pl_national_demand(pl_national *n, const char *demand, pl_error *err);

/// Report each column that is the sum of others.
pl_status pl_national_totals(pl_national *n, pl_error *err);
/// Balances into the report; refuses rows that miss their stated output.
pl_status pl_national_balance(pl_national *n, bool unbalanced, pl_error *err);
/// Which columns work; refuses those without output that use something; flow, extra and value
/// added become per unit of output.
pl_status pl_national_coefficients(pl_national *n, pl_error *err);
/// Drop what is too small to mean anything in rows that nobody makes, and report those left.
pl_status pl_national_imports(pl_national *n, pl_error *err);
/// Refuse a spectral radius of 1 or more. @param a [k * k]
pl_status pl_national_radius(pl_national *n, const double *a, int32_t k, pl_error *err);

/// An economy being put together.
typedef struct {
	pl_builder *b;
	const pl_national *n;
	int32_t first_extra, value_added; ///< goods
} pl_import_economy;

/// Goods: rows first, then value added and extra rows. Names that the import needs itself are
/// refused.
pl_status pl_import_begin(pl_import_economy *e, const pl_national *n, pl_error *err);
/// A good at base price 1. @param prefix "" or for example "industry:"
pl_status pl_import_good(pl_import_economy *e, const char *prefix, const char *name,
                         int32_t *good, pl_error *err);
/// A workplace with a recipe. @param effort credits per unit of activity
pl_status pl_import_workplace(pl_import_economy *e, const char *prefix, const char *name,
                              double effort, int32_t *council, pl_error *err);
/// amount > 0 is made, < 0 used, 0 nothing.
pl_status pl_import_link(pl_import_economy *e, int32_t council, int32_t good, double amount,
                         pl_error *err);
/// What column j uses per unit of its output: rows, value added, extra rows.
pl_status pl_import_inputs(pl_import_economy *e, int32_t council, int32_t j, pl_error *err);
/// Imports, value added, final demand; then write the folder.
pl_status pl_import_finish(pl_import_economy *e, const char *dest, pl_error *err);

/// Refuse a folder that holds an economy.
pl_status pl_import_dest(const char *dest, pl_error *err);

static inline const char *pl_name_at(const pl_names *names, int32_t i)
{
	return names->text.bytes + names->at[i];
}
#endif
