/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib_section.c - where the tables of a .pb file lie, and their rows. */
#include "io/pabulib_parts.h"

#include "base/error.h"

#include <inttypes.h>
#include <string.h>

static const char *const section_names[PL_PB_SECTIONS] = {"META", "PROJECTS", "VOTES"};

static bool is_filler(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';';
}

pl_pb_section pl_pb_named(const char *line, size_t n)
{
	while (n > 0 && is_filler(line[n - 1])) n--;
	while (n > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		n--;
	}
	for (int s = 0; s < PL_PB_SECTIONS; s++) {
		const char *name = section_names[s];
		size_t i = 0;
		while (i < n && name[i] != '\0' && (line[i] & ~0x20) == name[i]) i++;
		if (i == n && name[i] == '\0') return (pl_pb_section)s;
	}
	return PL_PB_SECTIONS;
}

/// Is the text still within quotes at the end of the line? Quotes open only where a cell
/// begins.
static bool within_quotes(bool within, const char *line, size_t n)
{
	bool begins = true;
	for (size_t i = 0; i < n; i++) {
		if (within)
			within = line[i] != '"';
		else if (line[i] == '"')
			within = begins || (i > 0 && line[i - 1] == '"');
		begins = !within && line[i] == ';';
	}
	return within;
}

static bool is_blank(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_filler(line[i])) return false;
	return true;
}

/// Note where a section begins, or that a line belongs to none.
static pl_status take_line(pl_pb_reader *r, pl_pb_part **now, const char *line, size_t n,
                           int64_t number, pl_error *err)
{
	const pl_pb_section s = pl_pb_named(line, n);
	if (s == PL_PB_SECTIONS && (*now != NULL || is_blank(line, n))) return PL_OK;
	if (s == PL_PB_SECTIONS)
		return pl_pb_refuse(
		        r, err, number,
		        "a line before the first section; a Pabulib file begins with a "
		        "line META");
	pl_pb_part *p = &r->part[s];
	if (p->line > 0)
		return pl_pb_refuse(r, err, number, "a second section %s", section_names[s]);
	if (*now != NULL) (*now)->n = (size_t)(line - (*now)->from);
	*p = (pl_pb_part){.line = number + 1};
	*now = p;
	return PL_OK;
}

pl_status pl_pb_find_sections(pl_pb_reader *r, const char *at, size_t n, pl_error *err)
{
	const char *const end = at + n;
	pl_pb_part *now = NULL;
	bool within = false;
	if (n >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) at += 3;
	for (int64_t number = 1; at < end; number++) {
		const char *const feed = memchr(at, '\n', (size_t)(end - at));
		const char *const next = feed == NULL ? end : feed + 1;
		const size_t length = (size_t)((feed == NULL ? end : feed) - at);
		if (!within) PL_TRY(take_line(r, &now, at, length, number, err));
		within = within_quotes(within, at, length);
		if (now != NULL && now->line == number + 1) now->from = next;
		at = next;
	}
	if (now != NULL) now->n = (size_t)(end - now->from);
	return PL_OK;
}

/// Open a section's table. @param columns that it needs, ended by NULL @param[out] found theirs
static pl_status open_section(pl_csv **out, pl_pb_reader *r, pl_pb_section s,
                              const char *const *columns, int32_t *found, pl_error *err)
{
	const pl_pb_part *p = &r->part[s];
	*out = NULL;
	if (p->line == 0)
		return pl_pb_refuse(r, err, 0, "there is no section %s", section_names[s]);
	if (is_blank(p->from, p->n < 1024 ? p->n : 1024) && p->n < 1024)
		return pl_pb_refuse(r, err, p->line,
		                    "the section %s is empty; its first row names "
		                    "the columns",
		                    section_names[s]);
	PL_TRY(pl_csv_open_part(out, p->from, p->n, p->line, r->shown, err));
	for (int i = 0; columns[i] != NULL; i++) {
		found[i] = pl_csv_find(*out, columns[i]);
		if (found[i] >= 0) continue;
		pl_csv_close(*out);
		*out = NULL;
		return pl_pb_refuse(r, err, p->line, "the section %s has no column \"%s\"",
		                    section_names[s], columns[i]);
	}
	return PL_OK;
}

pl_status pl_pb_read_rows(pl_pb_reader *r, pl_pb_section s, const char *const *columns,
                          int64_t stated, pl_pb_each_row *take, pl_error *err)
{
	int32_t at[4] = {0};
	pl_csv *c;
	int64_t n = 0;
	PL_TRY(open_section(&c, r, s, columns, at, err));
	bool got = true;
	pl_status status = PL_OK;
	while (status == PL_OK && got) {
		status = pl_csv_next(&got, c, err);
		if (status != PL_OK || !got) continue;
		status = take(r, c, at, err);
		n++;
	}
	pl_csv_close(c);
	if (status == PL_OK && stated >= 0 && n != stated)
		return pl_pb_refuse(r, err, r->part[s].line,
		                    "META says %" PRId64
		                    " rows for this section %s, but it has %" PRId64
		                    "; is the file complete?",
		                    stated, section_names[s], n);
	return status;
}
