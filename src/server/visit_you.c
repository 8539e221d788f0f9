/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_you.c - the page about oneself: the calendar link, one's own data. */
#include "server/page.h"

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

void pl_visit_you_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	pl_page_begin(p, "You");
	put_calendar(p);
	pl_page_finish(p, 200);
}
