/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* end_share.c - everyone who asks for a short good, or for what is made of it, gets the same
 * part of it; and giving back what was cut without need.
 *
 * With all makers of a good at the same part, what consumers' parts c need of each good is a
 * convex function of c that is 0 at 0. Hence if all who depend on a good get the part s < 1 of
 * what they had, no more than the part s of it is needed: one cut is enough. In the order of
 * ratios this need not hold, so cuts are repeated, and in the end the equal parts are taken. */
#include "base/alloc.h"
#include "base/error.h"
#include "rounds/end.h"

#include <math.h>
#include <string.h>

static const double rounding = 1e-14;
/* Consumers' parts are raised again where all that they depend on allows it, while that
 * gives them something. */
static const double worth_raising = 1e-9;
enum { MOST_CUTS = 50, MOST_RAISES = 8 };
/* Of giving back: passes that take back what did not fit, and passes that share the rest. */
enum { MOST_TRIALS = 100, MOST_PASSES = 20 };
static const double worth_giving = 1e-6;

typedef struct {
	double *share, *kept;  /* [n_goods] */
	double *lowest, *were; /* [n_works] */
} scratch;

static void scratch_free(scratch *s)
{
	pl_free(s->were);
	pl_free(s->lowest);
	pl_free(s->kept);
	pl_free(s->share);
}

static pl_status scratch_new(scratch *s, const pl_web *w, pl_error *err)
{
	s->share = pl_alloc(w->frame->n_goods, sizeof(double));
	s->kept = pl_alloc(w->frame->n_goods, sizeof(double));
	s->lowest = pl_alloc(w->n_works, sizeof(double));
	s->were = pl_alloc(w->n_works, sizeof(double));
	if (s->share != NULL && s->kept != NULL && s->lowest != NULL && s->were != NULL)
		return PL_OK;
	scratch_free(s);
	return pl_fail(err, PL_ENOMEM, -1, "no memory to share out %d goods",
	               w->frame->n_goods);
}

/* Who depends on a good gets no larger share than there is of it: from inputs to outputs of
 * those who are needed, until nothing changes. */
static void spread(double *share, double *lowest, const pl_web *w, const double *u)
{
	for (bool changed = true; changed;) {
		changed = false;
#pragma omp parallel for schedule(static) if (pl_web_is_large(w))
		for (int32_t i = 0; i < w->n_works; i++) {
			lowest[i] = INFINITY;
			for (int64_t k = w->in_start[i]; u[i] > 0 && k < w->in_start[i + 1];
			     k++)
				lowest[i] = fmin(lowest[i], share[w->in_good[k]]);
		}
		for (int32_t i = 0; i < w->n_works; i++) {
			for (int64_t k = w->out_start[i]; k < w->out_start[i + 1]; k++) {
				double *to = &share[w->out_good[k]];
				changed = changed || lowest[i] < *to;
				*to = fmin(*to, lowest[i]);
			}
		}
	}
}

/* Cut consumers' parts until what they need can be made. @return false: not in so many cuts */
static bool cut(pl_web_parts *p, pl_web *w, scratch *s)
{
	for (int n = 0; n < MOST_CUTS; n++) {
		bool fits = true;
		pl_web_need(s->share, w, p);
		for (int32_t j = 0; j < w->frame->n_goods; j++)
			fits = fits && s->share[j] >= 1 - rounding;
		if (fits) return true;
		for (int32_t j = 0; j < w->frame->n_goods; j++)
			s->share[j] = fmin(1, s->share[j]);
		spread(s->share, s->lowest, w, p->u);
		for (int32_t j = 0; j < w->frame->n_goods; j++) p->c[j] *= s->share[j];
	}
	return false;
}

/* Raise the parts of those who depend on nothing that is used up. @return by how much at most
 */
static double raise(pl_web_parts *p, const pl_web *w, scratch *s)
{
	double most = 0;
	spread(s->share, s->lowest, w, p->u);
	for (int32_t j = 0; j < w->frame->n_goods; j++) {
		if (!(p->c[j] > 0 && w->wanted[j] > 0)) continue;
		const double to = fmin(1, p->c[j] * fmax(1, s->share[j]));
		most = fmax(most, to - p->c[j]);
		p->c[j] = to;
	}
	return most;
}

