/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* json.h - JSON, written as it comes: the writer keeps nothing but where it stands. */
#ifndef PL_IO_JSON_H
#define PL_IO_JSON_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { PL_JSON_DEPTH = 16 };

/// Begin with {.to = stream, .indent = ...}. Faults show in ferror(to).
typedef struct {
	FILE *to;
	bool indent; ///< a line for each value, else all on one
	int depth;
	bool some[PL_JSON_DEPTH]; ///< this object or array has a value already
} pl_json;

/// Each value of an object has a key; in an array and at the top it is NULL. A line end
/// follows the outermost value.
void pl_json_open_object(pl_json *j, const char *key);
void pl_json_close_object(pl_json *j);
void pl_json_open_array(pl_json *j, const char *key);
void pl_json_close_array(pl_json *j);
/// NULL is null. Bytes that are not UTF-8 become U+FFFD.
void pl_json_put_text(pl_json *j, const char *key, const char *s);
/// 17 significant digits; null where it is not finite.
void pl_json_put_number(pl_json *j, const char *key, double x);
void pl_json_put_whole(pl_json *j, const char *key, int64_t x);
void pl_json_put_bool(pl_json *j, const char *key, bool x);
#endif
