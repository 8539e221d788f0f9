/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_you.c - the page about oneself: the calendar link, one's own data, being erased. */
#include "app/erasure.h"
#include "server/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- dates ---- */

typedef struct {
	int64_t person;
	bool has;
} asking;

static pl_status ask_calendar(void *with, pl_store *s, pl_error *err)
{
	asking *a = with;
	return pl_door_has_calendar(&a->has, s, a->person, err);
}

static void put_calendar(pl_page *p)
{
	pl_error err;
	asking a = {.person = p->visit->caller.person};
	const pl_status st =
	        pl_desk_look(p->visit->server->desk, PL_READ_SHORT, ask_calendar, &a, &err);
	if (st != PL_OK) pl_page_note(p, st, &err);
	pl_markup_raw(&p->m, "<h2>Your dates in your calendar</h2>\n<p>A secret link lets a "
	                     "calendar program show when rounds and votes are open, and when "
	                     "your tasks end. It can do nothing else.</p>\n");
	pl_page_form(p, "/you/calendar");
	pl_page_form_end(p, a.has ? "Make a new link; the one there is ends" : "Make a link");
	if (!a.has) return;
	pl_page_form(p, "/you/calendar/end");
	pl_page_form_end(p, "End the link");
}

/* ---- mail ---- */

static pl_status ask_digest(void *with, pl_store *s, pl_error *err)
{
	asking *a = with;
	return pl_mail_has_digest(&a->has, s, a->person, err);
}

static void put_mail(pl_page *p)
{
	pl_error err;
	asking a = {.person = p->visit->caller.person};
	if (!pl_mail_is_on(p->visit->server->mail)) return;
	const pl_status st =
	        pl_desk_look(p->visit->server->desk, PL_READ_SHORT, ask_digest, &a, &err);
	if (st != PL_OK) pl_page_note(p, st, &err);
	pl_markup_raw(&p->m,
	              "<h2>What needs you, by mail</h2>\n<p>One mail at most once a day, when "
	              "something new needs you. It goes to the address that you gave as the "
	              "way to reach you.</p>\n");
	pl_page_form(p, "/you/digest");
	pl_markup_put(&p->m, "<input type=\"hidden\" name=\"on\" value=\"%s\">\n",
	              a.has ? "no" : "yes");
	pl_page_form_end(p, a.has ? "No more mail" : "Send me mail");
}

/* ---- one's own data ---- */

static void put_data(pl_page *p)
{
	pl_markup_put(
	        &p->m,
	        "<h2>What the record holds about you</h2>\n<p><a href=\"%s/api/me/export\">"
	        "Download it</a>: tables for any spreadsheet, in a zip file, with every event "
	        "that you did or that names you, and what you wrote. Your ballots are not "
	        "among it: nothing binds a ballot to who cast it.</p>\n",
	        p->m.base);
}

/* ---- being erased ---- */

/// A form with one button, that does this about a person.
static void put_deed(pl_page *p, const char *deed, int64_t person, const char *button)
{
	pl_page_form(p, "/you/erasure");
	pl_page_put_hidden(p, "person", person);
	pl_markup_put(&p->m, "<input type=\"hidden\" name=\"deed\" value=\"%s\">\n", deed);
	pl_page_form_end(p, button);
}

/// Somebody of whom a facilitator asks it, as far as it concerns who looks.
static void put_asked(pl_page *p, const json_t *asked, bool facilitates)
{
	const int64_t me = p->visit->caller.person, person = pl_page_whole(asked, "person"),
	              by = pl_page_whole(asked, "asked_by"),
	              since = pl_page_whole(asked, "since"), now = p->visit->now;
	if (person != me && !facilitates) return;
	pl_markup_raw(&p->m, "<p class=\"note\">");
	pl_page_put_name(p, PL_NAMES_person, by);
	pl_markup_raw(&p->m, " asked, ");
	pl_page_put_distance(p, since);
	pl_markup_raw(&p->m, ", that ");
	pl_page_put_name(p, PL_NAMES_person, person);
	pl_markup_put(&p->m, " be erased, who cannot do it themselves. %s</p>\n",
	              now < since + PL_ERASURE_WAIT
	                      ? "Another facilitator can confirm it a week later."
	              : now > since + PL_ERASURE_TERM ? "It was not confirmed in time."
	                                              : "Another facilitator can confirm it.");
	if (person != me && by != me && now >= since + PL_ERASURE_WAIT &&
	    now <= since + PL_ERASURE_TERM)
		put_deed(p, "confirm", person, "Erase them");
	put_deed(p, "refuse", person,
	         person == me ? "I refuse: I am here"
	         : by == me   ? "Take it back"
	                      : "Refuse it");
}

