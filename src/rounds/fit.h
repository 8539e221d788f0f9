/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fit.h - for the files of the fitted rule: what it remembers, and the schedules it fits.
 *
 * A workplace is taken for one that replaces inputs by one another (elasticity sigma) and
 * whose revenue follows the price of its output and the index P of its inputs' prices:
 *
 *     log revenue = log R + ((log p_out) - inputs log P)/(1 - returns)
 *     spending    = inputs revenue + over P
 *
 * prices relative to those it answered last, R and `over` in credits. One whose inputs keep
 * their proportions whatever the prices is taken for a recipe with a supply curve (curve.h). A
 * consumers' council spends income P^rise on goods it replaces with sigma. */
#ifndef PL_ROUNDS_FIT_H
#define PL_ROUNDS_FIT_H
#include "rounds/fitted.h"
#include "rounds/frame.h"

/// What one coefficient of each council was seen to be: sums of squares and products of what
/// moved and what answered, older rounds at half weight.
typedef struct {
	double *square, *cross, *total, *count; ///< each [n]
} pl_evidence;
typedef struct {
	double prior, low, high;
} pl_belief;

/// @return false if memory is short
bool pl_evidence_new(pl_evidence *e, int64_t n);
void pl_evidence_free(pl_evidence *e);
void pl_evidence_add(pl_evidence *e, int32_t i, double square, double cross, double total,
                     double count);
/// Each council's coefficient: its own estimate, drawn towards the mean of all as far as its
/// own scatter is larger than the spread among them. O(n log n).
/// @param among [n] 1: counts @param scratch [n]
void pl_evidence_weigh(double *out, const pl_evidence *e, const uint8_t *among, int32_t n,
                       pl_belief belief, double *scratch);

enum {
	PL_PAST = 16, /* rounds that are remembered for supply curves, */
	PL_PAIRS = 6, /* and what a curve goes through */
	PL_KNOTS = 48 /* of a supply curve, at most */
};

typedef enum {
	PL_FORM_NONE,    /* nothing proposed yet, or nothing that balances */
	PL_FORM_FIXED,   /* the same whatever the prices */
	PL_FORM_SPENDER, /* consumers */
	PL_FORM_MAKER,   /* one output, inputs replace one another */
	PL_FORM_RECIPE   /* fixed proportions */
} pl_form;

/// Does a proposal stand at a limit of movement? Or did the one before, or is it not known,
/// as of the first of a year?
enum { PL_HELD_NOT, PL_HELD_BEFORE, PL_HELD_NOW, PL_HELD_UNKNOWN };

struct pl_fitted {
	pl_frame frame;
	pl_rule_settings s;
	int32_t seen; ///< rounds of this year

	double *price;     ///< [n_goods] announced last; next to nothing for free goods
	double *log_price; ///< [n_goods] of it
	double *answered;  ///< [n_goods] log price relative to last, that clears
	double *wished;    ///< [n_goods] the same of the step before
	int32_t wished_in; ///< round of this year that it was of; 0: none

	double limit;  ///< log of the factor that no quantity moves by more in a round; 0: none
	double beyond; ///< log by which those who stand at it are taken to want to go on
	int64_t n_held, n_makers; ///< workplaces that stand at it now, and all
	int32_t all_spoke;        ///< rounds of this year in a row in which hardly anybody only
	                          ///< repeated the proposal before
	uint8_t *held;            ///< [n_councils] PL_HELD_...
	double *wants_on;         ///< [n_councils] part of its value at the limit, -1..1
	double *log_before;       ///< [n_links] logs of what was proposed the round before
	double *log_now;          ///< [n_links] logs of what was proposed last
	double *log_last;         ///< [n_links] of the round in which the council was last live
	double *share;            ///< [n_links] inputs: part of spending when it was last live
	double *unit; ///< [n_links] of workplaces: units per unit of lead output when last
	              ///< live

	uint8_t *form;      ///< [n_councils] pl_form
	uint8_t *n_outputs; ///< [n_councils] of workplaces and of those who only offer
	uint8_t *is_live;   ///< [n_councils] proposes something now
	int8_t *live_at;    ///< [n_councils] round of the past it was last live in, -1: none
	uint8_t *makes, *spends; ///< [n_councils] takes part in what is learned of these
	int64_t *lead;           ///< [n_councils] link of the output that measures activity, -1
	double *revenue, *cost;  ///< [n_councils] credits at announced prices; of inputs
	double *revenue_before, *cost_before; ///< when it was last live
	double *sigma, *rise;                 ///< [n_councils] learned
	double *answers; ///< [n_councils] of supply: below 1 weaker than inputs tell
	double *unseen;  ///< [n_councils] above 1: part of its effort is not seen
	double *returns, *inputs, *over; ///< [n_councils] fitted; `over` credits
	pl_evidence replaced[2], answering, hidden, spending;
	double *taken_as_maker, *taken_as_recipe, *moved; ///< [n_councils] record of misses
	uint8_t *stiff;                                   ///< [n_councils] a recipe, so far

	int32_t n_past;
	double *past_price, *past_log; ///< [PL_PAST * n_goods] and logs
	double *past_output;           ///< [PL_PAST * n_councils] units of the lead output
	double *knot, *made; ///< [n_councils * PL_KNOTS] margins relative to the lead's price,
	                     ///< credits made, both at the prices answered last
	uint8_t *n_knots;    ///< [n_councils]
	double *planned; ///< [n_councils] units of a recipe's lead output in what was cleared
	                 ///< last: what is expected of it
	int8_t *missed, *since; ///< [n_councils] side of the last miss; round of the past from
	                        ///< which on its curve is fitted
	double *expected;       ///< [n_councils] what was expected of it in this round
	uint8_t *confirms;      ///< [n_councils] it proposed exactly that once this year
	double *easy_at, *easy_most; ///< [n_councils] the margin at which it did; the most that
	                             ///< it has shown it can make, units, +inf: not known
	double *bends;   ///< [n_councils] power of a recipe's output in its margin, learned
	double *usual;   ///< [n_councils] units of the lead output when last live
	double *scratch; ///< [max(n_councils, n_goods)]
};

static inline bool pl_link_supplies(const pl_frame *f, int64_t l)
{
	return pl_role_supplies(f->role[l]);
}
static inline bool pl_good_balances(const pl_frame *f, int32_t j)
{
	return f->good_kind[j] != PL_FREE;
}

/// Take in a round: shares, evidence, coefficients, forms, curves. O(links).
void pl_learn_round(pl_fitted *f, const pl_round *round);

/// Logs of what is proposed, and who stands at a limit of movement. Before all else of a round.
void pl_held_find(pl_fitted *f, const pl_round *round);
/// Do nearly all workplaces stand at a limit? Then prices have nothing to go by and stay.
bool pl_held_are_most(const pl_fitted *f);
/// Is what council i proposes, now and the round before, an answer to prices?
static inline bool pl_answers_freely(const pl_fitted *f, int32_t i)
{
	return f->limit == 0 || f->held[i] == PL_HELD_NOT;
}

/// Supply curves of all recipes through their (margin, output) pairs of this year: rising, on
/// from the last pair. `knot` and `made` of recipes.
void pl_curves_fit(pl_fitted *f);

/// Find prices that clear what was fitted: fills f->answered. @param rigid true: what spending
/// exceeds the returns is a bundle taken at any price; false: it goes with output
pl_status pl_offer_clear(bool *found, pl_fitted *f, const pl_round *round, bool rigid,
                         pl_error *err);
#endif
