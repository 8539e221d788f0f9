/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* export.h - a record as one zip file of tables that any spreadsheet program opens, each column
 * defined; or what it holds about one person. */
#ifndef PL_EXPORT_EXPORT_H
#define PL_EXPORT_EXPORT_H
#include "app/store.h"

/// What goes into it. Ballots of votes that are open never do.
typedef struct {
	bool texts;     ///< names, contacts, notes and reasons too
	int64_t person; ///< only what names this person, with the person's texts; 0: all
} pl_export_choice;

/// Called often. @param what "tables", "events", "rounds", "packed"
/// @param done of @p all of them @return false: stop
typedef bool (*pl_export_watch)(void *with, const char *what, int64_t done, int64_t all);

/// Write a zip file, which must not be there yet. The same record gives the same bytes. Memory
/// does not grow with the events.
/// @param store read in one transaction of its own
/// @param scratch an empty store
/// @param watch may be NULL
/// @return PL_OK; PL_EARG (the file is there, the record is empty), PL_ENOTFOUND (no such
///         person, no folder), PL_EIO, PL_ENOMEM, PL_ESTOPPED; on failure nothing is written
pl_status pl_export_zip(const char *path, pl_store *store, pl_store *scratch,
                        const pl_export_choice *choice, pl_export_watch watch, void *with,
                        pl_error *err);
#endif
