/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/normal.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"
#include "num/cholesky.h"
#include "num/sums.h"

#include <math.h>
#include <string.h>

/* Below this part of its diagonal a pivot is rounding: eps times a few hundred additions. */
static const double pivot_is_noise = 1e-14;

/* A product's lanes: what is spent, relative to prices, and last what is taken, in units;
 * each where there is any. */
enum { SPENT, TAKEN };

/* Room for a factor, and the rows by good, from which it is put together. What cannot be had
 * is freed with s. */
static bool new_direct(pl_normal *s)
{
	const pl_program *g = s->g;
	const int64_t n = g->n_goods;
	if (pl_by_col_new(&s->by_good, g->link, NULL) != PL_OK) return false;
	s->matrix = pl_alloc(n * n, sizeof *s->matrix);
	s->work = pl_alloc(n * PL_CHOLESKY_BLOCK, sizeof *s->work);
	s->net = pl_alloc(g->link->start[g->n_rows], sizeof *s->net);
	return s->matrix != NULL && s->work != NULL && s->net != NULL;
}

pl_status pl_normal_new(pl_normal **out, const pl_program *g, int64_t direct_goods,
                        pl_error *err)
{
	*out = NULL;
	const int64_t n = g->n_goods;
	bool all = true;
	pl_normal *s = pl_alloc(1, sizeof *s);
	if (s == NULL) goto nomem;
	s->g = g;
	s->direct = n <= (g->n_acts < n ? direct_goods : direct_goods / 4);
	s->may_turn = !s->direct && n <= direct_goods;
	if (s->direct) all = new_direct(s);
	if (!s->direct && g->n_acts > 0 && pl_industry_new(&s->industry, g, NULL) != PL_OK)
		goto nomem;
	s->scale = pl_alloc(n, sizeof *s->scale);
	s->relative = pl_alloc(n, sizeof *s->relative);
	for (int i = 0; i < 5; i++)
		all = (s->vector[i] = pl_alloc(n, sizeof **s->vector)) != NULL && all;
	s->any_taken = g->n_acts > 0;
	for (int32_t i = g->n_acts; i < g->n_rows; i++)
		s->any_taken = s->any_taken || g->sigma[i] == 0;
	const int32_t lanes = s->any_taken && g->n_rows > g->n_acts ? 2 : 1;
	if (pl_scatter_new(&s->total, g->link, 0, g->n_rows, lanes, NULL) != PL_OK) goto nomem;
	/* not more to remember than a product reads */
	const int64_t room = g->link->start[g->n_rows] / (8 * (n + 1));
	const int32_t most = room < PL_SECANTS_MOST ? (int32_t)room : PL_SECANTS_MOST;
	if (pl_secants_new(&s->learned, n, s->direct ? 0 : most, NULL) != PL_OK) goto nomem;
	if (!all || !s->scale || !s->relative) goto nomem;
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
	for (int i = 0; i < 5; i++) pl_free(s->vector[i]);
	pl_free(s->relative);
	pl_free(s->scale);
	pl_free(s->net);
	pl_free(s->work);
	pl_free(s->matrix);
	pl_by_col_free(s->by_good);
	pl_industry_free(s->industry);
	pl_secants_free(s->learned);
	pl_scatter_free(s->total);
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
	const double *y = s->net;
	double *row = s->matrix + (int64_t)j * g->n_goods;
	memset(row, 0, ((size_t)j + 1) * sizeof *row);
	for (int64_t k = s->by_good->start[j]; k < s->by_good->start[j + 1]; k++) {
		const int32_t i = s->by_good->row[k];
		const int64_t l = s->by_good->entry[k];
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

static double root_inverse(double d)
{
	return d > 0 ? 1 / sqrt(d) : 0;
}

void pl_normal_set(pl_normal *s, const pl_answers *a, const double *diag)
{
	const int32_t n = s->g->n_goods;
	s->a = a;
	s->diag = diag;
	if (s->turns) {
		s->direct = new_direct(s);
		s->turns = s->may_turn =
		        false; /* where there is no memory for it: on without */
	}
	if (!s->direct) {
		if (s->g->n_acts > 0) s->sweeps++;
		for (int32_t j = 0; j < n; j++) s->scale[j] = diag[j] + a->square[j];
		pl_act_squares(a, s->scale, s->g);
		for (int32_t j = 0; j < n; j++) s->scale[j] = root_inverse(s->scale[j]);
		if (s->industry != NULL) pl_industry_set(s->industry, a->whole, s->scale);
		return;
	}
	s->sweeps++;
#pragma omp parallel for schedule(static) if (s->g->n_rows >= PL_PAR_MIN)
	for (int32_t i = 0; i < s->g->n_rows; i++)
		for (int64_t l = s->g->link->start[i]; l < s->g->link->start[i + 1]; l++)
			s->net[l] = pl_answers_net(a, s->g, i, l);
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

/* A smooth row's part of M x, added to the block's sums. */
static void times_row(const pl_normal *s, const double *x, int32_t i, double *sum)
{
	const pl_program *g = s->g;
	const pl_answers *a = s->a;
	const int64_t start = g->link->start[i], first = start + g->makes[i];
	const int64_t n = g->link->start[i + 1] - first;
	const int32_t *col = g->link->col + first, lanes = s->total->lanes;
	const double *w = a->weight + first;
	const bool fixed = g->sigma[i] == 0;
	const double inputs = -a->scale[i] * pl_gather(w, col, n, fixed ? x : s->relative);
	const double output =
	        g->makes[i] ? a->revenue[i] * s->relative[g->link->col[start]] : 0;
	const double whole = a->whole[i] * (output + inputs);
	const double push = -a->scale[i] * (whole + a->mixed[i] * inputs);
	if (g->makes[i]) sum[(int64_t)g->link->col[start] * lanes] += a->revenue[i] * whole;
	if (fixed) sum += TAKEN;
	if (push == 0) return;
	for (int64_t k = 0; k < n; k++) sum[(int64_t)col[k] * lanes] += w[k] * push;
}

/* An act's. */
static void times_act(const pl_normal *s, const double *x, int32_t i, double *sum)
{
	const pl_csr *link = s->g->link;
	const int64_t first = link->start[i], n = link->start[i + 1] - first;
	const int32_t *col = link->col + first, lanes = s->total->lanes;
	const double *y = link->val + first;
	if (s->a->whole[i] == 0) return;
	const double push = s->a->whole[i] * pl_gather(y, col, n, x);
	sum += lanes - 1;
	for (int64_t k = 0; k < n; k++) sum[(int64_t)col[k] * lanes] += y[k] * push;
}

/* Row j of M x, once the rows of the economy have been through. */
static double total_of(const pl_normal *s, const double *x, int32_t j)
{
	const pl_program *g = s->g;
	double sum = s->diag[j] * x[j];
	if (g->n_rows > g->n_acts)
		sum += s->a->per_price[j] * pl_scatter_total(s->total, j, SPENT);
	if (s->any_taken) sum += pl_scatter_total(s->total, j, s->total->lanes - 1);
	return sum;
}

void pl_normal_times(pl_normal *s, double *out, const double *x)
{
	const pl_program *g = s->g;
	s->sweeps++;
	pl_poison(out, g->n_goods);
	for (int32_t j = 0; j < g->n_goods; j++) s->relative[j] = x[j] * s->a->per_price[j];
#pragma omp parallel for schedule(dynamic, 1) if (g->n_rows >= PL_PAR_MIN)
	for (int32_t b = 0; b < s->total->n_blocks; b++) {
		double *sum = pl_scatter_begin(s->total, b);
		const int32_t first = s->total->first[b], end = s->total->first[b + 1];
		for (int32_t i = first; i < end; i++)
			(i < g->n_acts ? times_act : times_row)(s, x, i, sum);
	}
#pragma omp parallel for schedule(guided, 64) if (g->n_rows >= PL_PAR_MIN)
	for (int32_t j = 0; j < g->n_goods; j++) out[j] = total_of(s, x, j);
}

static bool is_enough(const pl_normal *s, const double *r)
{
	if (s->enough == NULL) return false;
	for (int32_t j = 0; j < s->g->n_goods; j++)
		if (fabs(r[j]) > s->enough[j] * s->scale[j]) return false;
	return true;
}

/* z = approximate inverse of the scaled M, times r; q and t are scratch. */
static void precondition(pl_normal *s, double *z, const double *r, double *q, double *t)
{
	const int32_t n = s->g->n_goods;
	if (s->industry == NULL) {
		pl_secants_apply(s->learned, z, r);
		return;
	}
	for (int32_t j = 0; j < n; j++) t[j] = s->scale[j] > 0 ? r[j] / s->scale[j] : 0;
	pl_industry_apply(s->industry, q, t);
	for (int32_t j = 0; j < n; j++) z[j] = s->scale[j] > 0 ? q[j] / s->scale[j] : 0;
}

/* Conjugate gradients on the matrix scaled to a unit diagonal, helped by what was learned of
 * it in solutions before. */
static void iterate(pl_normal *s, double *x, const double *b, double precision, bool near)
{
	const int32_t n = s->g->n_goods;
	double *r = s->vector[0], *p = s->vector[1], *q = s->vector[2], *t = s->vector[3];
	double *z = s->vector[4];
	for (int32_t j = 0; j < n; j++) r[j] = b[j] * s->scale[j];
	double rr = pl_dot(n, r, r);
	const double enough = precision * precision * rr;
	if (near) {
		pl_normal_times(s, q, x);
		for (int32_t j = 0; j < n; j++) r[j] -= q[j] * s->scale[j];
		rr = pl_dot(n, r, r);
	} else {
		memset(x, 0, (size_t)n * sizeof *x);
	}
	precondition(s, z, r, q, t);
	memcpy(p, z, (size_t)n * sizeof *p);
	double rz = pl_dot(n, r, z);
	int step = 0;
	for (; step < PL_CG_MAX && rr > enough && !is_enough(s, r); step++) {
		for (int32_t j = 0; j < n; j++) t[j] = p[j] * s->scale[j];
		pl_normal_times(s, q, t);
		for (int32_t j = 0; j < n; j++) q[j] *= s->scale[j];
		const double pq = pl_dot(n, p, q);
		if (!(pq > 0)) break; /* rounding has used up the curvature */
		const double length = rz / pq;
		pl_secants_add(s->learned, p, q, pq);
		for (int32_t j = 0; j < n; j++) {
			x[j] += length * t[j];
			r[j] -= length * q[j];
		}
		precondition(s, z, r, q, t);
		const double next = pl_dot(n, r, z);
		for (int32_t j = 0; j < n; j++) p[j] = z[j] + next / rz * p[j];
		rz = next;
		rr = pl_dot(n, r, r);
	}
	pl_secants_turn(s->learned);
	s->turns = s->may_turn && step > PL_CG_MANY;
}

static void solve_directly(pl_normal *s, double *x, const double *b)
{
	const int32_t n = s->g->n_goods;
	double *r = s->vector[0], *t = s->vector[1];
	for (int32_t j = 0; j < n; j++) x[j] = b[j] * s->scale[j];
	pl_cholesky_solve(n, s->matrix, x);
	for (int32_t j = 0; j < n; j++) x[j] *= s->scale[j];
	pl_normal_times(s, t, x); /* one step of refinement */
	for (int32_t j = 0; j < n; j++) r[j] = (b[j] - t[j]) * s->scale[j];
	pl_cholesky_solve(n, s->matrix, r);
	for (int32_t j = 0; j < n; j++) x[j] += r[j] * s->scale[j];
}

void pl_normal_solve(pl_normal *s, double *x, const double *b, double precision)
{
	if (s->direct)
		solve_directly(s, x, b);
	else
		iterate(s, x, b, precision, false);
}

void pl_normal_improve(pl_normal *s, double *x, const double *b, double precision)
{
	if (s->direct)
		solve_directly(s, x, b);
	else
		iterate(s, x, b, precision, true);
}
