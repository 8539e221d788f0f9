/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_dates.c - a person's dates for calendar programs, which cannot log in: behind a link
 * of its own, which can do nothing else. */
#include "base/error.h"
#include "server/ics.h"
#include "server/page.h"
#include "server/route.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400, YEAR = 366 * DAY, TEXT_MOST = 1000, UID_CHARS = 96 };
#define BACK     INT64_C(2) /* years that are told of the past */
#define AHEAD    INT64_C(5)
#define LINK_MAX (PL_HTTP_VALUE_CHARS + PL_CODE_CHARS + 16)

/* ---- the link ---- */

typedef struct {
	int64_t person;
	const char *typed;
	char code[PL_CODE_CHARS];
} deed;

static pl_status draw_link(void *with, pl_store *s, pl_error *err)
{
	deed *d = with;
	return pl_door_calendar(d->code, s, d->person, err);
}

static pl_status end_link(void *with, pl_store *s, pl_error *err)
{
	return pl_door_calendar_end(s, ((const deed *)with)->person, err);
}

/// Draw a link. @param[out] link [LINK_MAX]
static pl_status make_link(char *link, pl_visit *v, pl_error *err)
{
	char here[PL_HTTP_VALUE_CHARS];
	deed d = {.person = v->caller.person};
	PL_TRY(pl_desk_change(v->server->desk, draw_link, &d, err));
	(void)snprintf(link, LINK_MAX, "%s/calendar/%s", pl_visit_here(here, v), d.code);
	sodium_memzero(&d, sizeof d);
	return PL_OK;
}

void pl_visit_dates_new(pl_visit *v)
{
	char link[LINK_MAX];
	pl_error err;
	const pl_status st = make_link(link, v, &err);
	if (st == PL_OK)
		pl_out_json(v->out, 201, json_pack("{s:s}", "link", link));
	else
		pl_out_failure(v->out, st, &err);
	sodium_memzero(link, sizeof link);
}

void pl_visit_dates_end(pl_visit *v)
{
	deed d = {.person = v->caller.person};
	pl_error err;
	const pl_status st = pl_desk_change(v->server->desk, end_link, &d, &err);
	if (st == PL_OK)
		pl_out_json(v->out, 200, json_object());
	else
		pl_out_failure(v->out, st, &err);
}

void pl_visit_dates_form(pl_visit *v)
{
	char link[LINK_MAX];
	pl_error err;
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const pl_status st = make_link(link, v, &err);
	if (st != PL_OK) pl_page_note(p, st, &err);
	pl_page_begin(p, "Your calendar link");
	pl_markup_put(
	        &p->m,
	        "<p>Give this address to your calendar program as a calendar to subscribe "
	        "to. It is shown now and never again; an earlier one has ended.</p>\n"
	        "<p class=\"note\"><code>%s</code></p>\n<p>Whoever has it can see your "
	        "dates, and can do nothing else with it. End it, or make another one, <a "
	        "href=\"%s/you\">on your own page</a>.</p>\n",
	        st == PL_OK ? link : "", p->m.base);
	sodium_memzero(link, sizeof link);
	pl_page_finish(p, 200);
}

void pl_visit_dates_end_form(pl_visit *v)
{
	char where[PL_HTTP_VALUE_CHARS];
	deed d = {.person = v->caller.person};
	pl_error err;
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const pl_status st = pl_desk_change(v->server->desk, end_link, &d, &err);
	if (st != PL_OK) pl_page_note(p, st, &err);
	(void)snprintf(where, sizeof where, "%s/you", p->m.base);
	pl_page_finish(p, 200);
	if (st != PL_OK) return;
	v->out->body.n = 0;
	pl_out_see_other(v->out, where);
}

/* ---- the dates ---- */

/// A calendar being drawn; the page holds what was looked at.
typedef struct {
	pl_page *p;
	pl_ics c;
	char here[PL_HTTP_VALUE_CHARS], record[17];
	const json_t *me;
	const pl_zone *zone;
} feed;

static bool is_near(const feed *f, int64_t time)
{
	const int64_t now = f->p->visit->now;
	return time > now - BACK * YEAR && time < now + AHEAD * YEAR;
}

