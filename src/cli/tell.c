/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/tell.h"

#include "cli/tables.h"
#include "cli/terminal.h"

#include <stdarg.h>

static void prefix(const pl_args *a)
{
	if (a->verb < 0)
		fputs("plenum: ", stderr);
	else
		fprintf(stderr, "plenum %s: ", pl_verb_rows[a->verb].words);
}

int pl_tell_error(const pl_args *a, const pl_error *err)
{
	prefix(a);
	fprintf(stderr, "%s\n", err->msg);
	return PL_EXIT_INPUT;
}

int pl_tell_faults(const pl_args *a, const pl_faults *faults, const pl_error *err)
{
	if (faults->n == 0) return pl_tell_error(a, err);
	const int64_t shown = faults->n < PL_FAULTS_SHOWN ? faults->n : PL_FAULTS_SHOWN;
	for (int64_t i = 0; i < shown; i++)
		if (faults->text[i] != NULL) fprintf(stderr, "%s\n", faults->text[i]);
	char count[48];
	prefix(a);
	fprintf(stderr, "%s", pl_tell_count(count, faults->n, "fault", "faults"));
	if (faults->n > shown)
		fprintf(stderr, ", of which the first %d are shown", PL_FAULTS_SHOWN);
	fprintf(stderr, "; nothing was %s\n",
	        a->verb == PL_V_plan || a->verb == PL_V_rounds ? "planned or written"
	                                                       : "judged");
	return PL_EXIT_INPUT;
}

void pl_tell_warnings(const pl_args *a, const pl_faults *faults)
{
	if (pl_args_has(a, PL_O_quiet)) return;
	for (int32_t i = 0; i < faults->n_warnings && i < PL_FAULTS_SHOWN; i++)
		if (faults->warning[i] != NULL)
			fprintf(stderr, "warning: %s\n", faults->warning[i]);
}

void pl_tell_note(const pl_args *a, const char *fmt, ...)
{
	va_list ap;
	if (pl_args_has(a, PL_O_quiet)) return;
	prefix(a);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

const char *pl_tell_count(char out[48], int64_t n, const char *one, const char *many)
{
	char number[PL_HUMAN_CHARS];
	(void)snprintf(out, 48, "%s %s", n < 1000 ? "" : pl_human(number, (double)n),
	               n == 1 ? one : many);
	if (n < 1000) (void)snprintf(out, 48, "%d %s", (int)n, n == 1 ? one : many);
	return out;
}
