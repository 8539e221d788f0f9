/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Generalised conjugate residuals: S. C. Eisenstat, H. C. Elman and M. H. Schultz, SIAM
 * Journal on Numerical Analysis 20, 1983. Both systems are scaled to a unit diagonal and to
 * unknowns near 1, anew in each cycle, so that small prices come out as exact as large ones. */
#include "plan/leontief.h"

#include "base/alloc.h"
#include "base/error.h"
#include "num/sums.h"

#include <math.h>
#include <string.h>

static const double begun = 0.1;      /* off by less: conjugate residuals instead of passes */
static const double hopeless = 0.5;   /* off by more after all passes: they take too many */
static const double progress = 0.1;   /* a cycle leaves at most this, or it is the last */
static const double nearly = 1e-2;    /* activities are this exact when limits are looked at */
static const double aim_below = 0.3;  /* of what a cycle is to reach, as it sees it */
static const double rough = 1e-3;     /* activities at prices that are only near */
static const double first_aim = 0.01; /* of a cycle after which some may have to start */
enum { PASSES = 12, CYCLE = 24, CYCLES = 6 };

typedef struct {
	pl_method *k;
	const pl_program *g;
	int32_t *product; /* [n_acts] good that the act makes, -1: it stands still */
	int32_t *maker;   /* [n_goods] act, -1: none */
	uint8_t *costs;   /* [n_acts] its product, be it through inputs; else that is free */
	double *made;     /* [n_acts] of its product, per unit of activity */
	double *basis;    /* [2 CYCLE n_acts] directions, and what they lead to */
	double *off;      /* [n_acts] what is left, relative */
	double *found;    /* [n_acts] change, relative */
	double *start;    /* [n_goods] prices before */
	double part;
	bool steady;     /* what is asked for does not depend on prices */
	bool limited;    /* there are capacities, or goods without a maker */
	bool quantities; /* N' z = what is asked for; else N p = effort */
} leontief;

/* ---- does it apply? ---------------------------------------------------------------- */

/* Finds the one product of act i. @return false if it makes more, or another makes it too */
static bool makes_one(leontief *s, int32_t i)
{
	const pl_csr *link = s->g->link;
	int32_t products = 0;
	for (int64_t l = link->start[i]; l < link->start[i + 1]; l++) {
		if (!(link->val[l] > 0)) continue;
		s->product[i] = link->col[l];
		s->made[i] = link->val[l];
		products++;
	}
	if (products != 1 || s->maker[s->product[i]] >= 0) return false;
	s->maker[s->product[i]] = i;
	return true;
}

static bool applies(leontief *s)
{
	const pl_program *g = s->g;
	bool costs = false;
	if (g->n_acts > g->n_goods) return false;
	for (int32_t i = g->n_acts; i < g->n_all; i++)
		if (g->makes[i]) return false;
	for (int32_t i = 0; i < g->n_acts; i++) {
		if (g->slope[i] > 0) return false;
		costs = costs || g->effort[i] > 0;
	}
	if (!costs) return false;
	for (int32_t j = 0; j < g->n_goods; j++) s->maker[j] = -1;
	for (int32_t i = 0; i < g->n_acts; i++)
		if (!makes_one(s, i)) return false;
	for (int32_t i = 0; i < g->n_acts; i++) s->limited = s->limited || !isinf(g->cap[i]);
	for (int32_t j = 0; j < g->n_goods; j++) {
		if (s->maker[j] >= 0) continue;
		if (g->essential[j]) return false;
		s->limited = true;
	}
	s->steady = g->n_all == g->n_acts && g->n_wants == 0;
	return s->steady || !s->limited;
}

/* ---- the two systems --------------------------------------------------------------- */

/* Is act i, or its product's price, one of the unknowns? */
static bool moves(const leontief *s, int32_t i)
{
	return s->product[i] >= 0 && (s->quantities || s->costs[i]);
}

/* What margins miss, relative to the product's price. @return the worst */
static double off_margins(leontief *s)
{
	pl_method *k = s->k;
	double worst = 0;
	pl_margins(k->margin, s->g, k->at.price);
	k->sweeps++;
	for (int32_t i = 0; i < s->g->n_acts; i++) {
		s->off[i] = 0;
		if (!moves(s, i)) continue;
		const double unit = s->made[i] * k->at.price[s->product[i]];
		s->off[i] = (s->g->effort[i] - k->margin[i]) / unit;
		worst = fabs(s->off[i]) <= worst ? worst : fabs(s->off[i]); /* NaN wins */
	}
	return worst;
}

