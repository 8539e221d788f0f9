/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/program.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

#include "plan/test_program.h"

static const double none = (double)NAN;

/* Entry of a row at a good of the model, 0 if there is none; and how many there are. */
static double entry(const pl_program *g, int32_t row, int32_t good, int *count)
{
	double value = 0;
	*count = 0;
	for (int64_t l = g->link->start[row]; l < g->link->start[row + 1]; l++) {
		if (g->good[g->link->col[l]] != good) continue;
		value = g->link->val[l];
		++*count;
	}
	return value;
}

/* Row of a council, -1 if it takes no part. */
static int32_t row_of(const pl_program *g, int32_t council)
{
	for (int32_t i = 0; i < g->n_rows; i++)
		if (g->council[i] == council) return i;
	return -1;
}

static void goods_that_nobody_may_ask_for_take_no_part(void)
{
	enum { BREAD, FLOUR, TOY, PAINT, AIR, MUD, IRON, GOODS };
	pl_builder *b = an_economy();
	(void)a_good(b, "bread", PL_PRODUCT, 1, 0);
	(void)a_good(b, "flour", PL_PRODUCT, 1, 0);
	(void)a_good(b, "toy", PL_PRODUCT, 1, 0);
	(void)a_good(b, "paint", PL_PRODUCT, 1, 5);
	(void)a_good(b, "air", PL_FREE, 1, 0);
	(void)a_good(b, "mud", PL_PRODUCT, 1, 5);
	(void)a_good(b, "iron", PL_PRODUCT, 1, 5);
	const int32_t toys = a_council(b, "toys", PL_S_recipe, none, NULL);
	const double shut[] = {0, none, none, none};
	const int32_t closed = a_council(b, "closed", PL_S_recipe, none, shut);
	const int32_t baker = a_council(b, "baker", PL_S_recipe, none, NULL);
	const int32_t mill = a_council(b, "mill", PL_S_recipe, none, NULL);
	const int32_t home = a_council(b, "home", PL_S_request, none, NULL);
	a_link(b, toys, TOY, PL_MAKES, 1);
	a_link(b, toys, PAINT, PL_USES, 1);
	a_link(b, closed, BREAD, PL_MAKES, 1);
	a_link(b, closed, IRON, PL_USES, 1);
	a_link(b, baker, BREAD, PL_MAKES, 1);
	a_link(b, baker, FLOUR, PL_USES, 1);
	a_link(b, baker, MUD, PL_USES, 0);
	a_link(b, baker, AIR, PL_USES, 3);
	a_link(b, mill, FLOUR, PL_MAKES, 2);
	a_link(b, home, BREAD, PL_WANTS, 4);
	a_link(b, home, TOY, PL_WANTS, 0);
	pl_model *m = the_model(b);
	pl_program *g = the_program(m, NULL);
	CHECK(g->n_goods == 2 && g->good[0] == BREAD && g->good[1] == FLOUR);
	for (int32_t j = 0; j < GOODS; j++)
		CHECK(g->place[j] == (j == BREAD ? 0 : j == FLOUR ? 1 : -1));
	CHECK(g->n_acts == 2 && g->n_rows == 2);
	CHECK(row_of(g, baker) >= 0 && row_of(g, mill) >= 0);
	CHECK(row_of(g, toys) == -1 && row_of(g, closed) == -1);
	CHECK(g->asked[0] == 4 && g->asked[1] == 0 && g->n_wants == 0);
	pl_program_free(g);
	pl_model_free(m);
}

static void a_good_that_a_recipe_makes_and_uses_is_joined(void)
{
	enum { CORN, LAND };
	pl_builder *b = an_economy();
	(void)a_good(b, "corn", PL_PRODUCT, 1, 0);
	(void)a_good(b, "land", PL_RESOURCE, 1, 9);
	const int32_t farm = a_council(b, "farm", PL_S_recipe, none, NULL);
	const int32_t home = a_council(b, "home", PL_S_request, none, NULL);
	a_link(b, farm, CORN, PL_MAKES, 2);
	a_link(b, farm, LAND, PL_USES, 1);
	a_link(b, farm, CORN, PL_USES, 0.5);
	a_link(b, home, CORN, PL_WANTS, 3);
	a_link(b, home, LAND, PL_WANTS, -2);
	pl_model *m = the_model(b);
	pl_program *g = the_program(m, NULL);
	int count;
	CHECK(entry(g, 0, CORN, &count) == 1.5 && count == 1);
	CHECK(entry(g, 0, LAND, &count) == -1 && count == 1);
	CHECK(g->held[g->place[LAND]] == 11 && g->asked[g->place[LAND]] == 0);
	CHECK(g->cap[0] == (double)INFINITY && g->slope[0] == 0);
	pl_program_free(g);
	pl_model_free(m);
}

