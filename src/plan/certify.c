/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/certify.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"

#include <math.h>
#include <string.h>

/* Supply may fall short by this part of demand where exactly one plan fits, as sums round. */
static const double rounding = 1e-13;

pl_status pl_certify_new(pl_plan **out, const pl_model *m, const double *start,
                         double tolerance, pl_error *err)
{
	*out = NULL;
	pl_plan *p = pl_alloc(1, sizeof *p);
	if (p == NULL) goto nomem;
	double **goods[] = {&p->price, &p->start_price, &p->supply, &p->demand, &p->imbalance};
	double **councils[] = {&p->activity, &p->benefit, &p->cost, &p->ratio};
	bool all = true;
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++)
		all = (*goods[i] = pl_alloc(m->n_goods, sizeof(double))) != NULL && all;
	for (size_t i = 0; i < sizeof councils / sizeof *councils; i++)
		all = (*councils[i] = pl_alloc(m->n_councils, sizeof(double))) != NULL && all;
	p->quantity = pl_alloc(m->n_links, sizeof *p->quantity);
	if (!all || p->quantity == NULL) goto nomem;
	p->n_goods = m->n_goods;
	p->n_councils = m->n_councils;
	p->n_links = m->n_links;
	p->tolerance = tolerance;
	p->worst_good = -1;
	memcpy(p->start_price, start, (size_t)m->n_goods * sizeof *start);
	*out = p;
	return PL_OK;

nomem:
	pl_plan_free(p);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a plan of %lld flows",
	               (long long)m->n_links);
}

void pl_plan_free(pl_plan *p)
{
	if (p == NULL) return;
	void *const block[] = {p->price,     p->start_price, p->supply,   p->demand,
	                       p->imbalance, p->activity,    p->quantity, p->benefit,
	                       p->cost,      p->ratio,       p->scarce,   p->scarce_weight,
	                       p->conflict};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	pl_free(p);
}

/* ---- quantities -------------------------------------------------------------------- */

static void put_prices(pl_plan *p, const pl_program *g, const pl_point *at)
{
	memset(p->price, 0, (size_t)p->n_goods * sizeof *p->price);
	for (int32_t j = 0; j < g->n_goods; j++) p->price[g->good[j]] = at->price[j];
}

static void put_fixed_wants(pl_plan *p, const pl_model *m, const double *request)
{
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i];
		     pl_may_fix_wants(m, i) && k < m->link.start[i + 1]; k++)
			if (pl_want_is_fixed(m, i, k))
				p->quantity[k] =
				        request == NULL ? m->link.amount[k] : request[k];
}

static void put_quantities(pl_plan *p, const pl_model *m, pl_method *k, const double *request)
{
	const pl_program *g = k->g;
	memset(p->quantity, 0, (size_t)m->n_links * sizeof *p->quantity);
	memset(p->activity, 0, (size_t)m->n_councils * sizeof *p->activity);
	put_fixed_wants(p, m, request);
	for (int32_t i = 0; i < g->n_acts; i++) {
		const int32_t c = g->council[i];
		if (c < 0) continue;
		k->at.z[i] =
		        fmin(k->at.z[i], g->cap[i]); /* an unfinished search may round above */
		p->activity[c] = k->at.z[i];
		for (int64_t l = m->link.start[c]; l < m->link.start[c + 1]; l++)
			p->quantity[l] = m->council.schedule[c] == PL_S_affected
			                         ? k->at.z[i]
			                         : m->link.amount[l] * k->at.z[i];
	}
#pragma omp parallel for schedule(static) if (g->n_all - g->n_acts >= PL_PAR_MIN)
	for (int32_t i = g->n_acts; i < g->n_all; i++) {
		for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++)
			p->quantity[g->origin[l]] = fabs(pl_answers_net(k->a, g, i, l));
		if (g->makes[i])
			p->activity[g->council[i]] =
			        pl_answers_net(k->a, g, i, g->link->start[i]);
	}
	for (int64_t w = 0; w < g->n_wants; w++) p->quantity[g->want_link[w]] = k->a->want[w];
}

