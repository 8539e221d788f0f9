/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/pabulib.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

static const char *const sound = "META\n"
                                 "key;value\n"
                                 "description;\"A budget; small\"\n"
                                 "num_projects;3\n"
                                 "num_votes;2\n"
                                 "budget;1000.5\n"
                                 "vote_type;approval\n"
                                 "PROJECTS\n"
                                 "project_id;cost;votes;name;selected\n"
                                 "a/1;100;2;Bench;1\n"
                                 "b;0.25;1;\"The \"\"tree\"\"\";2\n"
                                 "c;900;0;;0\n"
                                 "VOTES\n"
                                 "voter_id;vote;age\n"
                                 "v1;b, a/1;20\n"
                                 "v2;a/1;\n";

/* The sound file with one piece put for another; to be freed. */
static char *altered(const char *from, const char *piece, const char *by)
{
	const char *at = strstr(from, piece);
	const size_t room = strlen(from) + strlen(by) + 1;
	char *text = calloc(room, 1);
	CHECK(at != NULL && text != NULL);
	(void)snprintf(text, room, "%.*s%s%s", (int)(at - from), from, by, at + strlen(piece));
	return text;
}

static pl_election *read_text(const char *text)
{
	pl_election *e;
	pl_error err = {0};
	if (pl_pabulib_read(&e, text, strlen(text), "f.pb", &err) != PL_OK)
		fprintf(stderr, "%s\n", err.msg);
	return e;
}

static bool refused_bytes(const void *bytes, size_t n, const char *begin)
{
	pl_election *e;
	pl_error err = {0};
	const pl_status status = pl_pabulib_read(&e, bytes, n, "f.pb", &err);
	const bool told = strncmp(err.msg, begin, strlen(begin)) == 0 && *begin != '\0';
	if (!told) fprintf(stderr, "wanted: %s\ngot: %s\n", begin, err.msg);
	CHECK(e == NULL);
	CHECK(status == PL_EPARSE && err.code == PL_EPARSE);
	pl_election_free(e);
	return told;
}

/* The sound file with a piece changed is refused with a sentence that begins so. */
static bool refused(const char *piece, const char *by, const char *begin)
{
	char *text = altered(sound, piece, by);
	const bool told = refused_bytes(text, strlen(text), begin);
	free(text);
	return told;
}

static void an_election_is_as_its_file_says(void)
{
	pl_election *e = read_text(sound);
	CHECK(e != NULL);
	if (e == NULL) return;
	CHECK(strcmp(e->title, "A budget; small") == 0);
	CHECK(e->kind == PL_BALLOT_APPROVAL && e->n_options == 3 && e->n_ballots == 2);
	CHECK(e->decimals == 2 && e->budget == 100050);
	CHECK(e->option.cost[0] == 10000 && e->option.cost[1] == 25);
	CHECK(strcmp(pl_text_at(e->option.id, 0), "a/1") == 0);
	CHECK(strcmp(pl_text_at(e->option.name, 1), "The \"tree\"") == 0);
	CHECK(strcmp(pl_text_at(e->option.name, 2), "c") == 0);
	CHECK(e->option.recorded[0] == 1 && e->option.recorded[1] == 0);
	CHECK(e->n_marks == 3 && e->marked[0] == 0 && e->marked[1] == 1 && e->marked[2] == 0);
	CHECK(e->value == NULL && e->weight == NULL && e->total == 2);
	CHECK(strcmp(e->names + e->name[1], "v2") == 0);
	pl_election_free(e);
}

static void line_ends_a_mark_at_the_start_and_blank_lines_change_nothing(void)
{
	char text[2048] = "\xEF\xBB\xBF\r\n";
	size_t n = strlen(text);
	for (const char *p = sound; *p != '\0'; p++) {
		if (*p == '\n') text[n++] = '\r';
		text[n++] = *p;
		if (*p == '\n' && p[1] == 'V') {
			memcpy(text + n, "\r\n", 2);
			n += 2;
		}
	}
	pl_election *e;
	CHECK(pl_pabulib_read(&e, text, n, "f.pb", NULL) == PL_OK);
	CHECK(e != NULL && e->n_ballots == 2 && e->n_marks == 3);
	pl_election_free(e);
}

