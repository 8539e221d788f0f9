/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_why.c - the page of a good in a round that is closed: what moved its price, and who. */
#include "base/number.h"
#include "server/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A good in a round, as its page sees it.
typedef struct {
	pl_page *p;
	int64_t season, round, good;
	const json_t *view, *row;   ///< row of the good
	double before, after, move; ///< credits, credits, a natural logarithm
} telling;

static int64_t sum_of(const telling *t, const char *key)
{
	return pl_page_whole(json_object_get(t->view, key), "steps");
}

/* ---- in a sentence ---- */

static void put_price(const telling *t, double price)
{
	pl_markup_put(&t->p->m, "<b>%s credits</b>", pl_amount_credits(t->p->number, price));
}

/// "dearer" or "cheaper", by how much.
static void put_movement(const telling *t)
{
	static const double seen = 0.0005; /* half of what is shown */
	const double by = t->after / t->before - 1;
	if (!(fabs(by) >= seen)) {
		pl_markup_raw(&t->p->m, "as before");
		return;
	}
	pl_page_put_percent(t->p, fabs(by));
	pl_markup_raw(&t->p->m, by > 0 ? " dearer" : " cheaper");
}

static void put_balance(const telling *t)
{
	pl_page *p = t->p;
	const int64_t there = pl_page_whole(t->view, "held") + sum_of(t, "supply"),
	              wanted = sum_of(t, "demand");
	pl_page_put_amount(p, t->good, wanted);
	pl_markup_raw(&p->m, " were wanted and ");
	pl_page_put_amount(p, t->good, there);
	pl_markup_raw(&p->m, " were there: ");
	if (wanted == there) {
		pl_markup_raw(&p->m, "nothing too much or too little. ");
		return;
	}
	pl_page_put_amount(p, t->good, llabs(wanted - there));
	pl_markup_raw(&p->m, wanted > there ? " too little. " : " too much. ");
}

/// What the rule made of it, where more is to be said than the price.
static void put_rule(const telling *t)
{
	const int64_t missing =
	        sum_of(t, "demand") - pl_page_whole(t->view, "held") - sum_of(t, "supply");
	pl_markup *m = &t->p->m;
	if (json_is_true(json_object_get(t->view, "largest_move")))
		pl_markup_raw(m, " A price moves by no more in a round: at most the factor e, "
		                 "2.718.");
	if (pl_page_whole(t->view, "at_floor") != 0)
		pl_markup_raw(m, " It is worth so little now that what is left over of it does "
		                 "not matter: it counts as free.");
	if ((missing > 0 && t->move < 0) || (missing < 0 && t->move > 0))
		pl_markup_raw(m, " It moved the other way because the rule looks at all goods "
		                 "together: other prices move too, and change what is wanted "
		                 "of this one.");
	pl_markup_raw(m, "</p>\n");
}

static void put_sentence(const telling *t)
{
	pl_page *p = t->p;
	const json_t *season = json_object_get(t->view, "season");
	pl_markup_put(&p->m,
	              "<p>In round %" PRId64 " of <a href=\"%s/seasons/%" PRId64
	              "#goods\"><bdi>%s</bdi></a> a <bdi>%s</bdi> of <bdi>%s</bdi> was at ",
	              t->round, p->m.base, t->season, pl_page_text(season, "name"),
	              pl_page_unit(t->row), pl_page_name(p, PL_NAMES_good, t->good));
	put_price(t, t->before);
	pl_markup_raw(&p->m, ". ");
	put_balance(t);
	pl_markup_put(&p->m, "By the rule \"%s\" it is at ", pl_page_text(season, "rule"));
	put_price(t, t->after);
	pl_markup_put(&p->m, " in round %" PRId64 ", ", t->round + 1);
	put_movement(t);
	pl_markup_raw(&p->m, ".");
	put_rule(t);
}

/* ---- councils ---- */

static void put_others(const telling *t, const pl_column *columns, int64_t councils)
{
	pl_markup_row(&t->p->m);
	pl_markup_cell(&t->p->m, &columns[0]);
	pl_markup_put(&t->p->m, "%" PRId64 " other%s", councils, councils == 1 ? "" : "s");
	pl_markup_cell(&t->p->m, &columns[1]);
}

