/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Two Newton methods in log prices, and one that needs no equations. Near the plan Newton's on
 * Phi, with a line search: it always ends. Before it, moves along what is missing, weighed by
 * the diagonal: each look at where one has led is a product as well, so nothing is spent on
 * solving equations that answers, which bend, then only nearly obey. Far from it Phi is a sum
 * of exponentials, and Newton takes away one power of e a step; there prices and revenues are
 * unknowns of their own (pl_answers_tempered), as in primal-dual interior methods, and a
 * handful of steps lead from anywhere to near. */
#include "plan/descend.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"
#include "num/moves.h"

#include <math.h>
#include <string.h>

static const double log_step = 2; /* largest change of a log price in one step */
static const double consistent =
        0.5;                        /* revenues this near to their answers, in logs, are near */
static const double moderate = 0.5; /* imbalance that Newton's method on Phi is good for */
static const double loose = 0.1;    /* precision of a step while far, */
static const double eager = 0.05;   /* and at most when near; */
static const double last = 0.95; /* and no more than leaves this part of what is near enough */
static const double least_value = 1e-9;    /* of the mean revenue: a good nobody asks for yet */
static const double tiny_diagonal = 1e-13; /* of a good's own curvature: M stays definite */
static const double astray = 2; /* times the least imbalance seen: moves that lead nowhere */
enum {
	MOVES_IDLE = 4, /* moves that come no nearer, before Newton's method goes on */
	LEAST_MOVES =
	        4, /* worth remembering; with room for fewer Newton's method does better */
	VALUE_ROUNDS = 3,  /* of passing values on to inputs, before the first step */
	FAR_STEPS = 60,    /* before giving up on the far method, */
	FAR_PATIENCE = 15, /* or when so many bring revenues no nearer to their answers */
	PATIENCE = 150,    /* steps without progress before giving up */
	HALVES = 40        /* of one step */
};

bool pl_descend_applies(const pl_program *g)
{
	if (g->n_acts > 0) return false;
	for (int32_t j = 0; j < g->n_goods; j++)
		if (!g->essential[j]) return false;
	return true;
}

/* Totals and what is missing, from the answers that were just taken. */
static void add_up(pl_method *k, double spare)
{
	const pl_program *g = k->g;
	double flows = 0, worst = 0;
	k->sweeps++;
	k->worst_good = -1;
	for (int32_t j = 0; j < g->n_goods; j++) {
		const double supply = k->supply[j] = g->held[j] + k->a->supply[j];
		const double demand = k->demand[j] = g->asked[j] + k->a->demand[j];
		const double turn = fmax(supply, demand);
		k->reserve[j] = spare * demand;
		k->short_of[j] = demand + k->reserve[j] - supply;
		const double off = turn > 0 ? fabs(k->short_of[j]) / turn : 0;
		flows += turn * k->at.price[j];
		if (off > worst) k->worst_good = j;
		worst = off <= worst ? worst : off; /* NaN wins */
	}
	k->worst = k->distance = worst;
	k->flows = flows;
}

static void look(pl_method *k, double spare)
{
	pl_answers_at(k->a, k->g, k->at.price);
	add_up(k, spare);
}

/* Prices at this part of the step from `from`. */
static void place(pl_method *k, const double *from, double part)
{
	for (int32_t j = 0; j < k->g->n_goods; j++) {
		const double d = part * k->move[j] / from[j];
		k->at.price[j] = from[j] * pl_exp(fmin(fmax(d, -log_step), log_step));
	}
}

/* ---- far --------------------------------------------------------------------------- */

/* Values that consumers ask for at these prices: what wants and requests come to. */
static void add_fixed_values(const pl_method *k, double *value)
{
	const pl_program *g = k->g;
	for (int32_t j = 0; j < g->n_goods; j++)
		value[j] = g->spent[j] + g->asked[j] * k->at.price[j];
	for (int64_t w = 0; w < g->n_wants; w++) {
		const double p = k->at.price[g->want_good[w]];
		value[g->want_good[w]] +=
		        p * pl_exp(g->want_log[w] - g->want_elasticity[w] * pl_log(p));
	}
}

