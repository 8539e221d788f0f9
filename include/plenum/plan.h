/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan.h - clear an economy: prices at which everything proposed fits, with proof. */
#ifndef PL_PLAN_H
#define PL_PLAN_H
#include <plenum/model.h>
#include <stdio.h>
#ifdef __cplusplus
extern "C" {
#endif

/// Settings of a plan; every field is a line of settings.def.
typedef struct pl_settings {
#define PL_SETTING(type, name, preset, low, high, unit, help) type name;
#include <plenum/settings.def>
#undef PL_SETTING
} pl_settings;

/// The presets. @return by value; nothing to free.
PL_API pl_settings pl_settings_preset(void);
/// Set one field from text, as the command line, economy.csv and forms do.
/// @return PL_OK, PL_ENOTFOUND (no such setting), PL_EPARSE (not a number), PL_EARG (out of
///         range); @p s is unchanged unless PL_OK.
PL_API pl_status pl_settings_set(pl_settings *s, const char *name, const char *value,
                                 pl_error *err);

/// How a plan ended. Results, not errors. Spelling: pl_outcome_name.
typedef enum { PL_CLEARED, PL_ROUND_LIMIT, PL_STALLED, PL_STOPPED, PL_INFEASIBLE } pl_outcome;
PL_API const char *pl_outcome_name(pl_outcome o); ///< "cleared", "round_limit", ...

/// What a watcher sees after each step of the method. It only reads; false stops the plan
/// after this step.
typedef struct {
	const char *phase;      ///< "searching", "settling", "what is missing", "nearest plan"
	int64_t step, sweeps;   ///< so far
	double worst_imbalance; ///< of the worst good now, 1
	int32_t worst_good;     ///< -1 when there is none
} pl_progress;
typedef bool (*pl_watch)(void *self, const pl_progress *now);

/// One fixed request that an infeasible economy cannot meet, or a council whose limit binds.
typedef struct {
	int32_t council;
	int32_t good;
	double asked;  ///< units; for a binding capacity units of activity
	double met;    ///< units in the nearest plan
	double weight; ///< share of this term in the proof, 0..1
	bool limits;   ///< true: this council's capacity (or, council == -1, society's supply)
	               ///< binds
} pl_conflict;

/// A plan. Rows follow the model. Borrow the arrays; free with pl_plan_free.
typedef struct pl_plan {
	pl_outcome outcome;
	int32_t n_goods, n_councils;
	int64_t n_links;
	double *price;       ///< [n_goods] credits per unit; 0 where the price is at its floor
	double *start_price; ///< [n_goods]
	double *supply, *demand; ///< [n_goods] units; supply includes society's endowment
	double *imbalance; ///< [n_goods] 2|S-D|/(S+D), 0 at a price of 0 with S >= D, and where
	                   ///< S + D = 0
	double *activity;  ///< [n_councils] recipe: z; cobb_douglas, ces: output; affected:
	                   ///< units offered; consumers: NaN
	double *quantity;  ///< [n_links] units, >= 0; the role tells the side
	/// [n_councils] credits, credits, 1; NaN where not defined (no income, nothing used).
	/// Workers: value made, value used, benefit/cost. Consumers, and communities that
	/// request: income, value wanted less value offered, cost/income. Affected: value of
	/// the permits offered, damage w E^k, benefit/cost.
	double *benefit, *cost, *ratio;
	double worst_imbalance;
	int32_t worst_good; ///< -1 when every good is balanced exactly
	double gap;         ///< duality gap over the value of all flows, 1
	double flow_value;  ///< value of all flows at plan prices, credits
	double tolerance;   ///< the one it was made to
	int64_t sweeps, steps;
	/// Why it is infeasible; empty otherwise. Goods by falling weight.
	int32_t n_scarce;
	int32_t *scarce;       ///< [n_scarce] goods of the conflict
	double *scarce_weight; ///< [n_scarce] share in the proof
	int32_t n_conflicts;
	pl_conflict *conflict; ///< [n_conflicts] by falling weight
	char reason[512];      ///< a sentence; "" when cleared
} pl_plan;

/// Clear the declared schedules: minimise the economy's convex potential (docs/model.md).
/// The result depends on the model, the settings' numbers and start alone: the same bits for
/// any number of threads.
/// @param start [n_goods] prices > 0 to start from, or NULL for the model's own
/// @param watch may be NULL
/// @return PL_OK (look at outcome), PL_ENOMEM, PL_EARG (a start price that is not > 0)
PL_API pl_status pl_plan_clear(pl_plan **out, const pl_model *m, const pl_settings *s,
                               const double *start, pl_watch watch, void *self, pl_error *err);
PL_API void pl_plan_free(pl_plan *p); ///< NULL allowed

/// A plan of prices and quantities that come from elsewhere, from rounds or a vote: its totals,
/// imbalances, activities (the largest quantity over amount of what a council makes) and ratios
/// follow from them. It is not certified: outcome and reason are the caller's to fill in, the
/// gap is NaN.
/// @param start [n_goods] prices > 0, price [n_goods] >= 0, quantity [n_links] units, >= 0
/// @param drawn [n_goods] units that come from stocks besides, or NULL: none
/// @return PL_OK, PL_ENOMEM
PL_API pl_status pl_plan_of(pl_plan **out, const pl_model *m, const double *start,
                            const double *price, const double *quantity, const double *drawn,
                            double tolerance, pl_error *err);

/// SHA-256 of price, then of quantity in the order of uses.csv: IEEE 754 little-endian, -0 as
/// 0; lower-case hex, 64 characters and NUL.
PL_API void pl_plan_digest(char out[65], const pl_model *m, const double *price,
                           const double *quantity);

/// What somebody claims to be a plan of an economy: what plenum wrote, or what came back
/// from a spreadsheet. Every array is by the model's order; NULL: not claimed.
typedef struct {
	const double *price;                             ///< [n_goods]
	const double *quantity;                          ///< [n_links]
	const double *supply, *demand, *imbalance;       ///< [n_goods]
	const double *activity, *benefit, *cost, *ratio; ///< [n_councils], NaN: cell empty
} pl_claim;

typedef struct {
	bool accepted;
	char reason[512]; ///< the first and worst fault, with good, council, both numbers; ""
	                  ///< if accepted
	double worst_imbalance; ///< recomputed
	int32_t worst_good;
	double gap; ///< recomputed, over the value of all flows
	double flow_value;
} pl_verdict;

/// Judge a claimed plan by its numbers alone: feasible, balanced, every council at its best
/// answer to the prices, and every redundant column right. Shares no code with the planner
/// (plan-7 in src/plan/README.md).
///
/// A table of a claim that shows 16 digits anywhere was not cut by a spreadsheet; its columns
/// that follow from prices and quantities by addition alone must then be right to 1e-11. A
/// NaN among those columns claims nothing. A recipe without a capacity is compared with the
/// smallest activity that alone would make the whole supply and demand of one of its outputs.
/// @param out reason "" if accepted; figures NaN where a price or quantity is no number >= 0
/// @param tolerance relative, 0 < tolerance < 1; a number may be off by this much, and by
///        what ten digits of the prices leave uncertain
/// @return PL_OK (look at accepted), PL_ENOMEM, PL_EARG (price or quantity missing)
PL_API pl_status pl_plan_check(pl_verdict *out, const pl_model *m, const pl_claim *claim,
                               double tolerance, pl_error *err);
#ifdef __cplusplus
}
#endif
#endif
