/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/settle.h"

#include "base/elementary.h"

#include <math.h>
#include <string.h>

static const double prox = 20;   /* how far an act may move for its margin, see reach() */
static const double stay = 1e-4; /* weight that keeps prices that nothing else pins, at first */
static const double rough = 1e-6,
                    eager = 3;  /* prox is so much more where balances are rough, */
static const double firm = 0.1; /* and prices stay by so much: what they then keep from being
                                   met is a part of how far they move, in the first round */
static const double last = 0.3; /* of a balance's precision: what a Newton step may miss */
static const double fade = 0.1, least_stay = 1e-10; /* it falls in each round, down to this */
static const double smallest = 1e-6;  /* part of a possible need that is worth looking at */
static const double own_curve = 50;   /* an act with a rising cost needs less holding back */
static const double off_answer = 0.5; /* how exact answers are, as against balances */
static const double speckle = 1e-12;  /* the precision by which specks are told, at most */
static const double speck = 10;       /* times prox and precision: no activity, but rounding */
static const double coarse = 1e-2,
                    fine = 1e-10;   /* precision of a Newton step: between these, */
static const double forcing = 1e-2; /* and this part of how far off it begins */
static const double better = 0.7;   /* of the worst imbalance: a Newton step that is worth it */
enum { LOOSER = 6, ROUNDS = 20, NEWTON = 12, IDLE = 12, BISECT = 200, LINE = 30, BRIEF = 4 };

/* Arrays of the method under the names they have here. */
typedef struct {
	pl_method *k;
	const pl_program *g;
	double *z_from, *z_sigma, *z_unit; /* [n_acts] centre, sigma, reach */
	double *s_from, *s_sigma;          /* [n_goods] centre and sigma of the excess */
	double *p_from, *p_hold;           /* [n_goods] centre and weight of prices */
	double *p_seen;                    /* [n_goods] prices as smooth councils see them */
	double growth, curved; /* of sigma over prox; the latter with a rising cost */
	double hold;           /* p_hold relative to yard/price */
	double *yard;          /* [n_goods] units: what a good's imbalance is measured by */
	double near;           /* relative precision of a balance, */
	double *enough;        /* [n_goods] units: and what a Newton step may miss of it */
	int line;              /* tries of a Newton step's length */
} settling;

/* Measured by turnover; a good whose flows are next to nothing, because what would use it
 * stands still, by a small part of what might be needed of it. */
static void set_yards(settling *s)
{
	const pl_method *k = s->k;
	for (int32_t j = 0; j < s->g->n_goods; j++) {
		const double turn = fmax(k->supply[j], k->demand[j]);
		const double yard = fmax(turn, smallest * k->need[j]);
		s->yard[j] = yard > 0 ? yard : 1;
	}
}

/* The activity that would alone turn over one of its goods: the act's natural size. */
static double reach(const settling *s, int32_t i)
{
	double z = s->g->cap[i];
	for (int64_t l = s->g->link->start[i]; l < s->g->link->start[i + 1]; l++) {
		const int32_t j = s->g->link->col[l];
		if (s->g->link->val[l] != 0) z = fmin(z, s->yard[j] / fabs(s->g->link->val[l]));
	}
	return isinf(z) ? 1 : z;
}

/* What is turned over of a good, credits, in the mean over goods. */
static double mean_value(const settling *s)
{
	double value = 0;
	for (int32_t j = 0; j < s->g->n_goods; j++) value += s->yard[j] * s->k->at.price[j];
	return fmax(value, 1e-300) / (1 + s->g->n_goods);
}

static void set_weights(settling *s)
{
	const pl_program *g = s->g;
	const pl_point *at = &s->k->at;
	set_yards(s);
	const double value = mean_value(s);
	for (int32_t j = 0; j < g->n_goods; j++) {
		const double price = fmax(at->price[j], 1e-3 * value / s->yard[j]);
		s->s_sigma[j] = s->growth * prox * s->yard[j] / price;
		s->p_hold[j] = s->hold * s->yard[j] / price;
	}
	for (int32_t i = 0; i < g->n_acts; i++) {
		double unit = g->effort[i] + g->slope[i];
		for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++)
			unit += fabs(g->link->val[l]) * at->price[g->link->col[l]];
		s->z_unit[i] = reach(s, i);
		s->z_sigma[i] = s->growth * prox * s->z_unit[i] / fmax(unit, 1e-300);
		if (g->slope[i] > 0) s->z_sigma[i] *= own_curve;
	}
}

