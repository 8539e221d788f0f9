/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* generate_mixed.c - an economy built backwards: from prices and values that balance to the
 * parameters under which every council answers those prices with those quantities. The
 * formulas are those of docs/economy-files.md, solved for the parameter. */
#include "base/elementary.h"
#include "lab/draft.h"

#include <math.h>

static pl_council_row *begin(pl_draft *d, int32_t i, pl_schedule schedule)
{
	pl_council_row *row = &d->council[i];
	row->schedule = schedule;
	row->income = NAN;
	for (int p = 0; p < PL_PARAM_SLOTS; p++) row->param[p] = NAN;
	return row;
}

/// An elasticity of substitution that is not too near 1, where the index loses digits.
static double draw_sigma(pl_random *r)
{
	const bool high = pl_random_below(r, 2) == 1;
	return high ? pl_draft_uniform(r, 1.25, 2.5) : pl_draft_uniform(r, 0.3, 0.8);
}

/// log A = (1 - s) log R - (c/k) log(c/(w k)) - sum b log(b/p) - log p_o, s = sum b + c/k.
static void set_cobb_douglas(pl_draft *d, int32_t i, pl_random *r)
{
	pl_council_row *row = begin(d, i, PL_S_cobb_douglas);
	const bool effort = pl_random_below(r, 2) == 1;
	const double c = effort ? pl_draft_uniform(r, 0.05, 0.15) : 0, k = 2,
	             w = pl_draft_uniform(r, 0.5, 2);
	double s = c / k, log_a = -pl_log(d->price[d->output[i]]);
	if (effort) log_a -= c / k * pl_log(c / (w * k));
	for (int64_t l = d->start[i] + 1; l < d->start[i + 1]; l++) {
		const double b = d->worth[l];
		d->amount[l] = b;
		s += b;
		log_a -= b * pl_log(b / d->price[d->good[l]]);
	}
	log_a += (1 - s) * pl_log(d->revenue[i]);
	row->param[PL_P_cobb_douglas_scale] = pl_exp(log_a);
	row->param[PL_P_cobb_douglas_effort_elasticity] = c;
	row->param[PL_P_cobb_douglas_effort_exponent] = k;
	row->param[PL_P_cobb_douglas_effort_weight] = w;
}

/// Shares b = worth p^(sigma - 1), normalised, over links [first, end). @return the index
/// P = (sum b p^(1 - sigma))^(1/(1 - sigma))
static double set_shares(pl_draft *d, int64_t first, int64_t end, double sigma)
{
	double all = 0, worth = 0;
	for (int64_t l = first; l < end; l++) {
		d->amount[l] = d->worth[l] * pl_pow(d->price[d->good[l]], sigma - 1);
		all += d->amount[l];
		worth += d->worth[l];
	}
	for (int64_t l = first; l < end; l++) d->amount[l] /= all;
	return pl_pow(worth / all, 1 / (1 - sigma));
}

/// Q = A Y^r and P Y = r R, so A = Q / (r R / P)^r.
static void set_ces(pl_draft *d, int32_t i, pl_random *r)
{
	pl_council_row *row = begin(d, i, PL_S_ces);
	const double sigma = draw_sigma(r), revenue = d->revenue[i];
	double returns = 0;
	for (int64_t l = d->start[i] + 1; l < d->start[i + 1]; l++) returns += d->worth[l];
	const double index = set_shares(d, d->start[i] + 1, d->start[i + 1], sigma);
	row->param[PL_P_ces_scale] =
	        revenue / d->price[d->output[i]] / pl_pow(returns * revenue / index, returns);
	row->param[PL_P_ces_returns] = returns;
	row->param[PL_P_ces_sigma] = sigma;
}

/// z = capacity ((m - effort) / slope)^response, solved for the slope.
static void set_recipe(pl_draft *d, int32_t i, pl_random *r)
{
	pl_council_row *row = begin(d, i, PL_S_recipe);
	const double price = d->price[d->output[i]], z = d->revenue[i] / price;
	const double part = pl_draft_uniform(r, 0.5, 0.95),
	             response = pl_draft_uniform(r, 0.5, 2);
	double margin = price;
	for (int64_t l = d->start[i] + 1; l < d->start[i + 1]; l++) {
		d->amount[l] = d->worth[l] * price / d->price[d->good[l]];
		margin -= d->worth[l] * price;
	}
	const double effort = margin * pl_draft_uniform(r, 0.2, 0.6);
	row->param[PL_P_recipe_capacity] = z / part;
	row->param[PL_P_recipe_effort] = effort;
	row->param[PL_P_recipe_slope] = (margin - effort) / pl_pow(part, 1 / response);
	row->param[PL_P_recipe_response] = response;
}

