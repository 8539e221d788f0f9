/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sums.h - sums of products, four side by side, joined in a fixed order.
 *
 * Two forms with the same bits: the fast one, and with PL_REFERENCE (the clang tree of
 * ./check) one that says in as few words as possible what the fast one means. */
#ifndef PL_NUM_SUMS_H
#define PL_NUM_SUMS_H
#include <stdint.h>

/// Sum of a[j] b[j]. O(n).
double pl_dot(int64_t n, const double *a, const double *b);
/// Sum of w[k] x[col[k]]. O(n).
double pl_gather(const double *w, const int32_t *col, int64_t n, const double *x);
/// Where PL_CHECKING is defined (Debug builds): fill what a kernel is about to write with
/// NaN, so that a number it forgets cannot pass for one it computed. Else nothing.
void pl_poison(double *out, int64_t n);
#endif
