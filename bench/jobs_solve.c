/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_solve FOLDER WITHIN [SECONDS] - balanced jobs of a workplace, by us and, where SECONDS
 * are given, by GLPK's integer solver within that time. Prints one JSON object; seconds are
 * those of the solve alone. */
#include "io/work_files.h"
#include "tests/property/jobs_mip.h"

#include <glpk.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(clockid_t clock)
{
	struct timespec t;
	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/// JSON has no numbers that are not finite.
static void print_number(const char *name, double x)
{
	if (isfinite(x))
		printf(",\"%s\":%.17g", name, x);
	else
		printf(",\"%s\":null", name);
}

static int compare(const pl_workplace *w, const pl_work_settings *s, int limit)
{
	pl_jobs *j = NULL;
	pl_error err;
	jobs_mip glpk = {0};
	const double begun = now(CLOCK_PROCESS_CPUTIME_ID);
	if (pl_work_balance(&j, w, s, &err) != PL_OK || pl_jobs_check(w, s, j, &err) != PL_OK) {
		fprintf(stderr, "jobs_solve: %s\n", err.msg);
		pl_jobs_free(j);
		return 2;
	}
	printf("{\"outcome\":\"%s\"", pl_jobs_outcome_name((int)j->outcome));
	print_number("seconds", now(CLOCK_PROCESS_CPUTIME_ID) - begun);
	print_number("worst", j->outcome <= PL_JOBS_NEAREST ? j->worst : (double)NAN);
	print_number("bound", j->bound);
	printf(",\"proven\":%s", j->proven ? "true" : "false");
	print_number("lessons", (double)j->learning / PL_WORK_HOUR);
	if (limit > 0 && jobs_mip_solve(&glpk, w, s, j, limit) == PL_OK) {
		print_number("glpk", glpk.best);
		print_number("glpk_bound", glpk.bound);
		printf(",\"glpk_done\":%s", glpk.done ? "true" : "false");
	}
	puts("}");
	pl_jobs_free(j);
	return 0;
}

int main(int argc, char **argv)
{
	pl_work_files *f = NULL;
	pl_faults faults = {0};
	pl_error err;
	const pl_source from = {.folder = argc > 1 ? argv[1] : NULL};
	pl_work_settings s = pl_work_preset();
	const int limit = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;
	if (argc < 3 || argc > 4) {
		fputs("usage: jobs_solve FOLDER WITHIN [SECONDS]\n", stderr);
		return 2;
	}
	s.within = strtod(argv[2], NULL);
	if (pl_work_read(&f, &from, NULL, NULL, &faults, &err) != PL_OK) {
		fprintf(stderr, "jobs_solve: %s\n", err.msg);
		return 2;
	}
	glp_term_out(GLP_OFF);
	const int code = compare(&f->w, &s, limit);
	pl_work_files_free(f);
	glp_free_env();
	return code;
}
