/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* check_inner.h - what the parts of the checker share (check*.c alone may include it). */
#ifndef PL_PLAN_CHECK_INNER_H
#define PL_PLAN_CHECK_INNER_H
#include "plan/check_answer.h"

#include <plenum/plan.h>

/// Half a unit of the tenth digit at most, relative: what a number loses in a spreadsheet.
#define PL_TEN_DIGITS 5e-10
/// Part of the value of all flows that is next to nothing: a plan may say 0 instead.
#define PL_NEXT_TO_NOTHING 1e-15
/// What sums of a plan that kept all its digits may differ by, over the sum of their terms;
/// ten thousand times what adding a hundred terms costs.
#define PL_ALL_DIGITS 1e-11

/// The columns of a claim.
typedef enum {
	PL_C_PRICE,
	PL_C_QUANTITY,
	PL_C_SUPPLY,
	PL_C_DEMAND,
	PL_C_IMBALANCE,
	PL_C_ACTIVITY,
	PL_C_BENEFIT,
	PL_C_COST,
	PL_C_RATIO,
	PL_C_COLUMNS
} pl_column;

/// The tables they stand in. One that shows 16 digits anywhere was not through a
/// spreadsheet, for these keep 15 at most.
typedef enum { PL_C_PRICES, PL_C_FLOWS, PL_C_COUNCILS, PL_C_TABLES } pl_plan_table;

typedef struct {
	const pl_model *m;
	pl_market market;                   ///< the claimed prices
	const double *stated[PL_C_COLUMNS]; ///< the claim, column by column; NULL: not claimed
	bool whole[PL_C_TABLES];            ///< the table shows 16 digits or more
	double tolerance;
	double *log_price, *supply, *demand; ///< each [n_goods], recomputed, owned
	uint8_t *there;  ///< [n_goods] held, or somebody can make or offer it; owned
	uint8_t *barred; ///< [n_councils] cannot work at any price: see pl_check_reach; owned
	double loss;     ///< credits, of the councils judged so far against their best answers
	double worst;    ///< relative error of the fault in verdict->reason
	pl_verdict *verdict;
} pl_check;

/// Note a fault; the one with the largest error is kept.
/// @param error relative, > 0; NaN counts as infinite
/// @param pattern a sentence in which @ stands for @p who and # for @p what (both quoted),
///        < for the number that is and > for the one that ought to be
void pl_check_fault(pl_check *c, double error, const char *pattern, const char *who,
                    const char *what, double is, double ought);

/// |is - ought| over the larger of the two; 0 where they are equal, NaN for no numbers.
double pl_check_error(double is, double ought);

/// Compare a stated number with what follows from the plan's prices and quantities. Where
/// all tables have all digits it must be right to PL_ALL_DIGITS of @p size, else to the
/// tolerance.
/// @param ought NaN where the number is not defined
/// @param size sum of the absolute terms of `ought`, in its units
/// @param who,pattern as in pl_check_fault
void pl_check_stated(pl_check *c, pl_column column, int64_t row, double ought, double size,
                     const char *who, const char *pattern);

/// Fill `there` and `barred`, which are 0. A council is barred if it needs what nobody holds
/// and nobody who is not barred makes or offers. O(links) a round, as many rounds as the
/// longest chain of makers has links.
void pl_check_reach(pl_check *c);

/// Is every flow of this council possible, and its best answer to the prices? Adds its loss.
void pl_check_council(pl_check *c, int32_t council);
#endif
