/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Each council's links and each good's price come from a stream of their own and are drawn in
 * parallel; sums over councils are taken in one order. Values are solved for at the drawn
 * prices as in generate.c, then turned into amounts. */
#include "lab/bench_economy.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/random.h"
#include "base/threads.h"
#include "model/bulk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	PRIMARY_PART = 10,  /* one good in ten is labour or a resource */
	PRIMARY_EVERY = 3,  /* one input in three is primary */
	NEAR_IN = 4,        /* of so many inputs of the clustered layout one is from anywhere */
	NEAR_PART = 100,    /* a neighbourhood is one product in so many, */
	NEAR_INPUTS = 3,    /* and at least so many times the inputs */
	MOST = 10000000,    /* of everything, as in generate.c */
	MOST_INPUTS = 1000, /* of a workplace */
	VALUE_ROUNDS = 2000, /* 0.98^2000 is far below value_exact */
	BLOCK = 1024         /* councils that a thread takes at a time */
};
static const double price_level = 2;      /* credits; so that prices of 1 are far too low */
static const double price_spread = 0.5;   /* deviation of the log price */
static const double share_least = 0.1;    /* of an input, before the shares are scaled; up to */
static const double share_most = 1.1;     /* here */
static const double weight_spread = 0.5;  /* deviation of a maker's log part of its market */
static const double income_mean = 100;    /* credits of a consumers' council */
static const double income_spread = 0.2;  /* deviation of its log */
static const double value_exact = 1e-7;   /* largest relative change of a value at the end */
static const double capacity_least = 1.5; /* over what is needed at the drawn prices, up to */
static const double capacity_most = 2;    /* here */
static const double supply_least = 0.8;   /* recipe: primary goods over what is needed, up to */
static const double supply_most = 1.3;    /* here */
static const double effort_least = 0.9;   /* recipe: effort of an unsloped maker over what */
static const double effort_most = 1.1;    /* breaks even, up to here */
static const double slope_part = 0.5;     /* recipe: of effort at the drawn plan due to slope */
static const uint64_t goods_stream = (uint64_t)1 << 40;
static const uint64_t supply_stream = (uint64_t)1 << 41;
static const uint64_t shock_stream = (uint64_t)1 << 42;

const char *pl_bench_layout_name(int layout)
{
	static const char *const names[PL_BENCH_LAYOUTS] = {"clustered", "uniform"};
	return layout >= 0 && layout < PL_BENCH_LAYOUTS ? names[layout] : NULL;
}

const char *pl_bench_schedule_name(int schedule)
{
	static const char *const names[PL_BENCH_SCHEDULES] = {"cobb_douglas", "recipe"};
	return schedule >= 0 && schedule < PL_BENCH_SCHEDULES ? names[schedule] : NULL;
}

/// An economy in the making. Goods are products, then primary ones; councils are
/// workplaces, then consumers. A workplace's first link is its output.
typedef struct {
	const pl_bench_spec *spec;
	pl_bulk b;
	int32_t n_products, n_primary, n_wants;
	double *price;   ///< [goods] credits per unit
	double *value;   ///< [goods] asked for by all, credits
	double *next;    ///< [goods] the same, a round of inputs later
	double *revenue; ///< [workplaces] part of the market of its product, then credits
} making;

static int32_t smaller(int64_t a, int64_t b)
{
	return (int32_t)(a < b ? a : b);
}

static double uniform(pl_random *r, double low, double high)
{
	return low + (high - low) * pl_random_unit(r);
}

static int32_t primary_inputs(int32_t inputs)
{
	return (inputs + PRIMARY_EVERY - 1) / PRIMARY_EVERY;
}

/// A neighbourhood of n goods around the place that output o has among the products.
static void neighbourhood(const making *d, int32_t o, int32_t n, int32_t *first, int32_t *width)
{
	const int32_t wide = n / NEAR_PART, needed = NEAR_INPUTS * d->spec->inputs;
	const int32_t centre = (int32_t)((int64_t)o * n / d->n_products);
	*width = smaller(wide > needed ? wide : needed, n);
	*first = centre - *width / 2;
	if (*first > n - *width) *first = n - *width;
	if (*first < 0) *first = 0;
}

