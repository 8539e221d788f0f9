/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* linear.h - the linear program of a workplace: the best hours for shares between bounds. */
#ifndef PL_WORK_LINEAR_H
#define PL_WORK_LINEAR_H
#include "work/deal.h"
#include "work/simplex.h"

/// Variables: hours of every pair (person, task), then the deviation; rows: work of people,
/// need of tasks, then for each person +-(sum of hours times x, y) <= deviation * work, divided
/// by work.
typedef struct {
	const pl_deal *d;
	int32_t n_pairs;
	const int32_t *person, *task; ///< [n_pairs] borrowed
	pl_simplex *lp;
	double *x, *y;     ///< [n_cols + n_rows] values, [n_rows] prices
	double total;      ///< of the upper bounds, hours
	int64_t clean;     ///< pivots when the table was last filled
	int64_t size;      ///< entries of the table
	uint64_t *support; ///< bits of pairs with hours
} pl_linear;

/// Rows of the program of a workplace.
int32_t pl_linear_rows(const pl_workplace *w);
/// @return PL_OK, PL_ENOMEM
pl_status pl_linear_new(pl_linear **out, const pl_deal *d, int32_t n_pairs,
                        const int32_t *person, const int32_t *task, pl_error *err);
void pl_linear_free(pl_linear *p); ///< NULL allowed

/// Bounds of a share, thousandths of an hour.
void pl_linear_limit(pl_linear *p, int32_t pair, int64_t low, int64_t high);
/// Solve for the bounds as they are; x are the values then, where the end is PL_LP_BEST.
/// @return PL_LP_NONE only where that is certain, whatever rounding has cost; PL_LP_LIMIT also
/// where it is not
pl_lp_end pl_linear_run(pl_linear *p, double above, int64_t pivots);
/// No deal within the bounds can deviate less than that, whatever the table has lost to
/// rounding.
double pl_linear_bound(const pl_linear *p);
/// Whole thousandths from x in the hands of d: rounded down, then the rest along paths within
/// the same pairs. @param[out] whole false: it did not come out even
pl_status pl_linear_deal(bool *whole, const pl_linear *p, pl_deal *d, pl_error *err);
/// The same with every share rounded down or up, so that none falls below a bound: exact, but
/// slower. Hands of d are changed in any case.
pl_status pl_linear_round(bool *whole, const pl_linear *p, pl_deal *d, pl_error *err);
#endif
