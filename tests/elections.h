/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* elections.h - small elections written as text, for tests.
 *
 * Options are the letters a, b, c ...; ballots stand apart by spaces, with their weight before
 * a colon where it is not 1:
 *   approval  "3:ab c"       three for a and b, one for c
 *   ranked    "ab=c 2:c"     a before b and c, which are equal; two for c alone
 *   score     "a5c-2"        five points for a, minus two for c
 *   motion    "a+b- 2:a!b0"  yes to a, no to b; two block a and abstain from b
 * A lone "." is a ballot without a mark. */
#ifndef PL_TESTS_ELECTIONS_H
#define PL_TESTS_ELECTIONS_H
#include "tests/pl_test.h"

#include <plenum/vote.h>

static inline int32_t pl_test_value(pl_ballot_kind kind, const char **at, int32_t rank)
{
	if (kind == PL_BALLOT_APPROVAL) return 1;
	if (kind == PL_BALLOT_RANKED) return rank;
	if (kind == PL_BALLOT_MOTION) {
		static const char marks[] = "-+0!";
		return (int32_t)(strchr(marks, *(*at)++) - marks);
	}
	char *end;
	const long points = strtol(*at, &end, 10);
	*at = end;
	return (int32_t)points;
}

static inline const char *pl_test_ballot(pl_election_draft *d, pl_ballot_kind kind,
                                         const char *at)
{
	char *end;
	const long long weight = strtoll(at, &end, 10);
	if (end != at) at = end + 1;
	pl_error err = {0};
	CHECK(pl_election_ballot(d, NULL, end == at - 1 ? weight : 1, &err) == PL_OK);
	int32_t rank = 1;
	for (; *at != '\0' && *at != ' ';) {
		if (*at == '.') return at + 1;
		const int32_t option = *at++ - 'a', value = pl_test_value(kind, &at, rank);
		CHECK(pl_election_mark(d, option, value, &err) == PL_OK);
		if (*at == '=')
			at++;
		else
			rank++;
	}
	return at;
}

/// @return the election; the test fails where there is none
static inline pl_election *pl_test_election(pl_ballot_kind kind, int n_options,
                                            const char *ballots)
{
	pl_election_draft *d = NULL;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, kind, NULL) == PL_OK);
	for (int i = 0; i < n_options; i++) {
		const char id[] = {(char)('a' + i), '\0'};
		CHECK(pl_election_option(d, id, NULL, 0, -1, NULL) == PL_OK);
	}
	for (const char *at = ballots; *at != '\0';)
		at = *at == ' ' ? at + 1 : pl_test_ballot(d, kind, at);
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

/// Count, and fail where that fails.
static inline pl_vote_result *pl_test_tally(const pl_election *e, const pl_vote_settings *s)
{
	pl_vote_result *r = NULL;
	pl_error err = {0};
	if (pl_vote_tally(&r, e, s, &err) != PL_OK) fprintf(stderr, "%s\n", err.msg);
	CHECK(r != NULL);
	return r;
}

enum { PL_TEST_OPTIONS = 32 };
/// The winners as letters.
static inline const char *pl_test_winners(char out[PL_TEST_OPTIONS], const pl_vote_result *r)
{
	for (int32_t k = 0; k < r->n_winners; k++) out[k] = (char)('a' + r->winner[k]);
	out[r->n_winners] = '\0';
	return out;
}

/// Is the text one of the sentences of the count?
static inline bool pl_test_says(const pl_election *e, const pl_vote_result *r, const char *text)
{
	char line[256];
	for (int64_t i = 0; i < r->n_steps; i++) {
		(void)pl_vote_say(line, (int64_t)sizeof line, e, r, &r->step[i]);
		if (strcmp(line, text) == 0) return true;
	}
	return false;
}

/// Count an election written as text.
/// @return does it end like this? `want` is the winners' letters, after the outcome's name and
/// a space where that is not "decided"
static inline bool pl_test_ends(pl_ballot_kind kind, int n_options, const char *ballots,
                                const pl_vote_settings *s, const char *want)
{
	pl_election *e = pl_test_election(kind, n_options, ballots);
	pl_vote_result *r = pl_test_tally(e, s);
	char winners[PL_TEST_OPTIONS], got[2 * PL_TEST_OPTIONS];
	const bool decided = r->outcome == PL_VOTE_DECIDED;
	(void)snprintf(got, sizeof got, "%s%s%s",
	               decided ? "" : pl_vote_outcome_name((int)r->outcome),
	               decided || r->n_winners == 0 ? "" : " ", pl_test_winners(winners, r));
	const bool same = strcmp(got, want) == 0;
	if (!same) fprintf(stderr, "%s: \"%s\", not \"%s\"\n", ballots, got, want);
	pl_vote_result_free(r);
	pl_election_free(e);
	return same;
}
#endif
