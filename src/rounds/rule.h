/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rule.h - a rule's step in its two halves, so that who drives the rounds looks at each of
 * them once. */
#ifndef PL_ROUNDS_RULE_H
#define PL_ROUNDS_RULE_H
#include <plenum/rounds.h>

/// This round as it is published, number left out. Borrowed until the next look.
/// @return PL_OK, PL_EARG (see pl_rule_step)
pl_status pl_rule_look(pl_round *out, pl_rule *r, const double *price, const double *quantity,
                       pl_error *err);
/// The prices after a round that this rule looked at last. @return PL_OK, PL_ENOMEM
pl_status pl_rule_next(double *next, pl_rule *r, const pl_round *round, pl_error *err);
/// pl_rule_expected at other prices. @param price [n_goods] > 0
void pl_rule_expected_at(double *quantity, const pl_rule *r, const double *price);
const pl_frame *pl_rule_frame(const pl_rule *r);
double pl_rule_tolerance(const pl_rule *r);
#endif
