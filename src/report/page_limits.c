/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is scarce, what nearly is, what is plenty; and, where no plan fits, what is missing. */
#include "report/page.h"

/* ---- limits ---- */

static double limit_of(const pl_page *g, int32_t which)
{
	return which >= 0 ? g->p->supply[which]
	                  : g->m->council.param[PL_P_recipe_capacity][-1 - which];
}

/// @param worth true: a bar of what the limit is worth; false: of how much is in use
static void limit_row(pl_page *g, const pl_top *t, int k, bool worth)
{
	char number[PL_WORDS_CHARS];
	const int32_t which = t->index[k];
	pl_html_raw(&g->h, "<tr><th scope=\"row\">");
	if (which >= 0)
		pl_page_good(g, which);
	else
		pl_page_council(g, -1 - which);
	pl_page_bar(g, !worth ? t->key[k] : t->key[0] > 0 ? t->key[k] / t->key[0] : 0);
	pl_html_print(&g->h, "</th><td>%s</td><td class=\"n\">",
	              which >= 0 ? "stock" : "workplace");
	if (which >= 0)
		pl_page_amount(g, which, limit_of(g, which));
	else
		pl_html_raw(&g->h, pl_words_number(number, limit_of(g, which)));
	pl_html_print(&g->h, "</td><td class=\"n\">%s</td></tr>\n",
	              worth ? pl_words_number(number, t->key[k])
	                    : pl_words_share(number, t->key[k]));
}

static void limits(pl_page *g, const char *caption, const pl_top *t, bool worth)
{
	if (t->n == 0) return;
	pl_page_table(g, caption,
	              worth ? "What|Kind|#Limit|#Worth" : "What|Kind|#Limit|#In use");
	for (int k = 0; k < t->n; k++) limit_row(g, t, k, worth);
	pl_page_table_end(g, pl_top_others(t), 4);
}

static void plenty(pl_page *g)
{
	const pl_top *t = &g->f->plenty;
	char number[PL_WORDS_CHARS];
	if (t->n == 0) return;
	pl_html_raw(&g->h, "<h3>What there is more than enough of</h3>\n<p>These cost nothing, "
	                   "since nobody has to go without when somebody takes more.</p>\n");
	pl_page_table(g, "Goods that cost nothing, the fullest first",
	              "Good|#There is|#Used|#In use");
	for (int k = 0; k < t->n; k++) {
		const int32_t j = t->index[k];
		pl_html_raw(&g->h, "<tr><th scope=\"row\">");
		pl_page_good(g, j);
		pl_page_bar(g, t->key[k]);
		pl_html_raw(&g->h, "</th><td class=\"n\">");
		pl_page_amount(g, j, g->p->supply[j]);
		pl_html_print(&g->h, "</td><td class=\"n\">%s</td>",
		              pl_words_number(number, g->p->demand[j]));
		pl_html_print(&g->h, "<td class=\"n\">%s</td></tr>\n",
		              pl_words_share(number, t->key[k]));
	}
	pl_page_table_end(g, pl_top_others(t), 4);
}

static void unbalanced(pl_page *g)
{
	const pl_top *t = &g->f->imbalance;
	char number[PL_WORDS_CHARS];
	if (t->n == 0) return;
	pl_html_raw(&g->h, "<h3>Furthest out of balance</h3>\n");
	pl_page_table(g, "Goods whose supply and demand differ most",
	              "Good|#Supply|#Demand|#Difference");
	for (int k = 0; k < t->n; k++) {
		const int32_t j = t->index[k];
		pl_html_raw(&g->h, "<tr><th scope=\"row\">");
		pl_page_good(g, j);
		pl_html_raw(&g->h, "</th><td class=\"n\">");
		pl_page_amount(g, j, g->p->supply[j]);
		pl_html_raw(&g->h, "</td><td class=\"n\">");
		pl_page_amount(g, j, g->p->demand[j]);
		pl_html_print(&g->h, "</td><td class=\"n\">%s</td></tr>\n",
		              pl_words_parts(number, t->key[k]));
	}
	pl_page_table_end(g, 0, 4);
}

