/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/taken.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* ---- what the season before brought ---- */

typedef struct {
	const pl_replay *now;
	int64_t season;   ///< the one before
	double *quantity; ///< [n_links] of this year's links
	bool *delivered;  ///< [n_councils] was anything delivered to it?
	bool planned;     ///< is there a plan?
} last_year;

/// The link of a council, by the numbers of their rows. @return -1: it deals in it no more
static int64_t link_of(const last_year *y, int64_t council, int64_t good, int role,
                       int32_t *which)
{
	const pl_model *m = y->now->declared;
	const int32_t i = pl_app_index(y->now->rows.council, m->n_councils, council),
	              j = pl_app_index(y->now->rows.good, m->n_goods, good);
	*which = i;
	for (int64_t k = i < 0 ? 0 : m->link.start[i]; i >= 0 && k < m->link.start[i + 1]; k++)
		if (m->link.good[k] == j && m->link.role[k] == role) return k;
	return -1;
}

static bool add_planned(void *with, const pl_state_row *row)
{
	last_year *y = with;
	int32_t i;
	const int64_t good = row->at[PL_C_plan_line_good].whole,
	              k = link_of(y, row->at[PL_C_plan_line_council].whole, good,
	                          pl_role_of(row->at[PL_C_plan_line_role].text), &i);
	y->planned = true;
	if (k >= 0)
		y->quantity[k] = (double)row->at[PL_C_plan_line_quantity].whole *
		                 y->now->declared->good.step[y->now->declared->link.good[k]];
	return true;
}

/// Forget what was planned for whoever was delivered something.
static void begin_deliveries(last_year *y, int32_t i)
{
	const pl_model *m = y->now->declared;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		if (m->link.role[k] == PL_WANTS) y->quantity[k] = 0;
	y->delivered[i] = true;
}

static bool add_delivered(void *with, const pl_state_row *row)
{
	last_year *y = with;
	const pl_model *m = y->now->declared;
	int32_t i;
	if (row->at[PL_C_delivery_season].whole != y->season) return true;
	const int64_t k = link_of(y, row->at[PL_C_delivery_taker].whole,
	                          row->at[PL_C_delivery_good].whole, PL_WANTS, &i);
	if (i < 0 || m->council.kind[i] == PL_WORKERS) return true;
	if (!y->delivered[i]) begin_deliveries(y, i);
	if (k >= 0)
		y->quantity[k] += (double)row->at[PL_C_delivery_quantity].whole *
		                  m->good.step[m->link.good[k]];
	return true;
}

static pl_status find_season(int64_t *after, int64_t *round, pl_store *s, int64_t season,
                             pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season)}};
	pl_found f;
	*after = *round = 0;
	if (season == 0) return PL_OK;
	PL_TRY(pl_store_get(&f, s, PL_ROWS_season, &key, err));
	if (f.found) {
		*after = f.row.at[PL_C_season_after].whole;
		*round = f.row.at[PL_C_season_round].whole;
	}
	pl_found_clear(&f);
	return PL_OK;
}

/// By which part of its wants a council can pay them out of its income; 1 where none is given.
static double affordable(const pl_model *m, int32_t i, const double *price, const double *wants)
{
	const double means = m->council.income[i];
	double cost = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		if (m->link.role[k] == PL_WANTS && m->good.kind[m->link.good[k]] != PL_FREE)
			cost += price[m->link.good[k]] * wants[k];
	return m->council.kind[i] == PL_CONSUMERS && means > 0 && cost > means ? means / cost
	                                                                       : 1;
}

/// Who has an income is scaled down to it; for the others quantities stay missing.
static void fill_by_income(pl_replay *r, const double *brought)
{
	const pl_model *m = r->declared;
	for (int32_t i = 0; i < m->n_councils; i++) {
		const int64_t first = m->link.start[i], after = m->link.start[i + 1];
		if (first == after || !isnan(r->quantity[first])) continue;
		if (m->council.kind[i] != PL_CONSUMERS || !(m->council.income[i] > 0)) continue;
		const double part = affordable(m, i, r->price, brought);
		for (int64_t k = first; k < after; k++) {
			const bool paid = m->link.role[k] == PL_WANTS &&
			                  m->good.kind[m->link.good[k]] != PL_FREE;
			r->quantity[k] = paid ? part * brought[k] : brought[k];
		}
	}
}

