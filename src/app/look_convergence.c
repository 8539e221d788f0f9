/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* look_convergence.c - how far from balance the rounds of a season were. */
#include "app/looks.h"

#include "base/error.h"
#include "base/number.h"

#include <math.h>

/// Rounds, each summed up from the rows of its goods, which come one after another.
typedef struct {
	json_t *rounds;
	double tolerance;
	int64_t round, goods, balanced, worst_good;
	double worst, sum; ///< imbalances without their sign
	bool failed;
} course;

static double decimal(const char *text)
{
	double x = 0;
	(void)pl_number_read(&x, text); /* checked when it was written */
	return x;
}

/// The round that was summed up is complete.
static void finish(course *c)
{
	char worst[PL_NUMBER_CHARS], mean[PL_NUMBER_CHARS];
	if (c->goods == 0) return;
	json_t *row = json_pack(
	        "{s:I, s:I, s:I, s:s, s:I, s:s}", "round", (json_int_t)c->round, "goods",
	        (json_int_t)c->goods, "balanced", (json_int_t)c->balanced, "worst",
	        pl_number_print(worst, c->worst), "worst_good", (json_int_t)c->worst_good,
	        "mean", pl_number_print(mean, c->sum / (double)c->goods));
	c->failed = c->failed || json_array_append_new(c->rounds, row) != 0;
	c->goods = c->balanced = c->worst_good = 0;
	c->worst = c->sum = 0;
}

static bool add_good(void *with, const pl_state_row *row)
{
	course *c = with;
	const double off = fabs(decimal(row->at[PL_C_balance_imbalance].text));
	if (row->at[PL_C_balance_round].whole != c->round) finish(c);
	c->round = row->at[PL_C_balance_round].whole;
	c->goods++;
	c->balanced += off <= c->tolerance;
	c->sum += off;
	if (off > c->worst || c->worst_good == 0)
		c->worst_good = row->at[PL_C_balance_good].whole;
	c->worst = fmax(c->worst, off);
	return !c->failed;
}

pl_status pl_look_convergence(json_t *out, pl_looking *l, pl_error *err)
{
	const pl_state_row key = {{PL_WHOLE(l->number[0])}};
	json_t *season;
	PL_TRY(pl_look_get(&season, l, PL_ROWS_season, l->number[0], err));
	course c = {.rounds = json_array(),
	            .tolerance =
	                    decimal(json_string_value(json_object_get(season, "tolerance")))};
	pl_status st = pl_look_set(out, "season", season, err);
	if (st == PL_OK)
		st = pl_store_scan(l->store, PL_ROWS_balance, 1, &key, add_good, &c, err);
	finish(&c);
	const pl_status set = pl_look_set(out, "rounds", c.rounds, st == PL_OK ? err : NULL);
	if (st == PL_OK && c.failed) return pl_look_no_memory(err);
	return st == PL_OK ? set : st;
}
