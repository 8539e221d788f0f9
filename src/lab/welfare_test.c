/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/welfare.h"

#include "base/alloc.h"
#include "base/random.h"
#include "lab/generate.h"
#include "tests/pl_test.h"

static const pl_generate_kind kinds[] = {PL_GENERATE_MIXED, PL_GENERATE_CES, PL_GENERATE_EFFORT,
                                         PL_GENERATE_CAPACITIES};
enum { KINDS = sizeof kinds / sizeof *kinds };

static pl_model *made(pl_generate_kind kind)
{
	const pl_generate_spec spec = {.kind = kind,
	                               .workplaces = 60,
	                               .goods = 30,
	                               .consumers = 20,
	                               .inputs = 5,
	                               .seed = 7,
	                               .sigma = {0.3, 2.5, kind >= PL_GENERATE_CES}};
	pl_model *m;
	CHECK(pl_generate(&m, NULL, &spec, NULL) == PL_OK);
	return m;
}

static pl_plan *planned(const pl_model *m)
{
	pl_settings settings = pl_settings_preset();
	pl_plan *p;
	settings.tolerance = 1e-7;
	CHECK(pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, NULL) == PL_OK);
	CHECK(p->outcome == PL_CLEARED);
	return p;
}

static double *copied(int64_t n, const double *from)
{
	double *x = pl_alloc(n, sizeof *x);
	CHECK(x != NULL);
	memcpy(x, from, (size_t)n * sizeof *x);
	return x;
}

/* Welfare per unit more of links [first, end), all by the same part. */
static double slope(const pl_model *m, const pl_plan *p, int64_t first, int64_t end)
{
	const double step = 1e-5;
	double *q = copied(m->n_links, p->quantity), side[2];
	for (int s = 0; s < 2; s++) {
		for (int64_t k = first; k < end; k++)
			q[k] = p->quantity[k] * (1 + (s == 0 ? -step : step));
		side[s] = pl_lab_welfare(m, p->price, q);
	}
	pl_free(q);
	return (side[1] - side[0]) / (2 * step);
}

/* What makes a plan the best one: another unit is worth its price to everyone. */
static void welfare_rises_by_the_price_of_what_is_got_and_falls_by_that_of_effort(void)
{
	for (int t = 0; t < KINDS; t++) {
		pl_model *m = made(kinds[t]);
		pl_plan *p = planned(m);
		for (int32_t i = 0; i < m->n_councils; i++) {
			const int schedule = m->council.schedule[i];
			const int64_t first = m->link.start[i], end = m->link.start[i + 1];
			const double whole = p->benefit[i] - p->cost[i];
			if (schedule == PL_S_request || schedule == PL_S_ces) continue;
			if (schedule == PL_S_recipe) {
				/* At capacity or at rest a margin is left over. */
				const double z = p->activity[i];
				const double cap = m->council.param[PL_P_recipe_capacity][i];
				if (z > 0 && z < cap * (1 - 1e-9))
					CHECK_NEAR(slope(m, p, first, end), -whole,
					           1e-5 * p->benefit[i]);
				continue;
			}
			if (schedule == PL_S_cobb_douglas &&
			    m->council.param[PL_P_cobb_douglas_effort_elasticity][i] == 0)
				continue;
			for (int64_t k = first; k < end; k++) {
				const int role = m->link.role[k];
				const double value = p->price[m->link.good[k]] * p->quantity[k];
				const bool gets = role == PL_USES || role == PL_WANTS;
				CHECK_NEAR(slope(m, p, k, k + 1), gets ? value : -value,
				           1e-4 * (value + 1e-3));
			}
		}
		pl_plan_free(p);
		pl_model_free(m);
	}
}

