/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/form.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
	return c == '\0' || at == NULL ? -1 : (int)(at - digits);
}

/// Decode up to one of the ends, in place of what was decoded before. @return where it stopped;
/// NULL: it is not well formed
static const char *decode(char **to, const char *from, const char *ends)
{
	for (; strchr(ends, *from) == NULL; from++) {
		int c = *from == '+' ? ' ' : (unsigned char)*from;
		if (c == '%') {
			const int high = digit(from[1]), low = high < 0 ? -1 : digit(from[2]);
			if (low < 0 || high * 16 + low == 0) return NULL;
			c = high * 16 + low;
			from += 2;
		}
		if (c != '\r') *(*to)++ = (char)c;
	}
	*(*to)++ = '\0';
	return from;
}

static int64_t count_fields(const char *body)
{
	int64_t n = body[0] != '\0';
	for (; *body != '\0'; body++) n += *body == '&';
	return n;
}

static pl_status read_field(pl_form *f, char **to, const char **from, pl_error *err)
{
	const char *begin = *to;
	f->name[f->n] = *to;
	*from = decode(to, *from, "=&");
	f->value[f->n] = *to;
	if (*from != NULL && **from == '=')
		*from = decode(to, *from + 1, "&");
	else if (*from != NULL)
		*(*to)++ = '\0';
	if (*from == NULL || pl_utf8_fault(begin, *to - begin) >= 0)
		return pl_fail(err, PL_EARG, -1,
		               "the form has a field that is no text in UTF-8");
	f->n++;
	if (**from == '&') ++*from;
	return PL_OK;
}

pl_status pl_form_read(pl_form *out, const char *body, pl_error *err)
{
	const int64_t n = count_fields(body), room = (int64_t)strlen(body) + 2 * n + 1;
	*out = (pl_form){0};
	if (n > PL_FORM_MOST)
		return pl_fail(err, PL_EARG, -1, "a form has at most %d fields", PL_FORM_MOST);
	pl_form f = {.text = pl_alloc(room, 1),
	             .name = pl_alloc(n, sizeof *f.name),
	             .value = pl_alloc(n, sizeof *f.value)};
	pl_status st = f.text == NULL || f.name == NULL || f.value == NULL
	                       ? pl_fail(err, PL_ENOMEM, -1, "no memory for the form")
	                       : PL_OK;
	char *to = f.text;
	while (st == PL_OK && *body != '\0') st = read_field(&f, &to, &body, err);
	if (st == PL_OK)
		*out = f;
	else
		pl_form_clear(&f);
	return st;
}

void pl_form_clear(pl_form *f)
{
	if (f == NULL) return;
	for (int64_t i = 0; i < f->n; i++) {
		char *value = f->text + (f->value[i] - f->text);
		sodium_memzero(value, strlen(value));
	}
	pl_free(f->text);
	pl_free(f->name);
	pl_free(f->value);
	*f = (pl_form){0};
}

const char *pl_form_find(const pl_form *f, const char *name)
{
	for (int64_t i = 0; i < f->n; i++)
		if (strcmp(f->name[i], name) == 0) return f->value[i];
	return NULL;
}

const char *pl_form_text(const pl_form *f, const char *name)
{
	const char *value = pl_form_find(f, name);
	return value == NULL ? "" : value;
}

int64_t pl_form_whole(const pl_form *f, const char *name)
{
	enum { DIGITS_MOST = 15 };
	const char *text = pl_form_text(f, name);
	const size_t n = strspn(text, "0123456789");
	return n > 0 && n <= DIGITS_MOST && text[n] == '\0' ? strtoll(text, NULL, 10) : -1;
}
