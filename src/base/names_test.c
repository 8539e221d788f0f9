/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/names.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

enum { MANY = 100000 };

/// A name for each number; they differ in a few bytes only, and some begin alike.
static const char *name_of(int i)
{
	static char name[32];
	(void)snprintf(name, sizeof name, "%s%d", i % 3 == 0 ? "good " : "good", i);
	return name;
}

static void names_are_numbered_in_order_and_found_again(void)
{
	pl_names names = {0};
	for (int i = 0; i < MANY; i++) {
		CHECK(pl_names_find(&names, name_of(i)) == -1);
		CHECK(pl_names_reserve(&names, name_of(i)));
		CHECK(pl_names_put(&names, name_of(i)) == i);
	}
	CHECK(names.n == MANY);
	for (int i = 0; i < MANY; i++) {
		CHECK(pl_names_find(&names, name_of(i)) == i);
		CHECK(strcmp(names.text.bytes + names.at[i], name_of(i)) == 0);
	}
	CHECK(pl_names_find(&names, name_of(MANY)) == -1);
	CHECK(pl_names_find(&names, "") == -1);
	pl_names_clear(&names);
	CHECK(pl_names_find(&names, name_of(0)) == -1);
}

/* Names of every length, told apart by their last byte, their first, or their length alone. */
static void names_that_are_nearly_the_same_are_told_apart(void)
{
	enum { LONG = 40 };
	pl_names names = {0};
	char name[LONG + 1] = "";
	for (int n = 1; n <= LONG; n++)
		for (int k = 0; k < 3; k++) {
			memset(name, 'x', (size_t)n);
			name[n] = '\0';
			if (k > 0 && n > 1) name[k == 1 ? 0 : n - 1] = 'y';
			if (pl_names_find(&names, name) >= 0) continue; /* of one byte */
			CHECK(pl_names_reserve(&names, name));
			const int32_t number = pl_names_put(&names, name);
			CHECK(pl_names_find(&names, name) == number);
		}
	CHECK(names.n == 3 * LONG - 2);
	pl_names_clear(&names);
}

static void a_guess_and_a_preparation_change_no_answer(void)
{
	pl_names names = {0};
	pl_names_expect(&names, "wheat", 5, false);
	CHECK(pl_names_find_near(&names, "wheat", 0) == -1);
	for (int i = 0; i < MANY; i++) {
		CHECK(pl_names_reserve(&names, name_of(i)));
		(void)pl_names_put(&names, name_of(i));
	}
	for (int i = 0; i < MANY; i++) {
		pl_names_expect(&names, name_of(i), (int64_t)strlen(name_of(i)), i % 2 == 0);
		for (int guess = -2; guess < 3; guess++)
			CHECK(pl_names_find_near(&names, name_of(i), i + guess) == i);
		CHECK(pl_names_find_near(&names, name_of(i), INT32_MAX) == i);
	}
	CHECK(pl_names_find_near(&names, "no such", MANY - 1) == -1);
	pl_names_clear(&names);
}

static void at_most_half_of_the_slots_are_taken(void)
{
	pl_names names = {0};
	for (int i = 0; i < 1000; i++) {
		CHECK(pl_names_reserve(&names, name_of(i)));
		(void)pl_names_put(&names, name_of(i));
		CHECK(2 * (int64_t)names.n <= names.n_slots);
	}
	pl_names_clear(&names);
}

static void an_arena_keeps_strings_and_shares_the_empty_one(void)
{
	pl_arena a = {0};
	CHECK(pl_arena_reserve(&a, pl_arena_cost("wheat") + pl_arena_cost("") +
	                                   pl_arena_cost(NULL) + pl_arena_cost("rye")));
	const int64_t wheat = pl_arena_put(&a, "wheat"), none = pl_arena_put(&a, "");
	const int64_t null = pl_arena_put(&a, NULL), rye = pl_arena_put(&a, "rye");
	CHECK(none == 0 && null == 0 && a.bytes[0] == '\0');
	CHECK(strcmp(a.bytes + wheat, "wheat") == 0 && strcmp(a.bytes + rye, "rye") == 0);
	CHECK(pl_arena_reserve(&a, 100000));
	CHECK(strcmp(a.bytes + wheat, "wheat") == 0 && strcmp(a.bytes + rye, "rye") == 0);
	CHECK(!pl_arena_reserve(&a, INT64_MAX));
	pl_arena_clear(&a);
}

#ifdef PL_ALLOC_FAULTS
/// Reserve with 0, 1, 2 ... allocations granted until it succeeds.
static void reserve_at_last(pl_names *names, int i)
{
	for (int64_t grants = 0; grants < 10; grants++) {
		pl_alloc_grants = grants;
		const bool got = pl_names_reserve(names, name_of(i));
		pl_alloc_grants = -1;
		if (got) return;
		CHECK(names->n == i && pl_names_find(names, name_of(i)) == -1);
		CHECK(i == 0 || pl_names_find(names, name_of(i - 1)) == i - 1);
	}
	CHECK(false);
}

static void a_failed_reserve_changes_nothing(void)
{
	const int64_t before = pl_alloc_alive;
	pl_names names = {0};
	for (int i = 0; i < 300; i++) {
		reserve_at_last(&names, i);
		CHECK(pl_names_put(&names, name_of(i)) == i);
	}
	for (int i = 0; i < 300; i++) CHECK(pl_names_find(&names, name_of(i)) == i);
	pl_names_clear(&names);
	CHECK(pl_alloc_alive == before);
}
#endif

int main(void)
{
	RUN(names_are_numbered_in_order_and_found_again);
	RUN(names_that_are_nearly_the_same_are_told_apart);
	RUN(a_guess_and_a_preparation_change_no_answer);
	RUN(at_most_half_of_the_slots_are_taken);
	RUN(an_arena_keeps_strings_and_shares_the_empty_one);
#ifdef PL_ALLOC_FAULTS
	RUN(a_failed_reserve_changes_nothing);
#endif
	return pl_test_failed;
}
