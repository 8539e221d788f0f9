/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look.c - views: rows of the state as JSON, in one look of the store. */
#include "app/looks.h"

#include "app/deed.h"
#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVERYBODY true
#define PERSON    false
const pl_look_kind pl_looks[PL_LOOKS] = {
#define PL_LOOK(look, path, who, help) [PL_LOOK_##look] = {#look, path, help, who},
#include "app/looks.def"
#undef PL_LOOK
};

static pl_look_draw *const draws[PL_LOOKS] = {
#define PL_LOOK(look, path, who, help) [PL_LOOK_##look] = pl_look_##look,
#include "app/looks.def"
#undef PL_LOOK
};

pl_status pl_look_no_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the view");
}

/* ---- rows ---- */

/// May this person see the column of this row?
static bool shows(const pl_looking *l, int table, int column, const pl_state_row *row)
{
	if (pl_state_tables[table].column[column].part == PL_PART_SEALED) return l->opened;
	if (table != PL_ROWS_person || column != PL_C_person_contact) return true;
	return l->trusted || row->at[PL_C_person_id].whole == l->look->actor;
}

json_t *pl_look_row(const pl_looking *l, int table, const pl_state_row *row)
{
	json_t *out = json_object();
	for (int i = 0; i < pl_state_tables[table].n_columns && out != NULL; i++) {
		const pl_column_kind *c = &pl_state_tables[table].column[i];
		if (!shows(l, table, i, row)) continue;
		json_t *value = c->kind == PL_CELL_WHOLE ? json_integer(row->at[i].whole)
		                                         : json_string(row->at[i].text);
		if (json_object_set_new(out, c->name, value) == 0) continue;
		json_decref(out);
		out = NULL;
	}
	return out;
}

typedef struct {
	const pl_looking *l;
	int table;
	json_t *list;
	pl_look_wanted *wanted;
	const void *with;
	bool failed;
} listing;

static bool add_row(void *with, const pl_state_row *row)
{
	listing *g = with;
	if (g->wanted != NULL && !g->wanted(g->with, row)) return true;
	g->failed = json_array_append_new(g->list, pl_look_row(g->l, g->table, row)) != 0;
	return !g->failed;
}

pl_status pl_look_list(json_t **out, const pl_looking *l, int table, int n_prefix,
                       const pl_state_row *prefix, pl_look_wanted *wanted, const void *with,
                       pl_error *err)
{
	listing g = {
	        .l = l, .table = table, .list = json_array(), .wanted = wanted, .with = with};
	*out = NULL;
	if (g.list == NULL) return pl_look_no_memory(err);
	pl_status st = pl_store_scan(l->store, table, n_prefix, prefix, add_row, &g, err);
	if (st == PL_OK && g.failed) st = pl_look_no_memory(err);
	if (st == PL_OK)
		*out = g.list;
	else
		json_decref(g.list);
	return st;
}

pl_status pl_look_set(json_t *to, const char *key, json_t *value, pl_error *err)
{
	return json_object_set_new(to, key, value) == 0 ? PL_OK : pl_look_no_memory(err);
}

pl_status pl_look_get(json_t **out, const pl_looking *l, int table, int64_t id, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(id)}};
	pl_found f;
	*out = NULL;
	PL_TRY(pl_store_get(&f, l->store, table, &key, err));
	const bool found = f.found;
	if (found) *out = pl_look_row(l, table, &f.row);
	pl_found_clear(&f);
	if (found) return *out != NULL ? PL_OK : pl_look_no_memory(err);
	return pl_fail(err, PL_ENOTFOUND, -1, "there is no %s %" PRId64,
	               pl_state_tables[table].name, id);
}

int64_t pl_look_limit(const pl_looking *l)
{
	return l->look->limit > 0 ? l->look->limit : PL_LOOK_PAGE;
}

/* ---- rows of any table, by page ---- */

/// Tables that are the record's own: numbers given, texts to erase.
static bool is_private(int table)
{
	return table == PL_ROWS_counter || table == PL_ROWS_apart;
}

