/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/ddl.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/// printf behind what is there. The first failure stays in *status.
__attribute__((format(printf, 3, 4))) static void say(pl_bytes *out, pl_status *status,
                                                      const char *fmt, ...)
{
	char part[512];
	va_list ap;
	if (*status != PL_OK) return;
	va_start(ap, fmt);
	const int n = vsnprintf(part, sizeof part, fmt, ap);
	va_end(ap);
	*status = pl_bytes_add(out, part, n);
}

static pl_status end(pl_bytes *out, pl_status status)
{
	const char nul = '\0';
	if (status == PL_OK) status = pl_bytes_add(out, &nul, 1);
	if (status != PL_OK) pl_bytes_free(out);
	return status;
}

static const pl_column_kind *column_of(int table, int i)
{
	return &pl_state_tables[table].column[i];
}

/* ---- tables ---- */

static void say_column(pl_bytes *out, pl_status *st, const pl_dialect *d, int table, int i)
{
	const char *t = pl_state_tables[table].name;
	const pl_column_kind *c = column_of(table, i);
	const bool text = c->kind == PL_CELL_TEXT;
	say(out, st,
	    "  %s %s NOT NULL CONSTRAINT %s_%s_range CHECK (%s%s%s BETWEEN %" PRId64
	    " AND %" PRId64 "),\n",
	    c->name, text ? d->text : d->whole, t, c->name, text ? d->bytes[0] : "", c->name,
	    text ? d->bytes[1] : "", c->low, c->high);
}

static void say_keys(pl_bytes *out, pl_status *st, int table)
{
	const int keys = pl_state_keys(table);
	for (int i = 0; i < keys; i++)
		say(out, st, "%s%s", i > 0 ? ", " : "", column_of(table, i)->name);
}

/// A single key of a table that may refer to row 0, which is none, cannot be a FOREIGN KEY of
/// SQL: 0 would need a row. The port checks those; where 0 is out of bounds, the database does
/// too.
static void say_references(pl_bytes *out, pl_status *st, int table)
{
	const pl_table_kind *t = &pl_state_tables[table];
	for (int i = 0; i < t->n_columns; i++) {
		const int other = pl_state_refers(table, i);
		if (other < 0 || t->column[i].low == 0) continue;
		say(out, st, ",\n  CONSTRAINT %s_%s_refers FOREIGN KEY (%s) REFERENCES %s (%s)",
		    t->name, t->column[i].name, t->column[i].name, pl_state_tables[other].name,
		    column_of(other, 0)->name);
	}
}

static void say_index(pl_bytes *out, pl_status *st, int table, int i)
{
	const char *t = pl_state_tables[table].name;
	const pl_column_kind *c = column_of(table, i);
	if (c->part == PL_PART_UNIQUE)
		say(out, st, "CREATE UNIQUE INDEX %s_%s_unique ON %s (%s) WHERE %s <> '';\n", t,
		    c->name, t, c->name, c->name);
	if (c->part == PL_PART_INDEXED)
		say(out, st, "CREATE INDEX %s_%s_index ON %s (%s);\n", t, c->name, t, c->name);
}

static void say_table(pl_bytes *out, pl_status *st, const pl_dialect *d, int table)
{
	const pl_table_kind *t = &pl_state_tables[table];
	say(out, st, "CREATE TABLE %s (\n", t->name);
	for (int i = 0; i < t->n_columns; i++) say_column(out, st, d, table, i);
	say(out, st, "  CONSTRAINT %s_key PRIMARY KEY (", t->name);
	say_keys(out, st, table);
	say(out, st, ")");
	say_references(out, st, table);
	say(out, st, "\n)%s;\n", d->after);
	for (int i = 0; i < t->n_columns; i++) say_index(out, st, table, i);
}

pl_status pl_ddl_tables(pl_bytes *out, const pl_dialect *d)
{
	pl_status st = PL_OK;
	for (int t = 0; t < PL_STORE_TABLES; t++) say_table(out, &st, d, t);
	return end(out, st);
}

/* ---- statements ---- */

static void say_columns(pl_bytes *out, pl_status *st, int table)
{
	const pl_table_kind *t = &pl_state_tables[table];
	for (int i = 0; i < t->n_columns; i++)
		say(out, st, "%s%s", i > 0 ? ", " : "", t->column[i].name);
}

static char mark(const pl_dialect *d)
{
	return d->numbered ? '$' : '?';
}

