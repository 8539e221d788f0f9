/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whoever writes sees at every step what it changed itself, whatever a store keeps or has yet
 * to send: random steps on a store beside the same steps on a record in memory, every answer
 * compared. Now and then another process writes in between. */
#include "base/random.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <inttypes.h>

enum { STEPS = 6000, IDS = 6 };

/// The same record, twice: which of them is asked, and by whom.
typedef struct {
	pl_store *real, *other, *plain; ///< other: a second process; plain: in memory
	pl_random r;
	bool open, marked;
} both;

/* ---- what is compared ---- */

typedef struct {
	int table;
	int64_t n, most;
	char text[4000];
} heard;

static bool note_row(void *with, const pl_state_row *row)
{
	heard *h = with;
	size_t used = strlen(h->text);
	for (int i = 0; i < pl_state_tables[h->table].n_columns; i++) {
		(void)snprintf(h->text + used, sizeof h->text - used, "%" PRId64 "|%s;",
		               row->at[i].whole, row->at[i].text);
		used = strlen(h->text);
	}
	return ++h->n < h->most;
}

static bool same(const heard *a, const heard *b)
{
	if (a->n != b->n || strcmp(a->text, b->text) != 0)
		fprintf(stderr, "%s: %s\nin memory: %s\n", pl_state_tables[a->table].name,
		        a->text, b->text);
	return a->n == b->n && strcmp(a->text, b->text) == 0;
}

/* ---- random rows ---- */

static int64_t id(both *b)
{
	return pl_random_between(&b->r, 1, IDS);
}

static const char *word(both *b)
{
	static const char *const words[] = {"a", "b", "1", "12", "1 2", "longer than that"};
	return words[pl_random_below(&b->r, sizeof words / sizeof *words)];
}

/// A row whose references stand (people and councils 1..IDS do), or its key alone.
static pl_state_row row_of(both *b, int table)
{
	switch (table) {
	case PL_ROWS_membership:
		return (pl_state_row){{PL_WHOLE(id(b)), PL_WHOLE(id(b)), PL_WHOLE(id(b))}};
	case PL_ROWS_note:
		return (pl_state_row){{PL_TEXT(word(b)), PL_TEXT(word(b)), PL_TEXT(word(b)),
		                       PL_WHOLE(id(b)), PL_WHOLE(id(b))}};
	case PL_ROWS_community:
		return (pl_state_row){
		        {PL_WHOLE(id(b)), PL_TEXT(word(b)), PL_TEXT(word(b)), PL_WHOLE(0)}};
	default:
		return (pl_state_row){{PL_WHOLE(id(b)), PL_TEXT(word(b)), PL_TEXT(word(b)),
		                       PL_WHOLE(id(b)), PL_WHOLE(0)}};
	}
}

static int table_of(both *b)
{
	static const int tables[] = {PL_ROWS_membership, PL_ROWS_membership, PL_ROWS_note,
	                             PL_ROWS_community, PL_ROWS_person};
	return tables[pl_random_below(&b->r, sizeof tables / sizeof *tables)];
}

/* ---- steps ---- */

static void put(both *b)
{
	const int table = table_of(b);
	const pl_state_row row = row_of(b, table);
	const bool there = pl_random_below(&b->r, 2) == 0;
	pl_status (*const how)(pl_store *, int, const pl_state_row *, pl_error *) =
	        there ? pl_store_update : pl_store_insert;
	CHECK(how(b->real, table, &row, NULL) == how(b->plain, table, &row, NULL));
}

static void drop(both *b)
{
	const int table = pl_random_below(&b->r, 2) == 0 ? PL_ROWS_membership : PL_ROWS_note;
	const pl_state_row key = row_of(b, table);
	CHECK(pl_store_remove(b->real, table, &key, NULL) ==
	      pl_store_remove(b->plain, table, &key, NULL));
}

static void scan(both *b)
{
	const int table = table_of(b);
	const pl_state_row key = row_of(b, table);
	const int n = (int)pl_random_between(&b->r, 0, pl_state_keys(table));
	heard h[2] = {{.table = table, .most = pl_random_between(&b->r, 1, 40)}};
	h[1] = h[0];
	CHECK(pl_store_scan(b->real, table, n, &key, note_row, &h[0], NULL) == PL_OK);
	CHECK(pl_store_scan(b->plain, table, n, &key, note_row, &h[1], NULL) == PL_OK);
	CHECK(same(&h[0], &h[1]));
}

