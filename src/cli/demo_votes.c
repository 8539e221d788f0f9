/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo_votes.h"

#include "base/error.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING_MOST = 256, AGAINST = 7 };

/// Who is asked in a vote and has not answered.
typedef struct {
	int64_t vote; ///< 0: none is open
	const int64_t *real;
	int64_t n_real, n;
	int64_t person[WAITING_MOST];
} waiting;

static bool note_vote(void *with, const pl_state_row *row)
{
	waiting *w = with;
	if (row->at[PL_C_vote_round].whole > 0 &&
	    strcmp(row->at[PL_C_vote_state].text, "open") == 0 &&
	    strcmp(row->at[PL_C_vote_ballots].text, "motion") == 0)
		w->vote = row->at[PL_C_vote_id].whole;
	return true;
}

static bool is_real(const waiting *w, int64_t person)
{
	for (int64_t i = 0; i < w->n_real; i++)
		if (w->real[i] == person) return true;
	return false;
}

static bool note_elector(void *with, const pl_state_row *row)
{
	waiting *w = with;
	const int64_t person = row->at[PL_C_elector_person].whole;
	if (row->at[PL_C_elector_voted].whole == 0 && !is_real(w, person))
		w->person[w->n++] = person;
	return w->n < WAITING_MOST;
}

/// The newest open motion on a plan, and who is still to vote in it.
static pl_status find(waiting *w, pl_store *s, pl_error *err)
{
	pl_state_row key = {{{0}}};
	PL_TRY(pl_store_scan(s, PL_ROWS_vote, 0, &key, note_vote, w, err));
	if (w->vote == 0) return PL_OK;
	key.at[PL_C_elector_vote].whole = w->vote;
	return pl_store_scan(s, PL_ROWS_elector, 1, &key, note_elector, w, err);
}

static pl_status cast(pl_app *a, int64_t vote, int64_t person, int64_t now, pl_error *err)
{
	char fields[64];
	pl_reply reply = {0};
	(void)snprintf(fields, sizeof fields, "{\"vote\":%" PRId64 ",\"marks\":\"1=%s\"}", vote,
	               person % AGAINST == 0 ? "no" : "yes");
	const pl_request r = {.actor = person, .time = now, .op = "vote.cast", .json = fields};
	const pl_status st = pl_app_do(&reply, a, &r, err);
	free(reply.json);
	return st;
}

pl_status pl_demo_vote(pl_app *a, pl_store *s, const int64_t *real, int64_t n_real, int64_t now,
                       pl_error *err)
{
	waiting w = {.real = real, .n_real = n_real};
	PL_TRY(pl_store_look(s, err));
	pl_status st = find(&w, s, err);
	pl_store_rollback(s);
	for (int64_t i = 0; i < w.n && st == PL_OK; i++)
		st = cast(a, w.vote, w.person[i], now, err);
	return st;
}
