/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_home.c - the first page: what needs one now, one's councils, seasons, votes. */
#include "server/app_files.h"
#include "server/page.h"
#include "server/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The next date of a season's calendar, if it has one.
static const json_t *next_date(const json_t *season)
{
	size_t i;
	json_t *date;
	json_array_foreach(json_object_get(season, "dates"), i, date)
	{
		if (pl_page_whole(date, "done") == 0) return date;
	}
	return NULL;
}

/* ---- what needs one ---- */

static void put_until(pl_page *p, int64_t until)
{
	if (until == 0) return;
	pl_markup_raw(&p->m, " Until ");
	pl_page_put_time(p, until, true);
	pl_markup_raw(&p->m, ", ");
	pl_page_put_distance(p, until);
	pl_markup_raw(&p->m, ".");
}

static void put_proposal_needed(pl_page *p, const json_t *need)
{
	const int64_t season = pl_page_whole(need, "season"),
	              council = pl_page_whole(need, "council");
	const json_t *row = json_array_get(pl_page_rows(p, "season/%" PRId64, season), 0);
	pl_page_set_zone(p, season);
	pl_markup_put(&p->m,
	              "<a href=\"%s/councils/%" PRId64
	              "#propose\">Propose for <bdi>%s</bdi></a>: <bdi>%s</bdi>, round %" PRId64
	              ".",
	              p->m.base, council, pl_page_name(p, PL_NAMES_council, council),
	              pl_page_text(row, "name"), pl_page_whole(row, "round"));
}

static void put_vote_needed(pl_page *p, const json_t *need)
{
	const int64_t id = pl_page_whole(need, "vote");
	const json_t *vote = json_object_get(pl_page_view(p, "/votes/%" PRId64, id), "vote");
	pl_page_set_zone(p, pl_page_whole(vote, "season"));
	pl_markup_put(&p->m, "<a href=\"%s/votes/%" PRId64 "\">Vote: <bdi>%s</bdi></a>.",
	              p->m.base, id, pl_page_text(vote, "title"));
}

static void put_objection_needed(pl_page *p, const json_t *need)
{
	const int64_t id = pl_page_whole(need, "objection");
	const json_t *row = json_array_get(pl_page_rows(p, "objection/%" PRId64, id), 0);
	pl_markup_put(&p->m,
	              "<a href=\"%s/seasons/%" PRId64 "/objections#o%" PRId64
	              "\">%s the objection to the proposal of <bdi>%s</bdi></a>.",
	              p->m.base, pl_page_whole(row, "season"), id,
	              pl_page_is(need, "what", "rule") ? "Rule on" : "Answer",
	              pl_page_name(p, PL_NAMES_council, pl_page_whole(need, "council")));
}

static void put_erasure_needed(pl_page *p, const json_t *need)
{
	const bool own = pl_page_is(need, "what", "erasure");
	pl_markup_put(&p->m, "<a href=\"%s/you#erasure\">%s</a>", p->m.base,
	              own ? "A facilitator asks that you be erased: refuse, if you are here."
	                  : "A facilitator asks that somebody be erased: confirm it, or not.");
}

static void put_successor_needed(pl_page *p, const json_t *need)
{
	const int64_t council = pl_page_whole(need, "council");
	if (council > 0)
		pl_markup_put(&p->m,
		              "Your task for <a href=\"%s/councils/%" PRId64
		              "\"><bdi>%s</bdi></a> ends: find a successor.",
		              p->m.base, council, pl_page_name(p, PL_NAMES_council, council));
	else
		pl_markup_raw(&p->m,
		              "Your task for the whole federation ends: find a successor.");
}

/// Councils that have proposed in a round.
static int64_t count_proposals(pl_page *p, int64_t season, int64_t round)
{
	return (int64_t)json_array_size(json_object_get(
	        pl_page_view(p, "/seasons/%" PRId64 "/rounds/%" PRId64, season, round),
	        "proposals"));
}

/// Councils that take part.
static int64_t count_councils(pl_page *p)
{
	int64_t n = 0;
	size_t i;
	json_t *row;
	json_array_foreach(pl_page_rows(p, "council"), i, row)
	{
		n += !pl_page_is(row, "schedule", "");
	}
	return n;
}

