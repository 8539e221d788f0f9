/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sqlite.c - a record in one file, beside which its write-ahead log stands.
 *
 * synchronous FULL: a commit returns when the disk says that it has the data. Whatever fails at
 * a commit leaves the store broken: after a failed fsync nobody knows what the disk holds, so
 * nothing more is acknowledged until the file is opened anew and read as it is. */
#include "store/ddl.h"
#include "store/lite.h"
#include "store/store.h"

#include "base/alloc.h"
#include "base/error.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

const pl_dialect pl_lite_dialect = {
        .whole = "INTEGER",
        .text = "TEXT",
        .after = " STRICT, WITHOUT ROWID",
        .bytes = {"length(CAST(", " AS BLOB))"},
};

enum { APPEND, ERASE, EVENTS, LAST, N_EVENT_CALLS };
static const char *const event_sql[N_EVENT_CALLS] = {
        [APPEND] = "INSERT INTO event (height, time, actor, type, facts, texts, salt, parent, "
                   "hash, "
                   "facts_hash, texts_hash, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
                   "?9, ?10, "
                   "?11, ?12)",
        [ERASE] = "UPDATE event SET texts = NULL, salt = NULL WHERE height = ?1",
        [EVENTS] = "SELECT height, time, actor, type, facts, texts, salt, parent, hash, "
                   "facts_hash, "
                   "texts_hash, signature FROM event WHERE height >= ?1 ORDER BY height",
        [LAST] = "SELECT height, time, actor, type, facts, texts, salt, parent, hash, "
                 "facts_hash, "
                 "texts_hash, signature FROM event ORDER BY height DESC LIMIT 1",
};

enum { INSERT, UPDATE, DELETE, N_CHANGES };

typedef struct {
	pl_store store;
	sqlite3 *db;
	char *file;
	bool broken;
	bool unbound; ///< rows may refer to none until the transaction ends
	bool marked;  ///< the transaction has a savepoint
	sqlite3_stmt *event[N_EVENT_CALLS];
	sqlite3_stmt *change[PL_STORE_TABLES][N_CHANGES];
	sqlite3_stmt
	        *scan[PL_STORE_TABLES][PL_COLUMNS_MOST + 1]; ///< by the length of the prefix
	sqlite3_stmt *find[PL_STORE_TABLES][PL_COLUMNS_MOST];
	sqlite3_stmt *between[PL_STORE_TABLES][PL_COLUMNS_MOST];
	sqlite3_stmt *drop_between[PL_STORE_TABLES][PL_COLUMNS_MOST];
} lite;

static pl_status fail(const lite *s, pl_error *err)
{
	return pl_lite_fail(s->db, s->file, err);
}

/* ---- statements, made once ---- */

static pl_status run(lite *s, const char *sql, pl_error *err)
{
	return pl_lite_run(s->db, s->file, sql, err);
}

static pl_status prepare(sqlite3_stmt **out, lite *s, const char *sql, pl_error *err)
{
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) ==
	    SQLITE_OK)
		return PL_OK;
	return fail(s, err);
}

/// Take the text of a statement, make it, free the text.
static pl_status prepare_made(sqlite3_stmt **out, lite *s, pl_bytes *sql, pl_status made,
                              pl_error *err)
{
	if (made != PL_OK) return pl_fail(err, made, -1, "no memory for the record");
	const pl_status st = prepare(out, s, sql->at, err);
	pl_bytes_free(sql);
	return st;
}

static pl_status change_statement(sqlite3_stmt **out, lite *s, int table, int which,
                                  pl_error *err)
{
	sqlite3_stmt **kept = &s->change[table][which];
	pl_bytes sql = {0};
	if (*kept == NULL) {
		const pl_status made =
		        which == INSERT   ? pl_ddl_insert(&sql, &pl_lite_dialect, table, 1)
		        : which == UPDATE ? pl_ddl_update(&sql, &pl_lite_dialect, table)
		                          : pl_ddl_delete(&sql, &pl_lite_dialect, table);
		PL_TRY(prepare_made(kept, s, &sql, made, err));
	}
	*out = *kept;
	return PL_OK;
}

