/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* calendar.c - a season's dates. When one has come, nobody (actor 0) does what it says; until
 * all have come, nobody else may. Two facilitators together can change those to come. */
#include "app/calendar.h"

#include "app/app.h"
#include "app/vote.h"
#include "base/error.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What a date says, and which operation it is.
static const struct {
	const char *what;
	int op;
} acts[] = {
        {"open", PL_OP_round_open},  {"close", PL_OP_round_close}, {"vote", PL_OP_vote_open},
        {"count", PL_OP_vote_close}, {"adopt", PL_OP_plan_adopt},  {"end", PL_OP_season_close},
};
enum { ACTS = sizeof acts / sizeof *acts };

static int op_of(const char *what)
{
	for (int i = 0; i < ACTS; i++)
		if (strcmp(acts[i].what, what) == 0) return acts[i].op;
	return -1;
}

/* ---- the next date ---- */

typedef struct {
	bool found;
	int64_t number, time, last; ///< last: the highest number that was done
	int op;
} next_date;

static bool note_next(void *with, const pl_state_row *row)
{
	next_date *n = with;
	n->last = row->at[PL_C_calendar_number].whole;
	if (row->at[PL_C_calendar_done].whole != 0) return true;
	n->found = true;
	n->number = n->last--;
	n->time = row->at[PL_C_calendar_time].whole;
	n->op = op_of(row->at[PL_C_calendar_what].text);
	return false;
}

static pl_status find_next(next_date *out, pl_store *s, int64_t season, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season)}};
	*out = (next_date){.op = -1};
	return pl_store_scan(s, PL_ROWS_calendar, 1, &key, note_next, out, err);
}

static bool note_season(void *with, const pl_state_row *row)
{
	*(int64_t *)with = row->at[PL_C_vote_season].whole;
	return false;
}

pl_status pl_calendar_season(int64_t *season, const pl_deed *d, pl_error *err)
{
	const json_t *in = d->in.object;
	*season = json_integer_value(
	        json_object_get(in, d->in.op == PL_OP_vote_open ? "about" : "season"));
	if (d->in.op != PL_OP_vote_close) return PL_OK;
	const pl_state_row key = {{PL_WHOLE(json_integer_value(json_object_get(in, "vote")))}};
	return pl_store_scan(d->store, PL_ROWS_vote, 1, &key, note_season, season, err);
}

pl_status pl_calendar_asks(const pl_deed *d, pl_error *err)
{
	int64_t season;
	next_date next;
	PL_TRY(pl_calendar_season(&season, d, err));
	PL_TRY(find_next(&next, d->store, season, err));
	if (next.found && next.op == d->in.op && next.time <= d->time) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1, "%s: no calendar asks for it now",
	               pl_ops[d->in.op].name);
}

pl_status pl_calendar_leaves(const pl_deed *d, pl_error *err)
{
	int64_t season;
	next_date next;
	PL_TRY(pl_calendar_season(&season, d, err));
	if (season == 0) return PL_OK;
	PL_TRY(find_next(&next, d->store, season, err));
	if (!next.found) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "%s: the calendar of the season does this by itself; two facilitators "
	               "together can change it (calendar.set)",
	               pl_ops[d->in.op].name);
}

pl_status pl_calendar_tick_off(pl_deed *d, pl_error *err)
{
	int64_t season;
	next_date next;
	pl_found f;
	PL_TRY(pl_calendar_season(&season, d, err));
	PL_TRY(find_next(&next, d->store, season, err));
	const pl_state_row key = {{PL_WHOLE(season), PL_WHOLE(next.number)}};
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_calendar, &key, err));
	pl_state_row row = f.row;
	row.at[PL_C_calendar_done] = PL_WHOLE(1);
	const pl_status st = pl_store_update(d->store, PL_ROWS_calendar, &row, err);
	pl_found_clear(&f);
	return st;
}

/* ---- setting it ---- */

