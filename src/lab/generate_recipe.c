/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* generate_recipe.c - fixed proportions round a plan that has something to spare everywhere:
 * products by the part of `spare` that is made above what is asked for, labour, resources and
 * capacities by a drawn part. Coefficients are rounded before the plan is solved for, so the
 * rounding costs nothing. */
#include "lab/draft.h"

#include <math.h>

static const double spare = 0.02;        /* of each product, above what consumers ask for */
static const double capacity_part = 0.7; /* workplaces that have a capacity */

/// Round up, so that what is enough stays enough.
static double round_up(double x)
{
	const double r = pl_draft_round(x);
	return r >= x ? r : pl_draft_round(r * 1.01);
}

static void set_proportions(pl_draft *d, int32_t i)
{
	const double made = d->price[d->output[i]];
	for (int64_t k = d->start[i]; k < d->start[i + 1]; k++) {
		const double price = d->price[d->good[k]];
		d->amount[k] =
		        k == d->start[i] ? 1 : pl_draft_round(d->worth[k] * made / price);
		d->worth[k] = d->amount[k] * price / made;
	}
}

static void set_workplace(pl_draft *d, int32_t i)
{
	/* The draws of the structure come from the stream itself; these from its end. */
	pl_random r = pl_random_new(~d->spec->seed, (uint64_t)i);
	const double made = d->price[d->output[i]], z = d->revenue[i] / made;
	pl_council_row *row = &d->council[i];
	row->schedule = PL_S_recipe;
	row->income = NAN;
	for (int p = 0; p < PL_PARAM_SLOTS; p++) row->param[p] = NAN;
	row->param[PL_P_recipe_effort] = pl_draft_round(made * pl_draft_uniform(&r, 0.02, 0.4));
	const double room = pl_draft_uniform(&r, 1.01, 1.6);
	const double work = z > 0 ? z : 0.3 * d->value[d->output[i]] / made;
	if (pl_random_unit(&r) < capacity_part)
		row->param[PL_P_recipe_capacity] = round_up(work * room);
	for (int64_t k = d->start[i]; k < d->start[i + 1]; k++)
		d->quantity[k] = d->amount[k] * z;
}

static void set_consumers(pl_draft *d, int32_t i)
{
	d->council[i].schedule = PL_S_request;
	d->council[i].income = NAN;
	for (int p = 0; p < PL_PARAM_SLOTS; p++) d->council[i].param[p] = NAN;
	for (int64_t k = d->start[i]; k < d->start[i + 1]; k++) {
		const double price = d->price[d->good[k]];
		d->amount[k] = pl_draft_round(d->worth[k] / price);
		d->quantity[k] = d->amount[k];
		d->final[d->good[k]] += (1 + spare) * d->amount[k] * price;
	}
}

void pl_draft_recipe(pl_draft *d)
{
	const int32_t w = d->spec->workplaces;
	for (int32_t i = 0; i < w; i++) set_proportions(d, i);
	for (int32_t i = w; i < d->n_councils; i++) set_consumers(d, i);
	pl_draft_solve(d);
	for (int32_t i = 0; i < w; i++) set_workplace(d, i);
	for (int32_t j = 0; j < d->n_goods; j++) {
		pl_random r =
		        pl_random_new(~d->spec->seed, (uint64_t)d->n_councils + (uint64_t)j);
		const double need = d->value[j] / d->price[j];
		const bool made = j < d->n_products && j < w;
		d->supply[j] = made || need == 0
		                       ? 0
		                       : round_up(need * pl_draft_uniform(&r, 1.01, 1.3));
	}
}
