/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "io/votes.h"
#include "tests/pl_test.h"

#define THREE                                                                          \
	"# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n" \
	"# ALTERNATIVE NAME 3: c\n"
#define YES_NO "# NUMBER CATEGORIES: 2\n# CATEGORY NAME 1: Yes\n# CATEGORY NAME 2: No\n"

static pl_error told;

static pl_election *read_wish(const char *text, pl_votes_format format, int kind)
{
	const pl_votes_wish wish = {.kind = kind, .eligible = -1};
	pl_election *e;
	told = (pl_error){0};
	(void)pl_votes_read_bytes(&e, text, strlen(text), format, "t", &wish, &told);
	return e;
}

static pl_election *read_text(const char *text, pl_votes_format format)
{
	return read_wish(text, format, -1);
}

static bool refused(const char *text, pl_votes_format format, const char *sentence)
{
	pl_election *e = read_text(text, format);
	const bool right = e == NULL && strcmp(told.msg, sentence) == 0;
	if (!right) fprintf(stderr, "got: %s\n", told.msg);
	pl_election_free(e);
	return right;
}

static bool written_as(const pl_election *e, pl_votes_format format, bool anyway,
                       const char *want)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	const bool good = pl_votes_put(to, format, e, anyway, &told) == PL_OK;
	(void)fclose(to);
	const bool same = strcmp(good ? text : told.msg, want) == 0;
	if (!same) fprintf(stderr, "got: %s\n", good ? text : told.msg);
	free(text);
	return same;
}

static void orders_are_ranks_with_ties_where_braces_stand(void)
{
	pl_election *e = read_text("# TITLE: Drinks\r\n" THREE "# NUMBER VOTERS: 5\n"
	                           "4: 3,{1, 2}\n\n1: {2},1,3\n",
	                           PL_VOTES_TOC);
	CHECK(e != NULL && e->kind == PL_BALLOT_RANKED && e->n_ballots == 2 && e->total == 5);
	if (e == NULL) return;
	CHECK(strcmp(e->title, "Drinks") == 0 && strcmp(pl_text_at(e->option.id, 2), "3") == 0);
	CHECK(strcmp(pl_text_at(e->option.name, 2), "c") == 0);
	CHECK(e->marked[0] == 2 && e->marked[1] == 0 && e->marked[2] == 1);
	CHECK(e->value[0] == 1 && e->value[1] == 2 && e->value[2] == 2);
	CHECK(e->marked[3] == 1 && e->value[3] == 1);
	pl_election_free(e);
}

static void categories_are_approvals_motions_or_ranks(void)
{
	pl_election *e = read_text(THREE YES_NO "2: {1,3},2\n1: {},{1,2,3}\n", PL_VOTES_CAT);
	CHECK(e != NULL && e->kind == PL_BALLOT_APPROVAL && e->n_marks == 2 &&
	      e->start[1] == 2);
	pl_election_free(e);
	e = read_wish(THREE YES_NO "2: {1,3},2\n", PL_VOTES_CAT, PL_BALLOT_MOTION);
	CHECK(e != NULL && e->kind == PL_BALLOT_MOTION && e->value[1] == PL_MARK_NO);
	pl_election_free(e);
	e = read_text(THREE "# CATEGORY NAME 1: good\n# CATEGORY NAME 2: fair\n"
	                    "# CATEGORY NAME 3: bad\n1: 3,{},{1,2}\n",
	              PL_VOTES_CAT);
	CHECK(e != NULL && e->kind == PL_BALLOT_RANKED && e->value[0] == 1 && e->value[1] == 3);
	pl_election_free(e);
}

