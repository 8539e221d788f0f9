/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_person.c - the page of a person: councils, tasks until when, and forms for those who
 * may change them: join, leave, a task is given or recalled. */
#include "server/input.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/// Somebody as their page sees them.
typedef struct {
	pl_page *p;
	int64_t id;
	const json_t *row;
	bool self, founder; ///< founder: who looks may add people and give tasks
} person;

static person person_of(pl_page *p, int64_t id)
{
	return (person){.p = p,
	                .id = id,
	                .row = pl_page_named(p, PL_NAMES_person, id),
	                .self = p->visit->caller.person == id,
	                .founder = pl_page_has_task(p, "facilitator", 0) ||
	                           pl_page_has_task(p, "administrator", 0)};
}

/// Begin a form of one button or more.
static void begin_act(const person *who, const char *act)
{
	pl_page_form(who->p, "/people/%" PRId64 "/act", who->id);
	pl_markup_put(
	        &who->p->m,
	        "<input type=\"hidden\" name=\"act\" value=\"%s\" autocomplete=\"off\">\n",
	        act);
}

/* ---- councils ---- */

static void put_membership(const person *who, const json_t *row)
{
	pl_page *p = who->p;
	const int64_t council = pl_page_whole(row, "council");
	pl_markup_raw(&p->m, "<li>");
	pl_page_put_name(p, PL_NAMES_council, council);
	pl_markup_raw(&p->m, ", since ");
	pl_page_put_time(p, pl_page_whole(row, "since"), false);
	pl_markup_raw(&p->m, "\n");
	if (!who->self) return;
	begin_act(who, "leave");
	pl_page_put_hidden(p, "council", council);
	pl_markup_put(&p->m, "<button class=\"quiet\">Leave <bdi>%s</bdi></button>\n</form>\n",
	              pl_page_name(p, PL_NAMES_council, council));
}

static void put_councils(const person *who)
{
	pl_page *p = who->p;
	size_t i, n = 0;
	json_t *row;
	pl_markup_raw(&p->m, "<h2>Councils</h2>\n<ul>\n");
	json_array_foreach(pl_page_rows(p, "membership"), i, row)
	{
		if (pl_page_whole(row, "person") != who->id) continue;
		put_membership(who, row);
		n++;
	}
	pl_markup_raw(&p->m, n == 0 ? "<li>None yet.\n</ul>\n" : "</ul>\n");
}

/// A choice of councils. @param none what stands for 0; NULL: nothing does
static void put_choice(pl_page *p, const char *name, const char *label, const char *none)
{
	size_t i;
	json_t *row;
	pl_input_choose(p, name, label, NULL);
	if (none != NULL) pl_input_option(p, "0", none, false);
	json_array_foreach(pl_page_rows(p, "council"), i, row)
	{
		char value[24];
		(void)snprintf(value, sizeof value, "%" PRId64, pl_page_whole(row, "id"));
		pl_input_option(p, value,
		                pl_page_is(row, "name", "") ? pl_page_text(row, "code")
		                                            : pl_page_text(row, "name"),
		                strcmp(pl_form_text(&p->form, name), value) == 0);
	}
	pl_input_chosen(p);
}

static void put_joining(const person *who)
{
	begin_act(who, "join");
	put_choice(who->p, "council", "Take them into", NULL);
	pl_page_form_end(who->p, "Take them in");
}

/* ---- tasks ---- */

static void put_task(const person *who, const json_t *row)
{
	pl_page *p = who->p;
	const int64_t council = pl_page_whole(row, "council");
	pl_markup_put(&p->m, "<li>%s of ",
	              pl_words_of(pl_words_tasks, pl_page_text(row, "role")));
	if (council > 0)
		pl_page_put_name(p, PL_NAMES_council, council);
	else
		pl_markup_raw(&p->m, "the whole federation");
	pl_markup_raw(&p->m, ", until ");
	pl_page_put_time(p, pl_page_whole(row, "until"), false);
	pl_markup_raw(&p->m, "\n");
	if (!who->founder) return;
	begin_act(who, "recall");
	pl_page_put_hidden(p, "council", council);
	pl_markup_put(&p->m, "<input type=\"hidden\" name=\"role\" value=\"%s\">\n",
	              pl_page_text(row, "role"));
	pl_markup_put(&p->m,
	              "<button class=\"quiet\">Recall them from being %s</button>\n</form>\n",
	              pl_words_of(pl_words_tasks, pl_page_text(row, "role")));
}

static void put_tasks(const person *who)
{
	pl_page *p = who->p;
	size_t i, n = 0;
	json_t *row;
	pl_markup_raw(&p->m, "<h2>Tasks</h2>\n<ul>\n");
	json_array_foreach(pl_page_rows(p, "mandate/%" PRId64, who->id), i, row)
	{
		if (pl_page_whole(row, "until") <= p->visit->now) continue;
		put_task(who, row);
		n++;
	}
	pl_markup_raw(&p->m, n == 0 ? "<li>None.\n</ul>\n" : "</ul>\n");
}

