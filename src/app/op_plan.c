/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_plan.c - the plan of the last round, adopted where the vote on it was carried. */
#include "app/made.h"
#include "app/season.h"
#include "app/standing.h"
#include "base/error.h"
#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/// Was the vote on the plan of this round, and was its first option carried?
static pl_status check_vote(pl_deed *d, int64_t season, int64_t round, int64_t vote,
                            pl_error *err)
{
	const pl_state_row first = {{PL_WHOLE(vote), PL_WHOLE(1)}};
	pl_found f;
	PL_TRY(pl_deed_get(&f, d, PL_ROWS_vote, vote, err));
	const bool its = f.row.at[PL_C_vote_season].whole == season &&
	                 f.row.at[PL_C_vote_round].whole == round &&
	                 strcmp(f.row.at[PL_C_vote_state].text, "closed") == 0;
	pl_found_clear(&f);
	if (!its)
		return pl_fail(err, PL_EDENIED, -1,
		               "vote %" PRId64 " is open, or not on the plan of round %" PRId64
		               " of this season",
		               vote, round);
	PL_TRY(pl_store_get(&f, d->store, PL_ROWS_vote_option, &first, err));
	const bool carried = f.found && f.row.at[PL_C_vote_option_won].whole == 1;
	pl_found_clear(&f);
	if (carried) return PL_OK;
	return pl_fail(err, PL_EDENIED, -1, "vote %" PRId64 " did not carry the plan", vote);
}

static const double steps_most = 9007199254740991.0; /* 2^53 - 1: whole numbers of a double */

/* What is proposed is in whole steps, and dividing by the step may miss them by this much. */
static const double rounding = 1e-9;

/// A quantity in whole steps. What an endgame leaves as it was proposed stays as it was.
static double whole_steps(double steps, bool up, bool trimmed)
{
	const double nearest = nearbyint(steps);
	if (trimmed && fabs(steps - nearest) <= rounding) return nearest;
	return up ? ceil(steps) : floor(steps);
}

/// A line of the plan in whole steps: what is made is rounded up, what is taken is rounded
/// down, so that rounding leaves nobody short.
static pl_status keep_line(pl_deed *d, int64_t season, const pl_made *p, int32_t council,
                           int64_t link, pl_error *err)
{
	const pl_model *m = p->m;
	const int role = m->link.role[link];
	const int32_t good = m->link.good[link];
	const double steps = p->quantity[link] / m->good.step[good];
	const bool up = role == PL_MAKES || role == PL_OFFERS;
	if (!(fabs(steps) < steps_most))
		return pl_fail(err, PL_ECONFLICT, -1,
		               "the plan has more steps of good %" PRId64
		               " than can be counted; give it a larger step",
		               p->rows.good[good]);
	const pl_state_row row = {
	        {PL_WHOLE(season), PL_WHOLE(p->rows.council[council]),
	         PL_WHOLE(p->rows.good[good]), PL_TEXT(pl_role_name(role)),
	         PL_WHOLE((int64_t)whole_steps(steps, up, p->ending != NULL))}};
	return pl_store_insert(d->store, PL_ROWS_plan_line, &row, err);
}

static pl_status keep_plan(pl_deed *d, int64_t season, const pl_made *p, pl_error *err)
{
	const pl_model *m = p->m;
	const pl_state_row list = {{PL_WHOLE(season)}};
	PL_TRY(pl_store_expect(d->store, PL_ROWS_plan_line, 1, &list, err));
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++)
			PL_TRY(keep_line(d, season, p, i, l, err));
	return PL_OK;
}

typedef struct {
	crypto_hash_sha256_state sha;
} lines_hash;

static bool add_line(void *with, const pl_state_row *row)
{
	lines_hash *h = with;
	char line[128];
	const int n = snprintf(
	        line, sizeof line, "%" PRId64 " %" PRId64 " %s %" PRId64 "\n",
	        row->at[PL_C_plan_line_council].whole, row->at[PL_C_plan_line_good].whole,
	        row->at[PL_C_plan_line_role].text, row->at[PL_C_plan_line_quantity].whole);
	(void)crypto_hash_sha256_update(&h->sha, (const unsigned char *)line,
	                                (unsigned long long)n);
	return true;
}

