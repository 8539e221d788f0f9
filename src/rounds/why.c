/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/why.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "rounds/frame.h"
#include "rounds/rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The own price is moved by at least this log to see what it closes. */
static const double least_look = 1e-3;
/* What closes less than this part of all that flows by a unit of log price closes nothing. */
static const double least_answer = 1e-9;

struct pl_why {
	pl_frame frame;
	const pl_rule *rule;
	int32_t good, n_at, n;
	int64_t *at;      /* [n_at] links of the good */
	int32_t *council; /* [n_at] whose */
	pl_mover *mover;  /* [n_at] of the round before, n of them */
	pl_mover *moved;  /* [n_at] of the last move */
	bool seen;        /* a round of this year */
	bool expects;     /* of the round before */
	double known;     /* units out of balance before anybody surprised, the round before */
	double excess;    /* units, the round before */
	double flow;      /* units supplied and asked for, the round before */
	double *last;     /* [n_at] proposals of the round before */
	double *price;    /* [n_goods] of the round before */
	double *expected; /* [n_links] scratch */
	double *own;      /* the same where nobody lent it */
};

static pl_status find_links(pl_why *w, pl_error *err)
{
	const pl_frame *f = &w->frame;
	for (int64_t k = 0; k < f->n_links; k++) w->n_at += f->good[k] == w->good;
	w->at = pl_alloc(w->n_at, sizeof *w->at);
	w->council = pl_alloc(w->n_at, sizeof *w->council);
	w->mover = pl_alloc(w->n_at, sizeof *w->mover);
	w->moved = pl_alloc(w->n_at, sizeof *w->moved);
	w->last = pl_alloc(w->n_at, sizeof *w->last);
	w->price = pl_alloc(f->n_goods, sizeof *w->price);
	if (w->expected == NULL) w->expected = w->own = pl_alloc(f->n_links, sizeof *w->own);
	if (!w->at || !w->council || !w->mover || !w->moved || !w->last || !w->price ||
	    !w->expected)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to watch a price");
	int32_t n = 0;
	for (int32_t i = 0; i < f->n_councils; i++)
		for (int64_t k = f->start[i]; k < f->start[i + 1]; k++) {
			if (f->good[k] != w->good) continue;
			w->at[n] = k;
			w->council[n++] = i;
		}
	return PL_OK;
}

pl_status pl_why_new(pl_why **out, const pl_frame *frame, int32_t good, double *scratch,
                     pl_error *err)
{
	*out = NULL;
	pl_why *w = pl_alloc(1, sizeof *w);
	if (w == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to watch a price");
	w->frame = *frame;
	w->good = good;
	w->expected = scratch;
	const pl_status st = find_links(w, err);
	if (st == PL_OK)
		*out = w;
	else
		pl_why_free(w);
	return st;
}

void pl_why_free(pl_why *w)
{
	if (w == NULL) return;
	void *const block[] = {w->at,   w->council, w->mover, w->moved,
	                       w->last, w->price,   w->own};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	pl_free(w);
}

void pl_why_begin(pl_why *w, const pl_rule *rule)
{
	w->frame = *pl_rule_frame(rule);
	w->rule = rule;
	w->seen = false;
}

/* Units asked for beyond what there is. */
static double excess_of(const pl_why *w, const double *quantity)
{
	double sum = -w->frame.held[w->good];
	for (int32_t l = 0; l < w->n_at; l++) {
		const int64_t k = w->at[l];
		sum += pl_role_supplies(w->frame.role[k]) ? -quantity[k] : quantity[k];
	}
	return sum;
}

/* Units that the good's own move closes for a unit of log price; 0 where it closes none. A rule
 * without expectations moves each price by the good's own excess. */
static double answer_of(pl_why *w, double move)
{
	const double look = fabs(move) > least_look ? move : least_look;
	pl_rule_expected_at(w->expected, w->rule, w->price);
	for (int32_t l = 0; l < w->n_at; l++)
		if (isnan(w->expected[w->at[l]])) return move != 0 ? w->excess / move : 0;
	const double before = excess_of(w, w->expected), kept = w->price[w->good];
	w->price[w->good] = kept * pl_exp(look);
	pl_rule_expected_at(w->expected, w->rule, w->price);
	w->price[w->good] = kept;
	const double answer = (before - excess_of(w, w->expected)) / look;
	return answer > least_answer * w->flow ? answer : 0;
}

static int by_part(const void *a, const void *b)
{
	const pl_mover *x = a, *y = b;
	const double p = fabs(x->part), q = fabs(y->part);
	const double r = fabs(x->surprise), s = fabs(y->surprise);
	if (p != q) return p < q ? 1 : -1;
	if (r != s) return r < s ? 1 : -1;
	return x->council < y->council ? -1 : x->council > y->council;
}

static void share_out(pl_move *out, pl_why *w, double after)
{
	const double before = w->price[w->good], move = pl_log(after / before);
	const double answer = answer_of(w, move);
	const bool none = answer == 0 || fabs(w->excess) < least_answer * w->flow;
	double sum = 0;
	out->before = before;
	out->after = after;
	out->expects = w->expects;
	out->known = none ? 0 : w->known / answer;
	for (int32_t l = 0; l < w->n; l++) {
		w->moved[l] = w->mover[l];
		w->moved[l].part = none ? 0 : w->mover[l].surprise / answer;
		sum += w->moved[l].part;
	}
	out->others = move - sum - out->known;
	if (w->n > 0) qsort(w->moved, (size_t)w->n, sizeof *w->moved, by_part);
	out->n = w->n;
	out->mover = w->moved;
}

/* What councils proposed against what was expected of them. */
static void note_surprises(pl_why *w, const pl_round *round)
{
	const pl_frame *f = &w->frame;
	double sum = 0;
	const bool first = !w->seen;
	w->n = 0;
	w->expects = false;
	pl_rule_expected(w->expected, w->rule);
	for (int32_t l = 0; l < w->n_at; l++) {
		const int64_t k = w->at[l];
		const bool known = !isnan(w->expected[k]);
		const double now = round->quantity[k];
		const double than = known ? w->expected[k] : first ? now : w->last[l];
		const double more = pl_role_supplies(f->role[k]) ? than - now : now - than;
		w->expects = w->expects || known;
		w->last[l] = now;
		sum += more;
		if (w->n > 0 && w->mover[w->n - 1].council == w->council[l])
			w->mover[w->n - 1].surprise += more;
		else if (more != 0)
			w->mover[w->n++] = (pl_mover){w->council[l], more, 0};
	}
	w->excess = round->demand[w->good] - round->supply[w->good];
	w->flow = round->demand[w->good] + round->supply[w->good];
	w->known = w->excess - sum;
	memcpy(w->price, round->price, (size_t)f->n_goods * sizeof *w->price);
	w->seen = true;
}

bool pl_why_round(pl_move *out, pl_why *w, const pl_round *round)
{
	const bool moved = w->seen;
	if (moved && out != NULL) {
		out->from = round->number - 1;
		share_out(out, w, round->price[w->good]);
	}
	note_surprises(w, round);
	return moved;
}
