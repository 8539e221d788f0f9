/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_voting.c - the list of votes, and the form by which a council, or a facilitator for
 * everybody, opens one. */
#include "server/input.h"
#include "server/suspend_page.h"

#include "app/vote.h"
#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7, NAME_MOST = 200 };

/// Ways to vote that the form offers.
static const struct {
	const char *how, *ballots, *rule, *said;
} ways[] = {
        {"yes", "motion", "majority", "Yes or no; more than half must say yes"},
        {"much", "motion", "supermajority", "Yes or no; a larger part must say yes"},
        {"consensus", "motion", "consensus",
         "Yes, no, or I block it: nobody may say no or block"},
        {"approve", "approval", "approval", "Mark all you approve of; most marks win"},
        {"points", "score", "score", "Give points; most points win"},
        {"ranks", "ranked", "schulze", "Rank; who beats each other one wins"},
        {"seats", "ranked", "stv", "Rank; several win, each by their share of the votes"},
        {"budget", "approval", "equal-shares",
         "Mark projects; everybody has an equal share of a budget"},
};
enum { WAYS = sizeof ways / sizeof *ways };

/* ---- the list ---- */

static void put_vote(pl_page *p, const pl_column *columns, const json_t *vote)
{
	const int64_t council = pl_page_whole(vote, "council");
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_markup_put(&p->m, "<a href=\"%s/votes/%" PRId64 "\"><bdi>%s</bdi></a>", p->m.base,
	              pl_page_whole(vote, "id"), pl_page_text(vote, "title"));
	pl_markup_cell(&p->m, &columns[1]);
	if (council > 0)
		pl_page_put_name(p, PL_NAMES_council, council);
	else
		pl_markup_raw(&p->m, "everybody");
	pl_markup_cell(&p->m, &columns[2]);
	if (pl_page_is(vote, "state", "open")) {
		pl_markup_raw(&p->m, "open until ");
		pl_page_put_time(p, pl_page_whole(vote, "until"), true);
	} else {
		pl_markup_raw(&p->m, "closed");
	}
	pl_markup_raw(&p->m, "\n");
}

static void put_list(pl_page *p, const char *state, const char *caption)
{
	static const pl_column columns[] = {
	        {"Vote", PL_HEADS_ROW}, {"Who votes", PL_IS_TEXT}, {"State", PL_IS_TEXT}};
	const json_t *votes = pl_page_rows(p, "vote");
	size_t n = 0;
	for (size_t i = json_array_size(votes); i > 0; i--) {
		const json_t *vote = json_array_get(votes, i - 1);
		if (!pl_page_is(vote, "state", state)) continue;
		if (n++ == 0) pl_markup_table(&p->m, caption, columns, 3);
		put_vote(p, columns, vote);
	}
	if (n > 0)
		pl_markup_table_end(&p->m);
	else if (strcmp(state, "open") == 0)
		pl_markup_raw(&p->m, "<p>No vote is open.</p>\n");
}

/* ---- the form ---- */

static void put_electorate(pl_page *p, int64_t id, int64_t chosen)
{
	char value[24];
	(void)snprintf(value, sizeof value, "%" PRId64, id);
	pl_input_option(p, value, id == 0 ? "Everybody" : pl_page_name(p, PL_NAMES_council, id),
	                id == chosen);
}

/// Whose votes may who looks open?
static void put_electorates(pl_page *p, bool all)
{
	const char *asked = pl_http_query(p->visit->r, "council"),
	           *typed = pl_input_typed(p, "council", asked == NULL ? "" : asked);
	const int64_t chosen = typed[strspn(typed, "0123456789")] == '\0' && strlen(typed) < 16
	                               ? strtoll(typed, NULL, 10)
	                               : 0;
	const json_t *list = all ? pl_page_rows(p, "council")
	                         : json_object_get(pl_page_view(p, "/me"), "memberships");
	size_t i;
	json_t *row;
	pl_input_choose(p, "council", "Who votes", "The members of a council, as they are now");
	if (all) put_electorate(p, 0, chosen);
	json_array_foreach(list, i, row)
	{
		put_electorate(p, pl_page_whole(row, all ? "id" : "council"), chosen);
	}
	pl_input_chosen(p);
}

static void put_ways(pl_page *p)
{
	const char *typed = pl_input_typed(p, "how", ways[0].how);
	pl_input_choose(p, "how", "How one votes, and who wins", NULL);
	for (int i = 0; i < WAYS; i++)
		pl_input_option(p, ways[i].how, ways[i].said, strcmp(typed, ways[i].how) == 0);
	pl_input_chosen(p);
}

