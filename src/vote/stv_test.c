/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The count is held against a plain one, ballot by ballot, and against what it promises: a
 * group that ranks the same options first gets a seat for each quota of its votes. */
#include "base/random.h"
#include "tests/ballots.h"
#include "tests/elections.h"

#include <gmp.h>

enum { MOST = 6, BALLOTS = 40, ROUNDS = 2 * MOST + 2 };

static pl_vote_settings seats(int32_t n)
{
	pl_vote_settings s = pl_vote_preset(PL_VOTE_stv);
	s.seats = n;
	return s;
}

/* ---- the definition ------------------------------------------------------------------------
 */

typedef struct {
	int n, rounds, winner[MOST], n_winners;
	bool hopes[MOST], pending[MOST];
	mpq_t votes[ROUNDS][MOST], value[BALLOTS];
	int holder[BALLOTS]; ///< the option that a ballot counts for, or -1
} plain;

static int next_on(const plain *p, const pl_election *e, int64_t ballot)
{
	for (int64_t k = e->start[ballot]; k < e->start[ballot + 1]; k++)
		if (p->hopes[e->marked[k]]) return e->marked[k];
	return -1;
}

static void tally(plain *p, const pl_election *e)
{
	for (int o = 0; o < p->n; o++) mpq_set_ui(p->votes[p->rounds][o], 0, 1);
	for (int64_t i = 0; i < e->n_ballots; i++)
		if (p->holder[i] >= 0)
			mpq_add(p->votes[p->rounds][p->holder[i]],
			        p->votes[p->rounds][p->holder[i]], p->value[i]);
	p->rounds++;
}

/// Is a before b: by votes now, then in the earliest round that differs, then as listed?
static bool ahead(const plain *p, int a, int b)
{
	int d = mpq_cmp(p->votes[p->rounds - 1][a], p->votes[p->rounds - 1][b]);
	for (int t = 0; t < p->rounds && d == 0; t++)
		d = mpq_cmp(p->votes[t][a], p->votes[t][b]);
	return d != 0 ? d > 0 : a < b;
}

/// The first or the last of some options. @return -1: none
static int extreme(const plain *p, const bool *among, bool last)
{
	int found = -1;
	for (int o = 0; o < p->n; o++)
		if (among[o] && (found < 0 || ahead(p, o, found) != last)) found = o;
	return found;
}

static void elect(plain *p, int64_t least, int most)
{
	for (int o; p->n_winners < most && (o = extreme(p, p->hopes, false)) >= 0;) {
		const int enough = mpq_cmp_si(p->votes[p->rounds - 1][o], (long)least, 1);
		if (enough < 0 || (least == 0 && enough == 0)) return;
		p->hopes[o] = false;
		p->pending[o] = enough > 0;
		p->winner[p->n_winners++] = o;
	}
}

/// Ballots of an option go on, at a part of their value.
static void go_on(plain *p, const pl_election *e, int from, const mpq_t part)
{
	for (int64_t i = 0; i < e->n_ballots; i++) {
		if (p->holder[i] != from) continue;
		mpq_mul(p->value[i], p->value[i], part);
		p->holder[i] = next_on(p, e, i);
	}
}

static void run(plain *p, const pl_election *e, int n_seats, int64_t quota)
{
	mpq_t part;
	mpq_init(part);
	tally(p, e);
	elect(p, quota, n_seats);
	while (p->n_winners < n_seats) {
		int hopeful = 0;
		for (int o = 0; o < p->n; o++) hopeful += p->hopes[o];
		int from = extreme(p, p->pending, false);
		if (from >= 0) {
			p->pending[from] = false;
			mpq_set_si(part, (long)quota, 1);
			mpq_div(part, part, p->votes[p->rounds - 1][from]);
			mpq_neg(part, part);
			mpz_add(mpq_numref(part), mpq_numref(part), mpq_denref(part));
		} else if (hopeful <= n_seats - p->n_winners) {
			elect(p, 0, n_seats);
			break;
		} else {
			from = extreme(p, p->hopes, true);
			p->hopes[from] = false;
			mpq_set_ui(part, 1, 1);
		}
		go_on(p, e, from, part);
		tally(p, e);
		elect(p, quota, n_seats);
	}
	mpq_clear(part);
}

