/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* generate_rounds.c - economies to plan in rounds from all prices 1, where the plan's prices
 * are far away: with ces, capacities or effort. docs/economy-files.md says how they are
 * drawn. */
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "lab/draft.h"

#include <math.h>
#include <stdio.h>

enum {
	WANTS = 40,        /* of a consumers' council, where there are so many products */
	PRIMARY_EVERY = 3, /* one input in three is labour or a resource, and the first */
	PRIMARY_PART = 10, /* one good in ten likewise */
	PER_WORKPLACE = 5  /* credits that consumers have to spend for each workplace */
};
static const double share_low = 0.1, share_high = 1.1;
static const double income_low = 0.8, income_high = 1.2; /* of the mean */
static const double held_low = 0.5, held_high = 1.5;     /* units for each workplace */
static const double scale_spread = 0.25;                 /* of the log of a workplace's scale */
static const double bundle = 0.55, bundle_spread = 0.3;  /* units used per unit made */
static const double effort_each = 0.02;                  /* credits per unit made */
static const double elasticity_low = 0.05, elasticity_high = 0.1; /* of effort, c */
static const double exponent_low = 3, exponent_high = 4;          /* of its cost, k */
static const double returns_most = 0.95, sigma_most = 20;

static const struct {
	const char *name;
	double capacity, slope; /* units of activity, credits: medians */
	double response_low, response_high;
} capacities[PL_CAPACITIES] = {
        [PL_CAPACITY_LOOSE] = {"loose", 6, 2, 0.5, 1.5},
        [PL_CAPACITY_TIGHT] = {"tight", 1.5, 0.3, 0.5, 1.5},
        [PL_CAPACITY_STEEP] = {"steep", 3, 0.05, 0.3, 0.6},
};

const char *pl_capacity_name(int capacity)
{
	return capacity >= 0 && capacity < PL_CAPACITIES ? capacities[capacity].name : NULL;
}

/// Goods stand products first, then primary ones.
typedef struct {
	pl_builder *b;
	const pl_generate_spec *spec;
	int32_t n_products, n_primary, n_primary_inputs, n_wants;
	pl_spread returns, sigma;
	int32_t *taken; ///< [goods] council + 1 that drew it last
	int32_t *list;  ///< [inputs + 1, or wants] goods of a council
	double *amount; ///< the same, as the schedule reads it
} making;

static pl_status add_goods(const making *d, pl_error *err)
{
	for (int32_t j = 0; j < d->spec->goods; j++) {
		const int32_t primary = j - d->n_products;
		const bool product = primary < 0, labour = primary % 2 == 0;
		pl_random r = pl_random_new(~d->spec->seed, (uint64_t)j);
		const double each = (double)d->spec->workplaces / d->n_primary;
		char id[32];
		int32_t at;
		(void)snprintf(id, sizeof id, "%s-%d",
		               product  ? "good"
		               : labour ? "labour"
		                        : "resource",
		               (int)(product ? j : primary) + 1);
		const pl_good_row row = {
		        .id = id,
		        .unit = !product && labour ? "hour" : "unit",
		        .kind = product  ? PL_PRODUCT
		                : labour ? PL_LABOUR
		                         : PL_RESOURCE,
		        .price = 1,
		        .supply = product ? NAN
		                          : each * pl_draft_uniform(&r, held_low, held_high),
		        .elasticity = NAN,
		        .step = NAN};
		PL_TRY(pl_builder_good(&at, d->b, &row, err));
	}
	return PL_OK;
}

/// A good of [first, first + n) that the council has not drawn yet; there must be one.
static int32_t draw_good(const making *d, pl_random *r, int32_t council, int32_t first,
                         int32_t n)
{
	int32_t j;
	do j = first + (int32_t)pl_random_below(r, (uint64_t)n);
	while (d->taken[j] == council + 1);
	d->taken[j] = council + 1;
	return j;
}

/// n shares of sum `all`.
static void draw_shares(const making *d, pl_random *r, int32_t n, double all)
{
	double sum = 0;
	for (int32_t k = 0; k < n; k++)
		sum += d->amount[k] = pl_draft_uniform(r, share_low, share_high);
	for (int32_t k = 0; k < n; k++) d->amount[k] *= all / sum;
}

static double draw_spread(pl_random *r, pl_spread x)
{
	return pl_draft_uniform(r, x.low, x.high);
}

/// log A = u - 2 r: at prices 1 the nearer returns come to 1, the less is made.
static double draw_log_scale(pl_random *r, double returns)
{
	return pl_draft_uniform(r, -scale_spread, scale_spread) - 2 * returns;
}

