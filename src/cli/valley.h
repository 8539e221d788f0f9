/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* valley.h - the tables of examples/valley, carried inside the program. */
#ifndef PL_CLI_VALLEY_H
#define PL_CLI_VALLEY_H
#include "io/economy.h"

extern const pl_file_bytes pl_valley[]; ///< [pl_valley_files]
extern const int32_t pl_valley_files;
#endif
