/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres.c - a record in a PostgreSQL database, for many machines: its rows and events.
 *
 * Each trip to the database costs more than what it does there, so that few are made: what a
 * writer has seen it does not ask for again as long as the last event is the one that it wrote
 * itself, and what it changes waits, and is sent with the commit, or before something is asked
 * for that it may have changed. */
#include "store/postgres.h"

#include "store/store.h"

#include "base/alloc.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 1000 };

const pl_dialect pl_postgres_dialect = {
        .whole = "BIGINT",
        .text = "TEXT COLLATE \"C\"",
        .after = "",
        .bytes = {"octet_length(", ")"},
        .numbered = true,
};

static const char events_sql[] =
        "SELECT " PL_PG_EVENT_NAMES " FROM event WHERE height >= $1 ORDER BY height LIMIT 1000";
static const char last_sql[] =
        "SELECT " PL_PG_EVENT_NAMES " FROM event ORDER BY height DESC LIMIT 1";

typedef pl_postgres postgres;

pl_status pl_postgres_script(postgres *s, const char *sql, pl_error *err)
{
	PL_TRY(pl_postgres_flush(s, err));
	return pl_postgres_arrived(s, pl_pq_script(NULL, s->pq, sql, err));
}

pl_status pl_postgres_run(pl_pq_rows **out, postgres *s, const char *sql, int n,
                          const char *const *value, pl_error *err)
{
	PL_TRY(pl_postgres_flush(s, err));
	return pl_postgres_arrived(s, pl_pq_run(out, s->pq, sql, n, value, err));
}

/* ---- rows ---- */

