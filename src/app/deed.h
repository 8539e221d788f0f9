/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* deed.h - an operation being done: what it may look at, what it answers. */
#ifndef PL_APP_DEED_H
#define PL_APP_DEED_H
#include "app/fields.h"
#include "app/store.h"

/// A request in a transaction. The same for people, the calendar, and a record that is
/// replayed.
typedef struct {
	pl_store *store;
	pl_fields in;
	int64_t actor;  ///< a person, 0: the calendar
	int64_t time;   ///< seconds since 1970, never before the event before
	int64_t height; ///< of the event that this becomes
	int64_t rules;  ///< by which it is done: today's; of a replayed event, its own
	bool replayed;  ///< the event is there already; nothing random is drawn
	json_t *out;    ///< the answer, which is recorded too
	json_t *aside;  ///< what only the caller is told; never recorded
	json_t *why;    ///< what a refusal tells besides its sentence; NULL: nothing
	int64_t about;  ///< whose texts the event holds; 0: the actor's
} pl_deed;

/// What an operation does: reads the state, changes it, answers.
/// @return PL_OK; PL_EARG, PL_ENOTFOUND, PL_EDENIED, PL_ECONFLICT with a sentence; PL_EIO,
///         PL_ENOMEM. Whatever it changed before a failure is taken back.
typedef pl_status pl_op_run(pl_deed *d, pl_error *err);

#define PL_OP(op, name, method, path, who, of, phases, help) pl_op_run pl_run_##op;
#define PL_FIELD(op, field, kind, need, ...)
#define PL_OP_END(op)
#include "app/ops.def"
#undef PL_OP
#undef PL_FIELD
#undef PL_OP_END

/// May the actor do this, now? The only place that answers it.
/// @return PL_OK; PL_EDENIED with a sentence that says who may; PL_EIO, PL_ENOMEM
pl_status pl_authorize(const pl_deed *d, pl_error *err);
/// Does the person have a mandate? @param council 0: of the whole federation
pl_status pl_has_mandate(bool *has, const pl_deed *d, int64_t person, int64_t council,
                         const char *role, pl_error *err);

/// Is the actor a member of the council?
pl_status pl_is_member(bool *is, const pl_deed *d, int64_t council, pl_error *err);

/// Shorthands for fields: WHOLE(d, proposal_file, season).
#define PL_ASKED(d, op, field)      pl_fields_whole(&(d)->in, PL_F_##op##_##field)
#define PL_ASKED_TEXT(d, op, field) pl_fields_text(&(d)->in, PL_F_##op##_##field)

/// The next number for a row of a table, from 1 on. @return as pl_store_update
pl_status pl_deed_number(int64_t *out, pl_deed *d, int table, pl_error *err);
/// Answer with a number, or a text; a failure shows at the end. @return PL_OK, PL_ENOMEM
pl_status pl_deed_say(pl_deed *d, const char *name, int64_t value, pl_error *err);
pl_status pl_deed_say_text(pl_deed *d, const char *name, const char *value, pl_error *err);
/// The row of one key, which must be there. @return PL_OK; PL_ENOTFOUND "there is no good 7"
pl_status pl_deed_get(pl_found *out, pl_deed *d, int table, int64_t id, pl_error *err);
#endif
