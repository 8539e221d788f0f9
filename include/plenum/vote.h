/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* vote.h - from ballots to a result, and every step of the count.
 *
 * Pure functions of plain arrays: whole numbers and exact fractions, no rounding, no clock. The
 * order of the ballots never changes a result; the order of the options only where a tie is
 * settled by it, and then a step says so. */
#ifndef PL_VOTE_H
#define PL_VOTE_H
#include <plenum/base.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
	PL_BALLOT_APPROVAL, ///< the options marked are chosen; one at most, or several
	PL_BALLOT_SCORE,    ///< points for each option marked; 0 for the others
	PL_BALLOT_RANKED,   ///< rank from 1, best, for each option marked; equal ranks are
	                    ///< allowed, and what is not marked comes last, all together
	PL_BALLOT_MOTION,   ///< a pl_mark for each option; what is not marked is abstained from
	PL_BALLOT_KINDS
} pl_ballot_kind;
PL_API const char *pl_ballot_name(int kind); ///< "approval", ...; NULL outside the enum

/// What a ballot says of a motion.
typedef enum {
	PL_MARK_NO,
	PL_MARK_YES,
	PL_MARK_ABSTAIN,
	PL_MARK_BLOCK,
	PL_MARKS_OF_MOTION
} pl_mark;
PL_API const char *pl_mark_name(int mark); ///< "no", "yes", "abstain", "block"

/// Numerator and denominator, 0 <= num, 0 < den.
typedef struct {
	int64_t num, den;
} pl_fraction;
/// Read a part of a whole as people write it: "2/3", "0.6" or "60%", from 0 to 1. Numbers up to
/// 1e9, at most 6 decimals, behind a point or a comma; nothing else, no spaces and no sign.
/// @return false: it is none; *out unchanged
PL_API bool pl_fraction_read(pl_fraction *out, const char *text);

/// Options and ballots. Read only.
///
/// Marks of ballot i stand at start[i] .. start[i + 1] - 1, options rising, each at most once
/// (ranked: best first, and rising where ranks are equal).
typedef struct pl_election {
	const char *title; ///< "" where not given
	pl_ballot_kind kind;
	int32_t n_options;
	struct {
		pl_text id, name;       ///< the name is the id where not given
		const int64_t *cost;    ///< [n_options] money, >= 0; 0 where not given
		const int8_t *recorded; ///< [n_options] 1 won in reality, 0 did not, -1 unknown
	} option;
	int32_t decimals; ///< money is in units of 10^-decimals of the currency, 0 .. 6
	int64_t budget;   ///< money, >= 0; -1: none
	int64_t eligible; ///< who could have voted, in units of weight; -1: unknown
	int32_t longest; ///< ranked: how many options a ballot may rank, at least as many as on
	                 ///< any; points for ranks count down from it. 0 for other kinds
	int64_t n_ballots, n_marks;
	const int64_t *start;  ///< [n_ballots + 1]
	const int32_t *marked; ///< [n_marks] option
	const int32_t *value;  ///< [n_marks] points, rank or pl_mark; NULL: 1 each (approval),
	                       ///< 1, 2, 3 ... along each ballot (ranked)
	const int64_t *weight; ///< [n_ballots] > 0: so many equal ballots; NULL: 1 each
	const int64_t
	        *name; ///< [n_ballots] offsets into names, of the ballots' codes; NULL: none
	const char *names;
	int64_t total; ///< of all weights
} pl_election;
PL_API void pl_election_free(pl_election *e); ///< NULL allowed

/// An election being put together. Every call may fail and then changes nothing.
typedef struct pl_election_draft pl_election_draft;

PL_API pl_status pl_election_begin(pl_election_draft **out, pl_ballot_kind kind, pl_error *err);
PL_API void pl_election_drop(pl_election_draft *d); ///< NULL allowed; also after finish
PL_API pl_status pl_election_title(pl_election_draft *d, const char *title, pl_error *err);
/// @param decimals 0 .. 6 @param budget >= 0, -1: none
/// @return PL_OK, PL_EARG
PL_API pl_status pl_election_money(pl_election_draft *d, int32_t decimals, int64_t budget,
                                   pl_error *err);
