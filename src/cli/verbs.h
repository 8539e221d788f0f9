/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verbs.h - a function for each verb: it prints its result and returns the exit code. */
#ifndef PL_CLI_VERBS_H
#define PL_CLI_VERBS_H
#include "cli/args.h"

#define PL_VERB(id, words, args, least, most, hidden, summary, about) \
	int pl_verb_##id(const pl_args *a);
#include "cli/verbs.def"
#undef PL_VERB

/// The whole command: what main returns.
int pl_cli_main(int argc, char *argv[]);
#endif
