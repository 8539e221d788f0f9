/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* looks.h - what views share with one another. */
#ifndef PL_APP_LOOKS_H
#define PL_APP_LOOKS_H
#include "app/look.h"

#include <jansson.h>

enum { PL_LOOK_TEXT = 512, PL_LOOK_NUMBERS = 3 };

/// A view being drawn.
typedef struct {
	pl_store *store;
	const pl_look *look;
	bool trusted; ///< the actor is a facilitator or an administrator
	bool opened;  ///< ballots of a closed vote are being listed
	int n_numbers;
	int64_t number[PL_LOOK_NUMBERS]; ///< of the path
	char table[64], rest[PL_LOOK_TEXT];
} pl_looking;

/// Draw a view into an empty object. @return as pl_app_look
typedef pl_status pl_look_draw(json_t *out, pl_looking *l, pl_error *err);
#define PL_LOOK(look, path, who, help) pl_look_draw pl_look_##look;
#include "app/looks.def"
#undef PL_LOOK

/// Is this row part of a list?
typedef bool pl_look_wanted(const void *with, const pl_state_row *row);

pl_status pl_look_no_memory(pl_error *err);
/// A row as an object, without what the actor may not see. @return NULL: no memory
json_t *pl_look_row(const pl_looking *l, int table, const pl_state_row *row);
/// An event as an object; its texts are null where they were erased. @return NULL: no memory
json_t *pl_look_event(const pl_event *e);
/// Rows of a table by the beginning of their key. @param wanted NULL: all
pl_status pl_look_list(json_t **out, const pl_looking *l, int table, int n_prefix,
                       const pl_state_row *prefix, pl_look_wanted *wanted, const void *with,
                       pl_error *err);
/// The row of one key, which must be there. @return also PL_ENOTFOUND
pl_status pl_look_get(json_t **out, const pl_looking *l, int table, int64_t id, pl_error *err);
/// The lines of the season's plan whose keys begin so, into @p out with their swaps: as
/// adopted, as they are now, what was delivered of each.
pl_status pl_look_lines(json_t *out, const pl_looking *l, int n, const pl_state_row *key,
                        pl_error *err);
/// How many rows a page has.
int64_t pl_look_limit(const pl_looking *l);
/// The last round of a season's row that was closed; 0: none.
int64_t pl_look_closed(const json_t *season);
/// Set a member; takes the value over, NULL is no memory.
pl_status pl_look_set(json_t *to, const char *key, json_t *value, pl_error *err);
#endif
