/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "work/rate.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

enum { MOST = 40000 };
static const double close = 1e-12;

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* ---- ratings ---- */

/* Its definition: all means of pairs, sorted. */
static double median_of_means(int n, const pl_rating *r)
{
	static double mean[MOST];
	int k = 0;
	for (int a = 0; a < n; a++)
		for (int b = a; b < n; b++) mean[k++] = (r[a].tenths + r[b].tenths) / 20.0;
	qsort(mean, (size_t)k, sizeof *mean, by_value);
	return (mean[(k - 1) / 2] + mean[k / 2]) / 2;
}

static void a_score_is_the_median_of_the_means_of_pairs(void)
{
	for (uint64_t seed = 1; seed <= 60; seed++) {
		pl_random r = pl_random_new(seed, 1);
		pl_rating rating[40];
		const int n = (int)pl_random_between(&r, 1, 40);
		for (int i = 0; i < n; i++)
			rating[i] = (pl_rating){0, (int32_t)pl_random_between(&r, 10, 200)};
		pl_score s;
		CHECK(pl_rate_tasks(&s, 1, n, rating, NULL, NULL) == PL_OK);
		CHECK_NEAR(s.score, median_of_means(n, rating), close);
		CHECK(s.n == n && s.low <= s.score && s.score <= s.high);
		CHECK((n < 6) == (s.low == 1 && s.high == 20));
	}
}

/* A quarter lie as far as they can; the mean moves by points, the score stays near. */
static void a_quarter_who_lie_move_a_score_little(void)
{
	enum { N = 40, LIARS = 10 };
	double worst = 0, mean_worst = 0;
	for (uint64_t seed = 1; seed <= 30; seed++) {
		pl_random r = pl_random_new(seed, 2);
		pl_rating honest[N];
		double sum = 0;
		pl_score a, b;
		for (int i = 0; i < N; i++)
			honest[i] = (pl_rating){0, (int32_t)pl_random_between(&r, 40, 80)};
		CHECK(pl_rate_tasks(&a, 1, N, honest, NULL, NULL) == PL_OK);
		for (int i = 0; i < LIARS; i++) {
			sum += (200 - honest[i].tenths) / 10.0;
			honest[i].tenths = 200;
		}
		CHECK(pl_rate_tasks(&b, 1, N, honest, NULL, NULL) == PL_OK);
		worst = fmax(worst, fabs(b.score - a.score));
		mean_worst = fmax(mean_worst, sum / N);
		CHECK(b.score <= 8); /* nobody honest said more */
	}
	CHECK(worst < 1.6);
	CHECK(mean_worst > 3.4);
}

/* Of many samples from 5 to 15, symmetric about 10, the interval holds 10 about 95 times of
 * 100. */
static void the_interval_holds_the_middle_as_often_as_it_says(void)
{
	enum { SAMPLES = 2000, N = 20 };
	int held = 0;
	pl_random r = pl_random_new(7, 3);
	for (int i = 0; i < SAMPLES; i++) {
		pl_rating rating[N];
		pl_score s;
		for (int k = 0; k < N; k++)
			rating[k] = (pl_rating){0, (int32_t)pl_random_between(&r, 50, 150)};
		CHECK(pl_rate_tasks(&s, 1, N, rating, NULL, NULL) == PL_OK);
		held += s.low <= 10 && s.high >= 10;
	}
	CHECK_NEAR((double)held / SAMPLES, 0.95, 0.015);
}

static void a_starting_value_counts_as_one_rating(void)
{
	const pl_rating said[] = {{0, 50}, {0, 60}, {0, 90}};
	const double start[2] = {9, (double)NAN};
	pl_score a[2], b[2];
	CHECK(pl_rate_tasks(a, 2, 3, said, NULL, NULL) == PL_OK);
	CHECK(pl_rate_tasks(b, 2, 2, said, start, NULL) == PL_OK);
	CHECK_NEAR(a[0].score, b[0].score, close);
	CHECK(isnan(a[1].score) && isnan(b[1].score) && b[1].n == 0);
}

/* ---- pairs ---- */

enum { TASKS = 8, PEOPLE = 40, EACH = 20 };

/* Honest people see tasks in their order, rightly four times of five where they are neighbours;
 * `liars` always say the opposite of what they see. */
