/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* screen.h - a plan on one screen of 80 columns and 24 lines. */
#ifndef PL_CLI_SCREEN_H
#define PL_CLI_SCREEN_H
#include <plenum/plan.h>
#include <stdio.h>

/// What the screen shows besides the plan.
typedef struct {
	double seconds;      ///< of the solve
	const char *economy; ///< folder, as the user named it
	const char *out;     ///< folder the plan was written to, or NULL
	bool colour;
} pl_screen_facts;

/// Print a plan. @return PL_OK, PL_ENOMEM (nothing printed)
pl_status pl_screen_plan(FILE *to, const pl_model *m, const pl_plan *p,
                         const pl_screen_facts *facts, pl_error *err);
/// Print why there is no plan: the goods and councils in conflict, and how near one can come.
void pl_screen_conflict(FILE *to, const pl_model *m, const pl_plan *p,
                        const pl_screen_facts *facts);

/// What people call it: its name, else its id.
const char *pl_screen_good(const pl_model *m, int32_t good);
const char *pl_screen_council(const pl_model *m, int32_t council);
#endif