/* From parts that fit to parts that fit and keep more, as long as it goes. */
static void fill_up(pl_web_parts *p, pl_web *w, scratch *s)
{
	const size_t goods = (size_t)w->frame->n_goods * sizeof(double),
	             councils = (size_t)w->n_works * sizeof(double);
	for (int n = 0; n < MOST_RAISES; n++) {
		const double value = pl_web_kept(w, p);
		memcpy(s->kept, p->c, goods);
		memcpy(s->were, p->u, councils);
		const double raised = raise(p, w, s);
		if (raised > worth_raising && cut(p, w, s) &&
		    pl_web_kept(w, p) > value * (1 + worth_raising))
			continue;
		memcpy(p->c, s->kept, goods);
		memcpy(p->u, s->were, councils);
		return;
	}
}

pl_status pl_end_share(pl_web_parts *p, pl_web *w, pl_error *err)
{
	scratch s;
	PL_TRY(scratch_new(&s, w, err));
	bool fits = cut(p, w, &s);
	if (!fits && w->order > 0) {
		w->order = 0;
		fits = cut(p, w, &s);
	}
	if (!fits) {
		memset(p->c, 0, (size_t)w->frame->n_goods * sizeof *p->c);
		(void)cut(p, w, &s); /* nothing needs nothing */
	}
	fill_up(p, w, &s);
	for (int32_t i = 0; i < w->n_works; i++) p->u[i] = fmin(1, p->u[i]);
	scratch_free(&s);
	return PL_OK;
}

/* ---- giving back --------------------------------------------------------------------- */

/* What is left goes to consumers who asked for it. */
static void to_consumers(pl_web_parts *p, pl_web *w, double *left)
{
	pl_web_left(left, w, p);
	for (int32_t j = 0; j < w->frame->n_goods; j++) {
		const double most = left[j] - rounding * (w->use[j] + p->c[j] * w->wanted[j]);
		if (most > 0 && w->wanted[j] > 0)
			p->c[j] = fmin(1, p->c[j] + most / w->wanted[j]);
	}
}

/* Those who use a good of which something is missing go back. @return does anybody? */
static bool go_back(pl_web_parts *p, const pl_web *w, const double *left, const double *were)
{
	int32_t back = 0;
#pragma omp parallel for schedule(static) reduction(+ : back) if (pl_web_is_large(w))
	for (int32_t i = 0; i < w->n_works; i++) {
		bool missing = false;
		for (int64_t k = w->in_start[i]; k < w->in_start[i + 1]; k++)
			missing = missing || left[w->in_good[k]] < 0;
		if (!missing || p->u[i] == were[i]) continue;
		p->u[i] = were[i];
		back++;
	}
	return back > 0;
}

/* Everybody works as proposed, but for those for whom something is missing then. */
static void try_all(pl_web_parts *p, pl_web *w, scratch *s)
{
	memcpy(s->were, p->u, (size_t)w->n_works * sizeof(double));
	for (int32_t i = 0; i < w->n_works; i++) p->u[i] = 1;
	for (int n = 0; n < MOST_TRIALS; n++) {
		if (pl_web_fits(s->share, w, p)) return;
		if (!go_back(p, w, s->share, s->were)) break;
	}
	memcpy(p->u, s->were, (size_t)w->n_works * sizeof(double));
}

/* What is left of a good goes, in equal parts, to those who could work more with it.
 * @return by how much they work more, at most */
static double to_workplaces(pl_web_parts *p, pl_web *w, scratch *s)
{
	double most = 0;
	pl_web_left(s->share, w, p);
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		s->share[j] -= rounding * (w->use[j] + p->c[j] * w->wanted[j]);
	for (int32_t i = 0; i < w->n_works; i++) s->were[i] = 1 - p->u[i];
	pl_web_use(w, s->were);
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		s->share[j] = w->use[j] > 0 ? fmax(0, fmin(1, s->share[j] / w->use[j])) : 1;
	for (int32_t i = 0; i < w->n_works; i++) {
		double part = 1;
		for (int64_t k = w->in_start[i]; k < w->in_start[i + 1]; k++)
			part = fmin(part, s->share[w->in_good[k]]);
		p->u[i] = fmin(1, p->u[i] + part * s->were[i]);
		most = fmax(most, part * s->were[i]);
	}
	return most;
}

pl_status pl_end_give_back(pl_web_parts *p, pl_web *w, pl_error *err)
{
	scratch s;
	PL_TRY(scratch_new(&s, w, err));
	to_consumers(p, w, s.share);
	try_all(p, w, &s);
	to_consumers(p, w, s.share);
	for (int n = 0; n < MOST_PASSES; n++) {
		const double most = to_workplaces(p, w, &s);
		to_consumers(p, w, s.share);
		if (most < worth_giving) break;
	}
	scratch_free(&s);
	return PL_OK;
}
