/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every store does the same: each test runs on each of them. What a store holds is compared
 * with a record in memory, and memory with rows that the test keeps itself. */
#include "base/random.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <inttypes.h>
#include <sys/wait.h>
#include <unistd.h>

/* PLENUM_POSTGRES, as tests/conformance/with-postgres sets it, adds a third. */
static const char *addresses[] = {"memory:", "sqlite:conformance.plenum", NULL};
static int n_stores = 2;

static void add_postgres(void)
{
	const char *address = getenv("PLENUM_POSTGRES");
	if (address != NULL) addresses[n_stores++] = address;
}

/// An empty database: psql is part of the server that the test was started with.
static void empty_database(void)
{
	if (system("psql -q \"${PLENUM_POSTGRES#postgres:}\" -c 'SET client_min_messages = "
	           "error' "
	           "-c 'DROP SCHEMA public CASCADE' -c 'CREATE SCHEMA public'") != 0)
		exit(1);
}

static void remove_files(void)
{
	(void)remove("conformance.plenum");
	(void)remove("conformance.plenum-wal");
	(void)remove("conformance.plenum-shm");
}

static pl_store *open_new(int which)
{
	pl_store *s = NULL;
	pl_error err = {0};
	remove_files();
	if (which == 2) empty_database();
	if (pl_store_open(&s, addresses[which], true, &err) != PL_OK) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
	return s;
}

/// Rows for the tests: a community tree of `n`, whose names say which version they are.
static pl_state_row community(int64_t id, const char *code, const char *name, int64_t parent)
{
	return (pl_state_row){{PL_WHOLE(id), PL_TEXT(code), PL_TEXT(name), PL_WHOLE(parent)}};
}

static pl_state_row person(int64_t id, const char *name)
{
	return (pl_state_row){
	        {PL_WHOLE(id), PL_TEXT(name), PL_TEXT(""), PL_WHOLE(1000), PL_WHOLE(0)}};
}

static pl_state_row member(int64_t council, int64_t who)
{
	return (pl_state_row){{PL_WHOLE(council), PL_WHOLE(who), PL_WHOLE(0)}};
}

static pl_state_row council(int64_t id, const char *code)
{
	return (pl_state_row){{PL_WHOLE(id), PL_TEXT(code), PL_TEXT(""), PL_TEXT("workers"),
	                       PL_WHOLE(0), PL_TEXT(""), PL_WHOLE(0)}};
}

static void state_of(char out[PL_HASH_CHARS], pl_store *s)
{
	CHECK(pl_store_state_hash(out, s, NULL) == PL_OK);
}

/* ---- reading what was written ---- */

static void a_row_is_found_as_it_was_put(void)
{
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		const pl_state_row row = community(7, "hill", "Hügel – الحي", 0);
		pl_found f = {0};
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_insert(s, PL_ROWS_community, &row, NULL) == PL_OK);
		CHECK(pl_store_commit(s, NULL) == PL_OK);
		CHECK(pl_store_get(&f, s, PL_ROWS_community, &row, NULL) == PL_OK && f.found);
		CHECK(strcmp(f.row.at[PL_C_community_name].text, "Hügel – الحي") == 0);
		pl_found_clear(&f);
		CHECK(pl_store_find(&f, s, PL_ROWS_community, PL_C_community_code, "hill",
		                    NULL) == PL_OK);
		CHECK(f.found && f.row.at[PL_C_community_id].whole == 7);
		pl_found_clear(&f);
		CHECK(pl_store_find(&f, s, PL_ROWS_community, PL_C_community_code, "dale",
		                    NULL) == PL_OK);
		CHECK(!f.found);
		pl_store_close(s);
	}
}

typedef struct {
	int64_t n, last;
	bool rising;
} seen;

static bool note_person(void *with, const pl_state_row *row)
{
	seen *at = with;
	const int64_t who = row->at[PL_C_membership_person].whole;
	at->rising = at->rising && (at->n == 0 || who > at->last);
	at->last = who;
	at->n++;
	return true;
}

