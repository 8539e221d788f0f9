/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Flows: the picture of who gives what to whom, and its table. */
#include "report/page.h"

enum { WIDE = 1000, HIGH = 560, TOP = 46, GAP = 30, NODE = 12, LABEL_COLUMNS = 22, HUES = 8 };

static const double column_x[PL_SANKEY_COLUMNS] = {170, 400, 614, 818};

/// What a node is called: a name that a user gave, or words of ours.
static void say_node(pl_page *g, const pl_sankey_node *n, int columns)
{
	static const char *const words[] = {
	        [PL_NODE_AGAIN] = "Other workplaces", [PL_NODE_SURPLUS] = "Effort and surplus",
	        [PL_NODE_HELD] = "Already there",     [PL_NODE_LEFT] = "Left over",
	        [PL_NODE_PASS] = "Straight on",
	};
	char number[PL_WORDS_CHARS];
	if (n->kind == PL_NODE_GROUP)
		pl_html_text(&g->h, n->name, columns);
	else if (n->kind == PL_NODE_OTHERS)
		pl_html_print(&g->h, "%s %s", pl_words_count(number, n->members),
		              n->members == 1 ? "other" : "others");
	else
		pl_html_raw(&g->h, words[n->kind]);
}

/// The hue of a node: by its place among the groups of its column.
static int hue(const pl_sankey *s, int node)
{
	if (s->node[node].kind != PL_NODE_GROUP) return HUES - 1;
	int at = node;
	while (at > 0 && s->node[at - 1].column == s->node[node].column) at--;
	return (node - at + 2 * s->node[node].column) % (HUES - 1);
}

static void draw_link(pl_page *g, const pl_sankey_link *l)
{
	char x[3][PL_WORDS_CHARS], y[4][PL_WORDS_CHARS], number[PL_WORDS_CHARS];
	const pl_sankey *s = g->s;
	const double from = column_x[s->node[l->from].column] + NODE,
	             to = column_x[s->node[l->to].column];
	const double high = l->height > 0.6 ? l->height : 0.6; /* thinner cannot be seen */
	(void)pl_words_place(x[0], from);
	(void)pl_words_place(x[1], (from + to) / 2);
	(void)pl_words_place(x[2], to);
	(void)pl_words_place(y[0], TOP + l->top_from);
	(void)pl_words_place(y[1], TOP + l->top_to);
	(void)pl_words_place(y[2], TOP + l->top_to + high);
	(void)pl_words_place(y[3], TOP + l->top_from + high);
	pl_html_print(
	        &g->h,
	        "<path class=\"f h%d\" d=\"M%s %sC%s %s %s %s %s %sV%sC%s %s %s %s %s %sZ\">",
	        hue(s, l->from), x[0], y[0], x[1], y[0], x[1], y[1], x[2], y[1], y[2], x[1],
	        y[2], x[1], y[3], x[0], y[3]);
	pl_html_raw(&g->h, "<title>");
	say_node(g, &s->node[l->from], PL_NAME_COLUMNS);
	pl_html_raw(&g->h, " → ");
	say_node(g, &s->node[l->to], PL_NAME_COLUMNS);
	pl_html_print(&g->h, ": %s</title></path>\n", pl_words_number(number, l->value));
}

static void draw_node(pl_page *g, int i)
{
	char x[PL_WORDS_CHARS], y[PL_WORDS_CHARS], high[PL_WORDS_CHARS], number[PL_WORDS_CHARS];
	const pl_sankey_node *n = &g->s->node[i];
	const double left = column_x[n->column], middle = TOP + n->top + n->height / 2;
	pl_html_print(&g->h,
	              "<rect class=\"h%d%s\" x=\"%s\" y=\"%s\" width=\"%d\" height=\"%s\"/>\n",
	              hue(g->s, i), n->kind == PL_NODE_PASS ? " pass" : "",
	              pl_words_place(x, left), pl_words_place(y, TOP + n->top), (int)NODE,
	              pl_words_place(high, n->height > 1 ? n->height : 1));
	if (n->kind == PL_NODE_PASS) return;
	const bool before = n->column == 0;
	(void)pl_words_place(x, before ? left - 8 : left + NODE + 8);
	pl_html_print(&g->h, "<text%s x=\"%s\" y=\"%s\">", before ? " class=\"e\"" : "", x,
	              pl_words_place(y, middle - 1));
	say_node(g, n, LABEL_COLUMNS);
	pl_html_print(&g->h, "<tspan class=\"v\" x=\"%s\" dy=\"13\">%s</tspan></text>\n", x,
	              pl_words_number(number, n->value));
}

