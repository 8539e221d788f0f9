/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* policies_test: what a season agrees on when it is opened: how its plan comes of proposals,
 * and what who does not propose is taken at. */
#include "app/app.h"
#include "app/do.h"
#include "app/look.h"
#include "base/alloc.h"
#include "base/number.h"
#include "world.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <plenum/rounds.h>

/// Person c + 1 is the delegate of council c; person 1 facilitates.
enum { MILL = 1, UPPER, LOWER, MARSH, COUNCILS };
enum { HOURS = 1, FLOUR };
static const double exactly = 1e-9;

static void set_flour(world *w, const char *price)
{
	must(&w->p, 1, NULL, "good.set",
	     "{\"code\":\"flour\",\"kind\":\"product\",\"unit\":\"kg\",\"step\":\"0.001\","
	     "\"price\":\"%s\"}",
	     price);
}

/// A mill that makes 5 kg of flour in an hour, and three quarters that want flour: two with so
/// many credits, 0 for means that are not counted, as are those of the third.
static void begin_with(world *w, int64_t credits)
{
	play *p = &w->p;
	world_found(w, 11, COUNCILS);
	for (int c = MILL; c < COUNCILS; c++) {
		must(p, 1, NULL, "council.add", "{\"code\":\"c%d\",\"kind\":\"%s\"}", c,
		     c == MILL ? "workers" : "consumers");
		must(p, 1, NULL, "mandate.give",
		     "{\"person\":%d,\"council\":%d,\"role\":\"delegate\",\"until\":"
		     "9999999999}",
		     1 + c, c);
		must(p, 1, NULL, "member.join", "{\"council\":%d,\"person\":%d}", c, 1 + c);
	}
	must(p, 1, NULL, "good.set",
	     "{\"code\":\"hours\",\"kind\":\"labour\",\"step\":\"0.25\",\"price\":\"10\","
	     "\"supply\":400}");
	set_flour(w, "2");
	must(p, 1 + MILL, NULL, "schedule.set",
	     "{\"council\":1,\"schedule\":\"recipe\",\"lines\":[{\"good\":2,\"role\":\"makes\","
	     "\"amount\":\"5\"},{\"good\":1,\"role\":\"uses\",\"amount\":\"1\"}]}");
	for (int c = UPPER; c < COUNCILS; c++)
		must(p, 1 + c, NULL, "schedule.set",
		     "{\"council\":%d,\"schedule\":\"request\",\"income\":%" PRId64
		     ",\"lines\":[{\"good\":2,\"role\":\"wants\",\"amount\":\"50\"}]}",
		     c, c == MARSH ? 0 : credits * 1000000);
}

static void begin(world *w)
{
	begin_with(w, 100);
}

static void open_season(world *w, const char *policies)
{
	w->p.season =
	        must(&w->p, 1, "season", "season.open",
	             "{\"name\":\"s%" PRId64 "\",\"rule\":\"fitted\",\"tolerance\":\"0.01\"%s}",
	             w->p.facts, policies);
	must(&w->p, 1, NULL, "round.open", "{\"season\":%" PRId64 "}", w->p.season);
}

/// What a quarter wants, in kilograms.
static pl_status wish(world *w, int council, int version, double kg)
{
	return may(&w->p, 1 + council, "proposal.file",
	           "{\"season\":%" PRId64
	           ",\"council\":%d,\"version\":%d,\"lines\":[{\"good\":2,"
	           "\"role\":\"wants\",\"quantity\":%.0f}]}",
	           w->p.season, council, version, 1000 * kg);
}

/// What the mill makes in some hours.
static pl_status mill(world *w, int version, double hours)
{
	return may(&w->p, 1 + MILL, "proposal.file",
	           "{\"season\":%" PRId64
	           ",\"council\":1,\"version\":%d,\"lines\":[{\"good\":2,"
	           "\"role\":\"makes\",\"quantity\":%.0f},{\"good\":1,\"role\":\"uses\","
	           "\"quantity\":%.0f}]}",
	           w->p.season, version, 5000 * hours, 4 * hours);
}

static void close_round(world *w)
{
	must(&w->p, 1, NULL, "round.close", "{\"season\":%" PRId64 "}", w->p.season);
}

