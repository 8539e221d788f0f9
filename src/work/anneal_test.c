/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/pl_test.h"
#include "work/anneal.h"
#include "work/search.h"
/* after the harness */
#include "work/test_workplace.h"

#include <string.h>

enum { PEOPLE = 12, TASKS = 24, PLACES = 4 };
static const int64_t hour = PL_WORK_HOUR, effort = 400000000;

/* Everybody works 40 hours on four tasks, of twenty hours each: hands are
 * full when a task has two people. */
static test_workplace full_hands(uint64_t seed)
{
	test_workplace t = test_workplace_new(PEOPLE, TASKS);
	pl_random r = pl_random_new(seed, 0);
	int64_t n = 0;
	for (int32_t i = 0; i < TASKS; i++) {
		t.need[i] = 20 * hour;
		t.block[i] = 3 * hour;
		t.learn[i] = -1;
		t.empowerment[i] = (double)pl_random_between(&r, 1, 20);
		t.desirability[i] = (double)pl_random_between(&r, 1, 20);
	}
	for (int32_t m = 0; m < PEOPLE; m++) {
		t.hours[m] = 40 * hour;
		for (int32_t i = 0; i < TASKS; i++)
			t.skill[n++] = (pl_work_skill){i, PL_WORK_ABLE, (double)NAN, 0};
		t.skill_start[m + 1] = n;
	}
	(void)test_borrow(&t, PEOPLE, TASKS);
	return t;
}

/* Everybody gets two whole tasks, in order, then people exchange hours as well as they can. */
static pl_deal *dealt(const test_workplace *t)
{
	const pl_work_settings s = {.within = 0, .tasks_most = PLACES, .seed = 1};
	pl_deal *d = NULL;
	if (pl_deal_new(&d, &t->w, &s, NULL) != PL_OK) abort();
	int32_t task = 0;
	int64_t left = t->need[0];
	for (int32_t m = 0; m < PEOPLE; m++) {
		for (int64_t room = d->work[m]; room > 0;) {
			const int64_t hours = left < room ? left : room;
			(void)pl_hand_add(&d->hand[m], task, hours);
			room -= hours;
			left -= hours;
			if (left == 0 && task + 1 < TASKS) left = t->need[++task];
		}
		pl_deal_weigh(d, m);
	}
	const pl_search exchanges = {
	        .bits = d->able->able, .partners = PEOPLE, .trials = 1000000, .seed = 1};
	(void)pl_search_run(d, &exchanges);
	return d;
}

static void check_sums(const pl_deal *d)
{
	int64_t task[TASKS] = {0};
	for (int32_t m = 0; m < PEOPLE; m++) {
		const pl_hand *h = &d->hand[m];
		int64_t work = 0;
		for (int32_t i = 0; i < h->n; i++) {
			work += h->hours[i];
			task[h->task[i]] += h->hours[i];
		}
		CHECK(work == d->work[m]);
	}
	for (int32_t i = 0; i < TASKS; i++) CHECK(task[i] == d->w->need[i]);
}

static void full_hands_come_near_to_balance(void)
{
	double before = 0, after = 0;
	for (uint64_t seed = 1; seed <= 2; seed++) {
		test_workplace t = full_hands(seed);
		pl_deal *d = dealt(&t);
		CHECK(pl_deal_faults(d) == 0);
		before += pl_deal_worst(d);
		CHECK(pl_anneal_run(d, 0, effort, NULL) == PL_OK);
		CHECK(pl_deal_faults(d) == 0);
		check_sums(d);
		after += pl_deal_worst(d);
		pl_deal_free(d);
		test_workplace_free(&t);
	}
	CHECK(before > 1.5);
	CHECK(after < before / 2);
}

static void what_is_near_enough_is_left_alone(void)
{
	test_workplace t = full_hands(1);
	pl_deal *d = dealt(&t);
	pl_hand before[PEOPLE];
	memcpy(before, d->hand, sizeof before);
	CHECK(pl_anneal_run(d, pl_deal_worst(d), effort, NULL) == PL_OK);
	CHECK(memcmp(before, d->hand, sizeof before) == 0);
	pl_deal_free(d);
	test_workplace_free(&t);
}

static void a_deal_that_may_not_stand_is_left_alone(void)
{
	test_workplace t = full_hands(1);
	pl_deal *d = dealt(&t);
	d->block[d->hand[0].task[0]] = 17 * hour;
	pl_hand before[PEOPLE];
	memcpy(before, d->hand, sizeof before);
	CHECK(pl_anneal_run(d, 0, effort, NULL) == PL_OK);
	CHECK(memcmp(before, d->hand, sizeof before) == 0);
	pl_deal_free(d);
	test_workplace_free(&t);
}

/* Shares of at least ten hours of tasks of twenty: two have half of each, and nothing is left.
 */
static void hands_that_may_stand_are_found(void)
{
	for (uint64_t seed = 1; seed <= 3; seed++) {
		test_workplace t = full_hands(seed);
		pl_deal *d = dealt(&t);
		for (int32_t i = 0; i < TASKS; i++) d->block[i] = 10 * hour;
		CHECK(pl_deal_faults(d) > 0);
		CHECK(pl_anneal_mend(d, effort, NULL) == PL_OK);
		CHECK(pl_deal_faults(d) == 0);
		check_sums(d);
		pl_deal_free(d);
		test_workplace_free(&t);
	}
}

static void where_there_are_none_the_deal_is_left_alone(void)
{
	test_workplace t = full_hands(1);
	pl_deal *d = dealt(&t);
	for (int32_t i = 0; i < TASKS; i++) d->block[i] = 11 * hour;
	pl_hand before[PEOPLE];
	memcpy(before, d->hand, sizeof before);
	CHECK(pl_anneal_mend(d, effort / 20, NULL) == PL_OK);
	CHECK(memcmp(before, d->hand, sizeof before) == 0);
	pl_deal_free(d);
	test_workplace_free(&t);
}

static void the_same_deal_is_annealed_to_the_same(void)
{
	test_workplace t = full_hands(2);
	pl_deal *a = dealt(&t), *b = dealt(&t);
	CHECK(pl_anneal_run(a, 0, effort / 10, NULL) == PL_OK);
	CHECK(pl_anneal_run(b, 0, effort / 10, NULL) == PL_OK);
	for (int32_t m = 0; m < PEOPLE; m++)
		for (int32_t i = 0; i < TASKS; i++)
			CHECK(pl_hand_of(&a->hand[m], i) == pl_hand_of(&b->hand[m], i));
	pl_deal_free(a);
	pl_deal_free(b);
	test_workplace_free(&t);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	test_workplace t = full_hands(1);
	pl_status status = PL_ENOMEM;
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_deal *d = dealt(&t);
		pl_alloc_grants = grants;
		status = pl_anneal_run(d, 0, effort / 1000, NULL);
		pl_alloc_grants = -1;
		check_sums(d);
		pl_deal_free(d);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
	test_workplace_free(&t);
}
#endif

int main(void)
{
	RUN(full_hands_come_near_to_balance);
	RUN(what_is_near_enough_is_left_alone);
	RUN(a_deal_that_may_not_stand_is_left_alone);
	RUN(hands_that_may_stand_are_found);
	RUN(where_there_are_none_the_deal_is_left_alone);
	RUN(the_same_deal_is_annealed_to_the_same);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
