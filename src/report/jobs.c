/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs.c - who does what, and how evenly empowering and pleasant work is shared. */
#include "report/jobs.h"

#include "report/html.h"
#include "report/page.h"
#include "report/words.h"

#include <math.h>

enum { BINS = 40, HIGH = 150, WIDE = 760, PEOPLE_SHOWN = 400, LESSONS_SHOWN = 400, NAMES = 40 };
static const double scale_least = 1, scale_most = 20;

typedef struct {
	pl_html h;
	const pl_jobs_page *p;
} sheet;

/// Hours to the nearest tenth.
static void put_hours(sheet *g, int64_t hours)
{
	const int64_t tenths = (hours + PL_WORK_HOUR / 20) / (PL_WORK_HOUR / 10);
	pl_html_print(&g->h, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
}

/// Points with two decimals; printf's own point depends on the locale.
static void put_points(sheet *g, double x)
{
	const int cents = (int)floor(x * 100 + 0.5);
	pl_html_print(&g->h, "%d.%02d", cents / 100, cents % 100);
}

static void put_person(sheet *g, int32_t m)
{
	pl_html_name(&g->h, g->p->person(g->p->names, m), NAMES);
}

static void put_task(sheet *g, int32_t t)
{
	pl_html_name(&g->h, g->p->task(g->p->names, t), NAMES);
}

/* ---- scores before and after ---------------------------------------------------------------
 */

/// Mean score of what a person did last period. @return NaN where nothing
static double last_score(const pl_workplace *w, int32_t m, const double *score)
{
	double sum = 0, hours = 0;
	for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++) {
		sum += (double)w->skill[k].last * score[w->skill[k].task];
		hours += (double)w->skill[k].last;
	}
	return hours > 0 ? sum / hours : (double)NAN;
}

typedef enum { BEFORE, WITHOUT, AFTER } which;

static double score_of(const sheet *g, which of, bool desirability, int32_t m)
{
	const pl_jobs *j = of == AFTER ? g->p->jobs : g->p->without;
	if (of == BEFORE)
		return last_score(g->p->w, m,
		                  desirability ? g->p->w->desirability : g->p->w->empowerment);
	return desirability ? j->desirability[m] : j->empowerment[m];
}

typedef struct {
	int32_t bin[BINS];
	int32_t n, most;
	double low, high;
} spread;

static spread spread_of(const sheet *g, which of, bool desirability)
{
	spread s = {.low = INFINITY, .high = -INFINITY};
	for (int32_t m = 0; m < g->p->w->n_people; m++) {
		const double x = score_of(g, of, desirability, m);
		if (isnan(x)) continue;
		int b = (int)((x - scale_least) / (scale_most - scale_least) * BINS);
		if (b < 0) b = 0;
		if (b >= BINS) b = BINS - 1;
		s.bin[b]++;
		if (s.bin[b] > s.most) s.most = s.bin[b];
		s.low = fmin(s.low, x);
		s.high = fmax(s.high, x);
		s.n++;
	}
	return s;
}

/// Dots without names, one a person where they fit, in columns half a point wide.
static void put_dots(sheet *g, const spread *s, const char *about)
{
	const int each = s->most > 12 ? (s->most + 11) / 12 : 1, wide = WIDE / BINS;
	pl_html_print(&g->h,
	              "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
	              WIDE, HIGH + 24, about);
	pl_html_print(&g->h,
	              "<line x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"currentColor\"/>",
	              HIGH, WIDE, HIGH);
	for (int b = 0; b < BINS; b++)
		for (int k = 0; k * each < s->bin[b]; k++)
			pl_html_print(
			        &g->h,
			        "<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"var(--h0)\"/>",
			        b * wide + wide / 2, HIGH - 7 - 12 * k);
	pl_html_print(&g->h,
	              "<text x=\"0\" y=\"%d\" fill=\"currentColor\" font-size=\"13\">1</text>"
	              "<text x=\"%d\" y=\"%d\" fill=\"currentColor\" font-size=\"13\" "
	              "text-anchor=\"end\">20</text></svg><figcaption>%s; ",
	              HIGH + 18, WIDE, HIGH + 18, about);
	if (each == 1)
		pl_html_raw(&g->h, "a dot is a person</figcaption></figure>\n");
	else
		pl_html_print(&g->h, "a dot is up to %d people</figcaption></figure>\n", each);
}

static void put_spread_row(sheet *g, const char *what, const spread *s)
{
	pl_html_print(&g->h, "<tr><th scope=\"row\">%s</th><td class=\"n\">%d</td>", what,
	              (int)s->n);
	pl_html_raw(&g->h, "<td class=\"n\">");
	put_points(g, s->low);
	pl_html_raw(&g->h, "</td><td class=\"n\">");
	put_points(g, s->high);
	pl_html_raw(&g->h, "</td></tr>\n");
}

