/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* industry.h - a cheap approximate inverse of the Newton equations: the makers of a good taken
 * together as one industry of average technique, and its inputs' inputs followed back. */
#ifndef PL_PLAN_INDUSTRY_H
#define PL_PLAN_INDUSTRY_H
#include "plan/program.h"

/// Let g_j be the sum of whole y_j^2 over the acts that mainly make good j, and c_j the mean
/// of their y/y_j, weighed likewise. Their part of M, sum of whole y y', is g_j c_j c_j' and
/// what techniques differ by. Of that, and of all else in M, the diagonal t is kept; then one
/// step of elimination turns g_j c_j c_j' + t_j e_j e_j' into
///     (g_j + t_j) b b',  b = e_j + g_j/(g_j + t_j) (c_j - e_j)
/// and M ~ B diag(g + t) B' with columns b. Equations in B are those of Leontief: they are
/// solved by a few rounds of Gauss and Seidel, forwards, and those in B' backwards, so that
/// the approximate inverse is symmetric.
typedef struct {
	const pl_program *g;
	int32_t *industry; ///< [n_acts] the good that an act mainly makes, -1: none
	int64_t *first;    ///< [n_goods + 1] acts by industry
	int32_t *member;   ///< [n_acts]
	double *made;      ///< [n_goods] g
	double *rest;      ///< [n_goods] diagonal of M less g
	double *weight;    ///< [n_goods] g + t
	/* I - B by columns, and the same by rows */
	int64_t *col_start, *row_start; ///< [n_goods + 1]
	int32_t *col_good, *row_good;   ///< [entries of acts]
	double *col_val, *row_val;      ///< [entries of acts]
	double *mean, *inner;           ///< [n_goods] scratch
	int32_t *seen;                  ///< [n_goods] scratch
	int rounds;
} pl_industry;

/// @return PL_OK, PL_ENOMEM
pl_status pl_industry_new(pl_industry **out, const pl_program *g, pl_error *err);
void pl_industry_free(pl_industry *s); ///< NULL allowed

/// Take new weights. About one sweep and a half.
/// @param whole [n_acts] >= 0
/// @param scale [n_goods] 1/sqrt of the diagonal of M; 0 where that is 0
void pl_industry_set(pl_industry *s, const double *whole, const double *scale);

/// out = approximate M^-1 r, the same symmetric and positive definite matrix every time.
/// @param out [n_goods] not r
void pl_industry_apply(pl_industry *s, double *out, const double *r);
#endif
