/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_workplace.h - for tests of jobs (after tests/pl_test.h): workplaces made up from a seed.
 */
#ifndef PL_WORK_TEST_WORKPLACE_H
#define PL_WORK_TEST_WORKPLACE_H
#include "base/alloc.h"
#include "base/random.h"

#include <plenum/work.h>

/// How a workplace is drawn.
typedef struct {
	int32_t people, tasks;
	double can;    ///< part of (person, task) that is qualified
	int64_t block; ///< thousandths of an hour
	bool lessons;  ///< tasks can be learned
	uint64_t seed;
} test_kind;

typedef struct {
	pl_workplace w;
	int64_t *hours, *learning, *need, *block, *learn, *needs_start, *skill_start;
	int32_t *needs;
	double *empowerment, *desirability;
	pl_work_skill *skill;
} test_workplace;

static inline void *test_column(int64_t n, size_t size)
{
	void *column = pl_alloc(n, size);
	if (column == NULL) abort();
	return column;
}

static inline test_workplace test_workplace_new(int32_t people, int32_t tasks)
{
	test_workplace t = {
	        .hours = test_column(people, sizeof *t.hours),
	        .learning = test_column(people, sizeof *t.learning),
	        .need = test_column(tasks, sizeof *t.need),
	        .block = test_column(tasks, sizeof *t.block),
	        .learn = test_column(tasks, sizeof *t.learn),
	        .needs_start = test_column((int64_t)tasks + 1, sizeof *t.needs_start),
	        .skill_start = test_column((int64_t)people + 1, sizeof *t.skill_start),
	        .needs = test_column(tasks, sizeof *t.needs),
	        .empowerment = test_column(tasks, sizeof *t.empowerment),
	        .desirability = test_column(tasks, sizeof *t.desirability),
	        .skill = test_column((int64_t)people * tasks, sizeof *t.skill)};
	return t;
}

static inline void test_workplace_free(test_workplace *t)
{
	pl_free(t->hours);
	pl_free(t->learning);
	pl_free(t->need);
	pl_free(t->block);
	pl_free(t->learn);
	pl_free(t->needs_start);
	pl_free(t->skill_start);
	pl_free(t->needs);
	pl_free(t->empowerment);
	pl_free(t->desirability);
	pl_free(t->skill);
}

/// The workplace that the columns are; call it again when they have moved.
static inline const pl_workplace *test_borrow(test_workplace *t, int32_t people, int32_t tasks)
{
	t->w = (pl_workplace){people,   tasks,          t->hours,        t->learning,
	                      t->need,  t->empowerment, t->desirability, t->block,
	                      t->learn, t->needs_start, t->needs,        t->skill_start,
	                      t->skill};
	return &t->w;
}

static inline void test_skills(test_workplace *t, const test_kind *k, pl_random *r)
{
	int64_t n = 0;
	for (int32_t m = 0; m < k->people; m++) {
		for (int32_t i = 0; i < k->tasks; i++) {
			/* everybody's first tasks, so that few workplaces are impossible */
			if (i % k->people != m % k->tasks && pl_random_unit(r) >= k->can)
				continue;
			t->skill[n++] = (pl_work_skill){i, PL_WORK_ABLE, (double)NAN, 0};
		}
		t->skill_start[m + 1] = n;
	}
}

/// Needs are parts of 90 % of all hours, of 1 to 3 to one another.
static inline test_workplace test_workplace_of(test_kind k)
{
	test_workplace t = test_workplace_new(k.people, k.tasks);
	pl_random r = pl_random_new(k.seed, 1);
	int64_t offered = 0, parts = 0;
	for (int32_t m = 0; m < k.people; m++) {
		t.hours[m] = PL_WORK_HOUR * pl_random_between(&r, 4, 8) * 5;
		t.learning[m] = t.hours[m];
		offered += t.hours[m];
	}
	for (int32_t i = 0; i < k.tasks; i++) {
		t.need[i] = pl_random_between(&r, 100, 300);
		parts += t.need[i];
		t.empowerment[i] = (double)pl_random_between(&r, 1, 20);
		t.desirability[i] = (double)pl_random_between(&r, 1, 20);
		t.block[i] = k.block;
		t.learn[i] = k.lessons ? PL_WORK_HOUR * pl_random_between(&r, 0, 6) : -1;
	}
	for (int32_t i = 0; i < k.tasks; i++) t.need[i] = offered / 10 * 9 * t.need[i] / parts;
	test_skills(&t, &k, &r);
	(void)test_borrow(&t, k.people, k.tasks);
	return t;
}
#endif
