/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* migrate.c - tables of an older version, made anew from the events. The state follows from
 * these alone, so that one way serves for every version; what follows from no event yet, the
 * ballots of open votes and notes, is taken over by the columns that both versions have. */
#include "app/copy.h"

#include "base/error.h"

#include <string.h>

typedef struct {
	pl_store *to;
	int table;
	pl_status status;
	pl_error *err;
} filling;

static bool fill_row(void *with, const pl_state_row *row)
{
	filling *f = with;
	f->status = f->to->calls->put(f->to, f->table, row, false, f->err);
	return f->status == PL_OK;
}

static pl_status fill(pl_store *store, pl_store *scratch, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	filling f = {.to = store, .err = err};
	for (f.table = 0; f.table < PL_STORE_TABLES; f.table++) {
		if (!pl_state_follows(f.table)) {
			PL_TRY(pl_store_carry(store, f.table, err));
			continue;
		}
		PL_TRY(pl_store_scan(scratch, f.table, 0, &none, fill_row, &f, err));
		PL_TRY(f.status);
	}
	return PL_OK;
}

/// Do all events again. @return as pl_app_rewind; PL_OK where there are none
static pl_status replay(pl_store *scratch, pl_store *store, pl_error *err)
{
	char head[PL_HASH_CHARS];
	int64_t height, time;
	PL_TRY(pl_store_head(&height, head, &time, store, err));
	return height == 0 ? PL_OK : pl_app_rewind(scratch, store, height, err);
}

/// In the transaction that pl_store_rebuild began. The tables are today's in it, so that the
/// hash can be taken of them.
static pl_status rebuild(pl_store *store, pl_store *scratch, pl_error *err)
{
	char made[PL_HASH_CHARS], stored[PL_HASH_CHARS];
	const int64_t older = store->older;
	PL_TRY(replay(scratch, store, err));
	PL_TRY(fill(store, scratch, err));
	PL_TRY(pl_store_state_hash(made, scratch, err));
	store->older = 0;
	const pl_status st = pl_store_state_hash(stored, store, err);
	store->older = older;
	PL_TRY(st);
	if (strcmp(made, stored) != 0)
		return pl_fail(err, PL_EIO, -1,
		               "the tables are not what the events make, also after they were "
		               "made anew; nothing was changed");
	return pl_store_rebuilt(store, err);
}

pl_status pl_app_migrate(char kept[PL_KEPT_CHARS], pl_store *store, pl_store *scratch,
                         pl_error *err)
{
	PL_TRY(pl_store_rebuild(store, kept, err));
	if (store->older == 0) return PL_OK;
	const pl_status st = rebuild(store, scratch, err);
	if (st != PL_OK) pl_store_rollback(store);
	return st;
}
