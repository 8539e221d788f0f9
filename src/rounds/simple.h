/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* simple.h - rules that look at prices and totals alone. S and D are a good's supply and
 * demand, v = 2|S-D|/(S+D). Goods that are free, or that nobody supplies or demands, keep
 * their prices.
 *
 *   lagged        p (1 +- w), + where D > S, w = max(0.001, min(v', 0.25) (1.05 - 0.5^v)), v'
 *                 being the round before's v, 0.25 before the first
 *   book          the same with w = min(v, 0.25) (1.05 - 0.5^v)
 *   paper         the same with u = min(v, 0.25), w = u (1.05 - 0.5^u)
 *   power         p (D/S)^0.15
 *   proportional  p (1 + 0.1 clamp((D - S)/S, -1, 1))
 *   elasticity    p (D/S)^(half over the good's own elasticity as past rounds showed it)
 *   anderson      x = log p, g = 0.1 log(D/S); of the last rounds' combinations the one whose
 *                 g is smallest, and a step by g from there, at most 1
 *
 * Sources: lagged, the program behind R. Hahnel, Democratic Economic Planning, 2021 (the
 * simulations of M. Szczepanczyk, csvgen.clj); book, the same, page 181; paper, R. Hahnel, M.
 * Szczepanczyk and M. Weisdorf, 2023, page 7; proportional, R. Cole and L. Fleischer, STOC
 * 2008; anderson, D. G. Anderson, J. ACM 12, 1965. */
#ifndef PL_ROUNDS_SIMPLE_H
#define PL_ROUNDS_SIMPLE_H
#include <plenum/rounds.h>

/// A simple rule with what it remembers.
typedef struct pl_simple pl_simple;

/// @param kind neither fitted nor direct
/// @return PL_OK, PL_ENOMEM
pl_status pl_simple_new(pl_simple **out, int32_t n_goods, pl_rule_kind kind, pl_error *err);
void pl_simple_free(pl_simple *s); ///< NULL allowed
/// Forget last year's rounds; keep what was learned of elasticities, and `lagged` its v'.
void pl_simple_new_year(pl_simple *s);

/// Take in a round. Once for each, before pl_simple_step.
void pl_simple_see(pl_simple *s, const pl_frame *frame, const pl_round *round);
/// The prices after the round seen last. @param most largest change of a log price, > 0
/// @param[out] next [n_goods] > 0
void pl_simple_step(double *next, pl_simple *s, const pl_round *round, double most);

/// log(D/S) as the rules see it: within +-20, also where one of the two is 0; 0 where both are.
double pl_log_excess(double supply, double demand);
#endif
