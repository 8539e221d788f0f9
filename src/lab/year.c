/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/year.h"

#include "base/elementary.h"
#include "base/error.h"
#include "base/random.h"
#include "plan/survey.h"

#include <math.h>

enum {
	STEPS = 5, /* the published changes are one of so many, */
	MIDDLE = 2 /* which of them changes no share */
};
static const double published_step = 0.001, scale_part = 1.0 / 3, most = 3;

/// What changes, and how.
typedef struct {
	const pl_model *m;
	pl_builder *b;
	double amount; ///< of a shock; NaN: the published year two
	uint64_t seed;
} change;

static double factor(const change *c, pl_random *r)
{
	return isnan(c->amount) ? 1 : pl_exp(c->amount * (2 * pl_random_unit(r) - 1));
}

static pl_status add_goods(const change *c, pl_error *err)
{
	const pl_model *m = c->m;
	for (int32_t j = 0; j < m->n_goods; j++) {
		pl_random r = pl_random_new(~c->seed, (uint64_t)j);
		int32_t at;
		const pl_good_row row = {.id = pl_text_at(m->good.id, j),
		                         .name = pl_text_at(m->good.name, j),
		                         .unit = pl_text_at(m->good.unit, j),
		                         .category = pl_text_at(m->good.category, j),
		                         .kind = (pl_good_kind)m->good.kind[j],
		                         .price = m->good.price[j],
		                         .supply = m->good.supply[j] * factor(c, &r),
		                         .elasticity = m->good.elasticity[j],
		                         .step = m->good.step[j]};
		PL_TRY(pl_builder_good(&at, c->b, &row, err));
	}
	return PL_OK;
}

static pl_status add_communities(const change *c, pl_error *err)
{
	const pl_model *m = c->m;
	for (int32_t i = 0; i < m->n_communities; i++) {
		int32_t at;
		const pl_community_row row = {pl_text_at(m->community.id, i),
		                              pl_text_at(m->community.name, i), -1,
		                              m->community.members[i]};
		PL_TRY(pl_builder_community(&at, c->b, &row, err));
	}
	for (int32_t i = 0; i < m->n_communities; i++)
		if (m->community.parent[i] >= 0)
			PL_TRY(pl_builder_parent(c->b, i, m->community.parent[i], err));
	return PL_OK;
}

static pl_status add_council(const change *c, int32_t i, pl_random *r, pl_error *err)
{
	const pl_model *m = c->m;
	const int schedule = m->council.schedule[i];
	int32_t at;
	pl_council_row row = {.id = pl_text_at(m->council.id, i),
	                      .name = pl_text_at(m->council.name, i),
	                      .kind = (pl_council_kind)m->council.kind[i],
	                      .community = m->council.community[i],
	                      .members = m->council.members[i],
	                      .income = m->council.income[i],
	                      .schedule = (pl_schedule)schedule};
	for (int p = 0; p < PL_PARAM_SLOTS; p++) row.param[p] = m->council.param[p][i];
	const double by = factor(c, r);
	if (schedule == PL_S_recipe) row.param[PL_P_recipe_capacity] *= by;
	if (schedule == PL_S_ces) row.param[PL_P_ces_scale] *= pl_pow(by, scale_part);
	if (schedule == PL_S_cobb_douglas)
		row.param[PL_P_cobb_douglas_scale] *= pl_pow(by, scale_part);
	return pl_builder_council(&at, c->b, &row, err);
}

/// What link k of council i says this year.
static double new_amount(const change *c, int32_t i, int64_t k, pl_random *r)
{
	const pl_model *m = c->m;
	const int schedule = m->council.schedule[i];
	const double amount = m->link.amount[k];
	if (m->link.role[k] == PL_MAKES || schedule == PL_S_affected) return amount;
	if (!isnan(c->amount)) return amount * factor(c, r);
	const int steps = (int)pl_random_below(r, STEPS);
	if (schedule == PL_S_cobb_douglas) return amount + published_step * steps;
	if (!pl_is_budget(schedule)) return amount;
	return fmax(0, amount + published_step * (steps - MIDDLE));
}

/// By how much the shocked exponents are to be multiplied, so that their sum stays.
/// @param r by value: the amounts are drawn again
static double restored(const change *c, int32_t i, pl_random r)
{
	const pl_model *m = c->m;
	double before = 0, after = 0;
	if (isnan(c->amount) || m->council.schedule[i] != PL_S_cobb_douglas) return 1;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const double amount = new_amount(c, i, k, &r);
		if (m->link.role[k] != PL_USES) continue;
		before += m->link.amount[k];
		after += amount;
	}
	return after > 0 ? before / after : 1;
}

static pl_status add_councils(const change *c, pl_error *err)
{
	const pl_model *m = c->m;
	for (int32_t i = 0; i < m->n_councils; i++) {
		pl_random r = pl_random_new(c->seed, (uint64_t)i);
		PL_TRY(add_council(c, i, &r, err));
		const bool isoelastic = m->council.schedule[i] == PL_S_isoelastic;
		const bool request = m->council.schedule[i] == PL_S_request;
		const double restore = restored(c, i, r);
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			const int role = m->link.role[k];
			double amount = new_amount(c, i, k, &r);
			if (role == PL_USES) amount *= restore;
			const bool given_off = request && role == PL_OFFERS;
			PL_TRY(pl_builder_link(c->b, i, m->link.good[k],
			                       given_off ? PL_WANTS : (pl_role)role,
			                       given_off ? -amount : amount,
			                       isoelastic ? m->link.elasticity[k] : NAN, err));
		}
	}
	return PL_OK;
}

static pl_status next_year(pl_model **out, change *c, pl_error *err)
{
	const pl_model *m = c->m;
	*out = NULL;
	PL_TRY(pl_builder_new(&c->b, err));
	pl_status s = pl_builder_about(c->b, m->name, m->period, m->credit, err);
	if (s == PL_OK) s = add_communities(c, err);
	if (s == PL_OK) s = add_goods(c, err);
	if (s == PL_OK) s = add_councils(c, err);
	if (s == PL_OK) return pl_builder_finish(out, c->b, NULL, NULL, err);
	pl_builder_free(c->b);
	return s;
}

pl_status pl_lab_shock(pl_model **out, const pl_model *m, double amount, uint64_t seed,
                       pl_error *err)
{
	change c = {.m = m, .amount = amount, .seed = seed};
	*out = NULL;
	if (!(amount >= 0 && amount <= most))
		return pl_fail(err, PL_EARG, -1, "a shock is a number from 0 to %g, not %g",
		               most, amount);
	return next_year(out, &c, err);
}

pl_status pl_lab_year_two(pl_model **out, const pl_model *m, uint64_t seed, pl_error *err)
{
	change c = {.m = m, .amount = NAN, .seed = seed};
	return next_year(out, &c, err);
}
