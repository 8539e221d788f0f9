/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* search.h - from any start into the neighbourhood of the plan: a primal-dual interior
 * method. Where there are no limits: descend.h. */
#ifndef PL_PLAN_SEARCH_H
#define PL_PLAN_SEARCH_H
#include "plan/normal.h"

#include <plenum/plan.h>

/// Where a method stands. Prices, activities and the multipliers of their bounds.
typedef struct {
	double *price;      ///< [n_goods] > 0 while searching
	double *excess;     ///< [n_goods] supply less demand that is left over; 0 for essential
	                    ///< goods
	double *z;          ///< [n_acts] activity, inside (0, cap)
	double *room;       ///< [n_acts] cap - z; +inf without a cap
	double *low, *high; ///< [n_acts] credits per unit of activity: multipliers of z >= 0, z
	                    ///< <= cap
} pl_point;

/// One method's whole memory: shared by searching and settling.
typedef struct {
	const pl_program *g;
	pl_answers *a;
	pl_normal *normal;
	pl_point at;
	double *need;    ///< [n_goods] rough: what wants may set in motion at the start prices
	double *reserve; ///< [n_goods] held back so that rounding cannot make a shortage
	double *supply, *demand,
	        *short_of;         ///< [n_goods] totals; demand + reserve + excess - supply
	double *margin, *miss;     ///< [n_acts] n.p; n.p - E'(z) + low - high
	double *diag, *rhs, *move; ///< [n_goods]
	double *answer, *moved;    ///< [n_acts] dz/dm and the step in z
	double *good[7];           ///< [n_goods] scratch
	double *unit;              ///< [n_acts] value of a unit of act at the start prices
	double *act[4];            ///< [n_acts] scratch
	double *kept;              ///< [2 n_goods + 4 n_acts] a point, while a step is tried
	int64_t steps, sweeps, max_steps;
	double worst;       ///< largest relative imbalance over goods at the last look
	int32_t worst_good; ///< of the program, -1: none
	double flows;       ///< value of all turnover at the last look, credits
	double distance; ///< worst of imbalance, margins missed and gap, relative, at the last
	                 ///< look
	double first_flows; ///< at the first look, credits
	const char *phase;
	pl_watch watch;
	void *self;
	int64_t idle; ///< steps without progress
	bool stopped;
	bool answered; ///< the answers are those to the prices in `at`
} pl_method;

pl_status pl_method_new(pl_method **out, const pl_program *g, const pl_settings *s,
                        pl_error *err);
void pl_method_free(pl_method *k); ///< NULL allowed

/// Begin at the prices in `at`, all > 0: fills the rest of the point.
void pl_search_begin(pl_method *k);

/// Take the prices in `at` for those of the plan: activities that would meet the needs, and
/// what would be left over. For pl_settle; pl_search wants a pl_search_begin after it.
/// @return how far that is from a plan: margins missed and goods short, as a part of all
///         value; NaN where there is none
double pl_search_arrive(pl_method *k);

/// Search until `distance` is at most @p near.
/// @return true if it is; false at the step limit, when stopped or when nothing improves.
bool pl_search(pl_method *k, double near);

/// Fill `need` at the current prices and answers, act[0] with activities that would meet it:
/// what consumers want, and what is needed to make what is needed. Rough on purpose.
void pl_method_guess_needs(pl_method *k);
/// Totals at the point: answers, supply, demand, short_of, margin, miss. Two sweeps.
void pl_method_look(pl_method *k);
/// Copy the point out, or put the copy back. @param copy [2 n_goods + 4 n_acts]
void pl_method_keep(pl_method *k, double *copy, bool back);
/// Tell the watcher and count the step. @return false to stop.
bool pl_method_step_done(pl_method *k);
#endif
