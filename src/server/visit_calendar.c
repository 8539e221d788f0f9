/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_calendar.c - a season's calendar: what was, what comes, who decides; forms to propose
 * dates, to set them, and to agree to those that another facilitator wants. */
#include "server/history.h"
#include "server/input.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DATES_MOST = 200,
	BLANKS = 4,
	FIELD = 16,
	ROUNDS_MOST = 30,
	DAYS_MOST = 366,
	END_MOST = 3660
};

/// A date that is to come.
typedef struct {
	const char *what; ///< "open", ...
	int64_t at;
} date;

/// A season's calendar as its page sees it.
typedef struct {
	pl_page *p;
	int64_t id;
	const json_t *row, *dates;
	const char *phase;
	bool facilitates, to_come;
	int n;
	date date[DATES_MOST]; ///< what the form begins with
} calendar;

static bool is_phase(const calendar *c, const char *phase)
{
	return strcmp(c->phase, phase) == 0;
}

static void add(calendar *c, const char *what, int64_t at)
{
	if (c->n < DATES_MOST) c->date[c->n++] = (date){what, at};
}

static void calendar_of(calendar *c, pl_page *p, int64_t id)
{
	const json_t *all = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	size_t i;
	json_t *row;
	*c = (calendar){.p = p, .id = id, .row = pl_page_find(all, "id", id)};
	c->phase = pl_page_text(c->row, "phase");
	c->dates = json_object_get(c->row, "dates");
	c->facilitates = pl_page_has_task(p, "facilitator", 0);
	json_array_foreach(c->dates, i, row)
	{
		if (pl_page_whole(row, "done") == 0)
			add(c, pl_page_text(row, "what"), pl_page_whole(row, "time"));
	}
	c->to_come = c->n > 0;
	(void)pl_zone_find(&p->zone, pl_page_text(c->row, "zone"));
}

/* ---- what was and what comes ---- */

static void put_date(pl_page *p, const json_t *row, bool next)
{
	const bool done = pl_page_whole(row, "done") != 0;
	pl_markup_put(&p->m, "<li%s>", next ? " class=now" : "");
	pl_page_put_time(p, pl_page_whole(row, "time"), false);
	pl_markup_put(&p->m, ": %s", pl_words_of(pl_words_dates, pl_page_text(row, "what")));
	if (done) pl_markup_raw(&p->m, " <small>(done)</small>");
	if (next) {
		pl_markup_raw(&p->m, " (next, ");
		pl_page_put_distance(p, pl_page_whole(row, "time"));
		pl_markup_raw(&p->m, ")");
	}
	pl_markup_raw(&p->m, "\n");
}

static void put_now(const calendar *c)
{
	pl_page *p = c->p;
	const int64_t round = pl_page_whole(c->row, "round");
	pl_markup_put(&p->m, "<li class=now>Now: %s", pl_words_of(pl_words_phases, c->phase));
	if (round > 0) pl_markup_put(&p->m, ", round %" PRId64, round);
	pl_markup_raw(&p->m, "\n");
}

/// The dates that were done, then now, then those to come.
static void put_course(const calendar *c)
{
	pl_page *p = c->p;
	size_t i;
	json_t *row;
	bool now = false;
	pl_markup_raw(&p->m, "<h2>Past, now, next</h2>\n<ol>\n");
	json_array_foreach(c->dates, i, row)
	{
		const bool next = !now && pl_page_whole(row, "done") == 0;
		if (next) put_now(c);
		put_date(p, row, next);
		now = now || next;
	}
	if (!now) put_now(c);
	if (!now && !is_phase(c, "closed"))
		pl_markup_raw(&p->m, "<li>What comes next happens when a facilitator says so: "
		                     "no date is set.\n");
	pl_markup_raw(&p->m, "</ol>\n");
}

static void put_who(const calendar *c)
{
	pl_markup_raw(&c->p->m, "<h2>Who decides</h2>\n<ul>\n"
	                        "<li>What has a date happens by itself when its time comes. "
	                        "Nobody presses a button, and nobody can do it earlier.\n"
	                        "<li>Before the first round, any facilitator sets the dates. "
	                        "After it, two facilitators must set the same ones.\n"
	                        "<li>Where no date is set, a facilitator opens and closes "
	                        "rounds by hand.\n"
	                        "<li>Where the vote does not carry the plan, the plan is not "
	                        "adopted, and facilitators set new dates.\n</ul>\n");
}

/* ---- what waits for a second one ---- */

/// The last event by which somebody set this season's dates; NULL: none.
static const json_t *wish_of(const calendar *c, const json_t *events, int64_t person)
{
	for (size_t i = json_array_size(events); i > 0; i--) {
		const json_t *event = json_array_get(events, i - 1);
		if (pl_page_whole(event, "actor") == person &&
		    pl_page_whole(json_object_get(event, "in"), "season") == c->id)
			return event;
	}
	return NULL;
}

