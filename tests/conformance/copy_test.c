/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A whole record from each store into each other, and tables of an older version made anew:
 * every byte is there afterwards, or nothing has changed. */
#include "app/copy.h"
#include "base/alloc.h"
#include "play.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <unistd.h>

#define KEPT ".before-4" /* what is kept of older tables, by today's version */
static const unsigned char seed[PL_KEY_SEED] = {9};
static const char *addresses[] = {"memory:", "sqlite:from.plenum", NULL};
static int n_stores = 2;

static void end_with(const pl_error *err)
{
	fprintf(stderr, "%s\n", err->msg);
	exit(1);
}

static void grant(int64_t n)
{
#ifdef PL_ALLOC_FAULTS
	pl_alloc_grants = n;
#else
	(void)n;
#endif
}

/// Each of the first hundred, then fewer.
static int64_t next(int64_t grants)
{
	return grants + 1 + (grants > 100 ? grants / 8 : 0);
}

static pl_store *open_store(const char *address)
{
	pl_error err = {0};
	pl_store *s;
	if (pl_store_open(&s, address, true, &err) != PL_OK) end_with(&err);
	return s;
}

static void remove_file(const char *name)
{
	static const char *const ends[] = {"", "-wal", "-shm", KEPT};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char path[64];
		(void)snprintf(path, sizeof path, "%s%s", name, ends[i]);
		(void)remove(path);
	}
}

static void empty_database(void)
{
	if (system("psql -q \"${PLENUM_POSTGRES#postgres:}\" -c 'SET client_min_messages = "
	           "error' -c 'DROP SCHEMA public CASCADE' -c 'CREATE SCHEMA public'") != 0)
		exit(1);
}

static pl_store *open_new(int which, const char *file)
{
	char address[64];
	if (which == 2) empty_database();
	if (which != 1) return open_store(addresses[which]);
	remove_file(file);
	(void)snprintf(address, sizeof address, "sqlite:%s", file);
	return open_store(address);
}

/// A season, somebody erased, a vote that is still open with ballots of three, two notes.
static void live(pl_store *s)
{
	const pl_note one = {"session", "a", "Hügel", 3, 50}, two = {"invite", "b", "", 0, 60};
	pl_error err = {0};
	pl_app *app;
	play p = {0};
	if (pl_app_new(&app, s, seed, &err) != PL_OK) end_with(&err);
	play_begin(&p, app, 5, 8, 2, 1);
	play_season(&p, 2, 2);
	CHECK(may(&p, 7, "person.erase", "{\"person\":7}") == PL_OK);
	const int64_t vote =
	        must(&p, 1, "vote", "vote.open",
	             "{\"title\":\"t\",\"ballots\":\"motion\",\"secret\":1,\"rule\":"
	             "\"majority\",\"seats\":1,\"options\":[{\"code\":\"a\"}]}");
	for (int i = 1; i <= 3; i++)
		(void)must(&p, i, NULL, "vote.cast",
		           "{\"vote\":%" PRId64 ",\"marks\":\"1=yes\"}", vote);
	pl_app_free(app);
	CHECK(pl_store_begin(s, NULL) == PL_OK);
	CHECK(pl_store_note(s, &one, NULL) == PL_OK && pl_store_note(s, &two, NULL) == PL_OK);
	CHECK(pl_store_commit(s, NULL) == PL_OK);
}

static pl_contents contents(pl_store *s)
{
	pl_contents c = {0};
	CHECK(pl_app_contents(&c, s, NULL, NULL, NULL) == PL_OK);
	return c;
}

static bool is_same(const pl_contents *a, const pl_contents *b)
{
	return strcmp(a->all, b->all) == 0 && strcmp(a->head, b->head) == 0 &&
	       a->height == b->height && a->rows == b->rows && a->time == b->time;
}

