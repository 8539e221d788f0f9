/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* table.h - a CSV table whose columns are known: what every reader of this room shares.
 *
 * A fault is added to the faults and reading goes on (io-3); only a lack of memory stops it. */
#ifndef PL_IO_TABLE_H
#define PL_IO_TABLE_H
#include "base/names.h"
#include "base/text.h"
#include "io/csv.h"
#include "io/economy.h"
#include "io/lines.h"

/// Tell the first of the faults from number @p before on. @return PL_EPARSE
pl_status pl_faults_first(const pl_faults *f, int64_t before, pl_error *err);

/// Can the folder be read? Memory always can.
/// @return PL_OK, PL_ENOTFOUND, PL_EIO, PL_ENOMEM
pl_status pl_source_check(const pl_source *from, pl_error *err);

typedef struct {
	const char *name;
	bool required;
} pl_column;

enum { PL_TABLE_COLUMNS = 32 };
typedef struct {
	const char *file;
	const pl_column *column; ///< [n]
	int n;                   ///< <= PL_TABLE_COLUMNS
	bool optional;           ///< the file may be missing
	bool may_be_empty;       ///< also without a header
	bool others;             ///< columns that are not listed are ignored, not refused
} pl_table_kind;

typedef struct {
	const pl_table_kind *kind;
	pl_csv *csv;                  ///< NULL: nothing to read
	int32_t at[PL_TABLE_COLUMNS]; ///< column in the file, -1 where missing
	pl_faults *faults;
	bool there;       ///< the file exists
	bool row_bad;     ///< a fault was added for this row
	bool broken;      ///< part of the table could not be read
	pl_status status; ///< PL_OK, or PL_ENOMEM: stop
} pl_reader;

/// Open a table and match its columns. Read t->status at the end. Close with pl_table_close.
void pl_table_open(pl_reader *t, const pl_table_kind *kind, const pl_source *from,
                   pl_faults *faults);
/// The same for any file; messages name it as kind->file.
void pl_table_open_path(pl_reader *t, const pl_table_kind *kind, const char *path,
                        pl_faults *faults);
void pl_table_close(pl_reader *t);
/// Next row that has the right number of cells. @return false at the end, and without memory
bool pl_table_next(pl_reader *t);
int64_t pl_table_line(const pl_reader *t);

/// A fault of this row: "FILE:LINE: " goes before it.
void pl_table_fault(pl_reader *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/// Will another sentence be kept? If not, a dear one need not be made.
bool pl_table_listens(const pl_reader *t);

/// Cell of a column of the kind, "" where it was not given. A control character is a fault.
const char *pl_table_text(pl_reader *t, int column);
/// The same where the cell must be given.
const char *pl_table_needed(pl_reader *t, int column);
/// Cell as a number, NaN where it was not given; no number is a fault.
double pl_table_number(pl_reader *t, int column);
/// One of the words name(0), name(1), ... name(n - 1). @return -1 after a fault
int pl_table_choice(pl_reader *t, int column, const char *(*name)(int), int n);

/// Ids of a table and the lines they stand on, also those of rows that were refused, so that
/// other tables do not complain of them again.
typedef struct {
	const char *what, *file;
	const pl_names *known;      ///< accepted, the number is the index; NULL: none
	const pl_lines *known_line; ///< [known->n]
	pl_names names;             ///< the others
	int64_t *line;              ///< [names.n] but of a model's, which have none
	int64_t room;
	bool of_model;      ///< the number of `names` is the index
	bool there, broken; ///< the file exists; part of it could not be read
} pl_ids;
void pl_ids_clear(pl_ids *s);
/// The ids of a model, each with its own number as index. @return false: no memory
bool pl_ids_of(pl_ids *s, pl_text ids, int64_t n);
/// Is the id of this row new? A fault where it stands twice. @return false there, and where it
/// is empty, which is a fault already
bool pl_ids_new(const pl_ids *s, pl_reader *t, const char *id);
/// Note the id of this row, which is new and was not accepted into `known`.
void pl_ids_note(pl_ids *s, pl_reader *t, const char *id);
/// Look up an id that another table speaks of. A fault where its table does not have it.
/// @return its index; -1 where it is missing or its row was refused
int32_t pl_ids_find(const pl_ids *s, pl_reader *t, const char *id);
/// The same where index @p guess or the next one is likely.
int32_t pl_ids_find_near(const pl_ids *s, pl_reader *t, const char *id, int32_t guess);
/// Rows to come name ids in this column: prepare for looking them up, which is then faster.
void pl_ids_expect(const pl_ids *s, const pl_reader *t, int column);
/// Is the id in the table, accepted or refused? @param[out] index -1 where it was refused
bool pl_ids_has(int32_t *index, const pl_ids *s, const char *id);
/// Offer every id as what may have been meant.
void pl_ids_offer(pl_near *near, const pl_ids *s, const char *id);
#endif
