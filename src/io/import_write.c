/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_write.c - a national table that was checked becomes goods, councils and links. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/economy.h"
#include "io/import_common.h"

#include <math.h>
#include <string.h>

static const char VALUE_ADDED[] = "value-added", FINAL_DEMAND[] = "final-demand";
static const char MONEY[] = "money at base prices";

/// Prefix and name as one string of pl_alloc. @return NULL without memory
static char *joined(const char *prefix, const char *name)
{
	const size_t a = strlen(prefix), b = strlen(name);
	char *to = pl_alloc((int64_t)(a + b) + 1, 1);
	if (to == NULL) return NULL;
	memcpy(to, prefix, a);
	memcpy(to + a, name, b);
	return to;
}

pl_status pl_import_good(pl_import_economy *e, const char *prefix, const char *name,
                         int32_t *good, pl_error *err)
{
	char *id = joined(prefix, name);
	if (id == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a name");
	const pl_good_row row = {.id = id,
	                         .unit = MONEY,
	                         .kind = PL_PRODUCT,
	                         .price = 1,
	                         .supply = NAN,
	                         .elasticity = NAN,
	                         .step = NAN};
	const pl_status status = pl_builder_good(good, e->b, &row, err);
	pl_free(id);
	return status;
}

/// A good that is counted, or limited by what society holds of it.
static pl_status extra_good(pl_import_economy *e, int32_t k, pl_error *err)
{
	const double limit = e->n->extra.limit[k];
	const pl_good_row row = {.id = pl_name_at(&e->n->extra.name, k),
	                         .kind = isnan(limit) ? PL_FREE : PL_RESOURCE,
	                         .price = NAN,
	                         .supply = limit,
	                         .elasticity = NAN,
	                         .step = NAN};
	int32_t good = 0;
	return pl_builder_good(&good, e->b, &row, err);
}

static pl_status refuse_reserved(const pl_names *names, const char *reserved, pl_error *err)
{
	if (pl_names_find(names, reserved) < 0) return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "\"%s\" is a name that the import gives itself; rename it in the tables",
	               reserved);
}

pl_status pl_import_begin(pl_import_economy *e, const pl_national *n, pl_error *err)
{
	int32_t good = 0;
	*e = (pl_import_economy){.n = n};
	PL_TRY(refuse_reserved(&n->row, VALUE_ADDED, err));
	PL_TRY(refuse_reserved(&n->extra.name, VALUE_ADDED, err));
	PL_TRY(refuse_reserved(&n->column, VALUE_ADDED, err));
	PL_TRY(refuse_reserved(&n->column, FINAL_DEMAND, err));
	PL_TRY(pl_builder_new(&e->b, err));
	for (int32_t i = 0; i < n->row.n; i++)
		PL_TRY(pl_import_good(e, "", pl_name_at(&n->row, i), &good, err));
	PL_TRY(pl_import_good(e, "", VALUE_ADDED, &e->value_added, err));
	for (int32_t k = 0; k < n->extra.name.n; k++) PL_TRY(extra_good(e, k, err));
	e->first_extra = e->value_added + 1;
	return PL_OK;
}

static pl_status add_council(pl_import_economy *e, const char *id, pl_council_kind kind,
                             pl_schedule schedule, double effort, int32_t *council,
                             pl_error *err)
{
	pl_council_row row = {.id = id,
	                      .kind = kind,
	                      .community = -1,
	                      .members = NAN,
	                      .income = NAN,
	                      .schedule = schedule};
	for (int s = 0; s < PL_PARAM_SLOTS; s++) row.param[s] = NAN;
	if (schedule == PL_S_recipe) row.param[PL_P_recipe_effort] = effort;
	return pl_builder_council(council, e->b, &row, err);
}

pl_status pl_import_workplace(pl_import_economy *e, const char *prefix, const char *name,
                              double effort, int32_t *council, pl_error *err)
{
	char *id = joined(prefix, name);
	if (id == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for a name");
	const pl_status status =
	        add_council(e, id, PL_WORKERS, PL_S_recipe, effort, council, err);
	pl_free(id);
	return status;
}

pl_status pl_import_link(pl_import_economy *e, int32_t council, int32_t good, double amount,
                         pl_error *err)
{
	if (amount == 0) return PL_OK;
	return pl_builder_link(e->b, council, good, amount > 0 ? PL_MAKES : PL_USES,
	                       fabs(amount), NAN, err);
}

pl_status pl_import_inputs(pl_import_economy *e, int32_t council, int32_t j, pl_error *err)
{
	const pl_national *n = e->n;
	for (int32_t i = 0; i < n->row.n; i++)
		PL_TRY(pl_import_link(e, council, i, -n->flow[(int64_t)i * n->column.n + j],
		                      err));
	PL_TRY(pl_import_link(e, council, e->value_added, -n->value_added[j], err));
	for (int32_t k = 0; k < n->extra.name.n; k++)
		PL_TRY(pl_import_link(e, council, e->first_extra + k,
		                      -n->extra.amount[(int64_t)k * n->column.n + j], err));
	return PL_OK;
}

/// A council that makes a good from nothing but one credit of effort a unit.
static pl_status offer(pl_import_economy *e, const char *prefix, const char *name, int32_t good,
                       pl_error *err)
{
	int32_t council = 0;
	PL_TRY(pl_import_workplace(e, prefix, name, 1, &council, err));
	return pl_import_link(e, council, good, 1, err);
}

static pl_status want(pl_import_economy *e, int32_t council, int32_t good, double amount,
                      int64_t *n_wants, pl_error *err)
{
	if (amount == 0) return PL_OK;
	(*n_wants)++;
	return pl_builder_link(e->b, council, good, PL_WANTS, amount, NAN, err);
}

static pl_status final_demand(pl_import_economy *e, pl_error *err)
{
	const pl_national *n = e->n;
	int32_t council = 0;
	int64_t n_wants = 0;
	PL_TRY(add_council(e, FINAL_DEMAND, PL_CONSUMERS, PL_S_request, NAN, &council, err));
	for (int32_t i = 0; i < n->row.n; i++)
		PL_TRY(want(e, council, i, n->demand[i], &n_wants, err));
	if (n_wants == 0)
		return pl_fail(
		        err, PL_EARG, -1,
		        "%.300s: final demand is 0 everywhere, so there is nothing to plan",
		        n->table);
	for (int32_t k = 0; k < n->extra.name.n; k++)
		PL_TRY(want(e, council, e->first_extra + k, n->extra.want[k], &n_wants, err));
	return PL_OK;
}

pl_status pl_import_finish(pl_import_economy *e, const char *dest, pl_error *err)
{
	const pl_national *n = e->n;
	for (int32_t i = 0; i < n->row.n; i++)
		if (n->imported[i])
			PL_TRY(offer(e, "imports:", pl_name_at(&n->row, i), i, err));
	PL_TRY(offer(e, "", VALUE_ADDED, e->value_added, err));
	PL_TRY(final_demand(e, err));
	pl_model *m = NULL;
	pl_builder *b = e->b;
	e->b = NULL; /* finish takes it in every case */
	PL_TRY(pl_builder_finish(&m, b, NULL, NULL, err));
	const pl_status status = pl_economy_write(m, NULL, dest, err);
	pl_model_free(m);
	return status;
}
