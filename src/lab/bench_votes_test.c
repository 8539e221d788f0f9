/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/bench_votes.h"

#include "tests/pl_test.h"

static pl_election *make(pl_ballot_kind kind, int64_t ballots, int32_t options, int32_t marks)
{
	const pl_bench_votes_spec spec = {kind, ballots, options, marks, false, 1};
	pl_election *e;
	CHECK(pl_bench_votes(&e, &spec, NULL) == PL_OK);
	return e;
}

static void every_ballot_has_the_marks_asked_for_or_all(void)
{
	for (int kind = 0; kind < PL_BALLOT_KINDS; kind++)
		for (int32_t marks = 1; marks <= 8; marks++) {
			pl_election *e = make((pl_ballot_kind)kind, 50, 7, marks);
			const bool all = kind == PL_BALLOT_MOTION || marks > 7;
			CHECK(e->n_ballots == 50 && e->n_options == 7);
			for (int64_t i = 0; i < e->n_ballots; i++)
				CHECK(e->start[i + 1] - e->start[i] == (all ? 7 : marks));
			pl_election_free(e);
		}
}

/* By drawing alone the last of 10,000 options would take 10^8 draws. */
static void ballots_that_mark_everything_are_made_at_once(void)
{
	pl_election *e = make(PL_BALLOT_APPROVAL, 10, 10000, 10000);
	CHECK(e->n_marks == 100000);
	pl_election_free(e);
}

int main(void)
{
	RUN(every_ballot_has_the_marks_asked_for_or_all);
	RUN(ballots_that_mark_everything_are_made_at_once);
	return pl_test_failed;
}
