/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* offer.c - the fitted schedules as a program of the planner, in units that are worth one
 * credit at the prices answered last: prices start at 1, coefficients are values. */
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "plan/clear.h"
#include "rounds/fit.h"

#include <math.h>
#include <string.h>

static const double tolerance_part = 0.02; /* of the rounds' tolerance, for the fitted plan */
static const double least_tolerance = 1e-6;
static const double thin = 1e-9; /* segments of a curve smaller than this part are left out */
static const double unmet_rise = 1; /* of the log price of a good asked for in vain, */
static const double most_rise = 3;  /* and of any good where something has a limit */

typedef struct {
	pl_fitted *f;
	pl_program *g;
	bool rigid;
	bool backstop;            /* goods can be had from nowhere, at a price */
	uint8_t *offered, *asked; /* [n_goods] by somebody, in what was fitted */
	double *held, *taken;     /* [n_goods] fixed supply and demand, credits */
	double *spent;            /* [n_goods] by steady budgets, credits */
	pl_program_sizes size;
} making;

static bool is_steady(const pl_fitted *f, int32_t i)
{
	return f->form[i] == PL_FORM_SPENDER && f->sigma[i] == 1 && f->rise[i] == 0;
}

static bool has_bundle(const making *k, int32_t i)
{
	return k->rigid && k->f->over[i] > 0;
}

/* Of inputs: what a row without the bundle spends for each credit of revenue. */
static double inputs_of(const making *k, int32_t i)
{
	const pl_fitted *f = k->f;
	if (k->rigid || !(f->over[i] > 0)) return f->inputs[i];
	return fmin(f->cost[i] / f->revenue[i], f->returns[i]);
}

static bool segment_counts(const pl_fitted *f, int32_t i, int s)
{
	const double *made = f->made + (int64_t)i * PL_KNOTS;
	return made[s + 1] - made[s] > thin * made[f->n_knots[i] - 1];
}

static int segments_of(const pl_fitted *f, int32_t i)
{
	int n = 0;
	for (int s = 0; s + 1 < f->n_knots[i]; s++) n += segment_counts(f, i, s);
	return n;
}

/* ---- who takes part, and how large the program is ---------------------------------- */

static void add_fixed(making *k, int32_t i, const double *quantity)
{
	const pl_frame *e = &k->f->frame;
	const bool all = k->f->form[i] == PL_FORM_FIXED;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t j = e->good[l];
		const double value = quantity[l] * k->f->price[j];
		if (value == 0) continue;
		if (pl_link_supplies(e, l)) {
			k->held[j] += value;
			k->offered[j] = 1;
		} else if (all) {
			k->taken[j] += value;
			k->asked[j] = 1;
		}
	}
}

static void count_spender(making *k, int32_t i, const double *quantity)
{
	const pl_fitted *f = k->f;
	const pl_frame *e = &f->frame;
	const bool steady = is_steady(f, i);
	add_fixed(k, i, quantity);
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t j = e->good[l];
		if (pl_link_supplies(e, l) || !(quantity[l] > 0)) continue;
		const double value = quantity[l] * f->price[j];
		k->asked[j] = 1;
		if (steady) k->spent[j] += value;
		k->size.entries += !steady;
	}
	k->size.rows += !steady;
}

static void count_maker(making *k, int32_t i)
{
	const pl_fitted *f = k->f;
	const pl_frame *e = &f->frame;
	int64_t n = 0;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t j = e->good[l];
		if (l == f->lead[i]) {
			k->offered[j] = 1;
		} else if (!pl_link_supplies(e, l) && f->share[l] > 0) {
			k->asked[j] = 1;
			n++;
		}
	}
	k->size.rows += 1 + has_bundle(k, i);
	k->size.entries += 1 + n + has_bundle(k, i) * n;
}

static void count_recipe(making *k, int32_t i)
{
	const pl_fitted *f = k->f;
	const pl_frame *e = &f->frame;
	const int acts = segments_of(f, i);
	int64_t n = 0;
	for (int64_t l = e->start[i]; acts > 0 && l < e->start[i + 1]; l++) {
		if (!(f->unit[l] > 0)) continue;
		(pl_link_supplies(e, l) ? k->offered : k->asked)[e->good[l]] = 1;
		n++;
	}
	k->size.acts += acts;
	k->size.rows += acts;
	k->size.entries += acts * n;
}

