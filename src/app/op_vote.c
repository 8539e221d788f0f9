/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_vote.c - votes: the roll is frozen when a vote opens; a ballot and the roll share nothing
 * but the vote; ballots come to light together when it closes.
 *
 * An event tells that somebody has voted, never what: the ballot goes into a table by a random
 * receipt. Closing publishes every ballot in the order of the receipts, in an event, and counts
 * them; whoever verifies counts them again. */
#include "app/deed.h"
#include "app/vote.h"
#include "base/error.h"

#include <inttypes.h>
#include <plenum/vote.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { RECEIPT_BYTES = 16, RECEIPT_CHARS = 33, VOTE_LEAST = 60, DAY = 86400 };

/* ---- a vote as an election ---- */

pl_status pl_vote_part(pl_fraction *out, const char *text, pl_error *err)
{
	*out = (pl_fraction){0, 1};
	if (text[0] == '\0') return PL_OK;
	if (text[strspn(text, "0123456789/")] == '\0' && pl_fraction_read(out, text))
		return PL_OK;
	return pl_fail(err, PL_EARG, -1, "a part is written like 2/3");
}

static int kind_of(const char *name)
{
	int kind = 0;
	while (kind < PL_BALLOT_KINDS && strcmp(pl_ballot_name(kind), name) != 0) kind++;
	return kind;
}

typedef struct {
	pl_election_draft *to;
	pl_error *err;
	pl_status status;
} drafting;

static bool add_option(void *with, const pl_state_row *row)
{
	drafting *g = with;
	g->status = pl_election_option(g->to, row->at[PL_C_vote_option_code].text,
	                               row->at[PL_C_vote_option_name].text,
	                               row->at[PL_C_vote_option_cost].whole, -1, g->err);
	return g->status == PL_OK;
}

/// An election of this vote's options, without ballots.
static pl_status begin_election(pl_election_draft **out, pl_deed *d, const pl_state_row *vote,
                                pl_error *err)
{
	const pl_state_row key = {{vote->at[PL_C_vote_id]}};
	drafting g = {.err = err};
	PL_TRY(pl_election_begin(
	        &g.to, (pl_ballot_kind)kind_of(vote->at[PL_C_vote_ballots].text), err));
	const int64_t budget = vote->at[PL_C_vote_budget].whole;
	pl_status st = pl_election_money(g.to, 0, budget > 0 ? budget : -1, err);
	if (st == PL_OK)
		st = pl_store_scan(d->store, PL_ROWS_vote_option, 1, &key, add_option, &g, err);
	if (st == PL_OK) st = g.status;
	if (st == PL_OK)
		*out = g.to;
	else
		pl_election_drop(g.to);
	return st;
}

/// A whole number, written in the one way that every program reads alike: no sign but -, no
/// zeros before it. @return where it ends; NULL: it is none
static const char *read_whole(int32_t *out, const char *text)
{
	char *end;
	const char *digits = text + (text[0] == '-');
	const bool zero = digits[0] == '0' && digits == text;
	if (!zero && (digits[0] < '1' || digits[0] > '9')) return NULL;
	const long value = strtol(text, &end, 10);
	if (end - digits > (zero ? 1 : 10) || value < -1000000000 || value > 1000000000)
		return NULL;
	*out = (int32_t)value;
	return end;
}

/// "yes", "no", ... in a motion; a number elsewhere.
static bool read_mark(int32_t *out, bool motion, const char *text, size_t n)
{
	if (!motion) return read_whole(out, text) == text + n;
	for (int m = 0; m < PL_MARKS_OF_MOTION; m++)
		if (strlen(pl_mark_name(m)) == n && strncmp(pl_mark_name(m), text, n) == 0) {
			*out = m;
			return true;
		}
	return false;
}

/// Add a ballot: "1=yes 2=no", "3=5 1=2": option numbers from 1, and what is marked.
/// @param ballots the kind, "motion", ... @return PL_OK, PL_EARG, PL_ENOMEM
static pl_status add_marks(pl_election_draft *to, const char *ballots, const char *marks,
                           pl_error *err)
{
	const bool motion = kind_of(ballots) == PL_BALLOT_MOTION;
	PL_TRY(pl_election_ballot(to, NULL, 1, err));
	for (const char *at = marks;;) {
		int32_t option, value;
		const char *end = read_whole(&option, at);
		const size_t n = end != NULL && *end == '=' ? strcspn(end + 1, " ") : 0;
		if (n == 0 || option < 1 || !read_mark(&value, motion, end + 1, n))
			return pl_fail(err, PL_EARG, -1,
			               "marks are written like 1=yes or 2=1 5=2");
		PL_TRY(pl_election_mark(to, option - 1, value, err));
		at = end + 1 + n;
		if (*at == '\0') return PL_OK;
		at++;
	}
}