static void put_spread(sheet *g, bool desirability)
{
	static const char *const words[2][3] = {
	        {"Empowerment last period", "Empowerment without balance",
	         "Empowerment of balanced jobs"},
	        {"Desirability last period", "Desirability without balance",
	         "Desirability of balanced jobs"}};
	const which first = g->p->last ? BEFORE : WITHOUT;
	const spread a = spread_of(g, first, desirability),
	             b = spread_of(g, AFTER, desirability);
	pl_html_print(&g->h, "<h3>%s</h3>\n", desirability ? "Desirability" : "Empowerment");
	const bool known = first == BEFORE || g->p->without->outcome <= PL_JOBS_NEAREST;
	if (known && a.n > PL_JOBS_ALONE) put_dots(g, &a, words[desirability][first]);
	put_dots(g, &b, words[desirability][AFTER]);
	pl_html_raw(&g->h, "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
	                   "<th scope=\"col\">Jobs</th>"
	                   "<th scope=\"col\" class=\"n\">People</th><th scope=\"col\" "
	                   "class=\"n\">Lowest</th><th scope=\"col\" "
	                   "class=\"n\">Highest</th></tr></thead><tbody>\n");
	if (known && a.n > PL_JOBS_ALONE) put_spread_row(g, words[desirability][first], &a);
	put_spread_row(g, words[desirability][AFTER], &b);
	pl_html_raw(&g->h, "</tbody></table></div>\n");
}

static void put_spreads(sheet *g)
{
	pl_html_raw(&g->h, "<section id=\"spread\"><h2>How even it is</h2>\n");
	if (g->p->w->n_people <= PL_JOBS_ALONE) {
		pl_html_raw(&g->h, "<p>Scores are not shown for groups of fewer than five: "
		                   "everyone would know whose they are.</p></section>\n");
		return;
	}
	put_spread(g, false);
	put_spread(g, true);
	pl_html_raw(&g->h, "</section>\n");
}

/* ---- who does what -------------------------------------------------------------------------
 */

static void put_before(sheet *g, int32_t m)
{
	bool some = false;
	const pl_workplace *w = g->p->w;
	for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++) {
		if (w->skill[k].last == 0) continue;
		if (some) pl_html_raw(&g->h, "<br>");
		put_task(g, w->skill[k].task);
		pl_html_raw(&g->h, " ");
		put_hours(g, w->skill[k].last);
		some = true;
	}
}

static void put_after(sheet *g, int32_t m)
{
	const pl_jobs *j = g->p->jobs;
	for (int64_t k = j->start[m]; k < j->start[m + 1]; k++) {
		if (k > j->start[m]) pl_html_raw(&g->h, "<br>");
		put_task(g, j->task[k]);
		pl_html_raw(&g->h, " ");
		put_hours(g, j->hours[k]);
	}
}

double pl_jobs_at_most(double points)
{
	static const double rounding = 1e-6;
	return ceil(points * 100 - rounding) / 100;
}

void pl_jobs_say_nearer(char *out, size_t room, const pl_jobs *j)
{
	const int cents = (int)floor(j->bound * 100); /* a bound is not rounded up */
	if (j->proven)
		(void)snprintf(out, room, "no jobs can be nearer");
	else if (cents == 0)
		(void)snprintf(out, room, "whether jobs can be nearer is not known");
	else
		(void)snprintf(out, room, "no jobs can come nearer than %d.%02d points",
		               cents / 100, cents % 100);
}

void pl_jobs_say_swaps(char *out, size_t room, int32_t swapped, int32_t still, double within)
{
	const int cents = (int)floor(within * 100 + 0.5);
	(void)snprintf(
	        out, room,
	        "after the swaps of this week %d of the %d who swapped %s within %d.%02d "
	        "points of the mean",
	        (int)still, (int)swapped, still == 1 ? "is" : "are", cents / 100, cents % 100);
}

static void put_swaps(sheet *g)
{
	char line[200];
	if (g->p->swapped == 0) return;
	pl_jobs_say_swaps(line, sizeof line, g->p->swapped, g->p->still, g->p->s->within);
	pl_html_print(&g->h, "<p>A%s.</p>\n", line + 1);
}

static void put_who(sheet *g)
{
	const int32_t n = g->p->w->n_people;
	pl_html_raw(&g->h,
	            "<section id=\"who\"><h2>Who does what</h2>\n<p>Hours this period, in "
	            "the order of the list of people.</p>\n<div class=\"scroll\" "
	            "tabindex=\"0\"><table><thead><tr><th scope=\"col\">Person</th>");
	if (g->p->last) pl_html_raw(&g->h, "<th scope=\"col\">Last period</th>");
	pl_html_raw(&g->h, "<th scope=\"col\">Now</th></tr></thead><tbody>\n");
	for (int32_t m = 0; m < n && m < PEOPLE_SHOWN; m++) {
		pl_html_raw(&g->h, "<tr><th scope=\"row\">");
		put_person(g, m);
		pl_html_raw(&g->h, "</th><td class=\"m\">");
		if (g->p->last) {
			put_before(g, m);
			pl_html_raw(&g->h, "</td><td class=\"m\">");
		}
		put_after(g, m);
		pl_html_raw(&g->h, "</td></tr>\n");
	}
	pl_html_raw(&g->h, "</tbody></table></div>\n");
	if (n > PEOPLE_SHOWN)
		pl_html_print(&g->h, "<p>and %d others: jobs.csv has all.</p>\n",
		              (int)(n - PEOPLE_SHOWN));
	put_swaps(g);
	pl_html_raw(&g->h, "</section>\n");
}

