/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_members.c - who is in a council and who speaks for it; forms to take somebody in, to
 * leave, and to recall a delegate: by a founder, or by a vote of the members. */
#include "server/input.h"

#include "app/vote.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/// A council's people as their page sees them.
typedef struct {
	pl_page *p;
	int64_t id;
	const json_t *view;
	bool member, delegate, founder;
} council;

static council council_of(pl_page *p, int64_t id)
{
	return (council){.p = p,
	                 .id = id,
	                 .view = pl_page_view(p, "/councils/%" PRId64, id),
	                 .member = pl_page_is_member(p, id),
	                 .delegate = pl_page_has_task(p, "delegate", id),
	                 .founder = pl_page_has_task(p, "facilitator", 0) ||
	                            pl_page_has_task(p, "administrator", 0)};
}

static void put_linked(pl_page *p, int64_t person)
{
	pl_markup_put(&p->m, "<a href=\"%s/people/%" PRId64 "\"><bdi>%s</bdi></a>", p->m.base,
	              person, pl_page_name(p, PL_NAMES_person, person));
}

/* ---- delegates ---- */

/// The vote of the members that recalls somebody; 0: none since the task was given.
static int64_t vote_to_recall(const council *c, const json_t *task, bool *open)
{
	char code[PL_RECALL_CHARS];
	int64_t found = 0;
	(void)pl_recall_code(code, pl_page_whole(task, "person"));
	const json_t *votes = pl_page_rows(c->p, "vote");
	for (size_t i = json_array_size(votes); i > 0; i--) {
		const json_t *vote = json_array_get(votes, i - 1);
		const int64_t id = pl_page_whole(vote, "id");
		if (pl_page_whole(vote, "council") != c->id ||
		    pl_page_whole(vote, "opened") < pl_page_whole(task, "since"))
			continue;
		const json_t *first =
		        json_array_get(pl_page_rows(c->p, "vote_option/%" PRId64 "/1", id), 0);
		if (!pl_page_is(first, "code", code)) continue;
		*open = pl_page_is(vote, "state", "open");
		if (*open || pl_page_whole(first, "won") == 1) found = id;
		if (found > 0) break;
	}
	return found;
}

static void put_recall_button(const council *c, const json_t *task, int64_t vote)
{
	pl_page *p = c->p;
	pl_page_form(p, "/people/%" PRId64 "/act", pl_page_whole(task, "person"));
	pl_markup_raw(&p->m, "<input type=\"hidden\" name=\"act\" value=\"recall\">\n"
	                     "<input type=\"hidden\" name=\"role\" value=\"delegate\">\n");
	pl_page_put_hidden(p, "council", c->id);
	pl_page_put_hidden(p, "back", c->id);
	if (vote > 0) pl_page_put_hidden(p, "vote", vote);
	pl_markup_put(&p->m, "<button class=\"quiet\">Recall <bdi>%s</bdi></button>\n</form>\n",
	              pl_page_name(p, PL_NAMES_person, pl_page_whole(task, "person")));
}

static void put_vote_button(const council *c, const json_t *task)
{
	pl_page *p = c->p;
	pl_page_form(p, "/votes");
	pl_page_put_hidden(p, "council", c->id);
	pl_page_put_hidden(p, "recall", pl_page_whole(task, "person"));
	pl_markup_put(&p->m,
	              "<button class=\"quiet\">Vote on recalling <bdi>%s</bdi></button>\n"
	              "</form>\n",
	              pl_page_name(p, PL_NAMES_person, pl_page_whole(task, "person")));
}

static void put_recall(const council *c, const json_t *task)
{
	pl_page *p = c->p;
	bool open = false;
	const int64_t vote = vote_to_recall(c, task, &open);
	if (vote > 0)
		pl_markup_put(&p->m,
		              "<p><a href=\"%s/votes/%" PRId64
		              "\">The vote on this</a> %s.</p>\n",
		              p->m.base, vote, open ? "is open" : "was carried");
	if ((vote > 0 && !open && c->member) || c->founder)
		put_recall_button(c, task, open ? 0 : vote);
	if (vote == 0 && c->member) put_vote_button(c, task);
}

