/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "io/votes.h"
#include "io/votes_digest.h"
#include "tests/pl_test.h"

#include <sys/resource.h>

static pl_error told;

static pl_election *read_as(const char *text, pl_votes_format format, int kind)
{
	const pl_votes_wish wish = {.kind = kind, .eligible = -1};
	pl_election *e;
	told = (pl_error){0};
	(void)pl_votes_read_bytes(&e, text, strlen(text), format, "t.csv", &wish, &told);
	return e;
}

static pl_election *read_text(const char *text)
{
	return read_as(text, PL_VOTES_CSV, -1);
}

/// Is the table refused with this sentence?
static bool refused_as(const char *text, int kind, const char *sentence)
{
	pl_election *e = read_as(text, PL_VOTES_CSV, kind);
	const bool right = e == NULL && strcmp(told.msg, sentence) == 0;
	if (!right) fprintf(stderr, "got: %s\n", told.msg);
	pl_election_free(e);
	return right;
}

static bool refused(const char *text, const char *sentence)
{
	return refused_as(text, -1, sentence);
}

static bool written_as(const pl_election *e, pl_votes_format format, const char *want)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);
	const bool good = pl_votes_put(to, format, e, false, &told) == PL_OK;
	(void)fclose(to);
	const bool same = good && strcmp(text, want) == 0;
	if (!same) fprintf(stderr, "got: %s%s\n", good ? "" : told.msg, text);
	free(text);
	return same;
}

static void a_row_is_a_ballot_and_a_column_an_option(void)
{
	pl_election *e = read_text("ballot,weight,tea,coffee\n"
	                           "#title,Drinks\n#name,,Green tea,\n#kind,score\n"
	                           "b1,2,5,\nb2,,0,-3\nb3,1,,\n");
	CHECK(e != NULL && e->n_options == 2 && e->n_ballots == 3 &&
	      e->kind == PL_BALLOT_SCORE);
	if (e == NULL) return;
	CHECK(strcmp(e->title, "Drinks") == 0);
	CHECK(strcmp(pl_text_at(e->option.name, 0), "Green tea") == 0);
	CHECK(strcmp(pl_text_at(e->option.name, 1), "coffee") == 0);
	CHECK(e->total == 4 && e->weight[0] == 2 && e->weight[1] == 1);
	CHECK(strcmp(e->names + e->name[1], "b2") == 0);
	CHECK(e->start[1] == 1 && e->value[0] == 5); /* 0 points are a mark, nothing is none */
	CHECK(e->start[2] == 3 && e->value[1] == 0 && e->value[2] == -3);
	CHECK(e->start[3] == 3);
	pl_election_free(e);
}

static void money_is_exact_with_either_decimal_mark(void)
{
	pl_election *e = read_text("ballot;a;b\n#cost;250,50;0,1\n#budget;;1000\nx;1;\n");
	CHECK(e != NULL && e->decimals == 2 && e->budget == 100000);
	CHECK(e != NULL && e->option.cost[0] == 25050 && e->option.cost[1] == 10);
	pl_election_free(e);
	e = read_text("ballot,a\n#cost,4611686018427387903\nx,1\n");
	CHECK(e != NULL && e->option.cost[0] == INT64_C(4611686018427387903));
	pl_election_free(e);
}

static void marks_are_recognised_where_they_mean_one_thing(void)
{
	static const struct {
		const char *marks;
		int kind;
	} cases[] = {{"1,", PL_BALLOT_APPROVAL},
	             {"x,0", PL_BALLOT_APPROVAL},
	             {"X,1", PL_BALLOT_APPROVAL},
	             {"yes,no", PL_BALLOT_MOTION},
	             {"Block,", PL_BALLOT_MOTION},
	             {"yes,abstain", PL_BALLOT_MOTION},
	             {"x,yes", PL_BALLOT_APPROVAL},
	             {"2,1", -1},
	             {"yes,", -1},
	             {",", -1},
	             {"7,3", -1}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[64];
		(void)snprintf(text, sizeof text, "ballot,a,b\nb1,%s\n", cases[i].marks);
		pl_election *e = read_text(text);
		CHECK((e == NULL ? -1 : (int)e->kind) == cases[i].kind);
		pl_election_free(e);
	}
	CHECK(refused(
	        "ballot,a,b\nb1,2,1\n",
	        "t.csv: what the marks mean cannot be told from them alone; say --kind "
	        "approval, score, ranked or motion, or begin the table with a row #kind"));
	CHECK(refused(
	        "ballot,a,b\nb1,yess,1\n",
	        "t.csv:2: option \"a\": \"yess\" is no mark: a ballot holds 1 or x, points, "
	        "ranks, or yes, no, abstain, block"));
}

