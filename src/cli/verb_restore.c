/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_restore.c - plenum restore: a backup becomes a record again. */
#include "base/error.h"
#include "cli/carry.h"
#include "cli/key.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "store/store.h"

#include <stdio.h>
#include <unistd.h>

/// A record that went on elsewhere would grow from one event in two ways.
static pl_status check_not_moved(pl_store *store, pl_error *err)
{
	char to[PL_SAID_MOST];
	PL_TRY(pl_store_moved(to, store, err));
	if (to[0] == '\0') return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1,
	               "this is a backup of a record that had been moved to %s, where it goes "
	               "on; a backup of that one can be restored",
	               to);
}

static bool has_key(const char *backup)
{
	char path[PL_PATH_MOST];
	return pl_key_path(path, backup, NULL) == PL_OK && access(path, F_OK) == 0;
}

static pl_status restore(pl_contents *out, bool *key, pl_store *backup, const pl_args *a,
                         pl_error *err)
{
	*key = has_key(a->arg[0]);
	PL_TRY(check_not_moved(backup, err));
	PL_TRY(pl_store_look(backup, err));
	const pl_status st = pl_carry(out, backup, a->arg[1], *key, a, err);
	pl_store_rollback(backup);
	return st;
}

int pl_verb_restore(const pl_args *a)
{
	pl_store *backup = NULL;
	pl_contents c;
	pl_error err;
	bool key = false;
	pl_stop_listen();
	pl_status st = pl_store_open(&backup, a->arg[0], false, &err);
	if (st == PL_OK) st = restore(&c, &key, backup, a, &err);
	pl_store_close(backup);
	if (st == PL_OK) pl_carry_tell(&c, a->arg[0], a->arg[1], key, a);
	if (st == PL_OK && !key)
		pl_tell_note(
		        a,
		        "%s has no key beside it: what was restored can be read and verified, "
		        "and continued once its key is beside it",
		        a->arg[0]);
	return pl_carry_end(st, a, &err);
}