static void a_scan_gives_the_rows_of_a_prefix_in_order_of_their_keys(void)
{
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		for (int64_t c = 1; c <= 3; c++) {
			const pl_state_row row = council(c, c == 1 ? "a" : c == 2 ? "b" : "c");
			CHECK(pl_store_insert(s, PL_ROWS_council, &row, NULL) == PL_OK);
		}
		for (int64_t i = 0; i < 50; i++) {
			const int64_t id = 1 + i * 37 % 50; /* in no order */
			const pl_state_row who = person(id, "someone"),
			                   joins = member(1 + id % 3, id);
			CHECK(pl_store_insert(s, PL_ROWS_person, &who, NULL) == PL_OK);
			CHECK(pl_store_insert(s, PL_ROWS_membership, &joins, NULL) == PL_OK);
		}
		seen at = {0, 0, true};
		const pl_state_row second = {{PL_WHOLE(2)}};
		CHECK(pl_store_scan(s, PL_ROWS_membership, 1, &second, note_person, &at,
		                    NULL) == PL_OK);
		CHECK(at.rising && at.n == 17); /* ids 1, 4, ... 49 */
		pl_store_rollback(s);
		pl_store_close(s);
	}
}

/* ---- what is refused ---- */

/// Is it refused with these words, the state left as it was?
static bool refuses(pl_store *s, int table, pl_state_row row, const char *words)
{
	char before[PL_HASH_CHARS], after[PL_HASH_CHARS];
	pl_error err = {0};
	state_of(before, s);
	const pl_status st = pl_store_insert(s, table, &row, &err);
	state_of(after, s);
	if (st != PL_EARG || strstr(err.msg, words) == NULL)
		fprintf(stderr, "%s: \"%s\" should say \"%s\"\n", s->calls->name, err.msg,
		        words);
	return st == PL_EARG && strstr(err.msg, words) != NULL && strcmp(before, after) == 0;
}

static void every_store_refuses_the_same_in_the_same_words(void)
{
	char long_name[300];
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		const pl_state_row first = community(1, "hill", "", 0), absent = member(9, 9);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_insert(s, PL_ROWS_community, &first, NULL) == PL_OK);
		CHECK(refuses(s, PL_ROWS_community, first, "this community is there already"));
		CHECK(refuses(s, PL_ROWS_community, community(2, "hill", "", 0),
		              "whose code is \"hill\""));
		CHECK(refuses(s, PL_ROWS_community, community(0, "dale", "", 0),
		              "community.id is 0"));
		CHECK(refuses(s, PL_ROWS_community, community(2, "dale", "", 5),
		              "there is no community 5"));
		CHECK(refuses(s, PL_ROWS_community, community(2, "dale", long_name, 0),
		              "longer than 200"));
		CHECK(refuses(s, PL_ROWS_community, community(2, "dale", "\xff", 0),
		              "not valid UTF-8"));
		CHECK(refuses(s, PL_ROWS_membership, absent, "there is no council 9"));
		CHECK(pl_store_update(s, PL_ROWS_membership, &absent, NULL) == PL_ENOTFOUND);
		CHECK(pl_store_remove(s, PL_ROWS_membership, &absent, NULL) == PL_ENOTFOUND);
		pl_store_rollback(s);
		pl_store_close(s);
	}
}

/* ---- transactions ---- */

/// Something random: rows come, change and go; what is refused is refused by all.
static pl_status change(pl_store *s, pl_random *r)
{
	char code[24], name[24];
	const int64_t id = pl_random_between(r, 1, 12), other = pl_random_between(r, 0, 12);
	(void)snprintf(code, sizeof code, "c%" PRId64, pl_random_between(r, 1, 15));
	(void)snprintf(name, sizeof name, "n%" PRId64, pl_random_between(r, 1, 1000));
	const pl_state_row row = community(id, code, name, other), who = person(id, name);
	const pl_state_row group = council(id, code),
	                   joins = member(id, pl_random_between(r, 1, 12));
	switch (pl_random_below(r, 8)) {
	case 0:
		return pl_store_insert(s, PL_ROWS_community, &row, NULL);
	case 1:
		return pl_store_update(s, PL_ROWS_community, &row, NULL);
	case 2:
		return pl_store_insert(s, PL_ROWS_person, &who, NULL);
	case 3:
		return pl_store_update(s, PL_ROWS_person, &who, NULL);
	case 4:
		return pl_store_insert(s, PL_ROWS_council, &group, NULL);
	case 5:
		return pl_store_remove(s, PL_ROWS_membership, &joins, NULL);
	default:
		return pl_store_insert(s, PL_ROWS_membership, &joins, NULL);
	}
}

