/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Input comes in chunks, of which the bytes that mean something (delimiters, line ends, quotes)
 * are listed many at a time. There are two roads to a row. The plain one walks that list and
 * leaves the cells where they lie in the chunk, each ended by a NUL. At the first thing that is
 * out of the ordinary (a quote within a quote, a line break or a tab within a cell, a fault, a
 * row that the chunk does not hold) it changes nothing, and the long road reads the row again,
 * byte by byte, into `text`. All rules of the format are told there; the plain road knows only
 * rows of which it can be sure. Nothing but the chunk grows with a row (io-1). */
#include "io/csv.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/scan.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	CHUNK = 1 << 18, /* bytes read at once: they stay in the processor's second cache */
	CHUNK_MOST = 1 << 22, /* for rows of so many numbers as a header may have columns */
	MARKS = 1 << 12,      /* listed at once */
	END = -1,
	BROKEN = -2,
	SHOWN_MOST = 256
};

typedef struct {
	const char *name;
	int32_t column;
} column_name;

/* Where the bytes come from: a file, or memory that is copied chunk by chunk, since the plain
 * road writes into its chunk. */
typedef struct {
	int fd; /* -1: what is left in memory */
	const unsigned char *left;
	size_t n_left;
	unsigned char *chunk;
	size_t room, n, at; /* of the chunk: bytes it can hold, holds, and taken */
} source;

typedef struct {
	int32_t at, end; /* offsets into pl_csv.base */
} cell_place;

struct pl_csv {
	char shown[SHOWN_MOST];
	source in;
	char delimiter;
	pl_status fault;        /* what hid the rest of the table; PL_OK: nothing */
	int64_t line, row_line; /* of the next byte, of the row's first */
	int64_t raw, raw_most;  /* bytes of this row so far, and allowed */
	pl_marks marks; /* of chunk[.., scanned), those before next_mark being done with */
	int32_t next_mark;
	size_t scanned;
	char *base; /* where the cells of this row lie: the chunk, or text.at */
	pl_bytes text;
	int64_t cell_start; /* in text, of the cell being read */
	int32_t n_cells;    /* of this row, also those beyond cell_most */
	int32_t cell_most;  /* cells that are kept */
	cell_place *cell;   /* [cell_room] */
	int64_t cell_room;
	bool has_text;        /* some cell of this row is not empty */
	bool printable;       /* every cell of this row is printable ASCII */
	pl_bytes names;       /* the header's text, kept */
	int32_t *name_at;     /* [columns] offsets into names */
	column_name *by_name; /* [columns] sorted */
	int32_t columns;
	int64_t comma_line, point_line; /* first number with that mark; 0: none yet */
	bool mixed_told;
};

/* A fault that hides the rest of the table. */
#define BREAK(c, err, code, at, ...) ((c)->fault = pl_fail(err, code, at, __VA_ARGS__))

static pl_status no_memory(pl_csv *c, pl_error *err)
{
	return BREAK(c, err, PL_ENOMEM, c->line, "no memory to read %s", c->shown);
}

/* ---- bytes ---- */

/* Up to `most` bytes to `to`. @return how many; 0 at the end, -1 where the system refuses */
static ssize_t take_from(source *in, unsigned char *to, size_t most)
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
static void forget_marks(pl_csv *c)
{
	c->marks.n = 0;
	c->marks.high = false;
	c->next_mark = 0;
	c->scanned = c->in.at;
}

/* The next byte without taking it, END, or BROKEN. */
static int peek(pl_csv *c, pl_error *err)
{
	source *in = &c->in;
	if (in->at < in->n) return in->chunk[in->at];
	if (in->room == 0) return END; /* a header */
	const ssize_t n = take_from(in, in->chunk, in->room);
	if (n < 0) {
		(void)BREAK(c, err, PL_EIO, c->line, "%s:%lld: cannot be read: %s", c->shown,
		            (long long)c->line, strerror(errno));
		return BROKEN;
	}
	in->at = 0;
	in->n = (size_t)n;
	forget_marks(c);
	return n > 0 ? in->chunk[0] : END;
}