/// Which of the first n columns are these parameters.
static void say_where(pl_bytes *out, pl_status *st, const pl_dialect *d, int table, int n)
{
	for (int i = 0; i < n; i++)
		say(out, st, "%s%s = %c%d", i == 0 ? " WHERE " : " AND ",
		    column_of(table, i)->name, mark(d), i + 1);
}

pl_status pl_ddl_insert(pl_bytes *out, const pl_dialect *d, int table, int rows)
{
	const int n = pl_state_tables[table].n_columns;
	pl_status st = PL_OK;
	say(out, &st, "INSERT INTO %s (", pl_state_tables[table].name);
	say_columns(out, &st, table);
	say(out, &st, ") VALUES ");
	for (int i = 0; i < rows * n; i++)
		say(out, &st, "%s%c%d",
		    i % n > 0 ? ", "
		    : i > 0   ? "), ("
		              : "(",
		    mark(d), i + 1);
	say(out, &st, ")");
	return end(out, st);
}

pl_status pl_ddl_update(pl_bytes *out, const pl_dialect *d, int table)
{
	const int keys = pl_state_keys(table), n = pl_state_tables[table].n_columns;
	pl_status st = PL_OK;
	say(out, &st, "UPDATE %s SET ", pl_state_tables[table].name);
	/* a table of keys alone has nothing to change; setting a key to itself is harmless */
	for (int i = keys < n ? keys : 0; i < n; i++)
		say(out, &st, "%s%s = %c%d", i > (keys < n ? keys : 0) ? ", " : "",
		    column_of(table, i)->name, mark(d), i + 1);
	say_where(out, &st, d, table, keys);
	return end(out, st);
}

pl_status pl_ddl_delete(pl_bytes *out, const pl_dialect *d, int table)
{
	pl_status st = PL_OK;
	say(out, &st, "DELETE FROM %s", pl_state_tables[table].name);
	say_where(out, &st, d, table, pl_state_keys(table));
	return end(out, st);
}

pl_status pl_ddl_scan(pl_bytes *out, const pl_dialect *d, int table, int n_prefix)
{
	pl_status st = PL_OK;
	say(out, &st, "SELECT ");
	say_columns(out, &st, table);
	say(out, &st, " FROM %s", pl_state_tables[table].name);
	say_where(out, &st, d, table, n_prefix);
	say(out, &st, " ORDER BY ");
	say_keys(out, &st, table);
	return end(out, st);
}

pl_status pl_ddl_find(pl_bytes *out, const pl_dialect *d, int table, int column)
{
	pl_status st = PL_OK;
	say(out, &st, "SELECT ");
	say_columns(out, &st, table);
	/* the index leaves out "", and serves only who says that it is not asked for */
	say(out, &st, " FROM %s WHERE %s = %c1 AND %s <> ''", pl_state_tables[table].name,
	    column_of(table, column)->name, mark(d), column_of(table, column)->name);
	return end(out, st);
}

static void say_between(pl_bytes *out, pl_status *st, const pl_dialect *d, int table,
                        int column)
{
	say(out, st, " FROM %s WHERE %s BETWEEN %c1 AND %c2", pl_state_tables[table].name,
	    column_of(table, column)->name, mark(d), mark(d));
}

pl_status pl_ddl_between(pl_bytes *out, const pl_dialect *d, int table, int column)
{
	pl_status st = PL_OK;
	say(out, &st, "SELECT ");
	say_columns(out, &st, table);
	say_between(out, &st, d, table, column);
	say(out, &st, " ORDER BY ");
	say_keys(out, &st, table);
	return end(out, st);
}

pl_status pl_ddl_delete_between(pl_bytes *out, const pl_dialect *d, int table, int column)
{
	pl_status st = PL_OK;
	say(out, &st, "DELETE");
	say_between(out, &st, d, table, column);
	return end(out, st);
}

pl_status pl_ddl_carry(pl_bytes *out, int table, const char *from, const bool *has)
{
	const pl_table_kind *t = &pl_state_tables[table];
	pl_status st = PL_OK;
	say(out, &st, "INSERT INTO %s (", t->name);
	say_columns(out, &st, table);
	say(out, &st, ") SELECT ");
	for (int i = 0; i < t->n_columns; i++) {
		const char *none = t->column[i].kind == PL_CELL_TEXT ? "''" : "0";
		say(out, &st, "%s%s", i > 0 ? ", " : "", has[i] ? t->column[i].name : none);
	}
	say(out, &st, " FROM %s", from);
	return end(out, st);
}
