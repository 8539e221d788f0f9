/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_glpk_test.c - balanced jobs of few people against an integer solver. */
#include "tests/pl_test.h"

#include <glpk.h>
/* after the harness */
#include "jobs_mip.h"
#include "work/test_workplace.h"

static const double near_best = 0.003; /* points: thousandths of an hour, and where both stop */

static const pl_work_settings nearest = {
        .within = 0, .tasks_most = 6, .balance = true, .seed = 1};

static pl_jobs *jobs_of(const pl_workplace *w)
{
	pl_jobs *j = NULL;
	CHECK(pl_work_balance(&j, w, &nearest, NULL) == PL_OK);
	if (j == NULL) abort();
	CHECK(pl_jobs_check(w, &nearest, j, NULL) == PL_OK);
	return j;
}

static void compare(test_kind k, int *both)
{
	test_workplace t = test_workplace_of(k);
	pl_jobs *j = jobs_of(&t.w);
	jobs_mip glpk;
	CHECK(jobs_mip_solve(&glpk, &t.w, &nearest, j, 60) == PL_OK);
	const bool some = j->outcome <= PL_JOBS_NEAREST;
	CHECK(some == !isnan(glpk.best) || !glpk.done);
	CHECK(some || j->outcome != PL_JOBS_BLOCKS || j->proven);
	if (some && !isnan(glpk.best)) {
		CHECK(j->proven);
		CHECK(j->bound <= glpk.best + near_best);
		CHECK(j->worst <= glpk.best + near_best && j->worst >= glpk.bound - near_best);
		(*both)++;
	}
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void few_people_get_the_best_jobs_there_are(int seeds)
{
	int both = 0;
	for (int s = 0; s < seeds; s++)
		compare((test_kind){.people = 2 + s % 4,
		                    .tasks = 4 + s % 3,
		                    .can = 0.7,
		                    .block = 2000 * (int64_t)(s % 4),
		                    .lessons = s % 5 == 4,
		                    .seed = (uint64_t)s},
		        &both);
	printf("    %d of %d workplaces have jobs\n", both, seeds);
	CHECK(both >= seeds / 3);
}

static void eight_people_get_the_best_jobs_there_are(void)
{
	int both = 0;
	for (uint64_t s = 1; s <= 5; s++)
		compare((test_kind){8, 8, 0.8, 3000, false, s}, &both);
	CHECK(both > 0);
}

typedef struct {
	int some, none, open; /* have jobs, or not; and of all those that were not proven */
} tally;

/* The best jobs, or that there are none. */
static void prove(tally *n, test_kind k)
{
	test_workplace t = test_workplace_of(k);
	pl_jobs *j = jobs_of(&t.w);
	n->some += j->outcome <= PL_JOBS_NEAREST;
	n->none += j->outcome > PL_JOBS_NEAREST;
	n->open += !j->proven && j->outcome != PL_JOBS_UNCOVERED;
	pl_jobs_free(j);
	test_workplace_free(&t);
}

static void up_to_eight_people_get_jobs_that_are_proven(void)
{
	tally n = {0};
	for (uint64_t k = 0; k < 9; k++) {
		const int32_t people = 6 + (int32_t)(k % 3);
		prove(&n, (test_kind){people, people + 2, 0.7, 1500 * (int64_t)(k / 3),
		                      k % 2 == 0, k});
	}
	CHECK(n.some == 9 && n.open == 0);
}

static void that_there_are_no_jobs_is_proven_too(void)
{
	tally n = {0};
	/* six tasks each are no more than there are, so that each goes whole to one person */
	for (uint64_t k = 0; k < 4; k++) prove(&n, (test_kind){2, 12, 1, 0, false, k});
	/* blocks of which few fit into the hours of anybody */
	for (uint64_t k = 0; k < 4; k++) prove(&n, (test_kind){7, 13, 0.5, 9000, false, k});
	CHECK(n.none == 8 && n.open == 0);
}

static void most_with_up_to_sixteen_tasks_in_blocks_are_proven(void)
{
	tally n = {0};
	for (uint64_t k = 0; k < 54; k++)
		prove(&n, (test_kind){6 + (int32_t)(k % 3), 8 + 4 * (int32_t)(k / 3 % 3), 0.6,
		                      3000 * (int64_t)(k / 9 % 3), k % 2 == 0, k});
	printf("    of 54 workplaces %d have jobs, %d are not proven\n", n.some, n.open);
	CHECK(n.some >= 45 && n.open <= 3);
}

int main(int argc, char **argv)
{
	const bool sanitized = argc > 1 && strcmp(argv[1], "few") == 0;
	const char *all = getenv("PLENUM_LONG");
	glp_term_out(GLP_OFF);
	printf("  few_people_get_the_best_jobs_there_are\n");
	few_people_get_the_best_jobs_there_are(sanitized ? 10 : 40);
	if (!sanitized) {
		RUN(up_to_eight_people_get_jobs_that_are_proven);
		RUN(that_there_are_no_jobs_is_proven_too);
	}
	if (all != NULL && *all != '\0') {
		RUN(eight_people_get_the_best_jobs_there_are);
		RUN(most_with_up_to_sixteen_tasks_in_blocks_are_proven);
	}
	return pl_test_failed;
}