/// @param eligible >= 0 @return PL_OK, PL_EARG
PL_API pl_status pl_election_eligible(pl_election_draft *d, int64_t eligible, pl_error *err);
/// Ranked ballots: how many options one may rank, where it is known.
/// @param longest > 0 @return PL_OK, PL_EARG
PL_API pl_status pl_election_longest(pl_election_draft *d, int32_t longest, pl_error *err);
/// Add an option; its number is how many went before.
/// @param name NULL or "": the id @param recorded 1, 0 or -1
/// @return PL_OK, PL_ENOMEM, PL_EARG (an empty id or one that is there already, a cost below 0)
PL_API pl_status pl_election_option(pl_election_draft *d, const char *id, const char *name,
                                    int64_t cost, int recorded, pl_error *err);
PL_API int32_t pl_election_find(const pl_election_draft *d, const char *id); ///< or -1
/// Begin a ballot; the marks that follow are its own. All options must be there already.
/// @param code NULL or "": none @param weight > 0
/// @return PL_OK, PL_ENOMEM, PL_EARG
PL_API pl_status pl_election_ballot(pl_election_draft *d, const char *code, int64_t weight,
                                    pl_error *err);
/// Mark an option on the ballot begun last, in any order.
/// @param value points (within +-1e9), rank (1 .. 1e9) or pl_mark; 1 for approval
/// @return PL_OK, PL_ENOMEM, PL_EARG (marked already, a value that the kind does not allow)
PL_API pl_status pl_election_mark(pl_election_draft *d, int32_t option, int32_t value,
                                  pl_error *err);
/// Seal the election. @return PL_OK, PL_ENOMEM, PL_EARG (no option; totals beyond 2^62)
PL_API pl_status pl_election_finish(pl_election **out, pl_election_draft *d, pl_error *err);

enum { PL_VOTE_NEEDS_BUDGET = 1 };
typedef enum {
#define PL_VOTE_RULE(id, spelled, ballots, needs, help) PL_VOTE_##id,
#include <plenum/votes.def>
#undef PL_VOTE_RULE
	PL_VOTE_RULES
} pl_vote_rule;
PL_API const char *pl_vote_rule_name(int rule); ///< NULL outside the enum
PL_API int pl_vote_rule_of(const char *name);   ///< -1 if unknown

/// What a threshold is a part of.
typedef enum {
	PL_VOTE_OF_CAST,     ///< yes and no; ballots with a mark
	PL_VOTE_OF_PRESENT,  ///< every ballot, abstentions too
	PL_VOTE_OF_ELIGIBLE, ///< everyone who could have voted
	PL_VOTE_OFS
} pl_vote_of;
PL_API const char *pl_vote_of_name(int of); ///< "cast", "present", "eligible"

typedef struct {
	pl_vote_rule rule;
	pl_fraction threshold; ///< supermajority: at least this part
	pl_fraction fallback;  ///< consensus: the part that is enough without it; num 0: none
	pl_fraction quorum;    ///< of the eligible who must have voted; num 0: none
	pl_vote_of of;         ///< majority, supermajority and fallback
	int32_t seats;         ///< stv, approval, score: how many win, > 0
	bool normalise;        ///< score: each ballot is stretched to the full range
	/// score: the range, outside of which points are refused; what is not marked has 0, or
	/// low where 0 is outside. high <= low: 0 and what is found on the ballots.
	int32_t low, high;
	bool ties_stand;      ///< tied options stay tied: the outcome is a tie
	const int32_t *order; ///< [n_options] options by precedence, for ties; NULL: as listed
} pl_vote_settings;
/// Of a rule: threshold 2/3, one seat, no quorum, no fallback, of the cast, ties as listed.
PL_API pl_vote_settings pl_vote_preset(pl_vote_rule rule);

typedef enum {
	PL_VOTE_DECIDED,   ///< there are winners, or (budgets) nothing can be paid
	PL_VOTE_REJECTED,  ///< no option has reached what it needs
	PL_VOTE_BLOCKED,   ///< consensus: somebody blocks
	PL_VOTE_TIED,      ///< the options in `winner` are tied for the last seats
	PL_VOTE_NO_QUORUM, ///< too few have voted; nothing was counted
	PL_VOTE_OUTCOMES
} pl_vote_outcome;
PL_API const char *pl_vote_outcome_name(int outcome); ///< "decided", ...

