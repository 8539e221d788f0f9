/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote_page.h - the parts of a vote's page. */
#ifndef PL_SERVER_VOTE_PAGE_H
#define PL_SERVER_VOTE_PAGE_H
#include "server/page.h"

/// A vote as its page sees it.
typedef struct {
	pl_page *p;
	int64_t id;
	const json_t *view, *row, *options;
	bool open, listed, voted; ///< listed: who looks is on the roll
	const char *ballots;
} pl_vote_view;

/// @param ballots "motion", ...
bool pl_vote_is(const pl_vote_view *v, const char *ballots);
/// The page of a vote, where somebody sent a form of it.
void pl_vote_put_page(pl_page *p, int64_t id, int status);
/// What people read for an option.
const char *pl_vote_name(const json_t *option);
void pl_vote_put_cost(const pl_vote_view *v, const json_t *option); ///< where it has one
/// The count of a vote that is closed, and every ballot.
void pl_vote_put_count(const pl_vote_view *v);
#endif
