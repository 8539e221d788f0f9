/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lab_tables.h - what the runs of an experiment came to: results.csv, rounds.csv, manifest.json
 * and a summary for people. */
#ifndef PL_CLI_LAB_TABLES_H
#define PL_CLI_LAB_TABLES_H
#include "cli/lab_file.h"

#include <plenum/rounds.h>

/// All seeds of one place of the grid, year 1 or the later ones together.
typedef struct {
	pl_lab_place at; ///< seed 0
	bool later;
	int32_t n, cleared;         ///< years
	int32_t reached[PL_BOUNDS]; ///< years that came within each bound
	double rounds[PL_BOUNDS];   ///< sum of rounds_to of those
	int32_t n_growth, n_loss;
	double growth, loss, worst_loss; ///< sums; the largest
} pl_lab_group;

typedef struct {
	char digest[2][PL_LAB_DIGEST]; ///< SHA-256 of results.csv and rounds.csv
	int64_t rows[2];
	int32_t n_groups;
	pl_lab_group *group; ///< in the order of the grid
} pl_lab_summary;
void pl_lab_summary_clear(pl_lab_summary *s);

/// {"plenum": version, "experiment": ...}: what tells an experiment from another one, and with
/// a summary its manifest.
void pl_lab_manifest(FILE *to, const pl_lab *lab, const pl_lab_summary *s);

/// Join the tables of all runs, each of which must be there, in DIR/runs. Nothing of it
/// depends on the order in which they were made.
/// @return PL_OK; PL_EIO, PL_ENOMEM, PL_EPARSE (a table of a run was changed): then nothing was
///         written and *out is empty
pl_status pl_lab_join(pl_lab_summary *out, const pl_lab *lab, const char *folder,
                      pl_error *err);

/// Mean rounds to a bound over the years that came within; NaN where none did.
double pl_lab_mean(const pl_lab_group *g, int bound);
/// On a screen of 80 columns.
void pl_lab_print(FILE *to, const pl_lab *lab, const pl_lab_summary *s);
/// As members of an open object.
void pl_lab_json(pl_json *j, const pl_lab *lab, const pl_lab_summary *s);
#endif
