/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_test: hours of people. Carpenters cannot build a house and a clinic on the same day. */
#include "app/app.h"
#include "app/look.h"
#include "world.h"

#include <inttypes.h>
#include <jansson.h>

/// Person 1 facilitates; 2 and 3 are delegates of the carpenters and of the joiners.
enum { FACILITATOR = 1, CARPENTER, JOINER, PEOPLE = 12 };
enum { CARPENTERS = 1, JOINERS, FAMILY, CLINIC };
enum { CARPENTRY = 1, HOUSE };
enum { N_CARPENTERS = 4, N_JOINERS = 3 };
static const int64_t HOUR = 3600, DAY = 86400,
                     monday = INT64_C(1803859200); /* 2027-03-01, 00:00 UTC */

static void add_councils(play *p)
{
	static const struct {
		const char *code, *kind;
	} councils[] = {{"carpenters", "workers"},
	                {"joiners", "workers"},
	                {"family", "consumers"},
	                {"clinic", "community"}};
	for (int c = 0; c < 4; c++)
		must(p, 1, NULL, "council.add", "{\"code\":\"%s\",\"kind\":\"%s\"}",
		     councils[c].code, councils[c].kind);
	for (int c = CARPENTERS; c <= FAMILY; c++)
		must(p, 1, NULL, "mandate.give",
		     "{\"person\":%d,\"council\":%d,\"role\":\"delegate\",\"until\":"
		     "9999999999}",
		     1 + c, c);
	for (int i = 0; i < N_CARPENTERS; i++)
		must(p, 1, NULL, "member.join", "{\"council\":%d,\"person\":%d}", CARPENTERS,
		     2 + i);
	for (int i = 0; i < N_JOINERS; i++)
		must(p, 1, NULL, "member.join", "{\"council\":%d,\"person\":%d}", JOINERS,
		     2 + N_CARPENTERS + i);
}

/// Both workplaces make houses of carpentry.
static void add_economy(play *p)
{
	must(p, 1, NULL, "good.set",
	     "{\"code\":\"carpentry\",\"kind\":\"labour\",\"unit\":\"hour\",\"step\":\"0.25\","
	     "\"price\":\"10\",\"supply\":4000}");
	must(p, 1, NULL, "good.set",
	     "{\"code\":\"house\",\"kind\":\"product\",\"step\":\"1\",\"price\":\"100\"}");
	for (int c = CARPENTERS; c <= JOINERS; c++)
		must(p, 1 + c, NULL, "schedule.set",
		     "{\"council\":%d,\"schedule\":\"recipe\",\"lines\":[{\"good\":2,\"role\":"
		     "\"makes\",\"amount\":\"1\"},{\"good\":1,\"role\":\"uses\",\"amount\":"
		     "\"%d\"}]}",
		     c, c == CARPENTERS ? 10 : 20);
	must(p, 4, NULL, "schedule.set",
	     "{\"council\":3,\"schedule\":\"request\",\"lines\":[{\"good\":2,\"role\":"
	     "\"wants\","
	     "\"amount\":\"2\"}]}");
}