static void adopt(world *w, int people)
{
	const int64_t vote = must(
	        &w->p, 1, "vote", "vote.open",
	        "{\"about\":%" PRId64 ",\"title\":\"the plan\",\"ballots\":\"motion\",\"rule\":"
	        "\"majority\",\"seats\":1,\"secret\":0,\"options\":[{\"code\":\"plan\"}]}",
	        w->p.season);
	for (int i = 1; i <= people; i++)
		must(&w->p, i, NULL, "vote.cast", "{\"vote\":%" PRId64 ",\"marks\":\"1=yes\"}",
		     vote);
	must(&w->p, 1, NULL, "vote.close", "{\"vote\":%" PRId64 "}", vote);
	must(&w->p, 1, NULL, "plan.adopt", "{\"season\":%" PRId64 ",\"vote\":%" PRId64 "}",
	     w->p.season, vote);
}

/* ---- what is kept ---- */

/// The number of one row, whose key ends with a role where the table has one; -1: no row.
static double number_at(const world *w, int table, int column, const pl_state_row *key)
{
	pl_found f;
	double x = -1;
	CHECK(pl_store_get(&f, w->store, table, key, NULL) == PL_OK);
	if (f.found && pl_state_tables[table].column[column].kind == PL_CELL_WHOLE)
		x = (double)f.row.at[column].whole;
	else if (f.found)
		CHECK(pl_number_read(&x, f.row.at[column].text) == PL_OK);
	pl_found_clear(&f);
	return x;
}

static double planned(const world *w, int council, int good, const char *role)
{
	return number_at(w, PL_ROWS_plan_line, PL_C_plan_line_quantity,
	                 &(pl_state_row){{PL_WHOLE(w->p.season), PL_WHOLE(council),
	                                  PL_WHOLE(good), PL_TEXT(role)}});
}

static double kept(const world *w, int round, int council)
{
	return number_at(
	        w, PL_ROWS_fairness, PL_C_fairness_kept,
	        &(pl_state_row){{PL_WHOLE(w->p.season), PL_WHOLE(round), PL_WHOLE(council)}});
}

static double taken(const world *w, int round, int council, int good, const char *role)
{
	return number_at(w, PL_ROWS_taken, PL_C_taken_quantity,
	                 &(pl_state_row){{PL_WHOLE(w->p.season), PL_WHOLE(round),
	                                  PL_WHOLE(council), PL_WHOLE(good), PL_TEXT(role)}});
}

/// A season's first round in which 120 kg are wanted and the mill makes 60.
static void want_twice_what_is_made(world *w)
{
	CHECK(mill(w, 1, 12) == PL_OK);
	CHECK(wish(w, UPPER, 1, 50) == PL_OK && wish(w, LOWER, 1, 30) == PL_OK &&
	      wish(w, MARSH, 1, 40) == PL_OK);
	close_round(w);
}

/* ---- endgames ---- */

static void half_of_what_is_wanted_is_there_and_everybody_gets_half(void)
{
	world w;
	begin(&w);
	open_season(&w, ",\"endgame\":\"pro-rata\"");
	want_twice_what_is_made(&w);
	adopt(&w, COUNCILS);
	CHECK(planned(&w, UPPER, FLOUR, "wants") == 25000);
	CHECK(planned(&w, LOWER, FLOUR, "wants") == 15000);
	CHECK(planned(&w, MARSH, FLOUR, "wants") == 20000);
	CHECK(planned(&w, MILL, FLOUR, "makes") == 60000);
	CHECK(planned(&w, MILL, HOURS, "uses") == 48);
	CHECK_NEAR(kept(&w, 1, UPPER), 0.5, exactly);
	CHECK_NEAR(kept(&w, 1, MILL), 1, exactly);
	world_end(&w);
}

/// The view of a plan before and after it is adopted.
static void look_at_fairness(const world *w)
{
	char path[64];
	pl_status st;
	(void)snprintf(path, sizeof path, "/seasons/%" PRId64 "/plan", w->p.season);
	json_t *view = world_see(w, 2, path, NULL, &st);
	double trimmed = -1, least = -1;
	CHECK(pl_number_read(&trimmed, json_string_value(json_object_get(view, "trimmed"))) ==
	      PL_OK);
	CHECK(pl_number_read(&least, json_string_value(json_object_get(view, "least_kept"))) ==
	      PL_OK);
	CHECK_NEAR(trimmed, 0.5, exactly);
	CHECK_NEAR(least, 0.5, exactly);
	CHECK(json_integer_value(json_object_get(view, "least_council")) == UPPER);
	CHECK(json_array_size(json_object_get(view, "fairness")) == COUNCILS - 1);
	json_decref(view);
}

