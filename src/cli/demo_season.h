/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo_season.h - a federation that has been planning for three weeks. */
#ifndef PL_CLI_DEMO_SEASON_H
#define PL_CLI_DEMO_SEASON_H
#include "app/app.h"

/// Who the demonstration's links are for, by number in the record.
typedef struct {
	int64_t facilitator, second; ///< second: another facilitator, who agrees or does not
	int64_t auditor, worker, neighbour;
} pl_demo_people;

/// Fill a new record with the bundled valley: people, councils, goods, a season with three
/// rounds behind it, answered by simulated councils, and a fourth one open.
/// @param now the fourth round opens then; the first one three weeks before
/// @return PL_OK, or what went wrong
pl_status pl_demo_season(pl_demo_people *out, pl_app *a, pl_store *store, int64_t now,
                         pl_error *err);
#endif
