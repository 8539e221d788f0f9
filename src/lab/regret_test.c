/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/regret.h"

#include "base/alloc.h"
#include "base/threads.h"
#include "tests/pl_test.h"

enum {
	VOTERS = 31,
	OPTIONS = 4,
	DRAWS = 30,
	PROFILES = PL_CULTURES * DRAWS,
	HUNDREDTH = PL_UTILITY_MOST / 100
};

/// A profile from hundredths, a voter's side by side; the lot is the order of the list.
static pl_profile *planted(int32_t voters, int32_t options, const int *hundredths)
{
	pl_profile *p;
	CHECK(pl_profile_new(&p, voters, options, NULL) == PL_OK);
	for (int32_t k = 0; k < voters * options; k++)
		p->utility[k] = hundredths[k] * HUNDREDTH;
	for (int32_t i = 0; i < options; i++) p->order[i] = i;
	return p;
}

static pl_regret_trial judged(const pl_profile *p)
{
	pl_regret_trial t;
	CHECK(pl_regret_judge(&t, p, NULL) == PL_OK);
	return t;
}

enum { A, B };

/* Three would gain a tenth by A, two would lose everything: sums are A 1.8, B 3.5, C 0.2, their
 * mean 5.5 / 3, so A's regret is (3.5 - 1.8) / (3.5 - 5.5 / 3) = 1.02. */
static const int harmed[] = {60, 50, 0, 60, 50, 0, 60, 50, 0, 0, 100, 10, 0, 100, 10};

static void regret_is_what_is_computed_by_hand(void)
{
	static const int32_t winner[PL_REGRET_RULES] = {
	        [PL_REGRET_PLURALITY] = A, [PL_REGRET_RUNOFF] = A, [PL_REGRET_SCHULZE] = A,
	        [PL_REGRET_APPROVAL] = B,  [PL_REGRET_SCORE] = B,  [PL_REGRET_NORMALISED] = B,
	        [PL_REGRET_STAKE] = B, /* 3 * 0.6 against 2 * 1.0 */
	};
	pl_profile *p = planted(5, 3, harmed);
	const pl_regret_trial t = judged(p);
	CHECK(t.best == B && t.condorcet == A);
	for (int k = 0; k < PL_REGRET_RULES; k++) {
		const pl_regret_count *c = &t.count[PL_REGRET_HONEST][k];
		CHECK(c->winner == winner[k]);
		CHECK_NEAR(c->regret, winner[k] == A ? 1.02 : 0, 1e-12);
		/* a third of five is two: those who get nothing from A, two who get half from B
		 */
		CHECK_NEAR(c->worst, winner[k] == A ? 0 : 0.5, 1e-12);
	}
	CHECK(t.first == 3);
	CHECK_NEAR(t.gain, 0.1, 1e-12);
	CHECK_NEAR(t.loss, 1, 1e-12);
	pl_profile_free(p);
}

static void who_exaggerates_makes_a_majority_of_every_rule(void)
{
	pl_profile *p = planted(5, 3, harmed);
	const pl_regret_trial t = judged(p);
	for (int k = 0; k < PL_REGRET_RULES; k++)
		CHECK(t.count[PL_REGRET_STRATEGIC][k].winner == A);
	pl_profile_free(p);
}

static void where_nobody_minds_nothing_is_lost(void)
{
	static const int even[] = {30, 30, 70, 70, 50, 50};
	pl_profile *p = planted(3, 2, even);
	const pl_regret_trial t = judged(p);
	CHECK(t.condorcet == -1);
	for (int way = 0; way < PL_REGRET_WAYS; way++)
		for (int k = 0; k < PL_REGRET_RULES; k++)
			CHECK_NEAR(t.count[way][k].regret, 0, 0);
	pl_profile_free(p);
}

static pl_profile *drawn(int culture, int64_t which, int32_t options)
{
	pl_profile *p;
	CHECK(pl_profile_new(&p, VOTERS, options, NULL) == PL_OK);
	pl_profile_draw(p, (pl_culture)culture, 11, which);
	return p;
}