static void set_workplace(pl_draft *d, int32_t i)
{
	pl_random r = pl_random_new(~d->spec->seed, (uint64_t)i);
	static void (*const kinds[])(pl_draft *, int32_t, pl_random *) = {set_cobb_douglas,
	                                                                  set_ces, set_recipe};
	d->amount[d->start[i]] = 1;
	kinds[i % 3](d, i, &r);
	for (int64_t l = d->start[i]; l < d->start[i + 1]; l++)
		d->quantity[l] = d->worth[l] * d->revenue[i] / d->price[d->good[l]];
}

/// x = wanted (p / anchor)^-elasticity, solved for what is wanted at last year's prices.
static void set_isoelastic(pl_draft *d, int32_t i, pl_random *r)
{
	for (int64_t l = d->start[i]; l < d->start[i + 1]; l++) {
		const int32_t j = d->good[l];
		d->elasticity[l] = pl_draft_uniform(r, 0.3, 1.5);
		d->amount[l] = d->worth[l] / d->price[j] *
		               pl_pow(d->price[j] / d->anchor[j], d->elasticity[l]);
	}
}

static void set_consumers(pl_draft *d, int32_t i)
{
	static const pl_schedule kinds[] = {PL_S_budget_cd, PL_S_budget_ces, PL_S_isoelastic,
	                                    PL_S_request};
	pl_random r = pl_random_new(~d->spec->seed, (uint64_t)i);
	const pl_schedule schedule = kinds[(i - d->spec->workplaces) % 4];
	const int64_t first = d->start[i], end = d->start[i + 1];
	pl_council_row *row = begin(d, i, schedule);
	double income = 0;
	for (int64_t l = first; l < end; l++) {
		d->quantity[l] = d->worth[l] / d->price[d->good[l]];
		d->final[d->good[l]] += d->worth[l];
		d->amount[l] = schedule == PL_S_budget_cd ? d->worth[l] : d->quantity[l];
		income += d->worth[l];
	}
	if (schedule == PL_S_isoelastic) set_isoelastic(d, i, &r);
	if (schedule == PL_S_budget_ces) {
		const double sigma = draw_sigma(&r);
		(void)set_shares(d, first, end, sigma);
		row->param[PL_P_budget_ces_sigma] = sigma;
	}
	if (schedule == PL_S_budget_cd || schedule == PL_S_budget_ces) row->income = income;
}

/// E = (p / (w k))^(1/(k - 1)), solved for the weight of the damage.
static void set_affected(pl_draft *d)
{
	const int32_t i = d->n_councils - 1, j = d->n_goods - 1;
	const int64_t l = d->start[i];
	const double k = 2, permits = d->value[j] / d->price[j];
	pl_council_row *row = begin(d, i, PL_S_affected);
	row->param[PL_P_affected_damage_exponent] = k;
	row->param[PL_P_affected_damage_weight] = d->price[j] / (k * pl_pow(permits, k - 1));
	d->amount[l] = 1;
	d->quantity[l] = permits;
	d->supply[j] = 0;
}

void pl_draft_mixed(pl_draft *d)
{
	const int32_t w = d->spec->workplaces, permits = d->n_goods - 1;
	for (int32_t i = w; i < d->n_councils - 1; i++) set_consumers(d, i);
	pl_draft_solve(d);
	for (int32_t i = 0; i < w; i++) set_workplace(d, i);
	for (int32_t j = 0; j < permits; j++) {
		const bool made = j < d->n_products && j < w;
		d->supply[j] = made ? 0 : d->value[j] / d->price[j];
		if (d->value[j] > 0) continue;
		/* Labour or a resource that nobody uses: there is some, and it is free. */
		d->supply[j] = 1;
		d->price[j] = 0;
	}
	set_affected(d);
}
