/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* calendar_test: a season that opens and closes by its dates, without anyone pressing a button.
 */
#include "app/app.h"
#include "world.h"

#include <inttypes.h>

enum { PEOPLE = 8, WORKPLACES = 3, CONSUMERS = 2 };
static const int64_t hour = 3600;

static void begin(world *w)
{
	world_open(w, 7);
	play_begin(&w->p, w->app, 5, PEOPLE, WORKPLACES, CONSUMERS);
	w->p.season =
	        must(&w->p, 1, "season", "season.open",
	             "{\"name\":\"2027\",\"rule\":\"fitted\",\"tolerance\":\"0.01\","
	             "\"zone\":\"Europe/Berlin\",\"quorum\":\"1/2\",\"threshold\":\"2/3\"}");
}

/// Do what is due at a time, until nothing more can be done. @return how much was done
static int tick(world *w, int64_t now)
{
	int done = 0;
	for (int64_t after = 0;;) {
		pl_error err = {0};
		pl_reply reply;
		pl_due due;
		CHECK(pl_app_due(&due, w->store, now, after, &err) == PL_OK);
		const int64_t season = due.season;
		if (season == 0) return done;
		const pl_status st = pl_app_do(&reply, w->app, &due.request, &err);
		free(reply.json);
		pl_due_clear(&due);
		if (st == PL_OK)
			done++;
		else
			after = season;
	}
}

static bool note_phase(void *with, const pl_state_row *row)
{
	(void)snprintf(with, 16, "%s", row->at[PL_C_season_phase].text);
	return false;
}

static bool is_in(world *w, const char *phase)
{
	const pl_state_row key = {{PL_WHOLE(w->p.season)}};
	char is[16] = "";
	CHECK(pl_store_scan(w->store, PL_ROWS_season, 1, &key, note_phase, is, NULL) == PL_OK);
	return strcmp(is, phase) == 0;
}

/// Dates an hour apart, from @p first on: "open close vote ...".
static pl_status set(world *w, int64_t actor, int64_t first, const char *whats)
{
	char dates[1024] = "", what[16];
	int n = 0, used;
	for (const char *at = whats; sscanf(at, "%15s%n", what, &used) == 1; at += used) {
		const size_t room = strlen(dates);
		(void)snprintf(dates + room, sizeof dates - room,
		               "%s{\"what\":\"%s\",\"at\":%" PRId64 "}", n > 0 ? "," : "", what,
		               first + (int64_t)n * hour);
		n++;
	}
	return may(&w->p, actor, "calendar.set", "{\"season\":%" PRId64 ",\"dates\":[%s]}",
	           w->p.season, dates);
}

static void vote(world *w, int64_t number, int yes)
{
	for (int i = 1; i <= PEOPLE; i++)
		must(&w->p, i, NULL, "vote.cast", "{\"vote\":%" PRId64 ",\"marks\":\"1=%s\"}",
		     number, i <= yes ? "yes" : "no");
}

static void a_season_runs_by_its_dates_alone(void)
{
	world w;
	begin(&w);
	const int64_t first = w.p.now + hour;
	CHECK(set(&w, 1, first, "open close open close vote count adopt end") == PL_OK);
	CHECK(tick(&w, first - 1) == 0 && is_in(&w, "draft"));
	CHECK(tick(&w, first) == 1 && is_in(&w, "proposing"));
	CHECK(tick(&w, first) == 0);
	CHECK(tick(&w, first + hour) == 1 && is_in(&w, "review"));
	CHECK(tick(&w, first + 2 * hour) == 1 && is_in(&w, "proposing"));
	/* the computer was off: what is past is done, in order */
	CHECK(tick(&w, first + 4 * hour) == 2 && is_in(&w, "review"));
	vote(&w, 1, 7);
	CHECK(tick(&w, first + 6 * hour) == 2 && is_in(&w, "adopted"));
	CHECK(tick(&w, first + 7 * hour) == 1 && is_in(&w, "closed"));
	world_end(&w);
}

static void what_the_calendar_does_nobody_else_does(void)
{
	world w;
	begin(&w);
	CHECK(set(&w, 1, w.p.now + hour, "open close") == PL_OK);
	CHECK(may(&w.p, 1, "round.open", "{\"season\":1}") == PL_EDENIED);
	CHECK(strstr(w.p.err.msg, "calendar") != NULL);
	CHECK(may(&w.p, 0, "round.open", "{\"season\":1}") == PL_EDENIED); /* not yet */
	CHECK(tick(&w, w.p.now + hour) == 1);
	CHECK(may(&w.p, 1, "round.close", "{\"season\":1}") == PL_EDENIED);
	CHECK(may(&w.p, 0, "season.close", "{\"season\":1}") == PL_EDENIED); /* no such date */
	CHECK(may(&w.p, 0, "person.add", "{}") == PL_EDENIED);
	world_end(&w);
}