/// A round that a facilitator opens or closes by hand.
static void put_guiding(pl_page *p, const json_t *season)
{
	const int64_t id = pl_page_whole(season, "id"), round = pl_page_whole(season, "round");
	const bool proposing = pl_page_is(season, "phase", "proposing");
	pl_markup_put(&p->m, "<li><a href=\"%s/seasons/%" PRId64 "\">%s <bdi>%s</bdi></a>",
	              p->m.base, id,
	              proposing                              ? "Close the round of"
	              : pl_page_is(season, "phase", "draft") ? "Open the first round of"
	              : pl_page_is(season, "phase", "review")
	                      ? "Open the next round or the vote on"
	                      : "End the season",
	              pl_page_text(season, "name"));
	if (proposing)
		pl_markup_put(&p->m, ": %" PRId64 " of %" PRId64 " councils have proposed",
		              count_proposals(p, id, round), count_councils(p));
	pl_markup_raw(&p->m, ". No date does it by itself.\n");
}

/// Dates that another facilitator wants. @return does somebody?
static bool put_wanted(pl_page *p, const json_t *season)
{
	const int64_t id = pl_page_whole(season, "id");
	size_t i;
	json_t *row;
	bool others = false;
	if (pl_page_is(season, "phase", "closed")) return false;
	json_array_foreach(pl_page_rows(p, "calendar_wanted/%" PRId64, id), i, row)
	{
		others = others || pl_page_whole(row, "person") != p->visit->caller.person;
	}
	if (others)
		pl_markup_put(&p->m,
		              "<li><a href=\"%s/seasons/%" PRId64
		              "/calendar#wanted\">Agree to dates of <bdi>%s</bdi>, or do "
		              "not</a>: another facilitator asks for them.\n",
		              p->m.base, id, pl_page_text(season, "name"));
	return others;
}

/// @return how many there are
static size_t put_guided(pl_page *p)
{
	size_t i, n = 0;
	json_t *season;
	if (!pl_page_has_task(p, "facilitator", 0)) return 0;
	json_array_foreach(json_object_get(pl_page_view(p, "/seasons"), "seasons"), i, season)
	{
		n += put_wanted(p, season);
		if (next_date(season) != NULL || pl_page_is(season, "phase", "closed"))
			continue;
		put_guiding(p, season);
		n++;
	}
	return n;
}

static void put_needs(pl_page *p)
{
	static const struct {
		const char *what;
		void (*put)(pl_page *p, const json_t *need);
	} kinds[] = {{"propose", put_proposal_needed},    {"vote", put_vote_needed},
	             {"explain", put_objection_needed},   {"rule", put_objection_needed},
	             {"successor", put_successor_needed}, {"erasure", put_erasure_needed},
	             {"confirm", put_erasure_needed}};
	size_t i;
	json_t *need, *needs = json_object_get(pl_page_view(p, "/needs"), "needs");
	pl_markup_raw(&p->m, "<h2>What needs you now</h2>\n");
	pl_markup_raw(&p->m, "<ol>\n");
	json_array_foreach(needs, i, need)
	{
		pl_markup_raw(&p->m, "<li>");
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
			if (pl_page_is(need, "what", kinds[k].what)) kinds[k].put(p, need);
		put_until(p, pl_page_whole(need, "until"));
		pl_markup_raw(&p->m, "\n");
	}
	if (json_array_size(needs) + put_guided(p) == 0)
		pl_markup_put(&p->m,
		              "<li>Nothing now. What comes next is below, and <a "
		              "href=\"%s/help\">how a season goes</a>.\n",
		              p->m.base);
	pl_markup_raw(&p->m, "</ol>\n");
}

/* ---- councils ---- */

static void put_own_councils(pl_page *p)
{
	size_t i;
	json_t *row, *me = pl_page_view(p, "/me");
	pl_markup_raw(&p->m, "<h2>My councils</h2>\n<ul>\n");
	if (json_array_size(json_object_get(me, "memberships")) == 0)
		pl_markup_raw(&p->m, "<li>None yet: a delegate of a council, or a facilitator, "
		                     "takes you in.\n");
	json_array_foreach(json_object_get(me, "memberships"), i, row)
	{
		const int64_t council = pl_page_whole(row, "council");
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_name(p, PL_NAMES_council, council);
		if (pl_page_has_task(p, "delegate", council))
			pl_markup_raw(&p->m, ": you are its delegate");
		pl_markup_raw(&p->m, "\n");
	}
	json_array_foreach(json_object_get(me, "tasks"), i, row)
	{
		const int64_t council = pl_page_whole(row, "council");
		if (council == 0)
			pl_markup_put(&p->m, "<li>For the whole federation you are %s.\n",
			              pl_words_of(pl_words_tasks, pl_page_text(row, "role")));
	}
	pl_markup_raw(&p->m, "</ul>\n");
}

