/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* depart.c - behaviours: how proposals depart from the schedules. */
#include "base/elementary.h"
#include "lab/council.h"

#include <math.h>

/// Elasticities of nested workplaces, drawn between the two numbers.
typedef struct {
	double low, high;
} range;
typedef struct {
	range primary, materials, between;
} nest_ranges;
static const nest_ranges near = {{0.2, 0.5}, {1.5, 2.5}, {0.3, 0.8}};
static const nest_ranges far = {{0.05, 0.3}, {3, 5}, {0.1, 0.5}};
static const uint64_t nest_stream = (uint64_t)1 << 62;  /* rounds are below it */
static const double log_bound = 0.69314718055994530942; /* twice, half the usual output */

static double drawn(pl_random *r, range x)
{
	return x.low + (x.high - x.low) * pl_random_unit(r);
}

void pl_depart_begin(pl_councils *c)
{
	const double *strength = c->behaviour.strength;
	c->departs = strength[PL_B_returns] > 0 || strength[PL_B_noise] > 0 ||
	             strength[PL_B_lots] > 0 || strength[PL_B_habit] > 0 ||
	             strength[PL_B_late] > 0;
	const nest_ranges *x = strength[PL_B_nested] > 1 ? &far : &near;
	for (int32_t i = 0; c->nested != NULL && i < c->m->n_councils; i++) {
		pl_random r = pl_random_new(c->seed, nest_stream + (uint64_t)i);
		c->nested[i].primary = drawn(&r, x->primary);
		c->nested[i].materials = drawn(&r, x->materials);
		c->nested[i].between = drawn(&r, x->between);
	}
}

/* ---- nests -------------------------------------------------------------------------- */

static bool is_primary(const pl_councils *c, int64_t k)
{
	return c->m->good.kind[c->m->link.good[k]] != PL_PRODUCT;
}

/* Value shares inside one nest, in q. @param[out] weight of the whole nest
 * @return log of its price index */
static double nest_shares(const pl_councils *c, double *q, int32_t i, bool primary,
                          double sigma, double *weight)
{
	const int64_t first = c->m->link.start[i], end = c->m->link.start[i + 1];
	const double power = 1 - sigma;
	double top = -INFINITY, sum = 0;
	*weight = 0;
	for (int64_t k = first; k < end; k++) {
		if (is_primary(c, k) != primary || !(c->weight[k] > 0)) continue;
		*weight += c->weight[k];
		top = fmax(top, power * c->log_price[c->m->link.good[k]]);
	}
	for (int64_t k = first; k < end; k++) {
		if (is_primary(c, k) != primary) continue;
		const double log_part = power * c->log_price[c->m->link.good[k]] - top;
		q[k - first] = c->weight[k] > 0 ? c->weight[k] * pl_exp(log_part) : 0;
		sum += q[k - first];
	}
	if (!(*weight > 0)) return 0;
	for (int64_t k = first; k < end; k++)
		if (is_primary(c, k) == primary) q[k - first] /= sum;
	return (top + pl_log(sum / *weight)) / power;
}

double pl_nested_shares(const pl_councils *c, double *q, int32_t i)
{
	const int64_t first = c->m->link.start[i], end = c->m->link.start[i + 1];
	const pl_lab_nests *n = &c->nested[i];
	const double power = 1 - n->between;
	double weight[2], log_price[2], part[2];
	for (int nest = 0; nest < 2; nest++)
		log_price[nest] =
		        nest_shares(c, q, i, nest == 1, nest == 1 ? n->primary : n->materials,
		                    &weight[nest]);
	const double top = fmax(power * log_price[0], power * log_price[1]);
	for (int nest = 0; nest < 2; nest++)
		part[nest] = weight[nest] * pl_exp(power * log_price[nest] - top);
	const double sum = part[0] + part[1];
	for (int64_t k = first; k < end; k++) q[k - first] *= part[is_primary(c, k)] / sum;
	return (top + pl_log(sum)) / power;
}

/* ---- returns to scale --------------------------------------------------------------- */