static void a_wish_tells_the_kind_and_a_fact_must_agree(void)
{
	pl_election *e = read_as("a,b\n2,1\n", PL_VOTES_CSV, PL_BALLOT_RANKED);
	CHECK(e != NULL && e->marked[0] == 1 && e->marked[1] == 0 && e->name == NULL);
	pl_election_free(e);
	CHECK(refused_as("ballot,a,b\n#kind,score\nx,2,1\n", PL_BALLOT_RANKED,
	                 "t.csv:2: the table holds score ballots, not ranked"));
}

static pl_election *read_blank(const char *text, int kind)
{
	const pl_votes_wish wish = {.kind = kind, .eligible = -1, .blank = true};
	pl_election *e;
	const pl_status s = pl_votes_read_bytes(&e, text, strlen(text), PL_VOTES_CSV, "t.csv",
	                                        &wish, &told);
	CHECK((s == PL_OK) == (e != NULL));
	return e;
}

static void options_alone_are_read_where_that_is_wished(void)
{
	static const int not_told = -1;
	pl_election *fact = read_blank("ballot,a,b\n#kind,ranked\n", not_told),
	            *wish = read_blank("ballot,a,b\n#name,A,B\n", PL_BALLOT_MOTION);
	CHECK(fact != NULL && fact->kind == PL_BALLOT_RANKED && fact->n_ballots == 0);
	CHECK(wish != NULL && wish->kind == PL_BALLOT_MOTION && wish->n_options == 2);
	pl_election_free(fact);
	pl_election_free(wish);
	CHECK(read_blank("ballot,a,b\n", not_told) == NULL);
	CHECK(strstr(told.msg, "neither a row #kind nor --kind says what") != NULL);
}

static void what_would_run_in_a_spreadsheet_is_refused(void)
{
	CHECK(refused(
	        "ballot,=A1\nb1,1\n",
	        "t.csv:1: the option \"=A1\" begins as a formula does; write an apostrophe "
	        "before it where it is meant as text"));
	CHECK(refused(
	        "ballot,a\n#name,+1+1\nb1,1\n",
	        "t.csv:2: the name \"+1+1\" begins as a formula does; write an apostrophe "
	        "before it where it is meant as text"));
	CHECK(refused("ballot,a\n#title,@SUM(A1)\nb1,1\n",
	              "t.csv:2: the title \"@SUM(A1)\" begins as a formula does; write an "
	              "apostrophe before it where it is meant as text"));
	CHECK(refused("ballot,a\n-b1,1\n",
	              "t.csv:2: the ballot's code \"-b1\" begins as a formula does; write an "
	              "apostrophe before it where it is meant as text"));
	CHECK(refused_as(
	        "ballot,a\nb1,=1+1\n", PL_BALLOT_SCORE,
	        "t.csv:2: option \"a\": \"=1+1\" is a formula, not a mark; a score ballot "
	        "holds whole points, at most 10^9"));
	CHECK(refused("ballot,a\n#cost,=9\nb1,1\n",
	              "t.csv:2: \"=9\" is no amount of money, such as 1250.50"));
}

static void text_that_begins_as_a_formula_is_written_so_that_nothing_runs(void)
{
	pl_election_draft *d;
	pl_election *e;
	CHECK(pl_election_begin(&d, PL_BALLOT_APPROVAL, NULL) == PL_OK);
	CHECK(pl_election_title(d, "=cmd|' /C calc'!A0", NULL) == PL_OK);
	CHECK(pl_election_option(d, "-a", "@b", 0, -1, NULL) == PL_OK);
	CHECK(pl_election_option(d, "'b", "", 0, -1, NULL) == PL_OK);
	CHECK(pl_election_ballot(d, "#1", 1, NULL) == PL_OK);
	CHECK(pl_election_mark(d, 0, 1, NULL) == PL_OK);
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	const char *text = "ballot,'-a,''b\n#title,'=cmd|' /C calc'!A0\n#kind,approval\n"
	                   "#name,'@b,\n'#1,1,\n";
	CHECK(written_as(e, PL_VOTES_CSV, text));
	pl_election_free(e);
	e = read_text(text);
	CHECK(e != NULL && written_as(e, PL_VOTES_CSV, text));
	CHECK(e != NULL && strcmp(e->title, "=cmd|' /C calc'!A0") == 0);
	CHECK(e != NULL && strcmp(e->names + e->name[0], "#1") == 0);
	pl_election_free(e);
}

