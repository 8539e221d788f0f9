/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* page.h - what the sections of a report share. */
#ifndef PL_REPORT_PAGE_H
#define PL_REPORT_PAGE_H
#include "report/figures.h"
#include "report/html.h"
#include "report/makeup.h"
#include "report/sankey.h"
#include "report/steps.h"
#include "report/words.h"

/// A report on its way to the page.
typedef struct {
	pl_html h;
	const pl_model *m;
	const pl_plan *p;
	const pl_figures *f;
	const pl_sankey *s;
	const pl_makeup *makeup;
	const pl_steps *t;  ///< NULL: not known
	const char *credit; ///< name of the unit of account
	int tables;         ///< so far, for ids
} pl_page;

/* Sections, in the order of the page. Each writes one <section>, or nothing. */
void pl_page_conflict(pl_page *g); ///< where no plan fits
void pl_page_summary(pl_page *g);
void pl_page_flows(pl_page *g);
void pl_page_prices(pl_page *g);
void pl_page_makeup(pl_page *g);
void pl_page_ratios(pl_page *g);
void pl_page_limits(pl_page *g);
void pl_page_search(pl_page *g);
void pl_page_proof(pl_page *g);

extern const char *const pl_page_style[]; ///< the style sheet in parts, ended by NULL

/// Was the plan made in rounds of proposals?
static inline bool pl_page_rounds(const pl_page *g)
{
	return g->t != NULL && g->t->rounds;
}

/* Words. */
void pl_page_good(pl_page *g, int32_t good);
void pl_page_council(pl_page *g, int32_t council);
/// "120 loaf", "120" for a good without a unit.
void pl_page_amount(pl_page *g, int32_t good, double x);
/// "120 credits".
void pl_page_money(pl_page *g, double x);
void pl_page_count(pl_page *g, int64_t n, const char *one, const char *many);
void pl_page_share(pl_page *g, double share);

/* Sections and tables. */
void pl_page_open(pl_page *g, const char *id, const char *title);
void pl_page_close(pl_page *g);
/// @param heads names of the columns, divided by |; those of numbers begin with #
void pl_page_table(pl_page *g, const char *caption, const char *heads);
/// "and 12 others", where there are any, over @p columns columns; then the end of the table.
void pl_page_table_end(pl_page *g, int64_t others, int columns);
/// A bar below a name, from 0 to a share of 0..1.
void pl_page_bar(pl_page *g, double share);
/// The same to the left (below 0) or to the right of the middle, -1..1.
void pl_page_swing(pl_page *g, double share);
#endif
