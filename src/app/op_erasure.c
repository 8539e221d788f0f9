/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_erasure.c - one facilitator asks that somebody be erased, a week later another one
 * confirms it; the person, who sees it wherever they look, can refuse. */
#include "app/erasure.h"
#include "base/error.h"

#include <inttypes.h>

enum { DAY = 86400 };

typedef struct {
	bool found;
	int64_t by, since;
} wish;

static pl_status find_wish(wish *out, pl_deed *d, int64_t who, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(who)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_erasure, &key, err));
	*out = (wish){.found = f.found};
	if (f.found) {
		out->by = f.row.at[PL_C_erasure_asked_by].whole;
		out->since = f.row.at[PL_C_erasure_since].whole;
	}
	pl_found_clear(&f);
	return PL_OK;
}

static bool is_over(const wish *w, const pl_deed *d)
{
	return !w->found || d->time > w->since + PL_ERASURE_TERM;
}

pl_status pl_erasure_forget(pl_deed *d, int64_t who, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(who)}};
	wish w;
	PL_TRY(find_wish(&w, d, who, err));
	return w.found ? pl_store_remove(d->store, PL_ROWS_erasure, &key, err) : PL_OK;
}

static pl_status check_alive(pl_deed *d, int64_t who, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_person, who, err));
	const bool erased = f.row.at[PL_C_person_erased].whole != 0;
	pl_found_clear(&f);
	if (!erased) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1, "person %" PRId64 " was erased", who);
}

pl_status pl_run_erasure_ask(pl_deed *d, pl_error *err)
{
	const int64_t who = PL_ASKED(d, erasure_ask, person);
	const pl_state_row row = {{PL_WHOLE(who), PL_WHOLE(d->actor), PL_WHOLE(d->time)}};
	wish w;
	PL_TRY(check_alive(d, who, err));
	if (who == d->actor)
		return pl_fail(err, PL_EARG, -1,
		               "you can have yourself erased at once (person.erase)");
	PL_TRY(find_wish(&w, d, who, err));
	if (!is_over(&w, d))
		return pl_fail(err, PL_ECONFLICT, -1,
		               "person %" PRId64
		               " asked for it already; another facilitator confirms it",
		               w.by);
	PL_TRY(pl_erasure_forget(d, who, err));
	PL_TRY(pl_store_insert(d->store, PL_ROWS_erasure, &row, err));
	return pl_deed_say(d, "from", d->time + PL_ERASURE_WAIT, err);
}

pl_status pl_run_erasure_confirm(pl_deed *d, pl_error *err)
{
	const int64_t who = PL_ASKED(d, erasure_confirm, person);
	bool facilitates = false;
	wish w;
	PL_TRY(find_wish(&w, d, who, err));
	if (!is_over(&w, d))
		PL_TRY(pl_has_mandate(&facilitates, d, w.by, 0, "facilitator", err));
	if (!facilitates)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "no facilitator asks now that person %" PRId64 " be erased",
		               who);
	if (w.by == d->actor || who == d->actor)
		return pl_fail(
		        err, PL_EDENIED, -1,
		        "erasure.confirm: another facilitator than the one who asks, and "
		        "not the person, may");
	const int64_t left = w.since + PL_ERASURE_WAIT - d->time;
	if (left > 0)
		return pl_fail(err, PL_ECONFLICT, -1,
		               "person %" PRId64 " can refuse for %" PRId64 " more days", who,
		               (left + DAY - 1) / DAY);
	PL_TRY(pl_erasure_forget(d, who, err));
	return pl_person_erase(d, who, err);
}

pl_status pl_run_erasure_refuse(pl_deed *d, pl_error *err)
{
	const int64_t who = PL_ASKED(d, erasure_refuse, person);
	wish w;
	PL_TRY(find_wish(&w, d, who, err));
	if (!w.found)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "nobody asks that person %" PRId64 " be erased", who);
	return pl_erasure_forget(d, who, err);
}