/* ---- opening ---- */

typedef struct {
	json_t *list;
	bool members, failed;
} roll;

static bool note_elector(void *with, const pl_state_row *row)
{
	roll *r = with;
	if (!r->members && row->at[PL_C_person_erased].whole != 0) return true;
	const int64_t who = r->members ? row->at[PL_C_membership_person].whole
	                               : row->at[PL_C_person_id].whole;
	r->failed = json_array_append_new(r->list, json_integer(who)) != 0;
	return !r->failed;
}

/// Write the roll down: the members of the council, or everybody. @param[out] n how many
static pl_status freeze_roll(size_t *n, pl_deed *d, int64_t vote, int64_t council,
                             pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(council)}};
	roll r = {.list = json_array(), .members = council > 0};
	if (r.list == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the roll");
	pl_status st = pl_store_scan(d->store, r.members ? PL_ROWS_membership : PL_ROWS_person,
	                             r.members ? 1 : 0, &key, note_elector, &r, err);
	if (st == PL_OK && r.failed) st = pl_fail(err, PL_ENOMEM, -1, "no memory for the roll");
	*n = json_array_size(r.list);
	for (size_t i = 0; i < *n && st == PL_OK; i++) {
		const pl_state_row row = {
		        {PL_WHOLE(vote),
		         PL_WHOLE(json_integer_value(json_array_get(r.list, i))), PL_WHOLE(0)}};
		st = pl_store_insert(d->store, PL_ROWS_elector, &row, err);
	}
	json_decref(r.list);
	return st;
}

static pl_status add_options(pl_deed *d, int64_t vote, pl_error *err)
{
	for (int64_t i = 0; i < pl_fields_rows(&d->in, PL_F_vote_open_options); i++) {
		const pl_state_row row = {
		        {PL_WHOLE(vote), PL_WHOLE(i + 1),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_vote_open_options__code, i)),
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_vote_open_options__name, i)),
		         PL_WHOLE(pl_fields_row_whole(&d->in, PL_F_vote_open_options__cost, i)),
		         PL_WHOLE(0), PL_WHOLE(0)}};
		PL_TRY(pl_store_insert(d->store, PL_ROWS_vote_option, &row, err));
	}
	return PL_OK;
}

/// Settings of a vote's row. @param eligible how many are on the roll
static pl_status settings_of(pl_vote_settings *out, const pl_state_row *vote, pl_error *err)
{
	const int rule = pl_vote_rule_of(vote->at[PL_C_vote_rule].text);
	if (rule < 0)
		return pl_fail(err, PL_EARG, -1, "no rule of counting is called \"%.60s\"",
		               vote->at[PL_C_vote_rule].text);
	*out = pl_vote_preset((pl_vote_rule)rule);
	out->seats = (int32_t)vote->at[PL_C_vote_seats].whole;
	if (vote->at[PL_C_vote_threshold].text[0] != '\0')
		PL_TRY(pl_vote_part(&out->threshold, vote->at[PL_C_vote_threshold].text, err));
	return pl_vote_part(&out->quorum, vote->at[PL_C_vote_quorum].text, err);
}

/// Count no ballots: what the rule refuses is refused now, and not when the votes are cast.
static pl_status try_count(pl_deed *d, const pl_state_row *vote, int64_t eligible,
                           pl_error *err)
{
	pl_vote_settings settings;
	pl_election_draft *draft;
	pl_election *e;
	pl_vote_result *r;
	PL_TRY(settings_of(&settings, vote, err));
	PL_TRY(begin_election(&draft, d, vote, err));
	pl_status st = pl_election_eligible(draft, eligible, err);
	if (st == PL_OK) st = pl_election_finish(&e, draft, err);
	pl_election_drop(draft);
	PL_TRY(st);
	st = pl_vote_tally(&r, e, &settings, err);
	if (st == PL_OK) pl_vote_result_free(r);
	pl_election_free(e);
	return st;
}