static pl_status copy(pl_contents *c, pl_store *to, pl_store *from, pl_error *err)
{
	CHECK(pl_store_look(from, NULL) == PL_OK);
	const pl_status st = pl_app_copy(c, to, from, NULL, NULL, err);
	pl_store_rollback(from);
	return st;
}

/* ---- copies ---- */

static void every_byte_goes_from_each_store_into_each_other(void)
{
	pl_contents first = {0};
	pl_store *original = open_store("memory:");
	live(original);
	first = contents(original);
	CHECK(first.height > 30 && first.rows > first.height);
	for (int from = 0; from < n_stores; from++)
		for (int to = 0; to < n_stores; to++) {
			char state[2][PL_HASH_CHARS];
			pl_contents c;
			pl_findings v;
			if (from == 2 && to == 2) continue; /* there is one database */
			pl_store *a = open_new(from, "from.plenum"),
			         *b = open_new(to, "to.plenum");
			CHECK(copy(&c, a, original, NULL) == PL_OK && is_same(&c, &first));
			CHECK(copy(&c, b, a, NULL) == PL_OK && is_same(&c, &first));
			c = contents(b);
			CHECK(is_same(&c, &first));
			CHECK(pl_store_state_hash(state[0], original, NULL) == PL_OK);
			CHECK(pl_store_state_hash(state[1], b, NULL) == PL_OK);
			CHECK(strcmp(state[0], state[1]) == 0);
			const pl_verifying how = {0};
			CHECK(pl_app_verify_how(&v, b, NULL, &how, NULL) == PL_OK);
			CHECK(v.first_bad == 0 && v.events == first.height);
			pl_store_close(a);
			pl_store_close(b);
		}
	pl_store_close(original);
}

static void a_store_that_holds_anything_is_left_as_it_is(void)
{
	const pl_note only = {"session", "a", "", 0, 1};
	pl_store *original = open_store("memory:");
	live(original);
	for (int k = 0; k < n_stores; k++) {
		pl_contents c;
		pl_error err = {0};
		pl_store *to = open_new(k, "to.plenum");
		CHECK(pl_store_begin(to, NULL) == PL_OK);
		CHECK(pl_store_note(to, &only, NULL) == PL_OK);
		CHECK(pl_store_commit(to, NULL) == PL_OK);
		const pl_contents before = contents(to);
		CHECK(copy(&c, to, original, &err) == PL_ECONFLICT);
		CHECK(strstr(err.msg, "a record already") != NULL);
		const pl_contents after = contents(to);
		CHECK(is_same(&before, &after) && after.rows == 1);
		pl_store_close(to);
	}
	pl_store_close(original);
}

typedef struct {
	int64_t stop_at, all;
} patience;

static bool lose_patience(void *with, int64_t done, int64_t all)
{
	patience *p = with;
	p->all = all;
	return done < p->stop_at;
}

static void a_copy_that_is_stopped_leaves_nothing(void)
{
	pl_store *original = open_store("memory:");
	live(original);
	for (int k = 0; k < n_stores; k++) {
		pl_store *to = open_new(k, "to.plenum");
		for (int64_t at = 1; at < 40; at += 19) {
			patience p = {at, 0};
			pl_contents c;
			CHECK(pl_app_copy(&c, to, original, lose_patience, &p, NULL) ==
			      PL_ESTOPPED);
			const pl_contents left = contents(to);
			CHECK(left.height == 0 && left.rows == 0 && p.all > 40);
		}
		pl_store_close(to);
	}
	pl_store_close(original);
}

static void without_memory_a_copy_leaves_nothing(void)
{
	pl_store *original = open_store("memory:");
	int64_t failures = 0;
	live(original);
	for (int k = 0; k < 2; k++) {
		pl_store *to = open_new(k, "to.plenum");
		pl_contents c;
		for (int64_t grants = 0;; grants = next(grants)) {
			grant(grants);
			const pl_status st = copy(&c, to, original, NULL);
			grant(-1);
			if (st == PL_OK) break;
			failures++;
			const pl_contents left = contents(to);
			CHECK(st == PL_ENOMEM && left.height == 0 && left.rows == 0);
		}
		const pl_contents all = contents(to);
		CHECK(is_same(&all, &c));
		pl_store_close(to);
	}
#ifdef PL_ALLOC_FAULTS
	CHECK(failures > 50);
#endif
	pl_store_close(original);
}