static void who_was_trimmed_shows_before_the_vote_and_after(void)
{
	world w;
	begin(&w);
	open_season(&w, ",\"endgame\":\"pro-rata\"");
	want_twice_what_is_made(&w);
	look_at_fairness(&w);
	must(&w.p, 1, NULL, "round.open", "{\"season\":%" PRId64 "}", w.p.season);
	look_at_fairness(&w); /* of the last round that was closed */
	close_round(&w);
	adopt(&w, COUNCILS);
	look_at_fairness(&w); /* nobody moved: they were taken at the same */
	world_end(&w);
}

typedef struct {
	const world *w;
	double left[16]; ///< steps of each good
	int rows;
} summing;

/// Add a line to what is there; it is at most what was proposed.
static bool add_line(void *with, const pl_state_row *row)
{
	summing *s = with;
	const int64_t council = row->at[PL_C_plan_line_council].whole,
	              good = row->at[PL_C_plan_line_good].whole;
	const char *role = row->at[PL_C_plan_line_role].text;
	const double steps = (double)row->at[PL_C_plan_line_quantity].whole;
	const bool adds = strcmp(role, "makes") == 0 || strcmp(role, "offers") == 0;
	s->left[good] += adds ? steps : -steps;
	s->rows++;
	return council > 0;
}

static bool check_line(void *with, const pl_state_row *row)
{
	const world *w = with;
	const double proposed = (double)row->at[PL_C_proposal_line_quantity].whole;
	const pl_state_row key = {
	        {row->at[PL_C_proposal_line_season], row->at[PL_C_proposal_line_council],
	         row->at[PL_C_proposal_line_good], row->at[PL_C_proposal_line_role]}};
	const double is = number_at(w, PL_ROWS_plan_line, PL_C_plan_line_quantity, &key);
	CHECK(is >= 0 && is <= proposed);
	return true;
}

static void propose_at_random(world *w, int council)
{
	play *p = &w->p;
	char lines[1024];
	int n = 0;
	const bool works = council <= p->workplaces;
	for (int g = works ? council : 1; g <= (works ? council : p->workplaces); g++)
		n += snprintf(lines + n, sizeof lines - (size_t)n,
		              "%s{\"good\":%d,\"role\":\"%s\",\"quantity\":%" PRId64 "}",
		              n > 0 ? "," : "", 1 + g, works ? "makes" : "wants",
		              pl_random_between(&p->random, 0, 30000));
	if (works)
		n += snprintf(lines + n, sizeof lines - (size_t)n,
		              ",{\"good\":1,\"role\":\"uses\",\"quantity\":%" PRId64 "}",
		              pl_random_between(&p->random, 0, 3000));
	if (works && council > 1)
		(void)snprintf(lines + n, sizeof lines - (size_t)n,
		               ",{\"good\":%d,\"role\":\"uses\",\"quantity\":%" PRId64 "}",
		               council, pl_random_between(&p->random, 0, 20000));
	must(p, 1 + council, NULL, "proposal.file",
	     "{\"season\":%" PRId64 ",\"council\":%d,\"version\":1,\"lines\":[%s]}", p->season,
	     council, lines);
}

static void every_endgame_makes_a_plan_that_fits_of_whatever_was_proposed(void)
{
	enum { PEOPLE = 6, WORKPLACES = 3, QUARTERS = 2, TIMES = 6 };
	world w;
	world_open(&w, 11);
	play_begin(&w.p, w.app, 8, PEOPLE, WORKPLACES, QUARTERS);
	for (int k = 0; k < TIMES * PL_ENDS; k++) {
		char policy[64];
		summing s = {.w = &w, .left = {[1] = 4000000}};
		(void)snprintf(policy, sizeof policy, ",\"endgame\":\"%s\"",
		               pl_end_name(k % PL_ENDS));
		open_season(&w, policy);
		for (int c = 1; c <= WORKPLACES + QUARTERS; c++) propose_at_random(&w, c);
		close_round(&w);
		adopt(&w, PEOPLE);
		const pl_state_row of = {{PL_WHOLE(w.p.season)}};
		CHECK(pl_store_scan(w.store, PL_ROWS_plan_line, 1, &of, add_line, &s, NULL) ==
		      PL_OK);
		for (int g = 1; g <= 1 + WORKPLACES; g++) CHECK(s.left[g] >= 0);
		CHECK(s.rows == 2 + 3 + 3 + QUARTERS * WORKPLACES);
		CHECK(pl_store_scan(w.store, PL_ROWS_proposal_line, 1, &of, check_line, &w,
		                    NULL) == PL_OK);
		for (int c = 1; c <= WORKPLACES + QUARTERS; c++)
			CHECK(kept(&w, 1, c) >= 0 && kept(&w, 1, c) <= 1);
	}
	world_end(&w);
}