/// Two changes behind a mark, undone: as if they had never been asked for.
static void change_and_undo(pl_store *s, pl_random *r)
{
	char before[PL_HASH_CHARS], after[PL_HASH_CHARS];
	state_of(before, s);
	CHECK(pl_store_mark(s, NULL) == PL_OK);
	for (int i = 0; i < 2; i++) (void)change(s, r);
	CHECK(pl_store_undo(s, NULL) == PL_OK);
	state_of(after, s);
	CHECK(strcmp(before, after) == 0);
}

/// A history of random transactions, some taken back, some in part. @param[out] answers what
/// each call said
static void live(pl_store *s, uint64_t seed, char *answers, int room)
{
	pl_random r = pl_random_new(seed, 0);
	int n = 0;
	for (int t = 0; t < 12; t++) {
		char before[PL_HASH_CHARS], after[PL_HASH_CHARS];
		state_of(before, s);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		for (int i = 0; i < 8 && n < room - 1; i++)
			answers[n++] = (char)('0' + change(s, &r));
		if (pl_random_below(&r, 2) == 0) change_and_undo(s, &r);
		if (pl_random_below(&r, 3) > 0) {
			CHECK(pl_store_commit(s, NULL) == PL_OK);
			continue;
		}
		pl_store_rollback(s);
		state_of(after, s);
		CHECK(strcmp(before, after) == 0);
	}
	answers[n] = '\0';
}

static void random_histories_give_the_same_answers_and_the_same_state(void)
{
	for (uint64_t seed = 0; seed < 60; seed++) {
		char first[PL_HASH_CHARS] = "", answers[2][128];
		for (int k = 0; k < n_stores; k++) {
			if (k == 2 && seed % 5 != 0)
				continue; /* new tables take a second there */
			char hash[PL_HASH_CHARS];
			pl_store *s = open_new(k);
			live(s, seed, answers[k > 0], sizeof answers[0]);
			state_of(hash, s);
			if (k == 0) memcpy(first, hash, sizeof first);
			CHECK(strcmp(first, hash) == 0);
			CHECK(k == 0 || strcmp(answers[0], answers[1]) == 0);
			pl_store_close(s);
		}
	}
}

static void what_was_committed_is_there_after_opening_anew(void)
{
	char answers[128], before[PL_HASH_CHARS], after[PL_HASH_CHARS];
	for (int k = 1; k < n_stores; k++) {
		pl_store *s = open_new(k);
		live(s, 5, answers, sizeof answers);
		state_of(before, s);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		const pl_state_row row = person(99, "not committed");
		CHECK(pl_store_insert(s, PL_ROWS_person, &row, NULL) == PL_OK);
		pl_store_close(s);
		CHECK(pl_store_open(&s, addresses[k], false, NULL) == PL_OK);
		state_of(after, s);
		CHECK(strcmp(before, after) == 0);
		pl_store_close(s);
	}
}

/* ---- events ---- */

static pl_event event(int64_t height, const char *parent, const char *facts, const char *texts)
{
	pl_event e = {.height = height,
	              .time = 1000 + height,
	              .actor = 3,
	              .type = "person.add",
	              .facts = facts,
	              .texts = texts,
	              .salt = texts[0] != '\0' ? "00112233445566778899aabbccddeeff" : ""};
	pl_event_seal(&e, parent);
	memset(e.signature, 'a', sizeof e.signature - 1);
	return e;
}

typedef struct {
	int64_t n;
	char parent[PL_HASH_CHARS];
	bool whole, erased;
} chain;

static bool follow(void *with, const pl_event *e)
{
	chain *c = with;
	c->whole = c->whole && e->height == c->n + 1 &&
	           pl_event_check(e, c->n == 0 ? NULL : c->parent, 0, NULL) == PL_OK &&
	           strlen(e->signature) == PL_SIGNATURE_CHARS - 1;
	c->erased = c->erased || e->texts == NULL;
	memcpy(c->parent, e->hash, sizeof c->parent);
	c->n++;
	return true;
}

