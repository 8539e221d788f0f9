/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* postgres_older.c - tables of an older version, kept beside and made anew. */
#include "store/postgres.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>

enum { NAME_MOST = 64, SQL_MOST = 256 };

typedef pl_postgres postgres;

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
	pl_pq_rows *r = NULL;
	PL_TRY(pl_postgres_run(&r, s, ask, 3, value, err));
	*there = pl_pq_count(s->pq, r) > 0;
	pl_pq_clear(s->pq, r);
	return PL_OK;
}

/// The tables go to another schema as they are; nothing is copied. The events stay.
static pl_status set_aside(postgres *s, pl_error *err)
{
	char schema[NAME_MOST], sql[SQL_MOST];
	name_schema(schema);
	(void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", schema);
	PL_TRY(pl_postgres_script(s, sql, err));
	for (int t = 0; t < PL_STORE_TABLES; t++) {
		const char *name = pl_state_tables[t].name;
		bool there;
		PL_TRY(ask_there(&there, s, NULL, name, NULL, err));
		(void)snprintf(sql, sizeof sql, "ALTER TABLE %s SET SCHEMA %s", name, schema);
		if (there) PL_TRY(pl_postgres_script(s, sql, err));
	}
	return PL_OK;
}

pl_status pl_postgres_rebuild(pl_store *store, char kept[PL_KEPT_CHARS], pl_error *err)
{
	postgres *s = (postgres *)store;
	char schema[NAME_MOST];
	int64_t version;
	pl_known_clear(&s->known);
	pl_status st = pl_postgres_begin_alone(&version, s, err);
	if (st == PL_OK && version == PL_STORE_VERSION) {
		store->older = 0;
		pl_postgres_rollback(store);
		return PL_OK;
	}
	if (st == PL_OK) st = set_aside(s, err);
	if (st == PL_OK) st = pl_postgres_make_tables(s, err);
	if (st != PL_OK) pl_postgres_rollback(store);
	name_schema(schema);
	(void)snprintf(kept, PL_KEPT_CHARS, "the schema %s", schema);
	return st;
}

pl_status pl_postgres_carry(pl_store *store, int table, pl_error *err)
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
	const pl_status st = pl_postgres_run(NULL, s, sql.at, 0, NULL, err);
	pl_bytes_free(&sql);
	return st;
}
