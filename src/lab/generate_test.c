/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/generate.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

#include <plenum/plan.h>

#define SPEC(k, w, g, c, i, s)                                                                 \
	{                                                                                      \
		.kind = (k), .workplaces = (w), .goods = (g), .consumers = (c), .inputs = (i), \
		.seed = (s)                                                                    \
	}

static const pl_generate_spec cases[] = {
        SPEC(PL_GENERATE_RECIPE, 60, 40, 20, 5, 1),
        SPEC(PL_GENERATE_RECIPE, 9, 30, 3, 4, 2),
        SPEC(PL_GENERATE_RECIPE, 1, 4, 1, 1, 3),
        SPEC(PL_GENERATE_RECIPE, 300, 20, 2, 1000, 4),
        SPEC(PL_GENERATE_MIXED, 60, 40, 20, 5, 1),
        SPEC(PL_GENERATE_MIXED, 9, 30, 3, 4, 2),
        SPEC(PL_GENERATE_MIXED, 1, 4, 1, 1, 3),
        SPEC(PL_GENERATE_MIXED, 300, 20, 2, 1000, 4),
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

/* ---- the published kind: 20 goods a class, 100 workplaces for each product ---- */

static const pl_generate_spec published = SPEC(PL_GENERATE_PUBLISHED, 6000, 100, 300, 1, 1);
enum { IN_CLASS = 20, ENDOWED = 60, GOODS = 100, CLASSES = 5 };

static pl_model *made(const pl_generate_spec *spec)
{
	pl_model *m;
	CHECK(pl_generate(&m, NULL, spec, NULL) == PL_OK);
	return m;
}

/// Smallest, mean and largest of what was seen.
typedef struct {
	double n, low, sum, high;
} range;

static void see(range *r, double x)
{
	r->low = r->n == 0 ? x : fmin(r->low, x);
	r->high = r->n == 0 ? x : fmax(r->high, x);
	r->sum += x;
	r->n++;
}

/* Uniform in [low, high]: within it, nearly reaching its ends, the mean in the middle. */
static void check_uniform(const range *r, double low, double high)
{
	const double span = high - low;
	CHECK(r->low >= low && r->high <= high);
	CHECK(r->low < low + 0.01 * span && r->high > high - 0.01 * span);
	CHECK_NEAR(r->sum / r->n, (low + high) / 2, 0.02 * span);
}

static void published_goods_come_in_five_classes(void)
{
	static const pl_good_kind kinds[CLASSES] = {PL_PRODUCT, PL_PRODUCT, PL_PUBLIC,
	                                            PL_RESOURCE, PL_LABOUR};
	pl_model *m = made(&published);
	for (int32_t j = 0; j < m->n_goods; j++) {
		CHECK(m->good.kind[j] == kinds[j / IN_CLASS]);
		CHECK(m->good.price[j] == 700);
		CHECK(m->good.supply[j] == (j < ENDOWED ? 0 : 1000));
	}
	pl_model_free(m);
}

/* Inputs of a workplace by class; its output is among the first three. */
static void count_inputs(const pl_model *m, int32_t i, int32_t inputs[CLASSES])
{
	const int64_t first = m->link.start[i];
	for (int c = 0; c < CLASSES; c++) inputs[c] = 0;
	CHECK(m->link.role[first] == PL_MAKES && m->link.good[first] < ENDOWED);
	for (int64_t k = first + 1; k < m->link.start[i + 1]; k++)
		inputs[m->link.good[k] / IN_CLASS]++;
}

static void published_workplaces_use_one_to_four_and_one_or_two(void)
{
	pl_model *m = made(&published);
	range intermediate = {0}, nature = {0}, labour = {0};
	for (int32_t i = 0; i < published.workplaces; i++) {
		int32_t n[CLASSES];
		count_inputs(m, i, n);
		CHECK(n[1] == 0 && n[2] == 0);
		see(&intermediate, n[0]);
		see(&nature, n[3]);
		see(&labour, n[4]);
	}
	check_uniform(&intermediate, 1, 4);
	check_uniform(&nature, 1, 2);
	check_uniform(&labour, 1, 2);
	pl_model_free(m);
}

static void published_exponents_are_shares_of_about_four_fifths(void)
{
	pl_model *m = made(&published);
	range share = {0};
	for (int32_t i = 0; i < published.workplaces; i++) {
		const int64_t first = m->link.start[i] + 1, end = m->link.start[i + 1];
		for (int64_t k = first; k < end; k++)
			see(&share, m->link.amount[k] * (double)(end - first));
	}
	check_uniform(&share, 0.75, 0.85);
	pl_model_free(m);
}

static void published_effort_and_scale_are_in_their_ranges(void)
{
	pl_model *m = made(&published);
	range c = {0}, k = {0}, a = {0};
	for (int32_t i = 0; i < published.workplaces; i++) {
		see(&a, m->council.param[PL_P_cobb_douglas_scale][i]);
		see(&c, m->council.param[PL_P_cobb_douglas_effort_elasticity][i]);
		see(&k, m->council.param[PL_P_cobb_douglas_effort_exponent][i]);
		CHECK(m->council.param[PL_P_cobb_douglas_effort_weight][i] == 1);
	}
	check_uniform(&a, 4, 6);
	check_uniform(&c, 0.05, 0.1);
	check_uniform(&k, 3, 4);
	pl_model_free(m);
}

static void published_consumers_want_every_private_and_public_good(void)
{
	pl_model *m = made(&published);
	range utility = {0};
	for (int32_t i = published.workplaces; i < m->n_councils; i++) {
		const int64_t first = m->link.start[i];
		CHECK(m->council.income[i] == 5000);
		CHECK(m->link.start[i + 1] - first == ENDOWED - IN_CLASS);
		for (int64_t k = first; k < m->link.start[i + 1]; k++) {
			CHECK(m->link.good[k] == IN_CLASS + (int32_t)(k - first));
			see(&utility, m->link.amount[k]);
		}
	}
	check_uniform(&utility, 0.005, 0.01);
	pl_model_free(m);
}

static void published_classes_have_as_many_workplaces(void)
{
	pl_model *m = made(&published);
	int32_t by_class[CLASSES] = {0}, by_good[GOODS] = {0};
	for (int32_t i = 0; i < published.workplaces; i++) {
		by_class[m->link.good[m->link.start[i]] / IN_CLASS]++;
		by_good[m->link.good[m->link.start[i]]]++;
	}
	for (int c = 0; c < 3; c++) CHECK(by_class[c] == published.workplaces / 3);
	for (int32_t j = 0; j < ENDOWED; j++) CHECK(by_good[j] > 60 && by_good[j] < 150);
	pl_model_free(m);
}

static void published_economies_have_a_plan(void)
{
	for (uint64_t seed = 1; seed <= 3; seed++) {
		const pl_generate_spec small = SPEC(PL_GENERATE_PUBLISHED, 60, 25, 30, 1, seed);
		const pl_settings settings = pl_settings_preset();
		pl_model *m = made(&small);
		pl_plan *p;
		CHECK(pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, NULL) == PL_OK);
		CHECK(p->outcome == PL_CLEARED);
		pl_plan_free(p);
		pl_model_free(m);
	}
}

