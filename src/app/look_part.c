/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_part.c - a council's part of an adopted plan, and what others of its kind proposed. */
#include "app/economy.h"
#include "app/looks.h"
#include "base/error.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/model.h>
#include <stdio.h>
#include <string.h>

enum {
	LEAST = 5, /* councils of which an average is told: nobody is seen in it */
	KEY = 64
};

static const pl_state_row none = {{{0}}};

static int64_t whole(const json_t *row, const char *column)
{
	return json_integer_value(json_object_get(row, column));
}

/* ---- its part of the plan ---- */

typedef struct {
	int64_t season, council;
} whose;

static bool is_delivery(const void *with, const pl_state_row *row)
{
	const whose *w = with;
	return row->at[PL_C_delivery_season].whole == w->season &&
	       (row->at[PL_C_delivery_giver].whole == w->council ||
	        row->at[PL_C_delivery_taker].whole == w->council);
}

/// Swaps of others are left out. @param swaps of the season
static pl_status keep_own(json_t *out, json_t *swaps, int64_t council, pl_error *err)
{
	json_t *own = json_array(), *swap;
	size_t i;
	json_array_foreach(swaps, i, swap)
	{
		if (whole(swap, "giver") == council || whole(swap, "taker") == council)
			(void)json_array_append(own, swap);
	}
	return pl_look_set(out, "swaps", own, err);
}

pl_status pl_look_part(json_t *out, pl_looking *l, pl_error *err)
{
	const whose w = {l->number[0], l->number[1]};
	const pl_state_row key = {{PL_WHOLE(w.season), PL_WHOLE(w.council)}};
	json_t *row;
	PL_TRY(pl_look_get(&row, l, PL_ROWS_council, w.council, err));
	PL_TRY(pl_look_set(out, "council", row, err));
	PL_TRY(pl_look_get(&row, l, PL_ROWS_season, w.season, err));
	PL_TRY(pl_look_set(out, "season", row, err));
	PL_TRY(pl_look_lines(out, l, 2, &key, err));
	PL_TRY(keep_own(out, json_object_get(out, "swaps"), w.council, err));
	PL_TRY(pl_look_list(&row, l, PL_ROWS_delivery, 0, &none, is_delivery, &w, err));
	return pl_look_set(out, "deliveries", row, err);
}

/* ---- what others of its kind proposed ---- */

/// Consumers who proposed in a round.
typedef struct {
	const pl_looking *l;
	int64_t season, round;
	json_t *lines;    ///< of all of them
	json_t *councils; ///< whose they are
} group;

static bool is_consumer(const void *with, const pl_state_row *row)
{
	const int64_t community = *(const int64_t *)with;
	return strcmp(row->at[PL_C_council_kind].text, pl_council_kind_name(PL_CONSUMERS)) ==
	               0 &&
	       (community == 0 || row->at[PL_C_council_community].whole == community);
}

/// What one of them proposed joins the group, if it proposed.
static pl_status join(group *g, json_t *council, pl_error *err)
{
	int64_t version;
	json_t *lines;
	const int64_t id = whole(council, "id");
	PL_TRY(pl_app_version(&version, g->l->store, g->season, g->round, id, err));
	if (version == 0) return PL_OK;
	const pl_state_row key = {
	        {PL_WHOLE(g->season), PL_WHOLE(g->round), PL_WHOLE(id), PL_WHOLE(version)}};
	PL_TRY(pl_look_list(&lines, g->l, PL_ROWS_proposal_line, 4, &key, NULL, NULL, err));
	const int failed =
	        json_array_extend(g->lines, lines) | json_array_append(g->councils, council);
	json_decref(lines);
	return failed != 0 ? pl_look_no_memory(err) : PL_OK;
}

/// @param community 0: of all
static pl_status gather(group *g, int64_t community, pl_error *err)
{
	json_t *councils, *council;
	size_t i;
	pl_status st = PL_OK;
	(void)json_array_clear(g->lines);
	(void)json_array_clear(g->councils);
	PL_TRY(pl_look_list(&councils, g->l, PL_ROWS_council, 0, &none, is_consumer, &community,
	                    err));
	json_array_foreach(councils, i, council)
	{
		if (st == PL_OK) st = join(g, council, err);
	}
	json_decref(councils);
	return st;
}

