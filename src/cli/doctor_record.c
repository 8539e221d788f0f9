/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/doctor.h"

#include "base/error.h"
#include "cli/key.h"
#include "cli/tell.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { DAY = 86400, SOON = 14 * DAY, BACKUP_OLD = 2 * DAY, AHEAD = 300 };

static const pl_state_row none = {{{0}}};

/* ---- tables and chain ---- */

/// @return PL_OK, also where the tables are of an older version: nothing more can be read then
static pl_status look_at_tables(pl_diagnosis *d, pl_store *store, pl_error *err)
{
	char said[PL_SAID_MOST], to[PL_SAID_MOST];
	PL_TRY(pl_store_inspect(store, said, err));
	if (said[0] != '\0')
		pl_doctor_say(d, "database", false,
		              "it is damaged (%.200s): restore the last backup", said);
	else
		pl_doctor_say(d, "database", true, "%s",
		              pl_address_is_database(d->record)
		                      ? "it answers; the server looks after its files"
		                      : "no damage");
	if (store->older != 0) {
		pl_doctor_say(d, "tables", false,
		              "version %" PRId64
		              " of %d: plenum doctor --migrate %.200s brings them up to date",
		              store->older, (int)PL_STORE_VERSION, d->record);
		return PL_OK;
	}
	pl_doctor_say(d, "tables", true, "version %d", (int)PL_STORE_VERSION);
	PL_TRY(pl_store_moved(to, store, err));
	if (to[0] != '\0')
		pl_doctor_say(d, "place", false,
		              "this record was moved to %.200s and goes on there", to);
	return PL_OK;
}

static pl_status look_at_chain(int64_t *height, pl_diagnosis *d, pl_store *store, pl_error *err)
{
	char day[PL_DAY_CHARS], events[48];
	int64_t time;
	PL_TRY(pl_store_head(height, d->head, &time, store, err));
	if (*height == 0) {
		pl_doctor_say(d, "chain", false, "nothing is recorded yet");
		return PL_OK;
	}
	pl_doctor_say(d, "chain", true, "%s, the last on %s",
	              pl_tell_count(events, *height, "event", "events"),
	              pl_doctor_day(day, time));
	if (time > d->now + AHEAD)
		pl_doctor_say(d, "clock", false,
		              "the computer's clock is %" PRId64
		              " s behind the last event, which dates all that come: set it",
		              time - d->now);
	else
		pl_doctor_say(d, "clock", true, "%s, not before the last event",
		              pl_doctor_day(day, d->now));
	return PL_OK;
}

/* ---- tasks ---- */

/// Tasks whose term ends soon, and until when the federation has somebody for a role.
typedef struct {
	int64_t now, ending, first;
	char said[200];
	const char *role; ///< asked for; NULL: all that end
	int64_t last;     ///< term of the role's last holder
} terms;

static bool note_term(void *with, const pl_state_row *row)
{
	terms *t = with;
	const int64_t until = row->at[PL_C_mandate_until].whole,
	              council = row->at[PL_C_mandate_council].whole;
	if (until <= t->now) return true;
	if (t->role != NULL) {
		if (council == 0 && strcmp(row->at[PL_C_mandate_role].text, t->role) == 0 &&
		    until > t->last)
			t->last = until;
		return true;
	}
	if (until > t->now + SOON) return true;
	if (t->ending++ > 0 && until >= t->first) return true;
	t->first = until;
	const int n =
	        snprintf(t->said, sizeof t->said, "person %" PRId64 " as %s",
	                 row->at[PL_C_mandate_person].whole, row->at[PL_C_mandate_role].text);
	if (council > 0)
		(void)snprintf(t->said + n, sizeof t->said - (size_t)n, " of council %" PRId64,
		               council);
	return true;
}

