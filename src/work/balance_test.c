/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/pl_test.h"
/* after the harness */
#include "work/test_workplace.h"

static const pl_work_settings nearest = {
        .within = 0, .tasks_most = 6, .balance = true, .seed = 1};
static const double near_best = 0.003; /* points */
static const int64_t hour = PL_WORK_HOUR;

static pl_jobs *jobs_of(const pl_workplace *w, const pl_work_settings *s)
{
	pl_jobs *j = NULL;
	pl_error err = {0};
	CHECK(pl_work_balance(&j, w, s, &err) == PL_OK);
	if (j == NULL) {
		fprintf(stderr, "%s\n", err.msg);
		abort();
	}
	CHECK(pl_jobs_check(w, s, j, &err) == PL_OK);
	return j;
}

/* The least largest deviation; -1 where there are no jobs. */
static double worst_of(const pl_workplace *w)
{
	pl_jobs *j = jobs_of(w, &nearest);
	const bool some = j->outcome <= PL_JOBS_NEAREST;
	CHECK(j->proven || !some);
	const double worst = some ? j->worst : -1;
	pl_jobs_free(j);
	return worst;
}

/* ---- properties ---- */

static void everything_is_covered_exactly_and_nobody_works_more_than_offered(void)
{
	int some = 0;
	for (uint64_t s = 1; s <= 8; s++) {
		test_workplace t = test_workplace_of((test_kind){
		        (int32_t)(4 + 3 * s), (int32_t)(5 + 2 * s), 0.6, 1500, s % 2 == 0, s});
		pl_jobs *j = jobs_of(&t.w, NULL);
		some += j->outcome <= PL_JOBS_NEAREST;
		CHECK(j->bound <= j->worst);
		pl_jobs_free(j);
		test_workplace_free(&t);
	}
	CHECK(some >= 4);
}

/* People and tasks in the opposite order. */
static test_workplace turned(const test_workplace *t)
{
	const int32_t people = t->w.n_people, tasks = t->w.n_tasks;
	test_workplace out = test_workplace_new(people, tasks);
	for (int32_t i = 0; i < tasks; i++) {
		const int32_t k = tasks - 1 - i;
		out.need[i] = t->need[k];
		out.block[i] = t->block[k];
		out.learn[i] = t->learn[k];
		out.empowerment[i] = t->empowerment[k];
		out.desirability[i] = t->desirability[k];
	}
	int64_t n = 0;
	for (int32_t m = 0; m < people; m++) {
		const int32_t k = people - 1 - m;
		out.hours[m] = t->hours[k];
		out.learning[m] = t->learning[k];
		for (int64_t i = t->skill_start[k + 1]; i-- > t->skill_start[k]; n++) {
			out.skill[n] = t->skill[i];
			out.skill[n].task = tasks - 1 - t->skill[i].task;
		}
		out.skill_start[m + 1] = n;
	}
	(void)test_borrow(&out, people, tasks);
	return out;
}

static void order_of_people_and_tasks_changes_nothing(void)
{
	for (uint64_t s = 1; s <= 6; s++) {
		test_workplace t = test_workplace_of((test_kind){3, 5, 0.8, 2000, false, s});
		test_workplace u = turned(&t);
		CHECK_NEAR(worst_of(&u.w), worst_of(&t.w), near_best);
		test_workplace_free(&t);
		test_workplace_free(&u);
	}
}

static void twice_the_hours_need_the_same_balance(void)
{
	for (uint64_t s = 1; s <= 6; s++) {
		test_workplace t = test_workplace_of((test_kind){3, 5, 0.8, 2000, false, s});
		const double before = worst_of(&t.w);
		for (int32_t m = 0; m < 3; m++) t.hours[m] *= 2;
		for (int32_t i = 0; i < 5; i++) {
			t.need[i] *= 2;
			t.block[i] *= 2;
		}
		CHECK_NEAR(worst_of(&t.w), before, near_best);
		test_workplace_free(&t);
	}
}

/* The last task as two tasks of half the hours, with the same scores and people. */
static test_workplace halved(const test_workplace *t)
{
	const int32_t people = t->w.n_people, tasks = t->w.n_tasks, last = tasks - 1;
	test_workplace out = test_workplace_new(people, tasks + 1);
	for (int32_t i = 0; i <= tasks; i++) {
		const int32_t k = i < last ? i : last;
		out.need[i] =
		        i < last ? t->need[k] : t->need[k] / 2 + (i == last) * (t->need[k] % 2);
		out.learn[i] = t->learn[k];
		out.empowerment[i] = t->empowerment[k];
		out.desirability[i] = t->desirability[k];
	}
	int64_t n = 0;
	for (int32_t m = 0; m < people; m++) {
		out.hours[m] = t->hours[m];
		for (int64_t i = t->skill_start[m]; i < t->skill_start[m + 1]; i++) {
			out.skill[n++] = t->skill[i];
			if (t->skill[i].task != last) continue;
			out.skill[n] = t->skill[i];
			out.skill[n++].task = tasks;
		}
		out.skill_start[m + 1] = n;
	}
	(void)test_borrow(&out, people, tasks + 1);
	return out;
}

