/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* season_rounds.c - on the page of a season: how far the rounds have come, and what the last
 * one that was closed came to, good by good. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "server/season_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GOODS_SHOWN = 50, ROUNDS_MOST = 1000 };

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

static void put_round(const pl_season_view *s, const worst *w, const pl_column *columns,
                      int64_t round)
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
	} else {
		pl_markup_raw(&p->m, round <= s->closed ? "everything is in balance"
		                                        : "not known yet");
	}
	pl_markup_raw(&p->m, "\n");
}

void pl_season_put_rounds(const pl_season_view *s)
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

static void put_good(const pl_season_view *s, const pl_column *columns, const balance *b)
{
	pl_page *p = s->p;
	const json_t *good = pl_page_named(p, PL_NAMES_good, b->good);
	pl_markup_row(&p->m);
	pl_markup_cell(&p->m, columns++);
	pl_markup_put(&p->m,
	              "<a href=\"%s/seasons/%" PRId64 "/rounds/%" PRId64 "/goods/%" PRId64
	              "\">",
	              p->m.base, s->id, s->closed, b->good);
	pl_page_put_name(p, PL_NAMES_good, b->good);
	pl_markup_put(&p->m, "</a> <small><bdi>%s</bdi></small>", pl_page_text(good, "unit"));
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

void pl_season_put_goods(const pl_season_view *s)
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
	pl_markup_raw(&p->m,
	              "<h2 id=\"goods\">Goods and prices</h2>\n<p>The name of a good leads to "
	              "what moved its price, and who.</p>\n");
	pl_markup_table(&p->m, caption, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < shown; i++) put_good(s, columns, &list[i]);
	pl_markup_table_end(&p->m);
	pl_free(list);
	if (shown < n)
		pl_markup_put(&p->m,
		              "<p><a href=\"?goods=all#goods\">All %" PRId64 " goods</a></p>\n",
		              (int64_t)n);
}
