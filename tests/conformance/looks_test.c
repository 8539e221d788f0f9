/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* looks_test: what people may look at, and what is for nobody. */
#include "app/look.h"
#include "world.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

enum { PEOPLE = 8, WORKPLACES = 3, CONSUMERS = 2, FACILITATOR = 1, SOMEBODY = 6 };

static void begin(world *w)
{
	world_open(w, 5);
	play_begin(&w->p, w->app, 5, PEOPLE, WORKPLACES, CONSUMERS);
}

static pl_status refused(world *w, int64_t actor, const char *path)
{
	pl_status st;
	json_decref(world_see(w, actor, path, NULL, &st));
	return st;
}

static void who_has_not_logged_in_sees_what_the_record_is_called_and_no_more(void)
{
	world w;
	begin(&w);
	CHECK(world_holds(&w, 0, "/record", "the valley"));
	static const char *const paths[] = {"/me",          "/needs",      "/seasons",
	                                    "/rows/person", "/councils/1", "/record/events"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		CHECK(refused(&w, 0, paths[i]) == PL_EDENIED);
		CHECK(refused(&w, 999, paths[i]) == PL_ENOTFOUND);
	}
	must(&w.p, SOMEBODY, NULL, "person.erase", "{\"person\":%d}", SOMEBODY);
	CHECK(refused(&w, SOMEBODY, "/me") == PL_EDENIED);
	world_end(&w);
}

static void how_to_reach_somebody_is_for_themselves_and_those_who_invite(void)
{
	world w;
	begin(&w);
	CHECK(world_holds(&w, SOMEBODY, "/rows/person", "person 7"));
	CHECK(!world_holds(&w, SOMEBODY, "/rows/person", "door 7"));
	CHECK(world_holds(&w, SOMEBODY, "/rows/person", "door 6"));
	CHECK(world_holds(&w, FACILITATOR, "/rows/person", "door 7"));
	world_end(&w);
}

static void ballots_come_to_light_when_their_vote_is_closed(void)
{
	world w;
	begin(&w);
	w.p.vote = must(
	        &w.p, 1, "vote", "vote.open",
	        "{\"title\":\"t\",\"ballots\":\"motion\",\"rule\":\"majority\",\"seats\":1,"
	        "\"secret\":1,\"options\":[{\"code\":\"a\"}]}");
	for (int i = 1; i < PEOPLE; i++)
		must(&w.p, i, NULL, "vote.cast", "{\"vote\":1,\"marks\":\"1=block\"}");
	static const char *const paths[] = {
	        "/votes/1",   "/rows/ballot", "/rows/ballot/1", "/rows/vote_option",
	        "/rows/vote", "/needs",       "/record/events"};
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		for (int who = 0; who <= PEOPLE; who++) {
			CHECK(!world_holds(&w, who, paths[i], "1=block"));
			CHECK(!world_holds(&w, who, paths[i], "receipt"));
		}
	CHECK(world_holds(&w, 2, "/votes/1", "\"voted\": 7"));
	CHECK(world_holds(&w, PEOPLE, "/needs", "\"what\": \"vote\""));
	CHECK(!world_holds(&w, 1, "/needs", "\"what\": \"vote\""));
	must(&w.p, PEOPLE, NULL, "vote.cast", "{\"vote\":1,\"marks\":\"1=block\"}");
	must(&w.p, 1, NULL, "vote.close", "{\"vote\":1}");
	CHECK(world_holds(&w, 2, "/votes/1", "1=block") &&
	      world_holds(&w, 2, "/rows/ballot/1", "1=block"));
	world_end(&w);
}

static void tables_are_read_page_by_page_and_nothing_is_lost_between(void)
{
	world w;
	pl_status st;
	size_t seen = 0;
	int pages = 0;
	char after[64] = "";
	begin(&w);
	for (int i = 0; i < 2 * PL_LOOK_PAGE; i++)
		must(&w.p, 1, NULL, "community.add", "{\"code\":\"c %d\",\"parent\":1}", i);
	do {
		json_t *page = world_see(&w, 1, "/rows/community", after, &st);
		seen += json_array_size(json_object_get(page, "rows"));
		const char *next = json_string_value(json_object_get(page, "next"));
		(void)snprintf(after, sizeof after, "%s", next == NULL ? "" : next);
		json_decref(page);
		pages++;
	} while (after[0] != '\0' && pages < 10);
	CHECK(seen == 2 * PL_LOOK_PAGE + 1 && pages == 3);
	CHECK(world_see(&w, 1, "/rows/line/1", "1", &st) == NULL && st == PL_EARG);
	world_end(&w);
}