static pl_status look_at_role(pl_diagnosis *d, pl_store *store, const char *role, pl_error *err)
{
	terms t = {.now = d->now, .role = role};
	char day[PL_DAY_CHARS];
	PL_TRY(pl_store_scan(store, PL_ROWS_mandate, 0, &none, note_term, &t, err));
	if (t.last == 0)
		pl_doctor_say(d, role, false, "there is none");
	else if (t.last <= d->now + SOON)
		pl_doctor_say(d, role, false, "there is none after %s: give somebody the task",
		              pl_doctor_day(day, t.last));
	else
		pl_doctor_say(d, role, true, "there is one");
	return PL_OK;
}

static pl_status look_at_tasks(pl_diagnosis *d, pl_store *store, pl_error *err)
{
	terms t = {.now = d->now};
	char day[PL_DAY_CHARS], tasks[48];
	PL_TRY(look_at_role(d, store, "administrator", err));
	PL_TRY(look_at_role(d, store, "facilitator", err));
	PL_TRY(pl_store_scan(store, PL_ROWS_mandate, 0, &none, note_term, &t, err));
	if (t.ending == 0)
		pl_doctor_say(d, "terms", true, "no task ends within two weeks");
	else
		pl_doctor_say(d, "terms", false,
		              "%s within two weeks, first on %s: %s: give it anew, or to "
		              "somebody else",
		              pl_tell_count(tasks, t.ending, "task ends", "tasks end"),
		              pl_doctor_day(day, t.first), t.said);
	return PL_OK;
}

/* ---- votes ---- */

typedef struct {
	int64_t n, first, opened;
} open_votes;

static bool note_vote(void *with, const pl_state_row *row)
{
	open_votes *v = with;
	if (strcmp(row->at[PL_C_vote_state].text, "open") != 0) return true;
	if (v->n++ > 0 && row->at[PL_C_vote_opened].whole >= v->opened) return true;
	v->first = row->at[PL_C_vote_id].whole;
	v->opened = row->at[PL_C_vote_opened].whole;
	return true;
}

static pl_status look_at_votes(pl_diagnosis *d, pl_store *store, pl_error *err)
{
	open_votes v = {0};
	char day[PL_DAY_CHARS], votes[48];
	PL_TRY(pl_store_scan(store, PL_ROWS_vote, 0, &none, note_vote, &v, err));
	if (v.n == 0)
		pl_doctor_say(d, "votes", true, "none is open");
	else
		pl_doctor_say(d, "votes", true, "%s open, vote %" PRId64 " since %s",
		              pl_tell_count(votes, v.n, "is", "are"), v.first,
		              pl_doctor_day(day, v.opened));
	return PL_OK;
}

/* ---- backups ---- */

static void judge_backup(pl_diagnosis *d, int64_t height, const char *note)
{
	char day[PL_DAY_CHARS], events[48];
	json_t *about = json_loads(note, 0, NULL);
	const int64_t time = json_integer_value(json_object_get(about, "time")),
	              since = height - json_integer_value(json_object_get(about, "height"));
	const bool good = since == 0 || time >= d->now - BACKUP_OLD;
	pl_doctor_say(d, "backup", good, "%s, %s since%s", pl_doctor_day(day, time),
	              since == 0 ? "nothing" : pl_tell_count(events, since, "event", "events"),
	              good ? "" : ": plenum backup, every night");
	json_decref(about);
}

static pl_status look_at_backup(pl_diagnosis *d, pl_store *store, int64_t height, pl_error *err)
{
	pl_note_found f;
	PL_TRY(pl_store_note_find(&f, store, PL_NOTE_BACKUP, "last", err));
	if (f.found)
		judge_backup(d, height, f.note.value);
	else
		pl_doctor_say(d, "backup", false, "there was none: plenum backup, every night");
	pl_note_found_clear(&f);
	return PL_OK;
}

pl_status pl_doctor_record(pl_diagnosis *d, pl_store *store, pl_error *err)
{
	int64_t height;
	PL_TRY(look_at_tables(d, store, err));
	PL_TRY(look_at_chain(&height, d, store, err));
	if (store->older != 0 || height == 0) return PL_OK;
	PL_TRY(look_at_tasks(d, store, err));
	PL_TRY(look_at_votes(d, store, err));
	return look_at_backup(d, store, height, err);
}
