/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_proposal.c - what a council proposes: a form with a number for each thing that it deals
 * in, and what was filed. */
#include "server/council_page.h"
#include "server/words.h"

#include "base/error.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NONE = -1, FIELD = 64 };

/* ---- what is known of a proposal ---- */

/// A version of a proposal.
typedef struct {
	const json_t *row;   ///< of "proposal"; NULL: nothing was filed
	const json_t *lines; ///< of "proposal_line"
	int64_t version;     ///< 0: nothing
} version;

/// All versions of a round, the first one first.
static json_t *versions_of(const pl_council_view *c, int64_t round)
{
	return pl_page_rows(c->p, "proposal/%" PRId64 "/%" PRId64 "/%" PRId64, c->season, round,
	                    c->council);
}

static version version_of(const pl_council_view *c, int64_t round, const json_t *row)
{
	version v = {.row = row, .version = pl_page_whole(row, "version")};
	if (row != NULL)
		v.lines = pl_page_rows(
		        c->p, "proposal_line/%" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64,
		        c->season, round, c->council, v.version);
	return v;
}

static version last_version(const pl_council_view *c, int64_t round)
{
	const json_t *all = round > 0 ? versions_of(c, round) : NULL;
	return version_of(c, round, json_array_get(all, json_array_size(all) - 1));
}

/// How much a list of lines says of a good. @return NONE: nothing
static int64_t quantity_of(const json_t *lines, int64_t good, const char *role)
{
	size_t i;
	json_t *line;
	json_array_foreach(lines, i, line)
	{
		if (pl_page_whole(line, "good") == good && pl_page_is(line, "role", role))
			return pl_page_whole(line, "quantity");
	}
	return NONE;
}

/* ---- what it comes to ---- */

typedef struct {
	double benefit, cost; ///< credits
} worth;

static bool gives(const char *role)
{
	return strcmp(role, "makes") == 0 || strcmp(role, "offers") == 0;
}

/// Credits of a line. @param[in,out] w added to
static double add_worth(worth *w, const pl_council_view *c, int64_t round, const json_t *line)
{
	const int64_t good = pl_page_whole(line, "good");
	const double price = pl_council_price(c->p, c->season, round, good),
	             step = pl_page_decimal(pl_page_named(c->p, PL_NAMES_good, good), "step"),
	             credits = price * step * (double)pl_page_whole(line, "quantity");
	*(gives(pl_page_text(line, "role")) ? &w->benefit : &w->cost) += credits;
	return credits;
}

static void put_worth(const pl_council_view *c, const worth *w, const char *it)
{
	pl_page *p = c->p;
	const double means = (double)pl_page_whole(c->row, "income") * 1e-6,
	             left = means - w->cost;
	pl_markup_put(&p->m, "<p>At the announced prices %s costs %s credits", it,
	              pl_amount_credits(p->number, w->cost));
	if (!pl_page_is(c->row, "kind", "consumers")) {
		pl_markup_put(&p->m, " and its benefit is %s",
		              pl_amount_credits(p->number, w->benefit));
		if (w->cost > 0)
			pl_markup_put(
			        &p->m, ", %s times as much",
			        pl_amount_round(p->number,
			                        nearbyint(100 * w->benefit / w->cost) / 100));
	} else if (means > 0) {
		pl_markup_put(&p->m, "; the means are %s", pl_amount_credits(p->number, means));
		pl_markup_put(&p->m, ", so %s are %s", pl_amount_credits(p->number, fabs(left)),
		              left < 0 ? "too much: ask for less of something" : "left");
	}
	pl_markup_raw(&p->m, ".");
}

/* ---- what was filed ---- */

static void put_filed_line(const pl_council_view *c, const pl_column *columns, int64_t round,
                           const json_t *line, worth *w)
{
	pl_page *p = c->p;
	const int64_t good = pl_page_whole(line, "good");
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_page_put_name(p, PL_NAMES_good, good);
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "%s ", pl_page_text(line, "role"));
	pl_page_put_amount(p, good, pl_page_whole(line, "quantity"));
	pl_markup_cell(&p->m, &columns[2]);
	pl_markup_put(&p->m, "%s\n",
	              pl_amount_credits(p->number, add_worth(w, c, round, line)));
}

