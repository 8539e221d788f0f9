/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* json_text.h - the two JSON values that need care in writing. */
#ifndef PL_CLI_JSON_TEXT_H
#define PL_CLI_JSON_TEXT_H
#include <stdio.h>

/// Text in quotes. @param s valid UTF-8
void pl_json_text(FILE *to, const char *s);
/// A number, right to the last bit; null where it is not finite.
void pl_json_number(FILE *to, double x);
#endif
