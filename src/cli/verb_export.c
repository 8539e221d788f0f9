/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_export.c - plenum export: the economy of a round as a folder of tables, or a whole
 * record as a zip file of them. */
#include "app/app.h"
#include "app/economy.h"
#include "app/made.h"
#include "base/alloc.h"
#include "base/error.h"
#include "cli/bar.h"
#include "cli/folder.h"
#include "cli/stop.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "export/export.h"
#include "io/economy.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

/* ---- a round as a folder ---- */

/// The economy of a round and what was proposed in it, from the record as it was when the round
/// was closed.
static pl_status rebuild(pl_model **out, double **proposed, int64_t *round, pl_store *store,
                         pl_store *scratch, const pl_args *a, pl_error *err)
{
	const int64_t season = pl_args_whole(a, PL_O_season, 1);
	int64_t height;
	pl_status st = pl_app_round(&height, round, store, season,
	                            pl_args_whole(a, PL_O_round, 0), err);
	if (st == PL_OK) st = pl_app_rewind(scratch, store, height, err);
	if (st == PL_OK) st = pl_app_economy(out, scratch, season, *round, err);
	if (st == PL_OK)
		st = pl_app_proposed(proposed, *out, scratch, scratch, season, *round, err);
	return st;
}

static pl_status export_folder(const pl_args *a, pl_store *store, pl_store *scratch,
                               pl_error *err)
{
	pl_model *m = NULL;
	double *proposed = NULL;
	int64_t round = 0;
	int end = -1;
	pl_status st = rebuild(&m, &proposed, &round, store, scratch, a, err);
	if (st == PL_OK) st = pl_economy_write(m, proposed, a->arg[1], err);
	if (st == PL_OK) st = pl_made_by(&end, scratch, pl_args_whole(a, PL_O_season, 1), err);
	if (st == PL_OK && !pl_args_has(a, PL_O_quiet))
		printf("%s: the economy of round %lld\nNext: plenum plan %s%s%s\n", a->arg[1],
		       (long long)round, a->arg[1], end < 0 ? "" : " --proposed ",
		       end < 0 ? "" : pl_end_name(end));
	pl_free(proposed);
	pl_model_free(m);
	return st;
}

/* ---- a record as a zip file ---- */

static bool watch(void *bar, const char *what, int64_t done, int64_t all)
{
	pl_bar_count(bar, what, done, all);
	return !pl_stop_asked();
}

static pl_status export_zip(const pl_args *a, pl_store *store, pl_store *scratch, pl_error *err)
{
	const pl_export_choice choice = {.texts = pl_args_has(a, PL_O_texts),
	                                 .person = pl_args_whole(a, PL_O_person, 0)};
	pl_bar bar = pl_bar_begin(stderr, !pl_args_has(a, PL_O_quiet), NULL, 0);
	pl_stop_listen();
	const pl_status st =
	        pl_export_zip(a->arg[1], store, scratch, &choice, watch, &bar, err);
	pl_bar_end(&bar);
	if (st != PL_OK || pl_args_has(a, PL_O_quiet)) return st;
	printf("%s: %s\n", a->arg[1],
	       choice.person > 0 ? "what the record holds about the person"
	       : choice.texts    ? "the record, with the texts of people: not to be published"
	                         : "the record, without names, notes and open ballots");
	return st;
}

/* ---- the verb ---- */

static bool is_zip(const char *name)
{
	const size_t n = strlen(name);
	return n > 4 && strcmp(name + n - 4, ".zip") == 0;
}

/// Do the options fit the destination?
static pl_status check_options(const pl_args *a, bool zip, pl_error *err)
{
	if (zip && (pl_args_has(a, PL_O_season) || pl_args_has(a, PL_O_round)))
		return pl_fail(
		        err, PL_EARG, -1,
		        "a zip file holds the economies of all closed rounds; --season and "
		        "--round choose one for a folder");
	if (!zip && (pl_args_has(a, PL_O_texts) || pl_args_has(a, PL_O_person)))
		return pl_fail(err, PL_EARG, -1,
		               "--texts and --person are for a zip file: name it DEST.zip");
	return zip ? PL_OK : pl_folder_refuse(a->arg[1], PL_FOLDER_TABLES, err);
}

int pl_verb_export(const pl_args *a)
{
	pl_store *store = NULL, *scratch = NULL;
	pl_error err;
	const bool zip = is_zip(a->arg[1]);
	pl_status st = check_options(a, zip, &err);
	if (st == PL_OK) st = pl_store_open(&store, a->arg[0], false, &err);
	if (st == PL_OK) st = pl_store_memory(&scratch, &err);
	if (st == PL_OK)
		st = zip ? export_zip(a, store, scratch, &err)
		         : export_folder(a, store, scratch, &err);
	pl_store_close(scratch);
	pl_store_close(store);
	if (st == PL_ESTOPPED) {
		pl_tell_note(a, "%s", err.msg);
		return PL_EXIT_STOPPED;
	}
	return st == PL_OK ? PL_EXIT_GOOD : pl_tell_error(a, &err);
}
