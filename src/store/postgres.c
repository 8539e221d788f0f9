/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres.c - a record in a PostgreSQL database, for many machines.
 *
 * libpq is opened when a record asks for it, so that nobody needs it who keeps a file. Writers
 * take an advisory lock for the length of their transaction, one after another, as they do with
 * a file. Rows that a writer has seen it does not ask for again as long as the last event is
 * the one that it wrote itself. What fails at a commit, or with the connection, leaves the
 * store broken. */
#include "store/ddl.h"
#include "store/known.h"
#include "store/store.h"

#include "base/alloc.h"
#include "base/error.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BATCH = 1000,
	EVENT_COLUMNS = 12,
	PARAMETERS_MOST = PL_COLUMNS_MOST,
	NAME_MOST = 64,
	SQL_MOST = 256
};
/* Results of libpq, from its documentation. */
enum { CONNECTION_OK = 0, COMMAND_OK = 1, TUPLES_OK = 2 };

typedef struct pg_conn pg_conn;
typedef struct pg_result pg_result;

/// What is used of libpq. Its names and types are those of its documentation.
typedef struct {
	pg_conn *(*connect)(const char *how);
	int (*status)(const pg_conn *c);
	void (*finish)(pg_conn *c);
	char *(*error)(const pg_conn *c);
	pg_result *(*run)(pg_conn *c, const char *sql, int n, const unsigned *types,
	                  const char *const *value, const int *length, const int *format,
	                  int result);
	pg_result *(*prepare)(pg_conn *c, const char *name, const char *sql, int n,
	                      const unsigned *types);
	pg_result *(*run_prepared)(pg_conn *c, const char *name, int n,
	                           const char *const *value, const int *length,
	                           const int *format, int result);
	pg_result *(*script)(pg_conn *c, const char *sql);
	int (*result)(const pg_result *r);
	int (*rows)(const pg_result *r);
	char *(*value)(const pg_result *r, int row, int column);
	int (*is_null)(const pg_result *r, int row, int column);
	char *(*done)(pg_result *r);
	void (*clear)(pg_result *r);
	void (*(*notices)(pg_conn *c, void (*told)(void *with, const char *text),
	                  void *with))(void *with, const char *text);
} libpq;

static const pl_dialect dialect = {
        .whole = "BIGINT",
        .text = "TEXT COLLATE \"C\"",
        .after = "",
        .bytes = {"octet_length(", ")"},
        .numbered = true,
};

static const char events_table[] =
        "CREATE TABLE event (\n"
        "  height BIGINT CONSTRAINT event_key PRIMARY KEY, time BIGINT NOT NULL,\n"
        "  actor BIGINT NOT NULL, type TEXT NOT NULL, facts TEXT NOT NULL, texts TEXT, salt "
        "TEXT,\n"
        "  parent TEXT NOT NULL, hash TEXT NOT NULL, facts_hash TEXT NOT NULL,\n"
        "  texts_hash TEXT NOT NULL, signature TEXT NOT NULL);\n"
        "CREATE TABLE plenum (version BIGINT NOT NULL);\n"
        "INSERT INTO plenum VALUES (0);\n";

#define EVENT_NAMES                                                                 \
	"height, time, actor, type, facts, texts, salt, parent, hash, facts_hash, " \
	"texts_hash, signature"
static const char append_sql[] = "INSERT INTO event (" EVENT_NAMES
                                 ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
static const char erase_sql[] = "UPDATE event SET texts = NULL, salt = NULL WHERE height = $1";
static const char events_sql[] =
        "SELECT " EVENT_NAMES " FROM event WHERE height >= $1 ORDER BY height LIMIT 1000";
static const char last_sql[] = "SELECT " EVENT_NAMES " FROM event ORDER BY height DESC LIMIT 1";

/// Statements are made once for a connection, under a name of kind, table and column.
typedef enum {
	INSERT,
	UPDATE,
	DELETE,
	SCAN,
	FIND,
	BETWEEN,
	DROP_BETWEEN,
	STATEMENTS
} statement;