static void shares_sum_to_one_and_a_share_of_nothing_is_left_out(void)
{
	enum { CLOTH, WOOL, DYE, WATER };
	const double ces[] = {1, 0.5, 0, none}, budget[] = {2, none, none, none};
	pl_builder *b = an_economy();
	(void)a_good(b, "cloth", PL_PRODUCT, 1, 0);
	(void)a_good(b, "wool", PL_PRODUCT, 1, 5);
	(void)a_good(b, "dye", PL_PRODUCT, 1, 5);
	(void)a_good(b, "water", PL_RESOURCE, 1, 5);
	const int32_t loom = a_council(b, "loom", PL_S_ces, none, ces);
	const int32_t home = a_council(b, "home", PL_S_budget_ces, 100, budget);
	a_link(b, loom, WOOL, PL_USES, 6);
	a_link(b, loom, CLOTH, PL_MAKES, 1);
	a_link(b, loom, WATER, PL_USES, 0);
	a_link(b, loom, DYE, PL_USES, 2);
	a_link(b, home, CLOTH, PL_WANTS, 3);
	a_link(b, home, DYE, PL_WANTS, 1);
	pl_model *m = the_model(b);
	pl_program *g = the_program(m, NULL);
	const int32_t i = row_of(g, loom), h = row_of(g, home);
	int count;
	CHECK(g->n_goods == 3 && g->place[WATER] == -1 && g->n_acts == 0 && g->n_rows == 2);
	CHECK(g->makes[i] == 1 && g->makes[h] == 0);
	CHECK(g->good[g->link->col[g->link->start[i]]] == CLOTH); /* the output comes first */
	CHECK(g->link->start[i + 1] - g->link->start[i] == 3);
	CHECK(entry(g, i, WOOL, &count) == 0.75 && count == 1);
	CHECK(entry(g, i, DYE, &count) == 0.25 && count == 1);
	CHECK(entry(g, h, CLOTH, &count) == 0.75 && count == 1);
	for (int64_t l = 0; l < g->link->start[g->n_rows]; l++)
		CHECK(m->link.good[g->origin[l]] == g->good[g->link->col[l]]);
	/* sigma 0: wool may be free; what a budget or another sigma asks for may not */
	CHECK(!g->essential[g->place[WOOL]]);
	CHECK(g->essential[g->place[CLOTH]] && g->essential[g->place[DYE]]);
	pl_program_free(g);
	pl_model_free(m);
}

/* Bread is asked for firmly by `need` and `home` (elasticity 0), salt by elasticity, both by
 * a budget. Made by a recipe with effort and a slope; permits come from `river`. */
enum { BREAD, SALT, SMOKE, ASKED_GOODS };
enum { OVEN, RIVER, NEED, HOME, SHOP };

static pl_model *asking(void)
{
	const double oven[] = {50, 2, 3, 0.5}, river[] = {4, 2, none, none};
	pl_builder *b = an_economy();
	(void)a_good(b, "bread", PL_PRODUCT, 7, 0);
	(void)a_good(b, "salt", PL_PRODUCT, 2, 5);
	(void)a_good(b, "smoke", PL_POLLUTANT, 1, 0);
	(void)a_council(b, "oven", PL_S_recipe, none, oven);
	(void)a_council(b, "river", PL_S_affected, none, river);
	(void)a_council(b, "need", PL_S_request, none, NULL);
	(void)a_council(b, "home", PL_S_isoelastic, none, NULL);
	(void)a_council(b, "shop", PL_S_budget_cd, 9, NULL);
	a_link(b, OVEN, BREAD, PL_MAKES, 1);
	a_link(b, OVEN, SMOKE, PL_USES, 0.5);
	a_link(b, RIVER, SMOKE, PL_OFFERS, 1);
	a_link(b, NEED, BREAD, PL_WANTS, 10);
	CHECK(pl_builder_link(b, HOME, BREAD, PL_WANTS, 4, 0, NULL) == PL_OK);
	CHECK(pl_builder_link(b, HOME, SALT, PL_WANTS, 3, 0.5, NULL) == PL_OK);
	a_link(b, SHOP, SALT, PL_WANTS, 1);
	return the_model(b);
}

static void each_schedule_is_read_as_declared(void)
{
	pl_model *m = asking();
	pl_program *g = the_program(m, NULL);
	const int32_t oven = row_of(g, OVEN), river = row_of(g, RIVER);
	CHECK(g->n_goods == ASKED_GOODS && g->n_acts == 2);
	CHECK(g->n_rows == 2 && g->n_all == 3); /* the shop spends the same at any prices */
	CHECK(g->spent[g->place[SALT]] == 9 && g->spent[g->place[BREAD]] == 0);
	CHECK(g->cap[oven] == 50 && g->effort[oven] == 2 && g->slope[oven] == 3);
	CHECK(g->unit[oven] == 50 && g->power[oven] == 2);
	CHECK(g->asked[g->place[BREAD]] == 14 && g->held[g->place[SALT]] == 5);
	CHECK(g->n_wants == 1 && g->good[g->want_good[0]] == SALT);
	CHECK(g->want_elasticity[0] == 0.5);
	CHECK_NEAR(exp(g->want_log[0]), 3 * sqrt(2), 1e-14);
	CHECK_NEAR(pl_act_cost(g, river, 3), 4 * 9, 1e-13);
	CHECK_NEAR(pl_act_marginal(g, river, 3), 4 * 2 * 3, 1e-13);
	CHECK(g->essential[g->place[SALT]] && !g->essential[g->place[BREAD]]);
	pl_program_free(g);
	pl_model_free(m);
}

