/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

#include "model/test_economy.h"

enum { GOODS = 40, COUNCILS = 60, CALLS = 3000 };

static void what_is_not_given_has_its_default(void)
{
	pl_model *m = small_model();
	if (m == NULL) return;
	CHECK(m->good.price[WHEAT] == 1 && m->good.supply[WHEAT] == 0);
	CHECK(m->good.elasticity[WHEAT] == 1 && m->good.step[WHEAT] == 0.001);
	CHECK(isnan(m->community.members[0]) && isnan(m->council.members[MILL]));
	CHECK(isnan(m->council.income[MILL]) && m->council.community[MILL] == -1);
	CHECK(isinf(m->council.param[PL_P_recipe_capacity][MILL]));
	CHECK(m->council.param[PL_P_recipe_response][MILL] == 1);
	CHECK(m->council.param[PL_P_cobb_douglas_effort_exponent][FIELD] == 2);
	CHECK(isnan(m->council.param[3][FORGE]) && isnan(m->council.param[0][NEED]));
	CHECK(pl_text_at(m->good.unit, COAL)[0] == '\0');
	pl_model_free(m);
}

static void a_model_holds_what_was_put_in(void)
{
	pl_builder *b;
	pl_model *m;
	int32_t i;
	const pl_good_row wheat = {"wheat", "Weizen", "t", "food/grain", PL_RESOURCE, 2,
	                           3,       0.5,      1};
	const pl_community_row town = {"town", "Stadt", -1, 1200}, ward = {"ward", NULL, -1, 7};
	const pl_council_row mill = {"mill", "M\xc3\xbchle", PL_WORKERS,  1, 12,
	                             34,     PL_S_recipe,    {9, 8, 7, 6}};
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	CHECK(pl_builder_about(b, "valley", NULL, NULL, NULL) == PL_OK);
	CHECK(pl_builder_about(b, NULL, "2027", "hour", NULL) == PL_OK);
	CHECK(pl_builder_good(&i, b, &wheat, NULL) == PL_OK && i == 0);
	CHECK(pl_builder_community(&i, b, &town, NULL) == PL_OK && i == 0);
	CHECK(pl_builder_community(&i, b, &ward, NULL) == PL_OK && i == 1);
	CHECK(pl_builder_council(&i, b, &mill, NULL) == PL_OK && i == 0);
	CHECK(pl_builder_parent(b, 1, 0, NULL) == PL_OK);
	CHECK(pl_builder_price(b, 0, 2.5, NULL) == PL_OK);
	CHECK(pl_builder_find_good(b, "wheat") == 0 && pl_builder_find_good(b, "mill") == -1);
	CHECK(pl_builder_find_community(b, "ward") == 1);
	CHECK(pl_builder_find_council(b, "mill") == 0);
	CHECK(pl_builder_link(b, 0, 0, PL_MAKES, 4, (double)NAN, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	CHECK(strcmp(m->name, "valley") == 0 && strcmp(m->period, "2027") == 0);
	CHECK(strcmp(m->credit, "hour") == 0);
	CHECK(m->n_goods == 1 && m->n_communities == 2 && m->n_councils == 1 &&
	      m->n_links == 1);
	CHECK(strcmp(pl_text_at(m->good.id, 0), "wheat") == 0);
	CHECK(strcmp(pl_text_at(m->good.name, 0), "Weizen") == 0);
	CHECK(strcmp(pl_text_at(m->good.unit, 0), "t") == 0);
	CHECK(strcmp(pl_text_at(m->good.category, 0), "food/grain") == 0);
	CHECK(m->good.kind[0] == PL_RESOURCE && m->good.price[0] == 2.5);
	CHECK(m->good.supply[0] == 3 && m->good.elasticity[0] == 0.5 && m->good.step[0] == 1);
	CHECK(strcmp(pl_text_at(m->community.id, 1), "ward") == 0);
	CHECK(strcmp(pl_text_at(m->community.name, 0), "Stadt") == 0);
	CHECK(m->community.parent[0] == -1 && m->community.parent[1] == 0);
	CHECK(m->community.members[0] == 1200 && m->community.members[1] == 7);
	CHECK(strcmp(pl_text_at(m->council.id, 0), "mill") == 0);
	CHECK(strcmp(pl_text_at(m->council.name, 0), "M\xc3\xbchle") == 0);
	CHECK(m->council.kind[0] == PL_WORKERS && m->council.schedule[0] == PL_S_recipe);
	CHECK(m->council.community[0] == 1 && m->council.members[0] == 12);
	CHECK(m->council.income[0] == 34);
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++)
		CHECK(m->council.param[slot][0] == 9 - slot);
	CHECK(m->link.start[0] == 0 && m->link.start[1] == 1 && m->link.good[0] == 0);
	CHECK(m->link.role[0] == PL_MAKES && m->link.amount[0] == 4);
	CHECK(m->link.elasticity == NULL && m->link.row == NULL);
	pl_model_free(m);
}

/// Link of a council with a good in a role, or -1.
static int64_t find_link(const pl_model *m, int32_t council, int32_t good, pl_role role)
{
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++)
		if (m->link.good[k] == good && m->link.role[k] == role) return k;
	return -1;
}

