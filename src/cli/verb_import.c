/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_import.c - plenum import io and plenum import sut. */
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/import.h"

/// The values of an option that may be given several times. @return how many
static int32_t gather(const pl_args *a, int option, const char *values[PL_GIVEN_MOST])
{
	int32_t n = 0;
	for (const char *v = pl_args_nth(a, option, 0); v != NULL;
	     v = pl_args_nth(a, option, n))
		values[n++] = v;
	return n;
}

/// Print what was found, or why the tables were refused.
static int finish(const pl_args *a, pl_status s, pl_import_report *report, const pl_error *err)
{
	int code = PL_EXIT_GOOD;
	for (int32_t i = 0; i < report->n_warnings && !pl_args_has(a, PL_O_quiet); i++)
		fprintf(stderr, "warning: %s\n", report->warning[i]);
	if (s != PL_OK) {
		code = pl_tell_error(a, err);
	} else if (!pl_args_has(a, PL_O_quiet)) {
		pl_import_print(stdout, report);
		printf("Next: plenum plan %s\n", a->arg[0]);
	}
	pl_import_report_free(report);
	return code;
}

/// The options that both imports take; extra and limit keep their lists.
static pl_import_files files_of(const pl_args *a, const char *extra[PL_GIVEN_MOST],
                                const char *limit[PL_GIVEN_MOST])
{
	return (pl_import_files){
	        .final_demand = pl_args_text(a, PL_O_final_demand),
	        .value_added = pl_args_text(a, PL_O_value_added),
	        .demand = pl_args_text(a, PL_O_demand),
	        .n_extra = gather(a, PL_O_extra, extra),
	        .extra = extra,
	        .n_limits = gather(a, PL_O_limit, limit),
	        .limit = limit,
	        .unbalanced = pl_args_has(a, PL_O_unbalanced),
	};
}

int pl_verb_import_io(const pl_args *a)
{
	const char *extra[PL_GIVEN_MOST], *limit[PL_GIVEN_MOST];
	const pl_import_io_options o = {
	        .flows = pl_args_text(a, PL_O_flows),
	        .coefficients = pl_args_text(a, PL_O_coefficients),
	        .output = pl_args_text(a, PL_O_output),
	        .output_column = pl_args_text(a, PL_O_output_column),
	        .skip_columns = pl_args_text(a, PL_O_skip_columns),
	        .files = files_of(a, extra, limit),
	};
	pl_import_report report = {0};
	pl_error err;
	const pl_status s = pl_import_io(&report, &o, a->arg[0], &err);
	return finish(a, s, &report, &err);
}

int pl_verb_import_sut(const pl_args *a)
{
	const char *extra[PL_GIVEN_MOST], *limit[PL_GIVEN_MOST];
	const pl_import_sut_options o = {
	        .use = pl_args_text(a, PL_O_use),
	        .make = pl_args_text(a, PL_O_make),
	        .technology = pl_args_text(a, PL_O_technology),
	        .files = files_of(a, extra, limit),
	};
	pl_import_report report = {0};
	pl_error err;
	const pl_status s = pl_import_sut(&report, &o, a->arg[0], &err);
	return finish(a, s, &report, &err);
}
