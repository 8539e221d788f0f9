/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* erasure.h - erasing people: themselves at once; who cannot, two facilitators. */
#ifndef PL_APP_ERASURE_H
#define PL_APP_ERASURE_H
#include "app/deed.h"

enum {
	PL_ERASURE_WAIT = 7 * 86400, ///< seconds in which the person can refuse
	PL_ERASURE_TERM = 60 * 86400 ///< after which it has to be asked for anew
};

/// Take away a person's name, contact, notes, tasks and memberships. @return as pl_op_run
pl_status pl_person_erase(pl_deed *d, int64_t who, pl_error *err);
/// Nobody asks any more that the person be erased. @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_erasure_forget(pl_deed *d, int64_t who, pl_error *err);
#endif
