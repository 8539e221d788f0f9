/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/generate.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "lab/draft.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	WANTS = 12,  /* goods a consumers' council asks for, where there are so many */
	FURTHER = 4, /* links of a workplace besides inputs: output, joint product, permit */
	PRIMARY_PART = 10,  /* one good in ten is labour or a resource */
	JOINT_PERCENT = 15, /* workplaces with a joint product */
	PERMIT_EVERY = 5,   /* one workplace in five pollutes */
	COMMUNITY_SIZE = 10 /* consumers' councils of a community */
};
static const double cost_low = 0.4, cost_high = 0.85; /* inputs' share of revenue */
static const uint64_t goods_stream = (uint64_t)1 << 40;

const char *pl_generate_kind_name(int kind)
{
	static const char *const names[PL_GENERATE_KINDS] = {
	        [PL_GENERATE_RECIPE] = "recipe",         [PL_GENERATE_MIXED] = "mixed",
	        [PL_GENERATE_PUBLISHED] = "published",   [PL_GENERATE_CES] = "ces",
	        [PL_GENERATE_CAPACITIES] = "capacities", [PL_GENERATE_EFFORT] = "effort",
	};
	return kind >= 0 && kind < PL_GENERATE_KINDS ? names[kind] : NULL;
}

double pl_draft_uniform(pl_random *r, double low, double high)
{
	return low + (high - low) * pl_random_unit(r);
}

double pl_draft_round(double x)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%.2e", x);
	return strtod(text, NULL);
}

pl_random pl_draft_council(const pl_draft *d, int32_t council)
{
	return pl_random_new(d->spec->seed, (uint64_t)council);
}

static int32_t smaller(int64_t a, int64_t b)
{
	return (int32_t)(a < b ? a : b);
}

static void lay_out(pl_draft *d, const pl_generate_spec *spec)
{
	const bool mixed = spec->kind == PL_GENERATE_MIXED;
	const int32_t part = spec->goods / PRIMARY_PART;
	*d = (pl_draft){.spec = spec};
	d->n_goods = spec->goods;
	d->n_primary = part > 1 ? part : 1;
	d->n_products = spec->goods - d->n_primary - mixed;
	d->n_councils = spec->workplaces + spec->consumers + mixed;
	d->n_communities = 1 + (spec->consumers + COMMUNITY_SIZE - 1) / COMMUNITY_SIZE;
	d->room = (int64_t)spec->workplaces * (spec->inputs + FURTHER) +
	          (int64_t)spec->consumers * WANTS + d->n_products + 1;
}

static bool allocate(pl_draft *d)
{
	const int64_t n = d->n_goods, w = d->spec->workplaces, k = d->room;
	d->price = pl_alloc(n, sizeof *d->price);
	d->anchor = pl_alloc(n, sizeof *d->anchor);
	d->supply = pl_alloc(n, sizeof *d->supply);
	d->final = pl_alloc(n, sizeof *d->final);
	d->value = pl_alloc(n, sizeof *d->value);
	d->taken = pl_alloc(n, sizeof *d->taken);
	d->output = pl_alloc(w, sizeof *d->output);
	d->weight = pl_alloc(w, sizeof *d->weight);
	d->revenue = pl_alloc(w, sizeof *d->revenue);
	d->council = pl_alloc(d->n_councils, sizeof *d->council);
	d->start = pl_alloc((int64_t)d->n_councils + 1, sizeof *d->start);
	d->good = pl_alloc(k, sizeof *d->good);
	d->role = pl_alloc(k, sizeof *d->role);
	d->worth = pl_alloc(k, sizeof *d->worth);
	d->amount = pl_alloc(k, sizeof *d->amount);
	d->elasticity = pl_alloc(k, sizeof *d->elasticity);
	d->quantity = pl_alloc(k, sizeof *d->quantity);
	return d->price && d->anchor && d->supply && d->final && d->value && d->taken &&
	       d->output && d->weight && d->revenue && d->council && d->start && d->good &&
	       d->role && d->worth && d->amount && d->elasticity && d->quantity;
}

