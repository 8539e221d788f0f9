/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* store.c - what all stores have in common: what may stand in the state, and its hash. Every
 * change goes through here, so that all stores refuse the same in the same words; what the
 * database itself declares is a second line behind it. */
#include "app/store.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

void pl_store_close(pl_store *s)
{
	if (s != NULL) s->calls->close(s);
}

/// Tables of an older version are not read: a column may be missing.
static pl_status check_version(const pl_store *s, pl_error *err)
{
	if (s->older == 0) return PL_OK;
	return pl_fail(err, PL_EPARSE, -1,
	               "the record has version %" PRId64
	               " of the tables, and this program works with version %d: plenum doctor "
	               "--migrate brings them up to date, and keeps a copy",
	               s->older, (int)PL_STORE_VERSION);
}

static pl_status check_moved(pl_store *s, pl_error *err)
{
	char to[PL_SAID_MOST];
	PL_TRY(pl_store_moved(to, s, err));
	if (to[0] == '\0') return PL_OK;
	return pl_fail(
	        err, PL_ECONFLICT, -1,
	        "this record was moved to %s and goes on there; nothing more is recorded "
	        "here",
	        to);
}

pl_status pl_store_begin(pl_store *s, pl_error *err)
{
	PL_TRY(check_version(s, err));
	PL_TRY(s->calls->begin(s, err));
	const pl_status st = check_moved(s, err);
	if (st != PL_OK) s->calls->rollback(s);
	return st;
}

pl_status pl_store_look(pl_store *s, pl_error *err)
{
	return s->calls->look(s, err);
}

pl_status pl_store_commit(pl_store *s, pl_error *err)
{
	return s->calls->commit(s, err);
}

void pl_store_rollback(pl_store *s)
{
	s->calls->rollback(s);
}

pl_status pl_store_mark(pl_store *s, pl_error *err)
{
	return s->calls->mark(s, err);
}

pl_status pl_store_undo(pl_store *s, pl_error *err)
{
	return s->calls->undo(s, err);
}

/* ---- an older version ---- */

pl_status pl_store_rebuild(pl_store *s, char kept[PL_KEPT_CHARS], pl_error *err)
{
	kept[0] = '\0';
	return s->older == 0 ? PL_OK : s->calls->rebuild(s, kept, err);
}

pl_status pl_store_carry(pl_store *s, int table, pl_error *err)
{
	return s->calls->carry(s, table, err);
}

pl_status pl_store_rebuilt(pl_store *s, pl_error *err)
{
	if (s->calls->rebuilt != NULL) PL_TRY(s->calls->rebuilt(s, err));
	PL_TRY(s->calls->commit(s, err));
	s->older = 0;
	return PL_OK;
}

pl_status pl_store_inspect(pl_store *s, char said[PL_SAID_MOST], pl_error *err)
{
	said[0] = '\0';
	return s->calls->inspect == NULL ? PL_OK : s->calls->inspect(s, said, err);
}

/* ---- events ---- */

pl_status pl_store_append(pl_store *s, const pl_event *e, pl_error *err)
{
	return s->calls->append(s, e, err);
}

pl_status pl_store_erase(pl_store *s, int64_t height, pl_error *err)
{
	return s->calls->erase(s, height, err);
}

pl_status pl_store_events(pl_store *s, int64_t from, pl_event_visit visit, void *with,
                          pl_error *err)
{
	return s->calls->events(s, from, visit, with, err);
}

typedef struct {
	int64_t height, time;
	char hash[PL_HASH_CHARS];
} head;

static bool note_head(void *with, const pl_event *e)
{
	head *h = with;
	h->height = e->height;
	h->time = e->time;
	memcpy(h->hash, e->hash, PL_HASH_CHARS);
	return true;
}

pl_status pl_store_head(int64_t *height, char hash[PL_HASH_CHARS], int64_t *time, pl_store *s,
                        pl_error *err)
{
	head h = {0};
	if (s->calls->head != NULL && s->calls->head(s, height, hash, time)) return PL_OK;
	PL_TRY(s->calls->events(s, PL_LAST_EVENT, note_head, &h, err));
	*height = h.height;
	*time = h.time;
	memcpy(hash, h.hash, PL_HASH_CHARS);
	return PL_OK;
}

static bool note_time(void *with, const pl_event *e)
{
	*(int64_t *)with = e->time;
	return false;
}

