/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/rounds_files.h"

#include "tests/pl_test.h"

#include "base/alloc.h"

#include <math.h>

enum { GOODS = 2, ROUNDS = 40, ROOM = 1 << 16 };

static pl_model *economy(void)
{
	pl_builder *b;
	int32_t bread, work, bakery, people;
	const double none = (double)NAN;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	const pl_good_row good[] = {{"bread", "", "", "", PL_PRODUCT, none, none, none, none},
	                            {"work", "", "", "", PL_LABOUR, none, 40, none, none}};
	CHECK(pl_builder_good(&bread, b, &good[0], NULL) == PL_OK);
	CHECK(pl_builder_good(&work, b, &good[1], NULL) == PL_OK);
	const pl_council_row maker = {"bakery", "",   PL_WORKERS,  -1,
	                              none,     none, PL_S_recipe, {none, none, none, none}};
	const pl_council_row taker = {"people", "",   PL_CONSUMERS, -1,
	                              none,     none, PL_S_request, {none, none, none, none}};
	CHECK(pl_builder_council(&bakery, b, &maker, NULL) == PL_OK);
	CHECK(pl_builder_council(&people, b, &taker, NULL) == PL_OK);
	CHECK(pl_builder_link(b, bakery, bread, PL_MAKES, 1, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, bakery, work, PL_USES, 0.1, none, NULL) == PL_OK);
	CHECK(pl_builder_link(b, people, bread, PL_WANTS, 300, none, NULL) == PL_OK);
	pl_model *m;
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	return m;
}

/// Round n: prices n and 2n, the second at its floor with plenty of it.
static pl_status add(pl_record *r, int32_t n)
{
	const double price[GOODS] = {n, 2 * n}, supply[GOODS] = {10, 40},
	             demand[GOODS] = {30, 20};
	const double imbalance[GOODS] = {1, 0};
	const uint8_t at_floor[GOODS] = {1, 1};
	const pl_round round = {.number = n,
	                        .price = price,
	                        .supply = supply,
	                        .demand = demand,
	                        .imbalance = imbalance,
	                        .at_floor = at_floor,
	                        .worst = 1,
	                        .worst_good = n % 2 == 0 ? -1 : 0,
	                        .above = {1, 0.5, 0.25, 0.125, 0.0625},
	                        .total = 1.5,
	                        .remark = ""};
	return pl_record_add(r, 2, &round, NULL);
}

static char *text_of(void (*write)(FILE *, const pl_record *, const pl_model *, bool),
                     const pl_record *r, const pl_model *m, bool years)
{
	char *text = pl_alloc(ROOM, 1);
	FILE *to = fmemopen(text, ROOM - 1, "w");
	write(to, r, m, years);
	fclose(to);
	return text;
}

static void rounds_are_kept_however_many_there_are(void)
{
	pl_model *m = economy();
	pl_record r = {.n_goods = GOODS, .goods = true};
	for (int32_t n = 1; n <= ROUNDS; n++) CHECK(add(&r, n) == PL_OK);
	CHECK(r.n == ROUNDS);
	for (int32_t n = 0; n < ROUNDS; n++) {
		CHECK(r.round[n].number == n + 1 && r.round[n].year == 2);
		CHECK_NEAR(r.price[(int64_t)GOODS * n], n + 1, 0);
		CHECK_NEAR(r.price[(int64_t)GOODS * n + 1], 0,
		           0); /* at its floor, and plenty of it */
	}
	pl_record_clear(&r);
	pl_model_free(m);
}

static void a_row_says_what_was_published(void)
{
	pl_model *m = economy();
	pl_record r = {.n_goods = GOODS, .goods = true};
	CHECK(add(&r, 1) == PL_OK && add(&r, 2) == PL_OK);
	char *rounds = text_of(pl_record_write_rounds, &r, m, false);
	CHECK(strcmp(rounds, "round,worst_good,worst_imbalance,share_above_20,share_above_10,"
	                     "share_above_5,share_above_3,share_above_1,total_imbalance\n"
	                     "1,bread,1,1,0.5,0.25,0.125,0.0625,1.5\n"
	                     "2,,1,1,0.5,0.25,0.125,0.0625,1.5\n") == 0);
	char *prices = text_of(pl_record_write_prices, &r, m, true);
	CHECK(strcmp(prices, "round,good,price,supply,demand,year\n1,bread,1,10,30,2\n"
	                     "1,work,0,40,20,2\n2,bread,2,10,30,2\n2,work,0,40,20,2\n") == 0);
	pl_free(rounds);
	pl_free(prices);
	pl_record_clear(&r);
	pl_model_free(m);
}

static void without_goods_only_the_rounds_are_kept(void)
{
	pl_record r = {.n_goods = GOODS};
	CHECK(add(&r, 1) == PL_OK && r.price == NULL && r.n == 1);
	pl_record_clear(&r);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	for (int64_t grants = 0;; grants++) {
		pl_record r = {.n_goods = GOODS, .goods = true};
		pl_status st = PL_OK;
		int32_t added = 0;
		pl_alloc_grants = grants;
		for (int32_t n = 1; n <= ROUNDS && st == PL_OK; n++) {
			st = add(&r, n);
			added += st == PL_OK;
		}
		pl_alloc_grants = -1;
		CHECK(r.n == added && (st == PL_OK || st == PL_ENOMEM));
		pl_record_clear(&r);
		if (st == PL_OK) break;
	}
}
#endif

int main(void)
{
	RUN(rounds_are_kept_however_many_there_are);
	RUN(a_row_says_what_was_published);
	RUN(without_goods_only_the_rounds_are_kept);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
