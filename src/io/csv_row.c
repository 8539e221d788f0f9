/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_row.c - a row of a table byte by byte: all rules of the format (csv.c has the map). */
#include "io/csv_parts.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

pl_status pl_csv_no_memory(pl_csv *c, pl_error *err)
{
	return PL_CSV_BREAK(c, err, PL_ENOMEM, c->line, "no memory to read %s", c->shown);
}

/* ---- bytes ---- */

/* Up to `most` bytes to `to`. @return how many; 0 at the end, -1 where the system refuses */
ssize_t pl_csv_take_from(pl_csv_source *in, unsigned char *to, size_t most)
{
	ssize_t n;
	if (in->fd < 0) {
		n = (ssize_t)(in->n_left < most ? in->n_left : most);
		if (n > 0) memcpy(to, in->left, (size_t)n);
		in->left += n;
		in->n_left -= (size_t)n;
		return n;
	}
	do {
		n = read(in->fd, to, most);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* The chunk now holds other bytes: list its marks anew. */
void pl_csv_forget_marks(pl_csv *c)
{
	c->marks.n = 0;
	c->marks.high = false;
	c->next_mark = 0;
	c->scanned = c->in.at;
}

/* The next byte without taking it, PL_CSV_END, or PL_CSV_BROKEN. */
int pl_csv_peek(pl_csv *c, pl_error *err)
{
	pl_csv_source *in = &c->in;
	if (in->at < in->n) return in->chunk[in->at];
	if (in->room == 0) return PL_CSV_END; /* a header */
	const ssize_t n = pl_csv_take_from(in, in->chunk, in->room);
	if (n < 0) {
		(void)PL_CSV_BREAK(c, err, PL_EIO, c->line, "%s:%lld: cannot be read: %s",
		                   c->shown, (long long)c->line, strerror(errno));
		return PL_CSV_BROKEN;
	}
	in->at = 0;
	in->n = (size_t)n;
	pl_csv_forget_marks(c);
	return n > 0 ? in->chunk[0] : PL_CSV_END;
}

static int bad_byte(pl_csv *c, int byte, pl_error *err)
{
	const char *what = byte == 0      ? "a NUL byte (is this a binary file, or UTF-16?)"
	                   : byte == '\r' ? "a carriage return without a line feed"
	                                  : "a control character";
	(void)PL_CSV_BREAK(c, err, PL_EPARSE, c->line,
	                   "%s:%lld: %s; save the table as CSV in UTF-8", c->shown,
	                   (long long)c->line, what);
	return PL_CSV_BROKEN;
}

static int too_long(pl_csv *c, pl_error *err)
{
	(void)PL_CSV_BREAK(
	        c, err, PL_EPARSE, c->row_line,
	        "%s:%lld: the row that begins here is longer than %lld bytes (is a quote "
	        "never closed?)",
	        c->shown, (long long)c->row_line, (long long)c->raw_most);
	return PL_CSV_BROKEN;
}

/* Take the next byte; CRLF counts as '\n'. */
int pl_csv_take(pl_csv *c, pl_error *err)
{
	int byte = pl_csv_peek(c, err);
	if (byte < 0) return byte;
	c->in.at++;
	if (++c->raw > c->raw_most) return too_long(c, err);
	if (byte >= 0x20 && byte != 0x7F) return byte;
	if (byte == '\r') {
		const int next = pl_csv_peek(c, err);
		if (next == PL_CSV_BROKEN) return PL_CSV_BROKEN;
		if (next != '\n') return bad_byte(c, byte, err);
		c->in.at++;
		byte = '\n';
	}
	if (byte != '\n' && byte != '\t') return bad_byte(c, byte, err);
	if (byte == '\n') c->line++;
	return byte;
}

/* ---- cells ---- */

static pl_status put(pl_csv *c, int byte, pl_error *err)
{
	if (c->text.n - c->cell_start >= PL_CSV_MAX_CELL)
		return PL_CSV_BREAK(
		        c, err, PL_EPARSE, c->row_line,
		        "%s:%lld: cell %d of the row that begins here is longer than %d "
		        "bytes (is a quote never closed?)",
		        c->shown, (long long)c->row_line, (int)c->n_cells + 1,
		        (int)PL_CSV_MAX_CELL);
	if (c->text.n == c->text.room && pl_bytes_reserve(&c->text, 1) != PL_OK)
		return pl_csv_no_memory(c, err);
	c->text.at[c->text.n++] = (char)byte;
	return PL_OK;
}

static bool blank(int byte)
{
	return byte == ' ' || byte == '\t'; /* a tab that delimits is met before */
}

static void trim(pl_csv *c)
{
	const char *at = c->text.at;
	int64_t from = c->cell_start;
	while (c->text.n > from && blank(at[c->text.n - 1])) c->text.n--;
	while (from < c->text.n && blank(at[from])) from++;
	if (from == c->cell_start) return;
	memmove(c->text.at + c->cell_start, at + from, (size_t)(c->text.n - from));
	c->text.n -= from - c->cell_start;
}

/* Room for the places of n cells. */
static bool cell_room(pl_csv *c, int64_t n)
{
	if (n <= c->cell_room) return true;
	const int64_t room = pl_grow_room(c->cell_room, n);
	pl_csv_place *longer = pl_grow(c->cell, c->cell_room, room, sizeof *longer);
	if (longer == NULL) return false;
	c->cell = longer;
	c->cell_room = room;
	return true;
}

/* Trim, validate and keep the cell; a cell beyond the columns is only counted. */
static pl_status cell_end(pl_csv *c, pl_error *err)
{
	if (pl_bytes_reserve(&c->text, 1) != PL_OK) return pl_csv_no_memory(c, err);
	trim(c);
	const int64_t n = c->text.n - c->cell_start;
	if (pl_utf8_fault(c->text.at + c->cell_start, n) >= 0)
		return PL_CSV_BREAK(
		        c, err, PL_EPARSE, c->row_line,
		        "%s:%lld: cell %d is not valid UTF-8; save the table as CSV in UTF-8",
		        c->shown, (long long)c->row_line, (int)c->n_cells + 1);
	if (n > 0) c->has_text = true;
	if (c->n_cells < c->cell_most) {
		if (!cell_room(c, (int64_t)c->n_cells + 1)) return pl_csv_no_memory(c, err);
		c->cell[c->n_cells] =
		        (pl_csv_place){(int32_t)c->cell_start, (int32_t)c->text.n};
		c->text.at[c->text.n++] = '\0';
		c->cell_start = c->text.n;
	}
	c->text.n = c->cell_start;
	c->n_cells++;
	return PL_OK;
}

/* What stands between the quotes; the opening one has been taken. */
static pl_status quoted(pl_csv *c, pl_error *err)
{
	const int64_t opened = c->line;
	for (;;) {
		const int byte = pl_csv_take(c, err);
		if (byte == PL_CSV_BROKEN) return c->fault;
		if (byte == PL_CSV_END)
			return PL_CSV_BREAK(
			        c, err, PL_EPARSE, opened,
			        "%s:%lld: the quote that opens here is never closed", c->shown,
			        (long long)opened);
		if (byte == '"') {
			const int next = pl_csv_peek(c, err);
			if (next == PL_CSV_BROKEN) return c->fault;
			if (next != '"') return PL_OK;
			if (pl_csv_take(c, err) == PL_CSV_BROKEN) return c->fault;
		}
		PL_TRY(put(c, byte, err));
	}
}

static pl_status misplaced_quote(pl_csv *c, bool was_quoted, pl_error *err)
{
	return PL_CSV_BREAK(
	        c, err, PL_EPARSE, c->line, "%s:%lld: %s", c->shown, (long long)c->line,
	        was_quoted ? "text follows a closing quote (a quote inside a quoted cell is "
	                     "written twice)"
	                   : "a quote stands inside a cell that does not begin with one "
	                     "(quote the whole cell and write the inner quote twice)");
}

/* Read one cell. @param[out] last the byte that ended it: delimiter, '\n' or PL_CSV_END */
static pl_status cell(int *last, pl_csv *c, pl_error *err)
{
	bool was_quoted = false, bare = false;
	for (;;) {
		const int byte = pl_csv_take(c, err);
		if (byte == PL_CSV_BROKEN) return c->fault;
		if (byte == PL_CSV_END || byte == '\n' || byte == c->delimiter) {
			*last = byte;
			return cell_end(c, err);
		}
		if (blank(byte) && (was_quoted || !bare)) continue;
		if (was_quoted || (byte == '"' && bare))
			return misplaced_quote(c, was_quoted, err);
		if (byte == '"') {
			was_quoted = true;
			PL_TRY(quoted(c, err));
		} else {
			bare = true;
			PL_TRY(put(c, byte, err));
		}
	}
}

/* Read one row. @param[out] got false where nothing was left */
pl_status pl_csv_row(bool *got, pl_csv *c, pl_error *err)
{
	*got = false;
	c->text.n = c->cell_start = c->raw = 0;
	c->n_cells = 0;
	c->has_text = c->printable = false;
	c->row_line = c->line;
	const int first = pl_csv_peek(c, err);
	if (first == PL_CSV_BROKEN) return c->fault;
	if (first == PL_CSV_END) return PL_OK;
	int last = PL_CSV_END;
	do {
		PL_TRY(cell(&last, c, err));
	} while (last == c->delimiter);
	c->base = c->text.at;
	*got = true;
	return PL_OK;
}
