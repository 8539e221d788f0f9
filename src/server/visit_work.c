/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_work.c - when the people of a council are booked: a list to be printed, and the form to
 * book them. Where they are not free, the page says who is in the way and when they are. */
#include "app/crew.h"
#include "base/alloc.h"
#include "base/error.h"
#include "server/page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

/// The people of a council, as their page sees them.
typedef struct {
	pl_page *p;
	int64_t council, people;
	const json_t *bookings;
	const json_t *refused; ///< what a refusal told; NULL: nothing was refused
	bool delegate;
} crew_view;

/* ---- the list ---- */

static void put_span(pl_page *p, int64_t begins, int64_t ends)
{
	pl_page_put_time(p, begins, false);
	pl_markup_raw(&p->m, " to ");
	pl_page_put_time(p, ends, false);
}

static void put_back(const crew_view *v, int64_t booking)
{
	pl_page_form(v->p, "/councils/%" PRId64 "/work", v->council);
	pl_page_put_hidden(v->p, "booking", booking);
	pl_page_form_end(v->p, "Take it back");
}

static const pl_column columns[] = {{"When", PL_HEADS_ROW},
                                    {"Task", PL_IS_TEXT},
                                    {"For whom", PL_IS_TEXT},
                                    {"Labour", PL_IS_TEXT},
                                    {"People", PL_IS_NUMBER}};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void put_booking(const crew_view *v, const json_t *row)
{
	pl_page *p = v->p;
	const int64_t serves = pl_page_whole(row, "serves"), good = pl_page_whole(row, "good");
	const char *task = pl_page_text(row, "task");
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	put_span(p, pl_page_whole(row, "begins"), pl_page_whole(row, "ends"));
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "<bdi>%s</bdi>", task[0] == '\0' ? "(was erased)" : task);
	if (v->delegate && pl_page_whole(row, "ends") > p->visit->now)
		put_back(v, pl_page_whole(row, "id"));
	pl_markup_cell(&p->m, &columns[2]);
	if (serves > 0)
		pl_page_put_name(p, PL_NAMES_council, serves);
	else
		pl_markup_raw(&p->m, "themselves");
	pl_markup_cell(&p->m, &columns[3]);
	if (good > 0)
		pl_page_put_name(p, PL_NAMES_good, good);
	else
		pl_markup_raw(&p->m, "any");
	pl_markup_cell(&p->m, &columns[4]);
	pl_markup_put(&p->m, "%" PRId64 "\n", pl_page_whole(row, "people"));
}

/// The bookings that are over, or those that are not. @return how many
static int64_t put_bookings(const crew_view *v, const char *caption, bool over)
{
	size_t i;
	json_t *row;
	int64_t n = 0;
	json_array_foreach(v->bookings, i, row)
	{
		if ((pl_page_whole(row, "ends") <= v->p->visit->now) != over) continue;
		if (n++ == 0) pl_markup_table(&v->p->m, caption, columns, N_COLUMNS);
		put_booking(v, row);
	}
	if (n > 0) pl_markup_table_end(&v->p->m);
	return n;
}

static void put_list(const crew_view *v)
{
	pl_markup *m = &v->p->m;
	pl_markup_raw(m, "<h2 id=\"work\">Work to come</h2>\n");
	if (put_bookings(v, "Who is booked, in the order of time", false) == 0)
		pl_markup_raw(m, "<p>Nobody is booked.</p>\n");
	pl_markup_raw(m, "<details>\n<summary>Earlier work</summary>\n");
	if (put_bookings(v, "What is over", true) == 0) pl_markup_raw(m, "<p>None.</p>\n");
	pl_markup_raw(m, "</details>\n");
}

