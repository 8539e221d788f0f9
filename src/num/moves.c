/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/moves.h"

#include "base/alloc.h"
#include "base/error.h"
#include "num/sums.h"

#include <math.h>
#include <string.h>

/* Of an effect, relative: what may be no news but the bend of equations. */
static const double nothing_new = 0.02;

pl_status pl_moves_new(pl_moves **out, int64_t n, int32_t most, pl_error *err)
{
	*out = NULL;
	pl_moves *s = pl_alloc(1, sizeof *s);
	bool all = s != NULL;
	for (int32_t k = 0; all && k < most; k++) {
		s->move[k] = pl_alloc(n, sizeof **s->move);
		s->effect[k] = pl_alloc(n, sizeof **s->effect);
		all = s->move[k] != NULL && s->effect[k] != NULL;
	}
	if (!all) {
		pl_moves_free(s);
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d moves of %lld numbers",
		               most, (long long)n);
	}
	s->n = n;
	s->most = most;
	*out = s;
	return PL_OK;
}

void pl_moves_free(pl_moves *s)
{
	if (s == NULL) return;
	for (int k = 0; k < PL_MOVES_MOST; k++) {
		pl_free(s->move[k]);
		pl_free(s->effect[k]);
	}
	pl_free(s);
}

static void add_times(int64_t n, double *z, double factor, const double *x)
{
	for (int64_t j = 0; j < n; j++) z[j] += factor * x[j];
}

static void give_up_oldest(pl_moves *s)
{
	double *const move = s->move[0], *const effect = s->effect[0];
	s->used--;
	memmove(s->move, s->move + 1, (size_t)s->used * sizeof *s->move);
	memmove(s->effect, s->effect + 1, (size_t)s->used * sizeof *s->effect);
	s->move[s->used] = move;
	s->effect[s->used] = effect;
}

void pl_moves_add(pl_moves *s, double *move, double *effect)
{
	const double whole = sqrt(pl_dot(s->n, effect, effect));
	for (int32_t k = 0; k < s->used; k++) {
		const double part = pl_dot(s->n, s->effect[k], effect);
		add_times(s->n, move, -part, s->move[k]);
		add_times(s->n, effect, -part, s->effect[k]);
	}
	const double length = sqrt(pl_dot(s->n, effect, effect));
	if (!(length > nothing_new * whole) || isinf(length)) return;
	if (s->used == s->most) give_up_oldest(s);
	for (int64_t j = 0; j < s->n; j++) {
		s->move[s->used][j] = move[j] / length;
		s->effect[s->used][j] = effect[j] / length;
	}
	s->used++;
}

void pl_moves_apply(const pl_moves *s, double *move, double *missing)
{
	memset(move, 0, (size_t)s->n * sizeof *move);
	for (int32_t k = 0; k < s->used; k++) {
		const double part = pl_dot(s->n, s->effect[k], missing);
		add_times(s->n, move, part, s->move[k]);
		add_times(s->n, missing, -part, s->effect[k]);
	}
}