static void events_come_back_in_order_and_whole(void)
{
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		char parent[PL_HASH_CHARS], hash[PL_HASH_CHARS];
		int64_t height, when;
		CHECK(pl_store_head(&height, hash, &when, s, NULL) == PL_OK && height == 0);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		for (int64_t h = 1; h <= 20; h++) {
			const pl_event e = event(h, h == 1 ? NULL : parent, "{\"person\":7}",
			                         h % 2 == 0 ? "{\"name\":\"Ada\"}" : "");
			CHECK(pl_store_append(s, &e, NULL) == PL_OK);
			memcpy(parent, e.hash, sizeof parent);
		}
		CHECK(pl_store_commit(s, NULL) == PL_OK);
		chain c = {.whole = true};
		CHECK(pl_store_events(s, 1, follow, &c, NULL) == PL_OK);
		CHECK(c.whole && c.n == 20 && !c.erased);
		CHECK(pl_store_head(&height, hash, &when, s, NULL) == PL_OK);
		CHECK(height == 20 && when == 1020 && strcmp(hash, parent) == 0);
		pl_store_close(s);
	}
}

static void what_is_undone_has_not_happened_and_what_stands_before_it_has(void)
{
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		char hash[PL_HASH_CHARS];
		int64_t height, when;
		const pl_event first = event(1, NULL, "{\"person\":7}", "{\"name\":\"Ada\"}"),
		               other = event(2, first.hash, "{\"person\":8}", ""),
		               second = event(2, first.hash, "{\"person\":9}", "");
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_append(s, &first, NULL) == PL_OK);
		for (int i = 0; i < 3; i++) {
			CHECK(pl_store_mark(s, NULL) == PL_OK);
			CHECK(pl_store_append(s, &other, NULL) == PL_OK);
			CHECK(pl_store_erase(s, 1, NULL) == PL_OK);
			CHECK(pl_store_undo(s, NULL) == PL_OK);
		}
		CHECK(pl_store_append(s, &second, NULL) == PL_OK);
		CHECK(pl_store_commit(s, NULL) == PL_OK);
		chain c = {.whole = true};
		CHECK(pl_store_events(s, 1, follow, &c, NULL) == PL_OK);
		CHECK(c.whole && c.n == 2 && !c.erased);
		CHECK(pl_store_head(&height, hash, &when, s, NULL) == PL_OK);
		CHECK(strcmp(hash, second.hash) == 0);
		pl_store_close(s);
	}
}

/// The name of person 1 as a writer sees it. @param[out] out "" where there is none
static void name_of(char out[24], pl_store *s)
{
	const pl_state_row key = {{PL_WHOLE(1)}};
	pl_found f = {0};
	CHECK(pl_store_get(&f, s, PL_ROWS_person, &key, NULL) == PL_OK);
	(void)snprintf(out, 24, "%s", f.found ? f.row.at[PL_C_person_name].text : "");
	pl_found_clear(&f);
}

/// Name person 1, with an event. @param[in,out] last the event
static void name_them(pl_store *s, const char *name, pl_event *last)
{
	const pl_state_row who = person(1, name);
	const bool first = last->height == 0;
	const pl_event e = event(last->height + 1, first ? NULL : last->hash, "{}", "");
	CHECK((first ? pl_store_insert(s, PL_ROWS_person, &who, NULL)
	             : pl_store_update(s, PL_ROWS_person, &who, NULL)) == PL_OK);
	CHECK(pl_store_append(s, &e, NULL) == PL_OK);
	*last = e;
}

static void sees(pl_store *s, const char *name)
{
	char is[24];
	CHECK(pl_store_begin(s, NULL) == PL_OK);
	name_of(is, s);
	CHECK(strcmp(is, name) == 0);
	pl_store_rollback(s);
}

