/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/steps.h"

#include "tests/pl_test.h"

static pl_steps watched(int64_t steps)
{
	pl_steps t = {0};
	for (int64_t k = 0; k < steps; k++) {
		const pl_progress now = {"searching", k, 3 * k, 1.0 / (double)(k + 1), -1};
		pl_steps_add(&t, &now);
	}
	return t;
}

static void a_short_search_is_kept_whole(void)
{
	const pl_steps t = watched(PL_STEPS_MOST);
	CHECK(t.n == PL_STEPS_MOST);
	for (int i = 0; i < t.n; i++) CHECK(t.point[i].step == i);
	CHECK(watched(0).n == 0);
}

static void a_long_search_is_thinned_out_evenly(void)
{
	for (int64_t steps = PL_STEPS_MOST + 1; steps < 20000; steps = steps * 3 / 2) {
		const pl_steps t = watched(steps);
		CHECK(t.n > PL_STEPS_MOST / 2 - 1 && t.n <= PL_STEPS_MOST);
		CHECK(t.seen == steps && t.last.step == steps - 1);
		for (int i = 0; i < t.n; i++) CHECK(t.point[i].step == i * t.stride);
		CHECK(t.point[t.n - 1].step + t.stride >= steps);
	}
}

int main(void)
{
	RUN(a_short_search_is_kept_whole);
	RUN(a_long_search_is_thinned_out_evenly);
	return pl_test_failed;
}
