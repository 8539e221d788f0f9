/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/made.h"

#include "app/replay.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"

#include <inttypes.h>

pl_status pl_made_by(int *end, pl_store *s, int64_t season, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season)}};
	pl_found f;
	*end = -1;
	PL_TRY(pl_store_get(&f, s, PL_ROWS_season, &key, err));
	if (!f.found)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no season %" PRId64, season);
	*end = pl_end_of(f.row.at[PL_C_season_endgame].text);
	pl_found_clear(&f);
	return PL_OK;
}

static pl_status find(pl_made *p, pl_error *err)
{
	const pl_settings settings = pl_settings_preset();
	PL_TRY(pl_plan_clear(&p->found, p->m, &settings, NULL, NULL, NULL, err));
	p->price = p->found->price;
	p->quantity = p->found->quantity;
	return PL_OK;
}

static pl_status trim(pl_made *p, pl_store *s, int64_t season, int64_t round, pl_error *err)
{
	const pl_frame frame = pl_frame_of(p->m);
	PL_TRY(pl_app_proposed(&p->proposed, p->m, s, s, season, round, err));
	PL_TRY(pl_rounds_end(&p->ending, (pl_end_kind)p->end, &frame, p->m->good.price,
	                     p->proposed, NULL, err));
	p->price = p->m->good.price;
	p->quantity = p->ending->quantity;
	return PL_OK;
}

static pl_status make(pl_made *p, pl_store *s, int64_t season, int64_t round, pl_error *err)
{
	PL_TRY(pl_made_by(&p->end, s, season, err));
	PL_TRY(pl_app_economy(&p->m, s, season, round, err));
	PL_TRY(pl_app_rows_in(&p->rows, s, s, season, round, err));
	const int threads = pl_replay_threads(p->m);
	const pl_status st = p->end < 0 ? find(p, err) : trim(p, s, season, round, err);
	pl_threads_set(threads);
	if (st == PL_OK) pl_plan_digest(p->digest, p->m, p->price, p->quantity);
	return st;
}

pl_status pl_made_new(pl_made *out, pl_store *s, int64_t season, int64_t round, pl_error *err)
{
	*out = (pl_made){.end = -1};
	const pl_status st = make(out, s, season, round, err);
	if (st != PL_OK) pl_made_clear(out);
	return st;
}

void pl_made_clear(pl_made *p)
{
	pl_ending_free(p->ending);
	pl_free(p->proposed);
	pl_plan_free(p->found);
	pl_app_rows_clear(&p->rows);
	pl_model_free(p->m);
	*p = (pl_made){.end = -1};
}

double pl_made_worth(const pl_made *p, int32_t council, const double *quantity)
{
	const pl_model *m = p->m;
	const int counted = m->council.kind[council] == PL_WORKERS ? PL_MAKES : PL_WANTS;
	double worth = 0;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++)
		if (m->link.role[k] == counted && m->good.kind[m->link.good[k]] != PL_FREE)
			worth += p->price[m->link.good[k]] * quantity[k];
	return worth;
}
