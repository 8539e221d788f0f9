/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_export.c - plenum export: the economy of a round, as a folder of tables. */
#include "app/app.h"
#include "app/economy.h"
#include "cli/folder.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/economy.h"
#include "store/store.h"

#include <stdio.h>

/// The economy of a round, from the record as it was when the round was closed.
static pl_status rebuild(pl_model **out, int64_t *round, pl_store *store, pl_store *scratch,
                         const pl_args *a, pl_error *err)
{
	const int64_t season = pl_args_whole(a, PL_O_season, 1);
	int64_t height;
	pl_status st = pl_app_round(&height, round, store, season,
	                            pl_args_whole(a, PL_O_round, 0), err);
	if (st == PL_OK) st = pl_app_rewind(scratch, store, height, err);
	if (st == PL_OK) st = pl_app_economy(out, scratch, season, *round, err);
	return st;
}

int pl_verb_export(const pl_args *a)
{
	pl_store *store = NULL, *scratch = NULL;
	pl_model *m = NULL;
	int64_t round = 0;
	pl_error err;
	pl_status st = pl_folder_refuse(a->arg[1], PL_FOLDER_TABLES, &err);
	if (st == PL_OK) st = pl_store_open(&store, a->arg[0], false, &err);
	if (st == PL_OK) st = pl_store_memory(&scratch, &err);
	if (st == PL_OK) st = rebuild(&m, &round, store, scratch, a, &err);
	if (st == PL_OK) st = pl_economy_write(m, a->arg[1], &err);
	if (st == PL_OK && !pl_args_has(a, PL_O_quiet))
		printf("%s: the economy of round %lld\nNext: plenum plan %s\n", a->arg[1],
		       (long long)round, a->arg[1]);
	pl_model_free(m);
	pl_store_close(scratch);
	pl_store_close(store);
	return st == PL_OK ? PL_EXIT_GOOD : pl_tell_error(a, &err);
}