static void a_season_is_seen_round_by_round_with_what_is_needed_next(void)
{
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "season.open",
	     "{\"name\":\"s\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(&w.p, 1, NULL, "round.open", "{\"season\":1}");
	CHECK(world_holds(&w, 2, "/needs", "propose") &&
	      !world_holds(&w, 8, "/needs", "propose"));
	must(&w.p, 2, NULL, "proposal.file",
	     "{\"season\":1,\"council\":1,\"version\":1,\"lines\":[{\"good\":2,\"role\":"
	     "\"makes\","
	     "\"quantity\":1000}]}");
	CHECK(!world_holds(&w, 2, "/needs", "propose"));
	CHECK(!world_holds(&w, 2, "/seasons/1/rounds/1", "imbalance"));
	must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
	CHECK(world_holds(&w, 2, "/seasons/1/rounds/1", "\"imbalance\""));
	CHECK(refused(&w, 2, "/seasons/1/rounds/2") == PL_ENOTFOUND);
	CHECK(refused(&w, 2, "/seasons/2/rounds/1") == PL_ENOTFOUND);
	must(&w.p, 8, NULL, "objection.file", "{\"season\":1,\"council\":1,\"reason\":\"x\"}");
	CHECK(world_holds(&w, 3, "/needs", "explain"));
	/* both are auditors, and the council is person 2's own */
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":7,\"role\":\"auditor\",\"until\":9999999999}");
	CHECK(world_holds(&w, 7, "/needs", "rule") && !world_holds(&w, 2, "/needs", "rule"));
	world_end(&w);
}

static const pl_store_calls *real; ///< of the store whose rows are counted
static int64_t rows_read;

typedef struct {
	pl_row_visit visit;
	void *with;
} counted;

static bool count_row(void *with, const pl_state_row *row)
{
	const counted *c = with;
	rows_read++;
	return c->visit(c->with, row);
}

static pl_status count_scan(pl_store *s, int table, int n_prefix, const pl_state_row *prefix,
                            pl_row_visit visit, void *with, pl_error *err)
{
	counted c = {visit, with};
	return real->scan(s, table, n_prefix, prefix, count_row, &c, err);
}

static void propose_often(world *w, int council, int versions)
{
	for (int v = 1; v <= versions; v++)
		must(&w->p, 1 + council, NULL, "proposal.file",
		     "{\"season\":1,\"council\":%d,\"version\":%d,\"lines\":[]}", council, v);
}

/// A page of the proposals of the first round. @param councils whose they are, one after
/// another
/// @return is there more?
static bool page_is(world *w, const char *after, int64_t limit, const char *councils,
                    int64_t version)
{
	const pl_look look = {.actor = SOMEBODY,
	                      .now = w->p.now,
	                      .path = "/seasons/1/rounds/1",
	                      .after = after,
	                      .limit = limit};
	pl_error err = {0};
	char *text;
	size_t i;
	json_t *row;
	rows_read = 0;
	CHECK(pl_app_look(&text, w->store, &look, &err) == PL_OK);
	json_t *view = json_loads(text, 0, NULL), *list = json_object_get(view, "proposals");
	CHECK(json_array_size(list) == strlen(councils));
	json_array_foreach(list, i, row)
	{
		CHECK(json_integer_value(json_object_get(row, "council")) == councils[i] - '0');
		CHECK(json_integer_value(json_object_get(row, "version")) == version);
	}
	const bool more = json_object_get(view, "more") != NULL;
	json_decref(view);
	free(text);
	return more;
}

