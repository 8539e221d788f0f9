/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* help.h - help and the manual page, made from verbs.def and options.def. */
#ifndef PL_CLI_HELP_H
#define PL_CLI_HELP_H
#include "cli/args.h"

#include <stdio.h>

enum { PL_COLUMNS = 80 }; ///< everything printed for people fits this width

/// Help on a verb, or on all of them where verb is -1.
void pl_help_print(FILE *to, int verb);
/// The manual page plenum(1) as troff.
void pl_help_man(FILE *to);
/// One line: name and version.
void pl_help_version(FILE *to);
/// Text in lines of at most PL_COLUMNS, the first and the further ones behind an indent.
/// @param used columns that stand on the first line already
void pl_help_wrap(FILE *to, const char *text, int used, int indent);
/// A sentence with its first letter large and a full stop, wrapped.
void pl_help_sentence(FILE *to, const char *text);
#endif
