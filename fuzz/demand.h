/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demand.h - what must hold of any input. */
#ifndef PL_FUZZ_DEMAND_H
#define PL_FUZZ_DEMAND_H
#include <stdbool.h>
#include <stdlib.h>

static inline void demand(bool good)
{
	if (!good) abort();
}
#endif