static const char *policy_of(char out[PL_STATE_WORD], const world *w, int column)
{
	const pl_state_row key = {{PL_WHOLE(w->p.season)}};
	pl_found f;
	CHECK(pl_store_get(&f, w->store, PL_ROWS_season, &key, NULL) == PL_OK && f.found);
	(void)snprintf(out, PL_STATE_WORD, "%s", f.row.at[column].text);
	pl_found_clear(&f);
	return out;
}

static void a_season_after_another_keeps_its_policies_unless_it_says_otherwise(void)
{
	char is[PL_STATE_WORD];
	world w;
	begin(&w);
	open_season(&w, ",\"endgame\":\"gentle\",\"limits\":\"on\"");
	open_season(&w, ",\"after\":1");
	CHECK(strcmp(policy_of(is, &w, PL_C_season_endgame), "gentle") == 0);
	CHECK(strcmp(policy_of(is, &w, PL_C_season_limits), "on") == 0);
	open_season(&w, ",\"after\":1,\"endgame\":\"declared\",\"limits\":\"off\"");
	CHECK(strcmp(policy_of(is, &w, PL_C_season_endgame), "declared") == 0);
	CHECK(strcmp(policy_of(is, &w, PL_C_season_limits), "off") == 0);
	CHECK(may(&w.p, 1, "season.open",
	          "{\"name\":\"x\",\"rule\":\"fitted\",\"tolerance\":\"0.01\",\"endgame\":"
	          "\"five\"}") == PL_EARG);
	world_end(&w);
}

/* ---- who does not propose ---- */

static void who_files_nothing_is_taken_at_last_years_scaled_to_the_means(void)
{
	world w;
	begin(&w);
	open_season(&w, ",\"endgame\":\"pro-rata\"");
	want_twice_what_is_made(&w);
	adopt(&w, COUNCILS); /* 25, 15 and 20 kg, at 2 credits */
	for (int i = 0; i < 2; i++)
		must(&w.p, 1 + MILL, NULL, "delivery.record",
		     "{\"season\":1,\"giver\":1,\"taker\":%d,\"good\":2,\"quantity\":5000,"
		     "\"day\":1800000000}",
		     LOWER);
	must(&w.p, 1, NULL, "season.close", "{\"season\":1}");
	set_flour(&w, "5");
	open_season(&w, ",\"after\":1");
	CHECK(wish(&w, MARSH, 1, 1) == PL_OK);
	CHECK(wish(&w, MARSH, 2, 0) == PL_OK);
	close_round(&w);
	/* 25 kg cost 125 credits of 100; 10 kg were delivered and cost 50 of 100 */
	CHECK_NEAR(taken(&w, 1, UPPER, FLOUR, "wants"), 20, exactly);
	CHECK_NEAR(taken(&w, 1, LOWER, FLOUR, "wants"), 10, exactly);
	CHECK(taken(&w, 1, MARSH, FLOUR, "wants") < 0); /* it filed, though nothing */
	CHECK_NEAR(taken(&w, 1, MILL, FLOUR, "makes"), 60, exactly);
	CHECK_NEAR(taken(&w, 1, MILL, HOURS, "uses"), 12, exactly);
	world_end(&w);
}

static void without_an_income_it_may_cost_what_it_cost_last_year(void)
{
	world w;
	begin(&w);
	open_season(&w, ",\"endgame\":\"pro-rata\"");
	want_twice_what_is_made(&w);
	adopt(&w, COUNCILS);
	must(&w.p, 1, NULL, "season.close", "{\"season\":1}");
	set_flour(&w, "5");
	open_season(&w, ",\"after\":1");
	close_round(&w);
	CHECK_NEAR(taken(&w, 1, MARSH, FLOUR, "wants"), 8, exactly); /* 40 credits at 5 */
	world_end(&w);
}

