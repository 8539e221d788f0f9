/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* council.h - what simulated councils hold, for the files of this room: councils.c answers by
 * the schedules, depart.c by behaviours. */
#ifndef PL_LAB_COUNCIL_H
#define PL_LAB_COUNCIL_H
#include "base/random.h"
#include "lab/councils.h"

/// One council. Smooth workplaces: log revenue = (constant + log p - inputs log P)/(1 -
/// returns), P the index of input prices with the council's weights and sigma.
typedef struct {
	double constant, inputs, returns, sigma;
	int64_t output;  ///< link of a workplace's product, of a recipe the first; -1: none
	double activity; ///< recipes: of the last round, units of activity
	double usual;    ///< workplaces: output of the second round, or the first above 0 since
} pl_lab_council;

typedef struct {
	double primary, materials, between; ///< elasticities
} pl_lab_nests;

struct pl_councils {
	const pl_model *m;
	pl_behaviour behaviour;
	bool departs; ///< has pl_depart anything to do?
	uint64_t seed;
	int64_t round;      ///< 1 for the first answer; goes on over the years
	double most;        ///< largest 1/price and revenue
	pl_lab_council *at; ///< [n_councils]
	double *weight; ///< [n_links] inputs: shares of sum 1; budgets: credits; recipes: net
	                ///< output per activity; isoelastic: log(amount anchor^elasticity)
	double *price, *log_price, *per_price; ///< [n_goods] announced; price 0 where free
	pl_lab_nests *nested;                  ///< [n_councils], or NULL: no nests
	double *last;                          ///< [n_links] last proposals, or NULL: no habit
};

/// Largest log of a proposal's value, and of 1/price.
static const double pl_most_log = 230;

/// Draw what a council is like for good.
void pl_depart_begin(pl_councils *c);
/// Value shares of council i's inputs in two nests, and the log of their price index.
double pl_nested_shares(const pl_councils *c, double *q, int32_t i);
/// Output and spending on inputs of a smooth workplace whose returns are higher than declared.
/// @param[in,out] made,spend as declared @param log_revenue as declared
void pl_scaled_output(const pl_councils *c, double *made, double *spend, int32_t i,
                      double log_revenue);
/// From what council i's schedule answers, q [its links], to what it proposes.
void pl_depart(pl_councils *c, double *q, int32_t i);
#endif
