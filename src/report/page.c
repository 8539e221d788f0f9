/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/page.h"

#include <math.h>
#include <string.h>

enum { UNIT_COLUMNS = 14 };

void pl_page_good(pl_page *g, int32_t good)
{
	const char *name = pl_text_at(g->m->good.name, good);
	if (name[0] == '\0') name = pl_text_at(g->m->good.id, good);
	pl_html_name(&g->h, name, PL_NAME_COLUMNS);
}

void pl_page_council(pl_page *g, int32_t council)
{
	const char *name = pl_text_at(g->m->council.name, council);
	if (name[0] == '\0') name = pl_text_at(g->m->council.id, council);
	pl_html_name(&g->h, name, PL_NAME_COLUMNS);
}

void pl_page_amount(pl_page *g, int32_t good, double x)
{
	char number[PL_WORDS_CHARS];
	const char *unit = pl_text_at(g->m->good.unit, good);
	pl_html_raw(&g->h, pl_words_number(number, x));
	if (unit[0] == '\0') return;
	pl_html_raw(&g->h, " ");
	pl_html_name(&g->h, unit, UNIT_COLUMNS);
}

void pl_page_money(pl_page *g, double x)
{
	char number[PL_WORDS_CHARS];
	pl_html_print(&g->h, "%s ", pl_words_number(number, x));
	pl_html_name(&g->h, g->credit, UNIT_COLUMNS);
}

void pl_page_count(pl_page *g, int64_t n, const char *one, const char *many)
{
	char number[PL_WORDS_CHARS];
	pl_html_print(&g->h, "%s %s", pl_words_count(number, n), n == 1 ? one : many);
}

void pl_page_share(pl_page *g, double share)
{
	char number[PL_WORDS_CHARS];
	pl_html_raw(&g->h, pl_words_share(number, share));
}

void pl_page_open(pl_page *g, const char *id, const char *title)
{
	pl_html_print(&g->h, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n", id, id);
	pl_html_print(&g->h, "<h2 id=\"%s-title\">%s</h2>\n", id, title);
}

void pl_page_close(pl_page *g)
{
	pl_html_raw(&g->h, "</section>\n");
}

static void put_head(pl_page *g, const char *name, size_t n)
{
	if (name[0] == '#')
		pl_html_print(&g->h, "<th scope=\"col\" class=\"n\">%.*s</th>", (int)n - 1,
		              name + 1);
	else
		pl_html_print(&g->h, "<th scope=\"col\">%.*s</th>", (int)n, name);
}

void pl_page_table(pl_page *g, const char *caption, const char *heads)
{
	const int id = ++g->tables;
	pl_html_print(&g->h,
	              "<div class=\"scroll\" role=\"region\" aria-labelledby=\"t%d\" "
	              "tabindex=\"0\"><table>\n<caption id=\"t%d\">%s</caption>\n<thead><tr>",
	              id, id, caption);
	for (const char *at = heads; *at != '\0';) {
		const size_t n = strcspn(at, "|");
		put_head(g, at, n);
		at += n + (at[n] == '|');
	}
	pl_html_raw(&g->h, "</tr></thead>\n<tbody>\n");
}

void pl_page_table_end(pl_page *g, int64_t others, int columns)
{
	char number[PL_WORDS_CHARS];
	if (others > 0)
		pl_html_print(&g->h,
		              "<tr><td colspan=\"%d\" class=\"others\">and %s %s</td></tr>\n",
		              columns, pl_words_count(number, others),
		              others == 1 ? "other" : "others");
	pl_html_raw(&g->h, "</tbody></table></div>\n");
}

static double within(double x, double low, double high)
{
	if (!(x > low)) return low;
	return x < high ? x : high;
}

void pl_page_bar(pl_page *g, double share)
{
	char width[PL_WORDS_CHARS];
	pl_html_print(&g->h,
	              "<svg class=\"bar\" viewBox=\"0 0 100 8\" "
	              "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"bed\" "
	              "width=\"100\" height=\"8\"/><rect width=\"%s\" height=\"8\"/></svg>",
	              pl_words_place(width, 100 * within(share, 0, 1)));
}

void pl_page_swing(pl_page *g, double share)
{
	char width[PL_WORDS_CHARS], left[PL_WORDS_CHARS];
	const double size = 50 * within(fabs(share), 0, 1);
	pl_html_print(&g->h,
	              "<svg class=\"bar %s\" viewBox=\"0 0 100 8\" "
	              "preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"bed\" "
	              "width=\"100\" height=\"8\"/><rect x=\"%s\" width=\"%s\" height=\"8\"/>"
	              "<rect class=\"mid\" x=\"49.6\" width=\"0.8\" height=\"8\"/></svg>",
	              share < 0 ? "down" : "up",
	              pl_words_place(left, share < 0 ? 50 - size : 50),
	              pl_words_place(width, size));
}
