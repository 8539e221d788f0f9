/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/ballots.h"

#include "tests/pl_test.h"

enum { ROOM = 1 << 22, CODES = 7 };
static char written[ROOM];
static const int64_t codes[CODES] = {5, 123456789, 77, 31415926535, 2, 1, 500246412960};

/// An election of n options whose names begin with @p name; each costs @p cost.
static pl_election *make(int n, const char *name, int64_t cost)
{
	pl_election_draft *d;
	pl_election *e;
	char id[32], full[1024];
	CHECK(pl_election_begin(&d, PL_BALLOT_APPROVAL, NULL) == PL_OK);
	CHECK(pl_election_title(d, "Spring", NULL) == PL_OK);
	CHECK(pl_election_money(d, 2, cost > 0 ? 1000050 : -1, NULL) == PL_OK);
	for (int i = 0; i < n; i++) {
		(void)snprintf(id, sizeof id, "o%d", i);
		(void)snprintf(full, sizeof full, "%s %d.", name, i);
		CHECK(pl_election_option(d, id, full, cost, -1, NULL) == PL_OK);
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

static const char *print(const pl_election *e, const pl_ballots *b)
{
	FILE *to = fmemopen(written, sizeof written, "w");
	CHECK(pl_ballots_write(to, e, b, NULL) == PL_OK);
	CHECK(fclose(to) == 0);
	return written;
}

static int count(const char *what)
{
	int n = 0;
	for (const char *at = strstr(written, what); at != NULL; at = strstr(at + 1, what)) n++;
	return n;
}

static void each_ballot_has_its_code_and_every_option(void)
{
	pl_election *e = make(9, "Option", 0);
	for (int k = 0; k < PL_PAPERS; k++) {
		const pl_ballots b = {
		        .paper = (pl_paper)k, .points = 5, .n = CODES, .code = codes};
		print(e, &b);
		CHECK(count("<article") == CODES && count("<svg") == CODES);
		CHECK(count("</article>") == CODES && count("Option 8.</bdi>") == CODES);
		for (int i = 0; i < CODES; i++) {
			char code[PL_BALLOT_CODE_CHARS], said[64];
			(void)snprintf(said, sizeof said, "Ballot <b>%s</b>",
			               pl_ballot_code(code, codes[i]));
			CHECK(count(said) == 1);
		}
	}
	pl_election_free(e);
}

static void there_are_as_many_boxes_as_answers(void)
{
	static const int boxes[PL_PAPERS] = {1, 1, 6, 1, 3, 4};
	pl_election *e = make(5, "Option", 0);
	for (int k = 0; k < PL_PAPERS; k++) {
		const pl_ballots b = {.paper = (pl_paper)k, .points = 5, .n = 2, .code = codes};
		print(e, &b);
		CHECK(count("<i>") == 2 * 5 * boxes[k]);
	}
	pl_election_free(e);
}

static void small_ballots_share_a_sheet_and_large_ones_take_several(void)
{
	static const struct {
		int options, share;
	} expect[] = {{1, 3}, {4, 2}, {12, 1}, {100, 0}};
	for (int k = 0; k < 4; k++) {
		pl_election *e = make(expect[k].options, "Option", 0);
		const pl_ballots b = {.paper = PL_PAPER_RANK, .n = CODES, .code = codes};
		const int share = expect[k].share;
		CHECK(pl_ballots_on_sheet(e, &b) == share);
		print(e, &b);
		CHECK(count("<div class=\"sheet\">") ==
		      (share > 0 ? (CODES + share - 1) / share : CODES));
		CHECK(count("<div") == count("</div>"));
		pl_election_free(e);
	}
}

static void long_names_take_more_paper(void)
{
	char name[400];
	memset(name, 'w', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	pl_election *brief = make(4, "w", 0), *wordy = make(4, name, 0);
	const pl_ballots b = {.paper = PL_PAPER_POINTS, .points = 10, .n = 1, .code = codes};
	CHECK(pl_ballots_on_sheet(brief, &b) > pl_ballots_on_sheet(wordy, &b));
	pl_election_free(brief);
	pl_election_free(wordy);
}

static void costs_stand_on_the_ballot_where_there_are_any(void)
{
	pl_election *e = make(2, "Option", 123450), *free_of_cost = make(2, "Option", 0);
	const pl_ballots b = {.paper = PL_PAPER_APPROVE, .n = 1, .code = codes};
	print(e, &b);
	CHECK(count("1\u202f234.50</td>") == 2 && count("budget of 10\u202f000.50.") == 1);
	print(free_of_cost, &b);
	CHECK(count("Cost") == 0 && count("budget") == 0);
	pl_election_free(e);
	pl_election_free(free_of_cost);
}

static void how_many_may_be_ranked_is_told(void)
{
	pl_election_draft *d;
	pl_election *e;
	const pl_ballots b = {.paper = PL_PAPER_RANK, .n = 2, .code = codes};
	CHECK(pl_election_begin(&d, PL_BALLOT_RANKED, NULL) == PL_OK);
	CHECK(pl_election_longest(d, 2, NULL) == PL_OK);
	for (int i = 0; i < 3; i++)
		CHECK(pl_election_option(d,
		                         i == 0   ? "a"
		                         : i == 1 ? "b"
		                                  : "c",
		                         NULL, 0, -1, NULL) == PL_OK);
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	print(e, &b);
	CHECK(count("Rank at most 2.") == 2);
	pl_election_free(e);
}

static void hostile_names_stay_text(void)
{
	pl_election *e = make(3, "</td></table><script>alert(1)</script>\u202e\"x", 0);
	const pl_ballots b = {.paper = PL_PAPER_CHOOSE,
	                      .title = "<img src=x onerror=alert(2)>",
	                      .n = 2,
	                      .code = codes};
	print(e, &b);
	CHECK(count("<script") == 0 && count("<img") == 0 && count("\u202e") == 0);
	CHECK(count("&lt;script&gt;alert(1)") == 2 * 3);
	CHECK(count("&lt;img src=x onerror=alert(2)&gt;") == 2 + 2);
	pl_election_free(e);
}

static void the_same_ballots_have_the_same_bytes(void)
{
	pl_election *e = make(6, "Option", 7);
	const pl_ballots b = {.paper = PL_PAPER_APPROVE, .n = CODES, .code = codes};
	char *once = strdup(print(e, &b));
	CHECK(strcmp(once, print(e, &b)) == 0);
	free(once);
	pl_election_free(e);
}

int main(void)
{
	RUN(each_ballot_has_its_code_and_every_option);
	RUN(there_are_as_many_boxes_as_answers);
	RUN(small_ballots_share_a_sheet_and_large_ones_take_several);
	RUN(long_names_take_more_paper);
	RUN(costs_stand_on_the_ballot_where_there_are_any);
	RUN(how_many_may_be_ranked_is_told);
	RUN(hostile_names_stay_text);
	RUN(the_same_ballots_have_the_same_bytes);
	return pl_test_failed;
}
