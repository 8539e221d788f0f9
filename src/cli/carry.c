/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/carry.h"

#include "base/error.h"
#include "base/place.h"
#include "cli/bar.h"
#include "cli/key.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/terminal.h"
#include "io/json.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

pl_status pl_carry_open(pl_store **out, const char *record, bool make, const pl_args *a,
                        pl_error *err)
{
	char kept[PL_KEPT_CHARS] = "";
	pl_store *scratch = NULL;
	PL_TRY(pl_store_open(out, record, make, err));
	if ((*out)->older == 0) return PL_OK;
	pl_status st = pl_store_memory(&scratch, err);
	if (st == PL_OK) st = pl_app_migrate(kept, *out, scratch, err);
	pl_store_close(scratch);
	if (st == PL_OK && kept[0] != '\0')
		pl_tell_note(a,
		             "the tables of %s were brought up to date; as they were they are "
		             "kept in %s",
		             record, kept);
	if (st != PL_OK) {
		pl_store_close(*out);
		*out = NULL;
	}
	return st;
}

/* ---- progress ---- */

typedef struct {
	pl_bar bar;
	const char *doing;
} progress;

static bool watch(void *with, int64_t done, int64_t all)
{
	progress *p = with;
	pl_bar_count(&p->bar, p->doing, done, all);
	return !pl_stop_asked();
}

/* ---- the copy ---- */

static pl_status write_copy(pl_contents *out, pl_store *from, const char *to, progress *p,
                            pl_error *err)
{
	pl_store *made;
	p->doing = "copying";
	PL_TRY(pl_store_open(&made, to, true, err));
	const pl_status st = pl_app_copy(out, made, from, watch, p, err);
	pl_store_close(made);
	return st;
}

/// Is every byte there as it was read?
static pl_status compare(const pl_contents *c, pl_store *made, progress *p, pl_error *err)
{
	pl_contents back;
	p->doing = "reading back";
	PL_TRY(pl_store_look(made, err));
	const pl_status st = pl_app_contents(&back, made, watch, p, err);
	pl_store_rollback(made);
	PL_TRY(st);
	if (strcmp(back.all, c->all) == 0) return PL_OK;
	return pl_fail(err, PL_EIO, -1,
	               "what was written is not what is read back: the copy cannot be trusted");
}

static pl_status verify(pl_store *made, bool quick, progress *p, pl_error *err)
{
	const pl_verifying how = {.watch = watch, .with = p};
	pl_store *scratch = NULL;
	pl_findings v = {0};
	p->doing = "verifying";
	if (!quick) PL_TRY(pl_store_memory(&scratch, err));
	const pl_status st = pl_app_verify_how(&v, made, scratch, &how, err);
	pl_store_close(scratch);
	PL_TRY(st);
	if (v.first_bad == 0) return PL_OK;
	return pl_fail(err, PL_EARG, -1, "the record is not sound: %.400s", v.reason);
}

static pl_status read_copy(const pl_contents *c, const char *to, bool quick, progress *p,
                           pl_error *err)
{
	pl_store *made;
	PL_TRY(pl_store_open(&made, to, false, err));
	pl_status st = compare(c, made, p, err);
	if (st == PL_OK) st = verify(made, quick, p, err);
	pl_store_close(made);
	return st;
}

static void remove_part(const char *part)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[PL_PATH_MOST + 8];
	for (int i = 0; i < 3; i++) {
		(void)snprintf(path, sizeof path, "%s%s", part, ends[i]);
		(void)unlink(path);
	}
}

/// The last one who closes a file brings its write-ahead log into it.
static pl_status check_closed(const char *part, pl_error *err)
{
	char path[PL_PATH_MOST + 8];
	(void)snprintf(path, sizeof path, "%s-wal", part);
	if (access(path, F_OK) != 0) return PL_OK;
	return pl_fail(err, PL_EIO, -1, "%.300s could not be written to its end", part);
}