typedef struct {
	pl_store store;
	void *library;
	libpq pq;
	pg_conn *connection;
	bool broken, open, marked;    ///< open: a transaction; marked: it has a savepoint
	bool writes;                  ///< the transaction may change something
	bool changed;                 ///< and has
	pl_known known;               ///< rows of the state behind the event
	char head[PL_HASH_CHARS];     ///< with this hash,
	char appended[PL_HASH_CHARS]; ///< or this one, where the transaction has appended some
	bool made[STATEMENTS][PL_STORE_TABLES][PL_COLUMNS_MOST + 1];
} postgres;

/* ---- libpq ---- */

/// A function of the library; ISO C knows no cast from an object's pointer to a function's.
static bool find(void *library, const char *name, void *function)
{
	void *found = dlsym(library, name);
	memcpy(function, &found, sizeof found);
	return found != NULL;
}

/// The library stays: what it brings along (TLS, Kerberos) has things to do when the process
/// ends.
static pl_status load(postgres *s, pl_error *err)
{
	s->library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (s->library == NULL)
		return pl_fail(err, PL_EIO, -1,
		               "a record in PostgreSQL needs its library (Debian: libpq5), "
		               "which is not here");
	libpq *q = &s->pq;
	if (find(s->library, "PQconnectdb", &q->connect) &&
	    find(s->library, "PQstatus", &q->status) &&
	    find(s->library, "PQfinish", &q->finish) &&
	    find(s->library, "PQerrorMessage", &q->error) &&
	    find(s->library, "PQexecParams", &q->run) &&
	    find(s->library, "PQprepare", &q->prepare) &&
	    find(s->library, "PQexecPrepared", &q->run_prepared) &&
	    find(s->library, "PQexec", &q->script) &&
	    find(s->library, "PQresultStatus", &q->result) &&
	    find(s->library, "PQntuples", &q->rows) &&
	    find(s->library, "PQgetvalue", &q->value) &&
	    find(s->library, "PQgetisnull", &q->is_null) &&
	    find(s->library, "PQcmdStatus", &q->done) &&
	    find(s->library, "PQclear", &q->clear) &&
	    find(s->library, "PQsetNoticeProcessor", &q->notices))
		return PL_OK;
	return pl_fail(err, PL_EIO, -1,
	               "the library of PostgreSQL that is here is not version 5");
}

/// What the database said, on one line.
static pl_status fail(postgres *s, pl_error *err)
{
	char said[300];
	(void)snprintf(said, sizeof said, "%s", s->pq.error(s->connection));
	for (char *c = said; *c != '\0'; c++)
		if (*c == '\n' || *c == '\t') *c = *(c + 1) == '\0' ? '\0' : ' ';
	if (s->pq.status(s->connection) != CONNECTION_OK) s->broken = true;
	return pl_fail(err, PL_EIO, -1, "the database says: %s; nothing was recorded", said);
}

static pl_status script(postgres *s, const char *sql, pl_error *err)
{
	pg_result *r = s->pq.script(s->connection, sql);
	const int got = s->pq.result(r);
	s->pq.clear(r);
	return got == COMMAND_OK || got == TUPLES_OK ? PL_OK : fail(s, err);
}

/// What came of a statement.
static pl_status judge(pg_result **out, postgres *s, pg_result *r, pl_error *err)
{
	const int got = s->pq.result(r);
	const pl_status st = got == COMMAND_OK || got == TUPLES_OK ? PL_OK : fail(s, err);
	if (out != NULL && st == PL_OK)
		*out = r;
	else
		s->pq.clear(r);
	return st;
}

/// Run a statement. @param[out] out its rows, to be cleared; NULL where they are not wanted
static pl_status run(pg_result **out, postgres *s, const char *sql, int n,
                     const char *const *value, pl_error *err)
{
	return judge(out, s, s->pq.run(s->connection, sql, n, NULL, value, NULL, NULL, 0), err);
}

/* ---- rows ---- */

/// Cells as the texts that a statement takes.
typedef struct {
	const char *value[PARAMETERS_MOST];
	char number[PARAMETERS_MOST][24];
} parameters;

