/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* normal.h - the Newton equations over prices: assembled and factorised while they are
 * small, conjugate gradients on sweeps when they are not. */
#ifndef PL_PLAN_NORMAL_H
#define PL_PLAN_NORMAL_H
#include "num/secants.h"
#include "plan/answer.h"
#include "plan/industry.h"

/// M = sum over rows of whole y y' + mixed x x' + diag, in the scratch of one method.
typedef struct {
	const pl_program *g;
	const pl_answers *a;  ///< borrowed by pl_normal_set
	const double *diag;   ///< [n_goods] borrowed by pl_normal_set
	const double *enough; ///< [n_goods] or NULL: a solution that misses no equation by more
	                      ///< than this is exact enough; borrowed
	bool direct;
	bool may_turn;  ///< to a factor, where solutions take too many products
	bool turns;     ///< with the next equations
	double *matrix; ///< [n * n] the factor, scaled to a unit diagonal; direct only
	                ///< only
	double *scale;  ///< [n] 1/sqrt of the diagonal
	double *work;
	double *net;           ///< [link entries] y; direct only
	pl_by_col *by_good;    ///< of all rows; direct only
	double *relative;      ///< [n] x/price, scratch
	double *vector[5];     ///< [n] each, scratch
	pl_secants *learned;   ///< from the solutions before this one
	pl_industry *industry; ///< preconditions where there are acts; NULL: none, or direct
	bool any_taken;        ///< some row takes units, whatever they cost
	pl_scatter *total;     ///< scratch
	int64_t sweeps;        ///< products with M and assemblies so far
} pl_normal;

/// @param direct_goods up to this many goods M is factorised; up to a quarter of that where
///        there are as many acts as goods: iterations are then quick, and where they turn
///        out not to be, M is factorised after all
pl_status pl_normal_new(pl_normal **out, const pl_program *g, int64_t direct_goods,
                        pl_error *err);
void pl_normal_free(pl_normal *s); ///< NULL allowed

/// Take the current answers and diagonal; factorise if direct.
void pl_normal_set(pl_normal *s, const pl_answers *a, const double *diag);
/// Solve M x = b; x may not be b. @param precision relative, in the scaled 2-norm; ends
/// earlier at PL_CG_MAX products.

void pl_normal_solve(pl_normal *s, double *x, const double *b, double precision);
/// The same, where x is near the solution already.
void pl_normal_improve(pl_normal *s, double *x, const double *b, double precision);
enum { PL_CG_MAX = 2000, PL_CG_MANY = 400 };

/// out = M x, one sweep.
void pl_normal_times(pl_normal *s, double *out, const double *x);
#endif
