/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/figures.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

const double pl_ratio_edges[PL_RATIO_BINS - 1] = {0.9, 0.99, 1.01, 1.1, 1.25, 1.5, 2};

static const double all_of_it = 1 - 1e-6; /* in use from here on: a limit binds */
static const double nearly_all = 0.8;
static const double moved_least = 1e-4; /* a price that moved less is as before */

/* ---- goods ---- */

static void add_flows(pl_figures *f, const pl_model *m, const pl_plan *p, double *wanted)
{
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			const int32_t j = m->link.good[k];
			const double q = p->quantity[k];
			if (m->link.role[k] == PL_MAKES) f->made[j] += q;
			if (m->link.role[k] == PL_WANTS) wanted[j] += q;
			if (m->link.role[k] == PL_WANTS) f->got[i] += f->price[j] * q;
			if (m->link.role[k] == PL_OFFERS &&
			    m->council.schedule[i] != PL_S_affected)
				f->got[i] -= f->price[j] * q;
		}
}

static bool is_input(int kind)
{
	return kind == PL_LABOUR || kind == PL_RESOURCE || kind == PL_CAPITAL ||
	       kind == PL_POLLUTANT;
}

static void look_at_labour(pl_figures *f, const pl_model *m, const pl_plan *p, int32_t j)
{
	if (f->hours_of < 0) f->hours_of = j;
	f->labour += f->price[j] * p->demand[j];
	f->hours += p->demand[j];
	if (strcmp(pl_text_at(m->good.unit, j), pl_text_at(m->good.unit, f->hours_of)) != 0)
		f->hours = (double)NAN;
}

static void look_at_price(pl_figures *f, const pl_plan *p, int32_t j)
{
	const double now = p->price[j], start = p->start_price[j];
	if (now == 0) {
		f->free_goods += p->demand[j] > 0;
		return;
	}
	if (fabs(now / start - 1) < moved_least) {
		f->steady++;
		return;
	}
	*(now > start ? &f->dearer : &f->cheaper) += 1;
	pl_top_offer(&f->moved, j, fabs(pl_log(now / start)));
}

double pl_figures_in_use(const pl_model *m, const pl_plan *p, int32_t which)
{
	if (which >= 0)
		return m->good.supply[which] > 0 && p->supply[which] > 0
		               ? p->demand[which] / p->supply[which]
		               : 0;
	const int32_t i = -1 - which;
	if (m->council.schedule[i] != PL_S_recipe) return 0;
	const double capacity = m->council.param[PL_P_recipe_capacity][i];
	return isfinite(capacity) && capacity > 0 ? p->activity[i] / capacity : 0;
}

static void look_at_limit(pl_figures *f, const pl_model *m, const pl_plan *p, int32_t which,
                          double worth)
{
	const double share = pl_figures_in_use(m, p, which);
	if (share >= all_of_it)
		pl_top_offer(&f->spent, which, isfinite(worth) ? worth : 0);
	else if (share >= nearly_all)
		pl_top_offer(&f->nearly, which, share);
}

static void look_at_goods(pl_figures *f, const pl_model *m, const pl_plan *p,
                          const double *wanted)
{
	for (int32_t j = 0; j < m->n_goods; j++) {
		const int kind = m->good.kind[j];
		if (kind == PL_FREE) continue;
		f->to_balance++;
		f->balanced += p->imbalance[j] <= p->tolerance;
		if (p->imbalance[j] > 0) pl_top_offer(&f->imbalance, j, p->imbalance[j]);
		if (wanted[j] > 0) pl_top_offer(&f->goods, j, f->price[j] * wanted[j]);
		if (is_input(kind) && p->demand[j] > 0)
			pl_top_offer(&f->inputs, j, f->price[j] * p->demand[j]);
		if (kind == PL_LABOUR && p->demand[j] > 0) look_at_labour(f, m, p, j);
		look_at_price(f, p, j);
		if (p->price[j] > 0 || f->at_start)
			look_at_limit(f, m, p, j, p->price[j] * p->supply[j]);
		else if (p->demand[j] > 0 && p->supply[j] > 0)
			pl_top_offer(&f->plenty, j, p->demand[j] / p->supply[j]);
	}
}

/* ---- councils ---- */

static int bin_of(double ratio)
{
	int bin = 0;
	while (bin < PL_RATIO_BINS - 1 && ratio >= pl_ratio_edges[bin]) bin++;
	return bin;
}

static void look_at_councils(pl_figures *f, const pl_model *m, const pl_plan *p)
{
	for (int32_t i = 0; i < m->n_councils; i++) {
		const double ratio = p->ratio[i];
		if (m->council.kind[i] == PL_WORKERS) {
			look_at_limit(f, m, p, -1 - i, p->benefit[i] - p->cost[i]);
			if (!isfinite(ratio)) continue;
			f->ratio_bin[bin_of(ratio)]++;
			pl_top_offer(&f->best, i, ratio);
			pl_top_offer(&f->worst, i, -ratio);
		} else if (m->council.schedule[i] != PL_S_affected) {
			pl_top_offer(&f->takers, i, f->got[i]);
			f->beyond += ratio > 1.01;
		}
	}
}

/* ---- all ---- */

static void begin(pl_figures *f, const pl_model *m, const pl_plan *p)
{
	f->at_start = true;
	for (int32_t j = 0; j < m->n_goods; j++) f->at_start &= p->price[j] == 0;
	f->price = f->at_start ? p->start_price : p->price;
	f->hours_of = -1;
	f->goods.most = f->inputs.most = f->takers.most = 8;
	f->moved.most = 10;
	f->imbalance.most = f->best.most = f->worst.most = 5;
	f->spent.most = f->nearly.most = 10;
	f->plenty.most = 8;
}

pl_status pl_figures_new(pl_figures **out, const pl_model *m, const pl_plan *p, pl_error *err)
{
	*out = NULL;
	pl_figures *f = pl_alloc(1, sizeof *f);
	double *wanted = pl_alloc(m->n_goods, sizeof *wanted);
	if (f != NULL) {
		f->made = pl_alloc(m->n_goods, sizeof *f->made);
		f->got = pl_alloc(m->n_councils, sizeof *f->got);
	}
	if (f == NULL || wanted == NULL || f->made == NULL || f->got == NULL) {
		pl_figures_free(f);
		pl_free(wanted);
		return pl_fail(err, PL_ENOMEM, -1, "no memory for the report");
	}
	begin(f, m, p);
	add_flows(f, m, p, wanted);
	look_at_goods(f, m, p, wanted);
	look_at_councils(f, m, p);
	pl_free(wanted);
	*out = f;
	return PL_OK;
}

void pl_figures_free(pl_figures *f)
{
	if (f == NULL) return;
	pl_free(f->made);
	pl_free(f->got);
	pl_free(f);
}

pl_top pl_figures_taken(const pl_figures *f, const pl_model *m, const pl_plan *p,
                        int32_t council)
{
	pl_top t = {.most = PL_TAKES_MOST};
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++)
		if (m->link.role[k] == PL_WANTS && p->quantity[k] > 0)
			pl_top_offer(&t, m->link.good[k],
			             f->price[m->link.good[k]] * p->quantity[k]);
	return t;
}
