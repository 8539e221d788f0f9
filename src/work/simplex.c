/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* simplex.c - the dual simplex method on a condensed tableau: the rows' own activities are the
 * first basis, which costs >= 0 make dual feasible; it stays so whatever bounds become, and so
 * the objective only rises. Source: C. E. Lemke, Naval Research Logistics Quarterly 1 (1954)
 * 36-47; bounds as in V. Chvatal, Linear Programming (1983), chapter 8. */
#include "work/simplex.h"

#include "base/alloc.h"
#include "base/error.h"
#include "work/held.h"
#include "work/pivot.h"

#include <math.h>
#include <string.h>

static const double feasible = 1e-9, least_pivot = 1e-7, tie = 1e-12;

enum {
	STEEP = 100, /* steep steps in a row: what raises nothing might go in circles */
	PATIENCE = 5 /* pivots for each row, after which it may be going round in circles */
};

void pl_simplex_free(pl_simplex *s)
{
	if (s == NULL) return;
	pl_free(s->low);
	pl_free(s->high);
	pl_free(s->t);
	pl_free(s->d);
	pl_free(s->basic);
	pl_free(s->other);
	pl_free(s->where);
	pl_free(s->at_high);
	pl_free(s->value);
	pl_free(s->open);
	pl_free(s->cost);
	pl_free(s->times);
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
	s->where = pl_alloc((int64_t)rows + cols, sizeof *s->where);
	s->at_high = pl_alloc(cols, sizeof *s->at_high);
	s->value = pl_alloc(rows, sizeof *s->value);
	s->open = pl_alloc(cols, sizeof *s->open);
	s->cost = pl_alloc(cols, sizeof *s->cost);
	s->times = pl_alloc((int64_t)rows + 1, sizeof *s->times);
	if (s->low == NULL || s->high == NULL || s->t == NULL || s->d == NULL ||
	    s->basic == NULL || s->other == NULL || s->where == NULL || s->at_high == NULL ||
	    s->value == NULL || s->open == NULL || s->cost == NULL || s->times == NULL)
		goto nomem;
	pl_simplex_clear(s);
	*out = s;
	return PL_OK;

nomem:
	pl_simplex_free(s);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a table of %d by %d", (int)rows,
	               (int)cols);
}

static void put_basic(pl_simplex *s, int32_t row, int32_t variable)
{
	s->basic[row] = variable;
	s->where[variable] = row;
}

static void put_other(pl_simplex *s, int32_t col, int32_t variable)
{
	s->other[col] = variable;
	s->where[variable] = ~col;
}

void pl_simplex_clear(pl_simplex *s)
{
	s->width = s->n_cols;
	s->held = NULL;
	memset(s->t, 0, (size_t)s->n_rows * (size_t)s->n_cols * sizeof *s->t);
	memset(s->d, 0, (size_t)s->n_cols * sizeof *s->d);
	for (int32_t i = 0; i < s->n_rows; i++) put_basic(s, i, s->n_cols + i);
	for (int32_t j = 0; j < s->n_cols; j++) put_other(s, j, j);
}