static void put_version(const pl_council_view *c, int64_t round, const version *v)
{
	static const pl_column columns[] = {
	        {"Good", PL_HEADS_ROW}, {"Quantity", PL_IS_TEXT}, {"Credits", PL_IS_NUMBER}};
	char caption[80];
	pl_page *p = c->p;
	worth w = {0};
	size_t i;
	json_t *line;
	(void)snprintf(caption, sizeof caption, "Round %" PRId64 ", version %" PRId64, round,
	               v->version);
	pl_markup_table(&p->m, caption, columns, 3);
	json_array_foreach(v->lines, i, line)
	{
		put_filed_line(c, columns, round, line, &w);
	}
	pl_markup_table_end(&p->m);
	put_worth(c, &w, "it");
	pl_page_put_flags(p, v->row);
	pl_markup_raw(&p->m, "</p>\n<p>Filed by ");
	pl_page_put_name(p, PL_NAMES_person, pl_page_whole(v->row, "author"));
	pl_markup_raw(&p->m, ", ");
	pl_page_put_time(p, pl_page_whole(v->row, "filed"), true);
	pl_markup_raw(&p->m, ".</p>\n");
	if (!pl_page_is(v->row, "reason", ""))
		pl_markup_put(&p->m, "<p class=\"said\"><bdi>%s</bdi></p>\n",
		              pl_page_text(v->row, "reason"));
}

static void put_folded(const pl_council_view *c, int64_t round, const json_t *row)
{
	const version v = version_of(c, round, row);
	pl_markup_put(&c->p->m,
	              "<details>\n<summary>Round %" PRId64 ", version %" PRId64 "</summary>\n",
	              round, v.version);
	put_version(c, round, &v);
	pl_markup_raw(&c->p->m, "</details>\n");
}

/// All but the last version of this round, and the last ones of earlier rounds.
static void put_earlier(const pl_council_view *c)
{
	const json_t *all = versions_of(c, c->round);
	pl_markup_raw(&c->p->m, "<h3>Earlier versions</h3>\n");
	for (size_t i = json_array_size(all); i > 1; i--)
		put_folded(c, c->round, json_array_get(all, i - 2));
	for (int64_t r = c->round - 1; r > 0; r--) {
		all = versions_of(c, r);
		if (json_array_size(all) > 0)
			put_folded(c, r, json_array_get(all, json_array_size(all) - 1));
	}
}

/* ---- the form ---- */

/// What stands beside the numbers to fill in.
typedef struct {
	const pl_council_view *c;
	version filed, before;
	const json_t *expected;
	const json_t *bounds; ///< lines of how far it may move; NULL: freely
	bool typed;           ///< this form was sent, and not done
	const pl_column *column;
	int n_columns;
	worth *worth; ///< of what stands in the fields
} form;

static void name_field(char out[FIELD], const json_t *line)
{
	(void)snprintf(out, FIELD, "q.%" PRId64 ".%s", pl_page_whole(line, "good"),
	               pl_page_text(line, "role"));
}

/// What to begin with: what was filed, else what the rule expects, else last round's; nothing
/// of what is prohibited.
static int64_t begin_with(const form *f, const json_t *line, const json_t *good)
{
	const int64_t id = pl_page_whole(line, "good");
	const char *role = pl_page_text(line, "role");
	if (f->filed.version > 0) return quantity_of(f->filed.lines, id, role);
	if (!pl_page_is(good, "banned", "")) return NONE;
	const int64_t steps = quantity_of(f->expected, id, role);
	return steps != NONE ? steps : quantity_of(f->before.lines, id, role);
}

/// Add what a field holds to the worth of them all.
static void add_input(const form *f, const json_t *line, const char *value, const char *step)
{
	int64_t steps;
	if (!pl_amount_read(&steps, value, step)) return;
	json_t *filled =
	        json_pack("{s:I, s:s, s:I}", "good", (json_int_t)pl_page_whole(line, "good"),
	                  "role", pl_page_text(line, "role"), "quantity", (json_int_t)steps);
	(void)add_worth(f->worth, f->c, f->c->round, filled);
	json_decref(filled);
}

static void put_input(const form *f, const json_t *line, const char *field, const json_t *good)
{
	char begun[PL_AMOUNT_CHARS];
	pl_page *p = f->c->p;
	const int64_t steps = begin_with(f, line, good);
	const char *value = "", *step = pl_page_text(good, "step");
	if (f->typed)
		value = pl_form_text(&p->form, field);
	else if (steps != NONE)
		value = pl_amount_print(begun, steps, step);
	add_input(f, line, value, step);
	pl_markup_put(&p->m,
	              "<input type=\"number\" inputmode=\"decimal\" min=\"0\" step=\"%s\" "
	              "name=\"%s\" value=\"%s\" aria-labelledby=\"t.%s\" "
	              "aria-describedby=\"d.%s\">",
	              step, field, value, field, field);
}

