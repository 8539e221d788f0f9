/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/ballots.h"
#include "tests/elections.h"

static pl_vote_settings supermajority(int64_t num, int64_t den)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_supermajority);
	s.threshold = (pl_fraction){num, den};
	return s;
}

/* ---- motions -------------------------------------------------------------------------------
 */

static void a_motion_is_carried_by_more_than_half(void)
{
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_majority);
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "2:a+ 1:a-", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "2:a+ 2:a-", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "3:a+ 2:a- 9:a0 9:.", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "2:a+ 2:a!", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "5:a0", &s, "rejected"));
}

static void motions_are_decided_each_by_itself(void)
{
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_majority);
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 4, "a+b+c- a+b-c- b+d+", &s, "abd"));
}

/* The definition by a fraction of doubles cannot tell 2/3 of 3 * 2^60; whole numbers can. */
static void a_threshold_is_compared_exactly(void)
{
	const pl_vote_settings s = supermajority(2, 3);
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "2:a+ 1:a-", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "2305843009213693952:a+ 1152921504606846976:a-",
	                   &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "2305843009213693951:a+ 1152921504606846976:a-",
	                   &s, "rejected"));
	const pl_vote_settings fine = supermajority(INT64_MAX - 1, INT64_MAX);
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "4611686018427387904:a+", &fine, "a"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "4611686018427387903:a+ a-", &fine,
	                   "rejected"));
}

static void what_is_needed_is_the_definition(void)
{
	for (int64_t yes = 0; yes <= 12; yes++)
		for (int64_t no = 0; yes + no <= 12; no++)
			for (int64_t den = 1; den <= 7; den++)
				for (int64_t num = 0; num <= den; num++) {
					char text[64];
					(void)snprintf(text, sizeof text, "%d:a+ %d:a-",
					               (int)yes + 20, (int)no + 20);
					const pl_vote_settings s = supermajority(num, den);
					const bool enough =
					        (yes + 20) * den >= num * (yes + no + 40);
					CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, text, &s,
					                   enough ? "a" : "rejected"));
				}
}

static void a_part_may_be_of_the_cast_the_present_or_the_eligible(void)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_majority);
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "3:a+ 2:a- 2:a0", &s, "a"));
	s.of = PL_VOTE_OF_PRESENT;
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "3:a+ 2:a- 1:a0", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "4:a+ 2:a- 1:.", &s, "a"));
	s.of = PL_VOTE_OF_ELIGIBLE;
	pl_election *e = pl_test_election(PL_BALLOT_MOTION, 1, "4:a+ 2:a-");
	pl_vote_result *r = NULL;
	pl_error err = {0};
	CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
	e->eligible = 7;
	r = pl_test_tally(e, &s);
	CHECK(r->outcome == PL_VOTE_DECIDED);
	CHECK(pl_test_says(e, r, "a needs more than 1/2 of 7, at least 4."));
	pl_vote_result_free(r);
	e->eligible = 8;
	r = pl_test_tally(e, &s);
	CHECK(r->outcome == PL_VOTE_REJECTED);
	CHECK(pl_test_says(e, r, "a has 4 and needed 5."));
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* ---- consensus -----------------------------------------------------------------------------
 */

static void consensus_is_that_nobody_is_against(void)
{
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_consensus);
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "1:a+ 5:a0", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "99:a+ 1:a-", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "99:a+ 1:a!", &s, "blocked"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "5:a0", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 2, "2:a+b+ 1:b!", &s, "a"));
}

static void a_fallback_counts_and_blocks_stay_on_record(void)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_consensus);
	s.fallback = (pl_fraction){3, 4};
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "3:a+ 1:a-", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 1, "2:a+ 1:a!", &s, "blocked"));
	pl_election *e = pl_test_election(PL_BALLOT_MOTION, 1, "4:a+ 1:a! 2:.");
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(r->outcome == PL_VOTE_DECIDED && r->n_winners == 1);
	CHECK(pl_test_says(e, r, "7 have voted, 2 of them without a mark."));
	CHECK(pl_test_says(e, r, "a: 4 yes, 1 no, 2 abstain."));
	CHECK(pl_test_says(e, r, "a: of those who say no, 1 block."));
	CHECK(pl_test_says(e, r, "a needs at least 3/4 of 5, that is 4."));
	CHECK(pl_test_says(e, r, "a has 4 and needed 4: it wins."));
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* ---- first choices -------------------------------------------------------------------------
 */

static void one_option_alone_is_first_on_enough_ballots(void)
{
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_majority);
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "3:a 2:b", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "3:b 2:a 1:c", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "3:b 2:ab", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "3:b 3:ab", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:bca 2:ab", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:b=ca 2:ab", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "3:a5b7 2:a9", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "3:a7b7 2:a9", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "3:a-1c-1 2:a-1", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "3:a-1b-2c-2 2:b1", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "3:a0 2:b1", &s, "rejected"));
}

static void two_that_reach_the_same_part_are_tied(void)
{
	pl_vote_settings s = supermajority(1, 2);
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:bc 3:ca", &s, "b"));
	const int32_t order[] = {2, 1, 0};
	s.order = order;
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:bc 3:ca", &s, "c"));
	s.ties_stand = true;
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:bc 3:ca", &s, "tied cb"));
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	static const char *const ballots[] = {"ab c", "a2b3", "ab=c c", "a+b! c-"};
	for (int kind = 0; kind < PL_BALLOT_KINDS; kind++) {
		const pl_vote_settings s = pl_vote_preset(PL_VOTE_supermajority);
		pl_election *e = pl_test_election((pl_ballot_kind)kind, 3, ballots[kind]);
		pl_test_tally_may_fail(e, &s);
		pl_election_free(e);
	}
#endif
}

int main(void)
{
	RUN(a_motion_is_carried_by_more_than_half);
	RUN(motions_are_decided_each_by_itself);
	RUN(a_threshold_is_compared_exactly);
	RUN(what_is_needed_is_the_definition);
	RUN(a_part_may_be_of_the_cast_the_present_or_the_eligible);
	RUN(consensus_is_that_nobody_is_against);
	RUN(a_fallback_counts_and_blocks_stay_on_record);
	RUN(one_option_alone_is_first_on_enough_ballots);
	RUN(two_that_reach_the_same_part_are_tied);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
