/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sqlite_open.c - a file is looked at, made a record where it is empty, and opened as one
 * (store-5). */
#include "store/lite.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	APPLICATION =
	        0x506c656e, ///< "Plen": names the kind of file, also for the command file(1)
	WAIT_MS = 5000,     ///< for another process that writes
	PAUSE_MS = 10       ///< between two tries
};

static const char events_table[] =
        "CREATE TABLE event (\n"
        "  height INTEGER NOT NULL CONSTRAINT event_key PRIMARY KEY,\n"
        "  time INTEGER NOT NULL, actor INTEGER NOT NULL, type TEXT NOT NULL,\n"
        "  facts TEXT NOT NULL, texts TEXT, salt TEXT,\n"
        "  parent TEXT NOT NULL, hash TEXT NOT NULL, facts_hash TEXT NOT NULL,\n"
        "  texts_hash TEXT NOT NULL, signature TEXT NOT NULL\n"
        ") STRICT;\n";

pl_status pl_lite_tables(sqlite3 *db, const char *file, bool events, pl_error *err)
{
	char marks[96];
	pl_bytes sql = {0};
	(void)snprintf(marks, sizeof marks,
	               "PRAGMA application_id = %d; PRAGMA user_version = %d;",
	               (int)APPLICATION, (int)PL_STORE_VERSION);
	if (pl_ddl_tables(&sql, &pl_lite_dialect) != PL_OK)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the record");
	pl_status st = pl_lite_run(db, file, marks, err);
	if (st == PL_OK && events) st = pl_lite_run(db, file, events_table, err);
	if (st == PL_OK) st = pl_lite_run(db, file, sql.at, err);
	pl_bytes_free(&sql);
	return st;
}

/// A file on the way to being open.
typedef struct {
	sqlite3 *db;
	const char *file;
	int64_t older; ///< version of its tables where that is an older one, else 0
} lite_file;

static pl_status fail(const lite_file *s, pl_error *err)
{
	return pl_lite_fail(s->db, s->file, err);
}

static pl_status run(lite_file *s, const char *sql, pl_error *err)
{
	return pl_lite_run(s->db, s->file, sql, err);
}

static pl_status ask(int64_t *out, const lite_file *s, const char *sql, pl_error *err)
{
	return pl_lite_ask(out, s->db, s->file, sql, err);
}

/// What a file is: a record of some version, nothing yet, or something else.
typedef struct {
	int64_t application, version, tables;
} marks;

/// In a transaction, so that they are those of one moment.
static pl_status read_marks(marks *m, const lite_file *s, pl_error *err)
{
	PL_TRY(ask(&m->application, s, "PRAGMA application_id", err));
	PL_TRY(ask(&m->version, s, "PRAGMA user_version", err));
	return ask(&m->tables, s, "SELECT count(*) FROM sqlite_schema", err);
}

static bool is_empty(const marks *m)
{
	return m->application == 0 && m->version == 0 && m->tables == 0;
}

/// Some changes of a file are refused at once where another process is at it too.
static pl_status run_patiently(lite_file *s, const char *sql, pl_error *err)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
	for (int waited = 0; (rc & 0xff) == SQLITE_BUSY && waited < WAIT_MS;
	     waited += PAUSE_MS) {
		(void)sqlite3_sleep(PAUSE_MS);
		rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
	}
	return rc == SQLITE_OK ? PL_OK : fail(s, err);
}

static pl_status check_kind(const lite_file *s, const marks *m, bool make, pl_error *err)
{
	if (m->application == APPLICATION || (make && is_empty(m))) return PL_OK;
	return pl_fail(err, PL_EPARSE, -1, "%.300s is %s, but no record of Plenum", s->file,
	               is_empty(m) ? "there and empty" : "a database");
}

