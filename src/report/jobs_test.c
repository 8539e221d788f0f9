/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/jobs.h"

#include "tests/pl_test.h"
/* after the harness */
#include <string.h>

static bool says(double bound, double worst, bool proven, const char *want)
{
	const pl_jobs j = {.bound = bound, .worst = worst, .proven = proven};
	char line[PL_JOBS_NEARER];
	pl_jobs_say_nearer(line, sizeof line, &j);
	return strcmp(line, want) == 0;
}

static void a_bound_of_nothing_is_not_told_as_a_limit(void)
{
	CHECK(says(0, 0.99, false, "whether jobs can be nearer is not known"));
	CHECK(says(0.004, 0.99, false, "whether jobs can be nearer is not known"));
	CHECK(says(0.806, 0.99, false, "no jobs can come nearer than 0.80 points"));
	CHECK(says(0.99, 0.99, true, "no jobs can be nearer"));
}

static void nobody_deviates_by_more_than_what_is_told(void)
{
	CHECK_NEAR(pl_jobs_at_most(0.5012), 0.51,
	           1e-12); /* 0.50 would be within half a point */
	CHECK_NEAR(pl_jobs_at_most(0.5), 0.5, 1e-12);
	CHECK_NEAR(pl_jobs_at_most(0.5 + 1e-12), 0.5, 1e-9);
	CHECK(pl_jobs_at_most(0) == 0);
}

int main(void)
{
	RUN(a_bound_of_nothing_is_not_told_as_a_limit);
	RUN(nobody_deviates_by_more_than_what_is_told);
	return pl_test_failed;
}
