/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* say.h - ids, numbers and choices as sentences show them: short, and the same in every
 * locale. Each gives a value whose .s lives to the end of the expression it stands in. */
#ifndef PL_MODEL_SAY_H
#define PL_MODEL_SAY_H
#include "model/schedule.h"

enum { PL_SAID = 84 };

typedef struct {
	char s[PL_SAID];
} pl_said;

/// An id in quotes; a long one is cut between characters and ends in "...".
pl_said pl_say_id(const char *id);
/// A number with 6 significant digits and a decimal point.
pl_said pl_say_number(double x);
/// "a number above 0 and below 1"
pl_said pl_say_range(pl_range range);
/// The kinds of council, or the roles, whose bit is set: "consumers or community".
pl_said pl_say_kinds(unsigned bits);
pl_said pl_say_roles(unsigned bits);
#endif