/// "5 kg", or of a change "5 kg more".
static void put_steps(const telling *t, int64_t steps, bool change)
{
	pl_page_put_amount(t->p, t->good, llabs(steps));
	if (change) pl_markup_raw(&t->p->m, steps < 0 ? " less" : " more");
	pl_markup_raw(&t->p->m, "\n");
}

static void put_total(const telling *t, const pl_column *columns, const char *what)
{
	pl_markup_row(&t->p->m);
	pl_markup_cell(&t->p->m, &columns[0]);
	pl_markup_raw(&t->p->m, what);
	pl_markup_cell(&t->p->m, &columns[1]);
}

/// A list of the view: the largest, the others together, all.
static void put_list(const telling *t, const char *key, const char *caption, bool change)
{
	const pl_column columns[] = {{"Council", PL_HEADS_ROW}, {"Quantity", PL_IS_NUMBER}};
	const json_t *list = json_object_get(t->view, key),
	             *rest = json_object_get(list, "rest");
	const int64_t held = strcmp(key, "supply") == 0 ? pl_page_whole(t->view, "held") : 0;
	size_t i;
	json_t *row;
	pl_markup_table(&t->p->m, caption, columns, 2);
	json_array_foreach(json_object_get(list, "councils"), i, row)
	{
		pl_markup_row(&t->p->m);
		pl_markup_cell(&t->p->m, &columns[0]);
		pl_page_put_name(t->p, PL_NAMES_council, pl_page_whole(row, "council"));
		pl_markup_cell(&t->p->m, &columns[1]);
		put_steps(t, pl_page_whole(row, "steps"), change);
	}
	if (pl_page_whole(rest, "councils") > 0) {
		put_others(t, columns, pl_page_whole(rest, "councils"));
		put_steps(t, pl_page_whole(rest, "steps"), change);
	}
	if (held != 0) {
		put_total(t, columns, "Society holds");
		put_steps(t, held, change);
	}
	put_total(t, columns, "<b>Together</b>");
	put_steps(t, held + pl_page_whole(list, "steps"), change);
	pl_markup_table_end(&t->p->m);
}

/* ---- whose proposals moved the price ---- */

/// The smallest part of a credit that is worth showing of a move: a thousandth of it.
static const char *fine_enough(double credits)
{
	static const struct {
		double least;
		const char *step;
	} fine[] = {{1000, "1"}, {10, "0.01"}, {0.1, "0.0001"}, {0.001, "0.000001"}};
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		if (fabs(credits) >= fine[i].least) return fine[i].step;
	return "0.00000001";
}

typedef struct {
	const telling *t;
	const pl_column *columns;
	const char *step; ///< of a credit
	double unit;      ///< the same as a number
	int64_t left;     ///< of the move, in its steps
} sharing;

/// Credits of the move, in proportion to a part of its logarithm; what is left gets smaller.
static void put_part(sharing *s, double part)
{
	const telling *t = s->t;
	const double credits = t->move == 0 ? 0 : (t->after - t->before) * (part / t->move);
	const int64_t steps = (int64_t)nearbyint(credits / s->unit);
	s->left -= steps;
	pl_markup_put(&t->p->m, "%s%s\n", steps < 0 ? "\xe2\x88\x92" : "+",
	              pl_amount_show(t->p->number, llabs(steps), s->step));
}

static void put_surprise(const telling *t, double surprise)
{
	pl_markup_put(&t->p->m, "%s <bdi>%s</bdi> %s",
	              pl_amount_round(t->p->number, fabs(surprise)),
	              pl_page_text(t->row, "unit"), surprise < 0 ? "less" : "more");
}

static void put_row(const sharing *s, const char *what)
{
	pl_markup *m = &s->t->p->m;
	pl_markup_row(m);
	pl_markup_cell(m, &s->columns[0]);
	pl_markup_raw(m, what);
	pl_markup_cell(m, &s->columns[1]);
	pl_markup_cell(m, &s->columns[2]);
}

