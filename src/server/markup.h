/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* markup.h - plain pages for people, without scripts. What somebody typed reaches a page
 * through pl_markup_text alone, which escapes it. */
#ifndef PL_SERVER_MARKUP_H
#define PL_SERVER_MARKUP_H
#include "base/text.h"

/// Begin with {.base = ...}.
typedef struct {
	pl_bytes bytes;
	const char *base; ///< in front of every address
	bool failed;      ///< there was no memory for all of it
} pl_markup;

void pl_markup_raw(pl_markup *p, const char *markup); ///< our own
void pl_markup_text(pl_markup *p, const char *text);  ///< anybody's, also within quotes
/// Our own, with %s escaped and %d a whole number (long long).
void pl_markup_begin(pl_markup *p, const char *title);
void pl_markup_end(pl_markup *p);
/// The form to log in. @param code filled in; "" for none @param why a sentence, "" for none
void pl_markup_login(pl_markup *p, const char *code, const char *why);
/// How all pages look.
extern const char pl_markup_style[];
#endif
