/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_why.c - what moved a price when a round closed, and who. */
#include "app/economy.h"
#include "app/looks.h"
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/number.h"
#include "rounds/frame.h"

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
} telling;

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

/// The largest part first.
static int by_part(const void *a, const void *b)
{
	const json_t *const *x = a, *const *y = b;
	const double part = fabs(decimal(json_string_value(json_object_get(*x, "part")))),
	             other = fabs(decimal(json_string_value(json_object_get(*y, "part"))));
	return part != other ? (part < other ? 1 : -1) : 0;
}

/// Whose proposals the rule moved the price for, as it was noted when the round closed.
static pl_status put_movers(json_t *out, const pl_looking *l, const pl_state_row *key,
                            pl_error *err)
{
	json_t *rows, *sorted[SHOWN] = {NULL}, *list = json_array();
	PL_TRY(pl_look_set(out, "movers", list, err));
	PL_TRY(pl_look_list(&rows, l, PL_ROWS_mover, 3, key, NULL, NULL, err));
	const size_t n = json_array_size(rows);
	for (size_t i = 0; i < n && i < SHOWN; i++) sorted[i] = json_array_get(rows, i);
	if (n > 0) qsort((void *)sorted, n < SHOWN ? n : SHOWN, sizeof(json_t *), by_part);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		json_t *row = json_incref(sorted[i]);
		(void)json_object_del(row, "season");
		(void)json_object_del(row, "round");
		(void)json_object_del(row, "good");
		(void)json_array_append_new(list, row);
	}
	json_decref(rows);
	return PL_OK;
}

/// What the rule made of it.
static pl_status put_rule(json_t *out, const pl_looking *l, pl_error *err)
{
	static const char *const parts[] = {"at_floor", "against", "known", "others", "rest"};
	const pl_state_row key = {
	        {PL_WHOLE(l->number[0]), PL_WHOLE(l->number[1]), PL_WHOLE(l->number[2])}};
	json_t *rows;
	PL_TRY(pl_look_list(&rows, l, PL_ROWS_move, 3, &key, NULL, NULL, err));
	int failed = 0;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		failed |= json_object_set(out, parts[i],
		                          json_object_get(json_array_get(rows, 0), parts[i]));
	json_decref(rows);
	return failed != 0 ? pl_look_no_memory(err) : put_movers(out, l, &key, err);
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
	return put_parties(out, "changes", t, change_of, by_change, err);
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
	pl_free(t.party);
	PL_TRY(st);
	return put_rule(out, l, err);
}
