/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* generate_published.c - the economies of the published simulations of participatory
 * planning, at any size: smooth workplaces with effort, consumers with fixed budget shares.
 *
 * Source: the ranges of wcs.clj and ccs.clj in M. Szczepanczyk's program pequod-cljs, whose
 * results stand in chapter 9 of R. Hahnel, "Democratic Economic Planning" (2021). Published
 * size: 100 goods in each of five classes, 10,000 workplaces in each of three, 30,000
 * consumers' councils. */
#include "base/alloc.h"
#include "base/error.h"
#include "lab/draft.h"

#include <math.h>
#include <stdio.h>

typedef enum { INTERMEDIATE, PRIVATE, PUBLIC, NATURE, LABOUR, CLASSES } good_class;
enum {
	MADE_CLASSES = NATURE, /* the rest is endowed */
	LEAST_IN_CLASS = 5,    /* so that four inputs beside the own product can be drawn */
	INTERMEDIATES = 4,     /* a workplace uses 1 to so many, */
	ENDOWED = 2            /* and of nature and of labour 1 to so many */
};
static const double inputs_low = 0.75, inputs_high = 0.85; /* sum of exponents, about */
static const double effort_low = 0.05, effort_high = 0.1;  /* c */
static const double exponent_low = 3, exponent_high = 4;   /* k */
static const double scale_low = 4, scale_high = 6;         /* a */
static const double utility_low = 0.005, utility_high = 0.01;
static const double income = 5000, endowment = 1000, start_price = 700;

static const struct {
	const char *name, *unit;
	pl_good_kind kind;
} classes[CLASSES] = {
        [INTERMEDIATE] = {"intermediate", "unit", PL_PRODUCT},
        [PRIVATE] = {"private", "unit", PL_PRODUCT},
        [PUBLIC] = {"public", "unit", PL_PUBLIC},
        [NATURE] = {"nature", "unit", PL_RESOURCE},
        [LABOUR] = {"labour", "hour", PL_LABOUR},
};

/// Goods stand by class, n of each.
typedef struct {
	pl_builder *b;
	const pl_generate_spec *spec;
	int32_t n;
} making;

static pl_status add_goods(const making *d, pl_error *err)
{
	for (int32_t j = 0; j < CLASSES * d->n; j++) {
		const int32_t class = j / d->n;
		char id[32];
		int32_t at;
		(void)snprintf(id, sizeof id, "%s-%d", classes[class].name,
		               (int)(j % d->n) + 1);
		const pl_good_row row = {.id = id,
		                         .unit = classes[class].unit,
		                         .category = classes[class].name,
		                         .kind = classes[class].kind,
		                         .price = start_price,
		                         .supply = class < MADE_CLASSES ? NAN : endowment,
		                         .elasticity = NAN,
		                         .step = NAN};
		PL_TRY(pl_builder_good(&at, d->b, &row, err));
	}
	return PL_OK;
}

/// Add 1 to @p most different goods of a class to the list, none of them @p but.
static int32_t draw_goods(const making *d, pl_random *r, int32_t *list, int32_t listed,
                          good_class class, int32_t most, int32_t but)
{
	const int64_t wanted = listed + pl_random_between(r, 1, most);
	while (listed < wanted) {
		const int32_t j =
		        (int32_t) class * d->n + (int32_t)pl_random_below(r, (uint64_t)d->n);
		bool drawn = j == but;
		for (int32_t k = 0; k < listed; k++) drawn = drawn || list[k] == j;
		if (!drawn) list[listed++] = j;
	}
	return listed;
}

/// The first workplaces of a class make one good each, the others any of it.
static int32_t draw_output(const making *d, pl_random *r, int32_t i)
{
	const int32_t class = i % MADE_CLASSES, turn = i / MADE_CLASSES;
	return class * d->n +
	       (turn < d->n ? turn : (int32_t)pl_random_below(r, (uint64_t)d->n));
}

static pl_status add_links(const making *d, pl_random *r, int32_t i, pl_error *err)
{
	int32_t input[INTERMEDIATES + 2 * ENDOWED], n = 0;
	const int32_t output = draw_output(d, r, i);
	n = draw_goods(d, r, input, n, INTERMEDIATE, INTERMEDIATES, output);
	n = draw_goods(d, r, input, n, NATURE, ENDOWED, -1);
	n = draw_goods(d, r, input, n, LABOUR, ENDOWED, -1);
	PL_TRY(pl_builder_link(d->b, i, output, PL_MAKES, 1, NAN, err));
	for (int32_t k = 0; k < n; k++)
		PL_TRY(pl_builder_link(d->b, i, input[k], PL_USES,
		                       pl_draft_uniform(r, inputs_low / n, inputs_high / n),
		                       NAN, err));
	return PL_OK;
}

