/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* curve.c - supply curves of workplaces with fixed proportions: margin in, output out, rising,
 * through what they answered this year. Margins are per unit of the lead output and relative
 * to its price answered last; outputs are credits at that price. */
#include "base/elementary.h"
#include "base/threads.h"
#include "rounds/fit.h"

#include <math.h>

static const double newest = 1e6; /* weight of the last pair: the curve goes through it */
static const double apart = 1e-6; /* margins nearer than this count as this far apart */
static const double same = 1e-6;  /* outputs this near are one */
static const double flat = 0.02;  /* a workplace that makes less more over a wide run is full */
static const double full_slope = 1e-3; /* of a workplace that is full, of output over margin */
static const double begin_at = 0.3;    /* on the way from one to the other, unless they are */
static const double bracket = 0.1;    /* so near, as a part of the price, that a line will do */
static const double least_gap = 1e-5; /* from the origin to the lowest margin that pays */
static const double thinnest = 0.02;  /* margins nearer than this part tell no power */
static const double least_power = 0.25, most_power = 6;
static const double doubters = 3;  /* as many workplaces' worth of power 1 */
static const double steeper = 1.2; /* than it takes to be full where it was last seen full */
static const double bend_at = 0.7; /* of the lowest margin where it was full, if never less */
static const double untried = 0.5; /* of its usual output, where it made nothing yet, */
static const double untried_at = 0.3; /* at this margin above the one it refused */
static const double wide = 1.25;      /* pieces are cut where margins are further apart */
static const double exactly = 1e-9;   /* what people confirm, they confirm to the digit */
static const double off = 2e-3;       /* of what was expected: less is no miss */
static const double easy = 2e-3;  /* of its price: a workplace that confirms stays within, */
static const double give = 0.5;   /* of the part missed: so much further the margin lies, at
                                      which it would have confirmed */
static const double easily = 1.5; /* up to this much of what it confirmed */
static const double below[] = {0, 0.1, 0.3, 0.5, 0.7, 0.85};
static const double beyond[] = {1.2, 1.5, 2, 3, 5};
enum {
	TURN = 2,
	CUTS = 4,
	BELOW = sizeof below / sizeof *below,
	BEYOND = sizeof beyond / sizeof *beyond
};
_Static_assert(BELOW + (CUTS + 1) * PL_PAIRS + BEYOND < PL_KNOTS, "room for every knot");

/* ---- what was answered ------------------------------------------------------------- */

/* Margins and outputs by rising margin; older rounds weigh less. Margins are above the
 * origin: the largest at which nothing was made, or 0. */
typedef struct {
	int n, full; /* pairs; the first of those that are full, n: none */
	double origin;
	double margin[PL_PAIRS], made[PL_PAIRS], weight[PL_PAIRS];
} pairs;

static double margin_at(const pl_fitted *f, int32_t i, const double *price)
{
	const pl_frame *e = &f->frame;
	double margin = 0;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++)
		margin += (pl_link_supplies(e, l) ? 1 : -1) * f->unit[l] * price[e->good[l]];
	return margin / f->price[e->good[f->lead[i]]];
}

static void put_pair(pairs *p, double margin, double made, double weight)
{
	int at = p->n++;
	for (; at > 0 && p->margin[at - 1] > margin; at--) {
		p->margin[at] = p->margin[at - 1];
		p->made[at] = p->made[at - 1];
		p->weight[at] = p->weight[at - 1];
	}
	p->margin[at] = margin;
	p->made[at] = made;
	p->weight[at] = weight;
}

/* A full workplace says the same again and again: its newest pair and the lowest of the others
 * will do. @return true if this pair need not be put */
static bool known_already(pairs *p, double margin, double made)
{
	int alike = 0, other = 0;
	for (int t = 0; t < p->n; t++) {
		if (fabs(p->made[t] - made) > same * made) continue;
		if (p->weight[t] < newest) other = t;
		alike++;
	}
	if (alike < 2) return false;
	if (p->margin[other] <= margin) return true;
	p->n--;
	for (int t = other; t < p->n; t++) {
		p->margin[t] = p->margin[t + 1];
		p->made[t] = p->made[t + 1];
		p->weight[t] = p->weight[t + 1];
	}
	return false;
}