static void fill(parameters *p, int table, int n, const pl_state_row *row)
{
	for (int i = 0; i < n; i++) {
		p->value[i] = row->at[i].text;
		if (pl_state_tables[table].column[i].kind == PL_CELL_TEXT) continue;
		(void)snprintf(p->number[i], sizeof p->number[i], "%" PRId64, row->at[i].whole);
		p->value[i] = p->number[i];
	}
}

/// The text of a statement on a table. @param column or the length of the prefix of a scan
static pl_status write_statement(pl_bytes *sql, statement which, int table, int column)
{
	switch (which) {
	case INSERT:
		return pl_ddl_insert(sql, &dialect, table);
	case UPDATE:
		return pl_ddl_update(sql, &dialect, table);
	case DELETE:
		return pl_ddl_delete(sql, &dialect, table);
	case SCAN:
		return pl_ddl_scan(sql, &dialect, table, column);
	case FIND:
		return pl_ddl_find(sql, &dialect, table, column);
	case BETWEEN:
		return pl_ddl_between(sql, &dialect, table, column);
	default:
		return pl_ddl_delete_between(sql, &dialect, table, column);
	}
}

static pl_status make_statement(postgres *s, const char *name, statement which, int table,
                                int column, pl_error *err)
{
	pl_bytes sql = {0};
	const pl_status made = write_statement(&sql, which, table, column);
	if (made != PL_OK) return pl_fail(err, made, -1, "no memory for the record");
	pg_result *r = s->pq.prepare(s->connection, name, sql.at, 0, NULL);
	const bool good = s->pq.result(r) == COMMAND_OK;
	s->pq.clear(r);
	pl_bytes_free(&sql);
	s->made[which][table][column] = good;
	return good ? PL_OK : fail(s, err);
}

/// Run a statement on a table. @param[out] out as run has it
static pl_status run_on(pg_result **out, postgres *s, statement which, int table, int column,
                        int n, const parameters *p, pl_error *err)
{
	char name[NAME_MOST];
	(void)snprintf(name, sizeof name, "plenum_%d_%d_%d", (int)which, table, column);
	if (!s->made[which][table][column])
		PL_TRY(make_statement(s, name, which, table, column, err));
	return judge(out, s,
	             s->pq.run_prepared(s->connection, name, n, p->value, NULL, NULL, 0), err);
}

/// Is the row of a key of this table the same until an event comes?
static bool is_kept(const postgres *s, int table)
{
	return s->writes && pl_state_follows(table);
}

static pl_status postgres_put(pl_store *store, int table, const pl_state_row *row, bool there,
                              pl_error *err)
{
	postgres *s = (postgres *)store;
	const int n = pl_state_tables[table].n_columns;
	parameters p;
	fill(&p, table, n, row);
	s->changed = true;
	PL_TRY(run_on(NULL, s, there ? UPDATE : INSERT, table, 0, n, &p, err));
	if (is_kept(s, table)) pl_known_put(&s->known, table, row);
	return PL_OK;
}

static pl_status postgres_drop(pl_store *store, int table, const pl_state_row *key,
                               pl_error *err)
{
	postgres *s = (postgres *)store;
	const int n = pl_state_keys(table);
	parameters p;
	fill(&p, table, n, key);
	s->changed = true;
	PL_TRY(run_on(NULL, s, DELETE, table, 0, n, &p, err));
	pl_known_drop(&s->known, table, key);
	return PL_OK;
}

/// @param keep are they rows of a key that is asked for again?
static void visit_rows(postgres *s, pg_result *r, int table, bool keep, pl_row_visit visit,
                       void *with)
{
	const pl_table_kind *t = &pl_state_tables[table];
	for (int k = 0; k < s->pq.rows(r); k++) {
		pl_state_row row = {{{0}}};
		for (int i = 0; i < t->n_columns; i++) {
			const char *text = s->pq.value(r, k, i);
			row.at[i] = t->column[i].kind == PL_CELL_TEXT
			                    ? PL_TEXT(text)
			                    : PL_WHOLE(strtoll(text, NULL, 10));
		}
		if (keep) pl_known_put(&s->known, table, &row);
		if (!visit(with, &row)) break;
	}
	s->pq.clear(r);
}