static void release(pl_draft *d)
{
	pl_free(d->price);
	pl_free(d->anchor);
	pl_free(d->supply);
	pl_free(d->final);
	pl_free(d->value);
	pl_free(d->taken);
	pl_free(d->output);
	pl_free(d->weight);
	pl_free(d->revenue);
	pl_free(d->council);
	pl_free(d->start);
	pl_free(d->good);
	pl_free(d->role);
	pl_free(d->worth);
	pl_free(d->amount);
	pl_free(d->elasticity);
	pl_free(d->quantity);
}

static void draw_goods(pl_draft *d)
{
	for (int32_t j = 0; j < d->n_goods; j++) {
		pl_random r = pl_random_new(d->spec->seed, goods_stream + (uint64_t)j);
		d->price[j] = pl_exp(0.5 * pl_random_normal(&r));
		d->anchor[j] = pl_draft_round(d->price[j] * pl_exp(0.3 * pl_random_normal(&r)));
	}
}

static void add_link(pl_draft *d, int32_t council, int32_t good, pl_role role, double worth)
{
	const int64_t k = d->n_links++;
	d->good[k] = good;
	d->role[k] = (uint8_t)role;
	d->worth[k] = worth;
	d->elasticity[k] = NAN;
	d->taken[good] = council + 1;
}

/// A good of [first, first + n) that this council has not drawn yet; there must be one.
static int32_t draw_good(pl_draft *d, pl_random *r, int32_t council, int32_t first, int32_t n)
{
	int32_t j;
	do j = first + (int32_t)pl_random_below(r, (uint64_t)n);
	while (d->taken[j] == council + 1);
	return j;
}

/// Inputs in parts that add up to @p cost of revenue, the first of them labour or a resource.
static void draw_inputs(pl_draft *d, pl_random *r, int32_t i, double cost)
{
	const int32_t pool = d->n_products + d->n_primary;
	const int32_t n = smaller(d->spec->inputs, pool - 1);
	const int64_t first = d->n_links;
	double all = 0;
	for (int32_t k = 0; k < n; k++) {
		const int32_t j = k == 0 ? draw_good(d, r, i, d->n_products, d->n_primary)
		                         : draw_good(d, r, i, 0, pool);
		add_link(d, i, j, PL_USES, pl_draft_uniform(r, 0.2, 1));
	}
	if (d->spec->kind == PL_GENERATE_MIXED && i % PERMIT_EVERY == 0)
		add_link(d, i, d->n_goods - 1, PL_USES, pl_draft_uniform(r, 0.2, 1));
	for (int64_t k = first; k < d->n_links; k++) all += d->worth[k];
	for (int64_t k = first; k < d->n_links; k++) d->worth[k] *= cost / all;
}

/// Every product has a maker as far as the workplaces go; further ones are other techniques.
static void draw_workplace(pl_draft *d, int32_t i)
{
	pl_random r = pl_draft_council(d, i);
	const bool first = i < d->n_products;
	const int32_t o = first ? i : (int32_t)pl_random_below(&r, (uint64_t)d->n_products);
	const bool idle =
	        d->spec->kind == PL_GENERATE_RECIPE && !first && pl_random_below(&r, 4) == 0;
	d->start[i] = d->n_links;
	d->output[i] = o;
	d->weight[i] = idle ? 0 : pl_draft_uniform(&r, 0.2, 1);
	add_link(d, i, o, PL_MAKES, 1);
	draw_inputs(d, &r, i, pl_draft_uniform(&r, cost_low, cost_high));
	if (d->spec->kind == PL_GENERATE_RECIPE && pl_random_below(&r, 100) < JOINT_PERCENT &&
	    d->n_links - d->start[i] < d->n_products) {
		/* Two statements: C leaves open which argument of a call is worked out first.
		 */
		const int32_t j = draw_good(d, &r, i, 0, d->n_products);
		add_link(d, i, j, PL_MAKES, pl_draft_uniform(&r, 0.05, 0.3));
	}
}

/// A council asks for its part of all products, so that each is asked for, and for some more.
static void draw_consumers(pl_draft *d, int32_t c)
{
	const int32_t i = d->spec->workplaces + c, most = smaller(WANTS, d->n_products);
	pl_random r = pl_draft_council(d, i);
	d->start[i] = d->n_links;
	for (int32_t j = c; j < d->n_products; j += d->spec->consumers)
		add_link(d, i, j, PL_WANTS, 20 * pl_exp(pl_random_normal(&r)));
	while (d->n_links - d->start[i] < most) {
		const int32_t j = draw_good(d, &r, i, 0, d->n_products);
		add_link(d, i, j, PL_WANTS, 20 * pl_exp(pl_random_normal(&r)));
	}
}