/* One round of passing values on: each good's, from what everyone spends. One sweep. */
static void pass_values_on(pl_method *k, const double *anchor, double *value)
{
	const pl_program *g = k->g;
	const pl_scatter *total = k->a->total;
	k->sweeps++;
#pragma omp parallel for schedule(dynamic, 1) if (g->n_rows >= PL_PAR_MIN)
	for (int32_t b = 0; b < total->n_blocks; b++) {
		double *sum = pl_scatter_begin(total, b);
		for (int32_t i = total->first[b]; i < total->first[b + 1]; i++) {
			const double spend =
			        g->makes[i] ? g->inputs[i] * anchor[i] : g->income[i];
			for (int64_t l = g->link->start[i] + g->makes[i];
			     l < g->link->start[i + 1]; l++)
				sum[(int64_t)g->link->col[l] * total->lanes] +=
				        g->link->val[l] * spend;
		}
	}
	add_fixed_values(k, value);
	for (int32_t j = 0; j < g->n_goods; j++) value[j] += pl_scatter_total(total, j, 0);
}

/* What everyone with an output is likely to make: what consumers spend, and what makers of
 * that spend in turn, in equal parts for the makers of a good. Rough on purpose. */
static void guess_revenues(pl_method *k, double *anchor)
{
	const pl_program *g = k->g;
	double *makers = k->good[1], *value = k->good[2], all = 0, count = 0;
	memset(makers, 0, (size_t)g->n_goods * sizeof *makers);
	add_fixed_values(k, value);
	for (int32_t j = 0; j < g->n_goods; j++) all += value[j];
	for (int32_t i = 0; i < g->n_rows; i++) {
		if (g->makes[i]) makers[g->link->col[g->link->start[i]]]++;
		count += g->makes[i];
		all += g->makes[i] ? 0 : g->income[i];
	}
	const double mean = fmax(all, 1e-300) / fmax(count, 1);
	for (int32_t i = 0; i < g->n_rows; i++) anchor[i] = mean;
	for (int round = 0; round < VALUE_ROUNDS; round++) {
		pass_values_on(k, anchor, value);
		for (int32_t i = 0; i < g->n_rows; i++) {
			const int32_t j = g->link->col[g->link->start[i]];
			if (g->makes[i])
				anchor[i] = fmax(value[j] / makers[j], least_value * mean);
		}
	}
}

/* The log-price Hessian at the anchors, its negative parts left out. */
static void set_far_equations(pl_method *k)
{
	const pl_program *g = k->g;
	for (int32_t j = 0; j < g->n_goods; j++) {
		const double price = k->at.price[j];
		const double turn = fmax(k->supply[j], k->demand[j]);
		const double held = (g->held[j] - g->asked[j]) / price - k->a->stiff[j];
		k->diag[j] = k->a->up[j] + fmax(0, held) + tiny_diagonal * turn / price;
	}
	pl_normal_set(k->normal, k->a, k->diag);
}

/* Steps in prices and revenues until revenues are what workplaces answer.
 * @return false if that takes too long */
static bool come_near(pl_method *k, double spare, double *anchor)
{
	const pl_program *g = k->g;
	double best = INFINITY;
	int since = 0;
	for (int step = 0; step < FAR_STEPS && k->steps < k->max_steps; step++) {
		const double far = pl_answers_tempered(k->a, g, k->at.price, anchor);
		add_up(k, spare);
		since = far < best ? 0 : since + 1;
		best = fmin(best, far);
		if (!isfinite(far) || !isfinite(k->worst) || since > FAR_PATIENCE) return false;
		set_far_equations(k);
		pl_normal_solve(k->normal, k->move, k->short_of, loose);
		memcpy(k->good[0], k->at.price, (size_t)g->n_goods * sizeof *k->good[0]);
		place(k, k->good[0], 1);
		if (!pl_method_step_done(k)) return false;
		if (far <= consistent) return true;
	}
	return false;
}

static pl_status search_far(pl_method *k, double spare, pl_error *err)
{
	const size_t bytes = (size_t)k->g->n_goods * sizeof *k->at.price;
	double *anchor = pl_alloc(k->g->n_rows, sizeof *anchor);
	if (anchor == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the revenues of %d councils",
		               k->g->n_rows);
	memcpy(k->good[3], k->at.price, bytes);
	guess_revenues(k, anchor);
	if (!come_near(k, spare, anchor) && !k->stopped) memcpy(k->at.price, k->good[3], bytes);
	pl_free(anchor);
	return PL_OK;
}

