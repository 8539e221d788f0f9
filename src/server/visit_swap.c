/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_swap.c - parts of an adopted plan that councils hand to one another: offers to answer,
 * and the form to make one. */
#include "base/error.h"
#include "server/council_page.h"
#include "server/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 64 };

static const pl_words states[] = {{"offered", "offered"},
                                  {"accepted", "accepted: the plan changed"},
                                  {"refused", "refused"},
                                  {"withdrawn", "withdrawn"},
                                  {NULL, NULL}};

/* ---- the list ---- */

static void put_answers(const pl_council_view *c, const json_t *swap)
{
	pl_page *p = c->p;
	const bool taker = pl_page_whole(swap, "taker") == c->council;
	if (!c->delegate || !pl_page_is(swap, "state", "offered")) return;
	pl_page_form(p, "/councils/%" PRId64 "/swaps", c->council);
	pl_page_put_hidden(p, "season", c->season);
	pl_page_put_hidden(p, "swap", pl_page_whole(swap, "id"));
	pl_markup_raw(&p->m,
	              taker ? "<button name=\"state\" value=\"accepted\">Accept</button>\n"
	                      "<button name=\"state\" value=\"refused\">Refuse</button>\n"
	                    : "<button name=\"state\" value=\"withdrawn\">Withdraw</button>\n");
	pl_markup_raw(&p->m, "</form>\n");
}

static void put_swap(const pl_council_view *c, const json_t *swap)
{
	pl_page *p = c->p;
	const int64_t good = pl_page_whole(swap, "good");
	pl_markup_raw(&p->m, "<li>");
	pl_page_put_name(p, PL_NAMES_council, pl_page_whole(swap, "giver"));
	pl_markup_put(&p->m, " %s ", pl_page_text(swap, "role"));
	pl_page_put_amount(p, good, pl_page_whole(swap, "quantity"));
	pl_markup_raw(&p->m, " less of ");
	pl_page_put_name(p, PL_NAMES_good, good);
	pl_markup_raw(&p->m, ", and ");
	pl_page_put_name(p, PL_NAMES_council, pl_page_whole(swap, "taker"));
	pl_markup_put(&p->m, " as much more: <b>%s</b>.",
	              pl_words_of(states, pl_page_text(swap, "state")));
	if (!pl_page_is(swap, "reason", ""))
		pl_markup_put(&p->m, "<div class=\"said\"><bdi>%s</bdi></div>",
		              pl_page_text(swap, "reason"));
	pl_markup_raw(&p->m, "\n");
	put_answers(c, swap);
}

static void put_list(const pl_council_view *c)
{
	const json_t *swaps = json_object_get(
	        pl_page_view(c->p, "/seasons/%" PRId64 "/plan", c->season), "swaps");
	int64_t n = 0;
	for (size_t i = json_array_size(swaps); i > 0; i--) {
		const json_t *swap = json_array_get(swaps, i - 1);
		if (pl_page_whole(swap, "giver") != c->council &&
		    pl_page_whole(swap, "taker") != c->council)
			continue;
		if (n++ == 0) pl_markup_raw(&c->p->m, "<ul>\n");
		put_swap(c, swap);
	}
	pl_markup_raw(&c->p->m, n > 0 ? "</ul>\n" : "<p>None so far.</p>\n");
}

/* ---- the form ---- */

static void put_line(const pl_council_view *c, const json_t *line)
{
	pl_page *p = c->p;
	char value[LINE];
	const int64_t good = pl_page_whole(line, "good");
	(void)snprintf(value, sizeof value, "%" PRId64 ".%s", good, pl_page_text(line, "role"));
	pl_markup_put(&p->m, "<option value=\"%s\"%s>%s %s", value,
	              strcmp(value, pl_form_text(&p->form, "line")) == 0 ? " selected" : "",
	              pl_page_text(line, "role"), pl_page_name(p, PL_NAMES_good, good));
	pl_markup_put(
	        &p->m, " (%s %s)</option>\n",
	        pl_amount_show(p->number, pl_page_whole(line, "now"),
	                       pl_page_text(pl_page_named(p, PL_NAMES_good, good), "step")),
	        pl_page_text(pl_page_named(p, PL_NAMES_good, good), "unit"));
}