static pl_status add_workplace(const making *d, int32_t i, pl_error *err)
{
	char id[32];
	int32_t at;
	pl_random r = pl_random_new(d->spec->seed, (uint64_t)i);
	pl_council_row row = {.kind = PL_WORKERS,
	                      .community = 0,
	                      .members = NAN,
	                      .income = NAN,
	                      .schedule = PL_S_cobb_douglas};
	(void)snprintf(id, sizeof id, "workplace-%d", (int)i + 1);
	row.id = id;
	row.param[PL_P_cobb_douglas_scale] = pl_draft_uniform(&r, scale_low, scale_high);
	row.param[PL_P_cobb_douglas_effort_elasticity] =
	        pl_draft_uniform(&r, effort_low, effort_high);
	row.param[PL_P_cobb_douglas_effort_exponent] =
	        pl_draft_uniform(&r, exponent_low, exponent_high);
	row.param[PL_P_cobb_douglas_effort_weight] = 1;
	PL_TRY(pl_builder_council(&at, d->b, &row, err));
	return add_links(d, &r, i, err);
}

static pl_status add_consumers(const making *d, int32_t c, pl_error *err)
{
	const int32_t i = d->spec->workplaces + c;
	char id[32];
	int32_t at;
	pl_random r = pl_random_new(d->spec->seed, (uint64_t)i);
	pl_council_row row = {.kind = PL_CONSUMERS,
	                      .community = 0,
	                      .members = NAN,
	                      .income = income,
	                      .schedule = PL_S_budget_cd};
	(void)snprintf(id, sizeof id, "household-%d", (int)c + 1);
	row.id = id;
	for (int p = 0; p < PL_PARAM_SLOTS; p++) row.param[p] = NAN;
	PL_TRY(pl_builder_council(&at, d->b, &row, err));
	for (int32_t j = (int32_t)PRIVATE * d->n; j < (int32_t)NATURE * d->n; j++)
		PL_TRY(pl_builder_link(d->b, i, j, PL_WANTS,
		                       pl_draft_uniform(&r, utility_low, utility_high), NAN,
		                       err));
	return PL_OK;
}

static pl_status fill(const making *d, pl_error *err)
{
	const pl_community_row region = {.id = "region", .parent = -1, .members = NAN};
	char name[64];
	int32_t at;
	(void)snprintf(name, sizeof name, "Economy of the published kind %llu",
	               (unsigned long long)d->spec->seed);
	PL_TRY(pl_builder_about(d->b, name, NULL, NULL, err));
	PL_TRY(pl_builder_community(&at, d->b, &region, err));
	PL_TRY(add_goods(d, err));
	for (int32_t i = 0; i < d->spec->workplaces; i++) PL_TRY(add_workplace(d, i, err));
	for (int32_t c = 0; c < d->spec->consumers; c++) PL_TRY(add_consumers(d, c, err));
	return PL_OK;
}

pl_status pl_draft_published_check(const pl_generate_spec *spec, pl_error *err)
{
	const int32_t n = spec->goods / CLASSES;
	if (spec->goods % CLASSES != 0 || n < LEAST_IN_CLASS)
		return pl_fail(err, PL_EARG, -1,
		               "an economy of the published kind has five classes of equally "
		               "many goods, at least %d in each; give 25, 30, 35 ... goods",
		               LEAST_IN_CLASS);
	if (spec->workplaces < MADE_CLASSES * n)
		return pl_fail(err, PL_EARG, -1,
		               "%d workplaces cannot make %d goods; give as many or more",
		               (int)spec->workplaces, (int)(MADE_CLASSES * n));
	return PL_OK;
}

pl_status pl_draft_published(pl_model **out, const pl_generate_spec *spec, pl_error *err)
{
	making d = {.spec = spec, .n = spec->goods / CLASSES};
	*out = NULL;
	PL_TRY(pl_draft_published_check(spec, err));
	PL_TRY(pl_builder_new(&d.b, err));
	const pl_status s = fill(&d, err);
	if (s == PL_OK) return pl_builder_finish(out, d.b, NULL, NULL, err);
	pl_builder_free(d.b);
	return s;
}
