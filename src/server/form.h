/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* form.h - what a form of a page sends: application/x-www-form-urlencoded. */
#ifndef PL_SERVER_FORM_H
#define PL_SERVER_FORM_H
#include <plenum/base.h>

enum { PL_FORM_MOST = 20000 }; ///< fields

/// Fields in the order in which they were sent. Begin with {0}; free with pl_form_clear.
typedef struct {
	char *text; ///< names and values, decoded, one behind the other; owned
	int64_t n;
	const char **name, **value; ///< [n]
} pl_form;

/// Decode a form. Line ends become single line feeds.
/// @param body ends with a NUL
/// @return PL_OK; PL_EARG with a sentence (not UTF-8, a NUL, too many fields); PL_ENOMEM
pl_status pl_form_read(pl_form *out, const char *body, pl_error *err);
/// What was sent may be a password: it is overwritten. NULL allowed
void pl_form_clear(pl_form *f);
/// The first field of that name; NULL: none was sent.
const char *pl_form_find(const pl_form *f, const char *name);
const char *pl_form_text(const pl_form *f, const char *name); ///< "" for none
/// A number that is not negative, digits alone; -1: it is none.
int64_t pl_form_whole(const pl_form *f, const char *name);
#endif