/// The round whose plan the vote is on, which everybody has seen; 0: none.
static pl_status round_of(int64_t *round, pl_deed *d, int64_t council, int64_t season,
                          pl_error *err)
{
	pl_found f;
	*round = 0;
	if (season == 0) return PL_OK;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_season, season, err));
	const bool review =
	        strcmp(f.row.at[PL_C_season_phase].text, pl_phase_name(PL_PHASE_REVIEW)) == 0;
	const char *threshold = f.row.at[PL_C_season_threshold].text,
	           *quorum = f.row.at[PL_C_season_quorum].text;
	const bool by_policy =
	        (threshold[0] == '\0' ||
	         strcmp(threshold, PL_ASKED_TEXT(d, vote_open, threshold)) == 0) &&
	        (quorum[0] == '\0' || strcmp(quorum, PL_ASKED_TEXT(d, vote_open, quorum)) == 0);
	*round = f.row.at[PL_C_season_round].whole;
	pl_found_clear(&f);
	if (!by_policy)
		return pl_fail(
		        err, PL_EARG, -1,
		        "threshold and quorum of a vote on the plan are those of the season");
	if (council != 0)
		return pl_fail(err, PL_EARG, -1,
		               "everybody votes on the plan of a season: \"council\" is 0");
	if (review) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "a plan is voted on when its round is closed, in the phase \"review\"");
}

pl_status pl_run_vote_open(pl_deed *d, pl_error *err)
{
	const int64_t council = PL_ASKED(d, vote_open, council),
	              season = PL_ASKED(d, vote_open, about);
	int64_t id, round, until = PL_ASKED(d, vote_open, until);
	size_t electors;
	if (until == 0) until = d->time + DAY;
	if (until < d->time + VOTE_LEAST)
		return pl_fail(err, PL_EARG, -1,
		               "a vote is open for a minute at least: \"until\" is too early");
	PL_TRY(round_of(&round, d, council, season, err));
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_vote, err));
	const pl_state_row row = {{PL_WHOLE(id), PL_WHOLE(council), PL_WHOLE(season),
	                           PL_WHOLE(round), PL_TEXT(PL_ASKED_TEXT(d, vote_open, title)),
	                           PL_TEXT(PL_ASKED_TEXT(d, vote_open, ballots)),
	                           PL_TEXT(PL_ASKED_TEXT(d, vote_open, rule)),
	                           PL_WHOLE(PL_ASKED(d, vote_open, seats)),
	                           PL_TEXT(PL_ASKED_TEXT(d, vote_open, threshold)),
	                           PL_TEXT(PL_ASKED_TEXT(d, vote_open, quorum)),
	                           PL_WHOLE(PL_ASKED(d, vote_open, budget)),
	                           PL_WHOLE(PL_ASKED(d, vote_open, secret)), PL_TEXT("open"),
	                           PL_WHOLE(d->time), PL_WHOLE(until)}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_vote, &row, err));
	PL_TRY(add_options(d, id, err));
	PL_TRY(freeze_roll(&electors, d, id, council, err));
	if (PL_ASKED(d, vote_open, secret) != 0 && electors < PL_SECRET_LEAST)
		return pl_fail(err, PL_EARG, -1,
		               "with fewer than %d on the roll a vote cannot be secret: "
		               "everybody could tell who "
		               "marked what",
		               PL_SECRET_LEAST);
	PL_TRY(try_count(d, &row, (int64_t)electors, err));
	PL_TRY(pl_deed_say(d, "electors", (int64_t)electors, err));
	return pl_deed_say(d, "vote", id, err);
}

/* ---- casting ---- */

static pl_status get_open(pl_found *f, pl_deed *d, int64_t vote, pl_error *err)
{
	PL_TRY(pl_deed_get(f, d, PL_ROWS_vote, vote, err));
	if (strcmp(f->row.at[PL_C_vote_state].text, "open") == 0) return PL_OK;
	pl_found_clear(f);
	return pl_fail(err, PL_EDENIED, -1, "vote %" PRId64 " is closed", vote);
}

/// Would these marks be counted?
static pl_status check_marks(pl_deed *d, const pl_state_row *vote, const char *marks,
                             pl_error *err)
{
	pl_election_draft *draft;
	pl_election *e = NULL;
	PL_TRY(begin_election(&draft, d, vote, err));
	pl_status st = add_marks(draft, vote->at[PL_C_vote_ballots].text, marks, err);
	if (st == PL_OK) st = pl_election_finish(&e, draft, err);
	pl_election_drop(draft);
	pl_election_free(e);
	return st;
}

