/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/letter.h"

#include "base/error.h"
#include "server/zone.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum {
	WORD_BYTES = 39, ///< of a subject in one line of at most 76 characters
	LINE_BYTES = 57, ///< of a text in one line of 76
	LOCAL_MOST = 64
};

/* ---- addresses ---- */

static bool is_dotted(const char *text, size_t n, const char *letters)
{
	if (n == 0 || text[0] == '.' || text[n - 1] == '.') return false;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '.' ? text[i + 1] == '.' : strchr(letters, text[i]) == NULL)
			return false;
	}
	return true;
}

#define ALPHANUMERIC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

bool pl_letter_is_address(const char *text)
{
	const char *at = strchr(text, '@');
	const size_t n = strlen(text), local = at == NULL ? 0 : (size_t)(at - text);
	return at != NULL && n < PL_ADDRESS_CHARS && local <= LOCAL_MOST &&
	       is_dotted(text, local, ALPHANUMERIC "!#$%&'*+-/=?^_`{|}~") &&
	       is_dotted(at + 1, n - local - 1, ALPHANUMERIC "-");
}

/* ---- writing ---- */

typedef struct {
	pl_bytes *to;
	pl_status status;
} writing;

static void add(writing *w, const char *text)
{
	if (w->status == PL_OK) w->status = pl_bytes_add(w->to, text, (int64_t)strlen(text));
}

static void add_base64(writing *w, const char *from, size_t n)
{
	char text[sodium_base64_ENCODED_LEN(LINE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
	add(w, sodium_bin2base64(text, sizeof text, (const unsigned char *)from, n,
	                         sodium_base64_VARIANT_ORIGINAL));
}

/// A text in pieces, no character cut.
static void add_subject(writing *w, const char *text)
{
	size_t left = strlen(text);
	add(w, "Subject:");
	while (left > 0) {
		size_t n = left < WORD_BYTES ? left : WORD_BYTES;
		while (n > 1 && n < left && ((unsigned char)text[n] & 0xc0U) == 0x80) n--;
		add(w, " =?UTF-8?B?");
		add_base64(w, text, n);
		add(w, left > n ? "?=\r\n" : "?=");
		text += n;
		left -= n;
	}
	add(w, "\r\n");
}

static void add_address(writing *w, const char *header, const char *address)
{
	add(w, header);
	add(w, ": <");
	add(w, address);
	add(w, ">\r\n");
}

/// "Fri, 27 Nov 2026 18:00:00 +0000"
static void add_date(writing *w, int64_t time)
{
	static const pl_zone utc = {.name = "UTC"};
	char spoken[PL_ZONE_CHARS], stamp[PL_ZONE_CHARS], date[PL_ZONE_CHARS + 32];
	(void)pl_zone_time(spoken, &utc, time); /* "Fri 27 Nov 2026, 18:00" */
	(void)pl_zone_stamp(stamp, &utc, time); /* "2026-11-27T18:00:00+00:00" */
	(void)snprintf(date, sizeof date, "Date: %.3s, %.*s %.8s +0000\r\n", spoken,
	               (int)strcspn(spoken + 4, ","), spoken + 4, stamp + 11);
	add(w, date);
}

static void add_text(writing *w, const char *text)
{
	for (size_t left = strlen(text), n; left > 0; left -= n, text += n) {
		n = left < LINE_BYTES ? left : LINE_BYTES;
		add_base64(w, text, n);
		add(w, "\r\n");
	}
}

pl_status pl_letter_write(pl_bytes *out, const pl_letter *l, pl_error *err)
{
	writing w = {.to = out};
	if (!pl_letter_is_address(l->from) || !pl_letter_is_address(l->to))
		return pl_fail(err, PL_EARG, -1,
		               "a mail goes from and to an address such as ada@example.org");
	add_address(&w, "From", l->from);
	add_address(&w, "To", l->to);
	add_subject(&w, l->subject);
	add_date(&w, l->time);
	add(&w, "Message-ID: <");
	add(&w, l->id);
	add(&w, strchr(l->from, '@'));
	add(&w, ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
	        "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
	add_text(&w, l->text);
	return w.status == PL_OK ? PL_OK : pl_fail(err, w.status, -1, "no memory for a mail");
}
