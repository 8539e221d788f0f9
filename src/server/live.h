/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* live.h - news of the record for whoever listens: that it has grown and by what kinds of
 * events, never what is in them. Server-sent events (WHATWG HTML, chapter 9.2): the id is the
 * height, so that a client that was away goes on where it was. */
#ifndef PL_SERVER_LIVE_H
#define PL_SERVER_LIVE_H
#include "server/desk.h"
#include "server/http.h"

enum { PL_LIVE_PER_PERSON = 64 };

typedef struct pl_live pl_live;
/// Reads the whole record once. @param desk borrowed; it is told whom to tell
/// @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_live_new(pl_live **out, pl_desk *desk, pl_error *err);
/// Everybody's stream ends; nobody begins another.
void pl_live_end(pl_live *l);
void pl_live_free(pl_live *l); ///< after pl_live_end and pl_http_free; NULL allowed

/// A stream of news. @param after the height that the client knows; < 0: it knows nothing
/// @return PL_OK; PL_ECONFLICT (the person listens too often already), PL_ENOMEM
pl_status pl_live_stream(pl_http_stream **out, pl_live *l, int64_t person, int64_t after,
                         pl_error *err);
int64_t pl_live_clients(pl_live *l);
#endif
