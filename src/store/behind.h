/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* behind.h - changes that were made in a transaction and wait to be sent, all at once, to a
 * database that is far away. */
#ifndef PL_STORE_BEHIND_H
#define PL_STORE_BEHIND_H
#include "app/state.h"
#include "base/text.h"

/// A statement on a table, without its parameters. @see pl_behind_values
typedef struct {
	int statement, table, column;
	bool adds;      ///< it adds a row and touches no other
	bool many;      ///< it may touch any row of the table
	int n;          ///< parameters: the row, or its key, or what tells which ones
	int64_t first;  ///< of them, in `value`
	int64_t before; ///< bytes of text before its own
} pl_change;

/// Begin with {0}; end with pl_behind_free.
typedef struct {
	pl_change *change; ///< [n] in the order in which they were made
	int64_t n, room;
	int64_t *value; ///< [n_values] where each parameter stands in text; -1: NULL
	int64_t n_values, room_values;
	pl_bytes text;
} pl_behind;

/// @param c all but first and before @param value [c.n] copied @return PL_OK, PL_ENOMEM
pl_status pl_behind_add(pl_behind *b, pl_change c, const char *const *value);
/// The parameters of change @p i. @param[out] value [PL_COLUMNS_MOST] borrowed
void pl_behind_values(const char **value, const pl_behind *b, int64_t i);
/// May what is asked for be other than what the database has: rows whose first keys are these?
bool pl_behind_touches(const pl_behind *b, int table, int n_prefix, const char *const *prefix);
/// The same of the row with a text in a column.
bool pl_behind_finds(const pl_behind *b, int table, int column, const char *text);
/// Keep the first @p n changes.
void pl_behind_cut(pl_behind *b, int64_t n);
void pl_behind_free(pl_behind *b);
#endif