static void put_more(pl_page *p)
{
	pl_markup_put(&p->m, "<details%s>\n<summary>More</summary>\n",
	              p->form.n > 0 ? " open" : "");
	pl_input_put(p, &(pl_input){.name = "seats",
	                            .label = "How many win",
	                            .value = "1",
	                            .more = "type=\"number\" min=\"1\" max=\"1000\""});
	pl_input_put(p, &(pl_input){.name = "threshold",
	                            .label = "Which part must say yes",
	                            .hint = "Such as 2/3; for \"a larger part\" alone"});
	pl_input_put(p, &(pl_input){.name = "quorum",
	                            .label = "Which part of all must vote, so that it counts",
	                            .hint = "Such as 1/2; empty: any"});
	pl_input_put(p, &(pl_input){.name = "budget",
	                            .label = "The budget, in credits",
	                            .hint = "For projects alone",
	                            .more = "inputmode=\"numeric\""});
	pl_markup_raw(&p->m, "</details>\n");
}

static void put_form(pl_page *p)
{
	char stamp[PL_ZONE_CHARS];
	const bool all = pl_page_has_task(p, "facilitator", 0);
	const json_t *own = json_object_get(pl_page_view(p, "/me"), "memberships");
	if (!all && json_array_size(own) == 0) {
		pl_markup_raw(&p->m, "<p>Members of a council, and facilitators, can open a "
		                     "vote.</p>\n");
		return;
	}
	pl_markup_put(&p->m, "<details%s>\n<summary>Open a vote</summary>\n",
	              p->form.n > 0 || pl_http_query(p->visit->r, "council") != NULL ? " open"
	                                                                             : "");
	pl_page_form(p, "/votes");
	pl_input_put(p, &(pl_input){.name = "title",
	                            .label = "What it is about",
	                            .hint = "A question that can be answered",
	                            .more = "required maxlength=\"500\""});
	put_electorates(p, all);
	put_ways(p);
	pl_page_put_note(
	        p, "options",
	        "What one can vote for: one in each line. For projects, the cost behind a "
	        "semicolon: Library; 1200. For a single yes or no, nothing",
	        pl_form_text(&p->form, "options"));
	(void)pl_input_stamp(stamp, p, pl_zone_later(&p->zone, p->visit->now, WEEK));
	pl_input_put(p, &(pl_input){.name = "until",
	                            .label = "Open until",
	                            .hint = "It may be closed earlier when everybody has voted",
	                            .value = stamp,
	                            .more = "type=\"datetime-local\" required"});
	pl_input_tick(p, "secret",
	              "Secret: nobody can see who marked what. It takes five people at least",
	              true);
	put_more(p);
	pl_markup_raw(&p->m,
	              "<p>Who may vote is written down when the vote opens. It cannot be "
	              "changed then, and tallies stay hidden until it closes.</p>\n");
	pl_page_form_end(p, "Open the vote");
	pl_markup_raw(&p->m, "</details>\n");
}

static void put_page(pl_page *p, int status)
{
	pl_page_set_zone(p, 0);
	pl_page_begin(p, "Votes");
	put_form(p);
	put_list(p, "open", "Votes that are open");
	put_list(p, "closed", "Votes that are closed");
	pl_page_finish(p, status);
}

void pl_visit_votes_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, 200);
}

/* ---- opening ---- */

