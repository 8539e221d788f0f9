/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* do.h - one operation, done for the first time or again. */
#ifndef PL_APP_DO_H
#define PL_APP_DO_H
#include "app/deed.h"

/// Authorise and run; nothing is appended.
/// @param[in,out] d fields filled in; out and aside are made
pl_status pl_deed_run(pl_deed *d, pl_error *err);
void pl_deed_clear(pl_deed *d);
/// The facts of the event: {"in": fields, "out": answer}, and "rules" where they are not the
/// first; always the same bytes. Free with free(). @return PL_OK, PL_ENOMEM
pl_status pl_deed_facts(char **out, const pl_deed *d, pl_error *err);
/// By which rules an event was done. @return PL_OK; PL_ECONFLICT with a sentence where they are
/// newer than this program; PL_EARG where they are no number; PL_ENOMEM
pl_status pl_deed_rules(int64_t *out, const pl_event *e, const json_t *facts, pl_error *err);
/// Texts of the event, "" where there are none. Free with free(). @return PL_OK, PL_ENOMEM
pl_status pl_deed_texts(char **out, const pl_deed *d, pl_error *err);
#endif
