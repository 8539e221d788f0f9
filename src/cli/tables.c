/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/tables.h"

#include "base/threads.h"

#include <stdio.h>
#include <string.h>

const pl_verb_row pl_verb_rows[PL_VERBS] = {
#define PL_VERB(id, words, args, least, most, hidden, summary, about) \
	{words, args, least, most, hidden, summary, about},
#include "cli/verbs.def"
#undef PL_VERB
};

const pl_option_row pl_option_rows[PL_OPTIONS] = {
#define ON(verb) (UINT64_C(1) << PL_V_##verb)
#define PL_OPTION(id, kind, value, preset, low, high, verbs, needed, help) \
	{#id, PL_K_##kind, value, preset, low, high, verbs, needed, help},
#include "cli/options.def"
#undef PL_OPTION
#undef ON
};

void pl_option_name(char out[PL_NAME_MOST], int option)
{
	const char *id = pl_option_rows[option].id, *apart = strstr(id, "__");
	const size_t n = apart != NULL ? (size_t)(apart - id) : strlen(id);
	(void)snprintf(out, PL_NAME_MOST, "%.*s", (int)n, id);
	for (char *c = out; *c != '\0'; c++)
		if (*c == '_') *c = '-';
}

bool pl_option_on(int verb, int option)
{
	if (verb < 0) return option == PL_O_help || option == PL_O_version;
	return (pl_option_rows[option].verbs & (UINT64_C(1) << verb)) != 0;
}
