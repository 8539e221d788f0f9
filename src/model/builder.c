/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* builder.c - rows in. Each call checks, then makes room, then stores, so that a call that
 * fails leaves the builder as it was (model-2). */
#include "model/builder.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"

#include <math.h>

static const double price_default = 1, supply_default = 0, elasticity_default = 1;
static const double step_default = 0.001;

static pl_status no_memory(pl_error *err, const char *what)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for another %s", what);
}

/// @return x, or the default where it was not given; never -0
static double given(double x, double default_value)
{
	return (isnan(x) ? default_value : x) + 0.0;
}

pl_status pl_builder_new(pl_builder **out, pl_error *err)
{
	*out = NULL;
	pl_builder *b = pl_alloc(1, sizeof *b);
	if (b == NULL || !pl_arena_reserve(&b->text, 0)) {
		pl_free(b);
		return no_memory(err, "economy");
	}
	*out = b;
	return PL_OK;
}

void pl_builder_free(pl_builder *b)
{
	if (b == NULL) return;
	pl_arena_clear(&b->text);
	pl_names_clear(&b->goods);
	pl_names_clear(&b->communities);
	pl_names_clear(&b->councils);
	pl_free(b->good);
	pl_free(b->community);
	pl_free(b->good_kind);
	pl_free(b->council.name);
	pl_free(b->council.members);
	pl_free(b->council.income);
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) pl_free(b->council.param[slot]);
	pl_free(b->council.community);
	pl_free(b->council.kind);
	pl_free(b->council.schedule);
	pl_free(b->link.council);
	pl_free(b->link.good);
	pl_free(b->link.role);
	pl_free(b->link.amount);
	pl_free(b->link.elasticity);
	pl_free(b);
}

pl_status pl_builder_about(pl_builder *b, const char *name, const char *period,
                           const char *credit, pl_error *err)
{
	if (!pl_arena_reserve(&b->text, pl_arena_cost(name) + pl_arena_cost(period) +
	                                        pl_arena_cost(credit)))
		return no_memory(err, "name");
	if (name != NULL) b->name = pl_arena_put(&b->text, name);
	if (period != NULL) b->period = pl_arena_put(&b->text, period);
	if (credit != NULL) b->credit = pl_arena_put(&b->text, credit);
	return PL_OK;
}

static bool reserve_good(pl_builder *b, const pl_good_row *row)
{
	if (!pl_names_reserve(&b->goods, row->id)) return false;
	if (!pl_arena_reserve(&b->text, pl_arena_cost(row->name) + pl_arena_cost(row->unit) +
	                                        pl_arena_cost(row->category)))
		return false;
	const int64_t n = b->goods.n;
	if (n < b->room_goods) return true;
	const int64_t room = pl_grow_room(b->room_goods, n + 1);
	pl_good_kept *longer = pl_grow(b->good, n, room, sizeof *longer);
	if (longer == NULL) return false;
	b->good = longer;
	uint8_t *kind = pl_grow(b->good_kind, n, room, sizeof *kind);
	if (kind == NULL) return false;
	b->good_kind = kind;
	b->room_goods = room;
	return true;
}

pl_status pl_builder_good(int32_t *out, pl_builder *b, const pl_good_row *row, pl_error *err)
{
	*out = -1;
	PL_TRY(pl_rule_good(b, row, err));
	if (!reserve_good(b, row)) return no_memory(err, "good");
	*out = pl_names_put(&b->goods, row->id);
	b->good[*out] = (pl_good_kept){
	        .name = pl_arena_put(&b->text, row->name),
	        .unit = pl_arena_put(&b->text, row->unit),
	        .category = pl_arena_put(&b->text, row->category),
	        .price = given(row->price, price_default),
	        .supply = given(row->supply, supply_default),
	        .elasticity = given(row->elasticity, elasticity_default),
	        .step = given(row->step, step_default),
	        .supply_given = !isnan(row->supply),
	};
	b->good_kind[*out] = (uint8_t)row->kind;
	return PL_OK;
}

static bool reserve_community(pl_builder *b, const pl_community_row *row)
{
	if (!pl_names_reserve(&b->communities, row->id)) return false;
	if (!pl_arena_reserve(&b->text, pl_arena_cost(row->name))) return false;
	const int64_t n = b->communities.n;
	if (n < b->room_communities) return true;
	const int64_t room = pl_grow_room(b->room_communities, n + 1);
	pl_community_kept *longer = pl_grow(b->community, n, room, sizeof *longer);
	if (longer == NULL) return false;
	b->community = longer;
	b->room_communities = room;
	return true;
}

pl_status pl_builder_community(int32_t *out, pl_builder *b, const pl_community_row *row,
                               pl_error *err)
{
	*out = -1;
	PL_TRY(pl_rule_community(b, row, err));
	if (!reserve_community(b, row)) return no_memory(err, "community");
	*out = pl_names_put(&b->communities, row->id);
	b->community[*out] = (pl_community_kept){
	        .name = pl_arena_put(&b->text, row->name),
	        .members = row->members + 0.0,
	        .parent = row->parent,
	};
	return PL_OK;
}

/// Make a column of doubles longer. @return false: no memory
static bool grow_doubles(double **column, int64_t n, int64_t room)
{
	double *longer = pl_grow(*column, n, room, sizeof *longer);
	if (longer != NULL) *column = longer;
	return longer != NULL;
}

