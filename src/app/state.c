/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/state.h"

#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* ---- tables.def, made into C ---- */

#define PL_REFERS(table, col, other)
#define PL_TABLE(table, help) [PL_ROWS_##table] = {#table, help, PL_N_##table, {
#define PL_COLUMN(table, col, kind, part, ...) \
	[PL_C_##table##_##col] = {#col, PL_CELL_##kind, PL_PART_##part, __VA_ARGS__},
#define PL_END(table) \
	}             \
	}             \
	,
const pl_table_kind pl_state_tables[PL_STORE_TABLES] = {
#include "app/notes.def"
#include "app/tables.def"
};
#undef PL_REFERS
#undef PL_TABLE
#undef PL_COLUMN
#undef PL_END

/* Table + 1, so that 0 is none; each list ends so that none is empty. */
#define PL_REFERS(table, col, other) [PL_C_##table##_##col] = PL_ROWS_##other + 1,
#define PL_TABLE(table, help)        [PL_ROWS_##table] = {
#define PL_COLUMN(table, col, kind, part, ...)
#define PL_END(table)         \
	[PL_COLUMNS_MOST] = 0 \
	}                     \
	,
static const int8_t refers[PL_STORE_TABLES][PL_COLUMNS_MOST + 1] = {
#include "app/notes.def"
#include "app/tables.def"
};
#undef PL_REFERS
#undef PL_TABLE
#undef PL_COLUMN
#undef PL_END

const char *pl_cell_part_name(pl_cell_part part)
{
	static const char *const names[] = {"key",      "unique", "plain",
	                                    "erasable", "sealed", "indexed"};
	return names[part];
}

int pl_state_keys(int table)
{
	const pl_table_kind *t = &pl_state_tables[table];
	int n = 0;
	while (n < t->n_columns && t->column[n].part == PL_PART_KEY) n++;
	return n;
}

int pl_state_refers(int table, int column)
{
	return refers[table][column] - 1;
}

bool pl_state_follows(int table)
{
	for (int i = 0; i < pl_state_tables[table].n_columns; i++)
		if (pl_state_tables[table].column[i].part == PL_PART_SEALED) return false;
	return table < PL_STATE_TABLES;
}

/* ---- rows ---- */

int pl_state_compare(int table, int n, const pl_state_row *a, const pl_state_row *b)
{
	for (int i = 0; i < n; i++) {
		const pl_cell *x = &a->at[i], *y = &b->at[i];
		const int d = pl_state_tables[table].column[i].kind == PL_CELL_TEXT
		                      ? strcmp(x->text, y->text)
		                      : (x->whole > y->whole) - (x->whole < y->whole);
		if (d != 0) return d;
	}
	return 0;
}

static pl_status check_text(const pl_table_kind *t, const pl_column_kind *c, const char *text,
                            pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int64_t n = (int64_t)strlen(text);
	if (n > c->high)
		return pl_fail(err, PL_EARG, -1,
		               "%s.%s: \"%s\" is longer than %" PRId64 " bytes", t->name,
		               c->name, pl_text_brief(brief, text), c->high);
	if (n < c->low)
		return pl_fail(err, PL_EARG, -1,
		               "%s.%s: \"%s\" is shorter than %" PRId64 " bytes", t->name,
		               c->name, pl_text_brief(brief, text), c->low);
	if (pl_utf8_fault(text, n) >= 0)
		return pl_fail(err, PL_EARG, -1, "%s.%s is not valid UTF-8", t->name, c->name);
	return PL_OK;
}

pl_status pl_state_check(int table, const pl_state_row *row, pl_error *err)
{
	const pl_table_kind *t = &pl_state_tables[table];
	for (int i = 0; i < t->n_columns; i++) {
		const pl_column_kind *c = &t->column[i];
		const int64_t x = row->at[i].whole;
		if (c->kind == PL_CELL_TEXT) {
			PL_TRY(check_text(t, c, row->at[i].text, err));
		} else if (x < c->low || x > c->high) {
			return pl_fail(err, PL_EARG, -1,
			               "%s.%s is %" PRId64 "; it lies between %" PRId64
			               " and %" PRId64,
			               t->name, c->name, x, c->low, c->high);
		}
	}
	return PL_OK;
}
