/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* council_page.h - the parts of a council's page: what it proposes, what it hands over. */
#ifndef PL_SERVER_COUNCIL_PAGE_H
#define PL_SERVER_COUNCIL_PAGE_H
#include "server/page.h"

/// A council in a season, as its page sees it.
typedef struct {
	pl_page *p;
	int64_t council, season, round; ///< round: the last one that was opened
	const json_t *row;              ///< of the council
	const json_t *lines;            ///< what it has declared that it deals in
	const json_t *seasons;          ///< row of the season
	bool proposing, delegate;
} pl_council_view;

/// Its proposals: the form where it can propose now, what was filed, earlier versions.
void pl_council_put_proposals(const pl_council_view *c);
/// Deliveries of an adopted plan: the form, and those there are.
void pl_council_put_deliveries(const pl_council_view *c);
/// What it swaps with other councils of an adopted plan: offers, and the form.
void pl_council_put_swaps(const pl_council_view *c);
/// Its discussion, the newest first, and a form for those who may say something.
void pl_council_put_discussion(const pl_council_view *c);
/// The price of a good as announced in a round; NaN where it was not.
double pl_council_price(pl_page *p, int64_t season, int64_t round, int64_t good);
/// The page of a council, where somebody sent a form of it.
void pl_council_put_page(pl_page *p, int64_t council, int status);
#endif