/* What products are short of, with what is held back, relative to what the maker makes. */
static double off_balances(leontief *s)
{
	pl_method *k = s->k;
	double worst = 0;
	for (int32_t j = 0; j < s->g->n_goods; j++) {
		k->supply[j] = s->g->held[j] + k->a->supply[j];
		k->demand[j] = s->g->asked[j] + k->a->demand[j];
	}
	pl_act_totals(k->a, k->supply, k->demand, s->g, k->at.z);
	k->sweeps++;
	k->worst_good = -1;
	memset(s->off, 0, (size_t)s->g->n_acts * sizeof *s->off);
	for (int32_t j = 0; j < s->g->n_goods; j++) {
		const int32_t i = s->maker[j];
		const double turn = fmax(k->supply[j], k->demand[j]);
		k->reserve[j] = s->part * k->demand[j];
		k->short_of[j] = k->demand[j] + k->reserve[j] - k->supply[j];
		if (i < 0 || (k->at.z[i] == 0 && k->short_of[j] < 0)) continue;
		const double makes = s->made[i] * k->at.z[i];
		s->off[i] = makes > 0 ? k->short_of[j] / makes : 0;
		const double off = turn > 0 ? fabs(k->short_of[j]) / turn : 0;
		if (off > worst) k->worst_good = j;
		worst = off <= worst ? worst : off;
	}
	return k->worst = worst;
}

static double look(leontief *s)
{
	return s->quantities ? off_balances(s) : off_margins(s);
}

/* out = what relative changes u lead to, relative as `off` is. */
static void times(leontief *s, double *out, const double *u)
{
	const pl_program *g = s->g;
	pl_method *k = s->k;
	double *made = k->good[0], *used = k->good[1];
	memset(made, 0, (size_t)g->n_goods * sizeof *made);
	memset(used, 0, (size_t)g->n_goods * sizeof *used);
	k->sweeps++;
	if (!s->quantities) {
		for (int32_t i = 0; i < g->n_acts; i++)
			if (moves(s, i))
				made[s->product[i]] = u[i] * k->at.price[s->product[i]];
		pl_margins(out, g, made);
		for (int32_t i = 0; i < g->n_acts; i++)
			out[i] = moves(s, i)
			                 ? out[i] / (s->made[i] * k->at.price[s->product[i]])
			                 : u[i];
		return;
	}
	for (int32_t i = 0; i < g->n_acts; i++) k->moved[i] = u[i] * k->at.z[i];
	pl_act_totals(k->a, made, used, g, k->moved);
	for (int32_t i = 0; i < g->n_acts; i++) {
		const int32_t j = s->product[i];
		const double makes = s->made[i] * k->at.z[i]; /* 0 where it stands still */
		out[i] = makes > 0 ? (made[j] - used[j]) / makes : u[i];
	}
}

static void change(leontief *s, const double *u)
{
	pl_point *at = &s->k->at;
	for (int32_t i = 0; i < s->g->n_acts; i++) {
		if (s->quantities)
			at->z[i] += u[i] * at->z[i];
		else if (moves(s, i))
			at->price[s->product[i]] += u[i] * at->price[s->product[i]];
	}
}

/* ---- solving them ------------------------------------------------------------------ */

/* y += f x. @return the largest |y| */
static double add(int32_t n, double *y, double f, const double *x)
{
	double most = 0;
	for (int32_t i = 0; i < n; i++) {
		y[i] += f * x[i];
		most = fmax(most, fabs(y[i]));
	}
	return most;
}

/* One cycle: `found` such that times(found) is `off` to within `aim` in every row. */
static void solve(leontief *s, double aim)
{
	const int32_t n = s->g->n_acts;
	double length[CYCLE], worst = INFINITY;
	memset(s->found, 0, (size_t)n * sizeof *s->found);
	for (int step = 0; step < CYCLE && worst > aim; step++) {
		double *p = s->basis + (int64_t)2 * step * n, *q = p + n;
		memcpy(p, s->off, (size_t)n * sizeof *p);
		times(s, q, p);
		for (int before = 0; before < step; before++) {
			const double *pb = s->basis + (int64_t)2 * before * n, *qb = pb + n;
			const double f = -pl_dot(n, q, qb) / length[before];
			(void)add(n, p, f, pb);
			(void)add(n, q, f, qb);
		}
		length[step] = pl_dot(n, q, q);
		if (!(length[step] > 0)) return;
		const double f = pl_dot(n, s->off, q) / length[step];
		(void)add(n, s->found, f, p);
		worst = add(n, s->off, -f, q);
	}
}