static void a_round_shows_the_newest_version_of_each_proposal_page_by_page(void)
{
	enum { VERSIONS = 30 };
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "season.open",
	     "{\"name\":\"s\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(&w.p, 1, NULL, "round.open", "{\"season\":1}");
	for (int c = 1; c <= WORKPLACES; c++) propose_often(&w, c, VERSIONS);
	real = w.store->calls;
	pl_store_calls counting = *real;
	counting.scan = count_scan;
	w.store->calls = &counting;
	CHECK(!page_is(&w, NULL, 0, "123", VERSIONS));
	const int64_t all = rows_read;
	CHECK(page_is(&w, NULL, 1, "1", VERSIONS));
	CHECK(all - rows_read == 2 * VERSIONS - 1); /* one row tells that there is more */
	CHECK(page_is(&w, "1", 1, "2", VERSIONS));
	CHECK(!page_is(&w, "2", 1, "3", VERSIONS) && !page_is(&w, "3", 1, "", VERSIONS));
	CHECK(!page_is(&w, "0", 0, "123", VERSIONS));
	w.store->calls = real;
	pl_status st;
	CHECK(world_see(&w, 1, "/seasons/1/rounds/1", "x", &st) == NULL && st == PL_EARG);
	world_end(&w);
}

static pl_status say(world *w, int64_t who, int council, const char *more)
{
	return may(&w->p, who, "comment.write",
	           "{\"council\":%d,\"text\":\"said by %" PRId64 "\"%s}", council, who, more);
}

static void a_council_discusses_with_its_members_and_those_whom_it_concerns(void)
{
	world w;
	begin(&w);
	must(&w.p, 1, NULL, "council.add", "{\"code\":\"island\",\"kind\":\"consumers\"}");
	must(&w.p, 1, NULL, "person.add", "{\"name\":\"islander\"}");
	const int islander = PEOPLE + 1, island = WORKPLACES + CONSUMERS + 1;
	must(&w.p, 1, NULL, "member.join", "{\"council\":%d,\"person\":%d}", island, islander);
	CHECK(say(&w, islander, 1, "") == PL_EDENIED); /* the island deals in nothing */
	CHECK(strstr(w.p.err.msg, "discusses with its members") != NULL);
	CHECK(say(&w, islander, island, "") == PL_OK && say(&w, 4, island, "") == PL_EDENIED);
	must(&w.p, 1, NULL, "mandate.give",
	     "{\"person\":%d,\"council\":%d,\"role\":\"delegate\",\"until\":9999999999}",
	     islander, island);
	must(&w.p, islander, NULL, "schedule.set",
	     "{\"council\":%d,\"schedule\":\"request\",\"lines\":[{\"good\":2,\"role\":"
	     "\"wants\",\"amount\":\"1\"}]}",
	     island);
	CHECK(say(&w, islander, 1, "") == PL_OK); /* it wants what workplace 1 makes */
	CHECK(say(&w, 1, island, "") == PL_OK);   /* a facilitator */
	CHECK(say(&w, 2, 99, "") == PL_ENOTFOUND);
	CHECK(say(&w, 2, 1, ",\"season\":9") == PL_ENOTFOUND);
	CHECK(say(&w, 2, 1, ",\"objection\":9") == PL_ENOTFOUND);
	CHECK(refused(&w, 0, "/councils/1/comments") == PL_EDENIED);
	CHECK(refused(&w, 1, "/councils/99/comments") == PL_ENOTFOUND);
	world_end(&w);
}