/// Votes of those who name somebody.
static int64_t voting(const pl_election *e)
{
	int64_t total = 0;
	for (int64_t i = 0; i < e->n_ballots; i++)
		if (e->start[i] < e->start[i + 1])
			total += e->weight == NULL ? 1 : e->weight[i];
	return total;
}

static int64_t quota_of(const pl_election *e, int n_seats)
{
	return voting(e) / (n_seats + 1) + 1;
}

static void matches_the_definition(const pl_election *e, int n_seats)
{
	static plain p;
	memset(&p, 0, sizeof p);
	p.n = e->n_options;
	for (int t = 0; t < ROUNDS; t++)
		for (int o = 0; o < MOST; o++) mpq_init(p.votes[t][o]);
	for (int o = 0; o < p.n; o++) p.hopes[o] = true;
	for (int64_t i = 0; i < e->n_ballots; i++) {
		mpq_init(p.value[i]);
		mpq_set_si(p.value[i], (long)(e->weight == NULL ? 1 : e->weight[i]), 1);
		p.holder[i] = next_on(&p, e, i);
	}
	run(&p, e, n_seats, quota_of(e, n_seats));
	const pl_vote_settings s = seats(n_seats);
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(r->n_winners == p.n_winners);
	for (int k = 0; k < p.n_winners && k < r->n_winners; k++)
		CHECK(r->winner[k] == p.winner[k]);
	pl_vote_result_free(r);
	for (int t = 0; t < ROUNDS; t++)
		for (int o = 0; o < MOST; o++) mpq_clear(p.votes[t][o]);
	for (int64_t i = 0; i < e->n_ballots; i++) mpq_clear(p.value[i]);
}

/* ---- drawing elections ---------------------------------------------------------------------
 */

/// Rank some of n options, in a drawn order.
static void draw_ranking(pl_election_draft *d, pl_random *r, int n, int marks)
{
	int32_t option[64] = {0};
	for (int o = 0; o < n; o++) option[o] = o;
	for (int k = 0; k < marks; k++) {
		const int other = (int)pl_random_between(r, k, n - 1);
		const int32_t o = option[other];
		option[other] = option[k];
		option[k] = o;
		CHECK(pl_election_mark(d, o, k + 1, NULL) == PL_OK);
	}
}

static pl_election *draw(pl_random *r, int n, int voters, int64_t heaviest)
{
	pl_election_draft *d = NULL;
	pl_election *e = NULL;
	CHECK(pl_election_begin(&d, PL_BALLOT_RANKED, NULL) == PL_OK);
	for (int o = 0; o < n; o++) {
		char id[16];
		(void)snprintf(id, sizeof id, "o%d", o);
		CHECK(pl_election_option(d, id, NULL, 0, -1, NULL) == PL_OK);
	}
	for (int i = 0; i < voters; i++) {
		const int64_t weight = pl_random_between(r, 1, heaviest);
		CHECK(pl_election_ballot(d, NULL, weight, NULL) == PL_OK);
		draw_ranking(d, r, n, (int)pl_random_between(r, 0, n));
	}
	CHECK(pl_election_finish(&e, d, NULL) == PL_OK);
	pl_election_drop(d);
	return e;
}

static void parcels_count_as_single_ballots_do(void)
{
	pl_random r = pl_random_new(6, 1);
	for (int round = 0; round < 3000; round++) {
		const int n = (int)pl_random_between(&r, 1, MOST);
		const int voters = (int)pl_random_between(&r, 0, round % 3 == 0 ? 6 : BALLOTS);
		pl_election *e = draw(&r, n, voters, round % 2 == 0 ? 1 : 7);
		matches_the_definition(e, (int)pl_random_between(&r, 1, n));
		pl_election_free(e);
	}
}

/* ---- what it promises ----------------------------------------------------------------------
 */

/// Votes of the ballots that rank all options of a set before all others.
static int64_t solid(const pl_election *e, unsigned set, int size)
{
	int64_t votes = 0;
	for (int64_t i = 0; i < e->n_ballots; i++) {
		int64_t k = e->start[i];
		while (k < e->start[i + 1] && (set >> e->marked[k] & 1U) != 0) k++;
		if (k - e->start[i] == size) votes += e->weight == NULL ? 1 : e->weight[i];
	}
	return votes;
}

