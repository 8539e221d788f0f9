/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_season.c - a season's phases, proposals, objections, deliveries. */
#include "app/app.h"
#include "app/deed.h"
#include "app/economy.h"
#include "app/season.h"
#include "app/standing.h"
#include "app/suspend.h"
#include "app/vote.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- phases ---- */

pl_status pl_season_move(pl_deed *d, int64_t season, int phase, int64_t round,
                         const char *digest, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_season, season, err));
	pl_state_row row = f.row;
	row.at[PL_C_season_phase] = PL_TEXT(pl_phase_name(phase));
	row.at[PL_C_season_round] = PL_WHOLE(round);
	if (digest != NULL) row.at[PL_C_season_digest] = PL_TEXT(digest);
	const pl_status st = pl_store_update(d->store, PL_ROWS_season, &row, err);
	pl_found_clear(&f);
	return st;
}

pl_status pl_season_round(int64_t *out, pl_deed *d, int64_t season, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_season, season, err));
	*out = f.row.at[PL_C_season_round].whole;
	pl_found_clear(&f);
	return PL_OK;
}

pl_status pl_season_say_ending(pl_deed *d, const pl_made *p, pl_error *err)
{
	const pl_ending *e = p->ending;
	char text[PL_NUMBER_CHARS];
	PL_TRY(pl_deed_say_text(d, "endgame", pl_end_name(p->end), err));
	PL_TRY(pl_deed_say_text(d, "trimmed", pl_number_print(text, e->trimmed), err));
	PL_TRY(pl_deed_say_text(d, "least_kept", pl_number_print(text, e->least_kept), err));
	if (e->least_council < 0) return PL_OK;
	return pl_deed_say(d, "least_council", p->rows.council[e->least_council], err);
}

/// What the rule would refuse when the first round closes is refused before anybody plans.
static pl_status check_tolerance(const char *text, pl_error *err)
{
	double tolerance;
	if (pl_number_read(&tolerance, text) == PL_OK && tolerance > 0 && tolerance < 1)
		return PL_OK;
	return pl_fail(err, PL_EARG, -1, "\"tolerance\" is between 0 and 1, such as 0.01");
}

/// A season's policies: as asked for, else as in the season before.
static pl_status set_policies(pl_state_row *row, pl_found *before, pl_deed *d, pl_error *err)
{
	static const struct {
		int column, field;
	} policies[] = {
	        {PL_C_season_zone, PL_F_season_open_zone},
	        {PL_C_season_threshold, PL_F_season_open_threshold},
	        {PL_C_season_quorum, PL_F_season_open_quorum},
	        {PL_C_season_ratio, PL_F_season_open_ratio},
	        {PL_C_season_endgame, PL_F_season_open_endgame},
	        {PL_C_season_limits, PL_F_season_open_limits},
	};
	const int64_t after = PL_ASKED(d, season_open, after);
	pl_fraction part;
	PL_TRY(pl_vote_part(&part, PL_ASKED_TEXT(d, season_open, threshold), err));
	PL_TRY(pl_vote_part(&part, PL_ASKED_TEXT(d, season_open, quorum), err));
	row->at[PL_C_season_after] = PL_WHOLE(d->rules >= PL_RULES_LAST_YEAR ? after : 0);
	if (after > 0) PL_TRY(pl_deed_get(before, d, PL_ROWS_season, after, err));
	for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
		const char *asked = pl_fields_text(&d->in, policies[i].field);
		row->at[policies[i].column] = asked[0] == '\0' && after > 0
		                                      ? before->row.at[policies[i].column]
		                                      : PL_TEXT(asked);
	}
	return PL_OK;
}

