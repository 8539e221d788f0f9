/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_season.c - the record, seasons, rounds, plans, votes. */
#include "app/fields.h"
#include "app/looks.h"
#include "base/error.h"
#include "base/number.h"

#include <math.h>
#include <plenum/model.h>
#include <string.h>

static const pl_state_row none = {{{0}}};

static pl_status put_list(json_t *out, const char *key, const pl_looking *l, int table, int n,
                          const pl_state_row *prefix, pl_error *err)
{
	json_t *list;
	PL_TRY(pl_look_list(&list, l, table, n, prefix, NULL, NULL, err));
	return pl_look_set(out, key, list, err);
}

/* ---- the record ---- */

typedef struct {
	json_t *in;
	pl_error *err;
	pl_status status;
} first;

static bool note_first(void *with, const pl_event *e)
{
	first *f = with;
	json_t *facts;
	f->status = pl_json_read(&facts, e->facts, f->err);
	if (f->status == PL_OK) f->in = json_incref(json_object_get(facts, "in"));
	json_decref(facts);
	return false;
}

pl_status pl_look_record(json_t *out, pl_looking *l, pl_error *err)
{
	char hash[PL_HASH_CHARS];
	int64_t height, time;
	first f = {.err = err};
	PL_TRY(pl_store_head(&height, hash, &time, l->store, err));
	if (height > 0) PL_TRY(pl_store_events(l->store, 1, note_first, &f, err));
	PL_TRY(f.status);
	const int failed = json_object_update(out, f.in == NULL ? out : f.in);
	json_decref(f.in);
	if (failed != 0) return pl_look_no_memory(err);
	PL_TRY(pl_look_set(out, "height", json_integer(height), err));
	PL_TRY(pl_look_set(out, "head", json_string(hash), err));
	return pl_look_set(out, "time", json_integer(time), err);
}

/* ---- seasons ---- */

pl_status pl_look_seasons(json_t *out, pl_looking *l, pl_error *err)
{
	size_t i;
	json_t *season;
	PL_TRY(put_list(out, "seasons", l, PL_ROWS_season, 0, &none, err));
	json_array_foreach(json_object_get(out, "seasons"), i, season)
	{
		const pl_state_row key = {
		        {PL_WHOLE(json_integer_value(json_object_get(season, "id")))}};
		PL_TRY(put_list(season, "dates", l, PL_ROWS_calendar, 1, &key, err));
	}
	return PL_OK;
}

/* ---- the plan, and what came of it ---- */

static int64_t whole(const json_t *row, const char *column)
{
	return json_integer_value(json_object_get(row, column));
}

static bool gives(const json_t *line)
{
	const char *role = json_string_value(json_object_get(line, "role"));
	return strcmp(role, pl_role_name(PL_MAKES)) == 0 ||
	       strcmp(role, pl_role_name(PL_OFFERS)) == 0;
}

/// Add a delivery to the lines that it fulfils: the giver's and the taker's.
static bool add_up(void *with, const pl_state_row *row)
{
	json_t *lines = with, *line;
	size_t i;
	json_array_foreach(lines, i, line)
	{
		const int side = gives(line) ? PL_C_delivery_giver : PL_C_delivery_taker;
		if (row->at[PL_C_delivery_season].whole != whole(line, "season") ||
		    row->at[PL_C_delivery_good].whole != whole(line, "good") ||
		    row->at[side].whole != whole(line, "council"))
			continue;
		json_t *sum = json_object_get(line, "delivered");
		json_integer_set(sum, json_integer_value(sum) +
		                              row->at[PL_C_delivery_quantity].whole);
	}
	return true;
}

int64_t pl_look_closed(const json_t *season)
{
	const char *phase = json_string_value(json_object_get(season, "phase"));
	return whole(season, "round") - (strcmp(phase, pl_phase_name(PL_PHASE_PROPOSING)) == 0);
}

static double decimal(const json_t *row, const char *column)
{
	double x = 0;
	(void)pl_number_read(&x, json_string_value(json_object_get(row, column)));
	return x;
}

static pl_status put_number(json_t *out, const char *key, double x, pl_error *err)
{
	char text[PL_NUMBER_CHARS];
	return pl_look_set(out, key, json_string(pl_number_print(text, x)), err);
}