static void of_two_options_ranks_and_marks_find_the_same(void)
{
	for (int64_t k = 0; k < PROFILES; k++) {
		pl_profile *p = drawn((int)(k % PL_CULTURES), k, 2);
		const pl_regret_trial t = judged(p);
		const pl_regret_count *honest = t.count[PL_REGRET_HONEST];
		const int32_t first = honest[PL_REGRET_PLURALITY].winner;
		CHECK(honest[PL_REGRET_RUNOFF].winner == first);
		CHECK(honest[PL_REGRET_SCHULZE].winner == first);
		CHECK(honest[PL_REGRET_APPROVAL].winner == first);
		pl_profile_free(p);
	}
}

static void schulze_elects_who_wins_every_pair(void)
{
	int found = 0;
	for (int64_t k = 0; k < PROFILES; k++) {
		pl_profile *p = drawn((int)(k % PL_CULTURES), k, OPTIONS);
		const pl_regret_trial t = judged(p);
		found += t.condorcet >= 0;
		CHECK(t.condorcet < 0 ||
		      t.count[PL_REGRET_HONEST][PL_REGRET_SCHULZE].winner == t.condorcet);
		pl_profile_free(p);
	}
	CHECK(found > DRAWS);
}

static void honest_points_on_one_scale_find_the_best(void)
{
	for (int64_t k = 0; k < PROFILES; k++) {
		pl_profile *p = drawn((int)(k % PL_CULTURES), k, OPTIONS);
		for (int32_t i = 0; i < VOTERS * OPTIONS; i++)
			p->utility[i] -= p->utility[i] % HUNDREDTH;
		const pl_regret_trial t = judged(p);
		CHECK_NEAR(t.count[PL_REGRET_HONEST][PL_REGRET_SCORE].regret, 0, 0);
		pl_profile_free(p);
	}
}

/// Options relabelled by one place and voters from the last to the first.
static pl_profile *relabelled(const pl_profile *p)
{
	pl_profile *q;
	CHECK(pl_profile_new(&q, p->voters, p->options, NULL) == PL_OK);
	for (int32_t v = 0; v < p->voters; v++)
		for (int32_t i = 0; i < p->options; i++)
			q->utility[(p->voters - 1 - v) * p->options + (i + 1) % p->options] =
			        pl_utility(p, v, i);
	for (int32_t i = 0; i < p->options; i++) q->order[i] = (p->order[i] + 1) % p->options;
	return q;
}

static void relabelling_voters_and_options_relabels_the_winners(void)
{
	for (int64_t k = 0; k < PROFILES; k++) {
		pl_profile *p = drawn((int)(k % PL_CULTURES), k, OPTIONS), *q = relabelled(p);
		const pl_regret_trial a = judged(p), b = judged(q);
		CHECK(b.best == (a.best + 1) % OPTIONS);
		for (int way = 0; way < PL_REGRET_WAYS; way++)
			for (int r = 0; r < PL_REGRET_RULES; r++) {
				const pl_regret_count *x = &a.count[way][r],
				                      *y = &b.count[way][r];
				CHECK(y->winner == (x->winner + 1) % OPTIONS);
				CHECK_NEAR(y->regret, x->regret, 0);
				CHECK_NEAR(y->worst, x->worst, 0);
			}
		pl_profile_free(p);
		pl_profile_free(q);
	}
}

static pl_regret *run(int culture, int64_t profiles, uint64_t seed, int threads)
{
	const pl_regret_spec spec = {.culture = (pl_culture)culture,
	                             .profiles = profiles,
	                             .voters = VOTERS,
	                             .options = OPTIONS,
	                             .seed = seed};
	pl_regret *r;
	pl_threads_set(threads);
	CHECK(pl_regret_run(&r, &spec, NULL) == PL_OK);
	pl_threads_set(0);
	return r;
}

