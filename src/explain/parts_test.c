/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "tests/pl_test.h"

#include <plenum/explain.h>

enum { MOST = 16 };

/// A small economy being put together, with the plan that a test claims for it.
typedef struct {
	pl_builder *b;
	pl_model *m;
	double price[MOST], quantity[MOST];
	pl_explain *x;
} economy;

static economy begin(void)
{
	economy e = {0};
	CHECK(pl_builder_new(&e.b, NULL) == PL_OK);
	return e;
}

static int32_t good(economy *e, const char *id, pl_good_kind kind, double supply)
{
	int32_t at;
	const pl_good_row row = {id, NULL, NULL, NULL, kind, NAN, supply, NAN, NAN};
	CHECK(pl_builder_good(&at, e->b, &row, NULL) == PL_OK);
	return at;
}

static int32_t council(economy *e, const char *id, pl_council_kind kind, pl_schedule schedule,
                       double first, double second)
{
	int32_t at;
	const pl_council_row row = {id,  NULL, kind,     -1,
	                            NAN, 100,  schedule, {first, second, NAN, NAN}};
	CHECK(pl_builder_council(&at, e->b, &row, NULL) == PL_OK);
	return at;
}

static void link(economy *e, int32_t who, int32_t what, pl_role role, double amount)
{
	CHECK(pl_builder_link(e->b, who, what, role, amount, NAN, NULL) == PL_OK);
}

static void finish(economy *e)
{
	CHECK(pl_builder_finish(&e->m, e->b, NULL, NULL, NULL) == PL_OK);
}