pl_status pl_store_since(int64_t *height, pl_store *s, int64_t since, pl_error *err)
{
	char hash[PL_HASH_CHARS];
	int64_t low = 1, high, time;
	PL_TRY(pl_store_head(&high, hash, &time, s, err));
	while (low < high) {
		const int64_t middle = low + (high - low) / 2;
		PL_TRY(pl_store_events(s, middle, note_time, &time, err));
		if (time < since)
			low = middle + 1;
		else
			high = middle;
	}
	*height = low;
	return PL_OK;
}

/* ---- reading ---- */

void pl_found_clear(pl_found *f)
{
	for (int i = 0; i < PL_COLUMNS_MOST; i++) pl_free(f->text[i]);
	*f = (pl_found){0};
}

static char *copy_of(const char *text)
{
	const size_t n = strlen(text) + 1;
	char *copy = pl_alloc((int64_t)n, 1);
	if (copy != NULL) memcpy(copy, text, n);
	return copy;
}

static bool keep_row(void *with, const pl_state_row *row)
{
	pl_found *f = with;
	const pl_table_kind *t = &pl_state_tables[f->table];
	f->found = true;
	f->row = *row;
	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].kind != PL_CELL_TEXT) continue;
		f->text[i] = copy_of(row->at[i].text);
		f->row.at[i].text = f->text[i];
		if (f->text[i] == NULL) f->short_of_memory = true;
	}
	return false;
}

static pl_status kept(pl_found *f, pl_status status, pl_error *err)
{
	if (status == PL_OK && !f->short_of_memory) return PL_OK;
	pl_found_clear(f);
	if (status != PL_OK) return status;
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a row of the record");
}

pl_status pl_store_get(pl_found *out, pl_store *s, int table, const pl_state_row *key,
                       pl_error *err)
{
	*out = (pl_found){.table = table};
	PL_TRY(check_version(s, err));
	return kept(out,
	            s->calls->scan(s, table, pl_state_keys(table), key, keep_row, out, err),
	            err);
}

pl_status pl_store_find(pl_found *out, pl_store *s, int table, int column, const char *text,
                        pl_error *err)
{
	assert(pl_state_tables[table].column[column].part == PL_PART_UNIQUE);
	*out = (pl_found){.table = table};
	PL_TRY(check_version(s, err));
	return kept(out, s->calls->find(s, table, column, text, keep_row, out, err), err);
}

pl_status pl_store_scan(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                        pl_row_visit visit, void *with, pl_error *err)
{
	assert(n_prefix <= pl_state_keys(table));
	PL_TRY(check_version(s, err));
	return s->calls->scan(s, table, n_prefix, prefix, visit, with, err);
}

static bool see_enough(void *with, const pl_state_row *row)
{
	(void)with;
	(void)row;
	return false;
}

pl_status pl_store_expect(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                          pl_error *err)
{
	return pl_store_scan(s, table, n_prefix, prefix, see_enough, NULL, err);
}

void pl_store_fresh(pl_store *s, int table, int n_prefix, const pl_state_row *prefix)
{
	if (s->calls->fresh != NULL) s->calls->fresh(s, table, n_prefix, prefix);
}

/* ---- changing ---- */

static bool note_row(void *with, const pl_state_row *row)
{
	(void)row;
	*(bool *)with = true;
	return false;
}

static pl_status is_there(bool *there, pl_store *s, int table, const pl_state_row *key,
                          pl_error *err)
{
	*there = false;
	return s->calls->scan(s, table, pl_state_keys(table), key, note_row, there, err);
}

/// Does each column that refers to another table name a row of it?
static pl_status check_references(pl_store *s, int table, const pl_state_row *row,
                                  pl_error *err)
{
	const pl_table_kind *t = &pl_state_tables[table];
	for (int i = 0; i < t->n_columns; i++) {
		const int other = pl_state_refers(table, i);
		const int64_t id = row->at[i].whole;
		if (other < 0 || id == 0) continue;
		bool there;
		const pl_state_row key = {{PL_WHOLE(id)}};
		PL_TRY(is_there(&there, s, other, &key, err));
		if (!there)
			return pl_fail(err, PL_EARG, -1, "there is no %s %" PRId64,
			               pl_state_tables[other].name, id);
	}
	return PL_OK;
}

typedef struct {
	int table;
	const pl_state_row *own;
	bool taken;
} rival;

