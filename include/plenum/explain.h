/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* explain.h - why a price is what it is: what it pays for, down to labour, resources, permits
 * and scarcity; what a basket embodies; who supplies a good and who asks for it; and whose
 * change moved a price between two plans. The formulas are in docs/model.md. */
#ifndef PL_EXPLAIN_H
#define PL_EXPLAIN_H
#include <plenum/plan.h>
#ifdef __cplusplus
extern "C" {
#endif

/// What a part of a price is. The spelling is that of pl_part_name.
typedef enum {
	PL_PART_INPUT,    ///< a good that its makers use; at the first level only
	PL_PART_LABOUR,   ///< society's hours of a category of labour
	PL_PART_RESOURCE, ///< society's stock of a natural resource
	PL_PART_CAPITAL,  ///< society's hours of use of a capital good
	PL_PART_PERMIT,   ///< permits for a pollutant, from society or from those affected
	PL_PART_STOCK,    ///< what society holds of a good of another kind
	PL_PART_GIVEN,    ///< net supply of a council's request
	PL_PART_COUNTED,  ///< a good that is counted and has no price
	PL_PART_EFFORT,   ///< the effort cost that a council declares
	PL_PART_OFFERED,  ///< the declared cost of a council that makes it from nothing:
	                  ///< imports, value added
	PL_PART_CAPACITY, ///< scarcity of a council's capacity: what it earns above the cost of
	                  ///< its last unit of activity
	PL_PART_RETURNS,  ///< what a council earns because its first units cost less than its
	                  ///< last
	PL_PART_UNTRACED, ///< circles of makers that never come to an end, and rounding
	PL_PARTS
} pl_part_kind;
PL_API const char *pl_part_name(int kind); ///< "labour"; NULL outside the enum

typedef struct {
	pl_part_kind kind;
	int32_t good;    ///< of the model; -1 where the part belongs to a council alone
	int32_t council; ///< of EFFORT, OFFERED, CAPACITY, RETURNS; else -1
	double quantity; ///< units of the good; NaN where there is none
	double credits;
	double share; ///< of the whole, 1; NaN where the whole is worth nothing
} pl_part;

/// Parts of one unit of a good or of a basket, by falling size, then kind, good, council.
/// Their credits sum to the worth of the whole. Free with pl_parts_free.
typedef struct {
	double whole; ///< credits
	int32_t n;
	pl_part *part; ///< [n]
} pl_parts;
PL_API void pl_parts_free(pl_parts *p); ///< frees what it holds, not p

/// A plan made ready to be explained. Borrows the model, copies what it needs of the plan.
typedef struct pl_explain pl_explain;

/// @param plan price and quantity are needed, the rest is not looked at; pl_plan_claim gives
///        one of a pl_plan
/// @return PL_OK, PL_ENOMEM, PL_EARG (a price or quantity that is no number >= 0)
PL_API pl_status pl_explain_new(pl_explain **out, const pl_model *m, const pl_claim *plan,
                                pl_error *err);
PL_API void pl_explain_free(pl_explain *x);      ///< NULL allowed
PL_API pl_claim pl_plan_claim(const pl_plan *p); ///< borrows the arrays of p

/// What one unit costs where it is made: inputs at their prices, effort, and what its makers
/// earn; the mean of all sources by what each supplies. A maker's costs are shared out among
/// its products by their worth. O(links).
/// @param[out] out empty on failure @return PL_OK, PL_ENOMEM
PL_API pl_status pl_explain_price(pl_parts *out, const pl_explain *x, int32_t good,
                                  pl_error *err);

/// The same with every input traced through its makers to the end: no INPUT is left.
/// O(links) a pass, as many passes as the chains of makers take to fade.
PL_API pl_status pl_explain_totals(pl_parts *out, const pl_explain *x, int32_t good,
                                   pl_error *err);
/// The same of a basket. @param basket [n_goods] units, >= 0
PL_API pl_status pl_explain_basket(pl_parts *out, const pl_explain *x, const double *basket,
                                   pl_error *err);

/// What a basket takes of every good, directly and through all makers, the basket itself
/// included: a column of the Leontief inverse where the basket is one unit. Goods without a
/// price are counted where they are used and not traced further.
/// @param[out] need [n_goods] units
PL_API pl_status pl_explain_content(double *need, const pl_explain *x, const double *basket,
                                    pl_error *err);

/// What a council earns and where it goes; all in credits. Workers: made = used + effort +
/// capacity + returns. Affected: made = effort (the damage) + returns.
typedef struct {
	double made, used; ///< value of what it makes or offers, of what it uses or wants
	double effort;     ///< declared cost of effort, or damage
	double capacity, returns; ///< as PL_PART_CAPACITY, PL_PART_RETURNS
} pl_earnings;
PL_API pl_earnings pl_explain_council(const pl_explain *x, int32_t council);

/// Who supplies a good, or who asks for it.
typedef struct {
	int32_t council; ///< -1: society's supply
	int64_t link;    ///< of the model, -1 where council is -1
	double quantity; ///< units
	double share;    ///< of all supply, or of all demand; 0 where there is none
} pl_party;
/// @param supply true: makers, offers and society; false: users and wants. By falling
///        quantity, then council. Free *out with pl_explain_parties_free.
PL_API pl_status pl_explain_parties(pl_party **out, int32_t *n, const pl_explain *x,
                                    int32_t good, bool supply, pl_error *err);
PL_API void pl_explain_parties_free(pl_party *p); ///< NULL allowed

/// Whose change moved a price between two plans. Councils and goods are matched by id.
typedef enum {
	PL_CAUSE_COUNCIL, ///< a council that changed, came or went
	PL_CAUSE_SUPPLY,  ///< society's supply of a good changed
	PL_CAUSE_CHOICE ///< no change: rounding, or prices that no council's answer determines
} pl_cause_kind;
typedef struct {
	pl_cause_kind kind;
	int32_t before, after; ///< council (or good) in each model, -1 where it has none
	double credits;        ///< part of the difference
} pl_cause;
typedef struct {
	double before, after; ///< the price in both plans
	int32_t n;            ///< causes with a part that is not 0, by falling size
	pl_cause *cause;      ///< [n] credits sum to after - before
} pl_causes;
PL_API void pl_causes_free(pl_causes *c); ///< frees what it holds, not c

/// Split the difference of a good's price between two plans into what each change in the
/// economy brought about. A council that did not change has no part; a good that stands in one
/// economy alone counts at its price there. Dense: cubic in goods and recipes that matter.
/// @param good of the model of @p before
/// @return PL_OK, PL_ENOMEM, PL_ENOTFOUND (the good is not in @p after), PL_EARG (more than
///         PL_CAUSE_MOST goods and recipes)
PL_API pl_status pl_explain_difference(pl_causes *out, const pl_explain *before,
                                       const pl_explain *after, int32_t good, pl_error *err);
enum { PL_CAUSE_MOST = 2500 };
#ifdef __cplusplus
}
#endif
#endif
