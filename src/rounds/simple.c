/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/simple.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"
#include "num/cholesky.h"
#include "num/sums.h"

#include <math.h>
#include <string.h>

enum { MEMORY = 5 }; /* rounds that `anderson` looks back */

static const double ln2 = 0.69314718055994530942;
static const double power = 0.15;         /* of `power` */
static const double part = 0.1;           /* of `proportional` and `anderson` */
static const double first_elasticity = 5; /* of `elasticity`, before a good showed its own */
static const double least_elasticity = 2, most_elasticity = 30;
static const double enough = 1e-3; /* change of a log price that shows an elasticity */
static const double most_excess = 20;
/* Prices stay within these, so that they can be multiplied with quantities. */
static const double lowest = 1e-140, highest = 1e140;

struct pl_simple {
	pl_rule_kind kind;
	int32_t n_goods, depth; /* rounds before the last one that are kept */
	int32_t seen;           /* rounds since the year began */
	uint8_t *moves;  /* [n_goods] somebody supplies or demands it, and it is not free */
	double *x, *z;   /* [n_goods] log price, log(D/S) of the last round */
	double *dx, *dz; /* [depth * n_goods] their changes, the newest somewhere */
	double *v,
	        *v_before;  /* [n_goods] lagged: imbalance of the last round, the one before */
	double *elasticity; /* [n_goods] */
};

static int32_t depth_of(pl_rule_kind kind)
{
	return kind == PL_RULE_anderson ? MEMORY : kind == PL_RULE_elasticity ? 1 : 0;
}

static void fill(double *x, int32_t n, double value)
{
	for (int32_t j = 0; j < n; j++) x[j] = value;
}

pl_status pl_simple_new(pl_simple **out, int32_t n_goods, pl_rule_kind kind, pl_error *err)
{
	*out = NULL;
	pl_simple *s = pl_alloc(1, sizeof *s);
	if (s == NULL) goto nomem;
	s->kind = kind;
	s->n_goods = n_goods;
	s->depth = depth_of(kind);
	s->moves = pl_alloc(n_goods, sizeof *s->moves);
	double **one[] = {&s->x, &s->z, &s->v, &s->v_before, &s->elasticity};
	for (size_t k = 0; k < sizeof one / sizeof *one; k++)
		if ((*one[k] = pl_alloc(n_goods, sizeof(double))) == NULL) goto nomem;
	s->dx = pl_alloc((int64_t)s->depth * n_goods, sizeof *s->dx);
	s->dz = pl_alloc((int64_t)s->depth * n_goods, sizeof *s->dz);
	if (s->moves == NULL || s->dx == NULL || s->dz == NULL) goto nomem;
	fill(s->v, n_goods, 0.25);
	fill(s->elasticity, n_goods, first_elasticity);
	*out = s;
	return PL_OK;

nomem:
	pl_simple_free(s);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a rule about %d goods", n_goods);
}

void pl_simple_free(pl_simple *s)
{
	if (s == NULL) return;
	double *const block[] = {s->x, s->z, s->dx, s->dz, s->v, s->v_before, s->elasticity};
	for (size_t k = 0; k < sizeof block / sizeof *block; k++) pl_free(block[k]);
	pl_free(s->moves);
	pl_free(s);
}

void pl_simple_new_year(pl_simple *s)
{
	s->seen = 0;
}

double pl_log_excess(double supply, double demand)
{
	if (supply == demand) return 0;
	return fmax(-most_excess, fmin(most_excess, pl_log(demand) - pl_log(supply)));
}

static double imbalance(double supply, double demand)
{
	return 2 * (fabs(supply - demand) / (supply + demand));
}

/* What the last two rounds say of a good's own elasticity, half believed. */
static void learn(pl_simple *s, int32_t j, double dx, double dz)
{
	if (fabs(dx) < enough) return;
	const double shown = fmax(least_elasticity, fmin(most_elasticity, -dz / dx));
	s->elasticity[j] += 0.5 * (shown - s->elasticity[j]);
}

