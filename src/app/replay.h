/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* replay.h - a season's rounds as its rule sees them, one after another, from what was
 * announced and proposed alone. */
#ifndef PL_APP_REPLAY_H
#define PL_APP_REPLAY_H
#include "app/economy.h"
#include "rounds/frame.h"

/// Begin with {.store = ..., .season = ...}; free with pl_replay_clear.
typedef struct {
	pl_store *store; ///< borrowed
	int64_t season;
	pl_model *declared; ///< goods, councils and schedules; prices of last year
	pl_frame frame;     ///< of `declared`
	pl_app_rows rows;
	pl_rule *rule;
	pl_totals *totals;
	pl_round seen;    ///< the round that was taken in last, as it is published
	uint8_t *floors;  ///< [n_goods] prices at their floor when it was announced
	double *price;    ///< [n_goods] announced
	double *next;     ///< [n_goods] what the rule announces after it
	double *quantity; ///< [n_links] proposed, or taken
	double *last_price, *last_quantity; ///< of the round before
} pl_replay;

/// @return PL_OK; PL_EARG with a sentence (the economy); PL_EIO, PL_ENOMEM
pl_status pl_replay_begin(pl_replay *r, pl_error *err);
/// Take in the next round, from the first on: r->seen. Who did not propose is taken at what was
/// noted when it closed; in the one that closes now, pl_replay_fill is asked.
/// @param closing the round closes now
pl_status pl_replay_take(pl_replay *r, int64_t round, bool closing, pl_error *err);
/// Let the rule answer the round: r->next.
pl_status pl_replay_step(pl_replay *r, pl_error *err);
void pl_replay_clear(pl_replay *r);

/// Use one thread for a small economy; the bits are the same. @return what to go back to with
/// pl_threads_set
int pl_replay_threads(const pl_model *m);
#endif
