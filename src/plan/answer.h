/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* answer.h - what every smooth council answers to prices: gather, respond, scatter. */
#ifndef PL_PLAN_ANSWER_H
#define PL_PLAN_ANSWER_H
#include "num/scatter.h"
#include "plan/program.h"

/// Answers to one vector of prices, and the second derivatives of the surplus:
///     Hessian = sum over rows of  whole y y' + mixed x x'  + diag(curve)
/// with y the row's net supply (x its inputs alone: y without the output's entry). For acts
/// the same form holds with y their coefficients and `whole` set by the method.
///
/// No y is stored. A row that can replace one input by another (sigma > 0) spends
/// weight * scale credits on an input; one that cannot takes weight * scale units of it. So
/// weights stand still unless sigma is neither 0 nor 1, and a sweep reads them and `col`.
typedef struct {
	const double *weight; ///< [link entries] of a row's inputs: value shares where sigma >
	                      ///< 0, else units per unit of the bundle; of acts: net output
	double *scale;        ///< [n_rows] of smooth rows: credits, or bundles if sigma is 0
	double *revenue;      ///< [n_rows] of smooth rows, credits; 0 without an output
	double *whole;        ///< [n_rows]
	double *mixed;        ///< [n_rows]
	double *surplus;      ///< [n_rows] of smooth rows, credits
	double *want;         ///< [n_wants] units
	double *curve;  ///< [n_goods] units^2 per credit; outputs take away what `whole` has
	                ///< too much
	double *up;     ///< [n_goods] of `curve`: what elasticities above 1 add to 1,
	double *stiff;  ///< [n_goods] and what those below 1 take from it
	double *square; ///< [n_goods] diagonal of the sum above over smooth rows, less `curve`
	double *supply, *demand; ///< [n_goods] of smooth rows, wants and steady budgets
	double want_surplus;     ///< of all wants and steady budgets, credits, up to a constant
	double *log_price;       ///< [n_goods]
	double *per_price;       ///< [n_goods] 1/price, 0 where that is not finite
	double *own_weight;      ///< [link entries] or NULL: then weight is the links' values
	pl_scatter *total;       ///< scratch, over smooth rows
	pl_scatter *act_total;   ///< scratch, over acts
	double *block_far;       ///< [blocks] scratch
} pl_answers;

pl_status pl_answers_new(pl_answers **out, const pl_program *g, pl_error *err);
void pl_answers_free(pl_answers *a); ///< NULL allowed

/// Fill all but `whole` of acts. Prices are > 0 where a good is essential, else >= 0. Each
/// row is written by one thread, each good is added up in a fixed order. One sweep.
void pl_answers_at(pl_answers *a, const pl_program *g, const double *price);

/// The same where each workplace's revenue follows its answer instead of being it: a price a
/// little too high makes an answer e^d times too large, d in the tens, and no step that such
/// answers call for is worth taking. With d = log(answer/anchor) the anchor moves to anchor
/// (1 + d), or down by e^d, at most e^2; `whole`, `mixed`, `scale` and `revenue` are taken
/// there, and the totals on the answer's tangent there, so that a Newton step with these is
/// one in prices and revenues together. One sweep.
/// @param anchor [n_rows] revenues > 0 of smooth rows with an output, credits
/// @return the largest |log(answer/anchor)| left
double pl_answers_tempered(pl_answers *a, const pl_program *g, const double *price,
                           double *anchor);

/// Net supply y of entry l of row i, units; of an act its coefficient.
double pl_answers_net(const pl_answers *a, const pl_program *g, int32_t i, int64_t l);

/// n_i . p for every act. @param[out] margin [n_acts] credits per unit of activity, before
/// effort
void pl_margins(double *margin, const pl_program *g, const double *price);
/// Totals of acts at activities z, also negative ones: adds to supply and demand [n_goods].
void pl_act_totals(const pl_answers *a, double *supply, double *demand, const pl_program *g,
                   const double *z);
/// diagonal [n_goods] += sum of whole y^2 over acts.
void pl_act_squares(const pl_answers *a, double *diagonal, const pl_program *g);
#endif
