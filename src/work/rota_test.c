/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "work/rota.h"

#include "tests/pl_test.h"
/* after the harness */
#include "work/test_workplace.h"

#include <string.h>

enum { PEOPLE = 5, DAYS = 5 };

static test_workplace shop_of(uint64_t seed)
{
	return test_workplace_of((test_kind){PEOPLE, 7, 0.7, 1500, true, seed});
}

static test_workplace shop(void)
{
	return shop_of(11);
}

static pl_jobs *jobs_of(const pl_workplace *w)
{
	pl_jobs *j = NULL;
	const pl_work_settings s = {.within = 20, .tasks_most = 6, .balance = false, .seed = 1};
	CHECK(pl_work_balance(&j, w, &s, NULL) == PL_OK);
	if (j == NULL || j->outcome > PL_JOBS_NEAREST) abort();
	return j;
}

/* Hours of a person on a day (task -1) or of a task of a person over all days (day -1). */
static int64_t sum_of(const pl_rota *r, int32_t day, int32_t person, int32_t task)
{
	int64_t sum = 0;
	for (int64_t i = 0; i < r->n; i++) {
		const pl_shift *s = &r->shift[i];
		if ((day < 0 || s->day == day) && (person < 0 || s->person == person) &&
		    (task < 0 || s->task == task))
			sum += s->hours;
	}
	return sum;
}

