/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "report/html.h"

#include "base/letters.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

enum { LETTER_UNKNOWN = 0xfffd };

void pl_html_raw(pl_html *h, const char *markup)
{
	(void)fputs(markup, h->to);
}

void pl_html_print(pl_html *h, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	(void)vfprintf(h->to, fmt, ap);
	va_end(ap);
}

/// Letters of a text as a page may show them.
typedef struct {
	const char *at;
	int marks; ///< on the last letter, so far
} letters;

static bool turns_direction(uint32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || (c >= 0xe0000 && c <= 0xe0fff);
}

static bool is_unfit(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c & 0xfffe) == 0xfffe ||
	       (c >= 0xfdd0 && c <= 0xfdef) || c == 0x2028 || c == 0x2029;
}

static uint32_t read_one(letters *l)
{
	uint32_t c;
	const int n = pl_letter_read(&c, l->at);
	const bool valid = pl_utf8_fault(l->at, n) < 0;
	l->at += valid ? n : 1;
	return valid ? c : LETTER_UNKNOWN;
}

/// @return the next letter, 0 at the end
static uint32_t next(letters *l)
{
	while (*l->at != '\0') {
		const uint32_t c = read_one(l);
		if (turns_direction(c)) continue;
		l->marks = pl_letter_columns(c) == 0 ? l->marks + 1 : 0;
		if (l->marks <= PL_MARKS_MOST)
			return is_unfit(c) ? (uint32_t)LETTER_UNKNOWN : c;
	}
	return 0;
}

static int width_of(const char *s)
{
	letters l = {s, 0};
	int width = 0;
	for (uint32_t c = next(&l); c != 0; c = next(&l)) width += pl_letter_columns(c);
	return width;
}

static void put_letter(FILE *to, uint32_t c)
{
	switch (c) {
	case '&':
		(void)fputs("&amp;", to);
		return;
	case '<':
		(void)fputs("&lt;", to);
		return;
	case '>':
		(void)fputs("&gt;", to);
		return;
	case '"':
		(void)fputs("&quot;", to);
		return;
	case '\'':
		(void)fputs("&#39;", to);
		return;
	default:
		break;
	}
	if (c < 0x80) {
		(void)fputc((int)c, to);
	} else {
		const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
		static const unsigned first[] = {0, 0xc0, 0xe0, 0xf0};
		(void)fputc((int)(first[more] | c >> (6 * more)), to);
		for (int i = more - 1; i >= 0; i--)
			(void)fputc((int)(0x80 | (c >> (6 * i) & 0x3f)), to);
	}
}

void pl_html_text(pl_html *h, const char *s, int columns)
{
	const int whole = width_of(s);
	const int last = (columns - 1) / 2, first = columns - 1 - last;
	letters l = {s, 0};
	int at = 0;
	bool cut = false;
	for (uint32_t c = next(&l); c != 0; c = next(&l)) {
		const int wide = pl_letter_columns(c);
		const bool kept = whole <= columns || at + wide <= first ||
		                  (wide == 0 && at <= first) || at >= whole - last;
		if (kept)
			put_letter(h->to, c);
		else if (!cut)
			(void)fputs("…", h->to);
		cut = cut || !kept;
		at += wide;
	}
}

void pl_html_name(pl_html *h, const char *s, int columns)
{
	/* In the worst case a column is an escaped quote, or a letter with three marks. */
	enum { COLUMN_BYTES = 4 * (1 + PL_MARKS_MOST) };
	const int width = width_of(s);
	const int64_t cost =
	        (int64_t)COLUMN_BYTES * (width < PL_TITLE_COLUMNS ? width : PL_TITLE_COLUMNS);
	if (width > columns && cost <= h->titles) {
		h->titles -= cost;
		pl_html_raw(h, "<bdi title=\"");
		pl_html_text(h, s, PL_TITLE_COLUMNS);
		pl_html_raw(h, "\">");
	} else {
		pl_html_raw(h, "<bdi>");
	}
	pl_html_text(h, s, columns);
	pl_html_raw(h, "</bdi>");
}
