/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How the plan was found, step by step, and what proves it. */
#include "base/elementary.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

enum { WIDE = 480, HIGH = 270, LEFT = 4, DATA = 140, RIGHT = 474, TOP = 22, BOTTOM = 232 };
enum { DOTS_MOST = 60 };
enum { DECADES_MOST = 15, TABLE_ROWS = 12, ROUND_ROWS = 30 };

/// The range that the picture shows: powers of ten and steps.
typedef struct {
	int low, high;
	double first, last; ///< steps
} frame;

static int power_of(double x)
{
	int power = (int)floor(pl_log(x) / pl_log(10) + 1e-9);
	return power;
}

/// Powers of ten from one line of the grid to the next.
static int every_of(const frame *f)
{
	return f->high - f->low > 8 ? 3 : f->high - f->low > 4 ? 2 : 1;
}

static frame frame_of(const pl_steps *t)
{
	frame f = {0, 0, (double)t->point[0].step, (double)t->last.step};
	bool some = false;
	for (int i = 0; i <= t->n; i++) {
		const double x = i < t->n ? t->point[i].imbalance : t->last.imbalance;
		if (!(x > 0) || !isfinite(x)) continue;
		const int power = power_of(x);
		if (!some || power < f.low) f.low = power;
		if (!some || power + 1 > f.high) f.high = power + 1;
		some = true;
	}
	const int every = every_of(&f);
	f.high += (every - f.high % every) % every;
	if (f.high - f.low > DECADES_MOST) f.low = f.high - DECADES_MOST;
	if (f.high == f.low) f.high = f.low + 1;
	if (!(f.last > f.first)) f.last = f.first + 1;
	return f;
}

static double across(const frame *f, double step)
{
	return DATA + (RIGHT - DATA) * (step - f->first) / (f->last - f->first);
}

static double up(const frame *f, double imbalance)
{
	const double power = imbalance > 0 ? pl_log(imbalance) / pl_log(10) : f->low;
	const double share = (power - f->low) / (f->high - f->low);
	return BOTTOM - (BOTTOM - TOP) * (share < 0 ? 0 : share > 1 ? 1 : share);
}

/// "100 %", "1 %", "1 in a million": a power of ten in words.
static const char *power_words(char out[PL_WORDS_CHARS], int power)
{
	static const char *const word[] = {"thousand", "million", "billion", "trillion"};
	double x = 1;
	for (int i = 0; i < power; i++) x *= 10;
	for (int i = power; i < 0; i++) x /= 10;
	if (power > -3) return pl_words_share(out, x);
	const int thousands = -power / 3 < 4 ? -power / 3 : 4;
	static const char *const tens[] = {"a", "10", "100", "1 000", "10 000", "100 000"};
	const int more = -power - 3 * thousands < 6 ? -power - 3 * thousands : 5;
	(void)snprintf(out, PL_WORDS_CHARS, "1 in %s %s", tens[more], word[thousands - 1]);
	return out;
}

static const char *step_word(const pl_page *g)
{
	return pl_page_rounds(g) ? "round" : "step";
}

static void draw_grid(pl_page *g, const frame *f)
{
	char y[PL_WORDS_CHARS], words[PL_WORDS_CHARS];
	const int every = every_of(f);
	for (int power = f->high; power >= f->low; power -= every) {
		double x = 1;
		for (int i = 0; i < power; i++) x *= 10;
		for (int i = power; i < 0; i++) x /= 10;
		(void)pl_words_place(y, up(f, x));
		pl_html_print(&g->h, "<path class=\"grid\" d=\"M%d %sH%d\"/>", (int)LEFT, y,
		              (int)RIGHT);
		pl_html_print(&g->h,
		              "<text class=\"t\" x=\"%d\" y=\"%s\" dy=\"-3\">%s</text>\n",
		              (int)LEFT, y, power_words(words, power));
	}
	if (g->p->tolerance > 0) {
		(void)pl_words_place(y, up(f, g->p->tolerance));
		pl_html_print(&g->h, "<path class=\"goal\" d=\"M%d %sH%d\"/>", (int)LEFT, y,
		              (int)RIGHT);
		pl_html_print(&g->h,
		              "<text class=\"t e\" x=\"%d\" y=\"%s\" dy=\"-4\">goal</text>\n",
		              (int)RIGHT, y);
	}
	pl_html_print(&g->h, "<text class=\"t\" x=\"%d\" y=\"%d\">%s %lld</text>", (int)DATA,
	              BOTTOM + 26, step_word(g), (long long)f->first);
	pl_html_print(&g->h, "<text class=\"t e\" x=\"%d\" y=\"%d\">%s %lld</text>\n",
	              (int)RIGHT, BOTTOM + 26, step_word(g), (long long)f->last);
}

