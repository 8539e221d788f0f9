/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/makeup.h"

#include "tests/pl_test.h"

#include "report/test_world.h"

static int32_t good(pl_builder *b, const char *id, pl_good_kind kind, double supply)
{
	const double none = (double)NAN;
	const pl_good_row row = {id, NULL, NULL, NULL, kind, none, supply, none, none};
	int32_t at = -1;
	CHECK(pl_builder_good(&at, b, &row, NULL) == PL_OK);
	return at;
}

/// A baker: a loaf is half an hour of work at 2 and a kilowatt hour of power at 3.
static pl_model *bakery(void)
{
	const double none = (double)NAN;
	pl_builder *b;
	pl_model *m = NULL;
	int32_t baker = -1, home = -1;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	const int32_t work = good(b, "work", PL_LABOUR, 5),
	              power = good(b, "power", PL_RESOURCE, 10),
	              bread = good(b, "bread", PL_PRODUCT, none);
	const pl_council_row makes = {"baker", NULL, PL_WORKERS,  -1,
	                              none,    none, PL_S_recipe, {none, none, none, none}};
	const pl_council_row eats = {"home", NULL, PL_CONSUMERS, -1,
	                             none,   none, PL_S_request, {none, none, none, none}};
	CHECK(pl_builder_council(&baker, b, &makes, NULL) == PL_OK);
	CHECK(pl_builder_council(&home, b, &eats, NULL) == PL_OK);
	CHECK(pl_builder_link(b, baker, bread, PL_MAKES, 1, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, baker, work, PL_USES, 0.5, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, baker, power, PL_USES, 1, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, home, bread, PL_WANTS, 10, none, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	return m;
}

static void a_price_is_split_into_what_it_pays_for(void)
{
	pl_model *m = bakery();
	double price[] = {2, 3, 4}, quantity[] = {10, 5, 10, 10};
	const pl_plan p = {.n_goods = 3, .n_links = 4, .price = price, .quantity = quantity};
	const int32_t bread[] = {2};
	pl_makeup x;
	CHECK(pl_makeup_find(&x, m, &p, bread, 1, NULL) == PL_OK);
	CHECK(x.n == 1 && x.good[0] == 2);
	CHECK_NEAR(x.share[0][PL_FOR_WORK], 0.25, 1e-12);
	CHECK_NEAR(x.share[0][PL_FOR_NATURE], 0.75, 1e-12);
	CHECK(x.present[PL_FOR_WORK] && x.present[PL_FOR_NATURE] && !x.present[PL_FOR_REST]);
	pl_model_free(m);
}

static void a_plan_that_is_not_cleared_is_not_explained(void)
{
	pl_model *m = bakery();
	double price[] = {2, 3, 4}, quantity[] = {10, 5, 10, 10};
	const pl_plan p = {.outcome = PL_STALLED, .price = price, .quantity = quantity};
	const int32_t bread[] = {2};
	pl_makeup x;
	CHECK(pl_makeup_find(&x, m, &p, bread, 1, NULL) == PL_OK && x.n == 0);
	pl_model_free(m);
}

static void a_good_without_a_price_is_left_out(void)
{
	pl_model *m = bakery();
	double price[] = {0, 0, 0}, quantity[] = {10, 5, 10, 10};
	const pl_plan p = {.n_goods = 3, .n_links = 4, .price = price, .quantity = quantity};
	const int32_t all[] = {0, 1, 2};
	pl_makeup x;
	CHECK(pl_makeup_find(&x, m, &p, all, 3, NULL) == PL_OK && x.n == 0);
	pl_model_free(m);
}

int main(void)
{
	RUN(a_price_is_split_into_what_it_pays_for);
	RUN(a_plan_that_is_not_cleared_is_not_explained);
	RUN(a_good_without_a_price_is_left_out);
	return pl_test_failed;
}
