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

/// Lists of a good in a season: the first @p n columns of their keys are season and round.
static const struct {
	const char *key;
	int table, n;
	pl_look_wanted *wanted;
} parts[] = {{"prices", PL_ROWS_price, 1, is_price},
             {"balance", PL_ROWS_balance, 1, is_balance},
             {"lines", PL_ROWS_proposal_line, 2, counts}};

static pl_status put_parts(json_t *out, const pl_looking *l, const pl_state_row *round,
                           const about *a, pl_error *err)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		json_t *list;
		PL_TRY(pl_look_list(&list, l, parts[i].table, parts[i].n, round,
		                    parts[i].wanted, a, err));
		PL_TRY(pl_look_set(out, parts[i].key, list, err));
	}
	return PL_OK;
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
	a.last = json_object();
	if (a.last == NULL) return pl_look_no_memory(err);
	pl_status st = note_versions(a.last, l, &round, err);
	if (st == PL_OK) st = put_parts(out, l, &round, &a, err);
	json_decref(a.last);
	return st;
}