void pl_page_limits(pl_page *g)
{
	const pl_figures *f = g->f;
	pl_page_open(g, "limits", "What is scarce, and what nearly is");
	pl_html_raw(&g->h, "<p class=\"finding\">");
	if (f->spent.found == 0) {
		pl_html_raw(&g->h, "Nothing is used to its limit.");
	} else {
		pl_page_count(g, f->spent.found, "limit is reached: ", "limits are reached. ");
		pl_html_raw(&g->h, f->spent.found == 1 ? "" : "What weighs most is ");
		if (f->spent.index[0] >= 0)
			pl_page_good(g, f->spent.index[0]);
		else
			pl_page_council(g, -1 - f->spent.index[0]);
		pl_html_raw(&g->h, ".");
	}
	pl_html_raw(&g->h, "</p>\n<p>A stock is what there is of a good before anybody makes "
	                   "more. A workplace is at its limit when it cannot do more with the "
	                   "room and machines it has.</p>\n");
	limits(g, "Used to the limit, by what the limit is worth", &f->spent, true);
	limits(g, "Nearly used to the limit", &f->nearly, false);
	plenty(g);
	unbalanced(g);
	pl_page_close(g);
}

/* ---- no plan fits ---- */

static void scarce_goods(pl_page *g)
{
	enum { MOST = 12 };
	char number[PL_WORDS_CHARS];
	const pl_plan *p = g->p;
	const int32_t shown = p->n_scarce < MOST ? p->n_scarce : MOST;
	if (shown == 0) return;
	pl_page_table(g, "Goods there is too little of, and their part in the conflict",
	              "Good|#Part");
	for (int32_t k = 0; k < shown; k++) {
		pl_html_raw(&g->h, "<tr><th scope=\"row\">");
		pl_page_good(g, p->scarce[k]);
		pl_page_bar(g, p->scarce_weight[k] / p->scarce_weight[0]);
		pl_html_print(&g->h, "</th><td class=\"n\">%s</td></tr>\n",
		              pl_words_share(number, p->scarce_weight[k]));
	}
	pl_page_table_end(g, p->n_scarce - shown, 2);
}

static void party_row(pl_page *g, const pl_conflict *c)
{
	char number[PL_WORDS_CHARS];
	pl_html_raw(&g->h, "<tr><th scope=\"row\">");
	if (c->council >= 0)
		pl_page_council(g, c->council);
	else
		pl_html_raw(&g->h, "What society has");
	if (!c->limits) pl_page_bar(g, c->asked > 0 ? c->met / c->asked : 1);
	pl_html_raw(&g->h, "</th><td>");
	if (c->good >= 0) pl_page_good(g, c->good);
	pl_html_print(&g->h, "</td><td>%s</td><td class=\"n\">",
	              c->limits ? "there is no more" : "asks for it");
	if (c->good >= 0 && !(c->limits && c->council >= 0))
		pl_page_amount(g, c->good, c->asked);
	else
		pl_html_raw(&g->h, pl_words_number(number, c->asked));
	pl_html_print(&g->h, "</td><td class=\"n\">%s</td></tr>\n",
	              c->limits ? "" : pl_words_number(number, c->met));
}

static void parties(pl_page *g)
{
	enum { MOST = 20 };
	const pl_plan *p = g->p;
	const int32_t shown = p->n_conflicts < MOST ? p->n_conflicts : MOST;
	if (shown == 0) return;
	pl_html_raw(&g->h, "<h3>Who is in it</h3>\n");
	pl_page_table(g, "Requests that cannot all be met, and the limits they meet",
	              "Who|Good|What|#Amount|#Can be had");
	for (int32_t k = 0; k < shown; k++) party_row(g, &p->conflict[k]);
	pl_page_table_end(g, p->n_conflicts - shown, 5);
}

void pl_page_conflict(pl_page *g)
{
	if (g->p->outcome != PL_INFEASIBLE) return;
	pl_page_open(g, "conflict", "Why no plan fits");
	pl_html_raw(&g->h, "<p class=\"finding\">");
	if (g->p->n_scarce > 0) {
		pl_html_raw(&g->h, "There is too little of ");
		pl_page_count(g, g->p->n_scarce, "good. ", "goods. ");
		pl_html_raw(&g->h, "What is missing most is ");
		pl_page_good(g, g->p->scarce[0]);
		pl_html_raw(&g->h, ". ");
	}
	pl_html_raw(&g->h, "Ask for less of what is named here, or find more of it, and plan "
	                   "again.</p>\n");
	scarce_goods(g);
	parties(g);
	pl_page_close(g);
}