static void begin(world *w)
{
	play *p = &w->p;
	world_found(w, 34, PEOPLE);
	add_councils(p);
	add_economy(p);
	must(p, 1, NULL, "season.open",
	     "{\"name\":\"s\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(p, 1, NULL, "round.open", "{\"season\":1}");
}

/// Ask for a booking. @param[out] told what the answer or the refusal tells; NULL: not wanted
static pl_status book(world *w, json_t **told, int council, const char *task, int people,
                      int64_t begins, int64_t ends, int64_t instead)
{
	char json[512];
	pl_reply reply;
	(void)snprintf(json, sizeof json,
	               "{\"season\":1,\"council\":%d,\"task\":\"%s\",\"good\":1,\"people\":%d,"
	               "\"begins\":%" PRId64 ",\"ends\":%" PRId64 ",\"instead\":%" PRId64 "}",
	               council, task, people, begins, ends, instead);
	const pl_request r = {1 + council, w->p.now, "work.book", json, NULL};
	const pl_status st = pl_app_do(&reply, w->app, &r, &w->p.err);
	if (told != NULL) *told = reply.json == NULL ? NULL : json_loads(reply.json, 0, NULL);
	free(reply.json);
	return st;
}

static int64_t whole(const json_t *of, const char *key)
{
	return json_integer_value(json_object_get(of, key));
}

static bool says(const world *w, const char *words)
{
	return strstr(w->p.err.msg, words) != NULL;
}

/* ---- the scenario ---- */

static void a_crew_cannot_build_a_house_and_a_clinic_on_the_same_day(void)
{
	world w;
	json_t *told;
	const int64_t eight = monday + 8 * HOUR, four = monday + 16 * HOUR;
	begin(&w);
	CHECK(book(&w, NULL, CARPENTERS, "the house", 3, eight, four, 0) == PL_OK);
	CHECK(book(&w, &told, CARPENTERS, "the clinic", 2, eight, four, 0) == PL_ECONFLICT);
	/* the conflict is named */
	CHECK(says(&w, "of 4 people 1 are free then: \"the house\" (booking 1, "));
	CHECK(says(&w, "2027-03-01 08:00 UTC to 2027-03-01 16:00 UTC, takes 3) is in the way"));
	const json_t *way = json_array_get(json_object_get(told, "in_the_way"), 0);
	CHECK(whole(way, "booking") == 1 && whole(way, "people") == 3);
	CHECK(whole(way, "begins") == eight && whole(way, "ends") == four);
	CHECK(whole(told, "members") == 4 && whole(told, "free") == 1);
	/* and so are alternatives */
	CHECK(says(&w, "2 are free as long from 2027-03-01 16:00 UTC, at the same hours from "
	               "2027-03-02 08:00 UTC; free then for the same labour: joiners (3)"));
	const int64_t next = whole(json_object_get(told, "next"), "begins"),
	              day = whole(json_object_get(told, "same_hours"), "begins");
	CHECK(next == four && day == eight + DAY);
	const json_t *other = json_array_get(json_object_get(told, "others"), 0);
	CHECK(whole(other, "council") == JOINERS && whole(other, "free") == 3);
	json_decref(told);
	/* each of which can be had, and not a second earlier */
	CHECK(book(&w, NULL, CARPENTERS, "x", 2, next - 1, next - 1 + 8 * HOUR, 0) ==
	      PL_ECONFLICT);
	CHECK(book(&w, NULL, CARPENTERS, "the clinic", 2, next, next + 8 * HOUR, 0) == PL_OK);
	CHECK(book(&w, NULL, CARPENTERS, "the clinic", 2, day, day + 8 * HOUR, 0) == PL_OK);
	CHECK(book(&w, NULL, JOINERS, "the clinic", 3, eight, four, 0) == PL_OK);
	CHECK(book(&w, NULL, CARPENTERS, "tools", 1, eight, four, 0) == PL_OK);
	world_end(&w);
}

static void more_than_a_council_has_are_never_free(void)
{
	world w;
	json_t *told;
	begin(&w);
	CHECK(book(&w, &told, JOINERS, "x", 4, monday, monday + HOUR, 0) == PL_ECONFLICT);
	CHECK(says(&w, "council 2 has 3 people, and 4 are asked for; free then for the same "
	               "labour: carpenters (4)"));
	CHECK(json_object_get(told, "next") == NULL);
	json_decref(told);
	CHECK(book(&w, NULL, JOINERS, "x", 1, monday, monday, 0) == PL_EARG);
	CHECK(may(&w.p, CARPENTER, "work.book",
	          "{\"season\":1,\"council\":1,\"task\":\"x\",\"good\":2,\"people\":1,"
	          "\"begins\":1,\"ends\":2}") == PL_EARG); /* a house is no labour */
	CHECK(may(&w.p, JOINER, "work.book",
	          "{\"season\":1,\"council\":1,\"task\":\"x\",\"people\":1,\"begins\":1,"
	          "\"ends\":2}") == PL_EDENIED);
	CHECK(may(&w.p, JOINER, "work.unbook", "{\"council\":2,\"booking\":1}") ==
	      PL_ENOTFOUND);
	world_end(&w);
}

static void a_booking_is_changed_in_one_step_or_stays(void)
{
	world w;
	begin(&w);
	CHECK(book(&w, NULL, JOINERS, "a", 2, monday, monday + 2 * HOUR, 0) == PL_OK);
	CHECK(book(&w, NULL, JOINERS, "b", 1, monday, monday + 2 * HOUR, 0) == PL_OK);
	CHECK(book(&w, NULL, JOINERS, "a", 3, monday, monday + HOUR, 1) == PL_ECONFLICT);
	CHECK(book(&w, NULL, JOINERS, "c", 1, monday, monday + HOUR, 0) == PL_ECONFLICT);
	CHECK(book(&w, NULL, JOINERS, "a", 2, monday + HOUR, monday + 2 * HOUR, 1) == PL_OK);
	CHECK(book(&w, NULL, JOINERS, "c", 2, monday, monday + HOUR, 0) == PL_OK);
	CHECK(book(&w, NULL, JOINERS, "a", 1, monday, monday + HOUR, 1) == PL_ENOTFOUND);
	world_end(&w);
}

static void what_an_erased_person_wrote_is_erased_and_the_hours_stay(void)
{
	world w;
	json_t *told;
	begin(&w);
	CHECK(book(&w, NULL, JOINERS, "Ada's roof", 3, monday, monday + HOUR, 0) == PL_OK);
	must(&w.p, JOINER, NULL, "person.erase", "{\"person\":%d}", JOINER);
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":4,\"council\":2,\"role\":\"delegate\",\"until\":9999999999}");
	const pl_request r = {4, w.p.now, "work.book",
	                      "{\"season\":1,\"council\":2,\"task\":\"x\",\"people\":1,"
	                      "\"begins\":1803859200,\"ends\":1803860000}",
	                      NULL};
	pl_reply reply;
	CHECK(pl_app_do(&reply, w.app, &r, &w.p.err) == PL_ECONFLICT);
	told = json_loads(reply.json, 0, NULL);
	free(reply.json);
	const json_t *way = json_array_get(json_object_get(told, "in_the_way"), 0);
	CHECK(strcmp(json_string_value(json_object_get(way, "task")), "") == 0);
	CHECK(whole(way, "people") == 3 && !says(&w, "Ada"));
	json_decref(told);
	world_end(&w);
}