static void draw_all(pl_draft *d)
{
	const int32_t w = d->spec->workplaces;
	draw_goods(d);
	for (int32_t i = 0; i < w; i++) draw_workplace(d, i);
	for (int32_t c = 0; c < d->spec->consumers; c++) draw_consumers(d, c);
	if (d->spec->kind == PL_GENERATE_MIXED) {
		d->start[d->n_councils - 1] = d->n_links;
		add_link(d, d->n_councils - 1, d->n_goods - 1, PL_OFFERS, 0);
	}
	d->start[d->n_councils] = d->n_links;
	for (int32_t i = 0; i < w; i++) d->value[d->output[i]] += d->weight[i];
	for (int32_t i = 0; i < w; i++) d->weight[i] /= d->value[d->output[i]];
	for (int32_t j = 0; j < d->n_goods; j++) d->value[j] = 0;
}

/// One more round of inputs of inputs. @return largest relative change of a value
static double solve_step(pl_draft *d, double *next)
{
	double change = 0;
	memcpy(next, d->final, (size_t)d->n_goods * sizeof *next);
	for (int32_t i = 0; i < d->spec->workplaces; i++) {
		d->revenue[i] = d->weight[i] * d->value[d->output[i]];
		for (int64_t k = d->start[i]; k < d->start[i + 1]; k++)
			if (d->role[k] == PL_USES)
				next[d->good[k]] += d->worth[k] * d->revenue[i];
	}
	for (int32_t j = 0; j < d->n_goods; j++) {
		const double move = fabs(next[j] - d->value[j]);
		if (move > change * next[j]) change = move / next[j];
		d->value[j] = next[j];
	}
	return change;
}

void pl_draft_solve(pl_draft *d)
{
	/* 0.85^300 is below 1e-21; supply is free until the kind fills it in. */
	for (int k = 0; k < 300; k++)
		if (solve_step(d, d->supply) < 1e-15) break;
}

static pl_status add_communities(pl_builder *b, const pl_draft *d, pl_error *err)
{
	for (int32_t i = 0; i < d->n_communities; i++) {
		char id[32];
		int32_t at;
		if (i == 0)
			(void)snprintf(id, sizeof id, "region");
		else
			(void)snprintf(id, sizeof id, "town-%d", (int)i);
		const pl_community_row row = {
		        .id = id, .parent = i == 0 ? -1 : 0, .members = NAN};
		PL_TRY(pl_builder_community(&at, b, &row, err));
	}
	return PL_OK;
}

static pl_status add_goods(pl_builder *b, const pl_draft *d, pl_error *err)
{
	for (int32_t j = 0; j < d->n_goods; j++) {
		const int32_t primary = j - d->n_products;
		const bool product = primary < 0, permit = primary >= d->n_primary,
		           labour = primary % 2 == 0;
		const char *name = product  ? "good"
		                   : permit ? "smoke"
		                   : labour ? "labour"
		                            : "resource";
		const pl_good_kind kind = product  ? PL_PRODUCT
		                          : permit ? PL_POLLUTANT
		                          : labour ? PL_LABOUR
		                                   : PL_RESOURCE;
		char id[32];
		int32_t at;
		(void)snprintf(id, sizeof id, "%s-%d", name, (int)(product ? j : primary) + 1);
		const pl_good_row row = {.id = id,
		                         .unit = kind == PL_LABOUR ? "hour"
		                                 : permit          ? "permit"
		                                                   : "unit",
		                         .kind = kind,
		                         .price = d->anchor[j],
		                         .supply = d->supply[j],
		                         .elasticity = NAN,
		                         .step = NAN};
		PL_TRY(pl_builder_good(&at, b, &row, err));
	}
	return PL_OK;
}

