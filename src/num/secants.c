/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/secants.h"

#include "base/alloc.h"
#include "base/error.h"
#include "num/sums.h"

#include <string.h>

pl_status pl_secants_new(pl_secants **out, int64_t n, int32_t most, pl_error *err)
{
	*out = NULL;
	pl_secants *s = pl_alloc(1, sizeof *s);
	bool all = s != NULL;
	for (int32_t k = 0; all && k < 2 * most; k++) {
		s->direction[k] = pl_alloc(n, sizeof **s->direction);
		s->product[k] = pl_alloc(n, sizeof **s->product);
		all = s->direction[k] != NULL && s->product[k] != NULL;
	}
	if (!all) {
		pl_secants_free(s);
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d vectors of %lld numbers",
		               4 * most, (long long)n);
	}
	s->n = n;
	s->most = most;
	*out = s;
	return PL_OK;
}

void pl_secants_free(pl_secants *s)
{
	if (s == NULL) return;
	for (int k = 0; k < 2 * PL_SECANTS_MOST; k++) {
		pl_free(s->direction[k]);
		pl_free(s->product[k]);
	}
	pl_free(s);
}

void pl_secants_add(pl_secants *s, const double *direction, const double *product, double curve)
{
	const size_t bytes = (size_t)s->n * sizeof *direction;
	if (s->fresh == s->most) return;
	const int32_t at = s->used + s->fresh++;
	memcpy(s->direction[at], direction, bytes);
	memcpy(s->product[at], product, bytes);
	s->curve[at] = curve;
}

/* Move the oldest behind the others, where their room serves what comes next. */
static void give_up_oldest(pl_secants *s)
{
	double *const direction = s->direction[0], *const product = s->product[0];
	const int32_t rest = 2 * s->most - 1;
	memmove(s->direction, s->direction + 1, (size_t)rest * sizeof *s->direction);
	memmove(s->product, s->product + 1, (size_t)rest * sizeof *s->product);
	memmove(s->curve, s->curve + 1, (size_t)rest * sizeof *s->curve);
	s->direction[rest] = direction;
	s->product[rest] = product;
	s->used--;
}

void pl_secants_turn(pl_secants *s)
{
	s->used += s->fresh;
	s->fresh = 0;
	while (s->used > s->most) give_up_oldest(s);
}

static void add_times(int64_t n, double *z, double factor, const double *x)
{
	for (int64_t j = 0; j < n; j++) z[j] += factor * x[j];
}

void pl_secants_apply(const pl_secants *s, double *z, const double *r)
{
	double part[2 * PL_SECANTS_MOST];
	memcpy(z, r, (size_t)s->n * sizeof *z);
	for (int32_t k = s->used; k-- > 0;) {
		part[k] = pl_dot(s->n, s->direction[k], z) / s->curve[k];
		add_times(s->n, z, -part[k], s->product[k]);
	}
	for (int32_t k = 0; k < s->used; k++) {
		const double back = pl_dot(s->n, s->product[k], z) / s->curve[k];
		add_times(s->n, z, part[k] - back, s->direction[k]);
	}
}
