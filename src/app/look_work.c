/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_work.c - who is booked when. */
#include "app/looks.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdlib.h>

static int64_t whole(const json_t *row, const char *column)
{
	return json_integer_value(json_object_get(row, column));
}

pl_status pl_look_bookings(json_t *out, pl_looking *l, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(l->number[0])}};
	json_t *council, *members, *bookings;
	PL_TRY(pl_look_get(&council, l, PL_ROWS_council, l->number[0], err));
	PL_TRY(pl_look_set(out, "council", council, err));
	PL_TRY(pl_look_list(&members, l, PL_ROWS_membership, 1, &key, NULL, NULL, err));
	const size_t people = json_array_size(members);
	json_decref(members);
	PL_TRY(pl_look_set(out, "people", json_integer((json_int_t)people), err));
	PL_TRY(pl_look_list(&bookings, l, PL_ROWS_booking, 1, &key, NULL, NULL, err));
	return pl_look_set(out, "bookings", bookings, err);
}

/* ---- of a season ---- */

static bool is_of_season(const void *with, const pl_state_row *row)
{
	return row->at[PL_C_booking_season].whole == *(const int64_t *)with;
}

typedef struct {
	int64_t begins, id;
	json_t *row;
} booking;

static int by_time(const void *a, const void *b)
{
	const booking *x = a, *y = b;
	if (x->begins != y->begins) return x->begins < y->begins ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/// The same rows in the order of time. @param[out] out new
static pl_status sort(json_t **out, const json_t *rows, pl_error *err)
{
	const size_t n = json_array_size(rows);
	booking *at = pl_alloc((int64_t)n, sizeof *at);
	*out = json_array();
	bool failed = at == NULL || *out == NULL;
	for (size_t i = 0; i < n && !failed; i++) {
		json_t *row = json_array_get(rows, i);
		at[i] = (booking){whole(row, "begins"), whole(row, "id"), row};
	}
	if (n > 0 && !failed) qsort(at, n, sizeof *at, by_time);
	for (size_t i = 0; i < n && !failed; i++)
		failed = json_array_append(*out, at[i].row) != 0;
	pl_free(at);
	if (!failed) return PL_OK;
	json_decref(*out);
	return pl_look_no_memory(err);
}

pl_status pl_look_season_bookings(json_t *out, pl_looking *l, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	json_t *season, *rows, *sorted = NULL;
	PL_TRY(pl_look_get(&season, l, PL_ROWS_season, l->number[0], err));
	PL_TRY(pl_look_set(out, "season", season, err));
	PL_TRY(pl_look_list(&rows, l, PL_ROWS_booking, 0, &none, is_of_season, &l->number[0],
	                    err));
	const pl_status st = sort(&sorted, rows, err);
	json_decref(rows);
	return st == PL_OK ? pl_look_set(out, "bookings", sorted, err) : st;
}
