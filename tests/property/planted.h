/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* planted.h - economies built backwards from a plan that is then the only one.
 *
 * Prices are drawn first. Councils with smooth schedules are drawn by value, so that their
 * answer at those prices is known; recipes are put below their margin (idle), above it (at
 * capacity) or on it; what is then missing or too much of each good is closed exactly.
 *
 * Goods stand in an order: the recipe that closes a good uses later goods only, and every
 * good without such a recipe is wanted or offered elastically. Therefore no other prices
 * and no other quantities are a plan: a direction in which no price of an elastic good moves
 * and no closing recipe gains is zero, good by good from the last to the first; and the
 * closing recipes' activities follow from the balances in the opposite order. */
#ifndef PL_TESTS_PROPERTY_PLANTED_H
#define PL_TESTS_PROPERTY_PLANTED_H
#include "tests/property/econ.h"

typedef struct {
	econ e;
	double *price;    ///< [n_goods]; 0 where the good is not scarce
	double *activity; ///< [n_councils] as in pl_plan
	double *quantity; ///< [n_links] signed as econ_answer gives it
	double *size;     ///< [n_goods] supply at the plan, the unit of errors in quantities
} planted;

typedef struct {
	uint64_t seed;
	int32_t n_goods; ///< >= 10
	bool kinks;      ///< with recipes and goods that are not scarce
	bool far;        ///< price levels from 1e-4 to 1e4 instead of about 1/5 to 5
} planted_recipe;

planted planted_new(planted_recipe how);
void planted_free(planted *p);

/// Largest relative error of a plan's prices and of its quantities (as a share of the good's
/// turnover); prices that should be 0 count as off by 1 unless they are 0.
void planted_errors(const planted *p, const pl_plan *plan, double *price, double *quantity);
/// Prices off by a factor of up to `factor` either way; 1 where the planted price is 0.
/// @return [n_goods], free with free()
double *planted_start(const planted *p, uint64_t seed, double factor);
#endif