static void put_form(const pl_council_view *c)
{
	pl_page *p = c->p;
	const json_t *lines = json_object_get(
	        pl_page_view(p, "/seasons/%" PRId64 "/plan", c->season), "lines");
	const int64_t chosen = pl_form_whole(&p->form, "with");
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m, "<h3>Offer part of your plan</h3>\n");
	pl_page_form(p, "/councils/%" PRId64 "/swaps", c->council);
	pl_page_put_hidden(p, "season", c->season);
	pl_markup_raw(&p->m, "<label for=\"line\">Of which line</label>\n<select id=\"line\" "
	                     "name=\"line\">\n");
	json_array_foreach(lines, i, row)
	{
		if (pl_page_whole(row, "council") == c->council) put_line(c, row);
	}
	pl_markup_raw(&p->m, "</select>\n<label for=\"with\">To whom</label>\n<select "
	                     "id=\"with\" name=\"with\">\n");
	json_array_foreach(pl_page_rows(p, "council"), i, row)
	{
		const int64_t other = pl_page_whole(row, "id");
		if (other != c->council)
			pl_markup_put(&p->m, "<option value=\"%" PRId64 "\"%s>%s</option>\n",
			              other, other == chosen ? " selected" : "",
			              pl_page_name(p, PL_NAMES_council, other));
	}
	pl_markup_put(&p->m,
	              "</select>\n<label for=\"part\">How much</label>\n<input id=\"part\" "
	              "name=\"part\" inputmode=\"decimal\" required value=\"%s\">\n",
	              pl_form_text(&p->form, "part"));
	pl_page_put_note(p, "why", "Why", pl_form_text(&p->form, "why"));
	pl_markup_raw(&p->m,
	              "<button name=\"state\" value=\"offer\">Offer it</button>\n</form>\n");
}

void pl_council_put_swaps(const pl_council_view *c)
{
	pl_markup_raw(&c->p->m, "<h2 id=\"swaps\">Swaps</h2>\n<p>What councils move between "
	                        "their parts of the plan; the plan as it was adopted stays "
	                        "beside it.</p>\n");
	put_list(c);
	if (c->delegate) put_form(c);
}

/* ---- doing it ---- */

/// @return the fields of swap.offer; NULL: p->problem says why, or there is no memory
static json_t *read_offer(pl_page *p, int64_t council)
{
	const char *line = pl_form_text(&p->form, "line"), *dot = strchr(line, '.');
	const int64_t good = strtoll(line, NULL, 10);
	const char *step = pl_page_text(pl_page_named(p, PL_NAMES_good, good), "step");
	int64_t steps = 0;
	if (!pl_amount_read(&steps, pl_form_text(&p->form, "part"), step) || dot == NULL) {
		(void)snprintf(p->problem, sizeof p->problem,
		               "How much is it? Type a number, in whole multiples of %.40s.",
		               step[0] == '\0' ? "1" : step);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:I, s:I, s:s, s:I, s:s}", "season",
	                 (json_int_t)pl_form_whole(&p->form, "season"), "giver",
	                 (json_int_t)council, "taker",
	                 (json_int_t)pl_form_whole(&p->form, "with"), "good", (json_int_t)good,
	                 "role", dot + 1, "quantity", (json_int_t)steps, "reason",
	                 pl_form_text(&p->form, "why"));
}

static json_t *read_answer(const pl_page *p, int64_t council)
{
	return json_pack("{s:I, s:I, s:I, s:s}", "season",
	                 (json_int_t)pl_form_whole(&p->form, "season"), "swap",
	                 (json_int_t)pl_form_whole(&p->form, "swap"), "council",
	                 (json_int_t)council, "state", pl_form_text(&p->form, "state"));
}

void pl_visit_swap_form(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t council = pl_page_number(p, "/councils/{council}/swaps");
	const bool answers = pl_form_whole(&p->form, "swap") > 0;
	json_t *fields = answers ? read_answer(p, council) : read_offer(p, council);
	const pl_status st =
	        p->problem[0] != '\0'
	                ? PL_EARG
	                : pl_page_do(p, &reply, answers ? "swap.answer" : "swap.offer", fields);
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "#swaps", "/councils/%" PRId64, council);
	else
		pl_council_put_page(p, council, pl_problems[pl_problem_of(st)].status);
}