static pl_status cross_off(pl_deed *d, int64_t vote, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(vote), PL_WHOLE(d->actor)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_elector, &key, err));
	const bool on_it = f.found, voted = f.found && f.row.at[PL_C_elector_voted].whole != 0;
	pl_found_clear(&f);
	if (!on_it)
		return pl_fail(err, PL_EDENIED, -1, "you are not on the roll of vote %" PRId64,
		               vote);
	if (voted)
		return pl_fail(err, PL_ECONFLICT, -1, "you have voted already in vote %" PRId64,
		               vote);
	const pl_state_row row = {{PL_WHOLE(vote), PL_WHOLE(d->actor), PL_WHOLE(1)}};
	return pl_store_update(d->store, PL_ROWS_elector, &row, err);
}

/// Put the ballot where nothing tells whose it is, and tell the voter alone its receipt.
static pl_status drop_ballot(pl_deed *d, int64_t vote, const char *marks, pl_error *err)
{
	unsigned char bytes[RECEIPT_BYTES];
	char receipt[RECEIPT_CHARS];
	randombytes_buf(bytes, sizeof bytes);
	(void)sodium_bin2hex(receipt, sizeof receipt, bytes, sizeof bytes);
	const pl_state_row row = {{PL_WHOLE(vote), PL_TEXT(receipt), PL_TEXT(marks)}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_ballot, &row, err));
	if (json_object_set_new(d->aside, "receipt", json_string(receipt)) == 0) return PL_OK;
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the receipt");
}

pl_status pl_run_vote_cast(pl_deed *d, pl_error *err)
{
	const int64_t vote = PL_ASKED(d, vote_cast, vote);
	const char *marks = PL_ASKED_TEXT(d, vote_cast, marks);
	pl_found f;
	PL_TRY(get_open(&f, d, vote, err));
	const pl_status st = d->replayed ? PL_OK : check_marks(d, &f.row, marks, err);
	pl_found_clear(&f);
	PL_TRY(st);
	PL_TRY(cross_off(d, vote, err));
	return d->replayed ? PL_OK : drop_ballot(d, vote, marks, err);
}

/* ---- closing ---- */

static bool note_ballot(void *with, const pl_state_row *row)
{
	roll *r = with;
	json_t *ballot = json_pack("{s:s, s:s}", "receipt", row->at[PL_C_ballot_receipt].text,
	                           "marks", row->at[PL_C_ballot_marks].text);
	r->failed = ballot == NULL || json_array_append_new(r->list, ballot) != 0;
	return !r->failed;
}

pl_status pl_vote_unseal(pl_deed *d, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(PL_ASKED(d, vote_close, vote))}};
	roll r = {.list = json_array()};
	pl_status st = r.list == NULL ? PL_ENOMEM : PL_OK;
	if (st == PL_OK)
		st = pl_store_scan(d->store, PL_ROWS_ballot, 1, &key, note_ballot, &r, err);
	if (st == PL_OK && r.failed) st = PL_ENOMEM;
	if (st == PL_OK) return pl_fields_fill(&d->in, PL_F_vote_close_ballots, r.list, err);
	json_decref(r.list);
	return st == PL_ENOMEM ? pl_fail(err, st, -1, "no memory for the ballots") : st;
}

/// The ballots as an election. In a replay they also go into the table, where they were before.
static pl_status gather(pl_election **out, pl_deed *d, const pl_state_row *vote,
                        int64_t eligible, pl_error *err)
{
	const int64_t n = pl_fields_rows(&d->in, PL_F_vote_close_ballots);
	const char *before = "";
	pl_election_draft *draft;
	PL_TRY(begin_election(&draft, d, vote, err));
	pl_status st = pl_election_eligible(draft, eligible, err);
	for (int64_t i = 0; i < n && st == PL_OK; i++) {
		const char *marks =
		        pl_fields_row_text(&d->in, PL_F_vote_close_ballots__marks, i);
		const pl_state_row row = {
		        {vote->at[PL_C_vote_id],
		         PL_TEXT(pl_fields_row_text(&d->in, PL_F_vote_close_ballots__receipt,
		                                    i)),
		         PL_TEXT(marks)}};
		if (strcmp(before, row.at[PL_C_ballot_receipt].text) >= 0)
			st = pl_fail(err, PL_EARG, -1,
			             "the ballots are not in the order of receipts");
		before = row.at[PL_C_ballot_receipt].text;
		if (st == PL_OK)
			st = add_marks(draft, vote->at[PL_C_vote_ballots].text, marks, err);
		if (st == PL_OK && d->replayed)
			st = pl_store_insert(d->store, PL_ROWS_ballot, &row, err);
	}
	if (st == PL_OK) st = pl_election_finish(out, draft, err);
	pl_election_drop(draft);
	return st;
}

