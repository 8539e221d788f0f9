/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ddl.h - the state's tables as a database declares them, from app/tables.def. */
#ifndef PL_STORE_DDL_H
#define PL_STORE_DDL_H
#include "app/state.h"
#include "base/text.h"

/// How databases differ.
typedef struct {
	const char *whole, *text; ///< types
	const char *after;        ///< behind the closing bracket of a table
	const char *bytes[2]; ///< what stands before and behind a text for its length in bytes
	bool numbered;        ///< $1, $2, ... in place of ?1, ?2, ...
} pl_dialect;

/// Statements that make every table; each constraint has a name: TABLE_COLUMN_range, TABLE_key,
/// TABLE_COLUMN_unique, TABLE_COLUMN_refers; an index is TABLE_COLUMN_index. @return PL_OK,
/// PL_ENOMEM; free with pl_bytes_free
pl_status pl_ddl_tables(pl_bytes *out, const pl_dialect *d);

/// A statement on one table; parameters count from 1.
/// All columns of so many rows, one row's parameters behind another's.
pl_status pl_ddl_insert(pl_bytes *out, const pl_dialect *d, int table, int rows);
pl_status pl_ddl_update(pl_bytes *out, const pl_dialect *d, int table); ///< all columns
pl_status pl_ddl_delete(pl_bytes *out, const pl_dialect *d, int table); ///< the keys
/// All columns of the rows with these keys, by key. @param n_prefix 0 .. keys of the table
pl_status pl_ddl_scan(pl_bytes *out, const pl_dialect *d, int table, int n_prefix);
/// All columns of the rows with this text in a column.
pl_status pl_ddl_find(pl_bytes *out, const pl_dialect *d, int table, int column);
/// Fill a table from one of an older version; a column that this one lacks is 0 or "".
/// @param has [columns of the table]
pl_status pl_ddl_carry(pl_bytes *out, int table, const char *from, const bool *has);
/// All columns of the rows with a number from the first to the second parameter in a column, by
/// key.
pl_status pl_ddl_between(pl_bytes *out, const pl_dialect *d, int table, int column);
pl_status pl_ddl_delete_between(pl_bytes *out, const pl_dialect *d, int table, int column);
#endif