static void a_calendar_that_runs_is_changed_by_two_facilitators(void)
{
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":2,\"role\":\"facilitator\",\"until\":9999999999}");
	int64_t first = w.p.now + hour;
	CHECK(set(&w, 1, first, "open close") == PL_OK);
	CHECK(tick(&w, first) == 1);
	const int64_t later = first + 10 * hour;
	w.p.now = first;
	CHECK(set(&w, 1, later, "close vote count adopt") == PL_OK);
	CHECK(set(&w, 1, later, "close vote count adopt") == PL_OK); /* still one person */
	CHECK(set(&w, 2, later, "close vote count") == PL_OK);       /* something else */
	CHECK(tick(&w, first + hour) == 1 && is_in(&w, "review"));   /* the old one stood */
	world_end(&w);

	begin(&w);
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":2,\"role\":\"facilitator\",\"until\":9999999999}");
	first = w.p.now + hour;
	CHECK(set(&w, 1, first, "open close") == PL_OK);
	CHECK(tick(&w, first) == 1);
	w.p.now = first;
	CHECK(set(&w, 1, first + 10 * hour, "close") == PL_OK);
	CHECK(set(&w, 2, first + 10 * hour, "close") == PL_OK);
	CHECK(tick(&w, first + 9 * hour) == 0 && is_in(&w, "proposing"));
	CHECK(tick(&w, first + 10 * hour) == 1 && is_in(&w, "review"));
	world_end(&w);
}

static void dates_come_in_an_order_that_makes_sense(void)
{
	static const char *const wrong[] = {"close",
	                                    "open open",
	                                    "open vote",
	                                    "open close count",
	                                    "open close vote adopt",
	                                    "open close adopt",
	                                    "open close end open"};
	world w;
	begin(&w);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		CHECK(set(&w, 1, w.p.now + hour, wrong[i]) == PL_EARG);
	CHECK(set(&w, 1, w.p.now - hour, "open") == PL_EARG);
	CHECK(set(&w, 1, w.p.now + hour, "open close") == PL_OK);
	CHECK(set(&w, 1, 0, "") == PL_OK); /* by hand again */
	CHECK(may(&w.p, 1, "round.open", "{\"season\":1}") == PL_OK);
	world_end(&w);
}

static void a_plan_that_was_not_carried_waits_for_another_calendar(void)
{
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":2,\"role\":\"facilitator\",\"until\":9999999999}");
	const int64_t first = w.p.now + hour;
	CHECK(set(&w, 1, first, "open close vote count adopt") == PL_OK);
	CHECK(tick(&w, first + 2 * hour) == 3);
	w.p.now = first + 2 * hour;
	CHECK(may(&w.p, 1, "vote.close", "{\"vote\":1}") == PL_EDENIED);
	vote(&w, 1, 5); /* two thirds of eight is more than five */
	CHECK(tick(&w, first + 4 * hour) == 1 && is_in(&w, "review"));
	CHECK(tick(&w, first + 9 * hour) == 0 && is_in(&w, "review"));
	w.p.now = first + 9 * hour;
	for (int i = 1; i <= 2; i++)
		CHECK(set(&w, i, first + 10 * hour, "open close vote count adopt end") ==
		      PL_OK);
	CHECK(tick(&w, first + 12 * hour) == 3);
	vote(&w, 2, 6);
	CHECK(tick(&w, first + 15 * hour) == 3 && is_in(&w, "closed"));
	world_end(&w);
}

static void a_new_season_may_have_the_policies_of_the_last(void)
{
	world w;
	pl_found f;
	const pl_state_row key = {{PL_WHOLE(2)}};
	begin(&w);
	must(&w.p, 1, NULL, "season.open",
	     "{\"name\":\"2028\",\"rule\":\"fitted\",\"tolerance\":\"0.01\",\"after\":1,"
	     "\"quorum\":\"1/4\"}");
	CHECK(pl_store_get(&f, w.store, PL_ROWS_season, &key, NULL) == PL_OK && f.found);
	CHECK(strcmp(f.row.at[PL_C_season_zone].text, "Europe/Berlin") == 0);
	CHECK(strcmp(f.row.at[PL_C_season_threshold].text, "2/3") == 0);
	CHECK(strcmp(f.row.at[PL_C_season_quorum].text, "1/4") == 0);
	pl_found_clear(&f);
	world_end(&w);
}

int main(void)
{
	RUN(a_season_runs_by_its_dates_alone);
	RUN(what_the_calendar_does_nobody_else_does);
	RUN(a_calendar_that_runs_is_changed_by_two_facilitators);
	RUN(dates_come_in_an_order_that_makes_sense);
	RUN(a_plan_that_was_not_carried_waits_for_another_calendar);
	RUN(a_new_season_may_have_the_policies_of_the_last);
	return pl_test_failed;
}