/// The name of the phase that begins at a point, and how the line gets there.
static void draw_phase(pl_page *g, const frame *f, int at)
{
	char x[PL_WORDS_CHARS], y[PL_WORDS_CHARS], x0[PL_WORDS_CHARS], y0[PL_WORDS_CHARS];
	const pl_steps *t = g->t;
	const double from = across(f, (double)t->point[at].step),
	             to = up(f, t->point[at].imbalance);
	const bool left = from > (DATA + RIGHT) / 2.0;
	(void)pl_words_place(x, from);
	(void)pl_words_place(y, to);
	if (at > 0)
		pl_html_print(&g->h, "<path class=\"joint\" d=\"M%s %sL%s %s\"/>",
		              pl_words_place(x0, across(f, (double)t->point[at - 1].step)),
		              pl_words_place(y0, up(f, t->point[at - 1].imbalance)), x, y);
	pl_html_print(&g->h, "<text class=\"p%s\" x=\"%s\" y=\"%s\">%s</text>\n",
	              left ? " e" : "", pl_words_place(x0, from + (left ? -10 : 10)),
	              pl_words_place(y0, to < TOP + 20 ? to + 22 : to - 10),
	              t->point[at].phase);
}

/// The line through steps [from, to) of one phase.
static void draw_line(pl_page *g, const frame *f, int from, int to, int hue)
{
	char x[PL_WORDS_CHARS], y[PL_WORDS_CHARS];
	const pl_steps *t = g->t;
	pl_html_print(&g->h, "<path class=\"line h%d\" d=\"", hue);
	for (int i = from; i < to; i++)
		pl_html_print(&g->h, "%s%s %s", i == from ? "M" : "L",
		              pl_words_place(x, across(f, (double)t->point[i].step)),
		              pl_words_place(y, up(f, t->point[i].imbalance)));
	if (to == t->n && strcmp(t->last.phase, t->point[from].phase) == 0)
		pl_html_print(&g->h, "L%s %s",
		              pl_words_place(x, across(f, (double)t->last.step)),
		              pl_words_place(y, up(f, t->last.imbalance)));
	pl_html_raw(&g->h, "\"/>\n");
	draw_phase(g, f, from);
	for (int i = from; i < to && t->n <= DOTS_MOST; i++)
		pl_html_print(&g->h, "<circle class=\"h%d\" cx=\"%s\" cy=\"%s\" r=\"3\"/>", hue,
		              pl_words_place(x, across(f, (double)t->point[i].step)),
		              pl_words_place(y, up(f, t->point[i].imbalance)));
}

static void draw(pl_page *g)
{
	const frame f = frame_of(g->t);
	pl_html_print(&g->h,
	              "<svg class=\"plot\" role=\"img\" aria-labelledby=\"search-t search-d\" "
	              "viewBox=\"0 0 %d %d\">\n<title id=\"search-t\">Largest imbalance after "
	              "each %s</title>\n<desc id=\"search-d\">A line from the first %s at the "
	              "left to "
	              "the last at the right. Each line of the grid is a power of ten. The "
	              "table below "
	              "has the numbers.</desc>\n",
	              (int)WIDE, (int)HIGH, step_word(g), step_word(g));
	draw_grid(g, &f);
	int hue = 0;
	for (int from = 0; from < g->t->n; hue = (hue + 2) % 6) {
		int to = from + 1;
		while (to < g->t->n &&
		       strcmp(g->t->point[to].phase, g->t->point[from].phase) == 0)
			to++;
		draw_line(g, &f, from, to, hue);
		from = to;
	}
	pl_html_raw(&g->h, "</svg>\n");
}