static void draw(pl_page *g)
{
	static const char *const head[] = {"What goes in", "Workplaces", "Goods", "People"};
	char x[PL_WORDS_CHARS];
	pl_html_print(&g->h,
	              "<svg class=\"sankey\" role=\"img\" aria-labelledby=\"flows-t flows-d\" "
	              "viewBox=\"0 0 %d %d\">\n<title id=\"flows-t\">What flows from where to "
	              "where</title>\n<desc id=\"flows-d\">A band for each flow, as wide as it "
	              "is worth, from what goes in over workplaces and goods to people. The "
	              "table below the picture has the same numbers.</desc>\n",
	              (int)WIDE, HIGH + TOP + 14);
	for (int c = 0; c < PL_SANKEY_COLUMNS; c++)
		pl_html_print(&g->h, "<text class=\"c%s\" x=\"%s\" y=\"20\">%s</text>\n",
		              c == 0 ? " e" : "",
		              pl_words_place(x, column_x[c] + (c == 0 ? NODE : 0)), head[c]);
	for (int k = 0; k < g->s->n_links; k++) draw_link(g, &g->s->link[k]);
	for (int i = 0; i < g->s->n_nodes; i++) draw_node(g, i);
	pl_html_raw(&g->h, "</svg>\n");
}

static void tabulate(pl_page *g)
{
	char number[PL_WORDS_CHARS];
	pl_html_raw(&g->h, "<details><summary>The same flows as a table</summary>\n");
	pl_page_table(g, "Flows by worth", "From|To|#Worth");
	for (int k = 0; k < g->s->n_links; k++) {
		const pl_sankey_link *l = &g->s->link[k];
		pl_html_raw(&g->h, "<tr><th scope=\"row\"><bdi>");
		say_node(g, &g->s->node[l->from], PL_NAME_COLUMNS);
		pl_html_raw(&g->h, "</bdi></th><td><bdi>");
		say_node(g, &g->s->node[l->to], PL_NAME_COLUMNS);
		pl_html_print(&g->h, "</bdi></td><td class=\"n\">%s</td></tr>\n",
		              pl_words_number(number, l->value));
	}
	pl_page_table_end(g, 0, 3);
	pl_html_raw(&g->h, "</details>\n");
}

/// The widest band between two groups, from column @p column. @return -1: there is none
static int widest(const pl_sankey *s, int column)
{
	int best = -1;
	for (int k = 0; k < s->n_links; k++) {
		const pl_sankey_node *from = &s->node[s->link[k].from];
		const bool named = from->kind == PL_NODE_GROUP && from->column == column &&
		                   s->node[s->link[k].to].kind == PL_NODE_GROUP;
		if (named && (best < 0 || s->link[k].value > s->link[best].value)) best = k;
	}
	return best;
}

static void say_link(pl_page *g, int k, const char *begin, const char *middle)
{
	if (k < 0) return;
	const pl_sankey_link *l = &g->s->link[k];
	pl_html_print(&g->h, "%s “<bdi>", begin);
	say_node(g, &g->s->node[l->from], PL_NAME_COLUMNS);
	pl_html_print(&g->h, "</bdi>” %s “<bdi>", middle);
	say_node(g, &g->s->node[l->to], PL_NAME_COLUMNS);
	pl_html_raw(&g->h, "</bdi>”: ");
	pl_page_money(g, l->value);
	pl_html_raw(&g->h, ". ");
}

static void find(pl_page *g)
{
	pl_html_raw(&g->h, "<p class=\"finding\">");
	say_link(g, widest(g->s, 0), "The widest stream of what goes in is", "for");
	say_link(g, widest(g->s, 2), "The widest stream to people is", "for");
	pl_html_raw(&g->h,
	            "</p>\n<p>Read it from left to right. Each band is as wide as what "
	            "flows through it is worth. What workplaces make for each other goes "
	            "out at the right and comes in again at the left.</p>\n");
}

void pl_page_flows(pl_page *g)
{
	pl_page_open(g, "flows", "From work and land to people");
	if (g->s->n_links == 0) {
		pl_html_raw(&g->h,
		            "<p class=\"finding\">Nothing flows in this plan, so there is "
		            "no picture.</p>\n");
	} else {
		find(g);
		pl_html_raw(&g->h,
		            "<figure class=\"wide\"><div class=\"scroll\" role=\"region\" "
		            "aria-label=\"Picture of the flows\" tabindex=\"0\">\n");
		draw(g);
		pl_html_raw(&g->h, "</div></figure>\n");
		tabulate(g);
	}
	pl_page_close(g);
}
