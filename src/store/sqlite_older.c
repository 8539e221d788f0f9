/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sqlite_older.c - a file whose tables are of an older version: a copy beside it, its tables
 * out of the way, and the rows taken over that follow from no event. */
#include "store/lite.h"

#include "base/error.h"
#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_MOST = 4096, SQL_MOST = 256, NAME_MOST = 64 };

/* ---- errors ---- */

pl_status pl_lite_fail(sqlite3 *db, const char *file, pl_error *err)
{
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_FULL:
		return pl_fail(err, PL_EIO, -1,
		               "%.300s: the disk is full; nothing was recorded. Make room and "
		               "try again",
		               file);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return pl_fail(err, PL_EIO, -1,
		               "%.300s may not be written; nothing was recorded", file);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return pl_fail(
		        err, PL_EIO, -1,
		        "%.300s is being written by another program; nothing was recorded",
		        file);
	case SQLITE_NOMEM:
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	case SQLITE_CANTOPEN:
		if (access(file, F_OK) != 0 || access(file, W_OK) == 0)
			return pl_fail(err, PL_EIO, -1, "%.300s cannot be opened", file);
		return pl_fail(err, PL_EIO, -1,
		               "%.200s may not be written, nor files beside it, as even "
		               "reading needs; nothing was recorded. To read it, copy it to a "
		               "folder of your own",
		               file);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return pl_fail(err, PL_EPARSE, -1, "%.300s is no record, or it is damaged: %s",
		               file, sqlite3_errmsg(db));
	default:
		return pl_fail(err, PL_EIO, -1, "%.200s: %s; nothing was recorded", file,
		               sqlite3_errmsg(db));
	}
}

pl_status pl_lite_run(sqlite3 *db, const char *file, const char *sql, pl_error *err)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK
	               ? PL_OK
	               : pl_lite_fail(db, file, err);
}

pl_status pl_lite_ask(int64_t *out, sqlite3 *db, const char *file, const char *sql,
                      pl_error *err)
{
	sqlite3_stmt *q;
	*out = 0;
	if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
		return pl_lite_fail(db, file, err);
	const int rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) *out = sqlite3_column_int64(q, 0);
	const pl_status st =
	        rc == SQLITE_ROW || rc == SQLITE_DONE ? PL_OK : pl_lite_fail(db, file, err);
	(void)sqlite3_finalize(q);
	return st;
}

/* ---- a copy beside ---- */

