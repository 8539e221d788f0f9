/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* known.h - rows of the state that a store far away was asked for, or was given, kept here. All
 * are of one state of the record: who keeps them asks whether it is still that one. What there
 * is no memory for is not known. */
#ifndef PL_STORE_KNOWN_H
#define PL_STORE_KNOWN_H
#include "app/store.h"
#include "base/names.h"

/// Begin with {0}; end with pl_known_clear.
typedef struct {
	pl_store *rows; ///< in memory; NULL: none
	int64_t n;      ///< rows that were added
	pl_names whole; ///< prefixes all rows of which are known, if any there are
	int64_t era[PL_STORE_TABLES]; ///< part of their names, to forget those of a table
	int64_t age;                  ///< how often everything was forgotten
} pl_known;

/// Visit the rows whose first keys are those given, by key. @return false: it is not known
/// which there are, and none was visited
bool pl_known_scan(const pl_known *k, int table, int n_prefix, const pl_state_row *prefix,
                   pl_row_visit visit, void *with);
void pl_known_put(pl_known *k, int table, const pl_state_row *row);
/// The same, only where it is known already whether there is such a row.
void pl_known_follow(pl_known *k, int table, const pl_state_row *row);
void pl_known_drop(pl_known *k, int table, const pl_state_row *key);
/// There are no other rows with these first keys than those that were put.
/// @param age k->age before they were put: where some were forgotten since, this says nothing
void pl_known_whole(pl_known *k, int64_t age, int table, int n_prefix,
                    const pl_state_row *prefix);
/// Whatever was put or dropped under a key did not happen.
void pl_known_forget(pl_known *k, int table, const pl_state_row *key);
void pl_known_clear(pl_known *k); ///< nothing is known any more
#endif
