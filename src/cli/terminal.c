/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/terminal.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool pl_term_smart(FILE *stream)
{
	const char *term = getenv("TERM");
	return isatty(fileno(stream)) && (term == NULL || strcmp(term, "dumb") != 0);
}

bool pl_term_colour(FILE *stream)
{
	const char *no = getenv("NO_COLOR");
	return (no == NULL || no[0] == '\0') && pl_term_smart(stream);
}

void pl_term_print(FILE *to, bool on, pl_paint paint, const char *fmt, ...)
{
	static const char *const code[PL_PAINTS] = {"", "\033[1m", "\033[32m", "\033[31m",
	                                            "\033[2m"};
	const bool dye = on && paint != PL_PLAIN;
	va_list ap;
	if (dye) fputs(code[paint], to);
	va_start(ap, fmt);
	(void)vfprintf(to, fmt, ap);
	va_end(ap);
	if (dye) fputs("\033[0m", to);
}

/// Bytes of the end of a text that take at most @p width columns.
static const char *tail(const char *s, int width)
{
	int left = pl_text_width(s);
	while (left > width) {
		uint32_t c;
		s += pl_letter_read(&c, s);
		left -= pl_letter_columns(c);
	}
	return s;
}

/// Bytes of the beginning of a text that take at most @p width columns.
static size_t head(const char *s, int width)
{
	const char *at = s;
	while (*at != '\0') {
		uint32_t c;
		const int n = pl_letter_read(&c, at);
		if (pl_letter_columns(c) > width) break;
		width -= pl_letter_columns(c);
		at += n;
	}
	return (size_t)(at - s);
}

void pl_text_cell(FILE *to, const char *s, int width, bool right)
{
	const int whole = pl_text_width(s);
	if (whole <= width) {
		fprintf(to, "%*s%s%*s", right ? width - whole : 0, "", s,
		        right ? 0 : width - whole, "");
		return;
	}
	const char *last = tail(s, (width - 1) / 2);
	const int left = width - 1 - pl_text_width(last);
	const size_t n = head(s, left);
	fprintf(to, "%.*s…%s%*s", (int)n, s, last, left - pl_text_columns(s, n), "");
}

pl_brief pl_text_named(const char *s)
{
	pl_brief b = {{0}};
	const bool whole = pl_text_width(s) <= PL_BRIEF_WIDTH;
	const char *last = whole ? "" : tail(s, (PL_BRIEF_WIDTH - 1) / 2);
	const size_t n = head(s, whole ? PL_BRIEF_WIDTH : PL_BRIEF_WIDTH / 2);
	/* Only text that is mostly marks, which take no column, is too long for the room. */
	if (n + strlen(last) + sizeof "…" > sizeof b.text) return b;
	(void)snprintf(b.text, sizeof b.text, "%.*s%s%s", (int)n, s, whole ? "" : "…", last);
	return b;
}

/// A whole number in groups of three.
static void grouped(char out[PL_HUMAN_CHARS], double x, const char *unit)
{
	char digits[PL_HUMAN_CHARS];
	const int n = snprintf(digits, sizeof digits, "%.0f", fabs(x));
	size_t at = 0;
	if (x < 0) out[at++] = '-';
	for (int i = 0; i < n && at + 2 < PL_HUMAN_CHARS; i++) {
		if (i > 0 && (n - i) % 3 == 0) out[at++] = ' ';
		out[at++] = digits[i];
	}
	(void)snprintf(out + at, PL_HUMAN_CHARS - at, "%s", unit);
}

const char *pl_human(char out[PL_HUMAN_CHARS], double x)
{
	const double size = fabs(x);
	if (size >= 1e13 || (size > 0 && size < 1e-3))
		(void)snprintf(out, PL_HUMAN_CHARS, "%.1e", x);
	else if (size >= 1e10)
		grouped(out, x / 1e6, " M");
	else if (size >= 1e7)
		(void)snprintf(out, PL_HUMAN_CHARS, "%.4g M", x / 1e6);
	else if (size >= 999.5)
		grouped(out, x, "");
	else
		(void)snprintf(out, PL_HUMAN_CHARS, "%.3g", x);
	return out;
}

const char *pl_human_share(char out[PL_HUMAN_CHARS], double share, bool sign)
{
	const double percent = 100 * share;
	if (fabs(share) > 10)
		(void)snprintf(out, PL_HUMAN_CHARS, fabs(share) < 1e6 ? "x %.3g" : "x %.1g",
		               sign ? share + 1 : share);
	else if (fabs(percent) >= 9.95)
		(void)snprintf(out, PL_HUMAN_CHARS, sign ? "%+.0f %%" : "%.0f %%", percent);
	else
		(void)snprintf(out, PL_HUMAN_CHARS, sign ? "%+.2g %%" : "%.2g %%", percent);
	return out;
}