/// A name that the disk may not have is no place for a copy.
static pl_status place(const char *part, const char *to, pl_error *err)
{
	const pl_status st = pl_place_end(part, to, err);
	if (st != PL_OK && access(part, F_OK) != 0) (void)unlink(to);
	return st;
}

static pl_status carry_file(pl_contents *out, pl_store *from, const char *to, bool quick,
                            progress *p, pl_error *err)
{
	char part[PL_PATH_MOST];
	PL_TRY(pl_place_begin(part, sizeof part, to, err));
	pl_status st = write_copy(out, from, part, p, err);
	if (st == PL_OK) st = read_copy(out, part, quick, p, err);
	if (st == PL_OK) st = check_closed(part, err);
	if (st == PL_OK) st = place(part, to, err);
	if (st != PL_OK) remove_part(part);
	return st;
}

/// In a database the copy is there when it is judged.
static pl_status carry_rows(pl_contents *out, pl_store *from, const char *to, bool quick,
                            progress *p, pl_error *err)
{
	pl_error why = {0};
	PL_TRY(write_copy(out, from, to, p, err));
	const pl_status st = read_copy(out, to, quick, p, &why);
	if (st == PL_OK) return PL_OK;
	return pl_fail(err, st, -1, "%.350s; what was copied is in the database: drop it",
	               why.msg);
}

static pl_status check_place(const char *to, pl_error *err)
{
	if (!pl_address_is_taken(to)) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1, "%.300s is there already; nothing is replaced",
	               pl_address_file(to));
}

pl_status pl_carry(pl_contents *out, pl_store *store, const char *to, bool key,
                   const pl_args *a, pl_error *err)
{
	const bool quick = pl_args_has(a, PL_O_quick);
	progress p = {.bar = pl_bar_begin(stderr, !pl_args_has(a, PL_O_quiet), NULL, 0)};
	char path[PL_PATH_MOST];
	bool made = false;
	PL_TRY(check_place(to, err));
	if (key) PL_TRY(pl_key_copy(&made, a->arg[0], to, err));
	const pl_status st =
	        pl_address_is_database(to)
	                ? carry_rows(out, store, to, quick, &p, err)
	                : carry_file(out, store, pl_address_file(to), quick, &p, err);
	pl_bar_end(&p.bar);
	if (st != PL_OK && made && pl_key_path(path, to, NULL) == PL_OK) (void)unlink(path);
	return st;
}

/* ---- telling ---- */

static void tell_json(const pl_contents *c, const char *from, const char *to, bool key,
                      bool quick)
{
	pl_json j = {.to = stdout};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "from", from);
	pl_json_put_text(&j, "to", to);
	pl_json_put_whole(&j, "events", c->height);
	pl_json_put_whole(&j, "rows", c->rows);
	pl_json_put_text(&j, "head", c->head);
	pl_json_put_text(&j, "contents", c->all);
	pl_json_put_bool(&j, "done_again", !quick);
	pl_json_put_bool(&j, "key", key);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_close_object(&j);
}

void pl_carry_tell(const pl_contents *c, const char *from, const char *to, bool key,
                   const pl_args *a)
{
	const bool quick = pl_args_has(a, PL_O_quick);
	char events[48], rows[48];
	if (pl_args_has(a, PL_O_json)) {
		tell_json(c, from, to, key, quick);
		return;
	}
	if (pl_args_has(a, PL_O_quiet)) return;
	printf("%s: %s and %s of tables, read back and the same;\n%s.\nhead   %s\n", to,
	       pl_tell_count(events, c->height, "event", "events"),
	       pl_tell_count(rows, c->rows, "row", "rows"),
	       quick ? "every hash and signature is right (--quick: nothing was done again)"
	             : "every hash and signature is right, everything was done again with the "
	               "same "
	               "result",
	       c->head);
}

int pl_carry_end(pl_status st, const pl_args *a, const pl_error *err)
{
	if (st == PL_OK) {
		pl_stop_met(); /* too late: all is there */
		return PL_EXIT_GOOD;
	}
	if (st == PL_ESTOPPED) return PL_EXIT_STOPPED;
	return pl_tell_error(a, err);
}
