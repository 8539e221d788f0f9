/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "model/schedule.h"

#include "tests/pl_test.h"

static void check_spelling(int n, const char *(*name)(int), int (*number)(const char *))
{
	for (int i = 0; i < n; i++) {
		CHECK(name(i) != NULL && number(name(i)) == i);
		for (int j = 0; j < i; j++) CHECK(strcmp(name(i), name(j)) != 0);
	}
	CHECK(name(-1) == NULL && name(n) == NULL);
	CHECK(number("") == -1 && number("wheat") == -1 && number("Recipe") == -1);
}

static void every_word_is_read_back_and_no_other(void)
{
	check_spelling(PL_GOOD_KINDS, pl_good_kind_name, pl_good_kind_of);
	check_spelling(PL_COUNCIL_KINDS, pl_council_kind_name, pl_council_kind_of);
	check_spelling(PL_SCHEDULES, pl_schedule_name, pl_schedule_of);
	check_spelling(PL_ROLES, pl_role_name, pl_role_of);
}

static void words_are_those_of_the_contract(void)
{
	CHECK(pl_good_kind_of("pollutant") == PL_POLLUTANT &&
	      pl_good_kind_of("labour") == PL_LABOUR);
	CHECK(pl_council_kind_of("community") == PL_COMMUNITY);
	CHECK(pl_schedule_of("cobb_douglas") == PL_S_cobb_douglas);
	CHECK(pl_schedule_of("budget_cd") == PL_S_budget_cd);
	CHECK(pl_role_of("wants") == PL_WANTS);
}

static void check_preset(const pl_param_about *p)
{
	const pl_range r = p->range;
	CHECK(p->preset > r.low || (p->preset >= r.low && !r.low_open));
	CHECK(p->preset < r.high || (p->preset <= r.high && !r.high_open));
}

static void a_preset_is_allowed_by_its_own_bounds(void)
{
	for (int s = 0; s < PL_SCHEDULES; s++) {
		CHECK(pl_schedules[s].kinds != 0 && pl_schedules[s].roles != 0);
		for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) {
			const pl_param_about *p = pl_param_in((pl_schedule)s, slot);
			if (p != NULL && !isnan(p->preset)) check_preset(p);
		}
	}
}

static void parameters_stand_in_their_slots(void)
{
	CHECK(strcmp(pl_param_in(PL_S_ces, PL_P_ces_returns)->name, "returns") == 0);
	CHECK(strcmp(pl_param_in(PL_S_recipe, PL_P_recipe_slope)->name, "slope") == 0);
	CHECK(pl_param_in(PL_S_request, 0) == NULL && pl_param_in(PL_S_ces, 3) == NULL);
}

int main(void)
{
	RUN(every_word_is_read_back_and_no_other);
	RUN(words_are_those_of_the_contract);
	RUN(a_preset_is_allowed_by_its_own_bounds);
	RUN(parameters_stand_in_their_slots);
	return pl_test_failed;
}