static void put_delegates(const council *c)
{
	pl_page *p = c->p;
	size_t i, n = 0;
	json_t *task;
	pl_markup_raw(&p->m, "<h2>Who speaks for it</h2>\n<p>A delegate files the council's "
	                     "proposals, for a time. Its members can recall them by a vote at "
	                     "any time.</p>\n<ul>\n");
	json_array_foreach(json_object_get(c->view, "tasks"), i, task)
	{
		pl_markup_raw(&p->m, "<li>");
		put_linked(p, pl_page_whole(task, "person"));
		pl_markup_raw(&p->m, ", until ");
		pl_page_put_time(p, pl_page_whole(task, "until"), true);
		put_recall(c, task);
		pl_markup_raw(&p->m, "\n");
		n++;
	}
	pl_markup_raw(&p->m, n == 0 ? "<li>Nobody now. A facilitator or an administrator gives "
	                              "the task to a person, on that person's page.\n</ul>\n"
	                            : "</ul>\n");
}

/* ---- members ---- */

static void put_members(const council *c)
{
	static const pl_column columns[] = {{"Member", PL_HEADS_ROW}, {"Since", PL_IS_TEXT}};
	pl_page *p = c->p;
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m, "<h2>Members</h2>\n");
	if (json_array_size(json_object_get(c->view, "members")) == 0) {
		pl_markup_raw(&p->m, "<p>None yet.</p>\n");
		return;
	}
	pl_markup_table(&p->m, "In the order of their numbers", columns, 2);
	json_array_foreach(json_object_get(c->view, "members"), i, row)
	{
		pl_markup_row(&p->m);
		pl_markup_cell(&p->m, &columns[0]);
		put_linked(p, pl_page_whole(row, "person"));
		pl_markup_cell(&p->m, &columns[1]);
		pl_page_put_time(p, pl_page_whole(row, "since"), false);
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_table_end(&p->m);
}

static void put_joining(const council *c)
{
	pl_page *p = c->p;
	pl_markup_raw(&p->m, "<h2>Take somebody in</h2>\n");
	pl_page_form(p, "/councils/%" PRId64 "/members", c->id);
	pl_input_put(p, &(pl_input){.name = "person",
	                            .label = "Name or number",
	                            .hint = "As the list of people has it",
	                            .more = "required autocomplete=\"off\""});
	pl_page_form_end(p, "Take them in");
}

static void put_leaving(const council *c)
{
	pl_page *p = c->p;
	pl_markup_raw(&p->m, "<h2>Leave</h2>\n<p>You are a member. Only you can decide to "
	                     "leave.</p>\n");
	pl_page_form(p, "/people/%" PRId64 "/act", p->visit->caller.person);
	pl_markup_raw(&p->m, "<input type=\"hidden\" name=\"act\" value=\"leave\">\n");
	pl_page_put_hidden(p, "council", c->id);
	pl_page_put_hidden(p, "back", c->id);
	pl_markup_raw(&p->m, "<button class=\"quiet\">Leave this council</button>\n</form>\n");
}

/* ---- the page ---- */

static void put_page(pl_page *p, int64_t id, int status)
{
	const council c = council_of(p, id);
	char title[256];
	if (pl_page_named(p, PL_NAMES_council, id) == NULL) {
		pl_page_missing(p, "council", id);
		return;
	}
	pl_page_set_zone(p, 0);
	(void)snprintf(title, sizeof title, "People of %.200s",
	               pl_page_name(p, PL_NAMES_council, id));
	pl_page_begin(p, title);
	pl_markup_put(&p->m,
	              "<p><a href=\"%s/councils/%" PRId64 "\">Back to the council</a></p>\n",
	              p->m.base, id);
	put_delegates(&c);
	put_members(&c);
	if (c.delegate || c.founder) put_joining(&c);
	if (c.member) put_leaving(&c);
	pl_page_finish(p, status);
}

void pl_visit_members_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, pl_page_number(p, "/councils/{council}/members"), 200);
}

void pl_visit_member_form(pl_visit *v)
{
	pl_reply reply = {0};
	char path[64];
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/councils/{council}/members"),
	              person = pl_input_person(p, "person");
	pl_status st = PL_EARG;
	if (person > 0)
		st = pl_page_do(p, &reply, "member.join",
		                json_pack("{s:I, s:I}", "council", (json_int_t)id, "person",
		                          (json_int_t)person));
	(void)snprintf(path, sizeof path, "/councils/%" PRId64 "/members", id);
	if (!pl_input_went(p, st, &reply, "", path))
		put_page(p, id, pl_problems[pl_problem_of(st)].status);
}
