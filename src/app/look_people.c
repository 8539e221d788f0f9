/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_people.c - who one is, what needs one, a council. */
#include "app/economy.h"
#include "app/erasure.h"
#include "app/looks.h"
#include "app/suspend.h"
#include "base/error.h"

#include <string.h>

enum { FORTNIGHT = 14 * 86400 };

/* ---- wanted rows ---- */

typedef struct {
	int64_t person, council, now;
} about;

static bool is_their_membership(const void *with, const pl_state_row *row)
{
	return row->at[PL_C_membership_person].whole == ((const about *)with)->person;
}

static bool is_their_task(const void *with, const pl_state_row *row)
{
	const about *a = with;
	return row->at[PL_C_mandate_until].whole > a->now &&
	       (a->person == 0 || row->at[PL_C_mandate_person].whole == a->person) &&
	       (a->council == 0 || row->at[PL_C_mandate_council].whole == a->council);
}

/// Rows of a table, as member @p key of @p out.
static pl_status put_list(json_t *out, const char *key, const pl_looking *l, int table,
                          pl_look_wanted *wanted, const about *a, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	json_t *list;
	PL_TRY(pl_look_list(&list, l, table, 0, &none, wanted, a, err));
	return pl_look_set(out, key, list, err);
}

/* ---- who one is ---- */

pl_status pl_look_me(json_t *out, pl_looking *l, pl_error *err)
{
	const about a = {.person = l->look->actor, .now = l->look->now};
	json_t *person;
	PL_TRY(pl_look_get(&person, l, PL_ROWS_person, a.person, err));
	PL_TRY(pl_look_set(out, "person", person, err));
	PL_TRY(put_list(out, "memberships", l, PL_ROWS_membership, is_their_membership, &a,
	                err));
	return put_list(out, "tasks", l, PL_ROWS_mandate, is_their_task, &a, err);
}

/* ---- a council ---- */

static bool is_suspended(const void *with, const pl_state_row *row)
{
	const about *a = with;
	return row->at[PL_C_suspension_council].whole == a->council &&
	       row->at[PL_C_suspension_until].whole > a->now;
}

static pl_status put_prefixed(json_t *out, const char *key, const pl_looking *l, int table,
                              int64_t of, pl_error *err)
{
	const pl_state_row prefix = {{PL_WHOLE(of)}};
	json_t *list;
	PL_TRY(pl_look_list(&list, l, table, 1, &prefix, NULL, NULL, err));
	return pl_look_set(out, key, list, err);
}

pl_status pl_look_council(json_t *out, pl_looking *l, pl_error *err)
{
	const about a = {.council = l->number[0], .now = l->look->now};
	json_t *council;
	PL_TRY(pl_look_get(&council, l, PL_ROWS_council, a.council, err));
	PL_TRY(pl_look_set(out, "council", council, err));
	PL_TRY(put_prefixed(out, "members", l, PL_ROWS_membership, a.council, err));
	PL_TRY(put_prefixed(out, "numbers", l, PL_ROWS_council_number, a.council, err));
	PL_TRY(put_prefixed(out, "lines", l, PL_ROWS_line, a.council, err));
	PL_TRY(put_list(out, "suspensions", l, PL_ROWS_suspension, is_suspended, &a, err));
	return put_list(out, "tasks", l, PL_ROWS_mandate, is_their_task, &a, err);
}

/* ---- what needs somebody ---- */

static pl_status add_need(json_t *needs, const char *what, const char *of, int64_t number,
                          int64_t council, int64_t until, pl_error *err)
{
	json_t *need = json_pack("{s:s, s:I, s:I, s:I}", "what", what, of, (json_int_t)number,
	                         "council", (json_int_t)council, "until", (json_int_t)until);
	return json_array_append_new(needs, need) == 0 ? PL_OK : pl_look_no_memory(err);
}

