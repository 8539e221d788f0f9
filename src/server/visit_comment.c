/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_comment.c - the discussion of a council: what was said, and the form to say something.
 */
#include "base/error.h"
#include "server/council_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- what was said ---- */

static void put_comment(pl_page *p, const json_t *comment)
{
	const int64_t season = pl_page_whole(comment, "season"),
	              round = pl_page_whole(comment, "round"),
	              objection = pl_page_whole(comment, "objection");
	pl_markup_raw(&p->m, "<li>");
	pl_page_put_name(p, PL_NAMES_person, pl_page_whole(comment, "author"));
	pl_markup_raw(&p->m, ", ");
	pl_page_put_time(p, pl_page_whole(comment, "written"), false);
	if (season > 0 && round > 0)
		pl_markup_put(&p->m, ", in round %" PRId64 " of <bdi>%s</bdi>", round,
		              pl_page_name(p, PL_NAMES_season, season));
	if (objection > 0) pl_markup_put(&p->m, ", on objection %" PRId64, objection);
	if (pl_page_is(comment, "text", ""))
		pl_markup_raw(&p->m, ": <small>(erased)</small>\n");
	else
		pl_markup_put(&p->m, ":<div class=\"said\"><bdi>%s</bdi></div>\n",
		              pl_page_text(comment, "text"));
}

/// A page of it. The newest, or those before the comment that the address names.
static const json_t *discussion(pl_page *p, int64_t council)
{
	char path[64];
	pl_error err;
	(void)snprintf(path, sizeof path, "/councils/%" PRId64 "/comments", council);
	json_t *view =
	        pl_visit_look(p->visit, path, pl_http_query(p->visit->r, "before"), &err);
	if (view != NULL) return pl_page_hold(p, view);
	pl_page_note(p, PL_ENOTFOUND, &err);
	return NULL;
}

/* ---- who may say something ---- */

static bool deals_in(const json_t *lines, const json_t *others)
{
	size_t i;
	json_t *line;
	json_array_foreach(others, i, line)
	{
		if (pl_page_find(lines, "good", pl_page_whole(line, "good")) != NULL)
			return true;
	}
	return false;
}

/// As comment.write has it: its people, who guides all, and councils that share a good.
static bool is_concerned(const pl_council_view *c)
{
	pl_page *p = c->p;
	size_t i;
	json_t *row;
	if (c->delegate || pl_page_is_member(p, c->council) ||
	    pl_page_has_task(p, "facilitator", 0) || pl_page_has_task(p, "auditor", 0))
		return true;
	json_array_foreach(json_object_get(pl_page_view(p, "/me"), "memberships"), i, row)
	{
		if (deals_in(c->lines,
		             pl_page_rows(p, "line/%" PRId64, pl_page_whole(row, "council"))))
			return true;
	}
	return false;
}

static void put_form(const pl_council_view *c)
{
	pl_page *p = c->p;
	const json_t *season = pl_page_planned(p);
	pl_page_form(p, "/councils/%" PRId64 "/comments", c->council);
	if (season != NULL) pl_page_put_hidden(p, "season", pl_page_whole(season, "id"));
	pl_page_put_note(p, "text", "What do you want to say to them?",
	                 pl_form_text(&p->form, "text"));
	pl_page_form_end(p, "Say it");
}

void pl_council_put_discussion(const pl_council_view *c)
{
	pl_page *p = c->p;
	const json_t *view = discussion(p, c->council),
	             *list = json_object_get(view, "comments");
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m, "<h2 id=\"discussion\">Discussion</h2>\n");
	if (is_concerned(c)) put_form(c);
	pl_markup_raw(&p->m, json_array_size(list) == 0
	                             ? "<p>Nobody has said anything yet.</p>\n"
	                             : "<ul>\n");
	json_array_foreach(list, i, row)
	{
		put_comment(p, row);
	}
	if (i > 0) pl_markup_raw(&p->m, "</ul>\n");
	if (pl_page_text(view, "next")[0] != '\0')
		pl_markup_put(&p->m, "<p><a href=\"?before=%s#discussion\">Earlier</a></p>\n",
		              pl_page_text(view, "next"));
}

/* ---- saying it ---- */

void pl_visit_comment_form(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t council = pl_page_number(p, "/councils/{council}/comments"),
	              season = pl_form_whole(&p->form, "season");
	const pl_status st =
	        pl_page_do(p, &reply, "comment.write",
	                   json_pack("{s:I, s:I, s:s}", "council", (json_int_t)council,
	                             "season", (json_int_t)(season < 0 ? 0 : season), "text",
	                             pl_form_text(&p->form, "text")));
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "#discussion", "/councils/%" PRId64, council);
	else
		pl_council_put_page(p, council, pl_problems[pl_problem_of(st)].status);
}
