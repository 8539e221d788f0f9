/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A setting is a name and a value as text: whatever they are, the settings stay within their
 * bounds, and are unchanged when they are refused. */
#include <plenum/plan.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_bounds(const pl_settings *s)
{
#define PL_SETTING(type, name, preset, low, high, unit, help) \
	if (!(s->name >= (low) && s->name <= (high))) abort();
#include <plenum/settings.def>
#undef PL_SETTING
}

/* The input is NAME=VALUE. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[256];
	if (size >= sizeof text) return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	char *equals = strchr(text, '=');
	if (equals == NULL) return 0;
	*equals = '\0';

	pl_settings s = pl_settings_preset();
	const pl_settings before = s;
	pl_error err;
	if (pl_settings_set(&s, text, equals + 1, &err) != PL_OK &&
	    memcmp(&s, &before, sizeof s) != 0)
		abort();
	check_bounds(&s);
	return 0;
}