static void links_of_every_schedule_are_read_as_it_says(void)
{
	pl_model *m = small_model();
	if (m == NULL) return;
	CHECK(m->n_links == 16); /* 17 rows, two of them HOME's wheat */
	CHECK(m->link.amount[find_link(m, MILL, WHEAT, PL_MAKES)] == 2);
	CHECK(m->link.amount[find_link(m, MILL, WHEAT, PL_USES)] == 0.5);
	/* A request for less than nothing is net supply. */
	CHECK(find_link(m, NEED, COAL, PL_WANTS) == -1);
	CHECK(m->link.amount[find_link(m, NEED, COAL, PL_OFFERS)] == 7);
	/* Rows are added; the elasticity given in either counts, else the good's. */
	const int64_t wheat = find_link(m, HOME, WHEAT, PL_WANTS);
	CHECK(m->link.amount[wheat] == 5 && m->link.elasticity[wheat] == 0.75);
	CHECK(m->link.elasticity[find_link(m, HOME, COAL, PL_WANTS)] == 0);
	CHECK(isnan(m->link.elasticity[find_link(m, MILL, AIR, PL_USES)]));
	/* An amount that `affected` leaves out is 1. */
	CHECK(m->link.amount[find_link(m, HEALTH, SMOKE, PL_OFFERS)] == 1);
	CHECK(m->link.amount[find_link(m, FEAST, COAL, PL_WANTS)] == 0);
	pl_model_free(m);
}