static void a_season_after_none_or_after_one_without_a_plan_begins_with_nothing(void)
{
	world w;
	begin(&w);
	open_season(&w, "");
	CHECK(mill(&w, 1, 12) == PL_OK && wish(&w, UPPER, 1, 50) == PL_OK);
	close_round(&w);
	CHECK(taken(&w, 1, LOWER, FLOUR, "wants") < 0);
	must(&w.p, 1, NULL, "season.close", "{\"season\":1}");
	open_season(&w, ",\"after\":1");
	close_round(&w);
	for (int c = UPPER; c < COUNCILS; c++) CHECK(taken(&w, 1, c, FLOUR, "wants") < 0);
	CHECK(taken(&w, 1, MILL, FLOUR, "makes") < 0);
	world_end(&w);
}

static void by_the_first_rules_a_season_does_not_know_which_was_before_it(void)
{
	static const char *const asked = "{\"name\":\"x\",\"rule\":\"fitted\",\"tolerance\":"
	                                 "\"0.01\",\"after\":1}";
	world w;
	pl_error err = {0};
	begin(&w);
	open_season(&w, "");
	for (int rules = 1; rules <= 2; rules++) {
		pl_deed d = {.store = w.store,
		             .actor = 1,
		             .time = w.p.now,
		             .height = w.p.facts + 1,
		             .rules = rules};
		json_t *request = json_loads(asked, 0, NULL);
		CHECK(pl_fields_read(&d.in, PL_OP_season_open, request, &err) == PL_OK);
		CHECK(pl_store_begin(w.store, &err) == PL_OK);
		CHECK(pl_deed_run(&d, &err) == PL_OK);
		CHECK(number_at(&w, PL_ROWS_season, PL_C_season_after,
		                &(pl_state_row){{PL_WHOLE(2)}}) == rules - 1);
		pl_store_rollback(w.store);
		pl_deed_clear(&d);
		json_decref(request);
	}
	world_end(&w);
}

static void what_is_delivered_later_changes_no_round_that_is_closed(void)
{
	world w;
	begin(&w);
	open_season(&w, ",\"endgame\":\"pro-rata\"");
	want_twice_what_is_made(&w);
	adopt(&w, COUNCILS);
	open_season(&w, ",\"after\":1");
	close_round(&w);
	CHECK_NEAR(taken(&w, 1, LOWER, FLOUR, "wants"), 15, exactly);
	must(&w.p, 1 + MILL, NULL, "delivery.record",
	     "{\"season\":1,\"giver\":1,\"taker\":%d,\"good\":2,\"quantity\":1,\"day\":0}",
	     LOWER);
	must(&w.p, 1, NULL, "round.open", "{\"season\":2}");
	close_round(&w);
	CHECK_NEAR(taken(&w, 1, LOWER, FLOUR, "wants"), 15, exactly);
	CHECK(taken(&w, 2, LOWER, FLOUR, "wants") > 1);
	world_end(&w);
}

/* ---- how far proposals move ---- */

static void next_round(world *w)
{
	close_round(w);
	must(&w->p, 1, NULL, "round.open", "{\"season\":%" PRId64 "}", w->p.season);
}

/// A season in round 3: in round 2 the mill makes 60 kg, of which 50, 30 and 40 are wanted.
static void begin_third_round(world *w, const char *policies)
{
	begin_with(w, 0);
	open_season(w, policies);
	next_round(w);
	CHECK(mill(w, 1, 12) == PL_OK);
	CHECK(wish(w, UPPER, 1, 50) == PL_OK && wish(w, LOWER, 1, 30) == PL_OK &&
	      wish(w, MARSH, 1, 40) == PL_OK);
	next_round(w);
}

/* 60 kg are missing, 20 for each of three councils: 10 less leads towards balance, 5 more away
 */
