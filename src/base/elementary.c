/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Argument reduction to a short interval, then a Taylor series: its coefficients need no
 * table and no explanation. What is lost by rounding before the last addition is carried in
 * a second double. Selections instead of branches, so a loop can be vectorised. */
#include "base/elementary.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ln 2 = LN2_HI + LN2_LO to 95 bits. LN2_HI has 42 bits, so its product with an exponent
 * (at most 11 bits) is exact. */
static const double LN2_HI = 0x1.62e42fefa38p-1, LN2_LO = 0x1.ef35793c7673p-45;
static const double INV_LN2 = 0x1.71547652b82fep+0;
/* Adding this rounds a double below 2^51 to an integer, found in the low bits. */
static const double ROUNDER = 0x1.8p52;
static const double TWO_54 = 0x1p54;
static const uint64_t SQRT_HALF_BITS = 0x3fe6a09e667f3bcd;
/* exp is +inf above the first and 0 below the second, where 2^k is still in reach. */
static const double EXP_MAX = 710, EXP_MIN = -750;
enum { MANTISSA = 52, SPLIT_BITS = 27 };
static const uint64_t BIAS = 1023;

/* hi + lo, |lo| at most half an ulp of hi. */
typedef struct {
	double hi, lo;
} two;

static uint64_t bits_of(double x)
{
	uint64_t b;
	memcpy(&b, &x, sizeof b);
	return b;
}

static double from_bits(uint64_t b)
{
	double x;
	memcpy(&x, &b, sizeof x);
	return x;
}

/* The leading 26 bits of x; what is left has 27, so products of halves are exact. */
static double upper_half(double x)
{
	return from_bits(bits_of(x) >> SPLIT_BITS << SPLIT_BITS);
}

/* 2^k for a normal result. */
static double power_of_two(uint64_t k)
{
	return from_bits((k + BIAS) << MANTISSA);
}

/* e^r - 1 - r for |r| <= ln(2)/2: r^n / n! up to n = 13; the first term left out is below
 * 2^-57. Terms are added in pairs, so that a processor can work on several at once. */
static double exp_tail(double r)
{
	const double r2 = r * r, r4 = r2 * r2;
	const double p2 = 1.0 / 2 + r * (1.0 / 6);
	const double p4 = 1.0 / 24 + r * (1.0 / 120);
	const double p6 = 1.0 / 720 + r * (1.0 / 5040);
	const double p8 = 1.0 / 40320 + r * (1.0 / 362880);
	const double p10 = 1.0 / 3628800 + r * (1.0 / 39916800);
	const double p12 = 1.0 / 479001600 + r * (1.0 / 6227020800);
	return r2 * ((p2 + r2 * p4) + r4 * ((p6 + r2 * p8) + r4 * (p10 + r2 * p12)));
}

/* e^(x + more), |more| far below 1: x + more = k ln 2 + r + r_lo. */
static double exp_sum(double x, double more)
{
	const double low = x < EXP_MAX ? x : EXP_MAX;
	const double in = low > EXP_MIN ? low : EXP_MIN;
	const double shifted = in * INV_LN2 + ROUNDER;
	const double k = shifted - ROUNDER;
	const uint64_t k_bits = bits_of(shifted) - bits_of(ROUNDER);
	const double head = in - k * LN2_HI;
	const double rest = k * LN2_LO - more;
	const double r = head - rest;
	const double r_lo = (head - r) - rest;

	const double sum = 1 + r;
	const double lost = (1 - sum) + r;
	const double power = sum + (exp_tail(r) + (r_lo + lost));
	/* Two factors: 2^k itself may be infinite or subnormal. k is halved as a positive
	 * number. */
	const uint64_t half = (k_bits + 2 * BIAS) / 2 - BIAS;
	return power * power_of_two(half) * power_of_two(k_bits - half);
}

static inline double exp_of(double x)
{
	const double y = exp_sum(x, 0);
	return isnan(x) ? x : y;
}

double pl_exp(double x)
{
	return exp_of(x);
}

/* 2/3 z + 2/5 z^2 + ...: 2 atanh(s) = 2 s + s times this, z = s^2 <= 0.0295; the first term
 * left out is below 2^-58 of the logarithm. In pairs, as above. */
static double atanh_tail(double z)
{
	const double z2 = z * z, z4 = z2 * z2;
	const double p0 = 2.0 / 3 + z * (2.0 / 5);
	const double p2 = 2.0 / 7 + z * (2.0 / 9);
	const double p4 = 2.0 / 11 + z * (2.0 / 13);
	const double p6 = 2.0 / 15 + z * (2.0 / 17);
	const double p8 = 2.0 / 19 + z * (2.0 / 21);
	return z * ((p0 + z2 * p2) + z4 * ((p4 + z2 * p6) + z4 * p8));
}

