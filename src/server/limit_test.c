/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/limit.h"
#include "tests/pl_test.h"

static const pl_rate rate = {.rate = 2, .burst = 5};

/// How many of n requests at one time are let through.
static int let_through(pl_limit *l, const char *name, int n, double time)
{
	int good = 0;
	for (int i = 0; i < n; i++) good += pl_limit_take(l, name, rate, time) == 0;
	return good;
}

static void a_full_bucket_lets_through_its_burst_and_then_its_rate(void)
{
	pl_limit *l;
	CHECK(pl_limit_new(&l, NULL) == PL_OK);
	CHECK(let_through(l, "ada", 20, 100) == 5);
	CHECK(let_through(l, "ada", 20, 101) == 2);
	CHECK(let_through(l, "ada", 20, 101.4) == 0);
	CHECK(let_through(l, "ada", 20, 101.5) == 1);
	CHECK(let_through(l, "ada", 20, 1000) == 5); /* never more than its burst */
	pl_limit_free(l);
}

static void whoever_waits_as_long_as_is_said_is_let_through(void)
{
	pl_limit *l;
	CHECK(pl_limit_new(&l, NULL) == PL_OK);
	double time = 0;
	for (int i = 0; i < 200; i++) {
		const int wait = pl_limit_take(l, "ada", (pl_rate){0.3, 1}, time);
		CHECK(wait >= 0);
		time += wait;
		if (wait > 0) CHECK(pl_limit_take(l, "ada", (pl_rate){0.3, 1}, time) == 0);
	}
	pl_limit_free(l);
}

static void one_name_takes_nothing_from_another(void)
{
	pl_limit *l;
	char name[32];
	CHECK(pl_limit_new(&l, NULL) == PL_OK);
	CHECK(let_through(l, "ada", 20, 1) == 5);
	for (int i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof name, "person %d", i);
		CHECK(let_through(l, name, 1, 1) == 1);
	}
	CHECK(let_through(l, "ada", 20, 1) == 0);
	pl_limit_free(l);
}

static void a_flood_of_names_never_holds_up_a_new_one(void)
{
	pl_limit *l;
	char name[32];
	CHECK(pl_limit_new(&l, NULL) == PL_OK);
	for (int i = 0; i < 200000; i++) {
		(void)snprintf(name, sizeof name, "from %d", i);
		CHECK(pl_limit_take(l, name, rate, 1) == 0);
	}
	pl_limit_free(l);
}

int main(void)
{
	RUN(a_full_bucket_lets_through_its_burst_and_then_its_rate);
	RUN(whoever_waits_as_long_as_is_said_is_let_through);
	RUN(one_name_takes_nothing_from_another);
	RUN(a_flood_of_names_never_holds_up_a_new_one);
	return pl_test_failed;
}
