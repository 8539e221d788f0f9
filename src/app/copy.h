/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* copy.h - a whole record from one store into another, and tables of an older version made
 * anew. Both work on any two stores. */
#ifndef PL_APP_COPY_H
#define PL_APP_COPY_H
#include "app/app.h"

/// What a record holds, down to the last byte.
typedef struct {
	int64_t height, time; ///< of the last event
	int64_t rows;         ///< of all tables
	char head[PL_HASH_CHARS];
	/// SHA-256 over every column of every event, and every row of every table, notes too.
	char all[PL_HASH_CHARS];
} pl_contents;

/// Read everything. The caller has a transaction open where others may write meanwhile.
/// @param watch NULL: nobody @return PL_OK; PL_ESTOPPED; PL_EIO, PL_ENOMEM
pl_status pl_app_contents(pl_contents *out, pl_store *s, pl_count_watch watch, void *with,
                          pl_error *err);

/// Copy the events with their texts, the state, sealed ballots and notes into a store that has
/// none of them, in one transaction of @p to.
/// @param from in a transaction of the caller, so that what is copied is of one moment
/// @param[out] out what was read, to be compared with what pl_app_contents finds in @p to
/// @return PL_OK; PL_ECONFLICT where @p to holds something; PL_ESTOPPED; PL_EIO, PL_ENOMEM;
/// what
///         fails leaves @p to as it was
pl_status pl_app_copy(pl_contents *out, pl_store *to, pl_store *from, pl_count_watch watch,
                      void *with, pl_error *err);

/// Bring tables of an older version up to date: a copy of what was is kept, then the state is
/// made from the events in one transaction, ballots of open votes and notes are taken over, and
/// what is in the tables compared with what the events make. Nothing is done where they are
/// up to date.
/// @param scratch an empty store @param[out] kept where the copy is, in words; "" where nothing
/// was done
/// @return PL_OK; PL_EARG where an event cannot be done again; PL_ECONFLICT, PL_EIO, PL_ENOMEM;
///         what fails leaves the record as it was
pl_status pl_app_migrate(char kept[PL_KEPT_CHARS], pl_store *store, pl_store *scratch,
                         pl_error *err);
#endif