static bool is_positive(const leontief *s)
{
	const pl_point *at = &s->k->at;
	for (int32_t i = 0; i < s->g->n_acts; i++)
		if (moves(s, i) &&
		    !(s->quantities ? at->z[i] >= 0 : at->price[s->product[i]] > 0))
			return false;
	return true;
}

/* No act above its capacity, no good without a maker short, by more than `leeway`. */
static bool fits(const leontief *s, double leeway)
{
	const pl_method *k = s->k;
	for (int32_t i = 0; i < s->g->n_acts; i++)
		if (!(k->at.z[i] <= (1 + leeway) * s->g->cap[i])) return false;
	for (int32_t j = 0; j < s->g->n_goods; j++)
		if (s->maker[j] < 0 && k->short_of[j] > leeway * k->demand[j]) return false;
	return true;
}

/* One pass: to what is asked for, or to costs, is added what inputs need, or cost. */
static void pass(leontief *s)
{
	pl_point *at = &s->k->at;
	for (int32_t i = 0; i < s->g->n_acts; i++) {
		const int32_t j = s->product[i];
		if (!moves(s, i)) continue;
		if (s->quantities)
			at->z[i] = fmax(0, at->z[i] + s->k->short_of[j] / s->made[i]);
		else
			at->price[j] += s->off[i] * at->price[j];
	}
}

/* Pass by pass until little is added: what is positive stays so, as it does not on the first
 * steps of conjugate residuals from far. @return how far off, NaN where there is no point */
static double come_near(leontief *s)
{
	double off = look(s);
	for (int n = 0; n < PASSES && off > begun; n++) {
		pass(s);
		if (!is_positive(s)) return NAN;
		off = look(s);
		if (s->quantities && !fits(s, 0)) return NAN;
	}
	return off <= hopeless ? off : NAN;
}

/* May activities turn out too large, or 0 too little? Then a first cycle is short. */
static bool may_change(const leontief *s)
{
	if (s->quantities && s->limited) return true;
	for (int32_t i = 0; s->quantities && i < s->g->n_acts; i++)
		if (s->product[i] >= 0 && s->k->at.z[i] == 0) return true;
	return false;
}

/* Acts that stood still, what is held being enough, and are needed after all. */
static bool any_starts(leontief *s)
{
	bool any = false;
	for (int32_t i = 0; s->quantities && i < s->g->n_acts; i++) {
		const int32_t j = s->product[i];
		if (j < 0 || s->k->at.z[i] > 0 || !(s->k->short_of[j] > 0)) continue;
		s->k->at.z[i] = s->k->short_of[j] / s->made[i];
		any = true;
	}
	return any;
}

static bool come_to(leontief *s, double near)
{
	double off = come_near(s);
	for (int cycle = 0; cycle < CYCLES && off > near; cycle++) {
		const bool first = cycle == 0 && may_change(s);
		double before = off;
		solve(s, first ? first_aim * off : aim_below * near);
		change(s, s->found);
		if (!is_positive(s) || !pl_method_step_done(s->k)) return false;
		off = look(s);
		if (s->quantities && !fits(s, nearly)) return false;
		if (any_starts(s)) {
			off = look(s);
			before = INFINITY;
		}
		if (!(off <= near || off <= progress * before)) return false;
	}
	return off <= near;
}

/* Where more of a good is held than is used, its maker stands still, and it is free. @return
 * false if it may not be */
static bool close_idle(leontief *s)
{
	for (int32_t i = 0; i < s->g->n_acts; i++) {
		const int32_t j = s->product[i];
		if (j < 0 || s->k->at.z[i] > 0 || !(s->k->short_of[j] < 0)) continue;
		if (s->g->essential[j]) return false;
		s->k->at.price[j] = 0;
		s->maker[j] = s->product[i] = -1;
	}
	return true;
}

static bool takes_what_costs(const leontief *s, int32_t i)
{
	const pl_csr *link = s->g->link;
	for (int64_t l = link->start[i]; l < link->start[i + 1]; l++) {
		const int32_t maker = s->maker[link->col[l]];
		if (link->val[l] < 0 && maker >= 0 && s->costs[maker]) return true;
	}
	return false;
}

