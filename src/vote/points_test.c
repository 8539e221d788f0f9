/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/ballots.h"
#include "tests/elections.h"

static pl_vote_settings of(pl_vote_rule rule, int32_t seats)
{
	pl_vote_settings s = pl_vote_preset(rule);
	s.seats = seats;
	return s;
}

static pl_vote_settings stretched(void)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_score);
	s.normalise = true;
	return s;
}

/* ---- approval ------------------------------------------------------------------------------
 */

static void most_ballots_win(void)
{
	const pl_vote_settings one = of(PL_VOTE_approval, 1), two = of(PL_VOTE_approval, 2);
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "3:ab 4:bc 2:a", &one, "b"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "3:ab 4:bc 2:a", &two, "ba"));
}

static void each_kind_of_ballot_says_what_it_approves(void)
{
	const pl_vote_settings s = of(PL_VOTE_approval, 4);
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 4, "a1b0c-3d9 d1", &s, "da"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 4, "a=cb c", &s, "cab"));
	CHECK(pl_test_ends(PL_BALLOT_MOTION, 4, "a+b-c0d! a+d+", &s, "ad"));
}

static void an_option_without_a_vote_takes_no_seat(void)
{
	const pl_vote_settings s = of(PL_VOTE_approval, 3);
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 4, "a c c", &s, "ca"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 4, ". .", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 4, "", &s, "rejected"));
}

/* ---- ties ----------------------------------------------------------------------------------
 */

static void ties_go_by_the_order_agreed_on_and_are_said(void)
{
	pl_vote_settings s = of(PL_VOTE_approval, 2);
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 4, "4:d 2:a 2:b 2:c", &s, "da"));
	const int32_t order[] = {3, 2, 1, 0};
	s.order = order;
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 4, "4:d 2:a 2:b 2:c");
	pl_vote_result *r = pl_test_tally(e, &s);
	char winners[PL_TEST_OPTIONS];
	CHECK(strcmp(pl_test_winners(winners, r), "dc") == 0);
	CHECK(r->place[3] == 1 && r->place[0] == 2 && r->place[1] == 2 && r->place[2] == 2);
	CHECK(pl_test_says(e, r, "c and b are tied; c goes first in the order agreed on."));
	CHECK(pl_test_says(e, r, "c and a are tied; c goes first in the order agreed on."));
	CHECK(!pl_test_says(e, r, "b and a are tied; b goes first in the order agreed on."));
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void a_tie_that_leaves_no_seat_open_is_no_tied_outcome(void)
{
	pl_vote_settings s = of(PL_VOTE_approval, 2);
	s.ties_stand = true;
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "2:ab c", &s, "ab"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 4, "4:d 2:a 2:b 2:c", &s, "tied abc"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "a b", &s, "ab"));
}

/* ---- score ---------------------------------------------------------------------------------
 */

static void most_points_win(void)
{
	const pl_vote_settings one = of(PL_VOTE_score, 1), all = of(PL_VOTE_score, 3);
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "a5b3 2:b2c-9", &one, "b"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "a5b3 2:b2c-9", &all, "bac"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "a-1c-1", &one, "b"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "ab bc", &one, "b"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "", &one, "rejected"));
}

