/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* makeup.h - what the prices of the goods that matter most are made of. */
#ifndef PL_REPORT_MAKEUP_H
#define PL_REPORT_MAKEUP_H
#include <plenum/plan.h>

/// What a price pays for in the end, in few kinds.
typedef enum {
	PL_FOR_WORK,
	PL_FOR_NATURE,
	PL_FOR_MACHINES,
	PL_FOR_POLLUTION,
	PL_FOR_EFFORT,
	PL_FOR_BROUGHT,  ///< what is made from nothing here: imports, value added, stocks
	PL_FOR_SCARCITY, ///< what workplaces earn because others lack their room or their skill
	PL_FOR_REST,
	PL_FOR_KINDS
} pl_price_for;

enum { PL_MAKEUP_MOST = 10 };
#define PL_MAKEUP_LINKS 2000000 /* above, tracing takes longer than planning may */

typedef struct {
	int n;
	int32_t good[PL_MAKEUP_MOST];
	double share[PL_MAKEUP_MOST][PL_FOR_KINDS]; ///< of the price; they sum to 1
	bool present[PL_FOR_KINDS];                 ///< 0.1 % or more of some price
} pl_makeup;

/// @param good [n] goods to look at; those without a price are left out
/// @param n    up to PL_MAKEUP_MOST
/// @return PL_OK (none in an economy of more than PL_MAKEUP_LINKS links, nor where a plan is
/// not
///         cleared: its prices need not cover costs, and circles of makers would never fade),
///         PL_ENOMEM, PL_EARG
pl_status pl_makeup_find(pl_makeup *out, const pl_model *m, const pl_plan *p,
                         const int32_t *good, int n, pl_error *err);
#endif
