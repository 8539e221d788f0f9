/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/text.h"

#include "base/alloc.h"
#include "base/grow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the character at s, or 0 if it is not valid. left > 0. */
static int64_t utf8_length(const unsigned char *s, int64_t left)
{
	if (s[0] < 0x80) return 1;
	const int64_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	if (s[0] < 0xC2 || s[0] > 0xF4 || n > left) return 0;
	for (int64_t k = 1; k < n; k++)
		if ((s[k] & 0xC0) != 0x80) return 0;
	const bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
	const bool surrogate = s[0] == 0xED && s[1] > 0x9F;
	const bool too_large = s[0] == 0xF4 && s[1] > 0x8F;
	return overlong || surrogate || too_large ? 0 : n;
}

int64_t pl_utf8_fault(const char *s, int64_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	for (int64_t i = 0; i < n;) {
		const int64_t step = utf8_length(u + i, n - i);
		if (step == 0) return i;
		i += step;
	}
	return -1;
}

int64_t pl_utf8_control(const char *s, int64_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	for (int64_t i = 0; i < n; i++) {
		if (u[i] < 0x20 || u[i] == 0x7F) return i;
		if (u[i] == 0xC2 && i + 1 < n && u[i + 1] < 0xA0) return i;
	}
	return -1;
}

const char *pl_text_brief(char out[PL_BRIEF_CHARS], const char *s)
{
	enum { MOST = 60 };
	size_t n = strlen(s);
	const char *dots = "";
	if (n > MOST) {
		for (n = MOST; n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80;) n--;
		dots = "...";
	}
	memcpy(out, s, n);
	memcpy(out + n, dots, strlen(dots) + 1);
	return out;
}

enum { WORD_MOST = 63 };

static char small_letter(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

int pl_text_distance(const char *a, const char *b, int most)
{
	const int n = (int)strnlen(a, WORD_MOST + 1), m = (int)strnlen(b, WORD_MOST + 1);
	if (n > WORD_MOST || m > WORD_MOST || abs(n - m) > most) return most + 1;
	int row[3][WORD_MOST + 1] = {{0}}; /* of prefixes of a: i - 2, i - 1 and i, in turn */
	for (int j = 0; j <= m; j++) row[0][j] = j;
	for (int i = 1; i <= n; i++) {
		const int *two = row[(i + 1) % 3], *one = row[(i + 2) % 3];
		int *now = row[i % 3];
		now[0] = i;
		for (int j = 1; j <= m; j++) {
			int d = one[j - 1] + (a[i - 1] != b[j - 1]);
			if (one[j] + 1 < d) d = one[j] + 1;
			if (now[j - 1] + 1 < d) d = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    two[j - 2] + 1 < d)
				d = two[j - 2] + 1;
			now[j] = d;
		}
	}
	const int d = row[n % 3][m];
	return d <= most ? d : most + 1;
}

void pl_near_offer(pl_near *near, const char *typed, const char *candidate)
{
	const size_t n = strnlen(typed, WORD_MOST + 1), m = strnlen(candidate, WORD_MOST + 1);
	if (n > WORD_MOST || m > WORD_MOST) return;
	int most = (int)(n > m ? n : m) / 3;
	if (most < 1) most = 1;
	if (near->word != NULL && near->distance <= most) most = near->distance - 1;
	if (most < 0) return;
	char a[WORD_MOST + 1] = "", b[WORD_MOST + 1] = "";
	for (size_t i = 0; i <= n; i++) a[i] = small_letter(typed[i]);
	for (size_t i = 0; i <= m; i++) b[i] = small_letter(candidate[i]);
	const int d = pl_text_distance(a, b, most);
	if (d > most || d >= (int)m) return;
	*near = (pl_near){candidate, d};
}

const char *pl_near_hint(char out[PL_HINT_CHARS], const pl_near *near)
{
	char brief[PL_BRIEF_CHARS];
	out[0] = '\0';
	if (near->word != NULL)
		(void)snprintf(out, PL_HINT_CHARS, " (did you mean \"%s\"?)",
		               pl_text_brief(brief, near->word));
	return out;
}

pl_status pl_bytes_reserve(pl_bytes *b, int64_t more)
{
	if (b->room - b->n >= more) return PL_OK;
	const int64_t room = pl_grow_room(b->room, b->n + more);
	char *at = pl_grow(b->at, b->n, room, 1);
	if (at == NULL) return PL_ENOMEM;
	b->at = at;
	b->room = room;
	return PL_OK;
}

pl_status pl_bytes_add(pl_bytes *b, const void *from, int64_t n)
{
	const pl_status got = pl_bytes_reserve(b, n);
	if (got != PL_OK) return got;
	if (n > 0) memcpy(b->at + b->n, from, (size_t)n);
	b->n += n;
	return PL_OK;
}

void pl_bytes_free(pl_bytes *b)
{
	pl_free(b->at);
	*b = (pl_bytes){0};
}