/// A number that was counted.
typedef struct {
	double near;   ///< the nearest double
	int64_t exact; ///< offset in the result's text: "17", or "17/3" in lowest terms
} pl_vote_number;

/// What happened in a count, one line each; vote_steps.def holds the sentences.
typedef struct {
	int32_t kind;           ///< pl_vote_step_kind
	int32_t option, other;  ///< -1: none
	pl_vote_number x, y, z; ///< what the sentence speaks of
} pl_vote_step;
typedef enum {
#define PL_VOTE_STEP(id, sentence) PL_VOTE_STEP_##id,
#include <plenum/vote_steps.def>
#undef PL_VOTE_STEP
	PL_VOTE_STEPS
} pl_vote_step_kind;
PL_API const char *pl_vote_step_name(int kind); ///< "elected", ...; NULL outside the enum

/// Read only.
typedef struct pl_vote_result {
	pl_vote_outcome outcome;
	int32_t n_options, n_winners;
	const int32_t *winner;       ///< [n_winners] in the order in which they won
	const int32_t *place;        ///< [n_options] from 1, equal where tied; 0: not placed
	const pl_vote_number *tally; ///< [n_options] votes, points, wins: what the rule counts
	int64_t n_steps;
	const pl_vote_step *step; ///< [n_steps]
	const char *text;         ///< exact numbers
} pl_vote_result;

/// Count. Winners of motions are those that are carried; an option without a vote takes no
/// seat. schulze fills one seat, of 1024 options at most; stv counts 2048.
/// @return PL_OK, PL_ENOMEM, PL_EARG (ballots of another kind, no budget, no number of eligible
///         where a quorum needs it, seats, an order that is none)
PL_API pl_status pl_vote_tally(pl_vote_result **out, const pl_election *e,
                               const pl_vote_settings *s, pl_error *err);
PL_API void pl_vote_result_free(pl_vote_result *r); ///< NULL allowed
static inline const char *pl_vote_exact(const pl_vote_result *r, pl_vote_number x)
{
	return r->text + x.exact;
}

/// Print a number of a result as a member reads it: "17", "2/3", "17/3 (about 5.67)", and only
/// "about 5.67" where the fraction is long. Cut where the room is short, as by snprintf.
/// @param[out] out [room] ends with NUL where room > 0
/// @return bytes of all of it, without the NUL
PL_API int64_t pl_vote_say_number(char *out, int64_t room, const pl_vote_result *r,
                                  pl_vote_number x);
/// Print the sentence of a step, with the names of the options as they stand in the election:
/// a page must escape it. Cut and counted as above.
PL_API int64_t pl_vote_say(char *out, int64_t room, const pl_election *e,
                           const pl_vote_result *r, const pl_vote_step *step);

/// Weights in proportion to how much each is affected, none below `floor` nor above `cap` of
/// the whole: who would have more holds the cap, who would have less the floor, and the rest
/// is shared in proportion to the stakes. What caps leave goes in equal parts to those without
/// a stake.
/// @param[out] weight [n] whole numbers in lowest terms, 2^62 at most together
/// @param stake [n] >= 0, one at least > 0
/// @return PL_OK, PL_ENOMEM, PL_EARG (n * cap < 1, n * floor > 1, floor > cap, stakes above
/// 2^62 together, numbers too fine)
PL_API pl_status pl_vote_weigh(int64_t *weight, int64_t n, const int64_t *stake,
                               pl_fraction floor, pl_fraction cap, pl_error *err);

/* Codes of paper ballots: "B7K-4QX-9MP", nine of 29 letters and digits that are not taken for
 * one another (no 0 O 1 I, no vowels). The last one is a check: it tells any one wrong letter,
 * and any two that changed places. */
enum { PL_BALLOT_CODE_CHARS = 12 };
#define PL_BALLOT_CODES INT64_C(500246412961) ///< 29^8
/// The code of a number, 0 <= number < PL_BALLOT_CODES. @return out
PL_API const char *pl_ballot_code(char out[PL_BALLOT_CODE_CHARS], int64_t number);
/// The number of a code as people type it: capitals, hyphens and spaces do not matter.
/// @return -1 where it is no code, or mistyped
PL_API int64_t pl_ballot_code_read(const char *typed);
#ifdef __cplusplus
}
#endif
#endif
