/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* args.h - the command line, read by the tables verbs.def and options.def. */
#ifndef PL_CLI_ARGS_H
#define PL_CLI_ARGS_H
#include <plenum/plan.h>

/// How the process ends; scripts rely on these.
enum { PL_EXIT_GOOD = 0, PL_EXIT_NOT = 1, PL_EXIT_INPUT = 2, PL_EXIT_STOPPED = 130 };

enum {
#define PL_VERB(id, words, args, least, most, hidden, summary, about) PL_V_##id,
#include "cli/verbs.def"
#undef PL_VERB
	PL_VERBS
};

enum {
#define PL_OPTION(id, kind, value, preset, low, high, verbs, needed, help) PL_O_##id,
#include "cli/options.def"
#undef PL_OPTION
	PL_OPTIONS
};

enum { PL_ARGS_MOST = 3, PL_GIVEN_MOST = 256 };

/// A command line that the tables allow. Borrows argv.
typedef struct {
	int verb; ///< PL_V_..., or -1: `plenum --help` and `plenum --version`
	int n_args;
	const char *arg[PL_ARGS_MOST];
	int n_given;
	struct {
		int option;        ///< PL_O_...
		const char *value; ///< "" for a flag
	} given[PL_GIVEN_MOST];    ///< in the order of the command line
} pl_args;

/// Read a command line. With --help or --version nothing else is looked at.
/// @return PL_OK; PL_EARG with a sentence that names what is wrong and the nearest right word,
///         out->verb then the verb as far as it is known
pl_status pl_args_read(pl_args *out, int argc, const char *const *argv, pl_error *err);

bool pl_args_has(const pl_args *a, int option);
/// Value of an option, the last where it was given several times; NULL where not given.
const char *pl_args_text(const pl_args *a, int option);
/// Value number k of an option that may be given several times; NULL past the last.
const char *pl_args_nth(const pl_args *a, int option, int k);
/// Value of a whole number (its bounds were checked), or @p other where not given.
int64_t pl_args_whole(const pl_args *a, int option, int64_t other);
/// Number of the name that an option was given; *out unchanged where it was not given.
/// @param name spelling by number, NULL past the last
/// @return PL_OK, PL_EARG with a sentence that lists the names
pl_status pl_args_choice(int *out, const pl_args *a, int option, const char *(*name)(int),
                         pl_error *err);
/// Two numbers such as 0.75-0.85, or one for both; unchanged where the option was not given.
/// @return PL_OK, PL_EARG
pl_status pl_args_range(double *low, double *high, const pl_args *a, int option, pl_error *err);
/// Put the settings that were given over those in @p s. @return as pl_settings_set
pl_status pl_args_settings(pl_settings *s, const pl_args *a, pl_error *err);
#endif
