/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* visit_objection.c - objections to proposals of a season: to file one, to explain, to rule, to
 * appeal, each by a form for whom it is. */
#include "server/history.h"
#include "server/words.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD = 48, DEEDS = 5 };
static const char leave_out[] = "left_out";

/// What can be done about an objection, by whom.
typedef enum { COUNCIL, AUDITOR, AUTHOR } doer;
static const struct {
	doer by;
	const char *from[DEEDS]; ///< states in which it can be done
	const char *to, *op, *button;
} deeds[] = {
        {COUNCIL, {"filed"}, "explained", "objection.answer", "Explain"},
        {COUNCIL,
         {"filed", "refused", "granted", "upheld", "overturned"},
         "revised",
         "objection.answer",
         "We revise our proposal"},
        {COUNCIL, {"granted"}, "appealed", "objection.answer", "Appeal against the ruling"},
        {AUTHOR, {"refused"}, "appeal", "objection.appeal", "Appeal against the ruling"},
        {AUDITOR, {"filed", "explained"}, "granted", "objection.rule", "Grant it"},
        {AUDITOR,
         {"filed", "explained"},
         leave_out,
         "objection.rule",
         "Grant it, and leave the proposal out until it is revised"},
        {AUDITOR, {"filed", "explained"}, "refused", "objection.rule", "Refuse it"},
        {AUDITOR, {"appealed"}, "upheld", "objection.rule", "Uphold the ruling"},
        {AUDITOR, {"appealed"}, "overturned", "objection.rule", "Overturn the ruling"},
};
enum { N_DEEDS = sizeof deeds / sizeof *deeds };

/// The objections of a season as their page sees them.
typedef struct {
	pl_page *p;
	int64_t season, round;
	const json_t *row;
	const json_t *events; ///< about objections
	bool review;
} court;

/* ---- what was said ---- */

static void put_said(pl_page *p, const json_t *event)
{
	const json_t *texts = json_object_get(event, "texts");
	pl_markup_raw(&p->m, "<li>");
	pl_history_put(p, event);
	pl_markup_raw(&p->m, ", ");
	pl_page_put_time(p, pl_page_whole(event, "time"), false);
	pl_markup_put(&p->m, "%s", json_is_null(texts) ? " (its texts were erased)" : "");
	if (!pl_page_is(texts, "reason", ""))
		pl_markup_put(&p->m, "<div class=\"said\"><bdi>%s</bdi></div>",
		              pl_page_text(texts, "reason"));
	pl_markup_raw(&p->m, "\n");
}

/// Everything about an objection, the first thing first.
static void put_history(const court *c, int64_t id)
{
	size_t i;
	json_t *event;
	pl_markup_raw(&c->p->m, "<ol>\n");
	json_array_foreach(c->events, i, event)
	{
		const json_t *of = json_object_get(
		        event, pl_page_is(event, "type", "objection.file") ? "out" : "in");
		if (pl_page_whole(of, "objection") == id) put_said(c->p, event);
	}
	pl_markup_raw(&c->p->m, "</ol>\n");
}

/* ---- what can be done ---- */

static bool is_for(const court *c, const json_t *objection, doer by)
{
	pl_page *p = c->p;
	const int64_t council = pl_page_whole(objection, "council");
	const bool own = pl_page_whole(objection, "author") == p->visit->caller.person;
	if (by == COUNCIL) return pl_page_is_member(p, council);
	if (by == AUTHOR) return own;
	/* nobody rules on what people want for themselves, nor in a cause of their own */
	return pl_page_has_task(p, "auditor", 0) && !own && !pl_page_is_member(p, council) &&
	       !pl_page_has_task(p, "delegate", council) &&
	       !pl_page_is(pl_page_named(p, PL_NAMES_council, council), "kind", "consumers");
}

/// Was the proposal flagged? Only then can it be left out.
static bool is_flagged(const court *c, const json_t *objection)
{
	const int64_t round = pl_page_whole(objection, "round");
	size_t i;
	json_t *row, *last = NULL;
	json_array_foreach(pl_page_rows(c->p, "proposal/%" PRId64 "/%" PRId64 "/%" PRId64,
	                                c->season, round, pl_page_whole(objection, "council")),
	                   i, row)
	{
		last = row;
	}
	return round == c->round && last != NULL && !pl_page_is(last, "flags", "");
}

static bool can_be_done(const court *c, const json_t *objection, int deed)
{
	bool now = false;
	for (int i = 0; i < DEEDS && deeds[deed].from[i] != NULL; i++)
		now = now || pl_page_is(objection, "state", deeds[deed].from[i]);
	if (deeds[deed].to == leave_out) now = now && is_flagged(c, objection);
	return now && is_for(c, objection, deeds[deed].by);
}

