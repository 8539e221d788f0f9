/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* suspend.h - councils that break what all have agreed on get nothing for a time. */
#ifndef PL_APP_SUSPEND_H
#define PL_APP_SUSPEND_H
#include "app/deed.h"

/// Until when a council is suspended. @param[out] until 0: it is not
pl_status pl_suspended_until(int64_t *until, pl_store *s, int64_t council, int64_t now,
                             pl_error *err);
/// Refuse what a suspended council may not do, or get. @return PL_OK, PL_EDENIED with a
/// sentence
pl_status pl_suspend_refuse(const pl_deed *d, int64_t council, pl_error *err);
/// Write down who is suspended when a round closes: who is left out of it.
pl_status pl_suspend_note(pl_deed *d, int64_t season, int64_t round, pl_error *err);
#endif
