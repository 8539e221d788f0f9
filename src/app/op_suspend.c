/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_suspend.c - councils that break what all have agreed on. Two thirds of those who vote
 * suspend one for a time, at least half of everybody voting, so that it takes more than
 * somebody's dislike; a majority restores it. */
#include "app/economy.h"
#include "app/suspend.h"
#include "app/vote.h"
#include "base/error.h"

#include <inttypes.h>
#include <plenum/vote.h>
#include <stdio.h>
#include <string.h>

enum { YEAR = 366 * 86400, CODE = 48 };

/* ---- who is suspended ---- */

typedef struct {
	int64_t council, now, until, since;
} term;

static bool note_term(void *with, const pl_state_row *row)
{
	term *t = with;
	const int64_t until = row->at[PL_C_suspension_until].whole;
	if (row->at[PL_C_suspension_council].whole != t->council || until <= t->now)
		return true;
	if (until > t->until) t->until = until;
	if (row->at[PL_C_suspension_since].whole > t->since)
		t->since = row->at[PL_C_suspension_since].whole;
	return true;
}

static pl_status find_term(term *t, pl_store *s, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	return pl_store_scan(s, PL_ROWS_suspension, 0, &none, note_term, t, err);
}

pl_status pl_suspended_until(int64_t *until, pl_store *s, int64_t council, int64_t now,
                             pl_error *err)
{
	term t = {.council = council, .now = now};
	PL_TRY(find_term(&t, s, err));
	*until = t.until;
	return PL_OK;
}

pl_status pl_suspend_refuse(const pl_deed *d, int64_t council, pl_error *err)
{
	int64_t until;
	PL_TRY(pl_suspended_until(&until, d->store, council, d->time, err));
	if (until == 0) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "council %" PRId64 " is suspended for %" PRId64
	               " days yet: its proposals do not count, and it gets no deliveries",
	               council, (until - d->time + 86399) / 86400);
}

pl_status pl_suspend_note(pl_deed *d, int64_t season, int64_t round, pl_error *err)
{
	pl_app_rows rows;
	PL_TRY(pl_app_rows_of(&rows, d->store, err));
	pl_status st = PL_OK;
	for (int32_t i = 0; i < rows.n_councils && st == PL_OK; i++) {
		const pl_state_row row = {
		        {PL_WHOLE(season), PL_WHOLE(round), PL_WHOLE(rows.council[i])}};
		int64_t until = 0;
		st = pl_suspended_until(&until, d->store, rows.council[i], d->time, err);
		if (st == PL_OK && until > 0)
			st = pl_store_insert(d->store, PL_ROWS_absent, &row, err);
	}
	pl_app_rows_clear(&rows);
	return st;
}

/* ---- the vote ---- */

/// Is a part written in a vote at least so much?
static bool is_least(const char *text, int64_t num, int64_t den)
{
	pl_fraction part;
	return pl_vote_part(&part, text, NULL) == PL_OK && part.num * den >= num * part.den;
}

/// Was the vote everybody's, begun after @p since, and its first option, "suspend-7", carried?
static pl_status check_vote(pl_deed *d, int64_t vote, const char *what, int64_t council,
                            int64_t since, pl_error *err)
{
	const pl_state_row first = {{PL_WHOLE(vote), PL_WHOLE(1)}};
	char code[CODE];
	pl_found f;
	(void)snprintf(code, sizeof code, "%s-%" PRId64, what, council);
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_vote, vote, err));
	const pl_cell *at = f.row.at;
	const bool its = at[PL_C_vote_council].whole == 0 &&
	                 at[PL_C_vote_opened].whole >= since,
	           strong = strcmp(what, "suspend") != 0 ||
	                    (strcmp(at[PL_C_vote_rule].text,
	                            pl_vote_rule_name(PL_VOTE_supermajority)) == 0 &&
	                     is_least(at[PL_C_vote_threshold].text, 2, 3) &&
	                     is_least(at[PL_C_vote_quorum].text, 1, 2));
	pl_found_clear(&f);
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_vote_option, &first, err));
	const bool carried = its && strong && f.found &&
	                     f.row.at[PL_C_vote_option_won].whole == 1 &&
	                     strcmp(f.row.at[PL_C_vote_option_code].text, code) == 0;
	pl_found_clear(&f);
	if (carried) return PL_OK;
	return pl_fail(
	        err, PL_EDENIED, -1,
	        "this takes a vote of everybody whose first option, \"%s\", was carried%s",
	        code,
	        strcmp(what, "suspend") == 0
	                ? ", by the rule \"supermajority\" with a threshold of 2/3 and a "
	                  "quorum of 1/2 at least"
	                : ", begun since the council was suspended");
}

pl_status pl_run_council_suspend(pl_deed *d, pl_error *err)
{
	const int64_t council = PL_ASKED(d, council_suspend, council),
	              vote = PL_ASKED(d, council_suspend, vote),
	              until = PL_ASKED(d, council_suspend, until);
	const pl_state_row key = {{PL_WHOLE(vote)}};
	pl_found f;
	if (until <= d->time || until > d->time + YEAR)
		return pl_fail(err, PL_EARG, -1, "a council is suspended for a year at most");
	PL_TRY(check_vote(d, vote, "suspend", council, 0, err));
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_suspension, &key, err));
	const bool used = f.found;
	pl_found_clear(&f);
	if (used)
		return pl_fail(err, PL_ECONFLICT, -1,
		               "vote %" PRId64 " was carried out already", vote);
	const pl_state_row row = {{PL_WHOLE(vote), PL_WHOLE(council), PL_WHOLE(d->time),
	                           PL_WHOLE(until), PL_WHOLE(d->actor),
	                           PL_TEXT(PL_ASKED_TEXT(d, council_suspend, reason))}};
	return pl_store_insert(d->store, PL_ROWS_suspension, &row, err);
}

/* ---- lifting ---- */

typedef struct {
	int64_t council, now, vote;
} lifted;

static bool note_lifted(void *with, const pl_state_row *row)
{
	lifted *l = with;
	if (row->at[PL_C_suspension_council].whole != l->council ||
	    row->at[PL_C_suspension_until].whole <= l->now)
		return true;
	l->vote = row->at[PL_C_suspension_vote].whole;
	return false;
}

/// End one suspension of the council's that goes on. @param[out] more was there one?
static pl_status lift(bool *more, pl_deed *d, int64_t council, pl_error *err)
{
	static const pl_state_row none = {{{0}}};
	lifted l = {.council = council, .now = d->time};
	pl_found f;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_suspension, 0, &none, note_lifted, &l, err));
	*more = l.vote > 0;
	if (!*more) return PL_OK;
	const pl_state_row key = {{PL_WHOLE(l.vote)}};
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_suspension, &key, err));
	pl_state_row row = f.row;
	row.at[PL_C_suspension_until] = PL_WHOLE(d->time);
	const pl_status st = pl_store_update(d->store, PL_ROWS_suspension, &row, err);
	pl_found_clear(&f);
	return st;
}

pl_status pl_run_council_restore(pl_deed *d, pl_error *err)
{
	term t = {.council = PL_ASKED(d, council_restore, council), .now = d->time};
	bool more = true;
	PL_TRY(find_term(&t, d->store, err));
	if (t.until == 0)
		return pl_fail(err, PL_ECONFLICT, -1, "council %" PRId64 " is not suspended",
		               t.council);
	PL_TRY(check_vote(d, PL_ASKED(d, council_restore, vote), "restore", t.council, t.since,
	                  err));
	while (more) PL_TRY(lift(&more, d, t.council, err));
	return PL_OK;
}