/// Explain the plan with these prices and activities (of requests: 1).
/// @param price,activity [MOST]
static void plan(economy *e, const double price[MOST], const double activity[MOST])
{
	const pl_model *m = e->m;
	memcpy(e->price, price, sizeof e->price);
	for (int32_t i = 0; i < m->n_councils && i < MOST; i++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			e->quantity[k] = m->link.amount[k] * activity[i];
	const pl_claim claim = {.price = e->price, .quantity = e->quantity};
	CHECK(pl_explain_new(&e->x, m, &claim, NULL) == PL_OK);
}

static void end(economy *e)
{
	pl_explain_free(e->x);
	pl_model_free(e->m);
}

static double credits(const pl_parts *p, pl_part_kind kind, int32_t which)
{
	double sum = 0;
	for (int32_t k = 0; k < p->n; k++)
		if (p->part[k].kind == kind &&
		    (p->part[k].good == which || p->part[k].council == which))
			sum += p->part[k].credits;
	return sum;
}

static double total(const pl_parts *p)
{
	double sum = 0;
	for (int32_t k = 0; k < p->n; k++) sum += p->part[k].credits;
	return sum;
}

/// Grain takes grain and bread, bread takes grain: circles of makers. By hand: the price of
/// grain g and of bread b with labour at 1: g = 0.2 g + 0.1 b + 0.5, b = 0.4 g + 0.3 + 0.06
/// where 0.06 is declared effort.
static void circles_of_makers_are_followed_to_their_end(void)
{
	economy e = begin();
	const int32_t work = good(&e, "work", PL_LABOUR, 1000),
	              grain = good(&e, "grain", PL_PRODUCT, 0),
	              bread = good(&e, "bread", PL_PRODUCT, 0);
	const int32_t farm = council(&e, "farm", PL_WORKERS, PL_S_recipe, NAN, NAN),
	              bakery = council(&e, "bakery", PL_WORKERS, PL_S_recipe, NAN, 0.06),
	              town = council(&e, "town", PL_CONSUMERS, PL_S_request, NAN, NAN);
	link(&e, farm, grain, PL_MAKES, 1);
	link(&e, farm, grain, PL_USES, 0.2);
	link(&e, farm, bread, PL_USES, 0.1);
	link(&e, farm, work, PL_USES, 0.5);
	link(&e, bakery, bread, PL_MAKES, 1);
	link(&e, bakery, grain, PL_USES, 0.4);
	link(&e, bakery, work, PL_USES, 0.3);
	link(&e, town, bread, PL_WANTS, 50);
	finish(&e);
	/* (0.8 - 0.04) g = 0.5 + 0.036 */
	const double g = 0.536 / 0.76, b = 0.4 * g + 0.36;
	/* x = 0.4 y + 0.2 x, y = 0.1 x + 50 */
	const double y = 50 / (1 - 0.05), x = 0.5 * y;
	plan(&e, (double[MOST]){1, g, b}, (double[MOST]){x, y, 1});

	pl_parts p;
	CHECK(pl_explain_price(&p, e.x, bread, NULL) == PL_OK);
	CHECK_NEAR(p.whole, b, 1e-15);
	CHECK_NEAR(credits(&p, PL_PART_INPUT, grain), 0.4 * g, 1e-14);
	CHECK_NEAR(credits(&p, PL_PART_INPUT, work), 0.3, 1e-14);
	CHECK_NEAR(credits(&p, PL_PART_EFFORT, bakery), 0.06, 1e-14);
	CHECK(p.n == 3);
	pl_parts_free(&p);

	/* hours: h_g = 0.2 h_g + 0.1 h_b + 0.5, h_b = 0.4 h_g + 0.3; effort alike */
	const double hg = 0.53 / 0.76, hb = 0.4 * hg + 0.3, fg = 0.006 / 0.76,
	             fb = 0.4 * fg + 0.06;
	CHECK(pl_explain_totals(&p, e.x, bread, NULL) == PL_OK);
	CHECK_NEAR(credits(&p, PL_PART_LABOUR, work), hb, 1e-13);
	CHECK_NEAR(credits(&p, PL_PART_EFFORT, bakery), fb, 1e-13);
	CHECK_NEAR(total(&p), b, 1e-13);
	CHECK(p.n == 2);
	CHECK(p.part[0].kind == PL_PART_LABOUR);
	CHECK_NEAR(p.part[0].quantity, hb, 1e-13);
	CHECK_NEAR(p.part[0].share, hb / b, 1e-13);
	pl_parts_free(&p);

	/* the content of one bread is a column of the Leontief inverse */
	double need[3];
	CHECK(pl_explain_content(need, e.x, (double[]){0, 0, 1}, NULL) == PL_OK);
	CHECK_NEAR(need[grain], 0.4 / 0.76, 1e-13);
	CHECK_NEAR(need[bread], 0.8 / 0.76, 1e-13);
	CHECK_NEAR(need[work], hb, 1e-13);
	end(&e);
}

/// Wool and meat share the costs of the herd by their worth; a stock of wool costs nobody
/// anything, and what the herders earn at their capacity is scarcity.
static void joint_products_stocks_and_capacities_each_have_their_part(void)
{
	economy e = begin();
	const int32_t work = good(&e, "work", PL_LABOUR, 100),
	              wool = good(&e, "wool", PL_PRODUCT, 10),
	              meat = good(&e, "meat", PL_PRODUCT, 0),
	              dung = good(&e, "dung", PL_FREE, 0);
	const int32_t herd = council(&e, "herd", PL_WORKERS, PL_S_recipe, 10, 1),
	              town = council(&e, "town", PL_CONSUMERS, PL_S_request, NAN, NAN);
	link(&e, herd, work, PL_USES, 2);
	link(&e, herd, dung, PL_USES, 3);
	link(&e, herd, wool, PL_MAKES, 1);
	link(&e, herd, meat, PL_MAKES, 4);
	link(&e, town, wool, PL_WANTS, 20);
	link(&e, town, meat, PL_WANTS, 40);
	finish(&e);
	plan(&e, (double[MOST]){2, 6, 1.5, 0}, (double[MOST]){10, 1});
	/* a unit of work: 6 of wool and 6 of meat, made of 4 of labour, 1 of effort, 7 of rent
	 */
	pl_parts p;
	CHECK(pl_explain_totals(&p, e.x, wool, NULL) == PL_OK);
	CHECK_NEAR(credits(&p, PL_PART_STOCK, wool), 3, 1e-13);
	CHECK_NEAR(credits(&p, PL_PART_LABOUR, work), 1, 1e-13);
	CHECK_NEAR(credits(&p, PL_PART_EFFORT, herd), 0.25, 1e-13);
	CHECK_NEAR(credits(&p, PL_PART_CAPACITY, herd), 1.75, 1e-13);
	CHECK_NEAR(total(&p), 6, 1e-13);
	pl_parts_free(&p);

	/* counted goods have content, but no worth */
	double need[4];
	CHECK(pl_explain_content(need, e.x, (double[]){0, 0, 1, 0}, NULL) == PL_OK);
	CHECK_NEAR(need[dung], 3 * 0.5 / 4, 1e-13);
	const pl_earnings got = pl_explain_council(e.x, herd);
	CHECK_NEAR(got.made, 120, 1e-12);
	CHECK_NEAR(got.used + got.effort + got.capacity + got.returns, 120, 1e-12);

	pl_party *who;
	int32_t n;
	CHECK(pl_explain_parties(&who, &n, e.x, wool, true, NULL) == PL_OK);
	CHECK(n == 2 && who[0].council == -1 && who[1].council == herd);
	CHECK_NEAR(who[0].share, 0.5, 0);
	pl_explain_parties_free(who);
	CHECK(pl_explain_parties(&who, &n, e.x, wool, false, NULL) == PL_OK);
	CHECK(n == 1 && who[0].council == town && who[0].share == 1);
	pl_explain_parties_free(who);
	end(&e);
}

/// Two makers that buy only from each other: nothing ever leaves the circle, and that is said.
static void a_circle_without_an_end_is_untraced(void)
{
	economy e = begin();
	const int32_t a = good(&e, "a", PL_PRODUCT, 0), b = good(&e, "b", PL_PRODUCT, 0);
	const int32_t one = council(&e, "one", PL_WORKERS, PL_S_recipe, NAN, NAN),
	              two = council(&e, "two", PL_WORKERS, PL_S_recipe, NAN, NAN);
	link(&e, one, a, PL_MAKES, 1);
	link(&e, one, b, PL_USES, 1);
	link(&e, two, b, PL_MAKES, 1);
	link(&e, two, a, PL_USES, 1);
	finish(&e);
	plan(&e, (double[MOST]){3, 3}, (double[MOST]){1, 1});
	pl_parts p;
	CHECK(pl_explain_totals(&p, e.x, a, NULL) == PL_OK);
	CHECK(p.n == 1 && p.part[0].kind == PL_PART_UNTRACED);
	CHECK_NEAR(total(&p), 3, 1e-12);
	pl_parts_free(&p);
	end(&e);
}

/// Two makers that use up twice what they make, as a search that went astray may leave them.
static void makers_that_use_up_more_than_they_make_are_not_followed_for_ever(void)
{
	economy e = begin();
	const int32_t a = good(&e, "a", PL_PRODUCT, 0), b = good(&e, "b", PL_PRODUCT, 0),
	              work = good(&e, "work", PL_LABOUR, 10);
	const int32_t one = council(&e, "one", PL_WORKERS, PL_S_recipe, NAN, NAN),
	              two = council(&e, "two", PL_WORKERS, PL_S_recipe, NAN, 1);
	link(&e, one, a, PL_MAKES, 1);
	link(&e, one, b, PL_USES, 2);
	link(&e, two, b, PL_MAKES, 1);
	link(&e, two, a, PL_USES, 2);
	link(&e, two, work, PL_USES, 1);
	finish(&e);
	plan(&e, (double[MOST]){3, 3, 1}, (double[MOST]){1, 1});
	pl_parts p;
	double need[3];
	CHECK(pl_explain_totals(&p, e.x, a, NULL) == PL_OK);
	CHECK_NEAR(total(&p), 3, 1e-9);
	CHECK(credits(&p, PL_PART_UNTRACED, -1) < 0);
	for (int32_t k = 0; k < p.n; k++) CHECK(fabs(p.part[k].credits) < 1e5);
	CHECK(pl_explain_content(need, e.x, (double[]){1, 0, 0}, NULL) == PL_OK);
	for (int32_t j = 0; j < 3; j++) CHECK(need[j] >= 1 && need[j] < 1e5);
	pl_parts_free(&p);
	end(&e);
}

static void a_plan_with_a_number_that_is_none_is_refused(void)
{
	economy e = begin();
	const int32_t a = good(&e, "a", PL_PRODUCT, 1);
	const int32_t one = council(&e, "one", PL_CONSUMERS, PL_S_request, NAN, NAN);
	link(&e, one, a, PL_WANTS, 1);
	finish(&e);
	const double bad[] = {NAN, -1, INFINITY};
	for (int k = 0; k < 3; k++) {
		const double good_number = 1;
		pl_claim claim = {.price = &bad[k], .quantity = &good_number};
		CHECK(pl_explain_new(&e.x, e.m, &claim, NULL) == PL_EARG && e.x == NULL);
		claim = (pl_claim){.price = &good_number, .quantity = &bad[k]};
		CHECK(pl_explain_new(&e.x, e.m, &claim, NULL) == PL_EARG && e.x == NULL);
		claim = (pl_claim){.price = &good_number};
		CHECK(pl_explain_new(&e.x, e.m, &claim, NULL) == PL_EARG && e.x == NULL);
	}
	end(&e);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	economy e = begin();
	const int32_t a = good(&e, "a", PL_PRODUCT, 1);
	const int32_t one = council(&e, "one", PL_CONSUMERS, PL_S_request, NAN, NAN);
	link(&e, one, a, PL_WANTS, 1);
	finish(&e);
	const double number = 1;
	const pl_claim claim = {.price = &number, .quantity = &number};
	const int64_t alive = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int grants = 0; s == PL_ENOMEM; grants++) {
		pl_parts p = {0};
		pl_party *who = NULL;
		int32_t n;
		pl_alloc_grants = grants;
		s = pl_explain_new(&e.x, e.m, &claim, NULL);
		if (s == PL_OK) s = pl_explain_totals(&p, e.x, a, NULL);
		if (s == PL_OK) s = pl_explain_parties(&who, &n, e.x, a, true, NULL);
		pl_parts_free(&p);
		pl_explain_parties_free(who);
		pl_explain_free(e.x);
		e.x = NULL;
		CHECK(pl_alloc_alive == alive);
	}
	pl_alloc_grants = -1;
	CHECK(s == PL_OK);
	end(&e);
}
#endif

static void every_kind_of_part_has_a_name(void)
{
	for (int k = 0; k < PL_PARTS; k++) CHECK(pl_part_name(k)[0] != '\0');
	CHECK(pl_part_name(-1) == NULL && pl_part_name(PL_PARTS) == NULL);
}

int main(void)
{
	RUN(circles_of_makers_are_followed_to_their_end);
	RUN(joint_products_stocks_and_capacities_each_have_their_part);
	RUN(a_circle_without_an_end_is_untraced);
	RUN(makers_that_use_up_more_than_they_make_are_not_followed_for_ever);
	RUN(a_plan_with_a_number_that_is_none_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	RUN(every_kind_of_part_has_a_name);
	return pl_test_failed;
}
