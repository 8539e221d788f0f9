/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* watch_section.c - a workplace's history on the page of its jobs: lines and a table. */
#include "report/watch.h"
#include "report/words.h"

#include <math.h>

enum { WIDE = 480, HIGH = 270, LEFT = 4, DATA = 64, RIGHT = 400, TOP = 16, BOTTOM = 226 };
enum { DOTS_MOST = 40, ROWS = 60, PERIOD_COLUMNS = 30, AXIS_COLUMNS = 10 };
static const double fifth = 0.2;

enum { EMPOWERING, DECISIVE, VOICE, LINES };
static const struct {
	const char *look, *what; ///< how the line is drawn, and what it shows
} lines[LINES] = {
        {"class=\"line h0\"", "whole line: empowering work that a fifth of the workforce does"},
        {"class=\"line h2\" stroke-dasharray=\"9 5\"",
         "dashes: decisive work that a fifth does"},
        {"class=\"line h4\" stroke-dasharray=\"2 4\"",
         "dots: what those who do most of the empowering work, a fifth, have of the meetings "
         "(the mean of minutes, proposals and votes won)"}};

/// The mean of what those who do the empowering work have of minutes, proposals and votes won.
static double voice_of(const pl_monitor *m)
{
	double sum = 0;
	int n = 0;
	for (int i = 0; i < PL_VOICES; i++) {
		if (isnan(m->ruled[i])) continue;
		sum += m->ruled[i];
		n++;
	}
	return n > 0 ? sum / n : (double)NAN;
}

/// NaN: not known, or not to be told.
static double value_of(const pl_monitor *m, int line)
{
	if (!pl_watch_open(m)) return (double)NAN;
	return line == EMPOWERING ? m->empowering.top
	       : line == DECISIVE ? m->decisive.top
	                          : voice_of(m);
}

static bool any(const pl_watched *w, int line)
{
	for (int32_t p = 0; p < w->n; p++)
		if (!isnan(value_of(&w->period[p], line))) return true;
	return false;
}

static double across(const pl_watched *w, int32_t p)
{
	return w->n > 1 ? DATA + (RIGHT - DATA) * (double)p / (w->n - 1) : RIGHT;
}

static double up(double part)
{
	return BOTTOM - (BOTTOM - TOP) * part;
}

static void put_level(pl_html *h, double part, const char *look, const char *word)
{
	char y[PL_WORDS_CHARS], percent[PL_WATCH_PART];
	(void)pl_words_place(y, up(part));
	pl_html_print(h, "<path %s d=\"M%d %sH%d\"/>", look, (int)LEFT, y, (int)WIDE - LEFT);
	pl_html_print(h, "<text class=\"t\" x=\"%d\" y=\"%s\" dy=\"-3\">%s</text>\n", (int)LEFT,
	              y, word != NULL ? word : pl_watch_part(percent, part));
}

static void put_name(pl_html *h, const pl_watched *w, int32_t p, bool end)
{
	char x[PL_WORDS_CHARS];
	pl_html_print(h, "<text class=\"t%s\" x=\"%s\" y=\"%d\">", end ? " e" : "",
	              pl_words_place(x, across(w, p)), BOTTOM + 26);
	pl_html_text(h, w->name(w->names, p), AXIS_COLUMNS);
	pl_html_raw(h, "</text>\n");
}

static void put_line(pl_html *h, const pl_watched *w, int line)
{
	char x[PL_WORDS_CHARS], y[PL_WORDS_CHARS];
	bool on = false;
	pl_html_print(h, "<path %s d=\"", lines[line].look);
	for (int32_t p = 0; p < w->n; p++) {
		const double v = value_of(&w->period[p], line);
		if (!isnan(v))
			pl_html_print(h, "%s%s %s", on ? "L" : "M",
			              pl_words_place(x, across(w, p)),
			              pl_words_place(y, up(v)));
		on = !isnan(v);
	}
	pl_html_raw(h, "\"/>\n");
	for (int32_t p = 0; p < w->n && w->n <= DOTS_MOST; p++) {
		const double v = value_of(&w->period[p], line);
		if (!isnan(v))
			pl_html_print(h, "<circle class=\"h%d\" cx=\"%s\" cy=\"%s\" r=\"3\"/>",
			              2 * line, pl_words_place(x, across(w, p)),
			              pl_words_place(y, up(v)));
	}
}

/// What the new jobs make of a line, behind its end.
static void put_planned(pl_html *h, const pl_watched *w, int line)
{
	char x[PL_WORDS_CHARS], y[PL_WORDS_CHARS], y0[PL_WORDS_CHARS];
	const double now = value_of(&w->period[w->n - 1], line);
	const double then = w->planned != NULL ? value_of(w->planned, line) : (double)NAN;
	if (isnan(now) || isnan(then)) return;
	(void)pl_words_place(x, across(w, w->n - 1));
	(void)pl_words_place(y, up(then));
	pl_html_print(h, "<path class=\"joint\" d=\"M%s %sL%d %s\"/>", x,
	              pl_words_place(y0, up(now)), (int)WIDE - 40, y);
	pl_html_print(h, "<circle class=\"h%d\" cx=\"%d\" cy=\"%s\" r=\"5\"/>\n", 2 * line,
	              (int)WIDE - 40, y);
}