static void an_elasticity_not_given_is_the_goods_own(void)
{
	pl_builder *b;
	pl_model *m;
	int32_t i;
	pl_good_row wheat = good_row("wheat", PL_PRODUCT);
	wheat.elasticity = 0.25;
	wheat.supply = 1;
	const pl_council_row home = council_with(HOME);
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	CHECK(pl_builder_good(&i, b, &wheat, NULL) == PL_OK);
	CHECK(pl_builder_council(&i, b, &home, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_WANTS, 1, (double)NAN, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	CHECK(m->link.elasticity != NULL && m->link.elasticity[0] == 0.25);
	pl_model_free(m);
}

static void requests_that_cancel_stay_as_zero(void)
{
	pl_builder *b;
	pl_model *m;
	int32_t i;
	const pl_good_row coal = good_row("coal", PL_PRODUCT);
	const pl_council_row need = council_row("need", PL_COMMUNITY, PL_S_request);
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	CHECK(pl_builder_good(&i, b, &coal, NULL) == PL_OK);
	CHECK(pl_builder_council(&i, b, &need, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_WANTS, 3, (double)NAN, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_WANTS, -3, (double)NAN, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	CHECK(m->n_links == 1 && m->link.role[0] == PL_WANTS);
	CHECK(same_number(m->link.amount[0], 0.0));
	pl_model_free(m);
}

/// Recipes over GOODS goods; calls in the order given.
static pl_model *recipes(const test_link *call, const int *order)
{
	pl_builder *b;
	pl_model *m = NULL;
	int32_t i;
	char id[16];
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	for (int g = 0; g < GOODS; g++) {
		(void)snprintf(id, sizeof id, "g%d", g);
		pl_good_row row = good_row(id, PL_PRODUCT);
		row.supply = 1;
		CHECK(pl_builder_good(&i, b, &row, NULL) == PL_OK);
	}
	for (int c = 0; c < COUNCILS; c++) {
		(void)snprintf(id, sizeof id, "c%d", c);
		const pl_council_row row = council_row(id, PL_WORKERS, PL_S_recipe);
		CHECK(pl_builder_council(&i, b, &row, NULL) == PL_OK);
	}
	for (int k = 0; k < CALLS; k++) {
		const test_link *l = &call[order[k]];
		CHECK(pl_builder_link(b, l->council, l->good, l->role, l->amount, (double)NAN,
		                      NULL) == PL_OK);
	}
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	return m;
}

/// CALLS random rows, a few of them repeated ones; amounts of which any sum is exact.
static void random_calls(test_link *call, int *order, uint64_t seed)
{
	pl_random r = pl_random_new(seed, 0);
	for (int k = 0; k < CALLS; k++) {
		const int32_t council =
		        k < COUNCILS ? k : (int32_t)pl_random_below(&r, COUNCILS);
		const int32_t good = (int32_t)pl_random_below(&r, GOODS);
		const pl_role role = pl_random_below(&r, 2) ? PL_MAKES : PL_USES;
		call[k] = (test_link){council, good, role,
		                      (double)pl_random_below(&r, 1024) / 8, (double)NAN};
		order[k] = k;
	}
}

static void shuffle(int *order, uint64_t seed)
{
	pl_random r = pl_random_new(seed, 0);
	for (int k = CALLS - 1; k > 0; k--) {
		const int j = (int)pl_random_below(&r, (uint64_t)k + 1), kept = order[k];
		order[k] = order[j];
		order[j] = kept;
	}
}

/// By definition: the sums by council, good and role.
static void check_sums(const pl_model *m, const test_link *call)
{
	static double sum[COUNCILS][GOODS][PL_ROLES];
	static bool there[COUNCILS][GOODS][PL_ROLES];
	int64_t n = 0;
	memset(sum, 0, sizeof sum);
	memset(there, 0, sizeof there);
	for (int k = 0; k < CALLS; k++) {
		const test_link *l = &call[k];
		n += !there[l->council][l->good][l->role];
		there[l->council][l->good][l->role] = true;
		sum[l->council][l->good][l->role] += l->amount;
	}
	CHECK(m->n_links == n && m->link.start[0] == 0 && m->link.start[COUNCILS] == n);
	for (int32_t c = 0; c < COUNCILS; c++)
		for (int64_t k = m->link.start[c]; k < m->link.start[c + 1]; k++) {
			const int32_t g = m->link.good[k];
			CHECK(there[c][g][m->link.role[k]]);
			CHECK(m->link.amount[k] == sum[c][g][m->link.role[k]]);
			there[c][g][m->link.role[k]] = false; /* once only */
		}
}

/// By definition: `row` lists the links by the first call that names each.
static void check_row(const pl_model *m, const test_link *call, const int *order)
{
	int64_t n = 0, before[COUNCILS] = {0};
	bool *listed = calloc((size_t)m->n_links, sizeof *listed);
	if (listed == NULL) return;
	for (int k = 0; k < CALLS; k++) {
		const test_link *l = &call[order[k]];
		const int64_t link = find_link(m, l->council, l->good, l->role);
		CHECK(link >= 0);
		if (link < 0 || listed[link]) continue;
		listed[link] = true;
		CHECK((m->link.row != NULL ? m->link.row[n] : n) == link);
		/* A council's own links come in that order too. */
		CHECK(link == m->link.start[l->council] + before[l->council]++);
		n++;
	}
	CHECK(n == m->n_links);
	free(listed);
}

static void the_order_of_rows_changes_only_the_order_of_links(void)
{
	static test_link call[CALLS];
	static int order[CALLS];
	for (uint64_t seed = 0; seed < 20; seed++) {
		random_calls(call, order, seed);
		pl_model *a = recipes(call, order);
		shuffle(order, seed + 100);
		pl_model *b = recipes(call, order);
		if (a == NULL || b == NULL) return;
		CHECK(same_tables(a, b));
		check_sums(a, call);
		check_sums(b, call);
		check_row(b, call, order);
		CHECK(b->link.row != NULL);
		pl_model_free(a);
		pl_model_free(b);
	}
}

static int by_council(const void *a, const void *b)
{
	const test_link *x = a, *y = b;
	return (x->council > y->council) - (x->council < y->council);
}

static void rows_grouped_by_council_need_no_list(void)
{
	static test_link call[CALLS];
	static int order[CALLS];
	random_calls(call, order, 7);
	qsort(call, CALLS, sizeof *call, by_council);
	pl_model *m = recipes(call, order);
	if (m == NULL) return;
	CHECK(m->link.row == NULL);
	check_sums(m, call);
	check_row(m, call, order);
	pl_model_free(m);
}

static void a_council_may_have_very_many_rows(void)
{
	enum { MANY = 400000 };
	pl_builder *b;
	pl_model *m;
	int32_t i;
	char id[16];
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	for (int g = 0; g < MANY / 2; g++) {
		(void)snprintf(id, sizeof id, "g%d", g);
		pl_good_row row = good_row(id, PL_PRODUCT);
		row.supply = 1;
		CHECK(pl_builder_good(&i, b, &row, NULL) == PL_OK);
	}
	const pl_council_row mill = council_with(MILL), need = council_with(NEED);
	CHECK(pl_builder_council(&i, b, &mill, NULL) == PL_OK);
	CHECK(pl_builder_council(&i, b, &need, NULL) == PL_OK);
	for (int k = 0; k < MANY; k++) /* each row of the mill twice, between the other's */
		CHECK(pl_builder_link(b, k % 2, k / 2 % (MANY / 4), k % 2 ? PL_WANTS : PL_USES,
		                      1, (double)NAN, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	CHECK(m->n_links == MANY / 2 && m->link.start[1] == MANY / 4);
	for (int64_t k = 0; k < m->n_links; k++) CHECK(m->link.amount[k] == 2);
	pl_model_free(m);
}

static void nothing_can_be_freed(void)
{
	pl_builder_free(NULL);
	pl_model_free(NULL);
}

#ifdef PL_ALLOC_FAULTS
/// Build the small economy with some allocations granted. @return calls that memory failed
static int build_with(int64_t grants, const pl_model *want)
{
	pl_builder *b = NULL;
	pl_model *m = NULL;
	pl_error err = {0};
	pl_alloc_grants = grants;
	int failures = FAILURES(pl_builder_new(&b, &err));
	failures += fill_builder(b);
	const pl_status got = pl_builder_finish(&m, b, NULL, NULL, &err);
	pl_alloc_grants = -1;
	if (got == PL_OK) {
		CHECK(same_model(m, want));
	} else {
		CHECK(got == PL_ENOMEM && m == NULL && err.code == PL_ENOMEM);
		failures++;
	}
	pl_model_free(m);
	return failures;
}

static void every_allocation_may_fail(void)
{
	const int64_t alive = pl_alloc_alive;
	pl_model *want = small_model();
	int64_t grants = 0;
	while (grants < 1000 && build_with(grants, want) > 0) grants++;
	CHECK(grants > 50 && grants < 1000);
	pl_model_free(want);
	CHECK(pl_alloc_alive == alive);
}
#endif

int main(void)
{
	RUN(what_is_not_given_has_its_default);
	RUN(a_model_holds_what_was_put_in);
	RUN(links_of_every_schedule_are_read_as_it_says);
	RUN(an_elasticity_not_given_is_the_goods_own);
	RUN(requests_that_cancel_stay_as_zero);
	RUN(the_order_of_rows_changes_only_the_order_of_links);
	RUN(rows_grouped_by_council_need_no_list);
	RUN(a_council_may_have_very_many_rows);
	RUN(nothing_can_be_freed);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
