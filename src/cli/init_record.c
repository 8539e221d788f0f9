/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/init_record.h"

#include "app/seed.h"
#include "base/error.h"
#include "cli/key.h"
#include "cli/link.h"
#include "cli/tell.h"
#include "io/economy.h"
#include "store/store.h"

#include <jansson.h>
#include <plenum/plan.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FOUNDER = 1, DAYS = 14, DAY = 86400 };

typedef struct {
	const pl_args *a;
	const char *record;
	int64_t now;
	char url[PL_URL_CHARS], code[PL_CODE_CHARS];
	pl_model *economy; ///< NULL: none
	bool begun;        ///< by this process
} job;

bool pl_init_is_record(const char *name)
{
	static const char end[] = ".plenum";
	const size_t n = strlen(name);
	return pl_address_is_database(name) || pl_address_file(name) != name ||
	       (n >= sizeof end && strcmp(name + n - (sizeof end - 1), end) == 0);
}

/* ---- what is asked for ---- */

static pl_status read_options(job *j, pl_error *err)
{
	if (pl_args_text(j->a, PL_O_title__init) == NULL ||
	    pl_args_text(j->a, PL_O_name) == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "a record needs --title, what it is called, and --name, its "
		               "first person");
	if (pl_address_is_taken(j->record))
		return pl_fail(err, PL_ECONFLICT, -1,
		               "%.300s is there already; name a new file", j->record);
	return pl_link_url(j->url, j->a, err);
}

/// The tables are read before anything is made. @return the exit code
static int read_economy(job *j)
{
	const char *folder = pl_args_text(j->a, PL_O_economy);
	pl_settings settings = pl_settings_preset();
	pl_faults faults = {0};
	pl_error err;
	int code = PL_EXIT_GOOD;
	if (folder == NULL) return code;
	if (pl_economy_read(&j->economy, &settings, folder, &faults, &err) == PL_OK)
		pl_tell_warnings(j->a, &faults);
	else
		code = pl_tell_faults(j->a, &faults, &err);
	pl_faults_clear(&faults);
	return code;
}

/* ---- beginning ---- */

static pl_status begin(job *j, pl_app *app, pl_error *err)
{
	char key[PL_HASH_CHARS];
	pl_reply reply = {0};
	pl_app_key(key, app);
	json_t *fields =
	        json_pack("{s:s, s:s, s:s}", "title", pl_args_text(j->a, PL_O_title__init),
	                  "key", key, "name", pl_args_text(j->a, PL_O_name));
	char *text = fields == NULL ? NULL : json_dumps(fields, JSON_COMPACT);
	json_decref(fields);
	if (text == NULL)
		return pl_fail(err, PL_EARG, -1, "--title and --name are texts in UTF-8");
	const pl_request r = {.time = j->now, .op = "record.begin", .json = text};
	const pl_status st = pl_app_do(&reply, app, &r, err);
	free(text);
	free(reply.json);
	j->begun = st == PL_OK;
	return st;
}

static pl_status invite(job *j, pl_store *s, pl_error *err)
{
	const int64_t until = j->now + DAY * pl_args_whole(j->a, PL_O_days, DAYS);
	PL_TRY(pl_store_begin(s, err));
	const pl_status st = pl_door_invite(j->code, s, FOUNDER, until, false, err);
	if (st == PL_OK) return pl_store_commit(s, err);
	pl_store_rollback(s);
	return st;
}

static pl_status fill(job *j, pl_app *app, pl_store *s, pl_error *err)
{
	PL_TRY(begin(j, app, err));
	if (j->economy != NULL)
		PL_TRY(pl_app_seed(NULL, NULL, app, FOUNDER, j->now, j->economy, NULL, err));
	return invite(j, s, err);
}

/// A file that could not be filled is taken away again, with its key.
static void remove_file(const job *j)
{
	static const char *const files[] = {"", "-wal", "-shm", ".key"};
	char path[PL_PATH_MOST + 8];
	if (!j->begun || pl_address_is_database(j->record)) return;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		(void)snprintf(path, sizeof path, "%s%s", pl_address_file(j->record), files[i]);
		(void)unlink(path);
	}
}

/// Begin in a store that is empty, or that does not exist yet.
static pl_status begin_in(job *j, pl_store *s, const unsigned char seed[PL_KEY_SEED],
                          pl_error *err)
{
	pl_app *app = NULL;
	pl_status st = pl_app_new(&app, s, seed, err);
	if (st == PL_OK) st = fill(j, app, s, err);
	pl_app_free(app);
	return st;
}

/// Do all of it in memory first: what the record refuses is told before anything is made.
static pl_status rehearse(job *j, pl_error *err)
{
	static const unsigned char seed[PL_KEY_SEED] = {0};
	pl_store *s;
	PL_TRY(pl_store_memory(&s, err));
	const pl_status st = begin_in(j, s, seed, err);
	pl_store_close(s);
	j->begun = false;
	return st;
}

static pl_status make_record(job *j, pl_error *err)
{
	unsigned char seed[PL_KEY_SEED];
	pl_store *s;
	if (sodium_init() < 0)
		return pl_fail(err, PL_EIO, -1, "the system gives no random numbers");
	PL_TRY(rehearse(j, err));
	PL_TRY(pl_key_get(seed, j->record, err));
	pl_status st = pl_store_open(&s, j->record, true, err);
	if (st == PL_OK) st = begin_in(j, s, seed, err);
	sodium_memzero(seed, sizeof seed);
	pl_store_close(s);
	if (st != PL_OK) remove_file(j);
	return st;
}

static void tell_next(const job *j)
{
	char key[PL_PATH_MOST];
	if (pl_key_path(key, j->record, NULL) != PL_OK) key[0] = '\0';
	printf("%s: a record that has begun\n"
	       "%s: its key. Keep it to yourself, and a copy of it elsewhere.\n\n"
	       "This link logs %s in, once, while the server runs:\n\n  %s/j/%s\n\n"
	       "Next: plenum serve %s\n"
	       "      then, logged in: \"Set up\" in the member app leads to the first round;\n"
	       "      or add people and councils, and invite them:\n"
	       "      plenum invite %s all\n",
	       j->record, key, pl_args_text(j->a, PL_O_name), j->url, j->code, j->record,
	       j->record);
}

int pl_init_record(const pl_args *a)
{
	job j = {.a = a, .record = a->arg[0], .now = (int64_t)time(NULL)};
	pl_error err;
	pl_status st = read_options(&j, &err);
	if (st != PL_OK) return pl_tell_error(a, &err);
	const int code = read_economy(&j);
	if (code != PL_EXIT_GOOD) return code;
	st = make_record(&j, &err);
	pl_model_free(j.economy);
	if (st != PL_OK) return pl_tell_error(a, &err);
	if (pl_args_has(a, PL_O_quiet))
		printf("%s/j/%s\n", j.url, j.code);
	else
		tell_next(&j);
	sodium_memzero(j.code, sizeof j.code);
	return PL_EXIT_GOOD;
}
