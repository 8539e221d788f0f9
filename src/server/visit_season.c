/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_season.c - the page of a season: its dates, rounds, prices, who has proposed, its plan;
 * what a facilitator does where no calendar does it. */
#include "server/page.h"
#include "server/words.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOODS_SHOWN = 50, ROUNDS_MOST = 1000 };

/// A season as its page sees it.
typedef struct {
	pl_page *p;
	int64_t id, round;
	const json_t *row; ///< with its dates
	const char *phase;
	bool by_calendar; ///< dates are to come
	int64_t closed;   ///< the last round that was closed; 0: none
	bool facilitates; ///< who looks may press buttons
} season;

static bool is_phase(const season *s, const char *phase)
{
	return strcmp(s->phase, phase) == 0;
}

static season season_of(pl_page *p, int64_t id)
{
	const json_t *all = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	season s = {.p = p, .id = id, .row = pl_page_find(all, "id", id)};
	size_t i;
	json_t *date;
	s.phase = pl_page_text(s.row, "phase");
	s.round = pl_page_whole(s.row, "round");
	s.closed = is_phase(&s, "proposing") ? s.round - 1 : s.round;
	s.facilitates = pl_page_has_task(p, "facilitator", 0);
	json_array_foreach(json_object_get(s.row, "dates"), i, date)
	{
		if (pl_page_whole(date, "done") == 0) s.by_calendar = true;
	}
	(void)pl_zone_find(&p->zone, pl_page_text(s.row, "zone"));
	return s;
}

/* ---- what is when ---- */

