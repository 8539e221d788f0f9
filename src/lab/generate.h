/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* generate.h - made-up economies that have a plan by construction, for tests and
 * measurements. */
#ifndef PL_LAB_GENERATE_H
#define PL_LAB_GENERATE_H
#include <plenum/model.h>

typedef enum {
	/// Fixed proportions throughout: several techniques a good, joint products,
	/// capacities, endowments, requests. Built round a known plan with something to spare.
	PL_GENERATE_RECIPE,
	/// Every schedule: Cobb-Douglas, CES and bending recipes; incomes, isoelastic
	/// demands and requests; a pollutant with an affected community. Built backwards from
	/// known prices at which it clears exactly.
	PL_GENERATE_MIXED,
	/// As the published simulations of participatory planning draw theirs: Cobb-Douglas
	/// with effort, budget shares. Not built round a known plan; `inputs` is not used.
	PL_GENERATE_PUBLISHED,
	/// For rounds from far away: all prices 1, where most workplaces make next to nothing.
	/// Not built round a known plan. Workplaces and consumers whose goods replace one
	/// another, each with elasticities of its own.
	PL_GENERATE_CES,
	PL_GENERATE_CAPACITIES, ///< the same with recipes that have capacities and a slope
	PL_GENERATE_EFFORT,     ///< the same with Cobb-Douglas and effort that nobody sees
	PL_GENERATE_KINDS
} pl_generate_kind;
/// Spelling on the command line; NULL outside the enum.
const char *pl_generate_kind_name(int kind);

/// Where the capacities of PL_GENERATE_CAPACITIES bind.
typedef enum {
	PL_CAPACITY_LOOSE, ///< far above what is asked, answers rise over a wide range
	PL_CAPACITY_TIGHT, ///< many at capacity, answers rise over a narrow range
	PL_CAPACITY_STEEP, ///< so narrow a range that nearly all stand still or are full
	PL_CAPACITIES
} pl_capacity;
const char *pl_capacity_name(int capacity); ///< NULL outside the enum

/// Drawn for each council, uniform in low..high.
typedef struct {
	double low, high;
	bool given; ///< false: as the kind has it
} pl_spread;

typedef struct {
	pl_generate_kind kind;
	int32_t workplaces; ///< >= 1
	int32_t goods;      ///< >= 4, a tenth of them labour and resources; published: five
	                    ///< times 5 or more
	int32_t consumers;  ///< >= 1
	int32_t inputs;     ///< of a workplace, >= 1; fewer where there are not so many goods
	uint64_t seed;      ///< everything follows from these numbers
	/// ces: 0.6-0.9, effort: 0.75-0.85 (the sum of the exponents); 0 < low <= high <= 0.95
	pl_spread returns;
	/// Of substitution, ces: workplaces and consumers, 1; capacities and effort: consumers,
	/// 0.5-1.5 and 1; 0 <= low <= high <= 20
	pl_spread sigma;
	pl_capacity capacity; ///< capacities only
} pl_generate_spec;

/// What the economy was built from.
typedef struct {
	double *price;    ///< [n_goods] mixed: the prices at which it clears; else NULL
	double *quantity; ///< [n_links] units of a plan that fits; published: NULL
} pl_generated;
void pl_generated_clear(pl_generated *g); ///< frees the arrays, not g

/// Would pl_generate refuse these numbers? @return PL_OK, PL_EARG
pl_status pl_generate_check(const pl_generate_spec *spec, pl_error *err);

/// Make up an economy.
/// @param known where it was built from, or NULL when nobody asks; free with
///        pl_generated_clear, also after a failure
/// @return PL_OK, PL_EARG (a size out of range), PL_ENOMEM
pl_status pl_generate(pl_model **out, pl_generated *known, const pl_generate_spec *spec,
                      pl_error *err);
#endif