static void put_totals(pl_plan *p, const pl_model *m)
{
	memcpy(p->supply, m->good.supply, (size_t)m->n_goods * sizeof *p->supply);
	memset(p->demand, 0, (size_t)m->n_goods * sizeof *p->demand);
	for (int64_t k = 0; k < m->n_links; k++) {
		const bool adds = m->link.role[k] == PL_MAKES || m->link.role[k] == PL_OFFERS;
		(adds ? p->supply : p->demand)[m->link.good[k]] += p->quantity[k];
	}
}

static void put_imbalances(pl_plan *p, const pl_model *m)
{
	p->worst_imbalance = 0;
	p->worst_good = -1;
	for (int32_t j = 0; j < m->n_goods; j++) {
		const double s = p->supply[j], d = p->demand[j];
		const bool free = m->good.kind[j] == PL_FREE ||
		                  (p->price[j] == 0 && s >= d * (1 - rounding));
		p->imbalance[j] = free || s + d == 0 ? 0 : 2 * fabs(s - d) / (s + d);
		if (!(p->imbalance[j] > p->worst_imbalance)) continue;
		p->worst_imbalance = p->imbalance[j];
		p->worst_good = j;
	}
}

/* ---- what each council pays for and gets ------------------------------------------- */

static double divided(double a, double b)
{
	return b > 0 ? a / b : NAN;
}

static void put_ratio(pl_plan *p, const pl_model *m, int32_t i)
{
	double made = 0, used = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const double value = p->price[m->link.good[k]] * p->quantity[k];
		const bool adds = m->link.role[k] == PL_MAKES || m->link.role[k] == PL_OFFERS;
		*(adds ? &made : &used) += value;
	}
	if (m->council.kind[i] == PL_WORKERS) {
		p->benefit[i] = made;
		p->cost[i] = used;
		p->ratio[i] = divided(made, used);
	} else if (m->council.schedule[i] == PL_S_affected) {
		const double k = m->council.param[PL_P_affected_damage_exponent][i];
		p->benefit[i] = made;
		p->cost[i] = m->council.param[PL_P_affected_damage_weight][i] *
		             pl_pow(p->activity[i], k);
		p->ratio[i] = divided(made, p->cost[i]);
	} else {
		p->activity[i] = NAN;
		p->benefit[i] = m->council.income[i];
		p->cost[i] = used - made;
		p->ratio[i] = divided(p->cost[i], p->benefit[i]);
	}
}

/* ---- the duality gap --------------------------------------------------------------- */

/* An act without a cap is measured against the activity that alone would make all that is
 * made and used of one of its outputs: more of it could not be of use to anyone. */
static double sensible_cap(const pl_plan *p, const pl_program *g, int32_t i)
{
	double z = g->cap[i];
	if (!isinf(z)) return z;
	for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++) {
		const int32_t j = g->good[g->link->col[l]];
		if (g->link->val[l] > 0)
			z = fmin(z, (p->supply[j] + p->demand[j]) / g->link->val[l]);
	}
	return isinf(z) ? 0 : z;
}

/* Does an act run at a loss, or stand still without a cap though it would gain? Either may
 * weigh nothing in the gap, and still nobody would agree to it. */
static bool is_at_fault(const pl_plan *p, const pl_method *k, int32_t i)
{
	const pl_program *g = k->g;
	double unit = g->effort[i] + g->slope[i];
	for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++)
		unit += fabs(g->link->val[l]) * k->at.price[g->link->col[l]];
	const double over = k->margin[i] - pl_act_marginal(g, i, k->at.z[i]);
	return (k->at.z[i] > 0 && over < -p->tolerance * unit) ||
	       (isinf(g->cap[i]) && over > p->tolerance * unit);
}

static double loss_of_act(const pl_plan *p, const pl_method *k, int32_t i)
{
	const pl_program *g = k->g;
	const double margin = k->margin[i], over = margin - g->effort[i], z = k->at.z[i];
	double best = 0;
	if (over > 0) {
		best = sensible_cap(p, g, i);
		if (g->slope[i] > 0)
			best = fmin(g->cap[i],
			            g->unit[i] * pl_pow(over / g->slope[i], 1 / g->power[i]));
	}
	return (margin * best - pl_act_cost(g, i, best)) - (margin * z - pl_act_cost(g, i, z));
}

