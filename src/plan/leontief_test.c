/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Economies with one maker a product: what recipes alone say of prices and activities, beside
 * elimination, and when they do not decide. */
#include "plan/leontief.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plan/test_program.h"

static const double none = (double)NAN;
static const double part = 1e-12, near = 5e-13;
enum { GOODS = 12, SEEDS = 40, HOURS = GOODS };

/* Maker i makes good i; hours are held. */
typedef struct {
	double takes[GOODS][GOODS], effort[GOODS], hours[GOODS]; /* per unit made */
	double asked[GOODS], held[GOODS + 1], cap[GOODS];
	bool spent;  /* asked: credits that a budget spends on the good */
	bool second; /* another maker of good 0 */
} table;

static table drawn(uint64_t seed)
{
	pl_random r = pl_random_new(seed, 1);
	table t = {0};
	for (int i = 0; i < GOODS; i++) {
		for (int j = 0; j < GOODS; j++)
			if (j != i && pl_random_unit(&r) < 0.5)
				t.takes[i][j] = 2.0 / GOODS * pl_random_unit(&r);
		t.effort[i] = 0.1 + pl_random_unit(&r);
		t.hours[i] = pl_random_unit(&r);
		t.asked[i] = i == 0 || pl_random_unit(&r) < 0.6 ? 10 * pl_random_unit(&r) : 0;
		t.cap[i] = none;
	}
	t.held[HOURS] = 1e5;
	return t;
}

typedef struct {
	pl_model *m;
	pl_program *g;
	pl_method *k;
	int64_t good[GOODS + 1]; /* of the program, -1: nobody needs it */
} world;

static void a_maker(pl_builder *b, const table *t, int i, const char *id)
{
	const int32_t c = a_council(b, id, PL_S_recipe, none,
	                            (double[]){t->cap[i], t->effort[i], none, none});
	a_link(b, c, i, PL_MAKES, 1);
	for (int j = 0; j < GOODS; j++)
		if (t->takes[i][j] > 0) a_link(b, c, j, PL_USES, t->takes[i][j]);
	if (t->hours[i] > 0) a_link(b, c, HOURS, PL_USES, t->hours[i]);
}

static world begin(const table *t)
{
	world w = {0};
	pl_builder *b = an_economy();
	char id[16];
	for (int j = 0; j <= GOODS; j++) {
		(void)snprintf(id, sizeof id, "g%d", j);
		(void)a_good(b, id, j == HOURS ? PL_LABOUR : PL_PRODUCT, none, t->held[j]);
	}
	for (int i = 0; i < GOODS; i++) {
		(void)snprintf(id, sizeof id, "w%d", i);
		a_maker(b, t, i, id);
	}
	if (t->second) a_maker(b, t, 0, "another");
	double income = 0;
	for (int j = 0; j < GOODS; j++) income += t->asked[j];
	const int32_t home = a_council(b, "home", t->spent ? PL_S_budget_cd : PL_S_request,
	                               t->spent ? income : none, NULL);
	for (int j = 0; j < GOODS; j++)
		if (t->asked[j] > 0) a_link(b, home, j, PL_WANTS, t->asked[j]);
	w.m = the_model(b);
	const pl_twist twist = {0};
	w.g = the_program(w.m, &twist);
	const pl_settings s = pl_settings_preset();
	CHECK(pl_method_new(&w.k, w.g, &s, NULL) == PL_OK);
	for (int j = 0; j <= GOODS; j++) w.good[j] = w.g->place[j];
	for (int32_t j = 0; j < w.g->n_goods; j++) w.k->at.price[j] = 1;
	return w;
}

static void end(world *w)
{
	pl_method_free(w->k);
	pl_program_free(w->g);
	pl_model_free(w->m);
}

static bool tried(world *w)
{
	bool found = false;
	CHECK(pl_leontief(&found, w->k, part, near, near, NULL) == PL_OK);
	return found;
}

static double price(const world *w, int j)
{
	return w->k->at.price[w->good[j]];
}

static double activity(const world *w, int i)
{
	for (int32_t a = 0; a < w->g->n_acts; a++)
		if (w->g->council[a] == i) return w->k->at.z[a];
	return 0;
}

/* x of a x = b, a dominated by its diagonal; both are used up. */
static void eliminate(double a[GOODS][GOODS], double *b)
{
	for (int k = 0; k < GOODS; k++)
		for (int i = 0; i < GOODS; i++) {
			const double f = i == k ? 0 : a[i][k] / a[k][k];
			for (int j = 0; j < GOODS; j++) a[i][j] -= f * a[k][j];
			b[i] -= f * b[k];
		}
	for (int k = 0; k < GOODS; k++) b[k] /= a[k][k];
}

static void by_elimination(const table *t, double *p, double *z)
{
	double a[GOODS][GOODS], turned[GOODS][GOODS];
	for (int i = 0; i < GOODS; i++)
		for (int j = 0; j < GOODS; j++)
			turned[j][i] = a[i][j] = (i == j) - t->takes[i][j];
	memcpy(p, t->effort, sizeof t->effort);
	eliminate(a, p);
	for (int j = 0; j < GOODS; j++)
		z[j] = (t->spent ? t->asked[j] / p[j] : t->asked[j]) - t->held[j];
	eliminate(turned, z);
}

