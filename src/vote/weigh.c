/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* weigh.c - say in proportion to how much one is affected, within a floor and a cap.
 *
 * A share is level * stake, held between floor and cap; the level is the one at which all
 * shares together are 1. It is found exactly: an option to hold the cap (the floor) is asked
 * for each stake at the level where that stake just reaches it. Those without a stake hold the
 * floor; where caps leave more than that to them, they share it equally. */
#include "base/alloc.h"
#include "base/error.h"

#include <gmp.h>
#include <plenum/vote.h>
#include <stdlib.h>
#include <string.h>

static const int64_t sum_most = INT64_C(1) << 62;

/// Stakes above 0, rising, and the shares' bounds over one denominator.
typedef struct {
	int64_t n, without;   ///< with a stake, without
	int64_t *stake, *sum; ///< [n], [n + 1] of all before
	mpz_t whole, floor, cap;
	int64_t floored, uncapped; ///< stakes before these hold the floor, from these the cap
} scale;

static int rising(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* ---- arguments -----------------------------------------------------------------------------
 */

/// n * part compared with 1.
static int compare_with_whole(int64_t n, pl_fraction part)
{
	mpz_t product;
	mpz_init(product);
	mpz_set_si(product, (long)n);
	mpz_mul_si(product, product, (long)part.num);
	const int order = mpz_cmp_si(product, (long)part.den);
	mpz_clear(product);
	return order;
}

static bool is_above(pl_fraction a, pl_fraction b)
{
	mpq_t x, y;
	mpq_inits(x, y, NULL);
	mpq_set_si(x, (long)a.num, (unsigned long)a.den);
	mpq_set_si(y, (long)b.num, (unsigned long)b.den);
	const bool above = mpq_cmp(x, y) > 0;
	mpq_clears(x, y, NULL);
	return above;
}

static bool is_part(pl_fraction x)
{
	return x.num >= 0 && x.den > 0 && x.num <= x.den;
}

static pl_status check(int64_t n, const int64_t *stake, pl_fraction floor, pl_fraction cap,
                       pl_error *err)
{
	int64_t total = 0;
	for (int64_t i = 0; i < n; i++) {
		if (stake[i] < 0) return pl_fail(err, PL_EARG, i, "a stake cannot be below 0");
		if (stake[i] > sum_most - total)
			return pl_fail(err, PL_EARG, i, "the stakes are too large together");
		total += stake[i];
	}
	if (total == 0) return pl_fail(err, PL_EARG, -1, "nobody has a stake above 0");
	if (!is_part(floor) || !is_part(cap) || is_above(floor, cap))
		return pl_fail(err, PL_EARG, -1,
		               "floor and cap are parts between 0 and 1, such as 1/20, and the "
		               "floor is not above the cap");
	if (compare_with_whole(n, cap) < 0)
		return pl_fail(err, PL_EARG, -1,
		               "the cap is too low: all together would hold less than the "
		               "whole");
	if (compare_with_whole(n, floor) > 0)
		return pl_fail(err, PL_EARG, -1,
		               "the floor is too high: all together would hold more than the "
		               "whole");
	return PL_OK;
}

/* ---- the level -----------------------------------------------------------------------------
 */

/// Sort the stakes and bring floor and cap to one denominator. @return false: no memory
static bool prepare(scale *s, int64_t n, const int64_t *stake, pl_fraction floor,
                    pl_fraction cap)
{
	s->stake = pl_alloc(n, sizeof *s->stake);
	s->sum = pl_alloc(n + 1, sizeof *s->sum);
	if (s->stake == NULL || s->sum == NULL) return false;
	for (int64_t i = 0; i < n; i++)
		if (stake[i] > 0) s->stake[s->n++] = stake[i];
	s->without = n - s->n;
	qsort(s->stake, (size_t)s->n, sizeof *s->stake, rising);
	for (int64_t i = 0; i < s->n; i++) s->sum[i + 1] = s->sum[i] + s->stake[i];
	mpz_set_si(s->floor, (long)floor.num);
	mpz_mul_si(s->floor, s->floor, (long)cap.den);
	mpz_set_si(s->cap, (long)cap.num);
	mpz_mul_si(s->cap, s->cap, (long)floor.den);
	mpz_set_si(s->whole, (long)floor.den);
	mpz_mul_si(s->whole, s->whole, (long)cap.den);
	return true;
}

/// Stakes below @p bound, at the level at which @p stake holds @p share; equal ones too where
/// @p equal.
static int64_t count_below(const scale *s, const mpz_t share, int64_t stake, const mpz_t bound,
                           bool equal)
{
	mpz_t at, limit;
	mpz_inits(at, limit, NULL);
	mpz_mul_si(limit, bound, (long)stake);
	int64_t low = 0, high = s->n;
	while (low < high) {
		const int64_t middle = low + (high - low) / 2;
		mpz_mul_si(at, share, (long)s->stake[middle]);
		const int order = mpz_cmp(at, limit);
		if (order < 0 || (order == 0 && equal))
			low = middle + 1;
		else
			high = middle;
	}
	mpz_clears(at, limit, NULL);
	return low;
}

/// All shares together, less the whole, at the level at which @p stake holds @p share: its
/// sign.
static int excess(const scale *s, const mpz_t share, int64_t stake)
{
	const int64_t floored = count_below(s, share, stake, s->floor, true);
	const int64_t below = count_below(s, share, stake, s->cap, false);
	const int64_t uncapped = below > floored ? below : floored;
	mpz_t fixed, free;
	mpz_inits(fixed, free, NULL);
	mpz_neg(fixed, s->whole);
	mpz_addmul_ui(fixed, s->floor, (unsigned long)(floored + s->without));
	mpz_addmul_ui(fixed, s->cap, (unsigned long)(s->n - uncapped));
	mpz_mul_si(fixed, fixed, (long)stake);
	mpz_mul_si(free, share, (long)(s->sum[uncapped] - s->sum[floored]));
	mpz_add(fixed, fixed, free);
	const int sign = mpz_sgn(fixed);
	mpz_clears(fixed, free, NULL);
	return sign;
}

/// The first stake that would hold @p share before the whole is reached (or, where it is
/// reached too, with @p reached). Larger stakes do so earlier.
static int64_t find_first(const scale *s, const mpz_t share, bool reached)
{
	int64_t low = 0, high = s->n;
	while (low < high) {
		const int64_t middle = low + (high - low) / 2;
		const int sign = excess(s, share, s->stake[middle]);
		if (sign < 0 || (sign == 0 && reached))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* ---- weights -------------------------------------------------------------------------------
 */

/// The three kinds of share as whole numbers: floor, cap, and what a stake of 1 holds between.
typedef struct {
	mpz_t floor, cap, each;
} shares;

static void find_shares(scale *s, shares *w)
{
	mpz_t rest;
	mpz_init(rest);
	mpz_submul_ui(rest, s->cap, (unsigned long)s->n);
	mpz_add(rest, rest, s->whole); /* what all caps leave to those without a stake */
	mpz_mul_si(w->floor, s->floor, (long)s->without);
	if (mpz_cmp(rest, w->floor) > 0) {
		s->floored = s->uncapped = 0;
		mpz_mul_si(w->cap, s->cap, (long)s->without);
		mpz_set(w->floor, rest);
		mpz_clear(rest);
		return;
	}
	s->floored = find_first(s, s->floor, false);
	s->uncapped = find_first(s, s->cap, true);
	if (s->uncapped < s->floored) s->uncapped = s->floored;
	const int64_t between = s->sum[s->uncapped] - s->sum[s->floored];
	mpz_set(rest, s->whole);
	mpz_submul_ui(rest, s->floor, (unsigned long)(s->floored + s->without));
	mpz_submul_ui(rest, s->cap, (unsigned long)(s->n - s->uncapped));
	mpz_set(w->each, rest);
	mpz_mul_si(w->floor, s->floor, between > 0 ? (long)between : 1);
	mpz_mul_si(w->cap, s->cap, between > 0 ? (long)between : 1);
	mpz_clear(rest);
}

static void set_share(mpz_t out, const scale *s, const shares *w, int64_t stake)
{
	if (s->uncapped < s->n && stake >= s->stake[s->uncapped])
		mpz_set(out, w->cap);
	else if (stake == 0 || (s->floored > 0 && stake <= s->stake[s->floored - 1]))
		mpz_set(out, w->floor);
	else
		mpz_mul_si(out, w->each, (long)stake);
}

/// @return PL_OK, PL_EARG: the numbers do not fit
static pl_status write_weights(int64_t *weight, int64_t n, const int64_t *stake, const scale *s,
                               const shares *w, pl_error *err)
{
	mpz_t common, sum, share;
	mpz_inits(common, sum, share, NULL);
	for (int64_t i = 0; i < n; i++) {
		set_share(share, s, w, stake[i]);
		mpz_gcd(common, common, share);
		mpz_add(sum, sum, share);
	}
	mpz_divexact(sum, sum, common);
	const bool fits = mpz_cmp_si(sum, (long)sum_most) <= 0;
	for (int64_t i = 0; i < n && fits; i++) {
		set_share(share, s, w, stake[i]);
		mpz_divexact(share, share, common);
		weight[i] = mpz_get_si(share);
	}
	mpz_clears(common, sum, share, NULL);
	if (fits) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "the weights would be too fine; state stakes, floor and cap in rounder "
	               "numbers");
}

pl_status pl_vote_weigh(int64_t *weight, int64_t n, const int64_t *stake, pl_fraction floor,
                        pl_fraction cap, pl_error *err)
{
	PL_TRY(check(n, stake, floor, cap, err));
	pl_status status;
	scale s = {0};
	shares w;
	mpz_inits(s.whole, s.floor, s.cap, w.floor, w.cap, w.each, NULL);
	if (prepare(&s, n, stake, floor, cap)) {
		find_shares(&s, &w);
		status = write_weights(weight, n, stake, &s, &w, err);
	} else {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory to weigh votes");
	}
	mpz_clears(s.whole, s.floor, s.cap, w.floor, w.cap, w.each, NULL);
	pl_free(s.stake);
	pl_free(s.sum);
	return status;
}