static void put_giving(const person *who)
{
	enum { HALF_A_YEAR = 182 };
	char stamp[PL_ZONE_CHARS];
	pl_page *p = who->p;
	begin_act(who, "give");
	pl_input_words(p, "role", "Give them the task of", pl_words_tasks, "delegate");
	put_choice(p, "of", "Of which council", "of the whole federation");
	(void)pl_input_stamp(stamp, p, pl_zone_later(&p->zone, p->visit->now, HALF_A_YEAR));
	pl_input_put(
	        p, &(pl_input){.name = "until",
	                       .label = "Until",
	                       .hint = "A task ends by itself, so that others have their turn",
	                       .value = stamp,
	                       .more = "type=\"datetime-local\" required"});
	pl_markup_raw(&p->m,
	              "<p>A delegate is one of a council; the other tasks are of the whole "
	              "federation.</p>\n");
	pl_page_form_end(p, "Give the task");
}

/* ---- the page ---- */

static void put_founding(const person *who)
{
	pl_page *p = who->p;
	pl_markup_raw(&p->m, "<h2>For facilitators and administrators</h2>\n");
	if (!who->self) {
		pl_markup_raw(&p->m,
		              "<h3>Let them in</h3>\n<p>An invitation is a link and a QR "
		              "code, good for 14 days.</p>\n");
		pl_page_form(p, "/people/%" PRId64 "/invitation", who->id);
		pl_page_form_end(p, "Make an invitation");
	}
	pl_markup_raw(&p->m, "<h3>Council</h3>\n");
	put_joining(who);
	pl_markup_raw(&p->m, "<h3>Task</h3>\n");
	put_giving(who);
}

static void put_page(pl_page *p, int64_t id, int status)
{
	const person who = person_of(p, id);
	if (who.row == NULL) {
		pl_page_missing(p, "person", id);
		return;
	}
	pl_page_set_zone(p, 0);
	pl_page_begin(p, pl_page_name(p, PL_NAMES_person, id));
	pl_markup_put(&p->m, "<p>Person %" PRId64 " of this record, since ", id);
	pl_page_put_time(p, pl_page_whole(who.row, "joined"), true);
	pl_markup_put(&p->m, ".%s</p>\n",
	              pl_page_whole(who.row, "erased") != 0 ? " Their texts were erased."
	              : who.self                            ? " This is you."
	                                                    : "");
	put_councils(&who);
	put_tasks(&who);
	if (who.founder && pl_page_whole(who.row, "erased") == 0) put_founding(&who);
	pl_page_finish(p, status);
}

void pl_visit_person_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, pl_page_number(p, "/people/{person}"), 200);
}

/* ---- acts ---- */

/// What the form asks for. @return NULL: nothing that there is, or the page's problem says why
static const char *find_act(json_t **fields, pl_page *p, int64_t id)
{
	const char *act = pl_form_text(&p->form, "act"), *role = pl_form_text(&p->form, "role");
	const json_int_t council = pl_form_whole(&p->form, "council"),
	                 of = pl_form_whole(&p->form, "of"),
	                 vote = pl_form_whole(&p->form, "vote");
	int64_t until;
	*fields = NULL;
	if (strcmp(act, "give") == 0) {
		if (!pl_input_time(&until, p, "until", "Until")) return NULL;
		*fields = json_pack("{s:I, s:I, s:s, s:I}", "person", (json_int_t)id, "council",
		                    of, "role", role, "until", (json_int_t)until);
		return "mandate.give";
	}
	if (strcmp(act, "recall") == 0) {
		*fields = json_pack("{s:I, s:I, s:s}", "person", (json_int_t)id, "council",
		                    council, "role", role);
		if (vote > 0) (void)json_object_set_new(*fields, "vote", json_integer(vote));
		return "mandate.recall";
	}
	*fields = json_pack("{s:I, s:I}", "council", council, "person", (json_int_t)id);
	return strcmp(act, "leave") == 0 ? "member.leave" : "member.join";
}

void pl_visit_person_act(pl_visit *v)
{
	pl_reply reply = {0};
	char path[64];
	json_t *fields;
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/people/{person}/act"),
	              back = pl_form_whole(&p->form, "back");
	pl_page_set_zone(p, 0);
	const char *op = find_act(&fields, p, id);
	const pl_status st = op == NULL ? PL_EARG : pl_page_do(p, &reply, op, fields);
	if (back > 0)
		(void)snprintf(path, sizeof path, "/councils/%" PRId64 "/members", back);
	else
		(void)snprintf(path, sizeof path, "/people/%" PRId64, id);
	if (!pl_input_went(p, st, &reply, "", path))
		put_page(p, id, pl_problems[pl_problem_of(st)].status);
}