static void a_section_may_stand_within_quotes(void)
{
	char *text = altered(sound, ";20\n", ";\"x\nVOTES\ny\"\n");
	pl_election *e = read_text(text);
	CHECK(e != NULL && e->n_ballots == 2);
	pl_election_free(e);
	free(text);
}

static void points_and_ranks_are_read(void)
{
	char *typed = altered(sound, "approval", "cumulative");
	char *head = altered(typed, "vote;age", "vote;points");
	char *text = altered(head, "b, a/1;20\nv2;a/1;", "b,a/1;3,4\nv2;;");
	pl_election *e = read_text(text);
	CHECK(e != NULL && e->kind == PL_BALLOT_SCORE && e->n_marks == 2);
	CHECK(e != NULL && e->value[0] == 4 && e->value[1] == 3);
	pl_election_free(e);
	free(text);
	free(head);
	free(typed);

	typed = altered(sound, "approval", "ordinal\nmax_length;3");
	e = read_text(typed);
	CHECK(e != NULL && e->kind == PL_BALLOT_RANKED && e->longest == 3);
	CHECK(e != NULL && e->value == NULL && e->marked[0] == 1 && e->marked[1] == 0);
	pl_election_free(e);
	free(typed);
}

static void a_slip_is_told_with_its_line(void)
{
	CHECK(refused("META\n", "", "f.pb:1: a line before the first section"));
	CHECK(refused("VOTES", "votes please", "f.pb:13: the cost \"\" of project \"votes"));
	CHECK(refused("PROJECTS\n", "", "f.pb:8: this row has 5 cells"));
	CHECK(refused("VOTES\n", "PROJECTS\n", "f.pb:13: a second section PROJECTS"));
	CHECK(refused("budget;1000.5\n", "", "f.pb:1: the section META does not name budget"));
	CHECK(refused("num_votes;2", "budget;3", "f.pb:6: META names budget a second time"));
	CHECK(refused("vote_type;approval", "vote_type;best",
	              "f.pb:7: the vote_type \"best\""));
	CHECK(refused("key;value", "key;values",
	              "f.pb:2: the section META has no column \"value"));
	CHECK(refused("project_id;", "id;", "f.pb:9: the section PROJECTS has no column"));
	CHECK(refused("num_votes;2", "num_votes;3", "f.pb:14: META says 3 rows for"));
	CHECK(refused("num_projects;3", "num_projects;4", "f.pb:9: META says 4 rows for"));
	CHECK(refused("num_projects;3", "num_projects;x", "f.pb:4: num_projects is \"x\""));
	CHECK(refused("b;0.25", "a/1;0.25", "f.pb:11: the option \"a/1\" stands twice"));
	CHECK(refused("b;0.25", ";0.25", "f.pb:11: an option needs an id"));
	CHECK(refused("v2;a/1", "v1;a/1", "f.pb:16: a second vote with the voter_id \"v1\""));
	CHECK(refused("v2;a/1", ";a/1", "f.pb:16: this vote has no voter_id"));
	CHECK(refused("v2;a/1", "v2;x", "f.pb:16: a vote for \"x\", which is no project"));
	CHECK(refused("v2;a/1", "v2;a/1,", "f.pb:16: a vote for \"\", which is no project"));
	CHECK(refused("v2;a/1", "v2;b,c,b", "f.pb:16: the option \"b\" is marked twice"));
	CHECK(refused(";2\nc", ";one\nc", "f.pb:11: selected is \"one\""));
	CHECK(refused("vote;age", "vote;weight",
	              "f.pb:16: the weight \"\" is no whole number"));
	CHECK(refused("approval", "choose-1", "f.pb:15: a vote for more than one project"));
	CHECK(refused("approval", "scoring",
	              "f.pb:14: the section VOTES has no column \"points"));
	CHECK(refused("Bench", "\"Bench", "f.pb:"));
	CHECK(refused("Bench", "\xFF", "f.pb:10: "));
	CHECK(refused_bytes("", 0, "f.pb: there is no section META"));
	CHECK(refused_bytes("META", 4, "f.pb:2: the section META is empty"));
	CHECK(refused_bytes("META\nkey;value\nbudget;1\nvote_type;approval\n", 43,
	                    "f.pb: there is no section PROJECTS"));
	CHECK(refused_bytes("META\0", 5, "f.pb:1: "));
}