static void sums_are_those_of_the_jobs_and_days_are_even(void)
{
	test_workplace t = shop();
	pl_jobs *j = jobs_of(&t.w);
	bool away[PEOPLE * DAYS] = {[0] = true, [1] = true, [DAYS + 4] = true};
	pl_rota *r = NULL;
	CHECK(pl_rota_make(&r, &t.w, j, DAYS, away, NULL) == PL_OK);
	for (int32_t m = 0; m < PEOPLE && r != NULL; m++) {
		int32_t there = 0;
		for (int32_t d = 0; d < DAYS; d++) there += !away[m * DAYS + d];
		for (int64_t k = j->start[m]; k < j->start[m + 1]; k++)
			CHECK(sum_of(r, -1, m, j->task[k]) == j->hours[k]);
		for (int32_t d = 0; d < DAYS; d++) {
			const int64_t hours = sum_of(r, d, m, -1), part = j->work[m] / there;
			CHECK(away[m * DAYS + d] ? hours == 0
			                         : hours == part || hours == part + 1);
		}
	}
	for (int64_t i = 0; r != NULL && i < r->n; i++) CHECK(r->shift[i].hours > 0);
	pl_rota_free(r);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void who_is_there_on_no_day_is_named(void)
{
	test_workplace t = shop();
	pl_jobs *j = jobs_of(&t.w);
	bool away[PEOPLE * DAYS] = {false};
	pl_rota *r = NULL;
	pl_error err = {0};
	for (int32_t d = 0; d < DAYS; d++) away[2 * DAYS + d] = true;
	CHECK(pl_rota_make(&r, &t.w, j, DAYS, away, &err) == PL_EARG && r == NULL);
	CHECK(err.where == 2);
	away[DAYS + DAYS] = false; /* a week's hours on one day */
	CHECK(pl_rota_make(&r, &t.w, j, DAYS, away, &err) == PL_EARG && err.where == 2);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

/* Sixty hours in five days are twelve a day, and twelve are allowed. */
static void twelve_hours_a_day_are_allowed_and_no_more(void)
{
	test_workplace t = test_workplace_new(1, 1);
	pl_error err = {0};
	pl_rota *r = NULL;
	t.hours[0] = t.need[0] = 60 * (int64_t)PL_WORK_HOUR;
	t.empowerment[0] = t.desirability[0] = 5;
	(void)test_borrow(&t, 1, 1);
	pl_jobs *j = jobs_of(&t.w);
	CHECK(pl_rota_make(&r, &t.w, j, 5, NULL, &err) == PL_OK);
	for (int32_t d = 0; r != NULL && d < 5; d++)
		CHECK(sum_of(r, d, -1, -1) == 12 * (int64_t)PL_WORK_HOUR);
	pl_rota_free(r);
	pl_jobs_free(j);
	t.hours[0] = ++t.need[0];
	j = jobs_of(&t.w);
	CHECK(pl_rota_make(&r, &t.w, j, 5, NULL, &err) == PL_EARG && r == NULL);
	CHECK(strstr(err.msg, "60.0 hours on 5 days") != NULL);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

/// Swap the first person's days with everybody's, and back. @param[in,out] done [2] how often
/// it was refused, and was not
static void swap_all(pl_rota *r, const test_workplace *t, const pl_jobs *j, int done[2])
{
	for (int32_t m = 1; m < PEOPLE && r != NULL; m++)
		for (int32_t d = 0; d < DAYS; d++) {
			const int64_t mine = sum_of(r, d, 0, -1), theirs = sum_of(r, d, m, -1);
			const bool good = pl_rota_swap(r, &t->w, j, d, 0, m, NULL) == PL_OK;
			CHECK(sum_of(r, d, 0, -1) == (good ? theirs : mine));
			CHECK(sum_of(r, d, m, -1) == (good ? mine : theirs));
			if (good) CHECK(pl_rota_swap(r, &t->w, j, d, 0, m, NULL) == PL_OK);
			CHECK(sum_of(r, d, 0, -1) == mine);
			done[good]++;
		}
}

static void a_swap_turns_two_days_round_and_back(void)
{
	int done[2] = {0, 0};
	for (uint64_t seed = 11; seed < 19; seed++) {
		test_workplace t = shop_of(seed);
		const pl_work_settings s = {
		        .within = 20, .tasks_most = 6, .balance = false, .seed = 1};
		pl_jobs *j = NULL;
		pl_rota *r = NULL;
		CHECK(pl_work_balance(&j, &t.w, &s, NULL) == PL_OK);
		if (j != NULL && j->outcome <= PL_JOBS_NEAREST) {
			CHECK(pl_rota_make(&r, &t.w, j, DAYS, NULL, NULL) == PL_OK);
			swap_all(r, &t, j, done);
		}
		pl_rota_free(r);
		pl_jobs_free(j);
		test_workplace_free(&t);
	}
	CHECK(done[0] > 0 && done[1] > 0);
}

/// Swap the first two who may. @return the day, -1 where none may
static int32_t swap_some(pl_rota *r, const test_workplace *t, const pl_jobs *j)
{
	for (int32_t d = 0; d < DAYS; d++)
		if (pl_rota_swap(r, &t->w, j, d, 0, 1, NULL) == PL_OK) return d;
	return -1;
}

static void a_week_without_swaps_is_the_job_and_swaps_only_move_points(void)
{
	int swapped = 0;
	for (uint64_t seed = 11; seed < 19; seed++) {
		test_workplace t = shop_of(seed);
		pl_jobs *j = jobs_of(&t.w);
		pl_rota *r = NULL;
		double before = 0, after = 0;
		CHECK(pl_rota_make(&r, &t.w, j, DAYS, NULL, NULL) == PL_OK);
		for (int32_t m = 0; m < PEOPLE; m++) {
			const pl_rota_week v = pl_rota_week_of(r, &t.w, j, m, 1);
			CHECK(v.hours == j->work[m]);
			CHECK_NEAR(v.empowerment, j->empowerment[m], 1e-9);
			CHECK_NEAR(v.desirability, j->desirability[m], 1e-9);
			CHECK_NEAR(v.off, v.off_without, 1e-9);
			CHECK(v.within == (v.off <= 1 + 1e-9));
			before += (double)v.hours * v.empowerment;
		}
		const double first = pl_rota_week_of(r, &t.w, j, 0, 1).empowerment;
		const bool some = swap_some(r, &t, j) >= 0;
		for (int32_t m = 0; m < PEOPLE; m++) {
			const pl_rota_week v = pl_rota_week_of(r, &t.w, j, m, 1);
			if (m > 1) CHECK_NEAR(v.off, v.off_without, 1e-9);
			after += (double)v.hours * v.empowerment;
		}
		CHECK_NEAR(after, before, 1e-6 * before);
		swapped += some &&
		           fabs(pl_rota_week_of(r, &t.w, j, 0, 1).empowerment - first) > 1e-6;
		pl_rota_free(r);
		pl_jobs_free(j);
		test_workplace_free(&t);
	}
	CHECK(swapped > 0);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_workplace t = shop();
	pl_jobs *j = jobs_of(&t.w);
	pl_status status = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_rota *r = NULL;
		pl_alloc_grants = grants;
		status = pl_rota_make(&r, &t.w, j, DAYS, NULL, NULL);
		pl_alloc_grants = -1;
		CHECK((status == PL_OK) == (r != NULL));
		pl_rota_free(r);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	pl_jobs_free(j);
	test_workplace_free(&t);
}
#endif

int main(void)
{
	RUN(sums_are_those_of_the_jobs_and_days_are_even);
	RUN(who_is_there_on_no_day_is_named);
	RUN(twelve_hours_a_day_are_allowed_and_no_more);
	RUN(a_swap_turns_two_days_round_and_back);
	RUN(a_week_without_swaps_is_the_job_and_swaps_only_move_points);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