typedef struct {
	int64_t electors, voted;
} turnout;

static bool note_turnout(void *with, const pl_state_row *row)
{
	turnout *t = with;
	t->electors++;
	t->voted += row->at[PL_C_elector_voted].whole;
	return true;
}

static pl_status note_places(pl_deed *d, int64_t vote, const pl_vote_result *r, pl_error *err)
{
	for (int32_t i = 0; i < r->n_options; i++) {
		const pl_state_row key = {{PL_WHOLE(vote), PL_WHOLE(i + 1)}};
		pl_found f;
		PL_TRY(pl_store_get(&f, d->store, PL_ROWS_vote_option, &key, err));
		pl_state_row row = f.row;
		row.at[PL_C_vote_option_place] = PL_WHOLE(r->place[i]);
		for (int32_t w = 0; w < r->n_winners && r->outcome == PL_VOTE_DECIDED; w++)
			if (r->winner[w] == i) row.at[PL_C_vote_option_won] = PL_WHOLE(1);
		const pl_status st = pl_store_update(d->store, PL_ROWS_vote_option, &row, err);
		pl_found_clear(&f);
		PL_TRY(st);
	}
	return PL_OK;
}

static pl_status say_result(pl_deed *d, const pl_vote_result *r, pl_error *err)
{
	json_t *winners = json_array(), *tallies = json_array();
	bool failed = winners == NULL || tallies == NULL;
	for (int32_t w = 0; w < r->n_winners && !failed; w++)
		failed = json_array_append_new(winners, json_integer(r->winner[w] + 1)) != 0;
	for (int32_t i = 0; i < r->n_options && !failed; i++)
		failed = json_array_append_new(tallies,
		                               json_string(pl_vote_exact(r, r->tally[i]))) != 0;
	failed = json_object_set_new(d->out, "winners", winners) != 0 || failed;
	failed = json_object_set_new(d->out, "tallies", tallies) != 0 || failed;
	if (failed) return pl_fail(err, PL_ENOMEM, -1, "no memory for the result");
	return pl_deed_say_text(d, "outcome", pl_vote_outcome_name((int)r->outcome), err);
}

static pl_status count(pl_deed *d, const pl_state_row *vote, pl_error *err)
{
	const pl_state_row key = {{vote->at[PL_C_vote_id]}};
	turnout t = {0, 0};
	pl_vote_settings settings;
	pl_election *e = NULL;
	pl_vote_result *r = NULL;
	PL_TRY(pl_store_scan(d->store, PL_ROWS_elector, 1, &key, note_turnout, &t, err));
	if (t.voted != pl_fields_rows(&d->in, PL_F_vote_close_ballots))
		return pl_fail(err, PL_EARG, -1,
		               "%" PRId64 " have voted, and there are %" PRId64 " ballots",
		               t.voted, pl_fields_rows(&d->in, PL_F_vote_close_ballots));
	if (t.voted < t.electors && d->time < vote->at[PL_C_vote_until].whole)
		return pl_fail(err, PL_EDENIED, -1,
		               "the vote goes on: %" PRId64 " of %" PRId64
		               " have voted, and its time is not over",
		               t.voted, t.electors);
	PL_TRY(settings_of(&settings, vote, err));
	pl_status st = gather(&e, d, vote, t.electors, err);
	if (st == PL_OK) st = pl_vote_tally(&r, e, &settings, err);
	if (st == PL_OK) st = note_places(d, vote->at[PL_C_vote_id].whole, r, err);
	if (st == PL_OK) st = say_result(d, r, err);
	pl_vote_result_free(r);
	pl_election_free(e);
	return st;
}

pl_status pl_run_vote_close(pl_deed *d, pl_error *err)
{
	const int64_t vote = PL_ASKED(d, vote_close, vote);
	pl_found f;
	PL_TRY(get_open(&f, d, vote, err));
	pl_state_row row = f.row;
	pl_status st = count(d, &row, err);
	row.at[PL_C_vote_state] = PL_TEXT("closed");
	if (st == PL_OK) st = pl_store_update(d->store, PL_ROWS_vote, &row, err);
	pl_found_clear(&f);
	return st;
}