static void put_dates(const season *s)
{
	pl_page *p = s->p;
	size_t i;
	json_t *date;
	bool next = true;
	pl_markup_put(&p->m, "<h2>Dates</h2>\n<p>Times are those of %s. ", p->zone.name);
	if (!pl_page_is(s->row, "zone", "") && !pl_page_is(s->row, "zone", p->zone.name))
		pl_markup_put(&p->m, "(This computer does not know the time zone \"%s\".) ",
		              pl_page_text(s->row, "zone"));
	pl_markup_put(&p->m, "%s</p>\n",
	              s->by_calendar ? "The calendar does what it says by itself; two "
	                               "facilitators together can change it."
	              : is_phase(s, "closed")
	                      ? "Nothing more is to come."
	                      : "No date is to come: a facilitator opens and closes rounds.");
	pl_markup_raw(&p->m, "<ol>\n");
	json_array_foreach(json_object_get(s->row, "dates"), i, date)
	{
		const bool done = pl_page_whole(date, "done") != 0;
		pl_markup_put(&p->m, "<li%s>", !done && next ? " class=now" : "");
		pl_page_put_time(p, pl_page_whole(date, "time"), false);
		pl_markup_put(&p->m, ": %s",
		              pl_words_of(pl_words_dates, pl_page_text(date, "what")));
		if (done) pl_markup_raw(&p->m, " <small>(done)</small>");
		if (!done && next) {
			pl_markup_raw(&p->m, " (next, ");
			pl_page_put_distance(p, pl_page_whole(date, "time"));
			pl_markup_raw(&p->m, ")");
			next = false;
		}
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_raw(&p->m, "</ol>\n");
}

static void put_policies(const season *s)
{
	const char *threshold = pl_page_text(s->row, "threshold"),
	           *quorum = pl_page_text(s->row, "quorum"),
	           *ratio = pl_page_text(s->row, "ratio");
	pl_markup_put(&s->p->m,
	              "<details><summary>What was agreed for this season</summary>\n<ul>\n"
	              "<li>Prices follow from proposals by the rule \"%s\".\n"
	              "<li>A good is in balance when what is made and what is wanted differ by "
	              "at most %s of their mean.\n"
	              "<li>The vote on the plan is carried by %s of those who vote.%s%s\n"
	              "<li>A workplace is asked to explain where its benefit is below %s times "
	              "its cost.\n</ul>\n</details>\n",
	              pl_page_text(s->row, "rule"), pl_page_text(s->row, "tolerance"),
	              threshold[0] == '\0' ? "more than half" : threshold,
	              quorum[0] == '\0' ? "" : " The part of all that must vote: ", quorum,
	              ratio[0] == '\0' ? "1" : ratio);
}

/* ---- rounds ---- */

/// An imbalance, positive where more is wanted than there is.
static double signed_off(double off, double supply, double demand)
{
	return demand < supply ? -fabs(off) : fabs(off);
}

/// The good that was furthest from balance in each round.
typedef struct {
	int64_t season, n;
	struct {
		double off;
		int64_t good;
	} * round; ///< [n + 1]
} worst;

static bool note_balance(void *with, const pl_state_row *row)
{
	worst *w = with;
	const int64_t round = row->at[PL_C_balance_round].whole;
	double off = 0, supply = 0, demand = 0;
	(void)pl_number_read(&off, row->at[PL_C_balance_imbalance].text);
	(void)pl_number_read(&supply, row->at[PL_C_balance_supply].text);
	(void)pl_number_read(&demand, row->at[PL_C_balance_demand].text);
	if (round <= w->n && fabs(off) > fabs(w->round[round].off)) {
		w->round[round].off = signed_off(off, supply, demand);
		w->round[round].good = row->at[PL_C_balance_good].whole;
	}
	return true;
}

static pl_status read_balances(void *with, pl_store *s, pl_error *err)
{
	worst *w = with;
	const pl_state_row key = {{PL_WHOLE(w->season)}};
	return pl_store_scan(s, PL_ROWS_balance, 1, &key, note_balance, w, err);
}

/// "12 % too little", "far too much", "in balance". @param off of their mean, positive where
/// more is wanted than there is
static void put_imbalance(pl_page *p, double off, double tolerance)
{
	if (!(fabs(off) > tolerance)) {
		pl_markup_raw(&p->m, "in balance");
		return;
	}
	if (fabs(off) < 1)
		pl_page_put_percent(p, fabs(off));
	else
		pl_markup_raw(&p->m, "far");
	pl_markup_raw(&p->m, off > 0 ? " too little" : " too much");
}

static void put_round(const season *s, const worst *w, const pl_column *columns, int64_t round)
{
	pl_page *p = s->p;
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_markup_put(&p->m, "Round %" PRId64, round);
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_raw(&p->m, round > s->closed ? "open: councils propose" : "closed");
	pl_markup_cell(&p->m, &columns[2]);
	if (round <= s->closed && w->round[round].good > 0) {
		pl_page_put_name(p, PL_NAMES_good, w->round[round].good);
		pl_markup_raw(&p->m, ": ");
		put_imbalance(p, w->round[round].off, pl_page_decimal(s->row, "tolerance"));
	} else if (round <= s->closed) {
		pl_markup_raw(&p->m, "everything is in balance");
	}
	pl_markup_raw(&p->m, "\n");
}

static void put_rounds(const season *s)
{
	static const pl_column columns[] = {{"Round", PL_HEADS_ROW},
	                                    {"State", PL_IS_TEXT},
	                                    {"Furthest from balance", PL_IS_TEXT}};
	pl_page *p = s->p;
	pl_error err;
	worst w = {.season = s->id, .n = s->round < ROUNDS_MOST ? s->round : ROUNDS_MOST};
	pl_markup_raw(&p->m, "<h2>Rounds</h2>\n");
	if (s->round == 0) {
		pl_markup_raw(&p->m, "<p>None yet.</p>\n");
		return;
	}
	pl_status st = PL_OK;
	w.round = pl_alloc(w.n + 1, sizeof *w.round);
	if (w.round == NULL)
		st = pl_fail(&err, PL_ENOMEM, -1, "no memory for the page");
	else
		st = pl_desk_look(p->visit->server->desk, PL_READ_LONG, read_balances, &w,
		                  &err);
	pl_markup_table(&p->m, "How far the rounds have come", columns, 3);
	for (int64_t r = 1; r <= w.n && st == PL_OK; r++) put_round(s, &w, columns, r);
	pl_markup_table_end(&p->m);
	pl_free(w.round);
	if (st != PL_OK) pl_page_note(p, st, &err);
	if (s->closed > 0)
		pl_markup_put(&p->m,
		              "<p><a href=\"%s/seasons/%" PRId64
		              "/objections\">Objections to proposals</a></p>\n",
		              p->m.base, s->id);
}

/* ---- goods ---- */

/// A good of the last closed round.
typedef struct {
	int64_t good;
	double off, supply, demand, price, next;
} balance;

/// Furthest from balance first; equally far ones by their numbers.
static int compare(const void *a, const void *b)
{
	const balance *x = a, *y = b;
	if (fabs(x->off) != fabs(y->off)) return fabs(x->off) > fabs(y->off) ? -1 : 1;
	return (x->good > y->good) - (x->good < y->good);
}

/// Prices, by good: the rows of both lists stand in the order of the goods.
static void fill_prices(balance *list, size_t n, const json_t *prices, bool next)
{
	for (size_t i = 0, k = 0; i < n; i++) {
		const json_t *row = json_array_get(prices, k);
		while (row != NULL && pl_page_whole(row, "good") < list[i].good)
			row = json_array_get(prices, ++k);
		*(next ? &list[i].next : &list[i].price) =
		        row != NULL && pl_page_whole(row, "good") == list[i].good
		                ? pl_page_decimal(row, "price")
		                : NAN;
	}
}

static void put_movement(pl_page *p, double price, double next)
{
	static const double seen = 0.0005; /* half of what is shown */
	const double by = next / price - 1;
	pl_markup_put(&p->m, "%s <small class=under>", pl_amount_credits(p->number, next));
	if (!(fabs(by) >= seen)) {
		pl_markup_raw(&p->m, "as before</small>");
		return;
	}
	pl_markup_raw(&p->m, by > 0 ? "<span aria-hidden=true>\xe2\x96\xb2</span> "
	                            : "<span aria-hidden=true>\xe2\x96\xbc</span> ");
	pl_page_put_percent(p, fabs(by));
	pl_markup_raw(&p->m, by > 0 ? " dearer</small>" : " cheaper</small>");
}

static void put_good(const season *s, const pl_column *columns, const balance *b)
{
	pl_page *p = s->p;
	const json_t *good = pl_page_named(p, PL_NAMES_good, b->good);
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, columns++);
	pl_page_put_name(p, PL_NAMES_good, b->good);
	pl_markup_put(&p->m, " <small><bdi>%s</bdi></small>", pl_page_text(good, "unit"));
	pl_markup_cell(&p->m, columns++);
	put_imbalance(p, b->off, pl_page_decimal(s->row, "tolerance"));
	pl_markup_cell(&p->m, columns++);
	pl_markup_raw(&p->m, pl_amount_credits(p->number, b->price));
	pl_markup_cell(&p->m, columns++);
	put_movement(p, b->price, b->next);
	pl_markup_cell(&p->m, columns++);
	pl_markup_raw(&p->m, pl_amount_round(p->number, b->supply));
	pl_markup_cell(&p->m, columns++);
	pl_markup_raw(&p->m, pl_amount_round(p->number, b->demand));
	pl_markup_raw(&p->m, "\n");
}

