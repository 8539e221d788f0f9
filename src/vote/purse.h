/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* purse.h - voters with an equal part of a budget each, and what options ask of them.
 *
 * An option that costs `cost` asks the price p for which
 *
 *     sum over its supporters of weight * min(left, p * points) = cost,
 *
 * the least one where there are several: who has enough pays p for each point given to the
 * option, who has not pays all that is left. An option whose supporters have less than the cost
 * together cannot be paid for, now or later.
 *
 * What a voter has left is known exactly without being stored: the equal part less
 * price * points for each option that was bought and is on the ballot, or 0 once all was paid.
 * So an exact price needs no fraction for each voter, but one for each option bought. Beside
 * it a double is kept for each voter, with a bound on its error that is proved in
 * docs/votes.md; from these come quick bounds of prices, and comparisons that the bound
 * decides. What it does not decide is compared exactly. */
#ifndef PL_VOTE_PURSE_H
#define PL_VOTE_PURSE_H
#include "vote/count.h"

/// An exact price: asked / (purses.whole * points).
typedef struct {
	mpz_t asked;
	int64_t points;    ///< weight * points of those who have enough, > 0
	int64_t full, all; ///< weight of those who have enough, and of those who pay all
} pl_price;

/// A price lies between these.
typedef struct {
	double low, high; ///< high: INFINITY where the doubles do not tell
} pl_price_bounds;

typedef struct {
	const pl_election *e;
	/* who gives points to which option; fixed */
	int64_t *from;    ///< [n_options + 1]
	int32_t *who;     ///< [from[n_options]] ballots, rising for each option
	int32_t *points;  ///< [from[n_options]] > 0; NULL: 1 each
	int64_t *support; ///< [n_options] weight of the supporters
	int64_t *given;   ///< [n_options] weight * points
	/* what is left */
	double part;     ///< of each voter at first
	double *left;    ///< [n_ballots] nearly; GONE once all was paid
	double error;    ///< |left - what is left| is at most this
	int32_t *turn;   ///< [n_options] when it was bought, -1: not
	int32_t *bought; ///< [n_bought]
	int32_t n_bought;
	mpz_t whole; ///< the common denominator of what follows
	mpz_t exact_part;
	mpz_t *price; ///< [n_bought] for a point, of which n_options are initialised
	/* of one option, while it is looked at */
	double *purse;  ///< [most supporters]
	double *weight; ///< [most supporters]
	double *point;  ///< [most supporters]
	int8_t *state;  ///< [most supporters] pl_purse_state, in the order of `who`
	int64_t *paid;  ///< [n_options] weight * points given to options bought
	mpz_t term, sum;
	/* of several options at once */
	int32_t *seat;     ///< [n_options] which of them it is, + 1; 0: none
	int64_t *given_by; ///< [PL_PURSES_AT_ONCE][n_options] to each option by supporters of
	                   ///< one
} pl_purses;

/// Gather who supports what. @return PL_OK, PL_ENOMEM (free in either case), PL_EARG
pl_status pl_purses_open(pl_purses *p, const pl_election *e, pl_error *err);
void pl_purses_free(pl_purses *p); ///< also after {0}

/// Give every voter num / den, num >= 0, den > 0; nothing is bought.
void pl_purses_fill(pl_purses *p, int64_t num, int64_t den);

/// Bound the price that an option asks now.
/// @param since a price it asked at least before now, or 0
/// @param enough a price above which `high` does not matter
/// @return false: its supporters have less than it costs
bool pl_purses_bound(pl_price_bounds *out, pl_purses *p, int32_t option, double since,
                     double enough);

/// Find it exactly; the option's supporters must have the cost. p->state tells then who pays
/// what.
/// @param near any number; the nearer the price, the sooner it is found
void pl_purses_price(pl_price *out, pl_purses *p, int32_t option, double near);
/// Let the option be paid for at the price that was found last.
void pl_purses_pay(pl_purses *p, int32_t option, const pl_price *price);
/// A price as a double, off by at most 7 * 2^-53 of it.
double pl_price_near(const pl_purses *p, const pl_price *price);
/// How much more each voter could have had at first, all else being paid as it was, without the
/// supporters of an option having its cost together: so much surely, and perhaps more.
/// @param since_first count what they had at first, not what they have left
int64_t pl_purses_lack(const pl_purses *p, int32_t option, bool since_first);
enum { PL_PURSES_AT_ONCE = 64 };
/// What the supporters of each of some options have left together, times p->whole.
/// @param[out] out [n] initialised @param option [n] @param n at most PL_PURSES_AT_ONCE
void pl_purses_left(mpz_t *out, pl_purses *p, const int32_t *option, int32_t n);
#endif
