/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lanes.h - a queue with threads that work through it in order. */
#ifndef PL_SERVER_LANES_H
#define PL_SERVER_LANES_H
#include <plenum/base.h>

enum { PL_LANE_WAITING_MOST = 4096, PL_LANE_THREADS_MOST = 8 };

typedef struct pl_lane pl_lane;
/// @param work called by one of @p threads threads for each job, in the order of pl_lane_put
/// @return PL_OK, PL_ENOMEM, PL_EIO (no threads)
pl_status pl_lane_new(pl_lane **out, int threads, void (*work)(void *job), pl_error *err);
/// @return false: too many wait already, or the lane ends
bool pl_lane_put(pl_lane *l, void *job);
/// Work through what waits, then end. NULL allowed.
void pl_lane_free(pl_lane *l);
#endif
