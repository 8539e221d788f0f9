/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* one_cell_test ECONOMY... - a plan of each economy is accepted, and no longer when any one
 * of its numbers is off by a thousandth. */
#include "io/economy.h"
#include "tests/pl_test.h"

/// One column of a plan: what it is called in the tables and where it is held.
typedef struct {
	const char *name;
	double *cell; ///< [n]
	int64_t n;
} column;

static pl_model *economy;
static pl_plan *plan;
static const char *folder;

static bool accepted(void)
{
	const pl_claim claim = {plan->price,   plan->quantity,  plan->supply,
	                        plan->demand,  plan->imbalance, plan->activity,
	                        plan->benefit, plan->cost,      plan->ratio};
	pl_verdict verdict = {0};
	pl_error err = {0};
	CHECK(pl_plan_check(&verdict, economy, &claim, plan->tolerance, &err) == PL_OK);
	return verdict.accepted;
}

static void the_plan_is_accepted_as_it_is(void)
{
	CHECK(plan->outcome == PL_CLEARED);
	CHECK(accepted());
}

/* A cell that is empty or 0 is the same after a change by a thousandth. */
static void try_each_cell(const column *c)
{
	for (int64_t i = 0; i < c->n; i++) {
		const double kept = c->cell[i];
		if (isnan(kept) || fpclassify(kept) == FP_ZERO) continue;
		for (int up = 0; up < 2; up++) {
			c->cell[i] = kept * (up ? 1.001 : 0.999);
			if (accepted()) {
				fprintf(stderr,
				        "%s: %s of row %lld is accepted as %.9g, it is %.9g\n",
				        folder, c->name, (long long)i, c->cell[i], kept);
				pl_test_failed = 1;
			}
		}
		c->cell[i] = kept;
	}
}

static void any_one_number_off_by_a_thousandth_is_rejected(void)
{
	const int64_t goods = plan->n_goods, councils = plan->n_councils;
	const column all[] = {
	        {"price", plan->price, goods},
	        {"supply", plan->supply, goods},
	        {"demand", plan->demand, goods},
	        {"quantity", plan->quantity, plan->n_links},
	        {"activity", plan->activity, councils},
	        {"benefit", plan->benefit, councils},
	        {"cost", plan->cost, councils},
	        {"ratio", plan->ratio, councils},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) try_each_cell(&all[i]);
	CHECK(accepted());
}

int main(int count, char **argument)
{
	for (int i = 1; i < count; i++) {
		pl_settings settings = pl_settings_preset();
		pl_faults faults = {0};
		pl_error err = {0};
		folder = argument[i];
		if (pl_economy_read(&economy, &settings, folder, &faults, &err) != PL_OK ||
		    pl_plan_clear(&plan, economy, &settings, NULL, NULL, NULL, &err) != PL_OK) {
			fprintf(stderr, "%s: %s\n", folder, err.msg);
			return 1;
		}
		printf("%s\n", folder);
		RUN(the_plan_is_accepted_as_it_is);
		RUN(any_one_number_off_by_a_thousandth_is_rejected);
		pl_plan_free(plan);
		pl_model_free(economy);
		pl_faults_clear(&faults);
	}
	return pl_test_failed;
}