/* ---- rows ---- */

static bool bind(sqlite3_stmt *q, int table, int n, const pl_state_row *row)
{
	for (int i = 0; i < n; i++) {
		const bool text = pl_state_tables[table].column[i].kind == PL_CELL_TEXT;
		const int rc =
		        text ? sqlite3_bind_text(q, i + 1, row->at[i].text, -1, SQLITE_STATIC)
		             : sqlite3_bind_int64(q, i + 1, row->at[i].whole);
		if (rc != SQLITE_OK) return false;
	}
	return true;
}

/// Run a statement that changes something. An error may have ended the transaction; what came
/// after it would then be kept by itself.
static pl_status finish(lite *s, sqlite3_stmt *q, bool bound, pl_error *err)
{
	pl_status st = PL_OK;
	if (sqlite3_get_autocommit(s->db) != 0)
		st = pl_fail(err, PL_EIO, -1,
		             "%.300s: nothing is recorded outside of a transaction", s->file);
	else if (!bound || sqlite3_step(q) != SQLITE_DONE)
		st = fail(s, err);
	(void)sqlite3_reset(q);
	(void)sqlite3_clear_bindings(q);
	return st;
}

static pl_status lite_put(pl_store *store, int table, const pl_state_row *row, bool there,
                          pl_error *err)
{
	lite *s = (lite *)store;
	sqlite3_stmt *q;
	PL_TRY(change_statement(&q, s, table, there ? UPDATE : INSERT, err));
	return finish(s, q, bind(q, table, pl_state_tables[table].n_columns, row), err);
}

static pl_status lite_drop(pl_store *store, int table, const pl_state_row *key, pl_error *err)
{
	lite *s = (lite *)store;
	sqlite3_stmt *q;
	PL_TRY(change_statement(&q, s, table, DELETE, err));
	return finish(s, q, bind(q, table, pl_state_keys(table), key), err);
}

static const char *text_at(sqlite3_stmt *q, int column)
{
	return (const char *)sqlite3_column_text(q, column);
}

/// @return false: no memory for a text
static bool read_row(pl_state_row *row, sqlite3_stmt *q, int table)
{
	for (int i = 0; i < pl_state_tables[table].n_columns; i++) {
		row->at[i] = PL_WHOLE(0);
		if (pl_state_tables[table].column[i].kind == PL_CELL_WHOLE)
			row->at[i].whole = sqlite3_column_int64(q, i);
		else
			row->at[i].text = text_at(q, i);
		if (row->at[i].text == NULL) return false;
	}
	return true;
}

static pl_status visit_rows(lite *s, sqlite3_stmt *q, int table, pl_row_visit visit, void *with,
                            pl_error *err)
{
	pl_status st = PL_OK;
	for (;;) {
		pl_state_row row;
		const int rc = sqlite3_step(q);
		if (rc == SQLITE_DONE) break;
		if (rc != SQLITE_ROW || !read_row(&row, q, table)) {
			st = fail(s, err);
			break;
		}
		if (!visit(with, &row)) break;
	}
	(void)sqlite3_reset(q);
	(void)sqlite3_clear_bindings(q);
	return st;
}

static pl_status lite_scan(pl_store *store, int table, int n_prefix, const pl_state_row *prefix,
                           pl_row_visit visit, void *with, pl_error *err)
{
	lite *s = (lite *)store;
	sqlite3_stmt **q = &s->scan[table][n_prefix];
	pl_bytes sql = {0};
	if (*q == NULL)
		PL_TRY(prepare_made(q, s, &sql,
		                    pl_ddl_scan(&sql, &pl_lite_dialect, table, n_prefix), err));
	if (!bind(*q, table, n_prefix, prefix)) return fail(s, err);
	return visit_rows(s, *q, table, visit, with, err);
}

