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
	PL_GENERATE_KINDS
} pl_generate_kind;

typedef struct {
	pl_generate_kind kind;
	int32_t workplaces; ///< >= 1
	int32_t goods;      ///< >= 4, a tenth of them labour and resources; published: five
	                    ///< times 5 or more
	int32_t consumers;  ///< >= 1
	int32_t inputs;     ///< of a workplace, >= 1; fewer where there are not so many goods
	uint64_t seed;      ///< everything follows from these six numbers
} pl_generate_spec;

/// What the economy was built from.
typedef struct {
	double *price;    ///< [n_goods] mixed: the prices at which it clears; else NULL
	double *quantity; ///< [n_links] units of a plan that fits; published: NULL
} pl_generated;
void pl_generated_clear(pl_generated *g); ///< frees the arrays, not g

/// Make up an economy.
/// @param known where it was built from, or NULL when nobody asks; free with
///        pl_generated_clear, also after a failure
/// @return PL_OK, PL_EARG (a size out of range), PL_ENOMEM
pl_status pl_generate(pl_model **out, pl_generated *known, const pl_generate_spec *spec,
                      pl_error *err);
#endif
