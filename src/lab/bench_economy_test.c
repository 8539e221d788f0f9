/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/bench_economy.h"

#include "base/alloc.h"
#include "base/threads.h"
#include "tests/pl_test.h"

#include <plenum/plan.h>

enum { GOODS_MOST = 500 };
static const pl_bench_spec cases[] = {
        {600, 20, 200, 60, PL_BENCH_CLUSTERED, PL_BENCH_COBB_DOUGLAS, 0.75, 0.85, 1, 0},
        {600, 20, 200, 60, PL_BENCH_UNIFORM, PL_BENCH_COBB_DOUGLAS, 0.9, 0.97, 2, 0},
        {4500, 7, 300, 7, PL_BENCH_CLUSTERED, PL_BENCH_RECIPE, 0.75, 0.85, 3, 0},
        {300, 3, 40, 9, PL_BENCH_UNIFORM, PL_BENCH_RECIPE, 0.5, 0.5, 4, 0},
        {3, 1, 4, 1, PL_BENCH_CLUSTERED, PL_BENCH_COBB_DOUGLAS, 0.2, 0.8, 5, 0},
};
enum { CASES = sizeof cases / sizeof *cases };

static pl_model *made(const pl_bench_spec *spec, double *price)
{
	pl_model *m;
	CHECK(pl_bench_economy(&m, price, spec, NULL) == PL_OK);
	return m;
}

static int32_t products_of(const pl_model *m)
{
	int32_t n = 0;
	while (n < m->n_goods && m->good.kind[n] == PL_PRODUCT) n++;
	return n;
}

/* A builder checks every rule of the tables; it must take each row and add none to another. */
static void a_builder_takes_the_same_rows(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_model *m = made(&cases[c], NULL), *again;
		pl_builder *b;
		int32_t at;
		CHECK(pl_builder_new(&b, NULL) == PL_OK);
		for (int32_t j = 0; j < m->n_goods; j++) {
			const pl_good_row row = {.id = pl_text_at(m->good.id, j),
			                         .kind = (pl_good_kind)m->good.kind[j],
			                         .price = m->good.price[j],
			                         .supply = m->good.supply[j],
			                         .elasticity = m->good.elasticity[j],
			                         .step = m->good.step[j]};
			CHECK(pl_builder_good(&at, b, &row, NULL) == PL_OK);
		}
		for (int32_t i = 0; i < m->n_councils; i++) {
			pl_council_row row = {.id = pl_text_at(m->council.id, i),
			                      .kind = (pl_council_kind)m->council.kind[i],
			                      .community = m->council.community[i],
			                      .members = m->council.members[i],
			                      .income = m->council.income[i],
			                      .schedule = (pl_schedule)m->council.schedule[i]};
			for (int p = 0; p < PL_PARAM_SLOTS; p++)
				row.param[p] = m->council.param[p][i];
			CHECK(pl_builder_council(&at, b, &row, NULL) == PL_OK);
			for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
				CHECK(pl_builder_link(b, i, m->link.good[k],
				                      (pl_role)m->link.role[k],
				                      m->link.amount[k], NAN, NULL) == PL_OK);
		}
		CHECK(pl_builder_finish(&again, b, NULL, NULL, NULL) == PL_OK);
		CHECK(again != NULL && again->n_links == m->n_links);
		pl_model_free(again);
		pl_model_free(m);
	}
}

/* Revenue from the first-order conditions: R^(1-B) = p A prod (b / q)^b, x = b R / q. */
static void answer(const pl_model *m, int32_t i, const double *price, double *quantity)
{
	const int64_t first = m->link.start[i], end = m->link.start[i + 1];
	double all = 0, log_revenue = 0, revenue;
	for (int64_t k = first; k < end; k++)
		if (m->link.role[k] != PL_MAKES) {
			const double b = m->link.amount[k];
			all += b;
			log_revenue += b * log(b / price[m->link.good[k]]);
		}
	if (m->council.kind[i] == PL_CONSUMERS) {
		revenue = m->council.income[i] / all;
	} else {
		log_revenue += log(price[m->link.good[first]] *
		                   m->council.param[PL_P_cobb_douglas_scale][i]);
		revenue = exp(log_revenue / (1 - all));
	}
	for (int64_t k = first; k < end; k++)
		quantity[k] = m->link.amount[k] * revenue / price[m->link.good[k]];
}