static pl_status postgres_scan(pl_store *store, int table, int n_prefix,
                               const pl_state_row *prefix, pl_row_visit visit, void *with,
                               pl_error *err)
{
	postgres *s = (postgres *)store;
	const bool keep = n_prefix == pl_state_keys(table) && is_kept(s, table);
	pg_result *r = NULL;
	parameters p;
	if (keep && pl_known_visit(&s->known, table, prefix, visit, with)) return PL_OK;
	fill(&p, table, n_prefix, prefix);
	PL_TRY(run_on(&r, s, SCAN, table, n_prefix, n_prefix, &p, err));
	visit_rows(s, r, table, keep, visit, with);
	return PL_OK;
}

static pl_status postgres_find(pl_store *store, int table, int column, const char *text,
                               pl_row_visit visit, void *with, pl_error *err)
{
	postgres *s = (postgres *)store;
	const parameters p = {.value = {text}};
	pg_result *r = NULL;
	PL_TRY(run_on(&r, s, FIND, table, column, 1, &p, err));
	visit_rows(s, r, table, false, visit, with);
	return PL_OK;
}

/// A range as the two texts that a statement takes.
static void fill_range(parameters *p, const pl_range *range)
{
	(void)snprintf(p->number[0], sizeof p->number[0], "%" PRId64, range->low);
	(void)snprintf(p->number[1], sizeof p->number[1], "%" PRId64, range->high);
	for (int i = 0; i < 2; i++) p->value[i] = p->number[i];
}

static pl_status postgres_between(pl_store *store, int table, int column, const pl_range *range,
                                  pl_row_visit visit, void *with, pl_error *err)
{
	postgres *s = (postgres *)store;
	pg_result *r = NULL;
	parameters p;
	fill_range(&p, range);
	PL_TRY(run_on(&r, s, BETWEEN, table, column, 2, &p, err));
	visit_rows(s, r, table, false, visit, with);
	return PL_OK;
}

static pl_status postgres_drop_between(pl_store *store, int table, int column,
                                       const pl_range *range, pl_error *err)
{
	postgres *s = (postgres *)store;
	parameters p;
	fill_range(&p, range);
	s->changed = true;
	pl_known_clear(&s->known);
	return run_on(NULL, s, DROP_BETWEEN, table, column, 2, &p, err);
}

/* ---- events ---- */

static pl_status postgres_append(pl_store *store, const pl_event *e, pl_error *err)
{
	char height[24], when[24], actor[24];
	(void)snprintf(height, sizeof height, "%" PRId64, e->height);
	(void)snprintf(when, sizeof when, "%" PRId64, e->time);
	(void)snprintf(actor, sizeof actor, "%" PRId64, e->actor);
	const char *const value[EVENT_COLUMNS] = {
	        height,  when,      actor,   e->type,       e->facts,      e->texts,
	        e->salt, e->parent, e->hash, e->facts_hash, e->texts_hash, e->signature};
	postgres *s = (postgres *)store;
	memcpy(s->appended, e->hash, sizeof s->appended);
	return run(NULL, s, append_sql, EVENT_COLUMNS, value, err);
}

static pl_status postgres_erase(pl_store *store, int64_t height, pl_error *err)
{
	char number[24];
	const char *const value[] = {number};
	(void)snprintf(number, sizeof number, "%" PRId64, height);
	return run(NULL, (postgres *)store, erase_sql, 1, value, err);
}

static const char *maybe(const postgres *s, const pg_result *r, int row, int column)
{
	return s->pq.is_null(r, row, column) != 0 ? NULL : s->pq.value(r, row, column);
}

static void read_event(pl_event *e, const postgres *s, const pg_result *r, int k)
{
	*e = (pl_event){
	        .height = strtoll(s->pq.value(r, k, 0), NULL, 10),
	        .time = strtoll(s->pq.value(r, k, 1), NULL, 10),
	        .actor = strtoll(s->pq.value(r, k, 2), NULL, 10),
	        .type = s->pq.value(r, k, 3),
	        .facts = s->pq.value(r, k, 4),
	        .texts = maybe(s, r, k, 5),
	        .salt = maybe(s, r, k, 6),
	};
	char *const hash[] = {e->parent, e->hash, e->facts_hash, e->texts_hash};
	for (int i = 0; i < 4; i++)
		(void)snprintf(hash[i], PL_HASH_CHARS, "%s", s->pq.value(r, k, 7 + i));
	(void)snprintf(e->signature, sizeof e->signature, "%s", s->pq.value(r, k, 11));
}