/* ---- an older version ---- */

/// Let a file say that its tables have version 1, which had no notes.
static void make_older(const char *file)
{
	sqlite3 *db;
	CHECK(sqlite3_open(file, &db) == SQLITE_OK);
	CHECK(sqlite3_exec(db, "PRAGMA user_version = 1; DROP TABLE note", NULL, NULL, NULL) ==
	      SQLITE_OK);
	CHECK(sqlite3_close(db) == SQLITE_OK);
}

static pl_status migrate(char kept[PL_KEPT_CHARS], pl_store *s, int64_t grants)
{
	pl_store *scratch = open_store("memory:");
	grant(grants);
	const pl_status st = pl_app_migrate(kept, s, scratch, NULL);
	grant(-1);
	pl_store_close(scratch);
	return st;
}

static void without_memory_older_tables_stay_as_they_are(void)
{
	char before[PL_HASH_CHARS], after[PL_HASH_CHARS], kept[PL_KEPT_CHARS];
	int64_t failures = 0;
	pl_store *s = open_new(1, "from.plenum");
	live(s);
	CHECK(pl_store_state_hash(before, s, NULL) == PL_OK);
	pl_store_close(s);
	make_older("from.plenum");
	s = open_store("sqlite:from.plenum");
	CHECK(s->older == 1 && pl_store_begin(s, NULL) == PL_EPARSE);
	for (int64_t grants = 0;; grants = next(grants)) {
		const pl_status st = migrate(kept, s, grants);
		if (st == PL_OK) break;
		failures++;
		CHECK(st == PL_ENOMEM && s->older == 1);
		CHECK(pl_store_state_hash(after, s, NULL) == PL_EPARSE);
	}
	CHECK(strcmp(kept, "from.plenum" KEPT) == 0 && s->older == 0);
	CHECK(pl_store_state_hash(after, s, NULL) == PL_OK && strcmp(before, after) == 0);
	pl_store_close(s);
	s = open_store("sqlite:from.plenum" KEPT);
	CHECK(s->older == 1);
	pl_store_close(s);
#ifdef PL_ALLOC_FAULTS
	CHECK(failures > 50);
#endif
}

static void tables_that_are_up_to_date_are_not_touched(void)
{
	char kept[PL_KEPT_CHARS];
	for (int k = 0; k < n_stores; k++) {
		pl_store *s = open_new(k, "from.plenum");
		live(s);
		const pl_contents before = contents(s);
		CHECK(migrate(kept, s, -1) == PL_OK && kept[0] == '\0');
		const pl_contents after = contents(s);
		CHECK(is_same(&before, &after));
		pl_store_close(s);
	}
}

int main(void)
{
	char folder[] = "/tmp/plenum-copy-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
	const char *postgres = getenv("PLENUM_POSTGRES");
	if (postgres != NULL) addresses[n_stores++] = postgres;
	RUN(every_byte_goes_from_each_store_into_each_other);
	RUN(a_store_that_holds_anything_is_left_as_it_is);
	RUN(a_copy_that_is_stopped_leaves_nothing);
	RUN(without_memory_a_copy_leaves_nothing);
	RUN(without_memory_older_tables_stay_as_they_are);
	RUN(tables_that_are_up_to_date_are_not_touched);
	remove_file("from.plenum");
	remove_file("from.plenum" KEPT);
	remove_file("to.plenum");
	if (chdir("/") != 0 || rmdir(folder) != 0) return 1;
	return pl_test_failed;
}