/* Each round holds back less: prices until nothing is felt, acts while rounding allows. */
static void loosen(settling *s, int round)
{
	const pl_program *g = s->g;
	if (s->hold > least_stay) {
		s->hold *= fade;
		for (int32_t j = 0; j < g->n_goods; j++) s->p_hold[j] *= fade;
	}
	if (round > LOOSER) return;
	s->growth *= 2;
	for (int32_t i = 0; i < g->n_acts; i++)
		if (!(g->slope[i] > 0)) s->z_sigma[i] *= 2;
	for (int32_t j = 0; j < g->n_goods; j++) s->s_sigma[j] *= 2;
}

/* Not very near the plan a good with plenty left over has a small price still, by which the
 * first round would take all of that away. What is more clearly left over than dear begins
 * at 0. */
static void begin_free(settling *s)
{
	pl_point *at = &s->k->at;
	const double value = mean_value(s);
	for (int32_t j = 0; j < s->g->n_goods; j++) {
		const double left = at->excess[j] / s->yard[j];
		if (at->price[j] * s->yard[j] < left * value) at->price[j] = 0;
	}
}

static void set_centres(settling *s)
{
	const pl_program *g = s->g;
	memcpy(s->z_from, s->k->at.z, (size_t)g->n_acts * sizeof *s->z_from);
	memcpy(s->s_from, s->k->at.excess, (size_t)g->n_goods * sizeof *s->s_from);
	memcpy(s->p_from, s->k->at.price, (size_t)g->n_goods * sizeof *s->p_from);
}

/* The z in [0, cap] where E'(z) + (z - from)/sigma = margin: rising in z, so bracketed. */
static double curved_answer(const settling *s, int32_t i, double margin)
{
	const pl_program *g = s->g;
	const double from = s->z_from[i], sigma = s->z_sigma[i];
	double low = 0, high = fmin(g->cap[i], fmax(0, from + sigma * (margin - g->effort[i])));
	if (g->effort[i] - from / sigma >= margin) return 0;
	if (pl_act_marginal(g, i, high) + (high - from) / sigma <= margin) return high;
	double z = from > low && from < high ? from : 0.5 * (low + high);
	for (int step = 0; step < BISECT; step++) {
		const double f = pl_act_marginal(g, i, z) + (z - from) / sigma - margin;
		if (f > 0)
			high = z;
		else
			low = z;
		double next = z - f / (pl_act_curve(g, i, z) + 1 / sigma);
		if (!(next > low && next < high)) next = 0.5 * (low + high);
		if (next == z || f == 0) break;
		z = next;
	}
	return z;
}

static void answer_acts(settling *s)
{
	const pl_program *g = s->g;
	pl_method *k = s->k;
	pl_margins(k->margin, g, k->at.price);
	for (int32_t i = 0; i < g->n_acts; i++) {
		const double free =
		        s->z_from[i] + s->z_sigma[i] * (k->margin[i] - g->effort[i]);
		double z = fmin(fmax(free, 0), g->cap[i]), stiff = 1 / s->z_sigma[i];
		if (g->slope[i] > 0 && s->z_sigma[i] > 0) {
			z = curved_answer(s, i, k->margin[i]);
			if (z > 0) stiff += pl_act_curve(g, i, z);
		}
		k->at.z[i] = z;
		k->a->whole[i] = z > 0 && z < g->cap[i] ? 1 / stiff : 0;
	}
}

