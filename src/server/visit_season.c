/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_season.c - the page of a season: its dates, rounds, prices, who has proposed, its plan;
 * what a facilitator does where no calendar does it. */
#include "server/input.h"
#include "server/season_page.h"
#include "server/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_phase(const pl_season_view *s, const char *phase)
{
	return strcmp(s->phase, phase) == 0;
}

static pl_season_view season_of(pl_page *p, int64_t id)
{
	const json_t *all = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	pl_season_view s = {.p = p, .id = id, .row = pl_page_find(all, "id", id)};
	size_t i;
	json_t *date;
	s.phase = pl_page_text(s.row, "phase");
	s.round = pl_page_whole(s.row, "round");
	s.closed = is_phase(&s, "proposing") ? s.round - 1 : s.round;
	s.facilitates = pl_page_has_task(p, "facilitator", 0);
	json_array_foreach(json_object_get(s.row, "dates"), i, date)
	{
		if (pl_page_whole(date, "done") == 0) s.by_calendar = true;
	}
	(void)pl_zone_find(&p->zone, pl_page_text(s.row, "zone"));
	return s;
}

/* ---- what is when ---- */

static void put_dates(const pl_season_view *s)
{
	pl_page *p = s->p;
	size_t i;
	json_t *date;
	bool next = true;
	pl_markup_put(&p->m, "<h2>Dates</h2>\n<p>Times are those of %s. ", p->zone.name);
	if (!pl_page_is(s->row, "zone", "") && !pl_page_is(s->row, "zone", p->zone.name))
		pl_markup_put(&p->m, "(This computer does not know the time zone \"%s\".) ",
		              pl_page_text(s->row, "zone"));
	pl_markup_put(&p->m, "%s</p>\n",
	              s->by_calendar ? "The calendar does what it says by itself; two "
	                               "facilitators together can change it."
	              : is_phase(s, "closed")
	                      ? "Nothing more is to come."
	                      : "No date is to come: a facilitator opens and closes rounds.");
	pl_markup_raw(&p->m, "<ol>\n");
	json_array_foreach(json_object_get(s->row, "dates"), i, date)
	{
		const bool done = pl_page_whole(date, "done") != 0;
		pl_markup_put(&p->m, "<li%s>", !done && next ? " class=now" : "");
		pl_page_put_time(p, pl_page_whole(date, "time"), false);
		pl_markup_put(&p->m, ": %s",
		              pl_words_of(pl_words_dates, pl_page_text(date, "what")));
		if (done) pl_markup_raw(&p->m, " <small>(done)</small>");
		if (!done && next) {
			pl_markup_raw(&p->m, " (next, ");
			pl_page_put_distance(p, pl_page_whole(date, "time"));
			pl_markup_raw(&p->m, ")");
			next = false;
		}
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_put(&p->m,
	              "</ol>\n<p><a href=\"%s/seasons/%" PRId64
	              "/calendar\">The calendar</a>: who sets these dates%s</p>\n",
	              p->m.base, s->id,
	              s->facilitates ? ", and how you set them" : ", and how");
}

static void put_policies(const pl_season_view *s)
{
	const char *threshold = pl_page_text(s->row, "threshold"),
	           *quorum = pl_page_text(s->row, "quorum"),
	           *ratio = pl_page_text(s->row, "ratio");
	pl_markup_put(
	        &s->p->m,
	        "<details><summary>What was agreed for this season</summary>\n<ul>\n"
	        "<li>Prices follow from proposals by the rule \"%s\".\n"
	        "<li>A good is in balance when what is made and what is wanted differ by "
	        "at most %s of their mean.\n"
	        "<li>The vote on the plan is carried by %s of those who vote.%s%s\n"
	        "<li>A workplace is asked to explain where its benefit is below %s times "
	        "its cost.\n<li>The plan of a round comes %s.\n<li>%s.\n</ul>\n</details>\n",
	        pl_page_text(s->row, "rule"), pl_page_text(s->row, "tolerance"),
	        threshold[0] == '\0' ? "more than half" : threshold,
	        quorum[0] == '\0' ? "" : " The part of all that must vote: ", quorum,
	        ratio[0] == '\0' ? "1" : ratio,
	        pl_words_of(pl_words_endgames, pl_page_text(s->row, "endgame")),
	        pl_words_of(pl_words_limits, pl_page_text(s->row, "limits")));
}

/* ---- who has proposed ---- */

static void put_proposal(const pl_season_view *s, const json_t *proposal)
{
	pl_page *p = s->p;
	pl_markup_raw(&p->m, "<li>");
	pl_page_put_name(p, PL_NAMES_council, pl_page_whole(proposal, "council"));
	pl_page_put_flags(p, proposal);
	pl_markup_raw(&p->m, "\n");
}

static void put_proposals(const pl_season_view *s)
{
	pl_page *p = s->p;
	const json_t *filed = json_object_get(
	        pl_page_view(p, "/seasons/%" PRId64 "/rounds/%" PRId64, s->id, s->round),
	        "proposals");
	json_t *councils = pl_page_rows(p, "council"), *row;
	size_t i;
	int64_t missing = 0;
	pl_markup_put(&p->m,
	              "<h2>Proposals in round %" PRId64
	              "</h2>\n<h3>Who has not proposed</h3>\n<ul class=many>\n",
	              s->round);
	json_array_foreach(councils, i, row)
	{
		if (pl_page_is(row, "schedule", "") ||
		    pl_page_find(filed, "council", pl_page_whole(row, "id")) != NULL)
			continue;
		missing++;
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_name(p, PL_NAMES_council, pl_page_whole(row, "id"));
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_raw(&p->m, missing == 0 ? "<li>Everybody has.\n</ul>\n" : "</ul>\n");
	if (missing > 0)
		pl_markup_raw(&p->m,
		              "<p>Who does not propose is taken at the last proposal, scaled "
		              "down to the means.</p>\n");
	pl_markup_raw(&p->m, "<h3>Who has</h3>\n<ul class=many>\n");
	json_array_foreach(filed, i, row)
	{
		put_proposal(s, row);
	}
	pl_markup_raw(&p->m,
	              json_array_size(filed) == 0 ? "<li>Nobody yet.\n</ul>\n" : "</ul>\n");
}

/* ---- what a facilitator does ---- */

static void put_act(const pl_season_view *s, const char *act, const char *button)
{
	pl_page *p = s->p;
	pl_page_form(p, "/seasons/%" PRId64 "/act", s->id);
	pl_page_put_hidden(p, "round", s->round);
	pl_markup_put(&p->m, "<button name=\"act\" value=\"%s\">%s</button>\n</form>\n", act,
	              button);
}

/// The last vote on the plan of the round; NULL: none.
static const json_t *vote_on_plan(const pl_season_view *s)
{
	const json_t *votes = pl_page_rows(s->p, "vote");
	const json_t *last = NULL;
	for (size_t i = 0; i < json_array_size(votes); i++) {
		const json_t *vote = json_array_get(votes, i);
		if (pl_page_whole(vote, "season") == s->id &&
		    pl_page_whole(vote, "round") == s->round)
			last = vote;
	}
	return last;
}

/// The vote on the plan, until when.
static void put_opening(const pl_season_view *s)
{
	char stamp[PL_ZONE_CHARS];
	pl_page *p = s->p;
	pl_page_form(p, "/seasons/%" PRId64 "/act", s->id);
	pl_page_put_hidden(p, "round", s->round);
	(void)pl_input_stamp(stamp, p, pl_zone_later(&p->zone, p->visit->now, 1));
	pl_input_put(p, &(pl_input){.name = "until",
	                            .label = "The vote on the plan is open until",
	                            .hint = "It may be closed earlier when everybody has voted",
	                            .value = stamp,
	                            .more = "type=\"datetime-local\" required"});
	pl_markup_raw(&p->m, "<button name=\"act\" value=\"vote\">Open the vote on the "
	                     "plan</button>\n</form>\n");
}

static void put_review_acts(const pl_season_view *s)
{
	pl_page *p = s->p;
	const json_t *vote = vote_on_plan(s);
	put_act(s, "open", "Open the next round");
	if (vote == NULL || pl_page_is(vote, "state", "closed")) {
		put_opening(s);
	} else {
		pl_markup_put(&p->m,
		              "<p><a href=\"%s/votes/%" PRId64
		              "\">The vote on the plan</a> is open.</p>\n",
		              p->m.base, pl_page_whole(vote, "id"));
	}
	if (vote != NULL && pl_page_is(vote, "state", "closed"))
		put_act(s, "adopt", "Adopt the plan, if the vote carried it");
}

static void put_acts(const pl_season_view *s)
{
	pl_page *p = s->p;
	if (!s->facilitates || s->by_calendar || is_phase(s, "closed")) return;
	pl_markup_raw(&p->m,
	              "<h2>For facilitators</h2>\n<p>You open and close rounds. You have no "
	              "power over prices or over what anybody proposes.</p>\n");
	if (is_phase(s, "draft")) put_act(s, "open", "Open the first round");
	if (is_phase(s, "proposing")) put_act(s, "close", "Close the round");
	if (is_phase(s, "review")) put_review_acts(s);
	if (is_phase(s, "adopted")) put_act(s, "end", "End the season");
}

/* ---- the page ---- */

/// What who looks can do now: propose for their councils, or look and object.
static void put_now(const pl_season_view *s)
{
	pl_page *p = s->p;
	size_t i;
	json_t *task;
	if (is_phase(s, "review"))
		pl_markup_put(
		        &p->m,
		        "<p class=\"note\">Look at <a href=\"#goods\">goods and prices</a>. "
		        "You may <a href=\"%s/seasons/%" PRId64
		        "/objections\">object to a proposal</a> until the next round "
		        "opens.</p>\n",
		        p->m.base, s->id);
	if (!is_phase(s, "proposing")) return;
	json_array_foreach(json_object_get(pl_page_view(p, "/me"), "tasks"), i, task)
	{
		const int64_t council = pl_page_whole(task, "council");
		if (council > 0)
			pl_markup_put(
			        &p->m,
			        "<p class=\"note\"><a href=\"%s/councils/%" PRId64
			        "#propose\">Propose for <bdi>%s</bdi></a>, or look at what "
			        "you have filed.</p>\n",
			        p->m.base, council, pl_page_name(p, PL_NAMES_council, council));
	}
}

static void put_vote(const pl_season_view *s)
{
	const json_t *vote = is_phase(s, "review") ? vote_on_plan(s) : NULL;
	if (vote == NULL) return;
	pl_markup_put(
	        &s->p->m,
	        "<p class=\"note\"><a href=\"%s/votes/%" PRId64 "\">The vote on the plan</a> "
	        "of round %" PRId64 " is %s.</p>\n",
	        s->p->m.base, pl_page_whole(vote, "id"), s->round, pl_page_text(vote, "state"));
}

static void put_season(pl_page *p, int64_t id, int status)
{
	const pl_season_view s = season_of(p, id);
	if (s.row == NULL) {
		pl_page_missing(p, "season", id);
		return;
	}
	pl_page_begin(p, pl_page_text(s.row, "name"));
	pl_markup_put(&p->m, "<p>Now: <b>%s</b>", pl_words_of(pl_words_phases, s.phase));
	if (s.round > 0) pl_markup_put(&p->m, ", round %" PRId64, s.round);
	pl_markup_raw(&p->m, ".</p>\n");
	put_now(&s);
	put_vote(&s);
	put_acts(&s);
	put_dates(&s);
	put_policies(&s);
	if (is_phase(&s, "adopted") ||
	    (is_phase(&s, "closed") && !pl_page_is(s.row, "digest", "")))
		pl_season_put_plan(&s);
	if (s.closed > 0) pl_season_put_fairness(&s);
	pl_season_put_rounds(&s);
	if (s.round > 0 && (is_phase(&s, "proposing") || is_phase(&s, "review")))
		put_proposals(&s);
	if (s.closed > 0) pl_season_put_goods(&s);
	pl_page_finish(p, status);
}

void pl_visit_season_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_season(p, pl_page_number(p, "/seasons/{season}"), 200);
}

/* ---- acts ---- */

/// Everybody votes on the plan, in secret where that can be. @return NULL: the page's problem
/// says why, or there is no memory
static json_t *vote_to_open(const pl_season_view *s)
{
	enum { SECRET_LEAST = 5 };
	int64_t people = 0;
	size_t i;
	json_t *person;
	char title[300];
	json_array_foreach(pl_page_rows(s->p, "person"), i, person)
	{
		people += pl_page_whole(person, "erased") == 0;
	}
	const char *threshold = pl_page_text(s->row, "threshold");
	int64_t until = 0;
	if (pl_form_find(&s->p->form, "until") != NULL &&
	    !pl_input_time(&until, s->p, "until", "Open until"))
		return NULL;
	(void)snprintf(title, sizeof title, "The plan of %s, round %" PRId64,
	               pl_page_text(s->row, "name"), s->round);
	return json_pack(
	        "{s:I, s:I, s:s, s:s, s:s, s:i, s:s, s:s, s:i, s:[{s:s, s:s}]}", "about",
	        (json_int_t)s->id, "until", (json_int_t)until, "title", title, "ballots",
	        "motion", "rule", threshold[0] == '\0' ? "majority" : "supermajority", "seats",
	        1, "threshold", threshold, "quorum", pl_page_text(s->row, "quorum"), "secret",
	        people >= SECRET_LEAST, "options", "code", "plan", "name", "This is our plan");
}

/// What the button of a form asks for. @return NULL: nothing that there is
static const char *find_act(json_t **fields, const pl_season_view *s, const char *act)
{
	static const struct {
		const char *act, *op;
	} acts[] = {{"open", "round.open"},
	            {"close", "round.close"},
	            {"vote", "vote.open"},
	            {"adopt", "plan.adopt"},
	            {"end", "season.close"}};
	size_t i = 0;
	while (i < sizeof acts / sizeof *acts && strcmp(acts[i].act, act) != 0) i++;
	*fields = NULL;
	if (i == sizeof acts / sizeof *acts) return NULL;
	*fields = strcmp(act, "vote") == 0 ? vote_to_open(s)
	                                   : json_pack("{s:I}", "season", (json_int_t)s->id);
	if (strcmp(act, "adopt") == 0)
		(void)json_object_set_new(*fields, "vote",
		                          json_integer(pl_page_whole(vote_on_plan(s), "id")));
	return acts[i].op;
}

/// Is the round another one than whoever pressed the button saw? Opening one is left to the
/// record: where the button was pressed twice, the first time has moved the season on.
static bool has_moved_on(const pl_season_view *s)
{
	const pl_form *form = &s->p->form;
	return strcmp(pl_form_text(form, "act"), "open") != 0 &&
	       pl_form_whole(form, "round") != s->round;
}

void pl_visit_season_act(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	json_t *fields;
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/seasons/{season}/act");
	const pl_season_view s = season_of(p, id);
	const char *op = find_act(&fields, &s, pl_form_text(&p->form, "act"));
	if (op == NULL || s.row == NULL) {
		json_decref(fields);
		pl_page_missing(p, "season", id);
		return;
	}
	pl_status st = PL_ECONFLICT;
	if (has_moved_on(&s)) {
		(void)snprintf(p->problem, sizeof p->problem,
		               "the season has moved on since you saw this; look at it again.");
		json_decref(fields);
	} else if (fields == NULL && p->problem[0] != '\0') {
		st = PL_EARG;
	} else {
		st = pl_page_do(p, &reply, op, fields);
	}
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "", "/seasons/%" PRId64, id);
	else
		put_season(p, id, pl_problems[pl_problem_of(st)].status);
}
