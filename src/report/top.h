/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* top.h - the few largest of many. */
#ifndef PL_REPORT_TOP_H
#define PL_REPORT_TOP_H
#include <stdint.h>

enum { PL_TOP_MOST = 12 };

/// By falling key; equal keys in the order they were offered. Begin with {.most = n}.
typedef struct {
	int most, n;   ///< most <= PL_TOP_MOST
	int64_t found; ///< offered in all
	double sum;    ///< of all keys
	int32_t index[PL_TOP_MOST];
	double key[PL_TOP_MOST];
} pl_top;

void pl_top_offer(pl_top *t, int32_t index, double key);
/// How many were offered but did not get in.
int64_t pl_top_others(const pl_top *t);
#endif
