/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/votes.h"

#include "base/random.h"
#include "tests/pl_test.h"

#include <inttypes.h>
#include <unistd.h>

static pl_error told;

static void the_end_of_a_name_tells_the_format(void)
{
	pl_votes_format f;
	CHECK(pl_votes_format_of(&f, "a.b/votes.CSV", NULL) == PL_OK && f == PL_VOTES_CSV);
	CHECK(pl_votes_format_of(&f, "x.soi", NULL) == PL_OK && f == PL_VOTES_SOI);
	CHECK(pl_votes_format_of(&f, "a.csv/votes", &told) == PL_EARG);
	CHECK(pl_votes_format_of(&f, "csv", NULL) == PL_EARG);
	CHECK(pl_votes_format_of(&f, "votes.csv.", NULL) == PL_EARG);
	for (int k = 0; k < PL_VOTES_FORMATS; k++) {
		char name[16];
		(void)snprintf(name, sizeof name, "x.%s", pl_votes_format_name(k));
		CHECK(pl_votes_format_of(&f, name, NULL) == PL_OK && (int)f == k);
	}
	CHECK(pl_votes_format_name(PL_VOTES_FORMATS) == NULL &&
	      pl_votes_format_name(-1) == NULL);
}

static void whole_numbers_are_digits_within_their_bounds(void)
{
	int64_t x = 0;
	CHECK(pl_whole_read(&x, "-12", -12, 0) && x == -12);
	CHECK(!pl_whole_read(&x, "-13", -12, 0) && x == -12);
	CHECK(pl_whole_read(&x, "007", 0, 9) && x == 7);
	static const char *const none[] = {
	        "", "-", "+1", " 1", "1 ", "1.0", "0x10", "99999999999999999999", "1e3", "--1"};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		CHECK(!pl_whole_read(&x, none[i], INT64_MIN, INT64_MAX));
}

static void money_that_is_printed_is_read_back(void)
{
	pl_random r = pl_random_new(3, 1);
	for (int k = 0; k < 10000; k++) {
		const int32_t decimals = (int32_t)pl_random_below(&r, 7);
		const int64_t x =
		        (int64_t)(pl_random_bits(&r) >> (2 + pl_random_below(&r, 61)));
		char text[PL_MONEY_CHARS];
		pl_money m;
		CHECK(pl_money_read(&m, pl_money_print(text, x, decimals)) == NULL);
		CHECK(m.digits == x && m.decimals == decimals);
	}
}

static void an_amount_of_money_is_digits_with_one_mark(void)
{
	static const char *const none[] = {"",    ".",         "1.2.3", "1,2.3",
	                                   "1e3", "0x1",       " 1",    "-1",
	                                   "+1",  "1.1234567", "=1+1",  "99999999999999999999"};
	pl_money m = {7, 3};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		CHECK(pl_money_read(&m, none[i]) != NULL && m.digits == 7);
	CHECK(pl_money_read(&m, "12,5") == NULL && m.digits == 125 && m.decimals == 1);
	int64_t x;
	CHECK(pl_money_scale(&x, m, 3) && x == 12500);
	m.digits = INT64_MAX / 10 + 1;
	CHECK(!pl_money_scale(&x, m, 2));
}

/// A file of its own in the folder for such; its name ends in .csv.
static const char *file_of(char path[64], const char *text)
{
	(void)snprintf(path, 64, "/tmp/plenum-votes-%ld.csv", (long)getpid());
	FILE *to = fopen(path, "w");
	CHECK(to != NULL && fputs(text, to) >= 0 && fclose(to) == 0);
	return path;
}

static void a_wish_takes_the_place_of_what_the_file_says(void)
{
	char path[64];
	pl_election *e;
	(void)file_of(path, "ballot,a\n#budget,9.50\n#eligible,3\n#cost,1.25\nx,1\n");
	CHECK(pl_votes_read(&e, path, NULL, &told) == PL_OK && e->budget == 950);
	pl_election_free(e);
	const pl_votes_wish wish = {.kind = -1, .budget = "12.500", .eligible = 7};
	CHECK(pl_votes_read(&e, path, &wish, &told) == PL_OK);
	CHECK(e != NULL && e->budget == 1250 && e->eligible == 7);
	pl_election_free(e);
	static const struct {
		const char *budget, *begins;
	} wrong[] = {
	        {"12.505", "the budget \"12.505\" has more decimals than the costs in "},
	        {"-1", "the budget \"-1\" is below 0"},
	        {"x", "the budget \"x\" is no amount of money"},
	        {"9000000000000000000", "the budget \"9000000000000000000\" is too large"}};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const pl_votes_wish w = {.kind = -1, .budget = wrong[i].budget, .eligible = -1};
		CHECK(pl_votes_read(&e, path, &w, &told) == PL_EARG && e == NULL);
		CHECK(strncmp(told.msg, wrong[i].begins, strlen(wrong[i].begins)) == 0);
	}
	CHECK(unlink(path) == 0);
}

static void a_file_is_written_whole_or_not_at_all(void)
{
	char path[64], other[80];
	pl_election *e;
	(void)file_of(path, "ballot,a\nx,1\n");
	CHECK(pl_votes_read(&e, path, NULL, &told) == PL_OK);
	(void)snprintf(other, sizeof other, "%s.cat", path);
	CHECK(pl_votes_write(other, e, false, &told) == PL_EARG); /* codes */
	CHECK(access(other, F_OK) != 0);
	CHECK(pl_votes_write(other, e, true, &told) == PL_OK && access(other, F_OK) == 0);
	CHECK(unlink(other) == 0);
	CHECK(pl_votes_write("/nowhere/at/all/x.csv", e, true, &told) == PL_ENOTFOUND);
	CHECK(unlink(path) == 0);
	pl_election_free(e);
}

static void what_cannot_be_opened_is_told(void)
{
	pl_election *e;
	CHECK(pl_votes_read(&e, "/nowhere/x.soi", NULL, &told) == PL_ENOTFOUND && e == NULL);
	CHECK(strcmp(told.msg, "/nowhere/x.soi: there is no such file") == 0);
	CHECK(pl_votes_read(&e, "/nowhere/x.pb", NULL, &told) == PL_ENOTFOUND && e == NULL);
	CHECK(pl_votes_read(&e, "/nowhere/x.csv", NULL, &told) == PL_ENOTFOUND && e == NULL);
}

int main(void)
{
	RUN(the_end_of_a_name_tells_the_format);
	RUN(whole_numbers_are_digits_within_their_bounds);
	RUN(money_that_is_printed_is_read_back);
	RUN(an_amount_of_money_is_digits_with_one_mark);
	RUN(a_wish_takes_the_place_of_what_the_file_says);
	RUN(a_file_is_written_whole_or_not_at_all);
	RUN(what_cannot_be_opened_is_told);
	return pl_test_failed;
}
