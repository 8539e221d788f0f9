/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_suspend.c - a council that breaks what all have agreed on: a facilitator opens the vote
 * of everybody that suspends it, and somebody carries it out; the same to restore it. */
#include "app/vote.h"
#include "server/input.h"
#include "server/suspend_page.h"
#include "server/vote_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7, MONTH = 30 };

/* ---- the vote that it takes ---- */

void pl_suspend_put_wish(pl_page *p, int64_t council, bool suspended)
{
	if (!pl_page_has_task(p, "facilitator", 0)) return;
	pl_markup_put(
	        &p->m, "<details>\n<summary>%s</summary>\n<p>%s</p>\n",
	        suspended ? "Restore it before the time is over" : "Suspend it for a time",
	        suspended ? "It takes a vote of everybody, in which more than half say yes."
	                  : "For a council that breaks what all have agreed on. It takes a "
	                    "vote of everybody, in which half of all vote and two thirds of "
	                    "them say yes. Its proposals do not count then, and it gets no "
	                    "deliveries.");
	pl_page_form(p, "/votes");
	pl_page_put_hidden(p, suspended ? "restore" : "suspend", council);
	pl_page_form_end(p, suspended ? "Open a vote on restoring it"
	                              : "Open a vote on suspending it");
	pl_markup_raw(&p->m, "</details>\n");
}

/// May a vote of everybody be secret?
static bool are_enough(pl_page *p)
{
	int64_t n = 0;
	size_t i;
	json_t *row;
	json_array_foreach(pl_page_rows(p, "person"), i, row)
	{
		n += pl_page_whole(row, "erased") == 0;
	}
	return n >= PL_SECRET_LEAST;
}

json_t *pl_suspend_vote(pl_page *p, int64_t council, const char *what)
{
	char code[48], title[300];
	const bool restores = strcmp(what, "restore") == 0;
	(void)snprintf(code, sizeof code, "%s-%" PRId64, what, council);
	(void)snprintf(title, sizeof title,
	               restores ? "Restore %.200s?" : "Suspend %.200s for a time?",
	               pl_page_name(p, PL_NAMES_council, council));
	json_t *fields = json_pack(
	        "{s:s, s:s, s:s, s:i, s:i, s:I, s:[{s:s, s:s}]}", "title", title, "ballots",
	        "motion", "rule", restores ? "majority" : "supermajority", "seats", 1, "secret",
	        are_enough(p), "until",
	        (json_int_t)pl_zone_later(&p->zone, p->visit->now, WEEK), "options", "code",
	        code, "name", restores ? "It is restored" : "It is suspended");
	if (restores) return fields;
	(void)json_object_set_new(fields, "threshold", json_string("2/3"));
	(void)json_object_set_new(fields, "quorum", json_string("1/2"));
	return fields;
}

/* ---- carrying it out ---- */

/// Which council an option suspends or restores. @param[out] restores @return 0: none
static int64_t council_of(bool *restores, const json_t *option)
{
	static const char suspend[] = "suspend-", restore[] = "restore-";
	const char *code = pl_page_text(option, "code");
	*restores = strncmp(code, restore, sizeof restore - 1) == 0;
	if (!*restores && strncmp(code, suspend, sizeof suspend - 1) != 0) return 0;
	const char *digits = code + sizeof suspend - 1;
	const size_t n = strlen(digits);
	return n > 0 && n < 16 && strspn(digits, "0123456789") == n ? strtoll(digits, NULL, 10)
	                                                            : 0;
}

void pl_suspend_put_act(pl_page *p, int64_t vote, const json_t *option)
{
	bool restores;
	char stamp[PL_ZONE_CHARS];
	const int64_t council = council_of(&restores, option);
	if (council == 0 || pl_page_whole(option, "won") != 1 ||
	    json_array_size(pl_page_rows(p, "suspension/%" PRId64, vote)) > 0)
		return;
	const json_t *going =
	        json_object_get(pl_page_view(p, "/councils/%" PRId64, council), "suspensions");
	if (restores && json_array_size(going) == 0) return;
	pl_markup_put(&p->m, "<h2 id=\"carry\">Carry it out</h2>\n<p>");
	pl_page_put_name(p, PL_NAMES_council, council);
	pl_markup_put(&p->m, " is %s when somebody says so here.</p>\n",
	              restores ? "restored" : "suspended");
	pl_page_form(p, "/votes/%" PRId64 "/suspension", vote);
	if (!restores) {
		(void)pl_input_stamp(stamp, p, pl_zone_later(&p->zone, p->visit->now, MONTH));
		pl_input_put(p, &(pl_input){.name = "until",
		                            .label = "Until when",
		                            .hint = "Within a year",
		                            .value = stamp,
		                            .more = "type=\"datetime-local\" required"});
		pl_page_put_note(p, "reason", "What was agreed on, and how it was broken",
		                 pl_form_text(&p->form, "reason"));
	}
	pl_page_form_end(p, restores ? "Restore it" : "Suspend it");
}

/// @return NULL: the page's problem says why, or there is no memory
static json_t *fields_of(pl_page *p, int64_t vote, int64_t council, bool restores)
{
	int64_t until;
	if (restores)
		return json_pack("{s:I, s:I}", "council", (json_int_t)council, "vote",
		                 (json_int_t)vote);
	if (!pl_input_time(&until, p, "until", "Until when")) return NULL;
	return json_pack("{s:I, s:I, s:I, s:s}", "council", (json_int_t)council, "vote",
	                 (json_int_t)vote, "until", (json_int_t)until, "reason",
	                 pl_form_text(&p->form, "reason"));
}

void pl_visit_suspend_form(pl_visit *v)
{
	bool restores;
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	pl_page_set_zone(p, 0);
	const int64_t vote = pl_page_number(p, "/votes/{vote}/suspension");
	const json_t *view = pl_page_view(p, "/votes/%" PRId64, vote);
	const int64_t council =
	        council_of(&restores, json_array_get(json_object_get(view, "options"), 0));
	json_t *fields = fields_of(p, vote, council, restores);
	const pl_status st =
	        fields == NULL
	                ? PL_EARG
	                : pl_page_do(p, &reply,
	                             restores ? "council.restore" : "council.suspend", fields);
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "", "/councils/%" PRId64, council);
	else
		pl_vote_put_page(p, vote, pl_problems[pl_problem_of(st)].status);
}