static void slips_are_told_with_their_line(void)
{
	CHECK(refused(
	        THREE "1: 1,2\n", PL_VOTES_SOC,
	        "t:5: the order leaves out 1 of the 3 alternatives; .soi and .toi files may"));
	CHECK(refused(THREE "1: 1,{2,3}\n", PL_VOTES_SOI,
	              "t:5: a .soi file holds no ties; .toc and .toi do"));
	CHECK(refused(THREE "1: 1,{2,3\n", PL_VOTES_TOI, "t:5: a brace is not closed"));
	CHECK(refused(THREE "1: {{1},2}\n", PL_VOTES_TOI,
	              "t:5: \"\" is no number of an alternative; they are 1 to 3"));
	CHECK(refused(THREE "1: 1,2,\n", PL_VOTES_SOI,
	              "t:5: \"\" is no number of an alternative; they are 1 to 3"));
	CHECK(refused(THREE "1: 1 2\n", PL_VOTES_SOI,
	              "t:5: a comma is missing between two alternatives"));
	CHECK(refused(THREE "1: 4\n", PL_VOTES_SOI,
	              "t:5: \"4\" is no number of an alternative; they are 1 to 3"));
	CHECK(refused(THREE "1: 1,2,1\n", PL_VOTES_SOI,
	              "t:5: the option \"1\" is marked twice on one ballot"));
	CHECK(refused(THREE "-1: 1\n", PL_VOTES_SOI,
	              "t:5: the count \"-1\" is no whole number above 0"));
	CHECK(refused(THREE "99999999999999999999: 1\n", PL_VOTES_SOI,
	              "t:5: the count \"99999999999999999999\" is no whole number above 0"));
	CHECK(refused(THREE "9000000000000000000: 1\n", PL_VOTES_SOI,
	              "t:5: the weights of the ballots are too large together"));
	CHECK(refused(THREE "1 1\n", PL_VOTES_SOI, "t:5: a ballot is \"count: 1,2,3\""));
	CHECK(refused("1: 1\n", PL_VOTES_SOI,
	              "t:1: no ALTERNATIVE NAME stands above the ballots"));
	CHECK(refused("# NUMBER ALTERNATIVES: 10000000\n# ALTERNATIVE NAME 1: a\n1: 1\n",
	              PL_VOTES_SOI,
	              "t:3: there are names of 1 alternatives, and there should be 10000000"));
	CHECK(refused("# ALTERNATIVE NAME 2: a\n", PL_VOTES_SOI,
	              "t:1: ALTERNATIVE NAME 1 is due here"));
	CHECK(refused(THREE "# NUMBER VOTERS: 9\n1: 1\n", PL_VOTES_SOI,
	              "t: holds the ballots of 1 voters, and there should be 9"));
	CHECK(refused(THREE "# NUMBER UNIQUE ORDERS: 2\n1: 1\n", PL_VOTES_SOI,
	              "t: holds 1 different ballots, and there should be 2"));
	CHECK(refused(THREE "1: 1\n# TITLE: late\n", PL_VOTES_SOI,
	              "t:6: a line of the header stands below a ballot"));
	CHECK(refused(THREE, PL_VOTES_SOI, "t: there is no ballot"));
	CHECK(refused(THREE YES_NO "1: 1,2,3\n", PL_VOTES_CAT,
	              "t:8: there are more places than the 2 categories"));
	CHECK(refused(THREE "1: \xFF\n", PL_VOTES_SOI,
	              "t:5: not valid UTF-8; save the file as UTF-8 text"));
	CHECK(refused(THREE "1: \x01\n", PL_VOTES_SOI,
	              "t:5: a control character; save the file as UTF-8 text"));
}

static void a_nul_byte_is_refused(void)
{
	static const char text[] = THREE "1: 1\0,2\n";
	pl_election *e;
	CHECK(pl_votes_read_bytes(&e, text, sizeof text - 1, PL_VOTES_SOI, "t", NULL, &told) ==
	      PL_EPARSE);
	CHECK(strcmp(told.msg,
	             "t:5: a NUL byte (is this a binary file, or UTF-16?); save the file "
	             "as UTF-8 text") == 0);
}

static void a_line_of_ten_million_alternatives_is_refused(void)
{
	enum { MANY = 10000000 };
	const size_t head = strlen(THREE);
	char *text = malloc(head + 3 + 2 * (size_t)MANY + 1);
	if (text == NULL) return;
	memcpy(text, THREE "1: ", head + 3);
	for (size_t i = 0; i < MANY; i++) memcpy(text + head + 3 + 2 * i, "1,", 2);
	text[head + 3 + 2 * (size_t)MANY] = '\0';
	CHECK(refused(text, PL_VOTES_SOI, "t:5: the line is longer than 16777216 bytes"));
	free(text);
}