static bool note_rival(void *with, const pl_state_row *row)
{
	rival *r = with;
	r->taken = pl_state_compare(r->table, pl_state_keys(r->table), row, r->own) != 0;
	return !r->taken;
}

/// Does another row have a text of this one that is to be unique?
static pl_status check_unique(pl_store *s, int table, const pl_state_row *row, pl_error *err)
{
	const pl_table_kind *t = &pl_state_tables[table];
	char brief[PL_BRIEF_CHARS];
	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].part != PL_PART_UNIQUE || row->at[i].text[0] == '\0') continue;
		rival r = {table, row, false};
		PL_TRY(s->calls->find(s, table, i, row->at[i].text, note_rival, &r, err));
		if (r.taken)
			return pl_fail(err, PL_EARG, -1,
			               "there is a %s already whose %s is \"%s\"", t->name,
			               t->column[i].name,
			               pl_text_brief(brief, row->at[i].text));
	}
	return PL_OK;
}

pl_status pl_store_insert_new(pl_store *s, int table, const pl_state_row *row, pl_error *err)
{
	PL_TRY(pl_state_check(table, row, err));
	PL_TRY(check_references(s, table, row, err));
	PL_TRY(check_unique(s, table, row, err));
	return s->calls->put(s, table, row, false, err);
}

static pl_status put(pl_store *s, int table, const pl_state_row *row, bool there, pl_error *err)
{
	bool found;
	PL_TRY(pl_state_check(table, row, err));
	PL_TRY(is_there(&found, s, table, row, err));
	if (found && !there)
		return pl_fail(err, PL_EARG, -1, "this %s is there already",
		               pl_state_tables[table].name);
	if (!found && there)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no such %s",
		               pl_state_tables[table].name);
	PL_TRY(check_references(s, table, row, err));
	PL_TRY(check_unique(s, table, row, err));
	return s->calls->put(s, table, row, there, err);
}

pl_status pl_store_insert(pl_store *s, int table, const pl_state_row *row, pl_error *err)
{
	return put(s, table, row, false, err);
}

pl_status pl_store_update(pl_store *s, int table, const pl_state_row *row, pl_error *err)
{
	return put(s, table, row, true, err);
}

pl_status pl_store_remove(pl_store *s, int table, const pl_state_row *key, pl_error *err)
{
	bool found;
	PL_TRY(is_there(&found, s, table, key, err));
	if (!found)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no such %s",
		               pl_state_tables[table].name);
	return s->calls->drop(s, table, key, err);
}

/* ---- the state's hash ---- */

typedef struct {
	crypto_hash_sha256_state sha;
	int table;
} hashing;

static void add_line(hashing *h, const char *text)
{
	(void)crypto_hash_sha256_update(&h->sha, (const unsigned char *)text, strlen(text));
	(void)crypto_hash_sha256_update(&h->sha, (const unsigned char *)"\n", 1);
}

static bool add_row(void *with, const pl_state_row *row)
{
	hashing *h = with;
	const pl_table_kind *t = &pl_state_tables[h->table];
	char number[64];
	add_line(h, t->name);
	for (int i = 0; i < t->n_columns; i++) {
		if (t->column[i].part == PL_PART_ERASABLE) continue;
		if (t->column[i].kind == PL_CELL_TEXT) {
			/* the length first: no text can then pass for two cells */
			(void)snprintf(number, sizeof number, "%zu", strlen(row->at[i].text));
			add_line(h, number);
			add_line(h, row->at[i].text);
		} else {
			(void)snprintf(number, sizeof number, "%" PRId64, row->at[i].whole);
			add_line(h, number);
		}
	}
	return true;
}

pl_status pl_store_state_hash(char out[PL_HASH_CHARS], pl_store *s, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	unsigned char sum[crypto_hash_sha256_BYTES];
	hashing h;
	PL_TRY(check_version(s, err));
	(void)crypto_hash_sha256_init(&h.sha);
	for (h.table = 0; h.table < PL_STATE_TABLES; h.table++) {
		if (!pl_state_follows(h.table)) continue;
		PL_TRY(s->calls->scan(s, h.table, 0, &none, add_row, &h, err));
	}
	(void)crypto_hash_sha256_final(&h.sha, sum);
	(void)sodium_bin2hex(out, PL_HASH_CHARS, sum, sizeof sum);
	return PL_OK;
}
