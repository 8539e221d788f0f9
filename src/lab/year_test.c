/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/year.h"

#include "tests/pl_test.h"

#include "base/alloc.h"
#include "lab/councils.h"
#include "lab/generate.h"
#include "model/test_economy.h"

static pl_model *made(pl_generate_kind kind)
{
	const pl_generate_spec spec = {.kind = kind,
	                               .workplaces = 60,
	                               .goods = 30,
	                               .consumers = 20,
	                               .inputs = 5,
	                               .seed = 7};
	pl_model *m;
	CHECK(pl_generate(&m, NULL, &spec, NULL) == PL_OK);
	return m;
}

static pl_model *shocked(const pl_model *m, double amount, uint64_t seed)
{
	pl_model *next;
	CHECK(pl_lab_shock(&next, m, amount, seed, NULL) == PL_OK);
	return next;
}

/* But for the order of uses.csv: a new year's rows stand council by council. */
static bool same_economy(const pl_model *a, const pl_model *b)
{
	const int64_t n = a->n_links;
	return same_tables(a, b) && n == b->n_links &&
	       same_bytes(a->n_councils + 1, a->link.start, b->link.start, sizeof(int64_t)) &&
	       same_bytes(n, a->link.good, b->link.good, sizeof(int32_t)) &&
	       same_bytes(n, a->link.role, b->link.role, 1) &&
	       same_numbers(n, a->link.amount, b->link.amount) &&
	       same_numbers(n, a->link.elasticity, b->link.elasticity);
}

static void no_shock_changes_nothing(void)
{
	for (int kind = -1; kind < PL_GENERATE_KINDS; kind++) {
		pl_model *m = kind < 0 ? small_model() : made((pl_generate_kind)kind);
		pl_model *next = shocked(m, 0, 1);
		CHECK(same_economy(m, next));
		pl_model_free(next);
		pl_model_free(m);
	}
}

static void check_moved(double before, double after, double most)
{
	if (before == 0 || isinf(before)) {
		CHECK(after == before);
		return;
	}
	CHECK(after != before);
	CHECK(fabs(log(after / before)) <= most * (1 + 1e-12));
}

static void a_shock_moves_each_number_by_its_size_at_most(void)
{
	const double size = 0.1;
	for (int kind = 0; kind < PL_GENERATE_KINDS; kind++) {
		pl_model *m = made((pl_generate_kind)kind), *next = shocked(m, size, 5);
		for (int32_t j = 0; j < m->n_goods; j++)
			check_moved(m->good.supply[j], next->good.supply[j], size);
		for (int32_t i = 0; i < m->n_councils; i++) {
			const int schedule = m->council.schedule[i];
			if (schedule == PL_S_recipe || schedule == PL_S_ces ||
			    schedule == PL_S_cobb_douglas)
				check_moved(m->council.param[0][i], next->council.param[0][i],
				            schedule == PL_S_recipe ? size : size / 3);
		}
		for (int64_t k = 0; k < m->n_links; k++)
			if (m->link.role[k] == PL_USES || m->link.role[k] == PL_WANTS)
				check_moved(m->link.amount[k], next->link.amount[k], 2 * size);
			else
				CHECK(m->link.amount[k] == next->link.amount[k]);
		pl_model_free(next);
		pl_model_free(m);
	}
}

/* Else returns would change, and with them what kind of economy it is. */
static void exponents_keep_their_sum(void)
{
	pl_model *m = made(PL_GENERATE_EFFORT), *next = shocked(m, 0.5, 5);
	for (int32_t i = 0; i < m->n_councils; i++) {
		double before = 0, after = 0;
		if (m->council.schedule[i] != PL_S_cobb_douglas) continue;
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			before += m->link.amount[k];
			after += next->link.amount[k];
		}
		CHECK_NEAR(after, before, 1e-12);
	}
	pl_model_free(next);
	pl_model_free(m);
}

static void the_same_seed_is_the_same_year(void)
{
	pl_model *m = made(PL_GENERATE_CES), *a = shocked(m, 0.1, 5), *b = shocked(m, 0.1, 5),
	         *c = shocked(m, 0.1, 6);
	CHECK(same_economy(a, b));
	CHECK(!same_economy(a, c));
	pl_model_free(a);
	pl_model_free(b);
	pl_model_free(c);
	pl_model_free(m);
}