static void count_all(making *k, const double *quantity)
{
	const pl_fitted *f = k->f;
	for (int32_t j = 0; j < f->frame.n_goods; j++) {
		k->held[j] = f->frame.held[j] * f->price[j];
		k->offered[j] = k->held[j] > 0;
	}
	for (int32_t i = 0; i < f->frame.n_councils; i++) {
		if (f->form[i] == PL_FORM_FIXED) add_fixed(k, i, quantity);
		if (f->form[i] == PL_FORM_SPENDER) count_spender(k, i, quantity);
		if (f->form[i] == PL_FORM_MAKER) count_maker(k, i);
		if (f->form[i] == PL_FORM_RECIPE) count_recipe(k, i);
	}
	for (int32_t j = 0; j < f->frame.n_goods; j++) {
		if (!pl_good_balances(&f->frame, j)) k->asked[j] = 0;
		k->size.goods += k->asked[j];
		if (k->asked[j] && !k->offered[j]) k->backstop = true;
	}
	/* where something has a limit, everything is to be had at a much higher price: then
	 * there is always a plan, and no price rises without end */
	k->backstop = k->backstop || k->size.acts > 0;
	if (k->backstop) {
		k->size.acts += k->size.goods;
		k->size.rows += k->size.goods;
		k->size.entries += k->size.goods;
	}
	k->size.model_goods = f->frame.n_goods;
}

/* ---- filling in -------------------------------------------------------------------- */

static void put_entry(pl_program *g, int64_t *end, int32_t place, double val)
{
	g->link->col[*end] = place;
	g->link->val[(*end)++] = val;
}

static void put_goods(making *k)
{
	pl_program *g = k->g;
	for (int32_t j = 0; j < k->f->frame.n_goods; j++) {
		g->place[j] = -1;
		if (!k->asked[j]) continue;
		const int32_t at = g->place[j] = g->n_goods++;
		g->good[at] = j;
		g->held[at] = k->held[j];
		g->asked[at] = k->taken[j];
		g->spent[at] = k->spent[j];
		g->essential[at] = g->spent[at] > 0;
	}
}

static void put_act(making *k, int32_t i, int s)
{
	const pl_fitted *f = k->f;
	const pl_frame *e = &f->frame;
	pl_program *g = k->g;
	const double *knot = f->knot + (int64_t)i * PL_KNOTS;
	const double *made = f->made + (int64_t)i * PL_KNOTS;
	const double per = 1 / f->price[e->good[f->lead[i]]];
	const int32_t row = g->n_rows++;
	int64_t end = g->link->start[row];
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t j = e->good[l];
		if (!(f->unit[l] > 0) || g->place[j] < 0) continue;
		put_entry(g, &end, g->place[j],
		          (pl_link_supplies(e, l) ? 1 : -1) * f->unit[l] * f->price[j] * per);
	}
	g->link->start[row + 1] = end;
	g->council[row] = i;
	g->effort[row] = knot[s];
	g->slope[row] = knot[s + 1] - knot[s];
	g->cap[row] = g->unit[row] = made[s + 1] - made[s];
	g->power[row] = 1;
}

static void put_backstop(making *k, int32_t j)
{
	pl_program *g = k->g;
	const int32_t row = g->n_rows++;
	int64_t end = g->link->start[row];
	put_entry(g, &end, g->place[j], 1);
	g->link->start[row + 1] = end;
	g->council[row] = -1;
	g->cap[row] = INFINITY;
	g->unit[row] = g->power[row] = 1;
	g->effort[row] = pl_exp(k->offered[j] ? fmin(most_rise, k->f->s.log_step) : unmet_rise);
}

/* The inputs of council i with their shares, from `end` on. */
static int64_t put_inputs(making *k, int32_t row, int32_t i, int64_t end)
{
	const pl_fitted *f = k->f;
	const pl_frame *e = &f->frame;
	pl_program *g = k->g;
	double sum = 0;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++)
		if (!pl_link_supplies(e, l) && g->place[e->good[l]] >= 0) sum += f->share[l];
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t at = g->place[e->good[l]];
		if (pl_link_supplies(e, l) || at < 0 || !(f->share[l] > 0)) continue;
		put_entry(g, &end, at, f->share[l] / sum);
		if (f->sigma[i] > 0) g->essential[at] = 1;
	}
	g->council[row] = i;
	g->sigma[row] = f->sigma[i];
	return end;
}

