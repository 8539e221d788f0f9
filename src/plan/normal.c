/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/normal.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"
#include "num/cholesky.h"

#include <math.h>
#include <string.h>

/* Below this part of its diagonal a pivot is rounding: eps times a few hundred additions. */
static const double pivot_is_noise = 1e-14;

pl_status pl_normal_new(pl_normal **out, const pl_program *g, int64_t direct_goods,
                        pl_error *err)
{
	*out = NULL;
	const int64_t n = g->n_goods;
	bool all = true;
	pl_normal *s = pl_alloc(1, sizeof *s);
	if (s == NULL) goto nomem;
	s->g = g;
	s->direct = n <= direct_goods;
	if (s->direct) {
		s->matrix = pl_alloc(n * n, sizeof *s->matrix);
		s->work = pl_alloc(n * PL_CHOLESKY_BLOCK, sizeof *s->work);
		all = s->matrix != NULL && s->work != NULL;
	}
	s->scale = pl_alloc(n, sizeof *s->scale);
	s->row_whole = pl_alloc(g->n_rows, sizeof *s->row_whole);
	s->row_mixed = pl_alloc(g->n_rows, sizeof *s->row_mixed);
	for (int i = 0; i < 4; i++)
		all = (s->vector[i] = pl_alloc(n, sizeof **s->vector)) != NULL && all;
	if (!all || !s->scale || !s->row_whole || !s->row_mixed) goto nomem;
	*out = s;
	return PL_OK;

nomem:
	pl_normal_free(s);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the equations of %lld goods",
	               (long long)n);
}

void pl_normal_free(pl_normal *s)
{
	if (s == NULL) return;
	for (int i = 0; i < 4; i++) pl_free(s->vector[i]);
	pl_free(s->row_mixed);
	pl_free(s->row_whole);
	pl_free(s->scale);
	pl_free(s->work);
	pl_free(s->matrix);
	pl_free(s);
}

/* Is entry l the output of a smooth row, which `mixed` leaves out? */
static bool is_output(const pl_program *g, int32_t row, int64_t l)
{
	return g->makes[row] && l == g->link->start[row];
}

/* Lower triangle of row j of M. */
static void assemble_row(pl_normal *s, int32_t j)
{
	const pl_program *g = s->g;
	const pl_csr *link = g->link;
	const double *y = s->a->net;
	double *row = s->matrix + (int64_t)j * g->n_goods;
	memset(row, 0, ((size_t)j + 1) * sizeof *row);
	for (int64_t k = g->by_good->start[j]; k < g->by_good->start[j + 1]; k++) {
		const int32_t i = g->by_good->row[k];
		const int64_t l = g->by_good->entry[k];
		const double whole = s->a->whole[i] * y[l];
		const double mixed = is_output(g, i, l) ? 0 : s->a->mixed[i] * y[l];
		int64_t e = link->start[i];
		if (whole == 0 && mixed == 0) continue;
		if (g->makes[i]) { /* the output, which `mixed` leaves out */
			if (link->col[e] <= j) row[link->col[e]] += whole * y[e];
			e++;
		}
		for (; e < link->start[i + 1]; e++)
			if (link->col[e] <= j) row[link->col[e]] += (whole + mixed) * y[e];
	}
	row[j] += s->diag[j];
}

static double diagonal_of(const pl_normal *s, int32_t j)
{
	const pl_program *g = s->g;
	double d = s->diag[j];
	for (int64_t k = g->by_good->start[j]; k < g->by_good->start[j + 1]; k++) {
		const int32_t i = g->by_good->row[k];
		const int64_t l = g->by_good->entry[k];
		const double mixed = is_output(g, i, l) ? 0 : s->a->mixed[i];
		d += (s->a->whole[i] + mixed) * s->a->net[l] * s->a->net[l];
	}
	return d;
}

static double root_inverse(double d)
{
	return d > 0 ? 1 / sqrt(d) : 0;
}

