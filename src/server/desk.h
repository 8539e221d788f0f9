/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* desk.h - the one record that a server has open: who writes waits for the turn, who reads has
 * stores apart and does not wait for those who write. */
#ifndef PL_SERVER_DESK_H
#define PL_SERVER_DESK_H
#include "app/app.h"
#include "server/gauge.h"

typedef struct pl_desk pl_desk;

/// Called when the record has grown; by any thread, and it may not wait.
typedef void (*pl_desk_grown)(void *with);

/// Open a record that has begun.
/// @param address as pl_store_open has it, but not "memory:"; borrowed
/// @param gauge borrowed
/// @return PL_OK; PL_ENOTFOUND (nothing recorded yet); as pl_store_open and pl_app_new
pl_status pl_desk_new(pl_desk **out, const char *address, const unsigned char seed[PL_KEY_SEED],
                      pl_gauge *gauge, pl_error *err);
void pl_desk_free(pl_desk *d); ///< NULL allowed
void pl_desk_tell(pl_desk *d, pl_desk_grown grown, void *with);

/// As pl_app_do, when it is this request's turn; who comes at the same time shares a commit,
/// and this returns when that is done. A record whose store broke is opened anew by the next
/// request.
pl_status pl_desk_do(pl_reply *out, pl_desk *d, const pl_request *r, pl_error *err);

/// What is done with a store in a transaction. @return PL_OK, or a failure with a sentence
typedef pl_status (*pl_desk_work)(void *with, pl_store *s, pl_error *err);
/// Change notes: in turn, committed as above where @p work returns PL_OK, else without a trace.
pl_status pl_desk_change(pl_desk *d, pl_desk_work work, void *with, pl_error *err);

/// Which of the stores for reading: long work does not hold up short work.
typedef enum { PL_READ_SHORT, PL_READ_LONG, PL_READS } pl_desk_read;
/// Use a store for reading, as it is.
pl_status pl_desk_use(pl_desk *d, pl_desk_read which, pl_desk_work work, void *with,
                      pl_error *err);
/// The same where nothing moves meanwhile.
pl_status pl_desk_look(pl_desk *d, pl_desk_read which, pl_desk_work work, void *with,
                       pl_error *err);

/// Somebody has read that the record is as high.
void pl_desk_note_height(pl_desk *d, int64_t height);
/// The last height that this desk has seen; waits for nothing.
int64_t pl_desk_height(const pl_desk *d);
/// Did the last request to the store fail for a reason of the store's? Waits for nothing.
bool pl_desk_ails(const pl_desk *d);
#endif