static void agrees(const table *t, const world *w)
{
	double p[GOODS], z[GOODS];
	by_elimination(t, p, z);
	for (int j = 0; j < GOODS; j++) {
		if (w->good[j] >= 0) CHECK_NEAR(price(w, j), p[j], 1e-11 * p[j]);
		CHECK_NEAR(activity(w, j), z[j], 1e-11 * z[j]);
	}
	if (w->good[HOURS] >= 0) CHECK_NEAR(price(w, HOURS), 0, 0);
}

static void recipes_decide_as_elimination_does(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		table t = drawn(seed);
		t.spent = seed % 2 == 1;
		if (t.spent) memset(t.hours, 0, sizeof t.hours);
		world w = begin(&t);
		CHECK(tried(&w));
		agrees(&t, &w);
		for (int32_t j = 0; j < w.g->n_goods; j++)
			CHECK(w.k->supply[j] >= w.k->demand[j]);
		end(&w);
	}
}

static void the_start_prices_do_not_matter(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		const table t = drawn(seed);
		pl_random r = pl_random_new(seed, 2);
		world w = begin(&t);
		for (int32_t j = 0; j < w.g->n_goods; j++)
			w.k->at.price[j] = pow(10, 6 * pl_random_unit(&r) - 3);
		CHECK(tried(&w));
		agrees(&t, &w);
		end(&w);
	}
}

/* Recipes do not decide: everything is left to the search, as it was. */
static int64_t declined(const table *t)
{
	world w = begin(t);
	for (int32_t j = 0; j < w.g->n_goods; j++) w.k->at.price[j] = 1 + 0.1 * j;
	CHECK(!tried(&w));
	for (int32_t j = 0; j < w.g->n_goods; j++) {
		CHECK(w.k->at.price[j] == 1 + 0.1 * j);
		CHECK(w.k->reserve[j] == 0);
	}
	const int64_t sweeps = w.k->sweeps;
	end(&w);
	return sweeps;
}

static void what_is_scarce_is_left_to_the_search(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		table t = drawn(seed);
		double p[GOODS], z[GOODS], hours = 0;
		by_elimination(&t, p, z);
		for (int i = 0; i < GOODS; i++) hours += z[i] * t.hours[i];
		t.held[HOURS] = 0.999 * hours;
		CHECK(declined(&t) > 0);
		t.held[HOURS] = 1.001 * hours;
		t.cap[0] = 0.999 * z[0];
		CHECK(declined(&t) > 0);
		t.cap[0] = 1.001 * z[0];
		world w = begin(&t);
		CHECK(tried(&w));
		agrees(&t, &w);
		end(&w);
	}
}

static void where_it_cannot_apply_it_takes_no_sweep(void)
{
	table t = drawn(1);
	t.spent = true; /* and hours may be scarce */
	CHECK(declined(&t) == 0);
	t = drawn(1);
	t.second = true;
	CHECK(declined(&t) == 0);
	t = drawn(1);
	memset(t.effort, 0, sizeof t.effort);
	CHECK(declined(&t) == 0);
}

/* More is held of a good than is used at all, or less, but more than is asked for. */
static void what_is_held_in_plenty_is_free_and_not_made(void)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		table t = drawn(seed);
		double p[GOODS], z[GOODS];
		t.asked[1] = 0.1;
		by_elimination(&t, p, z);
		t.held[1] = 0.5 * (t.asked[1] + z[1]);
		world w = begin(&t);
		CHECK(tried(&w));
		agrees(&t, &w);
		end(&w);
		t.held[1] = 1.5 * z[1];
		w = begin(&t);
		CHECK(tried(&w));
		CHECK(price(&w, 1) == 0 && activity(&w, 1) == 0);
		for (int i = 0; i < GOODS; i++) t.takes[i][1] = t.takes[1][i] = 0;
		t.held[1] = t.asked[1] = t.effort[1] = 0;
		double q[GOODS];
		by_elimination(&t, q, z);
		for (int j = 0; j < GOODS; j++) {
			CHECK_NEAR(activity(&w, j), z[j], 1e-11 * z[j]);
			if (w.good[j] >= 0) CHECK_NEAR(price(&w, j), q[j], 1e-11 * q[j]);
		}
		end(&w);
	}
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const table t = drawn(1);
	world w = begin(&t);
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; grants < 7; grants++) {
		bool found = true;
		pl_error err;
		pl_alloc_grants = grants;
		CHECK(pl_leontief(&found, w.k, part, near, near, &err) == PL_ENOMEM);
		CHECK(!found && err.code == PL_ENOMEM);
		CHECK(pl_alloc_alive == alive);
	}
	pl_alloc_grants = -1;
	CHECK(tried(&w));
	end(&w);
}
#endif

int main(void)
{
	RUN(recipes_decide_as_elimination_does);
	RUN(the_start_prices_do_not_matter);
	RUN(what_is_scarce_is_left_to_the_search);
	RUN(where_it_cannot_apply_it_takes_no_sweep);
	RUN(what_is_held_in_plenty_is_free_and_not_made);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
