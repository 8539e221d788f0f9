/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tests/pl_test.h"

#include <plenum/plan.h>

/* settings.def once more, as text. */
#define PL_SETTING(type, name, preset, low, high, unit, help) {#name, #preset, #low, #high},
static const struct {
	const char *name, *preset, *low, *high;
} rows[] = {
#include <plenum/settings.def>
};
#undef PL_SETTING
enum { N_ROWS = sizeof rows / sizeof rows[0] };

static bool same(const pl_settings *a, const pl_settings *b)
{
#define PL_SETTING(type, name, preset, low, high, unit, help) \
	if (a->name < b->name || a->name > b->name) return false;
#include <plenum/settings.def>
#undef PL_SETTING
	return true;
}

static void presets_lie_within_their_bounds(void)
{
	const pl_settings s = pl_settings_preset();
#define PL_SETTING(type, name, preset, low, high, unit, help) \
	CHECK(s.name >= (low) && s.name <= (high));
#include <plenum/settings.def>
#undef PL_SETTING
}

static void every_setting_takes_its_preset_and_both_bounds(void)
{
	const pl_settings preset = pl_settings_preset();
	for (int i = 0; i < N_ROWS; i++) {
		pl_settings s = preset;
		CHECK(pl_settings_set(&s, rows[i].name, rows[i].low, NULL) == PL_OK);
		CHECK(pl_settings_set(&s, rows[i].name, rows[i].high, NULL) == PL_OK);
		CHECK(!same(&s, &preset));
		CHECK(pl_settings_set(&s, rows[i].name, rows[i].preset, NULL) == PL_OK);
		CHECK(same(&s, &preset));
	}
}

static void a_setting_changes_no_other(void)
{
	pl_settings s = pl_settings_preset(), want = s;
	CHECK(pl_settings_set(&s, "max_steps", "1e3", NULL) == PL_OK);
	want.max_steps = 1000;
	CHECK(same(&s, &want));
	CHECK(pl_settings_set(&s, "tolerance", "0.01", NULL) == PL_OK);
	want.tolerance = 0.01;
	CHECK(same(&s, &want));
}

static void refused(const char *name, const char *value, pl_status code, const char *sentence)
{
	pl_settings s = pl_settings_preset();
	const pl_settings before = s;
	pl_error err = {0};
	CHECK(pl_settings_set(&s, name, value, &err) == code);
	CHECK(err.code == code && same(&s, &before));
	if (strstr(err.msg, sentence) == NULL) {
		fprintf(stderr, "%s = %s: \"%s\" lacks \"%s\"\n", name, value, err.msg,
		        sentence);
		pl_test_failed = 1;
	}
	CHECK(pl_settings_set(&s, name, value, NULL) == code);
}

static void a_refused_value_changes_nothing_and_says_what_to_give(void)
{
	refused("tolerence", "1", PL_ENOTFOUND,
	        "no setting \"tolerence\" (did you mean \"tolerance\"?)");
	refused("", "1", PL_ENOTFOUND, "the settings are tolerance, max_steps");
	refused("tolerance", "", PL_EPARSE, "is not a number; give one from 1e-10 to 0.1");
	refused("tolerance", "0,01", PL_EPARSE, "tolerance is \"0,01\", which is not a number");
	refused("tolerance", "nan", PL_EPARSE, "is not a number");
	refused("tolerance", "inf", PL_EPARSE, "is not a number");
	refused("tolerance", "0x1p-5", PL_EPARSE, "is not a number");
	refused("tolerance", "0.01 ", PL_EPARSE, "is not a number");
	refused("tolerance", "1e400", PL_EARG,
	        "tolerance is 1e400; give a number from 1e-10 to 0.1");
	refused("tolerance", "-0.01", PL_EARG, "give a number from 1e-10 to 0.1");
	refused("tolerance", "0.11", PL_EARG, "tolerance is 0.11; give a number");
	refused("max_steps", "2.5", PL_EPARSE,
	        "is not a whole number; give one from 1 to 1000000");
	refused("max_steps", "0", PL_EARG, "give a whole number from 1 to 1000000");
	refused("max_steps", "1e18", PL_EARG, "give a whole number from 1 to 1000000");
}

int main(void)
{
	RUN(presets_lie_within_their_bounds);
	RUN(every_setting_takes_its_preset_and_both_bounds);
	RUN(a_setting_changes_no_other);
	RUN(a_refused_value_changes_nothing_and_says_what_to_give);
	return pl_test_failed;
}
