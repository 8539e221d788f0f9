/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_header.c - the header of a table: its delimiter and the names of its columns. */
#include "io/csv_parts.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/* Take the header's bytes as they are and count the marks outside quotes. */
static pl_status header_bytes(pl_bytes *header, pl_csv *c, pl_error *err)
{
	static const char marks[] = ",;\t";
	int64_t count[3] = {0};
	bool inside = false;
	c->raw = 0;
	c->row_line = c->line;
	for (;;) {
		const int byte = pl_csv_take(c, err);
		if (byte == PL_CSV_BROKEN) return c->fault;
		if (byte == PL_CSV_END) break;
		const char ch = (char)byte;
		if (pl_bytes_add(header, &ch, 1) != PL_OK) return pl_csv_no_memory(c, err);
		if (byte == '\n' && !inside) break;
		if (byte == '"') inside = !inside;
		const char *mark = inside ? NULL : strchr(marks, byte);
		if (mark != NULL) count[mark - marks]++;
	}
	c->delimiter = marks[0];
	int64_t most = count[0];
	for (int k = 1; k < 3; k++)
		if (count[k] > most) {
			most = count[k];
			c->delimiter = marks[k];
		}
	return PL_OK;
}

/* Parse those bytes with the machinery of a row. */
static pl_status header_row(bool *got, pl_csv *c, const pl_bytes *header, pl_error *err)
{
	const pl_csv_source in = c->in;
	const int64_t line = c->line;
	c->in = (pl_csv_source){
	        .fd = -1, .chunk = (unsigned char *)header->at, .n = (size_t)header->n};
	c->line = c->row_line;
	const pl_status status = pl_csv_row(got, c, err);
	c->in = in;
	if (status == PL_OK) c->line = line;
	return status;
}

static int by_name(const void *a, const void *b)
{
	const pl_csv_column *p = a, *q = b;
	const int order = strcmp(p->name, q->name);
	return order != 0 ? order : (p->column > q->column) - (p->column < q->column);
}

/* Keep the header's cells as column names; none may stand twice, and only the first, of a
 * column of row names, may be empty. */
static pl_status header_keep(pl_csv *c, pl_error *err)
{
	const int64_t line = c->row_line;
	char brief[PL_BRIEF_CHARS];
	if (c->n_cells > c->cell_most)
		return PL_CSV_BREAK(c, err, PL_EPARSE, line, "%s:%lld: more than %d columns",
		                    c->shown, (long long)line, (int)PL_CSV_MAX_COLUMNS);
	c->columns = c->n_cells;
	c->name_at = pl_alloc(c->columns, sizeof *c->name_at);
	c->by_name = pl_alloc(c->columns, sizeof *c->by_name);
	if (c->name_at == NULL || c->by_name == NULL) return pl_csv_no_memory(c, err);
	c->names = c->text;
	c->text = (pl_bytes){0};
	for (int32_t i = 0; i < c->columns; i++) {
		const char *name = c->names.at + c->cell[i].at;
		c->name_at[i] = c->cell[i].at;
		c->by_name[i] = (pl_csv_column){name, i};
		if (*name == '\0' && i > 0)
			return PL_CSV_BREAK(
			        c, err, PL_EPARSE, line,
			        "%s:%lld: column %d has no name in the header; the first "
			        "row names every column",
			        c->shown, (long long)line, (int)i + 1);
		if (pl_utf8_control(name, (int64_t)strlen(name)) >= 0)
			return PL_CSV_BREAK(
			        c, err, PL_EPARSE, line,
			        "%s:%lld: the name of column %d holds a control character",
			        c->shown, (long long)line, (int)i + 1);
	}
	qsort(c->by_name, (size_t)c->columns, sizeof *c->by_name, by_name);
	for (int32_t i = 1; i < c->columns; i++)
		if (strcmp(c->by_name[i - 1].name, c->by_name[i].name) == 0)
			return PL_CSV_BREAK(c, err, PL_EPARSE, line,
			                    "%s:%lld: column \"%s\" stands twice in the header",
			                    c->shown, (long long)line,
			                    pl_text_brief(brief, c->by_name[i].name));
	c->cell_most = c->columns; /* there is room for them, the plain road relies on it */
	return PL_OK;
}

static pl_status skip_bom(pl_csv *c, pl_error *err)
{
	static const unsigned char bom[] = {0xEF, 0xBB, 0xBF};
	if (pl_csv_peek(c, err) == PL_CSV_BROKEN) return c->fault;
	pl_csv_source *in = &c->in;
	if (in->n - in->at >= sizeof bom && memcmp(in->chunk + in->at, bom, sizeof bom) == 0)
		in->at += sizeof bom;
	return PL_OK;
}

pl_status pl_csv_header_read(pl_csv *c, pl_error *err)
{
	pl_bytes header = {0};
	bool got = false;
	c->raw_most = PL_CSV_MAX_HEADER;
	c->cell_most = PL_CSV_MAX_COLUMNS;
	pl_status status = skip_bom(c, err);
	while (status == PL_OK && !c->has_text) {
		header.n = 0;
		status = header_bytes(&header, c, err);
		if (status == PL_OK) status = header_row(&got, c, &header, err);
		if (status == PL_OK && !got)
			status = PL_CSV_BREAK(
			        c, err, PL_EPARSE, 0,
			        "%s: the table is empty; its first row names the columns",
			        c->shown);
	}
	pl_bytes_free(&header);
	if (status == PL_OK) status = header_keep(c, err);
	c->raw_most = PL_CSV_MAX_RECORD;
	pl_csv_forget_marks(c);
	return status;
}
