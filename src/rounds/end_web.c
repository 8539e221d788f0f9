/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* end_web.c - who needs what: the last proposals as a web, and the least work that makes what
 * consumers get. */
#include "rounds/end.h"

#include "base/alloc.h"
#include "base/error.h"
#include "rounds/frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is needed is made with so much to spare that passes which stop `settled` from their
 * limit leave nothing missing. Relative. */
static const double spare = 5e-14, settled = 4e-15;
static const double rounding = 1e-13; /* of sums; relative */
/* Makers who need more than this many times what they make, or still more after this many
 * passes, need each other without end. */
static const double endless = 1e9;
enum { MOST_PASSES = 4000 };

void pl_web_free(pl_web *w)
{
	if (w == NULL) return;
	void *const block[] = {w->council,  w->ratio, w->in_start, w->out_start, w->in_good,
	                       w->out_good, w->in,    w->out,      w->fixed,     w->wanted,
	                       w->made,     w->use,   w->level,    w->before};
	for (size_t k = 0; k < sizeof block / sizeof *block; k++) pl_free(block[k]);
	pl_scatter_free(w->sum);
	pl_free(w);
}

static bool works(const pl_frame *frame, int32_t i)
{
	return frame->council_kind[i] == PL_WORKERS;
}

/* Workplaces, and links of workplaces. */
static int64_t count(int32_t *n_works, const pl_frame *frame)
{
	int64_t links = 0;
	*n_works = 0;
	for (int32_t i = 0; i < frame->n_councils; i++) {
		if (!works(frame, i)) continue;
		(*n_works)++;
		links += frame->start[i + 1] - frame->start[i];
	}
	return links;
}

static pl_web *room(const pl_frame *frame)
{
	pl_web *w = pl_alloc(1, sizeof *w);
	if (w == NULL) return NULL;
	const int64_t links = count(&w->n_works, frame), n = w->n_works;
	double **goods[] = {&w->fixed, &w->wanted, &w->made, &w->use, &w->level};
	bool all = true;
	for (size_t k = 0; k < sizeof goods / sizeof *goods; k++)
		all = (*goods[k] = pl_alloc(frame->n_goods, sizeof(double))) != NULL && all;
	w->frame = frame;
	w->council = pl_alloc(n, sizeof *w->council);
	w->ratio = pl_alloc(n, sizeof *w->ratio);
	w->in_start = pl_alloc(n + 1, sizeof *w->in_start);
	w->out_start = pl_alloc(n + 1, sizeof *w->out_start);
	w->in_good = pl_alloc(links, sizeof *w->in_good);
	w->out_good = pl_alloc(links, sizeof *w->out_good);
	w->in = pl_alloc(links, sizeof *w->in);
	w->out = pl_alloc(links, sizeof *w->out);
	all = all && w->council && w->ratio && w->in_start && w->out_start && w->in_good &&
	      w->out_good && w->in && w->out;
	if (all) return w;
	pl_web_free(w);
	return NULL;
}

/* What one workplace makes less what it uses, good by good in the order of its links. `level`
 * is the scratch, and is 0 again afterwards. */
static void add_work(pl_web *w, int32_t at, int32_t council)
{
	const pl_frame *f = w->frame;
	double value_made = 0, value_used = 0;
	int64_t in = w->in_start[at], out = w->out_start[at];
	for (int64_t k = f->start[council]; k < f->start[council + 1]; k++) {
		const int32_t j = f->good[k];
		const bool makes = pl_role_supplies(f->role[k]);
		*(makes ? &value_made : &value_used) +=
		        f->good_kind[j] == PL_FREE ? 0 : w->price[j] * w->quantity[k];
		w->level[j] += makes ? w->quantity[k] : -w->quantity[k];
	}
	for (int64_t k = f->start[council]; k < f->start[council + 1]; k++) {
		const int32_t j = f->good[k];
		const double net = f->good_kind[j] == PL_FREE ? 0 : w->level[j];
		w->level[j] = 0;
		if (net > 0) {
			w->out_good[out] = j;
			w->out[out++] = net;
			w->made[j] += net;
		} else if (net < 0) {
			w->in_good[in] = j;
			w->in[in++] = -net;
		}
	}
	w->council[at] = council;
	w->ratio[at] = value_used > 0 ? value_made / value_used : INFINITY;
	w->in_start[at + 1] = in;
	w->out_start[at + 1] = out;
}

