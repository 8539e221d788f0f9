/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/import_common.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/text.h"
#include "io/row.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

enum { NAMES_SHOWN = 5, MAX_SENTENCE = 1024 };

static char *copy(const char *s, size_t n)
{
	char *to = n >= INT64_MAX ? NULL : pl_alloc((int64_t)n + 1, 1);
	if (to != NULL) memcpy(to, s, n);
	return to;
}

/// One item of a list into @p item; quotes are taken off. @return what follows it
static const char *next_item(const char *s, char *item, bool *good)
{
	size_t n = 0;
	const bool quoted = *s == '"';
	if (quoted) s++;
	for (; *s != '\0'; s++) {
		if (!quoted && *s == ',') break;
		if (quoted && *s == '"') {
			if (s[1] != '"') break;
			s++;
		}
		item[n++] = *s;
	}
	item[n] = '\0';
	*good = n > 0 && (!quoted || *s == '"');
	if (quoted && *s == '"') s++;
	if (*s != '\0' && *s != ',') *good = false;
	return s;
}

pl_status pl_import_list(pl_names *out, const char *text, const char *option, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	char *item = copy(text, strlen(text));
	if (item == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a list of names");
	pl_status status = PL_OK;
	for (const char *s = text;; s++) {
		bool good = false;
		s = next_item(s, item, &good);
		if (!good)
			status = pl_fail(err, PL_EARG, -1,
			                 "%s \"%s\": write names with commas between them, a "
			                 "name that holds a comma in double quotes",
			                 option, pl_text_brief(brief, text));
		else if (pl_names_find(out, item) >= 0)
			status = pl_fail(err, PL_EARG, -1, "%s: \"%s\" stands twice", option,
			                 pl_text_brief(brief, item));
		else
			status = pl_matrix_name(out, item, err);
		if (status != PL_OK || *s == '\0') break;
	}
	pl_free(item);
	return status;
}

pl_status pl_import_spec_read(pl_import_spec *out, const char *text, const char *option,
                              bool must, pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	struct stat found;
	*out = (pl_import_spec){0};
	const char *colon = strrchr(text, ':');
	if (!must && stat(text, &found) == 0) colon = NULL;
	if (must && (colon == NULL || colon[1] == '\0' || colon == text))
		return pl_fail(err, PL_EARG, -1, "%s \"%s\": write FILE:COLUMN", option,
		               pl_text_brief(brief, text));
	out->path = copy(text, colon == NULL ? strlen(text) : (size_t)(colon - text));
	if (out->path == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a path");
	if (colon == NULL) return PL_OK;
	/* The column of --demand is one name, commas and all. */
	const pl_status status = must ? pl_matrix_name(&out->name, colon + 1, err)
	                              : pl_import_list(&out->name, colon + 1, option, err);
	if (status != PL_OK) pl_import_spec_clear(out);
	return status;
}

void pl_import_spec_clear(pl_import_spec *s)
{
	pl_free(s->path);
	pl_names_clear(&s->name);
	*s = (pl_import_spec){0};
}

pl_status pl_import_warn(pl_import_report *r, pl_error *err, const char *fmt, ...)
{
	char text[MAX_SENTENCE];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	char **more = pl_alloc((int64_t)r->n_warnings + 1, sizeof *more);
	char *line = copy(text, strlen(text));
	if (more == NULL || line == NULL) {
		pl_free(more);
		pl_free(line);
		return pl_fail(err, PL_ENOMEM, -1, "no memory for a warning");
	}
	for (int32_t i = 0; i < r->n_warnings; i++) more[i] = r->warning[i];
	more[r->n_warnings++] = line;
	pl_free(r->warning);
	r->warning = more;
	return PL_OK;
}

pl_status pl_import_warn_names(pl_import_report *r, const char *before, const pl_names *names,
                               pl_error *err)
{
	char text[MAX_SENTENCE] = "", brief[PL_BRIEF_CHARS];
	size_t used = 0;
	if (names->n == 0) return PL_OK;
	for (int32_t i = 0; i < names->n && i < NAMES_SHOWN; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s\"%s\"",
		                         i == 0 ? "" : ", ",
		                         pl_text_brief(brief, pl_name_at(names, i)));
	if (names->n > NAMES_SHOWN)
		snprintf(text + used, sizeof text - used, " and %d more",
		         (int)(names->n - NAMES_SHOWN));
	return pl_import_warn(r, err, "%s: %s", before, text);
}

void pl_import_report_free(pl_import_report *r)
{
	pl_free(r->rows.worst);
	pl_free(r->rows.worst_relative);
	pl_free(r->columns.worst);
	pl_free(r->columns.worst_relative);
	for (int32_t i = 0; i < r->n_warnings; i++) pl_free(r->warning[i]);
	pl_free(r->warning);
	*r = (pl_import_report){0};
}

static void print_balance(FILE *to, const char *what, const pl_import_balance *b)
{
	char number[PL_NUMBER_CHARS];
	if (!b->known) return;
	fprintf(to, "%s: %s", what, pl_number_print(number, b->absolute));
	if (b->worst != NULL) fprintf(to, " (%s)", b->worst);
	fprintf(to, ", relative %s", pl_number_print(number, b->relative));
	if (b->worst_relative != NULL) fprintf(to, " (%s)", b->worst_relative);
	fputc('\n', to);
}

void pl_import_print(FILE *to, const pl_import_report *r)
{
	char number[PL_NUMBER_CHARS];
	fprintf(to, "%s: %d\n", r->commodities > 0 ? "industries" : "sectors", (int)r->sectors);
	if (r->commodities > 0) fprintf(to, "commodities: %d\n", (int)r->commodities);
	print_balance(to, "balance error", &r->rows);
	print_balance(to, "balance error of inputs and value added", &r->columns);
	if (!r->rows.known) fputs("balance error: the tables state no output to compare\n", to);
	if (isfinite(r->spectral_radius))
		fprintf(to, "spectral radius: %s\n",
		        pl_number_print(number, r->spectral_radius));
	fprintf(to, "sectors without output: %d\n", (int)r->without_output);
	fprintf(to, "imported, made by nobody: %d\n", (int)r->imported);
	fprintf(to, "negative cells: %lld\n", (long long)r->negative_cells);
}

pl_status pl_import_dest(const char *dest, pl_error *err)
{
	static const char *const held[] = {"economy.csv", "goods.csv"};
	for (int i = 0; i < 2; i++)
		if (pl_folder_holds(dest, held[i]))
			return pl_fail(
			        err, PL_EARG, -1,
			        "%.300s already holds %s; name a folder that is new or empty",
			        dest, held[i]);
	return PL_OK;
}