static void an_amount_of_money_is_exact_or_refused(void)
{
	CHECK(refused("budget;1000.5", "budget;0",
	              "f.pb:6: the budget \"0\" pays for nothing"));
	CHECK(refused("budget;1000.5", "budget;-1", "f.pb:6: the budget \"-1\" is below 0"));
	CHECK(refused("a/1;100;", "a/1;-100;",
	              "f.pb:10: the cost \"-100\" of project \"a/1\" is"));
	CHECK(refused("a/1;100;", "a/1;;", "f.pb:10: the cost \"\" of project \"a/1\" is not"));
	CHECK(refused("a/1;100;", "a/1;1e3;", "f.pb:10: the cost \"1e3\""));
	CHECK(refused("a/1;100;", "a/1;=1+1;", "f.pb:10: the cost \"=1+1\""));
	CHECK(refused("a/1;100;", "a/1;1.0000001;", "f.pb:10: the cost \"1.0000001\""));
	CHECK(refused("a/1;100;", "a/1;1,000;", "f.pb:10: the cost \"1,000\" of project"));
	CHECK(refused("a/1;100;", "a/1;99999999999999999999;", "f.pb:10: the cost \"9999"));
	CHECK(refused("a/1;100;", "a/1;999999999999999999;", "f.pb:10: the cost \"9999"));
	CHECK(refused("budget;1000.5", "budget;999999999999999999",
	              "f.pb:6: the budget is too"));
	CHECK(refused("a/1;100;", "=a;100;", "f.pb:10: the project_id \"=a\" is a formula"));
	CHECK(refused("Bench", "=HYPERLINK(1)", "f.pb:10: the name \"=HYPERLINK(1)\""));
	char *text = altered(sound, "a/1;100;", "a/1;0000000000000000000100,500000000;");
	pl_election *e = read_text(text);
	CHECK(e != NULL && e->decimals == 2 && e->option.cost[0] == 10050);
	pl_election_free(e);
	free(text);
}

