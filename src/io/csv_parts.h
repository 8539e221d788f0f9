/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_parts.h - what the files of the reader of CSV share. */
#ifndef PL_IO_CSV_PARTS_H
#define PL_IO_CSV_PARTS_H
#include "io/csv.h"

#include "base/scan.h"
#include "base/text.h"

#include <sys/types.h>

enum { PL_CSV_END = -1, PL_CSV_BROKEN = -2, PL_CSV_SHOWN_MOST = 256 };

typedef struct {
	const char *name;
	int32_t column;
} pl_csv_column;

/* Where the bytes come from: a file, or memory that is copied chunk by chunk, since the plain
 * road writes into its chunk. */
typedef struct {
	int fd; /* -1: what is left in memory */
	const unsigned char *left;
	size_t n_left;
	unsigned char *chunk;
	size_t room, n, at; /* of the chunk: bytes it can hold, holds, and taken */
} pl_csv_source;

typedef struct {
	int32_t at, end; /* offsets into pl_csv.base */
} pl_csv_place;

struct pl_csv {
	char shown[PL_CSV_SHOWN_MOST];
	pl_csv_source in;
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
	pl_csv_place *cell; /* [cell_room] */
	int64_t cell_room;
	bool has_text;          /* some cell of this row is not empty */
	bool printable;         /* every cell of this row is printable ASCII */
	pl_bytes names;         /* the header's text, kept */
	int32_t *name_at;       /* [columns] offsets into names */
	pl_csv_column *by_name; /* [columns] sorted */
	int32_t columns;
	int64_t comma_line, point_line; /* first number with that mark; 0: none yet */
	bool mixed_told;
};

/* A fault that hides the rest of the table. */
#define PL_CSV_BREAK(c, err, code, at, ...) ((c)->fault = pl_fail(err, code, at, __VA_ARGS__))

pl_status pl_csv_no_memory(pl_csv *c, pl_error *err);

/* ---- bytes and rows, the long road: csv_row.c ---- */

/* Up to `most` bytes to `to`. @return how many; 0 at the end, -1 where the system refuses */
ssize_t pl_csv_take_from(pl_csv_source *in, unsigned char *to, size_t most);
/* The chunk now holds other bytes: list its marks anew. */
void pl_csv_forget_marks(pl_csv *c);
/* The next byte without taking it, PL_CSV_END, or PL_CSV_BROKEN. */
int pl_csv_peek(pl_csv *c, pl_error *err);
/* Take the next byte; CRLF counts as '\n'. */
int pl_csv_take(pl_csv *c, pl_error *err);
/* Read one row. @param[out] got false where nothing was left */
pl_status pl_csv_row(bool *got, pl_csv *c, pl_error *err);

/* Read one row the plain road: csv_plain.c. @return false: nothing changed, the long road has
 * to read it */
bool pl_csv_plain_row(pl_csv *c);

/* Read the header, and find the delimiter: csv_header.c. */
pl_status pl_csv_header_read(pl_csv *c, pl_error *err);
#endif