static pairs pairs_of(const pl_fitted *f, int32_t i)
{
	const pl_frame *e = &f->frame;
	const double lead_price = f->price[e->good[f->lead[i]]];
	pairs p = {.origin = 0};
	double weight = newest, lowest = INFINITY;
	for (int t = f->n_past - 1; t >= f->since[i] && p.n < PL_PAIRS; t--) {
		const double margin = margin_at(f, i, f->past_price + (int64_t)t * e->n_goods);
		const double made = f->past_output[(int64_t)t * e->n_councils + i] * lead_price;
		if (made > 0 && !known_already(&p, margin, made))
			put_pair(&p, margin, made, weight);
		if (made > 0) lowest = fmin(lowest, margin);
		if (made == 0) p.origin = fmax(p.origin, margin);
		weight = t == f->n_past - 1 ? 0.5 : weight / 2;
	}
	/* where it begins lies between the highest margin refused and the lowest accepted */
	if (p.origin > 0 && lowest > p.origin && isfinite(lowest))
		p.origin += lowest - p.origin > bracket ? begin_at * (lowest - p.origin) : 0;
	p.origin = fmin(p.origin, lowest - least_gap);
	for (int t = 0; t < p.n; t++) p.margin[t] -= p.origin;
	return p;
}

/* The rising curve nearest to the pairs: neighbours that fall are merged into their mean. */
static void make_rising(pairs *p)
{
	int size[PL_PAIRS], blocks = 0;
	double mean[PL_PAIRS], weight[PL_PAIRS];
	for (int t = 0; t < p->n; t++) {
		mean[blocks] = p->made[t];
		weight[blocks] = p->weight[t];
		size[blocks++] = 1;
		for (; blocks > 1 && mean[blocks - 2] > mean[blocks - 1]; blocks--) {
			const double w = weight[blocks - 2] + weight[blocks - 1];
			mean[blocks - 2] = (mean[blocks - 2] * weight[blocks - 2] +
			                    mean[blocks - 1] * weight[blocks - 1]) /
			                   w;
			weight[blocks - 2] = w;
			size[blocks - 2] += size[blocks - 1];
		}
	}
	for (int b = 0, t = 0; b < blocks; b++)
		for (int k = 0; k < size[b]; k++) p->made[t++] = mean[b];
	for (int t = 1; t < p->n; t++)
		p->margin[t] = fmax(p->margin[t], p->margin[t - 1] + apart);
	p->full = p->n;
	if (p->n < 2) return;
	const int last = p->n - 1;
	int first = last;
	while (first > 0 && p->made[first - 1] >= (1 - flat) * p->made[last]) first--;
	const bool equal = p->made[last] - p->made[first] <= same * p->made[last];
	const double run = equal ? 1 + apart : wide;
	if (first < last && p->margin[last] > run * p->margin[first]) p->full = first;
}

/* Power with which output grows with the margin above the origin, from pair a to pair b. */
static double power_between(const pairs *p, int a, int b, double unless)
{
	const double run = pl_log(p->margin[b] / p->margin[a]);
	if (!(run > thinnest)) return unless;
	return fmin(pl_log(p->made[b] / p->made[a]) / run, most_power);
}

/* The power that a workplace's own answers show, below what it can make at most; NaN: none. */
static double own_power(const pairs *p)
{
	if (p->full < 2) return (double)NAN;
	const double power = power_between(p, 0, 1, (double)NAN);
	return power < least_power ? (double)NAN : power;
}

/* ---- the curve --------------------------------------------------------------------- */

static void put_knot(pl_fitted *f, int32_t i, double margin, double made)
{
	const int64_t at = (int64_t)i * PL_KNOTS + f->n_knots[i];
	if (f->n_knots[i] > 0 && (!(margin > f->knot[at - 1]) || !(made > f->made[at - 1])))
		return;
	f->knot[at] = margin;
	f->made[at] = made;
	f->n_knots[i]++;
}

/* From pair a to a + 1, in straight pieces of a power. */
static void put_piece(pl_fitted *f, int32_t i, const pairs *p, int a)
{
	const double from = p->margin[a], to = p->margin[a + 1], most = p->made[a + 1];
	double power = power_between(p, a, a + 1, 1), bend = to;
	if (a + 1 == p->full) {
		power = fmax(f->bends[i], steeper * power);
		bend = fmin(to, from * pl_pow(most / p->made[a], 1 / power));
	}
	for (int c = 1; c < CUTS && bend > from * wide; c++) {
		const double u = from * pl_pow(bend / from, (double)c / CUTS);
		put_knot(f, i, p->origin + u, p->made[a] * pl_pow(u / from, power));
	}
	if (bend < to)
		put_knot(f, i, p->origin + bend, most * (1 - full_slope * (to - bend) / to));
	put_knot(f, i, p->origin + to, most);
}

/* Did it confirm what was expected of it, this round or an earlier one? Then near that margin
 * it makes what it is asked for, up to what it has shown that it can. */
/* Twice on the same side of what was expected: what it answered longer ago is no guide. */
static void notice_miss(pl_fitted *f, int32_t i)
{
	const double planned = f->expected[i];
	const double made = f->past_output[(int64_t)(f->n_past - 1) * f->frame.n_councils + i];
	int8_t side = 0;
	if (planned > 0 && fabs(made - planned) > off * planned && made > 0)
		side = made > planned ? 1 : -1;
	if (side != 0 && side == f->missed[i]) f->since[i] = (int8_t)(f->n_past - 2);
	f->missed[i] = side;
}

