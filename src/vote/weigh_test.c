/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

#include <plenum/vote.h>

enum { MANY = 12 };
__extension__ typedef __int128 wide;

static const pl_fraction nothing = {0, 1}, whole = {1, 1};

static int64_t sum_of(int64_t n, const int64_t *x)
{
	int64_t sum = 0;
	for (int64_t i = 0; i < n; i++) sum += x[i];
	return sum;
}

static int64_t gcd(int64_t a, int64_t b)
{
	return b == 0 ? a : gcd(b, a % b);
}

/// weight / sum compared with a part.
static int against(int64_t weight, int64_t sum, pl_fraction part)
{
	const wide x = (wide)weight * part.den, y = (wide)sum * part.num;
	return (x > y) - (x < y);
}

/* Shares are a level times the stake, held between floor and cap, exactly where nobody above
 * the floor has more for a stake of 1 than anybody below the cap. */
static void follows_the_definition(int64_t n, const int64_t *weight, const int64_t *stake,
                                   pl_fraction floor, pl_fraction cap)
{
	const int64_t sum = sum_of(n, weight);
	int64_t common = 0;
	for (int64_t i = 0; i < n; i++) {
		common = gcd(common, weight[i]);
		CHECK(against(weight[i], sum, floor) >= 0);
		CHECK(against(weight[i], sum, cap) <= 0);
		for (int64_t j = 0; j < n; j++)
			if (against(weight[i], sum, floor) > 0 &&
			    against(weight[j], sum, cap) < 0)
				CHECK((wide)weight[i] * stake[j] <= (wide)weight[j] * stake[i]);
	}
	CHECK(common == 1);
}

static void drawn_stakes_are_weighed_as_defined(void)
{
	pl_random r = pl_random_new(7, 1);
	int weighed = 0;
	for (int round = 0; round < 20000; round++) {
		const int64_t n = pl_random_between(&r, 1, MANY);
		int64_t stake[MANY], weight[MANY];
		for (int64_t i = 0; i < n; i++)
			stake[i] = pl_random_between(&r, 0, round % 2 == 0 ? 4 : 1000);
		const int64_t den = pl_random_between(&r, 1, INT64_C(3) * MANY);
		const pl_fraction floor = {pl_random_between(&r, 0, den / n), den};
		const pl_fraction cap = {pl_random_between(&r, (den + n - 1) / n, den), den};
		if (sum_of(n, stake) == 0) continue;
		CHECK(pl_vote_weigh(weight, n, stake, floor, cap, NULL) == PL_OK);
		follows_the_definition(n, weight, stake, floor, cap);
		weighed++;
	}
	CHECK(weighed > 15000);
}

static void without_bounds_a_weight_is_the_stake_in_lowest_terms(void)
{
	const int64_t stake[] = {6, 0, 9, 3};
	int64_t weight[4];
	CHECK(pl_vote_weigh(weight, 4, stake, nothing, whole, NULL) == PL_OK);
	CHECK(weight[0] == 2 && weight[1] == 0 && weight[2] == 3 && weight[3] == 1);
}

static void nobody_holds_more_than_the_cap(void)
{
	/* 90 of 100 is cut to a half; the others share the rest as 4 : 6 */
	const int64_t stake[] = {90, 4, 6};
	int64_t weight[3];
	CHECK(pl_vote_weigh(weight, 3, stake, nothing, (pl_fraction){1, 2}, NULL) == PL_OK);
	CHECK(weight[0] == 5 && weight[1] == 2 && weight[2] == 3);
}

static void what_caps_leave_is_shared_by_those_without_a_stake(void)
{
	const int64_t stake[] = {7, 0, 0};
	int64_t weight[3];
	CHECK(pl_vote_weigh(weight, 3, stake, nothing, (pl_fraction){1, 2}, NULL) == PL_OK);
	CHECK(weight[0] == 2 && weight[1] == 1 && weight[2] == 1);
}