static balance *list_balances(const json_t *rows, size_t *n)
{
	size_t i;
	json_t *row;
	*n = json_array_size(rows);
	balance *list = pl_alloc((int64_t)*n, sizeof *list);
	if (list == NULL) return NULL;
	json_array_foreach(rows, i, row)
	{
		const double supply = pl_page_decimal(row, "supply"),
		             demand = pl_page_decimal(row, "demand"),
		             off = pl_page_decimal(row, "imbalance");
		list[i] = (balance){.good = pl_page_whole(row, "good"),
		                    .off = signed_off(off, supply, demand),
		                    .supply = supply,
		                    .demand = demand};
	}
	return list;
}

static void put_goods(const season *s)
{
	char now[48], next[48], caption[96];
	pl_page *p = s->p;
	size_t n;
	const char *asked = pl_http_query(p->visit->r, "goods");
	const json_t *view =
	        pl_page_view(p, "/seasons/%" PRId64 "/rounds/%" PRId64, s->id, s->closed);
	balance *list = list_balances(json_object_get(view, "balance"), &n);
	if (list == NULL) return;
	fill_prices(list, n, json_object_get(view, "prices"), false);
	fill_prices(list, n, json_object_get(view, "next"), true);
	qsort(list, n, sizeof *list, compare);
	const size_t shown = asked != NULL && strcmp(asked, "all") == 0 ? n
	                     : n < GOODS_SHOWN                          ? n
	                                                                : GOODS_SHOWN;
	(void)snprintf(now, sizeof now, "Price in round %" PRId64, s->closed);
	(void)snprintf(next, sizeof next, "Price in round %" PRId64, s->closed + 1);
	(void)snprintf(caption, sizeof caption,
	               "Round %" PRId64
	               ", the good that is furthest from balance first; prices in credits",
	               s->closed);
	const pl_column columns[] = {{"Good", PL_HEADS_ROW},     {"Balance", PL_IS_TEXT},
	                             {now, PL_IS_NUMBER},        {next, PL_IS_NUMBER},
	                             {"There is", PL_IS_NUMBER}, {"Is wanted", PL_IS_NUMBER}};
	pl_markup_raw(&p->m, "<h2 id=\"goods\">Goods and prices</h2>\n");
	pl_markup_table(&p->m, caption, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) put_good(s, columns, &list[i]);
	pl_markup_table_end(&p->m);
	pl_free(list);
	if (shown < n)
		pl_markup_put(&p->m,
		              "<p><a href=\"?goods=all#goods\">All %" PRId64 " goods</a></p>\n",
		              (int64_t)n);
}