/// Cells as the texts that a statement takes.
typedef struct {
	const char *value[PL_COLUMNS_MOST];
	char number[PL_COLUMNS_MOST][24];
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

pl_state_row pl_postgres_row(int table, int n, const char *const *value)
{
	pl_state_row row = {{{0}}};
	for (int i = 0; i < n; i++)
		row.at[i] = pl_state_tables[table].column[i].kind == PL_CELL_TEXT
		                    ? PL_TEXT(value[i])
		                    : PL_WHOLE(strtoll(value[i], NULL, 10));
	return row;
}

/// Ask a table. @param[out] out its rows, to be cleared
static pl_status ask(pl_pq_rows **out, postgres *s, pl_pg_statement which, int table,
                     int column, int n, const parameters *p, pl_error *err)
{
	char name[PL_PG_NAME];
	PL_TRY(pl_postgres_statement(name, s, which, table, column, err));
	return pl_postgres_arrived(s, pl_pq_call(out, s->pq, name, n, p->value, err));
}

/// Visit rows that are known. @return false: they are to be asked for
static bool visit_known(const postgres *s, int table, int n_prefix, const pl_state_row *prefix,
                        pl_row_visit visit, void *with)
{
	return s->writes && (pl_known_scan(&s->passing, table, n_prefix, prefix, visit, with) ||
	                     pl_known_scan(&s->known, table, n_prefix, prefix, visit, with));
}

static pl_status postgres_put(pl_store *store, int table, const pl_state_row *row, bool there,
                              pl_error *err)
{
	postgres *s = (postgres *)store;
	const int n = pl_state_tables[table].n_columns;
	const pl_change c = {.statement = there ? PL_PG_UPDATE : PL_PG_INSERT,
	                     .table = table,
	                     .column = there ? 0 : 1,
	                     .adds = !there,
	                     .n = n};
	parameters p;
	fill(&p, table, n, row);
	PL_TRY(pl_postgres_change(s, c, p.value, err));
	if (!s->writes) return PL_OK;
	pl_known_put(&s->passing, table, row);
	pl_known_follow(&s->known, table, row);
	return PL_OK;
}

static pl_status postgres_drop(pl_store *store, int table, const pl_state_row *key,
                               pl_error *err)
{
	postgres *s = (postgres *)store;
	const int n = pl_state_keys(table);
	const pl_change c = {.statement = PL_PG_DELETE, .table = table, .n = n};
	parameters p;
	fill(&p, table, n, key);
	PL_TRY(pl_postgres_change(s, c, p.value, err));
	pl_known_drop(&s->passing, table, key);
	pl_known_drop(&s->known, table, key);
	return PL_OK;
}

static pl_state_row row_at(const postgres *s, const pl_pq_rows *r, int table, int k)
{
	const char *value[PL_COLUMNS_MOST];
	const int n = pl_state_tables[table].n_columns;
	for (int i = 0; i < n; i++) value[i] = pl_pq_text(s->pq, r, k, i);
	return pl_postgres_row(table, n, value);
}

static void visit_rows(postgres *s, pl_pq_rows *r, int table, pl_row_visit visit, void *with)
{
	bool more = true;
	for (int k = 0; more && k < pl_pq_count(s->pq, r); k++) {
		const pl_state_row row = row_at(s, r, table, k);
		more = visit(with, &row);
	}
	pl_pq_clear(s->pq, r);
}

/// Keep what is asked for once more: which rows there are that begin so, where they are few.
/// That there are none is of use to who writes a list now.
static void keep_rows(postgres *s, const pl_pq_rows *r, int table, int n_prefix,
                      const pl_state_row *prefix)
{
	enum { KEPT_MOST = 1000 };
	const int n = pl_pq_count(s->pq, r);
	const bool lasts = pl_state_follows(table) && (n > 0 || n_prefix == 0);
	pl_known *k = lasts ? &s->known : &s->passing;
	if (!s->writes || n > KEPT_MOST) return;
	const int64_t age = k->age;
	for (int i = 0; i < n; i++) {
		const pl_state_row row = row_at(s, r, table, i);
		pl_known_put(k, table, &row);
	}
	pl_known_whole(k, age, table, n_prefix, prefix);
}

static pl_status postgres_scan(pl_store *store, int table, int n_prefix,
                               const pl_state_row *prefix, pl_row_visit visit, void *with,
                               pl_error *err)
{
	postgres *s = (postgres *)store;
	pl_pq_rows *r = NULL;
	parameters p;
	if (visit_known(s, table, n_prefix, prefix, visit, with)) return PL_OK;
	fill(&p, table, n_prefix, prefix);
	if (pl_behind_touches(&s->behind, table, n_prefix, p.value))
		PL_TRY(pl_postgres_flush(s, err));
	PL_TRY(ask(&r, s, PL_PG_SCAN, table, n_prefix, n_prefix, &p, err));
	keep_rows(s, r, table, n_prefix, prefix);
	visit_rows(s, r, table, visit, with);
	return PL_OK;
}

static void postgres_fresh(pl_store *store, int table, int n_prefix, const pl_state_row *prefix)
{
	postgres *s = (postgres *)store;
	if (s->writes) pl_known_whole(&s->passing, s->passing.age, table, n_prefix, prefix);
}

static pl_status postgres_find(pl_store *store, int table, int column, const char *text,
                               pl_row_visit visit, void *with, pl_error *err)
{
	postgres *s = (postgres *)store;
	const parameters p = {.value = {text}};
	pl_pq_rows *r = NULL;
	if (pl_behind_finds(&s->behind, table, column, text)) PL_TRY(pl_postgres_flush(s, err));
	PL_TRY(ask(&r, s, PL_PG_FIND, table, column, 1, &p, err));
	visit_rows(s, r, table, visit, with);
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
	pl_pq_rows *r = NULL;
	parameters p;
	fill_range(&p, range);
	if (pl_behind_touches(&s->behind, table, 0, NULL)) PL_TRY(pl_postgres_flush(s, err));
	PL_TRY(ask(&r, s, PL_PG_BETWEEN, table, column, 2, &p, err));
	visit_rows(s, r, table, visit, with);
	return PL_OK;
}

void pl_postgres_forget(postgres *s)
{
	pl_known_clear(&s->known);
	pl_known_clear(&s->passing);
}

static pl_status postgres_drop_between(pl_store *store, int table, int column,
                                       const pl_range *range, pl_error *err)
{
	postgres *s = (postgres *)store;
	const pl_change c = {.statement = PL_PG_DROP_BETWEEN,
	                     .table = table,
	                     .column = column,
	                     .many = true,
	                     .n = 2};
	parameters p;
	fill_range(&p, range);
	PL_TRY(pl_postgres_change(s, c, p.value, err));
	pl_postgres_forget(s);
	return PL_OK;
}

/* ---- events ---- */

static pl_status postgres_append(pl_store *store, const pl_event *e, pl_error *err)
{
	char height[24], when[24], actor[24];
	(void)snprintf(height, sizeof height, "%" PRId64, e->height);
	(void)snprintf(when, sizeof when, "%" PRId64, e->time);
	(void)snprintf(actor, sizeof actor, "%" PRId64, e->actor);
	const char *const value[PL_PG_EVENT_COLUMNS] = {
	        height,  when,      actor,   e->type,       e->facts,      e->texts,
	        e->salt, e->parent, e->hash, e->facts_hash, e->texts_hash, e->signature};
	const pl_change c = {.statement = PL_PG_APPEND,
	                     .table = PL_PG_EVENTS,
	                     .adds = true,
	                     .n = PL_PG_EVENT_COLUMNS};
	postgres *s = (postgres *)store;
	PL_TRY(pl_postgres_change(s, c, value, err));
	s->now = (pl_pg_head){.height = e->height, .time = e->time};
	memcpy(s->now.hash, e->hash, sizeof s->now.hash);
	return PL_OK;
}

static pl_status postgres_erase(pl_store *store, int64_t height, pl_error *err)
{
	char number[24];
	const char *const value[] = {number};
	const pl_change c = {.statement = PL_PG_ERASE, .table = PL_PG_EVENTS, .n = 1};
	(void)snprintf(number, sizeof number, "%" PRId64, height);
	return pl_postgres_change((postgres *)store, c, value, err);
}

static void read_event(pl_event *e, const postgres *s, const pl_pq_rows *r, int k)
{
	*e = (pl_event){
	        .height = strtoll(pl_pq_text(s->pq, r, k, 0), NULL, 10),
	        .time = strtoll(pl_pq_text(s->pq, r, k, 1), NULL, 10),
	        .actor = strtoll(pl_pq_text(s->pq, r, k, 2), NULL, 10),
	        .type = pl_pq_text(s->pq, r, k, 3),
	        .facts = pl_pq_text(s->pq, r, k, 4),
	        .texts = pl_pq_text(s->pq, r, k, 5),
	        .salt = pl_pq_text(s->pq, r, k, 6),
	};
	char *const hash[] = {e->parent, e->hash, e->facts_hash, e->texts_hash};
	for (int i = 0; i < 4; i++)
		(void)snprintf(hash[i], PL_HASH_CHARS, "%s", pl_pq_text(s->pq, r, k, 7 + i));
	(void)snprintf(e->signature, sizeof e->signature, "%s", pl_pq_text(s->pq, r, k, 11));
}

/// Visit a batch. @param[in,out] from height of the next one @return false: no more are wanted
static bool visit_events(int64_t *from, const postgres *s, const pl_pq_rows *r,
                         pl_event_visit visit, void *with)
{
	const int n = pl_pq_count(s->pq, r);
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
		pl_pq_rows *r = NULL;
		(void)snprintf(number, sizeof number, "%" PRId64, from);
		PL_TRY(pl_postgres_run(&r, s, last ? last_sql : events_sql, last ? 0 : 1, value,
		                       err));
		more = visit_events(&from, s, r, visit, with) && !last;
		pl_pq_clear(s->pq, r);
	}
	return PL_OK;
}

