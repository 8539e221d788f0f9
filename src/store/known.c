/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/known.h"

#include "base/text.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_MOST = 50000, WHOLE_MOST = 50000 };

typedef struct {
	pl_row_visit visit;
	void *with;
	bool found;
} asking;

static bool visit_row(void *with, const pl_state_row *row)
{
	asking *a = with;
	a->found = true;
	return a->visit != NULL && a->visit(a->with, row);
}

/// Visit what is here. @return was there any?
static bool visit_rows(const pl_known *k, int table, int n_prefix, const pl_state_row *prefix,
                       pl_row_visit visit, void *with)
{
	asking a = {.visit = visit, .with = with};
	if (k->rows == NULL) return false;
	(void)k->rows->calls->scan(k->rows, table, n_prefix, prefix, visit_row, &a, NULL);
	return a.found;
}

/* ---- prefixes ---- */

static bool name_part(pl_bytes *name, const char *from, size_t n)
{
	const pl_status st = pl_bytes_add(name, from, (int64_t)n);
	const bool good = st == PL_OK && pl_bytes_add(name, "", 1) == PL_OK;
	name->n -= good; /* the next part begins where this one ends */
	return good;
}

/// Add a cell to the name of a prefix: no two prefixes of a table have the same one.
static bool name_cell(pl_bytes *name, int table, int column, const pl_cell *cell)
{
	char number[48];
	const bool is_text = pl_state_tables[table].column[column].kind == PL_CELL_TEXT;
	const size_t n = is_text ? strlen(cell->text) : 0;
	const int wrote = is_text ? snprintf(number, sizeof number, " %zu:", n)
	                          : snprintf(number, sizeof number, " %" PRId64, cell->whole);
	return name_part(name, number, (size_t)wrote) && name_part(name, cell->text, n);
}

static bool name_table(pl_bytes *name, const pl_known *k, int table)
{
	char number[48];
	const int wrote = snprintf(number, sizeof number, "%d %" PRId64, table, k->era[table]);
	return name_part(name, number, (size_t)wrote);
}

/// Are all rows known that begin with this prefix, or with a part of it?
static bool is_whole(const pl_known *k, int table, int n_prefix, const pl_state_row *prefix)
{
	pl_bytes name = {0};
	bool whole = false, good = k->whole.n > 0 && name_table(&name, k, table);
	for (int i = 0; good && !whole; i++) {
		whole = pl_names_find(&k->whole, name.at) >= 0;
		good = i < n_prefix && name_cell(&name, table, i, &prefix->at[i]);
	}
	pl_bytes_free(&name);
	return whole;
}

void pl_known_whole(pl_known *k, int64_t age, int table, int n_prefix,
                    const pl_state_row *prefix)
{
	pl_bytes name = {0};
	bool good = k->age == age && k->whole.n < WHOLE_MOST && name_table(&name, k, table);
	for (int i = 0; good && i < n_prefix; i++)
		good = name_cell(&name, table, i, &prefix->at[i]);
	if (good && pl_names_find(&k->whole, name.at) < 0 &&
	    pl_names_reserve(&k->whole, name.at))
		(void)pl_names_put(&k->whole, name.at);
	pl_bytes_free(&name);
}

/* ---- rows ---- */

bool pl_known_scan(const pl_known *k, int table, int n_prefix, const pl_state_row *prefix,
                   pl_row_visit visit, void *with)
{
	const bool one = n_prefix == pl_state_keys(table);
	if (one && visit_rows(k, table, n_prefix, prefix, visit, with)) return true;
	if (!is_whole(k, table, n_prefix, prefix)) return false;
	if (!one) (void)visit_rows(k, table, n_prefix, prefix, visit, with);
	return true;
}

/// A change that memory allowed is there to stay; one that it did not, leaves nothing.
static void settle(pl_known *k, pl_status st)
{
	if (st == PL_OK)
		(void)k->rows->calls->commit(k->rows, NULL);
	else
		pl_known_clear(k);
}

static bool is_here(const pl_known *k, int table, const pl_state_row *key)
{
	return visit_rows(k, table, pl_state_keys(table), key, NULL, NULL);
}

void pl_known_put(pl_known *k, int table, const pl_state_row *row)
{
	if (k->n >= ROWS_MOST || k->whole.n >= WHOLE_MOST) pl_known_clear(k);
	if (k->rows == NULL && pl_store_memory(&k->rows, NULL) != PL_OK) {
		pl_known_clear(k);
		return;
	}
	const bool there = is_here(k, table, row);
	k->n += !there;
	settle(k, k->rows->calls->put(k->rows, table, row, there, NULL));
}

void pl_known_follow(pl_known *k, int table, const pl_state_row *row)
{
	if (is_here(k, table, row) || is_whole(k, table, pl_state_keys(table), row))
		pl_known_put(k, table, row);
}

void pl_known_drop(pl_known *k, int table, const pl_state_row *key)
{
	if (is_here(k, table, key)) settle(k, k->rows->calls->drop(k->rows, table, key, NULL));
}

void pl_known_forget(pl_known *k, int table, const pl_state_row *key)
{
	k->era[table]++;
	pl_known_drop(k, table, key);
}

void pl_known_clear(pl_known *k)
{
	pl_store_close(k->rows);
	pl_names_clear(&k->whole);
	*k = (pl_known){.age = k->age + 1};
}