void pl_normal_set(pl_normal *s, const pl_answers *a, const double *diag)
{
	const int32_t n = s->g->n_goods;
	s->a = a;
	s->diag = diag;
	s->sweeps++;
	if (!s->direct) {
#pragma omp parallel for schedule(guided, 64) if (s->g->n_rows >= PL_PAR_MIN)
		for (int32_t j = 0; j < n; j++) s->scale[j] = root_inverse(diagonal_of(s, j));
		return;
	}
#pragma omp parallel for schedule(dynamic, 8) if (s->g->n_rows >= 64)
	for (int32_t j = 0; j < n; j++) assemble_row(s, j);
	for (int32_t j = 0; j < n; j++)
		s->scale[j] = root_inverse(s->matrix[(int64_t)j * n + j]);
	for (int32_t j = 0; j < n; j++) {
		double *row = s->matrix + (int64_t)j * n;
		for (int32_t k = 0; k <= j; k++) row[k] *= s->scale[j] * s->scale[k];
		row[j] = 1;
	}
	(void)pl_cholesky(n, s->matrix, pivot_is_noise, s->work);
}

void pl_normal_times(pl_normal *s, double *out, const double *x)
{
	const pl_program *g = s->g;
	const pl_csr *link = g->link;
	const double *y = s->a->net;
	s->sweeps++;
#pragma omp parallel for schedule(static) if (g->n_rows >= PL_PAR_MIN)
	for (int32_t i = 0; i < g->n_rows; i++) {
		const int64_t first = link->start[i] + g->makes[i];
		double inputs = 0;
		for (int64_t k = first; k < link->start[i + 1]; k++)
			inputs += y[k] * x[link->col[k]];
		const double output = g->makes[i] ? y[first - 1] * x[link->col[first - 1]] : 0;
		s->row_whole[i] = s->a->whole[i] * (output + inputs);
		s->row_mixed[i] = s->a->mixed[i] * inputs;
	}
#pragma omp parallel for schedule(guided, 64) if (g->n_rows >= PL_PAR_MIN)
	for (int32_t j = 0; j < g->n_goods; j++) {
		double sum = s->diag[j] * x[j];
		for (int64_t k = g->by_good->start[j]; k < g->by_good->start[j + 1]; k++) {
			const int32_t i = g->by_good->row[k];
			const int64_t l = g->by_good->entry[k];
			const double mixed = is_output(g, i, l) ? 0 : s->row_mixed[i];
			sum += y[l] * (s->row_whole[i] + mixed);
		}
		out[j] = sum;
	}
}

static double dot(int32_t n, const double *a, const double *b)
{
	double sum = 0;
	for (int32_t j = 0; j < n; j++) sum += a[j] * b[j];
	return sum;
}

/* Conjugate gradients on the matrix scaled to a unit diagonal. */
static void iterate(pl_normal *s, double *x, const double *b, double precision)
{
	const int32_t n = s->g->n_goods;
	double *r = s->vector[0], *p = s->vector[1], *q = s->vector[2], *t = s->vector[3];
	for (int32_t j = 0; j < n; j++) {
		x[j] = 0;
		p[j] = r[j] = b[j] * s->scale[j];
	}
	double rr = dot(n, r, r);
	const double enough = precision * precision * rr;
	for (int step = 0; step < PL_CG_MAX && rr > enough; step++) {
		for (int32_t j = 0; j < n; j++) t[j] = p[j] * s->scale[j];
		pl_normal_times(s, q, t);
		for (int32_t j = 0; j < n; j++) q[j] *= s->scale[j];
		const double pq = dot(n, p, q);
		if (!(pq > 0)) break; /* rounding has used up the curvature */
		const double length = rr / pq;
		for (int32_t j = 0; j < n; j++) {
			x[j] += length * t[j];
			r[j] -= length * q[j];
		}
		const double next = dot(n, r, r);
		for (int32_t j = 0; j < n; j++) p[j] = r[j] + next / rr * p[j];
		rr = next;
	}
}

void pl_normal_solve(pl_normal *s, double *x, const double *b, double precision)
{
	const int32_t n = s->g->n_goods;
	double *r = s->vector[0], *t = s->vector[1];
	if (!s->direct) {
		iterate(s, x, b, precision);
		return;
	}
	for (int32_t j = 0; j < n; j++) x[j] = b[j] * s->scale[j];
	pl_cholesky_solve(n, s->matrix, x);
	for (int32_t j = 0; j < n; j++) x[j] *= s->scale[j];
	pl_normal_times(s, t, x); /* one step of refinement */
	for (int32_t j = 0; j < n; j++) r[j] = (b[j] - t[j]) * s->scale[j];
	pl_cholesky_solve(n, s->matrix, r);
	for (int32_t j = 0; j < n; j++) x[j] += r[j] * s->scale[j];
}
