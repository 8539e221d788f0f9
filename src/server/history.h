/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* history.h - events for people: as objects, and as sentences. */
#ifndef PL_SERVER_HISTORY_H
#define PL_SERVER_HISTORY_H
#include "server/page.h"

typedef struct {
	int64_t from;     ///< height of the first one
	int64_t most;     ///< how many; 0: all
	const char *type; ///< how their types begin; "" for any
	int64_t since;    ///< seconds since 1970: none that are earlier; 0: whenever
	int64_t season;   ///< up to where its plan was adopted, or it ended; 0: to the last one
} pl_history_wanted;

/// Events, owned by the page: height, time, actor, type, hash, in and out (objects), texts (an
/// object; null where they were erased).
json_t *pl_history_list(pl_page *p, const pl_history_wanted *wanted);
/// What happened, as a sentence without its full stop.
void pl_history_put(pl_page *p, const json_t *event);
#endif
