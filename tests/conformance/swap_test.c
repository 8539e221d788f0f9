/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* swap_test: councils move parts of an adopted plan between them, and nobody else's. */
#include "app/app.h"
#include "app/look.h"
#include "world.h"

#include <inttypes.h>
#include <jansson.h>

/* Council c has the delegate 1 + c; 1 and 2 are workplaces, 3 to 5 consume. */
enum { PEOPLE = 10, WORKPLACES = 2, CONSUMERS = 3, COUNCILS = WORKPLACES + CONSUMERS };
enum { BAKERY = 1, MILL, EAST, WEST, SOUTH };
enum { LABOUR = 1, BREAD, FLOUR, GOODS = FLOUR };
enum { BREADS = 20000, TRIES = 800 };
static const char *const roles[] = {"makes", "uses", "wants"};
enum { ROLES = 3 };

/// A season whose plan gives each of three quarters 20 kg of both goods.
static void begin(world *w)
{
	world_open(w, 109);
	play *p = &w->p;
	play_begin(p, w->app, 109, PEOPLE, WORKPLACES, CONSUMERS);
	must(p, 1, NULL, "season.open",
	     "{\"name\":\"s\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(p, 1, NULL, "round.open", "{\"season\":1}");
	for (int c = EAST; c <= SOUTH; c++)
		must(p, 1 + c, NULL, "proposal.file",
		     "{\"season\":1,\"council\":%d,\"version\":1,\"lines\":[{\"good\":2,"
		     "\"role\":\"wants\",\"quantity\":%d},{\"good\":3,\"role\":\"wants\","
		     "\"quantity\":%d}]}",
		     c, BREADS, BREADS);
	must(p, 1, NULL, "round.close", "{\"season\":1}");
	must(p, 1, NULL, "vote.open",
	     "{\"about\":1,\"title\":\"t\",\"ballots\":\"motion\",\"rule\":\"majority\","
	     "\"seats\":1,\"secret\":0,\"options\":[{\"code\":\"plan\"}]}");
	for (int i = 1; i <= PEOPLE; i++)
		must(p, i, NULL, "vote.cast", "{\"vote\":1,\"marks\":\"1=yes\"}");
	must(p, 1, NULL, "vote.close", "{\"vote\":1}");
	must(p, 1, NULL, "plan.adopt", "{\"season\":1,\"vote\":1}");
}

static pl_status offer(world *w, int giver, int taker, int good, const char *role,
                       int64_t quantity)
{
	return may(&w->p, 1 + giver, "swap.offer",
	           "{\"season\":1,\"giver\":%d,\"taker\":%d,\"good\":%d,\"role\":\"%s\","
	           "\"quantity\":%" PRId64 ",\"reason\":\"we have visitors\"}",
	           giver, taker, good, role, quantity);
}

static pl_status answer(world *w, int swap, int council, const char *state)
{
	return may(&w->p, 1 + council, "swap.answer",
	           "{\"season\":1,\"swap\":%d,\"council\":%d,\"state\":\"%s\"}", swap, council,
	           state);
}

static pl_status deliver(world *w, int giver, int taker, int good, int64_t quantity)
{
	return may(&w->p, 1 + giver, "delivery.record",
	           "{\"season\":1,\"giver\":%d,\"taker\":%d,\"good\":%d,\"quantity\":%" PRId64
	           ",\"day\":1}",
	           giver, taker, good, quantity);
}

/* ---- the view ---- */

typedef struct {
	int64_t adopted, now, delivered;
} plan_line;

typedef struct {
	plan_line at[COUNCILS + 1][GOODS + 1][ROLES];
	size_t swaps;
} plan;

static int64_t whole(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static plan plan_of(world *w)
{
	plan p = {.swaps = 0};
	pl_status st;
	size_t i;
	json_t *line;
	json_t *view = world_see(w, 1, "/seasons/1/plan", NULL, &st);
	json_array_foreach(json_object_get(view, "lines"), i, line)
	{
		int r = 0;
		while (strcmp(roles[r], json_string_value(json_object_get(line, "role"))) != 0)
			r++;
		p.at[whole(line, "council")][whole(line, "good")][r] = (plan_line){
		        whole(line, "quantity"), whole(line, "now"), whole(line, "delivered")};
	}
	p.swaps = json_array_size(json_object_get(view, "swaps"));
	json_decref(view);
	return p;
}

static void one_offers_and_the_other_accepts(void)
{
	world w;
	begin(&w);
	CHECK(offer(&w, EAST, WEST, BREAD, "wants", 5000) == PL_OK);
	plan p = plan_of(&w);
	CHECK(p.swaps == 1 && p.at[EAST][BREAD][2].now == BREADS);
	CHECK(answer(&w, 1, WEST, "accepted") == PL_OK);
	p = plan_of(&w);
	CHECK(p.at[EAST][BREAD][2].adopted == BREADS && p.at[EAST][BREAD][2].now == 15000);
	CHECK(p.at[WEST][BREAD][2].adopted == BREADS && p.at[WEST][BREAD][2].now == 25000);
	CHECK(answer(&w, 1, WEST, "refused") == PL_ECONFLICT);
	CHECK(offer(&w, EAST, WEST, BREAD, "wants", 15001) == PL_ECONFLICT);
	CHECK(strstr(w.p.err.msg, "15000 steps are left to swap, less than 15001") != NULL);
	/* two offers of the same: what is gone when the second is accepted is not there */
	CHECK(offer(&w, EAST, WEST, BREAD, "wants", 15000) == PL_OK);
	CHECK(offer(&w, EAST, SOUTH, BREAD, "wants", 1) == PL_OK);
	CHECK(answer(&w, 2, WEST, "accepted") == PL_OK);
	CHECK(answer(&w, 3, SOUTH, "accepted") == PL_ECONFLICT);
	CHECK(answer(&w, 3, SOUTH, "refused") == PL_OK);
	world_end(&w);
}

static void nobody_answers_for_somebody_else(void)
{
	world w;
	begin(&w);
	CHECK(offer(&w, EAST, WEST, BREAD, "wants", 1) == PL_OK);
	CHECK(answer(&w, 1, EAST, "accepted") == PL_EDENIED);
	CHECK(answer(&w, 1, SOUTH, "accepted") == PL_EDENIED);
	CHECK(answer(&w, 1, WEST, "withdrawn") == PL_EDENIED);
	CHECK(may(&w.p, 1 + SOUTH, "swap.answer",
	          "{\"season\":1,\"swap\":1,\"council\":4,\"state\":\"accepted\"}") ==
	      PL_EDENIED);
	CHECK(may(&w.p, 1 + SOUTH, "swap.offer",
	          "{\"season\":1,\"giver\":3,\"taker\":5,\"good\":2,\"role\":\"wants\","
	          "\"quantity\":1}") == PL_EDENIED);
	CHECK(answer(&w, 1, EAST, "withdrawn") == PL_OK);
	CHECK(answer(&w, 1, WEST, "accepted") == PL_ECONFLICT);
	CHECK(offer(&w, EAST, EAST, BREAD, "wants", 1) == PL_EARG);
	CHECK(offer(&w, EAST, BAKERY, BREAD, "wants", 1) == PL_EARG);
	CHECK(strstr(w.p.err.msg, "the plan of council 1 has no line that it wants good 2") !=
	      NULL);
	world_end(&w);
}

static void what_was_handed_over_is_not_swapped_any_more(void)
{
	world w;
	begin(&w);
	CHECK(deliver(&w, BAKERY, EAST, BREAD, 19000) == PL_OK);
	CHECK(offer(&w, EAST, WEST, BREAD, "wants", 1001) == PL_ECONFLICT);
	CHECK(offer(&w, EAST, WEST, BREAD, "wants", 1000) == PL_OK);
	CHECK(deliver(&w, BAKERY, EAST, BREAD, 1) == PL_OK);
	CHECK(answer(&w, 1, WEST, "accepted") == PL_ECONFLICT);
	world_end(&w);
}

/// A crew that is short of hours takes over some of another one's.
static void hours_that_are_swapped_can_be_booked(void)
{
	static const char book[] =
	        "{\"season\":1,\"council\":1,\"task\":\"x\",\"good\":1,"
	        "\"people\":1,\"begins\":0,\"ends\":%" PRId64 ",\"instead\":%" PRId64 "}";
	world w;
	begin(&w);
	const int64_t hours = plan_of(&w).at[BAKERY][LABOUR][1].now * 900;
	CHECK(hours > 3600);
	const int64_t id =
	        must(&w.p, 1 + BAKERY, "booking", "work.book", book, hours, INT64_C(0));
	CHECK(may(&w.p, 1 + BAKERY, "work.book", book, hours + 3600, id) == PL_ECONFLICT);
	CHECK(offer(&w, BAKERY, MILL, LABOUR, "uses", 4) == PL_ECONFLICT); /* all are booked */
	CHECK(offer(&w, MILL, BAKERY, LABOUR, "uses", 4) == PL_OK);
	CHECK(answer(&w, 1, BAKERY, "accepted") == PL_OK);
	CHECK(may(&w.p, 1 + BAKERY, "work.book", book, hours + 3600, id) == PL_OK);
	world_end(&w);
}

/* ---- at random ---- */

static void ask_something(world *w, int *swaps)
{
	pl_random *r = &w->p.random;
	static const char *const states[] = {"accepted", "accepted", "refused", "withdrawn"};
	const bool works = pl_random_below(r, 3) == 0;
	const int low = works ? BAKERY : EAST, high = works ? MILL : SOUTH,
	          one = (int)pl_random_between(r, low, high),
	          other = (int)pl_random_between(r, low, high),
	          good = (int)pl_random_between(r, works ? LABOUR : BREAD, FLOUR);
	const uint64_t what = pl_random_below(r, 3);
	if (what == 0)
		*swaps += offer(w, one, other, good, works ? "uses" : "wants",
		                pl_random_between(r, 1, BREADS / 10)) == PL_OK;
	else if (what == 1)
		(void)deliver(w, one, other, good, pl_random_between(r, 1, BREADS / 10));
	else if (*swaps > 0)
		(void)answer(w, (int)pl_random_between(r, 1, *swaps), one,
		             states[pl_random_below(r, 4)]);
}

/// What the councils have of a good in a role, all together.
static int64_t sum(const plan *p, int good, int role)
{
	int64_t steps = 0;
	for (int c = BAKERY; c <= SOUTH; c++) steps += p->at[c][good][role].now;
	return steps;
}

static void sums_stay_and_no_swap_takes_what_was_handed_over(void)
{
	world w;
	int swaps = 0, changed = 0;
	begin(&w);
	plan before = plan_of(&w);
	for (int k = 0; k < TRIES; k++) {
		ask_something(&w, &swaps);
		const plan p = plan_of(&w);
		for (int good = LABOUR; good <= FLOUR; good++)
			for (int role = 0; role < ROLES; role++)
				CHECK(sum(&p, good, role) == sum(&before, good, role));
		for (int c = BAKERY; c <= SOUTH; c++)
			for (int good = LABOUR; good <= FLOUR; good++)
				for (int role = 0; role < ROLES; role++) {
					const plan_line *l = &p.at[c][good][role],
					                *b = &before.at[c][good][role];
					CHECK(l->now >= 0 && l->adopted == b->adopted);
					CHECK(l->now >= b->now || l->now >= l->delivered);
					changed += l->now != b->now;
				}
		before = p;
	}
	CHECK(changed > 20);
	world_end(&w);
}

int main(void)
{
	RUN(one_offers_and_the_other_accepts);
	RUN(nobody_answers_for_somebody_else);
	RUN(what_was_handed_over_is_not_swapped_any_more);
	RUN(hours_that_are_swapped_can_be_booked);
	RUN(sums_stay_and_no_swap_takes_what_was_handed_over);
	return pl_test_failed;
}
