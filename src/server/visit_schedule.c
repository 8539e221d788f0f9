/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_schedule.c - what a council declares: how it answers to prices, by a recipe or by
 * wishes, and the goods that it deals in; a form for its delegate. */
#include "server/input.h"
#include "server/schedule_words.h"

#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BLANKS = 6, LINES_MOST = 400, FIELD = 32 };

/// A council's schedule as its page sees it.
typedef struct {
	pl_page *p;
	int64_t id;
	const json_t *view, *row, *lines, *goods;
	const pl_schedule_words *kind; ///< that the form is about; NULL: none is chosen yet
} schedule;

static bool is_word_of(const char *list, const char *word)
{
	const char *at = strstr(list, word);
	const size_t n = strlen(word);
	return at != NULL && (at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0');
}

/// May this council answer so?
static bool fits(const schedule *s, const pl_schedule_words *kind)
{
	return is_word_of(kind->councils, pl_page_text(s->row, "kind"));
}

static schedule schedule_of(pl_page *p, int64_t id)
{
	schedule s = {.p = p, .id = id, .view = pl_page_view(p, "/councils/%" PRId64, id)};
	const char *asked = pl_http_query(p->visit->r, "kind"),
	           *sent = pl_form_find(&p->form, "schedule");
	s.row = json_object_get(s.view, "council");
	s.lines = json_object_get(s.view, "lines");
	s.goods = pl_page_rows(p, "good");
	s.kind = pl_schedule_words_of(sent != NULL    ? sent
	                              : asked != NULL ? asked
	                                              : pl_page_text(s.row, "schedule"));
	if (s.kind != NULL && !fits(&s, s.kind)) s.kind = NULL;
	return s;
}

/* ---- what is declared ---- */

static void put_line(pl_page *p, const pl_column *columns, const json_t *line, bool counted)
{
	const int64_t good = pl_page_whole(line, "good");
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_markup_put(&p->m, "<a href=\"%s/goods/%" PRId64 "\"><bdi>%s</bdi></a>", p->m.base,
	              good, pl_page_name(p, PL_NAMES_good, good));
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "%s", pl_page_text(line, "role"));
	pl_markup_cell(&p->m, &columns[2]);
	pl_markup_put(&p->m, "%s", pl_page_text(line, "amount"));
	if (counted)
		pl_markup_put(&p->m, " <bdi>%s</bdi>",
		              pl_page_text(pl_page_named(p, PL_NAMES_good, good), "unit"));
	if (!pl_page_is(line, "elasticity", ""))
		pl_markup_put(&p->m, " <small>(elasticity %s)</small>",
		              pl_page_text(line, "elasticity"));
	pl_markup_raw(&p->m, "\n");
}

static const char *number_of(const schedule *s, const char *name)
{
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(s->view, "numbers"), i, row)
	{
		if (pl_page_is(row, "name", name)) return pl_page_text(row, "value");
	}
	return "";
}

static void put_declared(const schedule *s)
{
	pl_page *p = s->p;
	const pl_schedule_words *kind = pl_schedule_words_of(pl_page_text(s->row, "schedule"));
	size_t i;
	json_t *line;
	pl_markup_raw(&p->m, "<h2>What is declared</h2>\n");
	if (kind == NULL) {
		pl_markup_raw(&p->m,
		              "<p>Nothing yet: the council takes no part in a season until "
		              "a delegate has declared this.</p>\n");
		return;
	}
	pl_markup_put(&p->m, "<p><b>%s.</b> %s</p>\n<ul>\n", kind->said, kind->means);
	for (int k = 0; k < PL_SCHEDULE_NUMBERS && kind->number[k].name != NULL; k++) {
		const char *value = number_of(s, kind->number[k].name);
		if (value[0] != '\0')
			pl_markup_put(&p->m, "<li>%s: %s\n", kind->number[k].said, value);
	}
	pl_markup_raw(&p->m, "</ul>\n");
	const pl_column columns[] = {{"Good", PL_HEADS_ROW},
	                             {"What of it", PL_IS_TEXT},
	                             {kind->amount, PL_IS_NUMBER}};
	pl_markup_table(&p->m, "The goods that it deals in", columns, 3);
	json_array_foreach(s->lines, i, line)
	{
		put_line(p, columns, line, kind->counted);
	}
	pl_markup_table_end(&p->m);
}