static void points_that_do_not_match_are_told(void)
{
	char *typed = altered(sound, "approval", "cumulative");
	char *head = altered(typed, "vote;age", "vote;points");
	static const char *const cases[][2] = {
	        {"1,2,3", "f.pb:15: this vote has more points than projects"},
	        {"1", "f.pb:15: this vote has fewer points than projects"},
	        {"", "f.pb:15: this vote has fewer points than projects"},
	        {"1,x", "f.pb:15: the points \"x\" are no whole number"},
	        {"1,-2", "f.pb:15: the points \"-2\" are below 0"},
	        {"1,2000000000", "f.pb:15: the option \"a/1\" gets points from"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = altered(head, "a/1;20", "a/1;");
		char *points = altered(text, "a/1;\n", "a/1;@\n");
		char *whole = altered(points, "@", cases[i][0]);
		CHECK(refused_bytes(whole, strlen(whole), cases[i][1]));
		free(whole);
		free(points);
		free(text);
	}
	free(head);
	free(typed);
}

static void ten_million_columns_are_refused(void)
{
	enum { COLUMNS = 10000000, BYTES = 2 * COLUMNS };
	const char *votes = strstr(sound, "voter_id");
	const size_t before = (size_t)(votes - sound);
	char *text = calloc(before + BYTES, 1);
	CHECK(text != NULL);
	memcpy(text, sound, before);
	for (int i = 0; i < COLUMNS; i++) memcpy(&text[before + 2 * (size_t)i], "a;", 2);
	CHECK(refused_bytes(text, before + BYTES, "f.pb:14: "));
	/* and in a row */
	memcpy(text + before, "voter_id;vote\nv1;", 17);
	CHECK(refused_bytes(text, before + BYTES, "f.pb:15: "));
	free(text);
}

/* ---- round trips ---- */

static pl_election *random_election(pl_random *g, pl_ballot_kind kind)
{
	pl_election_draft *d;
	pl_election *e = NULL;
	char id[32];
	const int32_t n = 1 + (int32_t)(pl_random_below(g, 6));
	(void)pl_election_begin(&d, kind, NULL);
	(void)pl_election_title(d, "Says \"so\"; or not", NULL);
	(void)pl_election_money(d, 1 + (int32_t)(pl_random_below(g, 6)),
	                        1 + (int64_t)(pl_random_below(g, 1000000000)), NULL);
	for (int32_t i = 0; i < n; i++) {
		(void)snprintf(id, sizeof id, "%d \"%d\";x", (int)i, (int)i);
		(void)pl_election_option(d, id, i % 2 == 0 ? "A name; of it" : NULL,
		                         (int64_t)(pl_random_below(g, 1000000000)),
		                         (int)(pl_random_below(g, 3)) - 1, NULL);
	}
	for (uint64_t left = pl_random_below(g, 6); left > 0; left--) {
		char code[8];
		(void)snprintf(code, sizeof code, "v%d", (int)left);
		(void)pl_election_ballot(d, left % 2 == 0 ? NULL : code,
		                         1 + (int64_t)(pl_random_below(g, 3)), NULL);
		const int32_t first = (int32_t)(pl_random_below(g, 6)),
		              m = first < n ? n - first : 0;
		for (int32_t i = 0; i < m; i++)
			(void)pl_election_mark(d, first + m - 1 - i,
			                       kind == PL_BALLOT_RANKED ? i + 1
			                       : kind == PL_BALLOT_SCORE
			                               ? (int32_t)(pl_random_below(g, 99)) - 9
			                               : 1,
			                       NULL);
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

static bool same_money(const pl_election *a, int64_t x, const pl_election *b, int64_t y)
{
	for (int32_t i = a->decimals; i < 6; i++) x *= 10;
	for (int32_t i = b->decimals; i < 6; i++) y *= 10;
	return x == y;
}

static int32_t value_of(const pl_election *e, int64_t ballot, int64_t k)
{
	if (e->value != NULL) return e->value[k];
	return e->kind == PL_BALLOT_RANKED ? (int32_t)(k - e->start[ballot] + 1) : 1;
}

static bool same_ballots(const pl_election *a, const pl_election *b)
{
	bool same = a->n_ballots == b->n_ballots && a->n_marks == b->n_marks;
	for (int64_t i = 0; same && i < a->n_ballots; i++) {
		same = a->start[i + 1] == b->start[i + 1];
		same = same && (a->weight == NULL ? 1 : a->weight[i]) ==
		                       (b->weight == NULL ? 1 : b->weight[i]);
		for (int64_t k = a->start[i]; same && k < a->start[i + 1]; k++)
			same = a->marked[k] == b->marked[k] &&
			       value_of(a, i, k) == value_of(b, i, k);
	}
	return same;
}

static bool same_options(const pl_election *a, const pl_election *b)
{
	bool same = a->n_options == b->n_options && same_money(a, a->budget, b, b->budget);
	for (int32_t i = 0; same && i < a->n_options; i++)
		same = strcmp(pl_text_at(a->option.id, i), pl_text_at(b->option.id, i)) == 0 &&
		       strcmp(pl_text_at(a->option.name, i), pl_text_at(b->option.name, i)) ==
		               0 &&
		       same_money(a, a->option.cost[i], b, b->option.cost[i]) &&
		       a->option.recorded[i] == b->option.recorded[i];
	return same;
}

static void what_is_written_is_read_back(void)
{
	pl_random g = pl_random_new(5, 0);
	for (int round = 0; round < 300; round++) {
		const pl_ballot_kind kind = (pl_ballot_kind)(round % 3);
		pl_election *e = random_election(&g, kind), *again = NULL;
		char *text;
		size_t n;
		FILE *f = open_memstream(&text, &n);
		CHECK(pl_pabulib_write(f, e, NULL) == PL_OK);
		(void)fclose(f);
		pl_error err = {0};
		if (pl_pabulib_read(&again, text, n, "f.pb", &err) != PL_OK)
			fprintf(stderr, "%s\n%s\n", err.msg, text);
		CHECK(again != NULL && same_options(e, again) && same_ballots(e, again));
		CHECK(again != NULL && again->kind == kind && again->longest == e->longest &&
		      strcmp(again->title, e->title) == 0);
		pl_election_free(again);
		pl_election_free(e);
		free(text);
	}
}

static void what_the_format_cannot_hold_is_not_written(void)
{
	pl_election_draft *d;
	pl_election *e;
	char text[8] = "";
	FILE *f = fmemopen(text, sizeof text, "w");
	(void)pl_election_begin(&d, PL_BALLOT_MOTION, NULL);
	(void)pl_election_option(d, "a", NULL, 0, -1, NULL);
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	CHECK(pl_pabulib_write(f, e, NULL) == PL_EARG);
	CHECK(ftell(f) == 0);
	(void)fclose(f);
	pl_election_free(e);
	pl_election_drop(d);
}

/* ---- hostile bytes ---- */

static void any_bytes_are_read_or_refused_with_a_sentence(void)
{
	pl_random g = pl_random_new(7, 0);
	const size_t length = strlen(sound);
	for (int round = 0; round < 20000; round++) {
		char text[1024];
		memcpy(text, sound, length);
		for (uint64_t k = 1 + pl_random_below(&g, 3); k > 0; k--)
			text[pl_random_below(&g, length)] =
			        ";,\n\"0-aMPV=\xC3\x00 9"[pl_random_below(&g, 16)];
		pl_election *e;
		pl_error err = {0};
		const pl_status status = pl_pabulib_read(&e, text, length, "f.pb", &err);
		CHECK((status == PL_OK) == (e != NULL));
		CHECK(status == PL_OK || strncmp(err.msg, "f.pb:", 5) == 0);
		pl_election_free(e);
	}
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const int64_t before = pl_alloc_alive;
	pl_election *e = NULL;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; status != PL_OK && grants < 1000; grants++) {
		pl_error err = {0};
		pl_alloc_grants = grants;
		status = pl_pabulib_read(&e, sound, strlen(sound), "f.pb", &err);
		pl_alloc_grants = -1;
		CHECK(status == PL_OK || (status == PL_ENOMEM && err.code == PL_ENOMEM));
		CHECK(status == PL_OK || (e == NULL && pl_alloc_alive == before));
	}
	CHECK(status == PL_OK);
	pl_election_free(e);
	CHECK(pl_alloc_alive == before);
}
#endif

int main(void)
{
	RUN(an_election_is_as_its_file_says);
	RUN(line_ends_a_mark_at_the_start_and_blank_lines_change_nothing);
	RUN(a_section_may_stand_within_quotes);
	RUN(points_and_ranks_are_read);
	RUN(a_slip_is_told_with_its_line);
	RUN(an_amount_of_money_is_exact_or_refused);
	RUN(points_that_do_not_match_are_told);
	RUN(ten_million_columns_are_refused);
	RUN(what_is_written_is_read_back);
	RUN(what_the_format_cannot_hold_is_not_written);
	RUN(any_bytes_are_read_or_refused_with_a_sentence);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
