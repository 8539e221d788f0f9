/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ballots.c - paper ballots as one page.
 *
 * A ballot is a table, so that its head, which names the ballot, stands again on every sheet
 * that it flows over. How high it will be is estimated from the widths of its texts: an
 * estimate that is too low costs paper, and never hides an option. */
#include "report/ballots.h"

#include "base/letters.h"
#include "report/html.h"
#include "report/qr.h"
#include "report/words.h"

#include <inttypes.h>
#include <string.h>

enum { TITLE_COLUMNS = 160, OPTION_COLUMNS = 240, ID_COLUMNS = 40 };

/// Millimetres on A4 with margins of 12, measured in Chromium with its widest letters.
enum {
	SHEET_HEIGHT = 273,
	SHEET_WIDTH = 186,
	CUT = 8,          ///< around the line that is cut
	HEAD = 47,        ///< a title of one line, what to do, heads of the columns
	NOTE = 7,         ///< a line that names the budget, or how many to rank
	ROW = 13,         ///< with a box, two lines of letters at most
	LINE = 6,         ///< each further line
	BOX = 10,         ///< with the space around it
	BOX_NAMED = 17,   ///< below a word
	COST = 28,        ///< column of costs
	LETTER = 2,       ///< width of a letter
	LETTER_TITLE = 4, ///< of the title, where
	TITLE = 150,      ///< is wide
	SHARE = 3         ///< most ballots on a sheet
};

static const struct {
	const char *name, *head;
	pl_ballot_kind kind;
	const char *ask;
} papers[PL_PAPERS] = {
        [PL_PAPER_CHOOSE] = {"choose", "Your choice", PL_BALLOT_APPROVAL,
                             "Choose one option: put a cross in its box. Leave the other "
                             "boxes empty."},
        [PL_PAPER_APPROVE] = {"approve", "Mark", PL_BALLOT_APPROVAL,
                              "Put a cross in the box of every option that you approve of. "
                              "You may mark as many as you like."},
        [PL_PAPER_POINTS] = {"points", "Points", PL_BALLOT_SCORE,
                             "Give each option points, more for what you like better: put a "
                             "cross on one number in each row. A row without a cross counts "
                             "as 0."},
        [PL_PAPER_RANK] = {"rank", "Rank", PL_BALLOT_RANKED,
                           "Write 1 in the box of the option that you like best, 2 for the "
                           "next best, and so on. You may stop where you like: what has no "
                           "number comes last."},
        [PL_PAPER_MOTION] = {"motion", "", PL_BALLOT_MOTION,
                             "Put one cross in each row: yes, no or abstain. A row without "
                             "a cross counts as abstaining."},
        [PL_PAPER_CONSENSUS] = {"consensus", "", PL_BALLOT_MOTION,
                                "Put one cross in each row: yes, no, abstain, or block, "
                                "which says that you cannot go along with it. A row without "
                                "a cross counts as abstaining."},
};
static const char *const motion_heads[] = {"Yes", "No", "Abstain", "Block"};

const char *pl_paper_name(int paper)
{
	return paper >= 0 && paper < PL_PAPERS ? papers[paper].name : NULL;
}

pl_ballot_kind pl_paper_counts_as(pl_paper paper)
{
	return papers[paper].kind;
}

/// A page of ballots on its way.
typedef struct {
	pl_html h;
	const pl_election *e;
	const pl_ballots *b;
	int boxes; ///< in a row
	bool costs;
} page;

static page begin(FILE *to, const pl_election *e, const pl_ballots *b)
{
	page g = {.h = {.to = to}, .e = e, .b = b, .boxes = 1};
	if (b->paper == PL_PAPER_POINTS) g.boxes = b->points + 1;
	if (b->paper == PL_PAPER_MOTION) g.boxes = 3;
	if (b->paper == PL_PAPER_CONSENSUS) g.boxes = 4;
	for (int32_t i = 0; i < e->n_options; i++) g.costs = g.costs || e->option.cost[i] > 0;
	return g;
}

static const char *title_of(const page *g)
{
	const char *title = g->b->title != NULL ? g->b->title : g->e->title;
	return title[0] != '\0' ? title : "Ballot";
}