pl_status pl_run_season_open(pl_deed *d, pl_error *err)
{
	pl_found before = {.found = false};
	int64_t id;
	PL_TRY(check_tolerance(PL_ASKED_TEXT(d, season_open, tolerance), err));
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_season, err));
	pl_state_row row = {{PL_WHOLE(id), PL_TEXT(PL_ASKED_TEXT(d, season_open, name)),
	                     PL_TEXT(PL_ASKED_TEXT(d, season_open, period)),
	                     PL_TEXT(pl_phase_name(PL_PHASE_DRAFT)), PL_WHOLE(0),
	                     PL_TEXT(PL_ASKED_TEXT(d, season_open, rule)),
	                     PL_TEXT(PL_ASKED_TEXT(d, season_open, tolerance)), PL_TEXT("")}};
	pl_status st = set_policies(&row, &before, d, err);
	if (st == PL_OK) st = pl_store_insert(d->store, PL_ROWS_season, &row, err);
	pl_found_clear(&before);
	PL_TRY(st);
	return pl_deed_say(d, "season", id, err);
}

pl_status pl_run_season_close(pl_deed *d, pl_error *err)
{
	const int64_t season = PL_ASKED(d, season_close, season);
	int64_t round;
	PL_TRY(pl_season_round(&round, d, season, err));
	return pl_season_move(d, season, PL_PHASE_CLOSED, round, NULL, err);
}

/* ---- objections ---- */

pl_status pl_run_objection_file(pl_deed *d, pl_error *err)
{
	const int64_t season = PL_ASKED(d, objection_file, season);
	const int64_t council = PL_ASKED(d, objection_file, council);
	int64_t id, round, version;
	PL_TRY(pl_season_round(&round, d, season, err));
	PL_TRY(pl_app_version(&version, d->store, season, round, council, err));
	if (version == 0)
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "council %" PRId64 " has no proposal in this round", council);
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_objection, err));
	const pl_state_row row = {{PL_WHOLE(id), PL_WHOLE(season), PL_WHOLE(round),
	                           PL_WHOLE(council), PL_WHOLE(d->actor), PL_TEXT("filed"),
	                           PL_TEXT(PL_ASKED_TEXT(d, objection_file, reason)),
	                           PL_WHOLE(0)}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_objection, &row, err));
	return pl_deed_say(d, "objection", id, err);
}

/// What may follow what (theory: submitted, flagged, explained, granted or refused, appealed,
/// upheld or overturned, revised).
static bool may_follow(const char *from, const char *to)
{
	static const char *const steps[][2] = {
	        {"filed", "explained"},     {"filed", "revised"},      {"filed", "granted"},
	        {"filed", "refused"},       {"explained", "granted"},  {"explained", "refused"},
	        {"refused", "appealed"},    {"granted", "appealed"},   {"appealed", "upheld"},
	        {"appealed", "overturned"}, {"refused", "revised"},    {"upheld", "revised"},
	        {"granted", "revised"},     {"overturned", "revised"},
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (strcmp(steps[i][0], from) == 0 && strcmp(steps[i][1], to) == 0) return true;
	return false;
}

/// @param council whose proposal it must be about; 0: any
static pl_status move_objection(pl_deed *d, int64_t id, int64_t season, int64_t council,
                                const char *to, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_objection, id, err));
	pl_state_row row = f.row;
	const char *from = row.at[PL_C_objection_state].text;
	pl_status st = PL_OK;
	if (row.at[PL_C_objection_season].whole != season ||
	    (council > 0 && row.at[PL_C_objection_council].whole != council))
		st = pl_fail(err, PL_EARG, -1, "objection %" PRId64 " is about something else",
		             id);
	else if (!may_follow(from, to))
		st = pl_fail(err, PL_ECONFLICT, -1,
		             "the objection is %s; it cannot become %s now", from, to);
	if (st == PL_OK) st = pl_standing_move(&row, d, to, err);
	row.at[PL_C_objection_state] = PL_TEXT(to);
	if (st == PL_OK) st = pl_store_update(d->store, PL_ROWS_objection, &row, err);
	pl_found_clear(&f);
	return st;
}

pl_status pl_run_objection_answer(pl_deed *d, pl_error *err)
{
	return move_objection(d, PL_ASKED(d, objection_answer, objection),
	                      PL_ASKED(d, objection_answer, season),
	                      PL_ASKED(d, objection_answer, council),
	                      PL_ASKED_TEXT(d, objection_answer, state), err);
}