/* Everything at the current prices; short_of then is what must become 0. */
static double respond(settling *s)
{
	const pl_program *g = s->g;
	pl_method *k = s->k;
	double worst = 0;
	answer_acts(s);
	for (int32_t j = 0; j < g->n_goods; j++)
		k->at.excess[j] =
		        g->essential[j]
		                ? 0
		                : fmax(0, s->s_from[j] - s->s_sigma[j] * k->at.price[j]);
	for (int32_t j = 0; j < g->n_goods; j++) s->p_seen[j] = fmax(k->at.price[j], 0);
	/* smooth councils see a price that dips below 0 between rounds as 0 */
	double *const price = k->at.price;
	k->at.price = s->p_seen;
	pl_method_look(k);
	k->at.price = price;
	k->worst_good = -1;
	for (int32_t j = 0; j < g->n_goods; j++) {
		k->short_of[j] -= s->p_hold[j] * (k->at.price[j] - s->p_from[j]);
		const double off = fabs(k->short_of[j]) / s->yard[j];
		if (off > worst) k->worst_good = j;
		worst = off <= worst ? worst : off; /* NaN wins */
	}
	k->worst = worst;
	return worst;
}

/* Prices at this part of the Newton step from `from`; essential ones by their logs. */
static void place(settling *s, const double *from, double part)
{
	pl_method *k = s->k;
	for (int32_t j = 0; j < s->g->n_goods; j++) {
		const double d = part * k->move[j];
		k->at.price[j] = s->g->essential[j]
		                         ? from[j] * pl_exp(fmin(fmax(d / from[j], -1), 1))
		                         : from[j] + d;
	}
}

static double slope(const settling *s)
{
	double sum = 0;
	for (int32_t j = 0; j < s->g->n_goods; j++) sum -= s->k->short_of[j] * s->k->move[j];
	return sum;
}

/* One Newton step; where it overshoots (the potential rises again along it) back to where
 * the slope has mostly gone. @return the worst imbalance there */
static double newton(settling *s, double *from)
{
	const pl_program *g = s->g;
	pl_method *k = s->k;
	memcpy(from, k->at.price, (size_t)g->n_goods * sizeof *from);
	for (int32_t j = 0; j < g->n_goods; j++) {
		k->diag[j] = k->a->curve[j] + s->p_hold[j];
		if (k->at.excess[j] > 0) k->diag[j] += s->s_sigma[j];
	}
	pl_normal_set(k->normal, k->a, k->diag);
	for (int32_t j = 0; j < g->n_goods; j++) s->enough[j] = last * s->near * s->yard[j];
	k->normal->enough = s->enough;
	pl_normal_solve(k->normal, k->move, k->short_of,
	                fmin(coarse, fmax(fine, forcing * k->worst)));
	k->normal->enough = NULL;
	const double first = fabs(slope(s));
	double low = 0, high = 1, part = 1, now = 0;
	for (int step = 0; step < s->line; step++) {
		place(s, from, part);
		now = respond(s);
		const double after = slope(s);
		if (fabs(after) <= 0.5 * first) return now;
		*(after > 0 ? &high : &low) = part;
		if (low == 1) return now;
		part = 0.5 * (low + high);
	}
	return s->line == BRIEF ? (double)INFINITY : now;
}

/* Newton steps until the worst good no longer improves; the best prices seen stay. */
static double solve_round(settling *s, double near, double *best)
{
	const size_t bytes = (size_t)s->g->n_goods * sizeof(double);
	double least = respond(s), now = least;
	int idle = 0;
	memcpy(best, s->k->at.price, bytes);
	for (int step = 0; step < NEWTON && now > near && !s->k->stopped; step++) {
		now = newton(s, s->k->good[6]);
		idle = now < better * least ? 0 : idle + 1;
		if (!pl_method_step_done(s->k) || idle == IDLE) break;
		if (!(now < least)) continue;
		least = now;
		memcpy(best, s->k->at.price, bytes);
	}
	if (now > least || !isfinite(now)) {
		memcpy(s->k->at.price, best, bytes);
		(void)respond(s);
	}
	return least;
}

/* By how much the round's pull makes an act miss its margin, relative to what goes in and
 * out; at a bound not at all. For one with a rising cost, also how far that leaves it from
 * its own best answer. */
static double held_act(const settling *s, int32_t i)
{
	const double z = s->k->at.z[i], moved = fabs(z - s->z_from[i]);
	const double miss = moved / (prox * s->z_unit[i]);
	if (z == 0 || z >= s->g->cap[i]) return 0;
	if (!(s->g->slope[i] > 0)) return miss / s->growth;
	const double off = off_answer * moved / (s->z_sigma[i] * pl_act_curve(s->g, i, z) * z);
	return fmax(miss / s->curved, off);
}

