/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/known.h"

#include "store/store.h"

enum { ROWS_MOST = 50000 };

typedef struct {
	pl_row_visit visit;
	void *with;
	bool found;
} asking;

static bool visit_row(void *with, const pl_state_row *row)
{
	asking *a = with;
	a->found = true;
	if (a->visit != NULL) (void)a->visit(a->with, row);
	return false;
}

bool pl_known_visit(const pl_known *k, int table, const pl_state_row *key, pl_row_visit visit,
                    void *with)
{
	asking a = {.visit = visit, .with = with};
	if (k->rows == NULL) return false;
	(void)k->rows->calls->scan(k->rows, table, pl_state_keys(table), key, visit_row, &a,
	                           NULL);
	return a.found;
}

/// A change that memory allowed is there to stay; one that it did not, leaves nothing.
static void settle(pl_known *k, pl_status st)
{
	if (st == PL_OK)
		(void)k->rows->calls->commit(k->rows, NULL);
	else
		pl_known_clear(k);
}

void pl_known_put(pl_known *k, int table, const pl_state_row *row)
{
	if (k->n >= ROWS_MOST) pl_known_clear(k);
	if (k->rows == NULL && pl_store_memory(&k->rows, NULL) != PL_OK) return;
	const bool there = pl_known_visit(k, table, row, NULL, NULL);
	k->n += !there;
	settle(k, k->rows->calls->put(k->rows, table, row, there, NULL));
}

void pl_known_drop(pl_known *k, int table, const pl_state_row *key)
{
	if (pl_known_visit(k, table, key, NULL, NULL))
		settle(k, k->rows->calls->drop(k->rows, table, key, NULL));
}

void pl_known_clear(pl_known *k)
{
	pl_store_close(k->rows);
	*k = (pl_known){0};
}
