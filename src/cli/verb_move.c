/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_move.c - plenum move: a record goes on at another place, and no longer where it was. */
#include "base/error.h"
#include "cli/carry.h"
#include "cli/key.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;
	return stat(pl_address_file(a), &x) == 0 && stat(pl_address_file(b), &y) == 0 &&
	       x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/// Is all of the record at the place where it should go? A move that ended before its last step
/// leaves that. Two addresses may name one database, so that there it cannot be told.
static pl_status is_there(bool *there, pl_contents *here, pl_store *from, const pl_args *a,
                          pl_error *err)
{
	pl_store *place = NULL;
	pl_contents other = {0};
	const bool file = !pl_address_is_database(a->arg[1]);
	*there = false;
	if (file && is_same_file(a->arg[0], a->arg[1]))
		return pl_fail(err, PL_EARG, -1, "a record cannot be moved to where it is");
	if (!file && pl_address_is_database(a->arg[0])) return PL_OK;
	if (file && !pl_address_is_taken(a->arg[1])) return PL_OK;
	pl_status st = pl_store_open(&place, a->arg[1], !file, err);
	if (st == PL_OK) st = pl_app_contents(&other, place, NULL, NULL, err);
	if (st == PL_OK) st = pl_app_contents(here, from, NULL, NULL, err);
	pl_store_close(place);
	*there = st == PL_OK && strcmp(other.all, here->all) == 0;
	return st;
}

/// In a transaction of @p from, so that nothing is recorded there before it is marked.
static pl_status move(pl_contents *out, pl_store *from, const pl_args *a, pl_error *err)
{
	const bool key = !pl_args_has(a, PL_O_without_key);
	bool there, made;
	PL_TRY(is_there(&there, out, from, a, err));
	if (!there) PL_TRY(pl_carry(out, from, a->arg[1], key, a, err));
	if (there && key) PL_TRY(pl_key_copy(&made, a->arg[0], a->arg[1], err));
	return pl_store_mark_moved(from, a->arg[1], err);
}

int pl_verb_move(const pl_args *a)
{
	pl_store *from = NULL;
	pl_contents c;
	pl_error err;
	pl_stop_listen();
	pl_status st = pl_store_open(&from, a->arg[0], false, &err);
	if (st == PL_OK) st = pl_store_begin(from, &err);
	if (st == PL_OK) {
		st = move(&c, from, a, &err);
		if (st == PL_OK)
			st = pl_store_commit(from, &err);
		else
			pl_store_rollback(from);
	}
	pl_store_close(from);
	if (st == PL_OK)
		pl_carry_tell(&c, a->arg[0], a->arg[1], !pl_args_has(a, PL_O_without_key), a);
	if (st == PL_OK && !pl_args_has(a, PL_O_json) && !pl_args_has(a, PL_O_quiet))
		printf("Nothing more is recorded in %s: keep it, or remove it with its key.\n",
		       a->arg[0]);
	return pl_carry_end(st, a, &err);
}
