/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* elementary.h - our own exp and log: libm's change with the processor, ours never do.
 *
 * Only + - * / and integer operations on the bits, in a fixed order, so every compiler and
 * every optimisation level gives the same bits (with -ffp-contract=off). */
#ifndef PL_BASE_ELEMENTARY_H
#define PL_BASE_ELEMENTARY_H
#include <stdint.h>

/// e^x. Relative error below 1 ulp (measured in elementary_test). Overflow gives +inf,
/// underflow goes through subnormals to 0, NaN stays NaN.
double pl_exp(double x);
/// Natural logarithm, error below 1 ulp. log 0 = -inf, log of a negative = NaN.
double pl_log(double x);
/// The same for n numbers, with the same bits; out may be x. Processors do several at once.
void pl_exp_many(double *out, const double *x, int64_t n);
void pl_log_many(double *out, const double *x, int64_t n);
/// What the two above use on this processor: as wide as it can, at most `width` numbers at
/// once. The plain loop (width 1) is the reference for the others.
typedef struct {
	int width;
	void (*exp)(double *out, const double *x, int64_t n);
	void (*log)(double *out, const double *x, int64_t n);
} pl_elementary_set;
pl_elementary_set pl_elementary_of(int width);
/// x^y for x >= 0, as exp(y log x): relative error below (2 + |y log x|) ulp. 0^0 = 1,
/// 0^y = 0 for y > 0 and +inf for y < 0.
double pl_pow(double x, double y);
#endif