/* ---- seasons and votes ---- */

static void put_season(pl_page *p, const pl_column *columns, const json_t *season)
{
	const int64_t id = pl_page_whole(season, "id"), round = pl_page_whole(season, "round");
	const json_t *next = next_date(season);
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_markup_put(&p->m, "<a href=\"%s/seasons/%" PRId64 "\"><bdi>%s</bdi></a>", p->m.base,
	              id, pl_page_text(season, "name"));
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "%s", pl_words_of(pl_words_phases, pl_page_text(season, "phase")));
	if (round > 0) pl_markup_put(&p->m, " (round %" PRId64 ")", round);
	pl_markup_cell(&p->m, &columns[2]);
	if (next != NULL) {
		pl_page_set_zone(p, id);
		pl_markup_put(&p->m,
		              "%s: ", pl_words_of(pl_words_dates, pl_page_text(next, "what")));
		pl_page_put_time(p, pl_page_whole(next, "time"), true);
	} else if (!pl_page_is(season, "phase", "closed")) {
		pl_markup_raw(&p->m, "when a facilitator says so");
	}
	pl_markup_raw(&p->m, "\n");
}

static void put_seasons(pl_page *p)
{
	static const pl_column columns[] = {
	        {"Season", PL_HEADS_ROW}, {"Now", PL_IS_TEXT}, {"Next", PL_IS_TEXT}};
	const json_t *seasons = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	pl_markup_raw(&p->m, "<h2>Seasons</h2>\n");
	if (json_array_size(seasons) == 0) {
		pl_markup_raw(&p->m, "<p>None yet. A facilitator begins one.</p>\n");
		return;
	}
	pl_markup_table(&p->m, "The last one first", columns, 3);
	for (size_t i = json_array_size(seasons); i > 0; i--)
		put_season(p, columns, json_array_get(seasons, i - 1));
	pl_markup_table_end(&p->m);
}

static void put_votes(pl_page *p)
{
	size_t i, open = 0;
	json_t *vote, *votes = pl_page_rows(p, "vote");
	pl_markup_raw(&p->m, "<h2>Votes</h2>\n<ul>\n");
	json_array_foreach(votes, i, vote)
	{
		if (!pl_page_is(vote, "state", "open")) continue;
		pl_page_set_zone(p, pl_page_whole(vote, "season"));
		pl_markup_put(
		        &p->m,
		        "<li><a href=\"%s/votes/%" PRId64 "\"><bdi>%s</bdi></a>, open until ",
		        p->m.base, pl_page_whole(vote, "id"), pl_page_text(vote, "title"));
		pl_page_put_time(p, pl_page_whole(vote, "until"), true);
		pl_markup_raw(&p->m, "\n");
		open++;
	}
	if (open == 0) pl_markup_raw(&p->m, "<li>No vote is open.\n");
	pl_markup_raw(&p->m, "</ul>\n");
	if (json_array_size(votes) == open) return;
	pl_markup_raw(&p->m, "<details><summary>Votes that are closed</summary>\n<ul>\n");
	json_array_foreach(votes, i, vote)
	{
		if (pl_page_is(vote, "state", "open")) continue;
		pl_markup_put(&p->m, "<li><a href=\"%s/votes/%" PRId64 "\"><bdi>%s</bdi></a>\n",
		              p->m.base, pl_page_whole(vote, "id"),
		              pl_page_text(vote, "title"));
	}
	pl_markup_raw(&p->m, "</ul>\n</details>\n");
}

/* ---- a season that begins ---- */

/// The season that was begun last; NULL: none.
static const json_t *last_season(pl_page *p)
{
	const json_t *seasons = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	return json_array_get(seasons, json_array_size(seasons) - 1);
}

static void put_field(pl_page *p, const char *name, const char *label, const char *otherwise)
{
	const char *typed = pl_form_find(&p->form, name);
	pl_markup_put(&p->m,
	              "<label for=\"%s\">%s</label>\n<input id=\"%s\" name=\"%s\" "
	              "value=\"%s\">\n",
	              name, label, name, name, typed == NULL ? otherwise : typed);
}

