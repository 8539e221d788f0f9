/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* key.h - where records and their keys are: FILE has its key in FILE.key, a database where
 * PLENUM_KEY says. */
#ifndef PL_CLI_KEY_H
#define PL_CLI_KEY_H
#include "app/app.h"
#include "cli/folder.h"

/// Is a record's address one of a database, not a file?
bool pl_address_is_database(const char *record);
/// The file of a record that is one; part of the address.
const char *pl_address_file(const char *record);
/// Is there a file of that name already? @return false for a database too
bool pl_address_is_taken(const char *record);

/// The path of a record's key. @return PL_OK; PL_EARG where PLENUM_KEY names none for a
/// database
pl_status pl_key_path(char out[PL_PATH_MOST], const char *record, pl_error *err);
/// @return PL_OK; PL_ENOTFOUND (no file), PL_EPARSE (no key in it), PL_EIO
pl_status pl_key_read(unsigned char seed[PL_KEY_SEED], const char *path, pl_error *err);
/// Write a key for its owner alone; the file appears whole and replaces none.
/// @return PL_OK; PL_ECONFLICT where a file is there; PL_EARG, PL_EIO
pl_status pl_key_write(const unsigned char seed[PL_KEY_SEED], const char *path, pl_error *err);
/// The key of a record, drawn where both are new. Of two processes that draw at once both get
/// the one that was written first. @return as above; PL_ENOTFOUND where a record has none
pl_status pl_key_get(unsigned char seed[PL_KEY_SEED], const char *record, pl_error *err);
/// Put the key of @p from beside @p to. @param[out] made was it written, not there before?
/// @return as above; PL_ECONFLICT where another key is there
pl_status pl_key_copy(bool *made, const char *from, const char *to, pl_error *err);
/// The public key of a seed, as a record's first event names it.
void pl_key_public(char out[PL_HASH_CHARS], const unsigned char seed[PL_KEY_SEED]);
#endif