/// Visit a batch. @param[in,out] from height of the next one @return false: no more are wanted
static bool visit_events(int64_t *from, const postgres *s, const pg_result *r,
                         pl_event_visit visit, void *with)
{
	const int n = s->pq.rows(r);
	for (int k = 0; k < n; k++) {
		pl_event e;
		read_event(&e, s, r, k);
		*from = e.height + 1;
		if (!visit(with, &e)) return false;
	}
	return n == BATCH;
}

static pl_status postgres_events(pl_store *store, int64_t from, pl_event_visit visit,
                                 void *with, pl_error *err)
{
	postgres *s = (postgres *)store;
	const bool last = from == PL_LAST_EVENT;
	for (bool more = true; more;) {
		char number[24];
		const char *const value[] = {number};
		pg_result *r = NULL;
		(void)snprintf(number, sizeof number, "%" PRId64, from);
		PL_TRY(run(&r, s, last ? last_sql : events_sql, last ? 0 : 1, value, err));
		more = visit_events(&from, s, r, visit, with) && !last;
		s->pq.clear(r);
	}
	return PL_OK;
}

/* ---- transactions ---- */

static const char begin_sql[] = "BEGIN; SELECT pg_advisory_xact_lock(7308332182978129505); "
                                "SELECT hash FROM event ORDER BY height DESC LIMIT 1";

/// What is known was true behind one event. Is that still the last? @param hash of the last one
static void trust_known(postgres *s, const char *hash)
{
	if (strcmp(s->head, hash) != 0) pl_known_clear(&s->known);
	(void)snprintf(s->head, sizeof s->head, "%s", hash);
	memcpy(s->appended, s->head, sizeof s->appended);
	s->writes = true;
	s->changed = false;
}

/// What was changed is taken back, or a part of it: some of what is known never was.
static void distrust_known(postgres *s)
{
	if (s->changed) pl_known_clear(&s->known);
}

static pl_status postgres_begin(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	if (s->broken)
		return pl_fail(err, PL_EIO, -1,
		               "a write has failed, and nothing more is recorded until the "
		               "record is opened anew");
	pg_result *r = s->pq.script(s->connection, begin_sql);
	const bool good = s->pq.result(r) == TUPLES_OK;
	s->open = good;
	if (good) trust_known(s, s->pq.rows(r) > 0 ? s->pq.value(r, 0, 0) : "");
	s->pq.clear(r);
	return good ? PL_OK : fail(s, err);
}

static pl_status postgres_look(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	PL_TRY(script(s, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err));
	s->open = true;
	return PL_OK;
}

static void postgres_rollback(pl_store *store)
{
	postgres *s = (postgres *)store;
	if (s->open) (void)script(s, "ROLLBACK", NULL);
	s->open = s->marked = s->writes = false;
	distrust_known(s);
	s->changed = false;
}

static pl_status postgres_mark(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	PL_TRY(script(s, s->marked ? "RELEASE mark; SAVEPOINT mark" : "SAVEPOINT mark", err));
	s->marked = true;
	return PL_OK;
}

static pl_status postgres_undo(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	distrust_known(s);
	return script(s, "ROLLBACK TO mark", err);
}

/// A COMMIT of a transaction in which something failed is no error: it answers ROLLBACK.
static pl_status postgres_commit(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	pg_result *r = s->pq.script(s->connection, "COMMIT");
	const bool done = s->pq.result(r) == COMMAND_OK && strcmp(s->pq.done(r), "COMMIT") == 0;
	s->pq.clear(r);
	s->open = s->marked = s->writes = s->changed = false;
	memcpy(s->head, s->appended, sizeof s->head);
	s->broken = !done;
	if (done) return PL_OK;
	return pl_fail(
	        err, PL_EIO, -1,
	        "the connection to the database failed. The last request was not "
	        "acknowledged, and may be recorded or not; everything before it is safe. "
	        "Open the record anew to see");
}