/* ---- near -------------------------------------------------------------------------- */

static double potential(const pl_method *k)
{
	const pl_program *g = k->g;
	double phi = k->a->want_surplus;
	for (int32_t i = 0; i < g->n_rows; i++) phi += k->a->surplus[i];
	for (int32_t j = 0; j < g->n_goods; j++)
		phi += (g->held[j] - g->asked[j] - k->reserve[j]) * k->at.price[j];
	return phi;
}

/* Halve the step until Phi falls, or its slope along the step nearly vanishes (near the
 * minimum differences of Phi are rounding, slopes are not). */
static void take_step(pl_method *k, double spare)
{
	const int32_t n = k->g->n_goods;
	double *from = k->good[0], slope = 0, length = 1;
	const double phi = potential(k);
	memcpy(from, k->at.price, (size_t)n * sizeof *from);
	for (int32_t j = 0; j < n; j++) slope -= k->short_of[j] * k->move[j];
	for (int half = 0; half < HALVES; half++, length /= 2) {
		double after = 0;
		place(k, from, length);
		look(k, spare);
		for (int32_t j = 0; j < n; j++)
			after -= k->short_of[j] * k->move[j] * (k->at.price[j] / from[j]);
		if (fabs(after) <= 0.9 * fabs(slope) && after <= -0.1 * slope) break;
		if (potential(k) <= phi + 1e-4 * length * slope) break;
	}
}

/* Newton's equations, without what would let a price fall by more than a factor e. */
static void set_equations(pl_method *k)
{
	for (int32_t j = 0; j < k->g->n_goods; j++) {
		const double price = k->at.price[j];
		const double turn = fmax(k->supply[j], k->demand[j]);
		k->diag[j] = k->a->curve[j] + tiny_diagonal * turn / price;
		k->diag[j] += fmax(0, k->supply[j] - k->demand[j]) / price;
	}
	pl_normal_set(k->normal, k->a, k->diag);
}

/* Size of what is missing, as the equations weigh it. */
static double residual(const pl_method *k)
{
	double sum = 0;
	for (int32_t j = 0; j < k->g->n_goods; j++) {
		const double r = k->short_of[j] * k->normal->scale[j];
		sum += r * r;
	}
	return sqrt(sum);
}

/* How exactly to solve for a step: as much as the last one improved (S. Eisenstat and H.
 * Walker, SIAM J. Scientific Computing 17, 1996). */
static double precision(double now, double before)
{
	const double ratio = before > 0 ? now / before : 1;
	return fmin(eager, 0.5 * ratio * ratio);
}

static bool go_down(pl_method *k, double spare, double near)
{
	double best = INFINITY, before = 0, *enough = k->good[4];
	int64_t since = 0;
	while (k->worst > near) {
		since = k->worst < 0.9 * best ? 0 : since + 1;
		best = fmin(best, k->worst);
		if (!isfinite(k->worst) || since > PATIENCE || k->steps >= k->max_steps)
			return false;
		set_equations(k);
		const double now = residual(k);
		for (int32_t j = 0; j < k->g->n_goods; j++)
			enough[j] = last * near * fmax(k->supply[j], k->demand[j]);
		k->normal->enough = enough;
		pl_normal_solve(k->normal, k->move, k->short_of, precision(now, before));
		k->normal->enough = NULL;
		before = now;
		take_step(k, spare);
		if (!pl_method_step_done(k)) return false;
	}
	return isfinite(k->worst);
}

/* ---- near, and each look a product --------------------------------------------------- */

/* By how many per cent a row's values rise when all prices rise by one. */
static double degree(const pl_program *g, int32_t i)
{
	return g->makes[i] ? (1 - g->inputs[i]) / (1 - g->returns[i]) : g->inputs[i];
}

/* Values that do not rise with prices: asked for, less made. A sweep of the councils whose
 * values do not; where workplaces pay no effort these are budgets alone. */
static void add_steady_values(pl_method *k, double *value)
{
	const pl_program *g = k->g;
	bool any = false;
	for (int32_t j = 0; j < g->n_goods; j++) value[j] = g->spent[j];
	for (int64_t w = 0; w < g->n_wants; w++) {
		const int32_t j = g->want_good[w];
		value[j] += g->want_elasticity[w] * k->a->want[w] * k->at.price[j];
	}
	for (int32_t i = g->n_acts; i < g->n_rows; i++) {
		const double part = 1 - degree(g, i);
		if (part == 0) continue;
		any = true;
		for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++) {
			const int32_t j = g->link->col[l];
			value[j] -= part * pl_answers_net(k->a, g, i, l) * k->at.price[j];
		}
	}
	k->sweeps += any;
}

