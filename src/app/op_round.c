/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_round.c - rounds: prices are announced, the round ends, the rule answers. What the engine
 * computes is recorded, and computed again by whoever verifies. */
#include "app/economy.h"
#include "app/season.h"
#include "base/alloc.h"
#include "base/error.h"
#include "base/number.h"
#include "base/threads.h"
#include "rounds/frame.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/plan.h>
#include <plenum/rounds.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* ---- announcing ---- */

static pl_status announce(pl_deed *d, int64_t season, int64_t round, const pl_app_rows *rows,
                          const double *price, pl_error *err)
{
	for (int32_t i = 0; i < rows->n_goods; i++) {
		char text[PL_NUMBER_CHARS];
		const pl_state_row row = {{PL_WHOLE(season), PL_WHOLE(round),
		                           PL_WHOLE(rows->good[i]),
		                           PL_TEXT(pl_number_print(text, price[i]))}};
		PL_TRY(pl_store_insert(d->store, PL_ROWS_price, &row, err));
	}
	return PL_OK;
}

/// The first prices of a season are last year's.
static pl_status announce_first(pl_deed *d, int64_t season, pl_error *err)
{
	pl_model *m;
	pl_app_rows rows;
	PL_TRY(pl_app_economy(&m, d->store, season, 0, err));
	pl_status st = pl_app_rows_of(&rows, d->store, err);
	if (st == PL_OK) st = announce(d, season, 1, &rows, m->good.price, err);
	pl_app_rows_clear(&rows);
	pl_model_free(m);
	return st;
}

pl_status pl_run_round_open(pl_deed *d, pl_error *err)
{
	const int64_t season = PL_ASKED(d, round_open, season);
	int64_t round;
	PL_TRY(pl_season_round(&round, d, season, err));
	if (round == 0) PL_TRY(announce_first(d, season, err));
	PL_TRY(pl_season_move(d, season, PL_PHASE_PROPOSING, round + 1, NULL, err));
	return pl_deed_say(d, "round", round + 1, err);
}

/* ---- threads ---- */

/* Below this a team of threads saves little, and where other programs use the processors too
 * its threads wait for one another: with 151 goods, on two busy cores, verifying 30 rounds took
 * 10 s of processor time on one thread and 56 s on two. */
enum { GOODS_FOR_THREADS = 512 };

/// Use one thread for a small economy; the bits are the same. @return what to go back to
static int choose_threads(const pl_model *m)
{
	const int before = pl_threads_used();
	if (m->n_goods < GOODS_FOR_THREADS) pl_threads_set(1);
	return before;
}

/* ---- the rule ---- */

/// A season as the rule sees it, round after round.
typedef struct {
	pl_deed *d;
	int64_t season, round;
	pl_model *declared;
	pl_frame frame;
	pl_app_rows rows;
	pl_rule *rule;
	pl_totals *totals;
	pl_round seen;   ///< the last round, as it is published
	uint8_t *floors; ///< [n_goods] as they were when it was announced
	double *price, *next, *quantity, *last_price, *last_quantity;
} table;

static void table_clear(table *t)
{
	pl_rule_free(t->rule);
	pl_totals_free(t->totals);
	pl_free(t->floors);
	pl_model_free(t->declared);
	pl_app_rows_clear(&t->rows);
	pl_free(t->price);
	pl_free(t->next);
	pl_free(t->quantity);
	pl_free(t->last_price);
	pl_free(t->last_quantity);
}

