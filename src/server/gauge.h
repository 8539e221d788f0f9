/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* gauge.h - what a server counts about itself, as Prometheus reads it. Nothing about people. */
#ifndef PL_SERVER_GAUGE_H
#define PL_SERVER_GAUGE_H
#include "base/text.h"

#include <stdatomic.h>

enum { PL_GAUGE_BUCKETS = 10, PL_GAUGE_CLASSES = 6 };

/// Begin with {0}. Any thread may count.
typedef struct {
	atomic_llong answers[PL_GAUGE_CLASSES]; ///< by the first digit of the status
	atomic_llong refused;                   ///< of those, 429
	atomic_llong within[PL_GAUGE_BUCKETS];  ///< answers by how long they took
	atomic_llong micros;                    ///< that all answers took
	atomic_llong desk_waits, desk_micros; ///< requests that wrote, and how long they waited
	atomic_llong commits;                 ///< transactions that they shared
} pl_gauge;

void pl_gauge_answer(pl_gauge *g, int status, double seconds);
void pl_gauge_desk(pl_gauge *g, double seconds);
void pl_gauge_commit(pl_gauge *g);
/// All of it as text. @return PL_OK, PL_ENOMEM
pl_status pl_gauge_print(pl_bytes *out, pl_gauge *g, int64_t height, int64_t live);
#endif