/// Who leaves a council leaves its bookings: are there enough people for them?
static void put_shortage(const crew_view *v)
{
	pl_page *p = v->p;
	const int64_t n = (int64_t)json_array_size(v->bookings), now = p->visit->now;
	pl_shift *shift = pl_alloc(n, sizeof *shift);
	pl_crew crew = {0};
	int64_t when;
	for (int64_t i = 0; shift != NULL && i < n; i++) {
		const json_t *row = json_array_get(v->bookings, (size_t)i);
		shift[i] = (pl_shift){pl_page_whole(row, "begins"), pl_page_whole(row, "ends"),
		                      pl_page_whole(row, "people")};
	}
	if (shift == NULL || pl_crew_of(&crew, shift, n, NULL) != PL_OK) p->m.failed = true;
	const int64_t last = crew.n > 0 ? crew.step[crew.n - 1].time : now,
	              most = pl_crew_most(&crew, now, last, &when);
	if (most > v->people) {
		pl_markup_raw(&p->m, "<p class=\"flag\">More work than people: ");
		pl_page_put_time(p, when, false);
		pl_markup_put(&p->m,
		              " %" PRId64 " are booked, and there are %" PRId64 ".</p>\n", most,
		              v->people);
	}
	pl_crew_clear(&crew);
	pl_free(shift);
}

/* ---- the form ---- */

static void put_option(pl_page *p, pl_page_names of, int64_t id, int64_t chosen)
{
	pl_markup_put(&p->m, "<option value=\"%" PRId64 "\"%s>%s</option>\n", id,
	              id == chosen ? " selected" : "", pl_page_name(p, of, id));
}

static void put_select(pl_page *p, const char *name, const char *label)
{
	pl_markup_put(&p->m, "<label for=\"%s\">%s</label>\n<select id=\"%s\" name=\"%s\">\n",
	              name, label, name, name);
}

/// Can people be booked for it now? The first round has begun, and it is not over.
static bool is_under_way(const json_t *season)
{
	return pl_page_is(season, "phase", "proposing") ||
	       pl_page_is(season, "phase", "review") || pl_page_is(season, "phase", "adopted");
}

static void put_choices(const crew_view *v)
{
	pl_page *p = v->p;
	const json_t *council = pl_page_view(p, "/councils/%" PRId64, v->council),
	             *seasons = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	size_t i;
	json_t *row;
	put_select(p, "season", "Of which season");
	for (i = json_array_size(seasons); i > 0; i--) {
		row = json_array_get(seasons, i - 1);
		if (is_under_way(row))
			put_option(p, PL_NAMES_season, pl_page_whole(row, "id"),
			           pl_form_whole(&p->form, "season"));
	}
	pl_markup_raw(&p->m, "</select>\n");
	put_select(p, "good", "Which labour");
	pl_markup_raw(&p->m, "<option value=\"0\">any</option>\n");
	json_array_foreach(json_object_get(council, "lines"), i, row)
	{
		const int64_t good = pl_page_whole(row, "good");
		if (pl_page_is(row, "role", "uses") &&
		    pl_page_is(pl_page_named(p, PL_NAMES_good, good), "kind", "labour"))
			put_option(p, PL_NAMES_good, good, pl_form_whole(&p->form, "good"));
	}
	pl_markup_raw(&p->m, "</select>\n");
	put_select(p, "serves", "For whom");
	pl_markup_raw(&p->m, "<option value=\"0\">themselves</option>\n");
	json_array_foreach(pl_page_rows(p, "council"), i, row)
	{
		if (pl_page_whole(row, "id") != v->council)
			put_option(p, PL_NAMES_council, pl_page_whole(row, "id"),
			           pl_form_whole(&p->form, "serves"));
	}
	pl_markup_raw(&p->m, "</select>\n");
}