/// Who writes knows it without asking.
static bool postgres_head(const pl_store *store, int64_t *height, char hash[PL_HASH_CHARS],
                          int64_t *time)
{
	const postgres *s = (const postgres *)store;
	*height = s->now.height;
	*time = s->now.time;
	memcpy(hash, s->now.hash, PL_HASH_CHARS);
	return s->writes;
}

/* ---- the store ---- */

static void postgres_close(pl_store *store)
{
	postgres *s = (postgres *)store;
	pl_postgres_forget(s);
	pl_behind_free(&s->behind);
	pl_pq_close(s->pq);
	pl_free(s);
}

static const pl_store_calls calls = {
        .name = "postgres",
        .close = postgres_close,
        .begin = pl_postgres_begin,
        .look = pl_postgres_look,
        .commit = pl_postgres_commit,
        .rollback = pl_postgres_rollback,
        .mark = pl_postgres_mark,
        .undo = pl_postgres_undo,
        .append = postgres_append,
        .erase = postgres_erase,
        .events = postgres_events,
        .put = postgres_put,
        .drop = postgres_drop,
        .scan = postgres_scan,
        .find = postgres_find,
        .between = postgres_between,
        .drop_between = postgres_drop_between,
        .rebuild = pl_postgres_rebuild,
        .carry = pl_postgres_carry,
        .fresh = postgres_fresh,
        .head = postgres_head,
};

pl_status pl_store_postgres(pl_store **out, const char *how, bool make, pl_error *err)
{
	*out = NULL;
	postgres *s = pl_alloc(1, sizeof *s);
	if (s == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	s->store.calls = &calls;
	s->mark = -1;
	const pl_status st = pl_postgres_open(s, how, make, err);
	if (st == PL_OK)
		*out = &s->store;
	else
		postgres_close(&s->store);
	return st;
}
