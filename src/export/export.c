/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "export/export.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "export/parts.h"

#include <inttypes.h>
#include <string.h>

bool pl_export_go_on(pl_exporting *x, const char *what, int64_t done, int64_t all)
{
	if (x->watch != NULL && !x->watch(x->with, what, done, all)) x->stopped = true;
	return !x->stopped;
}

pl_status pl_export_stopped(const pl_exporting *x, pl_error *err)
{
	if (!x->stopped) return PL_OK;
	return pl_fail(err, PL_ESTOPPED, -1, "stopped; nothing was written");
}

bool pl_export_has_table(const pl_export_choice *c, int table)
{
	return c->person == 0 || pl_export_may_name(table);
}

bool pl_export_has_part(const pl_export_choice *c, pl_cell_part part)
{
	return c->texts || part != PL_PART_ERASABLE;
}

/* ---- what is looked up before anything is written ---- */

static bool note_number(pl_numbers *list, int64_t number)
{
	if (list->n == list->room) {
		const int64_t room = pl_grow_room(list->room, list->n + 1);
		int64_t *more = pl_grow(list->at, list->n, room, sizeof *more);
		list->failed = more == NULL;
		if (list->failed) return false;
		list->at = more;
		list->room = room;
	}
	list->at[list->n++] = number;
	return true;
}

static bool note_closed(void *with, const pl_state_row *row)
{
	if (strcmp(row->at[PL_C_vote_state].text, "closed") != 0) return true;
	return note_number(with, row->at[PL_C_vote_id].whole);
}

static bool note_apart(void *with, const pl_state_row *row)
{
	return note_number(with, row->at[PL_C_apart_height].whole);
}

static pl_status look_up_person(pl_exporting *x, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(x->choice.person)}};
	pl_found f;
	if (x->choice.person == 0) return PL_OK;
	PL_TRY(pl_store_get(&f, x->store, PL_ROWS_person, &key, err));
	const bool there = f.found;
	pl_found_clear(&f);
	if (!there)
		return pl_fail(err, PL_ENOTFOUND, -1, "the record has no person %" PRId64,
		               x->choice.person);
	return pl_store_scan(x->store, PL_ROWS_apart, 1, &key, note_apart, &x->apart, err);
}

static pl_status look_up(pl_exporting *x, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	PL_TRY(pl_store_head(&x->events, x->head, &x->time, x->store, err));
	if (x->events == 0) return pl_fail(err, PL_EARG, -1, "the record has no events");
	PL_TRY(look_up_person(x, err));
	PL_TRY(pl_store_scan(x->store, PL_ROWS_vote, 0, &none, note_closed, &x->closed, err));
	if (x->apart.failed || x->closed.failed)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to export the record");
	return PL_OK;
}

/* ---- all of it ---- */

static pl_status write_all(pl_exporting *x, pl_error *err)
{
	PL_TRY(look_up(x, err));
	PL_TRY(pl_export_tables(x, err));
	PL_TRY(pl_export_events(x, err));
	if (x->choice.person == 0) PL_TRY(pl_export_rounds(x, err));
	PL_TRY(pl_export_columns(x, err));
	return pl_export_readme(x, err);
}

static bool show_packing(void *with, double done)
{
	enum { PARTS = 100 };
	return pl_export_go_on(with, "packed", (int64_t)(done * PARTS), PARTS);
}

pl_status pl_export_zip(const char *path, pl_store *store, pl_store *scratch,
                        const pl_export_choice *choice, pl_export_watch watch, void *with,
                        pl_error *err)
{
	pl_exporting x = {.store = store,
	                  .scratch = scratch,
	                  .choice = *choice,
	                  .watch = watch,
	                  .with = with};
	if (choice->person > 0) x.choice.texts = true;
	PL_TRY(pl_zip_open(&x.zip, path, x.choice.texts, err));
	pl_status st = pl_store_look(store, err);
	if (st == PL_OK) st = write_all(&x, err);
	pl_store_rollback(store);
	if (st == PL_OK)
		st = pl_zip_commit(x.zip, show_packing, &x, err);
	else
		pl_zip_abandon(x.zip);
	pl_free(x.apart.at);
	pl_free(x.closed.at);
	pl_bytes_free(&x.left_out);
	return st;
}
