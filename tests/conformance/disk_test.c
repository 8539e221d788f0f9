/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A record in a file whose disk is full, or fails to keep what it was given, and then works
 * again: what the same process may go on with, and what only one that opens the record anew. */
#include "play.h"
#include "store/store.h"
#include "tests/pl_test.h"

#include <sqlite3.h>
#include <unistd.h>

static const unsigned char seed[PL_KEY_SEED] = {7};
enum fault { WELL, FULL, UNSAFE };
static enum fault disk;

/* ---- SQLite's way to the disk, with a fault in it ---- */

enum { KINDS = 8 };
static sqlite3_io_methods ours[KINDS];          ///< what files are given
static const sqlite3_io_methods *theirs[KINDS]; ///< what they had
static sqlite3_vfs *system_files, files;

static const sqlite3_io_methods *method_of(const sqlite3_file *f)
{
	return theirs[f->pMethods - ours];
}

static int write_file(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	return disk == FULL ? SQLITE_FULL : method_of(f)->xWrite(f, from, n, at);
}

static int sync_file(sqlite3_file *f, int flags)
{
	return disk == UNSAFE ? SQLITE_IOERR_FSYNC : method_of(f)->xSync(f, flags);
}

static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *got)
{
	int k = 0;
	(void)v;
	const int rc = system_files->xOpen(system_files, name, f, flags, got);
	if (rc != SQLITE_OK || f->pMethods == NULL) return rc;
	while (theirs[k] != NULL && theirs[k] != f->pMethods) k++;
	theirs[k] = f->pMethods;
	ours[k] = *theirs[k];
	ours[k].xWrite = write_file;
	ours[k].xSync = sync_file;
	f->pMethods = &ours[k];
	return rc;
}

/* ---- the tests ---- */

typedef struct {
	pl_store *store;
	pl_app *app;
	int64_t time;
} record;

static record open_record(void)
{
	record r = {.time = 1800000000};
	CHECK(pl_store_open(&r.store, "sqlite:disk.plenum", true, NULL) == PL_OK);
	CHECK(pl_app_new(&r.app, r.store, seed, NULL) == PL_OK);
	return r;
}

static void close_record(record *r)
{
	pl_app_free(r->app);
	pl_store_close(r->store);
}

/// Add a council. @return the height; 0: refused with these words
static int64_t add(record *r, const char *code, const char *words)
{
	char json[80];
	pl_reply reply;
	pl_error err = {0};
	(void)snprintf(json, sizeof json, "{\"code\":\"%s\",\"kind\":\"workers\"}", code);
	const pl_request asked = {
	        .actor = 1, .time = r->time++, .op = "council.add", .json = json};
	const pl_status st = pl_app_do(&reply, r->app, &asked, &err);
	const int64_t height = reply.height;
	free(reply.json);
	if (words != NULL && (st != PL_EIO || strstr(err.msg, words) == NULL))
		fprintf(stderr, "\"%s\" should say \"%s\"\n", err.msg, words);
	CHECK(words == NULL ? st == PL_OK : st == PL_EIO && strstr(err.msg, words) != NULL);
	return height;
}

static int64_t verified(record *r)
{
	pl_findings v;
	pl_store *scratch;
	CHECK(pl_store_memory(&scratch, NULL) == PL_OK);
	CHECK(pl_app_verify(&v, r->store, scratch, NULL, NULL) == PL_OK && v.first_bad == 0);
	pl_store_close(scratch);
	return v.events;
}

static record new_record(void)
{
	play p = {0};
	(void)remove("disk.plenum");
	record r = open_record();
	play_begin(&p, r.app, 3, 6, 2, 1);
	r.time = p.now;
	return r;
}

static void what_fails_at_the_commit_stops_the_record_until_it_is_opened_anew(enum fault fault)
{
	record r = new_record();
	const int64_t before = add(&r, "a", NULL);
	disk = fault;
	CHECK(add(&r, "b", "everything before it is safe") == 0);
	disk = WELL;
	CHECK(add(&r, "c", "until the record is opened anew") == 0);
	close_record(&r);
	r = open_record();
	const int64_t after = verified(&r);
	CHECK(after == before || after == before + 1); /* b may be there */
	CHECK(add(&r, "d", NULL) == after + 1);
	CHECK(verified(&r) == after + 1);
	close_record(&r);
}

static void a_full_disk_at_the_commit(void)
{
	what_fails_at_the_commit_stops_the_record_until_it_is_opened_anew(FULL);
}

static void a_disk_that_cannot_say_that_it_has_it(void)
{
	what_fails_at_the_commit_stops_the_record_until_it_is_opened_anew(UNSAFE);
}

/// More than SQLite keeps in memory, so that it writes before the commit.
static pl_status insert_many(pl_store *s, pl_error *err)
{
	char name[200];
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	for (int64_t id = 1000; id < 20000; id++) {
		const pl_state_row row = {
		        {PL_WHOLE(id), PL_TEXT(name), PL_TEXT(name), PL_WHOLE(1), PL_WHOLE(0)}};
		const pl_status st = pl_store_insert(s, PL_ROWS_person, &row, err);
		if (st != PL_OK) return st;
	}
	return PL_OK;
}

static void a_disk_that_is_full_before_the_commit_lets_the_same_process_go_on(void)
{
	record r = new_record();
	pl_error err = {0};
	const int64_t before = verified(&r);
	CHECK(pl_store_begin(r.store, NULL) == PL_OK);
	disk = FULL;
	CHECK(insert_many(r.store, &err) == PL_EIO);
	CHECK(strstr(err.msg, "Make room and try again") != NULL);
	pl_store_rollback(r.store);
	disk = WELL;
	CHECK(verified(&r) == before);
	CHECK(add(&r, "a", NULL) == before + 1);
	CHECK(verified(&r) == before + 1);
	close_record(&r);
}

int main(void)
{
	char folder[] = "/tmp/plenum-disk-XXXXXX";
	if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
	system_files = sqlite3_vfs_find(NULL);
	files = *system_files;
	files.zName = "with faults";
	files.xOpen = open_file;
	if (sqlite3_vfs_register(&files, 1) != SQLITE_OK) return 1;
	RUN(a_full_disk_at_the_commit);
	RUN(a_disk_that_cannot_say_that_it_has_it);
	RUN(a_disk_that_is_full_before_the_commit_lets_the_same_process_go_on);
	(void)remove("disk.plenum");
	if (chdir("/") != 0 || rmdir(folder) != 0) return 1;
	return pl_test_failed;
}
