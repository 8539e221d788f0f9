/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Faults that only the whole economy shows: told with their table and row, all of them. */
#include "tests/pl_test.h"

#include "model/test_economy.h"

#define NONE ((double)NAN)

enum { TOLD = 16 };

typedef struct {
	int n;
	struct {
		pl_table table;
		int64_t row;
		char msg[512];
	} fault[TOLD];
} told;

static void tell(void *self, pl_table table, int64_t row, const char *msg)
{
	told *t = self;
	if (t->n < TOLD) {
		t->fault[t->n].table = table;
		t->fault[t->n].row = row;
		(void)snprintf(t->fault[t->n].msg, sizeof t->fault[t->n].msg, "%s", msg);
	}
	t->n++;
}

static bool was_told(const told *t, pl_table table, int64_t row, const char *want)
{
	for (int i = 0; i < t->n && i < TOLD; i++)
		if (t->fault[i].table == table && t->fault[i].row == row &&
		    strstr(t->fault[i].msg, want) != NULL)
			return true;
	fprintf(stderr, "not told for table %d, row %d: \"%s\"\n", (int)table, (int)row, want);
	for (int i = 0; i < t->n && i < TOLD; i++)
		fprintf(stderr, "  table %d, row %d: %s\n", (int)t->fault[i].table,
		        (int)t->fault[i].row, t->fault[i].msg);
	return false;
}

/// Finish an economy with faults; err tells the first.
static told refused(pl_builder *b)
{
	told t = {0};
	pl_error err = {0};
	pl_model *m;
	CHECK(pl_builder_finish(&m, b, tell, &t, &err) == PL_EARG);
	CHECK(m == NULL && err.code == PL_EARG && t.n > 0);
	CHECK(strcmp(err.msg, t.fault[0].msg) == 0 && err.where == t.fault[0].row);
	return t;
}

static pl_builder *filled(void)
{
	pl_builder *b;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	(void)fill_builder(b);
	return b;
}

/// A builder with goods wheat, coal, air, smoke, labour, of each this supply, and one council.
static pl_builder *with_supply(double supply, pl_council_row row, int n_links,
                               const test_link *link)
{
	static const char *const good[] = {"wheat", "coal", "air", "smoke", "labour"};
	static const pl_good_kind kind[] = {PL_PRODUCT, PL_PRODUCT, PL_FREE, PL_POLLUTANT,
	                                    PL_LABOUR};
	pl_builder *b;
	int32_t i;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	for (int g = 0; g < 5; g++) {
		pl_good_row r = good_row(good[g], kind[g]);
		r.supply = supply;
		CHECK(pl_builder_good(&i, b, &r, NULL) == PL_OK);
	}
	CHECK(pl_builder_council(&i, b, &row, NULL) == PL_OK);
	for (int k = 0; k < n_links; k++)
		CHECK(pl_builder_link(b, 0, link[k].good, link[k].role, link[k].amount,
		                      link[k].elasticity, NULL) == PL_OK);
	return b;
}

static pl_builder *with_council(pl_council_row row, int n_links, const test_link *link)
{
	return with_supply(1, row, n_links, link);
}

/// One council with these links has one fault.
static void one_fault(pl_council_row row, int n_links, const test_link *link, pl_table table,
                      int64_t at, const char *want)
{
	const told t = refused(with_council(row, n_links, link));
	CHECK(t.n == 1);
	CHECK(was_told(&t, table, at, want));
}

static void an_economy_has_goods_and_councils(void)
{
	pl_builder *b;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	const told t = refused(b);
	CHECK(t.n == 2);
	CHECK(was_told(&t, PL_T_GOODS, -1, "there are no goods"));
	CHECK(was_told(&t, PL_T_COUNCILS, -1, "there are no councils"));
}

static void a_council_has_a_link(void)
{
	one_fault(council_with(NEED), 0, NULL, PL_T_COUNCILS, 0,
	          "council \"need\" has no row in uses.csv; give it one, or take it out");
}

