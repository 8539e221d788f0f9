/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* op_round.c - rounds: prices are announced, the round ends, the rule answers. What the engine
 * computes is recorded, and computed again by whoever verifies. */
#include "app/made.h"
#include "app/moves.h"
#include "app/replay.h"
#include "app/season.h"
#include "app/suspend.h"
#include "base/error.h"
#include "base/number.h"
#include "base/threads.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/plan.h>
#include <plenum/rounds.h>
#include <string.h>

/* ---- announcing ---- */

static pl_status announce(pl_deed *d, int64_t season, int64_t round, const pl_app_rows *rows,
                          const double *price, pl_error *err)
{
	const pl_state_row list = {{PL_WHOLE(season), PL_WHOLE(round)}};
	PL_TRY(pl_store_expect(d->store, PL_ROWS_price, 2, &list, err));
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

/* ---- the rule ---- */

/// A round that is being closed.
typedef struct {
	pl_deed *d;
	int64_t round;
	pl_replay r;
	pl_moves moves;
} table;

/// What the last round came to: each good, and the one that is furthest from balance.
static pl_status keep_balance(const table *t, pl_error *err)
{
	char supply[PL_NUMBER_CHARS], demand[PL_NUMBER_CHARS], off[PL_NUMBER_CHARS];
	const int32_t worst = t->r.seen.worst_good < 0 ? 0 : t->r.seen.worst_good;
	const pl_state_row list = {{PL_WHOLE(t->r.season), PL_WHOLE(t->round)}};
	PL_TRY(pl_store_expect(t->d->store, PL_ROWS_balance, 2, &list, err));
	for (int32_t i = 0; i < t->r.frame.n_goods; i++) {
		const pl_state_row row = {
		        {PL_WHOLE(t->r.season), PL_WHOLE(t->round), PL_WHOLE(t->r.rows.good[i]),
		         PL_TEXT(pl_number_print(supply, t->r.seen.supply[i])),
		         PL_TEXT(pl_number_print(demand, t->r.seen.demand[i])),
		         PL_TEXT(pl_number_print(off, t->r.seen.imbalance[i]))}};
		PL_TRY(pl_store_insert(t->d->store, PL_ROWS_balance, &row, err));
	}
	PL_TRY(pl_deed_say_text(t->d, "worst_imbalance", pl_number_print(off, t->r.seen.worst),
	                        err));
	return pl_deed_say(t->d, "worst_good", t->r.rows.good[worst], err);
}

/// How much of what was proposed each council keeps.
static pl_status keep_fairness(const table *t, const pl_made *p, pl_error *err)
{
	char proposed[PL_NUMBER_CHARS], kept[PL_NUMBER_CHARS];
	const pl_state_row list = {{PL_WHOLE(t->r.season), PL_WHOLE(t->round)}};
	PL_TRY(pl_store_expect(t->d->store, PL_ROWS_fairness, 2, &list, err));
	for (int32_t i = 0; i < p->m->n_councils; i++) {
		const double worth = pl_made_worth(p, i, p->proposed);
		const pl_state_row row = {{PL_WHOLE(t->r.season), PL_WHOLE(t->round),
		                           PL_WHOLE(p->rows.council[i]),
		                           PL_TEXT(pl_number_print(proposed, worth)),
		                           PL_TEXT(pl_number_print(kept, p->ending->kept[i]))}};
		PL_TRY(pl_store_insert(t->d->store, PL_ROWS_fairness, &row, err));
	}
	return PL_OK;
}

/// The plan that comes of the round, by its digest: what plenum plan finds on its export.
static pl_status say_plan(table *t, char digest[65], pl_error *err)
{
	pl_made p;
	PL_TRY(pl_made_new(&p, t->d->store, t->r.season, t->round, err));
	memcpy(digest, p.digest, sizeof p.digest);
	pl_status st = p.found != NULL
	                       ? pl_deed_say_text(t->d, "outcome",
	                                          pl_outcome_name(p.found->outcome), err)
	                       : pl_season_say_ending(t->d, &p, err);
	if (st == PL_OK && p.ending != NULL) st = keep_fairness(t, &p, err);
	pl_made_clear(&p);
	PL_TRY(st);
	return pl_deed_say_text(t->d, "digest", digest, err);
}

static const double steps_most = 9007199254740991.0; /* 2^53 - 1: whole numbers of a double */

/// Announce beside the next prices what the rule expects of each council: prices alone do not
/// tell a workplace with constant returns how much is needed of it.
static pl_status announce_expected(table *t, pl_error *err)
{
	const pl_model *m = t->r.declared;
	const pl_state_row list = {{PL_WHOLE(t->r.season), PL_WHOLE(t->round + 1)}};
	PL_TRY(pl_store_expect(t->d->store, PL_ROWS_expected, 2, &list, err));
	pl_rule_expected(t->r.quantity, t->r.rule);
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
			const double steps =
			        nearbyint(t->r.quantity[l] / m->good.step[m->link.good[l]]);
			if (!(steps >= 0 && steps <= steps_most)) continue;
			const pl_state_row row = {{PL_WHOLE(t->r.season),
			                           PL_WHOLE(t->round + 1),
			                           PL_WHOLE(t->r.rows.council[i]),
			                           PL_WHOLE(t->r.rows.good[m->link.good[l]]),
			                           PL_TEXT(pl_role_name(m->link.role[l])),
			                           PL_WHOLE((int64_t)steps)}};
			PL_TRY(pl_store_insert(t->d->store, PL_ROWS_expected, &row, err));
		}
	return PL_OK;
}

static pl_status step_rounds(table *t, char digest[65], pl_error *err)
{
	for (int64_t k = 1; k <= t->round; k++) {
		PL_TRY(pl_replay_take(&t->r, k, k == t->round, err));
		if (k >= t->round - 1) pl_moves_see(&t->moves, &t->r);
		PL_TRY(pl_replay_step(&t->r, err));
	}
	PL_TRY(keep_balance(t, err));
	PL_TRY(pl_moves_note(&t->moves, &t->r, t->round, err));
	PL_TRY(pl_deed_say_text(t->d, "remark", pl_rule_remark(t->r.rule), err));
	PL_TRY(announce(t->d, t->r.season, t->round + 1, &t->r.rows, t->r.next, err));
	PL_TRY(announce_expected(t, err));
	return say_plan(t, digest, err);
}

static pl_status close_round(table *t, char digest[65], pl_error *err)
{
	PL_TRY(pl_replay_begin(&t->r, err));
	PL_TRY(pl_moves_begin(&t->moves, &t->r, err));
	const int threads = pl_replay_threads(t->r.declared);
	const pl_status st = step_rounds(t, digest, err);
	pl_threads_set(threads);
	return st;
}

pl_status pl_run_round_close(pl_deed *d, pl_error *err)
{
	table t = {.d = d,
	           .r = {.store = d->store, .season = PL_ASKED(d, round_close, season)}};
	char digest[65];
	PL_TRY(pl_season_round(&t.round, d, t.r.season, err));
	PL_TRY(pl_suspend_note(d, t.r.season, t.round, err));
	const pl_status st = close_round(&t, digest, err);
	pl_moves_clear(&t.moves);
	pl_replay_clear(&t.r);
	PL_TRY(st);
	PL_TRY(pl_deed_say(d, "round", t.round, err));
	return pl_season_move(d, t.r.season, PL_PHASE_REVIEW, t.round, digest, err);
}
