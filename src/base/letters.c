/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/letters.h"

#include <stdbool.h>
#include <string.h>

int pl_letter_read(uint32_t *out, const char *s)
{
	const unsigned char *u = (const unsigned char *)s;
	const int n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	*out = n == 1 ? u[0] : u[0] & (0xffU >> (n + 1));
	for (int i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80) return 1;
		*out = *out << 6 | (u[i] & 0x3fU);
	}
	return n;
}

static bool between(uint32_t c, uint32_t low, uint32_t high)
{
	return c >= low && c <= high;
}

/* The blocks of Unicode 15 that matter for names: combining marks, joiners; wide letters. */
int pl_letter_columns(uint32_t c)
{
	if (between(c, 0x300, 0x36f) || between(c, 0x591, 0x5bd) || between(c, 0x610, 0x61a) ||
	    between(c, 0x64b, 0x65f) || between(c, 0x200b, 0x200f) ||
	    between(c, 0x20d0, 0x20ff) || between(c, 0xfe00, 0xfe0f) || c == 0xfeff)
		return 0;
	if (between(c, 0x1100, 0x115f) || between(c, 0x2e80, 0xa4cf) ||
	    between(c, 0xac00, 0xd7a3) || between(c, 0xf900, 0xfaff) ||
	    between(c, 0xfe30, 0xfe6f) || between(c, 0xff00, 0xff60) ||
	    between(c, 0x1f300, 0x1faff) || between(c, 0x20000, 0x3fffd))
		return 2;
	return 1;
}

int pl_text_columns(const char *s, size_t n)
{
	const char *end = s + n;
	int width = 0;
	uint32_t c;
	for (; s < end; width += pl_letter_columns(c)) s += pl_letter_read(&c, s);
	return width;
}

int pl_text_width(const char *s)
{
	return pl_text_columns(s, strlen(s));
}