static bool has_good(const int32_t *good, int64_t n, int32_t wanted)
{
	for (int64_t k = 0; k < n; k++)
		if (good[k] == wanted) return true;
	return false;
}

/// A primary good or a product that is not among the first n of this council's.
static int32_t draw_input(const making *d, pl_random *r, const int32_t *good, int64_t n,
                          bool primary)
{
	const int32_t pool = primary ? d->n_primary : d->n_products;
	int32_t first = 0, width = pool, j;
	neighbourhood(d, good[0], pool, &first, &width);
	do {
		const bool near = d->spec->layout == PL_BENCH_CLUSTERED &&
		                  pl_random_below(r, NEAR_IN) != 0;
		j = near ? first + (int32_t)pl_random_below(r, (uint64_t)width)
		         : (int32_t)pl_random_below(r, (uint64_t)pool);
		if (primary) j += d->n_products;
	} while (has_good(good, n, j));
	return j;
}

/// Every product has a maker. Clustered: industry after industry; uniform: further ones make
/// anything.
static int32_t draw_output(const making *d, pl_random *r, int32_t i)
{
	if (d->spec->layout == PL_BENCH_CLUSTERED)
		return (int32_t)((int64_t)i * d->n_products / d->spec->workplaces);
	return i < d->n_products ? i : (int32_t)pl_random_below(r, (uint64_t)d->n_products);
}

static void draw_workplace(making *d, int32_t i)
{
	const int32_t n = d->spec->inputs;
	const int64_t at = (int64_t)i * (n + 1);
	int32_t *good = d->b.good + at;
	double *share = d->b.amount + at, all = 0;
	pl_random r = pl_random_new(d->spec->seed, (uint64_t)i);
	d->b.start[i] = at;
	d->b.council_kind[i] = PL_WORKERS;
	d->b.role[at] = PL_MAKES;
	good[0] = draw_output(d, &r, i);
	share[0] = 1;
	for (int32_t k = 1; k <= n; k++) {
		good[k] = draw_input(d, &r, good, k, k % PRIMARY_EVERY == 1);
		share[k] = uniform(&r, share_least, share_most);
		d->b.role[at + k] = PL_USES;
		all += share[k];
	}
	const double returns = uniform(&r, d->spec->returns_low, d->spec->returns_high);
	for (int32_t k = 1; k <= n; k++) share[k] *= returns / all;
	d->revenue[i] = pl_exp(weight_spread * pl_random_normal(&r));
}

/// Some products in turn, so that each is wanted, and others from anywhere.
static void draw_consumers(making *d, int32_t c)
{
	const int32_t i = d->spec->workplaces + c, n = d->n_wants;
	const int64_t at =
	        (int64_t)d->spec->workplaces * (d->spec->inputs + 1) + (int64_t)c * n;
	int32_t *good = d->b.good + at;
	pl_random r = pl_random_new(d->spec->seed, (uint64_t)i);
	d->b.start[i] = at;
	d->b.council_kind[i] = PL_CONSUMERS;
	d->b.schedule[i] = PL_S_budget_cd;
	d->b.income[i] = income_mean * pl_exp(income_spread * pl_random_normal(&r));
	for (int32_t k = 0; k < n; k++) {
		const int64_t turn = c + (int64_t)k * d->spec->consumers;
		if (turn < d->n_products) {
			good[k] = (int32_t)turn;
		} else {
			do good[k] = (int32_t)pl_random_below(&r, (uint64_t)d->n_products);
			while (has_good(good, k, good[k]));
		}
		d->b.role[at + k] = PL_WANTS;
		d->b.amount[at + k] = uniform(&r, share_least, share_most);
	}
}

