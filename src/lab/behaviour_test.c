/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/behaviour.h"

#include "tests/pl_test.h"

static void a_behaviour_is_a_name_with_or_without_a_strength(void)
{
	pl_behaviour b;
	CHECK(pl_behaviour_read(&b, "noise", NULL) == PL_OK);
	for (int k = 0; k < PL_BEHAVIOURS; k++) CHECK((b.strength[k] > 0) == (k == PL_B_noise));
	CHECK(b.strength[PL_B_noise] == pl_behaviours[PL_B_noise].preset);
	CHECK(pl_behaviour_read(&b, "noise:0.5", NULL) == PL_OK);
	CHECK(b.strength[PL_B_noise] == 0.5);
}

static void each_has_a_preset_within_its_bounds(void)
{
	for (int k = 0; k < PL_BEHAVIOURS; k++) {
		pl_behaviour b;
		CHECK(pl_behaviour_read(&b, pl_behaviours[k].name, NULL) == PL_OK);
		CHECK(b.strength[k] > pl_behaviours[k].low);
		CHECK(b.strength[k] <= pl_behaviours[k].high);
	}
}

static void several_are_joined_in_any_order(void)
{
	pl_behaviour a, b;
	CHECK(pl_behaviour_read(&a, "lots:0.25+nested:far+late:1", NULL) == PL_OK);
	CHECK(pl_behaviour_read(&b, "late:1+lots:0.25+nested:far", NULL) == PL_OK);
	CHECK(memcmp(&a, &b, sizeof a) == 0);
	CHECK(a.strength[PL_B_lots] == 0.25 && a.strength[PL_B_late] == 1);
	CHECK(a.strength[PL_B_nested] == 2 && a.strength[PL_B_noise] == 0);
}

static void what_is_no_behaviour_is_refused_with_a_sentence(void)
{
	static const char *const bad[][2] = {
	        {"", "no behaviour"},
	        {"nois", "mean \"noise\""},
	        {"noise+", "no behaviour"},
	        {"noise:", "above 0 and at most 2"},
	        {"noise:0", "above 0 and at most 2"},
	        {"noise:0.1x", "above 0 and at most 2"},
	        {"late:1.5", "above 0 and at most 1"},
	        {"nested:near", "nested or nested:far"},
	        {"noise+noise:0.1", "twice"},
	        {"a-name-longer-than-any-behaviour-with-any-strength:1", "no behaviour"}};
	for (size_t t = 0; t < sizeof bad / sizeof *bad; t++) {
		pl_behaviour b = {{7}};
		pl_error err;
		CHECK(pl_behaviour_read(&b, bad[t][0], &err) == PL_EARG);
		CHECK(strstr(err.msg, bad[t][1]) != NULL);
		CHECK(b.strength[0] == 7);
	}
}

int main(void)
{
	RUN(a_behaviour_is_a_name_with_or_without_a_strength);
	RUN(each_has_a_preset_within_its_bounds);
	RUN(several_are_joined_in_any_order);
	RUN(what_is_no_behaviour_is_refused_with_a_sentence);
	return pl_test_failed;
}