/* What the round's pull on acts, prices and what is left over amounts to, as a part of what
 * is allowed: 0 when the proximal terms no longer hold anything back. */
static double held_back(const settling *s, double near, double loose)
{
	const pl_program *g = s->g;
	const pl_point *at = &s->k->at;
	double most = 0;
	for (int32_t i = 0; i < g->n_acts; i++) most = fmax(most, held_act(s, i) / loose);
	for (int32_t j = 0; j < g->n_goods; j++) {
		const double price = s->p_hold[j] * fabs(at->price[j] - s->p_from[j]);
		const double left = at->excess[j] > 0 ? fabs(at->excess[j] - s->s_from[j]) /
		                                                (prox * s->growth)
		                                      : 0;
		most = fmax(most, fmax(price, left) / (s->yard[j] * near));
	}
	return most;
}

/* A tie leaves an act free to run at the size of a rounding error, which would then be all
 * there is of some good. Such acts are held at their bound: with sigma 0 an act stays put.
 * @return how many */
static int32_t close_specks(settling *s, double near)
{
	int32_t closed = 0;
	for (int32_t i = 0; i < s->g->n_acts; i++) {
		const double z = s->k->at.z[i], room = s->g->cap[i] - z;
		const double small = speck * prox * near * s->z_unit[i];
		if (s->g->slope[i] > 0 || z == 0 || room == 0 || (z > small && room > small))
			continue;
		s->z_from[i] = s->k->at.z[i] = z <= small ? 0 : s->g->cap[i];
		s->z_sigma[i] = 0;
		closed++;
	}
	return closed;
}

/* What is left over is free; so is what nobody uses. An act with a rising cost that no longer
 * gains at the final prices stands still. */
static void free_what_is_left_over(settling *s)
{
	const pl_program *g = s->g;
	pl_method *k = s->k;
	for (int32_t j = 0; j < g->n_goods; j++) {
		const bool unused = k->demand[j] == 0 && k->supply[j] > 0;
		if (k->at.price[j] < 0 || k->at.excess[j] > 0 || (unused && !g->essential[j]))
			k->at.price[j] = 0;
	}
	pl_margins(k->margin, g, k->at.price);
	for (int32_t i = 0; i < g->n_acts; i++)
		if (g->slope[i] > 0 && k->margin[i] <= g->effort[i]) k->at.z[i] = 0;
}

bool pl_settle(pl_method *k, double near, double loose, bool brief)
{
	/* has the search come no nearer than it must? */
	const bool far = near > rough && (brief || k->distance > 0.1 * near);
	settling s = {.k = k,
	              .g = k->g,
	              .z_from = k->act[0],
	              .z_sigma = k->act[1],
	              .z_unit = k->act[2],
	              .s_from = k->good[1],
	              .s_sigma = k->good[2],
	              .p_from = k->rhs,
	              .p_hold = k->good[3],
	              .p_seen = k->good[0],
	              .growth = near > rough ? eager : 1,
	              .curved = own_curve,
	              .hold = far ? firm : stay,
	              .yard = k->good[5],
	              .near = near,
	              .enough = k->kept,
	              .line = brief ? BRIEF : LINE};
	double *best = k->good[4];
	double off = INFINITY, held = INFINITY;
	k->phase = "settling";
	pl_method_guess_needs(k); /* at these prices, not at those of the start */
	s.curved *= s.growth;
	set_weights(&s);
	if (far && !brief) begin_free(&s);
	for (int round = 0; round < ROUNDS && !k->stopped; round++) {
		const double before = off;
		if (round > 0) loosen(&s, round);
		set_centres(&s);
		off = solve_round(&s, near, best);
		held = held_back(&s, near, loose);
		if (off <= near && held <= 1) break;
		if (off > near && !(off < 0.1 * before)) break; /* not near enough: search on */
	}
	if (off <= near && held <= 1 && close_specks(&s, fmin(near, speckle)) > 0)
		off = solve_round(&s, near, best);
	free_what_is_left_over(&s);
	return off <= near && held <= 1;
}