/// Whoever remembers rows must see that somebody else has changed them, or that it never did.
static void those_who_write_in_turn_see_what_stands_there(void)
{
	for (int k = 1; k < n_stores; k++) {
		pl_store *both[2] = {open_new(k), NULL};
		pl_event last = {.height = 0};
		char name[24];
		CHECK(pl_store_open(&both[1], addresses[k], false, NULL) == PL_OK);
		for (int turn = 0; turn < 6; turn++) {
			pl_store *s = both[turn % 2], *other = both[(turn + 1) % 2];
			pl_event never = last;
			(void)snprintf(name, sizeof name, "name %d", turn);
			CHECK(pl_store_begin(s, NULL) == PL_OK);
			name_them(s, name, &last);
			CHECK(pl_store_mark(s, NULL) == PL_OK);
			never = last;
			name_them(s, "undone", &never);
			CHECK(pl_store_undo(s, NULL) == PL_OK);
			CHECK(pl_store_commit(s, NULL) == PL_OK);
			sees(s, name);
			sees(other, name);
			never = last;
			CHECK(pl_store_begin(other, NULL) == PL_OK);
			name_them(other, "taken back", &never);
			CHECK(pl_store_mark(other, NULL) == PL_OK);
			CHECK(pl_store_undo(other, NULL) == PL_OK);
			name_of(name, other);
			CHECK(strcmp(name, "taken back") == 0);
			pl_store_rollback(other);
			(void)snprintf(name, sizeof name, "name %d", turn);
			sees(other, name);
		}
		for (int i = 0; i < 2; i++) pl_store_close(both[i]);
	}
}

static void erased_texts_leave_the_chain_whole(void)
{
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		const pl_event e = event(1, NULL, "{}", "{\"name\":\"Ada\"}");
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_append(s, &e, NULL) == PL_OK);
		CHECK(pl_store_commit(s, NULL) == PL_OK);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_erase(s, 1, NULL) == PL_OK);
		pl_store_rollback(s);
		chain kept = {.whole = true}, gone = {.whole = true};
		CHECK(pl_store_events(s, 1, follow, &kept, NULL) == PL_OK);
		CHECK(kept.whole && !kept.erased);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_erase(s, 1, NULL) == PL_OK);
		CHECK(pl_store_commit(s, NULL) == PL_OK);
		CHECK(pl_store_events(s, 1, follow, &gone, NULL) == PL_OK);
		CHECK(gone.whole && gone.erased);
		pl_store_close(s);
	}
}

/* ---- notes ---- */

static pl_note note(const char *kind, const char *key, const char *value, int64_t person,
                    int64_t until)
{
	return (pl_note){kind, key, value, person, until};
}

/// Put a note in a transaction of its own.
static pl_status keep(pl_store *s, pl_note n, pl_error *err)
{
	CHECK(pl_store_begin(s, NULL) == PL_OK);
	const pl_status st = pl_store_note(s, &n, err);
	if (st == PL_OK)
		CHECK(pl_store_commit(s, NULL) == PL_OK);
	else
		pl_store_rollback(s);
	return st;
}

static bool holds(pl_store *s, const char *kind, const char *key, const char *value)
{
	pl_note_found f = {0};
	CHECK(pl_store_note_find(&f, s, kind, key, NULL) == PL_OK);
	const bool same = value == NULL ? !f.found
	                                : f.found && strcmp(f.note.value, value) == 0 &&
	                                          strcmp(f.note.kind, kind) == 0 &&
	                                          strcmp(f.note.key, key) == 0;
	pl_note_found_clear(&f);
	return same;
}

static void a_note_is_found_as_it_was_put_and_is_no_part_of_the_state(void)
{
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		char before[PL_HASH_CHARS], after[PL_HASH_CHARS];
		state_of(before, s);
		CHECK(keep(s, note("session", "a", "first", 3, 50), NULL) == PL_OK);
		CHECK(keep(s, note("session", "b", "", 0, 0), NULL) == PL_OK);
		CHECK(keep(s, note("invite", "a", "other", 0, 60), NULL) == PL_OK);
		CHECK(keep(s, note("session", "a", "Hügel", 4, 70), NULL) == PL_OK);
		CHECK(holds(s, "session", "a", "Hügel") && holds(s, "session", "b", ""));
		CHECK(holds(s, "invite", "a", "other") && holds(s, "invite", "b", NULL));
		pl_note_found f = {0};
		CHECK(pl_store_note_find(&f, s, "session", "a", NULL) == PL_OK);
		CHECK(f.note.person == 4 && f.note.until == 70);
		pl_note_found_clear(&f);
		state_of(after, s);
		CHECK(strcmp(before, after) == 0);
		pl_store_close(s);
	}
}

