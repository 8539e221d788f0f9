/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_why.c - what moved a price, and who: the rounds replayed, as the rule saw them. */
#include "app/looks.h"
#include "app/replay.h"
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/number.h"
#include "base/threads.h"
#include "rounds/rule.h"
#include "rounds/why.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 10 }; /* councils of a list by name; the others are its rest */

/// A council that deals in the good, in steps of it.
typedef struct {
	int64_t council;
	int64_t supply, demand;
	int64_t more; ///< asked for, or less supplied, than in the round before
} party;

typedef struct {
	pl_store *store;
	int64_t season, round, good;
	double step;
	double before, after;             ///< credits, as announced
	double supply, demand, imbalance; ///< units, units, 1
	int32_t n;
	party *party; ///< [n]
	/* the rounds again: */
	pl_replay r;
	int32_t index; ///< of the good
	pl_why *why;
	pl_move move;
	bool replayed; ///< the same price came of it: goods and schedules are still as they
	               ///< were
} telling;

static void telling_clear(telling *t)
{
	pl_why_free(t->why);
	pl_free(t->party);
	pl_replay_clear(&t->r);
}

/* ---- what was announced, and what the round came to ---- */

static double decimal(const char *text)
{
	double x = 0;
	(void)pl_number_read(&x, text); /* checked when it was filed */
	return x;
}

static pl_status find_price(double *out, const telling *t, int64_t round, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(t->season), PL_WHOLE(round), PL_WHOLE(t->good)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, t->store, PL_ROWS_price, &key, err));
	*out = f.found ? decimal(f.row.at[PL_C_price_price].text) : 0;
	const bool there = f.found;
	pl_found_clear(&f);
	if (there) return PL_OK;
	return pl_fail(err, PL_ENOTFOUND, -1, "good %" PRId64 " has no price in round %" PRId64,
	               t->good, round);
}

static pl_status find_balance(telling *t, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(t->season), PL_WHOLE(t->round), PL_WHOLE(t->good)}},
	                   good = {{PL_WHOLE(t->good)}};
	pl_found f;
	PL_TRY(pl_store_get(&f, t->store, PL_ROWS_balance, &key, err));
	if (f.found) {
		t->supply = decimal(f.row.at[PL_C_balance_supply].text);
		t->demand = decimal(f.row.at[PL_C_balance_demand].text);
		t->imbalance = decimal(f.row.at[PL_C_balance_imbalance].text);
	}
	pl_found_clear(&f);
	PL_TRY(pl_store_get(&f, t->store, PL_ROWS_good, &good, err));
	t->step = f.found ? decimal(f.row.at[PL_C_good_step].text) : 1;
	pl_found_clear(&f);
	PL_TRY(find_price(&t->before, t, t->round, err));
	return find_price(&t->after, t, t->round + 1, err);
}

static int64_t steps_of(const telling *t, double quantity)
{
	return (int64_t)nearbyint(quantity / t->step);
}

/* ---- who supplies and who asks for it ---- */

/// Steps of the good that a council proposed in a round, or was taken at.
static pl_status find_steps(int64_t *out, const telling *t, int64_t round, int64_t council,
                            int role, pl_error *err)
{
	const pl_cell season = PL_WHOLE(t->season), when = PL_WHOLE(round),
	              who = PL_WHOLE(council), what = PL_WHOLE(t->good),
	              how = PL_TEXT(pl_role_name(role));
	int64_t version;
	pl_found f;
	PL_TRY(pl_app_version(&version, t->store, t->season, round, council, err));
	const bool filed = version > 0;
	const pl_state_row line = {{season, when, who, PL_WHOLE(version), what, how}},
	                   taken = {{season, when, who, what, how}};
	PL_TRY(pl_store_get(&f, t->store, filed ? PL_ROWS_proposal_line : PL_ROWS_taken,
	                    filed ? &line : &taken, err));
	*out = !f.found ? 0
	       : filed  ? f.row.at[PL_C_proposal_line_quantity].whole
	                : steps_of(t, decimal(f.row.at[PL_C_taken_quantity].text));
	pl_found_clear(&f);
	return PL_OK;
}

static pl_status find_party(party *p, const telling *t, pl_error *err)
{
	for (int role = 0; role < PL_ROLES; role++) {
		const bool supplies = pl_role_supplies((uint8_t)role);
		int64_t now, before;
		PL_TRY(find_steps(&now, t, t->round, p->council, role, err));
		before = now;
		if (t->round > 1)
			PL_TRY(find_steps(&before, t, t->round - 1, p->council, role, err));
		*(supplies ? &p->supply : &p->demand) += now;
		p->more += supplies ? before - now : now - before;
	}
	return PL_OK;
}