/// Make an empty file a record. Of several who try at once, one does.
static pl_status make_record(marks *m, lite_file *s, pl_error *err)
{
	PL_TRY(run(s, "BEGIN IMMEDIATE", err));
	pl_status st = read_marks(m, s, err);
	if (st == PL_OK && is_empty(m)) {
		st = pl_lite_tables(s->db, s->file, true, err);
		*m = (marks){APPLICATION, PL_STORE_VERSION, 1};
	}
	if (st == PL_OK) st = check_kind(s, m, false, err);
	if (st == PL_OK) st = run(s, "COMMIT", err);
	if (st != PL_OK) (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return st;
}

/// Look before anything in the file is touched.
static pl_status look_at_kind(marks *m, lite_file *s, bool make, pl_error *err)
{
	PL_TRY(run_patiently(s, "BEGIN", err));
	const pl_status st = read_marks(m, s, err);
	(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	PL_TRY(st);
	return check_kind(s, m, make, err);
}

static pl_status check_version(lite_file *s, const marks *m, pl_error *err)
{
	if (m->version > PL_STORE_VERSION || m->version < 1)
		return pl_fail(err, PL_EPARSE, -1,
		               "%.200s has version %" PRId64
		               " of the tables, and this program knows version %d and older "
		               "ones",
		               s->file, m->version, (int)PL_STORE_VERSION);
	s->older = m->version < PL_STORE_VERSION ? m->version : 0;
	return PL_OK;
}

/// Is the file on a disk that may only be read, with no log beside it? Then nobody changes it
/// while it is read, and SQLite, which writes beside a file even to read it, must be told so.
static bool stands_still(const lite_file *s)
{
	char log[4096];
	if (snprintf(log, sizeof log, "%s-wal", s->file) >= (int)sizeof log) return false;
	return access(s->file, W_OK) != 0 && errno == EROFS && access(log, F_OK) != 0;
}

/// Open the file as one that nobody changes. Its name goes into an address, byte by byte.
static pl_status open_still(lite_file *s, pl_error *err)
{
	char address[3 * 4096 + 64], *to = address;
	const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
	                  SQLITE_OPEN_EXRESCODE;
	to += snprintf(to, 8, "file:");
	for (const char *at = s->file; *at != '\0'; at++)
		to += snprintf(to, 4, "%%%02x", (unsigned)(unsigned char)*at);
	(void)snprintf(to, 16, "?immutable=1");
	if (sqlite3_open_v2(address, &s->db, flags, NULL) != SQLITE_OK) return fail(s, err);
	PL_TRY(run(s, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;", err));
	marks m;
	PL_TRY(look_at_kind(&m, s, false, err));
	return check_version(s, &m, err);
}

/// A file is made for its owner alone: it holds contacts, and ballots. Its log gets the same
/// rights. What cannot be made here SQLite tells in a moment.
static void make_private(const char *file)
{
	const int made = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (made >= 0) (void)close(made);
}

static pl_status set_up(lite_file *s, bool make, pl_error *err)
{
	const int flags = SQLITE_OPEN_READWRITE | (make ? SQLITE_OPEN_CREATE : 0) |
	                  SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	marks m;
	if (!make && stands_still(s)) return open_still(s, err);
	if (make) make_private(s->file);
	if (sqlite3_open_v2(s->file, &s->db, flags, NULL) != SQLITE_OK) return fail(s, err);
	(void)sqlite3_busy_timeout(s->db, WAIT_MS);
	PL_TRY(look_at_kind(&m, s, make, err));
	PL_TRY(run_patiently(s, "PRAGMA journal_mode = WAL", err));
	PL_TRY(run_patiently(s,
	                     "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
	                     "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	                     "PRAGMA secure_delete = ON;",
	                     err));
	if (is_empty(&m)) PL_TRY(make_record(&m, s, err));
	return check_version(s, &m, err);
}

pl_status pl_lite_open(sqlite3 **db, int64_t *older, const char *file, bool make, pl_error *err)
{
	lite_file s = {.file = file};
	const pl_status st = set_up(&s, make, err);
	*db = s.db;
	*older = s.older;
	return st;
}
