/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_backup.c - plenum backup: a record, whole, in a new file. */
#include "base/error.h"
#include "cli/carry.h"
#include "cli/key.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "store/store.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/// Leave a note of the backup, for plenum doctor.
static pl_status note_backup(pl_store *store, const pl_contents *c, const char *to,
                             pl_error *err)
{
	json_t *about = json_pack("{s:I, s:I, s:s}", "height", (json_int_t)c->height, "time",
	                          (json_int_t)time(NULL), "to", to);
	char *text = about == NULL ? NULL : json_dumps(about, JSON_COMPACT);
	json_decref(about);
	if (text == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a note");
	const pl_note note = {PL_NOTE_BACKUP, "last", text, 0, PL_TIME_END};
	pl_status st = pl_store_begin(store, err);
	if (st == PL_OK) {
		st = pl_store_note(store, &note, err);
		if (st == PL_OK)
			st = pl_store_commit(store, err);
		else
			pl_store_rollback(store);
	}
	free(text);
	return st;
}

static pl_status back_up(pl_contents *out, pl_store *store, const pl_args *a, pl_error *err)
{
	pl_error why;
	PL_TRY(pl_store_look(store, err));
	const pl_status st =
	        pl_carry(out, store, a->arg[1], !pl_args_has(a, PL_O_without_key), a, err);
	pl_store_rollback(store);
	PL_TRY(st);
	if (note_backup(store, out, a->arg[1], &why) != PL_OK)
		pl_tell_note(a, "the backup is good, and %s cannot remember it: %s", a->arg[0],
		             why.msg);
	return PL_OK;
}

static void tell_key(const pl_args *a)
{
	char path[PL_PATH_MOST];
	if (pl_args_has(a, PL_O_json) || pl_args_has(a, PL_O_quiet)) return;
	if (pl_args_has(a, PL_O_without_key))
		printf("Its key is not with it: without the key it can be read and verified, "
		       "not "
		       "continued.\n");
	else if (pl_key_path(path, a->arg[1], NULL) == PL_OK)
		printf("Its key is in %s: whoever has both can continue the record.\n", path);
}

int pl_verb_backup(const pl_args *a)
{
	pl_store *store = NULL;
	pl_contents c;
	pl_error err;
	pl_stop_listen();
	pl_status st = PL_OK;
	if (pl_address_is_database(a->arg[1]))
		st = pl_fail(&err, PL_EARG, -1,
		             "a backup is a file; plenum move brings a record into a database");
	if (st == PL_OK) st = pl_store_open(&store, a->arg[0], false, &err);
	if (st == PL_OK) st = back_up(&c, store, a, &err);
	pl_store_close(store);
	if (st == PL_OK)
		pl_carry_tell(&c, a->arg[0], a->arg[1], !pl_args_has(a, PL_O_without_key), a);
	if (st == PL_OK) tell_key(a);
	return pl_carry_end(st, a, &err);
}