/* ---- the form ---- */

static const char *typed(const schedule *s, const char *kind, int64_t k, const char *otherwise)
{
	char field[FIELD];
	(void)snprintf(field, sizeof field, "%s.%" PRId64, kind, k);
	return pl_input_typed(s->p, field, otherwise);
}

static void put_roles(const schedule *s, int64_t k, const json_t *line)
{
	static const char *const roles[] = {"makes", "uses", "wants", "offers"};
	pl_page *p = s->p;
	const char *chosen = typed(s, "r", k, pl_page_text(line, "role"));
	pl_markup_put(&p->m,
	              "<select name=\"r.%" PRId64 "\" aria-label=\"Line %" PRId64
	              ": what of it\">\n",
	              k, k + 1);
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		if (is_word_of(s->kind->roles, roles[i]))
			pl_input_option(p, roles[i], roles[i], strcmp(roles[i], chosen) == 0);
	pl_markup_raw(&p->m, "</select>");
}

static void put_cell(const schedule *s, const char *field, int64_t k, const char *label,
                     const char *value)
{
	pl_markup_put(&s->p->m,
	              "<input name=\"%s.%" PRId64 "\" value=\"%s\" inputmode=\"decimal\" "
	              "aria-label=\"Line %" PRId64 ": %s\">",
	              field, k, typed(s, field, k, value), k + 1, label);
}

static void put_form_line(const schedule *s, const pl_column *columns, int64_t k)
{
	pl_page *p = s->p;
	const json_t *line = json_array_get(s->lines, (size_t)k),
	             *good = pl_page_find(s->goods, "id", pl_page_whole(line, "good"));
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, columns++);
	pl_markup_put(&p->m,
	              "<input name=\"g.%" PRId64 "\" value=\"%s\" list=\"goods\" "
	              "autocomplete=\"off\" aria-label=\"Line %" PRId64 ": good\">",
	              k, typed(s, "g", k, pl_page_text(good, "code")), k + 1);
	pl_markup_cell(&p->m, columns++);
	put_roles(s, k, line);
	pl_markup_cell(&p->m, columns++);
	put_cell(s, "a", k, "how much", pl_page_text(line, "amount"));
	if (s->kind->by_line) {
		pl_markup_cell(&p->m, columns);
		put_cell(s, "e", k, "elasticity", pl_page_text(line, "elasticity"));
	}
	pl_markup_raw(&p->m, "\n");
}

static int64_t rows_of(const schedule *s)
{
	const int64_t sent = pl_form_whole(&s->p->form, "rows"),
	              n = sent >= 0 ? sent : (int64_t)json_array_size(s->lines) + BLANKS;
	return n < LINES_MOST ? n : LINES_MOST;
}

static void put_lines(const schedule *s)
{
	pl_page *p = s->p;
	const pl_column columns[] = {{"Good", PL_IS_TEXT},
	                             {"What of it", PL_IS_TEXT},
	                             {s->kind->amount, PL_IS_TEXT},
	                             {"Elasticity; empty: the good's", PL_IS_TEXT}};
	size_t i;
	json_t *good;
	pl_markup_raw(&p->m, "<datalist id=\"goods\">\n");
	json_array_foreach(s->goods, i, good)
	{
		pl_markup_put(&p->m, "<option value=\"%s\">%s</option>\n",
		              pl_page_text(good, "code"), pl_page_text(good, "name"));
	}
	pl_markup_raw(&p->m, "</datalist>\n");
	pl_markup_table(&p->m, "Its goods, by their short names; empty lines are left out",
	                columns, s->kind->by_line ? 4 : 3);
	for (int64_t k = 0; k < rows_of(s); k++) put_form_line(s, columns, k);
	pl_markup_table_end(&p->m);
}

