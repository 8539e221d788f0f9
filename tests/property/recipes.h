/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* recipes.h - economies of recipes, requests and endowments: linear programs in disguise. */
#ifndef PL_TESTS_PROPERTY_RECIPES_H
#define PL_TESTS_PROPERTY_RECIPES_H
#include "tests/property/econ.h"

typedef enum {
	ORDINARY,
	TIES,       ///< coefficients, efforts, capacities and requests rounded to few digits
	DEGENERATE, ///< requests, endowments, capacities exactly what a base plan uses, at
	            ///< times so that no other plan fits
	SLACK,      ///< most endowments ten times what the base plan uses
	SHORT,      ///< one endowment or the capacities of one product cut, capacities tight
	RECIPE_KINDS
} recipe_kind;

/// @param n_goods 50-500 in the tests, >= 10
econ recipes_new(uint64_t seed, int32_t n_goods, recipe_kind kind);

/// Least total effort of e by GLPK, none of whose code we share.
typedef struct {
	bool solved; ///< false: GLPK gave up, nothing else is valid
	bool feasible;
	double effort; ///< least sum of effort x activity
} lp_answer;
/// @param only [n_goods] the goods that must balance; NULL: all
/// @param ease share of endowment and requests by which a balance may fall short
/// @param slack [n_goods] supply less demand at GLPK's plan if feasible; may be NULL
lp_answer lp_least_effort(const econ *e, const bool *only, double ease, double *slack);
/// The largest share of all (positive) requests that can be met at once, at most 10; -1 if
/// even 0 cannot.
double lp_most_met(const econ *e);
void lp_end(void); ///< give GLPK's memory back
#endif