static pl_status lite_find(pl_store *store, int table, int column, const char *text,
                           pl_row_visit visit, void *with, pl_error *err)
{
	lite *s = (lite *)store;
	sqlite3_stmt **q = &s->find[table][column];
	pl_bytes sql = {0};
	if (*q == NULL)
		PL_TRY(prepare_made(q, s, &sql,
		                    pl_ddl_find(&sql, &pl_lite_dialect, table, column), err));
	if (sqlite3_bind_text(*q, 1, text, -1, SQLITE_STATIC) != SQLITE_OK) return fail(s, err);
	return visit_rows(s, *q, table, visit, with, err);
}

static bool bind_range(sqlite3_stmt *q, const pl_range *range)
{
	return sqlite3_bind_int64(q, 1, range->low) == SQLITE_OK &&
	       sqlite3_bind_int64(q, 2, range->high) == SQLITE_OK;
}

static pl_status lite_between(pl_store *store, int table, int column, const pl_range *range,
                              pl_row_visit visit, void *with, pl_error *err)
{
	lite *s = (lite *)store;
	sqlite3_stmt **q = &s->between[table][column];
	pl_bytes sql = {0};
	if (*q == NULL)
		PL_TRY(prepare_made(q, s, &sql,
		                    pl_ddl_between(&sql, &pl_lite_dialect, table, column),
		                    err));
	if (!bind_range(*q, range)) return fail(s, err);
	return visit_rows(s, *q, table, visit, with, err);
}

static pl_status lite_drop_between(pl_store *store, int table, int column,
                                   const pl_range *range, pl_error *err)
{
	lite *s = (lite *)store;
	sqlite3_stmt **q = &s->drop_between[table][column];
	pl_bytes sql = {0};
	if (*q == NULL)
		PL_TRY(prepare_made(
		        q, s, &sql,
		        pl_ddl_delete_between(&sql, &pl_lite_dialect, table, column), err));
	return finish(s, *q, bind_range(*q, range), err);
}

/* ---- events ---- */

static pl_status event_statement(sqlite3_stmt **out, lite *s, int which, pl_error *err)
{
	if (s->event[which] == NULL)
		PL_TRY(prepare(&s->event[which], s, event_sql[which], err));
	*out = s->event[which];
	return PL_OK;
}

static pl_status lite_append(pl_store *store, const pl_event *e, pl_error *err)
{
	lite *s = (lite *)store;
	const char *const text[] = {e->type,       e->facts,      e->texts,
	                            e->salt,       e->parent,     e->hash,
	                            e->facts_hash, e->texts_hash, e->signature};
	sqlite3_stmt *q;
	PL_TRY(event_statement(&q, s, APPEND, err));
	bool bound = sqlite3_bind_int64(q, 1, e->height) == SQLITE_OK &&
	             sqlite3_bind_int64(q, 2, e->time) == SQLITE_OK &&
	             sqlite3_bind_int64(q, 3, e->actor) == SQLITE_OK;
	for (int i = 0; i < (int)(sizeof text / sizeof *text) && bound; i++)
		bound = sqlite3_bind_text(q, i + 4, text[i], -1, SQLITE_STATIC) == SQLITE_OK;
	return finish(s, q, bound, err);
}

static pl_status lite_erase(pl_store *store, int64_t height, pl_error *err)
{
	lite *s = (lite *)store;
	sqlite3_stmt *q;
	PL_TRY(event_statement(&q, s, ERASE, err));
	return finish(s, q, sqlite3_bind_int64(q, 1, height) == SQLITE_OK, err);
}

/// Copy 64 digits, or whatever stands there instead.
static bool copy_column(char *out, size_t room, sqlite3_stmt *q, int column)
{
	const char *text = text_at(q, column);
	(void)snprintf(out, room, "%s", text == NULL ? "" : text);
	return text != NULL;
}

static bool read_event(pl_event *e, sqlite3_stmt *q)
{
	*e = (pl_event){
	        .height = sqlite3_column_int64(q, 0),
	        .time = sqlite3_column_int64(q, 1),
	        .actor = sqlite3_column_int64(q, 2),
	        .type = text_at(q, 3),
	        .facts = text_at(q, 4),
	        .texts = text_at(q, 5),
	        .salt = text_at(q, 6),
	};
	return e->type != NULL && e->facts != NULL &&
	       copy_column(e->parent, sizeof e->parent, q, 7) &&
	       copy_column(e->hash, sizeof e->hash, q, 8) &&
	       copy_column(e->facts_hash, sizeof e->facts_hash, q, 9) &&
	       copy_column(e->texts_hash, sizeof e->texts_hash, q, 10) &&
	       copy_column(e->signature, sizeof e->signature, q, 11);
}