static void put_wish(const calendar *c, const json_t *event)
{
	pl_page *p = c->p;
	const int64_t by = pl_page_whole(event, "actor");
	const json_t *dates = json_object_get(json_object_get(event, "in"), "dates");
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m, "<h3>");
	pl_page_put_name(p, PL_NAMES_person, by);
	pl_markup_raw(&p->m, " wants these dates</h3>\n<p>Asked for ");
	pl_page_put_time(p, pl_page_whole(event, "time"), false);
	pl_markup_raw(&p->m, ".</p>\n<ol>\n");
	json_array_foreach(dates, i, row)
	{
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_time(p, pl_page_whole(row, "at"), false);
		pl_markup_put(&p->m, ": %s\n",
		              pl_words_of(pl_words_dates, pl_page_text(row, "what")));
	}
	pl_markup_raw(&p->m, json_array_size(dates) == 0
	                             ? "<li>No dates: facilitators open and close rounds.\n"
	                               "</ol>\n"
	                             : "</ol>\n");
	if (by == p->visit->caller.person) {
		pl_markup_raw(&p->m,
		              "<p>These are yours: another facilitator has to agree.</p>\n");
	} else if (c->facilitates) {
		pl_page_form(p, "/seasons/%" PRId64 "/calendar/agree", c->id);
		pl_page_put_hidden(p, "height", pl_page_whole(event, "height"));
		pl_page_form_end(p, "I agree: set these dates");
	}
}

static void put_wishes(const calendar *c)
{
	const json_t *wishes = pl_page_rows(c->p, "calendar_wanted/%" PRId64, c->id);
	size_t i;
	json_t *row;
	if (json_array_size(wishes) == 0) return;
	const json_t *events =
	        pl_history_list(c->p, &(pl_history_wanted){.from = 1, .type = "calendar.set"});
	pl_markup_raw(&c->p->m, "<h2 id=\"wanted\">What waits for a second facilitator</h2>\n");
	json_array_foreach(wishes, i, row)
	{
		const json_t *event = wish_of(c, events, pl_page_whole(row, "person"));
		if (event != NULL) put_wish(c, event);
	}
}

/* ---- dates that would be sensible ---- */

/// A number of the address, such as "?rounds=3".
static int64_t asked(const calendar *c, const char *name, int64_t otherwise, int64_t most)
{
	const char *text = pl_http_query(c->p->visit->r, name);
	if (text == NULL || text[0] == '\0' || strlen(text) > 4 ||
	    text[strspn(text, "0123456789")] != '\0')
		return otherwise;
	const int64_t n = strtoll(text, NULL, 10);
	return n > most ? most : n;
}

/// When it would begin: as was asked for, else at six in the evening of tomorrow.
static int64_t beginning(const calendar *c)
{
	char stamp[PL_ZONE_CHARS];
	const pl_page *p = c->p;
	const char *text = pl_http_query(p->visit->r, "from");
	int64_t from;
	if (text != NULL && pl_zone_minute(&from, &p->zone, text)) return from;
	(void)pl_input_stamp(stamp, p, pl_zone_later(&p->zone, p->visit->now, 1));
	memcpy(stamp + sizeof "2027-01-31T" - 1, "18:00", sizeof "18:00");
	return pl_zone_minute(&from, &p->zone, stamp) ? from : p->visit->now;
}

/// Rounds of so many days each, then the vote on the last one, then the end.
static void suggest(calendar *c)
{
	const pl_zone *z = &c->p->zone;
	const int64_t rounds = asked(c, "rounds", 3, ROUNDS_MOST),
	              days = asked(c, "days", 7, DAYS_MOST),
	              between = asked(c, "between", 2, DAYS_MOST),
	              vote = asked(c, "vote", 7, DAYS_MOST);
	int64_t at = beginning(c);
	bool open = is_phase(c, "proposing");
	c->n = 0;
	for (int64_t r = 0; r < rounds && !is_phase(c, "adopted"); r++) {
		if (!open) add(c, "open", at);
		if (!open) at = pl_zone_later(z, at, days);
		open = false;
		add(c, "close", at);
		at = pl_zone_later(z, at, between);
	}
	if (!is_phase(c, "adopted")) {
		add(c, "vote", at);
		at = pl_zone_later(z, at, vote);
		add(c, "count", at);
		add(c, "adopt", at);
		at = pl_zone_later(z, at, asked(c, "end", 0, END_MOST));
	}
	if (asked(c, "end", 0, END_MOST) > 0 || is_phase(c, "adopted")) add(c, "end", at);
}

