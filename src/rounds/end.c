/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/end.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"
#include "rounds/frame.h"

#include <math.h>
#include <string.h>

static const char *const names[PL_ENDS] = {[PL_END_PRO_RATA] = "pro-rata",
                                           [PL_END_RATIO] = "ratio",
                                           [PL_END_DISRUPTION] = "disruption",
                                           [PL_END_STOCKS] = "stocks",
                                           [PL_END_GENTLE] = "gentle"};

const char *pl_end_name(int kind)
{
	return kind >= 0 && kind < PL_ENDS ? names[kind] : NULL;
}

int pl_end_of(const char *name)
{
	for (int i = 0; i < PL_ENDS; i++)
		if (strcmp(names[i], name) == 0) return i;
	return -1;
}

void pl_ending_free(pl_ending *e)
{
	if (e == NULL) return;
	double *const block[] = {e->quantity, e->supply, e->demand, e->drawn, e->kept};
	for (size_t k = 0; k < sizeof block / sizeof *block; k++) pl_free(block[k]);
	pl_free(e);
}

static pl_ending *room(const pl_frame *frame)
{
	pl_ending *e = pl_alloc(1, sizeof *e);
	if (e == NULL) return NULL;
	e->n_goods = frame->n_goods;
	e->n_councils = frame->n_councils;
	e->n_links = frame->n_links;
	e->quantity = pl_alloc(frame->n_links, sizeof *e->quantity);
	e->supply = pl_alloc(frame->n_goods, sizeof *e->supply);
	e->demand = pl_alloc(frame->n_goods, sizeof *e->demand);
	e->drawn = pl_alloc(frame->n_goods, sizeof *e->drawn);
	e->kept = pl_alloc(frame->n_councils, sizeof *e->kept);
	if (e->quantity && e->supply && e->demand && e->drawn && e->kept) return e;
	pl_ending_free(e);
	return NULL;
}

/* ---- who keeps what ------------------------------------------------------------------ */

/* Each proposal times its part: u of a workplace, c of a want. */
static void apply(double *quantity, const pl_web *w, const pl_web_parts *p)
{
	const pl_frame *f = w->frame;
#pragma omp parallel for schedule(static) if (f->n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < w->n_works; i++) {
		const int32_t council = w->council[i];
		for (int64_t k = f->start[council]; k < f->start[council + 1]; k++)
			quantity[k] = p->u[i] * w->quantity[k];
	}
#pragma omp parallel for schedule(static) if (f->n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < f->n_councils; i++) {
		if (f->council_kind[i] == PL_WORKERS) continue;
		for (int64_t k = f->start[i]; k < f->start[i + 1]; k++) {
			const bool wants = !pl_role_supplies(f->role[k]);
			quantity[k] = (wants ? p->c[f->good[k]] : 1) * w->quantity[k];
		}
	}
}

/* Value that a consumers' council asked for, and what it gets of it. */
static void value_of(double *asked, double *gets, const pl_ending *e, const pl_web *w,
                     int32_t i)
{
	const pl_frame *f = w->frame;
	*asked = *gets = 0;
	for (int64_t k = f->start[i]; k < f->start[i + 1]; k++) {
		const int32_t j = f->good[k];
		if (pl_role_supplies(f->role[k]) || f->good_kind[j] == PL_FREE) continue;
		*asked += w->price[j] * w->quantity[k];
		*gets += w->price[j] * e->quantity[k];
	}
}

static void report(pl_ending *e, const pl_web *w, const pl_web_parts *p)
{
	double asked = 0, gets = 0, sum = 0, squares = 0;
	int32_t n = 0;
	for (int32_t i = 0; i < e->n_councils; i++) e->kept[i] = 1;
	for (int32_t i = 0; i < w->n_works; i++) e->kept[w->council[i]] = p->u[i];
	e->least_kept = 1;
	e->least_council = -1;
	for (int32_t i = 0; i < e->n_councils; i++) {
		double a, g;
		if (w->frame->council_kind[i] == PL_WORKERS) continue;
		value_of(&a, &g, e, w, i);
		if (!(a > 0)) continue;
		e->kept[i] = fmin(1, g / a);
		if (e->kept[i] < e->least_kept) {
			e->least_kept = e->kept[i];
			e->least_council = i;
		}
		asked += a;
		gets += g;
		sum += 1 - e->kept[i];
		squares += (1 - e->kept[i]) * (1 - e->kept[i]);
		n++;
	}
	if (n == 0) return;
	e->trimmed = fmax(0, 1 - gets / asked);
	e->spread = sqrt(fmax(0, squares / n - (sum / n) * (sum / n)));
}

static void total(pl_ending *e, pl_totals *l, const pl_frame *frame, const double *stock)
{
	(void)pl_totals_add(l, frame, e->quantity);
	memcpy(e->supply, l->supply, (size_t)e->n_goods * sizeof *e->supply);
	memcpy(e->demand, l->demand, (size_t)e->n_goods * sizeof *e->demand);
	for (int32_t j = 0; j < e->n_goods && stock != NULL; j++)
		if (frame->good_kind[j] != PL_FREE)
			e->drawn[j] = fmin(stock[j], fmax(0, e->demand[j] - e->supply[j]));
}

/* ---- the endgames -------------------------------------------------------------------- */

/* What the planner finds may miss the most that can be kept by this part of what was asked
 * for. */
static const double near_best = 1e-4;
/* How far the order of ratios is kept to, tried from the first on. */
static const double orders[] = {1, 0.5, 0.25, 0.125, 0};
enum { N_ORDERS = sizeof orders / sizeof orders[0] };
/* Parts of the planner below it are left out when they are mended. */
static const double traces[] = {0, 1e-9, 1e-6};
enum { N_TRACES = sizeof traces / sizeof traces[0] };

