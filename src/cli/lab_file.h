/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lab_file.h - an experiment as a JSON file: a grid of economies, rules, starts, behaviours
 * and seeds. docs/economy-files.md has the members. */
#ifndef PL_CLI_LAB_FILE_H
#define PL_CLI_LAB_FILE_H
#include "io/json.h"
#include "lab/experiment.h"
#include "lab/generate.h"

#include <jansson.h>

enum { PL_LAB_NAME_ROOM = 128, PL_LAB_DIGEST = 65 };
/// Starts that are no price: those of the tables, and those that clear the tables.
enum { PL_LAB_MODEL = 0, PL_LAB_PLAN = -1 };
/// "model", "plan"; NULL for a price.
const char *pl_lab_start_word(double start);

/// Where the councils of a run come from.
typedef struct {
	char name[PL_LAB_NAME_ROOM]; ///< in results.csv; unique in the file
	const char *folder;          ///< borrowed from the file; NULL: made up
	char inputs[PL_LAB_DIGEST];  ///< SHA-256 of the folder's tables; "" where made up
	pl_generate_spec spec;
	bool seeded; ///< false: spec.seed is the run's
} pl_lab_economy;

/// A rule as results.csv has it: NAME, NAME:still (nothing is learned), NAME:forgets (a new
/// rule each year).
typedef struct {
	const char *text; ///< borrowed from the file
	pl_rule_kind kind;
	bool learns, forgets;
} pl_lab_rule;

typedef struct {
	const char *text; ///< borrowed from the file
	pl_behaviour strength;
} pl_lab_behaviour;

/// An experiment. Begin with {0}; free with pl_lab_clear.
typedef struct {
	json_t *file;
	const char *name, *about; ///< about: "" where not given
	int32_t n_economies, n_rules, n_starts, n_behaviours, n_seeds;
	pl_lab_economy *economy;
	pl_lab_rule *rule;
	double *start; ///< [n_starts] one price for every good, or PL_LAB_MODEL, PL_LAB_PLAN
	pl_lab_behaviour *behaviour;
	uint64_t *seed;
	int32_t years, max_rounds;
	pl_change change;
	double shock, tolerance, log_step;
	pl_end_kind end;
	bool limits, loss;
	pl_best best; ///< what the loss is against
	/// What a manifest promises; "" where the file is none.
	char results[PL_LAB_DIGEST], rounds[PL_LAB_DIGEST];
} pl_lab;

/// Read and check an experiment, or the manifest of one that was run. Folders are opened and
/// their tables read, so that what is wrong with them is told before anything is run.
/// @return PL_OK; PL_EPARSE or PL_EARG with a sentence that names the member; PL_ENOTFOUND,
///         PL_EIO, PL_ENOMEM; *out then holds nothing
pl_status pl_lab_read(pl_lab *out, const char *path, pl_error *err);
void pl_lab_clear(pl_lab *lab);

/// Write the experiment with every default filled in, as the value of @p key (NULL at the top).
void pl_lab_write(pl_json *j, const char *key, const pl_lab *lab);

/// Runs of the grid. The seed changes fastest, then behaviour, start, rule, economy.
int64_t pl_lab_runs(const pl_lab *lab);

/// A run's place in the grid.
typedef struct {
	int32_t economy, rule, start, behaviour, seed;
} pl_lab_place;
pl_lab_place pl_lab_place_of(const pl_lab *lab, int64_t run);
#endif
