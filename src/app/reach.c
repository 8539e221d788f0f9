/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/reach.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/rounds.h>
#include <string.h>

enum { FIRST_LIMITED = 3 }; /* of all councils; workplaces begin later */

void pl_reach_clear(pl_reach *r)
{
	pl_model_free(r->m);
	pl_app_rows_clear(&r->rows);
	double *const block[] = {r->last, r->low, r->high, r->supply, r->demand};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	*r = (pl_reach){0};
}

static bool note_balance(void *with, const pl_state_row *row)
{
	pl_reach *r = with;
	const int32_t i =
	        pl_app_index(r->rows.good, r->rows.n_goods, row->at[PL_C_balance_good].whole);
	(void)pl_number_read(&r->supply[i], row->at[PL_C_balance_supply].text);
	(void)pl_number_read(&r->demand[i], row->at[PL_C_balance_demand].text);
	return true;
}

/// What was proposed, or taken, in the round before, and what it came to.
static pl_status read_last(pl_reach *r, pl_store *s, int64_t season, pl_error *err)
{
	const pl_state_row before = {{PL_WHOLE(season), PL_WHOLE(r->round - 1)}};
	r->supply = pl_alloc(r->m->n_goods, sizeof *r->supply);
	r->demand = pl_alloc(r->m->n_goods, sizeof *r->demand);
	r->low = pl_alloc(r->m->n_links, sizeof *r->low);
	r->high = pl_alloc(r->m->n_links, sizeof *r->high);
	if (r->supply == NULL || r->demand == NULL || r->low == NULL || r->high == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the limits of the round");
	PL_TRY(pl_app_proposed(&r->last, r->m, s, s, season, r->round - 1, err));
	return pl_store_scan(s, PL_ROWS_balance, 2, &before, note_balance, r, err);
}

/// The lowest wants must be affordable.
static pl_status fit_means(pl_reach *r, pl_store *s, int64_t season, int32_t council,
                           pl_error *err)
{
	const pl_model *m = r->m;
	const double means = m->council.income[council];
	double cost = 0;
	if (m->council.kind[council] != PL_CONSUMERS || !(means > 0)) return PL_OK;
	double *price = pl_alloc(m->n_goods, sizeof *price);
	if (price == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the limits of the round");
	const pl_status st = pl_app_prices(price, s, &r->rows, season, r->round, err);
	for (int64_t k = r->first; k < r->after; k++)
		if (m->link.role[k] == PL_WANTS) cost += price[m->link.good[k]] * r->low[k];
	for (int64_t k = r->first; k < r->after && cost > means; k++)
		if (m->link.role[k] == PL_WANTS) r->low[k] *= means / cost;
	pl_free(price);
	return st;
}

static pl_status find_bounds(pl_reach *r, pl_store *s, int64_t season, int64_t council,
                             pl_error *err)
{
	PL_TRY(pl_app_economy(&r->m, s, season, 0, err));
	PL_TRY(pl_app_rows_of(&r->rows, s, err));
	const pl_frame frame = pl_frame_of(r->m);
	const int32_t i = pl_app_index(r->rows.council, r->rows.n_councils, council);
	if (i < 0) return PL_OK; /* it has declared nothing */
	r->first = r->m->link.start[i];
	r->after = r->m->link.start[i + 1];
	PL_TRY(read_last(r, s, season, err));
	for (int64_t k = 0; k < r->m->n_links; k++) r->high[k] = INFINITY;
	PL_TRY(pl_rounds_limit(r->low, &frame, (int32_t)r->round, r->last, r->supply, r->demand,
	                       err));
	PL_TRY(pl_rounds_limit(r->high, &frame, (int32_t)r->round, r->last, r->supply,
	                       r->demand, err));
	for (int64_t k = r->first; k < r->after; k++)
		r->limited = r->limited || isfinite(r->high[k]);
	return fit_means(r, s, season, i, err);
}

pl_status pl_reach_new(pl_reach *out, pl_store *s, int64_t season, int64_t council,
                       pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season)}}, whose = {{PL_WHOLE(council)}};
	pl_found f;
	*out = (pl_reach){0};
	PL_TRY(pl_store_get(&f, s, PL_ROWS_council, &whose, err));
	const bool known = f.found;
	pl_found_clear(&f);
	if (!known)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no council %" PRId64, council);
	PL_TRY(pl_store_get(&f, s, PL_ROWS_season, &key, err));
	if (!f.found)
		return pl_fail(err, PL_ENOTFOUND, -1, "there is no season %" PRId64, season);
	const bool on = strcmp(f.row.at[PL_C_season_limits].text, "on") == 0;
	out->round = f.row.at[PL_C_season_round].whole;
	pl_found_clear(&f);
	if (!on || out->round < FIRST_LIMITED) return PL_OK;
	const pl_status st = find_bounds(out, s, season, council, err);
	if (st != PL_OK) pl_reach_clear(out);
	return st;
}

void pl_reach_steps(int64_t *from, int64_t *to, const pl_reach *r, int64_t link)
{
	static const double rounding = 1e-9, steps_most = 9007199254740991.0;
	const double step = r->m->good.step[r->m->link.good[link]];
	const double low = r->low[link] / step, high = r->high[link] / step;
	*from = (int64_t)fmin(steps_most, floor(low + rounding));
	*to = high < steps_most ? (int64_t)ceil(high - rounding) : -1;
}

bool pl_reach_balances(const pl_reach *r, int64_t link)
{
	const int32_t good = r->m->link.good[link];
	const int role = r->m->link.role[link];
	return (r->demand[good] > r->supply[good]) == (role == PL_MAKES || role == PL_OFFERS);
}