/// One council's part of what all proposed: by its means, where all have some.
static double share_of(const group *g, const json_t *council)
{
	double sum = 0;
	bool counted = whole(council, "income") > 0;
	size_t i;
	json_t *row;
	json_array_foreach(g->councils, i, row)
	{
		counted = counted && whole(row, "income") > 0;
		sum += (double)whole(row, "income");
	}
	return counted ? (double)whole(council, "income") / sum
	               : 1 / (double)json_array_size(g->councils);
}

/// Add a line to the sum of its good and role.
static bool add_line(json_t *sums, const json_t *line)
{
	char key[KEY];
	const char *role = json_string_value(json_object_get(line, "role"));
	const double quantity = (double)whole(line, "quantity");
	(void)snprintf(key, sizeof key, "%" PRId64 ".%s", whole(line, "good"), role);
	json_t *sum = json_object_get(sums, key);
	if (sum == NULL)
		return json_object_set_new(sums, key,
		                           json_pack("{s:O, s:s, s:f}", "good",
		                                     json_object_get(line, "good"), "role",
		                                     role, "quantity", quantity)) == 0;
	json_t *so_far = json_object_get(sum, "quantity");
	return json_real_set(so_far, json_real_value(so_far) + quantity) == 0;
}

/// Part of each sum, in whole steps.
static bool add_share(json_t *shares, json_t *sum, double share)
{
	const double steps =
	        nearbyint(json_real_value(json_object_get(sum, "quantity")) * share);
	return json_object_set_new(sum, "quantity", json_integer((json_int_t)steps)) == 0 &&
	       json_array_append(shares, sum) == 0;
}

static pl_status put_shares(json_t *out, const group *g, const json_t *council, pl_error *err)
{
	json_t *shares = json_array(), *sums = json_object(), *row;
	const double share = share_of(g, council);
	const char *key;
	size_t i;
	bool good = true;
	json_array_foreach(g->lines, i, row) good = good && add_line(sums, row);
	json_object_foreach(sums, key, row) good = good && add_share(shares, row, share);
	json_decref(sums);
	PL_TRY(pl_look_set(out, "lines", shares, err));
	return good ? PL_OK : pl_look_no_memory(err);
}

static pl_status tell(json_t *out, group *g, const json_t *council, pl_error *err)
{
	int64_t community = whole(council, "community");
	PL_TRY(gather(g, community, err));
	if (community > 0 && json_array_size(g->councils) < LEAST) {
		community = 0;
		PL_TRY(gather(g, community, err));
	}
	if (json_array_size(g->councils) < LEAST) {
		PL_TRY(pl_look_set(out, "councils", json_integer(0), err));
		return pl_look_set(out, "lines", json_array(), err);
	}
	PL_TRY(pl_look_set(out, "community", json_integer(community), err));
	PL_TRY(pl_look_set(out, "councils",
	                   json_integer((json_int_t)json_array_size(g->councils)), err));
	return put_shares(out, g, council, err);
}

pl_status pl_look_neighbours(json_t *out, pl_looking *l, pl_error *err)
{
	json_t *season, *council = NULL;
	group g = {.l = l, .season = l->number[0], .lines = NULL};
	PL_TRY(pl_look_get(&season, l, PL_ROWS_season, g.season, err));
	g.round = pl_look_closed(season);
	json_decref(season);
	PL_TRY(pl_look_get(&council, l, PL_ROWS_council, l->number[1], err));
	g.lines = json_array();
	g.councils = json_array();
	pl_status st = g.lines == NULL || g.councils == NULL ? pl_look_no_memory(err)
	                                                     : tell(out, &g, council, err);
	json_decref(g.lines);
	json_decref(g.councils);
	json_decref(council);
	return st == PL_OK ? pl_look_set(out, "round", json_integer(g.round), err) : st;
}
