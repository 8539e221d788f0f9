/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/import_perron.h"

#include "base/alloc.h"

#include <float.h>
#include <math.h>

/* ---- parts ---- */

/// A walk through the matrix in depth. Numbers rise from 1 in the order of the first visit; 0
/// is not visited yet.
typedef struct {
	const double *a;
	int32_t n, visits, n_open, n_member;
	int32_t *number, *low; ///< [n] of a row; the least number that leads back from it
	int32_t *next;         ///< [n] column where the walk goes on
	int32_t *above;        ///< [n] row from which the walk came, -1 at the first
	int32_t *open;         ///< [n_open] rows whose part is not known yet
	bool *is_open;
} walk;

static void enter(walk *w, int32_t row, int32_t above)
{
	w->number[row] = w->low[row] = ++w->visits;
	w->next[row] = 0;
	w->above[row] = above;
	w->open[w->n_open++] = row;
	w->is_open[row] = true;
}

/// Look along a row. @return a row to visit first, or -1 at its end
static int32_t look_along(walk *w, int32_t row)
{
	const double *a = w->a + (int64_t)row * w->n;
	for (int32_t j = w->next[row]; j < w->n; j++) {
		if (a[j] == 0) continue;
		w->next[row] = j; /* it is met again when the walk is back from j */
		if (w->number[j] == 0) return j;
		if (w->is_open[j] && w->low[j] < w->low[row]) w->low[row] = w->low[j];
	}
	return -1;
}

/// Nothing leads from `row` to rows visited before it: it and the open rows behind are a part.
static void close_part(walk *w, pl_matrix_parts *out, int32_t row)
{
	int32_t member;
	do {
		member = w->open[--w->n_open];
		w->is_open[member] = false;
		out->member[w->n_member++] = member;
	} while (member != row);
	out->start[++out->n_parts] = w->n_member;
}

static void walk_from(walk *w, pl_matrix_parts *out, int32_t first)
{
	enter(w, first, -1);
	for (int32_t row = first; row >= 0;) {
		const int32_t deeper = look_along(w, row);
		if (deeper >= 0) {
			enter(w, deeper, row);
			row = deeper;
			continue;
		}
		if (w->low[row] == w->number[row]) close_part(w, out, row);
		row = w->above[row];
	}
}

bool pl_matrix_parts_find(pl_matrix_parts *out, const double *a, int32_t n)
{
	walk w = {.a = a, .n = n};
	*out = (pl_matrix_parts){.start = pl_alloc((int64_t)n + 1, sizeof *out->start),
	                         .member = pl_alloc(n, sizeof *out->member)};
	int32_t *room = pl_alloc(5 * (int64_t)n, sizeof *room);
	w.is_open = pl_alloc(n, sizeof *w.is_open);
	const bool good =
	        out->start != NULL && out->member != NULL && room != NULL && w.is_open != NULL;
	if (good) {
		w.number = room;
		w.low = room + n;
		w.next = w.low + n;
		w.above = w.next + n;
		w.open = w.above + n;
		for (int32_t i = 0; i < n; i++)
			if (w.number[i] == 0) walk_from(&w, out, i);
	} else {
		pl_matrix_parts_clear(out);
	}
	pl_free(room);
	pl_free(w.is_open);
	return good;
}

void pl_matrix_parts_clear(pl_matrix_parts *p)
{
	pl_free(p->start);
	pl_free(p->member);
	*p = (pl_matrix_parts){0};
}

/* ---- products ---- */

enum {
	BASIS = 24,   ///< vectors that are combined
	POWERS = 4,   ///< products after that, which set right what is small in x
	SMALL = 4000, ///< products with the small matrix, which cost nothing
	ROUNDS = 10   ///< and one more for eight rows: a round costs 56 n^2, eigenvalues 10 n^3
};
static const double shift = 0.125; ///< part of the radius added to A, lest a cycle turn x round
static const double proved = 1e-12; ///< width of the bounds that will do

typedef struct {
	const double *a;
	int32_t n;
	double *x, *ax;         ///< [n]
	double *v[BASIS + 1];   ///< [n] of length 1 and at right angles, from x, A x ...
	double h[BASIS][BASIS]; ///< what A does to them: A v[k] = sum of v[j] h[k][j]
	double low, high;       ///< bounds of the radius
} perron;