static void requests_may_be_replaced_but_not_other_wants(void)
{
	double request[16];
	pl_model *m = asking();
	for (int64_t k = 0; k < m->n_links; k++) request[k] = 0.5 * m->link.amount[k];
	const pl_twist twist = {request, false};
	pl_program *g = the_program(m, &twist), *was = the_program(m, NULL);
	CHECK(g->asked[g->place[BREAD]] == 7);
	CHECK(g->want_log[0] == was->want_log[0]);
	CHECK(g->link->val[0] == was->link->val[0]);
	pl_program_free(was);
	pl_program_free(g);
	pl_model_free(m);
}

/* Each fixed want may go unmet, at a cost that rises with its unmet share, in units of last
 * year's price; what is elastic asks for nothing, and nothing else costs anything. */
static void what_is_missing_is_asked_of_fixed_wants_alone(void)
{
	pl_model *m = asking();
	const pl_twist twist = {NULL, true};
	pl_program *g = the_program(m, &twist);
	int unmet = 0;
	CHECK(g->place[SALT] == -1 && g->n_wants == 0);
	CHECK(g->n_rows == g->n_acts && g->n_acts == 4);
	CHECK(g->asked[g->place[BREAD]] == 14);
	for (int32_t i = 0; i < g->n_acts; i++) {
		if (g->council[i] >= 0) {
			CHECK(pl_act_cost(g, i, 3) == 0);
			continue;
		}
		const int64_t k = g->origin[g->link->start[i]];
		const double asked = m->link.amount[k];
		unmet++;
		CHECK(pl_want_is_fixed(m, k == m->link.start[NEED] ? NEED : HOME, k));
		CHECK(g->cap[i] == asked && g->link->val[g->link->start[i]] == 1);
		CHECK_NEAR(pl_act_marginal(g, i, asked / 4), 7 / 4.0, 1e-14);
		CHECK_NEAR(pl_act_cost(g, i, asked), 7 * asked / 2, 1e-12);
	}
	CHECK(unmet == 2);
	pl_program_free(g);
	pl_model_free(m);
}

static void marginal_cost_is_the_derivative_of_cost(void)
{
	const double response[] = {0.3, 1, 2.5};
	for (int k = 0; k < 3; k++) {
		const double param[] = {8, 0.5, 3, response[k]};
		pl_builder *b = an_economy();
		(void)a_good(b, "x", PL_PRODUCT, 1, 0);
		const int32_t shop = a_council(b, "shop", PL_S_recipe, none, param);
		const int32_t home = a_council(b, "home", PL_S_request, none, NULL);
		a_link(b, shop, 0, PL_MAKES, 1);
		a_link(b, home, 0, PL_WANTS, 1);
		pl_model *m = the_model(b);
		pl_program *g = the_program(m, NULL);
		for (double z = 0.5; z < 8; z += 0.5) {
			const double h = 1e-5 * z;
			const double rise =
			        (pl_act_cost(g, 0, z + h) - pl_act_cost(g, 0, z - h)) / (2 * h);
			const double bend =
			        (pl_act_marginal(g, 0, z + h) - pl_act_marginal(g, 0, z - h)) /
			        (2 * h);
			CHECK_NEAR(pl_act_marginal(g, 0, z), rise, 1e-8 * rise);
			CHECK_NEAR(pl_act_curve(g, 0, z), bend, 1e-8 * bend);
		}
		CHECK_NEAR(pl_act_marginal(g, 0, 8), 3.5, 1e-14); /* e0 + kappa at capacity */
		CHECK(pl_act_cost(g, 0, 0) == 0 && pl_act_marginal(g, 0, 0) == 0.5);
		pl_program_free(g);
		pl_model_free(m);
	}
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_model *m = asking();
	pl_program *g = NULL;
	pl_status st = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	int64_t grants = 0;
	for (; st == PL_ENOMEM && grants < 1000; grants++) {
		pl_error err = {0};
		pl_alloc_grants = grants;
		st = pl_program_new(&g, m, NULL, &err);
		pl_alloc_grants = -1;
		if (st == PL_OK) break;
		CHECK(st == PL_ENOMEM && g == NULL && err.msg[0] != '\0');
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(st == PL_OK && grants > 20);
	pl_program_free(g);
	CHECK(pl_alloc_alive == alive);
	pl_model_free(m);
}
#endif

int main(void)
{
	RUN(goods_that_nobody_may_ask_for_take_no_part);
	RUN(a_good_that_a_recipe_makes_and_uses_is_joined);
	RUN(shares_sum_to_one_and_a_share_of_nothing_is_left_out);
	RUN(each_schedule_is_read_as_declared);
	RUN(requests_may_be_replaced_but_not_other_wants);
	RUN(what_is_missing_is_asked_of_fixed_wants_alone);
	RUN(marginal_cost_is_the_derivative_of_cost);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