/// An objector who was heard and not satisfied may have the ruling looked at again.
pl_status pl_run_objection_appeal(pl_deed *d, pl_error *err)
{
	const int64_t id = PL_ASKED(d, objection_appeal, objection);
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_objection, id, err));
	const bool own = f.row.at[PL_C_objection_author].whole == d->actor;
	pl_found_clear(&f);
	if (!own)
		return pl_fail(err, PL_EDENIED, -1,
		               "objection %" PRId64
		               " is somebody else's; its author and the council may appeal",
		               id);
	return move_objection(d, id, PL_ASKED(d, objection_appeal, season), 0, "appealed", err);
}

/// What people want for themselves is theirs to say: others may comment, and nobody rules on
/// it. What is prohibited was refused when it was filed.
static pl_status refuse_private(pl_deed *d, int64_t council, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_council, council, err));
	const bool private = strcmp(f.row.at[PL_C_council_kind].text,
	                            pl_council_kind_name(PL_CONSUMERS)) == 0;
	pl_found_clear(&f);
	if (!private) return PL_OK;
	return pl_fail(
	        err, PL_EDENIED, -1,
	        "what a consumers' council wants is its own: the objection stays as a comment, "
	        "and nobody rules on it");
}

/// Nobody rules in a cause of their own, or one that they brought.
static pl_status refuse_own(const pl_deed *d, int64_t council, int64_t author, pl_error *err)
{
	bool member, delegate;
	if (d->rules < PL_RULES_OWN_CAUSE) return PL_OK;
	if (d->rules >= PL_RULES_OWN_OBJECTION && author == d->actor)
		return pl_fail(err, PL_EDENIED, -1,
		               "this objection is your own: another auditor rules on it");
	PL_TRY(pl_is_member(&member, d, council, err));
	PL_TRY(pl_has_mandate(&delegate, d, d->actor, council, "delegate", err));
	if (!member && !delegate) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1,
	               "council %" PRId64
	               " is your own: an auditor who does not belong to it rules on this",
	               council);
}

pl_status pl_run_objection_rule(pl_deed *d, pl_error *err)
{
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_objection, PL_ASKED(d, objection_rule, objection),
	                   err));
	const int64_t council = f.row.at[PL_C_objection_council].whole,
	              author = f.row.at[PL_C_objection_author].whole;
	pl_found_clear(&f);
	PL_TRY(refuse_private(d, council, err));
	PL_TRY(refuse_own(d, council, author, err));
	return move_objection(d, PL_ASKED(d, objection_rule, objection),
	                      PL_ASKED(d, objection_rule, season), 0,
	                      PL_ASKED_TEXT(d, objection_rule, state), err);
}

/* ---- deliveries ---- */

pl_status pl_run_delivery_record(pl_deed *d, pl_error *err)
{
	int64_t id;
	PL_TRY(pl_suspend_refuse(d, PL_ASKED(d, delivery_record, taker), err));
	PL_TRY(pl_deed_number(&id, d, PL_ROWS_delivery, err));
	const pl_state_row row = {{PL_WHOLE(id), PL_WHOLE(PL_ASKED(d, delivery_record, season)),
	                           PL_WHOLE(PL_ASKED(d, delivery_record, giver)),
	                           PL_WHOLE(PL_ASKED(d, delivery_record, taker)),
	                           PL_WHOLE(PL_ASKED(d, delivery_record, good)),
	                           PL_WHOLE(PL_ASKED(d, delivery_record, quantity)),
	                           PL_WHOLE(PL_ASKED(d, delivery_record, day)),
	                           PL_WHOLE(d->actor),
	                           PL_TEXT(PL_ASKED_TEXT(d, delivery_record, note))}};
	PL_TRY(pl_store_insert(d->store, PL_ROWS_delivery, &row, err));
	return pl_deed_say(d, "delivery", id, err);
}
