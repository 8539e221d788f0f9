/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* settings.c - settings.def as a struct with presets, and fields set by name. */
#include "base/error.h"
#include "base/text.h"

#include <math.h>
#include <plenum/plan.h>
#include <stdio.h>
#include <string.h>

/* The type of a setting, as a value: WHOLE_int64_t and so on. */
enum { WHOLE_double = 0, WHOLE_int64_t = 1 };

/* Bounds as they are written in settings.def serve the sentences. */
typedef struct {
	const char *name;
	size_t at; ///< byte of the field in pl_settings
	int whole; ///< an int64_t, else a double
	double low, high;
	const char *low_text, *high_text, *help;
} setting;

#define PL_SETTING(type, name, preset, low, high, unit, help) \
	{#name, offsetof(pl_settings, name), WHOLE_##type, low, high, #low, #high, help},
static const setting settings[] = {
#include <plenum/settings.def>
};
#undef PL_SETTING

enum { N_SETTINGS = sizeof settings / sizeof settings[0] };

pl_settings pl_settings_preset(void)
{
#define PL_SETTING(type, name, preset, low, high, unit, help) .name = (preset),
	const pl_settings s = {
#include <plenum/settings.def>
	};
#undef PL_SETTING
	return s;
}

static const setting *find_setting(const char *name)
{
	for (int i = 0; i < N_SETTINGS; i++)
		if (strcmp(settings[i].name, name) == 0) return &settings[i];
	return NULL;
}

static pl_status unknown(const char *name, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS], all[256] = "";
	pl_near near = {0};
	size_t used = 0;
	for (int i = 0; i < N_SETTINGS; i++) {
		pl_near_offer(&near, name, settings[i].name);
		if (used < sizeof all)
			used += (size_t)snprintf(all + used, sizeof all - used, "%s%s",
			                         i > 0 ? ", " : "", settings[i].name);
	}
	return pl_fail(err, PL_ENOTFOUND, -1,
	               "there is no setting \"%s\"%s; the settings are %s",
	               pl_text_brief(brief, name), pl_near_hint(hint, &near), all);
}

static void store(pl_settings *s, const setting *f, double x)
{
	char *field = (char *)s + f->at;
	const int64_t whole = (int64_t)x;
	if (f->whole)
		memcpy(field, &whole, sizeof whole);
	else
		memcpy(field, &x, sizeof x);
}

pl_status pl_settings_set(pl_settings *s, const char *name, const char *value, pl_error *err)
{
	const setting *f = find_setting(name);
	if (f == NULL) return unknown(name, err);
	char brief[PL_BRIEF_CHARS];
	const char *kind = f->whole ? "whole number" : "number";
	double x = 0;
	const pl_status read = pl_number_read(&x, value);
	if (read == PL_EPARSE || (read == PL_OK && f->whole && x != floor(x)))
		return pl_fail(err, PL_EPARSE, -1,
		               "%s is \"%s\", which is not a %s; give one from %s to %s (%s)",
		               name, pl_text_brief(brief, value), kind, f->low_text,
		               f->high_text, f->help);
	if (read != PL_OK || x < f->low || x > f->high)
		return pl_fail(err, PL_EARG, -1, "%s is %s; give a %s from %s to %s (%s)", name,
		               pl_text_brief(brief, value), kind, f->low_text, f->high_text,
		               f->help);
	store(s, f, x);
	return PL_OK;
}
