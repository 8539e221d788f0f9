/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/random.h"

#include "base/elementary.h"

#include <assert.h>
#include <math.h>

/* 2^64 / golden ratio, odd. */
static const uint64_t GOLDEN = 0x9e3779b97f4a7c15;

static uint64_t mixed(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* An odd step whose neighbouring bits often differ (at least 24 changes), as the source
 * asks, so that no stream is a slow counter. */
static uint64_t mixed_step(uint64_t z)
{
	const uint64_t odd = mixed(z) | 1;
	const int changes = __builtin_popcountll(odd ^ (odd >> 1));
	return changes < 24 ? odd ^ 0xaaaaaaaaaaaaaaaa : odd;
}

pl_random pl_random_new(uint64_t seed, uint64_t stream)
{
	const uint64_t name = mixed(seed + GOLDEN) + mixed(stream * GOLDEN + 1);
	return (pl_random){mixed(name), mixed_step(name + GOLDEN)};
}

uint64_t pl_random_bits(pl_random *r)
{
	r->at += r->step;
	return mixed(r->at);
}

double pl_random_unit(pl_random *r)
{
	return (double)(pl_random_bits(r) >> 11) * 0x1p-53;
}

uint64_t pl_random_below(pl_random *r, uint64_t n)
{
	assert(n > 0);
	/* The first 2^64 mod n values would make small results likelier. */
	const uint64_t surplus = -n % n;
	uint64_t bits = pl_random_bits(r);
	while (bits < surplus) bits = pl_random_bits(r);
	return bits % n;
}

int64_t pl_random_between(pl_random *r, int64_t low, int64_t high)
{
	assert(low <= high);
	const uint64_t span = (uint64_t)high - (uint64_t)low + 1; /* 0: all 2^64 */
	const uint64_t up = span == 0 ? pl_random_bits(r) : pl_random_below(r, span);
	return (int64_t)((uint64_t)low + up);
}

/* Polar method (G. Marsaglia and T. A. Bray, SIAM Review 1964); the second number is not
 * kept, so that a stream has no other state. */
double pl_random_normal(pl_random *r)
{
	double u, square;
	do {
		u = 2 * pl_random_unit(r) - 1;
		const double v = 2 * pl_random_unit(r) - 1;
		square = u * u + v * v;
	} while (square >= 1 || square == 0);
	return u * sqrt(-2 * pl_log(square) / square);
}
