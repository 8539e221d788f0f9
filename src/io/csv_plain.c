/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_plain.c - a row whose cells can stay where they lie in the chunk (csv.c has the map). It
 * knows only rows of which it can be sure; at the first thing that is out of the ordinary it
 * changes nothing. */
#include "io/csv_parts.h"

#include "base/grow.h"

#include <string.h>

enum { CHUNK_MOST = 1 << 22 }; /* for rows of so many numbers as a header may have columns */

/* Move what is left to the front of the chunk and read on behind it; a row that fills the
 * chunk gets a larger one. @return false: nothing came, or the row is one for the
 * long road */
static bool fill(pl_csv *c)
{
	pl_csv_source *in = &c->in;
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
	pl_csv_forget_marks(c);
	ssize_t n = 1;
	while (in->n < in->room && n > 0) {
		n = pl_csv_take_from(in, in->chunk + in->n, in->room - in->n);
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
static size_t line_end(const pl_csv_source *in, size_t at)
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
		if (n < c->cell_most) c->cell[n] = (pl_csv_place){(int32_t)begin, (int32_t)end};
		n++;
	}
	if ((int64_t)(from - c->in.at) > c->raw_most) return false;
	c->in.at = from;
	c->n_cells = n;
	c->has_text = has_text;
	return true;
}

bool pl_csv_plain_row(pl_csv *c)
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
