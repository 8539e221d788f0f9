/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_goods.c - the list of goods, the page of one, and the form by which a facilitator adds,
 * changes or prohibits it. */
#include "server/input.h"

#include "base/error.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 200, DEALERS = 100 };

static const char *name_of(const json_t *good)
{
	return pl_page_is(good, "name", "") ? pl_page_text(good, "code")
	                                    : pl_page_text(good, "name");
}

/* ---- the form ---- */

static void put_name_fields(pl_page *p, const json_t *good)
{
	if (good == NULL)
		pl_input_put(
		        p, &(pl_input){.name = "code",
		                       .label = "A short name for tables",
		                       .hint = "Such as bread; no two goods have the same, and "
		                               "it stays",
		                       .more = "required maxlength=\"200\""});
	else
		pl_markup_put(&p->m,
		              "<input type=\"hidden\" name=\"code\" value=\"%s\">\n"
		              "<input type=\"hidden\" name=\"good\" value=\"%" PRId64 "\">\n",
		              pl_page_text(good, "code"), pl_page_whole(good, "id"));
	pl_input_put(p, &(pl_input){.name = "name",
	                            .label = "Its name",
	                            .value = pl_page_text(good, "name"),
	                            .more = "maxlength=\"200\""});
	pl_input_words(p, "kind", "What it is", pl_words_goods,
	               good == NULL ? "product" : pl_page_text(good, "kind"));
	pl_input_put(p, &(pl_input){.name = "category",
	                            .label = "Where it belongs",
	                            .hint = "Such as food/vegetables",
	                            .value = pl_page_text(good, "category"),
	                            .more = "maxlength=\"200\""});
}

static void put_measure_fields(pl_page *p, const json_t *good)
{
	const char *step = good == NULL ? "1" : pl_page_text(good, "step");
	char supply[PL_AMOUNT_CHARS];
	(void)pl_amount_print(supply, pl_page_whole(good, "supply"), step);
	pl_input_put(p, &(pl_input){.name = "unit",
	                            .label = "What it is counted in",
	                            .hint = "Such as kg, piece or hour",
	                            .value = pl_page_text(good, "unit"),
	                            .more = "maxlength=\"200\""});
	pl_input_put(p, &(pl_input){.name = "step",
	                            .label = "Its step: the smallest quantity people deal in",
	                            .hint = "With 0.5 there are 0.5, 1, 1.5 and so on, and "
	                                    "nothing between. It stays once people have "
	                                    "proposed.",
	                            .value = step,
	                            .more = "required inputmode=\"decimal\""});
	pl_input_put(p, &(pl_input){.name = "supply",
	                            .label = "How much of it society holds in a period",
	                            .hint = "Hours of work, hectares, permits, stocks; 0 for "
	                                    "what is made. In the unit above",
	                            .value = supply,
	                            .more = "inputmode=\"decimal\""});
	pl_input_put(p, &(pl_input){.name = "price",
	                            .label = "Last year's price",
	                            .hint = "Credits for one unit; the first round of a season "
	                                    "begins with it",
	                            .value = good == NULL ? "" : pl_page_text(good, "price"),
	                            .more = "required inputmode=\"decimal\""});
}

static void put_form(pl_page *p, const json_t *good)
{
	pl_page_form(p, "/goods");
	put_name_fields(p, good);
	put_measure_fields(p, good);
	pl_input_put(p,
	             &(pl_input){.name = "elasticity",
	                         .label = "How far demand falls as the price rises",
	                         .hint = "1: when it costs a tenth more, about a tenth less is "
	                                 "wanted. Empty: 1",
	                         .value = pl_page_text(good, "elasticity"),
	                         .more = "inputmode=\"decimal\""});
	pl_input_put(p,
	             &(pl_input){.name = "banned",
	                         .label = "The decision that prohibits it, and where to appeal",
	                         .hint = "Empty: it is allowed. Who proposes it reads this",
	                         .value = pl_page_text(good, "banned"),
	                         .more = "maxlength=\"500\""});
	pl_page_form_end(p, good == NULL ? "Add the good" : "Change the good");
}

/// The form, or why there is none now.
static void put_setting(pl_page *p, const json_t *good)
{
	const json_t *season = pl_page_planned(p);
	if (!pl_page_has_task(p, "facilitator", 0)) return;
	pl_markup_put(&p->m, "<details%s>\n<summary>%s</summary>\n",
	              p->form.n > 0 ? " open" : "",
	              good == NULL ? "Add a good" : "Change or prohibit this good");
	if (season == NULL) {
		put_form(p, good);
	} else {
		pl_markup_raw(&p->m, "<p>Not now: goods stand still while the season ");
		pl_page_put_name(p, PL_NAMES_season, pl_page_whole(season, "id"));
		pl_markup_raw(&p->m,
		              " is being planned, so that every round is about the same "
		              "things. When its plan is adopted, or it ends, you can change "
		              "them here.</p>\n");
	}
	pl_markup_raw(&p->m, "</details>\n");
}

