/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "work/across.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

enum { MOST = 12 };
static const double close = 1e-9;

static pl_across *made(int32_t n, const double *hours, const double *mean)
{
	pl_across *a = NULL;
	CHECK(pl_work_across(&a, n, hours, mean, NULL) == PL_OK);
	if (a == NULL) abort();
	return a;
}

static double all_hours(const pl_across *a)
{
	double sum = 0;
	for (int64_t k = 0; k < a->n_visits; k++) sum += a->visit[k].hours;
	return sum;
}

/* theory.md 4.2: lambda E + (1 - lambda) E_out = E*, E_out the mean of where the hours go. */
static void everybody_comes_to_the_mean_by_the_formula(void)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		pl_random r = pl_random_new(seed, 1);
		const int32_t n = (int32_t)pl_random_between(&r, 2, MOST);
		double hours[MOST], mean[MOST], out[MOST] = {0}, gone[MOST] = {0};
		for (int32_t i = 0; i < n; i++) {
			hours[i] = 100 + 900 * pl_random_unit(&r);
			mean[i] = 1 + 19 * pl_random_unit(&r);
		}
		pl_across *a = made(n, hours, mean);
		CHECK(a->n_visits < n);
		for (int64_t k = 0; k < a->n_visits; k++) {
			const pl_visit *v = &a->visit[k];
			CHECK(mean[v->above] > a->mean && mean[v->below] < a->mean);
			out[v->above] += v->hours * mean[v->below];
			out[v->below] += v->hours * mean[v->above];
			gone[v->above] += v->hours;
			gone[v->below] += v->hours;
		}
		for (int32_t i = 0; i < n; i++) {
			CHECK_NEAR(gone[i], a->elsewhere[i], close * hours[i]);
			CHECK(a->elsewhere[i] >= 0 && a->elsewhere[i] < hours[i]);
			CHECK_NEAR(((hours[i] - gone[i]) * mean[i] + out[i]) / hours[i],
			           a->mean, close);
			CHECK_NEAR(a->after[i], a->mean, close);
		}
		pl_across_free(a);
	}
}

/* All the ways in which two above and two below, each one unit off, can be matched lie between
 * two; the walk takes the better of them. */
static void no_other_match_needs_fewer_hours(void)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		pl_random r = pl_random_new(seed, 2);
		double off[4], hours[4], mean[4];
		for (int i = 0; i < 4; i++) {
			off[i] = 0.5 + 4 * pl_random_unit(&r);
			hours[i] = 1 / off[i];
			mean[i] = 10 + (i < 2 ? off[i] : -off[i]);
		}
		pl_across *a = made(4, hours, mean);
		const double one = 1 / (off[0] + off[2]) + 1 / (off[1] + off[3]);
		const double other = 1 / (off[0] + off[3]) + 1 / (off[1] + off[2]);
		CHECK_NEAR(all_hours(a), fmin(one, other), close);
		pl_across_free(a);
	}
}

static void equal_workplaces_swap_nothing(void)
{
	const double hours[] = {10, 20, 30}, mean[] = {7, 7, 7};
	pl_across *a = made(3, hours, mean);
	CHECK(a->n_visits == 0);
	CHECK_NEAR(a->mean, 7, close);
	pl_across_free(a);
}

static void what_has_no_hours_is_refused(void)
{
	const double hours[] = {10, 0}, mean[] = {7, 8};
	pl_across *a = NULL;
	pl_error err = {0};
	CHECK(pl_work_across(&a, 2, hours, mean, &err) == PL_EARG && err.where == 1 &&
	      a == NULL);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const double hours[] = {10, 10}, mean[] = {7, 8};
	pl_status status = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_across *a = NULL;
		pl_alloc_grants = grants;
		status = pl_work_across(&a, 2, hours, mean, NULL);
		pl_alloc_grants = -1;
		CHECK((status == PL_OK) == (a != NULL));
		pl_across_free(a);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
}
#endif

int main(void)
{
	RUN(everybody_comes_to_the_mean_by_the_formula);
	RUN(no_other_match_needs_fewer_hours);
	RUN(equal_workplaces_swap_nothing);
	RUN(what_has_no_hours_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