/// Who keeps how much of what was proposed, where an endgame makes the plan.
static pl_status put_fairness(json_t *out, pl_looking *l, const json_t *season, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(l->number[0]), PL_WHOLE(pl_look_closed(season))}};
	json_t *row;
	size_t i;
	double asked = 0, gets = 0, least = 1;
	int64_t who = 0;
	PL_TRY(put_list(out, "fairness", l, PL_ROWS_fairness, 2, &key, err));
	json_array_foreach(json_object_get(out, "fairness"), i, row)
	{
		json_t *council;
		const double proposed = decimal(row, "proposed"), kept = decimal(row, "kept");
		PL_TRY(pl_look_get(&council, l, PL_ROWS_council, whole(row, "council"), err));
		const bool works = strcmp(json_string_value(json_object_get(council, "kind")),
		                          pl_council_kind_name(PL_WORKERS)) == 0;
		json_decref(council);
		if (works || !(proposed > 0)) continue;
		asked += proposed;
		gets += proposed * kept;
		if (kept >= least) continue;
		least = kept;
		who = whole(row, "council");
	}
	if (i == 0) return PL_OK;
	PL_TRY(put_number(out, "trimmed", asked > 0 ? fmax(0, 1 - gets / asked) : 0, err));
	PL_TRY(put_number(out, "least_kept", least, err));
	return who == 0 ? PL_OK : pl_look_set(out, "least_council", json_integer(who), err);
}

static bool is_of_season(const void *with, const pl_state_row *row)
{
	return row->at[PL_C_swap_season].whole == *(const int64_t *)with;
}

static bool same(const json_t *a, const json_t *b, const char *column)
{
	return json_equal(json_object_get(a, column), json_object_get(b, column)) != 0;
}

/// Lines as they are now: what was accepted leaves one and joins another.
static void apply(json_t *lines, const json_t *swap)
{
	size_t i;
	json_t *line;
	if (strcmp(json_string_value(json_object_get(swap, "state")), "accepted") != 0) return;
	json_array_foreach(lines, i, line)
	{
		const int64_t council = whole(line, "council"),
		              quantity = whole(swap, "quantity");
		json_t *now = json_object_get(line, "now");
		if (!same(line, swap, "good") || !same(line, swap, "role")) continue;
		if (council == whole(swap, "giver"))
			json_integer_set(now, json_integer_value(now) - quantity);
		if (council == whole(swap, "taker"))
			json_integer_set(now, json_integer_value(now) + quantity);
	}
}

static pl_status put_swaps(json_t *out, json_t *lines, const pl_looking *l, pl_error *err)
{
	json_t *list, *swap;
	size_t i;
	PL_TRY(pl_look_list(&list, l, PL_ROWS_swap, 0, &none, is_of_season, &l->number[0],
	                    err));
	json_array_foreach(list, i, swap) apply(lines, swap);
	return pl_look_set(out, "swaps", list, err);
}

pl_status pl_look_lines(json_t *out, const pl_looking *l, int n, const pl_state_row *key,
                        pl_error *err)
{
	json_t *line;
	size_t i;
	PL_TRY(put_list(out, "lines", l, PL_ROWS_plan_line, n, key, err));
	json_t *lines = json_object_get(out, "lines");
	json_array_foreach(lines, i, line)
	{
		PL_TRY(pl_look_set(line, "now", json_integer(whole(line, "quantity")), err));
		PL_TRY(pl_look_set(line, "delivered", json_integer(0), err));
	}
	PL_TRY(put_swaps(out, lines, l, err));
	return pl_store_scan(l->store, PL_ROWS_delivery, 0, &none, add_up, lines, err);
}

pl_status pl_look_plan(json_t *out, pl_looking *l, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(l->number[0])}};
	json_t *season;
	PL_TRY(pl_look_get(&season, l, PL_ROWS_season, l->number[0], err));
	PL_TRY(pl_look_set(out, "season", season, err));
	PL_TRY(put_fairness(out, l, season, err));
	return pl_look_lines(out, l, 1, &key, err);
}

/* ---- votes ---- */

pl_status pl_look_vote(json_t *out, pl_looking *l, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(l->number[0])}};
	json_t *vote, *elector;
	int64_t voted = 0;
	size_t i;
	PL_TRY(pl_look_get(&vote, l, PL_ROWS_vote, l->number[0], err));
	l->opened = strcmp(json_string_value(json_object_get(vote, "state")), "closed") == 0;
	PL_TRY(pl_look_set(out, "vote", vote, err));
	PL_TRY(put_list(out, "options", l, PL_ROWS_vote_option, 1, &key, err));
	PL_TRY(put_list(out, "roll", l, PL_ROWS_elector, 1, &key, err));
	json_array_foreach(json_object_get(out, "roll"), i, elector)
	{
		voted += json_integer_value(json_object_get(elector, "voted"));
	}
	PL_TRY(pl_look_set(out, "voted", json_integer(voted), err));
	return l->opened ? put_list(out, "ballots", l, PL_ROWS_ballot, 1, &key, err) : PL_OK;
}
