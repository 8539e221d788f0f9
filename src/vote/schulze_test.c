/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What Schulze promises, searched in small elections: each profile of a few voters, and many
 * drawn ones. The naive count follows every path through the options. */
#include "base/random.h"
#include "base/threads.h"
#include "tests/ballots.h"
#include "tests/elections.h"

enum { MOST = 6, CELLS = MOST * MOST };

typedef struct {
	int n;
	int64_t votes[CELLS], strength[CELLS];
} naive;

/* ---- the definition ------------------------------------------------------------------------
 */

/// Points or rank of an option on a ballot, such that more is better.
static int64_t worth(const pl_election *e, int64_t ballot, int32_t option)
{
	const int64_t from = e->start[ballot], end = e->start[ballot + 1];
	for (int64_t k = from; k < end; k++) {
		if (e->marked[k] != option) continue;
		if (e->kind == PL_BALLOT_APPROVAL) return 1;
		if (e->kind == PL_BALLOT_SCORE) return e->value[k];
		return -(e->value == NULL ? k - from + 1 : e->value[k]);
	}
	return e->kind == PL_BALLOT_RANKED ? INT64_MIN : 0;
}

/// The strongest path from `at` to `to` over options that are not yet on it.
static int64_t strongest(const naive *v, int at, int to, unsigned passed, int64_t weakest)
{
	if (at == to) return weakest;
	int64_t best = 0;
	for (int next = 0; next < v->n; next++) {
		const int64_t link = v->votes[at * v->n + next];
		if ((passed >> next & 1U) != 0 || link <= v->votes[next * v->n + at]) continue;
		const int64_t found = strongest(v, next, to, passed | 1U << next,
		                                link < weakest ? link : weakest);
		if (found > best) best = found;
	}
	return best;
}

static naive count_naively(const pl_election *e)
{
	naive v = {.n = e->n_options};
	for (int64_t i = 0; i < e->n_ballots; i++)
		for (int a = 0; a < v.n; a++)
			for (int b = 0; b < v.n; b++)
				if (worth(e, i, a) > worth(e, i, b))
					v.votes[a * v.n + b] +=
					        e->weight == NULL ? 1 : e->weight[i];
	for (int a = 0; a < v.n; a++)
		for (int b = 0; b < v.n; b++)
			if (a != b)
				v.strength[a * v.n + b] =
				        strongest(&v, a, b, 1U << a, INT64_MAX);
	return v;
}

static bool naive_before(const naive *v, int a, int b)
{
	return v->strength[a * v->n + b] > v->strength[b * v->n + a];
}

static int naive_place(const naive *v, int option)
{
	int place = 1, before[MOST] = {0};
	for (int a = 0; a < v->n; a++)
		for (int b = 0; b < v->n; b++) before[a] += naive_before(v, b, a);
	for (int a = 0; a < v->n; a++) place += before[a] < before[option];
	return place;
}

/* ---- drawing elections ---------------------------------------------------------------------
 */

/// A ballot of weight `weight` on which each option has one of `ranks` ranks, or none.
static void draw_ballot(pl_election_draft *d, pl_random *r, pl_ballot_kind kind, int n,
                        int64_t weight)
{
	CHECK(pl_election_ballot(d, NULL, weight, NULL) == PL_OK);
	for (int o = 0; o < n; o++) {
		int32_t value = (int32_t)pl_random_between(r, 0, n);
		if (value == 0) continue;
		if (kind == PL_BALLOT_APPROVAL) value = 1;
		if (kind == PL_BALLOT_SCORE) value -= 2;
		CHECK(pl_election_mark(d, o, value, NULL) == PL_OK);
	}
}

static pl_election *draw(pl_random *r, pl_ballot_kind kind, int n, int voters, int64_t heaviest)
{
	pl_election_draft *d = NULL;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, kind, NULL) == PL_OK);
	for (int o = 0; o < n; o++) {
		const char id[] = {(char)('a' + o), '\0'};
		CHECK(pl_election_option(d, id, NULL, 0, -1, NULL) == PL_OK);
	}
	for (int i = 0; i < voters; i++)
		draw_ballot(d, r, kind, n, pl_random_between(r, 1, heaviest));
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

static void matches_the_definition(const pl_election *e)
{
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_schulze);
	const naive v = count_naively(e);
	pl_vote_result *r = pl_test_tally(e, &s);
	for (int a = 0; a < v.n; a++) {
		int64_t before = 0;
		for (int b = 0; b < v.n; b++) before += naive_before(&v, a, b);
		CHECK((int64_t)r->tally[a].near == before);
		CHECK(r->place[a] == naive_place(&v, a));
	}
	if (e->n_marks > 0) CHECK(r->n_winners == 1 && r->place[r->winner[0]] == 1);
	pl_vote_result_free(r);
}

static void every_path_counts_as_the_definition_says(void)
{
	static const pl_ballot_kind kinds[] = {PL_BALLOT_APPROVAL, PL_BALLOT_SCORE,
	                                       PL_BALLOT_RANKED};
	pl_random r = pl_random_new(5, 1);
	for (int round = 0; round < 600; round++) {
		const int n = (int)pl_random_between(&r, 1, MOST);
		const int voters = (int)pl_random_between(&r, 0, 12);
		pl_election *e = draw(&r, kinds[round % 3], n, voters, round % 2 == 0 ? 1 : 9);
		matches_the_definition(e);
		pl_election_free(e);
	}
}

