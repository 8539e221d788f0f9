/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* draft.h - a made-up economy before it becomes a model: who makes what from what, and one
 * plan that balances, in values at known prices. generate.c draws and solves a draft;
 * generate_recipe.c and generate_mixed.c turn values into the amounts of schedules. */
#ifndef PL_LAB_DRAFT_H
#define PL_LAB_DRAFT_H
#include "base/random.h"
#include "lab/generate.h"

/// Goods are products, then labour and resources in turn, then (mixed) the pollutant.
/// Councils are workplaces, then consumers, then (mixed) the affected community.
typedef struct {
	const pl_generate_spec *spec;
	int32_t n_products, n_primary, n_goods, n_councils, n_communities;
	int64_t n_links, room;

	double *price;  ///< [n_goods] known, credits per unit
	double *anchor; ///< [n_goods] last year's, credits per unit
	double *supply; ///< [n_goods] society's, units
	double *final;  ///< [n_goods] asked for by consumers, credits
	double *value;  ///< [n_goods] asked for by all, credits

	int32_t *output;         ///< [workplaces] product
	double *weight;          ///< [workplaces] part of its product's market
	double *revenue;         ///< [workplaces] credits from its output in the known plan
	pl_council_row *council; ///< [n_councils] without text; filled in by the kind

	/* Links of council i are [start[i], start[i + 1]); its output comes first. */
	int64_t *start;     ///< [n_councils + 1]
	int32_t *good;      ///< [n_links]
	uint8_t *role;      ///< [n_links] pl_role
	double *worth;      ///< [n_links] makes, uses: share of revenue; wants: credits
	double *amount;     ///< [n_links] as the schedule reads it
	double *elasticity; ///< [n_links] NaN where not given
	double *quantity;   ///< [n_links] units in the known plan
	int32_t *taken;     ///< [n_goods] council + 1 that drew it last
} pl_draft;

/// The numbers of one council or one good: they do not depend on the others'.
pl_random pl_draft_council(const pl_draft *d, int32_t council);

/// Uniform in [low, high).
double pl_draft_uniform(pl_random *r, double low, double high);
/// @p x with three significant digits: tables that people can read. x > 0
double pl_draft_round(double x);

/// From what is asked for by consumers (d->final) what all ask for (d->value), and each
/// workplace's revenue: value = final + inputs, shared among a product's makers by weight.
/// Inputs are at most 0.85 of revenue, so the repetition shrinks by that much each time.
void pl_draft_solve(pl_draft *d);

/// Amounts, parameters and endowments of a kind; d is drawn, not solved.
void pl_draft_recipe(pl_draft *d);
void pl_draft_mixed(pl_draft *d);
/// An economy of the published kind, and those for rounds: drawn at once, without a draft.
pl_status pl_draft_published_check(const pl_generate_spec *spec, pl_error *err);
pl_status pl_draft_published(pl_model **out, const pl_generate_spec *spec, pl_error *err);
pl_status pl_draft_rounds_check(const pl_generate_spec *spec, pl_error *err);
pl_status pl_draft_rounds(pl_model **out, const pl_generate_spec *spec, pl_error *err);
#endif
