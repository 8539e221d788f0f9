/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/report.h"

#include "report/page.h"

#include <math.h>

/* Long names take at most this many bytes in titles; the rest of a page is bounded by rows. */
enum { TITLE_BYTES = 60000, FINDING_COLUMNS = 400, HEADING_COLUMNS = 90 };

static void put_heading_text(pl_page *g)
{
	const char *name = g->m->name;
	pl_html_text(&g->h, name[0] != '\0' ? name : "Plan of an economy", HEADING_COLUMNS);
}

static void put_head(pl_page *g)
{
	pl_html_raw(
	        &g->h,
	        "<!DOCTYPE html>\n<!-- SPDX-License-Identifier: AGPL-3.0-or-later -->\n"
	        "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
	        "form-action 'none'\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	put_heading_text(g);
	if (g->m->period[0] != '\0') pl_html_raw(&g->h, ", ");
	pl_html_text(&g->h, g->m->period, PL_NAME_COLUMNS);
	pl_html_raw(&g->h, ": the plan</title>\n<style>\n");
	for (const char *const *part = pl_page_style; *part != NULL; part++)
		pl_html_raw(&g->h, *part);
	pl_html_raw(&g->h, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the "
	                   "plan</a>\n");
}

/* ---- the first screen ---- */

/// The plan's reason as a sentence that stands alone; the program's own words come first in it.
static void put_reason(pl_page *g)
{
	const char *reason = g->p->reason;
	const bool small = reason[0] >= 'a' && reason[0] <= 'z';
	if (small) pl_html_print(&g->h, "%c", reason[0] - 'a' + 'A');
	pl_html_text(&g->h, reason + small, FINDING_COLUMNS);
	pl_html_raw(&g->h, ".");
}

static void put_verdict_of_rounds(pl_page *g)
{
	const bool good = g->p->outcome == PL_CLEARED;
	pl_html_print(&g->h,
	              "<p class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> The rounds "
	              "end %s balance</p>\n<p class=\"lead\">",
	              good ? "good" : "open", good ? "✓" : "…", good ? "in" : "without");
	if (good) {
		pl_html_raw(&g->h, "What councils proposed at the last prices fits together to "
		                   "within ");
		pl_page_share(g, g->p->tolerance);
		pl_html_raw(&g->h, " of each good. ");
	} else {
		put_reason(g);
	}
	pl_html_raw(&g->h, " The plan is what they proposed, cut as far as it takes for "
	                   "everything in it to be done at once: nothing is used that nobody "
	                   "has or makes.</p>\n");
}

static void put_verdict(pl_page *g)
{
	if (pl_page_rounds(g)) {
		put_verdict_of_rounds(g);
		return;
	}
	static const struct {
		const char *class, *mark, *words;
	} say[] = {
	        [PL_CLEARED] = {"good", "✓", "This plan fits"},
	        [PL_ROUND_LIMIT] = {"open", "…", "This plan is not finished"},
	        [PL_STALLED] = {"open", "…", "This plan is not finished"},
	        [PL_STOPPED] = {"open", "…", "This plan is not finished"},
	        [PL_INFEASIBLE] = {"bad", "✗", "No plan fits"},
	};
	const int o = (int)g->p->outcome;
	pl_html_print(&g->h,
	              "<p class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> %s</p>\n",
	              say[o].class, say[o].mark, say[o].words);
	pl_html_raw(&g->h, "<p class=\"lead\">");
	if (o == PL_CLEARED)
		pl_html_raw(&g->h,
		            "Everything that people ask for at these prices can be made with "
		            "the work, land and machines there are, and nothing is used "
		            "twice.");
	else
		put_reason(g);
	pl_html_raw(&g->h, "</p>\n");
}

static void open_key(pl_page *g, const char *name)
{
	pl_html_print(&g->h, "<div><dt>%s</dt><dd>", name);
}

static void close_key(pl_page *g, const char *note)
{
	pl_html_print(&g->h, "<small>%s</small></dd></div>\n", note);
}

static void key_of_goods(pl_page *g)
{
	char a[PL_WORDS_CHARS], b[PL_WORDS_CHARS];
	open_key(g, "Goods in balance");
	pl_html_print(&g->h, "<b>%s</b> of %s", pl_words_count(a, g->f->balanced),
	              pl_words_count(b, g->f->to_balance));
	close_key(g, "as much there as is asked for, or more");
}

static void key_of_worth(pl_page *g)
{
	char number[PL_WORDS_CHARS];
	open_key(g, "What people get");
	pl_html_print(&g->h, "<b>%s</b> ", pl_words_number(number, g->f->takers.sum));
	pl_html_name(&g->h, g->credit, 20);
	close_key(g, "the worth of all goods that reach people");
}

static void key_of_work(pl_page *g)
{
	char number[PL_WORDS_CHARS];
	if (g->f->hours_of < 0) return;
	open_key(g, "Work");
	if (isfinite(g->f->hours)) {
		pl_html_print(&g->h, "<b>%s</b> ", pl_words_number(number, g->f->hours));
		pl_html_name(&g->h, pl_text_at(g->m->good.unit, g->f->hours_of), 20);
	} else {
		pl_html_print(&g->h, "<b>%s</b> ", pl_words_number(number, g->f->labour));
		pl_html_name(&g->h, g->credit, 20);
	}
	close_key(g, "that people put in");
}

static void key_of_missing(pl_page *g)
{
	double least = 1;
	char number[PL_WORDS_CHARS];
	for (int32_t k = 0; k < g->p->n_conflicts; k++) {
		const pl_conflict *c = &g->p->conflict[k];
		if (!c->limits && c->asked > 0 && c->met / c->asked < least)
			least = c->met / c->asked;
	}
	open_key(g, "Goods in conflict");
	pl_html_print(&g->h, "<b>%s</b>", pl_words_count(number, g->p->n_scarce));
	close_key(g, "too little for all who ask");
	open_key(g, "Requests can be met to");
	pl_html_print(&g->h, "<b>%s</b>", pl_words_share(number, least));
	close_key(g, "where it is worst");
}

static void key_of_imbalance(pl_page *g)
{
	char number[PL_WORDS_CHARS];
	open_key(g, "Largest imbalance");
	pl_html_print(&g->h, "<b class=\"words\">%s</b>",
	              pl_words_parts(number, g->p->worst_imbalance));
	close_key(g, "between supply and demand of a good");
}

static void key_of_prices(pl_page *g)
{
	char number[PL_WORDS_CHARS];
	open_key(g, "Prices that moved");
	pl_html_print(&g->h, "<b>%s</b>", pl_words_count(number, g->f->moved.found));
	close_key(g, "since the prices it started from");
}

static void put_first_screen(pl_page *g)
{
	pl_html_raw(&g->h, "<header>\n<div class=\"in\">\n<p class=\"kind\">A participatory "
	                   "plan</p>\n<h1>");
	put_heading_text(g);
	pl_html_raw(&g->h, "</h1>\n<p class=\"about\">");
	if (g->m->period[0] != '\0') {
		pl_html_raw(&g->h, "Period: ");
		pl_html_name(&g->h, g->m->period, PL_NAME_COLUMNS);
		pl_html_raw(&g->h, " · ");
	}
	pl_html_raw(&g->h, "Counted in ");
	pl_html_name(&g->h, g->credit, PL_NAME_COLUMNS);
	pl_html_raw(&g->h, " · ");
	pl_page_count(g, g->m->n_goods, "good", "goods");
	pl_html_raw(&g->h, " · ");
	pl_page_count(g, g->m->n_councils, "council", "councils");
	pl_html_raw(&g->h, "</p>\n");
	put_verdict(g);
	pl_html_raw(&g->h, "<dl class=\"keys\">\n");
	if (g->p->outcome == PL_INFEASIBLE) {
		key_of_missing(g);
	} else {
		key_of_goods(g);
		key_of_worth(g);
	}
	key_of_work(g);
	if (g->p->outcome != PL_INFEASIBLE) key_of_imbalance(g);
	if (!g->f->at_start) key_of_prices(g);
	pl_html_raw(&g->h, "</dl>\n</div>\n</header>\n");
}

static void put_contents(pl_page *g)
{
	pl_html_raw(&g->h, "<nav aria-label=\"On this page\"><ul>\n");
	if (g->p->outcome == PL_INFEASIBLE)
		pl_html_raw(&g->h, "<li><a href=\"#conflict\">Why no plan fits</a></li>\n");
	pl_html_raw(&g->h, "<li><a href=\"#plan\">In a page</a></li>\n"
	                   "<li><a href=\"#flows\">Flows</a></li>\n");
	if (!g->f->at_start) pl_html_raw(&g->h, "<li><a href=\"#prices\">Prices</a></li>\n");
	pl_html_print(&g->h,
	              "<li><a href=\"#limits\">Limits</a></li>\n"
	              "<li><a href=\"#search\">%s</a></li>\n"
	              "<li><a href=\"#proof\">Proof</a></li>\n</ul></nav>\n",
	              pl_page_rounds(g) ? "Rounds" : "Search");
}

static void put_page(pl_page *g)
{
	put_head(g);
	put_first_screen(g);
	put_contents(g);
	pl_html_raw(&g->h, "<main id=\"main\">\n");
	pl_page_conflict(g);
	pl_page_summary(g);
	pl_page_flows(g);
	pl_page_prices(g);
	pl_page_makeup(g);
	pl_page_ratios(g);
	pl_page_limits(g);
	pl_page_search(g);
	pl_page_proof(g);
	pl_html_print(&g->h,
	              "</main>\n<footer><p>Made by Plenum %s.</p></footer>\n</body>\n</html>\n",
	              PL_VERSION);
}

pl_status pl_report_write(FILE *to, const pl_model *m, const pl_plan *p, const pl_steps *steps,
                          pl_error *err)
{
	pl_figures *f = NULL;
	pl_sankey *s = NULL;
	pl_makeup makeup;
	pl_status status = pl_figures_new(&f, m, p, err);
	if (status == PL_OK) status = pl_sankey_new(&s, m, p, f->price, err);
	if (status == PL_OK)
		status = pl_makeup_find(&makeup, m, p, f->goods.index, f->goods.n, err);
	if (status == PL_OK) {
		pl_sankey_lay_out(s, 560, 30);
		pl_page g = {.h = {.to = to, .titles = TITLE_BYTES},
		             .m = m,
		             .p = p,
		             .f = f,
		             .s = s,
		             .makeup = &makeup,
		             .t = steps,
		             .credit = m->credit[0] != '\0' ? m->credit : "credits"};
		put_page(&g);
	}
	pl_sankey_free(s);
	pl_figures_free(f);
	return status;
}