static void slips_are_told_with_their_line(void)
{
	CHECK(refused("ballot,a\nb1,1\nb1,\n",
	              "t.csv:3: ballot \"b1\" stands twice (first in line "
	              "2)"));
	CHECK(refused("ballot,a,a\nb1,1,1\n",
	              "t.csv:1: column \"a\" stands twice in the header"));
	CHECK(refused(
	        "ballot,weight,a\nb1,-2,1\n",
	        "t.csv:2: the weight \"-2\" is no whole number above 0; it says for how many "
	        "equal ballots the row stands"));
	CHECK(refused(
	        "ballot,weight,a\nb1,99999999999999999999,1\n",
	        "t.csv:2: the weight \"99999999999999999999\" is no whole number above 0; it "
	        "says for how many equal ballots the row stands"));
	CHECK(refused("weight,a\n4611686018427387904,1\n4611686018427387904,1\n",
	              "t.csv:3: the weights of the ballots are too large together"));
	CHECK(refused("ballot,a\n#cost,-1\nb1,1\n", "t.csv:2: \"-1\" is below 0"));
	CHECK(refused("ballot,a\n#cost,99999999999999999999\nb1,1\n",
	              "t.csv:2: \"99999999999999999999\" is too large"));
	CHECK(refused("ballot,a\n#cost,1.0000001\nb1,1\n",
	              "t.csv:2: \"1.0000001\" has more than 6 decimals"));
	CHECK(refused(
	        "ballot,a\n#budget,0\nb1,1\n",
	        "t.csv:2: a budget of 0 pays for nothing; leave the row out where there is "
	        "none"));
	CHECK(refused("ballot,a\nb1,1\n#budget,5\n", "t.csv:3: #budget stands below a ballot"));
	CHECK(refused(
	        "ballot,a\n#budgte,5\nb1,1\n",
	        "t.csv:2: there is no fact \"#budgte\" (did you mean \"#budget\"?); there "
	        "are #name, #cost, #recorded, #kind, #budget, #eligible, #longest, #title"));
	CHECK(refused("ballot,a\n#kind,score\n#kind,score\nb1,1\n",
	              "t.csv:3: #kind stands twice (first in line 2)"));
	CHECK(refused("ballot,a\n#kind\nb1,1\n",
	              "t.csv:2: #kind needs a value in the next cell"));
	CHECK(refused("a,b\n#kind,score\n1,2\n",
	              "t.csv:2: facts need a column before the options, headed ballot"));
	CHECK(refused("ballot,a\n#kind,score\n", "t.csv: there is no ballot"));
	CHECK(refused(
	        "ballot,weight\nb1,1\n",
	        "t.csv:1: there is no column of an option; each has one, headed by its id"));
	CHECK(refused(
	        "a,ballot\n1,b1\n",
	        "t.csv:1: the column \"ballot\" stands before the options, ballot first"));
}

/// Many columns are refused while little of them is held.
static void ten_million_columns_are_refused_in_little_memory(void)
{
	enum { COLUMNS = 10000000, BYTES = 2 * COLUMNS };
	char *text = malloc(BYTES + 1);
	if (text == NULL) return;
	for (int i = 0; i < COLUMNS; i++) memcpy(&text[2 * (size_t)i], "a,", 2);
	text[BYTES] = '\0';
	struct rusage before, after;
	CHECK(getrusage(RUSAGE_SELF, &before) == 0);
	pl_election *e = read_text(text);
	CHECK(e == NULL && strncmp(told.msg, "t.csv:1: ", 9) == 0);
	CHECK(getrusage(RUSAGE_SELF, &after) == 0);
	CHECK(after.ru_maxrss - before.ru_maxrss < 65536); /* KiB */
	free(text);
}

