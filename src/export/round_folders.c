/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* round_folders.c - the economy of every closed round, in a folder of its own. */
#include "app/closed.h"
#include "app/economy.h"
#include "base/alloc.h"
#include "base/error.h"
#include "export/parts.h"
#include "io/economy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/// Note that a round is left out, and why: the sentence of @p why.
static pl_status leave_out(pl_exporting *x, const pl_closed *at, const pl_error *why,
                           pl_error *err)
{
	char line[640];
	const int n =
	        snprintf(line, sizeof line, "  round %" PRId64 " of season %" PRId64 ": %s\n",
	                 at->round, at->season, why->msg);
	if (pl_bytes_add(&x->left_out, line, n) == PL_OK) return PL_OK;
	return pl_fail(err, PL_ENOMEM, -1, "no memory to export the record");
}

static pl_status put_round(pl_exporting *x, const pl_closed *at, const pl_model *m,
                           pl_error *err)
{
	char folder[64];
	pl_error why = {0};
	(void)snprintf(folder, sizeof folder, "rounds/%" PRId64 "-%" PRId64, at->season,
	               at->round);
	double *proposed;
	PL_TRY(pl_app_proposed(&proposed, m, x->scratch, x->store, at->season, at->round, err));
	const pl_status st = pl_economy_zip(m, proposed, x->zip, folder, &why);
	pl_free(proposed);
	if (st == PL_EARG) return leave_out(x, at, &why, err);
	if (st == PL_OK) x->rounds_written++;
	return st == PL_OK ? PL_OK : pl_fail(err, st, -1, "%s", why.msg);
}

static bool watch(void *with, int64_t height)
{
	pl_exporting *x = with;
	return pl_export_go_on(x, "rounds", height, x->events);
}

pl_status pl_export_rounds(pl_exporting *x, pl_error *err)
{
	pl_closed at = {.store = x->store, .scratch = x->scratch, .watch = watch, .with = x};
	for (;;) {
		pl_model *m;
		pl_status st = pl_closed_next(&m, &at, err);
		PL_TRY(pl_export_stopped(x, err));
		PL_TRY(st);
		if (m == NULL) return PL_OK;
		st = put_round(x, &at, m, err);
		pl_model_free(m);
		PL_TRY(st);
	}
}
