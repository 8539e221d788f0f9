/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "base/random.h"
#include "tests/elections.h"

static pl_election_draft *draft(pl_ballot_kind kind, int n_options)
{
	pl_election_draft *d = NULL;
	CHECK(pl_election_begin(&d, kind, NULL) == PL_OK);
	for (int i = 0; i < n_options; i++) {
		const char id[] = {(char)('a' + i), '\0'};
		CHECK(pl_election_option(d, id, NULL, 0, -1, NULL) == PL_OK);
	}
	return d;
}

static pl_election *seal(pl_election_draft *d)
{
	pl_election *e = NULL;
	pl_error err = {0};
	if (pl_election_finish(&e, d, &err) != PL_OK) fprintf(stderr, "%s\n", err.msg);
	CHECK(e != NULL);
	pl_election_drop(d);
	return e;
}

static bool says(pl_status status, const pl_error *err, const char *part)
{
	if (strstr(err->msg, part) == NULL) fprintf(stderr, "\"%s\"\n", err->msg);
	return status == PL_EARG && strstr(err->msg, part) != NULL;
}

/* ---- what is kept --------------------------------------------------------------------------
 */

static void what_was_said_is_kept(void)
{
	pl_election_draft *d = NULL;
	CHECK(pl_election_begin(&d, PL_BALLOT_SCORE, NULL) == PL_OK);
	CHECK(pl_election_title(d, "First", NULL) == PL_OK);
	CHECK(pl_election_title(d, "Well or road", NULL) == PL_OK);
	CHECK(pl_election_money(d, 2, 150000, NULL) == PL_OK);
	CHECK(pl_election_eligible(d, 40, NULL) == PL_OK);
	CHECK(pl_election_option(d, "w", "Well", 70000, 1, NULL) == PL_OK);
	CHECK(pl_election_option(d, "r", "", 90000, -1, NULL) == PL_OK);
	CHECK(pl_election_find(d, "r") == 1 && pl_election_find(d, "x") == -1);
	CHECK(pl_election_ballot(d, "A17", 3, NULL) == PL_OK);
	CHECK(pl_election_mark(d, 1, -4, NULL) == PL_OK);
	CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
	pl_election *e = seal(d);
	CHECK(strcmp(e->title, "Well or road") == 0 && e->kind == PL_BALLOT_SCORE);
	CHECK(e->decimals == 2 && e->budget == 150000 && e->eligible == 40);
	CHECK(e->n_options == 2 && e->n_ballots == 2 && e->n_marks == 1 && e->total == 4);
	CHECK(strcmp(pl_text_at(e->option.name, 0), "Well") == 0);
	CHECK(strcmp(pl_text_at(e->option.id, 0), "w") == 0);
	CHECK(strcmp(pl_text_at(e->option.name, 1), "r") == 0);
	CHECK(e->option.cost[1] == 90000 && e->option.recorded[0] == 1 &&
	      e->option.recorded[1] == -1);
	CHECK(e->start[0] == 0 && e->start[1] == 1 && e->start[2] == 1);
	CHECK(e->marked[0] == 1 && e->value[0] == -4 && e->weight[0] == 3);
	CHECK(strcmp(e->names + e->name[0], "A17") == 0 && e->names[e->name[1]] == '\0');
	pl_election_free(e);
}

/* Marks drawn in any order stand as the header says. */
static void marks_are_sorted(void)
{
	pl_random r = pl_random_new(9, 1);
	for (int round = 0; round < 500; round++) {
		const pl_ballot_kind kind = round % 2 == 0 ? PL_BALLOT_RANKED : PL_BALLOT_SCORE;
		pl_election_draft *d = draft(kind, 9);
		int32_t value[9] = {0};
		CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
		for (int k = 0; k < 6; k++) {
			const int32_t o = (int32_t)pl_random_below(&r, 9);
			if (value[o] > 0) continue;
			value[o] = (int32_t)pl_random_between(&r, 1, 5);
			CHECK(pl_election_mark(d, o, value[o], NULL) == PL_OK);
		}
		pl_election *e = seal(d);
		for (int64_t k = 0; k < e->n_marks; k++) {
			const int32_t v = e->value == NULL ? (int32_t)k + 1 : e->value[k];
			CHECK(v == value[e->marked[k]]);
			if (k == 0) continue;
			const int32_t before = e->value == NULL ? (int32_t)k : e->value[k - 1];
			CHECK(kind == PL_BALLOT_RANKED && before != v
			              ? before < v
			              : e->marked[k - 1] < e->marked[k]);
		}
		pl_election_free(e);
	}
}