/* ---- hours of a plan ---- */

static void adopt(world *w)
{
	play *p = &w->p;
	must(p, 4, NULL, "proposal.file",
	     "{\"season\":1,\"council\":3,\"version\":1,\"lines\":[{\"good\":2,\"role\":"
	     "\"wants\",\"quantity\":2}]}");
	must(p, 1, NULL, "round.close", "{\"season\":1}");
	must(p, 1, NULL, "vote.open",
	     "{\"about\":1,\"title\":\"t\",\"ballots\":\"motion\",\"rule\":\"majority\","
	     "\"seats\":1,\"secret\":0,\"options\":[{\"code\":\"plan\"}]}");
	must(p, 1, NULL, "vote.cast", "{\"vote\":1,\"marks\":\"1=yes\"}");
	p->now += 2 * DAY;
	must(p, 1, NULL, "vote.close", "{\"vote\":1}");
	must(p, 1, NULL, "plan.adopt", "{\"season\":1,\"vote\":1}");
}

/// Hours of carpentry that the plan gives a council.
static double planned(world *w, int council)
{
	const pl_state_row key = {
	        {PL_WHOLE(1), PL_WHOLE(council), PL_WHOLE(CARPENTRY), PL_TEXT("uses")}};
	pl_found f;
	CHECK(pl_store_get(&f, w->store, PL_ROWS_plan_line, &key, NULL) == PL_OK && f.found);
	const double hours = 0.25 * (double)f.row.at[PL_C_plan_line_quantity].whole;
	pl_found_clear(&f);
	return hours;
}

static void no_more_hours_are_booked_than_the_plan_has(void)
{
	world w;
	char words[160];
	begin(&w);
	CHECK(book(&w, NULL, CARPENTERS, "before", 4, monday, monday + HOUR, 0) == PL_OK);
	adopt(&w);
	const double hours = planned(&w, CARPENTERS);
	const int64_t from = monday + DAY, rest = (int64_t)((hours - 4) * 3600);
	CHECK(hours > 5);
	CHECK(book(&w, NULL, CARPENTERS, "houses", 1, from, from + rest + 900, 0) ==
	      PL_ECONFLICT);
	CHECK(book(&w, NULL, CARPENTERS, "houses", 1, from, from + rest, 0) == PL_OK);
	CHECK(book(&w, NULL, CARPENTERS, "more", 1, from, from + 900, 0) == PL_ECONFLICT);
	(void)snprintf(words, sizeof words,
	               "the plan has %.2f hours of good 1 for council 1, %.2f of them are "
	               "booked, and this takes 0.25",
	               hours, hours);
	CHECK(says(&w, words));
	/* what is no work of the plan's is not held against it */
	CHECK(may(&w.p, CARPENTER, "work.book",
	          "{\"season\":1,\"council\":1,\"task\":\"tools\",\"people\":1,"
	          "\"begins\":%" PRId64 ",\"ends\":%" PRId64 "}",
	          from, from + DAY) == PL_OK);
	world_end(&w);
}