static void a_seed_gives_the_same_means_with_any_number_of_threads(void)
{
	for (int c = 0; c < PL_CULTURES; c++) {
		pl_regret *one = run(c, DRAWS, 1, 1), *nine = run(c, DRAWS, 1, 9),
		          *other = run(c, DRAWS, 2, 1);
		CHECK(memcmp(one->mean, nine->mean, sizeof one->mean) == 0);
		CHECK(one->example == nine->example);
		CHECK(memcmp(one->mean, other->mean, sizeof one->mean) != 0);
		pl_regret_free(one);
		pl_regret_free(nine);
		pl_regret_free(other);
	}
}

static void means_are_those_of_the_profiles(void)
{
	pl_regret *r = run(PL_CULTURE_IMPARTIAL, DRAWS, 1, 0);
	for (int k = 0; k < PL_REGRET_RULES; k++) {
		double regret = 0, worst = 0;
		int best = 0, condorcet = 0;
		for (int i = 0; i < DRAWS; i++) {
			const pl_regret_trial *t = &r->trial[i];
			const pl_regret_count *c = &t->count[PL_REGRET_HONEST][k];
			regret += c->regret / DRAWS;
			worst += c->worst / DRAWS;
			best += c->winner == t->best;
			condorcet += t->condorcet == c->winner;
		}
		const pl_regret_mean *m = &r->mean[PL_REGRET_HONEST][k];
		CHECK_NEAR(m->regret, regret, 1e-12);
		CHECK_NEAR(m->worst, worst, 1e-12);
		CHECK_NEAR(m->best, (double)best / DRAWS, 1e-12);
		CHECK_NEAR(m->condorcet, (double)condorcet / (double)r->with_condorcet, 1e-12);
	}
	pl_regret_free(r);
}

static void the_example_is_a_majority_that_harms_the_others(void)
{
	pl_regret *r = run(PL_CULTURE_INTENSE, PROFILES, 1, 0);
	CHECK(r->example >= 0);
	const pl_regret_trial *t = &r->trial[r->example];
	const int32_t winner = t->count[PL_REGRET_HONEST][PL_REGRET_PLURALITY].winner;
	CHECK(winner != t->best && 2 * t->first > VOTERS);
	/* all together lose, so the others lose more than the majority gains */
	CHECK(t->loss * (VOTERS - t->first) > t->gain * t->first);
	pl_regret_free(r);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	pl_profile *p = planted(5, 3, harmed);
	const int64_t before = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int64_t granted = 0; s == PL_ENOMEM; granted++) {
		pl_regret_trial t;
		pl_alloc_grants = granted;
		s = pl_regret_judge(&t, p, NULL);
		pl_alloc_grants = -1;
		CHECK(pl_alloc_alive == before);
	}
	CHECK(s == PL_OK);
	pl_profile_free(p);
}

static void a_run_without_memory_leaves_nothing(void)
{
	const pl_regret_spec spec = {PL_CULTURE_SPATIAL, 3, 5, 3, 1};
	const int64_t before = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	pl_threads_set(1);
	for (int64_t granted = 0; s == PL_ENOMEM; granted += 1 + granted / 8) {
		pl_regret *r;
		pl_alloc_grants = granted;
		s = pl_regret_run(&r, &spec, NULL);
		pl_alloc_grants = -1;
		CHECK(s == PL_OK || r == NULL);
		pl_regret_free(r);
		CHECK(pl_alloc_alive == before);
	}
	CHECK(s == PL_OK);
	pl_threads_set(0);
}
#endif

int main(void)
{
	RUN(regret_is_what_is_computed_by_hand);
	RUN(who_exaggerates_makes_a_majority_of_every_rule);
	RUN(where_nobody_minds_nothing_is_lost);
	RUN(of_two_options_ranks_and_marks_find_the_same);
	RUN(schulze_elects_who_wins_every_pair);
	RUN(honest_points_on_one_scale_find_the_best);
	RUN(relabelling_voters_and_options_relabels_the_winners);
	RUN(a_seed_gives_the_same_means_with_any_number_of_threads);
	RUN(means_are_those_of_the_profiles);
	RUN(the_example_is_a_majority_that_harms_the_others);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
	RUN(a_run_without_memory_leaves_nothing);
#endif
	return pl_test_failed;
}
