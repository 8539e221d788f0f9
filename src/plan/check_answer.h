/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* check_answer.h - the best answer of a council to given prices, derived from what each
 * schedule maximises and from nothing in the planner (plan-7). Used by the checker alone. */
#ifndef PL_PLAN_CHECK_ANSWER_H
#define PL_PLAN_CHECK_ANSWER_H
#include <plenum/model.h>

/// Prices to answer to. Borrowed.
typedef struct {
	const pl_model *m;
	const double *price;     ///< [n_goods] credits per unit, >= 0
	const double *log_price; ///< [n_goods] natural logs, -inf where the price is 0
} pl_market;

/// What all links of one council share; of every schedule but `recipe`.
typedef struct {
	pl_schedule schedule;
	bool nothing;     ///< best to do nothing: the output is worth 0
	double level;     ///< log of revenue (cobb_douglas), of input bundles (ces, budgets)
	double index;     ///< log of the cost of one bundle, credits (ces, budgets)
	double shares;    ///< sum of the raw shares (ces, budgets)
	double sigma;     ///< elasticity of substitution (ces, budgets)
	double condition; ///< a relative change u of prices moves a quantity by <= condition u
} pl_answer;

/// Find the answer of a council whose schedule is not `recipe`.
pl_answer pl_answer_find(const pl_market *at, int32_t council);

/// Best quantity of one link of that council, units; +inf where more is always better.
double pl_answer_quantity(const pl_answer *a, const pl_market *at, int32_t council,
                          int64_t link);

/// A recipe at given prices: surplus z (made - used) - E(z) over activities 0 <= z <= capacity.
typedef struct {
	double capacity, effort, slope, response; ///< the council's parameters
	double made,
	        given; ///< value made; value used and effort e0: credits per unit of activity
} pl_recipe;
pl_recipe pl_recipe_find(const pl_market *at, int32_t council);

/// Best activity of a recipe with slope > 0, were made - given this @p margin.
double pl_recipe_activity(const pl_recipe *r, double margin);
/// Effort cost E(z), credits; without a slope e0 z.
double pl_recipe_cost(const pl_recipe *r, double z);
#endif
