/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* state_tables.c - a file for each table of the state, in the order of its keys. */
#include "base/error.h"
#include "export/parts.h"
#include "io/row.h"

#include <stdio.h>

typedef struct {
	pl_exporting *x;
	int table;
	FILE *to;
} writing;

static void put_header(const writing *w)
{
	const pl_table_kind *t = &pl_state_tables[w->table];
	pl_row out = {w->to, false};
	for (int i = 0; i < t->n_columns; i++)
		if (pl_export_has_part(&w->x->choice, t->column[i].part))
			pl_row_text(&out, t->column[i].name);
	pl_row_end(&out);
}

static bool put_row(void *with, const pl_state_row *row)
{
	const writing *w = with;
	pl_exporting *x = w->x;
	const pl_table_kind *t = &pl_state_tables[w->table];
	pl_row out = {w->to, false};
	if (!pl_export_go_on(x, "tables", w->table, PL_STATE_TABLES)) return false;
	if (x->choice.person > 0 && !pl_export_row_names(w->table, row, x->choice.person))
		return true;
	for (int i = 0; i < t->n_columns; i++) {
		if (!pl_export_has_part(&x->choice, t->column[i].part)) continue;
		if (t->column[i].kind == PL_CELL_TEXT)
			pl_row_safe(&out, row->at[i].text);
		else
			pl_row_whole(&out, row->at[i].whole);
	}
	pl_row_end(&out);
	x->rows[w->table]++;
	return ferror(w->to) == 0;
}

/// Ballots are read vote by vote: those of votes that are open are not even looked at.
static pl_status put_ballots(writing *w, pl_error *err)
{
	const pl_numbers *closed = &w->x->closed;
	for (int64_t i = 0; i < closed->n && !w->x->stopped; i++) {
		const pl_state_row vote = {{PL_WHOLE(closed->at[i])}};
		PL_TRY(pl_store_scan(w->x->store, w->table, 1, &vote, put_row, w, err));
	}
	return PL_OK;
}

static pl_status put_table(pl_exporting *x, int table, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	char name[PL_ZIP_NAME];
	writing w = {.x = x, .table = table};
	(void)snprintf(name, sizeof name, "%s.csv", pl_state_tables[table].name);
	PL_TRY(pl_zip_entry(&w.to, x->zip, name, err));
	put_header(&w);
	PL_TRY(table == PL_ROWS_ballot
	               ? put_ballots(&w, err)
	               : pl_store_scan(x->store, table, 0, &none, put_row, &w, err));
	return pl_export_stopped(x, err);
}

pl_status pl_export_tables(pl_exporting *x, pl_error *err)
{
	for (int t = 0; t < PL_STATE_TABLES; t++)
		if (pl_export_has_table(&x->choice, t)) PL_TRY(put_table(x, t, err));
	return PL_OK;
}