static void year_two_moves_exponents_and_shares_by_thousandths(void)
{
	pl_model *m = made(PL_GENERATE_PUBLISHED), *next;
	int grew[5] = {0}, moved[5] = {0};
	CHECK(pl_lab_year_two(&next, m, 3, NULL) == PL_OK);
	for (int64_t k = 0; k < m->n_links; k++) {
		const double by = (next->link.amount[k] - m->link.amount[k]) / 0.001;
		const int step = (int)floor(by + 0.5);
		CHECK_NEAR(by, step, 1e-9);
		if (m->link.role[k] == PL_MAKES) CHECK(by == 0);
		if (m->link.role[k] == PL_USES && step >= 0 && step < 5) grew[step]++;
		if (m->link.role[k] == PL_WANTS && step >= -2 && step <= 2) moved[step + 2]++;
	}
	const int uses = grew[0] + grew[1] + grew[2] + grew[3] + grew[4];
	const int wants = moved[0] + moved[1] + moved[2] + moved[3] + moved[4];
	CHECK(uses + wants == m->n_links - 60);
	for (int s = 0; s < 5; s++) {
		CHECK_NEAR(grew[s], uses / 5.0, uses / 10.0);
		CHECK_NEAR(moved[s], wants / 5.0, wants / 10.0);
	}
	CHECK(same_numbers(m->n_goods, m->good.supply, next->good.supply));
	pl_model_free(next);
	pl_model_free(m);
}

static void a_shock_out_of_range_is_refused(void)
{
	pl_model *m = small_model(), *next;
	const double bad[] = {-0.1, 4, NAN};
	for (int t = 0; t < 3; t++) {
		pl_error err;
		CHECK(pl_lab_shock(&next, m, bad[t], 1, &err) == PL_EARG && next == NULL);
		CHECK(strstr(err.msg, "from 0 to 3") != NULL);
	}
	pl_model_free(m);
}

static double *answered(pl_councils *c, const pl_model *m)
{
	double *price = pl_alloc(m->n_goods, sizeof *price);
	double *q = pl_alloc(m->n_links, sizeof *q);
	for (int32_t j = 0; j < m->n_goods; j++) price[j] = 1.5;
	CHECK(pl_councils_answer(c, q, price, NULL) == PL_OK);
	pl_free(price);
	return q;
}

static void in_a_new_year_councils_answer_by_its_schedules(void)
{
	pl_model *m = made(PL_GENERATE_MIXED), *next = shocked(m, 0.1, 5);
	pl_councils *c, *fresh;
	CHECK(pl_councils_new(&c, m, NULL, 1, NULL) == PL_OK);
	CHECK(pl_councils_new(&fresh, next, NULL, 1, NULL) == PL_OK);
	double *before = answered(c, m), *want = answered(fresh, next);
	CHECK(!same_numbers(m->n_links, before, want));
	CHECK(pl_councils_new_year(c, next, NULL) == PL_OK);
	double *got = answered(c, next);
	CHECK(same_numbers(m->n_links, got, want));
	pl_free(before);
	pl_free(want);
	pl_free(got);
	pl_councils_free(c);
	pl_councils_free(fresh);
	pl_model_free(next);
	pl_model_free(m);
}

static void a_new_year_of_another_economy_is_refused(void)
{
	pl_model *m = made(PL_GENERATE_MIXED), *other = made(PL_GENERATE_CES);
	pl_councils *c;
	pl_error err;
	CHECK(pl_councils_new(&c, m, NULL, 1, NULL) == PL_OK);
	double *before = answered(c, m);
	CHECK(pl_councils_new_year(c, other, &err) == PL_EARG);
	CHECK(strstr(err.msg, "these are others") != NULL);
	double *after = answered(c, m);
	CHECK(same_numbers(m->n_links, before, after));
	pl_free(before);
	pl_free(after);
	pl_councils_free(c);
	pl_model_free(other);
	pl_model_free(m);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_model *m = small_model();
	const int64_t before = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int64_t granted = 0; s == PL_ENOMEM; granted++) {
		pl_model *next;
		pl_alloc_grants = granted;
		s = pl_lab_shock(&next, m, 0.1, 1, NULL);
		pl_alloc_grants = -1;
		CHECK(s == PL_OK || next == NULL);
		pl_model_free(next);
		CHECK(pl_alloc_alive == before);
	}
	CHECK(s == PL_OK);
	pl_model_free(m);
}
#endif

int main(void)
{
	RUN(no_shock_changes_nothing);
	RUN(a_shock_moves_each_number_by_its_size_at_most);
	RUN(exponents_keep_their_sum);
	RUN(the_same_seed_is_the_same_year);
	RUN(year_two_moves_exponents_and_shares_by_thousandths);
	RUN(a_shock_out_of_range_is_refused);
	RUN(in_a_new_year_councils_answer_by_its_schedules);
	RUN(a_new_year_of_another_economy_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