static void consumers_move_by_half_of_what_is_missing_for_each_or_a_quarter(void)
{
	world w;
	begin_third_round(&w, ",\"limits\":\"on\"");
	CHECK(wish(&w, MARSH, 1, 45.001) == PL_EARG);
	CHECK(strstr(w.p.err.msg,
	             "flour (wants): 45.001 kg is too far from the 40 of round 2") != NULL);
	CHECK(strstr(w.p.err.msg, "in round 3 it may be from 30 to 45") != NULL);
	CHECK(strstr(w.p.err.msg, "away from balance by at most a quarter") != NULL);
	CHECK(wish(&w, MARSH, 1, 29.999) == PL_EARG);
	CHECK(strstr(w.p.err.msg, "towards balance by at most half") != NULL);
	CHECK(may(&w.p, 1 + MARSH, "proposal.file",
	          "{\"season\":1,\"council\":%d,\"version\":1,\"lines\":[]}",
	          MARSH) == PL_EARG);
	CHECK(wish(&w, MARSH, 1, 45) == PL_OK && wish(&w, MARSH, 2, 30) == PL_OK);
	CHECK(wish(&w, UPPER, 1, 55) == PL_OK && wish(&w, LOWER, 1, 20) == PL_OK);
	world_end(&w);
}

static void workplaces_are_free_for_a_round_more(void)
{
	world w;
	begin_third_round(&w, ",\"limits\":\"on\"");
	CHECK(mill(&w, 1, 1) == PL_OK && mill(&w, 2, 90) == PL_OK && mill(&w, 3, 12) == PL_OK);
	CHECK(wish(&w, UPPER, 1, 50) == PL_OK && wish(&w, LOWER, 1, 30) == PL_OK &&
	      wish(&w, MARSH, 1, 40) == PL_OK);
	next_round(&w);
	/* 60 kg are missing, 88 hours are left over, one mill: 30 kg more or 15 less, 44 hours
	 * more or 22 less, which is all */
	CHECK(mill(&w, 1, 18.25) == PL_EARG); /* 91.25 kg */
	CHECK(strstr(w.p.err.msg, "from 45 to 90") != NULL);
	CHECK(mill(&w, 1, 18) == PL_OK && mill(&w, 2, 9) == PL_OK);
	CHECK(mill(&w, 3, 8.75) == PL_EARG);
	world_end(&w);
}

static void who_did_not_propose_is_compared_with_what_it_was_taken_at(void)
{
	world w;
	begin_third_round(&w, ",\"limits\":\"on\"");
	CHECK(wish(&w, UPPER, 1, 50) == PL_OK && wish(&w, LOWER, 1, 30) == PL_OK);
	next_round(
	        &w); /* the marsh is taken at what 40 kg cost in round 2, the mill at 60 kg */
	const double last = taken(&w, 3, MARSH, FLOUR, "wants"),
	             each = (50 + 30 + last - taken(&w, 3, MILL, FLOUR, "makes")) / 3;
	CHECK(last > 0 && last <= 40);
	CHECK(wish(&w, MARSH, 1, last + each / 4 + 0.002) == PL_EARG);
	CHECK(wish(&w, MARSH, 1, last + each / 4 - 0.002) == PL_OK);
	CHECK(wish(&w, MARSH, 2, last - each / 2 - 0.002) == PL_EARG);
	CHECK(wish(&w, MARSH, 2, last - each / 2 + 0.002) == PL_OK);
	world_end(&w);
}

/// The bounds of a council as the view tells them, in kilograms. @return are there any?
static bool bounds_of(double *from, double *to, const world *w, int council)
{
	char path[64];
	pl_status st;
	(void)snprintf(path, sizeof path, "/seasons/%" PRId64 "/bounds/%d", w->p.season,
	               council);
	json_t *view = world_see(w, 2, path, NULL, &st),
	       *lines = json_object_get(view, "lines");
	const json_t *line = json_array_get(lines, json_array_size(lines) - 1);
	const bool limited = json_is_true(json_object_get(view, "limited"));
	CHECK(limited == (json_array_size(lines) > 0));
	*from = (double)json_integer_value(json_object_get(line, "from")) / 1000;
	*to = (double)json_integer_value(json_object_get(line, "to")) / 1000;
	json_decref(view);
	return limited;
}

static void what_the_view_allows_is_accepted_and_a_step_more_is_not(void)
{
	enum { ROUNDS = 7, FIRST = 3 };
	static const double gram = 0.001;
	world w;
	begin_with(&w, 0);
	open_season(&w, ",\"limits\":\"on\"");
	for (int r = 1; r < ROUNDS; r++) {
		for (int c = UPPER; c < COUNCILS; c++) {
			double from = 0, to = 100;
			const bool limited = bounds_of(&from, &to, &w, c);
			CHECK(limited == (r >= FIRST));
			if (limited) {
				CHECK(wish(&w, c, 1, to + gram) == PL_EARG);
				CHECK(from == 0 || wish(&w, c, 1, from - gram) == PL_EARG);
				CHECK(wish(&w, c, 1, from) == PL_OK);
				CHECK(wish(&w, c, 2, to) == PL_OK);
			}
			const int64_t grams =
			        pl_random_between(&w.p.random, (int64_t)(1000 * from),
			                          limited ? (int64_t)(1000 * to) : 100000);
			CHECK(wish(&w, c, limited ? 3 : 1, (double)grams / 1000) == PL_OK);
		}
		CHECK(mill(&w, 1, 4 + r) == PL_OK || r > FIRST);
		next_round(&w);
	}
	world_end(&w);
}

