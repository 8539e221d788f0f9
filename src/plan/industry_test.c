/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* industry_test.c - the approximate inverse by its definition: symmetric, positive, exact
 * where every good has one maker, and worth its price. */
#include "base/random.h"
#include "plan/normal.h"
#include "tests/pl_test.h"

#include <math.h>
#include <stdio.h>

#include "plan/test_program.h"

enum { GOODS = 60, INPUTS = 5, SEEDS = 5, ACTS = 3 * GOODS };

typedef struct {
	pl_model *m;
	pl_program *g;
	double whole[ACTS], diagonal[GOODS], scale[GOODS];
} world;

/* Each good has `makers` of it; inputs come to less than `most` of a unit made. */
static world begin(uint64_t seed, int32_t makers, double most)
{
	world w = {0};
	pl_random r = pl_random_new(seed, 1);
	pl_builder *b = an_economy();
	for (int32_t j = 0; j < GOODS; j++) {
		char id[16];
		(void)snprintf(id, sizeof id, "g%d", (int)j);
		(void)a_good(b, id, PL_PRODUCT, 1, 0);
	}
	for (int32_t i = 0; i < makers * GOODS; i++) {
		char id[16];
		(void)snprintf(id, sizeof id, "w%d", (int)i);
		const int32_t c = a_council(b, id, PL_S_recipe, (double)NAN, NULL);
		a_link(b, c, i % GOODS, PL_MAKES, 1);
		for (int32_t k = 1; k <= INPUTS; k++)
			a_link(b, c, (i + k * (1 + i % 11)) % GOODS, PL_USES,
			       most / INPUTS * (0.1 + 0.9 * pl_random_unit(&r)));
	}
	const int32_t c = a_council(b, "home", PL_S_request, (double)NAN, NULL);
	for (int32_t j = 0; j < GOODS; j++) a_link(b, c, j, PL_WANTS, 1);
	w.m = the_model(b);
	const pl_twist none = {0};
	w.g = the_program(w.m, &none);
	CHECK(w.g->n_acts == makers * GOODS && w.g->n_goods == GOODS);
	for (int32_t i = 0; i < w.g->n_acts; i++)
		w.whole[i] = pow(10, 4 * pl_random_unit(&r) - 2);
	return w;
}

static void end(world *w)
{
	pl_program_free(w->g);
	pl_model_free(w->m);
}

/* out = sum of whole y y' x + diag x, and the diagonal. */
static void times(world *w, double *out, const double *x, double diag)
{
	const pl_csr *link = w->g->link;
	for (int32_t j = 0; j < GOODS; j++) {
		out[j] = diag * x[j];
		w->diagonal[j] = diag;
	}
	for (int32_t i = 0; i < w->g->n_acts; i++) {
		double sum = 0;
		for (int64_t l = link->start[i]; l < link->start[i + 1]; l++)
			sum += link->val[l] * x[link->col[l]];
		for (int64_t l = link->start[i]; l < link->start[i + 1]; l++) {
			out[link->col[l]] += w->whole[i] * link->val[l] * sum;
			w->diagonal[link->col[l]] += w->whole[i] * link->val[l] * link->val[l];
		}
	}
	for (int32_t j = 0; j < GOODS; j++) w->scale[j] = 1 / sqrt(w->diagonal[j]);
}

static double inner(const double *a, const double *b)
{
	double sum = 0;
	for (int32_t j = 0; j < GOODS; j++) sum += a[j] * b[j];
	return sum;
}

static void draw(double *x, uint64_t seed)
{
	pl_random r = pl_random_new(seed, 2);
	for (int32_t j = 0; j < GOODS; j++) x[j] = pl_random_unit(&r) - 0.5;
}

static void the_approximation_is_symmetric_and_positive(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		world w = begin(seed, 3, 0.8);
		double u[GOODS], v[GOODS], pu[GOODS], pv[GOODS], mu[GOODS];
		pl_industry *s = NULL;
		draw(u, seed);
		draw(v, seed + 100);
		times(&w, mu, u, 0.1);
		CHECK(pl_industry_new(&s, w.g, NULL) == PL_OK);
		pl_industry_set(s, w.whole, w.scale);
		pl_industry_apply(s, pu, u);
		pl_industry_apply(s, pv, v);
		CHECK_NEAR(inner(v, pu), inner(u, pv),
		           1e-12 * sqrt(inner(u, pu) * inner(v, pv)));
		CHECK(inner(u, pu) > 0 && inner(v, pv) > 0);
		pl_industry_free(s);
		end(&w);
	}
}

static void with_one_maker_a_good_it_is_the_inverse_up_to_rounds(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		world w = begin(seed, 1, 0.3);
		double x[GOODS], b[GOODS], got[GOODS];
		pl_industry *s = NULL;
		draw(x, seed);
		for (int32_t i = 0; i < GOODS; i++) w.whole[i] = 2;
		times(&w, b, x, 0);
		CHECK(pl_industry_new(&s, w.g, NULL) == PL_OK);
		pl_industry_set(s, w.whole, w.scale);
		pl_industry_apply(s, got, b);
		for (int32_t j = 0; j < GOODS; j++) CHECK_NEAR(got[j], x[j], 0.05);
		pl_industry_free(s);
		end(&w);
	}
}

/* The quotients x'Mx / x'P x lie close together where the diagonal alone leaves them far
 * apart: so conjugate gradients are quick. */
static void a_solution_takes_few_products(void)
{
	int64_t most = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		world w = begin(seed, 3, 0.9);
		double x[GOODS], b[GOODS], got[GOODS], price[GOODS], diag[GOODS];
		pl_answers *a = NULL;
		pl_normal *s = NULL;
		draw(x, seed);
		times(&w, b, x, 1e-3);
		for (int32_t j = 0; j < GOODS; j++) {
			price[j] = 1;
			diag[j] = 1e-3;
		}
		CHECK(pl_answers_new(&a, w.g, NULL) == PL_OK);
		CHECK(pl_normal_new(&s, w.g, 0, NULL) == PL_OK && !s->direct);
		pl_answers_at(a, w.g, price);
		for (int32_t i = 0; i < w.g->n_acts; i++) a->whole[i] = w.whole[i];
		pl_normal_set(s, a, diag);
		const int64_t before = s->sweeps;
		pl_normal_solve(s, got, b, 1e-10);
		most = s->sweeps - before > most ? s->sweeps - before : most;
		for (int32_t j = 0; j < GOODS; j++) CHECK_NEAR(got[j], x[j], 1e-6);
		/* half the way there already: not more than from nothing */
		const int64_t first = s->sweeps - before;
		for (int32_t j = 0; j < GOODS; j++) got[j] = x[j] * (1 + 1e-6);
		pl_normal_improve(s, got, b, 1e-10);
		CHECK(s->sweeps - before - first < first);
		for (int32_t j = 0; j < GOODS; j++) CHECK_NEAR(got[j], x[j], 1e-6);
		pl_normal_free(s);
		pl_answers_free(a);
		end(&w);
	}
	printf("  at most %d products\n", (int)most);
	CHECK(most <= GOODS / 2);
}

int main(void)
{
	RUN(the_approximation_is_symmetric_and_positive);
	RUN(with_one_maker_a_good_it_is_the_inverse_up_to_rounds);
	RUN(a_solution_takes_few_products);
	return pl_test_failed;
}