static void put_numbers(const schedule *s)
{
	pl_page *p = s->p;
	char income[PL_AMOUNT_CHARS], field[FIELD], hint[FIELD];
	(void)pl_amount_print(income, pl_page_whole(s->row, "income"), "0.000001");
	if (pl_page_is(s->row, "kind", "consumers"))
		pl_input_put(p, &(pl_input){.name = "income",
		                            .label = "Its means in a period, in credits",
		                            .value = income,
		                            .more = "inputmode=\"decimal\""});
	for (int k = 0; k < PL_SCHEDULE_NUMBERS && s->kind->number[k].name != NULL; k++) {
		(void)snprintf(field, sizeof field, "n.%s", s->kind->number[k].name);
		(void)snprintf(hint, sizeof hint, "Empty: %s",
		               s->kind->number[k].empty == NULL ? ""
		                                                : s->kind->number[k].empty);
		pl_input_put(p,
		             &(pl_input){.name = field,
		                         .label = s->kind->number[k].said,
		                         .hint = s->kind->number[k].empty == NULL ? NULL : hint,
		                         .value = number_of(s, s->kind->number[k].name),
		                         .more = "inputmode=\"decimal\""});
	}
}

/// Which kind the form is about: a page of its own for each.
static void put_kinds(const schedule *s)
{
	pl_page *p = s->p;
	pl_markup_raw(&p->m, "<p>In which way does the council answer to prices?</p>\n<ul>\n");
	for (const pl_schedule_words *k = pl_schedule_kinds; k->word != NULL; k++) {
		if (!fits(s, k)) continue;
		pl_markup_put(&p->m,
		              "<li%s><a href=\"%s/councils/%" PRId64
		              "/schedule?kind=%s#set\">%s</a>: %s%s\n",
		              k == s->kind ? " class=now" : "", p->m.base, s->id, k->word,
		              k->said, k->means, k == s->kind ? " (chosen)" : "");
	}
	pl_markup_raw(&p->m, "</ul>\n");
}

static void put_setting(const schedule *s)
{
	pl_page *p = s->p;
	const json_t *season = pl_page_planned(p);
	if (!pl_page_has_task(p, "delegate", s->id)) return;
	pl_markup_raw(&p->m, "<h2 id=\"set\">Declare it</h2>\n");
	if (season != NULL) {
		pl_markup_raw(&p->m, "<p>Not now: what councils declare stands still while the "
		                     "season ");
		pl_page_put_name(p, PL_NAMES_season, pl_page_whole(season, "id"));
		pl_markup_raw(&p->m,
		              " is being planned. Your proposals are free meanwhile. When "
		              "its plan is adopted, or it ends, you can change this.</p>\n");
		return;
	}
	put_kinds(s);
	if (s->kind == NULL) return;
	pl_page_form(p, "/councils/%" PRId64 "/schedule", s->id);
	pl_markup_put(&p->m, "<input type=\"hidden\" name=\"schedule\" value=\"%s\">\n",
	              s->kind->word);
	pl_page_put_hidden(p, "rows", rows_of(s));
	put_numbers(s);
	put_lines(s);
	pl_page_form_end(p, "Declare it");
}

/* ---- the page ---- */

static void put_page(pl_page *p, int64_t id, int status)
{
	const schedule s = schedule_of(p, id);
	if (s.row == NULL) {
		pl_page_missing(p, "council", id);
		return;
	}
	pl_page_begin(p, "How the council answers to prices");
	pl_markup_raw(&p->m, "<p>What ");
	pl_page_put_name(p, PL_NAMES_council, id);
	pl_markup_raw(&p->m,
	              " declares here says which goods it deals in and what the rule for "
	              "prices expects of it. It binds nobody: in each round its delegate "
	              "proposes what the council decides.</p>\n");
	put_declared(&s);
	put_setting(&s);
	pl_page_finish(p, status);
}

void pl_visit_schedule_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, pl_page_number(p, "/councils/{council}/schedule"), 200);
}

