/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* season_page.h - the parts of a season's page. */
#ifndef PL_SERVER_SEASON_PAGE_H
#define PL_SERVER_SEASON_PAGE_H
#include "server/page.h"

/// A season as its page sees it.
typedef struct {
	pl_page *p;
	int64_t id, round;
	const json_t *row; ///< with its dates
	const char *phase;
	bool by_calendar; ///< dates are to come
	int64_t closed;   ///< the last round that was closed; 0: none
	bool facilitates; ///< who looks may press buttons
} pl_season_view;

/// How far the rounds have come.
void pl_season_put_rounds(const pl_season_view *s);
/// Goods and prices of the last round that was closed, the furthest from balance first.
void pl_season_put_goods(const pl_season_view *s);
/// The adopted plan, council by council, with what was handed over.
void pl_season_put_plan(const pl_season_view *s);
/// Where an endgame makes the plan: who keeps how much of the last closed round's proposals.
void pl_season_put_fairness(const pl_season_view *s);
#endif