static void communities_are_one_tree(void)
{
	pl_builder *b = filled();
	int32_t i;
	const char *const id[] = {"a", "b", "c", "d", "e", "f"};
	for (int k = 0; k < 6; k++) { /* numbers 2 to 7 */
		const pl_community_row row = community_row(id[k], 0);
		CHECK(pl_builder_community(&i, b, &row, NULL) == PL_OK);
	}
	/* a in b in c in a; d leads into it; e in e; f is a second root, town the first. */
	const int32_t parent[] = {3, 4, 2, 3, 6, -1};
	for (int k = 0; k < 6; k++)
		CHECK(pl_builder_parent(b, k + 2, parent[k], NULL) == PL_OK);
	const told t = refused(b);
	CHECK(t.n == 3);
	CHECK(was_told(
	        &t, PL_T_COMMUNITIES, 2,
	        "the communities form a circle: \"a\" in \"b\" in \"c\" in \"a\"; give one of "
	        "them another parent"));
	CHECK(was_told(&t, PL_T_COMMUNITIES, 6, "form a circle: \"e\" in \"e\""));
	CHECK(was_told(&t, PL_T_COMMUNITIES, 7,
	               "community \"f\" has no parent, and neither has \"town\""));
}

static void a_long_circle_is_cut_short(void)
{
	enum { LONG = 1000 };
	pl_builder *b = filled();
	int32_t i;
	char id[200];
	memset(id, 'x', sizeof id);
	for (int k = 0; k < LONG; k++) {
		(void)snprintf(id + 100, sizeof id - 100, "%d", k);
		const pl_community_row row = community_row(id, -1);
		CHECK(pl_builder_community(&i, b, &row, NULL) == PL_OK);
	}
	for (int k = 0; k < LONG; k++)
		CHECK(pl_builder_parent(b, 2 + k, 2 + (k + 1) % LONG, NULL) == PL_OK);
	const told t = refused(b);
	CHECK(t.n == 1 && was_told(&t, PL_T_COMMUNITIES, 2, "form a circle: \"xxx"));
	CHECK(was_told(&t, PL_T_COMMUNITIES, 2, "in ...; give one of them another parent"));
}

static void a_slope_needs_a_capacity(void)
{
	const test_link makes = {0, WHEAT, PL_MAKES, 1, NONE};
	pl_council_row row = council_with(MILL);
	row.param[PL_P_recipe_slope] = 2;
	one_fault(
	        row, 1, &makes, PL_T_COUNCILS, 0,
	        "council \"mill\" has slope 2 but no capacity; its effort cost rises up to the "
	        "capacity, give one or set the slope to 0");
}

static void exponents_and_effort_sum_below_one(void)
{
	test_link l[] = {{0, WHEAT, PL_MAKES, 1, NONE},
	                 {0, COAL, PL_USES, 0.5, NONE},
	                 {0, LABOUR, PL_USES, 0.25, NONE}};
	pl_council_row row = council_with(FIELD);
	row.param[PL_P_cobb_douglas_effort_elasticity] = 0.5;
	row.param[PL_P_cobb_douglas_effort_exponent] = 2;
	one_fault(row, 3, l, PL_T_COUNCILS, 0,
	          "the exponents of council \"field\" sum to 1 (inputs 0.75, effort c/k 0.25); "
	          "schedule cobb_douglas needs a sum below 1, lower them");
	/* 0.7 + 0.2 + 0.1 is below 1 as a double: 0.99999999999999989. */
	const test_link tenths[] = {{0, WHEAT, PL_MAKES, 1, NONE},
	                            {0, COAL, PL_USES, 0.7, NONE},
	                            {0, LABOUR, PL_USES, 0.2, NONE},
	                            {0, SMOKE, PL_USES, 0.1, NONE}};
	one_fault(council_with(FIELD), 4, tenths, PL_T_COUNCILS, 0, "sum to 1 (inputs 1,");
	pl_model *m;
	l[1].amount = 0.49;
	CHECK(pl_builder_finish(&m, with_council(row, 3, l), NULL, NULL, NULL) == PL_OK);
	pl_model_free(m);
}

static void an_output_is_there_once(void)
{
	const test_link uses = {0, COAL, PL_USES, 0.5, NONE};
	const test_link twice[] = {{0, WHEAT, PL_MAKES, 1, NONE},
	                           {0, COAL, PL_USES, 0.5, NONE},
	                           {0, WHEAT, PL_MAKES, 1, NONE}};
	const test_link two[] = {{0, WHEAT, PL_MAKES, 1, NONE},
	                         {0, COAL, PL_USES, 0.5, NONE},
	                         {0, SMOKE, PL_MAKES, 1, NONE}};
	for (int c = FIELD; c <= FORGE; c++) {
		one_fault(council_with(c), 1, &uses, PL_T_COUNCILS, 0,
		          " makes nothing; schedule ");
		one_fault(council_with(c), 3, twice, PL_T_USES, 2,
		          "has a second row makes, for good");
		one_fault(council_with(c), 3, two, PL_T_USES, 2, "good \"smoke\"; schedule ");
	}
}

