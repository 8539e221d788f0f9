/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* answer.h - what every smooth council answers to prices: gather, respond, scatter. */
#ifndef PL_PLAN_ANSWER_H
#define PL_PLAN_ANSWER_H
#include "plan/program.h"

/// Answers to one vector of prices, and the second derivatives of the surplus:
///     Hessian = sum over rows of  whole y y' + mixed x x'  + diag(curve)
/// with y the row's net supply (x its inputs alone: y without the output's entry). For acts
/// the same form holds with y their coefficients and `whole` set by the method.
typedef struct {
	double *net;     ///< [link entries] units; of acts: the coefficients, never changed
	double *whole;   ///< [n_rows]
	double *mixed;   ///< [n_rows]
	double *surplus; ///< [n_rows] of smooth rows, credits
	double *want;    ///< [n_wants] units
	double *curve; ///< [n_goods] units^2 per credit; outputs take away what `whole` has too
	               ///< much
	double *supply, *demand; ///< [n_goods] of smooth rows and wants, units
	double want_surplus;     ///< of all wants, credits, up to a constant
	double *log_price;       ///< [n_goods] scratch
} pl_answers;

pl_status pl_answers_new(pl_answers **out, const pl_program *g, pl_error *err);
void pl_answers_free(pl_answers *a); ///< NULL allowed

/// Fill all but `net` and `whole` of acts. Prices are > 0 where a good is essential, else
/// >= 0. Each row and each good is written by one thread in a fixed order. One sweep.
void pl_answers_at(pl_answers *a, const pl_program *g, const double *price);

/// n_i . p for every act. @param[out] margin [n_acts] credits per unit of activity, before
/// effort
void pl_margins(double *margin, const pl_program *g, const double *price);
/// Totals of acts at activities z: adds to supply and demand [n_goods].
void pl_act_totals(double *supply, double *demand, const pl_program *g, const double *z);
#endif
