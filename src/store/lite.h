/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lite.h - what sqlite.c, sqlite_open.c and sqlite_older.c share: SQLite, with errors as
 * sentences. */
#ifndef PL_STORE_LITE_H
#define PL_STORE_LITE_H
#include "app/store.h"
#include "store/ddl.h"

#include <sqlite3.h>

extern const pl_dialect pl_lite_dialect;

/// What the database said last, as a sentence that a user can act on.
pl_status pl_lite_fail(sqlite3 *db, const char *file, pl_error *err);
/// Run statements whose rows are not wanted. @return PL_OK, or as pl_lite_fail
pl_status pl_lite_run(sqlite3 *db, const char *file, const char *sql, pl_error *err);
/// The number that a statement answers first, 0 where there is none. @return as above
pl_status pl_lite_ask(int64_t *out, sqlite3 *db, const char *file, const char *sql,
                      pl_error *err);

/// Open a file that is a record, or, with @p make, make one that is empty or not there a
/// record. Nothing else is touched.
/// @param[out] db to be closed by sqlite3_close, also where this fails
/// @param[out] older the version of its tables where that is an older one, else 0
/// @return PL_OK; PL_EPARSE (no record, or one of a later version); as pl_lite_fail
pl_status pl_lite_open(sqlite3 **db, int64_t *older, const char *file, bool make,
                       pl_error *err);
/// In a transaction: all tables, the events' too or not, and what marks the file as a record of
/// today's version. @return PL_OK, PL_ENOMEM, as pl_lite_fail
pl_status pl_lite_tables(sqlite3 *db, const char *file, bool events, pl_error *err);

/// Copy a file of an older version to FILE.before-VERSION, with no transaction that changes it.
/// A copy that ends with the same event may be there; nothing is replaced.
/// @param[out] kept where it is, in words @return PL_OK; PL_ECONFLICT (another file is there);
///             as pl_lite_fail
pl_status pl_lite_keep(char kept[PL_KEPT_CHARS], const char *file, pl_error *err);
/// Remove all tables but the events', in a transaction; those that have rows which follow from
/// no event go to memory.
pl_status pl_lite_set_aside(sqlite3 *db, const char *file, pl_error *err);
/// Take such rows back, by the columns that both versions have.
pl_status pl_lite_carry(sqlite3 *db, const char *file, int table, pl_error *err);
pl_status pl_lite_drop_aside(sqlite3 *db, const char *file, pl_error *err);
#endif
