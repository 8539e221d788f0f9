/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Input comes in chunks, of which the bytes that mean something (delimiters, line ends, quotes)
 * are listed many at a time. There are two roads to a row. The plain one walks that list and
 * leaves the cells where they lie in the chunk, each ended by a NUL. At the first thing that is
 * out of the ordinary (a quote within a quote, a line break or a tab within a cell, a fault, a
 * row that the chunk does not hold) it changes nothing, and the long road reads the row again,
 * byte by byte, into `text`. All rules of the format are told there; the plain road knows only
 * rows of which it can be sure. Nothing but the chunk grows with a row (io-1).
 *
 * Here: tables that are opened, asked and closed. csv_plain.c and csv_row.c are the two roads,
 * csv_header.c, csv_number.c and csv_put.c what their names say. */
#include "io/csv_parts.h"

#include "base/alloc.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK = 1 << 18, /* bytes read at once: they stay in the processor's second cache */
	MARKS = 1 << 12  /* listed at once */
};

/* @param chunk bytes to read at once, above 0 */
static pl_csv *table_new(const char *shown, size_t chunk)
{
	pl_csv *c = pl_alloc(1, sizeof *c);
	if (c == NULL) return NULL;
	(void)snprintf(c->shown, sizeof c->shown, "%s", shown);
	c->in.fd = -1;
	c->line = 1;
	c->in.room = chunk;
	c->in.chunk = pl_alloc((int64_t)chunk, 1);
	c->marks.room = MARKS;
	c->marks.at = pl_alloc(MARKS, sizeof *c->marks.at);
	if (c->in.chunk != NULL && c->marks.at != NULL) return c;
	pl_csv_close(c);
	return NULL;
}

/* Open the file; a folder opens too, but cannot be read. */
static pl_status file_open(pl_csv *c, const char *path, pl_error *err)
{
	do {
		c->in.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	} while (c->in.fd < 0 && errno == EINTR);
	if (c->in.fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return pl_fail(err, PL_ENOTFOUND, -1, "%s: there is no such file", c->shown);
	if (c->in.fd < 0)
		return pl_fail(err, PL_EIO, -1, "%s: cannot be opened: %s", c->shown,
		               strerror(errno));
	struct stat info;
	if (fstat(c->in.fd, &info) == 0 && S_ISDIR(info.st_mode))
		return pl_fail(err, PL_EIO, -1, "%s: this is a folder, not a table", c->shown);
	return PL_OK;
}

pl_status pl_csv_open(pl_csv **out, const char *path, const char *shown, pl_error *err)
{
	*out = NULL;
	pl_csv *c = table_new(shown, CHUNK);
	if (c == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to read %s", shown);
	pl_status status = file_open(c, path, err);
	if (status == PL_OK) status = pl_csv_header_read(c, err);
	if (status != PL_OK) {
		pl_csv_close(c);
		return status;
	}
	*out = c;
	return PL_OK;
}

pl_status pl_csv_open_part(pl_csv **out, const void *bytes, size_t n, int64_t line,
                           const char *shown, pl_error *err)
{
	*out = NULL;
	pl_csv *c = table_new(shown, n == 0 ? 1 : n < CHUNK ? n : CHUNK);
	if (c == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to read %s", shown);
	c->in.left = bytes;
	c->in.n_left = n;
	c->line = line;
	const pl_status status = pl_csv_header_read(c, err);
	if (status != PL_OK) {
		pl_csv_close(c);
		return status;
	}
	*out = c;
	return PL_OK;
}

pl_status pl_csv_open_bytes(pl_csv **out, const void *bytes, size_t n, const char *shown,
                            pl_error *err)
{
	return pl_csv_open_part(out, bytes, n, 1, shown, err);
}

void pl_csv_close(pl_csv *c)
{
	if (c == NULL) return;
	if (c->in.fd >= 0) (void)close(c->in.fd);
	pl_free(c->in.chunk);
	pl_free(c->marks.at);
	pl_bytes_free(&c->text);
	pl_bytes_free(&c->names);
	pl_free(c->cell);
	pl_free(c->name_at);
	pl_free(c->by_name);
	pl_free(c);
}

int32_t pl_csv_columns(const pl_csv *c)
{
	return c->columns;
}

const char *pl_csv_name(const pl_csv *c, int32_t column)
{
	return c->names.at + c->name_at[column];
}

int32_t pl_csv_find(const pl_csv *c, const char *name)
{
	int32_t low = 0, high = c->columns;
	while (low < high) {
		const int32_t mid = low + (high - low) / 2;
		const int order = strcmp(c->by_name[mid].name, name);
		if (order == 0) return c->by_name[mid].column;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

pl_status pl_csv_next(bool *got, pl_csv *c, pl_error *err)
{
	*got = false;
	if (c->fault != PL_OK) return PL_OK;
	do {
		*got = pl_csv_plain_row(c);
		if (!*got) PL_TRY(pl_csv_row(got, c, err));
	} while (*got && !c->has_text);
	if (*got && c->n_cells > c->columns) {
		*got = false;
		return pl_fail(
		        err, PL_EPARSE, c->row_line,
		        "%s:%lld: this row has %d cells, but the header names %d columns "
		        "(a cell that holds \"%s\" must be quoted)",
		        c->shown, (long long)c->row_line, (int)c->n_cells, (int)c->columns,
		        c->delimiter == '\t' ? "tab" : (char[]){c->delimiter, '\0'});
	}
	return PL_OK;
}

bool pl_csv_broken(const pl_csv *c)
{
	return c->fault != PL_OK;
}

int64_t pl_csv_line(const pl_csv *c)
{
	return c->row_line;
}

const char *pl_csv_shown(const pl_csv *c)
{
	return c->shown;
}

const char *pl_csv_text(bool *printable, const pl_csv *c, int32_t column)
{
	*printable = c->printable;
	return pl_csv_cell(c, column);
}

const char *pl_csv_cell(const pl_csv *c, int32_t column)
{
	return column < c->n_cells ? c->base + c->cell[column].at : "";
}

const char *pl_csv_ahead(int64_t *n, const pl_csv *c, int32_t rows, int32_t column)
{
	const int64_t end = c->next_mark + (int64_t)(rows - 1) * c->columns + column;
	*n = 0;
	if (end < 1 || end >= c->marks.n) return NULL;
	const uint32_t from = c->marks.at[end - 1] + 1;
	*n = (int64_t)c->marks.at[end] - from;
	return (const char *)c->in.chunk + from;
}
