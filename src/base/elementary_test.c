/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Errors are measured against the long double functions of libm, whose own error is far
 * below a hundredth of an ulp of a double. */
#include "base/elementary.h"

#include "base/random.h"
#include "tests/pl_test.h"

#include <float.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>

enum { POINTS = 400000 };

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

/* The same bits, or both no number (whose sign and payload mean nothing). */
static bool same(double a, double b)
{
	return (isnan(a) && isnan(b)) || bits_of(a) == bits_of(b);
}

/* |got - exact| in units in the last place of a double as large as exact. */
static double ulps(double got, long double exact)
{
	int exponent;
	frexpl(exact, &exponent);
	const int last = exponent - DBL_MANT_DIG;
	return (double)(fabsl(got - exact) / ldexpl(1, last < -1074 ? -1074 : last));
}

/* Any positive finite double, every exponent as likely, subnormal ones too. */
static double any_positive(pl_random *r)
{
	return from_bits(1 + pl_random_below(r, bits_of(INFINITY) - 1));
}

static void the_exponential_is_within_one_ulp(void)
{
	pl_random r = pl_random_new(1, 1);
	double worst = 0;
	for (int i = 0; i < POINTS; i++) {
		const double u = 2 * pl_random_unit(&r) - 1;
		const double x[] = {u,       0.35 * u,          20 * u,
		                    709 * u, ldexp(u, -i % 60), -708 - 37 * fabs(u)};
		for (size_t k = 0; k < sizeof x / sizeof *x; k++) {
			const double e = ulps(pl_exp(x[k]), expl(x[k]));
			if (e > worst) worst = e;
		}
	}
	printf("    worst %.4f ulp\n", worst);
	CHECK(worst < 1);
}

static void the_logarithm_is_within_one_ulp(void)
{
	pl_random r = pl_random_new(1, 2);
	double worst = 0;
	for (int i = 0; i < POINTS; i++) {
		const double u = 2 * pl_random_unit(&r) - 1;
		const double x[] = {any_positive(&r), 1 + u / 2, 1 + ldexp(u, -i % 54),
		                    2 + 2 * u, ldexp(1 + fabs(u), -1073 + i % 50)};
		for (size_t k = 0; k < sizeof x / sizeof *x; k++) {
			if (x[k] == 0) continue;
			const double e = ulps(pl_log(x[k]), logl(x[k]));
			if (e > worst) worst = e;
		}
	}
	printf("    worst %.4f ulp\n", worst);
	CHECK(worst < 1);
}

static void a_power_is_within_its_documented_bound(void)
{
	pl_random r = pl_random_new(1, 3);
	double worst = 0;
	for (int i = 0; i < POINTS; i++) {
		const double u = 2 * pl_random_unit(&r) - 1;
		const double x[] = {exp(3 * u), any_positive(&r), 1 + ldexp(u, -i % 40)};
		const double y[] = {4 * (2 * pl_random_unit(&r) - 1), ldexp(u, i % 20 - 10),
		                    ldexp(u, i % 40)};
		for (size_t k = 0; k < sizeof x / sizeof *x; k++) {
			const long double turns = fabsl(y[k] * logl(x[k]));
			const long double exact = powl(x[k], y[k]);
			if (turns > 740 || exact > DBL_MAX) continue;
			const double e = ulps(pl_pow(x[k], y[k]), exact) / (2 + (double)turns);
			if (e > worst) worst = e;
		}
	}
	printf("    worst %.4f of the bound\n", worst);
	CHECK(worst < 1);
}

/* f over 80 neighbouring doubles around x. */
static void check_rises_around(double (*f)(double), double x)
{
	for (int i = 0; i < 40; i++) x = nextafter(x, -INFINITY);
	double before = -INFINITY;
	for (int i = 0; i < 80; i++) {
		const double now = f(x);
		CHECK(now >= before);
		before = now;
		x = nextafter(x, INFINITY);
	}
}

/* Where the reduction takes another power of two, and where the result is subnormal. */
static void rising_arguments_give_rising_results(void)
{
	for (int k = -1074; k <= 1023; k++)
		check_rises_around(pl_exp, (k + 0.5) * 0.69314718055994530942);
	for (int k = -1067; k <= 1023; k++) {
		check_rises_around(pl_log, ldexp(1, k));
		check_rises_around(pl_log, ldexp(0.70710678118654752440, k));
	}
}