static int64_t whole(const json_t *row, const char *column)
{
	return json_integer_value(json_object_get(row, column));
}

static bool is(const json_t *row, const char *column, const char *text)
{
	const char *has = json_string_value(json_object_get(row, column));
	return has != NULL && strcmp(has, text) == 0;
}

/// When the next date of a season comes; 0: by hand.
static pl_status next_date(int64_t *out, const pl_looking *l, int64_t season, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season)}};
	json_t *dates;
	size_t i;
	json_t *date;
	PL_TRY(pl_look_list(&dates, l, PL_ROWS_calendar, 1, &key, NULL, NULL, err));
	*out = 0;
	json_array_foreach(dates, i, date)
	{
		if (*out == 0 && whole(date, "done") == 0) *out = whole(date, "time");
	}
	json_decref(dates);
	return PL_OK;
}

/// A delegate's council that has not proposed in a round that is open, and can.
static pl_status need_proposals(json_t *needs, const pl_looking *l, const json_t *seasons,
                                const json_t *tasks, pl_error *err)
{
	size_t i, k;
	json_t *season, *task;
	json_array_foreach(seasons, i, season)
	{
		int64_t until;
		if (!is(season, "phase", "proposing")) continue;
		PL_TRY(next_date(&until, l, whole(season, "id"), err));
		json_array_foreach(tasks, k, task)
		{
			int64_t version, suspended;
			if (!is(task, "role", "delegate")) continue;
			PL_TRY(pl_suspended_until(&suspended, l->store, whole(task, "council"),
			                          l->look->now, err));
			if (suspended > 0) continue;
			PL_TRY(pl_app_version(&version, l->store, whole(season, "id"),
			                      whole(season, "round"), whole(task, "council"),
			                      err));
			if (version == 0)
				PL_TRY(add_need(needs, "propose", "season", whole(season, "id"),
				                whole(task, "council"), until, err));
		}
	}
	return PL_OK;
}

static pl_status need_ballots(json_t *needs, const pl_looking *l, const json_t *votes,
                              pl_error *err)
{
	size_t i;
	json_t *vote;
	json_array_foreach(votes, i, vote)
	{
		const pl_state_row key = {
		        {PL_WHOLE(whole(vote, "id")), PL_WHOLE(l->look->actor)}};
		pl_found f;
		PL_TRY(pl_store_get(&f, l->store, PL_ROWS_elector, &key, err));
		const bool waits = f.found && f.row.at[PL_C_elector_voted].whole == 0;
		pl_found_clear(&f);
		if (waits)
			PL_TRY(add_need(needs, "vote", "vote", whole(vote, "id"),
			                whole(vote, "council"), whole(vote, "until"), err));
	}
	return PL_OK;
}

static bool is_open(const void *with, const pl_state_row *row)
{
	(void)with;
	return strcmp(row->at[PL_C_vote_state].text, "open") == 0;
}

static bool is_pending(const void *with, const pl_state_row *row)
{
	(void)with;
	const char *state = row->at[PL_C_objection_state].text;
	return strcmp(state, "filed") == 0 || strcmp(state, "explained") == 0 ||
	       strcmp(state, "appealed") == 0;
}

/// Does who asks belong to the council, or speak for it?
static bool is_own(const json_t *me, int64_t council)
{
	static const char *const of[] = {"memberships", "tasks"};
	size_t i;
	json_t *row;
	for (size_t k = 0; k < sizeof of / sizeof *of; k++)
		json_array_foreach(json_object_get(me, of[k]), i, row)
		{
			if (whole(row, "council") == council) return true;
		}
	return false;
}

