/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* simplex.h - small linear programs with bounds on variables and rows, solved again and again
 * as bounds change. */
#ifndef PL_WORK_SIMPLEX_H
#define PL_WORK_SIMPLEX_H
#include <plenum/base.h>

typedef struct pl_held pl_held;

/// min c x with low <= (x, A x) <= high, all c >= 0. Variables 0..n_cols-1 are x, then come the
/// rows' activities. Every variable that can leave its lower bound in x must be bounded.
typedef struct {
	int32_t n_rows, n_cols;
	double *low, *high; ///< [n_cols + n_rows]; of rows also infinite
	int32_t width;      ///< columns of t: all, but for those that are held (held.h)
	double *t;          ///< [n_rows * width] basic variables as sums of the others
	pl_held *held;      ///< or NULL; borrowed
	double *d;          ///< [n_cols] reduced costs
	int32_t *basic;     ///< [n_rows] variable
	int32_t *other;     ///< [n_cols] variable
	int32_t *where;     ///< [n_cols + n_rows] row of a basic variable, ~column of another
	bool *at_high;      ///< [n_cols]
	bool steep;         ///< rows are chosen by what they raise the objective: fewer, dearer
	                    ///< steps
	int32_t *open;      ///< [n_open] columns that can move, and their reduced costs, below
	double *cost;       ///< 0 (or -0) at the upper bound: scratch
	double *times;      ///< [n_rows + 1] of a pivot: scratch
	int32_t n_open;
	double *value; ///< [n_rows] of the basic ones
	double objective;
	int64_t pivots;
	int32_t stuck; ///< after PL_LP_NONE: the row that cannot rise, or ~ of one that cannot
	               ///< sink
} pl_simplex;

typedef enum { PL_LP_BEST, PL_LP_NONE, PL_LP_ABOVE, PL_LP_LIMIT } pl_lp_end;

/// With t the rows' coefficients, d the costs; bounds are set by the caller.
pl_status pl_simplex_new(pl_simplex **out, int32_t rows, int32_t cols, pl_error *err);
void pl_simplex_free(pl_simplex *s); ///< NULL allowed
/// Back to the first basis, which sheds what rounding has cost: t and d are 0 then and to be
/// filled anew; bounds stay.
void pl_simplex_clear(pl_simplex *s);
/// Solve for the bounds as they are now, from where it stands: bounds may change between two
/// calls in any way.
/// @param above stop as soon as the objective is known to pass this
/// @param pivots most steps
pl_lp_end pl_simplex_run(pl_simplex *s, double above, int64_t pivots);
/// By how much the objective rises at least when the basic variable of a row moves by `by`;
/// infinite where it cannot.
double pl_simplex_rise(const pl_simplex *s, int32_t row, double by);
/// As pl_simplex_run of a program that is solved, where nothing but these columns moves to
/// other bounds: without working out all values anew. Basic variables may have other bounds.
pl_lp_end pl_simplex_move(pl_simplex *s, const int32_t *col, const double *by, int n,
                          double above, int64_t pivots);
/// What the objective comes to at least when columns move by so much, before any pivot; a bound
/// above `enough` ends the search for a better one.
/// @param col, by [n] columns of the table and changes of their variables
double pl_simplex_foresee(pl_simplex *s, const int32_t *col, const double *by, int n,
                          double enough);
/// Replace the coefficients of a variable that is not basic, and 0.
/// @param row, a [n] rows and what stands there
void pl_simplex_column(pl_simplex *s, int32_t variable, double cost, const int32_t *row,
                       const double *a, int n);
/// Take a variable that is held at one value out of the basis. @return false: it cannot be
bool pl_simplex_release(pl_simplex *s, int32_t variable);
/// Copy all, to one of the same size.
void pl_simplex_copy(pl_simplex *to, const pl_simplex *from);
/// Values of all variables. @param[out] x [n_cols + n_rows]
void pl_simplex_values(const pl_simplex *s, double *x);
/// Price of each row: reduced costs of the rows. @param[out] y [n_rows]
void pl_simplex_prices(const pl_simplex *s, double *y);
/// After PL_LP_NONE, prices of rows that prove it: with costs of 0 they bound the objective
/// above 0. @param[out] y [n_rows]
void pl_simplex_proof(const pl_simplex *s, double *y);
#endif
