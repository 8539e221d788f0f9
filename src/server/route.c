/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/route.h"

#include "base/error.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pl_status no_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the request");
}

/* ---- paths ---- */

/// Bytes up to the next / or the end.
static size_t segment(const char *s)
{
	return strcspn(s, "/");
}

bool pl_route_fits(const char *pattern, const char *path)
{
	while (*pattern == '/' && *path == '/') {
		const size_t p = segment(++pattern), n = segment(++path);
		if (n == 0 && p != 0) return false;
		if (*pattern != '{' && (n != p || memcmp(pattern, path, n) != 0)) return false;
		pattern += p;
		path += n;
	}
	return *pattern == '\0' && *path == '\0';
}

static int digit(char c)
{
	if (c >= '0' && c <= '9') return c - '0';
	if (c >= 'a' && c <= 'f') return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Percent signs become the bytes they stand for. @param to [n + 1]
/// @return false where they do not, or it is no UTF-8, or a byte would end the text
static bool decode(char *to, const char *from, size_t n)
{
	size_t k = 0;
	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)from[i];
		if (c == '%') {
			if (i + 2 >= n || digit(from[i + 1]) < 0 || digit(from[i + 2]) < 0)
				return false;
			c = digit(from[i + 1]) * 16 + digit(from[i + 2]);
			i += 2;
		}
		if (c == 0) return false;
		to[k++] = (char)c;
	}
	to[k] = '\0';
	return pl_utf8_fault(to, (int64_t)k) < 0;
}

static pl_status decoded(char **out, const char *from, size_t n, pl_error *err)
{
	*out = malloc(n + 1);
	if (*out == NULL) return no_memory(err);
	if (decode(*out, from, n)) return PL_OK;
	free(*out);
	*out = NULL;
	return pl_fail(err, PL_EARG, -1,
	               "the address holds a percent sign without two digits, or no UTF-8");
}

pl_status pl_route_part(char **out, char *name, size_t room, const char *pattern,
                        const char *path, int k, pl_error *err)
{
	*out = NULL;
	while (*pattern == '/' && *path == '/') {
		const size_t p = segment(++pattern), n = segment(++path);
		if (*pattern == '{' && k-- == 0) {
			(void)snprintf(name, room, "%.*s", (int)(p - 2), pattern + 1);
			return decoded(out, path, n, err);
		}
		pattern += p;
		path += n;
	}
	return PL_OK;
}

/* ---- operations ---- */

const char *pl_route_method(int via)
{
	static const char *const names[PL_VIAS] = {"POST", "PUT", "DELETE"};
	return names[via];
}

int pl_route_op(unsigned *methods, const char *method, const char *path)
{
	int found = -1;
	*methods = 0;
	for (int i = 0; i < PL_OPS; i++) {
		if (!pl_route_fits(pl_ops[i].path, path)) continue;
		*methods |= 1U << pl_ops[i].method;
		if (strcmp(pl_route_method((int)pl_ops[i].method), method) == 0) found = i;
	}
	return found;
}

/* ---- fields ---- */

/// How deep lists and objects stand in one another; what is no JSON is found later.
static int depth_of(const char *s, int64_t n)
{
	int depth = 0, most = 0;
	bool quoted = false;
	for (int64_t i = 0; i < n; i++) {
		if (quoted && s[i] == '\\')
			i++;
		else if (s[i] == '"')
			quoted = !quoted;
		else if (!quoted && (s[i] == '[' || s[i] == '{'))
			most = ++depth > most ? depth : most;
		else if (!quoted && (s[i] == ']' || s[i] == '}'))
			depth--;
	}
	return most;
}

pl_status pl_route_object(json_t **out, const char *body, int64_t n, pl_error *err)
{
	json_error_t fault;
	*out = NULL;
	if (depth_of(body, n) > PL_ROUTE_DEPTH)
		return pl_fail(err, PL_EARG, -1, "lists and objects stand more than %d deep",
		               PL_ROUTE_DEPTH);
	json_t *v = n == 0 ? json_object()
	                   : json_loadb(body, (size_t)n, JSON_REJECT_DUPLICATES, &fault);
	if (v == NULL && n == 0) return no_memory(err);
	if (v == NULL)
		return pl_fail(err, PL_EPARSE, fault.line, "this is not JSON: %s", fault.text);
	if (json_is_object(v)) {
		*out = v;
		return PL_OK;
	}
	json_decref(v);
	return pl_fail(err, PL_EARG, -1, "the body of a request is a JSON object");
}

static int field_of(int op, const char *name)
{
	int i = pl_ops[op].first;
	while (i < pl_ops[op].after && strcmp(pl_fields_all[i].name, name) != 0) i++;
	return i < pl_ops[op].after ? i : -1;
}

/// A field of the address as JSON. @return NULL: it is none, or there is no memory
static json_t *value_of(int field, const char *text)
{
	enum { DIGITS_MOST = 16 };
	if (pl_fields_all[field].type != PL_FIELD_WHOLE) return json_string(text);
	const size_t n = strspn(text, "0123456789");
	if (n == 0 || n > DIGITS_MOST || text[n] != '\0') return NULL;
	return json_integer((json_int_t)strtoll(text, NULL, 10));
}

static pl_status put_field(json_t *object, int op, const char *name, const char *text,
                           pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const int field = field_of(op, name);
	if (json_object_get(object, name) != NULL)
		return pl_fail(err, PL_EARG, -1,
		               "\"%s\" is given by the address; leave it out of the body",
		               name);
	json_t *value = field < 0 ? NULL : value_of(field, text);
	if (value == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "\"%s\" in the address is a number, not \"%s\"", name,
		               pl_text_brief(brief, text));
	return json_object_set_new(object, name, value) == 0 ? PL_OK : no_memory(err);
}

static pl_status put_fields(json_t *object, int op, const char *path, pl_error *err)
{
	char name[32];
	for (int k = 0;; k++) {
		char *text;
		PL_TRY(pl_route_part(&text, name, sizeof name, pl_ops[op].path, path, k, err));
		if (text == NULL) return PL_OK;
		const pl_status st = put_field(object, op, name, text, err);
		free(text);
		if (st != PL_OK) return st;
	}
}

pl_status pl_route_fields(char **out, int op, const char *path, const char *body, int64_t n,
                          pl_error *err)
{
	json_t *object;
	*out = NULL;
	PL_TRY(pl_route_object(&object, body, n, err));
	pl_status st = put_fields(object, op, path, err);
	if (st == PL_OK) {
		*out = json_dumps(object, JSON_COMPACT);
		if (*out == NULL) st = no_memory(err);
	}
	json_decref(object);
	return st;
}