static void is_proportional(const pl_election *e, int n_seats)
{
	const pl_vote_settings s = seats(n_seats);
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(r->n_winners <= n_seats);
	for (unsigned set = 1; set < 1U << e->n_options; set++) {
		const int size = __builtin_popcount(set);
		int64_t due = solid(e, set, size) / quota_of(e, n_seats);
		if (due > size) due = size;
		for (int k = 0; k < r->n_winners; k++) due -= (set >> r->winner[k]) & 1U;
		CHECK(due <= 0);
	}
	pl_vote_result_free(r);
}

static void a_group_gets_a_seat_for_each_quota(void)
{
	pl_random r = pl_random_new(6, 2);
	for (int round = 0; round < 2000; round++) {
		const int n = (int)pl_random_between(&r, 2, MOST);
		pl_election *e = draw(&r, n, (int)pl_random_between(&r, 1, 12), 4);
		is_proportional(e, (int)pl_random_between(&r, 1, n));
		pl_election_free(e);
	}
}

/* Every way in which up to MANY voters rank three options, or some of them: 16 ballots. */
static void every_small_profile_is_proportional(void)
{
	enum { MANY = 4, WAYS = 16 };
	static const char *const ballots[WAYS] = {"abc", "acb", "bac", "bca", "cab", "cba",
	                                          "ab",  "ac",  "ba",  "bc",  "ca",  "cb",
	                                          "a",   "b",   "c",   "."};
	int which[MANY] = {0};
	for (bool more = true; more;) {
		char text[64];
		(void)snprintf(text, sizeof text, "%s %s %s %s", ballots[which[0]],
		               ballots[which[1]], ballots[which[2]], ballots[which[3]]);
		pl_election *e = pl_test_election(PL_BALLOT_RANKED, 3, text);
		for (int n = 1; n <= 3; n++) {
			is_proportional(e, n);
			matches_the_definition(e, n);
		}
		pl_election_free(e);
		/* the next: numbers that do not rise */
		int k = MANY - 1;
		while (k > 0 && which[k] == which[k - 1]) which[k--] = 0;
		more = ++which[k] < WAYS;
	}
}

static void the_quota_is_what_only_so_many_can_reach(void)
{
	for (int64_t votes = 1; votes <= 60; votes++)
		for (int n_seats = 1; n_seats <= 6; n_seats++) {
			char text[64];
			(void)snprintf(text, sizeof text, "%d:a", (int)votes);
			pl_election *e = pl_test_election(PL_BALLOT_RANKED, 6, text);
			const int64_t quota = quota_of(e, n_seats);
			CHECK(quota * (n_seats + 1) > votes &&
			      (quota - 1) * (n_seats + 1) <= votes);
			(void)snprintf(text, sizeof text,
			               "%d name somebody first, for %d seats: the quota is %d.",
			               (int)votes, n_seats, (int)quota);
			const pl_vote_settings s = seats(n_seats);
			pl_vote_result *r = pl_test_tally(e, &s);
			CHECK(pl_test_says(e, r, text));
			pl_vote_result_free(r);
			pl_election_free(e);
		}
}

/* ---- examples ------------------------------------------------------------------------------
 */

static void twenty_guests_choose_three_foods(void)
{
	/* the example of the article "Single transferable vote" of Wikipedia: a orange, b pear,
	 * c chocolate, d strawberry, e sweets */
	const pl_vote_settings s = seats(3);
	const char *ballots = "4:a 2:ba 8:cd 4:ce 1:d 1:e";
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 5, ballots, &s, "cad"));
	pl_election *e = pl_test_election(PL_BALLOT_RANKED, 5, ballots);
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(pl_test_says(e, r, "20 name somebody first, for 3 seats: the quota is 6."));
	CHECK(pl_test_says(e, r,
	                   "c has 6 above the quota, and each ballot it holds goes on with 1/2 "
	                   "of its value."));
	CHECK(pl_test_says(e, r, "d receives 4 from c and has 5."));
	CHECK(pl_test_says(e, r, "a receives 2 from b and has 6."));
	CHECK(pl_test_says(e, r, "d takes a seat that is left, with 5."));
	CHECK(r->place[4] == 4 && r->place[1] == 5);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void ties_go_to_who_had_more_when_they_first_differed(void)
{
	/* b and c have 7 each when d is out; c had 6 to 5 before, so b leaves and a wins */
	const pl_vote_settings s = seats(1);
	pl_election *e = pl_test_election(PL_BALLOT_RANKED, 4, "8:a 5:ba 6:ca 2:db 1:dc");
	pl_vote_result *r = pl_test_tally(e, &s);
	CHECK(pl_test_says(e, r, "c and b are tied; c had more when they first differed."));
	CHECK(r->place[0] == 1 && r->place[2] == 2 && r->place[1] == 3 && r->place[3] == 4);
	pl_vote_result_free(r);
	pl_election_free(e);
}