static void special_values_are_as_documented(void)
{
	CHECK(pl_exp(0) == 1 && pl_exp(-0.0) == 1);
	CHECK(pl_exp(INFINITY) == INFINITY && pl_exp(-INFINITY) == 0 && isnan(pl_exp(NAN)));
	CHECK(pl_exp(709.782712893384) < INFINITY && pl_exp(709.782712893385) == INFINITY);
	CHECK(pl_exp(-745.1332191019411) == 0x1p-1074 && pl_exp(-745.1332191019413) == 0);
	CHECK(pl_exp(DBL_MAX) == INFINITY && pl_exp(-DBL_MAX) == 0);

	CHECK(pl_log(1) == 0 && pl_log(0) == -INFINITY && pl_log(-0.0) == -INFINITY);
	CHECK(pl_log(INFINITY) == INFINITY && isnan(pl_log(NAN)));
	CHECK(isnan(pl_log(-1)) && isnan(pl_log(-INFINITY)) && isnan(pl_log(-0x1p-1074)));

	CHECK(pl_pow(0, 0) == 1 && pl_pow(INFINITY, 0) == 1 && pl_pow(1, INFINITY) == 1);
	CHECK(pl_pow(0, 2.5) == 0 && pl_pow(0, -2.5) == INFINITY);
	CHECK(pl_pow(INFINITY, 2) == INFINITY && pl_pow(INFINITY, -2) == 0);
	CHECK(pl_pow(0.5, INFINITY) == 0 && pl_pow(0.5, -INFINITY) == INFINITY);
	CHECK(pl_pow(10, 400) == INFINITY && pl_pow(10, -400) == 0);
	CHECK(pl_pow(2, 1e300) == INFINITY && pl_pow(2, -1e300) == 0);
	CHECK(isnan(pl_pow(-2, 3)) && isnan(pl_pow(NAN, 1)) && isnan(pl_pow(2, NAN)));
}

static void the_logarithm_undoes_the_exponential(void)
{
	for (int i = -7000; i <= 7000; i++) {
		const double x = i / 10.0;
		CHECK_NEAR(pl_log(pl_exp(x)), x, 2 * DBL_EPSILON * (1 + fabs(x)));
	}
}

/* FNV-1a over the bits of every result, NaN and infinity among them. */
static uint64_t mix(uint64_t hash, double x)
{
	return (hash ^ bits_of(x)) * 1099511628211u;
}

static void every_compiler_gives_the_same_bits(void)
{
	uint64_t hash = 14695981039346656037u;
	for (int i = -200000; i <= 200000; i++) hash = mix(hash, pl_exp(i / 256.0));
	for (uint64_t b = 0; b < UINT64_MAX - 0x10000000000000; b += 0x1fffffffffff)
		hash = mix(mix(hash, pl_log(from_bits(b))), pl_exp(from_bits(b)));
	for (int i = 1; i <= 1000; i++)
		for (int j = -100; j <= 100; j++) hash = mix(hash, pl_pow(i / 64.0, j / 8.0));
	printf("    %016" PRIx64 "\n", hash);
	CHECK(hash == 0xca14255436384025);
}

/* Any bits at all: NaN, infinities, negative and subnormal numbers too, at lengths that leave
 * something over. */
static void many_at_once_give_the_same_bits(void)
{
	enum { N = 1003 };
	static double x[N], plain[N], wide[N];
	pl_random r = pl_random_new(12, 1);
	for (int round = 0; round < 200; round++) {
		const pl_elementary_set one = pl_elementary_of(1);
		for (int k = 0; k < N; k++)
			x[k] = round % 2 == 0 ? from_bits(pl_random_bits(&r))
			                      : 750 * pl_random_normal(&r);
		for (int k = 0; k < 8; k++) x[k] = k < 4 ? k - 1 : INFINITY * (k % 2 - 0.5);
		for (int log = 0; log < 2; log++) {
			(log ? one.log : one.exp)(plain, x, N);
			for (int k = 0; k < N; k++) {
				const double y = log ? pl_log(x[k]) : pl_exp(x[k]);
				CHECK(same(plain[k], y));
			}
			for (int width = 2; width <= 8; width *= 2) {
				const pl_elementary_set set = pl_elementary_of(width);
				(log ? set.log : set.exp)(wide, x, N);
				for (int k = 0; k < N; k++) CHECK(same(wide[k], plain[k]));
			}
		}
	}
}

int main(void)
{
	RUN(the_exponential_is_within_one_ulp);
	RUN(the_logarithm_is_within_one_ulp);
	RUN(a_power_is_within_its_documented_bound);
	RUN(rising_arguments_give_rising_results);
	RUN(special_values_are_as_documented);
	RUN(the_logarithm_undoes_the_exponential);
	RUN(every_compiler_gives_the_same_bits);
	RUN(many_at_once_give_the_same_bits);
	return pl_test_failed;
}