static void put_maker(making *k, int32_t i)
{
	const pl_fitted *f = k->f;
	pl_program *g = k->g;
	const int32_t at = g->place[f->frame.good[f->lead[i]]];
	if (at >= 0) {
		const int32_t row = g->n_rows++;
		int64_t end = g->link->start[row];
		put_entry(g, &end, at, 1);
		g->link->start[row + 1] = put_inputs(k, row, i, end);
		g->makes[row] = 1;
		g->returns[row] = f->returns[i];
		g->inputs[row] = inputs_of(k, i);
		g->constant[row] = pl_log(f->revenue[i]) * (1 - f->returns[i]);
	}
	if (!has_bundle(k, i)) return;
	const int32_t row = g->n_rows++;
	g->link->start[row + 1] = put_inputs(k, row, i, g->link->start[row]);
	g->inputs[row] = 1;
	g->income[row] = f->over[i];
}

static void put_spender(making *k, int32_t i)
{
	pl_program *g = k->g;
	const int32_t row = g->n_rows++;
	g->link->start[row + 1] = put_inputs(k, row, i, g->link->start[row]);
	g->inputs[row] = k->f->rise[i];
	g->income[row] = k->f->cost[i];
}

static void put_rows(making *k)
{
	const pl_fitted *f = k->f;
	pl_program *g = k->g;
	for (int32_t i = 0; i < f->frame.n_councils; i++)
		for (int s = 0; f->form[i] == PL_FORM_RECIPE && s + 1 < f->n_knots[i]; s++)
			if (segment_counts(f, i, s)) put_act(k, i, s);
	for (int32_t j = 0; j < f->frame.n_goods; j++)
		if (k->backstop && k->asked[j]) put_backstop(k, j);
	g->n_acts = g->n_rows;
	for (int32_t i = 0; i < f->frame.n_councils; i++) {
		if (f->form[i] == PL_FORM_MAKER) put_maker(k, i);
		if (f->form[i] == PL_FORM_SPENDER && !is_steady(f, i)) put_spender(k, i);
	}
	g->n_all = g->link->n_rows = g->n_rows;
	g->hopeless = -1;
}

/* ---- clearing ---------------------------------------------------------------------- */

static pl_status clear(bool *found, making *k, pl_error *err)
{
	pl_fitted *f = k->f;
	pl_settings s = pl_settings_preset();
	s.tolerance = fmax(tolerance_part * f->s.tolerance, least_tolerance);
	PL_TRY(pl_program_bare(&k->g, k->size, err));
	put_goods(k);
	put_rows(k);
	double *price = f->scratch, *activity = pl_alloc(k->g->n_acts, sizeof *activity);
	if (activity == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d activities", k->g->n_acts);
	for (int32_t j = 0; j < k->g->n_goods; j++) price[j] = 1;
	const pl_status st = pl_clear_program(found, price, activity, k->g, &s, err);
	memset(f->planned, 0, (size_t)f->frame.n_councils * sizeof *f->planned);
	for (int32_t i = 0; i < k->g->n_acts; i++)
		if (k->g->council[i] >= 0) f->planned[k->g->council[i]] += activity[i];
	for (int32_t i = 0; i < f->frame.n_councils; i++)
		if (f->planned[i] > 0) f->planned[i] /= f->price[f->frame.good[f->lead[i]]];
	pl_free(activity);
	if (st != PL_OK) return st;
	for (int32_t j = 0; j < f->frame.n_goods; j++) {
		const int32_t at = k->g->place[j];
		f->answered[j] = at >= 0 ? pl_log(price[at]) : k->offered[j] ? -INFINITY : 0;
	}
	return PL_OK;
}

pl_status pl_offer_clear(bool *found, pl_fitted *f, const pl_round *round, bool rigid,
                         pl_error *err)
{
	const int32_t n = f->frame.n_goods;
	making k = {.f = f, .rigid = rigid};
	uint8_t *flags = pl_alloc(2 * (int64_t)n, sizeof *flags);
	double *sums = pl_alloc(3 * (int64_t)n, sizeof *sums);
	pl_status st = PL_ENOMEM;
	*found = false;
	if (flags == NULL || sums == NULL) {
		(void)pl_fail(err, PL_ENOMEM, -1, "no memory for the fitted schedules");
	} else {
		k.offered = flags;
		k.asked = flags + n;
		k.held = sums;
		k.taken = sums + n;
		k.spent = sums + 2 * (int64_t)n;
		count_all(&k, round->quantity);
		st = clear(found, &k, err);
	}
	pl_program_free(k.g);
	pl_free(flags);
	pl_free(sums);
	return st;
}
