/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Smooth economies that are solved by sweeps alone, from the prices of a plan before. */
#include <plenum/plan.h>

#include "tests/pl_test.h"

#include "base/random.h"
#include "plan/test_program.h"

#include <math.h>

enum { PRODUCTS = 8, GOODS = 9, MAKERS = 160, INPUTS = 4, PEOPLE = 12 };

static const double none = (double)NAN;

/// Makers of each product in turn, `ces` with returns below 1, from labour and three products.
/// @param rise of incomes in credits, by as much for all; @param shift by up to so much
static pl_model *a_smooth_economy(double rise, double shift)
{
	pl_builder *b = an_economy();
	pl_random r = pl_random_new(3, 1), change = pl_random_new(3, 2);
	char name[16];
	a_good(b, "labour", PL_LABOUR, none, 100);
	for (int j = 1; j < GOODS; j++) {
		(void)snprintf(name, sizeof name, "product-%d", j);
		a_good(b, name, PL_PRODUCT, none, none);
	}
	for (int i = 0; i < MAKERS; i++) {
		(void)snprintf(name, sizeof name, "maker-%d", i);
		const int32_t own = 1 + i % PRODUCTS;
		const double ces[] = {none, 0.7 + 0.15 * pl_random_unit(&r), 0.5 + (i % 2),
		                      none};
		const int32_t c = a_council(b, name, PL_S_ces, none, ces);
		a_link(b, c, own, PL_MAKES, 1);
		a_link(b, c, 0, PL_USES, 0.5 + pl_random_unit(&r));
		for (int k = 1; k < INPUTS; k++)
			a_link(b, c, 1 + (own - 1 + k * (1 + i % 2)) % PRODUCTS, PL_USES,
			       0.1 + pl_random_unit(&r));
	}
	for (int i = 0; i < PEOPLE; i++) {
		(void)snprintf(name, sizeof name, "people-%d", i);
		const double income = 100 * (1 + pl_random_unit(&r)) * rise *
		                      (1 + shift * (2 * pl_random_unit(&change) - 1));
		const int32_t c = a_council(b, name, PL_S_budget_cd, income, NULL);
		for (int32_t j = 1; j < GOODS; j++)
			a_link(b, c, j, PL_WANTS, 0.1 + pl_random_unit(&r));
	}
	return the_model(b);
}

static pl_plan *plan_of(pl_model *m, double tolerance, const double *start)
{
	pl_settings s = pl_settings_preset();
	pl_plan *p = NULL;
	s.tolerance = tolerance;
	s.direct_goods = 0;
	CHECK(pl_plan_clear(&p, m, &s, start, NULL, NULL, NULL) == PL_OK);
	CHECK(p->outcome == PL_CLEARED);
	return p;
}

/* Only incomes are counted in credits here: all up by a tenth, all prices up by a tenth. The
 * effect of that move is known before it is made. */
static void a_new_unit_of_account_is_found_in_a_few_sweeps(void)
{
	pl_model *before = a_smooth_economy(1, 0), *after = a_smooth_economy(1.1, 0);
	pl_plan *old = plan_of(before, 1e-9, NULL), *p = plan_of(after, 1e-3, old->price);
	for (int j = 0; j < GOODS; j++)
		CHECK_NEAR(p->price[j], 1.1 * old->price[j], 2e-3 * old->price[j]);
	CHECK(p->sweeps <= 4);
	pl_plan_free(p);
	pl_plan_free(old);
	pl_model_free(after);
	pl_model_free(before);
}

static void prices_of_the_plan_before_save_two_sweeps_in_three(void)
{
	pl_model *before = a_smooth_economy(1, 0), *after = a_smooth_economy(1, 0.05);
	pl_plan *old = plan_of(before, 1e-3, NULL), *cold = plan_of(after, 1e-3, NULL);
	pl_plan *p = plan_of(after, 1e-3, old->price);
	for (int j = 0; j < GOODS; j++) CHECK_NEAR(p->price[j] / cold->price[j], 1, 1e-2);
	CHECK(3 * p->sweeps <= cold->sweeps);
	pl_plan_free(p);
	pl_plan_free(cold);
	pl_plan_free(old);
	pl_model_free(after);
	pl_model_free(before);
}

int main(void)
{
	RUN(a_new_unit_of_account_is_found_in_a_few_sweeps);
	RUN(prices_of_the_plan_before_save_two_sweeps_in_three);
	return pl_test_failed;
}