static void a_note_out_of_bounds_is_refused_and_changes_nothing(void)
{
	static char long_text[100002];
	memset(long_text, 'x', sizeof long_text - 1);
	const char *const longest = long_text + 1, *const key_most = long_text + 100001 - 200;
	const char *const kind_most = long_text + 100001 - 32;
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		pl_error err = {0};
		CHECK(keep(s, note(kind_most, key_most, longest, 0, 0), NULL) == PL_OK);
		CHECK(holds(s, kind_most, key_most, longest));
		CHECK(keep(s, note("", "a", "", 0, 0), &err) == PL_EARG);
		CHECK(strstr(err.msg, "note.kind") != NULL);
		CHECK(keep(s, note("a", "", "", 0, 0), NULL) == PL_EARG);
		CHECK(keep(s, note(kind_most - 1, "a", "", 0, 0), NULL) == PL_EARG);
		CHECK(keep(s, note("a", key_most - 1, "", 0, 0), NULL) == PL_EARG);
		CHECK(keep(s, note("a", "a", long_text, 0, 0), NULL) == PL_EARG);
		CHECK(keep(s, note("a", "a", "\xff", 0, 0), NULL) == PL_EARG);
		CHECK(keep(s, note("a", "a", "", -1, 0), NULL) == PL_EARG);
		CHECK(keep(s, note("a", "a", "", 0, -1), NULL) == PL_EARG);
		CHECK(holds(s, "a", "a", NULL));
		pl_store_close(s);
	}
}

/// What a visit saw, as one text.
typedef struct {
	char text[4096];
	size_t n;
} listed;

static bool list_note(void *with, const pl_note *n)
{
	listed *l = with;
	l->n += (size_t)snprintf(l->text + l->n, sizeof l->text - l->n,
	                         "%s/%s=%s %" PRId64 " %" PRId64 "\n", n->kind, n->key,
	                         n->value, n->person, n->until);
	return true;
}

static void list(listed *out, pl_store *s, const char *kind, int64_t person)
{
	*out = (listed){.n = 0};
	CHECK(pl_store_notes(s, kind, person, list_note, out, NULL) == PL_OK);
}

/// Random notes come, are replaced, go and expire; some transactions are taken back.
static void live_with_notes(pl_store *s, uint64_t seed)
{
	pl_random r = pl_random_new(seed, 0);
	for (int t = 0; t < 30; t++) {
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		for (int i = 0; i < 6; i++) {
			char kind[8], key[8], value[24];
			bool was;
			(void)snprintf(kind, sizeof kind, "k%" PRId64,
			               pl_random_between(&r, 0, 2));
			(void)snprintf(key, sizeof key, "n%" PRId64,
			               pl_random_between(&r, 0, 11));
			(void)snprintf(value, sizeof value, "%d.%d", t, i);
			const pl_note n = note(kind, key, value, pl_random_between(&r, 0, 3),
			                       pl_random_between(&r, 0, 99));
			if (pl_random_between(&r, 0, 3) > 0)
				CHECK(pl_store_note(s, &n, NULL) == PL_OK);
			else
				CHECK(pl_store_note_drop(&was, s, kind, key, NULL) == PL_OK);
		}
		if (t % 10 == 9) CHECK(pl_store_notes_expire(s, 20, NULL) == PL_OK);
		if (pl_random_between(&r, 0, 2) > 0)
			CHECK(pl_store_commit(s, NULL) == PL_OK);
		else
			pl_store_rollback(s);
	}
}

