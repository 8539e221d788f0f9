/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* simplex.c - the dual simplex method on a condensed tableau: the rows' own activities are the
 * first basis, which costs >= 0 make dual feasible; it stays so whatever bounds become, and so
 * the objective only rises. Source: C. E. Lemke, Naval Research Logistics Quarterly 1 (1954)
 * 36-47; bounds as in V. Chvatal, Linear Programming (1983), chapter 8. */
#include "work/simplex.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

static const double feasible = 1e-9, least_pivot = 1e-9, tie = 1e-12;

void pl_simplex_free(pl_simplex *s)
{
	if (s == NULL) return;
	pl_free(s->low);
	pl_free(s->high);
	pl_free(s->t);
	pl_free(s->d);
	pl_free(s->basic);
	pl_free(s->other);
	pl_free(s->at_high);
	pl_free(s->value);
	pl_free(s);
}

pl_status pl_simplex_new(pl_simplex **out, int32_t rows, int32_t cols, pl_error *err)
{
	*out = NULL;
	pl_simplex *s = pl_alloc(1, sizeof *s);
	if (s == NULL) goto nomem;
	s->n_rows = rows;
	s->n_cols = cols;
	s->low = pl_alloc((int64_t)rows + cols, sizeof *s->low);
	s->high = pl_alloc((int64_t)rows + cols, sizeof *s->high);
	s->t = pl_alloc((int64_t)rows * cols, sizeof *s->t);
	s->d = pl_alloc(cols, sizeof *s->d);
	s->basic = pl_alloc(rows, sizeof *s->basic);
	s->other = pl_alloc(cols, sizeof *s->other);
	s->at_high = pl_alloc(cols, sizeof *s->at_high);
	s->value = pl_alloc(rows, sizeof *s->value);
	if (s->low == NULL || s->high == NULL || s->t == NULL || s->d == NULL ||
	    s->basic == NULL || s->other == NULL || s->at_high == NULL || s->value == NULL)
		goto nomem;
	for (int32_t i = 0; i < rows; i++) s->basic[i] = cols + i;
	for (int32_t j = 0; j < cols; j++) s->other[j] = j;
	*out = s;
	return PL_OK;

nomem:
	pl_simplex_free(s);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a table of %d by %d", (int)rows,
	               (int)cols);
}

static double at(const pl_simplex *s, int32_t j)
{
	return s->at_high[j] ? s->high[s->other[j]] : s->low[s->other[j]];
}

/// Put what is not basic at a bound that fits its cost, and work out the others.
static void settle(pl_simplex *s)
{
	s->objective = 0;
	for (int32_t j = 0; j < s->n_cols; j++) {
		s->at_high[j] = s->d[j] < 0 || !isfinite(s->low[s->other[j]]);
		if (!isfinite(at(s, j))) s->at_high[j] = !s->at_high[j];
		s->objective += s->d[j] * at(s, j);
	}
	for (int32_t i = 0; i < s->n_rows; i++) {
		const double *row = s->t + (int64_t)i * s->n_cols;
		double sum = 0;
		for (int32_t j = 0; j < s->n_cols; j++) sum += row[j] * at(s, j);
		s->value[i] = sum;
	}
}

/// The row that misses its bounds most. @param[out] by how far it must move; 0: none misses
static int32_t leaving(const pl_simplex *s, double *by)
{
	int32_t row = -1;
	double most = feasible;
	*by = 0;
	for (int32_t i = 0; i < s->n_rows; i++) {
		const int32_t v = s->basic[i];
		const double scale = 1 + fabs(s->value[i]);
		const double under = s->low[v] - s->value[i], over = s->value[i] - s->high[v];
		if (fmax(under, over) <= most * scale) continue;
		most = fmax(under, over) / scale;
		row = i;
		*by = under > over ? under : -over;
	}
	return row;
}