/// Hours of lessons that somebody takes.
static int64_t lessons_of(const sheet *g, int32_t m)
{
	const pl_jobs *j = g->p->jobs;
	int64_t hours = 0;
	for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++)
		hours += g->p->w->learn[j->lesson[k]];
	return hours;
}

/// What somebody learns, in order; what takes no time is left out.
static void put_lessons_of(sheet *g, int32_t m)
{
	const pl_jobs *j = g->p->jobs;
	bool some = false;
	for (int64_t k = j->lesson_start[m]; k < j->lesson_start[m + 1]; k++) {
		const int64_t hours = g->p->w->learn[j->lesson[k]];
		if (hours == 0) continue;
		if (some) pl_html_raw(&g->h, ", then ");
		put_task(g, j->lesson[k]);
		pl_html_raw(&g->h, " (");
		put_hours(g, hours);
		pl_html_raw(&g->h, " hours)");
		some = true;
	}
}

static void put_lessons(sheet *g)
{
	const pl_jobs *j = g->p->jobs;
	if (j->learning == 0) return;
	pl_html_raw(&g->h, "<section id=\"lessons\"><h2>Who learns what</h2>\n<div "
	                   "class=\"scroll\" tabindex=\"0\"><table><thead><tr>"
	                   "<th scope=\"col\">Person</th><th scope=\"col\">In this order"
	                   "</th></tr></thead><tbody>\n");
	int32_t shown = 0;
	for (int32_t m = 0; m < j->n_people && shown < LESSONS_SHOWN; m++) {
		if (lessons_of(g, m) == 0) continue;
		shown++;
		pl_html_raw(&g->h, "<tr><th scope=\"row\">");
		put_person(g, m);
		pl_html_raw(&g->h, "</th><td>");
		put_lessons_of(g, m);
		pl_html_raw(&g->h, "</td></tr>\n");
	}
	pl_html_raw(&g->h, "</tbody></table></div></section>\n");
}

/* ---- the page ------------------------------------------------------------------------------
 */

static void put_head(sheet *g)
{
	pl_html_raw(
	        &g->h,
	        "<!DOCTYPE html>\n<!-- SPDX-License-Identifier: AGPL-3.0-or-later -->\n"
	        "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<meta name=\"color-scheme\" content=\"light dark\">\n"
	        "<title>Balanced jobs</title>\n<style>\n");
	for (const char *const *part = pl_page_style; *part != NULL; part++)
		pl_html_raw(&g->h, *part);
	pl_html_raw(&g->h, "</style>\n</head>\n<body>\n");
}

static void put_verdict(sheet *g)
{
	const pl_jobs *j = g->p->jobs;
	const bool good = j->outcome == PL_JOBS_BALANCED;
	pl_html_print(
	        &g->h,
	        "<header><div class=\"in\"><p class=\"kind\">Workplace</p><h1>Balanced jobs"
	        "</h1>\n<p class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> %s</p>\n"
	        "<p class=\"lead\">Nobody's job deviates by more than ",
	        good ? "good" : "open", good ? "✓" : "…",
	        good ? "These jobs are balanced" : "As near to balance as was found");
	put_points(g, pl_jobs_at_most(j->worst));
	pl_html_raw(&g->h, " points from the mean, on a scale from 1 to 20. Every task is "
	                   "covered; everyone works the same part of the hours offered.");
	if (!good) {
		char line[PL_JOBS_NEARER];
		pl_jobs_say_nearer(line, sizeof line, j);
		pl_html_print(&g->h, " %c%s.", line[0] - 'a' + 'A', line + 1);
	}
	pl_html_raw(&g->h, "</p>\n<dl class=\"keys\"><div><dt>Mean empowerment</dt><dd><b>");
	put_points(g, j->mean_empowerment);
	pl_html_raw(&g->h, "</b></dd></div><div><dt>Mean desirability</dt><dd><b>");
	put_points(g, j->mean_desirability);
	pl_html_raw(&g->h, "</b></dd></div><div><dt>Hours of lessons</dt><dd><b>");
	put_hours(g, j->learning);
	pl_html_raw(&g->h, "</b>");
	if (g->p->without->outcome <= PL_JOBS_NEAREST) {
		pl_html_raw(&g->h, "<small>without balance: ");
		put_hours(g, g->p->without->learning);
		pl_html_raw(&g->h, "</small>");
	}
	pl_html_raw(&g->h, "</dd></div></dl>\n</div></header>\n<main>\n");
}

void pl_jobs_page_write(FILE *to, const pl_jobs_page *page)
{
	sheet g = {.h = {.to = to, .titles = 60000}, .p = page};
	put_head(&g);
	put_verdict(&g);
	pl_watch_section(&g.h, &page->watch);
	put_who(&g);
	put_spreads(&g);
	put_lessons(&g);
	pl_html_raw(&g.h, "</main>\n</body>\n</html>\n");
}
