/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_good.c - one good in a round: how its price came to be, and who moved it. */
#include "app/looks.h"
#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct {
	int64_t good;
	json_t *last; ///< the last version of each council's proposal, by its number
} about;

static bool is_price(const void *with, const pl_state_row *row)
{
	return row->at[PL_C_price_good].whole == ((const about *)with)->good;
}

static bool is_balance(const void *with, const pl_state_row *row)
{
	return row->at[PL_C_balance_good].whole == ((const about *)with)->good;
}

static bool counts(const void *with, const pl_state_row *row)
{
	const about *a = with;
	char council[24];
	(void)snprintf(council, sizeof council, "%" PRId64,
	               row->at[PL_C_proposal_line_council].whole);
	return row->at[PL_C_proposal_line_good].whole == a->good &&
	       row->at[PL_C_proposal_line_version].whole ==
	               json_integer_value(json_object_get(a->last, council));
}

/// Versions come in rising order, so the last one of each council stays.
static pl_status note_versions(json_t *last, const pl_looking *l, const pl_state_row *round,
                               pl_error *err)
{
	json_t *proposals, *proposal;
	size_t i;
	PL_TRY(pl_look_list(&proposals, l, PL_ROWS_proposal, 2, round, NULL, NULL, err));
	json_array_foreach(proposals, i, proposal)
	{
		char council[24];
		(void)snprintf(
		        council, sizeof council, "%" PRId64,
		        (int64_t)json_integer_value(json_object_get(proposal, "council")));
		(void)json_object_set(last, council, json_object_get(proposal, "version"));
	}
	json_decref(proposals);
	return PL_OK;
}

static pl_status put_list(json_t *out, const char *key, const pl_looking *l, int table, int n,
                          const pl_state_row *prefix, pl_look_wanted *wanted, const about *a,
                          pl_error *err)
{
	json_t *list;
	PL_TRY(pl_look_list(&list, l, table, n, prefix, wanted, a, err));
	return pl_look_set(out, key, list, err);
}

pl_status pl_look_good(json_t *out, pl_looking *l, pl_error *err)
{
	const pl_state_row round = {{PL_WHOLE(l->number[0]), PL_WHOLE(l->number[1])}};
	about a = {.good = l->number[2]};
	json_t *row;
	PL_TRY(pl_look_get(&row, l, PL_ROWS_good, a.good, err));
	PL_TRY(pl_look_set(out, "good", row, err));
	PL_TRY(pl_look_get(&row, l, PL_ROWS_season, l->number[0], err));
	PL_TRY(pl_look_set(out, "season", row, err));
	PL_TRY(put_list(out, "prices", l, PL_ROWS_price, 1, &round, is_price, &a, err));
	PL_TRY(put_list(out, "balance", l, PL_ROWS_balance, 1, &round, is_balance, &a, err));
	a.last = json_object();
	pl_status st =
	        a.last == NULL ? pl_look_no_memory(err) : note_versions(a.last, l, &round, err);
	if (st == PL_OK)
		st = put_list(out, "lines", l, PL_ROWS_proposal_line, 2, &round, counts, &a,
		              err);
	json_decref(a.last);
	return st;
}
