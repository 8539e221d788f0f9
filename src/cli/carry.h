/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* carry.h - a whole record brought to another place, as backup, restore and move do; a record
 * opened to go on with it. */
#ifndef PL_CLI_CARRY_H
#define PL_CLI_CARRY_H
#include "app/copy.h"
#include "cli/args.h"

/// Open a record to write to it. Tables of an older version are brought up to date first; what
/// was is kept, and where is told.
pl_status pl_carry_open(pl_store **out, const char *record, bool make, const pl_args *a,
                        pl_error *err);

/// Copy a record to where there is none; read it back and compare every byte; do everything in
/// it again (with --quick only hashes and signatures are checked). A file appears when all of
/// that is done, and replaces none. Progress is shown on a terminal.
/// @param store the record @p from, in a transaction of the caller
/// @param key   the key is copied too
/// @return PL_OK; PL_EARG where the record is not sound; PL_ECONFLICT, PL_ESTOPPED, PL_EIO,
///         PL_ENOMEM; what fails leaves no file
pl_status pl_carry(pl_contents *out, pl_store *store, const char *to, bool key,
                   const pl_args *a, pl_error *err);

/// Print what was carried: words, or with --json an object; nothing more with --quiet.
/// @param key was the key copied?
void pl_carry_tell(const pl_contents *c, const char *from, const char *to, bool key,
                   const pl_args *a);
/// The exit code of a verb that ended with @p st, its error told.
int pl_carry_end(pl_status st, const pl_args *a, const pl_error *err);
#endif