static void a_floor_and_a_cap_in_the_middle_make_all_equal(void)
{
	const int64_t stake[] = {1, 0, 1000000};
	const pl_fraction third = {1, 3};
	int64_t weight[3];
	CHECK(pl_vote_weigh(weight, 3, stake, third, whole, NULL) == PL_OK);
	CHECK(weight[0] == 1 && weight[1] == 1 && weight[2] == 1);
	CHECK(pl_vote_weigh(weight, 3, stake, nothing, third, NULL) == PL_OK);
	CHECK(weight[0] == 1 && weight[1] == 1 && weight[2] == 1);
}

static void the_unit_of_stakes_does_not_matter(void)
{
	const int64_t stake[] = {5, 1, 7, 0, 30}, larger[] = {5000, 1000, 7000, 0, 30000};
	const pl_fraction floor = {1, 20}, cap = {2, 5};
	int64_t a[5], b[5];
	CHECK(pl_vote_weigh(a, 5, stake, floor, cap, NULL) == PL_OK);
	CHECK(pl_vote_weigh(b, 5, larger, floor, cap, NULL) == PL_OK);
	CHECK(memcmp(a, b, sizeof a) == 0);
}

static bool refuses(int64_t n, const int64_t *stake, pl_fraction floor, pl_fraction cap,
                    const char *why)
{
	int64_t weight[4] = {-7, -7, -7, -7};
	pl_error err = {0};
	return pl_vote_weigh(weight, n, stake, floor, cap, &err) == PL_EARG &&
	       strstr(err.msg, why) != NULL && weight[0] == -7 && weight[n - 1] == -7;
}

static void what_cannot_be_weighed_is_refused_and_changes_nothing(void)
{
	const int64_t some[] = {1, 2, 3}, none[] = {0, 0, 0}, less[] = {1, -1, 3};
	const int64_t large[] = {INT64_MAX, INT64_MAX, 1},
	              odd[] = {1, 4500000000000000001, 3000000000000007};
	CHECK(refuses(3, none, nothing, whole, "nobody has a stake"));
	CHECK(refuses(3, less, nothing, whole, "below 0"));
	CHECK(refuses(3, large, nothing, whole, "too large"));
	CHECK(refuses(3, some, nothing, (pl_fraction){33, 100}, "too low"));
	CHECK(refuses(3, some, (pl_fraction){34, 100}, whole, "too high"));
	CHECK(refuses(3, some, (pl_fraction){2, 3}, (pl_fraction){1, 2}, "not above the cap"));
	CHECK(refuses(3, some, (pl_fraction){1, 0}, whole, "between 0 and 1"));
	CHECK(refuses(3, some, nothing, (pl_fraction){3, 2}, "between 0 and 1"));
	CHECK(refuses(3, odd, (pl_fraction){1, 1000003}, whole, "too fine"));
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const int64_t stake[] = {5, 1, 7};
	const int64_t alive = pl_alloc_alive;
	int64_t weight[3] = {0};
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; status != PL_OK; grants++) {
		pl_alloc_grants = grants;
		status = pl_vote_weigh(weight, 3, stake, nothing, whole, NULL);
		pl_alloc_grants = -1;
		CHECK(status == PL_OK || (status == PL_ENOMEM && weight[0] == 0));
		CHECK(pl_alloc_alive == alive);
	}
#endif
}

int main(void)
{
	RUN(drawn_stakes_are_weighed_as_defined);
	RUN(without_bounds_a_weight_is_the_stake_in_lowest_terms);
	RUN(nobody_holds_more_than_the_cap);
	RUN(what_caps_leave_is_shared_by_those_without_a_stake);
	RUN(a_floor_and_a_cap_in_the_middle_make_all_equal);
	RUN(the_unit_of_stakes_does_not_matter);
	RUN(what_cannot_be_weighed_is_refused_and_changes_nothing);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
