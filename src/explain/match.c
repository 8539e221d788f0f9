/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "explain/match.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/names.h"

#include <math.h>

static bool number_names(pl_names *names, pl_text text, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		if (!pl_names_reserve(names, pl_text_at(text, i))) return false;
		(void)pl_names_put(names, pl_text_at(text, i));
	}
	return true;
}

pl_status pl_match_new(pl_match *out, pl_text a, int32_t n_a, pl_text b, int32_t n_b,
                       pl_error *err)
{
	const int64_t most = (int64_t)n_a + n_b;
	pl_names names = {0};
	*out = (pl_match){0};
	for (int side = 0; side < 2; side++) {
		out->in[side] = pl_alloc(most, sizeof *out->in[side]);
		out->of[side] = pl_alloc(side == 0 ? n_a : n_b, sizeof *out->of[side]);
	}
	if (!out->in[0] || !out->in[1] || !out->of[0] || !out->of[1]) goto nomem;
	if (!number_names(&names, a, n_a)) goto nomem;
	for (int32_t i = 0; i < n_a; i++) {
		out->of[0][i] = out->in[0][i] = i;
		out->in[1][i] = -1;
	}
	out->n = n_a;
	for (int32_t j = 0; j < n_b; j++) {
		const int32_t at = pl_names_find(&names, pl_text_at(b, j));
		const int32_t row = at >= 0 ? at : out->n++;
		if (at < 0) out->in[0][row] = -1;
		out->in[1][row] = j;
		out->of[1][j] = row;
	}
	pl_names_clear(&names);
	return PL_OK;

nomem:
	pl_names_clear(&names);
	pl_match_free(out);
	return pl_fail(err, PL_ENOMEM, -1, "no memory to compare two economies");
}

void pl_match_free(pl_match *m)
{
	for (int side = 0; side < 2; side++) {
		pl_free(m->in[side]);
		pl_free(m->of[side]);
	}
	*m = (pl_match){0};
}

static bool same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static double elasticity(const pl_model *m, int64_t k)
{
	const double own = m->link.elasticity == NULL ? NAN : m->link.elasticity[k];
	return isnan(own) ? m->good.elasticity[m->link.good[k]] : own;
}

/// Links k and l are of councils with the same schedule.
static bool same_link(const pl_model *a, int64_t k, const pl_model *b, int64_t l,
                      const pl_match *goods, int schedule)
{
	const int32_t g = a->link.good[k], h = b->link.good[l];
	if (goods->of[0][g] != goods->of[1][h] || a->link.role[k] != b->link.role[l] ||
	    !same(a->link.amount[k], b->link.amount[l]))
		return false;
	return schedule != PL_S_isoelastic ||
	       (same(elasticity(a, k), elasticity(b, l)) &&
	        (elasticity(a, k) == 0 || a->good.price[g] == b->good.price[h]));
}

bool pl_match_same(const pl_model *a, int32_t i, const pl_model *b, int32_t j,
                   const pl_match *goods)
{
	const int schedule = a->council.schedule[i];
	const int64_t from = b->link.start[j], to = b->link.start[j + 1];
	if (schedule != b->council.schedule[j] ||
	    !same(a->council.income[i], b->council.income[j]) ||
	    a->link.start[i + 1] - a->link.start[i] != to - from)
		return false;
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++)
		if (!same(a->council.param[slot][i], b->council.param[slot][j])) return false;
	int64_t next = from; /* mostly the same order */
	for (int64_t k = a->link.start[i]; k < a->link.start[i + 1]; k++) {
		int64_t tried = 0;
		while (tried < to - from && !same_link(a, k, b, next, goods, schedule)) {
			next = next + 1 < to ? next + 1 : from;
			tried++;
		}
		if (tried == to - from) return false;
		next = next + 1 < to ? next + 1 : from;
	}
	return true;
}