static pl_status find_parties(telling *t, pl_error *err)
{
	pl_app_rows rows;
	pl_status st = PL_OK;
	PL_TRY(pl_app_rows_of(&rows, t->store, err));
	t->party = pl_alloc(rows.n_councils, sizeof *t->party);
	for (; t->party != NULL && t->n < rows.n_councils && st == PL_OK; t->n++) {
		t->party[t->n].council = rows.council[t->n];
		st = find_party(&t->party[t->n], t, err);
	}
	pl_app_rows_clear(&rows);
	return t->party == NULL ? pl_look_no_memory(err) : st;
}

/* ---- the rounds again ---- */

static pl_status replay(telling *t, pl_error *err)
{
	pl_move none;
	pl_why_begin(t->why, t->r.rule);
	for (int64_t k = 1; k <= t->round; k++) {
		PL_TRY(pl_replay_take(&t->r, k, false, err));
		(void)pl_why_round(&none, t->why, &t->r.seen);
		PL_TRY(pl_replay_step(&t->r, err));
	}
	/* what led to the next price shows when that is announced */
	pl_round after = t->r.seen;
	after.number++;
	after.price = t->r.next;
	(void)pl_why_round(&t->move, t->why, &after);
	return PL_OK;
}

static pl_status replay_good(telling *t, pl_error *err)
{
	t->r = (pl_replay){.store = t->store, .season = t->season};
	PL_TRY(pl_replay_begin(&t->r, err));
	t->index = pl_app_index(t->r.rows.good, t->r.rows.n_goods, t->good);
	PL_TRY(pl_why_new(&t->why, &t->r.frame, t->index, err));
	const int threads = pl_replay_threads(t->r.declared);
	const pl_status st = replay(t, err);
	pl_threads_set(threads);
	return st;
}

/// Whose proposals the rule moved the price for. Goods and schedules that changed after the
/// season was planned may no longer fit its rounds: then nobody is named.
static pl_status find_movers(telling *t, pl_error *err)
{
	const pl_status st = replay_good(t, err);
	t->replayed = st == PL_OK && t->r.next[t->index] == t->after;
	return st == PL_EARG ? PL_OK : st;
}

/* ---- lists ---- */

typedef int64_t amount_of(const party *p);

static int64_t supply_of(const party *p)
{
	return p->supply;
}
static int64_t demand_of(const party *p)
{
	return p->demand;
}
static int64_t change_of(const party *p)
{
	return p->more;
}

static int compare(int64_t a, int64_t b, const party *x, const party *y)
{
	if (a != b) return a < b ? 1 : -1;
	return x->council < y->council ? -1 : x->council > y->council;
}

static int by_supply(const void *a, const void *b)
{
	const party *x = a, *y = b;
	return compare(x->supply, y->supply, x, y);
}
static int by_demand(const void *a, const void *b)
{
	const party *x = a, *y = b;
	return compare(x->demand, y->demand, x, y);
}
static int by_change(const void *a, const void *b)
{
	const party *x = a, *y = b;
	return compare(llabs(x->more), llabs(y->more), x, y);
}

/// The first ten by name, the others together: they and the rest are the sum.
static pl_status put_parties(json_t *out, const char *key, const telling *t, amount_of *amount,
                             int (*by)(const void *, const void *), pl_error *err)
{
	json_t *councils = json_array();
	int64_t all = 0, shown = 0, others = 0;
	if (t->n > 0) qsort(t->party, (size_t)t->n, sizeof *t->party, by);
	for (int32_t i = 0; i < t->n; i++) {
		const int64_t steps = amount(&t->party[i]);
		all += steps;
		others += steps != 0;
		if (steps == 0 || json_array_size(councils) == SHOWN) continue;
		shown += steps;
		others--;
		(void)json_array_append_new(councils, json_pack("{s:I, s:I}", "council",
		                                                (json_int_t)t->party[i].council,
		                                                "steps", (json_int_t)steps));
	}
	return pl_look_set(out, key,
	                   json_pack("{s:o, s:{s:I, s:I}, s:I}", "councils", councils, "rest",
	                             "councils", (json_int_t)others, "steps",
	                             (json_int_t)(all - shown), "steps", (json_int_t)all),
	                   err);
}

