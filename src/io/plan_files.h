/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan_files.h - a plan as prices.csv, councils.csv, flows.csv and plan.json. */
#ifndef PL_IO_PLAN_FILES_H
#define PL_IO_PLAN_FILES_H
#include "io/economy.h"

/// Facts about a run that are no part of the plan.
typedef struct {
	double seconds;       ///< of the solve
	const char *economy;  ///< the folder as the user named it
	const char *inputs;   ///< SHA-256 of the input tables, hex, or NULL
} pl_run_facts;

/// Write a plan. Refuses a folder that holds economy.csv or goods.csv.
pl_status pl_plan_write(const char *folder, const pl_model *m, const pl_plan *p,
                        const pl_run_facts *facts, pl_error *err);

/// The object that --json prints and plan.json holds (plan.json adds what a reader needs:
/// tolerance, inputs' hash, conflicts). One line, or indented for plan.json.
void pl_plan_json(FILE *to, const pl_model *m, const pl_plan *p, const pl_run_facts *facts,
                  bool whole);

/// A claim read back, also as a spreadsheet rewrote it (row and column order, delimiter,
/// decimal comma, cut digits). Owns its arrays.
typedef struct {
	pl_claim claim;  ///< points into the arrays below
	double tolerance; ///< from plan.json, or NaN
	double *array[9];
} pl_claim_files;
pl_status pl_claim_read(pl_claim_files *out, const pl_model *m, const char *folder,
                        pl_faults *faults, pl_error *err);
void pl_claim_free(pl_claim_files *c);
#endif
