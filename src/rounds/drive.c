/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"
#include "rounds/frame.h"
#include "rounds/rule.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void pl_rounds_free(pl_rounds *r)
{
	if (r == NULL) return;
	pl_free(r->imbalance);
	pl_free(r->quantity);
	pl_free(r->price);
	pl_free(r);
}

static pl_rounds *rounds_new(const pl_frame *frame)
{
	pl_rounds *r = pl_alloc(1, sizeof *r);
	if (r == NULL) return NULL;
	r->n_goods = frame->n_goods;
	r->n_links = frame->n_links;
	r->price = pl_alloc(frame->n_goods, sizeof *r->price);
	r->quantity = pl_alloc(frame->n_links, sizeof *r->quantity);
	r->imbalance = pl_alloc(frame->n_goods, sizeof *r->imbalance);
	if (r->price != NULL && r->quantity != NULL && r->imbalance != NULL) return r;
	pl_rounds_free(r);
	return NULL;
}

/* The round that fits best so far: what is too much is left over, but what is short stops
 * everyone who needs it, so the shortest good counts. */
typedef struct {
	double shortest, worst;
	int32_t worst_good;
	double *price, *quantity, *imbalance;
} best_round;

static bool best_new(best_round *b, const pl_frame *frame)
{
	*b = (best_round){.shortest = INFINITY};
	b->price = pl_alloc(frame->n_goods, sizeof *b->price);
	b->quantity = pl_alloc(frame->n_links, sizeof *b->quantity);
	b->imbalance = pl_alloc(frame->n_goods, sizeof *b->imbalance);
	return b->price != NULL && b->quantity != NULL && b->imbalance != NULL;
}

static void best_free(best_round *b)
{
	pl_free(b->price);
	pl_free(b->quantity);
	pl_free(b->imbalance);
}

static void keep_best(best_round *b, pl_rounds *r, const pl_round *round)
{
	double shortest = 0;
	for (int32_t j = 0; j < r->n_goods; j++)
		if (round->imbalance[j] > 0 && round->demand[j] > round->supply[j])
			shortest = fmax(shortest, 1 - round->supply[j] / round->demand[j]);
	if (!(shortest < b->shortest)) return;
	b->shortest = shortest;
	b->worst = round->worst;
	b->worst_good = round->worst_good;
	r->chosen = round->number;
	memcpy(b->price, r->price, (size_t)r->n_goods * sizeof *b->price);
	memcpy(b->imbalance, r->imbalance, (size_t)r->n_goods * sizeof *b->imbalance);
	memcpy(b->quantity, r->quantity, (size_t)r->n_links * sizeof *b->quantity);
}

static void exchange(double **a, double **b)
{
	double *const c = *a;
	*a = *b;
	*b = c;
}

/* Where the rounds end without a plan, the best of them is what an endgame starts from. */
static void choose(pl_rounds *r, best_round *b)
{
	if (r->outcome == PL_CLEARED || !isfinite(b->shortest)) {
		r->chosen = r->n_rounds;
		return;
	}
	exchange(&r->price, &b->price);
	exchange(&r->quantity, &b->quantity);
	exchange(&r->imbalance, &b->imbalance);
	r->worst = b->worst;
	r->worst_good = b->worst_good;
}

static void note(pl_rounds *r, const pl_round *round, double *best)
{
	r->n_rounds = round->number;
	r->worst = round->worst;
	r->worst_good = round->worst_good;
	memcpy(r->imbalance, round->imbalance, (size_t)r->n_goods * sizeof(double));
	if (round->worst < *best) {
		*best = round->worst;
		r->best_round = round->number;
	}
	for (int b = 0; b < PL_BOUNDS; b++)
		if (r->rounds_to[b] == 0 && round->worst <= pl_bound[b])
			r->rounds_to[b] = round->number;
}

static void say(pl_rounds *r, double best, const char *why)
{
	(void)snprintf(r->reason, sizeof r->reason,
	               "%s after %d rounds: the worst good is %.3g %% out of balance, and was "
	               "%.3g %% in round %d",
	               why, r->n_rounds, 100 * r->worst, 100 * best, r->best_round);
}

/* What ends the rounds before the rule steps. */
static bool is_over(pl_rounds *r, double tolerance, int32_t max_rounds, bool go_on, double best)
{
	if (r->worst <= tolerance) {
		r->outcome = PL_CLEARED;
		return true;
	}
	if (!go_on || r->n_rounds >= max_rounds) {
		r->outcome = go_on ? PL_ROUND_LIMIT : PL_STOPPED;
		say(r, best, go_on ? "not within tolerance" : "stopped");
		return true;
	}
	return false;
}