/* What is made of free things without effort is free too. @return false if it may not be, or
 * that is too far to follow */
static bool find_costs(leontief *s)
{
	const pl_program *g = s->g;
	bool more = true;
	for (int32_t i = 0; i < g->n_acts; i++)
		s->costs[i] = s->product[i] >= 0 && g->effort[i] > 0;
	for (int n = 0; n < PASSES && more; n++) {
		more = false;
		for (int32_t i = 0; i < g->n_acts; i++) {
			if (s->product[i] < 0 || s->costs[i] || !takes_what_costs(s, i))
				continue;
			s->costs[i] = 1;
			more = true;
		}
	}
	for (int32_t i = 0; i < g->n_acts; i++) {
		if (s->product[i] < 0 || s->costs[i]) continue;
		if (g->essential[s->product[i]]) return false;
		s->k->at.price[s->product[i]] = 0;
	}
	return !more;
}

static bool find_prices(leontief *s, double near)
{
	s->quantities = false;
	return find_costs(s) && come_to(s, near);
}

static bool find_activities(leontief *s, double near)
{
	pl_answers_at(s->k->a, s->g, s->k->at.price);
	s->quantities = true;
	return come_to(s, near) && close_idle(s);
}

/* What is asked for whatever the prices says soonest that recipes do not decide. */
static bool settled(leontief *s, double near, double loose)
{
	const pl_program *g = s->g;
	pl_method *k = s->k;
	memset(k->at.z, 0, (size_t)g->n_acts * sizeof *k->at.z);
	for (int32_t j = 0; j < g->n_goods; j++)
		if (s->maker[j] < 0) k->at.price[j] = 0;
	k->phase = "recipes alone";
	if (!s->steady && !find_prices(s, begun)) return false;
	if (!find_activities(s, s->steady ? near : rough)) return false;
	if (!find_prices(s, loose)) return false;
	if (!s->steady && !find_activities(s, near)) return false;
	if (!fits(s, 0)) return false;
	for (int32_t j = 0; j < g->n_goods; j++)
		k->at.excess[j] = s->maker[j] < 0 ? -k->short_of[j] : 0;
	return true;
}

/* ---- its face ---------------------------------------------------------------------- */

static bool take_arrays(leontief *s)
{
	const int64_t n = s->g->n_acts;
	s->costs = pl_alloc(n, sizeof *s->costs);
	s->basis = pl_alloc((int64_t)2 * CYCLE * n, sizeof *s->basis);
	s->off = pl_alloc(n, sizeof *s->off);
	s->found = pl_alloc(n, sizeof *s->found);
	s->start = pl_alloc(s->g->n_goods, sizeof *s->start);
	return s->costs && s->basis && s->off && s->found && s->start;
}

static void release(leontief *s)
{
	pl_free(s->product);
	pl_free(s->maker);
	pl_free(s->made);
	pl_free(s->costs);
	pl_free(s->basis);
	pl_free(s->off);
	pl_free(s->found);
	pl_free(s->start);
}

pl_status pl_leontief(bool *found, pl_method *k, double part, double near, double loose,
                      pl_error *err)
{
	const size_t bytes = (size_t)k->g->n_goods * sizeof(double);
	const char *phase = k->phase;
	leontief s = {.k = k, .g = k->g, .part = part};
	pl_status st = PL_OK;
	*found = false;
	s.product = pl_alloc(s.g->n_acts, sizeof *s.product);
	s.maker = pl_alloc(s.g->n_goods, sizeof *s.maker);
	s.made = pl_alloc(s.g->n_acts, sizeof *s.made);
	if (s.product == NULL || s.maker == NULL || s.made == NULL) goto nomem;
	if (!applies(&s)) goto done;
	if (!take_arrays(&s)) goto nomem;
	memcpy(s.start, k->at.price, bytes);
	*found = settled(&s, near, loose);
	k->phase = phase;
	if (*found) goto done;
	memcpy(k->at.price, s.start, bytes);
	memset(k->reserve, 0, bytes);
	goto done;

nomem:
	st = pl_fail(err, PL_ENOMEM, -1, "no memory to try the recipes of %d goods alone",
	             k->g->n_goods);
done:
	release(&s);
	return st;
}