static void an_output_is_no_input(void)
{
	const test_link l[] = {{0, LABOUR, PL_USES, 0.25, NONE},
	                       {0, WHEAT, PL_MAKES, 1, NONE},
	                       {0, WHEAT, PL_USES, 0.25, NONE}};
	const test_link m[] = {l[0], l[2], l[1]};
	for (int c = FIELD; c <= FORGE; c++) {
		one_fault(council_with(c), 3, l, PL_T_USES, 2,
		          "both makes and uses good \"wheat\"");
		one_fault(council_with(c), 3, m, PL_T_USES, 2, "or use schedule recipe");
	}
}

static void shares_are_not_all_zero_and_not_too_large(void)
{
	const test_link ces[] = {{0, WHEAT, PL_MAKES, 1, NONE}, {0, COAL, PL_USES, 0, NONE}};
	const test_link none = {0, COAL, PL_WANTS, 0, NONE};
	const test_link huge[] = {{0, COAL, PL_WANTS, 1e308, NONE},
	                          {0, WHEAT, PL_WANTS, 1e308, NONE}};
	one_fault(council_with(FORGE), 2, ces, PL_T_COUNCILS, 0,
	          "council \"forge\" has no row uses with a share above 0; schedule ces needs "
	          "one");
	one_fault(council_with(FORGE), 1, ces, PL_T_COUNCILS, 0,
	          "no row uses with a share above 0");
	for (int c = SHOP; c <= FEAST; c++) {
		one_fault(council_with(c), 1, &none, PL_T_COUNCILS, 0,
		          "no row wants with a share");
		one_fault(council_with(c), 2, huge, PL_T_COUNCILS, 0,
		          "add up to more than a number holds");
	}
}

static void affected_offers_one_pollutant(void)
{
	const test_link coal = {0, COAL, PL_OFFERS, NONE, NONE};
	const test_link twice[] = {{0, SMOKE, PL_OFFERS, 1, NONE},
	                           {0, SMOKE, PL_OFFERS, 1, NONE}};
	one_fault(council_with(HEALTH), 1, &coal, PL_T_USES, 0,
	          "council \"health\" offers good \"coal\", which is of kind product; schedule "
	          "affected offers a pollutant");
	one_fault(council_with(HEALTH), 2, twice, PL_T_USES, 1,
	          "council \"health\" has a second row offers, for good \"smoke\"");
}

static void repeated_rows_agree(void)
{
	const test_link l[] = {{0, WHEAT, PL_WANTS, 1, 0.5},
	                       {0, COAL, PL_WANTS, 1, 0.25},
	                       {0, WHEAT, PL_WANTS, 1, NONE},
	                       {0, WHEAT, PL_WANTS, 1, 0.75}};
	const test_link huge[] = {{0, WHEAT, PL_WANTS, 1e308, NONE},
	                          {0, WHEAT, PL_WANTS, 1e308, NONE}};
	one_fault(council_with(HOME), 4, l, PL_T_USES, 3,
	          "council \"home\" wants good \"wheat\" with elasticity 0.5 in one row and "
	          "0.75 in "
	          "another");
	one_fault(council_with(NEED), 2, huge, PL_T_USES, 1,
	          "the rows of council \"need\" with good \"wheat\" add up to more than");
}

/* Rows of uses.csv are named by the call that brought them, also after sorting. */
static void a_fault_names_its_row_whatever_the_order(void)
{
	pl_builder *b = filled();
	int n;
	(void)test_links(&n);
	CHECK(pl_builder_link(b, HOME, COAL, PL_WANTS, 1, NONE, NULL) == PL_OK);
	CHECK(pl_builder_link(b, HOME, COAL, PL_WANTS, 1, 2, NULL) == PL_OK);
	CHECK(pl_builder_link(b, FIELD, WHEAT, PL_USES, 0.1, NONE, NULL) == PL_OK);
	const told t = refused(b);
	CHECK(t.n == 2);
	CHECK(was_told(&t, PL_T_USES, n + 1, "with elasticity 0 in one row and 2 in another"));
	CHECK(was_told(&t, PL_T_USES, n + 2, "council \"field\" both makes and uses"));
}

