/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* terminal.h - colours, columns and numbers for people to read. */
#ifndef PL_CLI_TERMINAL_H
#define PL_CLI_TERMINAL_H
#include "base/letters.h"

#include <plenum/base.h>
#include <stdio.h>

typedef enum { PL_PLAIN, PL_BOLD, PL_GOOD, PL_BAD, PL_FAINT, PL_PAINTS } pl_paint;

/// Is this stream a terminal that takes more than plain text?
bool pl_term_smart(FILE *stream);
/// May this stream be coloured? Never where NO_COLOR is set and not empty.
bool pl_term_colour(FILE *stream);
/// printf in a colour; plain where @p on is false.
void pl_term_print(FILE *to, bool on, pl_paint paint, const char *fmt, ...)
        __attribute__((format(printf, 4, 5)));

/// Print text in exactly @p width columns, filled with spaces or cut in its middle with "…":
/// names often differ at their ends. It stands at the right where @p right.
void pl_text_cell(FILE *to, const char *s, int width, bool right);

enum { PL_BRIEF_WIDTH = 36, PL_BRIEF_ROOM = 256 };
typedef struct {
	char text[PL_BRIEF_ROOM];
} pl_brief;
/// A name for the middle of a sentence: at most PL_BRIEF_WIDTH columns, cut as a cell is.
pl_brief pl_text_named(const char *s);

enum { PL_HUMAN_CHARS = 32 };
/// A number to read: four digits, or all of the whole part in groups of three; "12.3 M" above
/// ten million. @return out
const char *pl_human(char out[PL_HUMAN_CHARS], double x);
/// A share as "94 %", a change as "+12 %" (@p sign), "x 31" above tenfold. @return out
const char *pl_human_share(char out[PL_HUMAN_CHARS], double share, bool sign);
#endif
