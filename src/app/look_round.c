/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_round.c - a round, and how far a proposal may move in it. */
#include "app/looks.h"
#include "app/reach.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- proposals that count ---- */

/// The newest version of each council's proposal, page by page where that was asked for.
typedef struct {
	const pl_looking *l;
	json_t *list;
	int64_t after, limit; ///< councils; limit 0: all
	int64_t last;         ///< council of the row before
	bool more, failed;
} newest;

/// Versions of a council come one after another, in rising order: the last one stays.
static bool note_proposal(void *with, const pl_state_row *row)
{
	newest *n = with;
	const int64_t council = row->at[PL_C_proposal_council].whole;
	const size_t size = json_array_size(n->list);
	if (council <= n->after) return true;
	const bool again = council == n->last;
	n->more = !again && n->limit > 0 && size == (size_t)n->limit;
	if (n->more) return false;
	json_t *now = pl_look_row(n->l, PL_ROWS_proposal, row);
	n->failed = (again ? json_array_set_new(n->list, size - 1, now)
	                   : json_array_append_new(n->list, now)) != 0;
	n->last = council;
	return !n->failed;
}

/// Which page of councils was asked for.
static pl_status read_page(newest *n, pl_error *err)
{
	enum { DIGITS_MOST = 15 };
	const pl_look *look = n->l->look;
	const size_t digits = look->after == NULL ? 0 : strlen(look->after);
	if (look->after == NULL && look->limit == 0) return PL_OK;
	n->limit = pl_look_limit(n->l);
	if (look->after == NULL) return PL_OK;
	if (digits == 0 || digits > DIGITS_MOST || strspn(look->after, "0123456789") != digits)
		return pl_fail(err, PL_EARG, -1, "\"after\" is the number of a council");
	n->after = strtoll(look->after, NULL, 10);
	return PL_OK;
}

static pl_status put_proposals(json_t *out, const pl_looking *l, const pl_state_row *round,
                               pl_error *err)
{
	newest n = {.l = l};
	char last[24];
	PL_TRY(read_page(&n, err));
	n.list = json_array();
	PL_TRY(pl_look_set(out, "proposals", n.list, err));
	PL_TRY(pl_store_scan(l->store, PL_ROWS_proposal, 2, round, note_proposal, &n, err));
	if (n.failed) return pl_look_no_memory(err);
	(void)snprintf(last, sizeof last, "%" PRId64, n.last);
	return n.more ? pl_look_set(out, "more", json_string(last), err) : PL_OK;
}

/* ---- a round ---- */

static pl_status put_list(json_t *out, const char *key, const pl_looking *l, int table,
                          const pl_state_row *round, pl_error *err)
{
	json_t *list;
	PL_TRY(pl_look_list(&list, l, table, 2, round, NULL, NULL, err));
	return pl_look_set(out, key, list, err);
}

pl_status pl_look_round(json_t *out, pl_looking *l, pl_error *err)
{
	const pl_state_row now = {{PL_WHOLE(l->number[0]), PL_WHOLE(l->number[1])}},
	                   next = {{PL_WHOLE(l->number[0]), PL_WHOLE(l->number[1] + 1)}};
	json_t *season;
	PL_TRY(pl_look_get(&season, l, PL_ROWS_season, l->number[0], err));
	const int64_t rounds = json_integer_value(json_object_get(season, "round"));
	PL_TRY(pl_look_set(out, "season", season, err));
	if (l->number[1] < 1 || l->number[1] > rounds)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "season %" PRId64 " has no round %" PRId64, l->number[0],
		               l->number[1]);
	PL_TRY(put_list(out, "prices", l, PL_ROWS_price, &now, err));
	PL_TRY(put_list(out, "next", l, PL_ROWS_price, &next, err));
	PL_TRY(put_list(out, "balance", l, PL_ROWS_balance, &now, err));
	return put_proposals(out, l, &now, err);
}

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