static void add_consumers(pl_web *w, int32_t council)
{
	const pl_frame *f = w->frame;
	for (int64_t k = f->start[council]; k < f->start[council + 1]; k++) {
		const int32_t j = f->good[k];
		if (f->good_kind[j] == PL_FREE) continue;
		*(pl_role_supplies(f->role[k]) ? &w->fixed[j] : &w->wanted[j]) +=
		        w->quantity[k];
	}
}

pl_status pl_web_new(pl_web **out, const pl_frame *frame, const double *price,
                     const double *quantity, const double *stock, pl_error *err)
{
	*out = NULL;
	int32_t at = 0;
	pl_web *w = room(frame);
	if (w == NULL) goto nomem;
	w->price = price;
	w->quantity = quantity;
	w->stock = stock;
	for (int32_t j = 0; j < frame->n_goods; j++)
		w->fixed[j] = frame->held[j] + (stock == NULL ? 0 : stock[j]);
	for (int32_t i = 0; i < frame->n_councils; i++) {
		if (works(frame, i))
			add_work(w, at++, i);
		else
			add_consumers(w, i);
	}
	if (pl_scatter_rows(&w->sum, w->in_start, frame->n_goods, 0, w->n_works, 1, NULL) !=
	    PL_OK)
		goto nomem;
	*out = w;
	return PL_OK;

nomem:
	pl_web_free(w);
	return pl_fail(err, PL_ENOMEM, -1, "no memory to make %lld proposals into a plan",
	               (long long)frame->n_links);
}

pl_status pl_web_parts_new(pl_web_parts **out, const pl_web *w, pl_error *err)
{
	*out = NULL;
	pl_web_parts *p = pl_alloc(1, sizeof *p);
	if (p == NULL) goto nomem;
	p->u = pl_alloc(w->n_works, sizeof *p->u);
	p->c = pl_alloc(w->frame->n_goods, sizeof *p->c);
	if (p->u == NULL || p->c == NULL) goto nomem;
	for (int32_t i = 0; i < w->n_works; i++) p->u[i] = 1;
	for (int32_t j = 0; j < w->frame->n_goods; j++) p->c[j] = 1;
	*out = p;
	return PL_OK;

nomem:
	pl_web_parts_free(p);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the parts of %d workplaces",
	               w->n_works);
}

void pl_web_parts_free(pl_web_parts *p)
{
	if (p == NULL) return;
	pl_free(p->c);
	pl_free(p->u);
	pl_free(p);
}

/* ---- makers by their ratios ---------------------------------------------------------- */

typedef struct {
	double ratio;
	int32_t good;
	int64_t output; /* index of it, so that equal ones keep their order */
} maker;

static int in_order(const void *a, const void *b)
{
	const maker *x = a, *y = b;
	if (x->good != y->good) return x->good < y->good ? -1 : 1;
	if (x->ratio != y->ratio) return x->ratio > y->ratio ? -1 : 1;
	return x->output < y->output ? -1 : 1;
}

pl_status pl_web_by_ratio(pl_web *w, pl_error *err)
{
	const int64_t n = w->out_start[w->n_works];
	maker *list = pl_alloc(n, sizeof *list);
	w->before = pl_alloc(n, sizeof *w->before);
	if (list == NULL || w->before == NULL) {
		pl_free(list);
		return pl_fail(err, PL_ENOMEM, -1, "no memory to order %d workplaces",
		               w->n_works);
	}
	for (int32_t i = 0; i < w->n_works; i++)
		for (int64_t k = w->out_start[i]; k < w->out_start[i + 1]; k++)
			list[k] = (maker){w->ratio[i], w->out_good[k], k};
	qsort(list, (size_t)n, sizeof *list, in_order);
	for (int64_t k = 1; k < n; k++)
		if (list[k].good == list[k - 1].good)
			w->before[list[k].output] =
			        w->before[list[k - 1].output] + w->out[list[k - 1].output];
	pl_free(list);
	return PL_OK;
}

/* ---- totals -------------------------------------------------------------------------- */