static void find(both *b)
{
	const char *code = word(b);
	pl_store *const store[] = {b->real, b->plain};
	int64_t found[2] = {0, 0};
	for (int i = 0; i < 2; i++) {
		pl_found f;
		CHECK(pl_store_find(&f, store[i], PL_ROWS_community, PL_C_community_code, code,
		                    NULL) == PL_OK);
		found[i] = f.found ? f.row.at[PL_C_community_id].whole : 0;
		pl_found_clear(&f);
	}
	CHECK(found[0] == found[1]);
}

static bool count_note(void *with, const pl_note *n)
{
	*(int64_t *)with = *(int64_t *)with * 31 + n->until + (int64_t)strlen(n->value);
	return true;
}

static void notes(both *b)
{
	const int64_t who = id(b), until = pl_random_between(&b->r, 1, 3);
	int64_t sum[2] = {0, 0};
	if (pl_random_below(&b->r, 4) == 0) {
		CHECK(pl_store_notes_expire(b->real, until, NULL) == PL_OK);
		CHECK(pl_store_notes_expire(b->plain, until, NULL) == PL_OK);
	}
	CHECK(pl_store_notes(b->real, NULL, who, count_note, &sum[0], NULL) == PL_OK);
	CHECK(pl_store_notes(b->plain, NULL, who, count_note, &sum[1], NULL) == PL_OK);
	CHECK(sum[0] == sum[1]);
}

/// Append what both say is the next event.
static void append(both *b)
{
	char hash[2][PL_HASH_CHARS] = {"", ""};
	int64_t height[2] = {0, 0}, when[2] = {0, 0};
	CHECK(pl_store_head(&height[0], hash[0], &when[0], b->real, NULL) == PL_OK);
	CHECK(pl_store_head(&height[1], hash[1], &when[1], b->plain, NULL) == PL_OK);
	CHECK(height[0] == height[1] && when[0] == when[1] && strcmp(hash[0], hash[1]) == 0);
	pl_event e = {.height = height[0] + 1,
	              .time = 1000 + pl_random_between(&b->r, 0, 1000000),
	              .actor = 1,
	              .type = "step",
	              .facts = "{}",
	              .texts = "",
	              .salt = ""};
	pl_event_seal(&e, height[0] == 0 ? NULL : hash[0]);
	CHECK(pl_store_append(b->real, &e, NULL) == PL_OK);
	CHECK(pl_store_append(b->plain, &e, NULL) == PL_OK);
}

/// Some things at once, so that more waits than is sent at once.
static void many(both *b)
{
	const pl_state_row list = {{PL_WHOLE(1)}};
	CHECK(pl_store_expect(b->real, PL_ROWS_membership, 1, &list, NULL) == PL_OK);
	for (int i = 0; i < 300; i++) put(b);
}

static void mark(both *b)
{
	CHECK(pl_store_mark(b->real, NULL) == PL_OK && pl_store_mark(b->plain, NULL) == PL_OK);
	b->marked = true;
}

static void undo(both *b)
{
	if (!b->marked) return;
	CHECK(pl_store_undo(b->real, NULL) == PL_OK && pl_store_undo(b->plain, NULL) == PL_OK);
}

static void begin(both *b)
{
	CHECK(pl_store_begin(b->real, NULL) == PL_OK &&
	      pl_store_begin(b->plain, NULL) == PL_OK);
	b->open = true;
	b->marked = false;
}

static void end(both *b)
{
	const bool keep = pl_random_below(&b->r, 3) > 0;
	if (keep) {
		append(b); /* what changes the state is an event */
		CHECK(pl_store_commit(b->real, NULL) == PL_OK);
		CHECK(pl_store_commit(b->plain, NULL) == PL_OK);
	} else {
		pl_store_rollback(b->real);
		pl_store_rollback(b->plain);
	}
	b->open = false;
}

/// Another process writes: what this one knew is no longer so.
static void interrupt(both *b)
{
	pl_store *mine = b->real;
	if (b->other == NULL || pl_random_below(&b->r, 4) > 0) return;
	b->real = b->other;
	begin(b);
	for (int i = 0; i < 3; i++) put(b);
	drop(b);
	end(b);
	b->other = b->real;
	b->real = mine;
}

static void step(both *b)
{
	static void (*const steps[])(both *) = {put,  put,  put,   put,  drop, scan, scan,
	                                        scan, find, notes, mark, undo, end,  append};
	if (!b->open) {
		interrupt(b);
		begin(b);
		return;
	}
	if (pl_random_below(&b->r, 400) == 0)
		many(b);
	else
		steps[pl_random_below(&b->r, sizeof steps / sizeof *steps)](b);
}