static void the_plan_loses_nothing_and_a_tenth_wasted_is_a_tenth_lost(void)
{
	for (int t = 0; t < KINDS; t++) {
		pl_model *m = made(kinds[t]);
		pl_plan *p = planned(m);
		double *q = copied(m->n_links, p->quantity);
		CHECK(pl_lab_loss(m, p, q) == 0);
		for (int64_t k = 0; k < m->n_links; k++)
			if (m->link.role[k] == PL_WANTS) q[k] *= 0.9;
		CHECK_NEAR(pl_lab_loss(m, p, q), 0.1, 1e-9);
		pl_free(q);
		pl_plan_free(p);
		pl_model_free(m);
	}
}

/* A plan for other incomes fits as well, but is not what these consumers want. */
static void any_other_plan_that_fits_loses_something(void)
{
	for (int t = 0; t < KINDS; t++) {
		pl_model *m = made(kinds[t]);
		pl_plan *p = planned(m);
		for (uint64_t seed = 1; seed <= 3; seed++) {
			pl_random r = pl_random_new(seed, 1);
			pl_model other = *m;
			double *income = copied(m->n_councils, m->council.income);
			for (int32_t i = 0; i < m->n_councils; i++)
				income[i] *= 0.5 + pl_random_unit(&r);
			other.council.income = income;
			pl_plan *q = planned(&other);
			const double loss = pl_lab_loss(m, p, q->quantity);
			CHECK(loss > 1e-4 && loss < 0.5);
			pl_plan_free(q);
			pl_free(income);
		}
		pl_plan_free(p);
		pl_model_free(m);
	}
}

static void what_nothing_replaces_is_a_whole_loss(void)
{
	pl_model *m = made(PL_GENERATE_MIXED);
	pl_plan *p = planned(m);
	double *q = copied(m->n_links, p->quantity);
	for (int32_t i = 0; i < m->n_councils; i++)
		if (m->council.schedule[i] == PL_S_budget_cd) q[m->link.start[i]] = 0;
	CHECK(pl_lab_welfare(m, p->price, q) == -INFINITY);
	CHECK(pl_lab_loss(m, p, q) == 1);
	pl_free(q);
	pl_plan_free(p);
	pl_model_free(m);
}

/* Totals, activities and ratios follow from prices and quantities alone. */
static void a_plan_is_known_by_its_prices_and_quantities(void)
{
	for (int k = 0; k < KINDS; k++) {
		pl_model *m = made(kinds[k]);
		pl_plan *p = planned(m), *q;
		CHECK(pl_plan_of(&q, m, p->start_price, p->price, p->quantity, NULL,
		                 p->tolerance, NULL) == PL_OK);
		for (int32_t j = 0; j < m->n_goods; j++) {
			CHECK_NEAR(q->supply[j], p->supply[j], 0);
			CHECK_NEAR(q->demand[j], p->demand[j], 0);
			CHECK_NEAR(q->imbalance[j], p->imbalance[j], 0);
		}
		for (int32_t i = 0; i < m->n_councils; i++) {
			const bool none = isnan(p->activity[i]);
			CHECK(isnan(q->activity[i]) == none);
			if (!none) CHECK_NEAR(q->activity[i], p->activity[i], 1e-12);
			if (!isnan(p->benefit[i]))
				CHECK_NEAR(q->benefit[i], p->benefit[i], 1e-12);
			if (!isnan(p->cost[i])) CHECK_NEAR(q->cost[i], p->cost[i], 1e-12);
		}
		CHECK(q->worst_good == p->worst_good && isnan(q->gap));
		CHECK_NEAR(q->flow_value, p->flow_value, 1e-12);
		pl_plan_free(q);
		pl_plan_free(p);
		pl_model_free(m);
	}
}

int main(void)
{
	RUN(welfare_rises_by_the_price_of_what_is_got_and_falls_by_that_of_effort);
	RUN(the_plan_loses_nothing_and_a_tenth_wasted_is_a_tenth_lost);
	RUN(any_other_plan_that_fits_loses_something);
	RUN(what_nothing_replaces_is_a_whole_loss);
	RUN(a_plan_is_known_by_its_prices_and_quantities);
	return pl_test_failed;
}