/// May one follow the other? A round closes before the next opens or the vote on it opens; a
/// vote that is opened is counted; what is counted may be adopted, or another round opens.
static bool may_follow(int before, int then)
{
	static const int steps[][2] = {
	        {-1, PL_OP_round_open},
	        {PL_OP_round_open, PL_OP_round_close},
	        {PL_OP_round_close, PL_OP_round_open},
	        {PL_OP_round_close, PL_OP_vote_open},
	        {PL_OP_round_close, PL_OP_season_close},
	        {PL_OP_vote_open, PL_OP_vote_close},
	        {PL_OP_vote_close, PL_OP_plan_adopt},
	        {PL_OP_vote_close, PL_OP_round_open},
	        {PL_OP_vote_close, PL_OP_season_close},
	        {PL_OP_plan_adopt, PL_OP_season_close},
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (steps[i][0] == before && steps[i][1] == then) return true;
	return false;
}

static pl_status check_date(const pl_deed *d, int64_t i, int before, pl_error *err)
{
	const char *what = pl_fields_row_text(&d->in, PL_F_calendar_set_dates__what, i);
	const int64_t at = pl_fields_row_whole(&d->in, PL_F_calendar_set_dates__at, i);
	const int64_t earlier =
	        i == 0 ? d->time
	               : pl_fields_row_whole(&d->in, PL_F_calendar_set_dates__at, i - 1);
	if (!may_follow(before, op_of(what)))
		return pl_fail(err, PL_EARG, -1, "date %" PRId64 ": \"%s\" cannot come there",
		               i + 1, what);
	if (at >= earlier) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "date %" PRId64 " is earlier than the one before it, or past", i + 1);
}

/// What was done last in the season, by its phase; -1: nothing.
static pl_status done_before(int *out, pl_deed *d, int64_t season, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_season, season, err));
	const char *phase = f.row.at[PL_C_season_phase].text;
	*out = strcmp(phase, pl_phase_name(PL_PHASE_PROPOSING)) == 0 ? PL_OP_round_open
	       : strcmp(phase, pl_phase_name(PL_PHASE_REVIEW)) == 0  ? PL_OP_round_close
	       : strcmp(phase, pl_phase_name(PL_PHASE_ADOPTED)) == 0 ? PL_OP_plan_adopt
	                                                             : -1;
	pl_found_clear(&f);
	return PL_OK;
}

static pl_status check_dates(pl_deed *d, int64_t season, pl_error *err)
{
	int before;
	PL_TRY(done_before(&before, d, season, err));
	for (int64_t i = 0; i < pl_fields_rows(&d->in, PL_F_calendar_set_dates); i++) {
		PL_TRY(check_date(d, i, before, err));
		before = op_of(pl_fields_row_text(&d->in, PL_F_calendar_set_dates__what, i));
	}
	return PL_OK;
}

/// Replace the dates that are to come.
static pl_status set_dates(pl_deed *d, int64_t season, pl_error *err)
{
	next_date next;
	int64_t number;
	PL_TRY(find_next(&next, d->store, season, err));
	for (number = next.last; next.found;) {
		const pl_state_row key = {{PL_WHOLE(season), PL_WHOLE(next.number)}};
		PL_TRY(pl_store_remove(d->store, PL_ROWS_calendar, &key, err));
		PL_TRY(find_next(&next, d->store, season, err));
	}
	for (int64_t i = 0; i < pl_fields_rows(&d->in, PL_F_calendar_set_dates); i++) {
		const pl_state_row row = {
		        {PL_WHOLE(season), PL_WHOLE(number + i + 1),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_calendar_set_dates__what, i)),
		         PL_WHOLE(pl_fields_row_whole(&d->in, PL_F_calendar_set_dates__at, i)),
		         PL_WHOLE(0)}};
		PL_TRY(pl_store_insert(d->store, PL_ROWS_calendar, &row, err));
	}
	return PL_OK;
}

/* ---- two people ---- */

typedef struct {
	const char *dates; ///< hash of what is wanted now
	int64_t actor;
	int64_t of[2]; ///< own earlier wish, another one who wants the same; 0: none
	int64_t any;   ///< somebody who wants anything
} wishes;