static void draw_ces(const making *d, pl_council_row *row, pl_random *r)
{
	const double returns = draw_spread(r, d->returns);
	row->schedule = PL_S_ces;
	row->param[PL_P_ces_returns] = returns;
	row->param[PL_P_ces_sigma] = draw_spread(r, d->sigma);
	row->param[PL_P_ces_scale] =
	        pl_exp(draw_log_scale(r, returns) - returns * pl_log(returns));
	draw_shares(d, r, d->spec->inputs, 1);
}

static void draw_effort(const making *d, pl_council_row *row, pl_random *r)
{
	const double returns = draw_spread(r, d->returns);
	row->schedule = PL_S_cobb_douglas;
	row->param[PL_P_cobb_douglas_effort_elasticity] =
	        pl_draft_uniform(r, elasticity_low, elasticity_high);
	row->param[PL_P_cobb_douglas_effort_exponent] =
	        pl_draft_uniform(r, exponent_low, exponent_high);
	row->param[PL_P_cobb_douglas_effort_weight] = 1;
	row->param[PL_P_cobb_douglas_scale] = pl_exp(draw_log_scale(r, returns));
	draw_shares(d, r, d->spec->inputs, returns);
}

static void draw_recipe(const making *d, pl_council_row *row, pl_random *r)
{
	const double low = capacities[d->spec->capacity].response_low;
	const double high = capacities[d->spec->capacity].response_high;
	row->schedule = PL_S_recipe;
	row->param[PL_P_recipe_capacity] = capacities[d->spec->capacity].capacity *
	                                   pl_exp(bundle_spread * pl_random_normal(r));
	row->param[PL_P_recipe_slope] = capacities[d->spec->capacity].slope *
	                                pl_exp(bundle_spread * pl_random_normal(r));
	row->param[PL_P_recipe_effort] = effort_each;
	row->param[PL_P_recipe_response] = pl_draft_uniform(r, low, high);
	draw_shares(d, r, d->spec->inputs, bundle);
	for (int32_t k = 0; k < d->spec->inputs; k++)
		d->amount[k] *= pl_exp(bundle_spread * pl_random_normal(r));
}

static pl_council_row begin_council(char id[32], const char *word, int32_t i,
                                    pl_council_kind kind)
{
	pl_council_row row = {
	        .id = id, .kind = kind, .community = -1, .members = NAN, .income = NAN};
	for (int p = 0; p < PL_PARAM_SLOTS; p++) row.param[p] = NAN;
	(void)snprintf(id, 32, "%s-%d", word, (int)i + 1);
	return row;
}

/// The first workplaces make one product each, the others any.
static pl_status add_workplace(const making *d, int32_t i, pl_error *err)
{
	pl_random r = pl_random_new(d->spec->seed, (uint64_t)i);
	char id[32];
	int32_t at, *list = d->list;
	const int32_t output =
	        i < d->n_products ? i : (int32_t)pl_random_below(&r, (uint64_t)d->n_products);
	pl_council_row row = begin_council(id, "workplace", i, PL_WORKERS);
	d->taken[output] = i + 1;
	for (int32_t k = 0; k < d->spec->inputs; k++)
		list[k] = k < d->n_primary_inputs
		                  ? draw_good(d, &r, i, d->n_products, d->n_primary)
		                  : draw_good(d, &r, i, 0, d->n_products);
	if (d->spec->kind == PL_GENERATE_CES)
		draw_ces(d, &row, &r);
	else if (d->spec->kind == PL_GENERATE_EFFORT)
		draw_effort(d, &row, &r);
	else
		draw_recipe(d, &row, &r);
	PL_TRY(pl_builder_council(&at, d->b, &row, err));
	PL_TRY(pl_builder_link(d->b, at, output, PL_MAKES, 1, NAN, err));
	for (int32_t k = 0; k < d->spec->inputs; k++)
		PL_TRY(pl_builder_link(d->b, at, list[k], PL_USES, d->amount[k], NAN, err));
	return PL_OK;
}

/// Some products in turn, so that each is wanted as far as wants go, and others from anywhere.
static pl_status add_consumers(const making *d, int32_t c, pl_error *err)
{
	const int32_t i = d->spec->workplaces + c;
	pl_random r = pl_random_new(d->spec->seed, (uint64_t)i);
	char id[32];
	int32_t at, n = 0;
	pl_council_row row = begin_council(id, "household", c, PL_CONSUMERS);
	row.schedule = PL_S_budget_ces;
	row.param[PL_P_budget_ces_sigma] = draw_spread(&r, d->sigma);
	row.income = (double)PER_WORKPLACE * d->spec->workplaces / d->spec->consumers *
	             pl_draft_uniform(&r, income_low, income_high);
	for (int64_t turn = c; turn < d->n_products && n < d->n_wants;
	     turn += d->spec->consumers) {
		d->taken[turn] = i + 1;
		d->list[n++] = (int32_t)turn;
	}
	while (n < d->n_wants) d->list[n++] = draw_good(d, &r, i, 0, d->n_products);
	draw_shares(d, &r, n, 1);
	PL_TRY(pl_builder_council(&at, d->b, &row, err));
	for (int32_t k = 0; k < n; k++)
		PL_TRY(pl_builder_link(d->b, at, d->list[k], PL_WANTS, d->amount[k], NAN, err));
	return PL_OK;
}