static pl_status table_of(int *out, const char *name, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	for (*out = 0; *out < PL_STATE_TABLES; ++*out)
		if (!is_private(*out) && strcmp(pl_state_tables[*out].name, name) == 0)
			return PL_OK;
	return pl_fail(err, PL_ENOTFOUND, -1, "there is no table \"%s\"",
	               pl_text_brief(brief, name));
}

/// The beginning of a key from a path such as "1/2/wants". Cuts the text up.
static pl_status read_key(pl_state_row *key, int *n, int table, char *text, pl_error *err)
{
	const pl_table_kind *t = &pl_state_tables[table];
	*key = (pl_state_row){{{0}}};
	for (*n = 0; text != NULL && text[0] != '\0'; ++*n) {
		char *next = strchr(text, '/'), *end = NULL;
		if (next != NULL) *next++ = '\0';
		if (*n == pl_state_keys(table))
			return pl_fail(err, PL_ENOTFOUND, -1, "the key of %s is shorter",
			               t->name);
		if (t->column[*n].kind == PL_CELL_TEXT)
			key->at[*n] = PL_TEXT(text);
		else
			key->at[*n] = PL_WHOLE(strtoll(text, &end, 10));
		if (end != NULL && (*end != '\0' || end == text))
			return pl_fail(err, PL_ENOTFOUND, -1, "%s.%s is a number", t->name,
			               t->column[*n].name);
		text = next;
	}
	return PL_OK;
}

typedef struct {
	listing rows;
	const pl_state_row *after; ///< NULL: from the first
	int table;
	int64_t n;
	bool more;
} paging;

static bool add_to_page(void *with, const pl_state_row *row)
{
	paging *p = with;
	if (p->after != NULL &&
	    pl_state_compare(p->table, pl_state_keys(p->table), row, p->after) <= 0)
		return true;
	p->more = p->n == pl_look_limit(p->rows.l);
	if (p->more) return false;
	p->n++;
	return add_row(&p->rows, row);
}

/// Where a page ended: the key of its last row, split at /.
static json_t *end_of(int table, const json_t *list)
{
	char text[1024] = "";
	const json_t *row = json_array_get(list, json_array_size(list) - 1);
	for (int i = 0; i < pl_state_keys(table); i++) {
		const json_t *cell =
		        json_object_get(row, pl_state_tables[table].column[i].name);
		const size_t n = strlen(text);
		if (json_is_string(cell))
			(void)snprintf(text + n, sizeof text - n, "%s%s", i > 0 ? "/" : "",
			               json_string_value(cell));
		else
			(void)snprintf(text + n, sizeof text - n, "%s%lld", i > 0 ? "/" : "",
			               (long long)json_integer_value(cell));
	}
	return json_string(text);
}

/// Ballots are for nobody until their vote is closed.
static pl_status open_ballots(pl_looking *l, int table, const pl_state_row *key, int n_key,
                              pl_error *err)
{
	json_t *vote;
	if (table != PL_ROWS_ballot) return PL_OK;
	if (n_key == 0)
		return pl_fail(err, PL_ENOTFOUND, -1, "ballots are listed vote by vote");
	PL_TRY(pl_look_get(&vote, l, PL_ROWS_vote, key->at[0].whole, err));
	l->opened = strcmp(json_string_value(json_object_get(vote, "state")), "closed") == 0;
	json_decref(vote);
	if (l->opened) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1, "ballots are published when their vote is closed");
}

static pl_status draw_page(json_t *out, paging *p, const pl_looking *l, int n,
                           const pl_state_row *key, pl_error *err)
{
	p->rows = (listing){.l = l, .table = p->table, .list = json_array()};
	PL_TRY(pl_look_set(out, "rows", p->rows.list, err));
	PL_TRY(pl_store_scan(l->store, p->table, n, key, add_to_page, p, err));
	if (p->rows.failed) return pl_look_no_memory(err);
	return p->more ? pl_look_set(out, "next", end_of(p->table, p->rows.list), err) : PL_OK;
}

