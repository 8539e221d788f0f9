/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres_send.c - statements and their names; changes wait, and go to the database together.
 */
#include "store/postgres.h"

#include "base/error.h"

#include <stdio.h>

typedef pl_postgres postgres;

static const char append_sql[] = "INSERT INTO event (" PL_PG_EVENT_NAMES
                                 ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
static const char erase_sql[] = "UPDATE event SET texts = NULL, salt = NULL WHERE height = $1";

enum {
	CHANGES_MOST = 256,
	TEXT_MOST = 1 << 20,
	ROWS_MOST = PL_COLUMNS_MOST, ///< in a statement: rows are counted where columns are
	STATEMENT_NAME = 32
};

static pl_status fail_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
}

pl_status pl_postgres_arrived(postgres *s, pl_status st)
{
	if (st != PL_OK && pl_pq_lost(s->pq)) s->broken = true;
	return st;
}

/* ---- statements ---- */

/// The text of a statement. @param column or the length of the prefix of a scan, or rows
static pl_status write_statement(pl_bytes *sql, pl_pg_statement which, int table, int column)
{
	const pl_dialect *d = &pl_postgres_dialect;
	switch (which) {
	case PL_PG_INSERT:
		return pl_ddl_insert(sql, d, table, column);
	case PL_PG_UPDATE:
		return pl_ddl_update(sql, d, table);
	case PL_PG_DELETE:
		return pl_ddl_delete(sql, d, table);
	case PL_PG_APPEND:
		return pl_bytes_add(sql, append_sql, sizeof append_sql);
	case PL_PG_ERASE:
		return pl_bytes_add(sql, erase_sql, sizeof erase_sql);
	case PL_PG_SCAN:
		return pl_ddl_scan(sql, d, table, column);
	case PL_PG_FIND:
		return pl_ddl_find(sql, d, table, column);
	case PL_PG_BETWEEN:
		return pl_ddl_between(sql, d, table, column);
	default:
		return pl_ddl_delete_between(sql, d, table, column);
	}
}

pl_status pl_postgres_statement(char name[PL_PG_NAME], postgres *s, pl_pg_statement which,
                                int table, int column, pl_error *err)
{
	pl_bytes sql = {0};
	(void)snprintf(name, PL_PG_NAME, "plenum_%d_%d_%d", (int)which, table, column);
	if (s->made[which][table][column]) return PL_OK;
	pl_status st = write_statement(&sql, which, table, column);
	st = st == PL_OK ? pl_postgres_arrived(s, pl_pq_prepare(s->pq, name, sql.at, err))
	                 : fail_memory(err);
	pl_bytes_free(&sql);
	s->made[which][table][column] = st == PL_OK;
	return st;
}

/* ---- sending ---- */

static pl_status send_mark(postgres *s, pl_error *err)
{
	if (s->savepoint) PL_TRY(pl_pq_send(s->pq, NULL, "RELEASE mark", 0, NULL, err));
	s->savepoint = true;
	return pl_pq_send(s->pq, NULL, "SAVEPOINT mark", 0, NULL, err);
}

/* Rows that are put into one table go as one statement: what the constraints of a table say the
 * database reads anew for each statement. */

/// Changes that go together.
typedef struct {
	int64_t at[ROWS_MOST];
	int n;
} bundle;

/// May a row that is put into a table be sent before a change that stands before it? Not where
/// it may refer to what that puts, nor where that touches rows of the same table.
static bool may_pass(int table, const pl_change *before)
{
	if (before->table == table) return false;
	for (int i = 0; before->adds && i < pl_state_tables[table].n_columns; i++)
		if (pl_state_refers(table, i) == before->table) return false;
	return true;
}

/// Change @p i with those behind it that may go along. @param[in,out] done [behind.n] those
/// that stand in a bundle
static void bundle_up(bundle *b, bool *done, const postgres *s, int64_t i)
{
	const pl_change *all = s->behind.change;
	const bool puts = all[i].statement == PL_PG_INSERT;
	*b = (bundle){.at = {i}, .n = 1};
	done[i] = true;
	for (int64_t k = i + 1; puts && k < s->behind.n && k != s->mark && b->n < ROWS_MOST;
	     k++) {
		if (done[k]) continue;
		if (all[k].statement == PL_PG_INSERT && all[k].table == all[i].table) {
			b->at[b->n++] = k;
			done[k] = true;
		} else if (!may_pass(all[i].table, &all[k])) {
			break;
		}
	}
}

static pl_status send_bundle(postgres *s, const bundle *b, pl_error *err)
{
	const pl_change *c = &s->behind.change[b->at[0]];
	const char *value[ROWS_MOST * PL_COLUMNS_MOST];
	char name[PL_PG_NAME];
	PL_TRY(pl_postgres_statement(name, s, (pl_pg_statement)c->statement,
	                             c->table < 0 ? 0 : c->table,
	                             c->statement == PL_PG_INSERT ? b->n : c->column, err));
	for (int k = 0; k < b->n; k++)
		pl_behind_values(value + (size_t)k * (size_t)c->n, &s->behind, b->at[k]);
	return pl_pq_send(s->pq, name, NULL, b->n * c->n, value, err);
}

/// Statements get their names before anything is sent ahead.
static pl_status make_all(postgres *s, pl_error *err)
{
	bool done[CHANGES_MOST] = {false};
	for (int64_t i = 0; i < s->behind.n; i++) {
		bundle b;
		char name[PL_PG_NAME];
		if (done[i]) continue;
		bundle_up(&b, done, s, i);
		if (b.n > 1)
			PL_TRY(pl_postgres_statement(name, s, PL_PG_INSERT,
			                             s->behind.change[i].table, b.n, err));
	}
	return PL_OK;
}

pl_status pl_postgres_send(postgres *s, pl_error *err)
{
	bool done[CHANGES_MOST] = {false};
	PL_TRY(make_all(s, err));
	for (int64_t i = 0; i < s->behind.n; i++) {
		bundle b;
		if (i == s->mark) PL_TRY(send_mark(s, err));
		if (done[i]) continue;
		bundle_up(&b, done, s, i);
		PL_TRY(send_bundle(s, &b, err));
	}
	return PL_OK;
}

pl_status pl_postgres_flush(postgres *s, pl_error *err)
{
	if (s->behind.n == 0) return PL_OK;
	pl_status st = pl_postgres_send(s, err);
	const pl_status heard = pl_pq_hear(NULL, s->pq, st == PL_OK ? err : NULL);
	s->mark = s->mark == s->behind.n ? 0 : -1; /* behind all of it it is not needed yet */
	s->sent = true;
	pl_behind_cut(&s->behind, 0);
	return pl_postgres_arrived(s, st == PL_OK ? heard : st);
}

pl_status pl_postgres_change(postgres *s, pl_change c, const char *const *value, pl_error *err)
{
	char name[PL_PG_NAME];
	PL_TRY(pl_postgres_statement(name, s, (pl_pg_statement)c.statement,
	                             c.table < 0 ? 0 : c.table, c.column, err));
	if (s->behind.n >= CHANGES_MOST || s->behind.text.n >= TEXT_MOST)
		PL_TRY(pl_postgres_flush(s, err));
	return pl_behind_add(&s->behind, c, value) == PL_OK ? PL_OK : fail_memory(err);
}
