/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "work/remedy.h"

#include "tests/pl_test.h"
/* after the harness */
#include "work/test_workplace.h"

#include <math.h>

enum { DRAWN = 16 }; /* workplaces */

static const int64_t hour = PL_WORK_HOUR;
static const pl_work_settings usual = {
        .within = 0.5, .tasks_most = 6, .balance = true, .seed = 1};

/* Three people of 30 hours; books cannot be parted so that cleaning goes into whole shares. */
static test_workplace shop(void)
{
	test_workplace t = test_workplace_new(3, 2);
	for (int32_t m = 0; m < 3; m++) t.hours[m] = t.learning[m] = 30 * hour;
	t.need[0] = 35 * hour;
	t.need[1] = 55 * hour;
	t.block[0] = 30 * hour;
	t.block[1] = 20 * hour;
	t.empowerment[0] = t.desirability[0] = 15;
	t.empowerment[1] = t.desirability[1] = 3;
	(void)test_borrow(&t, 3, 2);
	return t;
}

static int remedies_of(pl_remedy *out, const pl_workplace *w, const pl_work_settings *s)
{
	pl_jobs *j = NULL;
	int n = -1;
	CHECK(pl_work_balance(&j, w, s, NULL) == PL_OK);
	if (j == NULL) abort();
	CHECK(pl_work_remedies(out, &n, w, s, j, NULL) == PL_OK);
	if (j->outcome <= PL_JOBS_NEAREST || j->outcome == PL_JOBS_HOURS) CHECK(n == 0);
	pl_jobs_free(j);
	return n;
}

static void the_largest_least_share_that_serves_is_told(void)
{
	test_workplace t = shop();
	pl_remedy r[PL_REMEDIES];
	CHECK(remedies_of(r, &t.w, &usual) == 1);
	CHECK(r[0].kind == PL_REMEDY_BLOCK && r[0].task == 0 && r[0].block == 5 * hour);
	test_workplace_free(&t);
}

/* Two tasks of 45 hours in shares of 40: neither can be shared by two, so both have to be. */
static void where_no_single_least_share_serves_all_are_told(void)
{
	test_workplace t = shop();
	pl_remedy r[PL_REMEDIES];
	t.need[0] = t.need[1] = 45 * hour;
	t.block[0] = t.block[1] = 40 * hour;
	CHECK(remedies_of(r, &t.w, &usual) == 1);
	CHECK(r[0].kind == PL_REMEDY_BLOCKS && r[0].task == -1 && r[0].block == 15 * hour);
	test_workplace_free(&t);
}

static void the_fewest_tasks_that_serve_are_told(void)
{
	test_workplace t = test_workplace_new(3, 9);
	const pl_work_settings two = {
	        .within = 0.5, .tasks_most = 2, .balance = true, .seed = 1};
	pl_remedy r[PL_REMEDIES];
	for (int32_t m = 0; m < 3; m++) t.hours[m] = 30 * hour;
	for (int32_t i = 0; i < 9; i++) {
		t.need[i] = t.block[i] = 10 * hour;
		t.empowerment[i] = t.desirability[i] = i + 1;
	}
	(void)test_borrow(&t, 3, 9);
	CHECK(remedies_of(r, &t.w, &two) == 1);
	CHECK(r[0].kind == PL_REMEDY_TASKS && r[0].tasks_most == 3);
	test_workplace_free(&t);
}

/* Ninety hours of which one person alone can do eighty: two more are needed. */
static void all_who_must_learn_are_told_together(void)
{
	test_workplace t = shop();
	pl_remedy r[PL_REMEDIES];
	t.need[0] = 80 * hour;
	t.need[1] = 10 * hour;
	t.block[0] = t.block[1] = 0;
	t.learn[0] = 50 * hour;
	t.skill[0] = (pl_work_skill){0, PL_WORK_ABLE, (double)NAN, 0};
	t.skill_start[1] = t.skill_start[2] = t.skill_start[3] = 1;
	(void)test_borrow(&t, 3, 2);
	CHECK(remedies_of(r, &t.w, &usual) == 1);
	CHECK(r[0].kind == PL_REMEDY_LEARN && r[0].task == 0 && r[0].n_people == 2);
	CHECK(r[0].person[0] == 1 && r[0].person[1] == 2);
	t.skill[1] = (pl_work_skill){0, PL_WORK_NEVER, (double)NAN, 0};
	t.skill_start[2] = t.skill_start[3] = 2;
	CHECK(remedies_of(r, &t.w, &usual) == 0); /* who is never to do it is not asked */
	test_workplace_free(&t);
}