static pl_status fill(const making *d, pl_error *err)
{
	char name[64];
	(void)snprintf(name, sizeof name, "Economy for rounds %llu",
	               (unsigned long long)d->spec->seed);
	PL_TRY(pl_builder_about(d->b, name, NULL, NULL, err));
	PL_TRY(add_goods(d, err));
	for (int32_t i = 0; i < d->spec->workplaces; i++) PL_TRY(add_workplace(d, i, err));
	for (int32_t c = 0; c < d->spec->consumers; c++) PL_TRY(add_consumers(d, c, err));
	return PL_OK;
}

static pl_spread spread_or(pl_spread given, double low, double high)
{
	return given.given ? given : (pl_spread){low, high, true};
}

static pl_status lay_out(making *d, const pl_generate_spec *spec, pl_error *err)
{
	const bool ces = spec->kind == PL_GENERATE_CES;
	const bool varied = spec->kind == PL_GENERATE_CAPACITIES;
	const int32_t part = spec->goods / PRIMARY_PART;
	*d = (making){.spec = spec};
	d->n_primary = part > 1 ? part : 1;
	d->n_products = spec->goods - d->n_primary;
	d->n_primary_inputs = (spec->inputs + PRIMARY_EVERY - 1) / PRIMARY_EVERY;
	d->n_wants = d->n_products < WANTS ? d->n_products : WANTS;
	d->returns = spread_or(spec->returns, ces ? 0.6 : 0.75, ces ? 0.9 : 0.85);
	d->sigma = spread_or(spec->sigma, varied ? 0.5 : 1, varied ? 1.5 : 1);
	if (!(d->returns.low > 0 && d->returns.low <= d->returns.high &&
	      d->returns.high <= returns_most))
		return pl_fail(err, PL_EARG, -1,
		               "returns are two numbers above 0 and at most %g, the smaller "
		               "first",
		               returns_most);
	if (!(d->sigma.low >= 0 && d->sigma.low <= d->sigma.high &&
	      d->sigma.high <= sigma_most))
		return pl_fail(err, PL_EARG, -1,
		               "elasticities are two numbers from 0 to %g, the smaller first",
		               sigma_most);
	if (d->n_primary_inputs > d->n_primary ||
	    spec->inputs - d->n_primary_inputs > d->n_products - 1)
		return pl_fail(err, PL_EARG, -1,
		               "%d different inputs, %d of them labour and resources, are more "
		               "than %d goods have (%d of them labour and resources); give "
		               "fewer inputs or more goods",
		               (int)spec->inputs, (int)d->n_primary_inputs, (int)spec->goods,
		               (int)d->n_primary);
	if (spec->workplaces < d->n_products)
		return pl_fail(err, PL_EARG, -1,
		               "%d workplaces cannot make %d goods; give as many or more",
		               (int)spec->workplaces, (int)d->n_products);
	return PL_OK;
}

pl_status pl_draft_rounds_check(const pl_generate_spec *spec, pl_error *err)
{
	making d;
	return lay_out(&d, spec, err);
}

pl_status pl_draft_rounds(pl_model **out, const pl_generate_spec *spec, pl_error *err)
{
	making d;
	*out = NULL;
	PL_TRY(lay_out(&d, spec, err));
	const int32_t most = spec->inputs > d.n_wants ? spec->inputs : d.n_wants;
	pl_status s = PL_ENOMEM;
	d.taken = pl_alloc(spec->goods, sizeof *d.taken);
	d.list = pl_alloc(most, sizeof *d.list);
	d.amount = pl_alloc(most, sizeof *d.amount);
	if (!d.taken || !d.list || !d.amount)
		(void)pl_fail(err, PL_ENOMEM, -1, "no memory for an economy of %d goods",
		              (int)spec->goods);
	else if ((s = pl_builder_new(&d.b, err)) == PL_OK) {
		s = fill(&d, err);
		if (s == PL_OK)
			s = pl_builder_finish(out, d.b, NULL, NULL, err);
		else
			pl_builder_free(d.b);
	}
	pl_free(d.taken);
	pl_free(d.list);
	pl_free(d.amount);
	return s;
}
