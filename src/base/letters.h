/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letters.h - UTF-8 as a reader sees it: letters, and how wide they stand. */
#ifndef PL_BASE_LETTERS_H
#define PL_BASE_LETTERS_H
#include <stddef.h>
#include <stdint.h>

/// Read one letter. @return bytes it takes; 1 where they are no UTF-8, *out then >= 0x80 or
/// what the first byte is
int pl_letter_read(uint32_t *out, const char *s);

/// Columns that a letter takes: 0 for marks that join the letter before, 2 for wide East
/// Asian letters and pictures, else 1.
int pl_letter_columns(uint32_t c);

/// Columns that UTF-8 text takes.
int pl_text_width(const char *s);
/// The same of its first @p n bytes.
int pl_text_columns(const char *s, size_t n);
#endif
