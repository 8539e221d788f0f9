/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* follow.c - the recursion of prices, in quantities: a good is followed to those who supply it,
 * they to what they use for it, and so on, until what is left is worth nothing. */
#include "explain/follow.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

/* What remains to be traced may be worth this part of the basket. */
static const double faded = 1e-15;
/* In a plan that is none, circles of makers may use up more than they make: what remains grows
 * from level to level. From this many times the basket's worth on it is not traced. */
static const double runaway = 1e3;
/* A recipe is at its capacity when this share of it or less is left. */
static const double near_capacity = 1e-9;

static double param(const pl_model *m, int slot, int32_t i)
{
	return m->council.param[slot][i];
}

double pl_explain_activity(const pl_explain *x, int32_t council)
{
	const pl_model *m = x->m;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++)
		if (m->link.amount[k] > 0) return x->quantity[k] / m->link.amount[k];
	return 0;
}

/// A recipe: E(z) = e0 z + rise Z/(1+1/eta) (z/Z)^(1+1/eta), and what its capacity earns.
static void earn_recipe(const pl_explain *x, pl_earnings *e, int32_t i)
{
	const pl_model *m = x->m;
	const double z = pl_explain_activity(x, i), e0 = param(m, PL_P_recipe_effort, i),
	             rise = param(m, PL_P_recipe_slope, i),
	             cap = param(m, PL_P_recipe_capacity, i);
	const bool full = z >= cap * (1 - near_capacity) && cap > 0;
	e->effort = e0 * z;
	if (rise > 0 && z > 0 && cap > 0) {
		const double power = 1 / param(m, PL_P_recipe_response, i);
		const double last = rise * pl_pow(z / cap, power) * z,
		             cost = last / (1 + power);
		e->effort += cost;
		e->returns = full ? last - cost : e->made - e->used - e->effort;
	}
	if (full) e->capacity = e->made - e->used - e->effort - e->returns;
}

static void earn(const pl_explain *x, int32_t i)
{
	const pl_model *m = x->m;
	pl_earnings *e = &x->earn[i];
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const double worth = x->price[m->link.good[k]] * x->quantity[k];
		const bool adds = m->link.role[k] == PL_MAKES || m->link.role[k] == PL_OFFERS;
		*(adds ? &e->made : &e->used) += worth;
	}
	switch (m->council.schedule[i]) {
	case PL_S_recipe:
		earn_recipe(x, e, i);
		break;
	case PL_S_cobb_douglas:
		e->effort = param(m, PL_P_cobb_douglas_effort_elasticity, i) /
		            param(m, PL_P_cobb_douglas_effort_exponent, i) * e->made;
		e->returns = e->made - e->used - e->effort;
		break;
	case PL_S_ces:
		e->returns = e->made - e->used;
		break;
	case PL_S_affected:
		e->effort = e->made / param(m, PL_P_affected_damage_exponent, i);
		e->returns = e->made - e->effort;
		break;
	default:
		break;
	}
}

static pl_status check_numbers(const pl_model *m, const pl_claim *plan, pl_error *err)
{
	if (plan->price == NULL || plan->quantity == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "a plan without prices or quantities cannot be explained");
	for (int32_t j = 0; j < m->n_goods; j++)
		if (!(plan->price[j] >= 0 && isfinite(plan->price[j])))
			return pl_fail(err, PL_EARG, j,
			               "the price of \"%.200s\" is no number >= 0",
			               pl_text_at(m->good.id, j));
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			if (!(plan->quantity[k] >= 0 && isfinite(plan->quantity[k])))
				return pl_fail(err, PL_EARG, k,
				               "a quantity of \"%.200s\" is no number >= 0",
				               pl_text_at(m->council.id, i));
	return PL_OK;
}

static void add_up(pl_explain *x)
{
	const pl_model *m = x->m;
	memcpy(x->supply, m->good.supply, (size_t)m->n_goods * sizeof *x->supply);
	for (int64_t k = 0; k < m->n_links; k++) {
		const int32_t j = m->link.good[k];
		const int role = m->link.role[k];
		const bool adds = role == PL_MAKES || role == PL_OFFERS;
		(adds ? x->supply : x->demand)[j] += x->quantity[k];
		if (role == PL_OFFERS) x->offered[j] += x->quantity[k];
	}
	for (int32_t i = 0; i < m->n_councils; i++) earn(x, i);
}