static void a_task_in_two_parts_changes_nothing(void)
{
	for (uint64_t s = 1; s <= 6; s++) {
		/* without least shares, which would be halved too, and below the limit on tasks
		 */
		test_workplace t = test_workplace_of((test_kind){3, 5, 0.8, 0, false, s});
		test_workplace u = halved(&t);
		CHECK_NEAR(worst_of(&u.w), worst_of(&t.w), near_best);
		test_workplace_free(&t);
		test_workplace_free(&u);
	}
}

/* So many that partners are drawn, not all tried. */
static void many_people_get_jobs_too(void)
{
	test_workplace t = test_workplace_of((test_kind){400, 80, 0.3, 2000, false, 7});
	pl_jobs *j = jobs_of(&t.w, NULL);
	CHECK(j->outcome == PL_JOBS_BALANCED);
	CHECK(j->worst <= 0.5 && j->bound <= j->worst);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void the_same_workplace_gets_the_same_jobs(void)
{
	test_workplace t = test_workplace_of((test_kind){20, 15, 0.4, 2000, true, 5});
	pl_jobs *a = jobs_of(&t.w, NULL), *b = jobs_of(&t.w, NULL);
	const int64_t n = a->start[a->n_people];
	CHECK(b->start[b->n_people] == n);
	CHECK(memcmp(a->task, b->task, (size_t)n * sizeof *a->task) == 0);
	CHECK(memcmp(a->hours, b->hours, (size_t)n * sizeof *a->hours) == 0);
	CHECK(memcmp(&a->worst, &b->worst, sizeof a->worst) == 0);
	pl_jobs_free(a);
	pl_jobs_free(b);
	test_workplace_free(&t);
}

/* ---- planted ---- */

/* Tasks in pairs of opposite scores around 10 and 11, everyone half of each of one pair. */
static void a_balance_that_was_planted_is_found(void)
{
	for (int32_t pairs = 2; pairs <= 4; pairs++) {
		test_workplace t = test_workplace_new(pairs, 2 * pairs);
		int64_t n = 0;
		for (int32_t m = 0; m < pairs; m++) {
			t.hours[m] = 40 * hour;
			for (int32_t k = 0; k < 2; k++) {
				const int32_t i = 2 * m + k;
				t.need[i] = 20 * hour;
				t.block[i] = 20 * hour;
				t.learn[i] = -1;
				t.empowerment[i] = 10 + (k == 0 ? m + 1 : -m - 1);
				t.desirability[i] = 11 + (k == 0 ? -2 * m : 2 * m);
			}
			for (int32_t i = 0; i < 2 * pairs; i++)
				t.skill[n++] = (pl_work_skill){i, PL_WORK_ABLE, (double)NAN, 0};
			t.skill_start[m + 1] = n;
		}
		CHECK_NEAR(worst_of(test_borrow(&t, pairs, 2 * pairs)), 0, near_best);
		test_workplace_free(&t);
	}
}

/* ---- lessons, and what cannot be ---- */

/* Two people and two tasks: sweeping, and books that need computing that needs reading. */
static test_workplace foundry(void)
{
	enum { SWEEP, READ, COMPUTE, BOOKS, TASKS };
	test_workplace t = test_workplace_new(2, TASKS);
	for (int32_t m = 0; m < 2; m++) t.hours[m] = 40 * hour;
	t.learning[0] = t.learning[1] = 60 * hour;
	t.need[SWEEP] = t.need[BOOKS] = 40 * hour;
	for (int32_t i = 0; i < TASKS; i++) {
		t.empowerment[i] = t.desirability[i] = i == BOOKS ? 18 : 2;
		t.learn[i] = 10 * hour * i;
	}
	t.needs[0] = READ;
	t.needs[1] = COMPUTE;
	t.needs_start[BOOKS] = 1;
	t.needs_start[TASKS] = 2;
	for (int32_t i = READ; i <= BOOKS; i++)
		t.skill[i - READ] = (pl_work_skill){i, PL_WORK_ABLE, (double)NAN, 0};
	t.skill_start[1] = 3;
	t.skill[3] = (pl_work_skill){SWEEP, PL_WORK_ABLE, (double)NAN, 0};
	t.skill_start[2] = 4;
	(void)test_borrow(&t, 2, TASKS);
	return t;
}

static void lessons_begin_with_what_is_needed(void)
{
	test_workplace t = foundry();
	pl_jobs *j = jobs_of(&t.w, &nearest);
	CHECK(j->outcome == PL_JOBS_BALANCED);
	CHECK_NEAR(j->worst, 0, 1e-9);
	CHECK(j->lesson_start[1] == 1 &&
	      j->lesson[0] == 0); /* the bookkeeper is shown how to sweep */
	CHECK(j->lesson_start[2] == 4);
	for (int32_t k = 1; k <= 3; k++) CHECK(j->lesson[k] == k);
	CHECK(j->learning == 60 * hour);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void what_takes_too_long_to_learn_is_not_done(void)
{
	test_workplace t = foundry();
	t.learning[1]--;
	pl_jobs *j = jobs_of(&t.w, &nearest);
	CHECK(j->outcome == PL_JOBS_NEAREST && j->learning == 0 && j->proven);
	CHECK_NEAR(j->worst, 8, near_best);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void who_must_learn_first_is_named(void)
{
	test_workplace t = foundry();
	t.learning[1]--;
	t.need[3] += 2 * hour;
	t.need[0] -= 2 * hour;
	pl_jobs *j = jobs_of(&t.w, &nearest);
	CHECK(j->outcome == PL_JOBS_UNCOVERED);
	CHECK(j->short_task == 3 && j->short_hours == 2 * hour);
	CHECK(j->train == 1 && j->train_hours == 60 * hour);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void note(void *worst, const pl_work_progress *now)
{
	double *w = worst;
	w[0]++;
	if (isfinite(now->worst)) w[1] = now->worst;
}

static void who_watches_is_told_and_changes_nothing(void)
{
	test_workplace t = test_workplace_of((test_kind){6, 10, 0.5, 2 * hour, false, 1});
	double told[2] = {0, -1};
	pl_work_settings watched = nearest;
	watched.tell = note;
	watched.to = told;
	pl_jobs *a = jobs_of(&t.w, &nearest), *b = jobs_of(&t.w, &watched);
	CHECK(told[0] > 10 && told[1] >= 0);
	CHECK(a->outcome == b->outcome && a->worst == b->worst && a->learning == b->learning);
	pl_jobs_free(a);
	pl_jobs_free(b);
	test_workplace_free(&t);
}

static void more_work_than_hours_is_told(void)
{
	test_workplace t = foundry();
	t.need[0] += 3 * hour;
	pl_jobs *j = jobs_of(&t.w, &nearest);
	CHECK(j->outcome == PL_JOBS_HOURS && j->short_hours == 3 * hour);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void tasks_that_need_each_other_are_refused(void)
{
	test_workplace t = foundry();
	pl_jobs *j = NULL;
	pl_error err = {0};
	t.needs[0] = 3;
	CHECK(pl_work_balance(&j, &t.w, &nearest, &err) == PL_EARG && j == NULL);
	CHECK(err.where >= 2 && err.where <= 3);
	test_workplace_free(&t);
}

static void changed_jobs_are_rejected(void)
{
	test_workplace t = foundry();
	pl_jobs *j = jobs_of(&t.w, &nearest);
	j->hours[0]++;
	CHECK(pl_jobs_check(&t.w, &nearest, j, NULL) == PL_EARG);
	j->hours[0]--;
	const double worst = j->worst;
	j->worst = worst + 0.01;
	CHECK(pl_jobs_check(&t.w, &nearest, j, NULL) == PL_EARG);
	j->worst = worst;
	j->lesson[1] = 2;
	CHECK(pl_jobs_check(&t.w, &nearest, j, NULL) == PL_EARG);
	j->lesson[1] = 1;
	j->learning++;
	CHECK(pl_jobs_check(&t.w, &nearest, j, NULL) == PL_EARG);
	j->learning--;
	CHECK(pl_jobs_check(&t.w, &nearest, j, NULL) == PL_OK);
	pl_jobs_free(j);
	test_workplace_free(&t);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_workplace t = test_workplace_of((test_kind){3, 4, 0.5, 2000, true, 3});
	pl_status status = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_jobs *j = NULL;
		pl_alloc_grants = grants;
		status = pl_work_balance(&j, &t.w, &nearest, NULL);
		pl_alloc_grants = -1;
		CHECK((status == PL_OK) == (j != NULL));
		pl_jobs_free(j);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	test_workplace_free(&t);
}
#endif

int main(void)
{
	RUN(everything_is_covered_exactly_and_nobody_works_more_than_offered);
	RUN(order_of_people_and_tasks_changes_nothing);
	RUN(twice_the_hours_need_the_same_balance);
	RUN(a_task_in_two_parts_changes_nothing);
	RUN(many_people_get_jobs_too);
	RUN(the_same_workplace_gets_the_same_jobs);
	RUN(a_balance_that_was_planted_is_found);
	RUN(lessons_begin_with_what_is_needed);
	RUN(what_takes_too_long_to_learn_is_not_done);
	RUN(who_must_learn_first_is_named);
	RUN(who_watches_is_told_and_changes_nothing);
	RUN(more_work_than_hours_is_told);
	RUN(tasks_that_need_each_other_are_refused);
	RUN(changed_jobs_are_rejected);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
