/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* store.h - the stores behind the port of app/store.h. */
#ifndef PL_STORE_STORE_H
#define PL_STORE_STORE_H
#include "app/store.h"

/// Open a store by its address: "memory:", "sqlite:FILE" or a plain FILE,
/// "postgres:CONNECTION" with a connection string of libpq.
/// @param make a file that is missing is made
/// @return PL_OK, PL_EARG (no such kind of store), PL_EIO (with what the system said),
/// PL_EPARSE
///         (a file that is no record, or of a later version), PL_ENOMEM
pl_status pl_store_open(pl_store **out, const char *address, bool make, pl_error *err);

/// The kind of file system that a file is on, where it is one over a network; NULL where it is
/// not, or cannot be told.
const char *pl_store_far(const char *file);

pl_status pl_store_memory(pl_store **out, pl_error *err);
pl_status pl_store_sqlite(pl_store **out, const char *file, bool make, pl_error *err);
pl_status pl_store_postgres(pl_store **out, const char *how, bool make, pl_error *err);
#endif