static void round_row(pl_page *g, int64_t round, double imbalance)
{
	char number[PL_WORDS_CHARS];
	pl_html_print(&g->h, "<tr><th scope=\"row\">%s</th>", pl_words_count(number, round));
	pl_html_print(&g->h, "<td class=\"n\">%s</td></tr>\n",
	              pl_words_parts(number, imbalance));
}

/// Announcements in a table: the round and its largest imbalance.
static void tabulate_rounds(pl_page *g)
{
	const pl_steps *t = g->t;
	const int every = t->n > ROUND_ROWS ? (t->n + ROUND_ROWS - 1) / ROUND_ROWS : 1;
	pl_html_raw(&g->h, "<details><summary>The same rounds as a table</summary>\n");
	pl_page_table(g, "Largest imbalance in each round", "Round|#Largest imbalance");
	for (int i = 0; i < t->n; i += every)
		if (t->point[i].step != t->last.step)
			round_row(g, t->point[i].step, t->point[i].imbalance);
	round_row(g, t->last.step, t->last.imbalance);
	pl_page_table_end(g, 0, 2);
	pl_html_raw(&g->h, "</details>\n");
}

static void step_row(pl_page *g, const char *phase, int64_t step, int64_t sweeps,
                     double imbalance)
{
	char number[PL_WORDS_CHARS];
	pl_html_print(&g->h, "<tr><th scope=\"row\">%s</th>", pl_words_count(number, step));
	pl_html_print(&g->h, "<td>%s</td><td class=\"n\">%s</td>", phase,
	              pl_words_count(number, sweeps));
	pl_html_print(&g->h, "<td class=\"n\">%s</td></tr>\n",
	              pl_words_parts(number, imbalance));
}

static void tabulate(pl_page *g)
{
	const pl_steps *t = g->t;
	const int every = (t->n + TABLE_ROWS - 1) / TABLE_ROWS;
	pl_html_raw(&g->h, "<details><summary>The same steps as a table</summary>\n");
	pl_page_table(g, "Largest imbalance after each step",
	              "Step|What was done|#Sweeps|#Largest imbalance");
	for (int i = 0; i < t->n; i += every)
		if (t->point[i].step != t->last.step)
			step_row(g, t->point[i].phase, t->point[i].step, t->point[i].sweeps,
			         t->point[i].imbalance);
	step_row(g, t->last.phase, t->last.step, t->last.sweeps, t->last.imbalance);
	pl_page_table_end(g, 0, 4);
	pl_html_raw(&g->h, "</details>\n");
}

static void show_rounds(pl_page *g)
{
	char number[PL_WORDS_CHARS];
	pl_page_open(g, "search", "How the rounds went");
	pl_html_raw(&g->h, "<p class=\"finding\">Prices were announced ");
	pl_page_count(g, g->p->steps, "time", "times");
	pl_html_print(&g->h, ". The largest imbalance went from %s at first ",
	              pl_words_parts(number, g->t->point[0].imbalance));
	pl_html_print(&g->h, "to %s at last.</p>\n",
	              pl_words_parts(number, g->t->last.imbalance));
	pl_html_raw(&g->h,
	            "<p>In each round every council proposes what it would make, use or like "
	            "to have at the prices announced, and a public rule announces the next. "
	            "Every price of every round is in <code>round_prices.csv</code>.</p>\n");
	if (g->t->n > 1) {
		pl_html_raw(&g->h, "<figure>\n");
		draw(g);
		pl_html_raw(&g->h, "</figure>\n");
	}
	tabulate_rounds(g);
	pl_page_close(g);
}

