/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* suspend_page.h - parts of pages by which all suspend a council for a time, or restore it. */
#ifndef PL_SERVER_SUSPEND_PAGE_H
#define PL_SERVER_SUSPEND_PAGE_H
#include "server/page.h"

/// On the page of a council: a facilitator opens the vote of everybody that it takes.
void pl_suspend_put_wish(pl_page *p, int64_t council, bool suspended);
/// The fields of vote.open for it. @param what "suspend" or "restore" @return NULL: no memory
json_t *pl_suspend_vote(pl_page *p, int64_t council, const char *what);
/// On the page of a vote that carried it: the form to carry it out.
/// @param option the first of the vote
void pl_suspend_put_act(pl_page *p, int64_t vote, const json_t *option);
#endif