static pl_status open_file(sqlite3 **db, const char *file, pl_error *err)
{
	if (sqlite3_open_v2(file, db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
	    SQLITE_OK)
		return PL_OK;
	const pl_status st = pl_lite_fail(*db, file, err);
	(void)sqlite3_close(*db);
	*db = NULL;
	return st;
}

static pl_status copy_pages(sqlite3 *to, sqlite3 *from, const char *file, pl_error *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	if (b == NULL) return pl_lite_fail(to, file, err);
	(void)sqlite3_backup_step(b, -1);
	return sqlite3_backup_finish(b) == SQLITE_OK ? PL_OK : pl_lite_fail(to, file, err);
}

static pl_status copy_file(const char *to, const char *from, pl_error *err)
{
	sqlite3 *source = NULL, *made = NULL;
	pl_status st = open_file(&source, from, err);
	if (st == PL_OK) st = open_file(&made, to, err);
	if (st == PL_OK) st = copy_pages(made, source, to, err);
	const bool closed = sqlite3_close(made) == SQLITE_OK;
	(void)sqlite3_close(source);
	if (st == PL_OK && !closed)
		return pl_fail(err, PL_EIO, -1, "%.300s cannot be written", to);
	return st;
}

/// The hash of the last event. @param[out] out "" where there is none
static pl_status head_of(char out[PL_HASH_CHARS], const char *file, pl_error *err)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	out[0] = '\0';
	PL_TRY(open_file(&db, file, err));
	pl_status st = PL_OK;
	if (sqlite3_prepare_v2(db, "SELECT hash FROM event ORDER BY height DESC LIMIT 1", -1,
	                       &q, NULL) != SQLITE_OK)
		st = pl_lite_fail(db, file, err);
	else if (sqlite3_step(q) == SQLITE_ROW)
		(void)snprintf(out, PL_HASH_CHARS, "%s",
		               (const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return st;
}

/// The copy that a process left which died later: it is the same where it ends with the same
/// event.
static pl_status check_same(const char *copy, const char *file, pl_error *err)
{
	char there[PL_HASH_CHARS], here[PL_HASH_CHARS];
	PL_TRY(head_of(here, file, err));
	if (head_of(there, copy, NULL) == PL_OK && strcmp(there, here) == 0) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1,
	               "%.300s is there and is no copy of this record as it is: move it away, "
	               "and try again",
	               copy);
}

/// One process at a time is here, so that a part which is there was left by one that died.
static pl_status make_copy(const char *copy, const char *file, pl_error *err)
{
	char part[PATH_MOST];
	if (snprintf(part, sizeof part, "%s.part", copy) >= (int)sizeof part)
		return pl_fail(err, PL_EARG, -1, "the name %.200s... is too long", file);
	(void)unlink(part);
	const int made = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (made < 0)
		return pl_fail(err, PL_EIO, -1, "%.300s cannot be written: %s", part,
		               strerror(errno));
	(void)close(made);
	pl_status st = copy_file(part, file, err);
	if (st == PL_OK) st = pl_place_end(part, copy, err);
	if (st != PL_OK) (void)unlink(part);
	return st;
}

pl_status pl_lite_keep(char kept[PL_KEPT_CHARS], const char *file, pl_error *err)
{
	char copy[PATH_MOST];
	if (snprintf(copy, sizeof copy, "%s.before-%d", file, (int)PL_STORE_VERSION) >=
	    (int)sizeof copy)
		return pl_fail(err, PL_EARG, -1, "the name %.200s... is too long", file);
	(void)snprintf(kept, PL_KEPT_CHARS, "%.*s", PL_KEPT_CHARS - 1, copy);
	return access(copy, F_OK) == 0 ? check_same(copy, file, err)
	                               : make_copy(copy, file, err);
}

/* ---- tables ---- */

static pl_status ask_about(int64_t *out, sqlite3 *db, const char *file, const char *fmt,
                           const char *name, pl_error *err)
{
	char *sql = sqlite3_mprintf(fmt, name);
	if (sql == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	const pl_status st = pl_lite_ask(out, db, file, sql, err);
	sqlite3_free(sql);
	return st;
}

static pl_status run_about(sqlite3 *db, const char *file, const char *fmt, const char *name,
                           pl_error *err)
{
	char *sql = sqlite3_mprintf(fmt, name, name);
	if (sql == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	const pl_status st = pl_lite_run(db, file, sql, err);
	sqlite3_free(sql);
	return st;
}

/// Drop all tables but the events', whatever they are called.
static pl_status drop_tables(sqlite3 *db, const char *file, pl_error *err)
{
	static const char next[] =
	        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'event' "
	        "AND substr(name, 1, 7) <> 'sqlite_' LIMIT 1";
	for (;;) {
		char name[NAME_MOST] = "";
		sqlite3_stmt *q;
		if (sqlite3_prepare_v2(db, next, -1, &q, NULL) != SQLITE_OK)
			return pl_lite_fail(db, file, err);
		const int rc = sqlite3_step(q);
		if (rc == SQLITE_ROW)
			(void)snprintf(name, sizeof name, "%s",
			               (const char *)sqlite3_column_text(q, 0));
		(void)sqlite3_finalize(q);
		if (rc == SQLITE_DONE) return PL_OK;
		if (rc != SQLITE_ROW) return pl_lite_fail(db, file, err);
		PL_TRY(run_about(db, file, "DROP TABLE main.\"%w\"", name, err));
	}
}

pl_status pl_lite_set_aside(sqlite3 *db, const char *file, pl_error *err)
{
	for (int t = 0; t < PL_STORE_TABLES; t++) {
		const char *name = pl_state_tables[t].name;
		int64_t there;
		if (pl_state_follows(t)) continue;
		PL_TRY(ask_about(&there, db, file,
		                 "SELECT count(*) FROM main.sqlite_schema WHERE name = %Q",
		                 name, err));
		if (there == 0) continue;
		PL_TRY(run_about(db, file,
		                 "CREATE TEMP TABLE \"before_%w\" AS SELECT * FROM main.\"%w\"",
		                 name, err));
	}
	return drop_tables(db, file, err);
}

pl_status pl_lite_carry(sqlite3 *db, const char *file, int table, pl_error *err)
{
	bool has[PL_COLUMNS_MOST];
	char from[NAME_MOST];
	pl_bytes sql = {0};
	int any = 0;
	(void)snprintf(from, sizeof from, "before_%s", pl_state_tables[table].name);
	for (int i = 0; i < pl_state_tables[table].n_columns; i++) {
		char ask[SQL_MOST];
		int64_t there;
		(void)snprintf(ask, sizeof ask,
		               "SELECT count(*) FROM pragma_table_info('%s') WHERE name = '%s'",
		               from, pl_state_tables[table].column[i].name);
		PL_TRY(pl_lite_ask(&there, db, file, ask, err));
		has[i] = there > 0;
		any += has[i];
	}
	if (any == 0) return PL_OK;
	if (pl_ddl_carry(&sql, table, from, has) != PL_OK)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	const pl_status st = pl_lite_run(db, file, sql.at, err);
	pl_bytes_free(&sql);
	return st;
}

pl_status pl_lite_drop_aside(sqlite3 *db, const char *file, pl_error *err)
{
	for (int t = 0; t < PL_STORE_TABLES; t++)
		if (!pl_state_follows(t))
			PL_TRY(run_about(db, file, "DROP TABLE IF EXISTS temp.\"before_%w\"",
			                 pl_state_tables[t].name, err));
	return PL_OK;
}
