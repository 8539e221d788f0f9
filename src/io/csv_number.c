/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_number.c - cells as numbers, with one decimal mark in a table. */
#include "io/csv_parts.h"

#include "base/error.h"
#include "base/number.h"

#include <math.h>
#include <string.h>

/* Two decimal marks in one table: one of them may well be a thousands separator. */
static pl_status mixed_marks(pl_csv *c, const char *name, bool comma, pl_error *err)
{
	const int64_t other = comma ? c->point_line : c->comma_line;
	if (other == 0 || c->mixed_told) return PL_OK;
	c->mixed_told = true;
	return pl_fail(err, PL_EPARSE, c->row_line,
	               "%s:%lld: this %s has a decimal %s, but line %lld a decimal %s: use one "
	               "mark in the whole table",
	               c->shown, (long long)c->row_line, name, comma ? "comma" : "point",
	               (long long)other, comma ? "point" : "comma");
}

static pl_status not_a_number(const pl_csv *c, const char *name, const char *text,
                              pl_status why, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], column[PL_BRIEF_CHARS];
	return pl_fail(
	        err, PL_EPARSE, c->row_line, "%s:%lld: %s \"%s\" %s", c->shown,
	        (long long)c->row_line, pl_text_brief(column, name), pl_text_brief(brief, text),
	        why == PL_EARG ? "is too large a number"
	                       : "is not a number (write it like -1234.5 or 1e-3, without "
	                         "thousands separators)");
}

/* The number has a decimal mark. */
static pl_status note_mark(pl_csv *c, const char *name, bool comma, pl_error *err)
{
	int64_t *first = comma ? &c->comma_line : &c->point_line;
	if (*first == 0) *first = c->row_line;
	return mixed_marks(c, name, comma, err);
}

/* What the quick way left. */
static pl_status slow_number(double *out, pl_csv *c, int32_t column, pl_error *err)
{
	char *text = c->base + c->cell[column].at;
	const char *name = pl_csv_name(c, column);
	char *comma = strchr(text, ',');
	const char *point = strchr(text, '.');
	*out = NAN;
	if (comma != NULL && (c->delimiter == ',' || point != NULL))
		return not_a_number(c, name, text, PL_EPARSE, err);
	if (comma != NULL) *comma = '.';
	const pl_status status = pl_number_read(out, text);
	if (comma != NULL) *comma = ',';
	if (status != PL_OK) return not_a_number(c, name, text, status, err);
	if (comma == NULL && point == NULL) return PL_OK;
	return note_mark(c, name, comma != NULL, err);
}

pl_status pl_csv_number(double *out, pl_csv *c, int32_t column, pl_error *err)
{
	char mark;
	*out = NAN;
	if (column >= c->n_cells) return PL_OK;
	const pl_csv_place at = c->cell[column];
	if (at.end == at.at) return PL_OK;
	if (!pl_number_quick(out, &mark, c->base + at.at, at.end - at.at) ||
	    (mark == ',' && c->delimiter == ','))
		return slow_number(out, c, column, err);
	return mark == 0 ? PL_OK : note_mark(c, pl_csv_name(c, column), mark == ',', err);
}