static void put_ghost(const form *f, const pl_column *column, const json_t *line,
                      const json_t *lines)
{
	const int64_t good = pl_page_whole(line, "good"),
	              steps = quantity_of(lines, good, pl_page_text(line, "role"));
	pl_markup_cell(&f->c->p->m, column);
	if (steps == NONE)
		pl_markup_raw(&f->c->p->m, "\xe2\x80\x93");
	else
		pl_page_put_amount(f->c->p, good, steps);
}

/// "; from 30 to 45 in this round", where the season limits movements.
static void put_bounds(const form *f, const json_t *line, const char *step)
{
	pl_page *p = f->c->p;
	size_t i;
	json_t *bound;
	json_array_foreach(f->bounds, i, bound)
	{
		if (pl_page_whole(bound, "good") != pl_page_whole(line, "good") ||
		    !pl_page_is(bound, "role", pl_page_text(line, "role")) ||
		    json_object_get(bound, "to") == NULL)
			continue;
		pl_markup_put(&p->m, "; from %s",
		              pl_amount_print(p->number, pl_page_whole(bound, "from"), step));
		pl_markup_put(&p->m, " to %s in this round",
		              pl_amount_print(p->number, pl_page_whole(bound, "to"), step));
	}
}

static void put_form_line(const form *f, const json_t *line)
{
	char field[FIELD];
	pl_page *p = f->c->p;
	const pl_column *column = f->column;
	const int64_t good = pl_page_whole(line, "good");
	const json_t *row = pl_page_named(p, PL_NAMES_good, good);
	name_field(field, line);
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, column++);
	pl_markup_put(&p->m, "<span id=\"t.%s\">", field);
	pl_page_put_name(p, PL_NAMES_good, good);
	pl_markup_put(&p->m, " <small>%s, in <bdi>%s</bdi></small></span> ",
	              pl_page_text(line, "role"), pl_page_unit(row));
	pl_markup_put(&p->m, "<small class=under id=\"d.%s\">%s credits per <bdi>%s</bdi>",
	              field,
	              pl_amount_credits(p->number,
	                                pl_council_price(p, f->c->season, f->c->round, good)),
	              pl_page_unit(row));
	put_bounds(f, line, pl_page_text(row, "step"));
	if (!pl_page_is(row, "banned", ""))
		pl_markup_put(&p->m, "; <span class=\"flag\">prohibited: <bdi>%s</bdi></span>",
		              pl_page_text(row, "banned"));
	pl_markup_raw(&p->m, "</small>");
	pl_markup_cell(&p->m, column++);
	put_input(f, line, field, row);
	if (f->filed.version > 0) put_ghost(f, column++, line, f->filed.lines);
	put_ghost(f, column++, line, f->before.lines);
	put_ghost(f, column, line, f->expected);
	pl_markup_raw(&p->m, "\n");
}

static void put_fields(const form *f)
{
	const pl_council_view *c = f->c;
	pl_page *p = c->p;
	size_t i;
	json_t *line;
	pl_page_form(p, "/councils/%" PRId64 "/proposal", c->council);
	pl_page_put_hidden(p, "season", c->season);
	pl_page_put_hidden(p, "version", f->filed.version + 1);
	pl_markup_table(&p->m, "Fill in what you propose", f->column, f->n_columns);
	json_array_foreach(c->lines, i, line)
	{
		put_form_line(f, line);
	}
	pl_markup_table_end(&p->m);
	put_worth(c, f->worth, f->typed ? "what you typed" : "what the fields begin with");
	pl_markup_raw(&p->m, "</p>\n");
	pl_page_put_note(p, "reason", "What others should know (conditions, ecology, reasons)",
	                 f->typed ? pl_form_text(&p->form, "reason")
	                          : pl_page_text(f->filed.row, "reason"));
	pl_page_form_end(p, f->filed.version > 0 ? "File a new version" : "File the proposal");
}