/// "Library; 1200" as an option. @return false: the page's problem says why not
static bool read_option(json_t *to, pl_page *p, const char *line, size_t n, bool costs)
{
	char name[NAME_MOST + 1], code[24], brief[PL_BRIEF_CHARS];
	int64_t cost = 0;
	while (n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t')) n--;
	if (n == 0) return true;
	(void)snprintf(name, sizeof name, "%.*s", (int)(n < NAME_MOST ? n : NAME_MOST), line);
	char *at = costs ? strrchr(name, ';') : NULL;
	if (n > NAME_MOST || (costs && at == NULL) ||
	    (costs && !pl_amount_read(&cost, at + 1 + strspn(at + 1, " "), "1"))) {
		(void)snprintf(
		        p->problem, sizeof p->problem,
		        "\"%s\" is too long, or has no cost such as \"; 1200\" at its end.",
		        n > NAME_MOST ? "an option" : pl_text_brief(brief, name));
		return false;
	}
	if (at != NULL) *at = '\0';
	(void)snprintf(code, sizeof code, "%zu", json_array_size(to) + 1);
	json_t *option = json_pack("{s:s, s:s}", "code", code, "name", name);
	if (costs) (void)json_object_set_new(option, "cost", json_integer(cost));
	(void)json_array_append_new(to, option);
	return true;
}

/// @return NULL: the page's problem says why, or there is no memory
static json_t *read_options(pl_page *p, int way)
{
	const char *line = pl_form_text(&p->form, "options"),
	           *title = pl_form_text(&p->form, "title");
	const bool costs = strcmp(ways[way].rule, "equal-shares") == 0;
	json_t *list = json_array();
	bool good = true;
	while (good && *line != '\0') {
		const size_t n = strcspn(line, "\n");
		good = read_option(list, p, line, n, costs);
		line += n + (line[n] == '\n');
	}
	if (good && json_array_size(list) == 0 && strcmp(ways[way].ballots, "motion") == 0)
		(void)json_array_append_new(
		        list, json_pack("{s:s, s:s}", "code", "1", "name",
		                        strlen(title) > NAME_MOST ? "Yes" : title));
	if (good) return list;
	json_decref(list);
	return NULL;
}

/// A member asks whether a delegate is recalled: the vote that mandate.recall wants.
static json_t *vote_to_recall(pl_page *p, int64_t council, int64_t person)
{
	char code[PL_RECALL_CHARS], title[300];
	const json_t *view = pl_page_view(p, "/councils/%" PRId64, council);
	const size_t members = json_array_size(json_object_get(view, "members"));
	(void)snprintf(title, sizeof title, "Recall %.200s?",
	               pl_page_name(p, PL_NAMES_person, person));
	return json_pack("{s:I, s:s, s:s, s:s, s:i, s:i, s:I, s:[{s:s, s:s}]}", "council",
	                 (json_int_t)council, "title", title, "ballots", "motion", "rule",
	                 "majority", "seats", 1, "secret", members >= PL_SECRET_LEAST, "until",
	                 (json_int_t)pl_zone_later(&p->zone, p->visit->now, WEEK), "options",
	                 "code", pl_recall_code(code, person), "name", "They are recalled");
}

static int way_of(const char *how)
{
	int i = 0;
	while (i < WAYS - 1 && strcmp(ways[i].how, how) != 0) i++;
	return i;
}

/// @return NULL: the page's problem says why, or there is no memory
static json_t *read_vote(pl_page *p)
{
	const pl_form *f = &p->form;
	const int64_t council = pl_form_whole(f, "council"),
	              recall = pl_form_whole(f, "recall"), seats = pl_form_whole(f, "seats"),
	              budget = pl_form_whole(f, "budget");
	const int way = way_of(pl_form_text(f, "how"));
	int64_t until;
	const int64_t suspend = pl_form_whole(f, "suspend"),
	              restore = pl_form_whole(f, "restore");
	if (recall > 0) return vote_to_recall(p, council, recall);
	if (suspend > 0) return pl_suspend_vote(p, suspend, "suspend");
	if (restore > 0) return pl_suspend_vote(p, restore, "restore");
	if (!pl_input_time(&until, p, "until", "Open until")) return NULL;
	json_t *options = read_options(p, way);
	if (options == NULL) return NULL;
	json_t *fields = json_pack("{s:I, s:s, s:s, s:s, s:I, s:i, s:I, s:o}", "council",
	                           (json_int_t)council, "title", pl_form_text(f, "title"),
	                           "ballots", ways[way].ballots, "rule", ways[way].rule,
	                           "seats", (json_int_t)(seats < 0 ? 1 : seats), "secret",
	                           pl_form_find(f, "secret") != NULL, "until",
	                           (json_int_t)until, "options", options);
	if (budget > 0) (void)json_object_set_new(fields, "budget", json_integer(budget));
	static const char *const parts[] = {"threshold", "quorum"};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (pl_form_text(f, parts[i])[0] != '\0')
			(void)json_object_set_new(fields, parts[i],
			                          json_string(pl_form_text(f, parts[i])));
	return fields;
}

void pl_visit_vote_open_form(pl_visit *v)
{
	pl_reply reply = {0};
	char path[64];
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	pl_page_set_zone(p, 0);
	json_t *fields = read_vote(p);
	const pl_status st =
	        fields == NULL ? PL_EARG : pl_page_do(p, &reply, "vote.open", fields);
	json_t *answer = st == PL_OK ? json_loads(reply.json, 0, NULL) : NULL;
	(void)snprintf(path, sizeof path, "/votes/%" PRId64, pl_page_whole(answer, "vote"));
	json_decref(answer);
	if (!pl_input_went(p, st, &reply, "", path))
		put_page(p, pl_problems[pl_problem_of(st)].status);
}