static void smooth_economies_clear_at_the_prices_they_were_built_round(void)
{
	for (int c = 0; c < CASES; c++) {
		double price[GOODS_MOST];
		pl_verdict verdict;
		if (cases[c].schedule != PL_BENCH_COBB_DOUGLAS) continue;
		pl_model *m = made(&cases[c], price);
		double *quantity = pl_alloc(m->n_links, sizeof *quantity);
		for (int32_t i = 0; i < m->n_councils; i++) answer(m, i, price, quantity);
		const pl_claim claim = {.price = price, .quantity = quantity};
		CHECK(pl_plan_check(&verdict, m, &claim, 1e-6, NULL) == PL_OK);
		CHECK(verdict.accepted);
		if (!verdict.accepted) printf("%s\n", verdict.reason);
		pl_free(quantity);
		pl_model_free(m);
	}
}

static void every_economy_has_a_plan(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_model *m = made(&cases[c], NULL);
		pl_settings settings = pl_settings_preset();
		pl_plan *p;
		settings.tolerance = 1e-3;
		CHECK(pl_plan_clear(&p, m, &settings, NULL, NULL, NULL, NULL) == PL_OK);
		CHECK(p->outcome == PL_CLEARED);
		pl_plan_free(p);
		pl_model_free(m);
	}
}

static void exponents_sum_to_what_is_asked_for(void)
{
	for (int c = 0; c < CASES; c++) {
		double low = 1, high = 0;
		if (cases[c].schedule != PL_BENCH_COBB_DOUGLAS) continue;
		pl_model *m = made(&cases[c], NULL);
		for (int32_t i = 0; i < cases[c].workplaces; i++) {
			double all = 0;
			for (int64_t k = m->link.start[i] + 1; k < m->link.start[i + 1]; k++)
				all += m->link.amount[k];
			low = fmin(low, all);
			high = fmax(high, all);
		}
		const double span = cases[c].returns_high - cases[c].returns_low;
		CHECK(low >= cases[c].returns_low - 1e-12);
		CHECK(high <= cases[c].returns_high + 1e-12);
		if (cases[c].workplaces >= 600) CHECK(high - low > 0.95 * span);
		pl_model_free(m);
	}
}

static void one_input_in_three_and_one_good_in_ten_are_primary(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_model *m = made(&cases[c], NULL);
		const int32_t n = products_of(m);
		CHECK(m->n_goods - n == (m->n_goods >= 10 ? m->n_goods / 10 : 1));
		for (int32_t i = 0; i < cases[c].workplaces; i++) {
			int32_t primary = 0;
			for (int64_t k = m->link.start[i] + 1; k < m->link.start[i + 1]; k++)
				primary += m->link.good[k] >= n;
			CHECK(primary == (cases[c].inputs + 2) / 3);
		}
		pl_model_free(m);
	}
}

static void every_product_is_made_and_wanted(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_model *m = made(&cases[c], NULL);
		int made_by[GOODS_MOST] = {0}, wanted_by[GOODS_MOST] = {0};
		for (int64_t k = 0; k < m->n_links; k++) {
			made_by[m->link.good[k]] += m->link.role[k] == PL_MAKES;
			wanted_by[m->link.good[k]] += m->link.role[k] == PL_WANTS;
		}
		for (int32_t j = 0; j < products_of(m); j++)
			CHECK(made_by[j] > 0 && wanted_by[j] > 0);
		pl_model_free(m);
	}
}

/* Part of the products used whose number is within 60 of the product made, of 450. */
static double part_near(pl_bench_layout layout)
{
	pl_bench_spec spec = {2000, 20,   500, 200, layout, PL_BENCH_COBB_DOUGLAS,
	                      0.75, 0.85, 1,   0};
	pl_model *m = made(&spec, NULL);
	const int32_t n = products_of(m);
	double near = 0, all = 0;
	for (int32_t i = 0; i < spec.workplaces; i++) {
		const int32_t o = m->link.good[m->link.start[i]];
		for (int64_t k = m->link.start[i] + 1; k < m->link.start[i + 1]; k++) {
			if (m->link.good[k] >= n) continue;
			all++;
			near += abs(m->link.good[k] - o) <= 60;
		}
	}
	pl_model_free(m);
	return near / all;
}

/* 60 inputs make a neighbourhood of 60 products, at an end all on one side. */
static void clustered_inputs_come_mostly_from_near_by(void)
{
	CHECK(part_near(PL_BENCH_CLUSTERED) > 0.75);
	CHECK(part_near(PL_BENCH_UNIFORM) < 0.35);
}

static void clustered_workplaces_stand_by_industry(void)
{
	pl_model *m = made(&cases[0], NULL);
	for (int32_t i = 1; i < cases[0].workplaces; i++)
		CHECK(m->link.good[m->link.start[i]] >= m->link.good[m->link.start[i - 1]]);
	pl_model_free(m);
}

