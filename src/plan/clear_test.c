/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Small economies as a village would write them, each with the plan one can see at once. */
#include <plenum/plan.h>

#include "tests/pl_test.h"

#include "plan/test_program.h"

#include <string.h>

static const double none = (double)NAN;

static pl_plan *cleared(const pl_model *m, pl_outcome outcome)
{
	const pl_settings s = pl_settings_preset();
	pl_plan *p = NULL;
	CHECK(pl_plan_clear(&p, m, &s, NULL, NULL, NULL, NULL) == PL_OK);
	CHECK(p->outcome == outcome);
	if (p->outcome != outcome) printf("%s: %s\n", pl_outcome_name(p->outcome), p->reason);
	const pl_claim claim = {.price = p->price, .quantity = p->quantity};
	pl_verdict v;
	CHECK(pl_plan_check(&v, m, &claim, 1e-6, NULL) == PL_OK);
	CHECK(v.accepted == (outcome == PL_CLEARED));
	return p;
}

/* 10 sacks of flour go through a bakery that could bake more at hardly any more effort. */
static void a_bottleneck_binds_through_a_nearly_flat_maker(void)
{
	pl_builder *b = an_economy();
	const int32_t flour = a_good(b, "flour", PL_PRODUCT, none, none),
	              bread = a_good(b, "bread", PL_PRODUCT, none, none);
	const int32_t mill = a_council(b, "mill", PL_S_recipe, none,
	                               (double[]){10, none, none, none}),
	              bakery = a_council(b, "bakery", PL_S_recipe, none,
	                                 (double[]){20, none, 1e-3, none}),
	              people = a_council(b, "people", PL_S_budget_cd, 100, NULL);
	a_link(b, mill, flour, PL_MAKES, 1);
	a_link(b, bakery, flour, PL_USES, 1);
	a_link(b, bakery, bread, PL_MAKES, 1);
	a_link(b, people, bread, PL_WANTS, 1);
	pl_model *m = the_model(b);
	pl_plan *p = cleared(m, PL_CLEARED);
	CHECK_NEAR(p->price[bread], 10, 1e-9);
	CHECK_NEAR(p->activity[mill], 10, 0);
	pl_plan_free(p);
	pl_model_free(m);
}

/* Nobody pays for the right to smoke if clean work is cheaper: no permit, no price. */
static void permits_that_nobody_needs_are_free(void)
{
	for (int k = 0; k < 3; k++) {
		const double exponent[] = {1.5, 2, 3};
		pl_builder *b = an_economy();
		const int32_t hours = a_good(b, "hours", PL_LABOUR, none, 1000),
		              smoke = a_good(b, "smoke", PL_POLLUTANT, none, none),
		              bread = a_good(b, "bread", PL_PRODUCT, none, none);
		const int32_t clean = a_council(b, "clean", PL_S_recipe, none, NULL),
		              dirty = a_council(b, "dirty", PL_S_recipe, none, NULL),
		              people = a_council(b, "people", PL_S_budget_cd, 1000, NULL),
		              near = a_council(b, "near", PL_S_affected, none,
		                               (double[]){1, exponent[k], none, none});
		a_link(b, clean, bread, PL_MAKES, 2);
		a_link(b, clean, hours, PL_USES, 1);
		a_link(b, dirty, bread, PL_MAKES, 2);
		a_link(b, dirty, hours, PL_USES, 1.1);
		a_link(b, dirty, smoke, PL_USES, 1);
		a_link(b, people, bread, PL_WANTS, 1);
		a_link(b, near, smoke, PL_OFFERS, 1);
		pl_model *m = the_model(b);
		pl_plan *p = cleared(m, PL_CLEARED);
		CHECK_NEAR(p->price[smoke], 0, 0);
		CHECK_NEAR(p->supply[smoke], 0, 0);
		CHECK_NEAR(p->price[bread], 0.5, 1e-9);
		pl_plan_free(p);
		pl_model_free(m);
	}
}

/* A bakery that takes hours, and one or two places that ask for bread (0: nobody there). */
enum { HOURS, BREAD }; /* goods of it, in this order */
static pl_model *a_bakery(double held, double hours, double effort, double east, double west)
{
	pl_builder *b = an_economy();
	a_good(b, "hours", PL_LABOUR, none, held);
	a_good(b, "bread", PL_PRODUCT, none, none);
	const int32_t bakery =
	        a_council(b, "bakery", PL_S_recipe, none, (double[]){none, effort, none, none});
	a_link(b, bakery, BREAD, PL_MAKES, 1);
	a_link(b, bakery, HOURS, PL_USES, hours);
	a_link(b, a_council(b, "east", PL_S_request, none, NULL), BREAD, PL_WANTS, east);
	if (west > 0)
		a_link(b, a_council(b, "west", PL_S_request, none, NULL), BREAD, PL_WANTS,
		       west);
	return the_model(b);
}

/* 0.1 * 300 is a hair more than 30 in doubles; nobody would call that a shortage. */
static void a_request_may_take_all_there_is(void)
{
	pl_model *m = a_bakery(30, 0.1, 1, 300, 0);
	pl_plan *p = cleared(m, PL_CLEARED);
	CHECK_NEAR(p->activity[0], 300, 1e-7);
	pl_plan_free(p);
	pl_model_free(m);
}

