/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* begin.h - what planning begins with: an economy, settings, start prices, a folder for what
 * comes of it. */
#ifndef PL_CLI_BEGIN_H
#define PL_CLI_BEGIN_H
#include "cli/args.h"

#include <plenum/plan.h>

typedef struct {
	const char *folder, *out; ///< out: NULL where nothing is to be written
	pl_settings settings;     ///< the command line goes before economy.csv
	pl_model *m;
	double *start; ///< [n_goods], or NULL for last year's prices
	char inputs[65];
} pl_begin;

/// Read all that the command line names. A folder that cannot take a plan is found now, not
/// after the work. @return PL_EXIT_GOOD; PL_EXIT_INPUT: told
int pl_begin_read(pl_begin *b, const pl_args *a);
void pl_begin_free(pl_begin *b); ///< frees what it holds, not b
#endif
