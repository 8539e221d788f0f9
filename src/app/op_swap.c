/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_swap.c - within the year two councils move part of a line of the plan from one to the
 * other: one offers, the other accepts. What all have together stays the same. */
#include "app/deed.h"
#include "app/suspend.h"
#include "app/swap.h"
#include "app/work.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/model.h>
#include <string.h>

/* ---- a line as it is now ---- */

typedef struct {
	const pl_plan_at *at;
	int64_t steps;
} adding;

static bool add_swap(void *with, const pl_state_row *row)
{
	adding *a = with;
	if (row->at[PL_C_swap_season].whole != a->at->season ||
	    row->at[PL_C_swap_good].whole != a->at->good ||
	    strcmp(row->at[PL_C_swap_role].text, a->at->role) != 0 ||
	    strcmp(row->at[PL_C_swap_state].text, "accepted") != 0)
		return true;
	const int64_t quantity = row->at[PL_C_swap_quantity].whole;
	if (row->at[PL_C_swap_giver].whole == a->at->council) a->steps -= quantity;
	if (row->at[PL_C_swap_taker].whole == a->at->council) a->steps += quantity;
	return true;
}

pl_status pl_swap_planned(int64_t *steps, bool *there, pl_store *s, const pl_plan_at *at,
                          pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(at->season), PL_WHOLE(at->council),
	                           PL_WHOLE(at->good), PL_TEXT(at->role)}};
	static const pl_state_row none = {{{0}}};
	adding a = {.at = at};
	pl_found f;
	PL_TRY(pl_store_get(&f, s, PL_ROWS_plan_line, &key, err));
	*there = f.found;
	if (f.found) a.steps = f.row.at[PL_C_plan_line_quantity].whole;
	pl_found_clear(&f);
	PL_TRY(pl_store_scan(s, PL_ROWS_swap, 0, &none, add_swap, &a, err));
	*steps = a.steps;
	return PL_OK;
}

/* ---- what of it is still open ---- */

static bool add_delivery(void *with, const pl_state_row *row)
{
	adding *a = with;
	const bool gives = strcmp(a->at->role, pl_role_name(PL_MAKES)) == 0 ||
	                   strcmp(a->at->role, pl_role_name(PL_OFFERS)) == 0;
	const int side = gives ? PL_C_delivery_giver : PL_C_delivery_taker;
	if (row->at[PL_C_delivery_season].whole == a->at->season &&
	    row->at[PL_C_delivery_good].whole == a->at->good &&
	    row->at[side].whole == a->at->council)
		a->steps += row->at[PL_C_delivery_quantity].whole;
	return true;
}

/// Steps of a labour that are booked, where it is counted in hours.
static pl_status booked_steps(int64_t *out, pl_deed *d, const pl_plan_at *at, pl_error *err)
{
	int64_t seconds;
	double hours, step = 1;
	pl_found f;
	*out = 0;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_good, at->good, err));
	const bool counted = pl_work_in_hours(&f.row);
	(void)pl_number_read(&step, f.row.at[PL_C_good_step].text); /* checked by good.set */
	pl_found_clear(&f);
	if (!counted || strcmp(at->role, pl_role_name(PL_USES)) != 0) return PL_OK;
	PL_TRY(pl_work_seconds(&seconds, d->store, at->season, at->council, at->good, err));
	hours = (double)seconds / 3600;
	*out = (int64_t)ceil(hours / step);
	return PL_OK;
}

/// What of a line is neither handed over nor booked.
static pl_status open_steps(int64_t *out, pl_deed *d, const pl_plan_at *at, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	adding handed = {.at = at};
	int64_t planned, booked;
	bool there;
	PL_TRY(pl_swap_planned(&planned, &there, d->store, at, err));
	PL_TRY(pl_store_scan(d->store, PL_ROWS_delivery, 0, &none, add_delivery, &handed, err));
	PL_TRY(booked_steps(&booked, d, at, err));
	const int64_t done = handed.steps > booked ? handed.steps : booked;
	*out = planned > done ? planned - done : 0;
	return PL_OK;
}

