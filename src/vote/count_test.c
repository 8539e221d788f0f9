/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "vote/count.h"

#include "base/alloc.h"
#include "tests/elections.h"

static bool refuses(const pl_election *e, const pl_vote_settings *s, const char *why)
{
	pl_vote_result *r = NULL;
	pl_error err = {0};
	const pl_status status = pl_vote_tally(&r, e, s, &err);
	if (strstr(err.msg, why) == NULL) fprintf(stderr, "\"%s\"\n", err.msg);
	return status == PL_EARG && r == NULL && strstr(err.msg, why) != NULL;
}

/* ---- quorum --------------------------------------------------------------------------------
 */

static void a_quorum_is_the_least_number_that_is_such_a_part(void)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_approval);
	for (int64_t eligible = 12; eligible <= 40; eligible++)
		for (int64_t num = 1; num <= 7; num++) {
			pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 2, "7:a 3:b 2:.");
			e->eligible = eligible;
			s.quorum = (pl_fraction){num, 7};
			pl_vote_result *r = pl_test_tally(e, &s);
			const bool enough = INT64_C(12) * 7 >= eligible * num;
			CHECK(r->outcome == (enough ? PL_VOTE_DECIDED : PL_VOTE_NO_QUORUM));
			CHECK(r->n_winners == (enough ? 1 : 0));
			char text[64];
			(void)snprintf(text, sizeof text, "The quorum is %d; 12 have voted.",
			               (int)((eligible * num + 6) / 7));
			CHECK(pl_test_says(e, r, text));
			pl_vote_result_free(r);
			pl_election_free(e);
		}
}

static void a_quorum_of_very_many_is_exact(void)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_approval);
	s.quorum = (pl_fraction){INT64_MAX - 1, INT64_MAX};
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 1, "4611686018427387903:a");
	e->eligible = INT64_C(4611686018427387904);
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(r->outcome == PL_VOTE_NO_QUORUM);
	pl_vote_result_free(r);
	e->eligible--;
	r = pl_test_tally(e, &s);
	CHECK(r->outcome == PL_VOTE_DECIDED);
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* ---- what is refused -----------------------------------------------------------------------
 */

static void settings_that_fit_no_election_are_refused(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 3, "2:a b");
	pl_vote_settings s = pl_vote_preset(PL_VOTE_approval);
	s.quorum = (pl_fraction){1, 2};
	CHECK(refuses(e, &s, "the election does not say it"));
	e->eligible = 2;
	CHECK(refuses(e, &s, "more votes than the 2 who are eligible"));
	e->eligible = -1;
	s = pl_vote_preset(PL_VOTE_greedy);
	CHECK(refuses(e, &s, "needs a budget"));
	s = pl_vote_preset(PL_VOTE_consensus);
	CHECK(refuses(e, &s, "these are approval ballots; the rule consensus counts motion"));
	s = pl_vote_preset(PL_VOTE_approval);
	s.seats = 4;
	CHECK(refuses(e, &s, "the seats (4) are none, or more than the options (3)"));
	s.seats = 0;
	CHECK(refuses(e, &s, "the seats (0) are none"));
	s = pl_vote_preset(PL_VOTE_supermajority);
	const pl_fraction wrong[] = {{3, 2}, {-1, 2}, {1, 0}, {1, -2}};
	for (int i = 0; i < 4; i++) {
		s.threshold = wrong[i];
		CHECK(refuses(e, &s, "a part between 0 and 1"));
	}
	pl_election_free(e);
}

static void an_order_for_ties_names_each_option_once(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 3, "a b c");
	pl_vote_settings s = pl_vote_preset(PL_VOTE_approval);
	static const int32_t wrong[][3] = {{0, 1, 1}, {0, 1, 3}, {-1, 1, 2}};
	for (int i = 0; i < 3; i++) {
		s.order = wrong[i];
		CHECK(refuses(e, &s, "each option once"));
	}
	static const int32_t orders[][3] = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}};
	for (int i = 0; i < 3; i++) {
		s.order = orders[i];
		pl_vote_result *r = pl_test_tally(e, &s);
		CHECK(r->n_winners == 1 && r->winner[0] == orders[i][0]);
		pl_vote_result_free(r);
	}
	pl_election_free(e);
}

/* ---- numbers -------------------------------------------------------------------------------
 */

static bool shows_money(int32_t decimals, int64_t x, const char *want)
{
	const pl_election e = {.decimals = decimals};
	pl_count c = {.e = &e};
	const pl_vote_number n = pl_count_money(&c, x);
	const bool same = strcmp(c.text + n.exact, want) == 0;
	if (!same) fprintf(stderr, "\"%s\", not \"%s\"\n", c.text + n.exact, want);
	pl_free(c.text);
	return same;
}

static void money_has_its_decimals_or_none(void)
{
	CHECK(shows_money(0, 0, "0") && shows_money(0, 17, "17") && shows_money(2, 0, "0"));
	CHECK(shows_money(2, 1700, "17") && shows_money(2, 1705, "17.05"));
	CHECK(shows_money(2, 5, "0.05") && shows_money(1, 125, "12.5"));
	CHECK(shows_money(6, 1, "0.000001") && shows_money(6, 999999, "0.999999"));
	CHECK(shows_money(6, INT64_MAX, "9223372036854.775807"));
	CHECK(shows_money(0, INT64_MAX, "9223372036854775807"));
}

static void parts_are_in_lowest_terms(void)
{
	pl_count c = {0};
	const pl_vote_number x = pl_count_part(&c, (pl_fraction){6, 8});
	const pl_vote_number y = pl_count_part(&c, (pl_fraction){0, 8});
	const pl_vote_number z = pl_count_part(&c, (pl_fraction){INT64_MAX, INT64_MAX});
	CHECK(strcmp(c.text + x.exact, "3/4") == 0 && x.near == 0.75);
	CHECK(strcmp(c.text + y.exact, "0") == 0 && strcmp(c.text + z.exact, "1") == 0);
	pl_free(c.text);
}

static void names_are_found_again(void)
{
	for (int i = 0; i < PL_VOTE_RULES; i++)
		CHECK(pl_vote_rule_of(pl_vote_rule_name(i)) == i);
	CHECK(pl_vote_rule_of("dictator") == -1 && pl_vote_rule_name(-1) == NULL);
	CHECK(pl_vote_rule_name(PL_VOTE_RULES) == NULL);
	CHECK(strcmp(pl_vote_outcome_name(PL_VOTE_NO_QUORUM), "no_quorum") == 0);
	CHECK(pl_vote_outcome_name(PL_VOTE_OUTCOMES) == NULL);
	CHECK(strcmp(pl_vote_of_name(PL_VOTE_OF_ELIGIBLE), "eligible") == 0);
	CHECK(strcmp(pl_vote_step_name(PL_VOTE_STEP_elected), "elected") == 0);
	CHECK(pl_vote_step_name(PL_VOTE_STEPS) == NULL);
}

int main(void)
{
	RUN(a_quorum_is_the_least_number_that_is_such_a_part);
	RUN(a_quorum_of_very_many_is_exact);
	RUN(settings_that_fit_no_election_are_refused);
	RUN(an_order_for_ties_names_each_option_once);
	RUN(money_has_its_decimals_or_none);
	RUN(parts_are_in_lowest_terms);
	RUN(names_are_found_again);
	return pl_test_failed;
}