static void draw(pl_html *h, const pl_watched *w)
{
	pl_html_print(
	        h,
	        "<figure><svg class=\"plot\" role=\"img\" aria-labelledby=\"time-t time-d\" "
	        "viewBox=\"0 0 %d %d\">\n<title id=\"time-t\">Parts that a fifth has, period "
	        "after period</title>\n<desc id=\"time-d\">Lines from the first period at the "
	        "left to the last at the right; behind it what the new jobs make of them. The "
	        "table below has the numbers.</desc>\n",
	        (int)WIDE, (int)HIGH);
	put_level(h, 1, "class=\"grid\"", NULL);
	put_level(h, 0, "class=\"grid\"", NULL);
	put_level(h, fifth, "class=\"grid\"", "even");
	put_level(h, w->s.alarm, "class=\"goal\" style=\"stroke:var(--bad)\"", "alarm");
	for (int i = 0; i < LINES; i++) put_line(h, w, i);
	for (int i = 0; i < VOICE; i++) put_planned(h, w, i);
	if (w->n > 1) put_name(h, w, 0, false);
	put_name(h, w, w->n - 1, true);
	if (w->planned != NULL)
		pl_html_print(h, "<text class=\"t e\" x=\"%d\" y=\"%d\">planned</text>\n",
		              (int)WIDE - LEFT, BOTTOM + 26);
	pl_html_raw(h, "</svg><figcaption>");
	for (int i = 0; i < LINES; i++)
		if (any(w, i))
			pl_html_print(h, "%s%s", i > 0 ? "; " : "Parts of all, ",
			              lines[i].what);
	pl_html_raw(h, ". A fifth's own part would be 20 %.</figcaption></figure>\n");
}

static void put_cell(pl_html *h, double part)
{
	char percent[PL_WATCH_PART];
	pl_html_print(h, "<td class=\"n\">%s</td>", pl_watch_part(percent, part));
}

/// With two decimals.
static void put_decimal(pl_html *h, double x)
{
	const int cents = isnan(x) ? 0 : (int)floor(x * 100 + 0.5);
	if (isnan(x))
		pl_html_raw(h, "<td class=\"n\">-</td>");
	else
		pl_html_print(h, "<td class=\"n\">%d.%02d</td>", cents / 100, cents % 100);
}

static void put_row(pl_html *h, const pl_monitor *m)
{
	const bool open = pl_watch_open(m);
	const double no = (double)NAN;
	put_cell(h, open ? m->empowering.top : no);
	put_decimal(h, open ? m->empowering.gini : no);
	put_cell(h, open ? m->decisive.top : no);
	put_decimal(h, open ? m->decisive.gini : no);
	for (int i = 0; i < PL_VOICES; i++) put_cell(h, open ? m->ruled[i] : no);
	put_decimal(h, open ? m->imbalance : no);
	pl_html_print(h, "<td>%s%s%s</td></tr>\n", m->alarm ? "alarm" : "",
	              m->alarm && open && m->tokenistic ? ", " : "",
	              open && m->tokenistic ? "token" : "");
}

static void tabulate(pl_html *h, const pl_watched *w)
{
	const int32_t first = w->n > ROWS ? w->n - ROWS : 0;
	pl_html_raw(h,
	            "<div class=\"scroll\" role=\"region\" aria-labelledby=\"time-c\" "
	            "tabindex=\"0\"><table><caption id=\"time-c\">Parts that a fifth has, and "
	            "Gini coefficients (0: all the same); imbalance in points; - : not known, "
	            "or fewer than five worked</caption>\n<thead><tr>"
	            "<th scope=\"col\">Period</th>");
	static const char *const heads[] = {"Empowering", "Gini",     "Decisive",
	                                    "Gini",       "Minutes",  "Proposals",
	                                    "Votes won",  "Imbalance"};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		pl_html_print(h, "<th scope=\"col\" class=\"n\">%s</th>", heads[i]);
	pl_html_raw(h, "<th scope=\"col\">Flags</th></tr></thead><tbody>\n");
	for (int32_t p = first; p < w->n; p++) {
		pl_html_raw(h, "<tr><th scope=\"row\">");
		pl_html_name(h, w->name(w->names, p), PERIOD_COLUMNS);
		pl_html_raw(h, "</th>");
		put_row(h, &w->period[p]);
	}
	if (w->planned != NULL) {
		pl_html_raw(h, "<tr><th scope=\"row\">planned</th>");
		put_row(h, w->planned);
	}
	pl_html_raw(h, "</tbody></table></div>\n");
	if (first > 0)
		pl_html_print(h, "<p>and %d earlier: monitor.csv has all.</p>\n", (int)first);
}

void pl_watch_section(pl_html *h, const pl_watched *w)
{
	char line[PL_WATCH_LINE];
	int next = 0;
	if (w->n == 0) return;
	pl_html_raw(h, "<section id=\"time\"><h2>Over time</h2>\n");
	for (bool first = true; pl_watch_next(line, w, &next); first = false) {
		if (line[0] >= 'a' && line[0] <= 'z') line[0] = (char)(line[0] - 'a' + 'A');
		pl_html_raw(h, first ? "<p class=\"finding\">" : "<p>");
		pl_html_text(h, line, PL_WATCH_LINE);
		pl_html_raw(h, ".</p>\n");
	}
	if (pl_watch_open(&w->period[w->n - 1])) {
		draw(h, w);
		tabulate(h, w);
	}
	pl_html_raw(h, "</section>\n");
}