static pl_status add_councils(pl_builder *b, const pl_draft *d, pl_error *err)
{
	const int32_t w = d->spec->workplaces;
	for (int32_t i = 0; i < d->n_councils; i++) {
		const int32_t c = i - w;
		pl_council_row row = d->council[i];
		char id[32];
		int32_t at;
		row.kind = c < 0                    ? PL_WORKERS
		           : c < d->spec->consumers ? PL_CONSUMERS
		                                    : PL_COMMUNITY;
		row.community = row.kind == PL_CONSUMERS ? 1 + c / COMMUNITY_SIZE : 0;
		row.members = NAN;
		(void)snprintf(id, sizeof id, "%s-%d",
		               c < 0                      ? "workplace"
		               : row.kind == PL_CONSUMERS ? "household"
		                                          : "air",
		               (int)(c < 0                      ? i
		                     : row.kind == PL_CONSUMERS ? c
		                                                : 0) +
		                       1);
		row.id = id;
		PL_TRY(pl_builder_council(&at, b, &row, err));
		for (int64_t k = d->start[i]; k < d->start[i + 1]; k++)
			PL_TRY(pl_builder_link(b, i, d->good[k], (pl_role)d->role[k],
			                       d->amount[k], d->elasticity[k], err));
	}
	return PL_OK;
}

static pl_status build(pl_model **out, const pl_draft *d, pl_error *err)
{
	pl_builder *b;
	char name[64];
	PL_TRY(pl_builder_new(&b, err));
	(void)snprintf(name, sizeof name, "Made-up economy %llu",
	               (unsigned long long)d->spec->seed);
	pl_status s = pl_builder_about(b, name, NULL, NULL, err);
	if (s == PL_OK) s = add_communities(b, d, err);
	if (s == PL_OK) s = add_goods(b, d, err);
	if (s == PL_OK) s = add_councils(b, d, err);
	if (s == PL_OK) return pl_builder_finish(out, b, NULL, NULL, err);
	pl_builder_free(b);
	return s;
}

pl_status pl_generate_check(const pl_generate_spec *s, pl_error *err)
{
	enum { MOST = 10000000, MOST_INPUTS = 1000 };
	if (s->workplaces < 1 || s->workplaces > MOST || s->consumers < 1 ||
	    s->consumers > MOST || s->goods < 4 || s->goods > MOST)
		return pl_fail(err, PL_EARG, -1,
		               "a made-up economy has 1 to %d workplaces and consumers and 4 "
		               "to %d goods",
		               MOST, MOST);
	if (s->inputs < 1 || s->inputs > MOST_INPUTS)
		return pl_fail(err, PL_EARG, -1, "a workplace has 1 to %d inputs", MOST_INPUTS);
	if (s->kind == PL_GENERATE_PUBLISHED) return pl_draft_published_check(s, err);
	if (s->kind > PL_GENERATE_PUBLISHED) return pl_draft_rounds_check(s, err);
	return PL_OK;
}

void pl_generated_clear(pl_generated *g)
{
	pl_free(g->price);
	pl_free(g->quantity);
	*g = (pl_generated){0};
}

pl_status pl_generate(pl_model **out, pl_generated *known, const pl_generate_spec *spec,
                      pl_error *err)
{
	pl_draft d;
	*out = NULL;
	if (known != NULL) *known = (pl_generated){0};
	PL_TRY(pl_generate_check(spec, err));
	if (spec->kind == PL_GENERATE_PUBLISHED) return pl_draft_published(out, spec, err);
	if (spec->kind > PL_GENERATE_PUBLISHED) return pl_draft_rounds(out, spec, err);
	lay_out(&d, spec);
	pl_status s = PL_OK;
	if (!allocate(&d)) {
		s = pl_fail(err, PL_ENOMEM, -1, "no memory for an economy of %lld links",
		            (long long)d.room);
		goto out;
	}
	draw_all(&d);
	if (spec->kind == PL_GENERATE_RECIPE)
		pl_draft_recipe(&d);
	else
		pl_draft_mixed(&d);
	s = build(out, &d, err);
	if (s == PL_OK && known != NULL) {
		known->quantity = d.quantity;
		d.quantity = NULL;
		known->price = spec->kind == PL_GENERATE_MIXED ? d.price : NULL;
		if (known->price != NULL) d.price = NULL;
	}
out:
	release(&d);
	return s;
}