/// A council is to explain what was objected to; an auditor of another one is to rule.
static pl_status need_answers(json_t *needs, const json_t *objections, const json_t *me,
                              pl_error *err)
{
	const json_t *tasks = json_object_get(me, "tasks"),
	             *memberships = json_object_get(me, "memberships");
	size_t i, k;
	json_t *objection, *row;
	json_array_foreach(objections, i, objection)
	{
		const int64_t council = whole(objection, "council");
		json_array_foreach(memberships, k, row)
		{
			if (whole(row, "council") == council && is(objection, "state", "filed"))
				PL_TRY(add_need(needs, "explain", "objection",
				                whole(objection, "id"), council, 0, err));
		}
		json_array_foreach(tasks, k, row)
		{
			if (is(row, "role", "auditor") && !is_own(me, council) &&
			    whole(objection, "author") != whole(row, "person"))
				PL_TRY(add_need(needs, "rule", "objection",
				                whole(objection, "id"), council, 0, err));
		}
	}
	return PL_OK;
}

/// Who is to be erased is told, and can refuse; other facilitators may confirm it in time.
static pl_status need_erasures(json_t *needs, const pl_looking *l, const json_t *tasks,
                               pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	size_t i, k;
	json_t *asked, *task, *all;
	bool facilitates = false;
	pl_status st = PL_OK;
	json_array_foreach(tasks, i, task)
	{
		facilitates = facilitates || is(task, "role", "facilitator");
	}
	PL_TRY(pl_look_list(&all, l, PL_ROWS_erasure, 0, &none, NULL, NULL, err));
	json_array_foreach(all, k, asked)
	{
		const int64_t person = whole(asked, "person"), since = whole(asked, "since");
		if (st == PL_OK && person == l->look->actor)
			st = add_need(needs, "erasure", "person", person, 0,
			              since + PL_ERASURE_WAIT, err);
		else if (st == PL_OK && facilitates &&
		         whole(asked, "asked_by") != l->look->actor)
			st = add_need(needs, "confirm", "person", person, 0,
			              since + PL_ERASURE_TERM, err);
	}
	json_decref(all);
	return st;
}

static pl_status need_successors(json_t *needs, const json_t *tasks, int64_t now, pl_error *err)
{
	size_t i;
	json_t *task;
	json_array_foreach(tasks, i, task)
	{
		if (whole(task, "until") < now + FORTNIGHT)
			PL_TRY(add_need(needs, "successor", "person", whole(task, "person"),
			                whole(task, "council"), whole(task, "until"), err));
	}
	return PL_OK;
}

/// Of seasons, votes and objections, what is open.
static pl_status gather(json_t *open, const pl_looking *l, pl_error *err)
{
	PL_TRY(put_list(open, "seasons", l, PL_ROWS_season, NULL, NULL, err));
	PL_TRY(put_list(open, "votes", l, PL_ROWS_vote, is_open, NULL, err));
	return put_list(open, "objections", l, PL_ROWS_objection, is_pending, NULL, err);
}

static pl_status find_needs(json_t *needs, json_t *open, json_t *me, pl_looking *l,
                            pl_error *err)
{
	PL_TRY(pl_look_me(me, l, err));
	PL_TRY(gather(open, l, err));
	const json_t *tasks = json_object_get(me, "tasks");
	PL_TRY(need_ballots(needs, l, json_object_get(open, "votes"), err));
	PL_TRY(need_proposals(needs, l, json_object_get(open, "seasons"), tasks, err));
	PL_TRY(need_erasures(needs, l, tasks, err));
	PL_TRY(need_answers(needs, json_object_get(open, "objections"), me, err));
	return need_successors(needs, tasks, l->look->now, err);
}

pl_status pl_look_needs(json_t *out, pl_looking *l, pl_error *err)
{
	json_t *needs = json_array(), *open = json_object(), *me = json_object();
	pl_status st = needs == NULL || open == NULL || me == NULL
	                       ? pl_look_no_memory(err)
	                       : find_needs(needs, open, me, l, err);
	json_decref(open);
	json_decref(me);
	if (st == PL_OK) return pl_look_set(out, "needs", needs, err);
	json_decref(needs);
	return st;
}
