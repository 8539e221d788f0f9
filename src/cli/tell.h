/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tell.h - what a verb says on the side: faults, warnings, notes, all on standard error. */
#ifndef PL_CLI_TELL_H
#define PL_CLI_TELL_H
#include "cli/args.h"
#include "io/economy.h"

/// "plenum VERB: sentence". @return PL_EXIT_INPUT
int pl_tell_error(const pl_args *a, const pl_error *err);
/// The faults of somebody's tables, else the error. @return PL_EXIT_INPUT
int pl_tell_faults(const pl_args *a, const pl_faults *faults, const pl_error *err);
/// Warnings of the tables; nothing with --quiet.
void pl_tell_warnings(const pl_args *a, const pl_faults *faults);
/// A note to the user; nothing with --quiet.
void pl_tell_note(const pl_args *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/// "12 goods", "1 good".
const char *pl_tell_count(char out[48], int64_t n, const char *one, const char *many);
#endif
