/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* why_test: what moved a price and who, as the view tells it: sums that add up, and prices that
 * were announced. */
#include "app/look.h"
#include "base/number.h"
#include "world.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

enum { PEOPLE = 20, WORKPLACES = 3, CONSUMERS = 13, ROUNDS = 4, SHOWN = 10 };

static void begin(world *w, const char *rule)
{
	world_open(w, 12);
	play_begin(&w->p, w->app, 6, PEOPLE, WORKPLACES, CONSUMERS);
	w->p.rule = rule;
	play_season(&w->p, ROUNDS, 0);
}

/// The view of a good in a round of season 1; NULL with *st where there is none.
static json_t *see(const world *w, int round, int good, pl_status *st)
{
	char path[80];
	(void)snprintf(path, sizeof path, "/seasons/1/rounds/%d/goods/%d", round, good);
	return world_see(w, 1, path, NULL, st);
}

static double decimal(const json_t *of, const char *key)
{
	double x = NAN;
	CHECK(pl_number_read(&x, json_string_value(json_object_get(of, key))) == PL_OK);
	return x;
}

static int64_t whole(const json_t *of, const char *key)
{
	CHECK(json_is_integer(json_object_get(of, key)));
	return json_integer_value(json_object_get(of, key));
}

static double announced(const world *w, int round, int good)
{
	const pl_state_row key = {{PL_WHOLE(1), PL_WHOLE(round), PL_WHOLE(good)}};
	pl_found f;
	double x = NAN;
	CHECK(pl_store_get(&f, w->store, PL_ROWS_price, &key, NULL) == PL_OK && f.found);
	CHECK(pl_number_read(&x, f.row.at[PL_C_price_price].text) == PL_OK);
	pl_found_clear(&f);
	return x;
}

/// A list and its rest are its sum; the largest come first. @return the sum
static int64_t check_list(const json_t *view, const char *key)
{
	const json_t *list = json_object_get(view, key), *rest = json_object_get(list, "rest");
	size_t i;
	json_t *row;
	int64_t sum = whole(rest, "steps"), before = INT64_MAX;
	json_array_foreach(json_object_get(list, "councils"), i, row)
	{
		CHECK(llabs(whole(row, "steps")) <= before && whole(row, "steps") != 0);
		before = llabs(whole(row, "steps"));
		sum += whole(row, "steps");
	}
	CHECK(i <= SHOWN && (whole(rest, "councils") == 0 || i == SHOWN));
	CHECK(sum == whole(list, "steps"));
	return sum;
}

static size_t named; /* movers in all views */

static void check_parts(const json_t *view)
{
	size_t i;
	json_t *row;
	double sum = decimal(view, "known") + decimal(view, "others") + decimal(view, "rest");
	json_array_foreach(json_object_get(view, "movers"), i, row)
	{
		sum += decimal(row, "part");
	}
	CHECK(i <= SHOWN);
	named += i;
	CHECK_NEAR(sum, decimal(view, "move"), 1e-9);
	CHECK_NEAR(decimal(view, "move"), log(decimal(view, "after") / decimal(view, "before")),
	           1e-9);
}

static void check_good(const world *w, int good)
{
	int64_t excess = 0;
	for (int round = 1; round <= ROUNDS; round++) {
		pl_status st;
		json_t *view = see(w, round, good, &st);
		CHECK(st == PL_OK);
		CHECK(decimal(view, "before") == announced(w, round, good));
		CHECK(decimal(view, "after") == announced(w, round + 1, good));
		const int64_t before = excess,
		              supply = check_list(view, "supply") + whole(view, "held"),
		              demand = check_list(view, "demand"),
		              changed = check_list(view, "changes");
		excess = demand - supply;
		CHECK(changed == (round == 1 ? 0 : excess - before));
		CHECK(whole(view, "held") == (good == 1 ? 4000000 : 0));
		check_parts(view);
		json_decref(view);
	}
}

static void sums_add_up_for_every_good_and_every_round_whatever_the_rule(void)
{
	static const char *const rules[] = {"fitted", "lagged", "anderson"};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		world w;
		begin(&w, rules[i]);
		named = 0;
		for (int good = 1; good <= 1 + WORKPLACES; good++) check_good(&w, good);
		CHECK(named > WORKPLACES);
		world_end(&w);
	}
}

static void who_asks_for_most_stands_first_and_thirteen_have_a_rest_of_three(void)
{
	world w;
	pl_status st;
	begin(&w, NULL);
	json_t *view = see(&w, 2, 1 + WORKPLACES, &st);
	const json_t *demand = json_object_get(view, "demand"),
	             *councils = json_object_get(demand, "councils");
	CHECK(json_array_size(councils) == SHOWN);
	CHECK(whole(json_object_get(demand, "rest"), "councils") == CONSUMERS - SHOWN);
	const pl_state_row most = {{PL_WHOLE(1), PL_WHOLE(2),
	                            PL_WHOLE(whole(json_array_get(councils, 0), "council")),
	                            PL_WHOLE(1), PL_WHOLE(1 + WORKPLACES), PL_TEXT("wants")}};
	pl_found f;
	CHECK(pl_store_get(&f, w.store, PL_ROWS_proposal_line, &most, NULL) == PL_OK &&
	      f.found);
	CHECK(f.row.at[PL_C_proposal_line_quantity].whole ==
	      whole(json_array_get(councils, 0), "steps"));
	pl_found_clear(&f);
	json_decref(view);
	world_end(&w);
}

static void what_is_not_closed_or_not_there_is_not_found(void)
{
	world w;
	pl_status st;
	begin(&w, NULL);
	CHECK(see(&w, 0, 2, &st) == NULL && st == PL_ENOTFOUND);
	CHECK(see(&w, ROUNDS + 1, 2, &st) == NULL && st == PL_ENOTFOUND);
	CHECK(see(&w, 1, 99, &st) == NULL && st == PL_ENOTFOUND);
	world_end(&w);
}

static void all_of_it_stays_when_goods_change_after_the_season(void)
{
	world w;
	pl_status st;
	begin(&w, NULL);
	json_t *before = see(&w, 3, 2, &st);
	must(&w.p, 1, NULL, "good.set",
	     "{\"code\":\"labour\",\"kind\":\"labour\",\"unit\":\"hours\",\"step\":\"0.25\","
	     "\"supply\":8,\"price\":\"10\"}");
	must(&w.p, 1, NULL, "good.set",
	     "{\"code\":\"new\",\"kind\":\"product\",\"step\":\"1\",\"price\":\"1\"}");
	json_t *after = see(&w, 3, 2, &st);
	CHECK(st == PL_OK);
	json_object_del(before, "season");
	json_object_del(after, "season");
	CHECK(json_equal(before, after));
	json_decref(before);
	json_decref(after);
	world_end(&w);
}

int main(void)
{
	RUN(sums_add_up_for_every_good_and_every_round_whatever_the_rule);
	RUN(who_asks_for_most_stands_first_and_thirteen_have_a_rest_of_three);
	RUN(what_is_not_closed_or_not_there_is_not_found);
	RUN(all_of_it_stays_when_goods_change_after_the_season);
	return pl_test_failed;
}
