/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What prices are made of: a stacked bar below each name, its parts beside it. */
#include "report/page.h"

static const char *const part_words[PL_FOR_KINDS] = {
        "Work", "Nature", "Machines", "Pollution", "Effort", "Brought in", "Scarcity", "Rest"};

/// The column of a part, with its colour.
static void head(pl_page *g, int kind)
{
	pl_html_print(
	        &g->h,
	        "<th scope=\"col\" class=\"n\"><svg class=\"key\" viewBox=\"0 0 8 8\" "
	        "aria-hidden=\"true\"><rect class=\"h%d\" width=\"8\" height=\"8\"/></svg> "
	        "%s</th>",
	        kind, part_words[kind]);
}

static void stacked_bar(pl_page *g, const double *share)
{
	char left[PL_WORDS_CHARS], width[PL_WORDS_CHARS];
	double at = 0;
	pl_html_raw(&g->h, "<svg class=\"bar tall\" viewBox=\"0 0 100 8\" "
	                   "preserveAspectRatio=\"none\" aria-hidden=\"true\">");
	for (int kind = 0; kind < PL_FOR_KINDS; kind++) {
		const double left_over = 1 - at;
		double part = share[kind] > 0 ? share[kind] : 0;
		if (part > left_over) part = left_over;
		if (part >= 1e-3)
			pl_html_print(
			        &g->h,
			        "<rect class=\"h%d\" x=\"%s\" width=\"%s\" height=\"8\"/>",
			        kind, pl_words_place(left, 100 * at),
			        pl_words_place(width, 100 * part));
		at += part;
	}
	pl_html_raw(&g->h, "</svg>");
}

static void row(pl_page *g, int k)
{
	char number[PL_WORDS_CHARS];
	const int32_t j = g->makeup->good[k];
	const double *share = g->makeup->share[k];
	pl_html_raw(&g->h, "<tr><th scope=\"row\">");
	pl_page_good(g, j);
	stacked_bar(g, share);
	pl_html_print(&g->h, "</th><td class=\"n\">%s</td>",
	              pl_words_number(number, g->p->price[j]));
	for (int kind = 0; kind < PL_FOR_KINDS; kind++)
		if (g->makeup->present[kind])
			pl_html_print(&g->h, "<td class=\"n\">%s</td>",
			              share[kind] > 5e-4 ? pl_words_share(number, share[kind])
			                                 : "–");
	pl_html_raw(&g->h, "</tr>\n");
}

/// How many of the goods cost most for this kind of thing; the largest such kind.
static int most_common(const pl_makeup *x, int *count)
{
	int wins[PL_FOR_KINDS] = {0}, best = 0;
	for (int k = 0; k < x->n; k++) {
		int largest = 0;
		for (int kind = 1; kind < PL_FOR_KINDS; kind++)
			if (x->share[k][kind] > x->share[k][largest]) largest = kind;
		wins[largest]++;
	}
	for (int kind = 1; kind < PL_FOR_KINDS; kind++)
		if (wins[kind] > wins[best]) best = kind;
	*count = wins[best];
	return best;
}

static void find(pl_page *g)
{
	static const char *const what[PL_FOR_KINDS] = {"people’s work",
	                                               "land and nature",
	                                               "the use of machines",
	                                               "pollution",
	                                               "effort beyond the hours",
	                                               "what is brought in",
	                                               "room and skill that others lack",
	                                               "what could not be traced"};
	int count;
	const int kind = most_common(g->makeup, &count);
	char a[PL_WORDS_CHARS], b[PL_WORDS_CHARS];
	pl_html_print(&g->h, "<p class=\"finding\">Of the prices of these %s goods, ",
	              pl_words_count(b, g->makeup->n));
	pl_html_print(&g->h, "%s %s mainly for %s.</p>\n",
	              count == g->makeup->n ? "all" : pl_words_count(a, count),
	              count == 1 ? "pays" : "pay", what[kind]);
	pl_html_raw(&g->h,
	            "<p>Each price is followed back through all workplaces that had a hand "
	            "in the good, to what nobody made.</p>\n");
}

void pl_page_makeup(pl_page *g)
{
	if (g->makeup->n == 0) return;
	const int id = ++g->tables;
	pl_page_open(g, "makeup", "What prices are made of");
	find(g);
	pl_html_print(
	        &g->h,
	        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"t%d\" "
	        "tabindex=\"0\"><table>\n<caption id=\"t%d\">Parts of the price of the goods "
	        "that people get most of, by worth</caption>\n<thead><tr>"
	        "<th scope=\"col\">Good</th><th scope=\"col\" class=\"n\">Price</th>",
	        id, id);
	for (int kind = 0; kind < PL_FOR_KINDS; kind++)
		if (g->makeup->present[kind]) head(g, kind);
	pl_html_raw(&g->h, "</tr></thead>\n<tbody>\n");
	for (int k = 0; k < g->makeup->n; k++) row(g, k);
	pl_page_table_end(g, 0, 1);
	pl_page_close(g);
}
