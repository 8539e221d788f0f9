/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_economy.h - for the tests of this room (after tests/pl_test.h): a small economy with
 * every schedule, and whether two models are the same. */
#ifndef PL_MODEL_TEST_ECONOMY_H
#define PL_MODEL_TEST_ECONOMY_H
#include "base/alloc.h"

#include <math.h>
#include <plenum/model.h>
#include <string.h>

enum { WHEAT, COAL, AIR, SMOKE, LABOUR };                     /* goods */
enum { MILL, FIELD, FORGE, NEED, HOME, SHOP, FEAST, HEALTH }; /* councils */

static inline pl_good_row good_row(const char *id, pl_good_kind kind)
{
	const double none = (double)NAN;
	return (pl_good_row){id, NULL, NULL, NULL, kind, none, none, none, none};
}

static inline pl_community_row community_row(const char *id, int32_t parent)
{
	return (pl_community_row){id, NULL, parent, (double)NAN};
}

static inline pl_council_row council_row(const char *id, pl_council_kind kind, pl_schedule s)
{
	const double none = (double)NAN;
	return (pl_council_row){id, NULL, kind, -1, none, none, s, {none, none, none, none}};
}

/// A council of each schedule with what it must give, by the numbers above.
static inline pl_council_row council_with(int i)
{
	static const char *const id[] = {"mill", "field", "forge", "need",
	                                 "home", "shop",  "feast", "health"};
	static const pl_schedule s[] = {PL_S_recipe,     PL_S_cobb_douglas, PL_S_ces,
	                                PL_S_request,    PL_S_isoelastic,   PL_S_budget_cd,
	                                PL_S_budget_ces, PL_S_affected};
	const pl_council_kind kind = i <= FORGE    ? PL_WORKERS
	                             : i == HEALTH ? PL_COMMUNITY
	                                           : PL_CONSUMERS;
	pl_council_row row = council_row(id[i], kind, s[i]);
	if (i == FORGE) {
		row.param[PL_P_ces_returns] = 0.5;
		row.param[PL_P_ces_sigma] = 2;
	}
	if (i == SHOP || i == FEAST) row.income = 100;
	if (i == FEAST) row.param[PL_P_budget_ces_sigma] = 0.5;
	if (i == HEALTH) {
		row.param[PL_P_affected_damage_weight] = 3;
		row.param[PL_P_affected_damage_exponent] = 2;
	}
	return row;
}

typedef struct {
	int32_t council, good;
	pl_role role;
	double amount, elasticity;
} test_link;

/// Links of the small economy; HOME's wheat is twice there, FORGE's rows stand apart.
static inline const test_link *test_links(int *n)
{
#define NONE ((double)NAN)
	static const test_link links[] = {
	        {MILL, WHEAT, PL_MAKES, 2, NONE},       {MILL, WHEAT, PL_USES, 0.5, NONE},
	        {MILL, AIR, PL_USES, 4, NONE},          {FORGE, COAL, PL_MAKES, 1, NONE},
	        {FIELD, WHEAT, PL_MAKES, 1, NONE},      {FIELD, LABOUR, PL_USES, 0.5, NONE},
	        {FIELD, SMOKE, PL_USES, 0.25, NONE},    {FORGE, LABOUR, PL_USES, 3, NONE},
	        {NEED, COAL, PL_WANTS, -7, NONE},       {NEED, AIR, PL_WANTS, 1, NONE},
	        {HOME, WHEAT, PL_WANTS, 2, NONE},       {HOME, COAL, PL_WANTS, 5, 0},
	        {HOME, WHEAT, PL_WANTS, 3, 0.75},       {SHOP, COAL, PL_WANTS, 2, NONE},
	        {FEAST, WHEAT, PL_WANTS, 1, NONE},      {FEAST, COAL, PL_WANTS, 0, NONE},
	        {HEALTH, SMOKE, PL_OFFERS, NONE, NONE},
	};
#undef NONE
	*n = (int)(sizeof links / sizeof links[0]);
	return links;
}

/// Whether a call got its memory; if not, all that it asks for from now on is granted.
static inline bool granted(pl_status got)
{
#ifdef PL_ALLOC_FAULTS
	if (got == PL_ENOMEM) {
		pl_alloc_grants = -1;
		return false;
	}
#endif
	CHECK(got == PL_OK);
	return true;
}

static inline int count_one(bool expected)
{
	CHECK(expected);
	return 1;
}

/* How often memory failed a call, 0 or 1; it is made once more if so. */
#define FAILURES(call) (granted(call) ? 0 : count_one(granted(call)))