static int64_t compare(pl_comparison *out, uint64_t seed, int liars)
{
	pl_random r = pl_random_new(seed, 4);
	int64_t n = 0;
	for (int m = 0; m < PEOPLE; m++)
		for (int k = 0; k < EACH; k++) {
			const int a = (int)pl_random_below(&r, TASKS);
			const int b = (a + 1 + (int)pl_random_below(&r, TASKS - 1)) % TASKS;
			const double odds = pow(4, a - b);
			const bool above = pl_random_unit(&r) < odds / (1 + odds);
			const bool say = (m < liars) != above;
			out[n++] = (pl_comparison){m, say ? a : b, say ? b : a};
		}
	return n;
}

static void tasks_come_in_the_order_that_people_see(void)
{
	static pl_comparison said[PEOPLE * EACH];
	pl_score s[TASKS];
	for (uint64_t seed = 1; seed <= 10; seed++) {
		const int64_t n = compare(said, seed, 0);
		CHECK(pl_rate_pairs(s, TASKS, PEOPLE, n, said, NULL) == PL_OK);
		for (int t = 1; t < TASKS; t++) CHECK(s[t].score > s[t - 1].score);
		CHECK(s[0].low >= 1 && s[TASKS - 1].high <= 20);
	}
}

static void three_in_ten_who_lie_change_no_order(void)
{
	static pl_comparison said[PEOPLE * EACH];
	for (uint64_t seed = 1; seed <= 10; seed++) {
		pl_score honest[TASKS], mixed[TASKS];
		int64_t n = compare(said, seed, 0);
		CHECK(pl_rate_pairs(honest, TASKS, PEOPLE, n, said, NULL) == PL_OK);
		n = compare(said, seed, PEOPLE * 3 / 10);
		CHECK(pl_rate_pairs(mixed, TASKS, PEOPLE, n, said, NULL) == PL_OK);
		for (int t = 0; t < TASKS; t++) {
			CHECK_NEAR(mixed[t].score, honest[t].score, 1);
			if (t > 0) CHECK(mixed[t].score > mixed[t - 1].score);
		}
	}
}

/* One person, two tasks, 30 of 40 one way: with weight w = 2 * 31/42 - 1 the likelihood is at
 * its most where, with q = 1 - 1/(1 + r * r) for strengths r and 1/r, the wins are the expected
 * ones: 30 w + 1 = 40 w q + 2 r / (1 + r). */
static void strengths_are_the_most_likely_ones(void)
{
	pl_score s[2];
	pl_comparison two[40];
	for (int k = 0; k < 40; k++) two[k] = (pl_comparison){0, k >= 30, k < 30};
	CHECK(pl_rate_pairs(s, 2, 1, 40, two, NULL) == PL_OK);
	CHECK_NEAR(s[0].score + s[1].score, 21, 1e-6);
	const double w = 2 * 31 / 42.0 - 1, q = (s[0].score - 1) / 19, r = sqrt(q / (1 - q));
	CHECK_NEAR(40 * w * q + 2 * r / (1 + r), 30 * w + 1, 1e-6);
}

static void what_is_no_rating_is_refused(void)
{
	pl_score s[2];
	pl_error err = {0};
	const pl_rating rating[] = {{0, 10}, {0, 9}};
	const pl_comparison said[] = {{0, 0, 1}, {0, 1, 1}};
	CHECK(pl_rate_tasks(s, 2, 2, rating, NULL, &err) == PL_EARG && err.where == 1);
	CHECK(pl_rate_pairs(s, 2, 1, 2, said, &err) == PL_EARG && err.where == 1);
	CHECK(pl_rate_pairs(s, 2, 1, 1, said, &err) == PL_OK);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_score s[2];
	const pl_rating rating[] = {{0, 10}};
	const pl_comparison said[] = {{0, 0, 1}};
	pl_status status = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_alloc_grants = grants;
		status = pl_rate_pairs(s, 2, 1, 1, said, NULL);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	pl_alloc_grants = 0;
	CHECK(pl_rate_tasks(s, 2, 1, rating, NULL, NULL) == PL_ENOMEM);
	pl_alloc_grants = -1;
	CHECK(pl_alloc_alive == alive);
}
#endif

int main(void)
{
	RUN(a_score_is_the_median_of_the_means_of_pairs);
	RUN(a_quarter_who_lie_move_a_score_little);
	RUN(the_interval_holds_the_middle_as_often_as_it_says);
	RUN(a_starting_value_counts_as_one_rating);
	RUN(tasks_come_in_the_order_that_people_see);
	RUN(three_in_ten_who_lie_change_no_order);
	RUN(strengths_are_the_most_likely_ones);
	RUN(what_is_no_rating_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
