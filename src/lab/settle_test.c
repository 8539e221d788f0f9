/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/settle.h"

#include "base/alloc.h"
#include "lab/councils.h"
#include "lab/generate.h"
#include "tests/pl_test.h"

enum { GOODS = 40 };
static const double balanced = 1e-6;

static pl_model *made(uint64_t seed)
{
	const pl_generate_spec spec = {.kind = PL_GENERATE_CES,
	                               .workplaces = 150,
	                               .goods = GOODS,
	                               .consumers = 20,
	                               .inputs = 5,
	                               .seed = seed,
	                               .sigma = {0.2, 2.5, true}};
	pl_model *m;
	CHECK(pl_generate(&m, NULL, &spec, NULL) == PL_OK);
	return m;
}

static pl_behaviour named(const char *name)
{
	pl_behaviour b = {{0}};
	CHECK(pl_behaviour_read(&b, name, NULL) == PL_OK);
	return b;
}

/* Largest 2|S-D|/(S+D) of all goods. */
static double imbalance(const pl_model *m, const double *quantity)
{
	double supply[GOODS], demand[GOODS] = {0}, worst = 0;
	memcpy(supply, m->good.supply, sizeof supply);
	for (int32_t j = 0; j < GOODS; j++)
		if (isnan(supply[j])) supply[j] = 0;
	for (int64_t k = 0; k < m->n_links; k++)
		(m->link.role[k] == PL_MAKES ? supply : demand)[m->link.good[k]] += quantity[k];
	for (int32_t j = 0; j < GOODS; j++)
		worst = fmax(worst, 2 * fabs(supply[j] - demand[j]) / (supply[j] + demand[j]));
	return worst;
}

static void what_is_found_is_what_councils_answer_and_fits(void)
{
	static const char *const names[] = {"nested", "nested:far"};
	for (int k = 0; k < 2; k++) {
		pl_model *m = made(3);
		const pl_behaviour b = named(names[k]);
		double price[GOODS];
		double *quantity = pl_alloc(m->n_links, sizeof *quantity);
		double *again = pl_alloc(m->n_links, sizeof *again);
		pl_councils *c;
		bool found = false;
		CHECK(pl_councils_new(&c, m, &b, 9, NULL) == PL_OK);
		CHECK(pl_lab_settle(&found, price, quantity, m, &b, 9, m->good.price, NULL) ==
		      PL_OK);
		CHECK(found && imbalance(m, quantity) <= balanced * (1 + 1e-9));
		CHECK(pl_councils_answer(c, again, price, NULL) == PL_OK);
		CHECK(memcmp(again, quantity, (size_t)m->n_links * sizeof *again) == 0);
		pl_councils_free(c);
		pl_free(again);
		pl_free(quantity);
		pl_model_free(m);
	}
}

static void those_who_do_as_declared_settle_on_the_plan_of_the_tables(void)
{
	pl_model *m = made(5);
	const pl_behaviour b = named("declared");
	pl_settings s = pl_settings_preset();
	pl_plan *p;
	double price[GOODS];
	double *quantity = pl_alloc(m->n_links, sizeof *quantity);
	bool found = false;
	CHECK(pl_plan_clear(&p, m, &s, NULL, NULL, NULL, NULL) == PL_OK);
	CHECK(p->outcome == PL_CLEARED);
	CHECK(pl_lab_settle(&found, price, quantity, m, &b, 1, m->good.price, NULL) == PL_OK);
	CHECK(found);
	for (int32_t j = 0; j < GOODS; j++) CHECK_NEAR(price[j] / p->price[j], 1, 1e-4);
	for (int64_t k = 0; k < m->n_links; k++)
		CHECK_NEAR(quantity[k], p->quantity[k], 1e-3 * p->quantity[k]);
	pl_plan_free(p);
	pl_free(quantity);
	pl_model_free(m);
}

static void only_schedules_are_steady(void)
{
	static const char *const steady[] = {"declared", "nested", "nested:far"};
	static const char *const others[] = {"noise", "late",    "lots",
	                                     "habit", "returns", "nested+habit"};
	for (int k = 0; k < 3; k++) {
		const pl_behaviour b = named(steady[k]);
		CHECK(pl_behaviour_is_steady(&b));
	}
	for (int k = 0; k < 6; k++) {
		const pl_behaviour b = named(others[k]);
		CHECK(!pl_behaviour_is_steady(&b));
	}
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_model *m = made(3);
	const pl_behaviour b = named("nested");
	double price[GOODS];
	double *quantity = pl_alloc(m->n_links, sizeof *quantity);
	const int64_t alive = pl_alloc_alive;
	int failures = 0;
	for (bool done = false; !done; failures++) {
		bool found = false;
		pl_alloc_grants = failures;
		done = pl_lab_settle(&found, price, quantity, m, &b, 1, m->good.price, NULL) ==
		       PL_OK;
		pl_alloc_grants = -1;
		CHECK(done == found && pl_alloc_alive == alive);
	}
	CHECK(failures > 10);
	pl_free(quantity);
	pl_model_free(m);
}
#endif

int main(void)
{
	RUN(what_is_found_is_what_councils_answer_and_fits);
	RUN(those_who_do_as_declared_settle_on_the_plan_of_the_tables);
	RUN(only_schedules_are_steady);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