/// Is the id more than the name again?
static bool tells_id(const page *g, int32_t option)
{
	return strcmp(pl_text_at(g->e->option.id, option),
	              pl_text_at(g->e->option.name, option)) != 0;
}

static bool tells_budget(const page *g)
{
	return g->costs && g->e->budget >= 0;
}

/// Where nobody has voted, how many may be ranked is what somebody wrote down.
static bool tells_longest(const page *g)
{
	return g->b->paper == PL_PAPER_RANK && g->e->n_ballots == 0 && g->e->longest > 0 &&
	       g->e->longest < g->e->n_options;
}

/* ---- how much paper ------------------------------------------------------------------------
 */

/// Columns of a text once it is cut.
static int columns_of(const char *s, int most)
{
	const int columns = pl_text_width(s);
	return columns < most ? columns : most;
}

/// Further lines that so many columns take in so many millimetres.
static int more_lines(int columns, int letter, int width)
{
	return columns * letter / width;
}

static int width_of_boxes(const page *g)
{
	if (papers[g->b->paper].kind == PL_BALLOT_MOTION) return g->boxes * BOX_NAMED;
	return (g->boxes + 1) * BOX;
}

/// Height of a ballot in millimetres.
static int64_t height_of(const page *g)
{
	const int width = SHEET_WIDTH - width_of_boxes(g) - (g->costs ? COST : 0);
	const int title = columns_of(title_of(g), TITLE_COLUMNS);
	int64_t high = HEAD + (int64_t)LINE * more_lines(title, LETTER_TITLE, TITLE);
	if (tells_budget(g)) high += NOTE;
	if (tells_longest(g)) high += NOTE;
	for (int32_t i = 0; i < g->e->n_options; i++) {
		const int columns =
		        columns_of(pl_text_at(g->e->option.name, i), OPTION_COLUMNS);
		const int more = more_lines(columns, LETTER, width) + tells_id(g, i);
		high += ROW + (int64_t)LINE * (more > 1 ? more - 1 : 0);
	}
	return high;
}

static int on_sheet(const page *g)
{
	const int64_t high = height_of(g);
	if (high > SHEET_HEIGHT) return 0;
	const int64_t fit = (SHEET_HEIGHT + CUT) / (high + CUT);
	return fit > SHARE ? SHARE : (int)fit;
}

int pl_ballots_on_sheet(const pl_election *e, const pl_ballots *b)
{
	const page g = begin(NULL, e, b);
	return on_sheet(&g);
}

/* ---- a ballot ------------------------------------------------------------------------------
 */

static void put_money(page *g, int64_t x)
{
	char words[PL_WORDS_CHARS];
	int64_t unit = 1;
	for (int32_t i = 0; i < g->e->decimals; i++) unit *= 10;
	pl_html_raw(&g->h, pl_words_count(words, x / unit));
	if (x % unit != 0) pl_html_print(&g->h, ".%0*" PRId64, (int)g->e->decimals, x % unit);
}

static void put_option(page *g, int32_t option)
{
	pl_html_raw(&g->h, "<tr><th scope=\"row\">");
	pl_html_name(&g->h, pl_text_at(g->e->option.name, option), OPTION_COLUMNS);
	if (tells_id(g, option)) {
		pl_html_raw(&g->h, "<small>");
		pl_html_name(&g->h, pl_text_at(g->e->option.id, option), ID_COLUMNS);
		pl_html_raw(&g->h, "</small>");
	}
	pl_html_raw(&g->h, "</th>");
	if (g->costs) {
		pl_html_raw(&g->h, "<td class=\"n\">");
		put_money(g, g->e->option.cost[option]);
		pl_html_raw(&g->h, "</td>");
	}
	if (g->b->paper == PL_PAPER_POINTS) {
		pl_html_raw(&g->h, "<td class=\"b\">");
		for (int i = 0; i < g->boxes; i++) pl_html_print(&g->h, "<i>%d</i>", i);
		pl_html_raw(&g->h, "</td>");
	} else {
		for (int i = 0; i < g->boxes; i++)
			pl_html_raw(&g->h, "<td class=\"b\"><i></i></td>");
	}
	pl_html_raw(&g->h, "</tr>\n");
}