/* ---- who has proposed ---- */

static void put_proposal(const season *s, const json_t *proposal)
{
	pl_page *p = s->p;
	pl_markup_raw(&p->m, "<li>");
	pl_page_put_name(p, PL_NAMES_council, pl_page_whole(proposal, "council"));
	pl_page_put_flags(p, proposal);
	pl_markup_raw(&p->m, "\n");
}

static void put_proposals(const season *s)
{
	pl_page *p = s->p;
	const json_t *filed = json_object_get(
	        pl_page_view(p, "/seasons/%" PRId64 "/rounds/%" PRId64, s->id, s->round),
	        "proposals");
	json_t *councils = pl_page_rows(p, "council"), *row;
	size_t i;
	int64_t missing = 0;
	pl_markup_put(&p->m,
	              "<h2>Proposals in round %" PRId64
	              "</h2>\n<h3>Who has not proposed</h3>\n<ul class=many>\n",
	              s->round);
	json_array_foreach(councils, i, row)
	{
		if (pl_page_is(row, "schedule", "") ||
		    pl_page_find(filed, "council", pl_page_whole(row, "id")) != NULL)
			continue;
		missing++;
		pl_markup_raw(&p->m, "<li>");
		pl_page_put_name(p, PL_NAMES_council, pl_page_whole(row, "id"));
		pl_markup_raw(&p->m, "\n");
	}
	pl_markup_raw(&p->m, missing == 0 ? "<li>Everybody has.\n</ul>\n" : "</ul>\n");
	if (missing > 0)
		pl_markup_raw(&p->m,
		              "<p>Who does not propose is taken at the last proposal, scaled "
		              "down to the means.</p>\n");
	pl_markup_raw(&p->m, "<h3>Who has</h3>\n<ul class=many>\n");
	json_array_foreach(filed, i, row)
	{
		const json_t *after = json_array_get(filed, i + 1);
		if (pl_page_whole(after, "council") != pl_page_whole(row, "council"))
			put_proposal(s, row);
	}
	pl_markup_raw(&p->m,
	              json_array_size(filed) == 0 ? "<li>Nobody yet.\n</ul>\n" : "</ul>\n");
}

/* ---- the plan ---- */

static void put_plan_line(pl_page *p, const pl_column *columns, const json_t *line)
{
	const int64_t good = pl_page_whole(line, "good"),
	              planned = pl_page_whole(line, "quantity"),
	              delivered = pl_page_whole(line, "delivered");
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, &columns[0]);
	pl_page_put_name(p, PL_NAMES_good, good);
	pl_markup_cell(&p->m, &columns[1]);
	pl_markup_put(&p->m, "%s ", pl_page_text(line, "role"));
	pl_page_put_amount(p, good, planned);
	pl_markup_cell(&p->m, &columns[2]);
	pl_page_put_amount(p, good, delivered);
	if (planned > 0) {
		pl_markup_raw(&p->m, " <small>(");
		pl_page_put_percent(p, (double)delivered / (double)planned);
		pl_markup_raw(&p->m, ")</small>");
	}
	pl_markup_raw(&p->m, "\n");
}