static void what_is_not_marked_has_0_or_the_least_of_the_range(void)
{
	pl_vote_settings s = of(PL_VOTE_score, 1);
	s.low = 1;
	s.high = 5;
	pl_election *e = pl_test_election(PL_BALLOT_SCORE, 2, "a3 a2b5");
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(strcmp(pl_vote_exact(r, r->tally[0]), "5") == 0);
	CHECK(strcmp(pl_vote_exact(r, r->tally[1]), "6") == 0);
	pl_vote_result_free(r);
	s.low = -5;
	r = pl_test_tally(e, &s);
	CHECK(strcmp(pl_vote_exact(r, r->tally[1]), "5") == 0);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void a_mark_outside_the_range_is_refused(void)
{
	pl_vote_settings s = of(PL_VOTE_score, 1);
	s.low = 0;
	s.high = 5;
	pl_election *e = pl_test_election(PL_BALLOT_SCORE, 2, "a3 . a2b6");
	pl_vote_result *r = NULL;
	pl_error err = {0};
	CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
	CHECK(strcmp(err.msg, "ballot 3 gives 6 points; the range is 0 to 5") == 0);
	CHECK(err.where == 2);
	pl_election_free(e);
}

/* a: 10, b: 10 * 1/3 + 10 * 5/7, by hand. */
static void stretched_points_are_exact_fractions(void)
{
	pl_vote_settings s = stretched();
	s.low = 0;
	s.high = 10;
	pl_election *e = pl_test_election(PL_BALLOT_SCORE, 3, "a5b3c2 b5c7");
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(strcmp(pl_vote_exact(r, r->tally[0]), "10") == 0);
	CHECK(strcmp(pl_vote_exact(r, r->tally[1]), "220/21") == 0);
	CHECK(strcmp(pl_vote_exact(r, r->tally[2]), "10") == 0);
	CHECK(r->winner[0] == 1 && r->place[0] == 2 && r->place[2] == 2);
	pl_vote_result_free(r);
	s.low = -3;
	r = pl_test_tally(e, &s);
	CHECK(strcmp(pl_vote_exact(r, r->tally[1]), "160/21") == 0);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void a_ballot_that_marks_all_alike_prefers_nothing(void)
{
	const pl_vote_settings s = stretched();
	pl_election *e = pl_test_election(PL_BALLOT_SCORE, 2, "3:a4b4 2:. a4b5");
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(strcmp(pl_vote_exact(r, r->tally[0]), "0") == 0);
	CHECK(strcmp(pl_vote_exact(r, r->tally[1]), "5") == 0);
	CHECK(pl_test_says(e, r,
	                   "5 mark all options alike: their ballots cannot be stretched and "
	                   "prefer nothing."));
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* Stretching forgets the unit: a ballot may give points in tenths and another in thousands. */
static void another_unit_on_a_ballot_changes_no_stretched_result(void)
{
	const pl_vote_settings s = stretched();
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "a5b3 2:b2c1 c7", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "a5000b3000 2:b2c1 c70", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 3, "a5b3c0 2:a-10b90c40 c7", &s, "b"));
}

/* Spans 1 .. n, one ballot each, marks a with the whole of its span: n points of 1. */
static pl_election *many_spans(int n)
{
	pl_election_draft *d = NULL;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, PL_BALLOT_SCORE, NULL) == PL_OK);
	CHECK(pl_election_option(d, "a", NULL, 0, -1, NULL) == PL_OK);
	CHECK(pl_election_option(d, "b", NULL, 0, -1, NULL) == PL_OK);
	CHECK(pl_election_option(d, "c", NULL, 0, -1, NULL) == PL_OK);
	for (int i = 1; i <= n; i++) {
		CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
		CHECK(pl_election_mark(d, 0, i, NULL) == PL_OK);
		CHECK(pl_election_mark(d, 1, i - 1, NULL) == PL_OK);
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

static void thousands_of_spans_are_added_and_more_refused(void)
{
	pl_vote_settings s = stretched();
	s.low = 0;
	s.high = 5000;
	pl_election *e = many_spans(4096);
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(strcmp(pl_vote_exact(r, r->tally[0]), "20480000") == 0);
	/* b lacks 5000 times the harmonic number of 4096, which is 8.8951... */
	CHECK_NEAR(r->tally[1].near, 20480000 - 5000 * 8.8951039, 0.01);
	pl_vote_result_free(r);
	pl_election_free(e);
	e = many_spans(4097);
	r = NULL;
	pl_error err = {0};
	CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
	CHECK(strstr(err.msg, "4096 different spans") != NULL);
	pl_election_free(e);
}

static void points_at_the_limit_are_counted_or_refused(void)
{
	const pl_vote_settings s = of(PL_VOTE_score, 1);
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 2, "4611686018:a1000000000b-1000000000", &s, "a"));
	pl_vote_settings n = stretched();
	pl_election *e =
	        pl_test_election(PL_BALLOT_SCORE, 2, "4611686018:a1000000000b-1000000000");
	pl_vote_result *r = NULL;
	CHECK(pl_vote_tally(&r, e, &n, NULL) == PL_EARG && r == NULL);
	pl_election_free(e);
	n.low = INT32_MIN;
	n.high = INT32_MAX;
	CHECK(pl_test_ends(PL_BALLOT_SCORE, 2, "1073741823:a1000000000b-1000000000", &n, "a"));
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const pl_vote_settings settings[] = {of(PL_VOTE_approval, 2), of(PL_VOTE_score, 2),
	                                     stretched()};
	pl_election *e = pl_test_election(PL_BALLOT_SCORE, 3, "a4b4 2:. a4b5 c9 b2c7");
	for (int i = 0; i < 3; i++) {
		pl_test_tally_may_fail(e, &settings[i]);
	}
	pl_election_free(e);
#endif
}

int main(void)
{
	RUN(most_ballots_win);
	RUN(each_kind_of_ballot_says_what_it_approves);
	RUN(an_option_without_a_vote_takes_no_seat);
	RUN(ties_go_by_the_order_agreed_on_and_are_said);
	RUN(a_tie_that_leaves_no_seat_open_is_no_tied_outcome);
	RUN(most_points_win);
	RUN(what_is_not_marked_has_0_or_the_least_of_the_range);
	RUN(a_mark_outside_the_range_is_refused);
	RUN(stretched_points_are_exact_fractions);
	RUN(a_ballot_that_marks_all_alike_prefers_nothing);
	RUN(another_unit_on_a_ballot_changes_no_stretched_result);
	RUN(thousands_of_spans_are_added_and_more_refused);
	RUN(points_at_the_limit_are_counted_or_refused);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