/// Put the small economy into a builder; a call that memory failed is made once more.
/// @return calls that memory failed
static inline int fill_builder(pl_builder *b)
{
	static const char *const good[] = {"wheat", "coal", "air", "smoke", "labour"};
	static const pl_good_kind kind[] = {PL_PRODUCT, PL_PRODUCT, PL_FREE, PL_POLLUTANT,
	                                    PL_LABOUR};
	int failures = 0, n_links;
	int32_t i;
	failures += FAILURES(pl_builder_about(b, "valley", "2027", "hour", NULL));
	for (int g = 0; g < 5; g++) {
		pl_good_row row = good_row(good[g], kind[g]);
		if (g == LABOUR) row.supply = 40;
		failures += FAILURES(pl_builder_good(&i, b, &row, NULL));
		CHECK(i == g);
	}
	const pl_community_row town = community_row("town", -1),
	                       ward = community_row("ward", 0);
	failures += FAILURES(pl_builder_community(&i, b, &town, NULL));
	failures += FAILURES(pl_builder_community(&i, b, &ward, NULL));
	for (int c = MILL; c <= HEALTH; c++) {
		const pl_council_row row = council_with(c);
		failures += FAILURES(pl_builder_council(&i, b, &row, NULL));
		CHECK(i == c);
	}
	const test_link *l = test_links(&n_links);
	for (int k = 0; k < n_links; k++)
		failures += FAILURES(pl_builder_link(b, l[k].council, l[k].good, l[k].role,
		                                     l[k].amount, l[k].elasticity, NULL));
	return failures;
}

static inline bool same_number(double a, double b)
{
	return (a == b && signbit(a) == signbit(b)) || (isnan(a) && isnan(b));
}

static inline bool same_numbers(int64_t n, const double *a, const double *b)
{
	if (a == NULL || b == NULL) return a == b;
	for (int64_t i = 0; i < n; i++)
		if (!same_number(a[i], b[i])) return false;
	return true;
}

static inline bool same_bytes(int64_t n, const void *a, const void *b, size_t size)
{
	if (a == NULL || b == NULL) return a == b;
	return memcmp(a, b, (size_t)n * size) == 0;
}

static inline bool same_text(int64_t n, pl_text a, pl_text b)
{
	for (int64_t i = 0; i < n; i++)
		if (strcmp(pl_text_at(a, i), pl_text_at(b, i)) != 0) return false;
	return true;
}

/// Goods, communities and councils; not the links.
static inline bool same_tables(const pl_model *a, const pl_model *b)
{
	const int32_t g = a->n_goods, m = a->n_communities, c = a->n_councils;
	bool same = g == b->n_goods && m == b->n_communities && c == b->n_councils &&
	            strcmp(a->name, b->name) == 0 && strcmp(a->period, b->period) == 0 &&
	            strcmp(a->credit, b->credit) == 0;
	if (!same) return false;
	same = same_text(g, a->good.id, b->good.id) &&
	       same_text(g, a->good.name, b->good.name) &&
	       same_text(g, a->good.unit, b->good.unit) &&
	       same_text(g, a->good.category, b->good.category) &&
	       same_bytes(g, a->good.kind, b->good.kind, 1) &&
	       same_numbers(g, a->good.price, b->good.price) &&
	       same_numbers(g, a->good.supply, b->good.supply) &&
	       same_numbers(g, a->good.elasticity, b->good.elasticity) &&
	       same_numbers(g, a->good.step, b->good.step);
	same = same && same_text(m, a->community.id, b->community.id) &&
	       same_text(m, a->community.name, b->community.name) &&
	       same_bytes(m, a->community.parent, b->community.parent, sizeof(int32_t)) &&
	       same_numbers(m, a->community.members, b->community.members);
	same = same && same_text(c, a->council.id, b->council.id) &&
	       same_text(c, a->council.name, b->council.name) &&
	       same_bytes(c, a->council.kind, b->council.kind, 1) &&
	       same_bytes(c, a->council.schedule, b->council.schedule, 1) &&
	       same_bytes(c, a->council.community, b->council.community, sizeof(int32_t)) &&
	       same_numbers(c, a->council.members, b->council.members) &&
	       same_numbers(c, a->council.income, b->council.income);
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++)
		same = same && same_numbers(c, a->council.param[slot], b->council.param[slot]);
	return same;
}

static inline bool same_model(const pl_model *a, const pl_model *b)
{
	const int64_t n = a->n_links;
	return same_tables(a, b) && n == b->n_links &&
	       same_bytes(a->n_councils + 1, a->link.start, b->link.start, sizeof(int64_t)) &&
	       same_bytes(n, a->link.good, b->link.good, sizeof(int32_t)) &&
	       same_bytes(n, a->link.role, b->link.role, 1) &&
	       same_numbers(n, a->link.amount, b->link.amount) &&
	       same_numbers(n, a->link.elasticity, b->link.elasticity) &&
	       same_bytes(n, a->link.row, b->link.row, sizeof(int64_t));
}

static inline pl_model *small_model(void)
{
	pl_builder *b;
	pl_model *m = NULL;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	(void)fill_builder(b);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	return m;
}
#endif