/* ---- making tables ---- */

static void postgres_close(pl_store *store)
{
	postgres *s = (postgres *)store;
	pl_known_clear(&s->known);
	if (s->connection != NULL) s->pq.finish(s->connection);
	if (s->library != NULL) (void)dlclose(s->library);
	pl_free(s);
}

/// @param[out] version of the tables; 0: there are none
static pl_status ask_version(int64_t *version, postgres *s, pl_error *err)
{
	pg_result *r = NULL;
	PL_TRY(run(&r, s, "SELECT to_regclass('plenum') IS NOT NULL", 0, NULL, err));
	const bool there = strcmp(s->pq.value(r, 0, 0), "t") == 0;
	s->pq.clear(r);
	*version = 0;
	if (!there) return PL_OK;
	PL_TRY(run(&r, s, "SELECT version FROM plenum", 0, NULL, err));
	*version = s->pq.rows(r) == 1 ? strtoll(s->pq.value(r, 0, 0), NULL, 10) : -1;
	s->pq.clear(r);
	return PL_OK;
}

/// In a transaction: all tables but the events', and the version.
static pl_status make_tables(postgres *s, pl_error *err)
{
	char mark[64];
	pl_bytes sql = {0};
	(void)snprintf(mark, sizeof mark, "UPDATE plenum SET version = %d",
	               (int)PL_STORE_VERSION);
	if (pl_ddl_tables(&sql, &dialect) != PL_OK)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	pl_status st = script(s, sql.at, err);
	if (st == PL_OK) st = script(s, mark, err);
	pl_bytes_free(&sql);
	return st;
}

/// Begin as the only one who writes, and see which version is there then.
static pl_status begin_alone(int64_t *version, postgres *s, pl_error *err)
{
	s->open = true;
	PL_TRY(script(s, "BEGIN; SELECT pg_advisory_xact_lock(7308332182978129505)", err));
	return ask_version(version, s, err);
}

/// Make an empty database a record. Of several who try at once, one does.
static pl_status make_record(int64_t *version, postgres *s, pl_error *err)
{
	pl_status st = begin_alone(version, s, err);
	if (st == PL_OK && *version == 0) {
		*version = PL_STORE_VERSION;
		st = script(s, events_table, err);
		if (st == PL_OK) st = make_tables(s, err);
	}
	return st == PL_OK ? script(s, "COMMIT", err) : st;
}

/* ---- an older version ---- */

/// The schema that tables of an older version are moved to.
static void name_schema(char out[NAME_MOST])
{
	(void)snprintf(out, NAME_MOST, "plenum_before_%d", (int)PL_STORE_VERSION);
}

/// Does a table, or one of its columns, stand there?
static pl_status ask_there(bool *there, postgres *s, const char *schema, const char *table,
                           const char *column, pl_error *err)
{
	static const char ask[] =
	        "SELECT 1 FROM information_schema.columns WHERE table_schema = coalesce($1, "
	        "current_schema()) AND table_name = $2 AND column_name = coalesce($3, "
	        "column_name)";
	const char *const value[] = {schema, table, column};
	pg_result *r = NULL;
	PL_TRY(run(&r, s, ask, 3, value, err));
	*there = s->pq.rows(r) > 0;
	s->pq.clear(r);
	return PL_OK;
}

