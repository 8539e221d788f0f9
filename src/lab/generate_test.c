/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/generate.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

#include <plenum/plan.h>

static const pl_generate_spec cases[] = {
        {PL_GENERATE_RECIPE, 60, 40, 20, 5, 1}, {PL_GENERATE_RECIPE, 9, 30, 3, 4, 2},
        {PL_GENERATE_RECIPE, 1, 4, 1, 1, 3},    {PL_GENERATE_RECIPE, 300, 20, 2, 1000, 4},
        {PL_GENERATE_MIXED, 60, 40, 20, 5, 1},  {PL_GENERATE_MIXED, 9, 30, 3, 4, 2},
        {PL_GENERATE_MIXED, 1, 4, 1, 1, 3},     {PL_GENERATE_MIXED, 300, 20, 2, 1000, 4},
};
enum { CASES = sizeof cases / sizeof *cases };

/// Supply and demand of every good, from the links' quantities and society's supply.
static void total(const pl_model *m, const double *quantity, double *supply, double *demand)
{
	for (int32_t j = 0; j < m->n_goods; j++) {
		supply[j] = m->good.supply[j];
		demand[j] = 0;
	}
	for (int64_t k = 0; k < m->n_links; k++) {
		const int role = m->link.role[k];
		double *side = role == PL_MAKES || role == PL_OFFERS ? supply : demand;
		side[m->link.good[k]] += quantity[k];
	}
}

static void the_known_plan_fits(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_model *m;
		pl_generated known;
		CHECK(pl_generate(&m, &known, &cases[c], NULL) == PL_OK);
		double *supply = pl_alloc(m->n_goods, sizeof *supply),
		       *demand = pl_alloc(m->n_goods, sizeof *demand);
		total(m, known.quantity, supply, demand);
		for (int32_t j = 0; j < m->n_goods; j++) {
			CHECK(supply[j] >= demand[j] * (1 - 1e-12));
			if (known.price != NULL && known.price[j] > 0)
				CHECK_NEAR(supply[j], demand[j], 1e-12 * demand[j]);
		}
		pl_free(supply);
		pl_free(demand);
		pl_generated_clear(&known);
		pl_model_free(m);
	}
}

/* Fixed proportions: activity is one number a workplace, within its capacity. */
static void the_known_plan_keeps_to_the_recipes(void)
{
	for (int c = 0; c < CASES && cases[c].kind == PL_GENERATE_RECIPE; c++) {
		pl_model *m;
		pl_generated known;
		CHECK(pl_generate(&m, &known, &cases[c], NULL) == PL_OK);
		for (int32_t i = 0; i < m->n_councils; i++) {
			const int64_t first = m->link.start[i];
			const bool works = m->council.kind[i] == PL_WORKERS;
			const double z = works ? known.quantity[first] : 1;
			if (works) CHECK(z <= m->council.param[PL_P_recipe_capacity][i]);
			for (int64_t k = first; k < m->link.start[i + 1]; k++)
				CHECK_NEAR(known.quantity[k], m->link.amount[k] * z,
				           1e-12 * known.quantity[k]);
		}
		pl_generated_clear(&known);
		pl_model_free(m);
	}
}

static void the_check_accepts_the_known_plan_of_a_mixed_economy(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_model *m;
		pl_generated known;
		pl_verdict v;
		if (cases[c].kind != PL_GENERATE_MIXED) continue;
		CHECK(pl_generate(&m, &known, &cases[c], NULL) == PL_OK);
		const pl_claim claim = {.price = known.price, .quantity = known.quantity};
		CHECK(pl_plan_check(&v, m, &claim, 1e-9, NULL) == PL_OK);
		if (!v.accepted) fprintf(stderr, "case %d: %s\n", c, v.reason);
		CHECK(v.accepted);
		pl_generated_clear(&known);
		pl_model_free(m);
	}
}

static bool same(const void *a, const void *b, int64_t n, size_t size)
{
	return memcmp(a, b, (size_t)n * size) == 0;
}

static void the_same_numbers_give_the_same_economy(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_model *a, *b;
		CHECK(pl_generate(&a, NULL, &cases[c], NULL) == PL_OK);
		CHECK(pl_generate(&b, NULL, &cases[c], NULL) == PL_OK);
		CHECK(a->n_links == b->n_links);
		CHECK(same(a->link.good, b->link.good, a->n_links, sizeof(int32_t)));
		CHECK(same(a->link.amount, b->link.amount, a->n_links, sizeof(double)));
		CHECK(same(a->good.supply, b->good.supply, a->n_goods, sizeof(double)));
		pl_model_free(a);
		pl_model_free(b);
	}
}

static void another_seed_gives_another_economy(void)
{
	pl_generate_spec other = cases[0];
	pl_model *a, *b;
	other.seed++;
	CHECK(pl_generate(&a, NULL, &cases[0], NULL) == PL_OK);
	CHECK(pl_generate(&b, NULL, &other, NULL) == PL_OK);
	CHECK(!same(a->good.price, b->good.price, a->n_goods, sizeof(double)));
	pl_model_free(a);
	pl_model_free(b);
}

static void it_is_as_large_as_asked(void)
{
	for (int c = 0; c < CASES; c++) {
		int32_t kinds[PL_COUNCIL_KINDS] = {0};
		pl_model *m;
		CHECK(pl_generate(&m, NULL, &cases[c], NULL) == PL_OK);
		for (int32_t i = 0; i < m->n_councils; i++) kinds[m->council.kind[i]]++;
		CHECK(m->n_goods == cases[c].goods);
		CHECK(kinds[PL_WORKERS] == cases[c].workplaces);
		CHECK(kinds[PL_CONSUMERS] == cases[c].consumers);
		pl_model_free(m);
	}
}

static void sizes_out_of_range_are_refused(void)
{
	pl_generate_spec s = cases[0];
	pl_model *m;
	pl_error err;
	s.goods = 3;
	CHECK(pl_generate(&m, NULL, &s, &err) == PL_EARG);
	CHECK(m == NULL && strstr(err.msg, "goods") != NULL);
	s = cases[0];
	s.inputs = 0;
	CHECK(pl_generate(&m, NULL, &s, &err) == PL_EARG);
	CHECK(strstr(err.msg, "inputs") != NULL);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const int64_t before = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int64_t granted = 0; s == PL_ENOMEM; granted++) {
		pl_model *m;
		pl_generated known;
		pl_alloc_grants = granted;
		s = pl_generate(&m, &known, &cases[6], NULL);
		pl_alloc_grants = -1;
		CHECK(s == PL_OK || m == NULL);
		pl_generated_clear(&known);
		pl_model_free(m);
		CHECK(pl_alloc_alive == before);
	}
	CHECK(s == PL_OK);
}
#endif

int main(void)
{
	RUN(the_known_plan_fits);
	RUN(the_known_plan_keeps_to_the_recipes);
	RUN(the_check_accepts_the_known_plan_of_a_mixed_economy);
	RUN(the_same_numbers_give_the_same_economy);
	RUN(another_seed_gives_another_economy);
	RUN(it_is_as_large_as_asked);
	RUN(sizes_out_of_range_are_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
