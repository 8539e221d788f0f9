/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* html.h - a page written as it comes. What users typed reaches it through pl_html_text,
 * pl_html_name and pl_html_title alone, which escape it for text, attributes and SVG alike. */
#ifndef PL_REPORT_HTML_H
#define PL_REPORT_HTML_H
#include <stdint.h>
#include <stdio.h>

/// Begin with {.to = stream, .titles = ...}. Faults show in ferror(to).
typedef struct {
	FILE *to;
	int64_t titles; ///< bytes of full names that titles may still take in this page
} pl_html;

enum { PL_NAME_COLUMNS = 40, PL_TITLE_COLUMNS = 160, PL_MARKS_MOST = 3 };

/// Markup and words of our own.
void pl_html_raw(pl_html *h, const char *markup);
/// The same with numbers and words of our own in it; nothing that a user typed, no %f.
void pl_html_print(pl_html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/// A user's text, escaped, cut in its middle with "…" to @p columns; names often differ at
/// their ends. What is no UTF-8 or no letter becomes U+FFFD; what turns the direction of
/// writing is left out, and so are marks above the third on one letter.
void pl_html_text(pl_html *h, const char *s, int columns);

/// pl_html_text in an element that keeps its direction of writing to itself, the full text in
/// its title where it was cut and titles are left.
void pl_html_name(pl_html *h, const char *s, int columns);
#endif
