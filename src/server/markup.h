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
	bool known;       ///< somebody has logged in: pages link to one another
	bool failed;      ///< there was no memory for all of it
} pl_markup;

void pl_markup_raw(pl_markup *p, const char *markup); ///< our own
void pl_markup_text(pl_markup *p, const char *text);  ///< anybody's, also within quotes
/// Our own, with anybody's texts: %s is escaped, NULL is ""; whole numbers by PRId64.
void pl_markup_put(pl_markup *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/// @param title also the page's heading
void pl_markup_begin(pl_markup *p, const char *title);
void pl_markup_end(pl_markup *p);

/* ---- tables: on a narrow screen each row becomes a list ---- */

typedef enum { PL_HEADS_ROW, PL_IS_TEXT, PL_IS_NUMBER } pl_column_is;
typedef struct {
	const char *head; ///< our own, escaped
	pl_column_is is;
} pl_column;

/// Begin a table. @param caption escaped
void pl_markup_table(pl_markup *p, const char *caption, const pl_column *column, int n);
void pl_markup_row(pl_markup *p);
/// Begin a cell; what follows is in it.
void pl_markup_cell(pl_markup *p, const pl_column *column);
void pl_markup_table_end(pl_markup *p);
/// The form to log in. @param code filled in; "" for none @param why a sentence, "" for none
void pl_markup_login(pl_markup *p, const char *code, const char *why);
enum { PL_MARKUP_STYLES = 2 };
/// How all pages look, in parts. Text stands out from what is behind it by 4.5 to 1 at least,
/// light and dark.
extern const char *const pl_markup_styles[PL_MARKUP_STYLES];
#endif