static void same_bits_for_any_number_of_threads(void)
{
	for (int c = 0; c < CASES; c++) {
		pl_threads_set(1);
		pl_model *one = made(&cases[c], NULL);
		pl_threads_set(5);
		pl_model *five = made(&cases[c], NULL);
		const size_t links = (size_t)one->n_links, goods = (size_t)one->n_goods;
		CHECK(memcmp(one->link.good, five->link.good, links * sizeof(int32_t)) == 0);
		CHECK(memcmp(one->link.amount, five->link.amount, links * sizeof(double)) == 0);
		CHECK(memcmp(one->good.supply, five->good.supply, goods * sizeof(double)) == 0);
		CHECK(memcmp(one->council.param[0], five->council.param[0],
		             (size_t)one->n_councils * sizeof(double)) == 0);
		pl_model_free(one);
		pl_model_free(five);
	}
	pl_threads_set(0);
}

static void another_seed_gives_another_economy(void)
{
	pl_bench_spec other = cases[0];
	other.seed++;
	pl_model *a = made(&cases[0], NULL), *b = made(&other, NULL);
	CHECK(memcmp(a->link.good, b->link.good, (size_t)a->n_links * sizeof(int32_t)) != 0);
	pl_model_free(a);
	pl_model_free(b);
}

/* With the same technology, incomes, wants and endowments within 5 %, and not all the same. */
static void a_shock_changes_what_people_want_and_have_alone(void)
{
	pl_bench_spec spec = cases[0];
	spec.shock = 0.05;
	pl_model *a = made(&cases[0], NULL), *b = made(&spec, NULL);
	const size_t n = (size_t)spec.workplaces;
	double most = 0;
	CHECK(memcmp(a->link.good, b->link.good, (size_t)a->n_links * sizeof(int32_t)) == 0);
	CHECK(memcmp(a->link.amount, b->link.amount,
	             (size_t)a->link.start[n] * sizeof(double)) == 0);
	CHECK(memcmp(a->council.param[0], b->council.param[0], n * sizeof(double)) == 0);
	for (int32_t i = spec.workplaces; i < a->n_councils; i++)
		most = fmax(most, fabs(b->council.income[i] / a->council.income[i] - 1));
	for (int64_t k = a->link.start[n]; k < a->n_links; k++)
		most = fmax(most, fabs(b->link.amount[k] / a->link.amount[k] - 1));
	for (int32_t j = products_of(a); j < a->n_goods; j++)
		most = fmax(most, fabs(b->good.supply[j] / a->good.supply[j] - 1));
	CHECK(most > 0.049 && most <= 0.05 + 1e-12);
	pl_model_free(a);
	pl_model_free(b);
}

static bool refused(pl_bench_spec spec, const char *word)
{
	pl_model *m;
	pl_error err;
	const pl_status s = pl_bench_economy(&m, NULL, &spec, &err);
	pl_model_free(m);
	return s == PL_EARG && strstr(err.msg, word) != NULL;
}

static void sizes_without_an_economy_are_refused(void)
{
	pl_bench_spec s = cases[0];
	s.workplaces = 179;
	CHECK(refused(s, "workplaces"));
	s = cases[0];
	s.consumers = 4;
	CHECK(refused(s, "at least 5"));
	s = cases[0];
	s.inputs = 61;
	CHECK(refused(s, "more than 200 goods"));
	s = cases[0];
	s.goods = 3;
	CHECK(refused(s, "4 to"));
	s = cases[0];
	s.returns_high = 1;
	CHECK(refused(s, "returns"));
	s.returns_high = 0.7;
	CHECK(refused(s, "returns"));
	s = cases[0];
	s.shock = 1;
	CHECK(refused(s, "shock"));
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const int64_t alive = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int64_t grants = 0; s == PL_ENOMEM && grants < 100; grants++) {
		pl_model *m;
		pl_alloc_grants = grants;
		s = pl_bench_economy(&m, NULL, &cases[3], NULL);
		pl_alloc_grants = -1;
		CHECK((s == PL_OK) == (m != NULL));
		pl_model_free(m);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(s == PL_OK);
#endif
}

int main(void)
{
	RUN(a_builder_takes_the_same_rows);
	RUN(smooth_economies_clear_at_the_prices_they_were_built_round);
	RUN(every_economy_has_a_plan);
	RUN(exponents_sum_to_what_is_asked_for);
	RUN(one_input_in_three_and_one_good_in_ten_are_primary);
	RUN(every_product_is_made_and_wanted);
	RUN(clustered_inputs_come_mostly_from_near_by);
	RUN(clustered_workplaces_stand_by_industry);
	RUN(same_bits_for_any_number_of_threads);
	RUN(another_seed_gives_another_economy);
	RUN(a_shock_changes_what_people_want_and_have_alone);
	RUN(sizes_without_an_economy_are_refused);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