pl_status pl_explain_new(pl_explain **out, const pl_model *m, const pl_claim *plan,
                         pl_error *err)
{
	*out = NULL;
	PL_TRY(check_numbers(m, plan, err));
	pl_explain *x = pl_alloc(1, sizeof *x);
	if (x == NULL) goto nomem;
	x->m = m;
	x->price = pl_alloc(m->n_goods, sizeof *x->price);
	x->quantity = pl_alloc(m->n_links, sizeof *x->quantity);
	x->supply = pl_alloc(m->n_goods, sizeof *x->supply);
	x->demand = pl_alloc(m->n_goods, sizeof *x->demand);
	x->offered = pl_alloc(m->n_goods, sizeof *x->offered);
	x->earn = pl_alloc(m->n_councils, sizeof *x->earn);
	if (!x->price || !x->quantity || !x->supply || !x->demand || !x->offered || !x->earn)
		goto nomem;
	for (int32_t j = 0; j < m->n_goods; j++)
		x->price[j] = m->good.kind[j] == PL_FREE ? 0 : plan->price[j];
	memcpy(x->quantity, plan->quantity, (size_t)m->n_links * sizeof *x->quantity);
	add_up(x);
	*out = x;
	return PL_OK;

nomem:
	pl_explain_free(x);
	return pl_fail(err, PL_ENOMEM, -1, "no memory to explain a plan of %lld flows",
	               (long long)m->n_links);
}

void pl_explain_free(pl_explain *x)
{
	if (x == NULL) return;
	void *const block[] = {x->price,  x->quantity, x->supply,
	                       x->demand, x->offered,  x->earn};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	pl_free(x);
}

pl_claim pl_plan_claim(const pl_plan *p)
{
	return (pl_claim){p->price,    p->quantity, p->supply, p->demand, p->imbalance,
	                  p->activity, p->benefit,  p->cost,   p->ratio};
}

pl_earnings pl_explain_council(const pl_explain *x, int32_t council)
{
	return x->earn[council];
}

/* ---- tracing ------------------------------------------------------------------------- */

pl_status pl_follow_new(pl_follow *t, const pl_explain *x, pl_error *err)
{
	*t = (pl_follow){.need = pl_alloc(x->m->n_goods, sizeof *t->need),
	                 .runs = pl_alloc(x->m->n_councils, sizeof *t->runs),
	                 .rest = pl_alloc(x->m->n_goods, sizeof *t->rest),
	                 .asked = pl_alloc(x->m->n_councils, sizeof *t->asked)};
	if (t->need && t->runs && t->rest && t->asked) return PL_OK;
	pl_follow_free(t);
	return pl_fail(err, PL_ENOMEM, -1, "no memory to trace a price");
}

void pl_follow_free(pl_follow *t)
{
	pl_free(t->need);
	pl_free(t->runs);
	pl_free(t->rest);
	pl_free(t->asked);
	*t = (pl_follow){0};
}

static double worth(const pl_explain *x, const double *amount)
{
	double sum = 0;
	for (int32_t j = 0; j < x->m->n_goods; j++) sum += x->price[j] * amount[j];
	return sum;
}

/// The part of council i's work that the rest asks for: its share of each supply, and of its
/// own work the share of that product in all that it makes, by worth.
static double part_asked(const pl_follow *t, const pl_explain *x, int32_t i)
{
	const pl_model *m = x->m;
	double part = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const int32_t j = m->link.good[k];
		if (m->link.role[k] == PL_MAKES && x->quantity[k] > 0 && t->rest[j] > 0)
			part += t->rest[j] / x->supply[j] * (x->price[j] * x->quantity[k]);
	}
	return part > 0 ? part / x->earn[i].made : 0;
}

/// One level of makers: the rest becomes what they use for it.
static void follow_level(pl_follow *t, const pl_explain *x)
{
	const pl_model *m = x->m;
	double *asked = t->asked;
	for (int32_t i = 0; i < m->n_councils; i++) asked[i] = part_asked(t, x, i);
	memset(t->rest, 0, (size_t)m->n_goods * sizeof *t->rest);
	for (int32_t i = 0; i < m->n_councils; i++) {
		if (asked[i] == 0) continue;
		t->runs[i] += asked[i];
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			if (m->link.role[k] == PL_USES)
				t->rest[m->link.good[k]] += asked[i] * x->quantity[k];
	}
	for (int32_t j = 0; j < m->n_goods; j++) t->need[j] += t->rest[j];
}

void pl_follow_run(pl_follow *t, const pl_explain *x, const double *basket, int passes)
{
	const size_t goods = (size_t)x->m->n_goods * sizeof *basket;
	const double whole = worth(x, basket), enough = faded * whole;
	memcpy(t->need, basket, goods);
	memcpy(t->rest, basket, goods);
	memset(t->runs, 0, (size_t)x->m->n_councils * sizeof *t->runs);
	for (int pass = 0; pass < passes; pass++) {
		follow_level(t, x);
		const double left = worth(x, t->rest);
		if (!(left > enough && left < runaway * whole)) break;
	}
}

pl_status pl_explain_content(double *need, const pl_explain *x, const double *basket,
                             pl_error *err)
{
	pl_follow t;
	PL_TRY(pl_follow_new(&t, x, err));
	pl_follow_run(&t, x, basket, PL_FOLLOW_PASSES);
	memcpy(need, t.need, (size_t)x->m->n_goods * sizeof *need);
	pl_follow_free(&t);
	return PL_OK;
}