/// The tables go to another schema as they are; nothing is copied. The events stay.
static pl_status set_aside(postgres *s, pl_error *err)
{
	char schema[NAME_MOST], sql[SQL_MOST];
	name_schema(schema);
	(void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", schema);
	PL_TRY(script(s, sql, err));
	for (int t = 0; t < PL_STORE_TABLES; t++) {
		const char *name = pl_state_tables[t].name;
		bool there;
		PL_TRY(ask_there(&there, s, NULL, name, NULL, err));
		(void)snprintf(sql, sizeof sql, "ALTER TABLE %s SET SCHEMA %s", name, schema);
		if (there) PL_TRY(script(s, sql, err));
	}
	return PL_OK;
}

static pl_status postgres_rebuild(pl_store *store, char kept[PL_KEPT_CHARS], pl_error *err)
{
	postgres *s = (postgres *)store;
	char schema[NAME_MOST];
	int64_t version;
	pl_known_clear(&s->known);
	pl_status st = begin_alone(&version, s, err);
	if (st == PL_OK && version == PL_STORE_VERSION) {
		store->older = 0;
		postgres_rollback(store);
		return PL_OK;
	}
	if (st == PL_OK) st = set_aside(s, err);
	if (st == PL_OK) st = make_tables(s, err);
	if (st != PL_OK) postgres_rollback(store);
	name_schema(schema);
	(void)snprintf(kept, PL_KEPT_CHARS, "the schema %s", schema);
	return st;
}

static pl_status postgres_carry(pl_store *store, int table, pl_error *err)
{
	postgres *s = (postgres *)store;
	const pl_table_kind *t = &pl_state_tables[table];
	bool has[PL_COLUMNS_MOST], any = false;
	char schema[NAME_MOST], from[2 * NAME_MOST];
	pl_bytes sql = {0};
	name_schema(schema);
	(void)snprintf(from, sizeof from, "%s.%s", schema, t->name);
	for (int i = 0; i < t->n_columns; i++) {
		PL_TRY(ask_there(&has[i], s, schema, t->name, t->column[i].name, err));
		any = any || has[i];
	}
	if (!any) return PL_OK;
	if (pl_ddl_carry(&sql, table, from, has) != PL_OK)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	const pl_status st = run(NULL, s, sql.at, 0, NULL, err);
	pl_bytes_free(&sql);
	return st;
}

/* ---- opening ---- */

/// What the server says besides answers is not for the user's terminal.
static void hear_nothing(void *with, const char *text)
{
	(void)with;
	(void)text;
}

static pl_status set_up(postgres *s, const char *how, bool make, pl_error *err)
{
	int64_t version;
	PL_TRY(load(s, err));
	s->connection = s->pq.connect(how);
	if (s->connection == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	if (s->pq.status(s->connection) != CONNECTION_OK) return fail(s, err);
	(void)s->pq.notices(s->connection, hear_nothing, NULL);
	PL_TRY(script(s,
	              "SET client_encoding = 'UTF8'; SET synchronous_commit = on;"
	              "SET client_min_messages = warning",
	              err));
	PL_TRY(ask_version(&version, s, err));
	if (version == 0 && make) PL_TRY(make_record(&version, s, err));
	s->open = false;
	if (version == 0)
		return pl_fail(err, PL_EPARSE, -1, "this database holds no record of Plenum");
	s->store.older = version < PL_STORE_VERSION ? version : 0;
	if (version > 0 && version <= PL_STORE_VERSION) return PL_OK;
	return pl_fail(err, PL_EPARSE, -1,
	               "the record has version %" PRId64
	               " of the tables, and this program knows version %d and older ones",
	               version, (int)PL_STORE_VERSION);
}

static const pl_store_calls calls = {
        .name = "postgres",
        .close = postgres_close,
        .begin = postgres_begin,
        .look = postgres_look,
        .commit = postgres_commit,
        .rollback = postgres_rollback,
        .mark = postgres_mark,
        .undo = postgres_undo,
        .append = postgres_append,
        .erase = postgres_erase,
        .events = postgres_events,
        .put = postgres_put,
        .drop = postgres_drop,
        .scan = postgres_scan,
        .find = postgres_find,
        .between = postgres_between,
        .drop_between = postgres_drop_between,
        .rebuild = postgres_rebuild,
        .carry = postgres_carry,
};

pl_status pl_store_postgres(pl_store **out, const char *how, bool make, pl_error *err)
{
	*out = NULL;
	postgres *s = pl_alloc(1, sizeof *s);
	if (s == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	s->store.calls = &calls;
	const pl_status st = set_up(s, how, make, err);
	if (st == PL_OK)
		*out = &s->store;
	else
		postgres_close(&s->store);
	return st;
}
