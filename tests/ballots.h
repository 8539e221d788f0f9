/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ballots.h - what the test of every rule asks of a count: that it may run out of memory
 * anywhere, and that its steps say what they should. */
#ifndef PL_TESTS_BALLOTS_H
#define PL_TESTS_BALLOTS_H
#include "base/alloc.h"
#include "tests/pl_test.h"

#include <plenum/vote.h>

#ifdef PL_ALLOC_FAULTS
/// Count with 0, 1, 2 ... allocations granted, until there is a result: no failure leaves a
/// trace.
static inline void pl_test_tally_may_fail(const pl_election *e, const pl_vote_settings *s)
{
	const int64_t alive = pl_alloc_alive;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; status == PL_ENOMEM; grants++) {
		pl_vote_result *r = NULL;
		pl_alloc_grants = grants;
		status = pl_vote_tally(&r, e, s, NULL);
		pl_alloc_grants = -1;
		CHECK((status == PL_OK) == (r != NULL));
		pl_vote_result_free(r);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
}
#endif

/// The last @p n steps of a count are these sentences.
static inline void pl_test_last_said(const pl_election *e, const pl_vote_result *r,
                                     const char *const *said, int64_t n)
{
	char line[256];
	CHECK(r->n_steps >= n);
	for (int64_t i = 0; i < n && r->n_steps >= n; i++) {
		(void)pl_vote_say(line, (int64_t)sizeof line, e, r,
		                  &r->step[r->n_steps - n + i]);
		if (strcmp(line, said[i]) != 0) fprintf(stderr, "%s\n", line);
		CHECK(strcmp(line, said[i]) == 0);
	}
}
#endif
