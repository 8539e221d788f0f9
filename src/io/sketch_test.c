/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/sketch.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

static const char prices[] = "good,price,demand\nbread,2,10\nwork,1.5,20\n",
                  councils[] = "council,activity,cost\nbakery,10,30\nhome,,20\n",
                  flows[] = "council,good,role,quantity\nbakery,bread,makes,10\n"
                            "home,bread,wants,6\nhome,bread,offers,1\n",
                  json[] =
                          "{\"outcome\": \"cleared\", \"tolerance\": 1e-9, \"digest\": \"ab\"}";

static pl_status read(pl_sketch *s, const char *a, const char *b, const char *c, const char *d,
                      pl_error *err)
{
	const pl_file_bytes file[] = {{"prices.csv", a, strlen(a)},
	                              {"councils.csv", b, strlen(b)},
	                              {"flows.csv", c, strlen(c)},
	                              {"plan.json", d, strlen(d)}};
	const pl_source from = {.file = file, .n_files = d[0] == '\0' ? 3 : 4};
	return pl_sketch_read_from(s, &from, NULL, err);
}

static void every_number_finds_its_place(void)
{
	pl_sketch s;
	CHECK(read(&s, prices, councils, flows, json, NULL) == PL_OK);
	CHECK(s.goods.n == 2 && s.councils.n == 2 && s.n_flows == 3);
	CHECK(s.good[0].price == 2 && s.good[1].demand == 20 && isnan(s.good[0].supply));
	CHECK(s.good[0].wanted == 6 && s.good[1].wanted == 0);
	CHECK(s.council[0].activity == 10 && isnan(s.council[1].activity));
	CHECK(s.council[1].cost == 20 && isnan(s.council[1].benefit));
	CHECK(strcmp(s.outcome, "cleared") == 0 && strcmp(s.digest, "ab") == 0);
	CHECK(s.inputs[0] == '\0' && s.tolerance == 1e-9 && isnan(s.worst_imbalance));
	pl_sketch_free(&s);
	CHECK(read(&s, prices, councils, flows, "", NULL) == PL_OK);
	CHECK(s.outcome[0] == '\0' && isnan(s.tolerance));
	pl_sketch_free(&s);
}

/// @param says part of the sentence
static void refused(const char *a, const char *b, const char *c, const char *d,
                    const char *says)
{
	pl_sketch s;
	pl_error err;
	CHECK(read(&s, a, b, c, d, &err) == PL_EPARSE);
	CHECK(s.good == NULL && s.council == NULL);
	if (strstr(err.msg, says) == NULL) fprintf(stderr, "%s\n", err.msg);
	CHECK(strstr(err.msg, says) != NULL);
}

static void what_is_no_plan_is_refused_with_its_line(void)
{
	refused("good,price\nbread,2\nbread,3\n", councils, flows, json,
	        "prices.csv:3: good \"bread\" stands twice");
	refused("good,price\nbread,\nwork,1\n", councils, flows, json, "prices.csv:2");
	refused("good,price\nbread,-1\nwork,1\n", councils, flows, json, "below 0");
	refused("good\nbread\n", councils, flows, json, "price");
	refused(prices, "council,activity\nhome,x\n", flows, json, "councils.csv:2");
	refused(prices, councils, "council,good,role,quantity\nhome,tea,wants,1\n", json,
	        "flows.csv:2: good \"tea\" is not in prices.csv");
	refused(prices, councils, "council,good,role,quantity\nhome,bread,eats,1\n", json,
	        "eats");
	refused(prices, councils, flows, "{", "plan.json:1");
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_status s = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	for (int grants = 0; s == PL_ENOMEM; grants++) {
		pl_sketch sketch;
		pl_alloc_grants = grants;
		s = read(&sketch, prices, councils, flows, json, NULL);
		if (s == PL_OK) pl_sketch_free(&sketch);
		CHECK(pl_alloc_alive == alive);
	}
	pl_alloc_grants = -1;
	CHECK(s == PL_OK);
}
#endif

int main(void)
{
	RUN(every_number_finds_its_place);
	RUN(what_is_no_plan_is_refused_with_its_line);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