/// Councils that the person proposes for: "You propose for the bakery, the farm."
static void say_councils(char out[TEXT_MOST], feed *f)
{
	size_t i, n = 0;
	json_t *task;
	out[0] = '\0';
	json_array_foreach(json_object_get(f->me, "tasks"), i, task)
	{
		if (!pl_page_is(task, "role", "delegate") || n > TEXT_MOST / 2) continue;
		const char *name =
		        pl_page_name(f->p, PL_NAMES_council, pl_page_whole(task, "council"));
		n += (size_t)snprintf(out + n, TEXT_MOST - n, "%s%.200s",
		                      n > 0 ? ", " : "You propose for ", name);
	}
	if (n > 0)
		(void)snprintf(out + n, TEXT_MOST - n, ".");
	else
		(void)snprintf(out, TEXT_MOST,
		               "Delegates propose for their councils: tell yours what you "
		               "need.");
}

/// Number of the round that a date opens: the last one was opened by the last such date that
/// was done, unless somebody did it by hand.
static int64_t round_of(const json_t *season, size_t which)
{
	const json_t *dates = json_object_get(season, "dates");
	const bool done = pl_page_whole(json_array_get(dates, which), "done") != 0;
	int64_t round = pl_page_whole(season, "round");
	size_t i;
	json_t *date;
	json_array_foreach(dates, i, date)
	{
		if (!pl_page_is(date, "what", "open")) continue;
		const bool was = pl_page_whole(date, "done") != 0;
		if (done && was && i > which) round--;
		if (!done && !was && i <= which) round++;
	}
	return round;
}

static void put(feed *f, const char *kind, int64_t number, int64_t part, pl_ics_event e)
{
	char uid[UID_CHARS];
	if (!is_near(f, e.begins)) return;
	(void)snprintf(uid, sizeof uid, "%s-%" PRId64 "-%" PRId64 "@%s.plenum", kind, number,
	               part, f->record);
	e.uid = uid;
	e.zone = f->zone;
	pl_ics_put(&f->c, &e);
}

static void put_date(feed *f, const json_t *season, size_t i)
{
	const json_t *dates = json_object_get(season, "dates"),
	             *date = json_array_get(dates, i);
	const char *name = pl_page_text(season, "name");
	const int64_t id = pl_page_whole(season, "id"), at = pl_page_whole(date, "time"),
	              next = pl_page_whole(json_array_get(dates, i + 1), "time");
	char summary[TEXT_MOST], about[TEXT_MOST] = "", address[TEXT_MOST];
	pl_ics_event e = {.summary = summary, .about = about, .address = address, .begins = at};
	(void)snprintf(address, sizeof address, "%s/seasons/%" PRId64, f->here, id);
	if (pl_page_is(date, "what", "open")) {
		(void)snprintf(summary, sizeof summary, "%.200s: proposals of round %" PRId64,
		               name, round_of(season, i));
		say_councils(about, f);
		e.ends = next;
	} else if (pl_page_is(date, "what", "vote")) {
		(void)snprintf(summary, sizeof summary, "%.200s: vote on the plan", name);
		(void)snprintf(about, sizeof about, "Everybody votes, once.");
		e.ends = next;
	} else if (pl_page_is(date, "what", "adopt")) {
		(void)snprintf(summary, sizeof summary,
		               "%.200s: the plan is adopted where it was carried", name);
	} else if (pl_page_is(date, "what", "end")) {
		(void)snprintf(summary, sizeof summary, "%.200s: the season ends", name);
	} else {
		return; /* the end of what began before */
	}
	put(f, "season", id, pl_page_whole(date, "number"), e);
}

/// Votes that wait for the person, but for those on plans, which the season's dates tell.
static void put_votes(feed *f)
{
	const json_t *needs = json_object_get(pl_page_view(f->p, "/needs"), "needs");
	size_t i;
	json_t *need;
	json_array_foreach(needs, i, need)
	{
		const int64_t id = pl_page_whole(need, "vote");
		char summary[TEXT_MOST], address[TEXT_MOST];
		if (!pl_page_is(need, "what", "vote")) continue;
		const json_t *vote =
		        json_object_get(pl_page_view(f->p, "/votes/%" PRId64, id), "vote");
		if (pl_page_whole(vote, "season") > 0) continue;
		(void)snprintf(summary, sizeof summary, "Voting ends: %.500s",
		               pl_page_text(vote, "title"));
		(void)snprintf(address, sizeof address, "%s/votes/%" PRId64, f->here, id);
		put(f, "vote", id, 0,
		    (pl_ics_event){.summary = summary,
		                   .about = "",
		                   .address = address,
		                   .begins = pl_page_whole(need, "until")});
	}
}