/// The column whose cost reaches 0 first as the row moves. @return -1: the row cannot move
static int32_t entering(const pl_simplex *s, int32_t row, double by)
{
	const double *t = s->t + (int64_t)row * s->n_cols;
	int32_t best = -1;
	double least = INFINITY, size = 0;
	for (int32_t j = 0; j < s->n_cols; j++) {
		const double a = by > 0 ? t[j] : -t[j];
		const int32_t v = s->other[j];
		if (s->low[v] >= s->high[v]) continue;
		if (s->at_high[j] ? a > -least_pivot : a < least_pivot) continue;
		const double ratio = fabs(s->d[j]) / fabs(a);
		if (ratio > least + tie || (ratio > least - tie && fabs(a) <= size)) continue;
		least = fmin(least, ratio);
		size = fabs(a);
		best = j;
	}
	return best;
}

int32_t pl_simplex_row(const pl_simplex *s, int32_t variable)
{
	for (int32_t i = 0; i < s->n_rows; i++)
		if (s->basic[i] == variable) return i;
	return -1;
}

double pl_simplex_rise(const pl_simplex *s, int32_t row, double by)
{
	const int32_t col = entering(s, row, by);
	if (col < 0) return INFINITY;
	return fabs(s->d[col]) / fabs(s->t[(int64_t)row * s->n_cols + col]) * fabs(by);
}

static void add_row(double *restrict to, const double *restrict from, double times, int32_t n)
{
	for (int32_t j = 0; j < n; j++) to[j] += times * from[j];
}

/// Exchange a basic variable with another (Jordan exchange).
static void pivot(pl_simplex *s, int32_t row, int32_t col)
{
	const int32_t n = s->n_cols;
	double *r = s->t + (int64_t)row * n;
	const double p = r[col];
	for (int32_t j = 0; j < n; j++) r[j] /= -p;
	r[col] = 1 / p;
	for (int32_t i = 0; i < s->n_rows; i++) {
		double *t = s->t + (int64_t)i * n;
		const double times = t[col];
		if (i == row || times == 0) continue;
		t[col] = 0;
		add_row(t, r, times, n);
	}
	const double times = s->d[col];
	s->d[col] = 0;
	add_row(s->d, r, times, n);
	const int32_t v = s->basic[row];
	s->basic[row] = s->other[col];
	s->other[col] = v;
	s->pivots++;
}

static void step(pl_simplex *s, int32_t row, int32_t col, double by)
{
	const double change = by / s->t[(int64_t)row * s->n_cols + col], was = at(s, col);
	for (int32_t i = 0; i < s->n_rows; i++)
		s->value[i] += s->t[(int64_t)i * s->n_cols + col] * change;
	s->objective += s->d[col] * change;
	pivot(s, row, col);
	s->value[row] = was + change;
	s->at_high[col] = by < 0;
}

pl_lp_end pl_simplex_run(pl_simplex *s, double above, int64_t pivots)
{
	settle(s);
	for (int64_t k = 0; k < pivots; k++) {
		double by;
		const int32_t row = leaving(s, &by);
		if (row < 0) return PL_LP_BEST;
		if (s->objective > above) return PL_LP_ABOVE;
		const int32_t col = entering(s, row, by);
		if (col < 0) return PL_LP_NONE;
		step(s, row, col, by);
	}
	return PL_LP_LIMIT;
}

void pl_simplex_values(const pl_simplex *s, double *x)
{
	for (int32_t j = 0; j < s->n_cols; j++) x[s->other[j]] = at(s, j);
	for (int32_t i = 0; i < s->n_rows; i++) x[s->basic[i]] = s->value[i];
}

void pl_simplex_prices(const pl_simplex *s, double *y)
{
	memset(y, 0, (size_t)s->n_rows * sizeof *y);
	for (int32_t j = 0; j < s->n_cols; j++)
		if (s->other[j] >= s->n_cols) y[s->other[j] - s->n_cols] = s->d[j];
}
