/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_work.c - hours of people: a crew is booked for one task at a time. What is booked of a
 * labour in a season stays within what the adopted plan uses of it. */
#include "app/swap.h"
#include "app/work.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/number.h"

#include <inttypes.h>
#include <plenum/model.h>
#include <string.h>

/* ---- who is there, and when ---- */

typedef struct {
	pl_shift *at;
	int64_t n, room;
	bool failed;
} shifts;

static bool note_shift(void *with, const pl_state_row *row)
{
	shifts *s = with;
	if (s->n == s->room) {
		const int64_t room = pl_grow_room(s->room, s->n + 1);
		pl_shift *more = pl_grow(s->at, s->n, room, sizeof *more);
		s->failed = more == NULL;
		if (s->failed) return false;
		s->at = more;
		s->room = room;
	}
	s->at[s->n++] =
	        (pl_shift){row->at[PL_C_booking_begins].whole, row->at[PL_C_booking_ends].whole,
	                   row->at[PL_C_booking_people].whole};
	return true;
}

static bool count(void *with, const pl_state_row *row)
{
	(void)row;
	++*(int64_t *)with;
	return true;
}

pl_status pl_work_crew(pl_crew *out, int64_t *members, pl_store *s, int64_t council,
                       pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(council)}};
	shifts all = {.n = 0};
	*out = (pl_crew){0};
	*members = 0;
	PL_TRY(pl_store_scan(s, PL_ROWS_membership, 1, &key, count, members, err));
	pl_status st = pl_store_scan(s, PL_ROWS_booking, 1, &key, note_shift, &all, err);
	if (st == PL_OK && all.failed)
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for the bookings");
	if (st == PL_OK) st = pl_crew_of(out, all.at, all.n, err);
	pl_free(all.at);
	return st;
}

pl_status pl_work_uses(bool *uses, pl_store *s, int64_t council, int64_t good, pl_error *err)
{
	const pl_state_row key = {
	        {PL_WHOLE(council), PL_WHOLE(good), PL_TEXT(pl_role_name(PL_USES))}};
	int64_t lines = 0;
	PL_TRY(pl_store_scan(s, PL_ROWS_line, 3, &key, count, &lines, err));
	*uses = lines > 0;
	return PL_OK;
}

static pl_status check_people(pl_deed *d, const pl_booking *b, pl_error *err)
{
	pl_crew crew;
	int64_t members;
	PL_TRY(pl_work_crew(&crew, &members, d->store, b->council, err));
	const int64_t booked = pl_crew_most(&crew, b->begins, b->ends, NULL);
	const pl_status st = booked + b->people <= members
	                             ? PL_OK
	                             : pl_work_refuse(d, b, &crew, members, err);
	pl_crew_clear(&crew);
	return st;
}

/* ---- hours of a labour ---- */

typedef struct {
	int64_t season, good, seconds;
} hours;

static bool add_hours(void *with, const pl_state_row *row)
{
	hours *h = with;
	if (row->at[PL_C_booking_season].whole == h->season &&
	    row->at[PL_C_booking_good].whole == h->good)
		h->seconds +=
		        row->at[PL_C_booking_people].whole *
		        (row->at[PL_C_booking_ends].whole - row->at[PL_C_booking_begins].whole);
	return true;
}

pl_status pl_work_seconds(int64_t *out, pl_store *s, int64_t season, int64_t council,
                          int64_t good, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(council)}};
	hours h = {.season = season, .good = good};
	PL_TRY(pl_store_scan(s, PL_ROWS_booking, 1, &key, add_hours, &h, err));
	*out = h.seconds;
	return PL_OK;
}

bool pl_work_in_hours(const pl_state_row *good)
{
	static const char *const units[] = {"hour", "hours", "h"};
	if (strcmp(good->at[PL_C_good_kind].text, pl_good_kind_name(PL_LABOUR)) != 0)
		return false;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcmp(good->at[PL_C_good_unit].text, units[i]) == 0) return true;
	return false;
}