void pl_simple_see(pl_simple *s, const pl_frame *frame, const pl_round *round)
{
	const bool compares = s->depth > 0 && s->seen > 0;
	const int64_t row = compares ? (int64_t)((s->seen - 1) % s->depth) * s->n_goods : 0;
#pragma omp parallel for schedule(static) if (s->n_goods >= PL_PAR_MIN)
	for (int32_t j = 0; j < s->n_goods; j++) {
		const double supply = round->supply[j], demand = round->demand[j];
		s->moves[j] = frame->good_kind[j] != PL_FREE && supply + demand > 0;
		const double x = pl_log(round->price[j]);
		const double z = s->moves[j] ? pl_log_excess(supply, demand) : 0;
		if (compares) {
			s->dx[row + j] = x - s->x[j];
			s->dz[row + j] = z - s->z[j];
			if (s->moves[j]) learn(s, j, x - s->x[j], z - s->z[j]);
		}
		s->x[j] = x;
		s->z[j] = z;
		s->v_before[j] = s->v[j];
		if (s->moves[j]) s->v[j] = imbalance(supply, demand);
	}
	s->seen++;
}

/* 1.05 - 0.5^v */
static double rise(double v)
{
	return 1.05 - pl_exp(-ln2 * v);
}

/* What the price of good j is multiplied by. */
static double factor(const pl_simple *s, int32_t j, double supply, double demand)
{
	const double sign = demand > supply ? 1 : demand < supply ? -1 : 0;
	const double v = s->v[j], capped = fmin(v, 0.25);
	switch (s->kind) {
	case PL_RULE_lagged:
		return 1 + sign * fmax(0.001, fmin(s->v_before[j], 0.25) * rise(v));
	case PL_RULE_book:
		return 1 + sign * (capped * rise(v));
	case PL_RULE_paper:
		return 1 + sign * (capped * rise(capped));
	case PL_RULE_proportional:
		return 1 + part * (demand >= 2 * supply ? 1 : (demand - supply) / supply);
	case PL_RULE_power:
		return pl_exp(power * s->z[j]);
	default:
		return pl_exp(0.5 * s->z[j] / s->elasticity[j]);
	}
}

/* Weights of the changes remembered, such that log(D/S) less that combination of its changes is
 * smallest. */
static void mixture(double *weight, const pl_simple *s, int32_t n)
{
	double a[MEMORY * MEMORY], work[MEMORY * PL_CHOLESKY_BLOCK], unit[MEMORY];
	const int64_t g = s->n_goods;
	for (int32_t r = 0; r < n; r++) {
		const double *row = s->dz + r * g;
		const double square = pl_dot(g, row, row);
		unit[r] = square > 0 ? 1 / sqrt(square) : 0;
		weight[r] = unit[r] * pl_dot(g, row, s->z);
		for (int32_t c = 0; c < r; c++)
			a[r * n + c] = unit[r] * unit[c] * pl_dot(g, row, s->dz + c * g);
		a[r * n + r] = 1;
	}
	/* Changes that are nearly a combination of others say nothing. */
	(void)pl_cholesky(n, a, 1e-12, work);
	pl_cholesky_solve(n, a, weight);
	for (int32_t r = 0; r < n; r++) weight[r] *= unit[r];
}

static void accelerate(double *next, pl_simple *s, const pl_round *round, double most)
{
	double weight[MEMORY];
	const int32_t n = s->seen - 1 < s->depth ? s->seen - 1 : s->depth;
	const double limit = fmin(most, 1);
	mixture(weight, s, n);
#pragma omp parallel for schedule(static) if (s->n_goods >= PL_PAR_MIN)
	for (int32_t j = 0; j < s->n_goods; j++) {
		double step = part * s->z[j];
		for (int32_t r = 0; r < n; r++) {
			const int64_t at = (int64_t)r * s->n_goods + j;
			step -= weight[r] * (s->dx[at] + part * s->dz[at]);
		}
		step = fmax(-limit, fmin(limit, step));
		next[j] = s->moves[j] ? round->price[j] * pl_exp(step) : round->price[j];
	}
}

static void multiply(double *next, const pl_simple *s, const pl_round *round, double most)
{
	const double up = pl_exp(fmin(most, most_excess)), down = 1 / up;
#pragma omp parallel for schedule(static) if (s->n_goods >= PL_PAR_MIN)
	for (int32_t j = 0; j < s->n_goods; j++) {
		next[j] = round->price[j];
		if (!s->moves[j]) continue;
		const double f = factor(s, j, round->supply[j], round->demand[j]);
		next[j] *= fmax(down, fmin(up, f));
	}
}

void pl_simple_step(double *next, pl_simple *s, const pl_round *round, double most)
{
	if (s->kind == PL_RULE_anderson)
		accelerate(next, s, round, most);
	else
		multiply(next, s, round, most);
	for (int32_t j = 0; j < s->n_goods; j++)
		if (s->moves[j]) next[j] = fmax(lowest, fmin(highest, next[j]));
}
