/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* triad.h - what the memory of this machine gives, to compare sweeps with. */
#ifndef PL_LAB_TRIAD_H
#define PL_LAB_TRIAD_H
#include <stdint.h>

/// Bytes that pl_triad moves for each element: two doubles read, one written.
enum { PL_TRIAD_BYTES = 24 };

/// a = b + scale c on all threads.
/// @param a,b,c [n]
/// Source: J. D. McCalpin's STREAM benchmark, kernel "triad".
void pl_triad(int64_t n, double *restrict a, const double *restrict b, const double *restrict c,
              double scale);
#endif