/// @param[out] y quantities of the season before, r->last_price its last prices
static pl_status look_back(last_year *y, pl_replay *r, pl_error *err)
{
	const pl_state_row of = {{PL_WHOLE(y->season)}};
	static const pl_state_row none = {{{0}}};
	int64_t before, round;
	PL_TRY(find_season(&before, &round, r->store, y->season, err));
	PL_TRY(pl_store_scan(r->store, PL_ROWS_plan_line, 1, &of, add_planned, y, err));
	if (!y->planned) return PL_OK;
	PL_TRY(pl_store_scan(r->store, PL_ROWS_delivery, 0, &none, add_delivered, y, err));
	memcpy(r->last_price, r->price, (size_t)r->frame.n_goods * sizeof *r->price);
	return pl_app_prices(r->last_price, r->store, &r->rows, y->season, round, err);
}

static pl_status fill_first(pl_replay *r, pl_error *err)
{
	last_year y = {.now = r};
	int64_t round;
	PL_TRY(find_season(&y.season, &round, r->store, r->season, err));
	if (y.season > 0) {
		y.quantity = pl_alloc(r->frame.n_links, sizeof *y.quantity);
		y.delivered = pl_alloc(r->frame.n_councils, sizeof *y.delivered);
		if (y.quantity == NULL || y.delivered == NULL) {
			pl_free(y.quantity);
			pl_free(y.delivered);
			return pl_fail(err, PL_ENOMEM, -1, "no memory for the round");
		}
	}
	const pl_status st = y.season > 0 ? look_back(&y, r, err) : PL_OK;
	if (y.planned) fill_by_income(r, y.quantity);
	pl_rounds_fill(r->quantity, &r->frame, r->price, y.planned ? y.quantity : NULL,
	               y.planned ? r->last_price : NULL);
	pl_free(y.quantity);
	pl_free(y.delivered);
	return st;
}

/* ---- noting it ---- */

static pl_status note_council(const pl_replay *r, int64_t round, int32_t i, pl_error *err)
{
	const pl_model *m = r->declared;
	char text[PL_NUMBER_CHARS];
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		if (!(r->quantity[k] > 0)) continue;
		const pl_state_row row = {{PL_WHOLE(r->season), PL_WHOLE(round),
		                           PL_WHOLE(r->rows.council[i]),
		                           PL_WHOLE(r->rows.good[m->link.good[k]]),
		                           PL_TEXT(pl_role_name(m->link.role[k])),
		                           PL_TEXT(pl_number_print(text, r->quantity[k]))}};
		PL_TRY(pl_store_insert(r->store, PL_ROWS_taken, &row, err));
	}
	return PL_OK;
}

pl_status pl_taken_note(pl_replay *r, int64_t round, pl_error *err)
{
	const pl_model *m = r->declared;
	const pl_state_row list = {{PL_WHOLE(r->season), PL_WHOLE(round)}};
	PL_TRY(pl_store_expect(r->store, PL_ROWS_taken, 2, &list, err));
	bool *missing = pl_alloc(m->n_councils, sizeof *missing);
	if (missing == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the round");
	for (int32_t i = 0; i < m->n_councils; i++)
		missing[i] = m->link.start[i] < m->link.start[i + 1] &&
		             isnan(r->quantity[m->link.start[i]]);
	pl_status st = PL_OK;
	if (round == 1)
		st = fill_first(r, err);
	else
		pl_rounds_fill(r->quantity, &r->frame, r->price, r->last_quantity,
		               r->last_price);
	for (int32_t i = 0; i < m->n_councils && st == PL_OK; i++)
		if (missing[i]) st = note_council(r, round, i, err);
	pl_free(missing);
	return st;
}
