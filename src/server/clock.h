/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* clock.h - what calendars ask for is done when its time has come, by nobody. */
#ifndef PL_SERVER_CLOCK_H
#define PL_SERVER_CLOCK_H
#include "server/desk.h"

typedef struct pl_clock pl_clock;
/// @param desk borrowed @return PL_OK, PL_EIO, PL_ENOMEM
pl_status pl_clock_new(pl_clock **out, pl_desk *desk, pl_error *err);
void pl_clock_free(pl_clock *c); ///< what has begun is finished; NULL allowed
#endif