/* Parts that nearly fit, made to fit: shared out once more, as if they had been proposed. */
static pl_status mend(pl_web_parts *p, const pl_web *w, pl_error *err)
{
	pl_web *nearly = NULL;
	pl_web_parts *again = NULL;
	double *quantity = pl_alloc(w->frame->n_links, sizeof *quantity);
	if (quantity == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld quantities",
		               (long long)w->frame->n_links);
	apply(quantity, w, p);
	pl_status st = pl_web_new(&nearly, w->frame, w->price, quantity, w->stock, err);
	if (st == PL_OK) st = pl_web_parts_new(&again, nearly, err);
	if (st == PL_OK) st = pl_end_share(again, nearly, err);
	for (int32_t i = 0; st == PL_OK && i < w->n_works; i++) p->u[i] *= again->u[i];
	for (int32_t j = 0; st == PL_OK && j < w->frame->n_goods; j++) p->c[j] *= again->c[j];
	pl_web_parts_free(again);
	pl_web_free(nearly);
	pl_free(quantity);
	return st;
}

/* Give back what can be, then become the better of the two: in which consumers keep more. */
static pl_status take_better(pl_web_parts *p, pl_web_parts *other, pl_web *w, pl_error *err)
{
	PL_TRY(pl_end_give_back(other, w, err));
	if (pl_web_kept(w, other) > pl_web_kept(w, p)) {
		const pl_web_parts worse = *p;
		*p = *other;
		*other = worse;
	}
	return PL_OK;
}

static void copy_without(pl_web_parts *to, const pl_web_parts *from, const pl_web *w,
                         double dust)
{
	for (int32_t i = 0; i < w->n_works; i++) to->u[i] = from->u[i] < dust ? 0 : from->u[i];
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		to->c[j] = from->c[j] < dust ? 0 : from->c[j];
}

/* Where the planner does not come to an end, traces of what cannot be made at all would tear
 * down all that they go into: mended with and without them. */
static pl_status plan_best(pl_web_parts *p, pl_web *w, double *left, pl_error *err)
{
	bool found;
	pl_web_parts *planned = NULL, *other = NULL;
	pl_status st = pl_web_parts_new(&planned, w, err);
	if (st == PL_OK) st = pl_web_parts_new(&other, w, err);
	if (st == PL_OK) st = pl_end_best(&found, planned, w, near_best, err);
	for (int k = 0; k < N_TRACES && st == PL_OK && found; k++) {
		copy_without(other, planned, w, traces[k]);
		const bool fits = pl_web_fits(left, w, other);
		if (!fits) st = mend(other, w, err);
		if (st == PL_OK) st = take_better(p, other, w, err);
		if (fits) break;
	}
	pl_web_parts_free(other);
	pl_web_parts_free(planned);
	return st;
}

/* Less of the order, where consumers keep more with it. */
static pl_status less_ordered(pl_web_parts *p, pl_web *w, pl_error *err)
{
	pl_status st = PL_OK;
	for (int k = 1; k < N_ORDERS && st == PL_OK; k++) {
		pl_web_parts *other;
		st = pl_web_parts_new(&other, w, err);
		w->order = orders[k];
		if (st == PL_OK) st = pl_end_share(other, w, err);
		if (st == PL_OK) st = take_better(p, other, w, err);
		pl_web_parts_free(other);
	}
	return st;
}

static pl_status choose(pl_web_parts *p, pl_web *w, pl_end_kind kind, double *left,
                        pl_error *err)
{
	const double asked = pl_web_kept(w, p);
	const bool plans = kind == PL_END_DISRUPTION || kind == PL_END_GENTLE;
	w->roots = kind == PL_END_GENTLE;
	if (pl_web_fits(left, w, p)) return PL_OK;
	if (kind == PL_END_RATIO) PL_TRY(pl_web_by_ratio(w, err));
	w->order = kind == PL_END_RATIO ? orders[0] : 0;
	PL_TRY(pl_end_share(p, w, err));
	PL_TRY(pl_end_give_back(p, w, err));
	if (kind == PL_END_RATIO) return less_ordered(p, w, err);
	if (plans && pl_web_kept(w, p) < (1 - near_best) * asked)
		return plan_best(p, w, left, err);
	return PL_OK;
}

pl_status pl_rounds_end(pl_ending **out, pl_end_kind kind, const pl_frame *frame,
                        const double *price, const double *quantity, const double *stock,
                        pl_error *err)
{
	*out = NULL;
	const double *store = kind == PL_END_STOCKS ? stock : NULL;
	pl_web *w = NULL;
	pl_web_parts *p = NULL;
	pl_totals *l = NULL;
	pl_status st = PL_ENOMEM;
	pl_ending *e = room(frame);
	if (e == NULL) goto nomem;
	st = pl_totals_new(&l, frame, err);
	if (st == PL_OK) st = pl_web_new(&w, frame, price, quantity, store, err);
	if (st == PL_OK) st = pl_web_parts_new(&p, w, err);
	if (st == PL_OK) st = choose(p, w, kind, l->imbalance, err);
	if (st != PL_OK) goto done;
	apply(e->quantity, w, p);
	report(e, w, p);
	total(e, l, frame, store);
	*out = e;
	e = NULL;
	goto done;

nomem:
	st = pl_fail(err, PL_ENOMEM, -1, "no memory to make %lld proposals into a plan",
	             (long long)frame->n_links);
done:
	pl_web_parts_free(p);
	pl_web_free(w);
	pl_totals_free(l);
	pl_ending_free(e);
	return st;
}