static bool note_wish(void *with, const pl_state_row *row)
{
	wishes *w = with;
	const int64_t person = row->at[PL_C_calendar_wanted_person].whole;
	const bool same = strcmp(row->at[PL_C_calendar_wanted_dates].text, w->dates) == 0;
	w->any = person;
	if (person == w->actor) w->of[0] = person;
	if (person != w->actor && same) w->of[1] = person;
	return true;
}

static pl_status look_at_wishes(wishes *out, const pl_deed *d, int64_t season,
                                const char *dates, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season)}};
	*out = (wishes){.dates = dates, .actor = d->actor};
	return pl_store_scan(d->store, PL_ROWS_calendar_wanted, 1, &key, note_wish, out, err);
}

/// Does somebody else who is a facilitator still want the same?
static pl_status is_seconded(bool *out, const pl_deed *d, const wishes *w, pl_error *err)
{
	*out = false;
	return w->of[1] == 0 ? PL_OK : pl_has_mandate(out, d, w->of[1], 0, "facilitator", err);
}

static pl_status note_wanted(pl_deed *d, int64_t season, const wishes *w, pl_error *err)
{
	const pl_state_row row = {{PL_WHOLE(season), PL_WHOLE(d->actor), PL_TEXT(w->dates)}};
	return w->of[0] != 0 ? pl_store_update(d->store, PL_ROWS_calendar_wanted, &row, err)
	                     : pl_store_insert(d->store, PL_ROWS_calendar_wanted, &row, err);
}

static pl_status forget_wishes(pl_deed *d, int64_t season, pl_error *err)
{
	wishes w;
	for (;;) {
		PL_TRY(look_at_wishes(&w, d, season, "", err));
		if (w.any == 0) return PL_OK;
		const pl_state_row key = {{PL_WHOLE(season), PL_WHOLE(w.any)}};
		PL_TRY(pl_store_remove(d->store, PL_ROWS_calendar_wanted, &key, err));
	}
}

/// SHA-256 of the dates as 64 digits.
static pl_status hash_dates(char out[PL_HASH_CHARS], const pl_deed *d, pl_error *err)
{
	unsigned char sum[crypto_hash_sha256_BYTES];
	char *text = pl_json_text(json_object_get(d->in.object, "dates"));
	if (text == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the calendar");
	(void)crypto_hash_sha256(sum, (const unsigned char *)text, strlen(text));
	(void)sodium_bin2hex(out, PL_HASH_CHARS, sum, sizeof sum);
	free(text);
	return PL_OK;
}

pl_status pl_run_calendar_set(pl_deed *d, pl_error *err)
{
	const int64_t season = PL_ASKED(d, calendar_set, season);
	char dates[PL_HASH_CHARS];
	bool draft, stands;
	pl_found f;
	wishes w;
	PL_TRY(check_dates(d, season, err));
	PL_TRY(hash_dates(dates, d, err));
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_season, season, err));
	draft = strcmp(f.row.at[PL_C_season_phase].text, pl_phase_name(PL_PHASE_DRAFT)) == 0;
	pl_found_clear(&f);
	PL_TRY(look_at_wishes(&w, d, season, dates, err));
	PL_TRY(is_seconded(&stands, d, &w, err));
	stands = stands || draft;
	if (stands) PL_TRY(forget_wishes(d, season, err));
	PL_TRY(stands ? set_dates(d, season, err) : note_wanted(d, season, &w, err));
	return pl_deed_say(d, "stands", stands, err);
}

/* ---- what is due ---- */

typedef struct {
	int64_t now, after, season;
	char what[16];
} looking;

static bool note_due(void *with, const pl_state_row *row)
{
	looking *l = with;
	const int64_t season = row->at[PL_C_calendar_season].whole;
	if (row->at[PL_C_calendar_done].whole != 0 || season <= l->after) return true;
	l->after = season; /* the first date of a season that is to come holds up the others */
	if (row->at[PL_C_calendar_time].whole > l->now) return true;
	l->season = season;
	(void)snprintf(l->what, sizeof l->what, "%s", row->at[PL_C_calendar_what].text);
	return false;
}

typedef struct {
	int64_t season, last, people;
} counting;