/* ---- at random ---- */

enum { TRIES = 600, TIMES = 40, SHIFTS_MOST = TRIES + 1 };

typedef struct {
	int64_t begins, ends, people; ///< people 0: none, or taken back
} shift;

static int64_t booked(const shift *s, int64_t moment)
{
	int64_t people = 0;
	for (int i = 0; i < SHIFTS_MOST; i++)
		if (s[i].begins <= moment && moment < s[i].ends) people += s[i].people;
	return people;
}

static bool fits(const shift *s, const shift *one)
{
	for (int64_t t = one->begins; t < one->ends; t++)
		if (booked(s, t) + one->people > N_CARPENTERS) return false;
	return true;
}

/// Some booking, perhaps in the place of another: taken exactly where it fits at each moment.
static void book_some(world *w, shift *s)
{
	pl_random *r = &w->p.random;
	const int64_t begins = pl_random_between(r, 0, TIMES - 2),
	              instead = pl_random_below(r, 4) == 0
	                                ? pl_random_between(r, 1, SHIFTS_MOST - 1)
	                                : 0;
	const shift one = {begins, pl_random_between(r, begins + 1, TIMES - 1),
	                   pl_random_between(r, 1, N_CARPENTERS)},
	            before = s[instead];
	json_t *told;
	s[instead].people = 0;
	const bool known = instead == 0 || before.people > 0, fit = fits(s, &one);
	const pl_status st =
	        book(w, &told, CARPENTERS, "x", (int)one.people, one.begins, one.ends, instead);
	CHECK(st == (!known ? PL_ENOTFOUND : fit ? PL_OK : PL_ECONFLICT));
	if (st == PL_OK)
		s[whole(told, "booking")] = one;
	else
		s[instead] = before;
	json_decref(told);
}

static void take_back_some(world *w, shift *s)
{
	const int64_t which = pl_random_between(&w->p.random, 1, SHIFTS_MOST - 1);
	const pl_status st = may(&w->p, CARPENTER, "work.unbook",
	                         "{\"council\":1,\"booking\":%" PRId64 "}", which);
	CHECK(st == (s[which].people > 0 ? PL_OK : PL_ENOTFOUND));
	s[which].people = 0;
}

/// The view lists what was booked, in the order of time.
static void check_view(world *w, const shift *s, const char *path)
{
	pl_status st;
	size_t i;
	json_t *row;
	int64_t last = 0, left = 0;
	json_t *view = world_see(w, CARPENTER, path, NULL, &st);
	json_array_foreach(json_object_get(view, "bookings"), i, row)
	{
		const shift *one = &s[whole(row, "id")];
		CHECK(whole(row, "begins") >= last && whole(row, "begins") == one->begins);
		CHECK(whole(row, "ends") == one->ends && whole(row, "people") == one->people);
		last = whole(row, "begins");
		left++;
	}
	for (int k = 0; k < SHIFTS_MOST; k++) left -= s[k].people > 0;
	CHECK(left == 0);
	json_decref(view);
}

static void no_moment_is_booked_beyond_the_crew_and_what_is_taken_back_is_free(void)
{
	static shift s[SHIFTS_MOST];
	world w;
	begin(&w);
	for (int k = 0; k < TRIES; k++) {
		if (pl_random_below(&w.p.random, 3) > 0)
			book_some(&w, s);
		else
			take_back_some(&w, s);
		for (int64_t t = 0; t < TIMES; t++) CHECK(booked(s, t) <= N_CARPENTERS);
	}
	check_view(&w, s, "/councils/1/bookings");
	check_view(&w, s, "/seasons/1/bookings");
	world_end(&w);
}

int main(void)
{
	RUN(a_crew_cannot_build_a_house_and_a_clinic_on_the_same_day);
	RUN(more_than_a_council_has_are_never_free);
	RUN(a_booking_is_changed_in_one_step_or_stays);
	RUN(what_an_erased_person_wrote_is_erased_and_the_hours_stay);
	RUN(no_more_hours_are_booked_than_the_plan_has);
	RUN(no_moment_is_booked_beyond_the_crew_and_what_is_taken_back_is_free);
	return pl_test_failed;
}