/* With cost C at the usual output U, cost at e^x U is C e^(x/r), r the raised returns, |x| at
 * most log 2. Below r = 1 the best x is where another unit costs its price; from 1 on an end
 * is best. @param log_worth log of the usual output's value over C @return x */
static double best_scale(double log_worth, double r)
{
	if (r < 1) {
		const double x = (log_worth + pl_log(r)) * r / (1 - r);
		return fmax(-log_bound, fmin(log_bound, x));
	}
	const double worth = pl_exp(fmin(log_worth, pl_most_log));
	const double large = worth * 2 - pl_exp(log_bound / r);
	const double small = worth / 2 - pl_exp(-log_bound / r);
	return large >= small ? log_bound : -log_bound;
}

void pl_scaled_output(const pl_councils *c, double *made, double *spend, int32_t i,
                      double log_revenue)
{
	const pl_lab_council *a = &c->at[i];
	if (!(a->usual > 0)) return;
	const double log_price = c->log_price[c->m->link.good[a->output]];
	const double log_usual = pl_log(a->usual);
	/* As declared, cost goes with output to the power 1/returns. */
	const double log_cost = pl_log(a->returns) + log_revenue +
	                        (log_usual - (log_revenue - log_price)) / a->returns;
	const double r = a->returns + c->behaviour.strength[PL_B_returns];
	const double x = best_scale(log_price + log_usual - log_cost, r);
	*made = a->usual * pl_exp(x);
	*spend = a->inputs / a->returns * pl_exp(fmin(log_cost + x / r, pl_most_log));
}

/* ---- what becomes of a proposal ----------------------------------------------------- */

static double output_of(const pl_councils *c, const double *q, int32_t i)
{
	const pl_model *m = c->m;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		if (m->link.role[k] == PL_MAKES && q[k - m->link.start[i]] > 0)
			return q[k - m->link.start[i]];
	return 0;
}

/* Whole lots of the usual output; all quantities of a workplace in proportion. */
static void round_to_lots(const pl_councils *c, double *q, int32_t i)
{
	const int64_t n = c->m->link.start[i + 1] - c->m->link.start[i];
	const double lot = c->behaviour.strength[PL_B_lots] * c->at[i].usual;
	const double made = output_of(c, q, i);
	if (!(lot > 0) || !(made > 0)) return;
	const double part = floor(made / lot + 0.5) * lot / made;
	for (int64_t k = 0; k < n; k++) q[k] *= part;
}

/* Nothing moves by more than the habit allows; what stood at 0 may begin. */
static void keep_habit(pl_councils *c, double *q, int32_t i)
{
	const int64_t first = c->m->link.start[i], n = c->m->link.start[i + 1] - first;
	const double most = 1 + c->behaviour.strength[PL_B_habit];
	double *last = c->last + first;
	for (int64_t k = 0; k < n; k++) {
		if (last[k] > 0) q[k] = fmax(last[k] / most, fmin(last[k] * most, q[k]));
		last[k] = q[k];
	}
}

void pl_depart(pl_councils *c, double *q, int32_t i)
{
	const int64_t n = c->m->link.start[i + 1] - c->m->link.start[i];
	const double *strength = c->behaviour.strength;
	pl_random r = pl_random_new(c->seed, (uint64_t)c->round << 32 | (uint64_t)i);
	if (pl_random_unit(&r) < strength[PL_B_late]) {
		for (int64_t k = 0; k < n; k++) q[k] = NAN;
		return;
	}
	for (int64_t k = 0; strength[PL_B_noise] > 0 && k < n; k++)
		q[k] *= pl_exp(strength[PL_B_noise] * pl_random_normal(&r));
	if (c->m->council.kind[i] == PL_WORKERS) {
		if (strength[PL_B_lots] > 0) round_to_lots(c, q, i);
		if (c->round >= 2 && !(c->at[i].usual > 0)) c->at[i].usual = output_of(c, q, i);
	}
	if (strength[PL_B_habit] > 0) keep_habit(c, q, i);
}
