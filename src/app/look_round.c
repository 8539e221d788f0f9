/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_round.c - how far a proposal may move. */
#include "app/looks.h"
#include "app/reach.h"
#include "base/error.h"
#include "base/number.h"

/* ---- bounds of a proposal ---- */

static pl_status put_bound(json_t *lines, const pl_reach *r, int64_t link, pl_error *err)
{
	int64_t from, to;
	char last[PL_NUMBER_CHARS];
	pl_reach_steps(&from, &to, r, link);
	json_t *line = json_pack(
	        "{s:I, s:s, s:s, s:I}", "good", (json_int_t)r->rows.good[r->m->link.good[link]],
	        "role", pl_role_name(r->m->link.role[link]), "last",
	        pl_number_print(last, r->last[link]), "from", (json_int_t)from);
	if (line == NULL || json_array_append_new(lines, line) != 0)
		return pl_look_no_memory(err);
	return to < 0 ? PL_OK : pl_look_set(line, "to", json_integer(to), err);
}

static pl_status put_bounds(json_t *out, const pl_reach *r, pl_error *err)
{
	json_t *lines = json_array();
	PL_TRY(pl_look_set(out, "round", json_integer(r->round), err));
	PL_TRY(pl_look_set(out, "limited", json_boolean(r->limited), err));
	PL_TRY(pl_look_set(out, "lines", lines, err));
	for (int64_t k = r->first; r->limited && k < r->after; k++)
		PL_TRY(put_bound(lines, r, k, err));
	return PL_OK;
}

pl_status pl_look_bounds(json_t *out, pl_looking *l, pl_error *err)
{
	pl_reach r;
	PL_TRY(pl_look_set(out, "season", json_integer(l->number[0]), err));
	PL_TRY(pl_look_set(out, "council", json_integer(l->number[1]), err));
	PL_TRY(pl_reach_new(&r, l->store, l->number[0], l->number[1], err));
	const pl_status st = put_bounds(out, &r, err);
	pl_reach_clear(&r);
	return st;
}
