/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* figures.h - what the pictures of a report show, as numbers: functions of the economy and its
 * plan alone, each list bounded. */
#ifndef PL_REPORT_FIGURES_H
#define PL_REPORT_FIGURES_H
#include "report/top.h"

#include <plenum/plan.h>

/// Benefit over cost falls into one of these; PL_RATIO_EDGES has their borders.
enum { PL_RATIO_BINS = 8, PL_TAKES_MOST = 3 };
extern const double pl_ratio_edges[PL_RATIO_BINS - 1]; ///< rising; bin k ends below edge k

typedef struct {
	const double *price; ///< [n_goods] borrowed: the plan's, or the start prices where
	                     ///< every price of the plan is 0
	bool at_start;       ///< the latter
	double *made;        ///< [n_goods] units that councils make
	double *got;         ///< [n_councils] credits: value of what consumers and communities
	                     ///< get, less what they offer; 0 for others

	pl_top goods;     ///< goods that people get, by value
	pl_top inputs;    ///< labour, resources, hours of machines, pollutants, by value used
	double labour;    ///< value of labour used, credits
	double hours;     ///< amount of labour used; NaN where its units differ
	int32_t hours_of; ///< a labour good, for the unit; -1: none is used
	pl_top takers;    ///< councils by what they get, credits

	pl_top moved; ///< goods by |log(price/start price)|, above 0.01 %
	int64_t dearer, cheaper, steady, free_goods;

	int64_t balanced;   ///< goods within the plan's tolerance
	int64_t to_balance; ///< goods that must balance
	pl_top imbalance;   ///< goods by imbalance, above 0

	int64_t ratio_bin[PL_RATIO_BINS]; ///< workplaces
	pl_top best, worst;               ///< workplaces by ratio; worst: key is -ratio
	int64_t beyond;                   ///< consumers who take more than 1 % above income

	pl_top spent;  ///< stocks (index j) and capacities (-1 - council) that are used up, by
	               ///< the value of the limit: price times stock, or benefit less cost
	pl_top nearly; ///< the same with 80 % or more in use, by share in use
	pl_top plenty; ///< goods of price 0 that are used, by share in use
} pl_figures;

/// @return PL_OK, PL_ENOMEM
pl_status pl_figures_new(pl_figures **out, const pl_model *m, const pl_plan *p, pl_error *err);
void pl_figures_free(pl_figures *f); ///< NULL allowed

/// The goods that a council gets, by value.
pl_top pl_figures_taken(const pl_figures *f, const pl_model *m, const pl_plan *p,
                        int32_t council);
/// Share of a stock (good >= 0) or a capacity (-1 - council) that is in use; 0 where there is
/// no such limit.
double pl_figures_in_use(const pl_model *m, const pl_plan *p, int32_t which);
#endif