static void a_discussion_is_read_from_its_end_and_what_is_erased_leaves_it(void)
{
	enum { SAID = 2 * PL_LOOK_PAGE + 3 };
	world w;
	pl_status st;
	char after[24] = "";
	int64_t next = SAID;
	begin(&w);
	for (int i = 0; i < SAID; i++) CHECK(say(&w, 2 + i % 2, 1, "") == PL_OK);
	must(&w.p, 2, NULL, "comment.write", "{\"council\":2,\"text\":\"elsewhere\"}");
	for (int page = 0; page < 3; page++) {
		json_t *view =
		        world_see(&w, 4, "/councils/1/comments", page == 0 ? NULL : after, &st);
		json_t *comment;
		size_t i;
		json_array_foreach(json_object_get(view, "comments"), i, comment)
		{
			CHECK(json_integer_value(json_object_get(comment, "id")) == next--);
		}
		CHECK(i == (page < 2 ? PL_LOOK_PAGE : 3));
		const char *more = json_string_value(json_object_get(view, "next"));
		CHECK((more == NULL) == (page == 2));
		(void)snprintf(after, sizeof after, "%s", more == NULL ? "" : more);
		json_decref(view);
	}
	CHECK(next == 0 && world_holds(&w, 4, "/councils/1/comments", "said by 3"));
	must(&w.p, 3, NULL, "person.erase", "{\"person\":3}");
	CHECK(!world_holds(&w, 4, "/councils/1/comments", "said by 3"));
	CHECK(!world_holds(&w, 4, "/record/events", "said by 3"));
	CHECK(world_holds(&w, 4, "/councils/1/comments", "said by 2"));
	CHECK(world_see(&w, 4, "/councils/1/comments", "x", &st) == NULL && st == PL_EARG);
	world_end(&w);
}

static void what_was_delivered_stands_beside_what_was_planned(void)
{
	world w;
	pl_status st;
	begin(&w);
	play_season(&w.p, 2, 20);
	json_t *plan = world_see(&w, 4, "/seasons/1/plan", NULL, &st), *line;
	size_t i;
	json_int_t given = 0, taken = 0, handed = 0;
	json_array_foreach(json_object_get(plan, "lines"), i, line)
	{
		const char *role = json_string_value(json_object_get(line, "role"));
		const json_int_t sum = json_integer_value(json_object_get(line, "delivered"));
		if (strcmp(role, "makes") == 0) given += sum;
		if (strcmp(role, "wants") == 0) taken += sum;
	}
	json_t *all = world_see(&w, 4, "/rows/delivery", NULL, &st);
	json_array_foreach(json_object_get(all, "rows"), i, line)
	{
		handed += json_integer_value(json_object_get(line, "quantity"));
	}
	CHECK(handed > 0 && given == handed && taken == handed);
	json_decref(plan);
	json_decref(all);
	world_end(&w);
}

static void events_are_told_page_by_page_without_how_to_reach_people(void)
{
	world w;
	pl_status st;
	json_int_t height = 0;
	bool more = true;
	begin(&w);
	play_season(&w.p, 2, 20);
	while (more) {
		char after[24];
		(void)snprintf(after, sizeof after, "%" PRId64, (int64_t)height);
		json_t *page = world_see(&w, SOMEBODY, "/record/events", after, &st), *event;
		char *text = json_dumps(page, 0);
		size_t i;
		CHECK(strstr(text, "door ") == NULL);
		json_array_foreach(json_object_get(page, "events"), i, event)
		{
			CHECK(json_integer_value(json_object_get(event, "height")) == ++height);
		}
		more = json_object_get(page, "next") != NULL;
		free(text);
		json_decref(page);
	}
	int64_t all, time;
	char hash[PL_HASH_CHARS];
	CHECK(pl_store_head(&all, hash, &time, w.store, NULL) == PL_OK && all == height);
	world_end(&w);
}