void pl_simplex_copy(pl_simplex *to, const pl_simplex *from)
{
	const size_t n = (size_t)from->n_cols, m = (size_t)from->n_rows;
	memcpy(to->low, from->low, (n + m) * sizeof *to->low);
	memcpy(to->high, from->high, (n + m) * sizeof *to->high);
	memcpy(to->t, from->t, (size_t)from->width * m * sizeof *to->t);
	memcpy(to->d, from->d, n * sizeof *to->d);
	memcpy(to->basic, from->basic, m * sizeof *to->basic);
	memcpy(to->other, from->other, n * sizeof *to->other);
	memcpy(to->where, from->where, (n + m) * sizeof *to->where);
	memcpy(to->at_high, from->at_high, n * sizeof *to->at_high);
	memcpy(to->value, from->value, m * sizeof *to->value);
	to->width = from->width;
	to->held = from->held;
	to->steep = from->steep;
	to->objective = from->objective;
	to->pivots = from->pivots;
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

/// The row that misses its bounds most, or that of the lowest variable which misses them where
/// `first`. @param[out] by how far it must move; 0: none misses
static int32_t leaving(const pl_simplex *s, double *by, bool first)
{
	int32_t row = -1;
	double most = feasible;
	*by = 0;
	for (int32_t i = 0; i < s->n_rows; i++) {
		const int32_t v = s->basic[i];
		const double scale = 1 + fabs(s->value[i]);
		const double under = s->low[v] - s->value[i], over = s->value[i] - s->high[v];
		if (fmax(under, over) <= most * scale) continue;
		if (first && row >= 0 && v > s->basic[row]) continue;
		if (!first) most = fmax(under, over) / scale;
		row = i;
		*by = under > over ? under : -over;
	}
	return row;
}

/// The column whose cost reaches 0 first as the row moves. @return -1: the row cannot move
static int32_t entering(const pl_simplex *s, int32_t row, double by)
{
	const double *t = s->t + (int64_t)row * s->width;
	int32_t best = -1;
	double least = INFINITY, size = 0;
	for (int32_t j = 0; j < s->width; j++) {
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

double pl_simplex_rise(const pl_simplex *s, int32_t row, double by)
{
	const int32_t col = entering(s, row, by);
	if (col < 0) return INFINITY;
	return fabs(s->d[col]) / fabs(s->t[(int64_t)row * s->width + col]) * fabs(by);
}

/// List the columns that can move, with their costs.
static void list_open(pl_simplex *s)
{
	s->n_open = 0;
	for (int32_t j = 0; j < s->width; j++) {
		const int32_t v = s->other[j];
		if (s->low[v] >= s->high[v]) continue;
		s->open[s->n_open] = j;
		s->cost[s->n_open++] = s->at_high[j] ? -fabs(s->d[j]) : fabs(s->d[j]);
	}
}

static void ask_first(pl_simplex *s, int32_t k)
{
	const int32_t col = s->open[k];
	const double cost = s->cost[k];
	s->open[k] = s->open[0];
	s->cost[k] = s->cost[0];
	s->open[0] = col;
	s->cost[0] = cost;
}

/// As pl_simplex_rise, of the columns that are listed; any number up to `floor` where it is no
/// more than that. The column that tells it is asked first of the next row.
static double rise_above(pl_simplex *s, int32_t row, double by, double floor)
{
	const double *t = s->t + (int64_t)row * s->width;
	const double up = by > 0 ? 1 : -1, stop = floor / fabs(by);
	double least = INFINITY;
	for (int32_t k = 0; k < s->n_open; k++) {
		const double cost = s->cost[k];
		const double a = signbit(cost) ? -up * t[s->open[k]] : up * t[s->open[k]];
		if (a < least_pivot || fabs(cost) >= least * a) continue;
		least = fabs(cost) / a;
		if (least > stop) continue;
		ask_first(s, k);
		break;
	}
	return least * fabs(by);
}

/// By how much a variable must move to be within its bounds; 0: it is.
static double missing(const pl_simplex *s, int32_t variable, double value)
{
	const double under = s->low[variable] - value, over = value - s->high[variable];
	const double most = under > over ? under : over;
	if (most <= feasible * (1 + fabs(value))) return 0;
	return under > over ? under : -over;
}

/// The row that raises the objective most. @param[out] by as of leaving()
static int32_t leaving_steep(pl_simplex *s, double *by)
{
	int32_t row = -1;
	double most = -1;
	*by = 0;
	list_open(s);
	for (int32_t i = 0; i < s->n_rows; i++) {
		const double move = missing(s, s->basic[i], s->value[i]);
		if (move == 0) continue;
		const double rise = rise_above(s, i, move, most);
		if (rise < most || (rise == most && fabs(move) <= fabs(*by))) continue;
		most = rise;
		row = i;
		*by = move;
	}
	return row;
}

double pl_simplex_foresee(pl_simplex *s, const int32_t *col, const double *by, int n,
                          double enough)
{
	double moved = s->objective;
	for (int k = 0; k < n; k++) moved += s->d[col[k]] * by[k];
	double most = moved;
	list_open(s);
	for (int32_t i = 0; i < s->n_rows && most <= enough; i++) {
		const double *t = s->t + (int64_t)i * s->width;
		double value = s->value[i];
		for (int k = 0; k < n; k++) value += t[col[k]] * by[k];
		const double move = missing(s, s->basic[i], value);
		if (move != 0) most = fmax(most, moved + rise_above(s, i, move, most - moved));
	}
	return most;
}

/// Exchange a basic variable with another.
static void pivot(pl_simplex *s, int32_t row, int32_t col)
{
	const int32_t n = s->width;
	double *times = s->held != NULL ? pl_held_note(s->held, row) : s->times;
	for (int32_t i = 0; i < s->n_rows; i++) {
		times[i] = s->t[(int64_t)i * n + col];
		s->t[(int64_t)i * n + col] = 0;
	}
	times[s->n_rows] = s->d[col];
	s->d[col] = 0;
	pl_pivot(&(pl_pivot_part){s->t, s->d, s->n_rows, n}, row, col, times);
	const int32_t v = s->basic[row];
	put_basic(s, row, s->other[col]);
	put_other(s, col, v);
	s->pivots++;
}

static void step(pl_simplex *s, int32_t row, int32_t col, double by)
{
	const double change = by / s->t[(int64_t)row * s->width + col], was = at(s, col);
	for (int32_t i = 0; i < s->n_rows; i++)
		s->value[i] += s->t[(int64_t)i * s->width + col] * change;
	s->objective += s->d[col] * change;
	pivot(s, row, col);
	s->value[row] = was + change;
	s->at_high[col] = by < 0;
}

bool pl_simplex_release(pl_simplex *s, int32_t variable)
{
	const int32_t row = s->where[variable];
	if (row < 0) return true;
	const double *t = s->t + (int64_t)row * s->width;
	const int32_t up = entering(s, row, 1), down = entering(s, row, -1);
	if (up < 0 && down < 0) return false;
	const bool first = down < 0 || (up >= 0 && fabs(s->d[up]) * fabs(t[down]) <=
	                                                   fabs(s->d[down]) * fabs(t[up]));
	const int32_t col = first ? up : down;
	const double value = at(s, col);
	pivot(s, row, col);
	s->value[row] = value;
	s->at_high[col] = s->d[col] < 0;
	return true;
}

/// Add a multiple of one column of all, where those that are held are up to date, to another.
static void add_column(pl_simplex *s, int32_t to, double times, int32_t from)
{
	const int32_t n = s->width;
	const bool held = from >= n;
	const int64_t stride = held ? s->held->n : n;
	const double *f = held ? s->held->t + (from - n) : s->t + from;
	double *t = s->t + to;
	for (int32_t i = 0; i < s->n_rows; i++, t += n, f += stride) *t += times * *f;
	s->d[to] += times * s->d[from];
}

void pl_simplex_column(pl_simplex *s, int32_t variable, double cost, const int32_t *row,
                       const double *a, int n)
{
	const int32_t c = ~s->where[variable];
	for (int32_t i = 0; i < s->n_rows; i++) s->t[(int64_t)i * s->width + c] = 0;
	s->d[c] = cost;
	for (int k = 0; k < n; k++) {
		const int32_t i = s->where[s->n_cols + row[k]];
		if (i >= 0)
			s->t[(int64_t)i * s->width + c] += a[k];
		else
			add_column(s, c, -a[k], ~i);
	}
	s->at_high[c] = s->d[c] < 0;
}

/// Solve from the values that the basis has.
static pl_lp_end solve(pl_simplex *s, double above, int64_t pivots)
{
	for (int64_t k = 0; k < pivots; k++) {
		double by;
		/* R. G. Bland, Mathematics of Operations Research 2 (1977) 103-107 */
		const bool stuck = k > PATIENCE * (int64_t)s->n_rows;
		const int32_t row =
		        s->steep && k < STEEP ? leaving_steep(s, &by) : leaving(s, &by, stuck);
		if (row < 0) return PL_LP_BEST;
		if (s->objective > above) return PL_LP_ABOVE;
		const int32_t col = entering(s, row, by);
		if (col < 0) {
			s->stuck = by > 0 ? row : ~row;
			return PL_LP_NONE;
		}
		step(s, row, col, by);
	}
	return PL_LP_LIMIT;
}

pl_lp_end pl_simplex_run(pl_simplex *s, double above, int64_t pivots)
{
	settle(s);
	return solve(s, above, pivots);
}

pl_lp_end pl_simplex_move(pl_simplex *s, const int32_t *col, const double *by, int n,
                          double above, int64_t pivots)
{
	for (int k = 0; k < n; k++) {
		const double *t = s->t + col[k];
		for (int32_t i = 0; i < s->n_rows; i++, t += s->width)
			s->value[i] += *t * by[k];
		s->objective += s->d[col[k]] * by[k];
	}
	return solve(s, above, pivots);
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

void pl_simplex_proof(const pl_simplex *s, double *y)
{
	const bool up = s->stuck >= 0;
	const int32_t row = up ? s->stuck : ~s->stuck;
	const double *t = s->t + (int64_t)row * s->n_cols, sign = up ? 1 : -1;
	memset(y, 0, (size_t)s->n_rows * sizeof *y);
	for (int32_t j = 0; j < s->n_cols; j++)
		if (s->other[j] >= s->n_cols) y[s->other[j] - s->n_cols] = -sign * t[j];
	if (s->basic[row] >= s->n_cols) y[s->basic[row] - s->n_cols] = sign;
}
