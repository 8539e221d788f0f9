/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* follow.h - a plan made ready to be explained: who supplies what, and what each council earns.
 * Invariants: explain-1 to explain-4 in README.md. */
#ifndef PL_EXPLAIN_FOLLOW_H
#define PL_EXPLAIN_FOLLOW_H
#include <plenum/explain.h>

struct pl_explain {
	const pl_model *m;
	double *price;     ///< [n_goods] credits per unit, 0 for counted goods
	double *quantity;  ///< [n_links] units
	double *supply;    ///< [n_goods] units from all sources
	double *demand;    ///< [n_goods] units
	double *offered;   ///< [n_goods] units that councils offer; part of supply
	pl_earnings *earn; ///< [n_councils]
};

/// Activity of a recipe, by its quantities.
double pl_explain_activity(const pl_explain *x, int32_t council);

/// Where a basket was traced to. The arrays are the caller's.
typedef struct {
	double *need;  ///< [n_goods] units that passed through, the basket included
	double *runs;  ///< [n_councils] parts of each council's whole activity, 1
	double *rest;  ///< [n_goods] units not traced any further; part of need
	double *asked; ///< [n_councils] scratch
} pl_follow;
pl_status pl_follow_new(pl_follow *t, const pl_explain *x, pl_error *err);
void pl_follow_free(pl_follow *t); ///< frees what it holds, not t

/// Trace a basket through its makers. @param passes at most so many levels of makers
void pl_follow_run(pl_follow *t, const pl_explain *x, const double *basket, int passes);
enum { PL_FOLLOW_PASSES = 20000 };
#endif
