/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/profile.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

enum { VOTERS = 60, OPTIONS = 6, DRAWS = 40 };

static pl_profile *new_profile(int32_t voters, int32_t options)
{
	pl_profile *p;
	CHECK(pl_profile_new(&p, voters, options, NULL) == PL_OK);
	return p;
}

static bool same(const pl_profile *a, const pl_profile *b)
{
	const size_t n = (size_t)a->voters * (size_t)a->options;
	return memcmp(a->utility, b->utility, n * sizeof *a->utility) == 0 &&
	       memcmp(a->order, b->order, (size_t)a->options * sizeof *a->order) == 0;
}

static void a_profile_does_not_depend_on_those_drawn_before(void)
{
	pl_profile *a = new_profile(VOTERS, OPTIONS), *b = new_profile(VOTERS, OPTIONS);
	for (int c = 0; c < PL_CULTURES; c++) {
		for (int64_t k = 0; k < DRAWS; k++) pl_profile_draw(a, (pl_culture)c, 7, k);
		pl_profile_draw(b, (pl_culture)c, 7, DRAWS - 1);
		CHECK(same(a, b));
		pl_profile_draw(b, (pl_culture)c, 8, DRAWS - 1);
		CHECK(!same(a, b));
	}
	pl_profile_free(a);
	pl_profile_free(b);
}

static void utilities_are_between_nothing_and_everything(void)
{
	pl_profile *p = new_profile(VOTERS, OPTIONS);
	for (int c = 0; c < PL_CULTURES; c++)
		for (int64_t k = 0; k < DRAWS; k++) {
			pl_profile_draw(p, (pl_culture)c, 1, k);
			for (int64_t i = 0; i < (int64_t)VOTERS * OPTIONS; i++)
				CHECK(p->utility[i] >= 0 && p->utility[i] <= PL_UTILITY_MOST);
		}
	pl_profile_free(p);
}

static void the_lot_names_each_option_once_and_favours_none(void)
{
	enum { MANY = 6000 };
	int first[OPTIONS] = {0};
	pl_profile *p = new_profile(3, OPTIONS);
	for (int64_t k = 0; k < MANY; k++) {
		bool seen[OPTIONS] = {false};
		pl_profile_draw(p, PL_CULTURE_IMPARTIAL, 3, k);
		for (int i = 0; i < OPTIONS; i++) seen[p->order[i]] = true;
		for (int i = 0; i < OPTIONS; i++) CHECK(seen[i]);
		first[p->order[0]]++;
	}
	/* a sixth each, within five standard deviations */
	for (int i = 0; i < OPTIONS; i++) CHECK_NEAR(first[i], (double)MANY / OPTIONS, 145);
	pl_profile_free(p);
}

/// How far apart a voter's best and worst option are.
static int32_t reach(const pl_profile *p, int32_t voter)
{
	int32_t least = PL_UTILITY_MOST, most = 0;
	for (int32_t i = 0; i < p->options; i++) {
		const int32_t u = pl_utility(p, voter, i);
		least = u < least ? u : least;
		most = u > most ? u : most;
	}
	return most - least;
}

/* Of 60 voters the first 33 belong to the many in any case, the last 15 to the few. */
enum { SURELY_MANY = 33, SURELY_FEW = 15 };

static double mean_of(const pl_profile *p, int32_t first, int32_t end, int32_t option)
{
	double sum = 0;
	for (int32_t v = first; v < end; v++) sum += pl_utility(p, v, option);
	return sum / (end - first) / PL_UTILITY_MOST;
}

static void few_care_much_the_other_way_round(void)
{
	pl_profile *p = new_profile(VOTERS, OPTIONS);
	for (int64_t k = 0; k < DRAWS; k++) {
		int64_t many = 0, few = 0;
		double together = 0;
		pl_profile_draw(p, PL_CULTURE_INTENSE, 5, k);
		for (int32_t v = 0; v < SURELY_MANY; v++) many += reach(p, v);
		for (int32_t v = VOTERS - SURELY_FEW; v < VOTERS; v++) few += reach(p, v);
		CHECK(few * SURELY_MANY > many * SURELY_FEW);
		for (int32_t i = 0; i < OPTIONS; i++)
			together += (mean_of(p, 0, SURELY_MANY, i) - 0.5) *
			            (mean_of(p, VOTERS - SURELY_FEW, VOTERS, i) - 0.5);
		CHECK(together < 0);
	}
	pl_profile_free(p);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	const int64_t before = pl_alloc_alive;
	pl_status s = PL_ENOMEM;
	for (int64_t granted = 0; s == PL_ENOMEM; granted++) {
		pl_profile *p;
		pl_alloc_grants = granted;
		s = pl_profile_new(&p, 3, 3, NULL);
		pl_alloc_grants = -1;
		CHECK(s == PL_OK || p == NULL);
		pl_profile_free(p);
		CHECK(pl_alloc_alive == before);
	}
	CHECK(s == PL_OK);
}
#endif

int main(void)
{
	RUN(a_profile_does_not_depend_on_those_drawn_before);
	RUN(utilities_are_between_nothing_and_everything);
	RUN(the_lot_names_each_option_once_and_favours_none);
	RUN(few_care_much_the_other_way_round);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
