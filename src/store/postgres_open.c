/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres_open.c - a database is looked at, made a record where it is empty, and opened as
 * one.
 */
#include "store/postgres.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef pl_postgres postgres;

static const char events_table[] =
        "CREATE TABLE event (\n"
        "  height BIGINT CONSTRAINT event_key PRIMARY KEY, time BIGINT NOT NULL,\n"
        "  actor BIGINT NOT NULL, type TEXT NOT NULL, facts TEXT NOT NULL, texts TEXT, salt "
        "TEXT,\n"
        "  parent TEXT NOT NULL, hash TEXT NOT NULL, facts_hash TEXT NOT NULL,\n"
        "  texts_hash TEXT NOT NULL, signature TEXT NOT NULL);\n"
        "CREATE TABLE plenum (version BIGINT NOT NULL);\n"
        "INSERT INTO plenum VALUES (0);\n";

/// @param[out] version of the tables; 0: there are none
static pl_status ask_version(int64_t *version, postgres *s, pl_error *err)
{
	pl_pq_rows *r = NULL;
	PL_TRY(pl_postgres_run(&r, s, "SELECT to_regclass('plenum') IS NOT NULL", 0, NULL,
	                       err));
	const bool there = strcmp(pl_pq_text(s->pq, r, 0, 0), "t") == 0;
	pl_pq_clear(s->pq, r);
	*version = 0;
	if (!there) return PL_OK;
	PL_TRY(pl_postgres_run(&r, s, "SELECT version FROM plenum", 0, NULL, err));
	*version =
	        pl_pq_count(s->pq, r) == 1 ? strtoll(pl_pq_text(s->pq, r, 0, 0), NULL, 10) : -1;
	pl_pq_clear(s->pq, r);
	return PL_OK;
}

pl_status pl_postgres_make_tables(postgres *s, pl_error *err)
{
	char mark[64];
	pl_bytes sql = {0};
	(void)snprintf(mark, sizeof mark, "UPDATE plenum SET version = %d",
	               (int)PL_STORE_VERSION);
	if (pl_ddl_tables(&sql, &pl_postgres_dialect) != PL_OK)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	pl_status st = pl_postgres_script(s, sql.at, err);
	if (st == PL_OK) st = pl_postgres_script(s, mark, err);
	pl_bytes_free(&sql);
	return st;
}

pl_status pl_postgres_begin_alone(int64_t *version, postgres *s, pl_error *err)
{
	s->open = true;
	PL_TRY(pl_postgres_script(s, PL_PG_BEGIN_ALONE, err));
	return ask_version(version, s, err);
}

/// Make an empty database a record. Of several who try at once, one does.
static pl_status make_record(int64_t *version, postgres *s, pl_error *err)
{
	pl_status st = pl_postgres_begin_alone(version, s, err);
	if (st == PL_OK && *version == 0) {
		*version = PL_STORE_VERSION;
		st = pl_postgres_script(s, events_table, err);
		if (st == PL_OK) st = pl_postgres_make_tables(s, err);
	}
	return st == PL_OK ? pl_postgres_script(s, "COMMIT", err) : st;
}

pl_status pl_postgres_open(postgres *s, const char *how, bool make, pl_error *err)
{
	int64_t version;
	PL_TRY(pl_pq_open(&s->pq, how, err));
	PL_TRY(pl_postgres_script(s,
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