static pl_status put_number(json_t *out, const char *key, double x, pl_error *err)
{
	char text[PL_NUMBER_CHARS];
	return pl_look_set(out, key, json_string(pl_number_print(text, x)), err);
}

/// Whose proposals the rule moved the price for. The rest of the parts is what is left of the
/// move, so that all of them are the move.
static pl_status put_movers(json_t *out, const telling *t, pl_error *err)
{
	const double move = pl_log(t->move.after / t->move.before);
	double rest = move - t->move.known - t->move.others;
	json_t *councils = json_array();
	PL_TRY(pl_look_set(out, "movers", councils, err));
	for (int32_t i = 0; i < t->move.n && i < SHOWN; i++) {
		const pl_mover *who = &t->move.mover[i];
		json_t *row = json_object();
		if (json_array_append_new(councils, row) != 0) return pl_look_no_memory(err);
		PL_TRY(pl_look_set(row, "council",
		                   json_integer(t->r.rows.council[who->council]), err));
		PL_TRY(put_number(row, "surprise", who->surprise, err));
		PL_TRY(put_number(row, "part", who->part, err));
		rest -= who->part;
	}
	PL_TRY(put_number(out, "rest", t->move.n > SHOWN ? rest : 0, err));
	PL_TRY(put_number(out, "known", t->move.known, err));
	PL_TRY(put_number(out, "other_goods", t->move.others, err));
	return pl_look_set(out, "against",
	                   json_string(t->move.expects ? "expected" : "round_before"), err);
}

/* ---- the whole ---- */

/// What the rule made of it.
static pl_status put_rule(json_t *out, telling *t, pl_error *err)
{
	PL_TRY(find_movers(t, err));
	PL_TRY(pl_look_set(out, "replayed", json_boolean(t->replayed), err));
	if (!t->replayed) return PL_OK;
	PL_TRY(pl_look_set(out, "at_floor",
	                   json_boolean(pl_rule_floors(t->r.rule)[t->index] != 0), err));
	PL_TRY(pl_look_set(out, "remark", json_string(pl_rule_remark(t->r.rule)), err));
	return put_movers(out, t, err);
}

/// The price as it was and is, and what is over or missing.
static pl_status put_price(json_t *out, const telling *t, pl_error *err)
{
	static const double most = 1,
	                    rounding = 1e-9; /* of the log: with people, a factor of e */
	const double move = pl_log(t->after / t->before);
	PL_TRY(put_number(out, "before", t->before, err));
	PL_TRY(put_number(out, "after", t->after, err));
	PL_TRY(put_number(out, "move", move, err));
	PL_TRY(put_number(out, "imbalance", t->imbalance, err));
	return pl_look_set(out, "largest_move", json_boolean(fabs(move) >= most - rounding),
	                   err);
}

/// What society holds is what there is besides what councils supply.
static pl_status put_held(json_t *out, const telling *t, pl_error *err)
{
	int64_t supplied = 0;
	for (int32_t i = 0; i < t->n; i++) supplied += t->party[i].supply;
	return pl_look_set(out, "held", json_integer(steps_of(t, t->supply) - supplied), err);
}

static pl_status tell(json_t *out, telling *t, pl_error *err)
{
	PL_TRY(find_balance(t, err));
	PL_TRY(find_parties(t, err));
	PL_TRY(put_price(out, t, err));
	PL_TRY(put_held(out, t, err));
	PL_TRY(put_parties(out, "supply", t, supply_of, by_supply, err));
	PL_TRY(put_parties(out, "demand", t, demand_of, by_demand, err));
	PL_TRY(put_parties(out, "changes", t, change_of, by_change, err));
	return put_rule(out, t, err);
}

pl_status pl_look_why(json_t *out, pl_looking *l, pl_error *err)
{
	json_t *season;
	telling t = {.store = l->store,
	             .season = l->number[0],
	             .round = l->number[1],
	             .good = l->number[2]};
	PL_TRY(pl_look_get(&season, l, PL_ROWS_season, l->number[0], err));
	PL_TRY(pl_look_set(out, "season", season, err));
	if (t.round < 1 || t.round > pl_look_closed(season))
		return pl_fail(err, PL_ENOTFOUND, -1,
		               "season %" PRId64 " has no closed round %" PRId64, l->number[0],
		               t.round);
	PL_TRY(pl_look_set(out, "round", json_integer(t.round), err));
	PL_TRY(pl_look_set(out, "good", json_integer(t.good), err));
	const pl_status st = tell(out, &t, err);
	telling_clear(&t);
	return st;
}