static void put_plan(const season *s)
{
	static const pl_column columns[] = {
	        {"Good", PL_HEADS_ROW}, {"Planned", PL_IS_TEXT}, {"Handed over", PL_IS_TEXT}};
	pl_page *p = s->p;
	const json_t *lines =
	        json_object_get(pl_page_view(p, "/seasons/%" PRId64 "/plan", s->id), "lines");
	size_t i;
	json_t *line;
	int64_t council = 0;
	pl_markup_put(&p->m,
	              "<h2 id=\"plan\">The plan</h2>\n<p>The fingerprint of the plan is "
	              "<code>%s</code>.</p>\n",
	              pl_page_text(s->row, "digest"));
	json_array_foreach(lines, i, line)
	{
		const int64_t of = pl_page_whole(line, "council");
		if (of != council) {
			const char *name = pl_page_name(p, PL_NAMES_council, of);
			if (council > 0)
				pl_markup_raw(&p->m, "</tbody>\n</table>\n</details>\n");
			pl_markup_put(&p->m, "<details%s>\n<summary><bdi>%s</bdi></summary>\n",
			              pl_page_is_member(p, of) ? " open" : "", name);
			pl_markup_table(&p->m, name, columns, 3);
		}
		council = of;
		put_plan_line(p, columns, line);
	}
	if (council > 0) pl_markup_raw(&p->m, "</tbody>\n</table>\n</details>\n");
}

/* ---- what a facilitator does ---- */

static void put_act(const season *s, const char *act, const char *button)
{
	pl_page *p = s->p;
	pl_page_form(p, "/seasons/%" PRId64 "/act", s->id);
	pl_page_put_hidden(p, "round", s->round);
	pl_markup_put(&p->m, "<button name=\"act\" value=\"%s\">%s</button>\n</form>\n", act,
	              button);
}

/// The last vote on the plan of the round; NULL: none.
static const json_t *vote_on_plan(const season *s)
{
	const json_t *votes = pl_page_rows(s->p, "vote");
	const json_t *last = NULL;
	for (size_t i = 0; i < json_array_size(votes); i++) {
		const json_t *vote = json_array_get(votes, i);
		if (pl_page_whole(vote, "season") == s->id &&
		    pl_page_whole(vote, "round") == s->round)
			last = vote;
	}
	return last;
}

static void put_review_acts(const season *s)
{
	pl_page *p = s->p;
	const json_t *vote = vote_on_plan(s);
	put_act(s, "open", "Open the next round");
	if (vote == NULL || pl_page_is(vote, "state", "closed")) {
		put_act(s, "vote", "Open the vote on the plan");
	} else {
		pl_markup_put(&p->m,
		              "<p><a href=\"%s/votes/%" PRId64
		              "\">The vote on the plan</a> is open.</p>\n",
		              p->m.base, pl_page_whole(vote, "id"));
	}
	if (vote != NULL && pl_page_is(vote, "state", "closed"))
		put_act(s, "adopt", "Adopt the plan, if the vote carried it");
}

static void put_acts(const season *s)
{
	pl_page *p = s->p;
	if (!s->facilitates || s->by_calendar || is_phase(s, "closed")) return;
	pl_markup_raw(&p->m,
	              "<h2>For facilitators</h2>\n<p>You open and close rounds. You have no "
	              "power over prices or over what anybody proposes.</p>\n");
	if (is_phase(s, "draft")) put_act(s, "open", "Open the first round");
	if (is_phase(s, "proposing")) put_act(s, "close", "Close the round");
	if (is_phase(s, "review")) put_review_acts(s);
	if (is_phase(s, "adopted")) put_act(s, "end", "End the season");
}

/* ---- the page ---- */

static void put_vote(const season *s)
{
	const json_t *vote = is_phase(s, "review") ? vote_on_plan(s) : NULL;
	if (vote == NULL) return;
	pl_markup_put(
	        &s->p->m,
	        "<p class=\"note\"><a href=\"%s/votes/%" PRId64 "\">The vote on the plan</a> "
	        "of round %" PRId64 " is %s.</p>\n",
	        s->p->m.base, pl_page_whole(vote, "id"), s->round, pl_page_text(vote, "state"));
}