pl_status pl_rounds_run(pl_rounds **out, pl_rule *rule, const double *start, int32_t max_rounds,
                        const pl_round_calls *calls, pl_error *err)
{
	*out = NULL;
	assert(max_rounds > 0);
	pl_status st = PL_ENOMEM;
	double best = INFINITY;
	const pl_frame *frame = pl_rule_frame(rule);
	pl_rounds *r = rounds_new(frame);
	double *next = pl_alloc(frame->n_goods, sizeof *next);
	best_round kept;
	if (!best_new(&kept, frame) || r == NULL || next == NULL) goto nomem;
	memcpy(r->price, start, (size_t)frame->n_goods * sizeof *start);
	for (;;) {
		pl_round round;
		pl_rule_expected(r->quantity, rule);
		st = calls->answer(calls->answer_self, r->quantity, r->price, err);
		if (st == PL_OK) st = pl_rule_look(&round, rule, r->price, r->quantity, err);
		if (st != PL_OK) goto undo;
		round.number = r->n_rounds + 1;
		note(r, &round, &best);
		keep_best(&kept, r, &round);
		const bool go_on =
		        calls->watch == NULL || calls->watch(calls->watch_self, &round);
		if (is_over(r, pl_rule_tolerance(rule), max_rounds, go_on, best)) break;
		st = pl_rule_next(next, rule, &round, err);
		if (st != PL_OK) goto undo;
		if (pl_rule_is_lost(rule)) {
			r->outcome = PL_STALLED;
			say(r, best, "the rule is lost");
			break;
		}
		memcpy(r->price, next, (size_t)frame->n_goods * sizeof *next);
	}
	choose(r, &kept);
	best_free(&kept);
	pl_free(next);
	*out = r;
	return PL_OK;

nomem:
	st = pl_fail(err, PL_ENOMEM, -1, "no memory for rounds about %lld links",
	             (long long)frame->n_links);
undo:
	best_free(&kept);
	pl_free(next);
	pl_rounds_free(r);
	return st;
}

/* ---- proposals that did not come ----------------------------------------------------- */

static bool is_missing(const pl_frame *frame, int32_t i, const double *quantity)
{
	for (int64_t k = frame->start[i]; k < frame->start[i + 1]; k++)
		if (isnan(quantity[k])) return true;
	return false;
}

/* By which part of its last wants a council can still pay them; 1 for workplaces. */
static double affordable(const pl_frame *frame, int32_t i, const double *price,
                         const double *last_quantity, const double *last_price)
{
	double then = 0, now = 0;
	for (int64_t k = frame->start[i]; k < frame->start[i + 1]; k++) {
		const int32_t j = frame->good[k];
		if (frame->role[k] != PL_WANTS || frame->good_kind[j] == PL_FREE) continue;
		then += last_price[j] * last_quantity[k];
		now += price[j] * last_quantity[k];
	}
	return now > then ? then / now : 1;
}

void pl_rounds_fill(double *quantity, const pl_frame *frame, const double *price,
                    const double *last_quantity, const double *last_price)
{
#pragma omp parallel for schedule(static) if (frame->n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < frame->n_councils; i++) {
		if (!is_missing(frame, i, quantity)) continue;
		const double part =
		        last_quantity == NULL
		                ? 0
		                : affordable(frame, i, price, last_quantity, last_price);
		for (int64_t k = frame->start[i]; k < frame->start[i + 1]; k++) {
			const double last = last_quantity == NULL ? 0 : last_quantity[k];
			const bool paid = frame->role[k] == PL_WANTS &&
			                  frame->good_kind[frame->good[k]] != PL_FREE;
			quantity[k] = paid ? part * last : last;
		}
	}
}

/* ---- limits of movement ---------------------------------------------------------------- */

enum { FREE_ROUNDS = 2, FREE_ROUNDS_OF_WORKERS = 3 };
/* Of a good's excess per head: how far a council may move towards balance, and away from it. */
static const double towards = 0.5, away = 0.25;

/* Links that supply and that demand each good: [2 n_goods]. */
static void count_heads(int32_t *heads, const pl_frame *frame)
{
	for (int64_t k = 0; k < frame->n_links; k++)
		heads[2 * (int64_t)frame->good[k] + pl_role_supplies(frame->role[k])]++;
}

static double limited(double quantity, double last, double up, double down)
{
	return fmax(fmax(0, last - down), fmin(last + up, quantity));
}

pl_status pl_rounds_limit(double *quantity, const pl_frame *frame, int32_t round,
                          const double *last, const double *supply, const double *demand,
                          pl_error *err)
{
	if (round <= FREE_ROUNDS) return PL_OK;
	int32_t *heads = pl_alloc(2 * (int64_t)frame->n_goods, sizeof *heads);
	if (heads == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the limits of %d goods",
		               frame->n_goods);
	count_heads(heads, frame);
#pragma omp parallel for schedule(static) if (frame->n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < frame->n_councils; i++) {
		const bool works = frame->council_kind[i] == PL_WORKERS;
		if (works && round <= FREE_ROUNDS_OF_WORKERS) continue;
		for (int64_t k = frame->start[i]; k < frame->start[i + 1]; k++) {
			const int64_t j = frame->good[k];
			const bool supplies = pl_role_supplies(frame->role[k]);
			if (frame->good_kind[j] == PL_FREE || isnan(quantity[k])) continue;
			const double each =
			        fabs(demand[j] - supply[j]) / heads[2 * j + supplies];
			const bool more = (demand[j] > supply[j]) == supplies;
			quantity[k] =
			        limited(quantity[k], last[k], (more ? towards : away) * each,
			                (more ? away : towards) * each);
		}
	}
	pl_free(heads);
	return PL_OK;
}