static void whoever_has_means_can_always_propose_something(void)
{
	world w;
	double from, to;
	begin(&w);
	open_season(&w, ",\"limits\":\"on\"");
	CHECK(wish(&w, UPPER, 1, 50) == PL_OK && mill(&w, 1, 1) == PL_OK);
	next_round(&w);
	for (int r = 2; r < 6; r++) {
		if (bounds_of(&from, &to, &w, UPPER)) CHECK(wish(&w, UPPER, 1, from) == PL_OK);
		next_round(&w); /* dearer and dearer */
	}
	world_end(&w);
}

static void without_limits_everybody_moves_freely(void)
{
	world w;
	double from, to;
	begin_third_round(&w, "");
	CHECK(!bounds_of(&from, &to, &w, MARSH));
	CHECK(wish(&w, MARSH, 1, 1) == PL_OK && wish(&w, MARSH, 2, 4000) == PL_OK);
	world_end(&w);
}

/* ---- without memory ---- */

#ifdef PL_ALLOC_FAULTS
static pl_status view(const world *w, const char *what)
{
	char path[64], *text;
	(void)snprintf(path, sizeof path, "/seasons/%" PRId64 "/%s", w->p.season, what);
	const pl_look look = {.actor = 2, .now = w->p.now, .path = path};
	const pl_status st = pl_app_look(&text, w->store, &look, NULL);
	free(text);
	return st;
}
#endif

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	enum { MOST = 20000 };
	static const char *const views[] = {"plan", "bounds/4", "rounds/2/goods/2"};
	world w;
	begin_third_round(&w, ",\"limits\":\"on\",\"endgame\":\"gentle\"");
	for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
		const int64_t alive = pl_alloc_alive;
		pl_status st = PL_ENOMEM;
		for (int64_t k = 0; k < MOST && st == PL_ENOMEM; k += 1 + k / 32) {
			pl_alloc_grants = k;
			st = view(&w, views[i]);
			pl_alloc_grants = -1;
			CHECK(pl_alloc_alive == alive);
		}
		CHECK(st == PL_OK);
	}
	pl_status st = PL_ENOMEM;
	for (int64_t k = 0; k < MOST && st == PL_ENOMEM; k += 1 + k / 32) {
		const int64_t alive = pl_alloc_alive;
		pl_alloc_grants = k;
		st = may(&w.p, 1, "round.close", "{\"season\":1}");
		pl_alloc_grants = -1;
		CHECK(st == PL_OK || pl_alloc_alive == alive);
	}
	CHECK(st == PL_OK);
	world_end(&w);
#endif
}

int main(void)
{
	RUN(half_of_what_is_wanted_is_there_and_everybody_gets_half);
	RUN(who_was_trimmed_shows_before_the_vote_and_after);
	RUN(every_endgame_makes_a_plan_that_fits_of_whatever_was_proposed);
	RUN(a_season_after_another_keeps_its_policies_unless_it_says_otherwise);
	RUN(who_files_nothing_is_taken_at_last_years_scaled_to_the_means);
	RUN(without_an_income_it_may_cost_what_it_cost_last_year);
	RUN(a_season_after_none_or_after_one_without_a_plan_begins_with_nothing);
	RUN(by_the_first_rules_a_season_does_not_know_which_was_before_it);
	RUN(what_is_delivered_later_changes_no_round_that_is_closed);
	RUN(consumers_move_by_half_of_what_is_missing_for_each_or_a_quarter);
	RUN(workplaces_are_free_for_a_round_more);
	RUN(who_did_not_propose_is_compared_with_what_it_was_taken_at);
	RUN(what_the_view_allows_is_accepted_and_a_step_more_is_not);
	RUN(whoever_has_means_can_always_propose_something);
	RUN(without_limits_everybody_moves_freely);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