/// Bind the plan's lines to the event, so that who reads the tables alone can tell that they
/// are those that were adopted: SHA-256 of "council good role steps" in lines, in the order of
/// keys.
static pl_status say_lines(pl_deed *d, int64_t season, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(season)}};
	unsigned char sum[crypto_hash_sha256_BYTES];
	char text[PL_HASH_CHARS];
	lines_hash h;
	(void)crypto_hash_sha256_init(&h.sha);
	PL_TRY(pl_store_scan(d->store, PL_ROWS_plan_line, 1, &key, add_line, &h, err));
	(void)crypto_hash_sha256_final(&h.sha, sum);
	(void)sodium_bin2hex(text, sizeof text, sum, sizeof sum);
	return pl_deed_say_text(d, "lines", text, err);
}

/// The prices of the plan, with every digit: those at which nobody could do better, or where an
/// endgame made it, those that were announced.
static pl_status say_prices(pl_deed *d, const pl_made *p, pl_error *err)
{
	json_t *prices = json_array();
	bool failed = prices == NULL;
	for (int32_t i = 0; i < p->m->n_goods && !failed; i++) {
		char text[PL_NUMBER_CHARS];
		json_t *price = json_pack("{s:I, s:s}", "good", (json_int_t)p->rows.good[i],
		                          "price", pl_number_print(text, p->price[i]));
		failed = price == NULL || json_array_append_new(prices, price) != 0;
	}
	failed = json_object_set_new(d->out, "prices", prices) != 0 || failed;
	return failed ? pl_fail(err, PL_ENOMEM, -1, "no memory for the plan") : PL_OK;
}

/// No plan is adopted that takes more of something than there is.
static pl_status check_fit(const pl_made *p, pl_error *err)
{
	static const double of_all = 1e-9;
	const pl_ending *e = p->ending;
	for (int32_t i = 0; i < e->n_goods; i++)
		if (p->m->good.kind[i] != PL_FREE &&
		    !(e->supply[i] >= e->demand[i] * (1 - of_all)))
			return pl_fail(
			        err, PL_ECONFLICT, -1,
			        "the plan made of the proposals takes more of good %" PRId64
			        " than there is: a fault of this program (please report it)",
			        p->rows.good[i]);
	return PL_OK;
}

/// The plan as it is kept, and what the event says of it.
static pl_status keep(pl_deed *d, int64_t season, const pl_made *p, pl_error *err)
{
	if (p->found != NULL && p->found->outcome != PL_CLEARED)
		return pl_fail(err, PL_ECONFLICT, -1,
		               "what the councils ask for has no plan: %.400s",
		               p->found->reason);
	if (p->ending != NULL) PL_TRY(check_fit(p, err));
	PL_TRY(keep_plan(d, season, p, err));
	if (p->ending != NULL) PL_TRY(pl_season_say_ending(d, p, err));
	PL_TRY(say_prices(d, p, err));
	return say_lines(d, season, err);
}

pl_status pl_run_plan_adopt(pl_deed *d, pl_error *err)
{
	const int64_t season = PL_ASKED(d, plan_adopt, season);
	int64_t round;
	pl_made p;
	char digest[sizeof p.digest];
	PL_TRY(pl_season_round(&round, d, season, err));
	PL_TRY(check_vote(d, season, round, PL_ASKED(d, plan_adopt, vote), err));
	PL_TRY(pl_standing_check(d->store, season, round, err));
	PL_TRY(pl_made_new(&p, d->store, season, round, err));
	const pl_status st = keep(d, season, &p, err);
	memcpy(digest, p.digest, sizeof digest);
	pl_made_clear(&p);
	PL_TRY(st);
	PL_TRY(pl_deed_say_text(d, "digest", digest, err));
	return pl_season_move(d, season, PL_PHASE_ADOPTED, round, digest, err);
}