/* ---- the list ---- */

static bool is_wanted(const json_t *good, const char *wanted)
{
	static const char *const in[] = {"code", "name", "category"};
	for (size_t i = 0; i < sizeof in / sizeof *in; i++)
		if (pl_input_holds(pl_page_text(good, in[i]), wanted)) return true;
	return false;
}

static void put_row(pl_page *p, const pl_column *columns, const json_t *good)
{
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_markup_put(&p->m, "<a href=\"%s/goods/%" PRId64 "\"><bdi>%s</bdi></a>", p->m.base,
	              pl_page_whole(good, "id"), name_of(good));
	if (!pl_page_is(good, "banned", ""))
		pl_markup_raw(&p->m, " <span class=\"flag\">prohibited</span>");
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "<bdi>%s</bdi>", pl_page_text(good, "category"));
	pl_markup_cell(&p->m, &columns[2]);
	pl_markup_put(&p->m, "%s credits per <bdi>%s</bdi>\n",
	              pl_amount_credits(p->number, pl_page_decimal(good, "price")),
	              pl_page_unit(good));
}

static void put_list(pl_page *p, const char *wanted)
{
	static const pl_column columns[] = {{"Good", PL_HEADS_ROW},
	                                    {"Where it belongs", PL_IS_TEXT},
	                                    {"Last year's price", PL_IS_NUMBER}};
	size_t i;
	json_t *good;
	int64_t found = 0;
	pl_markup_table(&p->m,
	                wanted[0] == '\0' ? "Everything that is made, used, wanted or limited"
	                                  : "What the search found",
	                columns, 3);
	json_array_foreach(pl_page_rows(p, "good"), i, good)
	{
		if (is_wanted(good, wanted) && ++found <= SHOWN) put_row(p, columns, good);
	}
	pl_markup_table_end(&p->m);
	if (found > SHOWN)
		pl_markup_put(&p->m,
		              "<p>These are the first %" PRId64 " of %" PRId64
		              ": search for a part of the name.</p>\n",
		              (int64_t){SHOWN}, found);
	else if (found == 0)
		pl_markup_raw(&p->m, "<p>Nothing was found.</p>\n");
}

static void put_goods(pl_page *p, int status)
{
	const char *asked = pl_http_query(p->visit->r, "q"),
	           *wanted = asked == NULL ? "" : asked;
	pl_page_begin(p, "Goods");
	put_setting(p, NULL);
	pl_markup_put(
	        &p->m,
	        "<form method=\"get\" action=\"%s/goods\">\n<label for=\"q\">A part of the "
	        "name or of where it belongs</label>\n<input id=\"q\" name=\"q\" "
	        "value=\"%s\">\n<button class=\"quiet\">Search</button>\n</form>\n",
	        p->m.base, wanted);
	put_list(p, wanted);
	pl_page_finish(p, status);
}

void pl_visit_goods_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_goods(p, 200);
}

/* ---- a good ---- */

/// Who deals in a good.
typedef struct {
	int64_t good, n;
	struct {
		int64_t council;
		char role[16];
	} one[DEALERS];
} dealers;

static bool note_dealer(void *with, const pl_state_row *row)
{
	dealers *d = with;
	if (row->at[PL_C_line_good].whole != d->good) return true;
	d->one[d->n].council = row->at[PL_C_line_council].whole;
	(void)snprintf(d->one[d->n].role, sizeof d->one->role, "%s",
	               row->at[PL_C_line_role].text);
	return ++d->n < DEALERS;
}

static pl_status find_dealers(void *with, pl_store *s, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	return pl_store_scan(s, PL_ROWS_line, 0, &none, note_dealer, with, err);
}

static void put_dealers(pl_page *p, int64_t good)
{
	dealers d = {.good = good};
	pl_error err;
	const pl_status st =
	        pl_desk_look(p->visit->server->desk, PL_READ_LONG, find_dealers, &d, &err);
	if (st != PL_OK) pl_page_note(p, st, &err);
	pl_markup_raw(&p->m, "<h2>Who deals in it</h2>\n<ul class=many>\n");
	for (int64_t i = 0; i < d.n; i++) {
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_name(p, PL_NAMES_council, d.one[i].council);
		pl_markup_put(&p->m, " %s it\n", d.one[i].role);
	}
	pl_markup_raw(&p->m, d.n == 0         ? "<li>No council has declared it yet.\n</ul>\n"
	                     : d.n == DEALERS ? "</ul>\n<p>And others.</p>\n"
	                                      : "</ul>\n");
}

