/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_delivery.c - what a council hands over while a plan is carried out. */
#include "server/council_page.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what was handed over ---- */

static void put_delivery(pl_page *p, const pl_column *columns, const json_t *row)
{
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_page_put_name(p, PL_NAMES_good, pl_page_whole(row, "good"));
	pl_markup_cell(&p->m, &columns[1]);
	pl_page_put_amount(p, pl_page_whole(row, "good"), pl_page_whole(row, "quantity"));
	pl_markup_cell(&p->m, &columns[2]);
	pl_page_put_name(p, PL_NAMES_council, pl_page_whole(row, "giver"));
	pl_markup_raw(&p->m, " to ");
	pl_page_put_name(p, PL_NAMES_council, pl_page_whole(row, "taker"));
	pl_markup_cell(&p->m, &columns[3]);
	pl_page_put_time(p, pl_page_whole(row, "day"), false);
	pl_markup_cell(&p->m, &columns[4]);
	pl_markup_put(&p->m, "<bdi>%s</bdi>\n", pl_page_text(row, "note"));
}

static void put_list(const pl_council_view *c)
{
	static const pl_column columns[] = {{"Good", PL_HEADS_ROW},
	                                    {"Quantity", PL_IS_TEXT},
	                                    {"From and to", PL_IS_TEXT},
	                                    {"When", PL_IS_TEXT},
	                                    {"Note", PL_IS_TEXT}};
	pl_page *p = c->p;
	size_t i;
	json_t *row;
	pl_markup_table(&p->m, "What was handed over", columns, 5);
	json_array_foreach(pl_page_rows(p, "delivery"), i, row)
	{
		if (pl_page_whole(row, "season") == c->season &&
		    (pl_page_whole(row, "giver") == c->council ||
		     pl_page_whole(row, "taker") == c->council))
			put_delivery(p, columns, row);
	}
	pl_markup_table_end(&p->m);
}

/* ---- the form ---- */

static void put_choice(const pl_council_view *c, pl_page_names of, int64_t id, int64_t chosen)
{
	pl_markup_put(&c->p->m, "<option value=\"%" PRId64 "\"%s>%s", id,
	              id == chosen ? " selected" : "", pl_page_name(c->p, of, id));
	if (of == PL_NAMES_good)
		pl_markup_put(&c->p->m, " (%s)",
		              pl_page_text(pl_page_named(c->p, of, id), "unit"));
	pl_markup_raw(&c->p->m, "</option>\n");
}

static void put_choices(const pl_council_view *c)
{
	pl_page *p = c->p;
	const int64_t good = pl_form_whole(&p->form, "good"),
	              taker = pl_form_whole(&p->form, "taker");
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m,
	              "<label for=\"good\">What</label>\n<select id=\"good\" name=\"good\">\n");
	json_array_foreach(c->lines, i, row)
	{
		if (pl_page_is(row, "role", "makes") || pl_page_is(row, "role", "offers"))
			put_choice(c, PL_NAMES_good, pl_page_whole(row, "good"), good);
	}
	pl_markup_raw(&p->m,
	              "</select>\n<label for=\"taker\">To whom</label>\n<select id=\"taker\" "
	              "name=\"taker\">\n");
	json_array_foreach(pl_page_rows(p, "council"), i, row)
	{
		if (pl_page_whole(row, "id") != c->council)
			put_choice(c, PL_NAMES_council, pl_page_whole(row, "id"), taker);
	}
	pl_markup_raw(&p->m, "</select>\n");
}

static void put_form(const pl_council_view *c)
{
	pl_page *p = c->p;
	char today[PL_ZONE_CHARS];
	(void)pl_zone_stamp(today, &p->zone, p->visit->now);
	today[10] = '\0'; /* the day alone */
	const char *day = pl_form_text(&p->form, "day");
	pl_markup_raw(&p->m, "<h3>Record what you hand over</h3>\n");
	pl_page_form(p, "/councils/%" PRId64 "/delivery", c->council);
	pl_page_put_hidden(p, "season", c->season);
	put_choices(c);
	pl_markup_put(&p->m,
	              "<label for=\"quantity\">How much</label>\n<input id=\"quantity\" "
	              "name=\"quantity\" inputmode=\"decimal\" required value=\"%s\">\n"
	              "<label for=\"day\">On which day</label>\n<input id=\"day\" name=\"day\" "
	              "type=\"date\" required value=\"%s\">\n",
	              pl_form_text(&p->form, "quantity"), day[0] == '\0' ? today : day);
	pl_page_put_note(p, "note", "What others should know", pl_form_text(&p->form, "note"));
	pl_page_form_end(p, "Record it");
}

void pl_council_put_deliveries(const pl_council_view *c)
{
	pl_page *p = c->p;
	pl_markup_put(&p->m,
	              "<h2 id=\"deliveries\">Deliveries in <a href=\"%s/seasons/%" PRId64
	              "#plan\"><bdi>%s</bdi></a></h2>\n",
	              p->m.base, c->season, pl_page_text(c->seasons, "name"));
	put_list(c);
	if (c->delegate) put_form(c);
}

/* ---- recording ---- */

static json_t *read_delivery(pl_page *p, int64_t giver)
{
	const int64_t good = pl_form_whole(&p->form, "good"),
	              season = pl_form_whole(&p->form, "season");
	const char *step = pl_page_text(pl_page_named(p, PL_NAMES_good, good), "step"),
	           *problem = "";
	int64_t steps = 0, day = 0;
	pl_page_set_zone(p, season);
	if (!pl_amount_read(&steps, pl_form_text(&p->form, "quantity"), step))
		problem = "How much is it? Type a number, in whole multiples of ";
	else if (!pl_zone_day(&day, &p->zone, pl_form_text(&p->form, "day")))
		problem =
		        "The day is written like 2027-01-31; the good is counted in steps of ";
	if (problem[0] != '\0') {
		(void)snprintf(p->problem, sizeof p->problem, "%s%.40s.", problem,
		               step[0] == '\0' ? "1" : step);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "season", (json_int_t)season,
	                 "giver", (json_int_t)giver, "taker",
	                 (json_int_t)pl_form_whole(&p->form, "taker"), "good", (json_int_t)good,
	                 "quantity", (json_int_t)steps, "day", (json_int_t)day, "note",
	                 pl_form_text(&p->form, "note"));
}

void pl_visit_delivery_form(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t council = pl_page_number(p, "/councils/{council}/delivery");
	json_t *fields = read_delivery(p, council);
	const pl_status st = p->problem[0] != '\0'
	                             ? PL_EARG
	                             : pl_page_do(p, &reply, "delivery.record", fields);
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "#deliveries", "/councils/%" PRId64, council);
	else
		pl_council_put_page(p, council, pl_problems[pl_problem_of(st)].status);
}
