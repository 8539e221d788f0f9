/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/json.h"

#include "base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static void put_char(FILE *to, unsigned char c)
{
	static const char plain[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
	const char *at = c == 0 ? NULL : strchr(plain, c);
	if (at != NULL)
		fprintf(to, "\\%c", letter[at - plain]);
	else if (c < 0x20 || c == 0x7F)
		fprintf(to, "\\u%04x", (unsigned)c);
	else
		(void)putc(c, to);
}

static void put_string(FILE *to, const char *s)
{
	(void)putc('"', to);
	int64_t left = (int64_t)strlen(s);
	while (left > 0) {
		const int64_t bad = pl_utf8_fault(s, left);
		const int64_t good = bad < 0 ? left : bad;
		for (int64_t i = 0; i < good; i++) put_char(to, (unsigned char)s[i]);
		if (bad < 0) break;
		(void)fputs("\\ufffd", to);
		s += bad + 1;
		left -= bad + 1;
	}
	(void)putc('"', to);
}

static void new_line(const pl_json *j)
{
	if (!j->indent) return;
	(void)putc('\n', j->to);
	for (int k = 0; k < j->depth; k++) (void)putc('\t', j->to);
}

/* What goes before a value. */
static void before(pl_json *j, const char *key)
{
	if (j->depth > 0) {
		if (j->some[j->depth - 1]) (void)putc(',', j->to);
		j->some[j->depth - 1] = true;
		new_line(j);
	}
	if (key == NULL) return;
	put_string(j->to, key);
	(void)fputs(j->indent ? ": " : ":", j->to);
}

static void after(const pl_json *j)
{
	if (j->depth == 0) (void)putc('\n', j->to);
}

static void open_value(pl_json *j, const char *key, char mark)
{
	assert(j->depth < PL_JSON_DEPTH);
	before(j, key);
	(void)putc(mark, j->to);
	j->some[j->depth++] = false;
}

static void close_value(pl_json *j, char mark)
{
	assert(j->depth > 0);
	const bool some = j->some[--j->depth];
	if (some) new_line(j);
	(void)putc(mark, j->to);
	after(j);
}

void pl_json_open_object(pl_json *j, const char *key)
{
	open_value(j, key, '{');
}

void pl_json_close_object(pl_json *j)
{
	close_value(j, '}');
}

void pl_json_open_array(pl_json *j, const char *key)
{
	open_value(j, key, '[');
}

void pl_json_close_array(pl_json *j)
{
	close_value(j, ']');
}

void pl_json_put_text(pl_json *j, const char *key, const char *s)
{
	before(j, key);
	if (s != NULL)
		put_string(j->to, s);
	else
		(void)fputs("null", j->to);
	after(j);
}

void pl_json_put_number(pl_json *j, const char *key, double x)
{
	char text[PL_NUMBER_CHARS];
	before(j, key);
	(void)fputs(isfinite(x) ? pl_number_print(text, x) : "null", j->to);
	after(j);
}

void pl_json_put_whole(pl_json *j, const char *key, int64_t x)
{
	before(j, key);
	fprintf(j->to, "%" PRId64, x);
	after(j);
}

void pl_json_put_bool(pl_json *j, const char *key, bool x)
{
	before(j, key);
	(void)fputs(x ? "true" : "false", j->to);
	after(j);
}
