/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_people.c - the list of people, a form to add one, and invitations. */
#include "server/input.h"

#include "base/error.h"
#include "report/qr.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 100 };

static bool may_found(pl_page *p)
{
	return pl_page_has_task(p, "facilitator", 0) || pl_page_has_task(p, "administrator", 0);
}

/* ---- the list ---- */

/// Is the person one of those looked for, by a part of the name or by the number?
static bool is_wanted(const json_t *row, const char *wanted)
{
	char number[24];
	if (pl_page_whole(row, "erased") != 0) return false;
	(void)snprintf(number, sizeof number, "%" PRId64, pl_page_whole(row, "id"));
	return wanted[0] == '\0' || strcmp(number, wanted) == 0 ||
	       pl_input_holds(pl_page_text(row, "name"), wanted);
}

static void put_list(pl_page *p, const char *wanted)
{
	static const pl_column columns[] = {{"Name", PL_HEADS_ROW}, {"Number", PL_IS_NUMBER}};
	size_t i;
	json_t *row;
	int64_t found = 0;
	pl_markup_table(&p->m,
	                wanted[0] == '\0' ? "Everybody, in the order in which they came"
	                                  : "Whom the search found",
	                columns, 2);
	json_array_foreach(pl_page_rows(p, "person"), i, row)
	{
		const int64_t id = pl_page_whole(row, "id");
		if (!is_wanted(row, wanted) || ++found > SHOWN) continue;
		pl_markup_row(&p->m);
		pl_markup_cell(&p->m, &columns[0]);
		pl_markup_put(&p->m, "<a href=\"%s/people/%" PRId64 "\"><bdi>%s</bdi></a>",
		              p->m.base, id, pl_page_name(p, PL_NAMES_person, id));
		pl_markup_cell(&p->m, &columns[1]);
		pl_markup_put(&p->m, "%" PRId64 "\n", id);
	}
	pl_markup_table_end(&p->m);
	if (found > SHOWN)
		pl_markup_put(&p->m,
		              "<p>These are the first %" PRId64 " of %" PRId64
		              ": search for a part of the name.</p>\n",
		              (int64_t){SHOWN}, found);
	else if (found == 0)
		pl_markup_raw(&p->m, "<p>Nobody was found.</p>\n");
}

static void put_search(pl_page *p, const char *wanted)
{
	pl_markup_put(&p->m,
	              "<form method=\"get\" action=\"%s/people\">\n<label for=\"q\">A part of "
	              "the name, or the number</label>\n<input id=\"q\" name=\"q\" "
	              "value=\"%s\">\n<button class=\"quiet\">Search</button>\n</form>\n",
	              p->m.base, wanted);
}

static void put_form(pl_page *p)
{
	if (!may_found(p)) return;
	pl_markup_put(&p->m, "<details%s>\n<summary>Add a person</summary>\n",
	              p->form.n > 0 ? " open" : "");
	pl_page_form(p, "/people");
	pl_input_put(p,
	             &(pl_input){.name = "name",
	                         .label = "Name",
	                         .hint = "As people call them; everybody in the record sees it",
	                         .more = "maxlength=\"200\" autocomplete=\"off\""});
	pl_input_put(p, &(pl_input){.name = "contact",
	                            .label = "How to reach them",
	                            .hint = "Only they, facilitators and administrators see it",
	                            .more = "maxlength=\"200\" autocomplete=\"off\""});
	pl_page_form_end(p, "Add them");
	pl_markup_raw(&p->m, "</details>\n");
}

static void put_page(pl_page *p, int status)
{
	const char *asked = pl_http_query(p->visit->r, "q"),
	           *wanted = asked == NULL ? "" : asked;
	pl_page_begin(p, "People");
	put_form(p);
	put_search(p, wanted);
	put_list(p, wanted);
	pl_page_finish(p, status);
}

void pl_visit_people_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, 200);
}

void pl_visit_person_form(pl_visit *v)
{
	pl_reply reply = {0};
	char path[64];
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const pl_status st =
	        pl_page_do(p, &reply, "person.add",
	                   json_pack("{s:s, s:s}", "name", pl_form_text(&p->form, "name"),
	                             "contact", pl_form_text(&p->form, "contact")));
	json_t *answer = st == PL_OK ? json_loads(reply.json, 0, NULL) : NULL;
	(void)snprintf(path, sizeof path, "/people/%" PRId64, pl_page_whole(answer, "person"));
	json_decref(answer);
	if (!pl_input_went(p, st, &reply, "", path))
		put_page(p, pl_problems[pl_problem_of(st)].status);
}

/* ---- invitations ---- */

/// The link as a picture; without one where it holds what no address of ours does.
static void put_picture(pl_page *p, const char *link)
{
	char *text = NULL;
	size_t n = 0;
	if (strpbrk(link, "\"<>&'") != NULL) return;
	FILE *to = open_memstream(&text, &n);
	if (to == NULL) return;
	pl_html h = {.to = to};
	(void)pl_qr_write(&h, link, NULL);
	if (fclose(to) == 0) pl_markup_raw(&p->m, text);
	if (text != NULL) sodium_memzero(text, n);
	free(text);
}

static void put_invitation(pl_page *p, int64_t person, const pl_visit_invited *i)
{
	char title[300];
	(void)snprintf(title, sizeof title, "Invitation for %.250s",
	               pl_page_name(p, PL_NAMES_person, person));
	pl_page_set_zone(p, 0);
	pl_page_begin(p, title);
	pl_markup_raw(
	        &p->m,
	        "<p>This logs them in, once. It is shown now and never again: print this "
	        "page, let them take a picture of it, or copy the link. Give it to nobody "
	        "else: whoever uses it first is in.</p>\n");
	put_picture(p, i->link);
	pl_markup_put(&p->m, "<p class=\"note\"><code>%s</code></p>\n<p>It is good until ",
	              i->link);
	pl_page_put_time(p, i->until, true);
	pl_markup_put(&p->m,
	              ".</p>\n<p>Whoever has it types its last part, <code>%s</code>, at the "
	              "page \"Log in\" where the link cannot be opened.</p>\n",
	              i->code);
	pl_markup_put(&p->m, "<p><a href=\"%s/people/%" PRId64 "\">Back</a></p>\n", p->m.base,
	              person);
}

static void put_wait(pl_page *p, int64_t person)
{
	pl_page_begin(p, "A second facilitator has to ask for it too");
	pl_markup_put(
	        &p->m,
	        "<p><bdi>%s</bdi> has logged in before. So that nobody can take over what "
	        "is theirs, two facilitators invite them again: when another one does the "
	        "same within a day, that one gets the link.</p>\n<p><a "
	        "href=\"%s/people/%" PRId64 "\">Back</a></p>\n",
	        pl_page_name(p, PL_NAMES_person, person), p->m.base, person);
}

void pl_visit_person_invite(pl_visit *v)
{
	pl_visit_invited i;
	pl_error err;
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t person = pl_page_number(p, "/people/{person}/invitation");
	const pl_status st = pl_visit_invite_person(&i, v, person, &err);
	if (st != PL_OK)
		pl_page_note(p, st, &err);
	else if (i.waits)
		put_wait(p, person);
	else
		put_invitation(p, person, &i);
	sodium_memzero(&i, sizeof i);
	pl_page_finish(p, 200);
}