static void people_and_councils(both *b)
{
	begin(b);
	for (int64_t i = 1; i <= IDS; i++) {
		char code[16];
		(void)snprintf(code, sizeof code, "c%" PRId64, i);
		const pl_state_row council = {{PL_WHOLE(i), PL_TEXT(code), PL_TEXT(""),
		                               PL_TEXT("workers"), PL_WHOLE(0), PL_TEXT(""),
		                               PL_WHOLE(0)}},
		                   person = {{PL_WHOLE(i), PL_TEXT(""), PL_TEXT(""),
		                              PL_WHOLE(1000), PL_WHOLE(0)}};
		pl_store *const store[] = {b->real, b->plain};
		for (int k = 0; k < 2; k++) {
			CHECK(pl_store_insert(store[k], PL_ROWS_council, &council, NULL) ==
			      PL_OK);
			CHECK(pl_store_insert(store[k], PL_ROWS_person, &person, NULL) ==
			      PL_OK);
		}
	}
	append(b);
	CHECK(pl_store_commit(b->real, NULL) == PL_OK &&
	      pl_store_commit(b->plain, NULL) == PL_OK);
	b->open = false;
}

static void live(const char *address)
{
	char hash[2][PL_HASH_CHARS];
	both b = {.r = pl_random_new(7, 0)};
	pl_error err = {0};
	if (pl_store_open(&b.real, address, true, &err) != PL_OK ||
	    pl_store_open(&b.other, address, false, &err) != PL_OK) {
		fprintf(stderr, "%s: %s\n", address, err.msg);
		abort();
	}
	CHECK(pl_store_memory(&b.plain, NULL) == PL_OK);
	people_and_councils(&b);
	for (int i = 0; i < STEPS; i++) step(&b);
	if (b.open) end(&b);
	CHECK(pl_store_state_hash(hash[0], b.real, NULL) == PL_OK);
	CHECK(pl_store_state_hash(hash[1], b.plain, NULL) == PL_OK);
	CHECK(strcmp(hash[0], hash[1]) == 0);
	pl_store_close(b.other);
	pl_store_close(b.real);
	pl_store_close(b.plain);
}

static void a_writer_sees_at_every_step_what_it_changed_in_a_file(void)
{
	(void)remove("steps.plenum");
	live("sqlite:steps.plenum");
	(void)remove("steps.plenum");
}

static void a_writer_sees_at_every_step_what_it_changed_in_a_database(void)
{
	const char *address = getenv("PLENUM_POSTGRES");
	if (address != NULL) live(address);
}

/// What is sent late is refused late, and then all of it.
static void what_the_database_refuses_takes_the_whole_transaction_with_it(void)
{
	const char *address = getenv("PLENUM_POSTGRES");
	const pl_state_row lost = {{PL_WHOLE(99), PL_WHOLE(99), PL_WHOLE(0)}},
	                   group = {{PL_WHOLE(50), PL_TEXT("fifty"), PL_TEXT(""), PL_WHOLE(0)}};
	pl_error err = {0};
	pl_found f = {0};
	pl_store *s;
	if (address == NULL) return;
	CHECK(pl_store_open(&s, address, true, NULL) == PL_OK);
	CHECK(pl_store_begin(s, NULL) == PL_OK);
	CHECK(pl_store_insert(s, PL_ROWS_community, &group, NULL) == PL_OK);
	CHECK(s->calls->put(s, PL_ROWS_membership, &lost, false, NULL) == PL_OK);
	CHECK(pl_store_commit(s, &err) == PL_EIO);
	CHECK(strstr(err.msg, "membership_council_refers") != NULL &&
	      strstr(err.msg, "nothing was recorded") != NULL);
	CHECK(pl_store_begin(s, NULL) == PL_EIO);
	pl_store_close(s);
	CHECK(pl_store_open(&s, address, false, NULL) == PL_OK);
	CHECK(pl_store_get(&f, s, PL_ROWS_community, &group, NULL) == PL_OK && !f.found);
	pl_store_close(s);
}

int main(void)
{
	RUN(a_writer_sees_at_every_step_what_it_changed_in_a_file);
	RUN(a_writer_sees_at_every_step_what_it_changed_in_a_database);
	RUN(what_the_database_refuses_takes_the_whole_transaction_with_it);
	return pl_test_failed;
}
