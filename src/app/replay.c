/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/replay.h"

#include "app/taken.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "base/threads.h"

#include <inttypes.h>
#include <string.h>

/* Below this a team of threads saves little, and where other programs use the processors too
 * its threads wait for one another: with 151 goods, on two busy cores, verifying 30 rounds took
 * 10 s of processor time on one thread and 56 s on two. */
enum { GOODS_FOR_THREADS = 512 };

int pl_replay_threads(const pl_model *m)
{
	const int before = pl_threads_used();
	if (m->n_goods < GOODS_FOR_THREADS) pl_threads_set(1);
	return before;
}

void pl_replay_clear(pl_replay *r)
{
	pl_rule_free(r->rule);
	pl_totals_free(r->totals);
	pl_free(r->floors);
	pl_model_free(r->declared);
	pl_app_rows_clear(&r->rows);
	pl_free(r->price);
	pl_free(r->next);
	pl_free(r->quantity);
	pl_free(r->last_price);
	pl_free(r->last_quantity);
}

static pl_status make_room(pl_replay *r, pl_error *err)
{
	r->price = pl_alloc(r->frame.n_goods, sizeof *r->price);
	r->next = pl_alloc(r->frame.n_goods, sizeof *r->next);
	r->last_price = pl_alloc(r->frame.n_goods, sizeof *r->last_price);
	r->quantity = pl_alloc(r->frame.n_links, sizeof *r->quantity);
	r->last_quantity = pl_alloc(r->frame.n_links, sizeof *r->last_quantity);
	r->floors = pl_alloc(r->frame.n_goods, sizeof *r->floors);
	if (r->price == NULL || r->next == NULL || r->last_price == NULL ||
	    r->quantity == NULL || r->last_quantity == NULL || r->floors == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the round");
	return pl_totals_new(&r->totals, &r->frame, err);
}

/// The season's rule, as it was agreed.
static pl_status find_rule(pl_rule_settings *out, const pl_replay *r, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(r->season)}};
	pl_found f;
	*out = pl_rule_preset();
	PL_TRY(pl_store_get(&f, r->store, PL_ROWS_season, &key, err));
	if (!f.found)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no season %" PRId64, r->season);
	out->kind = (pl_rule_kind)pl_rule_of(f.row.at[PL_C_season_rule].text);
	out->log_step = 1; /* with people: a price changes by at most e in a round */
	const pl_status known =
	        pl_number_read(&out->tolerance, f.row.at[PL_C_season_tolerance].text);
	pl_found_clear(&f);
	return known;
}

pl_status pl_replay_begin(pl_replay *r, pl_error *err)
{
	pl_rule_settings settings;
	PL_TRY(pl_app_economy(&r->declared, r->store, r->season, 0, err));
	PL_TRY(pl_app_rows_of(&r->rows, r->store, err));
	r->frame = pl_frame_of(r->declared);
	PL_TRY(make_room(r, err));
	PL_TRY(find_rule(&settings, r, err));
	return pl_rule_new(&r->rule, &r->frame, &settings, err);
}

pl_status pl_replay_take(pl_replay *r, int64_t round, bool closing, pl_error *err)
{
	if (round > 1) {
		memcpy(r->last_price, r->price, (size_t)r->frame.n_goods * sizeof *r->price);
		memcpy(r->last_quantity, r->quantity,
		       (size_t)r->frame.n_links * sizeof *r->quantity);
	}
	PL_TRY(pl_app_prices(r->price, r->store, &r->rows, r->season, round, err));
	PL_TRY(pl_app_proposals(r->quantity, r->store, r->declared, &r->rows, r->season, round,
	                        err));
	if (closing)
		PL_TRY(pl_taken_note(r, round, err));
	else
		pl_rounds_fill(r->quantity, &r->frame, r->price, NULL, NULL);
	memcpy(r->floors, pl_rule_floors(r->rule), (size_t)r->frame.n_goods);
	PL_TRY(pl_round_total(&r->seen, r->totals, &r->frame, r->price, r->quantity, r->floors,
	                      err));
	r->seen.number = (int32_t)round;
	return PL_OK;
}

pl_status pl_replay_step(pl_replay *r, pl_error *err)
{
	return pl_rule_step(r->next, r->rule, r->price, r->quantity, err);
}
