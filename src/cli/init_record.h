/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* init_record.h - plenum init FILE.plenum: a record that has begun, and the link into it. */
#ifndef PL_CLI_INIT_RECORD_H
#define PL_CLI_INIT_RECORD_H
#include "cli/args.h"

/// Is it a record that is meant, by its name, not a folder of tables?
bool pl_init_is_record(const char *name);
/// Begin the record. @return the exit code; what is wrong was told
int pl_init_record(const pl_args *a);
#endif