static void put_season(pl_page *p, int64_t id, int status)
{
	const season s = season_of(p, id);
	if (s.row == NULL) {
		pl_page_missing(p, "season", id);
		return;
	}
	pl_page_begin(p, pl_page_text(s.row, "name"));
	pl_markup_put(&p->m, "<p>Now: <b>%s</b>", pl_words_of(pl_words_phases, s.phase));
	if (s.round > 0) pl_markup_put(&p->m, ", round %" PRId64, s.round);
	pl_markup_raw(&p->m, ".</p>\n");
	put_vote(&s);
	put_acts(&s);
	put_dates(&s);
	put_policies(&s);
	if (is_phase(&s, "adopted") ||
	    (is_phase(&s, "closed") && !pl_page_is(s.row, "digest", "")))
		put_plan(&s);
	put_rounds(&s);
	if (s.round > 0 && (is_phase(&s, "proposing") || is_phase(&s, "review")))
		put_proposals(&s);
	if (s.closed > 0) put_goods(&s);
	pl_page_finish(p, status);
}

void pl_visit_season_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_season(p, pl_page_number(p, "/seasons/{season}"), 200);
}

/* ---- acts ---- */

/// Everybody votes on the plan, in secret where that can be.
static json_t *vote_to_open(const season *s)
{
	enum { SECRET_LEAST = 5 };
	int64_t people = 0;
	size_t i;
	json_t *person;
	char title[300];
	json_array_foreach(pl_page_rows(s->p, "person"), i, person)
	{
		people += pl_page_whole(person, "erased") == 0;
	}
	const char *threshold = pl_page_text(s->row, "threshold");
	(void)snprintf(title, sizeof title, "The plan of %s, round %" PRId64,
	               pl_page_text(s->row, "name"), s->round);
	return json_pack("{s:I, s:s, s:s, s:s, s:i, s:s, s:s, s:i, s:[{s:s, s:s}]}", "about",
	                 (json_int_t)s->id, "title", title, "ballots", "motion", "rule",
	                 threshold[0] == '\0' ? "majority" : "supermajority", "seats", 1,
	                 "threshold", threshold, "quorum", pl_page_text(s->row, "quorum"),
	                 "secret", people >= SECRET_LEAST, "options", "code", "plan", "name",
	                 "This is our plan");
}

/// What the button of a form asks for. @return NULL: nothing that there is
static const char *find_act(json_t **fields, const season *s, const char *act)
{
	static const struct {
		const char *act, *op;
	} acts[] = {{"open", "round.open"},
	            {"close", "round.close"},
	            {"vote", "vote.open"},
	            {"adopt", "plan.adopt"},
	            {"end", "season.close"}};
	size_t i = 0;
	while (i < sizeof acts / sizeof *acts && strcmp(acts[i].act, act) != 0) i++;
	*fields = NULL;
	if (i == sizeof acts / sizeof *acts) return NULL;
	*fields = strcmp(act, "vote") == 0 ? vote_to_open(s)
	                                   : json_pack("{s:I}", "season", (json_int_t)s->id);
	if (strcmp(act, "adopt") == 0)
		(void)json_object_set_new(*fields, "vote",
		                          json_integer(pl_page_whole(vote_on_plan(s), "id")));
	return acts[i].op;
}

/// Is the round another one than whoever pressed the button saw? Opening one is left to the
/// record: where the button was pressed twice, the first time has moved the season on.
static bool has_moved_on(const season *s)
{
	const pl_form *form = &s->p->form;
	return strcmp(pl_form_text(form, "act"), "open") != 0 &&
	       pl_form_whole(form, "round") != s->round;
}

void pl_visit_season_act(pl_visit *v)
{
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	json_t *fields;
	if (p == NULL) return;
	const int64_t id = pl_page_number(p, "/seasons/{season}/act");
	const season s = season_of(p, id);
	const char *op = find_act(&fields, &s, pl_form_text(&p->form, "act"));
	if (op == NULL || s.row == NULL) {
		json_decref(fields);
		pl_page_missing(p, "season", id);
		return;
	}
	pl_status st = PL_ECONFLICT;
	if (has_moved_on(&s)) {
		(void)snprintf(p->problem, sizeof p->problem,
		               "the season has moved on since you saw this; look at it again.");
		json_decref(fields);
	} else {
		st = pl_page_do(p, &reply, op, fields);
	}
	free(reply.json);
	if (st == PL_OK)
		pl_page_go(p, reply.height, "", "/seasons/%" PRId64, id);
	else
		put_season(p, id, pl_problems[pl_problem_of(st)].status);
}