static void put_deeds(const court *c, const json_t *objection)
{
	char field[FIELD];
	pl_page *p = c->p;
	const int64_t id = pl_page_whole(objection, "id");
	bool begun = false;
	(void)snprintf(field, sizeof field, "reason.%" PRId64, id);
	for (int i = 0; i < N_DEEDS && c->review; i++) {
		if (!can_be_done(c, objection, i)) continue;
		if (!begun) {
			pl_page_form(p, "/seasons/%" PRId64 "/objections", c->season);
			pl_page_put_hidden(p, "objection", id);
			pl_page_put_hidden(p, "council", pl_page_whole(objection, "council"));
			pl_page_put_note(p, field, "In your words",
			                 pl_form_text(&p->form, field));
			pl_markup_raw(&p->m, "<div class=\"row\">\n");
		}
		begun = true;
		pl_markup_put(&p->m, "<button name=\"state\" value=\"%s\">%s</button>\n",
		              deeds[i].to, deeds[i].button);
	}
	if (begun) pl_markup_raw(&p->m, "</div>\n</form>\n");
}

static void put_objection(const court *c, const json_t *objection)
{
	pl_page *p = c->p;
	const int64_t id = pl_page_whole(objection, "id");
	pl_markup_put(&p->m,
	              "<h3 id=\"o%" PRId64 "\">Objection %" PRId64 ", to the proposal of ", id,
	              id);
	pl_page_put_name(p, PL_NAMES_council, pl_page_whole(objection, "council"));
	pl_markup_put(&p->m, " in round %" PRId64 "</h3>\n<p>Now: <b>%s</b>.</p>\n",
	              pl_page_whole(objection, "round"),
	              pl_words_of(pl_words_objections, pl_page_text(objection, "state")));
	if (pl_page_whole(objection, "stands") == 1)
		pl_markup_raw(&p->m, "<p>The proposal is left out until the council files "
		                     "another one, in the next round.</p>\n");
	put_history(c, id);
	put_deeds(c, objection);
}

/* ---- filing ---- */

static void put_form(const court *c)
{
	pl_page *p = c->p;
	const json_t *filed = json_object_get(
	        pl_page_view(p, "/seasons/%" PRId64 "/rounds/%" PRId64, c->season, c->round),
	        "proposals");
	const int64_t chosen = pl_form_whole(&p->form, "council");
	size_t i;
	json_t *row;
	pl_markup_raw(&p->m,
	              "<h2>Object to a proposal</h2>\n<p>Anybody may. The council explains or "
	              "revises; an auditor rules. What people want for themselves is theirs: "
	              "an objection to it stays as a comment.</p>\n");
	if (json_array_size(filed) == 0) {
		pl_markup_raw(&p->m,
		              "<p>Nobody has proposed in this round: there is nothing to "
		              "object to.</p>\n");
		return;
	}
	pl_page_form(p, "/seasons/%" PRId64 "/objections", c->season);
	pl_markup_raw(
	        &p->m,
	        "<label for=\"council\">To whose proposal</label>\n<select id=\"council\" "
	        "name=\"council\">\n");
	json_array_foreach(filed, i, row)
	{
		const int64_t council = pl_page_whole(row, "council");
		pl_markup_put(&p->m, "<option value=\"%" PRId64 "\"%s>%s</option>\n", council,
		              council == chosen ? " selected" : "",
		              pl_page_name(p, PL_NAMES_council, council));
	}
	pl_markup_raw(&p->m, "</select>\n");
	pl_page_put_note(p, "reason", "Why", pl_form_text(&p->form, "reason"));
	pl_page_form_end(p, "Object");
}

/* ---- the page ---- */

/// When the proposals were filed to which was objected first; 0: to none that was filed.
static int64_t begin_of(pl_page *p, const json_t *objections, int64_t season)
{
	size_t i;
	json_t *row;
	int64_t round = 0, since = 0;
	json_array_foreach(objections, i, row)
	{
		const int64_t its = pl_page_whole(row, "round");
		if (pl_page_whole(row, "season") == season && (round == 0 || its < round))
			round = its;
	}
	json_array_foreach(pl_page_rows(p, "proposal/%" PRId64 "/%" PRId64, season, round), i,
	                   row)
	{
		const int64_t filed = pl_page_whole(row, "filed");
		if (since == 0 || filed < since) since = filed;
	}
	return since;
}

