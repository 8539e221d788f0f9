/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres_turn.c - transactions in a PostgreSQL database.
 *
 * Writers take an advisory lock for the length of their transaction, one after another, as they
 * do with a file. What fails at a commit, or with the connection, leaves the store broken. */
#include "store/postgres.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef pl_postgres postgres;

static const char begin_sql[] =
        PL_PG_BEGIN_ALONE "; SELECT height, time, hash FROM event ORDER BY height DESC LIMIT 1";

/// What is known was true behind one event. Is that still the last?
static void trust_known(postgres *s, const pl_pg_head *head)
{
	if (strcmp(s->head.hash, head->hash) != 0) pl_known_clear(&s->known);
	s->head = s->now = s->marked = *head;
	s->writes = true;
	s->sent = s->savepoint = false;
	s->mark = -1;
}

/// The transaction is over.
static void leave(postgres *s)
{
	pl_behind_cut(&s->behind, 0);
	pl_known_clear(&s->passing);
	s->open = s->writes = s->savepoint = s->sent = false;
	s->mark = -1;
}

/// Changes that were not sent did not happen.
static void take_back(postgres *s, int64_t from)
{
	for (int64_t i = s->behind.n - 1; i >= from; i--) {
		const pl_change *c = &s->behind.change[i];
		const char *value[PL_COLUMNS_MOST];
		if (c->table == PL_PG_EVENTS) continue;
		if (c->many) {
			pl_postgres_forget(s);
			continue;
		}
		pl_behind_values(value, &s->behind, i);
		const pl_state_row row =
		        pl_postgres_row(c->table, pl_state_keys(c->table), value);
		pl_known_forget(&s->passing, c->table, &row);
		pl_known_forget(&s->known, c->table, &row);
	}
	pl_behind_cut(&s->behind, from);
}

pl_status pl_postgres_begin(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	pl_pq_rows *r = NULL;
	pl_pg_head head = {0};
	if (s->broken)
		return pl_fail(err, PL_EIO, -1,
		               "a write has failed, and nothing more is recorded until the "
		               "record is opened anew");
	PL_TRY(pl_postgres_arrived(s, pl_pq_script(&r, s->pq, begin_sql, err)));
	s->open = true;
	if (pl_pq_count(s->pq, r) > 0) {
		head.height = strtoll(pl_pq_text(s->pq, r, 0, 0), NULL, 10);
		head.time = strtoll(pl_pq_text(s->pq, r, 0, 1), NULL, 10);
		(void)snprintf(head.hash, sizeof head.hash, "%s", pl_pq_text(s->pq, r, 0, 2));
	}
	pl_pq_clear(s->pq, r);
	trust_known(s, &head);
	return PL_OK;
}

pl_status pl_postgres_look(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	PL_TRY(pl_postgres_script(s, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", err));
	s->open = true;
	return PL_OK;
}

void pl_postgres_rollback(pl_store *store)
{
	postgres *s = (postgres *)store;
	if (s->sent) pl_postgres_forget(s); /* some of what is known never was */
	take_back(s, 0);
	if (s->open) (void)pl_postgres_script(s, "ROLLBACK", NULL);
	leave(s);
}

pl_status pl_postgres_mark(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	(void)err;
	s->mark = s->behind.n;
	s->marked = s->now;
	return PL_OK;
}

/// What was sent before the mark stands; what was sent behind it is taken back by the database.
pl_status pl_postgres_undo(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	s->now = s->marked;
	if (s->mark >= 0) {
		take_back(s, s->mark);
		return PL_OK;
	}
	pl_behind_cut(&s->behind, 0);
	pl_postgres_forget(s);
	PL_TRY(pl_postgres_script(s, "ROLLBACK TO mark", err));
	s->mark = 0;
	return PL_OK;
}

/// A COMMIT of a transaction in which something failed is no error: it answers ROLLBACK.
pl_status pl_postgres_commit(pl_store *store, pl_error *err)
{
	postgres *s = (postgres *)store;
	char last[PL_PQ_WORD] = "";
	s->mark = -1; /* nothing is undone any more */
	pl_status st = pl_postgres_send(s, err);
	if (st == PL_OK) st = pl_pq_send(s->pq, NULL, "COMMIT", 0, NULL, err);
	const pl_status heard = pl_pq_hear(last, s->pq, st == PL_OK ? err : NULL);
	if (st == PL_OK) st = heard;
	const bool done = strcmp(last, "COMMIT") == 0;
	leave(s);
	s->head = s->now;
	s->broken = !done;
	if (done) return PL_OK;
	pl_postgres_forget(s);
	if (st != PL_OK && !pl_pq_lost(s->pq)) return PL_EIO; /* the database said why */
	return pl_fail(
	        err, PL_EIO, -1,
	        "the connection to the database failed. The last request was not "
	        "acknowledged, and may be recorded or not; everything before it is safe. "
	        "Open the record anew to see");
}