static void ties_that_no_round_settles_go_by_the_order_or_stand(void)
{
	pl_vote_settings s = seats(1);
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:a 2:b 2:c", &s, "a"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:a 2:bc 2:cb", &s, "b"));
	const int32_t order[] = {2, 1, 0};
	s.order = order;
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:a 2:bc 2:cb", &s, "c"));
	s.ties_stand = true;
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:a 2:bc 2:cb", &s, "tied cb"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "3:a", &s, "a"));
}

static void an_option_without_a_vote_takes_no_seat(void)
{
	const pl_vote_settings s = seats(3);
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 4, "2:a 2:b", &s, "ab"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 4, "9:ab", &s, "ab"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 4, "", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 4, "5:.", &s, "rejected"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 4, "5:a 3:b 2:c", &s, "abc"));
}

static void equal_ranks_are_refused_unless_nothing_follows(void)
{
	const pl_vote_settings s = seats(1);
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "ab=c 2:bc", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_RANKED, 3, "a=b=c 2:bc", &s, "b"));
	CHECK(pl_test_ends(PL_BALLOT_APPROVAL, 3, "abc 2:b", &s, "b"));
	static const char *const refused[] = {"c a=bc", "c ab=cd", "c b=c"};
	for (int i = 0; i < 3; i++) {
		pl_election *e = pl_test_election(PL_BALLOT_RANKED, 5, refused[i]);
		pl_vote_result *r = NULL;
		pl_error err = {0};
		CHECK(pl_vote_tally(&r, e, &s, &err) == PL_EARG && r == NULL);
		CHECK(err.where == 1 && strstr(err.msg, "ballot 2 marks") != NULL);
		pl_election_free(e);
	}
}

/* With many surpluses values are cut: nothing is lost that could decide. */
static void many_surpluses_stay_within_a_page_of_digits(void)
{
	pl_random r = pl_random_new(6, 3);
	pl_election *e = draw(&r, 60, 3000, 1000);
	const pl_vote_settings s = seats(25);
	pl_vote_result *res = pl_test_tally(e, &s);
	CHECK(res->n_winners == 25);
	double lost = 0;
	int64_t cuts = 0;
	for (int64_t i = 0; i < res->n_steps; i++) {
		const pl_vote_step *step = &res->step[i];
		CHECK(strlen(pl_vote_exact(res, step->x)) < 1000);
		if (step->kind != PL_VOTE_STEP_cut) continue;
		lost += step->x.near;
		cuts++;
	}
	CHECK(cuts > 0 && lost < 1e-20);
	pl_vote_result_free(res);
	pl_election_free(e);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const pl_vote_settings s = seats(2);
	pl_election *e = pl_test_election(PL_BALLOT_RANKED, 5,
	                                  "70:abcde 9:bcde 9:cd 8:de 7:eb 6:. 3:ebc");
	pl_test_tally_may_fail(e, &s);
	pl_election_free(e);
#endif
}

int main(void)
{
	RUN(parcels_count_as_single_ballots_do);
	RUN(a_group_gets_a_seat_for_each_quota);
	RUN(every_small_profile_is_proportional);
	RUN(the_quota_is_what_only_so_many_can_reach);
	RUN(twenty_guests_choose_three_foods);
	RUN(ties_go_to_who_had_more_when_they_first_differed);
	RUN(ties_that_no_round_settles_go_by_the_order_or_stand);
	RUN(an_option_without_a_vote_takes_no_seat);
	RUN(equal_ranks_are_refused_unless_nothing_follows);
	RUN(many_surpluses_stay_within_a_page_of_digits);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