static bool note_last_vote(void *with, const pl_state_row *row)
{
	counting *c = with;
	if (row->at[PL_C_vote_season].whole == c->season) c->last = row->at[PL_C_vote_id].whole;
	return true;
}

static bool count_people(void *with, const pl_state_row *row)
{
	counting *c = with;
	c->people += row->at[PL_C_person_erased].whole == 0;
	return true;
}

typedef struct {
	bool vote_seen;
	int64_t count;
} when_counted;

static bool note_count(void *with, const pl_state_row *row)
{
	when_counted *w = with;
	if (row->at[PL_C_calendar_done].whole != 0) return true;
	if (strcmp(row->at[PL_C_calendar_what].text, "count") != 0) return true;
	w->count = row->at[PL_C_calendar_time].whole;
	return false;
}

/// The vote on the plan, by the season's policies.
static json_t *plan_vote(const pl_state_row *season, int64_t until, bool secret)
{
	const char *threshold = season->at[PL_C_season_threshold].text;
	char title[300];
	(void)snprintf(title, sizeof title, "%.200s: the plan of round %" PRId64,
	               season->at[PL_C_season_name].text, season->at[PL_C_season_round].whole);
	return json_pack("{s:I, s:s, s:s, s:s, s:i, s:s, s:s, s:i, s:I, s:[{s:s, s:s}]}",
	                 "about", (json_int_t)season->at[PL_C_season_id].whole, "title", title,
	                 "ballots", "motion", "rule",
	                 threshold[0] == '\0' ? "majority" : "supermajority", "seats", 1,
	                 "threshold", threshold, "quorum", season->at[PL_C_season_quorum].text,
	                 "secret", secret, "until", (json_int_t)until, "options", "code",
	                 "plan", "name", "The plan is adopted");
}

static pl_status fields_of(json_t **out, pl_store *s, const looking *l, int op, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	const pl_state_row key = {{PL_WHOLE(l->season)}};
	counting c = {.season = l->season};
	when_counted w = {.count = 0};
	pl_found f;
	PL_TRY(pl_store_scan(s, PL_ROWS_vote, 0, &none, note_last_vote, &c, err));
	PL_TRY(pl_store_scan(s, PL_ROWS_person, 0, &none, count_people, &c, err));
	PL_TRY(pl_store_scan(s, PL_ROWS_calendar, 1, &key, note_count, &w, err));
	PL_TRY(pl_store_get(&f, s, PL_ROWS_season, &key, err));
	if (op == PL_OP_vote_open)
		*out = plan_vote(&f.row, w.count, c.people >= PL_SECRET_LEAST);
	else if (op == PL_OP_vote_close)
		*out = json_pack("{s:I}", "vote", (json_int_t)c.last);
	else if (op == PL_OP_plan_adopt)
		*out = json_pack("{s:I, s:I}", "season", (json_int_t)l->season, "vote",
		                 (json_int_t)c.last);
	else
		*out = json_pack("{s:I}", "season", (json_int_t)l->season);
	pl_found_clear(&f);
	return *out != NULL ? PL_OK : pl_fail(err, PL_ENOMEM, -1, "no memory for the calendar");
}

pl_status pl_app_due(pl_due *out, pl_store *store, int64_t now, int64_t after, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	looking l = {.now = now, .after = after};
	json_t *fields = NULL;
	*out = (pl_due){.season = 0};
	PL_TRY(pl_store_look(store, err));
	pl_status st = pl_store_scan(store, PL_ROWS_calendar, 0, &none, note_due, &l, err);
	const int op = op_of(l.what);
	if (st == PL_OK && l.season > 0) st = fields_of(&fields, store, &l, op, err);
	pl_store_rollback(store);
	if (st != PL_OK || l.season == 0) return st;
	out->season = l.season;
	out->request = (pl_request){.time = now, .op = pl_ops[op].name};
	out->json = pl_json_text(fields);
	out->request.json = out->json;
	json_decref(fields);
	return out->json != NULL ? PL_OK
	                         : pl_fail(err, PL_ENOMEM, -1, "no memory for the calendar");
}

void pl_due_clear(pl_due *d)
{
	free(d->json);
	*d = (pl_due){.season = 0};
}