static bool grow_codes(uint8_t **column, int64_t n, int64_t room)
{
	uint8_t *longer = pl_grow(*column, n, room, sizeof *longer);
	if (longer != NULL) *column = longer;
	return longer != NULL;
}

/// Columns are replaced one by one; room grows only when all of them have grown.
static bool grow_councils(pl_builder *b)
{
	const int64_t n = b->councils.n, room = pl_grow_room(b->council.room, n + 1);
	int64_t *name = pl_grow(b->council.name, n, room, sizeof *name);
	if (name == NULL) return false;
	b->council.name = name;
	int32_t *community = pl_grow(b->council.community, n, room, sizeof *community);
	if (community == NULL) return false;
	b->council.community = community;
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++)
		if (!grow_doubles(&b->council.param[slot], n, room)) return false;
	if (!grow_doubles(&b->council.members, n, room) ||
	    !grow_doubles(&b->council.income, n, room) ||
	    !grow_codes(&b->council.kind, n, room) ||
	    !grow_codes(&b->council.schedule, n, room))
		return false;
	b->council.room = room;
	return true;
}

static bool reserve_council(pl_builder *b, const pl_council_row *row)
{
	if (!pl_names_reserve(&b->councils, row->id)) return false;
	if (!pl_arena_reserve(&b->text, pl_arena_cost(row->name))) return false;
	return b->councils.n < b->council.room || grow_councils(b);
}

pl_status pl_builder_council(int32_t *out, pl_builder *b, const pl_council_row *row,
                             pl_error *err)
{
	*out = -1;
	PL_TRY(pl_rule_council(b, row, err));
	if (!reserve_council(b, row)) return no_memory(err, "council");
	const int32_t i = pl_names_put(&b->councils, row->id);
	b->council.name[i] = pl_arena_put(&b->text, row->name);
	b->council.members[i] = row->members + 0.0;
	b->council.income[i] = row->income + 0.0;
	b->council.community[i] = row->community;
	b->council.kind[i] = (uint8_t)row->kind;
	b->council.schedule[i] = (uint8_t)row->schedule;
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) {
		const pl_param_about *about = pl_param_in(row->schedule, slot);
		b->council.param[slot][i] =
		        about ? given(row->param[slot], about->preset) : NAN;
	}
	*out = i;
	return PL_OK;
}

/// Room for elasticities, NaN for the rows before.
static bool reserve_elasticities(pl_builder *b)
{
	double *elasticity = pl_alloc(b->link.room, sizeof *elasticity);
	if (elasticity == NULL) return false;
	for (int64_t k = 0; k < b->link.n; k++) elasticity[k] = NAN;
	b->link.elasticity = elasticity;
	return true;
}

/// Columns are replaced one by one; room grows only when all of them have grown.
static bool grow_links(pl_builder *b)
{
	const int64_t n = b->link.n, room = pl_grow_room(b->link.room, n + 1);
	int32_t *council = pl_grow(b->link.council, n, room, sizeof *council);
	if (council == NULL) return false;
	b->link.council = council;
	int32_t *good = pl_grow(b->link.good, n, room, sizeof *good);
	if (good == NULL) return false;
	b->link.good = good;
	if (!grow_codes(&b->link.role, n, room) || !grow_doubles(&b->link.amount, n, room))
		return false;
	if (b->link.elasticity != NULL && !grow_doubles(&b->link.elasticity, n, room))
		return false;
	b->link.room = room;
	return true;
}

pl_status pl_builder_link(pl_builder *b, int32_t council, int32_t good, pl_role role,
                          double amount, double elasticity, pl_error *err)
{
	const pl_link_row row = {council, good, role, amount, elasticity};
	PL_TRY(pl_rule_link(b, &row, err));
	const int64_t k = b->link.n;
	if (k >= b->link.room && !grow_links(b)) return no_memory(err, "row");
	if (!isnan(elasticity) && b->link.elasticity == NULL && !reserve_elasticities(b))
		return no_memory(err, "row");
	b->link.council[k] = council;
	b->link.good[k] = good;
	b->link.role[k] = (uint8_t)role;
	b->link.amount[k] = given(amount, 1); /* only `affected` may leave it out */
	if (b->link.elasticity != NULL) b->link.elasticity[k] = elasticity + 0.0;
	b->link.n = k + 1;
	return PL_OK;
}

pl_status pl_builder_price(pl_builder *b, int32_t good, double price, pl_error *err)
{
	if (good < 0 || good >= b->goods.n)
		return pl_fail(err, PL_EARG, -1, "a price is for good number %d of %d",
		               (int)good, (int)b->goods.n);
	PL_TRY(pl_rule_price(pl_id_at(&b->goods, good), price, err));
	b->good[good].price = price;
	return PL_OK;
}

pl_status pl_builder_parent(pl_builder *b, int32_t community, int32_t parent, pl_error *err)
{
	if (community < 0 || community >= b->communities.n)
		return pl_fail(err, PL_EARG, -1, "a parent is for community number %d of %d",
		               (int)community, (int)b->communities.n);
	PL_TRY(pl_rule_parent(b, pl_id_at(&b->communities, community), parent, err));
	b->community[community].parent = parent;
	return PL_OK;
}

int32_t pl_builder_find_good(const pl_builder *b, const char *id)
{
	return pl_names_find(&b->goods, id);
}

int32_t pl_builder_find_community(const pl_builder *b, const char *id)
{
	return pl_names_find(&b->communities, id);
}

int32_t pl_builder_find_council(const pl_builder *b, const char *id)
{
	return pl_names_find(&b->councils, id);
}