static void a_good_tells_each_councils_last_word_on_it(void)
{
	static const int made[] = {1000, 2000};
	world w;
	pl_status st;
	begin(&w);
	must(&w.p, 1, NULL, "season.open",
	     "{\"name\":\"s\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(&w.p, 1, NULL, "round.open", "{\"season\":1}");
	for (int i = 0; i < 2; i++)
		must(&w.p, 2, NULL, "proposal.file",
		     "{\"season\":1,\"council\":1,\"version\":%d,\"lines\":[{\"good\":2,"
		     "\"role\":\"makes\",\"quantity\":%d}]}",
		     i + 1, made[i]);
	json_t *good = world_see(&w, 2, "/seasons/1/rounds/1/proposed/2", NULL, &st);
	const json_t *lines = json_object_get(good, "lines"), *line = json_array_get(lines, 0);
	CHECK(json_array_size(lines) == 1 &&
	      json_integer_value(json_object_get(line, "quantity")) == made[1]);
	CHECK(json_array_size(json_object_get(good, "prices")) == 1);
	json_decref(good);
	must(&w.p, 2, NULL, "proposal.file",
	     "{\"season\":1,\"council\":1,\"version\":3,\"lines\":[]}");
	CHECK(!world_holds(&w, 2, "/seasons/1/rounds/1/proposed/2", "makes"));
	must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
	CHECK(world_holds(&w, 2, "/seasons/1/rounds/1/proposed/2", "imbalance"));
	CHECK(refused(&w, 2, "/seasons/1/rounds/1/proposed/99") == PL_ENOTFOUND);
	CHECK(refused(&w, 2, "/seasons/2/rounds/1/proposed/2") == PL_ENOTFOUND);
	world_end(&w);
}

static void an_objection_is_told_with_all_that_was_said_about_it(void)
{
	world w;
	pl_status st;
	begin(&w);
	play_season(&w.p, 2, 4);
	play_season(&w.p, 2, 4);
	for (int season = 1; season <= 2; season++) {
		char path[64];
		json_t *event;
		size_t i, filed = 0;
		(void)snprintf(path, sizeof path, "/seasons/%d/objections", season);
		json_t *all = world_see(&w, SOMEBODY, path, NULL, &st);
		const json_t *said = json_object_get(all, "said"),
		             *objections = json_object_get(all, "objections");
		json_array_foreach(said, i, event)
		{
			const json_t *in = json_object_get(event, "in");
			const char *type = json_string_value(json_object_get(event, "type"));
			CHECK(strncmp(type, "objection.", 10) == 0);
			CHECK(json_integer_value(json_object_get(in, "season")) == season);
			filed += strcmp(type, "objection.file") == 0;
		}
		CHECK(filed == json_array_size(objections) && filed > 0 && i > filed);
		json_decref(all);
	}
	CHECK(refused(&w, SOMEBODY, "/seasons/9/objections") == PL_ENOTFOUND);
	world_end(&w);
}

static void convergence_sums_up_the_balance_of_every_closed_round(void)
{
	world w;
	pl_status st;
	begin(&w);
	play_season(&w.p, 3, 2);
	json_t *seen = world_see(&w, SOMEBODY, "/seasons/1/convergence", NULL, &st), *round,
	       *row;
	size_t i, k, closed = 0;
	json_array_foreach(json_object_get(seen, "rounds"), i, round)
	{
		char path[64];
		double worst = 0;
		(void)snprintf(path, sizeof path, "/seasons/1/rounds/%zu", i + 1);
		json_t *whole = world_see(&w, SOMEBODY, path, NULL, &st);
		const json_t *balance = json_object_get(whole, "balance");
		json_array_foreach(balance, k, row)
		{
			const char *text = json_string_value(json_object_get(row, "imbalance"));
			worst = fmax(worst, fabs(strtod(text, NULL)));
		}
		CHECK(json_integer_value(json_object_get(round, "round")) == (json_int_t)i + 1);
		CHECK(json_integer_value(json_object_get(round, "goods")) == (json_int_t)k);
		CHECK(strtod(json_string_value(json_object_get(round, "worst")), NULL) ==
		      worst);
		closed++;
		json_decref(whole);
	}
	CHECK(closed == 3);
	json_decref(seen);
	CHECK(refused(&w, SOMEBODY, "/seasons/9/convergence") == PL_ENOTFOUND);
	world_end(&w);
}

/// Lines of a view, with what was delivered of them.
static size_t count_lines(world *w, const char *path, json_int_t *delivered)
{
	pl_status st;
	json_t *view = world_see(w, SOMEBODY, path, NULL, &st), *line;
	const json_t *lines = json_object_get(view, "lines");
	size_t i;
	json_array_foreach(lines, i, line)
	{
		*delivered += json_integer_value(json_object_get(line, "delivered"));
	}
	json_decref(view);
	return i;
}

static void the_parts_of_councils_are_the_plan(void)
{
	world w;
	json_int_t whole = 0, parts = 0;
	size_t lines = 0;
	begin(&w);
	play_season(&w.p, 2, 20);
	const size_t all = count_lines(&w, "/seasons/1/plan", &whole);
	for (int council = 1; council <= WORKPLACES + CONSUMERS; council++) {
		char path[64];
		(void)snprintf(path, sizeof path, "/seasons/1/plan/%d", council);
		lines += count_lines(&w, path, &parts);
		CHECK(world_holds(&w, SOMEBODY, path, "\"deliveries\""));
	}
	CHECK(all > 0 && lines == all && parts == whole && whole > 0);
	CHECK(refused(&w, SOMEBODY, "/seasons/1/plan/99") == PL_ENOTFOUND);
	world_end(&w);
}

/// What five neighbours, or four, tell one of them. @return the quantity; -1: nothing
static json_int_t ask_neighbours(int consumers)
{
	world w;
	pl_status st;
	world_open(&w, 5);
	play_begin(&w.p, w.app, 5, 2 + consumers, 1, consumers);
	must(&w.p, 1, NULL, "season.open",
	     "{\"name\":\"s\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"}");
	must(&w.p, 1, NULL, "round.open", "{\"season\":1}");
	for (int i = 0; i < consumers; i++)
		must(&w.p, 3 + i, NULL, "proposal.file",
		     "{\"season\":1,\"council\":%d,\"version\":1,\"lines\":[{\"good\":2,"
		     "\"role\":\"wants\",\"quantity\":%d}]}",
		     2 + i, 10 * (i + 1));
	must(&w.p, 1, NULL, "round.close", "{\"season\":1}");
	json_t *view = world_see(&w, 3, "/seasons/1/neighbours/2", NULL, &st);
	CHECK(json_object_get(view, "round") != NULL);
	const json_t *line = json_array_get(json_object_get(view, "lines"), 0);
	const json_int_t told =
	        line == NULL ? -1 : json_integer_value(json_object_get(line, "quantity"));
	json_decref(view);
	CHECK(refused(&w, 3, "/seasons/1/neighbours/99") == PL_ENOTFOUND);
	world_end(&w);
	return told;
}

static void an_average_is_told_of_five_neighbours_and_not_of_four(void)
{
	CHECK(ask_neighbours(5) == 30);
	CHECK(ask_neighbours(6) == 35);
	CHECK(ask_neighbours(4) == -1);
}

static void what_is_not_there_is_said(void)
{
	static const char *const paths[] = {"",
	                                    "/",
	                                    "/rows",
	                                    "/rows/x",
	                                    "/seasons/x/plan",
	                                    "/rows/counter",
	                                    "/rows/apart",
	                                    "/rows/note",
	                                    "/rows/person/1/2",
	                                    "/rows/person/x",
	                                    "/votes/1/2",
	                                    "/councils/99"};
	world w;
	begin(&w);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		CHECK(refused(&w, 1, paths[i]) == PL_ENOTFOUND);
	world_end(&w);
}

int main(void)
{
	RUN(who_has_not_logged_in_sees_what_the_record_is_called_and_no_more);
	RUN(how_to_reach_somebody_is_for_themselves_and_those_who_invite);
	RUN(ballots_come_to_light_when_their_vote_is_closed);
	RUN(tables_are_read_page_by_page_and_nothing_is_lost_between);
	RUN(a_season_is_seen_round_by_round_with_what_is_needed_next);
	RUN(a_round_shows_the_newest_version_of_each_proposal_page_by_page);
	RUN(a_council_discusses_with_its_members_and_those_whom_it_concerns);
	RUN(a_discussion_is_read_from_its_end_and_what_is_erased_leaves_it);
	RUN(what_was_delivered_stands_beside_what_was_planned);
	RUN(events_are_told_page_by_page_without_how_to_reach_people);
	RUN(a_good_tells_each_councils_last_word_on_it);
	RUN(an_objection_is_told_with_all_that_was_said_about_it);
	RUN(convergence_sums_up_the_balance_of_every_closed_round);
	RUN(the_parts_of_councils_are_the_plan);
	RUN(an_average_is_told_of_five_neighbours_and_not_of_four);
	RUN(what_is_not_there_is_said);
	return pl_test_failed;
}