static void put_form(const pl_council_view *c)
{
	char filed[48];
	worth w = {0};
	form f = {.c = c,
	          .worth = &w,
	          .filed = last_version(c, c->round),
	          .before = last_version(c, c->round - 1),
	          .expected = pl_page_rows(c->p, "expected/%" PRId64 "/%" PRId64 "/%" PRId64,
	                                   c->season, c->round, c->council),
	          .typed = pl_form_whole(&c->p->form, "season") == c->season};
	const json_t *bounds = pl_page_view(c->p, "/seasons/%" PRId64 "/bounds/%" PRId64,
	                                    c->season, c->council);
	if (json_is_true(json_object_get(bounds, "limited")))
		f.bounds = json_object_get(bounds, "lines");
	pl_column columns[5] = {{"Good", PL_HEADS_ROW}, {"You propose", PL_IS_NUMBER}};
	f.n_columns = 2;
	(void)snprintf(filed, sizeof filed, "Version %" PRId64 ", filed", f.filed.version);
	if (f.filed.version > 0) columns[f.n_columns++] = (pl_column){filed, PL_IS_NUMBER};
	columns[f.n_columns++] = (pl_column){"Last round", PL_IS_NUMBER};
	columns[f.n_columns++] = (pl_column){"The rule expects", PL_IS_NUMBER};
	f.column = columns;
	pl_markup_put(
	        &c->p->m,
	        "<p>What the rule expects binds nobody. Others see what you propose, and "
	        "your note. You can file new versions until the round closes; then <a "
	        "href=\"%s/seasons/%" PRId64
	        "\">the season's page</a> tells what there was too little of, and the next "
	        "prices.</p>\n",
	        c->p->m.base, c->season);
	if (f.bounds != NULL)
		pl_markup_raw(&c->p->m,
		              "<p>In this season a proposal moves only so far from the last "
		              "one: how far stands below each good.</p>\n");
	put_fields(&f);
}

void pl_council_put_proposals(const pl_council_view *c)
{
	pl_page *p = c->p;
	const version filed = last_version(c, c->round);
	pl_markup_put(&p->m,
	              "<h2 id=\"propose\">Proposal for <a href=\"%s/seasons/%" PRId64
	              "\"><bdi>%s</bdi></a>, round %" PRId64 "</h2>\n",
	              p->m.base, c->season, pl_page_text(c->seasons, "name"), c->round);
	if (filed.version == 0)
		pl_markup_put(&p->m, "<p>%s</p>\n",
		              c->proposing ? "Nothing is filed in this round yet."
		                           : "Nothing was filed in this round.");
	else
		put_version(c, c->round, &filed);
	if (c->proposing && c->delegate)
		put_form(c);
	else if (c->proposing)
		pl_markup_raw(&p->m, "<p>A delegate of the council files its proposal.</p>\n");
	if (c->round > 1 || filed.version > 1) put_earlier(c);
}

/* ---- filing ---- */

/// @return PL_EARG, with what is wrong as the page's problem
static pl_status read_line(json_t *to, pl_page *p, const json_t *line)
{
	char field[FIELD], typed[PL_BRIEF_CHARS];
	int64_t steps = 0;
	const int64_t good = pl_page_whole(line, "good");
	const json_t *row = pl_page_named(p, PL_NAMES_good, good);
	name_field(field, line);
	const char *text = pl_form_text(&p->form, field), *step = pl_page_text(row, "step");
	if (text[0] == '\0') return PL_OK;
	if (pl_amount_read(&steps, text, step)) {
		(void)json_array_append_new(to, json_pack("{s:I, s:s, s:I}", "good",
		                                          (json_int_t)good, "role",
		                                          pl_page_text(line, "role"),
		                                          "quantity", (json_int_t)steps));
		return PL_OK;
	}
	(void)snprintf(
	        p->problem, sizeof p->problem,
	        "\"%s\" of %.200s cannot be counted: type a number, in whole multiples of "
	        "%.40s.",
	        pl_text_brief(typed, text), pl_page_name(p, PL_NAMES_good, good), step);
	return PL_EARG;
}

static json_t *read_proposal(pl_page *p, int64_t council)
{
	size_t i;
	json_t *line, *lines = json_array();
	const json_t *view = pl_page_view(p, "/councils/%" PRId64, council);
	pl_status st = PL_OK;
	json_array_foreach(json_object_get(view, "lines"), i, line)
	{
		if (st == PL_OK) st = read_line(lines, p, line);
	}
	if (st != PL_OK) {
		json_decref(lines);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:I, s:s, s:o}", "season",
	                 (json_int_t)pl_form_whole(&p->form, "season"), "council",
	                 (json_int_t)council, "version",
	                 (json_int_t)pl_form_whole(&p->form, "version"), "reason",
	                 pl_form_text(&p->form, "reason"), "lines", lines);
}

void pl_visit_proposal_form(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t council = pl_page_number(p, "/councils/{council}/proposal");
	json_t *fields = read_proposal(p, council);
	const pl_status st = p->problem[0] != '\0'
	                             ? PL_EARG
	                             : pl_page_do(p, &reply, "proposal.file", fields);
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "#propose", "/councils/%" PRId64, council);
	else
		pl_council_put_page(p, council, pl_problems[pl_problem_of(st)].status);
}