static pl_status table_begin(table *t, pl_error *err)
{
	pl_rule_settings settings = pl_rule_preset();
	pl_found f;
	PL_TRY(pl_app_economy(&t->declared, t->d->store, t->season, 0, err));
	PL_TRY(pl_app_rows_of(&t->rows, t->d->store, err));
	t->frame = pl_frame_of(t->declared);
	t->price = pl_alloc(t->frame.n_goods, sizeof *t->price);
	t->next = pl_alloc(t->frame.n_goods, sizeof *t->next);
	t->last_price = pl_alloc(t->frame.n_goods, sizeof *t->last_price);
	t->quantity = pl_alloc(t->frame.n_links, sizeof *t->quantity);
	t->last_quantity = pl_alloc(t->frame.n_links, sizeof *t->last_quantity);
	t->floors = pl_alloc(t->frame.n_goods, sizeof *t->floors);
	if (t->price == NULL || t->next == NULL || t->last_price == NULL ||
	    t->quantity == NULL || t->last_quantity == NULL || t->floors == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the round");
	PL_TRY(pl_totals_new(&t->totals, &t->frame, err));
	PL_TRY(pl_deed_get(&f, t->d, PL_ROWS_season, t->season, err));
	settings.kind = (pl_rule_kind)pl_rule_of(f.row.at[PL_C_season_rule].text);
	settings.log_step = 1; /* with people: a price changes by at most e in a round */
	const pl_status known =
	        pl_number_read(&settings.tolerance, f.row.at[PL_C_season_tolerance].text);
	pl_found_clear(&f);
	PL_TRY(known);
	return pl_rule_new(&t->rule, &t->frame, &settings, err);
}

/// Let the rule see a round as it was: who did not propose is taken at the last proposal.
static pl_status show_round(table *t, int64_t round, pl_error *err)
{
	const bool first = round == 1;
	PL_TRY(pl_app_prices(t->price, t->d->store, &t->rows, t->season, round, err));
	PL_TRY(pl_app_proposals(t->quantity, t->d->store, t->declared, &t->rows, t->season,
	                        round, err));
	pl_rounds_fill(t->quantity, &t->frame, t->price, first ? NULL : t->last_quantity,
	               first ? NULL : t->last_price);
	memcpy(t->floors, pl_rule_floors(t->rule), (size_t)t->frame.n_goods);
	PL_TRY(pl_round_total(&t->seen, t->totals, &t->frame, t->price, t->quantity, t->floors,
	                      err));
	PL_TRY(pl_rule_step(t->next, t->rule, t->price, t->quantity, err));
	memcpy(t->last_price, t->price, (size_t)t->frame.n_goods * sizeof *t->price);
	memcpy(t->last_quantity, t->quantity, (size_t)t->frame.n_links * sizeof *t->quantity);
	return PL_OK;
}

/// What the last round came to: each good, and the one that is furthest from balance.
static pl_status keep_balance(const table *t, pl_error *err)
{
	char supply[PL_NUMBER_CHARS], demand[PL_NUMBER_CHARS], off[PL_NUMBER_CHARS];
	const int32_t worst = t->seen.worst_good < 0 ? 0 : t->seen.worst_good;
	for (int32_t i = 0; i < t->frame.n_goods; i++) {
		const pl_state_row row = {
		        {PL_WHOLE(t->season), PL_WHOLE(t->round), PL_WHOLE(t->rows.good[i]),
		         PL_TEXT(pl_number_print(supply, t->seen.supply[i])),
		         PL_TEXT(pl_number_print(demand, t->seen.demand[i])),
		         PL_TEXT(pl_number_print(off, t->seen.imbalance[i]))}};
		PL_TRY(pl_store_insert(t->d->store, PL_ROWS_balance, &row, err));
	}
	PL_TRY(pl_deed_say_text(t->d, "worst_imbalance", pl_number_print(off, t->seen.worst),
	                        err));
	return pl_deed_say(t->d, "worst_good", t->rows.good[worst], err);
}

/// The plan that the round's economy has, by its digest: what plenum plan finds on its export.
static pl_status say_plan(table *t, char digest[65], pl_error *err)
{
	const pl_settings settings = pl_settings_preset();
	pl_model *m;
	pl_plan *p;
	PL_TRY(pl_app_economy(&m, t->d->store, t->season, t->round, err));
	pl_status st = pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, err);
	if (st == PL_OK) {
		pl_plan_digest(digest, m, p->price, p->quantity);
		st = pl_deed_say_text(t->d, "outcome", pl_outcome_name(p->outcome), err);
		pl_plan_free(p);
	}
	if (st == PL_OK) st = pl_deed_say_text(t->d, "digest", digest, err);
	pl_model_free(m);
	return st;
}

static const double steps_most = 9007199254740991.0; /* 2^53 - 1: whole numbers of a double */

/// Announce beside the next prices what the rule expects of each council: prices alone do not
/// tell a workplace with constant returns how much is needed of it.
static pl_status announce_expected(table *t, pl_error *err)
{
	const pl_model *m = t->declared;
	pl_rule_expected(t->quantity, t->rule);
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
			const double steps =
			        nearbyint(t->quantity[l] / m->good.step[m->link.good[l]]);
			if (!(steps >= 0 && steps <= steps_most)) continue;
			const pl_state_row row = {{PL_WHOLE(t->season), PL_WHOLE(t->round + 1),
			                           PL_WHOLE(t->rows.council[i]),
			                           PL_WHOLE(t->rows.good[m->link.good[l]]),
			                           PL_TEXT(pl_role_name(m->link.role[l])),
			                           PL_WHOLE((int64_t)steps)}};
			PL_TRY(pl_store_insert(t->d->store, PL_ROWS_expected, &row, err));
		}
	return PL_OK;
}

static pl_status step_rounds(table *t, char digest[65], pl_error *err)
{
	for (int64_t r = 1; r <= t->round; r++) PL_TRY(show_round(t, r, err));
	PL_TRY(keep_balance(t, err));
	PL_TRY(pl_deed_say_text(t->d, "remark", pl_rule_remark(t->rule), err));
	PL_TRY(announce(t->d, t->season, t->round + 1, &t->rows, t->next, err));
	PL_TRY(announce_expected(t, err));
	return say_plan(t, digest, err);
}

