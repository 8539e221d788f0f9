/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/standing.h"

#include "app/economy.h"
#include "app/season.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

#include <inttypes.h>
#include <string.h>

/* ---- ruling ---- */

/// Was the proposal of the objection flagged when it was filed?
static pl_status is_flagged(bool *out, pl_deed *d, const pl_state_row *objection, pl_error *err)
{
	const pl_cell *at = objection->at;
	int64_t version;
	pl_found f;
	PL_TRY(pl_app_version(&version, d->store, at[PL_C_objection_season].whole,
	                      at[PL_C_objection_round].whole, at[PL_C_objection_council].whole,
	                      err));
	const pl_state_row key = {{at[PL_C_objection_season], at[PL_C_objection_round],
	                           at[PL_C_objection_council], PL_WHOLE(version)}};
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_proposal, &key, err));
	*out = f.found && f.row.at[PL_C_proposal_flags].text[0] != '\0';
	pl_found_clear(&f);
	return PL_OK;
}

static pl_status check_round(pl_deed *d, const pl_state_row *objection, pl_error *err)
{
	int64_t now;
	const int64_t round = objection->at[PL_C_objection_round].whole;
	PL_TRY(pl_season_round(&now, d, objection->at[PL_C_objection_season].whole, err));
	if (now == round) return PL_OK;
	return pl_fail(err, PL_ECONFLICT, -1,
	               "objection %" PRId64 " is about round %" PRId64
	               ", which is over: the council is heard again when it files another "
	               "proposal",
	               objection->at[PL_C_objection_id].whole, round);
}

/// A ruling that is to leave the proposal out.
static pl_status leave_out(pl_state_row *objection, pl_deed *d, bool grants, pl_error *err)
{
	bool flagged;
	if (!grants)
		return pl_fail(
		        err, PL_EARG, -1,
		        "\"until_revised\" goes with a ruling that grants the objection");
	PL_TRY(is_flagged(&flagged, d, objection, err));
	if (!flagged)
		return pl_fail(
		        err, PL_EDENIED, -1,
		        "the proposal of council %" PRId64
		        " passed: it is worth what it costs at the announced prices, and "
		        "nobody can leave it out",
		        objection->at[PL_C_objection_council].whole);
	PL_TRY(check_round(d, objection, err));
	objection->at[PL_C_objection_stands] = PL_WHOLE(1);
	return PL_OK;
}

pl_status pl_standing_move(pl_state_row *objection, pl_deed *d, const char *to, pl_error *err)
{
	const bool stands = objection->at[PL_C_objection_stands].whole == 1,
	           overturned = strcmp(to, "overturned") == 0;
	if (d->in.op != PL_OP_objection_rule) return PL_OK;
	if (PL_ASKED(d, objection_rule, until_revised) == 1)
		return leave_out(objection, d,
		                 strcmp(to, "granted") == 0 || (overturned && !stands), err);
	if (!stands) return PL_OK;
	PL_TRY(check_round(d, objection, err));
	objection->at[PL_C_objection_stands] = PL_WHOLE(!overturned);
	return PL_OK;
}

/* ---- what is left out ---- */

static bool note_standing(void *with, const pl_state_row *row)
{
	pl_standing *st = with;
	if (row->at[PL_C_objection_stands].whole == 0 ||
	    row->at[PL_C_objection_season].whole != st->season)
		return true;
	if (st->n == st->room) {
		const int64_t room = pl_grow_room(st->room, st->n + 1);
		void *more = pl_grow(st->at, st->n, room, sizeof *st->at);
		st->failed = more == NULL;
		if (st->failed) return false;
		st->at = more;
		st->room = room;
	}
	st->at[st->n].council = row->at[PL_C_objection_council].whole;
	st->at[st->n++].round = row->at[PL_C_objection_round].whole;
	return true;
}

pl_status pl_standing_of(pl_standing *out, pl_store *s, int64_t season, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	*out = (pl_standing){.season = season};
	pl_status st = pl_store_scan(s, PL_ROWS_objection, 0, &none, note_standing, out, err);
	if (st == PL_OK && out->failed)
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for the rulings");
	if (st != PL_OK) pl_standing_clear(out);
	return st;
}

void pl_standing_clear(pl_standing *st)
{
	pl_free(st->at);
	*st = (pl_standing){0};
}

pl_status pl_standing_leaves(bool *out, const pl_standing *st, pl_store *s, int64_t round,
                             int64_t council, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(st->season), PL_WHOLE(round), PL_WHOLE(council)}};
	int64_t last = 0, version = 0;
	pl_found absent;
	PL_TRY(pl_store_get(&absent, s, PL_ROWS_absent, &key, err));
	*out = absent.found;
	pl_found_clear(&absent);
	if (*out) return PL_OK;
	for (int64_t i = 0; i < st->n; i++)
		if (st->at[i].council == council && st->at[i].round < round &&
		    st->at[i].round > last)
			last = st->at[i].round;
	*out = last > 0;
	for (int64_t r = last + 1; *out && r <= round; r++) {
		PL_TRY(pl_app_version(&version, s, st->season, r, council, err));
		*out = version == 0;
	}
	return PL_OK;
}

pl_status pl_standing_check(pl_store *s, int64_t season, int64_t round, pl_error *err)
{
	pl_standing st;
	int64_t council = 0;
	PL_TRY(pl_standing_of(&st, s, season, err));
	for (int64_t i = 0; i < st.n; i++)
		if (st.at[i].round == round) council = st.at[i].council;
	pl_standing_clear(&st);
	if (council == 0) return PL_OK;
	return pl_fail(
	        err, PL_ECONFLICT, -1,
	        "a ruling leaves the proposal of council %" PRId64
	        " out until it is revised: open another round, in which it revises or is "
	        "left out",
	        council);
}
