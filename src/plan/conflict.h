/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* conflict.h - what an economy that cannot meet its fixed requests lacks.
 *
 * The program "missing" asks for the plan that leaves the least unmet: each fixed want may go
 * unmet in part at a cost price r/2 (unmet/r)^2, so that wants in conflict are scaled alike
 * and as little as possible; nothing else costs anything. Its prices d are the proof: nobody
 * can add more than they do, and what is asked for, weighed by d, exceeds what all supply. */
#ifndef PL_PLAN_CONFLICT_H
#define PL_PLAN_CONFLICT_H
#include "plan/search.h"

/// How much of a want may go unmet before the economy counts as infeasible.
#define PL_UNMET_IS_REAL 1e-7

/// From a solved "missing" program: what each fixed want can get. @param[out] met [n_links]
/// @return the largest unmet part of a want, 0..1
double pl_conflict_met(double *met, const pl_model *m, const pl_method *k);

/// Name goods, wants and limits of the conflict in the plan, with a sentence.
pl_status pl_conflict_name(pl_plan *p, const pl_model *m, pl_method *k, pl_error *err);
#endif
