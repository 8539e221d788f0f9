/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bench_economy.h - made-up economies of any size for measurements, as `plenum bench clear`
 * clears them. docs/economy-files.md ("The economies of plenum bench") says how they are
 * drawn. */
#ifndef PL_LAB_BENCH_ECONOMY_H
#define PL_LAB_BENCH_ECONOMY_H
#include <plenum/model.h>

typedef enum {
	PL_BENCH_CLUSTERED, ///< workplaces by industry, inputs mostly from near by
	PL_BENCH_UNIFORM,   ///< everything from anywhere
	PL_BENCH_LAYOUTS
} pl_bench_layout;
typedef enum { PL_BENCH_COBB_DOUGLAS, PL_BENCH_RECIPE, PL_BENCH_SCHEDULES } pl_bench_schedule;
/// Spelling on the command line; NULL outside the enum.
const char *pl_bench_layout_name(int layout);
const char *pl_bench_schedule_name(int schedule);

typedef struct {
	int32_t workplaces; ///< at least one for each product
	int32_t inputs;     ///< of a workplace, different ones, >= 1
	int32_t goods;      ///< >= 4; a tenth of them, at least one, primary
	int32_t consumers;  ///< so many that their wants can cover the products
	pl_bench_layout layout;
	pl_bench_schedule schedule;
	double returns_low, returns_high; ///< 0 < low <= high < 1
	uint64_t seed; ///< everything follows from these numbers, whatever the threads
	double shock;  ///< incomes, shares of wants and endowments, once drawn, change by up to
	               ///< this part each, 0 <= shock < 1; all else is as without it
} pl_bench_spec;

enum { PL_BENCH_WANTS = 40 }; ///< of a consumers' council, where there are so many products

/// Make up an economy.
/// @param price [spec->goods] the prices it was built round, or NULL when nobody asks. With
///        cobb_douglas it clears there, each good to 1e-6; with recipe, or a
///        shock, only nearly.
/// @return PL_OK, PL_EARG (a size that gives no economy), PL_ENOMEM
pl_status pl_bench_economy(pl_model **out, double *price, const pl_bench_spec *spec,
                           pl_error *err);
#endif