static void notice_confirmed(pl_fitted *f, int32_t i)
{
	const double margin = margin_at(f, i, f->price), planned = f->expected[i];
	const double made = f->past_output[(int64_t)(f->n_past - 1) * f->frame.n_councils + i];
	if (planned > 0 && fabs(made - planned) <= exactly * planned) {
		f->confirms[i] = 1;
		f->easy_at[i] = margin;
		if (made > f->easy_most[i]) f->easy_most[i] = INFINITY;
	} else if (f->confirms[i] && planned > 0) {
		if (made < planned && margin >= f->easy_at[i] + easy)
			f->easy_most[i] = made; /* it cannot make more */
		else
			f->easy_at[i] = margin + give * fmin(1 - made / planned, 1);
	}
}

static void fit_confirmed(pl_fitted *f, int32_t i)
{
	const double at = f->easy_at[i], price = f->price[f->frame.good[f->lead[i]]];
	const double now = f->past_output[(int64_t)(f->n_past - 1) * f->frame.n_councils + i];
	const double usual = fmax(now, f->usual[i]) * price;
	const double most = f->easy_most[i] * price;
	put_knot(f, i, at - easy, 0);
	if (most <= easily * usual) {
		put_knot(f, i, at + easy, most);
		put_knot(f, i, at + 1, most * (1 + full_slope));
		return;
	}
	put_knot(f, i, at, usual);
	put_knot(f, i, at + easy, easily * usual);
	put_knot(f, i, at + 1, (easily + 1) * usual);
}

static void fit_curve(pl_fitted *f, int32_t i)
{
	f->n_knots[i] = 0;
	if (f->confirms[i]) {
		fit_confirmed(f, i);
		return;
	}
	pairs p = pairs_of(f, i);
	if (p.n == 0) {
		const double usual =
		        untried * f->usual[i] * f->price[f->frame.good[f->lead[i]]];
		if (!(usual > 0)) return;
		put_pair(&p, untried_at, usual, 1);
	}
	make_rising(&p);
	const int last = p.n - 1;
	const double bend = p.full == 0 ? bend_at * p.margin[0] : p.margin[0];
	const double made = p.made[0] * (p.full == 0 ? 1 - full_slope : 1);
	/* below the lowest pair it goes on as between the lowest two, then to nothing */
	const double local =
	        last > 0 && p.full > 1 ? power_between(&p, 0, 1, f->bends[i]) : f->bends[i];
	const double turn = made * pl_pow(below[TURN], local);
	for (int k = 0; k < BELOW; k++)
		put_knot(f, i, p.origin + below[k] * bend,
		         k > TURN ? made * pl_pow(below[k], local)
		         : k > 0  ? turn * pl_pow(below[k] / below[TURN], f->bends[i])
		                  : 0);
	put_knot(f, i, p.origin + bend, made);
	put_knot(f, i, p.origin + p.margin[0], p.made[0]);
	for (int a = 0; a < last; a++) put_piece(f, i, &p, a);
	const double top = p.margin[last], most = p.made[last];
	const double power = last > 0 ? power_between(&p, last - 1, last, f->bends[i])
	                              : f->bends[i]; /* >= 0 */
	for (int k = 0; k < BEYOND; k++)
		put_knot(f, i, p.origin + top * beyond[k],
		         most * (p.full < p.n ? 1 + full_slope * (beyond[k] - 1)
		                              : pl_pow(beyond[k], power)));
}

static void find_power(pl_fitted *f, int32_t i)
{
	pairs p = pairs_of(f, i);
	make_rising(&p);
	f->scratch[i] = own_power(&p);
}

void pl_curves_fit(pl_fitted *f)
{
	const int32_t n = f->frame.n_councils;
	double sum = doubters, count = doubters;
#pragma omp parallel for schedule(dynamic, 64) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < n; i++) {
		f->scratch[i] = (double)NAN;
		if (f->form[i] == PL_FORM_RECIPE && f->n_past > 0) find_power(f, i);
	}
	for (int32_t i = 0; i < n; i++) {
		if (!isfinite(f->scratch[i])) continue;
		sum += f->scratch[i];
		count++;
	}
#pragma omp parallel for schedule(dynamic, 64) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < n; i++) {
		if (f->form[i] != PL_FORM_RECIPE || f->n_past == 0) continue;
		notice_miss(f, i);
		notice_confirmed(f, i);
		f->bends[i] = isfinite(f->scratch[i]) ? f->scratch[i] : sum / count;
		fit_curve(f, i);
	}
}