static void put_mover_rows(sharing *s)
{
	const telling *t = s->t;
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(t->view, "movers"), i, row)
	{
		pl_markup_row(&t->p->m);
		pl_markup_cell(&t->p->m, &s->columns[0]);
		pl_page_put_name(t->p, PL_NAMES_council, pl_page_whole(row, "council"));
		pl_markup_cell(&t->p->m, &s->columns[1]);
		put_surprise(t, pl_page_decimal(row, "surprise"));
		pl_markup_cell(&t->p->m, &s->columns[2]);
		put_part(s, pl_page_decimal(row, "part"));
	}
	if (pl_page_decimal(t->view, "rest") != 0) {
		put_row(s, "All others");
		put_part(s, pl_page_decimal(t->view, "rest"));
	}
	put_row(s, "What was off before anybody proposed anything else than expected");
	put_part(s, pl_page_decimal(t->view, "known"));
}

/// Parts of the move in credits; what other goods did is what is left of it, so that they add
/// up.
static void put_movers(const telling *t)
{
	const bool expected = pl_page_is(t->view, "against", "expected");
	const pl_column columns[] = {
	        {"Council", PL_HEADS_ROW},
	        {expected ? "Wanted beyond what the rule expected" : "Wanted beyond last round",
	         PL_IS_TEXT},
	        {"Moved the price by, credits", PL_IS_NUMBER}};
	sharing s = {t, columns, fine_enough(t->after - t->before), 1, 0};
	pl_page *p = t->p;
	(void)pl_number_read(&s.unit, s.step);
	const int64_t all = (int64_t)nearbyint((t->after - t->before) / s.unit);
	s.left = all;
	pl_markup_table(&p->m, "Whose proposals moved the price", columns, 3);
	put_mover_rows(&s);
	put_row(&s, "Through other goods, and what the rule remembers");
	pl_markup_put(&p->m, "%s%s\n", s.left < 0 ? "\xe2\x88\x92" : "+",
	              pl_amount_show(p->number, llabs(s.left), s.step));
	put_row(&s, "<b>Together</b>");
	pl_markup_put(&p->m, "%s%s\n", all < 0 ? "\xe2\x88\x92" : "+",
	              pl_amount_show(p->number, llabs(all), s.step));
	pl_markup_table_end(&p->m);
	pl_markup_raw(&p->m, "<p>Wanting more and making less move a price alike; both count "
	                     "here as wanting more.</p>\n");
}

/* ---- the page ---- */

static void put_page(const telling *t)
{
	char title[300], since[64];
	pl_page *p = t->p;
	(void)snprintf(title, sizeof title, "%.200s in round %" PRId64,
	               pl_page_name(p, PL_NAMES_good, t->good), t->round);
	(void)snprintf(since, sizeof since, "Who changed most since round %" PRId64,
	               t->round - 1);
	pl_page_begin(p, title);
	if (t->view != NULL) {
		put_sentence(t);
		put_list(t, "demand", "Who asks for it", false);
		put_list(t, "supply", "Who supplies it", false);
		if (t->round > 1) {
			put_list(t, "changes", since, true);
			pl_markup_raw(&p->m,
			              "<p>More: more is asked for, or less supplied.</p>\n");
		}
		put_movers(t);
	}
	pl_page_finish(p, 200);
}

void pl_visit_why_page(pl_visit *v)
{
	static const char pattern[] = "/seasons/{season}/rounds/{round}/goods/{good}";
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	telling t = {.p = p,
	             .season = pl_page_number(p, pattern),
	             .round = pl_page_number_at(p, pattern, 1),
	             .good = pl_page_number_at(p, pattern, 2)};
	t.view = pl_page_view(p, "/seasons/%" PRId64 "/rounds/%" PRId64 "/goods/%" PRId64,
	                      t.season, t.round, t.good);
	t.row = pl_page_named(p, PL_NAMES_good, t.good);
	t.before = pl_page_decimal(t.view, "before");
	t.after = pl_page_decimal(t.view, "after");
	t.move = pl_page_decimal(t.view, "move");
	put_page(&t);
}
