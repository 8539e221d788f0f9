/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import.h - national tables become an economy folder: docs/economy-files.md, "Importing
 * national tables". Nothing is written when anything is refused. */
#ifndef PL_IO_IMPORT_H
#define PL_IO_IMPORT_H
#include <plenum/base.h>
#include <stdio.h>

/// What both imports take. Text is as the user typed it; NULL: not given. FILE[:COL,...] is
/// split at the last colon unless all of it names a file; a name that holds a comma stands in
/// quotes. Rows are sectors (sut: commodities), columns sectors (sut: industries).
typedef struct {
	const char *final_demand; ///< FILE[:COL,COL...], by rows
	const char *value_added;  ///< FILE[:ROW,ROW...], by columns
	const char *demand;       ///< FILE:COLUMN, by rows, replaces final demand
	int32_t n_extra;
	const char *const *extra; ///< [n_extra] FILE[:ROW,ROW...], by columns
	int32_t n_limits;
	const char *const *limit; ///< [n_limits] ROW=AMOUNT
	bool unbalanced;          ///< rows that miss their output are reported, not refused
} pl_import_files;

/// `plenum import io`.
typedef struct {
	const char *flows;         ///< FILE of flows; this or coefficients, not both
	const char *coefficients;  ///< FILE of inputs per unit of output
	const char *output;        ///< FILE[:COL], by rows
	const char *output_column; ///< column of the table itself
	const char *skip_columns;  ///< A,B of the table itself
	pl_import_files files;
} pl_import_io_options;

/// `plenum import sut`.
typedef struct {
	const char *use;        ///< FILE, commodity x industry
	const char *make;       ///< FILE, industry x commodity
	const char *technology; ///< "industry" (also where NULL) or "commodity"
	pl_import_files files;
} pl_import_sut_options;

/// How far one side of a table is from its stated totals.
typedef struct {
	bool known;      ///< false: the tables state nothing to compare with
	double absolute; ///< largest |stated - summed|, in the table's units
	double relative; ///< largest |stated - summed| / |stated|; where stated is 0 it does
	                 ///< not count
	char *worst;     ///< name at the largest absolute error, NULL where that is 0
	char *worst_relative; ///< name at the largest relative error, NULL where that is 0
} pl_import_balance;

/// What an import found; also filled as far as it came when the tables are refused.
typedef struct {
	int32_t sectors;           ///< io: sectors; sut: industries
	int32_t commodities;       ///< sut; 0 for io
	int32_t without_output;    ///< sectors that have no workplace
	int32_t imported;          ///< goods that nobody makes, offered as imports:NAME
	int64_t negative_cells;    ///< among flows (sut: use and make)
	pl_import_balance rows;    ///< outputs against intermediate use and final demand
	pl_import_balance columns; ///< outputs against inputs and stated value added
	double spectral_radius;    ///< NaN where it is not defined
	int32_t n_warnings;
	char **warning; ///< [n_warnings] sentences, in the order found
} pl_import_report;
void pl_import_report_free(pl_import_report *r); ///< frees what r holds, not r

/// Import tables into the folder @p dest, made if missing (its parent must exist).
/// @param[out] report filled also on failure; free it in every case
/// @return PL_OK; PL_EARG (refused, with the reason), PL_EPARSE, PL_ENOTFOUND, PL_EIO,
///         PL_ENOMEM: then nothing was written
pl_status pl_import_io(pl_import_report *report, const pl_import_io_options *options,
                       const char *dest, pl_error *err);
pl_status pl_import_sut(pl_import_report *report, const pl_import_sut_options *options,
                        const char *dest, pl_error *err);

/// The report as lines `name: value`, warnings not included.
void pl_import_print(FILE *to, const pl_import_report *r);
#endif
