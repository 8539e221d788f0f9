/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan_files.h - a plan as prices.csv, councils.csv, flows.csv and plan.json. */
#ifndef PL_IO_PLAN_FILES_H
#define PL_IO_PLAN_FILES_H
#include "io/economy.h"
#include "io/json.h"

/// Facts about a run that are no part of the plan.
typedef struct {
	double seconds;              ///< of the solve
	const char *economy;         ///< the folder as the user named it
	const char *inputs;          ///< SHA-256 of the input tables, hex, or NULL
	const pl_settings *settings; ///< that it was made with, or NULL
	/// Further members of the object, or NULL. @param whole as in pl_plan_json
	void (*more)(pl_json *j, const void *self, bool whole);
	const void *more_self;
} pl_run_facts;

/// A further file of the same folder, by a writer that pl_plan_write need not know. A row of
/// them ends with a name of NULL.
typedef struct {
	const char *name;
	/// @return PL_OK (faults of writing show in ferror(to)), or why it cannot be made
	pl_status (*write)(FILE *to, void *self, pl_error *err);
	void *self;
} pl_plan_extra;

/// Write prices.csv, councils.csv, flows.csv and plan.json, and @p extra (NULL: none)
/// beside them. Refuses a folder that holds economy.csv or goods.csv. The same plan gives the
/// same bytes: neither the time nor the name of the economy's folder is written.
/// @return PL_OK, PL_EARG, PL_EIO, PL_ENOTFOUND (no parent folder), PL_ENOMEM; on failure
///         nothing was written
pl_status pl_plan_write(const char *folder, const pl_model *m, const pl_plan *p,
                        const pl_run_facts *facts, const pl_plan_extra *extra, pl_error *err);

/// The object that --json prints, one line. With @p whole what plan.json holds, indented: no
/// seconds, but the economy's name, period and unit of account, the hash of its tables, the
/// settings, steps, the value of all flows, and why nothing better was found.
void pl_plan_json(FILE *to, const pl_model *m, const pl_plan *p, const pl_run_facts *facts,
                  bool whole);

/// The members that both begin with, into an open object. @param seconds NULL: left out
void pl_plan_json_figures(pl_json *j, const pl_model *m, const pl_plan *p,
                          const double *seconds);

/// A claim read back, also as a spreadsheet rewrote it (row and column order, delimiter,
/// decimal comma, cut digits). Owns its arrays.
typedef struct {
	pl_claim claim;   ///< points into the arrays below
	double tolerance; ///< from plan.json, or NaN
	double *array[9];
} pl_claim_files;
/// Read prices.csv (good, price), councils.csv (council, activity) and flows.csv (council,
/// good, role, quantity); the other columns, and plan.json, may be missing. Every good,
/// council and link of the model stands in them once, in any order.
/// @param faults may be NULL
/// @return as pl_economy_read; on failure there is nothing to free
pl_status pl_claim_read(pl_claim_files *out, const pl_model *m, const char *folder,
                        pl_faults *faults, pl_error *err);
pl_status pl_claim_read_from(pl_claim_files *out, const pl_model *m, const pl_source *from,
                             pl_faults *faults, pl_error *err);
void pl_claim_free(pl_claim_files *c); ///< frees what it holds, not c

/// Read proposals.csv (council, good, role, quantity >= 0); what has no row is 0.
/// @param[out] quantity [n_links] units
/// @param faults may be NULL
/// @return as pl_economy_read
pl_status pl_proposals_read_from(double *quantity, const pl_model *m, const pl_source *from,
                                 pl_faults *faults, pl_error *err);
#endif