static void arrays_that_say_nothing_are_left_out(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_APPROVAL, 2, "a ab");
	CHECK(e->value == NULL && e->weight == NULL && e->name == NULL);
	pl_election_free(e);
	e = pl_test_election(PL_BALLOT_RANKED, 3, "cab ba .");
	CHECK(e->value == NULL && e->weight == NULL);
	CHECK(e->marked[0] == 2 && e->marked[3] == 1);
	pl_election_free(e);
	e = pl_test_election(PL_BALLOT_RANKED, 3, "cab b=a");
	CHECK(e->value != NULL);
	pl_election_free(e);
	e = pl_test_election(PL_BALLOT_SCORE, 2, "a1 2:b1");
	CHECK(e->value != NULL && e->weight != NULL && e->weight[1] == 2);
	pl_election_free(e);
}

static void an_election_without_ballots_is_one(void)
{
	pl_election *e = pl_test_election(PL_BALLOT_RANKED, 3, "");
	CHECK(e->n_ballots == 0 && e->start[0] == 0 && e->total == 0);
	pl_election_free(e);
}

/* ---- what is refused -----------------------------------------------------------------------
 */

static void refused_options_change_nothing(void)
{
	pl_error err = {0};
	pl_election_draft *d = draft(PL_BALLOT_APPROVAL, 2);
	CHECK(says(pl_election_option(d, "a", NULL, 0, -1, &err), &err, "stands twice"));
	CHECK(says(pl_election_option(d, "", NULL, 0, -1, &err), &err, "needs an id"));
	CHECK(says(pl_election_option(d, "c", NULL, -1, -1, &err), &err, "below 0"));
	CHECK(says(pl_election_money(d, 7, 0, &err), &err, "at most 6 decimals"));
	CHECK(says(pl_election_money(d, 0, -2, &err), &err, "below 0"));
	CHECK(says(pl_election_eligible(d, -1, &err), &err, "fewer than 0"));
	CHECK(says(pl_election_mark(d, 0, 1, &err), &err, "no ballot yet"));
	CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
	CHECK(says(pl_election_option(d, "c", NULL, 0, -1, &err), &err, "after the first"));
	pl_election *e = seal(d);
	CHECK(e->n_options == 2 && e->n_marks == 0 && e->budget == -1 && e->eligible == -1 &&
	      e->decimals == 0);
	pl_election_free(e);
}

static void refused_marks_change_nothing(void)
{
	static const struct {
		pl_ballot_kind kind;
		int32_t value;
		const char *why;
	} wrong[] = {{PL_BALLOT_APPROVAL, 0, "is chosen, or not marked"},
	             {PL_BALLOT_SCORE, 1000000001, "points"},
	             {PL_BALLOT_SCORE, -1000000001, "points"},
	             {PL_BALLOT_RANKED, 0, "rank"},
	             {PL_BALLOT_MOTION, 4, "yes, no, abstain or block"},
	             {PL_BALLOT_MOTION, -1, "yes, no, abstain or block"}};
	pl_error err = {0};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		pl_election_draft *d = draft(wrong[i].kind, 2);
		CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
		CHECK(pl_election_mark(d, 1, 1, NULL) == PL_OK);
		CHECK(says(pl_election_mark(d, 0, wrong[i].value, &err), &err, wrong[i].why));
		CHECK(says(pl_election_mark(d, 1, 1, &err), &err, "marked twice"));
		CHECK(says(pl_election_mark(d, 2, 1, &err), &err, "no such option"));
		CHECK(says(pl_election_mark(d, -1, 1, &err), &err, "no such option"));
		CHECK(says(pl_election_ballot(d, NULL, 0, &err), &err, "above 0"));
		CHECK(says(pl_election_ballot(d, NULL, -3, &err), &err, "above 0"));
		pl_election *e = seal(d);
		CHECK(e->n_ballots == 1 && e->n_marks == 1 && e->total == 1);
		pl_election_free(e);
	}
}

