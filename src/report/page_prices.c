/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Prices: which moved, and how benefit stands to cost. */
#include "base/elementary.h"
#include "report/page.h"

#include <math.h>

/* ---- changes ---- */

static void find_changes(pl_page *g)
{
	const pl_figures *f = g->f;
	pl_html_raw(&g->h, "<p class=\"finding\">");
	if (f->moved.n == 0) {
		pl_html_raw(&g->h, "No price moved from where it started.</p>\n");
		return;
	}
	const int32_t j = f->moved.index[0];
	char number[PL_WORDS_CHARS];
	pl_page_count(g, f->dearer, "good got dearer, ", "goods got dearer, ");
	pl_html_print(&g->h, "%s cheaper", pl_words_count(number, f->cheaper));
	if (f->steady > 0)
		pl_html_print(&g->h, ", %s stayed as they were",
		              pl_words_count(number, f->steady));
	pl_html_raw(&g->h, ". ");
	pl_html_raw(&g->h, "The price of ");
	pl_page_good(g, j);
	pl_html_print(&g->h, " moved most: %s.</p>\n",
	              pl_words_change(number, g->p->price[j] / g->p->start_price[j]));
}

static void change_row(pl_page *g, int k)
{
	char number[PL_WORDS_CHARS];
	const pl_top *t = &g->f->moved;
	const int32_t j = t->index[k];
	const double now = g->p->price[j], start = g->p->start_price[j];
	pl_html_raw(&g->h, "<tr><th scope=\"row\">");
	pl_page_good(g, j);
	pl_page_swing(g, (now > start ? 1 : -1) * t->key[k] / t->key[0]);
	pl_html_print(&g->h, "</th><td class=\"n\">%s</td>", pl_words_number(number, start));
	pl_html_print(&g->h, "<td class=\"n\">%s</td>", pl_words_number(number, now));
	pl_html_print(&g->h, "<td class=\"n\">%s %s</td></tr>\n", now > start ? "▲" : "▼",
	              pl_words_change(number, now / start));
}

void pl_page_prices(pl_page *g)
{
	const pl_top *t = &g->f->moved;
	if (g->f->at_start) return;
	pl_page_open(g, "prices", "Which prices moved");
	find_changes(g);
	pl_html_raw(&g->h,
	            "<p>A price goes up when people ask for more of a good than there is, "
	            "and down when there is more than they ask for.</p>\n");
	if (t->n > 0) {
		pl_page_table(g, "Prices that moved most, for one unit each",
		              "Good, down or up|#Start|#Now|#Change");
		for (int k = 0; k < t->n; k++) change_row(g, k);
		pl_page_table_end(g, pl_top_others(t), 4);
	}
	pl_page_close(g);
}

/* ---- benefit and cost ---- */

static void bin_name(pl_page *g, int bin)
{
	char low[PL_WORDS_CHARS], high[PL_WORDS_CHARS];
	if (bin > 0) (void)pl_words_number(low, pl_ratio_edges[bin - 1]);
	if (bin < PL_RATIO_BINS - 1) (void)pl_words_number(high, pl_ratio_edges[bin]);
	if (bin == 0)
		pl_html_print(&g->h, "below %s", high);
	else if (bin == PL_RATIO_BINS - 1)
		pl_html_print(&g->h, "%s and more", low);
	else
		pl_html_print(&g->h, "%s to %s", low, high);
}

static void distribution(pl_page *g, int64_t all)
{
	char number[PL_WORDS_CHARS];
	int64_t most = 1;
	int first = 0, last = PL_RATIO_BINS - 1;
	const int64_t *n = g->f->ratio_bin;
	while (first < last && n[first] == 0) first++;
	while (last > first && n[last] == 0) last--;
	for (int bin = first; bin <= last; bin++)
		if (n[bin] > most) most = n[bin];
	pl_page_table(g, "How many workplaces have which benefit for each credit of cost",
	              "Benefit for 1 of cost|#Workplaces|#Share");
	for (int bin = first; bin <= last; bin++) {
		pl_html_raw(&g->h, "<tr><th scope=\"row\">");
		bin_name(g, bin);
		pl_page_bar(g, (double)n[bin] / (double)most);
		pl_html_print(&g->h, "</th><td class=\"n\">%s</td>",
		              pl_words_count(number, n[bin]));
		pl_html_print(&g->h, "<td class=\"n\">%s</td></tr>\n",
		              pl_words_share(number, (double)n[bin] / (double)all));
	}
	pl_page_table_end(g, 0, 3);
}

static void extremes(pl_page *g, const char *caption, const pl_top *t)
{
	char number[PL_WORDS_CHARS];
	pl_page_table(g, caption, "Workplace|#Benefit|#Cost|#Ratio");
	for (int k = 0; k < t->n; k++) {
		const int32_t i = t->index[k];
		pl_html_raw(&g->h, "<tr><th scope=\"row\">");
		pl_page_council(g, i);
		pl_html_print(&g->h, "</th><td class=\"n\">%s</td>",
		              pl_words_number(number, g->p->benefit[i]));
		pl_html_print(&g->h, "<td class=\"n\">%s</td>",
		              pl_words_number(number, g->p->cost[i]));
		pl_html_print(&g->h, "<td class=\"n\">%s</td></tr>\n",
		              pl_words_number(number, fabs(t->key[k])));
	}
	pl_page_table_end(g, 0, 4);
}

static void find_ratios(pl_page *g, int64_t all)
{
	int64_t even = g->f->ratio_bin[2], more = 0;
	for (int bin = 3; bin < PL_RATIO_BINS; bin++) more += g->f->ratio_bin[bin];
	pl_html_raw(&g->h, "<p class=\"finding\">Of ");
	pl_page_count(g, all, "workplace", "workplaces");
	char number[PL_WORDS_CHARS];
	pl_html_print(&g->h, ", %s make just what they cost, ", pl_words_count(number, even));
	pl_html_print(&g->h, "%s make more than they cost, ", pl_words_count(number, more));
	pl_html_print(&g->h,
	              "%s less.</p>\n<p>Benefit is the worth of what a workplace makes. ",
	              pl_words_count(number, all - even - more));
	pl_html_raw(&g->h,
	            "Cost is the worth of all it uses. A ratio above 1 pays for effort, or "
	            "shows that the workplace has something others lack, such as room or "
	            "machines.</p>\n");
}

void pl_page_ratios(pl_page *g)
{
	int64_t all = 0;
	for (int bin = 0; bin < PL_RATIO_BINS; bin++) all += g->f->ratio_bin[bin];
	if (all == 0) return;
	pl_page_open(g, "ratios", "What workplaces give for what they take");
	find_ratios(g, all);
	distribution(g, all);
	pl_html_raw(&g->h, "<div class=\"two\"><div>\n");
	extremes(g, "Most benefit for their cost", &g->f->best);
	pl_html_raw(&g->h, "</div><div>\n");
	extremes(g, "Least benefit for their cost", &g->f->worst);
	pl_html_raw(&g->h, "</div></div>\n");
	pl_page_close(g);
}
