/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rounds.h - planning as a conversation: prices are announced, every council proposes, a
 * public rule announces the next prices. The rule sees proposals and nothing else. */
#ifndef PL_ROUNDS_H
#define PL_ROUNDS_H
#include <plenum/plan.h>
#ifdef __cplusplus
extern "C" {
#endif

/// What everybody may know before anyone proposes: the goods, what society holds of them, who
/// deals in what. No schedule, no parameter, no amount, no income. Borrowed arrays.
typedef struct {
	int32_t n_goods, n_councils;
	int64_t n_links;
	const uint8_t *good_kind;    ///< [n_goods] pl_good_kind
	const double *held;          ///< [n_goods] society's endowment, units
	const uint8_t *council_kind; ///< [n_councils] pl_council_kind
	const int64_t *start;        ///< [n_councils + 1] links of council i
	const int32_t *good;         ///< [n_links]
	const uint8_t *role;         ///< [n_links] pl_role
} pl_frame;
PL_API pl_frame pl_frame_of(const pl_model *m); ///< borrows from m

/// The bounds that rounds are counted to, widest first: rounds_to in --json.
enum { PL_BOUNDS = 5 };
PL_API extern const double pl_bound[PL_BOUNDS]; ///< 0.2, 0.1, 0.05, 0.03, 0.01

/// One round as it is published. Borrowed arrays.
typedef struct {
	int32_t number;                ///< of the announcement, 1 for the start prices
	const double *price;           ///< [n_goods] as announced, credits per unit, > 0
	const double *quantity;        ///< [n_links] as proposed, units, >= 0
	const double *supply, *demand; ///< [n_goods] units; supply includes what society holds
	/// [n_goods] 2|S-D|/(S+D); 0 for free goods, where S + D = 0, and where the rule has
	/// the price at its floor and S >= D
	const double *imbalance;
	const uint8_t *at_floor; ///< [n_goods] 1: so little worth that it counts as free
	double worst;            ///< largest imbalance
	int32_t worst_good;      ///< -1: every good is balanced exactly
	double above[PL_BOUNDS]; ///< part of the balanced goods whose imbalance is larger
	double total; ///< value of all |S-D| over half the value of all S + D, floors left out
	const char *remark; ///< what the rule has to say about itself; "" mostly
} pl_round;

/// Rules by name: fitted, lagged, ... The spelling is that of rules.def.
typedef enum {
#define PL_RULE(id, help) PL_RULE_##id,
#include <plenum/rules.def>
#undef PL_RULE
	PL_RULES
} pl_rule_kind;
PL_API const char *pl_rule_name(int kind); ///< NULL outside the enum
PL_API int pl_rule_of(const char *name);   ///< -1 if unknown

typedef struct {
	pl_rule_kind kind;
	double tolerance; ///< relative imbalance at which rounds may stop, 0 < tolerance < 1
	double log_step;  ///< a price changes by at most this factor of e in a round: 8 with
	                  ///< simulated councils, 1 with people
	bool learns;      ///< fitted: from one round to the next, and from year to year
} pl_rule_settings;
PL_API pl_rule_settings pl_rule_preset(void); ///< fitted, 0.01, 8, true

/// A rule with what it remembers.
typedef struct pl_rule pl_rule;

/// @param frame borrowed until the rule is freed or a new year begins
/// @return PL_OK, PL_ENOMEM, PL_EARG (`direct`, which is no rule for rounds: pl_plan_clear)
PL_API pl_status pl_rule_new(pl_rule **out, const pl_frame *frame, const pl_rule_settings *s,
                             pl_error *err);
PL_API void pl_rule_free(pl_rule *r); ///< NULL allowed

/// One step: this round's prices and proposals in, the next prices out. Depends on the frame,
/// the settings and the rounds shown to this rule alone; the same bits for any number of
/// threads.
/// @param[out] next [n_goods] > 0; may not be `price`
/// @return PL_OK, PL_ENOMEM, PL_EARG (a price that is not > 0, a quantity that is no number
///         >= 0)
PL_API pl_status pl_rule_step(double *next, pl_rule *r, const double *price,
                              const double *quantity, pl_error *err);

/// Goods whose price is at its floor since the last step: so little worth that what is left
/// over of them does not matter. @return [n_goods], borrowed
PL_API const uint8_t *pl_rule_floors(const pl_rule *r);
/// What the last step has to say: that it fell back to another rule and why; "" otherwise.
PL_API const char *pl_rule_remark(const pl_rule *r);
/// Does the rule find that its steps do not lead to a plan? A sign to end the rounds.
PL_API bool pl_rule_is_lost(const pl_rule *r);

/// A new year: goods, councils and links the same, society's endowments others. Last year's
/// proposals are no longer compared with this year's; what was learned stays.
PL_API void pl_rule_new_year(pl_rule *r, const pl_frame *frame);

/// What the fitted rule expects a council to propose at the prices that it announced last.
/// @param[out] quantity [n_links] units; NaN where the rule has no expectation
PL_API void pl_rule_expected(double *quantity, const pl_rule *r);

/// Answers prices: people, simulated councils, a record.
/// @param[in,out] quantity [n_links] units: in, what is announced beside the prices, namely
/// what
///                the rule expects the council to propose (NaN where it expects nothing); out,
///                what it does propose, >= 0
typedef pl_status (*pl_answer)(void *self, double *quantity, const double *price,
                               pl_error *err);
/// Sees each round before the rule steps; false stops the rounds after it.
typedef bool (*pl_round_watch)(void *self, const pl_round *round);

/// Who answers, and who looks on.
typedef struct {
	pl_answer answer;
	void *answer_self;
	pl_round_watch watch; ///< may be NULL
	void *watch_self;
} pl_round_calls;

/// How the rounds of one year ended. Borrow the arrays; free with pl_rounds_free.
typedef struct {
	pl_outcome outcome; ///< CLEARED (within tolerance), ROUND_LIMIT, STALLED (the rule is
	                    ///< lost), STOPPED
	int32_t n_goods, n_rounds;
	int64_t n_links;
	/// Of these the numbers stand below: the last announcement where the rounds ended in a
	/// plan, else the one whose shortest good is least short.
	int32_t chosen;
	double *price;     ///< [n_goods] as announced
	double *quantity;  ///< [n_links] proposed at them
	double *imbalance; ///< [n_goods]
	double worst;
	int32_t worst_good;
	int32_t best_round;           ///< number of the round with the smallest worst imbalance
	int32_t rounds_to[PL_BOUNDS]; ///< announcements until every good was within; 0: never
	char reason[512];             ///< a sentence; "" when cleared
} pl_rounds;
PL_API void pl_rounds_free(pl_rounds *r); ///< NULL allowed

/// Announce, ask, step, until every good is within the rule's tolerance.
/// @param start [n_goods] prices > 0
/// @param max_rounds > 0
/// @return PL_OK (look at outcome), PL_ENOMEM, PL_EARG (a price or a proposal that
///         pl_rule_step refuses), or what the answer returned
PL_API pl_status pl_rounds_run(pl_rounds **out, pl_rule *rule, const double *start,
                               int32_t max_rounds, const pl_round_calls *calls, pl_error *err);

/// Ways to make the last proposals into a plan in which everything fits.
typedef enum {
	/// Everyone who asks for a short good, or for what is made of it, gets the same part.
	PL_END_PRO_RATA,
	/// Pro rata, but of those who make the same good the one with the highest benefit/cost
	/// ratio is asked first and the lowest is cut, as far as consumers lose nothing by it.
	PL_END_RATIO,
	PL_END_DISRUPTION, ///< of what consumers ask for as little as can be is cut, by value
	PL_END_STOCKS,     ///< shortages are met from stocks while they last, then pro rata
	/// As little as can be is cut, but no good to next to nothing: of each good's value the
	/// root of the part that is kept counts, so that the second half of a cut weighs more
	/// than the first.
	PL_END_GENTLE,
	PL_ENDS
} pl_end_kind;
PL_API const char *pl_end_name(int kind); ///< "pro-rata", "ratio", "disruption", "stocks", ...
PL_API int pl_end_of(const char *name);

/// A feasible plan made of proposals, and who was trimmed. No council is asked for more than
/// it proposed; a workplace keeps its proportions, so that what it makes it can make.
typedef struct {
	int32_t n_goods, n_councils;
	int64_t n_links;
	double *quantity;        ///< [n_links] units, at most as proposed
	double *supply, *demand; ///< [n_goods] supply + drawn >= demand up to rounding
	double *drawn;           ///< [n_goods] units taken from stocks
	double *kept;            ///< [n_councils] value kept of what was proposed, 0..1
	double trimmed;          ///< value cut of all that consumers asked for, 0..1
	double least_kept;       ///< of any consumers' council, 0..1
	int32_t least_council;   ///< which; -1: nobody was trimmed
	double spread;           ///< standard deviation of what consumers' councils keep
} pl_ending;
/// @param price,quantity as pl_rounds has them: > 0, >= 0
/// @param stock [n_goods] units on hand, for PL_END_STOCKS; NULL: none
/// @return PL_OK, PL_ENOMEM
PL_API pl_status pl_rounds_end(pl_ending **out, pl_end_kind kind, const pl_frame *frame,
                               const double *price, const double *quantity, const double *stock,
                               pl_error *err);
PL_API void pl_ending_free(pl_ending *e); ///< NULL allowed

/// How far a council's proposal may move from its last one (R. Hahnel and M. Albert, Looking
/// Forward, 1991, chapters 6 and 7): free in rounds 1 and 2; from round 3 consumers, from
/// round 4 workplaces too: towards balance by at most half of the good's average excess per
/// head, away from it by at most a quarter. A head is a council that deals in the good on the
/// same side, so that all of them together can close half of the gap.
/// @param[in,out] quantity [n_links] this round's proposals, limited in place; NaN stays
/// @param last [n_links] the round before's; supply, demand [n_goods] of the round before
/// @return PL_OK, PL_ENOMEM (nothing is limited then)
PL_API pl_status pl_rounds_limit(double *quantity, const pl_frame *frame, int32_t round,
                                 const double *last, const double *supply, const double *demand,
                                 pl_error *err);

/// Proposals that did not come: the last ones of each council with a NaN among its
/// quantities. What consumers want is scaled down to what it cost then where it costs more
/// now; 0 where there never was a proposal.
/// @param last_quantity [n_links], last_price [n_goods]; NULL: there never was one
PL_API void pl_rounds_fill(double *quantity, const pl_frame *frame, const double *price,
                           const double *last_quantity, const double *last_price);
#ifdef __cplusplus
}
#endif
#endif