static void every_store_keeps_the_same_notes_in_the_same_order(void)
{
	static const char *const kinds[] = {NULL, "k1", "none"};
	static listed first[9], now;
	for (uint64_t seed = 0; seed < 10; seed++)
		for (int k = 0; k < n_stores; k++) {
			pl_store *s = open_new(k);
			live_with_notes(s, seed);
			for (int q = 0; q < 9; q++) {
				listed *l = k == 0 ? &first[q] : &now;
				list(l, s, kinds[q / 3], q % 3);
				CHECK(strcmp(l->text, first[q].text) == 0);
			}
			CHECK(first[0].n > first[1].n && first[1].n > 0);
			CHECK(first[1].n >= first[4].n && first[6].n == 0);
			pl_store_close(s);
		}
}

static void notes_expire_when_their_time_is_over_and_not_before(void)
{
	listed l;
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k);
		CHECK(keep(s, note("a", "1", "", 0, 49), NULL) == PL_OK);
		CHECK(keep(s, note("b", "1", "", 0, 50), NULL) == PL_OK);
		CHECK(keep(s, note("a", "2", "", 0, 51), NULL) == PL_OK);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_notes_expire(s, 50, NULL) == PL_OK);
		pl_store_rollback(s);
		CHECK(holds(s, "a", "1", ""));
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_notes_expire(s, 50, NULL) == PL_OK);
		CHECK(pl_store_commit(s, NULL) == PL_OK);
		list(&l, s, NULL, 0);
		CHECK(strcmp(l.text, "a/2= 0 51\nb/1= 0 50\n") == 0);
		pl_store_close(s);
	}
}

enum { PRIZES = 40 };

/// Take every note there is, each in a transaction. @return how many were there
static int take_all(const char *address)
{
	pl_store *s = NULL;
	int won = 0;
	if (pl_store_open(&s, address, false, NULL) != PL_OK) return -1;
	for (int i = 0; i < PRIZES; i++) {
		char key[8];
		bool was = false;
		(void)snprintf(key, sizeof key, "%d", i);
		CHECK(pl_store_begin(s, NULL) == PL_OK);
		CHECK(pl_store_note_drop(&was, s, "prize", key, NULL) == PL_OK);
		CHECK(pl_store_commit(s, NULL) == PL_OK);
		won += was;
	}
	pl_store_close(s);
	return won;
}

static void of_two_who_drop_a_note_one_is_told_that_it_was_there(void)
{
	for (int k = 1; k < n_stores; k++) {
		pl_store *s = open_new(k);
		for (int i = 0; i < PRIZES; i++) {
			char key[8];
			(void)snprintf(key, sizeof key, "%d", i);
			CHECK(keep(s, note("prize", key, "", 0, 1), NULL) == PL_OK);
		}
		pl_store_close(s);
		const pid_t other = fork();
		if (other == 0) {
			const int won = take_all(addresses[k]);
			_exit(won < 0 ? 255 : won);
		}
		const int won = take_all(addresses[k]);
		int status = 0;
		CHECK(other > 0 && waitpid(other, &status, 0) == other && WIFEXITED(status));
		CHECK(won >= 0 && won + WEXITSTATUS(status) == PRIZES);
	}
}

int main(void)
{
	char folder[] = "/tmp/plenum-stores-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
	add_postgres();
	RUN(a_row_is_found_as_it_was_put);
	RUN(a_scan_gives_the_rows_of_a_prefix_in_order_of_their_keys);
	RUN(every_store_refuses_the_same_in_the_same_words);
	RUN(random_histories_give_the_same_answers_and_the_same_state);
	RUN(what_was_committed_is_there_after_opening_anew);
	RUN(what_is_undone_has_not_happened_and_what_stands_before_it_has);
	RUN(those_who_write_in_turn_see_what_stands_there);
	RUN(events_come_back_in_order_and_whole);
	RUN(erased_texts_leave_the_chain_whole);
	RUN(a_note_is_found_as_it_was_put_and_is_no_part_of_the_state);
	RUN(a_note_out_of_bounds_is_refused_and_changes_nothing);
	RUN(every_store_keeps_the_same_notes_in_the_same_order);
	RUN(notes_expire_when_their_time_is_over_and_not_before);
	RUN(of_two_who_drop_a_note_one_is_told_that_it_was_there);
	remove_files();
	if (chdir("/") != 0 || rmdir(folder) != 0) return 1;
	return pl_test_failed;
}
