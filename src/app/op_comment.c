/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_comment.c - discussions: each council has one, for its members and those whom its work
 * concerns. */
#include "app/deed.h"
#include "app/season.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

#include <inttypes.h>

/* ---- whom it concerns ---- */

typedef struct {
	int64_t *at;
	int64_t n, room;
	int64_t person; ///< whose memberships are noted
	bool failed;
} numbers;

static bool note(numbers *l, int64_t number)
{
	if (l->n == l->room) {
		const int64_t room = pl_grow_room(l->room, l->n + 1);
		int64_t *more = pl_grow(l->at, l->n, room, sizeof *more);
		l->failed = more == NULL;
		if (l->failed) return false;
		l->at = more;
		l->room = room;
	}
	l->at[l->n++] = number;
	return true;
}

static bool note_good(void *with, const pl_state_row *row)
{
	return note(with, row->at[PL_C_line_good].whole);
}

static bool note_council(void *with, const pl_state_row *row)
{
	numbers *l = with;
	if (row->at[PL_C_membership_person].whole != l->person) return true;
	return note(l, row->at[PL_C_membership_council].whole);
}

typedef struct {
	const numbers *goods;
	bool found;
} sharing;

static bool note_shared(void *with, const pl_state_row *row)
{
	sharing *s = with;
	for (int64_t i = 0; i < s->goods->n && !s->found; i++)
		s->found = s->goods->at[i] == row->at[PL_C_line_good].whole;
	return !s->found;
}

/// Does a council of the actor's deal in a good that this one deals in?
static pl_status shares_good(bool *out, const pl_deed *d, int64_t council, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	const pl_state_row its = {{PL_WHOLE(council)}};
	numbers goods = {.n = 0}, own = {.person = d->actor};
	sharing s = {.goods = &goods};
	pl_status st = pl_store_scan(d->store, PL_ROWS_line, 1, &its, note_good, &goods, err);
	if (st == PL_OK)
		st = pl_store_scan(d->store, PL_ROWS_membership, 0, &none, note_council, &own,
		                   err);
	if (st == PL_OK && (goods.failed || own.failed))
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for who may say this");
	for (int64_t i = 0; i < own.n && st == PL_OK && !s.found; i++) {
		const pl_state_row key = {{PL_WHOLE(own.at[i])}};
		st = pl_store_scan(d->store, PL_ROWS_line, 1, &key, note_shared, &s, err);
	}
	pl_free(goods.at);
	pl_free(own.at);
	*out = s.found;
	return st;
}

static pl_status check_concern(const pl_deed *d, int64_t council, pl_error *err)
{
	bool is;
	PL_TRY(pl_is_member(&is, d, council, err));
	if (!is) PL_TRY(pl_has_mandate(&is, d, d->actor, council, "delegate", err));
	if (!is) PL_TRY(pl_has_mandate(&is, d, d->actor, 0, "facilitator", err));
	if (!is) PL_TRY(pl_has_mandate(&is, d, d->actor, 0, "auditor", err));
	if (!is) PL_TRY(shares_good(&is, d, council, err));
	if (is) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "council %" PRId64 " discusses with its members and with those of "
	               "councils that deal in a good that it deals in",
	               council);
}

/* ---- writing ---- */

static pl_status check_objection(pl_deed *d, int64_t council, int64_t objection, pl_error *err)
{
	pl_found f;
	if (objection == 0) return PL_OK;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_objection, objection, err));
	const bool its = f.row.at[PL_C_objection_council].whole == council;
	pl_found_clear(&f);
	if (its) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "objection %" PRId64 " is to the proposal of another council",
	               objection);
}

pl_status pl_run_comment_write(pl_deed *d, pl_error *err)
{
	const int64_t council = PL_ASKED(d, comment_write, council),
	              season = PL_ASKED(d, comment_write, season),
	              objection = PL_ASKED(d, comment_write, objection);
	int64_t id, round = 0;
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_council, council, err));
	pl_found_clear(&f);
	PL_TRY(check_concern(d, council, err));
	PL_TRY(check_objection(d, council, objection, err));
	if (season > 0) PL_TRY(pl_season_round(&round, d, season, err));
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_comment, err));
	const pl_state_row row = {{PL_WHOLE(council), PL_WHOLE(id), PL_WHOLE(season),
	                           PL_WHOLE(round), PL_WHOLE(objection), PL_WHOLE(d->actor),
	                           PL_WHOLE(d->time),
	                           PL_TEXT(PL_ASKED_TEXT(d, comment_write, text))}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_comment, &row, err));
	return pl_deed_say(d, "comment", id, err);
}
