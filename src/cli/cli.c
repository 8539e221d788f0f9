/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/error.h"
#include "cli/help.h"
#include "cli/stop.h"
#include "cli/tables.h"
#include "cli/tell.h"
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int (*const verbs[PL_VERBS])(const pl_args *) = {
#define PL_VERB(id, words, args, least, most, hidden, summary, about) pl_verb_##id,
#include "cli/verbs.def"
#undef PL_VERB
};

static int usage_error(const pl_args *a, const pl_error *err)
{
	const char *words = a->verb < 0 ? NULL : pl_verb_rows[a->verb].words;
	(void)pl_tell_error(a, err);
	fprintf(stderr, "'plenum%s%s --help' shows how it is used.\n", words != NULL ? " " : "",
	        words != NULL ? words : "");
	return PL_EXIT_INPUT;
}

int pl_verb_help(const pl_args *a)
{
	const char *words[PL_ARGS_MOST + 2] = {"plenum"};
	int n = 1;
	pl_args asked;
	pl_error err;
	if (pl_args_has(a, PL_O_man)) {
		pl_help_man(stdout);
		return PL_EXIT_GOOD;
	}
	for (int i = 0; i < a->n_args; i++) words[n++] = a->arg[i];
	words[n++] = "--help";
	if (pl_args_read(&asked, n, words, &err) != PL_OK) return usage_error(a, &err);
	pl_help_print(stdout, asked.verb);
	return PL_EXIT_GOOD;
}

/// A result that could not be printed is no result.
static int close_output(const pl_args *a, int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout)) return code;
	pl_error err;
	pl_error_set(&err, PL_EIO, -1, "standard output cannot be written: %s",
	             strerror(errno));
	return pl_tell_error(a, &err);
}

int pl_cli_main(int argc, char *argv[])
{
	pl_args a;
	pl_error err;
	int code = PL_EXIT_GOOD;
	pl_stop_listen();
	if (pl_args_read(&a, argc, (const char *const *)argv, &err) != PL_OK)
		return usage_error(&a, &err);
	if (pl_args_has(&a, PL_O_version))
		pl_help_version(stdout);
	else if (pl_args_has(&a, PL_O_help) || a.verb < 0)
		pl_help_print(stdout, a.verb);
	else
		code = verbs[a.verb](&a);
	if (pl_stop_asked() && code == PL_EXIT_GOOD) code = PL_EXIT_STOPPED;
	return close_output(&a, code);
}