static void draw_goods(making *d)
{
	for (int32_t j = 0; j < d->spec->goods; j++) {
		pl_random r = pl_random_new(d->spec->seed, goods_stream + (uint64_t)j);
		d->price[j] = price_level * pl_exp(price_spread * pl_random_normal(&r));
		d->b.good_kind[j] = j < d->n_products              ? PL_PRODUCT
		                    : (j - d->n_products) % 2 == 0 ? PL_LABOUR
		                                                   : PL_RESOURCE;
	}
}

static void draw_councils(making *d)
{
	const int32_t w = d->spec->workplaces, c = d->spec->consumers;
#pragma omp parallel for schedule(dynamic, BLOCK) if (w >= PL_PAR_MIN)
	for (int32_t i = 0; i < w; i++) draw_workplace(d, i);
#pragma omp parallel for schedule(dynamic, BLOCK) if (c >= PL_PAR_MIN)
	for (int32_t i = 0; i < c; i++) draw_consumers(d, i);
	d->b.start[w + c] = d->b.model->n_links;
}

/// Makers' parts of their markets sum to 1. `next` becomes what consumers ask for.
static void sum_markets(making *d)
{
	const int32_t w = d->spec->workplaces;
	for (int32_t i = 0; i < w; i++) d->value[d->b.good[d->b.start[i]]] += d->revenue[i];
	for (int32_t i = 0; i < w; i++) d->revenue[i] /= d->value[d->b.good[d->b.start[i]]];
	for (int32_t i = w; i < w + d->spec->consumers; i++) {
		double all = 0;
		for (int64_t k = d->b.start[i]; k < d->b.start[i + 1]; k++)
			all += d->b.amount[k];
		for (int64_t k = d->b.start[i]; k < d->b.start[i + 1]; k++)
			d->next[d->b.good[k]] += d->b.income[i] * d->b.amount[k] / all;
	}
}

/// next += what makers use when their goods are asked for by `value`.
static void add_inputs(making *d)
{
	for (int32_t i = 0; i < d->spec->workplaces; i++) {
		const int64_t at = d->b.start[i];
		const double made = d->revenue[i] * d->value[d->b.good[at]];
		for (int64_t k = at + 1; k < d->b.start[i + 1]; k++)
			d->next[d->b.good[k]] += d->b.amount[k] * made;
	}
}

/// @return largest relative change of a value
static double take_next(making *d)
{
	double change = 0;
	for (int32_t j = 0; j < d->spec->goods; j++) {
		const double move = fabs(d->next[j] - d->value[j]);
		if (move > change * d->next[j]) change = move / d->next[j];
		d->value[j] = d->next[j];
	}
	return change;
}

/// value = wants + inputs. Inputs are a part below 1 of what is made, and a third of them
/// primary, so each round shrinks what is missing at least as far.
static void solve_values(making *d, const double *wants)
{
	const size_t size = (size_t)d->spec->goods * sizeof *wants;
	memcpy(d->value, wants, size);
	for (int round = 0; round < VALUE_ROUNDS; round++) {
		memcpy(d->next, wants, size);
		add_inputs(d);
		if (take_next(d) < value_exact) return;
	}
}

/// At the drawn prices a workplace makes goods for its revenue, if
/// ln A = (1 - B) ln R - ln p + sum b (ln q - ln b), with q the prices of its inputs and B =
/// sum b: R = p A prod x^b and x = b R / q.
static void set_cobb_douglas(making *d, int32_t i)
{
	const int64_t at = d->b.start[i];
	const double made = d->revenue[i] * d->value[d->b.good[at]];
	double sum = 0, log_scale = -pl_log(d->price[d->b.good[at]]);
	for (int64_t k = at + 1; k < d->b.start[i + 1]; k++) {
		const double b = d->b.amount[k];
		log_scale += b * pl_log(d->price[d->b.good[k]] / b);
		sum += b;
	}
	d->b.schedule[i] = PL_S_cobb_douglas;
	d->b.param[PL_P_cobb_douglas_scale][i] = pl_exp(log_scale + (1 - sum) * pl_log(made));
	d->b.param[PL_P_cobb_douglas_effort_elasticity][i] = 0;
	d->b.param[PL_P_cobb_douglas_effort_exponent][i] = 2;
	d->b.param[PL_P_cobb_douglas_effort_weight][i] = 1;
}