static void published_sizes_without_five_classes_are_refused(void)
{
	pl_generate_spec s = SPEC(PL_GENERATE_PUBLISHED, 60, 25, 30, 1, 1);
	pl_model *m;
	pl_error err;
	s.goods = 27;
	CHECK(pl_generate(&m, NULL, &s, &err) == PL_EARG);
	CHECK(m == NULL && strstr(err.msg, "five classes") != NULL);
	s.goods = 20;
	CHECK(pl_generate(&m, NULL, &s, &err) == PL_EARG);
	s.goods = 25;
	s.workplaces = 14;
	CHECK(pl_generate(&m, NULL, &s, &err) == PL_EARG);
	CHECK(strstr(err.msg, "cannot make 15 goods") != NULL);
}

/* ---- kinds for rounds ---- */

static const pl_generate_spec for_rounds[] = {
        SPEC(PL_GENERATE_CES, 300, 60, 40, 12, 1),
        SPEC(PL_GENERATE_EFFORT, 300, 60, 40, 12, 2),
        SPEC(PL_GENERATE_CAPACITIES, 300, 60, 40, 12, 3),
};

static void they_have_a_plan(pl_generate_spec spec)
{
	pl_settings settings = pl_settings_preset();
	pl_model *m = made(&spec);
	pl_plan *p;
	CHECK(pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, NULL) == PL_OK);
	CHECK(p->outcome == PL_CLEARED);
	for (int32_t j = 0; j < m->n_goods; j++) CHECK(m->good.price[j] == 1);
	pl_plan_free(p);
	pl_model_free(m);
}

static void economies_for_rounds_have_a_plan(void)
{
	static const pl_spread sigma[] = {{0, 0, true}, {0.2, 2.5, true}, {4, 4, true}};
	for (int t = 0; t < 3; t++)
		for (int s = 0; s < 3; s++) {
			pl_generate_spec spec = for_rounds[t];
			spec.sigma = sigma[s];
			spec.capacity = (pl_capacity)s;
			they_have_a_plan(spec);
		}
}

