/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* note.c - what a server remembers beside the record. The stores keep it as one more table. */
#include "app/store.h"

#include "app/app.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

static pl_state_row key_of(const char *kind, const char *key)
{
	return (pl_state_row){{PL_TEXT(kind), PL_TEXT(key)}};
}

static pl_note note_of(const pl_state_row *row)
{
	return (pl_note){.kind = row->at[PL_C_note_kind].text,
	                 .key = row->at[PL_C_note_key].text,
	                 .value = row->at[PL_C_note_value].text,
	                 .person = row->at[PL_C_note_person].whole,
	                 .until = row->at[PL_C_note_until].whole};
}

static bool mark_found(void *with, const pl_state_row *row)
{
	(void)row;
	*(bool *)with = true;
	return false;
}

static pl_status is_there(bool *there, pl_store *s, const pl_state_row *key, pl_error *err)
{
	*there = false;
	return s->calls->scan(s, PL_ROWS_note, pl_state_keys(PL_ROWS_note), key, mark_found,
	                      there, err);
}

pl_status pl_store_note(pl_store *s, const pl_note *n, pl_error *err)
{
	const pl_state_row row = {{PL_TEXT(n->kind), PL_TEXT(n->key), PL_TEXT(n->value),
	                           PL_WHOLE(n->person), PL_WHOLE(n->until)}};
	bool there;
	PL_TRY(pl_state_check(PL_ROWS_note, &row, err));
	PL_TRY(is_there(&there, s, &row, err));
	return s->calls->put(s, PL_ROWS_note, &row, there, err);
}

void pl_note_found_clear(pl_note_found *f)
{
	pl_found_clear(&f->row);
	*f = (pl_note_found){0};
}

pl_status pl_store_note_find(pl_note_found *out, pl_store *s, const char *kind, const char *key,
                             pl_error *err)
{
	const pl_state_row row = key_of(kind, key);
	*out = (pl_note_found){0};
	PL_TRY(pl_store_get(&out->row, s, PL_ROWS_note, &row, err));
	out->found = out->row.found;
	if (out->found) out->note = note_of(&out->row.row);
	return PL_OK;
}

pl_status pl_store_note_drop(bool *was, pl_store *s, const char *kind, const char *key,
                             pl_error *err)
{
	const pl_state_row row = key_of(kind, key);
	PL_TRY(is_there(was, s, &row, err));
	return *was ? s->calls->drop(s, PL_ROWS_note, &row, err) : PL_OK;
}

typedef struct {
	const char *kind; ///< NULL: all
	pl_note_visit visit;
	void *with;
} visiting;

static bool visit_note(void *with, const pl_state_row *row)
{
	const visiting *v = with;
	const pl_note n = note_of(row);
	return (v->kind != NULL && strcmp(v->kind, n.kind) != 0) || v->visit(v->with, &n);
}

pl_status pl_store_notes(pl_store *s, const char *kind, int64_t person, pl_note_visit visit,
                         void *with, pl_error *err)
{
	const pl_range about = {person, person};
	visiting v = {kind, visit, with};
	if (person > 0)
		return s->calls->between(s, PL_ROWS_note, PL_C_note_person, &about, visit_note,
		                         &v, err);
	const pl_state_row row = key_of(kind == NULL ? "" : kind, "");
	return pl_store_scan(s, PL_ROWS_note, kind == NULL ? 0 : 1, &row, visit_note, &v, err);
}

pl_status pl_store_notes_expire(pl_store *s, int64_t now, pl_error *err)
{
	const pl_range over = {0, now - 1};
	return s->calls->drop_between(s, PL_ROWS_note, PL_C_note_until, &over, err);
}

/* ---- a record that was moved ---- */

static const char moved_key[] = "to";

pl_status pl_store_mark_moved(pl_store *s, const char *to, pl_error *err)
{
	const pl_note mark = {PL_NOTE_MOVED, moved_key, to, 0, PL_TIME_END};
	return pl_store_note(s, &mark, err);
}

pl_status pl_store_moved(char out[PL_SAID_MOST], pl_store *s, pl_error *err)
{
	pl_note_found f;
	out[0] = '\0';
	PL_TRY(pl_store_note_find(&f, s, PL_NOTE_MOVED, moved_key, err));
	if (f.found) (void)snprintf(out, PL_SAID_MOST, "%s", f.note.value);
	pl_note_found_clear(&f);
	return PL_OK;
}