static pl_status lite_events(pl_store *store, int64_t from, pl_event_visit visit, void *with,
                             pl_error *err)
{
	lite *s = (lite *)store;
	const bool last = from == PL_LAST_EVENT;
	pl_status st = PL_OK;
	sqlite3_stmt *q;
	PL_TRY(event_statement(&q, s, last ? LAST : EVENTS, err));
	if (!last && sqlite3_bind_int64(q, 1, from) != SQLITE_OK) return fail(s, err);
	for (;;) {
		pl_event e;
		const int rc = sqlite3_step(q);
		if (rc == SQLITE_DONE) break;
		if (rc != SQLITE_ROW || !read_event(&e, q)) {
			st = fail(s, err);
			break;
		}
		if (!visit(with, &e)) break;
	}
	(void)sqlite3_reset(q);
	return st;
}

/* ---- transactions ---- */

static pl_status lite_begin(pl_store *store, pl_error *err)
{
	lite *s = (lite *)store;
	if (s->broken)
		return pl_fail(err, PL_EIO, -1,
		               "%.300s: a write has failed, and nothing more is recorded until "
		               "the record is "
		               "opened anew",
		               s->file);
	return run(s, "BEGIN IMMEDIATE", err);
}

static pl_status lite_look(pl_store *store, pl_error *err)
{
	return run((lite *)store, "BEGIN", err);
}

/// A transaction has ended.
static void bind_again(lite *s)
{
	if (s->unbound) (void)sqlite3_exec(s->db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
	s->unbound = s->marked = false;
}

static pl_status lite_mark(pl_store *store, pl_error *err)
{
	lite *s = (lite *)store;
	if (s->marked) PL_TRY(run(s, "RELEASE mark", err));
	s->marked = false;
	PL_TRY(run(s, "SAVEPOINT mark", err));
	s->marked = true;
	return PL_OK;
}

/// Some errors end the transaction, and the mark with it: this then fails too.
static pl_status lite_undo(pl_store *store, pl_error *err)
{
	return run((lite *)store, "ROLLBACK TO mark", err);
}

static void lite_rollback(pl_store *store)
{
	lite *s = (lite *)store;
	if (sqlite3_get_autocommit(s->db) == 0)
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	bind_again(s);
}

static pl_status lite_commit(pl_store *store, pl_error *err)
{
	lite *s = (lite *)store;
	if (sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK) {
		bind_again(s);
		return PL_OK;
	}
	s->broken = true;
	const pl_status st = pl_fail(
	        err, PL_EIO, -1,
	        "%.200s: %s. The last request was not acknowledged, and may be recorded or "
	        "not; everything before it is safe. Open the record anew to see",
	        s->file, sqlite3_errmsg(s->db));
	lite_rollback(store);
	return st;
}

static void lite_close(pl_store *store)
{
	lite *s = (lite *)store;
	for (int i = 0; i < N_EVENT_CALLS; i++) (void)sqlite3_finalize(s->event[i]);
	for (int t = 0; t < PL_STORE_TABLES; t++) {
		for (int i = 0; i < N_CHANGES; i++) (void)sqlite3_finalize(s->change[t][i]);
		for (int i = 0; i <= PL_COLUMNS_MOST; i++)
			(void)sqlite3_finalize(s->scan[t][i]);
		for (int i = 0; i < PL_COLUMNS_MOST; i++) {
			(void)sqlite3_finalize(s->find[t][i]);
			(void)sqlite3_finalize(s->between[t][i]);
			(void)sqlite3_finalize(s->drop_between[t][i]);
		}
	}
	(void)sqlite3_close(s->db);
	pl_free(s->file);
	pl_free(s);
}

static pl_status ask(int64_t *out, const lite *s, const char *sql, pl_error *err)
{
	return pl_lite_ask(out, s->db, s->file, sql, err);
}

/* ---- an older version ---- */

static pl_status rebuild(lite *s, char kept[PL_KEPT_CHARS], pl_error *err)
{
	PL_TRY(pl_lite_keep(kept, s->file, err));
	PL_TRY(pl_lite_set_aside(s->db, s->file, err));
	return pl_lite_tables(s->db, s->file, false, err);
}

/// Rows refer to rows of tables that are not filled yet: that is looked at in the end.
static pl_status lite_rebuild(pl_store *store, char kept[PL_KEPT_CHARS], pl_error *err)
{
	lite *s = (lite *)store;
	int64_t version;
	PL_TRY(run(s, "PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY", err));
	s->unbound = true;
	pl_status st = run(s, "BEGIN IMMEDIATE", err);
	if (st == PL_OK) st = ask(&version, s, "PRAGMA user_version", err);
	if (st == PL_OK && version == PL_STORE_VERSION) {
		s->store.older = 0;
		lite_rollback(store);
		return PL_OK;
	}
	if (st == PL_OK) st = rebuild(s, kept, err);
	if (st != PL_OK) lite_rollback(store);
	return st;
}

static pl_status lite_carry(pl_store *store, int table, pl_error *err)
{
	lite *s = (lite *)store;
	return pl_lite_carry(s->db, s->file, table, err);
}

static pl_status lite_rebuilt(pl_store *store, pl_error *err)
{
	lite *s = (lite *)store;
	int64_t loose;
	PL_TRY(pl_lite_drop_aside(s->db, s->file, err));
	PL_TRY(ask(&loose, s, "SELECT count(*) FROM pragma_foreign_key_check", err));
	if (loose == 0) return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%.300s: rows refer to rows that are not there",
	               s->file);
}

