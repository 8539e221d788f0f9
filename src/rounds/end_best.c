/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* end_best.c - the parts that keep the most of what consumers ask for, by value, or by its
 * roots: a program, put to the planner as an economy of its own.
 *
 * Its recipes are the workplaces, capacity 1, and for each good a shop, capacity 1, that uses
 * what consumers want of the good and makes its value at the announced prices. One council
 * spends an income on value and on nothing else; as no recipe has costs of its own, the plan
 * is where the most value is made, whatever the income. Where roots count, each shop's value
 * is a good of its own, and the council replaces one by another with elasticity 2, which is to
 * make the sum of value x root of the part kept the largest. */
#include "base/alloc.h"
#include "base/error.h"
#include "model/bulk.h"
#include "rounds/end.h"

#include <math.h>
#include <string.h>

/* Of what may be missed: balances and gap together miss several times the tolerance. */
static const double tighter = 0.1;
static const double root_sigma = 2; /* with which values replace one another for roots */
/* So much of each value is there without a shop: for what cannot be had at all. */
static const double trace = 1e-6;
/* So many steps of the planner are enough to come near: what it has by then is made to fit. At
 * 30,000 workplaces they take 5 to 20 s. */
enum { MOST_STEPS = 200 };

/* Links of an economy in the making. */
typedef struct {
	pl_bulk b;
	int32_t councils;
	int64_t links;
} making;

static void add_link(making *k, int32_t good, pl_role role, double amount)
{
	k->b.good[k->links] = good;
	k->b.role[k->links] = (uint8_t)role;
	k->b.amount[k->links++] = amount;
	k->b.start[k->councils + 1] = k->links;
}

static void end_council(making *k, pl_council_kind kind, pl_schedule schedule)
{
	k->b.council_kind[k->councils] = (uint8_t)kind;
	k->b.schedule[k->councils] = (uint8_t)schedule;
	if (schedule == PL_S_recipe) {
		k->b.param[PL_P_recipe_capacity][k->councils] = 1;
		k->b.param[PL_P_recipe_effort][k->councils] = 0;
		k->b.param[PL_P_recipe_slope][k->councils] = 0;
		k->b.param[PL_P_recipe_response][k->councils] = 1;
	}
	k->councils++;
}

static void add_work(making *k, const pl_web *w, int32_t i)
{
	for (int64_t l = w->out_start[i]; l < w->out_start[i + 1]; l++)
		add_link(k, w->out_good[l], PL_MAKES, w->out[l]);
	for (int64_t l = w->in_start[i]; l < w->in_start[i + 1]; l++)
		add_link(k, w->in_good[l], PL_USES, w->in[l]);
	end_council(k, PL_WORKERS, PL_S_recipe);
}

static bool has_links(const pl_web *w, int32_t i)
{
	return w->out_start[i + 1] > w->out_start[i];
}

/* The good that a shop makes. */
static int32_t value_good(const pl_web *w, int32_t j)
{
	return w->frame->n_goods + (w->roots ? j : 0);
}

/* @return goods of the economy */
static int32_t goods_of(const pl_web *w)
{
	return w->frame->n_goods + (w->roots ? w->frame->n_goods : 1);
}

/* How large it is. A workplace that makes nothing is not asked. @return value of all that is
 * wanted */
static double count(int32_t *councils, int64_t *links, const pl_web *w)
{
	double value = 0;
	*councils = 1;
	*links = !w->roots;
	for (int32_t i = 0; i < w->n_works; i++) {
		if (!has_links(w, i)) continue;
		(*councils)++;
		*links += w->out_start[i + 1] - w->out_start[i] + w->in_start[i + 1] -
		          w->in_start[i];
	}
	for (int32_t j = 0; j < w->frame->n_goods; j++) {
		if (!(w->wanted[j] > 0)) continue;
		(*councils)++;
		*links += 2 + w->roots;
		value += w->price[j] * w->wanted[j];
	}
	return value;
}

/* Who spends on the values that shops make. */
static void add_spender(making *k, const pl_web *w, double value)
{
	for (int32_t j = 0; w->roots && j < w->frame->n_goods; j++)
		if (w->wanted[j] > 0)
			add_link(k, value_good(w, j), PL_WANTS,
			         w->price[j] * w->wanted[j] / value);
	if (!w->roots) add_link(k, value_good(w, 0), PL_WANTS, 1);
	k->b.income[k->councils] = value;
	if (w->roots) k->b.param[PL_P_budget_ces_sigma][k->councils] = root_sigma;
	end_council(k, PL_CONSUMERS, w->roots ? PL_S_budget_ces : PL_S_budget_cd);
}

/* @param[out] value of all that is wanted */
static pl_status economy(pl_model **out, double *value, const pl_web *w, pl_error *err)
{
	int32_t councils;
	int64_t links;
	making k = {.councils = 0};
	*value = count(&councils, &links, w);
	*out = NULL;
	PL_TRY(pl_bulk_new(&k.b, "endgame", goods_of(w), councils, links, err));
	for (int32_t j = 0; j < w->frame->n_goods; j++) k.b.supply[j] = w->fixed[j];
	for (int32_t i = 0; i < w->n_works; i++)
		if (has_links(w, i)) add_work(&k, w, i);
	for (int32_t j = 0; j < w->frame->n_goods; j++) {
		if (!(w->wanted[j] > 0)) continue;
		if (w->roots) k.b.supply[value_good(w, j)] = trace * w->price[j] * w->wanted[j];
		add_link(&k, value_good(w, j), PL_MAKES, w->price[j] * w->wanted[j]);
		add_link(&k, j, PL_USES, w->wanted[j]);
		end_council(&k, PL_WORKERS, PL_S_recipe);
	}
	add_spender(&k, w, *value);
	*out = k.b.model;
	return PL_OK;
}

static double part(double activity)
{
	return fmax(0, fmin(1, activity));
}

/* The council of the plan that stands for a workplace or a shop is found by counting. */
static void read_plan(pl_web_parts *p, const pl_web *w, const pl_plan *plan)
{
	int32_t at = 0;
	for (int32_t i = 0; i < w->n_works; i++)
		p->u[i] = has_links(w, i) ? part(plan->activity[at++]) : 0;
	for (int32_t j = 0; j < w->frame->n_goods; j++)
		p->c[j] = w->wanted[j] > 0 ? part(plan->activity[at++]) : 1;
}

pl_status pl_end_best(bool *found, pl_web_parts *p, const pl_web *w, double near_best,
                      pl_error *err)
{
	const int32_t n = w->frame->n_goods;
	pl_settings s = pl_settings_preset();
	pl_model *m = NULL;
	pl_plan *plan = NULL;
	double value;
	*found = false;
	s.tolerance = tighter * near_best;
	s.max_steps = MOST_STEPS;
	double *start = pl_alloc(goods_of(w), sizeof *start);
	if (start == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the prices of %d goods", n);
	memcpy(start, w->price, (size_t)n * sizeof *start);
	for (int32_t j = n; j < goods_of(w); j++) start[j] = 1;
	pl_status st = economy(&m, &value, w, err);
	if (st == PL_OK && value > 0) st = pl_plan_clear(&plan, m, &s, start, NULL, NULL, err);
	if (plan != NULL && plan->outcome != PL_INFEASIBLE) {
		read_plan(p, w, plan);
		*found = true;
	}
	pl_plan_free(plan);
	pl_model_free(m);
	pl_free(start);
	return st;
}