static void put_number(const calendar *c, const char *name, const char *label,
                       int64_t otherwise, int64_t most)
{
	pl_markup_put(&c->p->m,
	              "<label for=\"%s\">%s</label>\n<input type=\"number\" id=\"%s\" "
	              "name=\"%s\" min=\"0\" max=\"%" PRId64 "\" value=\"%" PRId64 "\">\n",
	              name, label, name, name, most, asked(c, name, otherwise, most));
}

static void put_suggestion(const calendar *c)
{
	char stamp[PL_ZONE_CHARS];
	pl_page *p = c->p;
	const bool shown = pl_http_query(p->visit->r, "from") != NULL;
	pl_markup_put(&p->m,
	              "<details%s>\n<summary>Fill in dates at equal distances</summary>\n"
	              "<form method=\"get\" action=\"%s/seasons/%" PRId64 "/calendar#set\">\n",
	              shown ? "" : " open", p->m.base, c->id);
	pl_markup_put(&p->m,
	              "<label for=\"from\">%s</label>\n<input type=\"datetime-local\" "
	              "id=\"from\" name=\"from\" required value=\"%s\">\n",
	              is_phase(c, "proposing") ? "When the round that is open closes"
	              : is_phase(c, "adopted") ? "When the season ends"
	                                       : "When the next round opens",
	              pl_input_stamp(stamp, p, beginning(c)));
	if (!is_phase(c, "adopted")) {
		put_number(c, "rounds",
		           is_phase(c, "proposing")
		                   ? "How many rounds, with the one that is open"
		                   : "How many rounds",
		           3, ROUNDS_MOST);
		put_number(c, "days", "Days in which councils propose, in each round", 7,
		           DAYS_MOST);
		put_number(c, "between", "Days to look at a round and to object", 2, DAYS_MOST);
		put_number(c, "vote", "Days for the vote on the plan", 7, DAYS_MOST);
		put_number(c, "end",
		           "Days from the plan to the end of the season; 0: no date yet", 0,
		           END_MOST);
	}
	pl_markup_raw(&p->m, "<button class=\"quiet\">Fill them in below</button>\n</form>\n"
	                     "</details>\n");
}

/* ---- the form ---- */

static const char *typed(const calendar *c, const char *kind, int k, const char *otherwise)
{
	char field[FIELD];
	(void)snprintf(field, sizeof field, "%s.%d", kind, k);
	return pl_input_typed(c->p, field, otherwise);
}

static void put_row(const calendar *c, const pl_column *columns, int k)
{
	pl_page *p = c->p;
	char stamp[PL_ZONE_CHARS] = "";
	const int64_t row = k, number = k + 1;
	const char *what = typed(c, "w", k, k < c->n ? c->date[k].what : "");
	if (k < c->n) (void)pl_input_stamp(stamp, p, c->date[k].at);
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_markup_put(&p->m, "%" PRId64, number);
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m,
	              "<select name=\"w.%" PRId64 "\" aria-label=\"Date %" PRId64
	              ": what happens\">\n",
	              row, number);
	pl_input_option(p, "", "\xe2\x80\x93", what[0] == '\0');
	for (const pl_words *w = pl_words_dates; w->word != NULL; w++)
		pl_input_option(p, w->word, w->said, strcmp(w->word, what) == 0);
	pl_markup_raw(&p->m, "</select>");
	pl_markup_cell(&p->m, &columns[2]);
	pl_markup_put(&p->m,
	              "<input type=\"datetime-local\" name=\"t.%" PRId64 "\" value=\"%s\" "
	              "aria-label=\"Date %" PRId64 ": when\">\n",
	              row, typed(c, "t", k, stamp), number);
}

static int rows_of(const calendar *c)
{
	const int64_t sent = pl_form_whole(&c->p->form, "rows");
	const int64_t n = sent >= 0 ? sent : c->n + BLANKS;
	return (int)(n < DATES_MOST ? n : DATES_MOST);
}

static void put_form(const calendar *c)
{
	static const pl_column columns[] = {
	        {"Date", PL_HEADS_ROW}, {"What happens", PL_IS_TEXT}, {"When", PL_IS_TEXT}};
	pl_page *p = c->p;
	const int rows = rows_of(c);
	pl_page_form(p, "/seasons/%" PRId64 "/calendar", c->id);
	pl_page_put_hidden(p, "rows", rows);
	pl_markup_table(&p->m, "All dates that are to come", columns, 3);
	for (int k = 0; k < rows; k++) put_row(c, columns, k);
	pl_markup_table_end(&p->m);
	pl_markup_raw(&p->m,
	              "<p>Rows may stand in any order, and lines without a date are left "
	              "out. Without any date, facilitators open and close rounds by "
	              "hand.</p>\n");
	pl_page_form_end(p, is_phase(c, "draft") ? "Set these dates" : "Ask for these dates");
}