/* ln x for 0 < x < inf, as a sum: x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2), and with
 * s = f / (2 + f), log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + atanh_tail(s^2)). The
 * first two terms are kept exactly; the last is at most 0.019. */
static inline two log_sum(double x)
{
	const bool tiny = x < DBL_MIN;
	const uint64_t bits = bits_of(tiny ? x * TWO_54 : x);
	/* The exponent as a positive number, so that the shift is defined. */
	const uint64_t shifted = bits - SQRT_HALF_BITS + (BIAS << MANTISSA);
	const uint64_t power = (shifted >> MANTISSA) - BIAS;
	const double f = from_bits(bits - (power << MANTISSA)) - 1;
	const double k = from_bits(bits_of(ROUNDER) + (tiny ? power - 54 : power)) - ROUNDER;

	const double f_hi = upper_half(f), f_lo = f - f_hi;
	const double square = 0.5 * f_hi * f_hi;
	const double square_lo = 0.5 * f_lo * (f + f_hi);
	const double s = f / (2 + f);
	const double last = s * (0.5 * f * f + atanh_tail(s * s));

	const double head = f - square;
	const double lost = (f - head) - square;
	const double whole = k * LN2_HI;
	const double sum = whole + head;
	const double lost_too = (whole - sum) + head;
	const double rest = last + ((lost + lost_too) + (k * LN2_LO - square_lo));
	const double hi = sum + rest;
	return (two){hi, rest - (hi - sum)};
}

/* What log_sum does not know: ln 0, ln inf, ln of a negative number or of NaN. */
static double log_special(double x, double otherwise)
{
	const double y = x > DBL_MAX ? x : otherwise;
	const double z = x == 0 ? -INFINITY : y;
	const double w = x < 0 ? NAN : z;
	return isnan(x) ? x : w;
}

static inline double log_of(double x)
{
	return log_special(x, log_sum(x).hi);
}

double pl_log(double x)
{
	return log_of(x);
}

/* ---- many at once ------------------------------------------------------------------ */

/* A loop over one of the functions above, compiled for processors with these abilities. Wider
 * registers work on more numbers at once; none of them changes a bit. */
#define LOOP(name, one, ability)                                          \
	ability static void name(double *out, const double *x, int64_t n) \
	{                                                                 \
		for (int64_t i = 0; i < n; i++) out[i] = one(x[i]);       \
	}

LOOP(exp_plain, exp_of, )
LOOP(log_plain, log_of, )
#if defined __x86_64__ && !defined PL_REFERENCE
LOOP(exp_4, exp_of, __attribute__((target("avx2"))))
LOOP(log_4, log_of, __attribute__((target("avx2"))))
LOOP(exp_8, exp_of, __attribute__((target("avx512f,avx512dq"))))
LOOP(log_8, log_of, __attribute__((target("avx512f,avx512dq"))))
#endif

pl_elementary_set pl_elementary_of(int width)
{
#if defined __x86_64__ && !defined PL_REFERENCE
	const bool eight =
	        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
	if (width >= 8 && eight) return (pl_elementary_set){8, exp_8, log_8};
	if (width >= 4 && __builtin_cpu_supports("avx2"))
		return (pl_elementary_set){4, exp_4, log_4};
#endif
	(void)width;
	return (pl_elementary_set){1, exp_plain, log_plain};
}

void pl_exp_many(double *out, const double *x, int64_t n)
{
	pl_elementary_of(8).exp(out, x, n);
}

void pl_log_many(double *out, const double *x, int64_t n)
{
	pl_elementary_of(8).log(out, x, n);
}

double pl_pow(double x, double y)
{
	const two sum = log_sum(x);
	const double log_x = log_special(x, sum.hi);
	const double product = y * log_x;
	/* y log x - product, from exact products of halves. */
	const double y_hi = upper_half(y), y_lo = y - y_hi;
	const double l_hi = upper_half(log_x), l_lo = log_x - l_hi;
	const double lost = ((y_hi * l_hi - product) + y_hi * l_lo + y_lo * l_hi) + y_lo * l_lo;
	/* Outside the result is 0, inf or NaN whatever is lost, and `lost` may be NaN. */
	const bool within = product > EXP_MIN && product < EXP_MAX;
	const double power = exp_sum(product, within ? lost + y * sum.lo : 0);
	const double result = isnan(product) ? NAN : power;
	return y == 0 || x == 1 ? 1 : result;
}