/// Inputs worth the drawn shares at the drawn prices; effort takes the rest of the price,
/// some more or less of it in a workplace without a slope.
static void set_recipe(making *d, int32_t i)
{
	const int64_t at = d->b.start[i];
	const double p = d->price[d->b.good[at]];
	const double made = d->revenue[i] * d->value[d->b.good[at]] / p;
	double rest = p;
	pl_random r = pl_random_new(~d->spec->seed, (uint64_t)i);
	for (int64_t k = at + 1; k < d->b.start[i + 1]; k++) {
		rest -= d->b.amount[k] * p;
		d->b.amount[k] *= p / d->price[d->b.good[k]];
	}
	const double room = uniform(&r, capacity_least, capacity_most);
	const bool sloped = pl_random_below(&r, 2) == 0;
	d->b.schedule[i] = PL_S_recipe;
	d->b.param[PL_P_recipe_capacity][i] = made * room;
	d->b.param[PL_P_recipe_effort][i] =
	        sloped ? (1 - slope_part) * rest
	               : rest * uniform(&r, effort_least, effort_most);
	d->b.param[PL_P_recipe_slope][i] = sloped ? slope_part * rest * room : 0;
	d->b.param[PL_P_recipe_response][i] = 1;
}

static void set_amounts(making *d)
{
	const int32_t w = d->spec->workplaces;
	const bool recipe = d->spec->schedule == PL_BENCH_RECIPE;
#pragma omp parallel for schedule(static) if (w >= PL_PAR_MIN)
	for (int32_t i = 0; i < w; i++)
		if (recipe)
			set_recipe(d, i);
		else
			set_cobb_douglas(d, i);
	for (int32_t j = d->n_products; j < d->spec->goods; j++) {
		pl_random r = pl_random_new(d->spec->seed, supply_stream + (uint64_t)j);
		const double part = recipe ? uniform(&r, supply_least, supply_most) : 1;
		d->b.supply[j] = part * d->value[j] / d->price[j];
	}
}

/// What people want and have a year later; who makes what and how stays.
static void set_shock(making *d)
{
	const double low = 1 - d->spec->shock, high = 1 + d->spec->shock;
	const int32_t w = d->spec->workplaces, goods = d->spec->goods;
	for (int32_t i = w; i < w + d->spec->consumers; i++) {
		pl_random r = pl_random_new(d->spec->seed, shock_stream + (uint64_t)i);
		d->b.income[i] *= uniform(&r, low, high);
		for (int64_t k = d->b.start[i]; k < d->b.start[i + 1]; k++)
			d->b.amount[k] *= uniform(&r, low, high);
	}
	for (int32_t j = d->n_products; j < goods; j++) {
		pl_random r = pl_random_new(~d->spec->seed, shock_stream + (uint64_t)j);
		d->b.supply[j] *= uniform(&r, low, high);
	}
}

static pl_status check_spec(const pl_bench_spec *s, pl_error *err)
{
	if (s->goods < 4 || s->goods > MOST || s->workplaces < 1 || s->workplaces > MOST ||
	    s->consumers < 1 || s->consumers > MOST || s->inputs < 1 || s->inputs > MOST_INPUTS)
		return pl_fail(
		        err, PL_EARG, -1,
		        "an economy to measure has 4 to %d goods, 1 to %d workplaces and "
		        "consumers, and 1 to %d inputs of a workplace",
		        MOST, MOST, MOST_INPUTS);
	if (!(s->returns_low > 0 && s->returns_low <= s->returns_high &&
	      s->returns_high <= 0.999))
		return pl_fail(err, PL_EARG, -1,
		               "returns are two numbers above 0 and at most 0.999, the smaller "
		               "first");
	if (!(s->shock >= 0 && s->shock < 1))
		return pl_fail(err, PL_EARG, -1, "a shock is a part from 0 to below 1");
	return PL_OK;
}

