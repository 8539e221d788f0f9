/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_objections.c - objections of a season, and what was said about them. */
#include "app/looks.h"

#include "base/error.h"

#include <string.h>

static const pl_state_row none = {{{0}}};

/// Events are read from the last proposal before the first objection on, until the plan was
/// adopted or the season ended.
typedef struct {
	int64_t season, round; ///< round of the first objection
	int64_t since;         ///< seconds since 1970
	json_t *said;
	bool failed;
} hearing;

static bool is_of_season(const void *with, const pl_state_row *row)
{
	return row->at[PL_C_objection_season].whole == ((const hearing *)with)->season;
}

/* ---- where to begin ---- */

static void note_rounds(hearing *h, const json_t *objections)
{
	size_t i;
	json_t *row;
	json_array_foreach(objections, i, row)
	{
		const int64_t round = json_integer_value(json_object_get(row, "round"));
		if (h->round == 0 || round < h->round) h->round = round;
	}
}

static bool note_filed(void *with, const pl_state_row *row)
{
	hearing *h = with;
	const int64_t filed = row->at[PL_C_proposal_filed].whole;
	if (filed > h->since) h->since = filed;
	return true;
}

/* ---- what was said ---- */

static bool is_about(const json_t *event, int64_t season)
{
	const json_t *in = json_object_get(event, "in");
	return json_integer_value(json_object_get(in, "season")) == season;
}

static bool starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool hear(void *with, const pl_event *e)
{
	hearing *h = with;
	const bool said = starts(e->type, "objection."),
	           ends = strcmp(e->type, "plan.adopt") == 0 ||
	                  strcmp(e->type, "season.close") == 0;
	if (!said && !ends) return true;
	json_t *event = pl_look_event(e);
	const bool own = event != NULL && is_about(event, h->season);
	h->failed = event == NULL || (said && own && json_array_append(h->said, event) != 0);
	json_decref(event);
	return !h->failed && !(ends && own);
}

static pl_status put_said(json_t *out, hearing *h, const pl_looking *l, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(h->season), PL_WHOLE(h->round)}};
	int64_t from;
	h->said = json_array();
	PL_TRY(pl_look_set(out, "said", h->said, err));
	if (h->round == 0) return PL_OK;
	PL_TRY(pl_store_scan(l->store, PL_ROWS_proposal, 2, &key, note_filed, h, err));
	PL_TRY(pl_store_since(&from, l->store, h->since, err));
	PL_TRY(pl_store_events(l->store, from, hear, h, err));
	return h->failed ? pl_look_no_memory(err) : PL_OK;
}

pl_status pl_look_objections(json_t *out, pl_looking *l, pl_error *err)
{
	hearing h = {.season = l->number[0]};
	json_t *row;
	PL_TRY(pl_look_get(&row, l, PL_ROWS_season, h.season, err));
	PL_TRY(pl_look_set(out, "season", row, err));
	PL_TRY(pl_look_list(&row, l, PL_ROWS_objection, 0, &none, is_of_season, &h, err));
	note_rounds(&h, row);
	PL_TRY(pl_look_set(out, "objections", row, err));
	return put_said(out, &h, l, err);
}