static void put_price(pl_page *p, const json_t *good)
{
	const json_t *seasons = json_object_get(pl_page_view(p, "/seasons"), "seasons"),
	             *last = json_array_get(seasons, json_array_size(seasons) - 1);
	const int64_t season = pl_page_whole(last, "id"), round = pl_page_whole(last, "round");
	pl_markup_put(&p->m, "<li>Last year's price was %s credits per <bdi>%s</bdi>.\n",
	              pl_amount_credits(p->number, pl_page_decimal(good, "price")),
	              pl_page_unit(good));
	if (round == 0) return;
	const double price = pl_page_decimal(
	        json_array_get(pl_page_rows(p, "price/%" PRId64 "/%" PRId64 "/%" PRId64, season,
	                                    round, pl_page_whole(good, "id")),
	                       0),
	        "price");
	if (isnan(price)) return;
	pl_markup_raw(&p->m, "<li>In ");
	pl_page_put_name(p, PL_NAMES_season, season);
	pl_markup_put(&p->m, ", round %" PRId64 ", it is %s credits.\n", round,
	              pl_amount_credits(p->number, price));
}

static void put_facts(pl_page *p, const json_t *good)
{
	const char *step = pl_page_text(good, "step"), *unit = pl_page_unit(good);
	pl_markup_put(&p->m, "<ul>\n<li>It is %s.\n",
	              pl_words_of(pl_words_goods, pl_page_text(good, "kind")));
	pl_markup_put(&p->m,
	              "<li>People deal in whole multiples of %s <bdi>%s</bdi>: this is its "
	              "step.\n",
	              step, unit);
	put_price(p, good);
	if (pl_page_whole(good, "supply") > 0) {
		pl_markup_raw(&p->m, "<li>Society holds ");
		pl_page_put_amount(p, pl_page_whole(good, "id"), pl_page_whole(good, "supply"));
		pl_markup_raw(&p->m, " of it in a period.\n");
	}
	if (!pl_page_is(good, "category", ""))
		pl_markup_put(&p->m, "<li>It belongs to <bdi>%s</bdi>.\n",
		              pl_page_text(good, "category"));
	pl_markup_raw(&p->m, "</ul>\n");
	if (!pl_page_is(good, "banned", ""))
		pl_markup_put(&p->m,
		              "<p class=\"wrong\"><b>It is prohibited:</b> <bdi>%s</bdi></p>\n",
		              pl_page_text(good, "banned"));
}

static void put_good(pl_page *p, int64_t id, int status)
{
	const json_t *good = pl_page_named(p, PL_NAMES_good, id);
	if (good == NULL) {
		pl_page_missing(p, "good", id);
		return;
	}
	pl_page_begin(p, name_of(good));
	put_facts(p, good);
	put_setting(p, good);
	put_dealers(p, id);
	pl_page_finish(p, status);
}

void pl_visit_good_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_good(p, pl_page_number(p, "/goods/{good}"), 200);
}

/* ---- setting it ---- */

/// @return NULL: the page's problem says why, or there is no memory
static json_t *read_good(pl_page *p)
{
	static const char *const texts[] = {"code", "name",     "kind",
	                                    "unit", "category", "banned"},
	                         *const decimals[] = {"step", "price", "elasticity"};
	const char *step = pl_form_text(&p->form, "step"),
	           *held = pl_form_text(&p->form, "supply");
	int64_t supply = 0;
	if (held[0] != '\0' && !pl_amount_read(&supply, held, step)) {
		(void)snprintf(
		        p->problem, sizeof p->problem,
		        "what society holds is a number, in whole multiples of the step.");
		return NULL;
	}
	json_t *fields = json_pack("{s:I}", "supply", (json_int_t)supply);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		(void)json_object_set_new(fields, texts[i],
		                          json_string(pl_form_text(&p->form, texts[i])));
	for (size_t i = 0; i < sizeof decimals / sizeof *decimals; i++)
		(void)json_object_set_new(fields, decimals[i],
		                          pl_input_decimal(p, decimals[i]));
	return fields;
}

void pl_visit_good_form(pl_visit *v)
{
	pl_reply reply = {0};
	char path[64];
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t good = pl_form_whole(&p->form, "good");
	json_t *fields = read_good(p);
	const pl_status st =
	        fields == NULL ? PL_EARG : pl_page_do(p, &reply, "good.set", fields);
	json_t *answer = st == PL_OK ? json_loads(reply.json, 0, NULL) : NULL;
	(void)snprintf(path, sizeof path, "/goods/%" PRId64, pl_page_whole(answer, "good"));
	json_decref(answer);
	if (pl_input_went(p, st, &reply, "", path)) return;
	const int status = pl_problems[pl_problem_of(st)].status;
	if (good > 0)
		put_good(p, good, status);
	else
		put_goods(p, status);
}
