/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* key.h - where the keys of records are: FILE has its key in FILE.key, a database where
 * PLENUM_KEY says. */
#ifndef PL_CLI_KEY_H
#define PL_CLI_KEY_H
#include "app/app.h"

/// The key of a record, drawn where both are new.
/// @return PL_OK; PL_ENOTFOUND where a record has none; PL_EARG, PL_EPARSE, PL_EIO
pl_status pl_key_get(unsigned char seed[PL_KEY_SEED], const char *record, pl_error *err);
#endif