/// A moment to type, tomorrow at that hour where none was typed.
static void put_moment(pl_page *p, const char *name, const char *label, const char *hour)
{
	char tomorrow[PL_ZONE_CHARS];
	const char *typed = pl_form_text(&p->form, name);
	(void)pl_zone_stamp(tomorrow, &p->zone, p->visit->now + DAY);
	(void)snprintf(tomorrow + 10, sizeof tomorrow - 10, "T%s", hour); /* after the day */
	pl_markup_put(&p->m,
	              "<label for=\"%s\">%s</label>\n<input id=\"%s\" name=\"%s\" "
	              "type=\"datetime-local\" required value=\"%s\">\n",
	              name, label, name, name, typed[0] == '\0' ? tomorrow : typed);
}

static void put_instead(const crew_view *v, const char *key, const char *words)
{
	const json_t *span = json_object_get(v->refused, key);
	pl_page *p = v->p;
	if (span == NULL) return;
	pl_markup_put(&p->m, "<li>%s: ", words);
	put_span(p, pl_page_whole(span, "begins"), pl_page_whole(span, "ends"));
	pl_markup_put(&p->m, " <button name=\"at\" value=\"%" PRId64 "\">Book this</button>\n",
	              pl_page_whole(span, "begins"));
}

/// What is in the way, and what could be done instead, each by a button.
static void put_refusal(const crew_view *v)
{
	pl_page *p = v->p;
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m, "<ul>\n");
	json_array_foreach(json_object_get(v->refused, "in_the_way"), i, row)
	{
		pl_markup_put(&p->m, "<li>In the way: <bdi>%s</bdi>, %" PRId64 " people, ",
		              pl_page_text(row, "task"), pl_page_whole(row, "people"));
		put_span(p, pl_page_whole(row, "begins"), pl_page_whole(row, "ends"));
		pl_markup_raw(&p->m, "\n");
	}
	put_instead(v, "next", "As many are free as long");
	put_instead(v, "same_hours", "The same hours, another day");
	json_array_foreach(json_object_get(v->refused, "others"), i, row)
	{
		const int64_t other = pl_page_whole(row, "council");
		pl_markup_put(&p->m,
		              "<li>%" PRId64 " are free then at <a href=\"%s/councils/%" PRId64
		              "/work\"><bdi>%s</bdi></a>\n",
		              pl_page_whole(row, "free"), p->m.base, other,
		              pl_page_name(p, PL_NAMES_council, other));
	}
	pl_markup_raw(&p->m, "</ul>\n");
}

static void put_form(const crew_view *v)
{
	pl_page *p = v->p;
	const char *people = pl_form_text(&p->form, "people");
	pl_markup_raw(&p->m, "<h2>Book people</h2>\n");
	pl_page_form(p, "/councils/%" PRId64 "/work", v->council);
	pl_markup_put(&p->m,
	              "<label for=\"task\">What is to be done</label>\n<input id=\"task\" "
	              "name=\"task\" required value=\"%s\">\n"
	              "<label for=\"people\">How many people</label>\n<input id=\"people\" "
	              "name=\"people\" inputmode=\"numeric\" required value=\"%s\">\n",
	              pl_form_text(&p->form, "task"), people[0] == '\0' ? "1" : people);
	put_moment(p, "begins", "From", "08:00");
	put_moment(p, "ends", "Until", "16:00");
	put_choices(v);
	pl_markup_raw(&p->m, "<button name=\"do\" value=\"book\">Book them</button>\n");
	if (v->refused != NULL) put_refusal(v);
	pl_markup_raw(&p->m, "</form>\n");
}

/* ---- the page ---- */

static bool any_under_way(pl_page *p)
{
	size_t i;
	json_t *season;
	json_array_foreach(json_object_get(pl_page_view(p, "/seasons"), "seasons"), i, season)
	{
		if (is_under_way(season)) return true;
	}
	return false;
}

