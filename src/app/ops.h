/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ops.h - the operations of ops.def, made into C. */
#ifndef PL_APP_OPS_H
#define PL_APP_OPS_H
#include <plenum/base.h>

/// Operations by number: PL_OP_person_add, ...
enum {
#define PL_OP(op, name, method, path, who, of, phases, help) PL_OP_##op,
#define PL_FIELD(op, field, kind, need, ...)
#define PL_OP_END(op)
#include "app/ops.def"
#undef PL_OP
#undef PL_FIELD
#undef PL_OP_END
	PL_OPS
};

/// Fields by number, those of one operation together: PL_F_person_add_name, ...
enum {
#define PL_OP(op, name, method, path, who, of, phases, help) \
	PL_FIRST_##op, PL_BEFORE_##op = PL_FIRST_##op - 1,
#define PL_FIELD(op, field, kind, need, ...) PL_F_##op##_##field,
#define PL_OP_END(op)                        PL_AFTER_##op, PL_LAST_##op = PL_AFTER_##op - 1,
#include "app/ops.def"
#undef PL_OP
#undef PL_FIELD
#undef PL_OP_END
	PL_FIELDS
};

typedef enum {
	PL_FIELD_WHOLE,
	PL_FIELD_TEXT,
	PL_FIELD_DECIMAL,
	PL_FIELD_WORD,
	PL_FIELD_ROWS
} pl_field_type;
typedef enum {
	PL_NEED_NEEDED,
	PL_NEED_MAY,
	PL_NEED_APART,
	PL_NEED_SEALED,
	PL_NEED_FILLED
} pl_field_need;
typedef enum { PL_VIA_POST, PL_VIA_PUT, PL_VIA_DELETE, PL_VIAS } pl_method;

/// Who may: bits.
enum {
	PL_WHO_NOBODY = 0,
	PL_WHO_MEMBER = 1,
	PL_WHO_DELEGATE = 2,
	PL_WHO_SELF = 4,
	PL_WHO_ANYONE = 8,
	PL_WHO_FACILITATOR = 16,
	PL_WHO_AUDITOR = 32,
	PL_WHO_ADMINISTRATOR = 64,
	PL_WHO_CALENDAR = 128
};

/// When: bits of the phases of a season.
typedef enum {
	PL_PHASE_DRAFT,
	PL_PHASE_PROPOSING,
	PL_PHASE_REVIEW,
	PL_PHASE_ADOPTED,
	PL_PHASE_CLOSED,
	PL_PHASES
} pl_phase;
const char *pl_phase_name(int phase); ///< "draft", ...; NULL outside the enum
enum { PL_IN_ANY = 0 };

typedef struct {
	const char *name; ///< of a column of rows: ROWS__COLUMN
	pl_field_type type;
	pl_field_need need;
	int64_t low, high;
	const char *unit, *help;
} pl_field_kind;

typedef struct {
	const char *name; ///< "person.add"
	pl_method method;
	const char *path;
	unsigned who;
	const char *of; ///< field that names whose it is; "" none
	unsigned phases;
	const char *help;
	int first, after; ///< its fields: first .. after - 1
} pl_op_kind;

extern const pl_field_kind pl_fields_all[PL_FIELDS];
extern const pl_op_kind pl_ops[PL_OPS];
int pl_op_of(const char *name); ///< -1 if unknown
/// The rows that a field is a column of, or -1. @param[out] column its name there
int pl_field_rows_of(int field, const char **column);
#endif