static void their_numbers_are_in_the_ranges_asked_for(void)
{
	pl_generate_spec spec = for_rounds[0];
	spec.returns = (pl_spread){0.5, 0.55, true};
	spec.sigma = (pl_spread){2, 3, true};
	pl_model *m = made(&spec);
	for (int32_t i = 0; i < m->n_councils; i++) {
		const bool works = m->council.kind[i] == PL_WORKERS;
		const int slot = works ? PL_P_ces_sigma : PL_P_budget_ces_sigma;
		const double sigma = m->council.param[slot][i];
		CHECK(sigma >= 2 && sigma <= 3);
		if (!works) continue;
		const double returns = m->council.param[PL_P_ces_returns][i];
		CHECK(returns >= 0.5 && returns <= 0.55);
	}
	pl_model_free(m);
}

/* 54 products of 60: the forty councils have 40 wants each. */
static void each_of_their_products_is_made_and_wanted_and_a_third_of_inputs_is_primary(void)
{
	for (int t = 0; t < 3; t++) {
		pl_model *m = made(&for_rounds[t]);
		bool is_made[60] = {false}, is_wanted[60] = {false};
		int primary = 0, inputs = 0;
		for (int64_t k = 0; k < m->n_links; k++) {
			const int32_t j = m->link.good[k];
			if (m->link.role[k] == PL_MAKES) is_made[j] = true;
			if (m->link.role[k] == PL_WANTS) is_wanted[j] = true;
			inputs += m->link.role[k] == PL_USES;
			primary += m->link.role[k] == PL_USES && j >= 54;
		}
		for (int j = 0; j < 60; j++) {
			CHECK(is_made[j] == (j < 54) && is_wanted[j] == (j < 54));
			CHECK((m->good.supply[j] > 0) == (j >= 54));
		}
		CHECK(3 * primary == inputs);
		pl_model_free(m);
	}
}

static void what_gives_no_economy_for_rounds_is_refused(void)
{
	static const struct {
		double low, high;
		bool sigma;
		const char *says;
	} bad[] = {{0.9, 0.8, false, "smaller first"},
	           {0, 0.5, false, "above 0"},
	           {0.5, 0.96, false, "at most 0.95"},
	           {2, 1, true, "smaller first"},
	           {-1, 1, true, "from 0"},
	           {1, 21, true, "to 20"},
	           {NAN, 0.5, false, "above 0"}};
	pl_generate_spec spec;
	pl_model *m;
	pl_error err;
	for (size_t t = 0; t < sizeof bad / sizeof *bad; t++) {
		spec = for_rounds[0];
		*(bad[t].sigma ? &spec.sigma : &spec.returns) =
		        (pl_spread){bad[t].low, bad[t].high, true};
		CHECK(pl_generate(&m, NULL, &spec, &err) == PL_EARG && m == NULL);
		CHECK(strstr(err.msg, bad[t].says) != NULL);
	}
	spec = for_rounds[0];
	spec.workplaces = 53;
	CHECK(pl_generate(&m, NULL, &spec, &err) == PL_EARG);
	CHECK(strstr(err.msg, "cannot make 54 goods") != NULL);
	spec = for_rounds[0];
	spec.inputs = 20;
	CHECK(pl_generate(&m, NULL, &spec, &err) == PL_EARG);
	CHECK(strstr(err.msg, "20 different inputs") != NULL);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail_in(const pl_generate_spec *spec)
{
	const int64_t before = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int64_t granted = 0; s == PL_ENOMEM; granted++) {
		pl_model *m;
		pl_generated known;
		pl_alloc_grants = granted;
		s = pl_generate(&m, &known, spec, NULL);
		pl_alloc_grants = -1;
		CHECK(s == PL_OK || m == NULL);
		pl_generated_clear(&known);
		pl_model_free(m);
		CHECK(pl_alloc_alive == before);
	}
	CHECK(s == PL_OK);
}

static void every_allocation_may_fail(void)
{
	const pl_generate_spec small = SPEC(PL_GENERATE_PUBLISHED, 15, 25, 1, 1, 1);
	every_allocation_may_fail_in(&cases[6]);
	const pl_generate_spec rounds = SPEC(PL_GENERATE_CES, 10, 5, 2, 2, 1);
	every_allocation_may_fail_in(&small);
	every_allocation_may_fail_in(&rounds);
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
	RUN(published_goods_come_in_five_classes);
	RUN(published_workplaces_use_one_to_four_and_one_or_two);
	RUN(published_exponents_are_shares_of_about_four_fifths);
	RUN(published_effort_and_scale_are_in_their_ranges);
	RUN(published_consumers_want_every_private_and_public_good);
	RUN(published_classes_have_as_many_workplaces);
	RUN(published_economies_have_a_plan);
	RUN(published_sizes_without_five_classes_are_refused);
	RUN(economies_for_rounds_have_a_plan);
	RUN(their_numbers_are_in_the_ranges_asked_for);
	RUN(each_of_their_products_is_made_and_wanted_and_a_third_of_inputs_is_primary);
	RUN(what_gives_no_economy_for_rounds_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
