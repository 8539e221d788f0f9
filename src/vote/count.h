/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* count.h - a count being written down: what every rule shares. */
#ifndef PL_VOTE_COUNT_H
#define PL_VOTE_COUNT_H
#include <gmp.h>
#include <plenum/vote.h>

/// For products of two int64_t.
__extension__ typedef __int128 pl_wide;

/// A result that grows. `status` keeps the first failure, and later calls then do nothing: a
/// rule writes its steps and looks at the status where it would go on for long.
typedef struct {
	const pl_election *e;
	const pl_vote_settings *s;
	pl_vote_result *r;     ///< outcome and n_winners are the rule's to set
	int32_t *winner;       ///< [n_options] r->winner
	int32_t *place;        ///< [n_options] r->place
	int32_t *precedence;   ///< [n_options] of each option: 0 goes first in a tie
	pl_vote_number *tally; ///< [n_options] r->tally
	pl_vote_step *step;    ///< [r->n_steps] r->step
	char *text;            ///< [used_text] r->text
	int64_t room_steps, used_text, room_text;
	pl_status status;
} pl_count;

/// A number of each kind, kept exactly.
pl_vote_number pl_count_whole(pl_count *c, int64_t x);
pl_vote_number pl_count_fraction(pl_count *c, const mpq_t x);
pl_vote_number pl_count_part(pl_count *c, pl_fraction x);
/// Money of the election as "1250.50".
pl_vote_number pl_count_money(pl_count *c, int64_t x);

/// What a step may speak of; leave out what it does not.
typedef struct {
	int32_t option, other; ///< number + 1, so that 0 is none
	pl_vote_number x, y, z;
} pl_said;
void pl_count_step(pl_count *c, pl_vote_step_kind kind, pl_said said);
#define PL_STEP(c, kind, ...) pl_count_step(c, PL_VOTE_STEP_##kind, (pl_said){__VA_ARGS__})

/// The option is the next winner.
void pl_count_win(pl_count *c, int32_t option);

/// Options by falling value, ties by precedence. @param[out] sorted [n_options]
/// @return false: no memory, noted in the status
bool pl_count_sort(pl_count *c, int32_t *sorted, const int64_t *value);

/// Whole numbers become the tally. @param value [n_options]
void pl_count_note(pl_count *c, const int64_t *value);
/// Write down what each option has, in the order of @p sorted: a step `count` each.
void pl_count_tell(pl_count *c, const int32_t *sorted);

/* elect.c: who wins where most win */

/// Places by falling value, equal where values are. @param sorted from pl_count_sort
void pl_count_place(pl_count *c, const int32_t *sorted, const int64_t *value);
/// The first @p seats of those sorted win, with steps; ties are settled by precedence, or stand
/// where they leave the last seats open. Places and tally must be there. @param seats > 0
void pl_count_seat(pl_count *c, const int32_t *sorted, int32_t seats);

/// Weight of a ballot.
static inline int64_t pl_ballot_weight(const pl_election *e, int64_t ballot)
{
	return e->weight == NULL ? 1 : e->weight[ballot];
}

/// The rules, one function for each family; each writes into the count.
/// @return PL_OK, PL_ENOMEM, PL_EARG
typedef pl_status pl_count_rule(pl_count *c, pl_error *err);
pl_count_rule pl_count_motion;       ///< majority.c: majority, supermajority, consensus
pl_count_rule pl_count_points;       ///< points.c: approval, score
pl_count_rule pl_count_schulze;      ///< schulze.c
pl_count_rule pl_count_stv;          ///< stv.c
pl_count_rule pl_count_greedy;       ///< budget.c: greedy, greedy-no-skip
pl_count_rule pl_count_knapsack;     ///< knapsack.c
pl_count_rule pl_count_equal_shares; ///< shares.c: all of equal-shares
#endif