/* The columns of a workplace are the test's own, so that a remedy can be carried out. */
static void carry_out(test_workplace *t, pl_work_settings *s, const pl_remedy *r)
{
	const int32_t tasks = t->w.n_tasks, people = t->w.n_people;
	if (r->kind == PL_REMEDY_TASKS) s->tasks_most = r->tasks_most;
	if (r->kind == PL_REMEDY_BLOCK) t->block[r->task] = r->block;
	for (int32_t i = 0; r->kind == PL_REMEDY_BLOCKS && i < tasks; i++)
		if (t->block[i] > r->block) t->block[i] = r->block;
	pl_work_skill *all = test_column((int64_t)people * tasks, sizeof *all);
	int64_t n = 0;
	for (int32_t m = 0; m < people; m++) {
		bool learns = false;
		for (int32_t i = 0; r->kind == PL_REMEDY_LEARN && i < r->n_people; i++)
			learns = learns || r->person[i] == m;
		int64_t k = t->skill_start[m];
		const int64_t end = t->skill_start[m + 1];
		t->skill_start[m] = n;
		for (int32_t i = 0; i < tasks; i++) {
			const bool row = k < end && t->skill[k].task == i;
			if (row) all[n] = t->skill[k++];
			if (learns && i == r->task)
				all[n] = (pl_work_skill){i, PL_WORK_ABLE, (double)NAN, 0};
			if (row || (learns && i == r->task)) n++;
		}
	}
	t->skill_start[people] = n;
	pl_free(t->skill);
	t->skill = all;
	(void)test_borrow(t, people, tasks);
}

static void every_remedy_that_is_told_gives_jobs(void)
{
	int told[PL_REMEDY_KINDS] = {0}, none = 0;
	for (uint64_t seed = 1; seed <= DRAWN; seed++) {
		const test_kind kind = {
		        2 + (int32_t)(seed % 5), 6,   0.15, (int64_t)(seed % 4) * 4 * hour,
		        seed % 3 == 0,           seed};
		const pl_work_settings s = {.within = 0.5,
		                            .tasks_most = 1 + (int32_t)(seed % 4),
		                            .balance = true,
		                            .seed = 1};
		pl_remedy r[PL_REMEDIES];
		test_workplace t = test_workplace_of(kind);
		const int n = remedies_of(r, &t.w, &s);
		test_workplace_free(&t);
		none += n == 0;
		for (int i = 0; i < n; i++) {
			pl_jobs *j = NULL;
			pl_work_settings with = s;
			t = test_workplace_of(kind);
			carry_out(&t, &with, &r[i]);
			CHECK(pl_work_balance(&j, &t.w, &with, NULL) == PL_OK);
			if (j != NULL) CHECK(j->outcome <= PL_JOBS_NEAREST);
			told[r[i].kind]++;
			pl_jobs_free(j);
			test_workplace_free(&t);
		}
	}
	CHECK(told[PL_REMEDY_TASKS] > 0 && told[PL_REMEDY_BLOCK] > 0 &&
	      told[PL_REMEDY_LEARN] > 0);
	CHECK(none < DRAWN);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_workplace t = shop();
	pl_jobs *j = NULL;
	pl_remedy r[PL_REMEDIES];
	pl_status status = PL_ENOMEM;
	int n = 0;
	CHECK(pl_work_balance(&j, &t.w, &usual, NULL) == PL_OK);
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; status == PL_ENOMEM && grants < 60; grants++) {
		pl_alloc_grants = grants;
		status = pl_work_remedies(r, &n, &t.w, &usual, j, NULL);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == alive);
	}
	pl_jobs_free(j);
	test_workplace_free(&t);
}
#endif

int main(void)
{
	RUN(the_largest_least_share_that_serves_is_told);
	RUN(where_no_single_least_share_serves_all_are_told);
	RUN(the_fewest_tasks_that_serve_are_told);
	RUN(all_who_must_learn_are_told_together);
	RUN(every_remedy_that_is_told_gives_jobs);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
