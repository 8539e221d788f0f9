/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The plan in a page: what people get, what it takes, who gets what. */
#include "report/page.h"

#include <math.h>

/// The name of row k of a list of goods, its amount, its worth and a bar.
static void good_row(pl_page *g, const pl_top *t, int k, double amount)
{
	char number[PL_WORDS_CHARS];
	const double largest = t->key[0] > 0 ? t->key[0] : 1;
	pl_html_raw(&g->h, "<tr><th scope=\"row\">");
	pl_page_good(g, t->index[k]);
	pl_page_bar(g, t->key[k] / largest);
	pl_html_raw(&g->h, "</th><td class=\"n\">");
	pl_page_amount(g, t->index[k], amount);
	pl_html_print(&g->h, "</td><td class=\"n\">%s</td></tr>\n",
	              pl_words_number(number, t->key[k]));
}

static double wanted(const pl_page *g, const pl_top *t, int k)
{
	const double price = g->f->price[t->index[k]];
	return price > 0 ? t->key[k] / price : g->p->demand[t->index[k]];
}

static void what_people_get(pl_page *g)
{
	const pl_top *t = &g->f->goods;
	pl_html_raw(&g->h, "<h3>What people get</h3>\n<p class=\"finding\">");
	if (t->n == 0 || !(t->sum > 0)) {
		pl_html_raw(&g->h, "Nobody gets anything that has a price.</p>\n");
		return;
	}
	pl_page_count(g, t->found, "good reaches", "goods reach");
	pl_html_raw(&g->h, " people, worth ");
	pl_page_money(g, t->sum);
	pl_html_raw(&g->h, " in all. The largest part is ");
	pl_page_good(g, t->index[0]);
	pl_html_raw(&g->h, ", ");
	pl_page_share(g, t->key[0] / t->sum);
	pl_html_raw(&g->h, " of that worth.</p>\n");
	pl_page_table(g, "Goods that people get, by worth", "Good|#Amount|#Worth");
	for (int k = 0; k < t->n; k++) good_row(g, t, k, wanted(g, t, k));
	pl_page_table_end(g, pl_top_others(t), 3);
}

static void say_labour(pl_page *g)
{
	const pl_figures *f = g->f;
	if (f->hours_of < 0) return;
	pl_html_raw(&g->h, "People work ");
	if (isfinite(f->hours)) {
		pl_page_amount(g, f->hours_of, f->hours);
		pl_html_raw(&g->h, ", worth ");
	} else {
		pl_html_raw(&g->h, "to the worth of ");
	}
	pl_page_money(g, f->labour);
	pl_html_raw(&g->h, ". ");
}

static void what_it_takes(pl_page *g)
{
	const pl_top *t = &g->f->inputs;
	if (t->n == 0) return;
	pl_html_raw(&g->h, "<h3>What it costs society</h3>\n<p class=\"finding\">");
	say_labour(g);
	if (t->sum > 0) {
		pl_html_raw(&g->h,
		            "Of all work, land, machine time and pollution the dearest is ");
		pl_page_good(g, t->index[0]);
		pl_html_raw(&g->h, ", ");
		pl_page_share(g, t->key[0] / t->sum);
		pl_html_raw(&g->h, " of their worth.");
	}
	pl_html_raw(&g->h, "</p>\n");
	pl_page_table(g, "Work, land, machine time and pollution used, by worth",
	              "What|#Used|#Worth");
	for (int k = 0; k < t->n; k++) good_row(g, t, k, g->p->demand[t->index[k]]);
	pl_page_table_end(g, pl_top_others(t), 3);
}

/// "Bread, Housing, Meals".
static void say_takes(pl_page *g, int32_t council)
{
	const pl_top t = pl_figures_taken(g->f, g->m, g->p, council);
	if (t.n == 0) pl_html_raw(&g->h, "nothing");
	for (int k = 0; k < t.n; k++) {
		if (k > 0) pl_html_raw(&g->h, ", ");
		pl_page_good(g, t.index[k]);
	}
	if (pl_top_others(&t) > 0) pl_html_raw(&g->h, " …");
}

static void taker_row(pl_page *g, int k)
{
	char number[PL_WORDS_CHARS];
	const pl_top *t = &g->f->takers;
	const int32_t i = t->index[k];
	const double members = g->m->council.members[i], ratio = g->p->ratio[i];
	pl_html_raw(&g->h, "<tr><th scope=\"row\">");
	pl_page_council(g, i);
	pl_page_bar(g, t->key[0] > 0 ? t->key[k] / t->key[0] : 0);
	pl_html_print(&g->h, "</th><td class=\"n\">%s</td>",
	              isfinite(members) ? pl_words_number(number, members) : "");
	pl_html_print(&g->h, "<td class=\"n\">%s</td>", pl_words_number(number, t->key[k]));
	pl_html_print(&g->h, "<td class=\"n\">%s</td>",
	              isfinite(ratio) ? pl_words_share(number, ratio) : "");
	pl_html_raw(&g->h, "<td class=\"w\">");
	say_takes(g, i);
	pl_html_raw(&g->h, "</td></tr>\n");
}

static void who_gets_what(pl_page *g)
{
	const pl_top *t = &g->f->takers;
	if (t->n == 0) return;
	pl_html_raw(&g->h, "<h3>Who gets what</h3>\n<p class=\"finding\">");
	pl_page_count(g, t->found, "council of people gets", "councils of people share");
	pl_html_raw(&g->h, " goods worth ");
	pl_page_money(g, t->sum);
	pl_html_raw(&g->h, ". ");
	if (t->sum > 0 && t->found > 1) {
		pl_html_raw(&g->h, "The largest part, ");
		pl_page_share(g, t->key[0] / t->sum);
		pl_html_raw(&g->h, ", goes to ");
		pl_page_council(g, t->index[0]);
		pl_html_raw(&g->h, ".");
	}
	pl_html_raw(&g->h, "</p>\n");
	pl_page_table(g, "Councils of people, by the worth of what they get",
	              "Council|#Members|#Worth|#Of income|Mostly");
	for (int k = 0; k < t->n; k++) taker_row(g, k);
	pl_page_table_end(g, pl_top_others(t), 5);
}

void pl_page_summary(pl_page *g)
{
	pl_page_open(g, "plan",
	             g->p->outcome == PL_INFEASIBLE ? "The nearest plan in a page"
	                                            : "The plan in a page");
	if (g->f->at_start)
		pl_html_raw(&g->h,
		            "<p class=\"note\">This plan found no price for any good, so "
		            "worth is counted in the prices it started from.</p>\n");
	pl_html_raw(&g->h, "<div class=\"two\"><div>\n");
	what_people_get(g);
	pl_html_raw(&g->h, "</div><div>\n");
	what_it_takes(g);
	pl_html_raw(&g->h, "</div></div>\n");
	who_gets_what(g);
	pl_page_close(g);
}