/* Told once a good, at the first row of all that asks for it. */
static void a_good_that_is_asked_for_is_made_or_held(void)
{
	const test_link mill[] = {{0, AIR, PL_USES, 1, NONE},    {0, WHEAT, PL_MAKES, 0, NONE},
	                          {0, WHEAT, PL_USES, 0, NONE},  {0, COAL, PL_USES, 0.5, NONE},
	                          {0, WHEAT, PL_USES, 2, NONE},  {0, COAL, PL_USES, 3, NONE},
	                          {0, LABOUR, PL_MAKES, 1, NONE}};
	const told t = refused(with_supply(NONE, council_with(MILL), 7, mill));
	CHECK(t.n == 2);
	CHECK(was_told(&t, PL_T_USES, 3,
	               "good \"coal\" is used by \"mill\", but nobody makes or holds it; "
	               "give it a maker, or a supply in goods.csv"));
	CHECK(was_told(&t, PL_T_USES, 4, "good \"wheat\" is used by \"mill\""));
	const test_link need = {0, COAL, PL_WANTS, 3, NONE};
	const told again = refused(with_supply(NONE, council_with(NEED), 1, &need));
	CHECK(again.n == 1);
	CHECK(was_told(&again, PL_T_USES, 0, "good \"coal\" is wanted by \"need\""));
}

static void a_good_is_held_where_a_supply_is_given_or_somebody_offers_it(void)
{
	pl_model *m;
	const test_link need[] = {{0, COAL, PL_WANTS, 3, NONE}, {0, WHEAT, PL_WANTS, 0, NONE}};
	CHECK(pl_builder_finish(&m, with_supply(0, council_with(NEED), 2, need), NULL, NULL,
	                        NULL) == PL_OK);
	pl_model_free(m);
	int32_t home_index;
	const test_link offers[] = {{0, COAL, PL_WANTS, -1, NONE}};
	pl_builder *b = with_supply(NONE, council_with(NEED), 1, offers);
	const pl_council_row home = council_with(HOME);
	CHECK(pl_builder_council(&home_index, b, &home, NULL) == PL_OK);
	CHECK(pl_builder_link(b, home_index, COAL, PL_WANTS, 2, NONE, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	pl_model_free(m);
}

static void what_is_sound_is_allowed(void)
{
	const test_link recipe[] = {{0, AIR, PL_USES, 1, NONE},
	                            {0, AIR, PL_MAKES, 1, NONE},
	                            {0, WHEAT, PL_MAKES, 1, NONE},
	                            {0, WHEAT, PL_USES, 1, NONE},
	                            {0, SMOKE, PL_MAKES, 1, NONE}};
	const test_link field[] = {{0, WHEAT, PL_MAKES, 1, NONE}, {0, COAL, PL_USES, 0, NONE}};
	const test_link none = {0, WHEAT, PL_WANTS, 0, NONE};
	pl_model *m;
	CHECK(pl_builder_finish(&m, with_council(council_with(MILL), 5, recipe), NULL, NULL,
	                        NULL) == PL_OK);
	pl_model_free(m);
	CHECK(pl_builder_finish(&m, with_council(council_with(FIELD), 2, field), NULL, NULL,
	                        NULL) == PL_OK);
	pl_model_free(m);
	CHECK(pl_builder_finish(&m, with_council(council_with(HOME), 1, &none), NULL, NULL,
	                        NULL) == PL_OK);
	pl_model_free(m);
}

int main(void)
{
	RUN(an_economy_has_goods_and_councils);
	RUN(a_council_has_a_link);
	RUN(communities_are_one_tree);
	RUN(a_long_circle_is_cut_short);
	RUN(a_slope_needs_a_capacity);
	RUN(exponents_and_effort_sum_below_one);
	RUN(an_output_is_there_once);
	RUN(an_output_is_no_input);
	RUN(shares_are_not_all_zero_and_not_too_large);
	RUN(affected_offers_one_pollutant);
	RUN(repeated_rows_agree);
	RUN(a_fault_names_its_row_whatever_the_order);
	RUN(a_good_that_is_asked_for_is_made_or_held);
	RUN(a_good_is_held_where_a_supply_is_given_or_somebody_offers_it);
	RUN(what_is_sound_is_allowed);
	return pl_test_failed;
}
