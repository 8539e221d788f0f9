/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/elections.h"

#include <locale.h>

static const char *number(const char *exact, double near)
{
	static char out[80];
	const pl_vote_result r = {.text = exact};
	const pl_vote_number x = {near, 0};
	CHECK(pl_vote_say_number(out, (int64_t)sizeof out, &r, x) == (int64_t)strlen(out));
	return out;
}

static void a_number_is_shown_exactly_and_long_fractions_about(void)
{
	CHECK(strcmp(number("17", 17), "17") == 0);
	CHECK(strcmp(number("-17", -17), "-17") == 0);
	CHECK(strcmp(number("1250.50", 1250.5), "1250.50") == 0);
	CHECK(strcmp(number("2/3", 2.0 / 3), "2/3") == 0);
	CHECK(strcmp(number("17/3", 17.0 / 3), "17/3 (about 5.67)") == 0);
	CHECK(strcmp(number("-17/3", -17.0 / 3), "-17/3 (about -5.67)") == 0);
	CHECK(strcmp(number("1/12345", 1.0 / 12345), "1/12345 (about 0.0000810)") == 0);
	CHECK(strcmp(number("1/12345678901234567890123456", 8.1e-26), "about 0.000000000") ==
	      0);
	const char *large = number("13100000000000000000000001/2", 6.55e24);
	CHECK(strncmp(large, "about 6.", 8) == 0 && strstr(large, "e+24") != NULL);
	CHECK(strcmp(number("100000000000000000000000000003/100000000000000000", 1e12),
	             "about 1000000000000") == 0);
}

static void the_host_s_locale_changes_no_sentence(void)
{
	if (setlocale(LC_ALL, "de_DE.UTF-8") == NULL) return;
	CHECK(strcmp(number("17/3", 17.0 / 3), "17/3 (about 5.67)") == 0);
	CHECK(setlocale(LC_ALL, "C") != NULL);
}

/* Each kind of step with numbers of its own: every brace must be replaced. */
static void every_sentence_is_complete(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 2, "a b");
	const pl_vote_result r = {.n_options = 2,
	                          .text = "0\0"
	                                  "11\0"
	                                  "12\0"
	                                  "13"};
	for (int32_t kind = 0; kind < PL_VOTE_STEPS; kind++) {
		const pl_vote_step step = {kind, 0, 1, {11, 2}, {12, 5}, {13, 8}};
		char out[256];
		const int64_t n = pl_vote_say(out, (int64_t)sizeof out, e, &r, &step);
		CHECK(n == (int64_t)strlen(out) && n > 0 && n < (int64_t)sizeof out);
		CHECK(strpbrk(out, "{}") == NULL);
		CHECK(out[n - 1] == '.');
	}
	pl_election_free(e);
}

static void a_short_room_cuts_and_says_how_much_is_needed(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 2, "a b");
	const pl_vote_result r = {.n_options = 2,
	                          .text = "0\0"
	                                  "17"};
	const pl_vote_step step = {PL_VOTE_STEP_count, 1, -1, {17, 2}, {0, 0}, {0, 0}};
	char whole[32], out[32];
	const int64_t n = pl_vote_say(whole, (int64_t)sizeof whole, e, &r, &step);
	CHECK(strcmp(whole, "b has 17.") == 0);
	CHECK(pl_vote_say(NULL, 0, e, &r, &step) == n);
	for (int64_t room = 1; room <= n + 1; room++) {
		memset(out, '#', sizeof out);
		CHECK(pl_vote_say(out, room, e, &r, &step) == n);
		CHECK((int64_t)strlen(out) == room - 1);
		CHECK(strncmp(out, whole, (size_t)room - 1) == 0);
		CHECK(out[room] == '#');
	}
	pl_election_free(e);
}

static void a_name_with_braces_is_left_as_it_is(void)
{
	pl_election_draft *d = NULL;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, PL_BALLOT_APPROVAL, NULL) == PL_OK);
	CHECK(pl_election_option(d, "one", "{x} <b>", 0, -1, NULL) == PL_OK);
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	const pl_vote_result r = {.n_options = 1, .text = "5"};
	const pl_vote_step step = {PL_VOTE_STEP_count, 0, -1, {5, 0}, {0, 0}, {0, 0}};
	char out[64];
	(void)pl_vote_say(out, (int64_t)sizeof out, e, &r, &step);
	CHECK(strcmp(out, "{x} <b> has 5.") == 0);
	pl_election_free(e);
}

int main(void)
{
	RUN(a_number_is_shown_exactly_and_long_fractions_about);
	RUN(the_host_s_locale_changes_no_sentence);
	RUN(every_sentence_is_complete);
	RUN(a_short_room_cuts_and_says_how_much_is_needed);
	RUN(a_name_with_braces_is_left_as_it_is);
	return pl_test_failed;
}