static pl_status lite_inspect(pl_store *store, char said[PL_SAID_MOST], pl_error *err)
{
	const lite *s = (const lite *)store;
	sqlite3_stmt *q;
	if (sqlite3_prepare_v2(s->db, "PRAGMA integrity_check(1)", -1, &q, NULL) != SQLITE_OK)
		return fail(s, err);
	const bool row = sqlite3_step(q) == SQLITE_ROW;
	const char *text = row ? text_at(q, 0) : NULL;
	const pl_status st = text != NULL ? PL_OK : fail(s, err);
	if (text != NULL && strcmp(text, "ok") != 0)
		(void)snprintf(said, PL_SAID_MOST, "%s", text);
	(void)sqlite3_finalize(q);
	return st;
}

/* ---- the port ---- */

static const pl_store_calls calls = {
        .name = "sqlite",
        .close = lite_close,
        .begin = lite_begin,
        .look = lite_look,
        .commit = lite_commit,
        .rollback = lite_rollback,
        .mark = lite_mark,
        .undo = lite_undo,
        .append = lite_append,
        .erase = lite_erase,
        .events = lite_events,
        .put = lite_put,
        .drop = lite_drop,
        .scan = lite_scan,
        .find = lite_find,
        .between = lite_between,
        .drop_between = lite_drop_between,
        .rebuild = lite_rebuild,
        .carry = lite_carry,
        .rebuilt = lite_rebuilt,
        .inspect = lite_inspect,
};

pl_status pl_store_sqlite(pl_store **out, const char *file, bool make, pl_error *err)
{
	*out = NULL;
	const size_t n = strlen(file) + 1;
	lite *s = pl_alloc(1, sizeof *s);
	char *name = pl_alloc((int64_t)n, 1);
	if (s == NULL || name == NULL) {
		pl_free(s);
		pl_free(name);
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	}
	s->store.calls = &calls;
	s->file = memcpy(name, file, n);
	const pl_status st = pl_lite_open(&s->db, &s->store.older, s->file, make, err);
	if (st == PL_OK)
		*out = &s->store;
	else
		lite_close(&s->store);
	return st;
}