static pl_status check_sizes(const making *d, pl_error *err)
{
	const pl_bench_spec *s = d->spec;
	const int32_t primary = primary_inputs(s->inputs);
	if (s->workplaces < d->n_products)
		return pl_fail(err, PL_EARG, -1,
		               "%d goods, of which %d are made, need as many workplaces; there "
		               "are %d",
		               (int)s->goods, (int)d->n_products, (int)s->workplaces);
	if (primary > d->n_primary || s->inputs - primary > d->n_products - 1)
		return pl_fail(err, PL_EARG, -1,
		               "%d different inputs, %d of them labour and resources, are more "
		               "than %d goods have (%d of them labour and resources); give "
		               "fewer inputs or more goods",
		               (int)s->inputs, (int)primary, (int)s->goods, (int)d->n_primary);
	if ((int64_t)s->consumers * d->n_wants < d->n_products)
		return pl_fail(
		        err, PL_EARG, -1,
		        "%d consumers' councils with %d wants each cannot want all of %d "
		        "products; give at least %d",
		        (int)s->consumers, (int)d->n_wants, (int)d->n_products,
		        (int)((d->n_products + d->n_wants - 1) / d->n_wants));
	return PL_OK;
}

static pl_status lay_out(making *d, const pl_bench_spec *spec, pl_error *err)
{
	const int32_t part = spec->goods / PRIMARY_PART;
	char name[64];
	*d = (making){.spec = spec};
	d->n_primary = part > 1 ? part : 1;
	d->n_products = spec->goods - d->n_primary;
	d->n_wants = smaller(PL_BENCH_WANTS, d->n_products);
	PL_TRY(check_sizes(d, err));
	(void)snprintf(name, sizeof name, "Economy to measure %llu",
	               (unsigned long long)spec->seed);
	return pl_bulk_new(&d->b, name, spec->goods, spec->workplaces + spec->consumers,
	                   (int64_t)spec->workplaces * (spec->inputs + 1) +
	                           (int64_t)spec->consumers * d->n_wants,
	                   err);
}

pl_status pl_bench_economy(pl_model **out, double *price, const pl_bench_spec *spec,
                           pl_error *err)
{
	making d;
	double *wants = NULL;
	*out = NULL;
	PL_TRY(check_spec(spec, err));
	PL_TRY(lay_out(&d, spec, err));
	pl_status s = PL_OK;
	d.price = pl_alloc(spec->goods, sizeof *d.price);
	d.value = pl_alloc(spec->goods, sizeof *d.value);
	d.next = pl_alloc(spec->goods, sizeof *d.next);
	d.revenue = pl_alloc(spec->workplaces, sizeof *d.revenue);
	wants = pl_alloc(spec->goods, sizeof *wants);
	if (!d.price || !d.value || !d.next || !d.revenue || !wants) {
		s = pl_fail(err, PL_ENOMEM, -1, "no memory for an economy of %d goods",
		            (int)spec->goods);
		pl_model_free(d.b.model);
		goto out;
	}
	draw_goods(&d);
	draw_councils(&d);
	sum_markets(&d);
	memcpy(wants, d.next, (size_t)spec->goods * sizeof *wants);
	solve_values(&d, wants);
	set_amounts(&d);
	if (spec->shock > 0) set_shock(&d);
	if (price != NULL) memcpy(price, d.price, (size_t)spec->goods * sizeof *price);
	*out = d.b.model;
out:
	pl_free(wants);
	pl_free(d.next);
	pl_free(d.value);
	pl_free(d.revenue);
	pl_free(d.price);
	return s;
}