/// y = A x, in four sums that the processor adds side by side.
static void multiply(double *restrict y, const double *a, const double *restrict x, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		const double *row = a + (int64_t)i * n;
		double sum[4] = {0};
		int32_t j = 0;
		for (; j + 4 <= n; j += 4)
			for (int k = 0; k < 4; k++) sum[k] += row[j + k] * x[j + k];
		for (; j < n; j++) sum[0] += row[j] * x[j];
		y[i] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
	}
}

static double dot(const double *x, const double *y, int32_t n)
{
	double sum = 0;
	for (int32_t i = 0; i < n; i++) sum += x[i] * y[i];
	return sum;
}

static void stretch(double *x, double by, int32_t n)
{
	for (int32_t i = 0; i < n; i++) x[i] *= by;
}

/// Fill v and h from x. @return how many vectors before no new one appeared
static int span(perron *p)
{
	const int32_t n = p->n;
	for (int32_t i = 0; i < n; i++) p->v[0][i] = p->x[i];
	stretch(p->v[0], 1 / sqrt(dot(p->x, p->x, n)), n);
	for (int k = 0; k < BASIS; k++) {
		double *w = p->v[k + 1];
		multiply(w, p->a, p->v[k], n);
		const double whole = sqrt(dot(w, w, n));
		for (int j = 0; j <= k; j++) {
			p->h[k][j] = dot(p->v[j], w, n);
			for (int32_t i = 0; i < n; i++) w[i] -= p->h[k][j] * p->v[j][i];
		}
		const double rest = sqrt(dot(w, w, n));
		if (k + 1 == BASIS || !(rest > whole * n * DBL_EPSILON)) return k + 1;
		p->h[k][k + 1] = rest;
		stretch(w, 1 / rest, n);
	}
	return BASIS;
}

/// The vector that the small matrix stretches most. @param[out] y [m] of length 1
static void small_vector(double *y, const perron *p, int m)
{
	for (int k = 0; k < m; k++) y[k] = k == 0;
	for (int step = 0; step < SMALL; step++) {
		double z[BASIS] = {0}, change = 0;
		for (int k = 0; k < m; k++)
			for (int j = 0; j < m && j <= k + 1; j++) z[j] += y[k] * p->h[k][j];
		const double length = sqrt(dot(z, z, m));
		for (int k = 0; k < m; k++) z[k] += shift * length * y[k];
		stretch(z, 1 / sqrt(dot(z, z, m)), m);
		for (int k = 0; k < m; k++) {
			change = fmax(change, fabs(z[k] - y[k]));
			y[k] = z[k];
		}
		if (!(change > DBL_EPSILON)) return;
	}
}

/// Take the best of the span as x; it has one sign where it is near the end.
static void combine(perron *p)
{
	double y[BASIS];
	const int m = span(p);
	small_vector(y, p, m);
	for (int32_t i = 0; i < p->n; i++) {
		double sum = 0;
		for (int k = 0; k < m; k++) sum += y[k] * p->v[k][i];
		p->x[i] = fabs(sum) + DBL_MIN;
	}
}

/// One product: draw the bounds nearer and take A x, its largest element 1.
static void advance(perron *p)
{
	double least = INFINITY, most = 0, largest = 0;
	multiply(p->ax, p->a, p->x, p->n);
	for (int32_t i = 0; i < p->n; i++) {
		const double ratio = p->ax[i] / p->x[i];
		least = fmin(least, ratio);
		most = fmax(most, ratio);
	}
	p->low = fmax(p->low, least);
	p->high = fmin(p->high, most);
	for (int32_t i = 0; i < p->n; i++) {
		p->x[i] = p->ax[i] + shift * p->high * p->x[i];
		largest = fmax(largest, p->x[i]);
	}
	stretch(p->x, 1 / largest, p->n);
}

bool pl_import_perron(double *out, const double *a, int32_t n, double *scratch)
{
	perron p = {.a = a, .n = n, .high = INFINITY};
	p.x = scratch;
	p.ax = p.x + n;
	for (int k = 0; k <= BASIS; k++) p.v[k] = p.ax + (int64_t)(k + 1) * n;
	for (int32_t i = 0; i < n; i++) p.x[i] = 1;
	advance(&p);
	for (int32_t round = 0; round < ROUNDS + n / 8; round++) {
		const double before = p.high - p.low;
		if (!isfinite(before)) return false;
		combine(&p);
		for (int step = 0; step < POWERS; step++) advance(&p);
		*out = p.low + (p.high - p.low) / 2;
		/* go on while rounds still help */
		if (p.high - p.low <= proved * p.high && p.high - p.low > before / 2)
			return true;
	}
	return p.high - p.low <= proved * p.high;
}