static void totals_beyond_2_to_the_62_are_refused(void)
{
	const int64_t most = INT64_C(1) << 62;
	pl_error err = {0};
	pl_election *e = NULL;
	pl_election_draft *d = draft(PL_BALLOT_APPROVAL, 1);
	CHECK(pl_election_ballot(d, NULL, most - 1, NULL) == PL_OK);
	CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
	CHECK(says(pl_election_ballot(d, NULL, 1, &err), &err, "too large together"));
	e = seal(d);
	CHECK(e->total == most);
	pl_election_free(e);

	d = draft(PL_BALLOT_SCORE, 1);
	CHECK(pl_election_ballot(d, NULL, most / 5 + 1, NULL) == PL_OK);
	CHECK(pl_election_mark(d, 0, -5, NULL) == PL_OK);
	CHECK(says(pl_election_finish(&e, d, &err), &err, "too many to count") && e == NULL);
	pl_election_drop(d);

	d = draft(PL_BALLOT_APPROVAL, 0);
	CHECK(says(pl_election_finish(&e, d, &err), &err, "nothing to vote on"));
	CHECK(pl_election_option(d, "a", NULL, most, -1, NULL) == PL_OK);
	CHECK(pl_election_option(d, "b", NULL, 1, -1, NULL) == PL_OK);
	CHECK(says(pl_election_finish(&e, d, &err), &err, "too large to count"));
	pl_election_drop(d);

	d = draft(PL_BALLOT_APPROVAL, 1);
	CHECK(pl_election_money(d, 0, most + 1, NULL) == PL_OK);
	CHECK(says(pl_election_finish(&e, d, &err), &err, "too large to count"));
	CHECK(pl_election_money(d, 0, most, NULL) == PL_OK);
	e = seal(d);
	CHECK(e->budget == most);
	pl_election_free(e);
}

/* ---- memory --------------------------------------------------------------------------------
 */

#ifdef PL_ALLOC_FAULTS
/// Make a call again and again, with one allocation more each time, until it succeeds.
#define INSIST(call)                                                        \
	do {                                                                \
		pl_status insisted = PL_ENOMEM;                             \
		for (int64_t grants = 0; insisted == PL_ENOMEM; grants++) { \
			pl_alloc_grants = grants;                           \
			insisted = (call);                                  \
			pl_alloc_grants = -1;                               \
		}                                                           \
		CHECK(insisted == PL_OK);                                   \
	} while (0)

/* What failed and is made again gives the election that would have come at once. */
static void every_allocation_may_fail_and_be_made_again(void)
{
	const int64_t alive = pl_alloc_alive;
	pl_election_draft *d = NULL;
	pl_election *e = NULL;
	INSIST(pl_election_begin(&d, PL_BALLOT_SCORE, NULL));
	INSIST(pl_election_title(d, "a title that needs more than a few bytes", NULL));
	for (int i = 0; i < 40; i++) {
		char id[16];
		(void)snprintf(id, sizeof id, "option %d", i);
		INSIST(pl_election_option(d, id, NULL, i, -1, NULL));
	}
	for (int i = 0; i < 40; i++) {
		INSIST(pl_election_ballot(d, "code", 2, NULL));
		for (int o = 39; o >= 0; o--) INSIST(pl_election_mark(d, o, i + o, NULL));
	}
	INSIST(pl_election_finish(&e, d, NULL));
	pl_election_drop(d);
	CHECK(e->n_options == 40 && e->n_ballots == 40 && e->n_marks == 1600 && e->total == 80);
	for (int64_t k = 0; k < e->n_marks; k++)
		CHECK(e->marked[k] == k % 40 && e->value[k] == k / 40 + k % 40);
	CHECK(strcmp(pl_text_at(e->option.id, 39), "option 39") == 0);
	pl_election_free(e);
	CHECK(pl_alloc_alive == alive);
}

static void an_empty_election_may_fail_too(void)
{
	pl_election_draft *d = draft(PL_BALLOT_RANKED, 1);
	pl_election *e = NULL;
	INSIST(pl_election_finish(&e, d, NULL));
	pl_election_drop(d);
	pl_election_free(e);
}
#endif

static void kinds_and_marks_have_names(void)
{
	CHECK(strcmp(pl_ballot_name(PL_BALLOT_RANKED), "ranked") == 0);
	CHECK(pl_ballot_name(-1) == NULL && pl_ballot_name(PL_BALLOT_KINDS) == NULL);
	CHECK(strcmp(pl_mark_name(PL_MARK_BLOCK), "block") == 0);
	CHECK(pl_mark_name(-1) == NULL && pl_mark_name(PL_MARKS_OF_MOTION) == NULL);
}

int main(void)
{
	RUN(what_was_said_is_kept);
	RUN(marks_are_sorted);
	RUN(arrays_that_say_nothing_are_left_out);
	RUN(an_election_without_ballots_is_one);
	RUN(refused_options_change_nothing);
	RUN(refused_marks_change_nothing);
	RUN(totals_beyond_2_to_the_62_are_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail_and_be_made_again);
	RUN(an_empty_election_may_fail_too);
#endif
	RUN(kinds_and_marks_have_names);
	return pl_test_failed;
}