/// What happened to the objections of a season. Nothing else of the record is read: from the
/// first proposal that was objected to until the plan was adopted.
static const json_t *events_of(pl_page *p, const json_t *objections, int64_t season)
{
	if (pl_page_find(objections, "season", season) == NULL) return NULL;
	return pl_history_list(p, &(pl_history_wanted){.from = 1,
	                                               .type = "objection.",
	                                               .since = begin_of(p, objections, season),
	                                               .season = season});
}

static void put_page(pl_page *p, int64_t season, int status)
{
	const json_t *seasons = json_object_get(pl_page_view(p, "/seasons"), "seasons");
	court c = {.p = p, .season = season, .row = pl_page_find(seasons, "id", season)};
	int64_t n = 0;
	if (c.row == NULL) {
		pl_page_missing(p, "season", season);
		return;
	}
	c.round = pl_page_whole(c.row, "round");
	c.review = pl_page_is(c.row, "phase", "review");
	(void)pl_zone_find(&p->zone, pl_page_text(c.row, "zone"));
	const json_t *all = pl_page_rows(p, "objection");
	c.events = events_of(p, all, season);
	pl_page_begin(p, "Objections");
	pl_markup_put(&p->m,
	              "<p>To proposals of <a href=\"%s/seasons/%" PRId64
	              "\"><bdi>%s</bdi></a>. Times are those of %s.</p>\n",
	              p->m.base, season, pl_page_text(c.row, "name"), p->zone.name);
	if (c.review)
		put_form(&c);
	else
		pl_markup_raw(
		        &p->m,
		        "<p>Objections are filed and answered while a round is looked at, "
		        "after it was closed.</p>\n");
	pl_markup_raw(&p->m, "<h2>Objections so far</h2>\n");
	for (size_t i = json_array_size(all); i > 0; i--) {
		const json_t *objection = json_array_get(all, i - 1);
		if (pl_page_whole(objection, "season") != season) continue;
		put_objection(&c, objection);
		n++;
	}
	if (n == 0) pl_markup_raw(&p->m, "<p>None.</p>\n");
	pl_page_finish(p, status);
}

void pl_visit_objections_page(pl_visit *v)
{
	pl_page *p = pl_page_new(v);
	if (p != NULL) put_page(p, pl_page_number(p, "/seasons/{season}/objections"), 200);
}

/* ---- doing it ---- */

/// @return the operation's fields; NULL: no memory
static json_t *fields_of(const pl_page *p, int64_t season, int deed)
{
	char field[FIELD] = "reason";
	const json_int_t council = pl_form_whole(&p->form, "council"),
	                 id = pl_form_whole(&p->form, "objection");
	if (deed < 0)
		return json_pack("{s:I, s:I, s:s}", "season", (json_int_t)season, "council",
		                 council, "reason", pl_form_text(&p->form, field));
	(void)snprintf(field, sizeof field, "reason.%lld", (long long)id);
	json_t *fields = json_pack("{s:I, s:I, s:s}", "season", (json_int_t)season, "objection",
	                           id, "reason", pl_form_text(&p->form, field));
	const bool out = deeds[deed].to == leave_out;
	if (deeds[deed].by != AUTHOR)
		(void)json_object_set_new(fields, "state",
		                          json_string(out ? "granted" : deeds[deed].to));
	if (out) (void)json_object_set_new(fields, "until_revised", json_integer(1));
	if (deeds[deed].by == COUNCIL)
		(void)json_object_set_new(fields, "council", json_integer(council));
	return fields;
}

void pl_visit_objection_form(pl_visit *v)
{
	char anchor[FIELD] = "";
	pl_reply reply = {0};
	pl_page *p = pl_page_new(v);
	if (p == NULL) return;
	const int64_t season = pl_page_number(p, "/seasons/{season}/objections"),
	              id = pl_form_whole(&p->form, "objection");
	int deed = id < 0 ? -1 : 0;
	while (deed >= 0 && deed < N_DEEDS - 1 &&
	       strcmp(deeds[deed].to, pl_form_text(&p->form, "state")) != 0)
		deed++; /* what is none of them is refused as the last one would be */
	const pl_status st = pl_page_do(p, &reply, deed < 0 ? "objection.file" : deeds[deed].op,
	                                fields_of(p, season, deed));
	free(reply.json);
	if (id > 0) (void)snprintf(anchor, sizeof anchor, "#o%" PRId64, id);
	if (st == PL_OK)
		pl_page_go(p, reply.height, anchor, "/seasons/%" PRId64 "/objections", season);
	else
		put_page(p, season, pl_problems[pl_problem_of(st)].status);
}
