/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* random.h - numbers that look random and are the same on every machine.
 *
 * A stream is named by (seed, stream): two streams of one seed do not depend on how much
 * was drawn from the other, so a council's numbers stay the same when another is added. Not
 * for secrets. */
#ifndef PL_BASE_RANDOM_H
#define PL_BASE_RANDOM_H
#include <stdint.h>

/// SplitMix64: a counter with an odd step, and a mixing of its bits. Every 64-bit value
/// comes once in 2^64 draws.
/// Source: G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014, figures 16 and 17, with the
/// variant-13 constants of D. Stafford.
typedef struct {
	uint64_t at, step; ///< step is odd
} pl_random;

/// A stream, by value; nothing to free.
pl_random pl_random_new(uint64_t seed, uint64_t stream);
/// The next 64 bits.
uint64_t pl_random_bits(pl_random *r);
/// Uniform in [0, 1): a multiple of 2^-53.
double pl_random_unit(pl_random *r);
/// Uniform in [0, n), n > 0, every value exactly as likely.
uint64_t pl_random_below(pl_random *r, uint64_t n);
/// Uniform in [low, high], low <= high.
int64_t pl_random_between(pl_random *r, int64_t low, int64_t high);
/// From the normal distribution of mean 0 and deviation 1.
double pl_random_normal(pl_random *r);
#endif
