/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* made.h - the plan of a closed round, made as its season has agreed: from the declared
 * schedules, or from the proposals by an endgame. */
#ifndef PL_APP_MADE_H
#define PL_APP_MADE_H
#include "app/economy.h"

#include <plenum/plan.h>
#include <plenum/rounds.h>

/// The endgame of a season. @param[out] end pl_end_kind; -1: the declared schedules
/// @return PL_OK; PL_ENOTFOUND, PL_EIO, PL_ENOMEM
pl_status pl_made_by(int *end, pl_store *s, int64_t season, pl_error *err);

/// A plan. Begin with {0}; free with pl_made_clear.
typedef struct {
	pl_model *m; ///< the round's economy, as pl_app_economy has it
	pl_app_rows rows;
	int end;           ///< pl_end_kind; -1: the declared schedules
	pl_plan *found;    ///< of the declared schedules, or NULL
	double *proposed;  ///< [n_links] proposed or taken, units; NULL without an endgame
	pl_ending *ending; ///< or NULL
	const double *price,
	        *quantity; ///< of either; prices as announced where it was an endgame
	char digest[65];
} pl_made;

/// The last round is closed, and what was taken is noted.
/// @return PL_OK; PL_EARG with a sentence (the economy); PL_EIO, PL_ENOMEM
pl_status pl_made_new(pl_made *out, pl_store *s, int64_t season, int64_t round, pl_error *err);
void pl_made_clear(pl_made *p);

/// Worth of a council's proposal at the announced prices, as fairness counts it: what a
/// workplace makes, what others want; free goods left out. Credits.
double pl_made_worth(const pl_made *p, int32_t council, const double *quantity);
#endif