/* The one move whose effect is known before it is made: of all prices alike. */
static void know_level(pl_method *k, pl_moves *s, const double *weight)
{
	double *move = k->move, *effect = k->good[2];
	add_steady_values(k, effect);
	for (int32_t j = 0; j < k->g->n_goods; j++) {
		move[j] = weight[j] > 0 ? 1 / weight[j] : 0;
		effect[j] = weight[j] * (effect[j] - k->short_of[j] * k->at.price[j]);
	}
	pl_moves_add(s, move, effect);
}

/* What is missing, in values, as it is weighed; log prices move by the same weights. */
static void weigh(const pl_method *k, double *missing, const double *weight)
{
	for (int32_t j = 0; j < k->g->n_goods; j++)
		missing[j] = k->short_of[j] * k->at.price[j] * weight[j];
}

/* One move, and what it did: at the end `missing` is what is missing there. */
static void move_on(pl_method *k, pl_moves *s, double spare, double *missing,
                    const double *weight)
{
	const int32_t n = k->g->n_goods;
	double *effect = k->good[2];
	memcpy(effect, missing, (size_t)n * sizeof *effect);
	pl_moves_apply(s, k->move, effect);
	for (int32_t j = 0; j < n; j++) {
		k->move[j] += effect[j];
		const double d = fmin(fmax(k->move[j] * weight[j], -log_step), log_step);
		k->at.price[j] *= pl_exp(d);
	}
	look(k, spare);
	memcpy(effect, missing, (size_t)n * sizeof *effect);
	weigh(k, missing, weight);
	for (int32_t j = 0; j < n; j++) effect[j] -= missing[j];
	pl_moves_add(s, k->move, effect);
}

/* Moves until there is nothing to do, or they no longer help. The best prices seen stay where
 * the last ones are much worse. */
static void follow(pl_method *k, pl_moves *s, double spare, double near)
{
	const size_t bytes = (size_t)k->g->n_goods * sizeof *k->at.price;
	double *weight = k->good[0], *missing = k->good[1], *best = k->good[3];
	double least = INFINITY;
	int idle = 0;
	set_equations(k);
	for (int32_t j = 0; j < k->g->n_goods; j++)
		weight[j] = k->normal->scale[j] / k->at.price[j];
	know_level(k, s, weight);
	weigh(k, missing, weight);
	while (k->worst > near && k->steps < k->max_steps) {
		idle = k->worst < 0.9 * least ? 0 : idle + 1;
		if (idle > MOVES_IDLE || !(k->worst <= astray * least)) break;
		if (k->worst < least) memcpy(best, k->at.price, bytes);
		least = fmin(least, k->worst);
		move_on(k, s, spare, missing, weight);
		if (!pl_method_step_done(k)) return;
	}
	if (k->worst <= astray * least) return;
	memcpy(k->at.price, best, bytes);
	look(k, spare);
}

static pl_status follow_moves(pl_method *k, double spare, double near, pl_error *err)
{
	const int64_t n = k->g->n_goods;
	/* not more to remember than a look reads */
	const int64_t room = k->g->link->start[k->g->n_rows] / (8 * (n + 1));
	pl_moves *s = NULL;
	if (k->normal->direct || room < LEAST_MOVES || !(k->worst <= moderate)) return PL_OK;
	PL_TRY(pl_moves_new(&s, n, (int32_t)(room < PL_MOVES_MOST ? room : PL_MOVES_MOST),
	                    err));
	follow(k, s, spare, near);
	pl_moves_free(s);
	return PL_OK;
}

pl_status pl_descend(bool *found, pl_method *k, double spare, double near, pl_error *err)
{
	*found = false;
	look(k, spare);
	if (!(k->worst <= moderate)) {
		PL_TRY(search_far(k, spare, err));
		if (k->stopped) return PL_OK;
		look(k, spare);
	}
	PL_TRY(follow_moves(k, spare, near, err));
	*found = !k->stopped && go_down(k, spare, near);
	k->answered = true;
	return PL_OK;
}
