/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* told.h - an economy with a plan of it, read or made, ready to be explained; and how parts of
 * prices are said. */
#ifndef PL_CLI_TOLD_H
#define PL_CLI_TOLD_H
#include "cli/args.h"
#include "io/json.h"
#include "io/plan_files.h"

#include <plenum/explain.h>

typedef struct {
	const char *folder, *dir; ///< of the economy; of the plan, or NULL: it was made
	pl_model *m;
	pl_plan *p;           ///< NULL where it was read
	pl_claim_files files; ///< empty where it was made
	pl_claim claim;       ///< of either
	pl_explain *x;
} pl_told;

/// Read an economy, and its plan from @p dir; make the plan where @p dir is NULL. A plan that
/// is not cleared, or that the check rejects, is explained as it is, with a note.
/// @return PL_EXIT_GOOD; PL_EXIT_NOT (made, not cleared); PL_EXIT_INPUT, PL_EXIT_STOPPED: told,
///         nothing to free
int pl_told_load(pl_told *t, const pl_args *a, const char *folder, const char *dir);
void pl_told_free(pl_told *t); ///< frees what it holds, not t

/// What the user means by a name.
typedef struct {
	int32_t good, council; ///< one is -1
	bool both;             ///< a council has the name of this good too
} pl_meant;
/// Find an id, else a name, of a good or (first where @p council) of a council.
/// @return PL_OK; PL_ENOTFOUND with the nearest one, or where several have the name
pl_status pl_told_find(pl_meant *out, const pl_model *m, const char *name, bool council,
                       pl_error *err);

enum { PL_SAID_CHARS = 320 };
/// What a part is called: "Field work", "Effort of Hochfeld grain farm".
const char *pl_told_part(char out[PL_SAID_CHARS], const pl_model *m, const pl_part *part);
/// Why it is there: "130 hour at 9.92", "more of it cannot be made".
const char *pl_told_why(char out[PL_SAID_CHARS], const pl_model *m, const pl_part *part);
/// Heading over parts of a kind.
const char *pl_told_kind(pl_part_kind kind);
/// "120 loaf", or "120" for a good without a unit.
const char *pl_told_amount(char out[PL_SAID_CHARS], const pl_model *m, int32_t good, double x);

/// Print parts for people, the @p most largest.
void pl_told_print(FILE *to, const pl_model *m, const pl_parts *p, int most);
/// Print parts under the heading of their kinds, the largest kind first.
void pl_told_kinds(FILE *to, const pl_model *m, const pl_parts *p, bool colour);
/// The same for programs, as an array of objects.
void pl_told_json(pl_json *j, const char *key, const pl_model *m, const pl_parts *p);

/// A line of a table: name, reason, number, share; NAN leaves a cell empty.
void pl_told_row(FILE *to, const char *name, const char *why, double number, double share);
/// "and 3 others" as a line; nothing where @p n is 0.
void pl_told_others(FILE *to, int64_t n, double number, double share);
#endif