static void put_tasks(feed *f)
{
	size_t i;
	json_t *task;
	json_array_foreach(json_object_get(f->me, "tasks"), i, task)
	{
		const int64_t council = pl_page_whole(task, "council");
		char summary[TEXT_MOST], kind[48];
		(void)snprintf(summary, sizeof summary, "Your task as %s%s%.300s ends",
		               pl_page_text(task, "role"), council > 0 ? " for " : "",
		               council > 0 ? pl_page_name(f->p, PL_NAMES_council, council)
		                           : "");
		(void)snprintf(kind, sizeof kind, "task-%.32s", pl_page_text(task, "role"));
		put(f, kind, council, 0,
		    (pl_ics_event){.summary = summary,
		                   .about = "Find a successor in time.",
		                   .address = "",
		                   .begins = pl_page_whole(task, "until")});
	}
}

/// Each zone stands in front of all dates, once.
static void put_zones(feed *f, const json_t *seasons)
{
	const int64_t now = f->p->visit->now;
	size_t i;
	json_t *season;
	json_t *told = pl_page_hold(f->p, json_object());
	json_array_foreach(seasons, i, season)
	{
		if (json_array_size(json_object_get(season, "dates")) == 0) continue;
		(void)pl_zone_find(&f->p->zone, pl_page_text(season, "zone"));
		if (json_object_get(told, f->p->zone.name) != NULL) continue;
		(void)json_object_set_new(told, f->p->zone.name, json_true());
		pl_ics_zone(&f->c, &f->p->zone, now - (BACK + 1) * YEAR,
		            now + (AHEAD + 1) * YEAR);
	}
}

static void put_all(feed *f)
{
	static const pl_zone utc = {.name = "UTC"};
	const json_t *seasons = json_object_get(pl_page_view(f->p, "/seasons"), "seasons");
	size_t i, k;
	json_t *season, *date;
	put_zones(f, seasons);
	json_array_foreach(seasons, i, season)
	{
		(void)pl_zone_find(&f->p->zone, pl_page_text(season, "zone"));
		f->zone = &f->p->zone;
		json_array_foreach(json_object_get(season, "dates"), k, date)
		{
			put_date(f, season, k);
		}
	}
	f->zone = &utc;
	put_votes(f);
	put_tasks(f);
}

static pl_status find_person(void *with, pl_store *s, pl_error *err)
{
	deed *d = with;
	return pl_door_calendar_of(&d->person, s, d->typed, err);
}

/// Whose link it is. @return false: the answer is made
static bool know_person(pl_visit *v)
{
	char name[16], *code = NULL;
	pl_error err;
	deed d = {.person = 0};
	pl_status st =
	        pl_route_part(&code, name, sizeof name, "/calendar/{code}", v->path, 0, &err);
	d.typed = code;
	if (st == PL_OK)
		st = pl_desk_look(v->server->desk, PL_READ_SHORT, find_person, &d, &err);
	free(code);
	if (st != PL_OK)
		pl_out_failure(v->out, st, &err);
	else if (d.person == 0)
		pl_out_problem(v->out, PL_P_NOT_FOUND, "there is nothing at this address");
	v->caller = (pl_caller){.person = d.person}; /* for looking alone */
	return st == PL_OK && d.person > 0;
}

void pl_visit_dates(pl_visit *v)
{
	if (!know_person(v)) return;
	feed f = {.p = pl_page_new(v)};
	if (f.p == NULL) return;
	const json_t *record = pl_page_view(f.p, "/record");
	f.me = pl_page_view(f.p, "/me");
	f.c.stamp = pl_page_whole(record, "time");
	(void)pl_visit_here(f.here, v);
	(void)snprintf(f.record, sizeof f.record, "%s", pl_page_text(record, "key"));
	pl_ics_begin(&f.c, pl_page_text(record, "title"));
	put_all(&f);
	pl_ics_end(&f.c);
	const bool good = f.p->status == PL_OK && !f.c.failed;
	pl_page_finish(f.p, 200);
	if (good) {
		pl_bytes_free(&v->out->body);
		v->out->body = f.c.bytes;
		v->out->type = "text/calendar; charset=utf-8";
	} else {
		pl_bytes_free(&f.c.bytes);
	}
}