static void put_heads(page *g, const char *code)
{
	const bool motion = papers[g->b->paper].kind == PL_BALLOT_MOTION;
	const int columns = 1 + g->costs + (motion ? g->boxes : 1);
	pl_html_print(&g->h, "<thead><tr><td colspan=\"%d\">Ballot <b>%s</b></td></tr>\n",
	              columns, code);
	pl_html_print(&g->h, "<tr><th scope=\"col\">%s</th>", motion ? "Proposal" : "Option");
	if (g->costs) pl_html_raw(&g->h, "<th scope=\"col\" class=\"n\">Cost</th>");
	for (int i = 0; i < (motion ? g->boxes : 1); i++)
		pl_html_print(&g->h, "<th scope=\"col\" class=\"b\">%s</th>",
		              motion ? motion_heads[i] : papers[g->b->paper].head);
	pl_html_raw(&g->h, "</tr></thead>\n");
}

static void put_what_to_do(page *g)
{
	pl_html_print(&g->h, "<p>%s</p>\n", papers[g->b->paper].ask);
	if (tells_longest(g))
		pl_html_print(&g->h, "<p>Rank at most %" PRId32 ".</p>\n", g->e->longest);
	if (tells_budget(g)) {
		pl_html_raw(&g->h, "<p>There is a budget of ");
		put_money(g, g->e->budget);
		pl_html_raw(&g->h, ".</p>\n");
	}
	pl_html_raw(&g->h, "<p>Write nothing else on this paper: no name, no sign. The code "
	                   "belongs to the paper, not to you.</p>\n");
}

static pl_status put_ballot(page *g, int64_t number, pl_error *err)
{
	char code[PL_BALLOT_CODE_CHARS];
	pl_ballot_code(code, number);
	pl_html_print(&g->h,
	              "<article aria-label=\"Ballot %s\">\n<div class=\"top\"><div>\n<h2>",
	              code);
	pl_html_text(&g->h, title_of(g), TITLE_COLUMNS);
	pl_html_raw(&g->h, "</h2>\n");
	put_what_to_do(g);
	pl_html_raw(&g->h, "</div>\n");
	const pl_status s = pl_qr_write(&g->h, code, err);
	if (s != PL_OK) return s;
	pl_html_raw(&g->h, "</div>\n<table>\n");
	put_heads(g, code);
	pl_html_raw(&g->h, "<tbody>\n");
	for (int32_t i = 0; i < g->e->n_options; i++) put_option(g, i);
	pl_html_raw(&g->h, "</tbody></table>\n</article>\n");
	return PL_OK;
}

/* ---- the page ------------------------------------------------------------------------------
 */

static const char style[] =
        ":root{color-scheme:light}\n*{box-sizing:border-box}\n"
        "body{margin:0;background:#e9e7e1;color:#000;font:11pt/1.35 system-ui,\"Noto Sans\","
        "\"Liberation Sans\",sans-serif;overflow-wrap:anywhere}\n"
        "header,.sheet{background:#fff;max-width:210mm;margin:4mm auto;padding:6mm 12mm}\n"
        "h1{font-size:18pt;line-height:1.2;margin:0 0 2mm}\n"
        "h2{font-size:15pt;line-height:1.2;margin:0 0 1.5mm}\n"
        "p{margin:0 0 1.2mm}li{margin:1mm 0}\n"
        ".top{display:flex;gap:6mm;justify-content:space-between;align-items:flex-start}\n"
        ".top>div{min-width:0}\n"
        ".qr{flex:none;width:25mm;height:25mm;margin:-2mm 0 0}\n"
        "table{width:100%;border-collapse:collapse;margin-top:1mm}\n"
        "thead td{padding:0 0 1mm;text-align:right}\n"
        "b{font-family:ui-monospace,\"Liberation Mono\",monospace;font-size:12pt}\n"
        "th,tbody td{padding:1mm 3mm 1mm 0;text-align:left;font-weight:400;"
        "border-bottom:.3mm solid #888}\n"
        "thead th{font-size:9.5pt;border-bottom-width:.5mm}\n"
        "small{display:block;font-size:8.5pt;color:#444}\n"
        "thead .n,.n{text-align:right;white-space:nowrap}\n"
        "thead .b,.b{text-align:center;padding:1mm .5mm;width:1%}\n"
        ".b i{display:inline-block;width:8mm;height:8mm;margin:.5mm;border:.4mm solid "
        "#000;vertical-align:middle;font:7.5pt/7mm \"Liberation Sans\",sans-serif;"
        "color:#555;text-align:center}\n"
        ".rank i{width:12mm;height:9mm}\n"
        ".motion .b{min-width:15mm}\n"
        "article+article{border-top:.3mm dashed #666;margin-top:4mm;padding-top:4mm}\n"
        "@media print,(min-width:600px){.points .b{white-space:nowrap}}\n"
        "@page{size:A4;margin:12mm}\n"
        "@media print{body{background:#fff}header{display:none}\n"
        ".sheet{margin:0;padding:0;max-width:none;break-after:page}\n"
        ".sheet:last-child{break-after:auto}\n"
        "tr,.top{break-inside:avoid}thead{display:table-header-group}\n"
        ".on2 article,.on3 article{break-inside:avoid}\n"
        ".on2 article{min-height:132mm}.on3 article{min-height:86mm}\n"
        "article+article{margin-top:0}}\n";