/// @param refused what a refusal told; NULL
static void put_page(pl_page *p, int64_t council, const json_t *refused, int status)
{
	char title[512];
	const json_t *view = pl_page_view(p, "/councils/%" PRId64 "/bookings", council);
	const crew_view v = {.p = p,
	                     .council = council,
	                     .people = pl_page_whole(view, "people"),
	                     .bookings = json_object_get(view, "bookings"),
	                     .refused = refused,
	                     .delegate = pl_page_has_task(p, "delegate", council)};
	pl_page_set_zone(p, 0);
	(void)snprintf(title, sizeof title, "Work of %s",
	               pl_page_name(p, PL_NAMES_council, council));
	pl_page_begin(p, title);
	pl_markup_raw(&p->m, "<p>People of ");
	pl_page_put_name(p, PL_NAMES_council, council);
	pl_markup_put(&p->m, ": %" PRId64 ". Times are those of %s.</p>\n", v.people,
	              p->zone.name);
	put_shortage(&v);
	if (refused != NULL && v.delegate) put_form(&v);
	put_list(&v);
	if (refused == NULL && v.delegate && any_under_way(p)) put_form(&v);
	pl_page_finish(p, status);
}

void pl_visit_work_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, pl_page_number(p, "/councils/{council}/work"), NULL, 200);
}

/* ---- booking ---- */

/// From when until when: as typed, or as long from the moment of a button.
static bool read_span(pl_page *p, int64_t *begins, int64_t *ends)
{
	const int64_t at = pl_form_whole(&p->form, "at");
	if (!pl_zone_minute(begins, &p->zone, pl_form_text(&p->form, "begins")) ||
	    !pl_zone_minute(ends, &p->zone, pl_form_text(&p->form, "ends")))
		return false;
	if (at < 0) return true;
	*ends += at - *begins;
	*begins = at;
	return true;
}

/// @return the operation's fields; NULL: p->problem says why, or there is no memory
static json_t *read_booking(pl_page *p, int64_t council)
{
	int64_t begins, ends;
	pl_page_set_zone(p, 0);
	if (!read_span(p, &begins, &ends)) {
		(void)snprintf(
		        p->problem, sizeof p->problem,
		        "A moment is typed like 2027-03-01T08:00, and clocks show it once "
		        "that day at least.");
		return NULL;
	}
	json_t *fields = json_pack("{s:I, s:I, s:s, s:I, s:I, s:I, s:I}", "season",
	                           (json_int_t)pl_form_whole(&p->form, "season"), "council",
	                           (json_int_t)council, "task", pl_form_text(&p->form, "task"),
	                           "people", (json_int_t)pl_form_whole(&p->form, "people"),
	                           "begins", (json_int_t)begins, "ends", (json_int_t)ends,
	                           "good", (json_int_t)pl_form_whole(&p->form, "good"));
	const int64_t serves = pl_form_whole(&p->form, "serves");
	if (serves > 0) (void)json_object_set_new(fields, "serves", json_integer(serves));
	return fields;
}

void pl_visit_work_form(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t council = pl_page_number(p, "/councils/{council}/work"),
	              booking = pl_form_whole(&p->form, "booking");
	json_t *fields = booking > 0 ? json_pack("{s:I, s:I}", "council", (json_int_t)council,
	                                         "booking", (json_int_t)booking)
	                             : read_booking(p, council);
	const pl_status st =
	        p->problem[0] != '\0'
	                ? PL_EARG
	                : pl_page_do(p, &reply, booking > 0 ? "work.unbook" : "work.book",
	                             fields);
	json_t *refused =
	        reply.json == NULL || st == PL_OK ? NULL : json_loads(reply.json, 0, NULL);
	free(reply.json);
	if (refused != NULL) {
		(void)pl_page_hold(p, refused);
		(void)snprintf(
		        p->problem, sizeof p->problem,
		        "Of %" PRId64 " people %" PRId64
		        " are free then. Below the form stands what could be done instead.",
		        pl_page_whole(refused, "members"), pl_page_whole(refused, "free"));
	}
	if (st == PL_OK)
		pl_page_go(p, reply.height, "#work", "/councils/%" PRId64 "/work", council);
	else
		put_page(p, council, refused, pl_problems[pl_problem_of(st)].status);
}