/* The same with hands for half: the plan that comes nearest, and who goes without. */
static void a_shortage_is_named_and_shared(void)
{
	pl_model *m = a_bakery(15, 0.1, 1, 200, 100);
	pl_plan *p = cleared(m, PL_INFEASIBLE);
	CHECK(p->n_scarce == 2 && p->n_conflicts >= 3);
	CHECK_NEAR(p->quantity[2], 100, 1e-3);
	CHECK_NEAR(p->quantity[3], 50, 1e-3);
	CHECK(p->supply[BREAD] >= p->demand[BREAD]);
	pl_plan_free(p);
	pl_model_free(m);
}

static void what_costs_nothing_has_no_price(void)
{
	pl_model *m = a_bakery(1000, 1, 0, 5, 0);
	pl_plan *p = cleared(m, PL_CLEARED);
	CHECK_NEAR(p->price[HOURS], 0, 0);
	CHECK_NEAR(p->price[BREAD], 0, 0);
	CHECK(p->supply[BREAD] >= 5);
	pl_plan_free(p);
	pl_model_free(m);
}

/* Nothing is left in the mine. Smiths need coal, and farms need their tools, whatever their
 * schedule; those who work by hand go on, at their own price. A claim
 * that a smith worked all the same is refused. */
static void a_closed_mine_stops_all_who_need_it(void)
{
	const pl_schedule ways[] = {PL_S_recipe, PL_S_cobb_douglas, PL_S_ces};
	for (int k = 0; k < 3; k++) {
		pl_builder *b = an_economy();
		const int32_t coal = a_good(b, "coal", PL_RESOURCE, none, 0),
		              hours = a_good(b, "hours", PL_LABOUR, none, 100),
		              tools = a_good(b, "tools", PL_PRODUCT, none, none),
		              bread = a_good(b, "bread", PL_PRODUCT, none, none);
		const int32_t smith = a_council(b, "smith", PL_S_recipe, none, NULL),
		              farm = a_council(b, "farm", ways[k], none,
		                               k == 2 ? (double[]){1, 0.8, 1, none} : NULL),
		              hand = a_council(b, "hand", PL_S_recipe, none, NULL),
		              people = a_council(b, "people", PL_S_budget_cd, 100, NULL);
		a_link(b, smith, tools, PL_MAKES, 1);
		a_link(b, smith, coal, PL_USES, 1);
		a_link(b, farm, bread, PL_MAKES, 1);
		a_link(b, farm, tools, PL_USES, 0.1);
		a_link(b, hand, bread, PL_MAKES, 1);
		a_link(b, hand, hours, PL_USES, 1);
		a_link(b, people, bread, PL_WANTS, 1);
		pl_model *m = the_model(b);
		pl_plan *p = cleared(m, PL_CLEARED);
		CHECK_NEAR(p->activity[hand], 100, 1e-6);
		CHECK(p->activity[smith] == 0 && p->activity[farm] == 0);
		CHECK_NEAR(p->price[bread], 1, 1e-6);
		const pl_claim claim = {.price = p->price, .quantity = p->quantity};
		pl_verdict v;
		p->quantity[m->link.start[smith]] = 1e-9;
		CHECK(pl_plan_check(&v, m, &claim, 1e-6, NULL) == PL_OK && !v.accepted);
		pl_plan_free(p);
		pl_model_free(m);
	}
}

/* That nobody digs coal is no excuse for those who could use it: somebody might. */
static void an_idle_mine_is_not_a_closed_one(void)
{
	pl_builder *b = an_economy();
	const int32_t coal = a_good(b, "coal", PL_RESOURCE, none, none),
	              hours = a_good(b, "hours", PL_LABOUR, none, 100),
	              bread = a_good(b, "bread", PL_PRODUCT, none, none);
	const int32_t mine = a_council(b, "mine", PL_S_recipe, none, NULL),
	              farm = a_council(b, "farm", PL_S_recipe, none, NULL),
	              hand = a_council(b, "hand", PL_S_recipe, none, NULL),
	              people = a_council(b, "people", PL_S_budget_cd, 100, NULL);
	a_link(b, mine, coal, PL_MAKES, 1);
	a_link(b, farm, bread, PL_MAKES, 1);
	a_link(b, farm, coal, PL_USES, 0.1);
	a_link(b, hand, bread, PL_MAKES, 1);
	a_link(b, hand, hours, PL_USES, 1);
	a_link(b, people, bread, PL_WANTS, 1);
	pl_model *m = the_model(b);
	const double price[] = {0, 1, 1}, quantity[] = {0, 0, 0, 100, 100, 100};
	const pl_claim claim = {.price = price, .quantity = quantity};
	pl_verdict v;
	CHECK(pl_plan_check(&v, m, &claim, 1e-6, NULL) == PL_OK && !v.accepted);
	CHECK(strstr(v.reason, "farm") != NULL);
	pl_model_free(m);
}

int main(void)
{
	RUN(a_bottleneck_binds_through_a_nearly_flat_maker);
	RUN(permits_that_nobody_needs_are_free);
	RUN(a_request_may_take_all_there_is);
	RUN(a_shortage_is_named_and_shared);
	RUN(what_costs_nothing_has_no_price);
	RUN(a_closed_mine_stops_all_who_need_it);
	RUN(an_idle_mine_is_not_a_closed_one);
	return pl_test_failed;
}