/// Can the giver's line spare it, and has the taker such a line?
static pl_status check(pl_deed *d, const pl_plan_at *giver, int64_t taker, int64_t quantity,
                       pl_error *err)
{
	const pl_plan_at other = {giver->season, taker, giver->good, giver->role};
	int64_t left, now;
	bool there;
	if (giver->council == taker)
		return pl_fail(err, PL_EARG, -1, "a council swaps with another one");
	PL_TRY(pl_swap_planned(&now, &there, d->store, &other, err));
	if (!there)
		return pl_fail(err, PL_EARG, -1,
		               "the plan of council %" PRId64
		               " has no line that it %s good %" PRId64,
		               taker, giver->role, giver->good);
	PL_TRY(pl_suspend_refuse(d, taker, err));
	PL_TRY(open_steps(&left, d, giver, err));
	if (quantity <= left) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1,
	               "of what council %" PRId64 "'s plan %s of good %" PRId64 ", %" PRId64
	               " steps are left to swap, less than %" PRId64,
	               giver->council, giver->role, giver->good, left, quantity);
}

/* ---- the two who agree ---- */

pl_status pl_run_swap_offer(pl_deed *d, pl_error *err)
{
	const pl_plan_at giver = {PL_ASKED(d, swap_offer, season),
	                          PL_ASKED(d, swap_offer, giver), PL_ASKED(d, swap_offer, good),
	                          PL_ASKED_TEXT(d, swap_offer, role)};
	const int64_t taker = PL_ASKED(d, swap_offer, taker),
	              quantity = PL_ASKED(d, swap_offer, quantity);
	int64_t id;
	PL_TRY(check(d, &giver, taker, quantity, err));
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_swap, err));
	const pl_state_row row = {{PL_WHOLE(id), PL_WHOLE(giver.season),
	                           PL_WHOLE(giver.council), PL_WHOLE(taker),
	                           PL_WHOLE(giver.good), PL_TEXT(giver.role),
	                           PL_WHOLE(quantity), PL_TEXT("offered"), PL_WHOLE(d->actor),
	                           PL_WHOLE(0), PL_TEXT(PL_ASKED_TEXT(d, swap_offer, reason))}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_swap, &row, err));
	return pl_deed_say(d, "swap", id, err);
}

/// Who may answer: the taker accepts or refuses, the giver withdraws.
static pl_status check_answer(const pl_state_row *swap, int64_t season, int64_t council,
                              const char *state, pl_error *err)
{
	const bool gives = strcmp(state, "withdrawn") == 0;
	const int64_t id = swap->at[PL_C_swap_id].whole;
	if (swap->at[PL_C_swap_season].whole != season ||
	    swap->at[gives ? PL_C_swap_giver : PL_C_swap_taker].whole != council)
		return pl_fail(
		        err, PL_EDENIED, -1,
		        "swap %" PRId64 " is not council %" PRId64
		        "'s to have %s: the giver withdraws, the taker accepts or refuses",
		        id, council, state);
	if (strcmp(swap->at[PL_C_swap_state].text, "offered") == 0) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1, "swap %" PRId64 " is %s already", id,
	               swap->at[PL_C_swap_state].text);
}

static pl_status answer(pl_deed *d, pl_state_row *swap, pl_error *err)
{
	const char *state = PL_ASKED_TEXT(d, swap_answer, state);
	const pl_plan_at giver = {
	        swap->at[PL_C_swap_season].whole, swap->at[PL_C_swap_giver].whole,
	        swap->at[PL_C_swap_good].whole, swap->at[PL_C_swap_role].text};
	PL_TRY(check_answer(swap, PL_ASKED(d, swap_answer, season),
	                    PL_ASKED(d, swap_answer, council), state, err));
	if (strcmp(state, "accepted") == 0)
		PL_TRY(check(d, &giver, swap->at[PL_C_swap_taker].whole,
		             swap->at[PL_C_swap_quantity].whole, err));
	swap->at[PL_C_swap_state] = PL_TEXT(state);
	swap->at[PL_C_swap_answered] = PL_WHOLE(d->actor);
	return pl_store_update(d->store, PL_ROWS_swap, swap, err);
}

pl_status pl_run_swap_answer(pl_deed *d, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_swap, PL_ASKED(d, swap_answer, swap), err));
	pl_state_row row = f.row;
	const pl_status st = answer(d, &row, err);
	pl_found_clear(&f);
	return st;
}