static pl_status close_round(table *t, char digest[65], pl_error *err)
{
	PL_TRY(table_begin(t, err));
	const int threads = choose_threads(t->declared);
	const pl_status st = step_rounds(t, digest, err);
	pl_threads_set(threads);
	return st;
}

pl_status pl_run_round_close(pl_deed *d, pl_error *err)
{
	table t = {.d = d, .season = PL_ASKED(d, round_close, season)};
	char digest[65];
	PL_TRY(pl_season_round(&t.round, d, t.season, err));
	const pl_status st = close_round(&t, digest, err);
	table_clear(&t);
	PL_TRY(st);
	PL_TRY(pl_deed_say(d, "round", t.round, err));
	return pl_season_move(d, t.season, PL_PHASE_REVIEW, t.round, digest, err);
}

/* ---- the plan ---- */

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

/// A line of the plan in whole steps: what is made is rounded up, what is taken is rounded
/// down, so that rounding leaves nobody short.
static pl_status keep_line(pl_deed *d, int64_t season, const pl_app_rows *rows,
                           const pl_model *m, int32_t council, int64_t link, double quantity,
                           pl_error *err)
{
	const int role = m->link.role[link];
	const int32_t good = m->link.good[link];
	const double steps = quantity / m->good.step[good];
	const bool up = role == PL_MAKES || role == PL_OFFERS;
	if (!(fabs(steps) < steps_most))
		return pl_fail(err, PL_ECONFLICT, -1,
		               "the plan has more steps of good %" PRId64
		               " than can be counted; give it a larger step",
		               rows->good[good]);
	const pl_state_row row = {{PL_WHOLE(season), PL_WHOLE(rows->council[council]),
	                           PL_WHOLE(rows->good[good]), PL_TEXT(pl_role_name(role)),
	                           PL_WHOLE((int64_t)(up ? ceil(steps) : floor(steps)))}};
	return pl_store_insert(d->store, PL_ROWS_plan_line, &row, err);
}

static pl_status keep_plan(pl_deed *d, int64_t season, const pl_model *m, const pl_plan *p,
                           pl_error *err)
{
	pl_app_rows rows;
	PL_TRY(pl_app_rows_of(&rows, d->store, err));
	pl_status st = PL_OK;
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t l = m->link.start[i]; l < m->link.start[i + 1] && st == PL_OK; l++)
			st = keep_line(d, season, &rows, m, i, l, p->quantity[l], err);
	pl_app_rows_clear(&rows);
	return st;
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

/// The prices at which nobody could do better, with every digit.
static pl_status say_prices(pl_deed *d, const pl_plan *p, pl_error *err)
{
	pl_app_rows rows;
	PL_TRY(pl_app_rows_of(&rows, d->store, err));
	json_t *prices = json_array();
	bool failed = prices == NULL;
	for (int32_t i = 0; i < p->n_goods && !failed; i++) {
		char text[PL_NUMBER_CHARS];
		json_t *price = json_pack("{s:I, s:s}", "good", (json_int_t)rows.good[i],
		                          "price", pl_number_print(text, p->price[i]));
		failed = price == NULL || json_array_append_new(prices, price) != 0;
	}
	pl_app_rows_clear(&rows);
	failed = json_object_set_new(d->out, "prices", prices) != 0 || failed;
	return failed ? pl_fail(err, PL_ENOMEM, -1, "no memory for the plan") : PL_OK;
}

pl_status pl_run_plan_adopt(pl_deed *d, pl_error *err)
{
	const int64_t season = PL_ASKED(d, plan_adopt, season);
	const pl_settings settings = pl_settings_preset();
	int64_t round;
	pl_model *m;
	pl_plan *p = NULL;
	char digest[65];
	PL_TRY(pl_season_round(&round, d, season, err));
	PL_TRY(check_vote(d, season, round, PL_ASKED(d, plan_adopt, vote), err));
	PL_TRY(pl_app_economy(&m, d->store, season, round, err));
	const int threads = choose_threads(m);
	pl_status st = pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, err);
	pl_threads_set(threads);
	if (st == PL_OK && p->outcome != PL_CLEARED)
		st = pl_fail(err, PL_ECONFLICT, -1,
		             "what the councils ask for has no plan: %.400s", p->reason);
	if (st == PL_OK) {
		pl_plan_digest(digest, m, p->price, p->quantity);
		st = keep_plan(d, season, m, p, err);
		if (st == PL_OK) st = say_prices(d, p, err);
		if (st == PL_OK) st = say_lines(d, season, err);
	}
	pl_plan_free(p);
	pl_model_free(m);
	PL_TRY(st);
	PL_TRY(pl_deed_say_text(d, "digest", digest, err));
	return pl_season_move(d, season, PL_PHASE_ADOPTED, round, digest, err);
}
