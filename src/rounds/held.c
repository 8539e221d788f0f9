/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* held.c - proposals that are no answers to prices: where people change no quantity by more
 * than a part in a round, what stands at that limit is a step on the way; and proposals that
 * did not come are those of the round before. */
#include "base/elementary.h"
#include "base/threads.h"
#include "rounds/fit.h"

#include <math.h>

static const double exactly = 1e-9;   /* of logs: moved by the same factor */
static const double explained = 1e-6; /* the value stands still: the price alone did it */
static const double mostly = 0.5;     /* a council is held where this part of its value is */
static const double most_held = 0.7;  /* of workplaces: of their wishes then nothing is known */
enum {
	FEW = 3,        /* councils on each side that show a limit: so many, */
	PART = 50,      /* and one in so many of all */
	SILENT = 100,   /* one workplace in so many may repeat itself unnoticed */
	WAITED_FOR = 20 /* one workplace in so many being held, nothing need come nearer yet */
};

static bool at_limit(const pl_fitted *f, int64_t l, double limit, int side)
{
	return fabs(side * (f->log_now[l] - f->log_before[l]) - limit) <= exactly;
}

static double largest_move(const pl_fitted *f)
{
	double most = 0;
#pragma omp parallel for schedule(static) \
        reduction(max                     \
                  : most) if (f->frame.n_links >= PL_PAR_MIN)
	for (int64_t l = 0; l < f->frame.n_links; l++) {
		const double move = fabs(f->log_now[l] - f->log_before[l]);
		if (isfinite(move) && pl_good_balances(&f->frame, f->frame.good[l]))
			most = fmax(most, move);
	}
	return most;
}

enum { UPWARDS = 1, DOWNWARDS = 2 };

/* On which sides council i moved something by exactly this factor that its price does not
 * explain. */
static int sides_shown(const pl_fitted *f, int32_t i, double limit)
{
	const pl_frame *e = &f->frame;
	const double *before = f->past_log + (int64_t)(f->n_past - 1) * e->n_goods;
	int sides = 0;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t j = e->good[l];
		const double move = f->log_now[l] - f->log_before[l];
		if (!(fabs(fabs(move) - limit) <= exactly) || !pl_good_balances(e, j)) continue;
		if (fabs(move + f->log_price[j] - before[j]) > explained)
			sides |= move > 0 ? UPWARDS : DOWNWARDS;
	}
	return sides;
}

/* A largest move that many share, upwards and downwards, is a limit. */
static bool is_limit(const pl_fitted *f, double move)
{
	int64_t up = 0, down = 0;
	if (!(move > explained)) return false;
#pragma omp parallel for schedule(static) reduction(+ : up, down) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < f->frame.n_councils; i++) {
		const int sides = sides_shown(f, i, move);
		up += (sides & UPWARDS) != 0;
		down += (sides & DOWNWARDS) != 0;
	}
	const int64_t enough = f->frame.n_councils / PART;
	return up >= FEW && down >= FEW && up >= enough && down >= enough;
}

/* Which part of a council's value stands at the limit: above 0 upwards, below downwards. */
static double part_held(const pl_fitted *f, const pl_round *r, int32_t i)
{
	const pl_frame *e = &f->frame;
	double held = 0, all = 0;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const double value = r->quantity[l] * f->price[e->good[l]];
		all += value;
		held += value * (at_limit(f, l, f->limit, 1) - at_limit(f, l, f->limit, -1));
	}
	return all > 0 ? held / all : 0;
}

static bool any_held(const pl_fitted *f, int32_t i)
{
	for (int64_t l = f->frame.start[i]; l < f->frame.start[i + 1]; l++)
		if (at_limit(f, l, f->limit, 1) || at_limit(f, l, f->limit, -1)) return true;
	return false;
}

/* By how much those who are held are taken to want to go on. Wishes are taken to be spread so
 * that of those who want to move by the limit and more, as large a part wants to move by twice
 * the limit and more: an exponential distribution of both signs. */
static double look_beyond(const pl_fitted *f)
{
	const double part = (double)f->n_held / (double)(f->n_makers > 0 ? f->n_makers : 1);
	return part > 0 ? -f->limit / pl_log(part) : 0;
}

/* Something, exactly as in the round before, whatever prices did: a proposal that did not
 * come. */
static bool repeats_itself(const pl_fitted *f, int32_t i)
{
	bool something = false;
	for (int64_t l = f->frame.start[i]; l < f->frame.start[i + 1]; l++) {
		if (f->log_now[l] != f->log_before[l]) return false;
		something = something || !isinf(f->log_now[l]);
	}
	return something;
}

/* Take in what is proposed; what was held in the round before is only now known to be free. */
static void take_in(pl_fitted *f, const pl_round *r)
{
	double *const before = f->log_before;
	f->log_before = f->log_now;
	f->log_now = before;
#pragma omp parallel for schedule(dynamic, 64) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < f->frame.n_councils; i++) {
		const int64_t first = f->frame.start[i];
		const bool free = f->held[i] == PL_HELD_NOT || f->held[i] == PL_HELD_BEFORE;
		pl_log_many(f->log_now + first, r->quantity + first,
		            f->frame.start[i + 1] - first);
		f->wants_on[i] = 0;
		f->held[i] = f->seen == 0 ? PL_HELD_UNKNOWN
		             : free       ? PL_HELD_NOT
		                          : PL_HELD_BEFORE;
	}
}

static void mark(pl_fitted *f, const pl_round *r)
{
	int64_t held = 0;
#pragma omp parallel for schedule(dynamic, 64)                                                 \
        reduction(+ : held) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < f->frame.n_councils; i++) {
		if (!any_held(f, i)) continue;
		f->held[i] = PL_HELD_NOW;
		f->wants_on[i] = part_held(f, r, i);
		held += f->makes[i] && fabs(f->wants_on[i]) > mostly;
	}
	f->n_held = held;
}

static void count_silent(pl_fitted *f)
{
	int64_t silent = 0, makers = 0;
#pragma omp parallel for schedule(static) reduction(+ : silent, makers) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < f->frame.n_councils; i++) {
		makers += f->makes[i];
		silent += f->makes[i] && repeats_itself(f, i);
	}
	f->n_makers = makers;
	f->all_spoke = silent * SILENT > makers ? 0 : f->all_spoke + 1;
}

void pl_held_find(pl_fitted *f, const pl_round *r)
{
	take_in(f, r);
	if (f->seen == 0) f->all_spoke = 0;
	if (f->seen > 0) count_silent(f);
	f->n_held = 0;
	f->beyond = 0;
	if (f->seen == 0) return;
	const double most = largest_move(f);
	if (most > f->limit + exactly) f->limit = is_limit(f, most) ? most : 0;
	if (!(f->limit > 0)) return;
	mark(f, r);
	f->beyond = look_beyond(f);
}

bool pl_held_are_most(const pl_fitted *f)
{
	return (double)f->n_held > most_held * (double)f->n_makers;
}

bool pl_fitted_waits(const pl_fitted *f)
{
	return f->n_held > f->n_makers / WAITED_FOR;
}
