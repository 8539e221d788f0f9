/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/args.h"

#include "cli/tables.h"
#include "tests/pl_test.h"

enum { WORDS = 24 };

/// Read a command line written with single spaces.
static pl_status read_line(pl_args *a, char *line, pl_error *err)
{
	const char *argv[WORDS] = {"plenum"};
	int argc = 1;
	for (char *word = strtok(line, " "); word != NULL; word = strtok(NULL, " "))
		argv[argc++] = word;
	return pl_args_read(a, argc, argv, err);
}

/// Is the line refused with a sentence that holds @p what?
static bool refused(const char *line, const char *what)
{
	char copy[256];
	pl_args a;
	pl_error err = {0};
	(void)snprintf(copy, sizeof copy, "%s", line);
	const bool right =
	        read_line(&a, copy, &err) == PL_EARG && strstr(err.msg, what) != NULL;
	if (!right) fprintf(stderr, "%s: %s\n", line, err.msg);
	return right;
}

static void a_value_follows_or_is_joined(void)
{
	pl_args a;
	char follows[] = "plan --out DIR economy", joined[] = "plan economy --out=DIR";
	CHECK(read_line(&a, follows, NULL) == PL_OK);
	CHECK(strcmp(pl_args_text(&a, PL_O_out), "DIR") == 0 &&
	      strcmp(a.arg[0], "economy") == 0);
	CHECK(read_line(&a, joined, NULL) == PL_OK);
	CHECK(strcmp(pl_args_text(&a, PL_O_out), "DIR") == 0 &&
	      strcmp(a.arg[0], "economy") == 0);
}

static void a_joined_value_may_hold_anything(void)
{
	pl_args a;
	char line[] = "import io --limit=CO2=--3 dest";
	CHECK(read_line(&a, line, NULL) == PL_OK);
	CHECK(strcmp(pl_args_text(&a, PL_O_limit), "CO2=--3") == 0);
}

static void after_two_dashes_everything_is_an_argument(void)
{
	pl_args a;
	char line[] = "check -- --odd -name";
	CHECK(read_line(&a, line, NULL) == PL_OK);
	CHECK(a.n_args == 2 && a.n_given == 0);
	CHECK(strcmp(a.arg[0], "--odd") == 0 && strcmp(a.arg[1], "-name") == 0);
}

static void the_last_value_counts_and_all_are_kept(void)
{
	pl_args a;
	char line[] = "import io --limit a=1 --limit b=2 dest";
	CHECK(read_line(&a, line, NULL) == PL_OK);
	CHECK(strcmp(pl_args_text(&a, PL_O_limit), "b=2") == 0);
	CHECK(strcmp(pl_args_nth(&a, PL_O_limit, 0), "a=1") == 0);
	CHECK(strcmp(pl_args_nth(&a, PL_O_limit, 1), "b=2") == 0);
	CHECK(pl_args_nth(&a, PL_O_limit, 2) == NULL);
}

static void help_is_given_whatever_else_is_missing(void)
{
	for (int v = 0; v < PL_VERBS; v++) {
		pl_args a;
		char line[64];
		(void)snprintf(line, sizeof line, "%s --help", pl_verb_rows[v].words);
		CHECK(read_line(&a, line, NULL) == PL_OK);
		CHECK(a.verb == v && pl_args_has(&a, PL_O_help));
	}
}

static void help_on_the_first_word_of_several_verbs_lists_them(void)
{
	pl_args a;
	char line[] = "vote --help", wrong[] = "vote --plain";
	pl_error err;
	CHECK(read_line(&a, line, NULL) == PL_OK);
	CHECK(a.verb == -1 && pl_args_has(&a, PL_O_help));
	CHECK(read_line(&a, wrong, &err) != PL_OK);
}

static void a_slip_is_told_the_nearest_word(void)
{
	CHECK(refused("plna x", "did you mean \"plan\"?"));
	CHECK(refused("import sot x", "did you mean \"import sut\"?"));
	CHECK(refused("import", "needs a second word: import io or import sut"));
	CHECK(refused("plan x --tolerence 1e-6", "did you mean --tolerance?"));
	CHECK(refused("frobnicate", "there are: plan, rounds, check"));
}

static void an_option_of_another_verb_names_that_verb(void)
{
	CHECK(refused("check x --out y", "--out is an option of plan"));
}

static void what_is_wrong_is_refused(void)
{
	CHECK(refused("", "Name a verb"));
	CHECK(refused("plan", "plan FOLDER"));
	CHECK(refused("plan a b", "one argument too many"));
	CHECK(refused("plan a --out", "needs a value"));
	CHECK(refused("plan a --out=", "needs a value"));
	CHECK(refused("plan a --json=1", "takes no value"));
	CHECK(refused("plan a -j", "two dashes"));
	CHECK(refused("plan a --threads 1.5", "whole number"));
	CHECK(refused("plan a --threads -1", "whole number"));
	CHECK(refused("plan a --threads 99999", "between 0 and"));
	CHECK(refused("plan a --threads 99999999999999999999", "whole number"));
	CHECK(refused("plan a --tolerance 2", "--tolerance"));
	CHECK(refused("plan a --tolerance 1e-6x", "--tolerance"));
	CHECK(refused("generate a --kind recipe --goods 4", "needs --workplaces"));
	CHECK(refused("--quiet plan a", "no option --quiet"));
}

static void every_needed_option_is_asked_for(void)
{
	for (int o = 0; o < PL_OPTIONS; o++)
		for (int v = 0; v < PL_VERBS; v++)
			if ((pl_option_rows[o].needed & (UINT64_C(1) << v)) != 0)
				CHECK(pl_option_on(v, o));
	CHECK(refused("import sut dest", "needs --use"));
}

int main(void)
{
	RUN(a_value_follows_or_is_joined);
	RUN(a_joined_value_may_hold_anything);
	RUN(after_two_dashes_everything_is_an_argument);
	RUN(the_last_value_counts_and_all_are_kept);
	RUN(help_is_given_whatever_else_is_missing);
	RUN(help_on_the_first_word_of_several_verbs_lists_them);
	RUN(a_slip_is_told_the_nearest_word);
	RUN(an_option_of_another_verb_names_that_verb);
	RUN(what_is_wrong_is_refused);
	RUN(every_needed_option_is_asked_for);
	return pl_test_failed;
}