static void put_setting(calendar *c)
{
	pl_page *p = c->p;
	if (!c->facilitates || is_phase(c, "closed")) return;
	pl_markup_raw(&p->m, "<h2 id=\"set\">Set the dates</h2>\n");
	pl_markup_put(&p->m, "<p>%s Times are those of %s.</p>\n",
	              is_phase(c, "draft")
	                      ? "What you set here holds at once."
	                      : "What you ask for here holds when a second facilitator asks "
	                        "for the same, or agrees.",
	              p->zone.name);
	put_suggestion(c);
	if (pl_http_query(p->visit->r, "from") != NULL || (!c->to_come && is_phase(c, "draft")))
		suggest(c);
	put_form(c);
}

/* ---- the page ---- */

static void put_page(pl_page *p, int64_t id, int status)
{
	calendar c;
	calendar_of(&c, p, id);
	if (c.row == NULL) {
		pl_page_missing(p, "season", id);
		return;
	}
	pl_page_begin(p, "Calendar");
	pl_markup_raw(&p->m, "<p>What happens when in the season ");
	pl_page_put_name(p, PL_NAMES_season, id);
	pl_markup_put(&p->m, ". Times are those of %s.</p>\n", p->zone.name);
	put_course(&c);
	put_wishes(&c);
	put_setting(&c);
	put_who(&c);
	pl_page_finish(p, status);
}

void pl_visit_calendar_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, pl_page_number(p, "/seasons/{season}/calendar"), 200);
}

/* ---- setting them ---- */

/// Earlier ones first; of the same time, as they stand.
static void sort_dates(calendar *c)
{
	for (int i = 1; i < c->n; i++) {
		const date d = c->date[i];
		int k = i;
		for (; k > 0 && c->date[k - 1].at > d.at; k--) c->date[k] = c->date[k - 1];
		c->date[k] = d;
	}
}

/// @return false: the page's problem says what is wrong
static bool read_dates(calendar *c)
{
	const int rows = rows_of(c);
	c->n = 0;
	for (int k = 0; k < rows; k++) {
		char field[FIELD], label[FIELD + 8];
		const char *what = typed(c, "w", k, ""), *when = typed(c, "t", k, "");
		int64_t at;
		if (what[0] == '\0' && when[0] == '\0') continue;
		(void)snprintf(field, sizeof field, "t.%d", k);
		(void)snprintf(label, sizeof label, "date %d", k + 1);
		if (what[0] == '\0') {
			(void)snprintf(c->p->problem, sizeof c->p->problem,
			               "%s: choose what happens then.", label);
			return false;
		}
		if (!pl_input_time(&at, c->p, field, label)) return false;
		add(c, what, at);
	}
	sort_dates(c);
	return true;
}

static json_t *fields_of(const calendar *c)
{
	json_t *dates = json_array();
	for (int i = 0; i < c->n; i++)
		(void)json_array_append_new(dates,
		                            json_pack("{s:s, s:I}", "what", c->date[i].what,
		                                      "at", (json_int_t)c->date[i].at));
	return json_pack("{s:I, s:o}", "season", (json_int_t)c->id, "dates", dates);
}

static void answer(pl_page *p, int64_t id, pl_status st, pl_reply *reply)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/seasons/%" PRId64 "/calendar", id);
	if (!pl_input_went(p, st, reply, "", path))
		put_page(p, id, pl_problems[pl_problem_of(st)].status);
}

void pl_visit_calendar_form(pl_visit *v)
{
	pl_reply reply = {0};
	calendar c;
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/seasons/{season}/calendar");
	calendar_of(&c, p, id);
	const pl_status st =
	        read_dates(&c) ? pl_page_do(p, &reply, "calendar.set", fields_of(&c)) : PL_EARG;
	answer(p, id, st, &reply);
}

/// The dates that somebody asked for with an event; NULL: it is none of this season's.
static json_t *dates_of(pl_page *p, int64_t season, int64_t height)
{
	const json_t *event =
	        json_array_get(pl_history_list(p, &(pl_history_wanted){.from = height,
	                                                               .most = 1,
	                                                               .type = "calendar.set"}),
	                       0);
	json_t *in = json_object_get(event, "in");
	return pl_page_whole(event, "height") == height && pl_page_whole(in, "season") == season
	               ? in
	               : NULL;
}

void pl_visit_calendar_agree(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/seasons/{season}/calendar/agree"),
	              height = pl_form_whole(&p->form, "height");
	json_t *in = height > 0 ? dates_of(p, id, height) : NULL;
	if (in == NULL) {
		pl_page_missing(p, "season", id);
		return;
	}
	const pl_status st = pl_page_do(p, &reply, "calendar.set", json_incref(in));
	answer(p, id, st, &reply);
}