static void what_is_written_is_read_back_the_same(void)
{
	static const char *const tables[] = {
	        "ballot,a,b\n#title,\"A; "
	        "\"\"B\"\"\"\n#kind,approval\n#budget,12.50\n#eligible,9\n"
	        "#name,\"x, y\",\n#cost,1.25,10.00\n#recorded,1,\nb1,1,\n,,1\n",
	        "ballot,weight,a,b,c\n#kind,ranked\n#longest,3\n,1,2,1,\n,7,1,1,\n,1,,,\n",
	        "ballot,weight,a,b\n#kind,motion\n,2,yes,block\n,1,abstain,no\n",
	        "ballot,a,b\n#kind,score\n,5,-2\n,0,\n"};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		pl_election *e = read_text(tables[i]);
		if (e == NULL) fprintf(stderr, "got: %s\n", told.msg);
		CHECK(e != NULL && written_as(e, PL_VOTES_CSV, tables[i]));
		pl_election_free(e);
	}
}

static void what_a_table_cannot_hold_is_not_written(void)
{
	pl_election_draft *d;
	pl_election *e;
	char nothing[1];
	FILE *to = fmemopen(nothing, 1, "w");
	CHECK(pl_election_begin(&d, PL_BALLOT_APPROVAL, NULL) == PL_OK);
	CHECK(pl_election_option(d, "weight", NULL, 0, -1, NULL) == PL_OK);
	CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	CHECK(pl_votes_put(to, PL_VOTES_CSV, e, true, &told) == PL_EARG);
	CHECK(strcmp(told.msg, "an option of a table cannot be called \"weight\"") == 0);
	CHECK(ftell(to) == 0);
	(void)fclose(to);
	pl_election_drop(d);
	pl_election_free(e);
}

static bool same_digest(const char *a, const char *b)
{
	pl_election *x = read_text(a), *y = read_text(b);
	char first[PL_VOTES_DIGEST], second[PL_VOTES_DIGEST];
	const bool both = x != NULL && y != NULL && pl_votes_digest(first, x, NULL) == PL_OK &&
	                  pl_votes_digest(second, y, NULL) == PL_OK;
	pl_election_free(x);
	pl_election_free(y);
	return both && strcmp(first, second) == 0;
}

static void the_digest_is_of_ballots_whatever_their_order_and_bundles(void)
{
	const char *table = "ballot,a,b\n#kind,ranked\nx,1,2\ny,2,1\nz,1,2\n";
	CHECK(same_digest(table, "ballot,weight,a,b\n#kind,ranked\n,1,3,1\n,2,4,9\n"));
	CHECK(!same_digest(table, "ballot,weight,a,b\n#kind,ranked\n,1,1,1\n,2,4,9\n"));
	CHECK(!same_digest(table, "ballot,a,c\n#kind,ranked\nx,1,2\ny,2,1\nz,1,2\n"));
	CHECK(!same_digest(table, "ballot,a,b\n#kind,ranked\nx,1,2\ny,2,1\n"));
	CHECK(same_digest("ballot,a,b\nx,yes,abstain\n", "ballot,a,b\n#kind,motion\nx,yes,\n"));
	CHECK(!same_digest("ballot,a\n#budget,5\nx,1\n", "ballot,a\n#budget,6\nx,1\n"));
}

#ifdef PL_ALLOC_FAULTS
static void every_lack_of_memory_is_told_and_leaks_nothing(void)
{
	const char *table =
	        "ballot,weight,a,b\n#title,T\n#name,,A,B\n#cost,,1,2.5\nx,1,1,\ny,2,,1\n";
	const int64_t alive = pl_alloc_alive;
	pl_election *e = NULL;
	for (int64_t grants = 0; e == NULL && grants < 1000; grants++) {
		pl_alloc_grants = grants;
		e = read_text(table);
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
	RUN(a_row_is_a_ballot_and_a_column_an_option);
	RUN(money_is_exact_with_either_decimal_mark);
	RUN(marks_are_recognised_where_they_mean_one_thing);
	RUN(a_wish_tells_the_kind_and_a_fact_must_agree);
	RUN(options_alone_are_read_where_that_is_wished);
	RUN(what_would_run_in_a_spreadsheet_is_refused);
	RUN(text_that_begins_as_a_formula_is_written_so_that_nothing_runs);
	RUN(slips_are_told_with_their_line);
	RUN(ten_million_columns_are_refused_in_little_memory);
	RUN(what_is_written_is_read_back_the_same);
	RUN(what_a_table_cannot_hold_is_not_written);
	RUN(the_digest_is_of_ballots_whatever_their_order_and_bundles);
#ifdef PL_ALLOC_FAULTS
	RUN(every_lack_of_memory_is_told_and_leaks_nothing);
#endif
	return pl_test_failed;
}
