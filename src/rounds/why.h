/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* why.h - whose proposals moved a price from one announcement to the next.
 *
 * The fitted rule announces prices at which, by the schedules that it fitted, what is asked for
 * is there. What is then out of balance is what councils proposed beyond what it expected of
 * them: their surprises, in units of the good. Along the fitted schedules the good's own price
 * alone, moved as it was, closes `answer` units for each unit of log price, so a surprise of d
 * units moved the price by d/answer; the rest of the move came through other goods, and all of
 * it where nothing answers the own price: workplaces of fixed proportions count as standing
 * where the rule expects them. Rules that
 * look at totals alone move each price by its own good's excess; there the surprise is the
 * change since the round before, and the move is shared in proportion. */
#ifndef PL_ROUNDS_WHY_H
#define PL_ROUNDS_WHY_H
#include <plenum/rounds.h>

/// A council that deals in the good.
typedef struct {
	int32_t council;
	double surprise; ///< units more asked for, or less supplied, than expected
	double part;     ///< of the move, as a log
} pl_mover;

/// A move of a price. Parts of movers, `known` and `others` sum to log(after/before).
typedef struct {
	int32_t from;         ///< number of the announcement that it moves on from
	double before, after; ///< credits
	bool expects;  ///< surprises: by the rule's expectation; else by the round before
	double known;  ///< for what was out of balance before anybody surprised
	double others; ///< through other goods, and by the rule's memory
	int32_t n;
	const pl_mover *mover; ///< [n] by falling size of part, then of surprise; borrowed
} pl_move;

typedef struct pl_why pl_why;

/// Watch one good. @param frame copied; its arrays are borrowed
/// @param scratch [n_links] borrowed, which several may share; NULL: its own
/// @return PL_OK, PL_ENOMEM
pl_status pl_why_new(pl_why **out, const pl_frame *frame, int32_t good, double *scratch,
                     pl_error *err);
void pl_why_free(pl_why *w); ///< NULL allowed
/// A year begins. @param rule the one that will step, borrowed
void pl_why_begin(pl_why *w, const pl_rule *rule);
/// Take in a round before the rule steps. @param[out] out the move that led to its price;
/// NULL: nobody wants to know
/// @return is there one (from the second round on)?
bool pl_why_round(pl_move *out, pl_why *w, const pl_round *round);
#endif
