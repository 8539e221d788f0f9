/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_refuse.c - why people cannot be booked: what is in the way, when they are free together,
 * and which other workplaces have people free. None of it is recorded. */
#include "app/economy.h"
#include "app/work.h"
#include "base/error.h"
#include "base/text.h"

#include <inttypes.h>
#include <plenum/model.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MOMENT_CHARS = 64, OTHERS_MOST = 10, OTHERS_SAID = 3 };

/// "2027-03-01 08:00 UTC". @return out
static const char *moment(char out[MOMENT_CHARS], int64_t seconds)
{
	const time_t t = (time_t)seconds;
	struct tm day = {0};
	(void)gmtime_r(&t, &day);
	(void)snprintf(out, MOMENT_CHARS, "%04ld-%02d-%02d %02d:%02d UTC", 1900L + day.tm_year,
	               day.tm_mon + 1, day.tm_mday, day.tm_hour, day.tm_min);
	return out;
}

/// A list as a member of d->why; takes it over. @return the list; NULL: no memory
static json_t *tell(pl_deed *d, const char *key, json_t *value)
{
	return json_object_set_new(d->why, key, value) == 0 ? value : NULL;
}

static json_t *span(int64_t begins, int64_t ends)
{
	return json_pack("{s:I, s:I}", "begins", (json_int_t)begins, "ends", (json_int_t)ends);
}

/* ---- what is in the way ---- */

typedef struct {
	int64_t moment;
	json_t *list;
	bool failed;
	char first[160]; ///< the first of them, in words
} way;

static bool note_in_the_way(void *with, const pl_state_row *row)
{
	way *w = with;
	const int64_t begins = row->at[PL_C_booking_begins].whole,
	              ends = row->at[PL_C_booking_ends].whole,
	              id = row->at[PL_C_booking_id].whole,
	              people = row->at[PL_C_booking_people].whole;
	const char *task = row->at[PL_C_booking_task].text;
	char brief[PL_BRIEF_CHARS], from[MOMENT_CHARS], until[MOMENT_CHARS];
	if (begins > w->moment || ends <= w->moment) return true;
	json_t *one = json_pack(
	        "{s:I, s:s, s:I, s:I, s:I, s:I}", "booking", (json_int_t)id, "task", task,
	        "serves", (json_int_t)row->at[PL_C_booking_serves].whole, "people",
	        (json_int_t)people, "begins", (json_int_t)begins, "ends", (json_int_t)ends);
	w->failed = json_array_append_new(w->list, one) != 0;
	if (w->first[0] == '\0')
		(void)snprintf(w->first, sizeof w->first,
		               "\"%s\" (booking %" PRId64 ", %s to %s, takes %" PRId64 ")",
		               pl_text_brief(brief, task), id, moment(from, begins),
		               moment(until, ends), people);
	return !w->failed;
}

/* ---- who else is free ---- */

/// People of another workplace, who do the same labour, that are free all the time.
static pl_status free_there(int64_t *free, pl_deed *d, const pl_booking *b, int64_t council,
                            pl_error *err)
{
	pl_crew crew;
	bool uses;
	*free = 0;
	PL_TRY(pl_work_uses(&uses, d->store, council, b->good, err));
	if (!uses) return PL_OK;
	PL_TRY(pl_work_crew(&crew, free, d->store, council, err));
	*free -= pl_crew_most(&crew, b->begins, b->ends, NULL);
	pl_crew_clear(&crew);
	return PL_OK;
}

static pl_status add_other(json_t *others, pl_deed *d, int64_t council, int64_t free,
                           pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_council, council, err));
	const char *name = f.row.at[PL_C_council_name].text;
	json_t *other = json_pack("{s:I, s:s, s:I}", "council", (json_int_t)council, "name",
	                          name[0] == '\0' ? f.row.at[PL_C_council_code].text : name,
	                          "free", (json_int_t)free);
	pl_found_clear(&f);
	return json_array_append_new(others, other) == 0
	               ? PL_OK
	               : pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
}

static pl_status find_others(json_t *others, pl_deed *d, const pl_booking *b, pl_error *err)
{
	pl_app_rows rows;
	if (b->good == 0) return PL_OK;
	PL_TRY(pl_app_rows_of(&rows, d->store, err));
	pl_status st = PL_OK;
	for (int32_t i = 0; i < rows.n_councils && st == PL_OK; i++) {
		int64_t free = 0;
		if (rows.council[i] == b->council || json_array_size(others) >= OTHERS_MOST)
			continue;
		st = free_there(&free, d, b, rows.council[i], err);
		if (st == PL_OK && free >= b->people)
			st = add_other(others, d, rows.council[i], free, err);
	}
	pl_app_rows_clear(&rows);
	return st;
}

/* ---- the sentence ---- */

/// "; free then for the same labour: joiners (4), roofers (6)".
static void say_others(char *out, size_t room, const json_t *others)
{
	size_t i, n = 0;
	json_t *other;
	out[0] = '\0';
	json_array_foreach(others, i, other)
	{
		char brief[PL_BRIEF_CHARS];
		if (i == OTHERS_SAID || n >= room) return;
		n += (size_t)snprintf(
		        out + n, room - n, "%s%s (%" PRId64 ")",
		        i == 0 ? "; free then for the same labour: " : ", ",
		        pl_text_brief(brief, json_string_value(json_object_get(other, "name"))),
		        (int64_t)json_integer_value(json_object_get(other, "free")));
	}
}

/// The council has so many people, but some are booked.
static pl_status refuse_booked(pl_deed *d, const pl_booking *b, const pl_crew *crew,
                               int64_t members, const json_t *others, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(b->council)}};
	const int64_t length = b->ends - b->begins, most = members - b->people,
	              next = pl_crew_next(crew, b->begins, length, most),
	              day = pl_crew_next_day(crew, b->begins, length, most);
	char also[200], then[MOMENT_CHARS], later[MOMENT_CHARS];
	way w = {.list = tell(d, "in_the_way", json_array())};
	const int64_t booked = pl_crew_most(crew, b->begins, b->ends, &w.moment);
	w.failed = w.list == NULL || tell(d, "next", span(next, next + length)) == NULL ||
	           tell(d, "same_hours", span(day, day + length)) == NULL;
	if (!w.failed)
		PL_TRY(pl_store_scan(d->store, PL_ROWS_booking, 1, &key, note_in_the_way, &w,
		                     err));
	if (w.failed) return pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
	say_others(also, sizeof also, others);
	return pl_fail(err, PL_ECONFLICT, -1,
	               "of %" PRId64 " people %" PRId64 " are free then: %s is in the way; "
	               "%" PRId64 " are free as long from %s, at the same hours from %s%s",
	               members, members - booked, w.first, b->people, moment(then, next),
	               moment(later, day), also);
}

pl_status pl_work_refuse(pl_deed *d, const pl_booking *b, const pl_crew *crew, int64_t members,
                         pl_error *err)
{
	char also[200];
	const int64_t booked = pl_crew_most(crew, b->begins, b->ends, NULL);
	d->why = json_pack("{s:I, s:I}", "members", (json_int_t)members, "free",
	                   (json_int_t)(members - booked));
	json_t *others = d->why == NULL ? NULL : tell(d, "others", json_array());
	if (others == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the answer");
	PL_TRY(find_others(others, d, b, err));
	if (members >= b->people) return refuse_booked(d, b, crew, members, others, err);
	say_others(also, sizeof also, others);
	return pl_fail(err, PL_ECONFLICT, -1,
	               "council %" PRId64 " has %" PRId64 " people, and %" PRId64
	               " are asked for%s",
	               b->council, members, b->people, also);
}
