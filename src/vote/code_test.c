/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/random.h"

#include "tests/pl_test.h"

#include <plenum/vote.h>

static const char letters[] = "23456789BCDFGHJKLMNPQRSTVWXYZ";
enum { TRIES = 200, CODE = PL_BALLOT_CODE_CHARS - 1 };

static int64_t draw(pl_random *r)
{
	return (int64_t)pl_random_below(r, PL_BALLOT_CODES);
}

static void a_code_is_read_back_as_its_number(void)
{
	pl_random r = pl_random_new(1, 0);
	char code[PL_BALLOT_CODE_CHARS];
	const int64_t ends[] = {0, 1, PL_BALLOT_CODES - 1};
	for (int i = 0; i < 3; i++)
		CHECK(pl_ballot_code_read(pl_ballot_code(code, ends[i])) == ends[i]);
	for (int i = 0; i < TRIES; i++) {
		const int64_t number = draw(&r);
		CHECK(pl_ballot_code_read(pl_ballot_code(code, number)) == number);
		CHECK(strlen(code) == CODE && strcspn(code, "01OIAEU") == CODE);
	}
}

static void capitals_hyphens_and_spaces_do_not_matter(void)
{
	char code[PL_BALLOT_CODE_CHARS], typed[32];
	const int64_t number = 271828182845;
	pl_ballot_code(code, number);
	for (int i = 0; i <= CODE; i++)
		typed[i] = (char)(code[i] >= 'A' ? code[i] - 'A' + 'a' : code[i]);
	CHECK(pl_ballot_code_read(typed) == number);
	(void)snprintf(typed, sizeof typed, " %.3s %.3s%.3s ", code, code + 4, code + 8);
	CHECK(pl_ballot_code_read(typed) == number);
}

static void any_one_wrong_letter_is_noticed(void)
{
	pl_random r = pl_random_new(2, 0);
	char code[PL_BALLOT_CODE_CHARS];
	for (int i = 0; i < TRIES; i++) {
		pl_ballot_code(code, draw(&r));
		for (int at = 0; at < CODE; at++) {
			const char right = code[at];
			for (const char *wrong = letters; right != '-' && *wrong != '\0';
			     wrong++) {
				code[at] = *wrong;
				CHECK((pl_ballot_code_read(code) >= 0) == (*wrong == right));
			}
			code[at] = right;
		}
	}
}

static void any_two_letters_that_changed_places_are_noticed(void)
{
	pl_random r = pl_random_new(3, 0);
	char code[PL_BALLOT_CODE_CHARS];
	for (int i = 0; i < TRIES; i++) {
		pl_ballot_code(code, draw(&r));
		for (int a = 0; a < CODE; a++)
			for (int b = a + 1; b < CODE; b++) {
				const char at_a = code[a], at_b = code[b];
				if (at_a == '-' || at_b == '-') continue;
				code[a] = at_b;
				code[b] = at_a;
				CHECK((pl_ballot_code_read(code) >= 0) == (at_a == at_b));
				code[a] = at_a;
				code[b] = at_b;
			}
	}
}

static void what_is_no_code_is_refused(void)
{
	char code[PL_BALLOT_CODE_CHARS], longer[32];
	pl_ballot_code(code, 12345);
	(void)snprintf(longer, sizeof longer, "%s2", code);
	CHECK(pl_ballot_code_read(longer) == -1);
	code[CODE - 1] = '\0';
	CHECK(pl_ballot_code_read(code) == -1);
	CHECK(pl_ballot_code_read("") == -1);
	CHECK(pl_ballot_code_read("222-222-220") == -1);
	CHECK(pl_ballot_code_read("222-222-22\xff") == -1);
}

int main(void)
{
	RUN(a_code_is_read_back_as_its_number);
	RUN(capitals_hyphens_and_spaces_do_not_matter);
	RUN(any_one_wrong_letter_is_noticed);
	RUN(any_two_letters_that_changed_places_are_noticed);
	RUN(what_is_no_code_is_refused);
	return pl_test_failed;
}