static void put_erasure(pl_page *p)
{
	const bool facilitates = pl_page_has_task(p, "facilitator", 0);
	size_t i;
	json_t *asked;
	pl_markup_raw(&p->m,
	              "<h2 id=\"erasure\">Being erased</h2>\n<p>Your name, how to reach you, "
	              "and what you wrote are taken out of the record for good. You leave your "
	              "councils and tasks and cannot log in any more. Quantities, prices and "
	              "ballots stay, without a name.</p>\n");
	pl_page_form(p, "/you/erasure");
	pl_markup_raw(&p->m,
	              "<input type=\"hidden\" name=\"deed\" value=\"self\">\n<p><label "
	              "class=\"pick\"><input type=\"checkbox\" name=\"sure\" value=\"yes\"> I "
	              "am sure; it cannot be undone</label></p>\n");
	pl_page_form_end(p, "Erase me");
	json_array_foreach(pl_page_rows(p, "erasure"), i, asked)
	{
		put_asked(p, asked, facilitates);
	}
	if (!facilitates) return;
	pl_markup_raw(&p->m,
	              "<h3>Somebody who cannot do it themselves</h3>\n<p>Two facilitators "
	              "can, a week apart. The person sees it when they log in, and can "
	              "refuse.</p>\n");
	pl_page_form(p, "/you/erasure");
	pl_markup_raw(&p->m, "<input type=\"hidden\" name=\"deed\" value=\"ask\">\n<label "
	                     "for=\"person\">Number of the person</label>\n<input "
	                     "id=\"person\" name=\"person\" inputmode=\"numeric\" "
	                     "autocomplete=\"off\">\n");
	pl_page_form_end(p, "Ask that they be erased");
}

static void put_page(pl_page *p, int status)
{
	pl_page_begin(p, "You");
	put_calendar(p);
	put_mail(p);
	put_data(p);
	put_erasure(p);
	pl_page_finish(p, status);
}

void pl_visit_you_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, 200);
}

void pl_visit_digest_form(pl_visit *v)
{
	char where[PL_HTTP_VALUE_CHARS];
	pl_error err;
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const bool on = strcmp(pl_form_text(&p->form, "on"), "yes") == 0;
	const pl_status st = pl_visit_set_digest(v, on, &err);
	if (st != PL_OK) {
		(void)snprintf(p->problem, sizeof p->problem, "%s", err.msg);
		put_page(p, pl_problems[pl_problem_of(st)].status);
		return;
	}
	(void)snprintf(where, sizeof where, "%s/you", p->m.base);
	pl_page_finish(p, 200);
	v->out->body.n = 0;
	pl_out_see_other(v->out, where);
}

/// Which operation a form asks for; NULL: the page says why none.
static const char *op_of(pl_page *p, int64_t *person)
{
	static const struct {
		const char *deed, *op;
	} deeds[] = {{"ask", "erasure.ask"},
	             {"confirm", "erasure.confirm"},
	             {"refuse", "erasure.refuse"},
	             {"self", "person.erase"}};
	const char *deed = pl_form_text(&p->form, "deed"), *op = NULL;
	*person = pl_form_whole(&p->form, "person");
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
		if (strcmp(deeds[i].deed, deed) == 0) op = deeds[i].op;
	if (strcmp(deed, "self") != 0) return op;
	*person = p->visit->caller.person;
	if (strcmp(pl_form_text(&p->form, "sure"), "yes") == 0) return op;
	(void)snprintf(p->problem, sizeof p->problem,
	               "say that you are sure: what is erased cannot be had back.");
	return NULL;
}

static void say_goodbye(pl_page *p)
{
	p->m.known = false;
	pl_markup_begin(&p->m, "You were erased");
	pl_markup_raw(&p->m,
	              "<p>Your name, how to reach you and what you wrote are no longer in "
	              "this record. Backups that were made before keep them until they "
	              "are removed.</p>\n");
	pl_visit_put_cookie(p->visit, "", 0);
	pl_page_finish(p, 200);
}

void pl_visit_erasure_form(pl_visit *v)
{
	pl_reply reply = {0};
	int64_t person;
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const char *op = op_of(p, &person);
	pl_status st = PL_EARG;
	if (op != NULL)
		st = pl_page_do(p, &reply, op,
		                json_pack("{s:I}", "person", (json_int_t)person));
	free(reply.json);
	if (st != PL_OK)
		put_page(p, pl_problems[pl_problem_of(st)].status);
	else if (strcmp(op, "person.erase") == 0)
		say_goodbye(p);
	else
		pl_page_go(p, reply.height, "#erasure", "/you");
}