static void put_gap(pl_plan *p, const pl_model *m, pl_method *k, bool nearest)
{
	double gap = 0, flows = 0;
	pl_margins(k->margin, k->g, k->at.price);
	for (int32_t j = 0; j < m->n_goods; j++) {
		gap += p->price[j] * (p->supply[j] - p->demand[j]);
		flows += p->price[j] * m->good.supply[j];
	}
	for (int32_t i = 0; i < k->g->n_acts; i++)
		if (k->g->council[i] >= 0) gap += fmax(0, loss_of_act(p, k, i));
	for (int32_t i = 0; i < m->n_councils; i++) {
		const bool fixes = !nearest && pl_may_fix_wants(m, i);
		for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
			const double price = p->price[m->link.good[l]];
			flows += price * p->quantity[l];
			if (fixes && pl_want_is_fixed(m, i, l))
				gap += price * fabs(m->link.amount[l] - p->quantity[l]);
		}
	}
	p->flow_value = flows;
	p->gap = flows > 0 ? fabs(gap) / flows : 0;
}

static bool is_balanced(const pl_plan *p, const pl_model *m)
{
	for (int32_t j = 0; j < m->n_goods; j++)
		if (m->good.kind[j] != PL_FREE &&
		    !(p->supply[j] >= p->demand[j] * (1 - rounding)))
			return false;
	return p->worst_imbalance <= p->tolerance && p->gap <= p->tolerance;
}

bool pl_certify(pl_plan *p, const pl_model *m, pl_method *k, const double *request,
                bool nearest)
{
	if (!k->answered) {
		pl_answers_at(k->a, k->g, k->at.price);
		k->sweeps++;
	}
	put_prices(p, k->g, &k->at);
	put_quantities(p, m, k, request);
	put_totals(p, m);
	put_imbalances(p, m);
#pragma omp parallel for schedule(static) if (m->n_councils >= PL_PAR_MIN)
	for (int32_t i = 0; i < m->n_councils; i++) put_ratio(p, m, i);
	put_gap(p, m, k, nearest);
	for (int32_t i = 0; i < k->g->n_acts; i++)
		if (k->g->council[i] >= 0 && is_at_fault(p, k, i)) return false;
	return is_balanced(p, m);
}

/* ---- a plan from elsewhere ----------------------------------------------------------- */

/* Recipes: activity that the outputs take; affected: permits; other workplaces: output. */
static double activity_of(const pl_plan *p, const pl_model *m, int32_t i)
{
	const bool recipe = m->council.schedule[i] == PL_S_recipe;
	double z = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		if (m->link.role[k] != PL_MAKES && m->link.role[k] != PL_OFFERS) continue;
		if (!recipe)
			z += p->quantity[k];
		else if (m->link.amount[k] > 0)
			z = fmax(z, p->quantity[k] / m->link.amount[k]);
	}
	return z;
}

pl_status pl_plan_of(pl_plan **out, const pl_model *m, const double *start, const double *price,
                     const double *quantity, const double *drawn, double tolerance,
                     pl_error *err)
{
	PL_TRY(pl_certify_new(out, m, start, tolerance, err));
	pl_plan *p = *out;
	memcpy(p->price, price, (size_t)m->n_goods * sizeof *price);
	memcpy(p->quantity, quantity, (size_t)m->n_links * sizeof *quantity);
	put_totals(p, m);
	for (int32_t j = 0; j < m->n_goods; j++) {
		if (drawn != NULL) p->supply[j] += drawn[j];
		p->flow_value += price[j] * m->good.supply[j];
	}
	for (int64_t k = 0; k < m->n_links; k++)
		p->flow_value += price[m->link.good[k]] * quantity[k];
	put_imbalances(p, m);
	for (int32_t i = 0; i < m->n_councils; i++) {
		p->activity[i] = activity_of(p, m, i);
		put_ratio(p, m, i);
	}
	p->gap = NAN;
	return PL_OK;
}