static void what_is_written_is_read_back_the_same(void)
{
	static const struct {
		pl_votes_format format;
		const char *text;
	} files[] = {
	        {PL_VOTES_SOC, "# TITLE: \n# DATA TYPE: soc\n# NUMBER ALTERNATIVES: 2\n"
	                       "# NUMBER VOTERS: 5\n# NUMBER UNIQUE ORDERS: 2\n"
	                       "# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n"
	                       "2: 1,2\n3: 2,1\n"},
	        {PL_VOTES_TOI, "# TITLE: T\n# DATA TYPE: toi\n# NUMBER ALTERNATIVES: 3\n"
	                       "# NUMBER VOTERS: 2\n# NUMBER UNIQUE ORDERS: 2\n"
	                       "# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n"
	                       "# ALTERNATIVE NAME 3: c\n1: 2\n1: 2,{1,3}\n"},
	        {PL_VOTES_CAT,
	         "# TITLE: \n# DATA TYPE: cat\n# NUMBER ALTERNATIVES: 2\n# NUMBER VOTERS: 3\n"
	         "# NUMBER UNIQUE ORDERS: 2\n# NUMBER CATEGORIES: 2\n"
	         "# CATEGORY NAME 1: Approved\n# CATEGORY NAME 2: Not approved\n"
	         "# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n1: {},{1,2}\n2: {1},{2}\n"},
	        {PL_VOTES_CAT,
	         "# TITLE: \n# DATA TYPE: cat\n# NUMBER ALTERNATIVES: 2\n# NUMBER VOTERS: 1\n"
	         "# NUMBER UNIQUE ORDERS: 1\n# NUMBER CATEGORIES: 4\n# CATEGORY NAME 1: yes\n"
	         "# CATEGORY NAME 2: no\n# CATEGORY NAME 3: abstain\n# CATEGORY NAME 4: block\n"
	         "# ALTERNATIVE NAME 1: a\n# ALTERNATIVE NAME 2: b\n1: {},{},{1},{2}\n"}};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		pl_election *e = read_text(files[i].text, files[i].format);
		CHECK(e != NULL && written_as(e, files[i].format, false, files[i].text));
		pl_election_free(e);
	}
}

static void what_a_format_cannot_hold_is_refused(void)
{
	static const char table[] = "ballot,a,b\n#kind,ranked\nx,1,\ny,1,1\n";
	pl_election *e = read_text(table, PL_VOTES_CSV);
	CHECK(e != NULL);
	if (e == NULL) return;
	CHECK(written_as(e, PL_VOTES_TOI, false,
	                 "a PrefLib file does not hold codes of ballots; --anyway leaves them "
	                 "out"));
	CHECK(written_as(
	        e, PL_VOTES_SOC, true,
	        "a ballot leaves options out, and a .soc file holds whole orders alone; "
	        ".soi is for others"));
	CHECK(written_as(e, PL_VOTES_SOI, true,
	                 "a ballot has equal ranks, and a .soi file holds none; .toi does"));
	CHECK(written_as(e, PL_VOTES_CAT, true,
	                 "a .cat file does not hold ranked ballots; .soi and .toi do"));
	pl_election_free(e);
	e = read_text("ballot,a\n#budget,5\n#cost,1\n,1\n", PL_VOTES_CSV);
	CHECK(e != NULL && written_as(e, PL_VOTES_CAT, true,
	                              "a PrefLib file does not hold costs and budgets"));
	pl_election_free(e);
}

#ifdef PL_ALLOC_FAULTS
static void every_lack_of_memory_is_told_and_leaks_nothing(void)
{
	const int64_t alive = pl_alloc_alive;
	pl_election *e = NULL;
	for (int64_t grants = 0; e == NULL && grants < 1000; grants++) {
		pl_alloc_grants = grants;
		e = read_text("# TITLE: T\n" THREE "2: 1,2,3\n1: {1,2}\n", PL_VOTES_TOI);
		pl_alloc_grants = -1;
		CHECK(e != NULL || (told.code == PL_ENOMEM && pl_alloc_alive == alive));
	}
	CHECK(e != NULL);
	pl_election_free(e);
	CHECK(pl_alloc_alive == alive);
}
#endif

int main(void)
{
	RUN(orders_are_ranks_with_ties_where_braces_stand);
	RUN(categories_are_approvals_motions_or_ranks);
	RUN(slips_are_told_with_their_line);
	RUN(a_nul_byte_is_refused);
	RUN(a_line_of_ten_million_alternatives_is_refused);
	RUN(what_is_written_is_read_back_the_same);
	RUN(what_a_format_cannot_hold_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_lack_of_memory_is_told_and_leaks_nothing);
#endif
	return pl_test_failed;
}
