/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fields.h - what a request says: JSON, checked against the fields of its operation. */
#ifndef PL_APP_FIELDS_H
#define PL_APP_FIELDS_H
#include "app/ops.h"

#include <jansson.h>

/// The fields of a request, every one within its bounds. Begin with {0}; free with
/// pl_fields_clear.
typedef struct {
	int op;
	json_t *object; ///< owned; members in the order of ops.def, defaults filled in
} pl_fields;

/// Check a request. FILLED fields are left out; what is not given is 0, "" or [].
/// @param request an object, borrowed
/// @return PL_OK; PL_EARG with a sentence that names the field; PL_ENOMEM
pl_status pl_fields_read(pl_fields *out, int op, json_t *request, pl_error *err);
/// The fields of a recorded event: its facts and its texts; FILLED fields are there, SEALED
/// ones and erased texts are "". @param texts NULL: erased, or none
pl_status pl_fields_recall(pl_fields *out, int op, json_t *facts, const json_t *texts,
                           pl_error *err);
void pl_fields_clear(pl_fields *f);

int64_t pl_fields_whole(const pl_fields *f, int field);
const char *pl_fields_text(const pl_fields *f, int field);
/// Rows of a list.
int64_t pl_fields_rows(const pl_fields *f, int field);
/// A cell of row i; @p field is the column's, such as PL_F_schedule_set_lines__good.
int64_t pl_fields_row_whole(const pl_fields *f, int field, int64_t i);
const char *pl_fields_row_text(const pl_fields *f, int field, int64_t i);
/// Give a FILLED list its rows: [{column: value, ...}, ...]. Takes over @p rows.
/// @return PL_OK, PL_ENOMEM
pl_status pl_fields_fill(pl_fields *f, int field, json_t *rows, pl_error *err);

/// What is recorded of it: all but what is apart or sealed. @return a new object; NULL: no
/// memory
json_t *pl_fields_facts(const pl_fields *f);
/// Texts about people that are not "". @return a new object, perhaps without members; NULL
json_t *pl_fields_texts(const pl_fields *f);

/// Read JSON in which no member stands twice. @param[out] out new; NULL after a failure
/// @return PL_OK; PL_EPARSE with what is wrong; PL_ENOMEM
pl_status pl_json_read(json_t **out, const char *text, pl_error *err);
/// The same values always give the same bytes. @return text, to be freed with free(); NULL
char *pl_json_text(const json_t *value);
#endif