void pl_web_use(pl_web *w, const double *u)
{
#pragma omp parallel for schedule(dynamic, 1) if (pl_web_is_large(w))
	for (int32_t b = 0; b < w->sum->n_blocks; b++) {
		double *sum = pl_scatter_begin(w->sum, b);
		for (int32_t i = w->sum->first[b]; i < w->sum->first[b + 1]; i++)
			for (int64_t k = w->in_start[i]; u[i] > 0 && k < w->in_start[i + 1];
			     k++)
				sum[w->in_good[k]] += u[i] * w->in[k];
	}
#pragma omp parallel for schedule(static) if (w->frame->n_goods >= PL_WEB_PAR_MIN)
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		w->use[j] = pl_scatter_total(w->sum, j, 0);
}

void pl_web_left(double *left, pl_web *w, const pl_web_parts *p)
{
	pl_web_use(w, p->u);
	for (int32_t j = 0; j < w->frame->n_goods; j++) left[j] = w->fixed[j];
	for (int32_t i = 0; i < w->n_works; i++)
		for (int64_t k = w->out_start[i]; k < w->out_start[i + 1]; k++)
			left[w->out_good[k]] += p->u[i] * w->out[k];
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		left[j] -= w->use[j] + p->c[j] * w->wanted[j];
}

bool pl_web_fits(double *left, pl_web *w, const pl_web_parts *p)
{
	pl_web_left(left, w, p);
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		if (!(left[j] >= -rounding * (w->use[j] + p->c[j] * w->wanted[j])))
			return false;
	return true;
}

double pl_web_kept(const pl_web *w, const pl_web_parts *p)
{
	double value = 0;
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		value += w->price[j] * ((w->roots ? sqrt(p->c[j]) : p->c[j]) * w->wanted[j]);
	return value;
}

/* ---- what is needed ------------------------------------------------------------------ */

/* The part to which a maker works for the sake of one output. */
static double part_for(const pl_web *w, int64_t output)
{
	const int32_t j = w->out_good[output];
	const double level = w->level[j];
	if (w->order == 0 || level > 1) return level;
	const double rest = level * w->made[j] - w->before[output];
	return level + w->order * (fmax(0, fmin(1, rest / w->out[output])) - level);
}

static void work_as_needed(double *u, const pl_web *w)
{
#pragma omp parallel for schedule(static) if (pl_web_is_large(w))
	for (int32_t i = 0; i < w->n_works; i++) {
		double part = 0;
		for (int64_t k = w->out_start[i]; k < w->out_start[i + 1]; k++)
			part = fmax(part, part_for(w, k));
		u[i] = part;
	}
}

static double needed(const pl_web *w, const pl_web_parts *p, int32_t j)
{
	return (1 + spare) * (w->use[j] + p->c[j] * w->wanted[j]);
}

/* One pass. @param[out] was [n_goods] the levels before @return how many rose */
static int32_t raise_levels(double *was, pl_web *w, pl_web_parts *p, double *highest)
{
	int32_t rose = 0;
	pl_web_use(w, p->u);
	for (int32_t j = 0; j < w->frame->n_goods; j++) {
		was[j] = w->level[j];
		const double more = needed(w, p, j) - w->fixed[j];
		if (w->made[j] > 0) w->level[j] = fmax(was[j], more / w->made[j]);
		rose += w->level[j] > was[j] * (1 + settled);
		*highest = fmax(*highest, w->level[j]);
	}
	work_as_needed(p->u, w);
	return rose;
}

void pl_web_need(double *share, pl_web *w, pl_web_parts *p)
{
	int32_t rose = 1;
	double highest = 0;
	memset(w->level, 0, (size_t)w->frame->n_goods * sizeof *w->level);
	memset(p->u, 0, (size_t)w->n_works * sizeof *p->u);
	for (int pass = 0; pass < MOST_PASSES && rose > 0 && highest < endless; pass++)
		rose = raise_levels(share, w, p, &highest);
	for (int32_t j = 0; j < w->frame->n_goods; j++) {
		const double need = needed(w, p, j);
		if (w->level[j] > share[j] * (1 + settled))
			share[j] = 0;
		else
			share[j] = need > 0 ? (w->made[j] + w->fixed[j]) / need : INFINITY;
	}
}