static int bad_byte(pl_csv *c, int byte, pl_error *err)
{
	const char *what = byte == 0      ? "a NUL byte (is this a binary file, or UTF-16?)"
	                   : byte == '\r' ? "a carriage return without a line feed"
	                                  : "a control character";
	(void)BREAK(c, err, PL_EPARSE, c->line, "%s:%lld: %s; save the table as CSV in UTF-8",
	            c->shown, (long long)c->line, what);
	return BROKEN;
}

static int too_long(pl_csv *c, pl_error *err)
{
	(void)BREAK(c, err, PL_EPARSE, c->row_line,
	            "%s:%lld: the row that begins here is longer than %lld bytes (is a quote "
	            "never closed?)",
	            c->shown, (long long)c->row_line, (long long)c->raw_most);
	return BROKEN;
}

/* Take the next byte; CRLF counts as '\n'. */
static int take(pl_csv *c, pl_error *err)
{
	int byte = peek(c, err);
	if (byte < 0) return byte;
	c->in.at++;
	if (++c->raw > c->raw_most) return too_long(c, err);
	if (byte >= 0x20 && byte != 0x7F) return byte;
	if (byte == '\r') {
		const int next = peek(c, err);
		if (next == BROKEN) return BROKEN;
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
		return BREAK(c, err, PL_EPARSE, c->row_line,
		             "%s:%lld: cell %d of the row that begins here is longer than %d "
		             "bytes (is a quote never closed?)",
		             c->shown, (long long)c->row_line, (int)c->n_cells + 1,
		             (int)PL_CSV_MAX_CELL);
	if (c->text.n == c->text.room && pl_bytes_reserve(&c->text, 1) != PL_OK)
		return no_memory(c, err);
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
	cell_place *longer = pl_grow(c->cell, c->cell_room, room, sizeof *longer);
	if (longer == NULL) return false;
	c->cell = longer;
	c->cell_room = room;
	return true;
}

/* Trim, validate and keep the cell; a cell beyond the columns is only counted. */
static pl_status cell_end(pl_csv *c, pl_error *err)
{
	if (pl_bytes_reserve(&c->text, 1) != PL_OK) return no_memory(c, err);
	trim(c);
	const int64_t n = c->text.n - c->cell_start;
	if (pl_utf8_fault(c->text.at + c->cell_start, n) >= 0)
		return BREAK(
		        c, err, PL_EPARSE, c->row_line,
		        "%s:%lld: cell %d is not valid UTF-8; save the table as CSV in UTF-8",
		        c->shown, (long long)c->row_line, (int)c->n_cells + 1);
	if (n > 0) c->has_text = true;
	if (c->n_cells < c->cell_most) {
		if (!cell_room(c, (int64_t)c->n_cells + 1)) return no_memory(c, err);
		c->cell[c->n_cells] = (cell_place){(int32_t)c->cell_start, (int32_t)c->text.n};
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
		const int byte = take(c, err);
		if (byte == BROKEN) return c->fault;
		if (byte == END)
			return BREAK(c, err, PL_EPARSE, opened,
			             "%s:%lld: the quote that opens here is never closed",
			             c->shown, (long long)opened);
		if (byte == '"') {
			const int next = peek(c, err);
			if (next == BROKEN) return c->fault;
			if (next != '"') return PL_OK;
			if (take(c, err) == BROKEN) return c->fault;
		}
		PL_TRY(put(c, byte, err));
	}
}

static pl_status misplaced_quote(pl_csv *c, bool was_quoted, pl_error *err)
{
	return BREAK(c, err, PL_EPARSE, c->line, "%s:%lld: %s", c->shown, (long long)c->line,
	             was_quoted
	                     ? "text follows a closing quote (a quote inside a quoted cell is "
	                       "written twice)"
	                     : "a quote stands inside a cell that does not begin with one "
	                       "(quote the whole cell and write the inner quote twice)");
}

/* Read one cell. @param[out] last the byte that ended it: delimiter, '\n' or END */
static pl_status cell(int *last, pl_csv *c, pl_error *err)
{
	bool was_quoted = false, bare = false;
	for (;;) {
		const int byte = take(c, err);
		if (byte == BROKEN) return c->fault;
		if (byte == END || byte == '\n' || byte == c->delimiter) {
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
static pl_status row(bool *got, pl_csv *c, pl_error *err)
{
	*got = false;
	c->text.n = c->cell_start = c->raw = 0;
	c->n_cells = 0;
	c->has_text = c->printable = false;
	c->row_line = c->line;
	const int first = peek(c, err);
	if (first == BROKEN) return c->fault;
	if (first == END) return PL_OK;
	int last = END;
	do {
		PL_TRY(cell(&last, c, err));
	} while (last == c->delimiter);
	c->base = c->text.at;
	*got = true;
	return PL_OK;
}

/* ---- rows, the plain road ---- */

/* Move what is left to the front of the chunk and read on behind it; a row that fills the
 * chunk gets a larger one. @return false: nothing came, or the row is one for the
 * long road */
static bool fill(pl_csv *c)
{
	source *in = &c->in;
	const size_t held = in->n - in->at;
	if (held == in->room) {
		if (in->room >= CHUNK_MOST) return false;
		unsigned char *larger =
		        pl_grow(in->chunk, (int64_t)in->room, (int64_t)(2 * in->room), 1);
		if (larger == NULL) return false; /* the long road needs less */
		in->chunk = larger;
		in->room *= 2;
	}
	if (held > 0) memmove(in->chunk, in->chunk + in->at, held);
	in->at = 0;
	in->n = held;
	forget_marks(c);
	ssize_t n = 1;
	while (in->n < in->room && n > 0) {
		n = take_from(in, in->chunk + in->n, in->room - in->n);
		if (n > 0) in->n += (size_t)n;
	}
	return in->n > held;
}

/* List marks of what follows. @return false: the chunk ends first */
static bool more_marks(pl_csv *c)
{
	c->next_mark = 0;
	do {
		c->marks.n = 0;
		if (c->scanned >= c->in.n) return false;
		c->scanned = pl_scan(&c->marks, c->in.chunk, c->scanned, c->in.n, c->delimiter);
	} while (c->marks.n == 0);
	return true;
}

/* A cell of the chunk that is long, or in a chunk that is not all ASCII, or has blanks at its
 * ends, which are left out. @return false: it needs the long road */
static bool trim_plain(const pl_csv *c, size_t *begin, size_t *end)
{
	const unsigned char *chunk = c->in.chunk;
	if (*end - *begin > PL_CSV_MAX_CELL) return false;
	while (*end > *begin && chunk[*end - 1] == ' ') --*end;
	while (*begin < *end && chunk[*begin] == ' ') ++*begin;
	return !c->marks.high ||
	       pl_utf8_fault((const char *)chunk + *begin, (int64_t)(*end - *begin)) < 0;
}

/* The first mark at `from` or behind. @return false: the chunk ends first */
static inline bool mark_from(size_t *at, pl_csv *c, size_t from)
{
	do {
		if (c->next_mark == c->marks.n && !more_marks(c)) return false;
		*at = c->marks.at[c->next_mark++];
	} while (*at < from); /* passed on the long road, or a line feed behind its return */
	return true;
}

/* The quote that closes a cell whose text begins at `from`. Delimiters stand for themselves
 * before it, but a tab is a control character. @return false: not so plain */
static bool closing_quote(size_t *at, pl_csv *c, size_t from)
{
	const unsigned char *chunk = c->in.chunk;
	do {
		if (!mark_from(at, c, from)) return false;
	} while (chunk[*at] == (unsigned char)c->delimiter && c->delimiter != '\t');
	return chunk[*at] == '"';
}

/* Where the line ends that the mark at `at` ends; 0: that is no line end. */
static size_t line_end(const source *in, size_t at)
{
	if (in->chunk[at] == '\n') return at + 1;
	const bool both = in->chunk[at] == '\r' && at + 1 < in->n && in->chunk[at + 1] == '\n';
	return both ? at + 2 : 0;
}

/* The row at in.at, if it is plain and the chunk holds all of it.
 * @param[out] ended the chunk ended before the row did */
static bool walk_row(bool *ended, pl_csv *c)
{
	const unsigned char *chunk = c->in.chunk;
	const unsigned char delimiter = (unsigned char)c->delimiter;
	size_t from = c->in.at, at = 0;
	int32_t n = 0;
	bool has_text = false, comma = true;
	while (comma) {
		*ended = !mark_from(&at, c, from);
		if (*ended) return false;
		size_t begin = from, end = at;
		if (chunk[at] == '"') {
			begin = at + 1;
			if (at != from || !closing_quote(&end, c, begin)) return false;
			if (!mark_from(&at, c, end + 1) || at != end + 1) return false;
		}
		comma = chunk[at] == delimiter;
		from = comma ? at + 1 : line_end(&c->in, at);
		if (from == 0) return false;
		const bool awkward =
		        end > begin && (chunk[begin] == ' ' || chunk[end - 1] == ' ' ||
		                        c->marks.high || end - begin > PL_CSV_MAX_CELL);
		if (awkward && !trim_plain(c, &begin, &end)) return false;
		has_text = has_text || end > begin;
		if (n < c->cell_most) c->cell[n] = (cell_place){(int32_t)begin, (int32_t)end};
		n++;
	}
	if ((int64_t)(from - c->in.at) > c->raw_most) return false;
	c->in.at = from;
	c->n_cells = n;
	c->has_text = has_text;
	return true;
}

static bool plain_row(pl_csv *c)
{
	bool ended = false;
	while (!walk_row(&ended, c))
		if (!ended || !fill(c)) return false;
	c->base = (char *)c->in.chunk;
	for (int32_t i = 0; i < c->n_cells && i < c->cell_most; i++)
		c->base[c->cell[i].end] = '\0';
	c->printable = !c->marks.high;
	c->row_line = c->line++;
	return true;
}

/* ---- header ---- */

/* Take the header's bytes as they are and count the marks outside quotes. */
static pl_status header_bytes(pl_bytes *header, pl_csv *c, pl_error *err)
{
	static const char marks[] = ",;\t";
	int64_t count[3] = {0};
	bool inside = false;
	c->raw = 0;
	c->row_line = c->line;
	for (;;) {
		const int byte = take(c, err);
		if (byte == BROKEN) return c->fault;
		if (byte == END) break;
		const char ch = (char)byte;
		if (pl_bytes_add(header, &ch, 1) != PL_OK) return no_memory(c, err);
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
	const source in = c->in;
	const int64_t line = c->line;
	c->in = (source){
	        .fd = -1, .chunk = (unsigned char *)header->at, .n = (size_t)header->n};
	c->line = c->row_line;
	const pl_status status = row(got, c, err);
	c->in = in;
	if (status == PL_OK) c->line = line;
	return status;
}

static int by_name(const void *a, const void *b)
{
	const column_name *p = a, *q = b;
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
		return BREAK(c, err, PL_EPARSE, line, "%s:%lld: more than %d columns", c->shown,
		             (long long)line, (int)PL_CSV_MAX_COLUMNS);
	c->columns = c->n_cells;
	c->name_at = pl_alloc(c->columns, sizeof *c->name_at);
	c->by_name = pl_alloc(c->columns, sizeof *c->by_name);
	if (c->name_at == NULL || c->by_name == NULL) return no_memory(c, err);
	c->names = c->text;
	c->text = (pl_bytes){0};
	for (int32_t i = 0; i < c->columns; i++) {
		const char *name = c->names.at + c->cell[i].at;
		c->name_at[i] = c->cell[i].at;
		c->by_name[i] = (column_name){name, i};
		if (*name == '\0' && i > 0)
			return BREAK(c, err, PL_EPARSE, line,
			             "%s:%lld: column %d has no name in the header; the first "
			             "row names every column",
			             c->shown, (long long)line, (int)i + 1);
		if (pl_utf8_control(name, (int64_t)strlen(name)) >= 0)
			return BREAK(c, err, PL_EPARSE, line,
			             "%s:%lld: the name of column %d holds a control character",
			             c->shown, (long long)line, (int)i + 1);
	}
	qsort(c->by_name, (size_t)c->columns, sizeof *c->by_name, by_name);
	for (int32_t i = 1; i < c->columns; i++)
		if (strcmp(c->by_name[i - 1].name, c->by_name[i].name) == 0)
			return BREAK(c, err, PL_EPARSE, line,
			             "%s:%lld: column \"%s\" stands twice in the header",
			             c->shown, (long long)line,
			             pl_text_brief(brief, c->by_name[i].name));
	c->cell_most = c->columns; /* there is room for them, the plain road relies on it */
	return PL_OK;
}

static pl_status skip_bom(pl_csv *c, pl_error *err)
{
	static const unsigned char bom[] = {0xEF, 0xBB, 0xBF};
	if (peek(c, err) == BROKEN) return c->fault;
	source *in = &c->in;
	if (in->n - in->at >= sizeof bom && memcmp(in->chunk + in->at, bom, sizeof bom) == 0)
		in->at += sizeof bom;
	return PL_OK;
}

static pl_status header_read(pl_csv *c, pl_error *err)
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
			status =
			        BREAK(c, err, PL_EPARSE, 0,
			              "%s: the table is empty; its first row names the columns",
			              c->shown);
	}
	pl_bytes_free(&header);
	if (status == PL_OK) status = header_keep(c, err);
	c->raw_most = PL_CSV_MAX_RECORD;
	forget_marks(c);
	return status;
}

/* ---- the table ---- */

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
	if (status == PL_OK) status = header_read(c, err);
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
	const pl_status status = header_read(c, err);
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
		*got = plain_row(c);
		if (!*got) PL_TRY(row(got, c, err));
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

/* ---- numbers ---- */

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
	const cell_place at = c->cell[column];
	if (at.end == at.at) return PL_OK;
	if (!pl_number_quick(out, &mark, c->base + at.at, at.end - at.at) ||
	    (mark == ',' && c->delimiter == ','))
		return slow_number(out, c, column, err);
	return mark == 0 ? PL_OK : note_mark(c, pl_csv_name(c, column), mark == ',', err);
}

/* ---- writing ---- */

/* Cells are short: taking the stream's lock for each would cost more than its bytes. */
void pl_csv_put_bare(FILE *to, const char *cell)
{
	for (const char *p = cell; *p != '\0'; p++) (void)putc_unlocked(*p, to);
}

static void put_quoted(FILE *to, const char *before, const char *cell)
{
	fprintf(to, "\"%s", before);
	for (const char *p = cell; *p != '\0'; p++) {
		if (*p == '"') (void)putc('"', to);
		(void)putc(*p, to);
	}
	(void)putc('"', to);
}

static bool must_be_quoted(const char *cell)
{
	return strncmp(cell, "\xEF\xBB\xBF", 3) == 0 || strpbrk(cell, ",;\t\"\r\n") != NULL;
}

void pl_csv_put(FILE *to, const char *cell)
{
	if (must_be_quoted(cell))
		put_quoted(to, "", cell);
	else
		pl_csv_put_bare(to, cell);
}

/* Source: OWASP, "CSV Injection", which names these characters. */
bool pl_csv_runs(const char *cell)
{
	static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
	                                   "\xEF\xBC\xA0"}; /* = + - @ */
	double number;
	const char *first = cell + strspn(cell, " ");
	bool runs = *first != '\0' && strchr("=+-@\t\r\n", *first) != NULL;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		runs = runs || strncmp(first, wide[i], strlen(wide[i])) == 0;
	return runs && pl_number_read(&number, cell) != PL_OK;
}

void pl_csv_put_safe(FILE *to, const char *cell)
{
	const bool quoted = cell[strspn(cell, " ")] == '\'';
	const char *before = quoted || pl_csv_runs(cell) ? "'" : "";
	if (must_be_quoted(cell)) {
		put_quoted(to, before, cell);
	} else {
		pl_csv_put_bare(to, before);
		pl_csv_put_bare(to, cell);
	}
}
