/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* known.h - rows of the state that a store far away was asked for, or was given, kept here. All
 * are of one state of the record: who keeps them asks whether it is still that one. What there
 * is no memory for is not known. */
#ifndef PL_STORE_KNOWN_H
#define PL_STORE_KNOWN_H
#include "app/store.h"

/// Begin with {0}; end with pl_known_clear.
typedef struct {
	pl_store *rows; ///< in memory; NULL: none
	int64_t n;      ///< rows that were added
} pl_known;

/// Visit the row of a key. @return false: it is not known
bool pl_known_visit(const pl_known *k, int table, const pl_state_row *key, pl_row_visit visit,
                    void *with);
void pl_known_put(pl_known *k, int table, const pl_state_row *row);
void pl_known_drop(pl_known *k, int table, const pl_state_row *key);
void pl_known_clear(pl_known *k); ///< nothing is known any more
#endif