/// The hours of the plan as it is now are enough for all that is booked of them, to a second.
static pl_status check_hours(pl_deed *d, const pl_booking *b, double step, pl_error *err)
{
	static const double hour = 3600;
	const pl_state_row key = {{PL_WHOLE(b->season)}};
	const pl_plan_at at = {b->season, b->council, b->good, pl_role_name(PL_USES)};
	int64_t lines = 0, steps, seconds;
	bool there;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_plan_line, 1, &key, count, &lines, err));
	if (lines == 0) return PL_OK; /* no plan stands yet */
	PL_TRY(pl_swap_planned(&steps, &there, d->store, &at, err));
	PL_TRY(pl_work_seconds(&seconds, d->store, b->season, b->council, b->good, err));
	const double asked = (double)b->people * (double)(b->ends - b->begins),
	             planned = (double)steps * step;
	if ((double)seconds + asked <= planned * hour + 1) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1,
	               "the plan has %.2f hours of good %" PRId64 " for council %" PRId64
	               ", %.2f of them are booked, and this takes %.2f: book less, or free "
	               "something",
	               planned, b->good, b->council, (double)seconds / hour, asked / hour);
}

static pl_status check_labour(pl_deed *d, const pl_booking *b, pl_error *err)
{
	pl_found f;
	bool uses;
	double step = 1;
	if (b->good == 0) return PL_OK;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_good, b->good, err));
	const bool labour = strcmp(f.row.at[PL_C_good_kind].text,
	                           pl_good_kind_name(PL_LABOUR)) == 0,
	           counted = pl_work_in_hours(&f.row);
	(void)pl_number_read(&step, f.row.at[PL_C_good_step].text); /* checked by good.set */
	pl_found_clear(&f);
	PL_TRY(pl_work_uses(&uses, d->store, b->council, b->good, err));
	if (!labour || !uses)
		return pl_fail(err, PL_EARG, -1,
		               "good %" PRId64 " is no labour that council %" PRId64
		               "'s schedule uses",
		               b->good, b->council);
	return counted ? check_hours(d, b, step, err) : PL_OK;
}

/* ---- booking ---- */

typedef struct {
	int64_t id, begins;
	bool found;
} sought;

static bool seek(void *with, const pl_state_row *row)
{
	sought *s = with;
	if (row->at[PL_C_booking_id].whole != s->id) return true;
	s->begins = row->at[PL_C_booking_begins].whole;
	s->found = true;
	return false;
}

static pl_status take_back(pl_deed *d, int64_t council, int64_t booking, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(council)}};
	sought s = {.id = booking};
	PL_TRY(pl_store_scan(d->store, PL_ROWS_booking, 1, &key, seek, &s, err));
	if (!s.found)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "council %" PRId64 " has no booking %" PRId64, council, booking);
	const pl_state_row row = {{PL_WHOLE(council), PL_WHOLE(s.begins), PL_WHOLE(booking)}};
	return pl_store_remove(d->store, PL_ROWS_booking, &row, err);
}

static pl_status check(pl_deed *d, const pl_booking *b, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_council, b->council, err));
	pl_found_clear(&f);
	if (b->ends <= b->begins) return pl_fail(err, PL_EARG, -1, "work ends after it begins");
	PL_TRY(check_labour(d, b, err));
	return check_people(d, b, err);
}

pl_status pl_run_work_book(pl_deed *d, pl_error *err)
{
	const pl_booking b = {.season = PL_ASKED(d, work_book, season),
	                      .council = PL_ASKED(d, work_book, council),
	                      .good = PL_ASKED(d, work_book, good),
	                      .people = PL_ASKED(d, work_book, people),
	                      .begins = PL_ASKED(d, work_book, begins),
	                      .ends = PL_ASKED(d, work_book, ends)};
	const int64_t instead = PL_ASKED(d, work_book, instead);
	int64_t id;
	if (instead > 0) PL_TRY(take_back(d, b.council, instead, err));
	PL_TRY(check(d, &b, err));
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_booking, err));
	const pl_state_row row = {{PL_WHOLE(b.council), PL_WHOLE(b.begins), PL_WHOLE(id),
	                           PL_WHOLE(b.ends), PL_WHOLE(b.people), PL_WHOLE(b.season),
	                           PL_WHOLE(PL_ASKED(d, work_book, serves)), PL_WHOLE(b.good),
	                           PL_WHOLE(d->actor),
	                           PL_TEXT(PL_ASKED_TEXT(d, work_book, task))}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_booking, &row, err));
	return pl_deed_say(d, "booking", id, err);
}

pl_status pl_run_work_unbook(pl_deed *d, pl_error *err)
{
	return take_back(d, PL_ASKED(d, work_unbook, council),
	                 PL_ASKED(d, work_unbook, booking), err);
}