static void put_head(page *g)
{
	pl_html_raw(
	        &g->h,
	        "<!DOCTYPE html>\n<!-- SPDX-License-Identifier: AGPL-3.0-or-later -->\n"
	        "<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	        "<title>Ballots: ");
	pl_html_text(&g->h, title_of(g), TITLE_COLUMNS);
	pl_html_raw(&g->h, "</title>\n<style>\n");
	pl_html_raw(&g->h, style);
	pl_html_raw(&g->h, "</style>\n</head>\n<body>\n");
}

/// What stands on the screen only.
static void put_guide(page *g)
{
	char words[PL_WORDS_CHARS];
	pl_html_raw(&g->h, "<header>\n<h1>Ballots: ");
	pl_html_text(&g->h, title_of(g), TITLE_COLUMNS);
	pl_html_print(&g->h, "</h1>\n<p>%s %s. This box is not printed.</p>\n<ul>\n",
	              pl_words_count(words, g->b->n), g->b->n == 1 ? "ballot" : "ballots");
	pl_html_raw(&g->h, "<li>Print on A4, on one side of the paper, at 100 %.");
	if (on_sheet(g) > 1) pl_html_raw(&g->h, " Cut along the dashed lines.");
	if (on_sheet(g) == 0)
		pl_html_raw(&g->h, " A ballot takes several sheets, each with its code: staple "
		                   "them.");
	pl_html_raw(
	        &g->h,
	        "</li>\n<li>Shuffle the ballots, then let people draw one each. Write down who "
	        "has voted, never who got which ballot.</li>\n"
	        "<li>The codes are random and tied to nobody. They are there so that two "
	        "people "
	        "can type the ballots in apart from each other and compare, and so that a "
	        "ballot "
	        "that stands in the result can be found again. Whoever remembers a code can "
	        "find "
	        "that ballot in a published list: no one can be stopped from showing how they "
	        "voted, and no one should ask them to.</li>\n"
	        "<li>Count the sheets before and after: no more ballots can come back than "
	        "were "
	        "handed out.</li>\n</ul>\n</header>\n");
}

pl_status pl_ballots_write(FILE *to, const pl_election *e, const pl_ballots *b, pl_error *err)
{
	page g = begin(to, e, b);
	const int fit = on_sheet(&g), share = fit > 0 ? fit : 1;
	pl_status s = PL_OK;
	put_head(&g);
	put_guide(&g);
	pl_html_print(&g.h, "<main class=\"%s on%d\">\n",
	              papers[b->paper].kind == PL_BALLOT_MOTION ? "motion"
	                                                        : papers[b->paper].name,
	              fit);
	for (int64_t i = 0; i < b->n && s == PL_OK; i++) {
		if (i % share == 0)
			pl_html_print(&g.h, "%s<div class=\"sheet\">\n",
			              i > 0 ? "</div>\n" : "");
		s = put_ballot(&g, b->code[i], err);
	}
	pl_html_print(&g.h, "%s</main>\n</body>\n</html>\n", b->n > 0 ? "</div>\n" : "");
	return s;
}