/* ---- declaring ---- */

/// A good by its short name or its name, as it was typed. @return 0: there is none
static int64_t good_of(const schedule *s, const char *text)
{
	size_t i;
	json_t *good;
	json_array_foreach(s->goods, i, good)
	{
		if (pl_page_is(good, "code", text)) return pl_page_whole(good, "id");
	}
	json_array_foreach(s->goods, i, good)
	{
		if (strcasecmp(pl_page_text(good, "name"), text) == 0)
			return pl_page_whole(good, "id");
	}
	return 0;
}

/// @return false: the page's problem says why not
static bool read_line(json_t *to, const schedule *s, int64_t k)
{
	char field[FIELD], brief[PL_BRIEF_CHARS];
	const char *text = typed(s, "g", k, "");
	const int64_t good = text[0] == '\0' ? 0 : good_of(s, text);
	if (text[0] == '\0') return true;
	if (good == 0) {
		(void)snprintf(s->p->problem, sizeof s->p->problem,
		               "line %" PRId64 ": no good is called \"%s\".", k + 1,
		               pl_text_brief(brief, text));
		return false;
	}
	(void)snprintf(field, sizeof field, "a.%" PRId64, k);
	json_t *line = json_pack("{s:I, s:s, s:o}", "good", (json_int_t)good, "role",
	                         typed(s, "r", k, ""), "amount", pl_input_decimal(s->p, field));
	(void)snprintf(field, sizeof field, "e.%" PRId64, k);
	if (pl_form_text(&s->p->form, field)[0] != '\0')
		(void)json_object_set_new(line, "elasticity", pl_input_decimal(s->p, field));
	(void)json_array_append_new(to, line);
	return true;
}

static json_t *read_numbers(const schedule *s)
{
	json_t *numbers = json_array();
	char field[FIELD];
	for (int k = 0; k < PL_SCHEDULE_NUMBERS && s->kind->number[k].name != NULL; k++) {
		(void)snprintf(field, sizeof field, "n.%s", s->kind->number[k].name);
		if (pl_form_text(&s->p->form, field)[0] == '\0') continue;
		(void)json_array_append_new(numbers, json_pack("{s:s, s:o}", "name",
		                                               s->kind->number[k].name, "value",
		                                               pl_input_decimal(s->p, field)));
	}
	return numbers;
}

/// @return NULL: the page's problem says why, or there is no memory
static json_t *read_schedule(const schedule *s)
{
	const char *means = pl_form_text(&s->p->form, "income");
	json_t *lines = json_array();
	int64_t income = 0;
	bool good = s->kind != NULL;
	if (!good) {
		(void)snprintf(s->p->problem, sizeof s->p->problem,
		               "choose first in which way the council answers to prices.");
	} else if (means[0] != '\0' && !pl_amount_read(&income, means, "0.000001")) {
		(void)snprintf(s->p->problem, sizeof s->p->problem,
		               "the means are a number of credits.");
		good = false;
	}
	for (int64_t k = 0; good && k < rows_of(s); k++) good = read_line(lines, s, k);
	if (!good) {
		json_decref(lines);
		return NULL;
	}
	return json_pack("{s:I, s:s, s:I, s:o, s:o}", "council", (json_int_t)s->id, "schedule",
	                 s->kind->word, "income", (json_int_t)income, "numbers",
	                 read_numbers(s), "lines", lines);
}

void pl_visit_schedule_form(pl_visit *v)
{
	pl_reply reply = {0};
	char path[64];
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/councils/{council}/schedule");
	const schedule s = schedule_of(p, id);
	json_t *fields = read_schedule(&s);
	const pl_status st =
	        fields == NULL ? PL_EARG : pl_page_do(p, &reply, "schedule.set", fields);
	(void)snprintf(path, sizeof path, "/councils/%" PRId64 "/schedule", id);
	if (!pl_input_went(p, st, &reply, "", path))
		put_page(p, id, pl_problems[pl_problem_of(st)].status);
}
