/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plain.h - a text file, a line at a time: UTF-8, a BOM is skipped, LF or CRLF. */
#ifndef PL_IO_PLAIN_H
#define PL_IO_PLAIN_H
#include "base/text.h"

#include <stdio.h>

enum { PL_PLAIN_LINE = 1 << 24, PL_PLAIN_CHUNK = 1 << 16 };

/// Begin with pl_plain_open; memory grows with the longest line, at most PL_PLAIN_LINE.
typedef struct {
	const char *shown;         ///< how messages name the file; borrowed
	int64_t line;              ///< of the text, from 1
	pl_bytes text;             ///< the line, without its end, ended by NUL
	FILE *from;                ///< NULL: memory
	const unsigned char *left; ///< [n_left] not yet looked at
	size_t n_left;
	unsigned char *chunk; ///< [PL_PLAIN_CHUNK] of a file
} pl_plain;

/// Open a file, or bytes (borrowed) where @p bytes is not NULL.
/// @return PL_OK, PL_ENOTFOUND, PL_EIO, PL_ENOMEM
pl_status pl_plain_open(pl_plain *out, const char *path, const char *shown, const void *bytes,
                        size_t n, pl_error *err);
void pl_plain_close(pl_plain *p); ///< also of {0}

/// The next line. Faults: NUL bytes and other control characters (tabs are none), invalid
/// UTF-8, a line that is too long. @param[out] got false at the end
/// @return PL_OK, PL_EPARSE, PL_EIO, PL_ENOMEM
pl_status pl_plain_next(bool *got, pl_plain *p, pl_error *err);
#endif
