/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* program.h - the economy as the method sees it: numbers only, nothing that cannot move.
 *
 * Minimise over prices p >= 0 of the priced goods
 *
 *     Phi(p) = sum_i surplus_i(p) + fixed . p
 *
 * where row i is either an *act* (one activity z, net output n_i z, cost E_i(z)) or a
 * *smooth* council (Cobb-Douglas, CES, budget), plus isoelastic wants, each for itself.
 * docs/model.md has the formulas. Invariants: plan-1, plan-2 in README.md. */
#ifndef PL_PLAN_PROGRAM_H
#define PL_PLAN_PROGRAM_H
#include "num/csr.h"
#include "plan/survey.h"

typedef struct {
	int32_t n_goods;    ///< priced goods that somebody may ask for
	int32_t *good;      ///< [n_goods] good of the model
	int32_t *place;     ///< [model goods] index here, or -1
	uint8_t *essential; ///< [n_goods] a want grows without bound as the price falls to 0
	double *held;       ///< [n_goods] fixed supply: endowments and net supply of requests
	double *asked;      ///< [n_goods] fixed requests

	int32_t n_acts, n_rows; ///< rows 0..n_acts-1 are acts, the rest smooth councils
	int32_t n_all;    ///< rows n_rows..n_all-1: budgets that spend the same on each good
	                  ///< whatever the prices; no sweep has to ask them
	int32_t *council; ///< [n_all] council of the model; -1: a request's missing part
	double *spent;    ///< [n_goods] by those budgets, credits
	pl_csr *link;     ///< n_rows x goods, `start` and entries of all n_all; val of an
	                  ///< act: net output per unit; of a smooth council: share
	int64_t *origin;  ///< [link entries] link of the model; of an act: only where `council`
	                  ///< is -1

	/* E(z) = effort z + slope unit/(1+power) (z/unit)^(1+power), 0 <= z <= cap */
	double *cap, *effort, *slope, *unit, *power; ///< each [n_acts]; cap may be +inf

	/* log revenue = (constant + log p_out - inputs log P)/(1 - returns), P the index of
	 * input prices with the row's shares and sigma. A row without an output spends
	 * income P^inputs on P, inputs <= 1: 0 for a budget, 1 for a bundle that is taken
	 * whatever it costs. The output is the row's first entry. */
	uint8_t *makes; ///< [n_all] 1 if a smooth row has an output
	double *constant, *returns, *inputs, *sigma, *income; ///< each [n_all], of smooth rows

	int64_t hopeless; ///< first link that wants what nobody can supply, -1: none

	int64_t n_wants;         ///< isoelastic wants
	int32_t *want_good;      ///< [n_wants] goods of the program, rising
	int64_t *want_link;      ///< [n_wants] link of the model
	double *want_log;        ///< [n_wants] log(amount anchor^elasticity)
	double *want_elasticity; ///< [n_wants] > 0
} pl_program;

/// How much room a program takes.
typedef struct {
	int32_t model_goods, goods, acts, rows;
	int64_t entries, wants;
} pl_program_sizes;
/// A program to be filled in by hand: all numbers 0, `start` of the links too.
/// @param model_goods size of `place` @return PL_OK, PL_ENOMEM
pl_status pl_program_bare(pl_program **out, pl_program_sizes z, pl_error *err);

pl_status pl_program_new(pl_program **out, const pl_model *m, const pl_twist *twist,
                         pl_error *err);
void pl_program_free(pl_program *g); ///< NULL allowed

/// Marginal cost E'(z), and its slope E''(z), for z > 0. Credits per unit of activity.
double pl_act_marginal(const pl_program *g, int32_t i, double z);
double pl_act_curve(const pl_program *g, int32_t i, double z);
/// Cost E(z), credits.
double pl_act_cost(const pl_program *g, int32_t i, double z);
#endif