/* More ballots than fit a block, so that its last one is part full. */
static void blocks_of_ballots_add_up(void)
{
	pl_random r = pl_random_new(5, 2);
	for (int round = 0; round < 4; round++) {
		pl_election *e = draw(&r, PL_BALLOT_RANKED, 4, 16384 * round / 2 + 33,
		                      round % 2 == 0 ? 1 : 1000000000);
		matches_the_definition(e);
		pl_election_free(e);
	}
}

/* ---- published -----------------------------------------------------------------------------
 */

static void the_published_example_of_45_voters_is_ordered_e_a_c_b_d(void)
{
	/* M. Schulze, Social Choice and Welfare 36 (2011), example 1 */
	pl_election *e = pl_test_election(
	        PL_BALLOT_RANKED, 5,
	        "5:acbed 5:adecb 8:bedac 3:cabed 7:caebd 2:cbade 7:dceba 8:ebadc");
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_schulze);
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(r->place[4] == 1 && r->place[0] == 2 && r->place[2] == 3 && r->place[1] == 4 &&
	      r->place[3] == 5);
	CHECK(pl_test_says(e, r, "e before a: 23; a before e: 22."));
	CHECK(pl_test_says(e, r,
	                   "e goes before b: the strongest chain of wins that leads there "
	                   "holds 28, the strongest one back 24."));
	CHECK(pl_test_says(e, r, "In that chain c wins over b by 29 to 16."));
	CHECK(pl_test_says(e, r, "e wins with 4."));
	pl_vote_result_free(r);
	pl_election_free(e);
}

/* ---- ties, order, threads ------------------------------------------------------------------
 */

static void ties_go_by_the_order_agreed_on_or_stand(void)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_schulze);
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "abc bca cab", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "ab ba", &s, "a"));
	const int32_t order[] = {2, 1, 0};
	s.order = order;
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "abc bca cab", &s, "c"));
	s.ties_stand = true;
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "abc bca cab", &s, "tied cba"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "ab ba", &s, "tied ba"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "b", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, ". .", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "", &s, "rejected"));
	s.order = NULL;
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 1, "a", &s, "a"));
}

static bool same_count(const pl_vote_result *a, const pl_vote_result *b)
{
	if (a->n_steps != b->n_steps || a->n_winners != b->n_winners) return false;
	for (int64_t i = 0; i < a->n_steps; i++) {
		const pl_vote_step *x = &a->step[i], *y = &b->step[i];
		if (x->kind != y->kind || x->option != y->option || x->other != y->other ||
		    strcmp(pl_vote_exact(a, x->x), pl_vote_exact(b, y->x)) != 0 ||
		    strcmp(pl_vote_exact(a, x->y), pl_vote_exact(b, y->y)) != 0)
			return false;
	}
	return memcmp(a->place, b->place, (size_t)a->n_options * sizeof *a->place) == 0;
}

static void one_to_nine_threads_count_the_same(void)
{
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_schulze);
	pl_random r = pl_random_new(5, 3);
	pl_election *e = draw(&r, PL_BALLOT_RANKED, 6, 100000, 1);
	pl_threads_set(1);
	pl_vote_result *one = pl_test_tally(e, &s);
	for (int threads = 2; threads <= 9; threads++) {
		pl_threads_set(threads);
		pl_vote_result *more = pl_test_tally(e, &s);
		CHECK(same_count(one, more));
		pl_vote_result_free(more);
	}
	pl_threads_set(0);
	pl_vote_result_free(one);
	pl_election_free(e);
}

/* A circle of many options, each behind the next on one ballot of n: the only chain from an
 * option to the one before it goes all the way round. */
static pl_election *circle(int32_t n, int32_t n_ballots)
{
	pl_election_draft *d = NULL;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, PL_BALLOT_RANKED, NULL) == PL_OK);
	for (int32_t o = 0; o < n; o++) {
		char id[16];
		(void)snprintf(id, sizeof id, "o%d", (int)o);
		CHECK(pl_election_option(d, id, NULL, 0, -1, NULL) == PL_OK);
	}
	for (int32_t i = 0; i < n_ballots; i++) {
		CHECK(pl_election_ballot(d, NULL, 1, NULL) == PL_OK);
		for (int32_t k = 0; k < n; k++)
			CHECK(pl_election_mark(d, (k + i) % n, k + 1, NULL) == PL_OK);
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

static void hundreds_of_options_in_a_circle_are_all_tied(void)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_schulze);
	s.ties_stand = true;
	pl_election *e = circle(150, 150);
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(r->outcome == PL_VOTE_TIED && r->n_winners == 150);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void more_options_than_can_be_paired_are_refused(void)
{
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_schulze);
	pl_election *e = circle(1025, 1);
	pl_vote_result *r = NULL;
	pl_error err = {0};
	CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
	CHECK(strstr(err.msg, "at most 1024") != NULL);
	pl_election_free(e);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const pl_vote_settings s = pl_vote_preset(PL_VOTE_schulze);
	pl_election *e = pl_test_election(PL_BALLOT_RANKED, 3, "3:abc 2:bca 2:c=ab .");
	pl_test_tally_may_fail(e, &s);
	pl_election_free(e);
#endif
}

int main(void)
{
	RUN(every_path_counts_as_the_definition_says);
	RUN(blocks_of_ballots_add_up);
	RUN(the_published_example_of_45_voters_is_ordered_e_a_c_b_d);
	RUN(ties_go_by_the_order_agreed_on_or_stand);
	RUN(one_to_nine_threads_count_the_same);
	RUN(hundreds_of_options_in_a_circle_are_all_tied);
	RUN(more_options_than_can_be_paired_are_refused);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
