/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter.h - a mail as it goes out (RFC 5322, 2045, 2047). What anybody typed is in it in
 * base64 alone, so that nothing in it can be a header. */
#ifndef PL_SERVER_LETTER_H
#define PL_SERVER_LETTER_H
#include "base/text.h"

enum { PL_ADDRESS_CHARS = 255 };

/// Is it one address, such as ada@example.org, and nothing else? Quotes, comments, names and
/// letters that are not ASCII are refused.
bool pl_letter_is_address(const char *text);

typedef struct {
	const char *from, *to; ///< addresses
	const char *subject, *text;
	int64_t time;   ///< seconds since 1970
	const char *id; ///< letters and digits, another one for each mail
} pl_letter;
/// @return PL_OK; PL_EARG with a sentence (no address); PL_ENOMEM
pl_status pl_letter_write(pl_bytes *out, const pl_letter *l, pl_error *err);
#endif