void pl_page_search(pl_page *g)
{
	if (pl_page_rounds(g)) {
		show_rounds(g);
		return;
	}
	char number[PL_WORDS_CHARS];
	pl_page_open(g, "search", "How the plan was found");
	pl_html_raw(&g->h, "<p class=\"finding\">The search took ");
	pl_page_count(g, g->p->steps, "step", "steps");
	pl_html_raw(&g->h, " and asked every council ");
	pl_page_count(g, g->p->sweeps, "time", "times");
	if (g->t != NULL && g->t->n > 0 && g->p->outcome != PL_INFEASIBLE) {
		pl_html_print(&g->h, ". The largest imbalance went from %s at first ",
		              pl_words_parts(number, g->t->point[0].imbalance));
		pl_html_print(&g->h, "to %s in the plan",
		              pl_words_parts(number, g->p->worst_imbalance));
	}
	pl_html_raw(&g->h,
	            ".</p>\n<p>In each step prices change a little, all councils answer, "
	            "and what is asked for comes closer to what there is.</p>\n");
	if (g->t != NULL && g->t->n > 1) {
		pl_html_raw(&g->h, "<figure>\n");
		draw(g);
		pl_html_raw(&g->h, "</figure>\n");
		tabulate(g);
	}
	pl_page_close(g);
}

/* ---- the proof ---- */

static void term(pl_page *g, const char *word, const char *meaning)
{
	pl_html_print(&g->h, "<dt>%s</dt><dd>%s ", word, meaning);
}

void pl_page_proof(pl_page *g)
{
	char number[PL_WORDS_CHARS], digest[65];
	const pl_plan *p = g->p;
	const bool good = p->outcome == PL_CLEARED;
	pl_plan_digest(digest, g->m, p->price, p->quantity);
	pl_page_open(g, "proof",
	             good || pl_page_rounds(g) ? "How you can be sure"
	                                       : "What is known about this plan");
	pl_html_raw(
	        &g->h,
	        pl_page_rounds(g) ? "<p class=\"finding\">Nobody has to believe this page: "
	                            "everything in the plan can be added up again from the "
	                            "tables beside it.</p>\n<dl class=\"terms\">\n"
	        : good ? "<p class=\"finding\">Nobody has to believe this page. The plan was "
	                 "checked before it was written, by a program that shares no code with "
	                 "the one that made it, and you can check it again.</p>\n<dl "
	                 "class=\"terms\">\n"
	               : "<p class=\"finding\">This plan is not one that all can follow. "
	                 "These numbers say how far it is from one.</p>\n<dl "
	                 "class=\"terms\">\n");
	term(g, "Feasible",
	     "A plan is feasible when all in it can be done at once: no workplace does more "
	     "than "
	     "it can, and nothing is used that nobody has or makes.");
	pl_html_raw(&g->h, good || pl_page_rounds(g) ? "This one is.</dd>\n"
	                                             : "This one is not known to be.</dd>\n");
	term(g, "Imbalance",
	     "How far supply and demand of a good are apart, next to their mean. The largest "
	     "is");
	pl_html_print(&g->h, "%s.</dd>\n", pl_words_parts(number, p->worst_imbalance));
	if (isfinite(p->gap)) {
		term(g, "Gap",
		     "How much better all could do together at these prices, at most, next to "
		     "the "
		     "worth "
		     "of all that flows. It is");
		pl_html_print(&g->h, "%s.</dd>\n", pl_words_parts(number, p->gap));
	}
	pl_html_print(
	        &g->h,
	        "<dt>Fingerprint</dt><dd>Two plans with the same fingerprint have the same "
	        "prices and amounts to the last digit. This one has "
	        "<code>%s</code>.</dd>\n",
	        digest);
	pl_html_raw(&g->h,
	            "<dt>Check it yourself</dt><dd>With the tables of the economy in "
	            "<code>FOLDER</code> and this plan in <code>PLAN_DIR</code>: <code>plenum "
	            "check FOLDER PLAN_DIR</code></dd>\n</dl>\n");
	pl_html_raw(&g->h,
	            "<p>All numbers on this page are rounded. The exact ones are in the "
	            "tables beside it: <code>prices.csv</code> for goods, "
	            "<code>councils.csv</code> for councils, <code>flows.csv</code> for who "
	            "makes and uses what, <code>plan.json</code> for the proof.</p>\n");
	pl_page_close(g);
}