pl_status pl_look_rows(json_t *out, pl_looking *l, pl_error *err)
{
	char rest[PL_LOOK_TEXT], after[PL_LOOK_TEXT];
	pl_state_row key, last;
	int n, n_last = 0;
	paging p = {.table = 0};
	(void)snprintf(rest, sizeof rest, "%s", l->rest);
	(void)snprintf(after, sizeof after, "%s", l->look->after == NULL ? "" : l->look->after);
	PL_TRY(table_of(&p.table, l->table, err));
	PL_TRY(read_key(&key, &n, p.table, rest, err));
	PL_TRY(read_key(&last, &n_last, p.table, after, err));
	if (n_last == pl_state_keys(p.table)) p.after = &last;
	if (n_last > 0 && p.after == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "\"after\" is what the page before calls next");
	PL_TRY(open_ballots(l, p.table, &key, n, err));
	return draw_page(out, &p, l, n, &key, err);
}

/* ---- which view ---- */

/// Read what stands for a part of the pattern in braces. @return where it ends; NULL: nothing
static const char *read_part(pl_looking *l, const char *pattern, const char *at)
{
	const size_t n = strcspn(at, "/");
	char *end;
	if (strncmp(pattern, "{rest}", 6) == 0) {
		(void)snprintf(l->rest, sizeof l->rest, "%s", at);
		return strlen(at) < sizeof l->rest ? at + strlen(at) : NULL;
	}
	if (n == 0 || n >= sizeof l->table) return NULL;
	if (strncmp(pattern, "{table}", 7) == 0) {
		(void)snprintf(l->table, sizeof l->table, "%.*s", (int)n, at);
		return at + n;
	}
	if (at[0] < '0' || at[0] > '9') return NULL;
	l->number[l->n_numbers++] = strtoll(at, &end, 10);
	return end == at + n ? end : NULL;
}

static bool matches(pl_looking *l, const char *pattern, const char *path)
{
	l->n_numbers = 0;
	l->rest[0] = '\0';
	while (*pattern != '\0') {
		if (*pattern == '{') {
			path = read_part(l, pattern, path);
			if (path == NULL) return false;
			pattern = strchr(pattern, '}') + 1;
		} else if (*pattern == *path) {
			pattern++;
			path++;
		} else {
			/* "/rows/person" is "/rows/person/" */
			return *path == '\0' && strcmp(pattern, "/{rest}") == 0;
		}
	}
	return *path == '\0';
}

static int look_of(pl_looking *l, const char *path)
{
	for (int i = 0; i < PL_LOOKS; i++)
		if (matches(l, pl_looks[i].path, path)) return i;
	return -1;
}

static pl_status know_actor(pl_looking *l, bool everybody, pl_error *err)
{
	pl_deed d = {.store = l->store, .actor = l->look->actor, .time = l->look->now};
	json_t *person = NULL;
	bool administers = false;
	if (l->look->actor > 0)
		PL_TRY(pl_look_get(&person, l, PL_ROWS_person, l->look->actor, err));
	const bool erased =
	        person == NULL || json_integer_value(json_object_get(person, "erased")) != 0;
	json_decref(person);
	if (erased && !everybody) return pl_fail(err, PL_EDENIED, -1, "log in to see this");
	PL_TRY(pl_has_mandate(&l->trusted, &d, d.actor, 0, "facilitator", err));
	PL_TRY(pl_has_mandate(&administers, &d, d.actor, 0, "administrator", err));
	l->trusted = l->trusted || administers;
	return PL_OK;
}

static pl_status draw(json_t *out, pl_looking *l, int which, pl_error *err)
{
	PL_TRY(know_actor(l, pl_looks[which].everybody, err));
	return draws[which](out, l, err);
}

pl_status pl_app_look(char **json, pl_store *s, const pl_look *look, pl_error *err)
{
	pl_looking l = {.store = s, .look = look};
	char brief[PL_BRIEF_CHARS];
	const int which = look_of(&l, look->path);
	*json = NULL;
	if (which < 0)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is nothing at \"%s\"",
		               pl_text_brief(brief, look->path));
	json_t *out = json_object();
	if (out == NULL) return pl_look_no_memory(err);
	pl_status st = pl_store_look(s, err);
	if (st == PL_OK) {
		st = draw(out, &l, which, err);
		pl_store_rollback(s);
	}
	if (st == PL_OK) {
		*json = pl_json_text(out);
		if (*json == NULL) st = pl_look_no_memory(err);
	}
	json_decref(out);
	return st;
}
