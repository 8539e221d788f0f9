/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* closed.h - the rounds of a record that were closed, one after another, each with its economy
 * as it was then.
 *
 * Prices and proposals of a round stay as they were, but goods and schedules change between
 * seasons; what was declared is done again, in the order of the events, and nothing else. */
#ifndef PL_APP_CLOSED_H
#define PL_APP_CLOSED_H
#include "app/store.h"

#include <plenum/model.h>

/// Begin with {.store = ..., .scratch = ...}, an empty store; both borrowed.
typedef struct {
	pl_store *store, *scratch;
	int64_t height;        ///< of the last event that was looked at
	int64_t season, round; ///< of the round that was found last
	/// Called for each event that is looked at; false: stop. NULL: nobody watches
	bool (*watch)(void *with, int64_t height);
	void *with;
} pl_closed;

/// Go on to the next one. @param[out] out NULL where there is none left
/// @return PL_OK; PL_EARG with a sentence (an event that cannot be done again); PL_ESTOPPED;
///         PL_EIO, PL_ENOMEM
pl_status pl_closed_next(pl_model **out, pl_closed *c, pl_error *err);
#endif
