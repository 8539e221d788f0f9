/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/ops.h"

#include <string.h>

#define NOBODY        PL_WHO_NOBODY
#define MEMBER        PL_WHO_MEMBER
#define DELEGATE      PL_WHO_DELEGATE
#define SELF          PL_WHO_SELF
#define ANYONE        PL_WHO_ANYONE
#define FACILITATOR   PL_WHO_FACILITATOR
#define AUDITOR       PL_WHO_AUDITOR
#define ADMINISTRATOR PL_WHO_ADMINISTRATOR
#define CALENDAR      PL_WHO_CALENDAR
#define ANY           PL_IN_ANY
#define DRAFT         (1U << PL_PHASE_DRAFT)
#define PROPOSING     (1U << PL_PHASE_PROPOSING)
#define REVIEW        (1U << PL_PHASE_REVIEW)
#define ADOPTED       (1U << PL_PHASE_ADOPTED)
#define CLOSED        (1U << PL_PHASE_CLOSED)

#define PL_OP(op, name, method, path, who, of, phases, help)
#define PL_FIELD(op, field, kind, need, ...) \
	[PL_F_##op##_##field] = {#field, PL_FIELD_##kind, PL_NEED_##need, __VA_ARGS__},
#define PL_OP_END(op)
const pl_field_kind pl_fields_all[PL_FIELDS] = {
#include "app/ops.def"
};
#undef PL_OP
#undef PL_FIELD
#undef PL_OP_END

#define PL_OP(op, name, method, path, who, of, phases, help)                  \
	[PL_OP_##op] = {name, PL_VIA_##method, path,         who, of, phases, \
	                help, PL_FIRST_##op,   PL_AFTER_##op},
#define PL_FIELD(op, field, kind, need, ...)
#define PL_OP_END(op)
const pl_op_kind pl_ops[PL_OPS] = {
#include "app/ops.def"
};
#undef PL_OP
#undef PL_FIELD
#undef PL_OP_END

int pl_op_of(const char *name)
{
	for (int i = 0; i < PL_OPS; i++)
		if (strcmp(pl_ops[i].name, name) == 0) return i;
	return -1;
}

const char *pl_phase_name(int phase)
{
	static const char *const names[PL_PHASES] = {"draft", "proposing", "review", "adopted",
	                                             "closed"};
	return phase >= 0 && phase < PL_PHASES ? names[phase] : NULL;
}

int pl_field_rows_of(int field, const char **column)
{
	const char *split = strstr(pl_fields_all[field].name, "__");
	*column = split == NULL ? "" : split + 2;
	if (split == NULL) return -1;
	int rows = field;
	while (pl_fields_all[rows].type != PL_FIELD_ROWS) rows--;
	return rows;
}