/// A policy to choose, each with what it means; first: as in the season before.
static void put_policy(pl_page *p, const char *name, const char *label, const pl_words *list,
                       const json_t *last)
{
	const char *typed = pl_form_text(&p->form, name);
	pl_markup_put(&p->m, "<label for=\"%s\">%s</label>\n<select id=\"%s\" name=\"%s\">\n",
	              name, label, name, name);
	if (last != NULL)
		pl_markup_put(&p->m, "<option value=\"\">as in %s</option>\n",
		              pl_page_text(last, "name"));
	for (const pl_words *w = list; w->word[0] != '\0'; w++)
		pl_markup_put(&p->m, "<option value=\"%s\"%s>%s</option>\n", w->word,
		              strcmp(typed, w->word) == 0 ? " selected" : "", w->word);
	pl_markup_put(&p->m, "</select>\n<details><summary>%s: what there is</summary>\n<ul>\n",
	              label);
	for (const pl_words *w = list; w->word[0] != '\0'; w++)
		pl_markup_put(&p->m, "<li><b>%s</b>: %s.\n", w->word, w->said);
	pl_markup_raw(&p->m, "</ul>\n</details>\n");
}

static void put_begin(pl_page *p)
{
	const json_t *last = last_season(p);
	if (!pl_page_has_task(p, "facilitator", 0)) return;
	pl_markup_put(&p->m, "<details%s>\n<summary>Begin a season</summary>\n",
	              p->problem[0] != '\0' ? " open" : "");
	pl_page_form(p, "/seasons");
	put_field(p, "name", "Its name", "");
	put_field(p, "period", "What it plans, such as 2027", "");
	put_field(p, "zone", "Time zone, such as Europe/Berlin", pl_page_text(last, "zone"));
	put_policy(p, "endgame", "The plan comes", pl_words_endgames, last);
	put_policy(p, "limits", "Limits of movement", pl_words_limits, last);
	if (last != NULL)
		pl_markup_put(&p->m, "<p>All else is as in <bdi>%s</bdi>.</p>\n",
		              pl_page_text(last, "name"));
	pl_page_form_end(p, "Begin it");
	pl_markup_raw(&p->m, "</details>\n");
}

/* ---- the page ---- */

static void put_person(pl_page *p)
{
	const int64_t person = p->visit->caller.person;
	pl_markup_put(&p->m,
	              "<h2>You</h2>\n<p>You are <a href=\"%s/people/%" PRId64
	              "\"><bdi>%s</bdi></a>",
	              p->m.base, person, pl_page_name(p, PL_NAMES_person, person));
	pl_markup_put(
	        &p->m,
	        ", person %" PRId64
	        " of this record.</p>\n<form method=\"post\" action=\"%s/logout\"><button "
	        "class=\"quiet\">Log out</button></form>\n",
	        person, p->m.base);
}

static void put_home(pl_page *p, int status)
{
	pl_page_begin(p, pl_page_text(pl_page_view(p, "/record"), "title"));
	if (pl_app_files_n > 0)
		pl_markup_put(&p->m,
		              "<p><a href=\"%s/app/\">The member app</a> shows more, and needs "
		              "scripts.</p>\n",
		              p->m.base);
	put_needs(p);
	put_own_councils(p);
	put_seasons(p);
	put_begin(p);
	put_votes(p);
	put_person(p);
	pl_page_finish(p, status);
}

void pl_visit_member_home(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_home(p, 200);
}

void pl_visit_season_form(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const json_t *last = last_season(p);
	json_t *fields = json_pack(
	        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "name",
	        pl_form_text(&p->form, "name"), "endgame", pl_form_text(&p->form, "endgame"),
	        "limits", pl_form_text(&p->form, "limits"), "period",
	        pl_form_text(&p->form, "period"), "zone", pl_form_text(&p->form, "zone"),
	        "rule", last == NULL ? "fitted" : pl_page_text(last, "rule"), "tolerance",
	        last == NULL ? "0.01" : pl_page_text(last, "tolerance"), "after",
	        (json_int_t)pl_page_whole(last, "id"));
	pl_status st = PL_EARG;
	if (pl_zone_find(&p->zone, pl_form_text(&p->form, "zone"))) {
		st = pl_page_do(p, &reply, "season.open", fields);
	} else {
		(void)snprintf(p->problem, sizeof p->problem,
		               "this computer knows no such time zone; they are called like "
		               "Europe/Berlin.");
		json_decref(fields);
	}
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "", "/");
	else
		put_home(p, pl_problems[pl_problem_of(st)].status);
}
