/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every row that is refused, with its sentence, and a builder that it left as it was. */
#include "tests/pl_test.h"

#include "model/test_economy.h"

#define NONE ((double)NAN)

/// A call was refused with a sentence that holds `want`.
static void check_refused(pl_status got, const pl_error *err, const char *want)
{
	const size_t n = strlen(err->msg);
	if (got == PL_EARG && err->code == PL_EARG && err->where == -1 && n > 0 &&
	    err->msg[n - 1] != '.' && strstr(err->msg, want) != NULL)
		return;
	fprintf(stderr, "status %d, \"%s\" lacks \"%s\"\n", (int)got, err->msg, want);
	pl_test_failed = 1;
}

static void refuse_good(pl_builder *b, pl_good_row row, const char *want)
{
	pl_error err = {0};
	int32_t i = 7;
	check_refused(pl_builder_good(&i, b, &row, &err), &err, want);
	CHECK(i == -1 && pl_builder_good(&i, b, &row, NULL) == PL_EARG);
}

static void refuse_ids(pl_builder *b)
{
	refuse_good(b, good_row(NULL, PL_PRODUCT), "a good has no id; give each good an id");
	refuse_good(b, good_row("", PL_PRODUCT), "a good has no id");
	refuse_good(
	        b, good_row("rye\n", PL_PRODUCT),
	        "the id of a good holds a control character (its byte 4); write it without");
	refuse_good(b, good_row("\x7frye", PL_PRODUCT), "control character (its byte 1)");
	refuse_good(b, good_row("r\xc2\x85", PL_PRODUCT), "control character (its byte 2)");
	refuse_good(b, good_row("r\xff", PL_PRODUCT),
	            "not UTF-8 (its byte 2); write it in UTF-8");
	refuse_good(b, good_row("wheat", PL_PRODUCT),
	            "good \"wheat\" stands twice; give each good an id of its own");
}

static void refuse_goods(pl_builder *b)
{
	pl_good_row row = good_row("rye", PL_PRODUCT);
	refuse_good(b, good_row("rye", PL_GOOD_KINDS), "kind 8 of good \"rye\" does not exist");
	refuse_good(b, good_row("song", PL_INFORMATION),
	            "information goods wait for collective goods, use kind public or free");
	const double price[] = {0, -1, INFINITY, -INFINITY};
	for (size_t i = 0; i < 4; i++) {
		row.price = price[i];
		refuse_good(b, row, "; give a number above 0, or leave it empty for 1");
	}
	row = good_row("rye", PL_PRODUCT);
	row.supply = -0.5;
	refuse_good(b, row, "supply of good \"rye\" is -0.5; give a number of at least 0");
	row.supply = INFINITY;
	refuse_good(b, row, "supply of good \"rye\" is inf");
	row = good_row("rye", PL_PRODUCT);
	row.elasticity = -1;
	refuse_good(b, row, "elasticity of good \"rye\" is -1; give a number of at least 0");
	row = good_row("rye", PL_PRODUCT);
	row.step = 0;
	refuse_good(b, row, "step of good \"rye\" is 0; give a number above 0");
}

static void refuse_prices(pl_builder *b)
{
	pl_error err = {0};
	check_refused(pl_builder_price(b, 5, 1, &err), &err,
	              "a price is for good number 5 of 5");
	check_refused(pl_builder_price(b, -1, 1, &err), &err, "a price is for good number -1");
	check_refused(pl_builder_price(b, WHEAT, 0, &err), &err,
	              "price of good \"wheat\" is 0; give a number above 0");
	check_refused(pl_builder_price(b, WHEAT, NONE, &err), &err,
	              "price of good \"wheat\" is ");
	check_refused(pl_builder_price(b, WHEAT, INFINITY, &err), &err, "\"wheat\" is inf");
}

static void refuse_community(pl_builder *b, pl_community_row row, const char *want)
{
	pl_error err = {0};
	int32_t i = 7;
	check_refused(pl_builder_community(&i, b, &row, &err), &err, want);
	CHECK(i == -1 && pl_builder_community(&i, b, &row, NULL) == PL_EARG);
}

static void refuse_communities(pl_builder *b)
{
	pl_error err = {0};
	pl_community_row row = community_row("farm", 0);
	refuse_community(b, community_row("town", 0), "community \"town\" stands twice");
	refuse_community(b, community_row("", 0), "a community has no id");
	refuse_community(b, community_row("farm", 2),
	                 "the parent of community \"farm\" is number 2 of 2 communities");
	refuse_community(b, community_row("farm", -2), "\"farm\" is number -2");
	row.members = -1;
	refuse_community(b, row,
	                 "members of community \"farm\" is -1; give a number of at least 0");
	row.members = INFINITY;
	refuse_community(b, row, "members of community \"farm\" is inf");
	check_refused(pl_builder_parent(b, 2, 0, &err), &err,
	              "a parent is for community number 2");
	check_refused(pl_builder_parent(b, -1, 0, &err), &err, "community number -1 of 2");
	check_refused(pl_builder_parent(b, 1, 2, &err), &err, "\"ward\" is number 2 of 2");
}

static void refuse_council(pl_builder *b, pl_council_row row, const char *want)
{
	pl_error err = {0};
	int32_t i = 7;
	check_refused(pl_builder_council(&i, b, &row, &err), &err, want);
	CHECK(i == -1 && pl_builder_council(&i, b, &row, NULL) == PL_EARG);
}

/// Council i of the small economy under a new name.
static pl_council_row another(int i)
{
	pl_council_row row = council_with(i);
	row.id = "new";
	return row;
}

static void refuse_councils(pl_builder *b)
{
	pl_council_row row = council_with(MILL);
	refuse_council(b, row, "council \"mill\" stands twice");
	row.id = NULL;
	refuse_council(b, row, "a council has no id");
	row = another(MILL);
	row.kind = PL_COUNCIL_KINDS;
	refuse_council(b, row, "kind 3 or schedule 0 of council \"new\" does not exist");
	row = another(MILL);
	row.schedule = PL_SCHEDULES;
	refuse_council(b, row, "schedule 8 of council \"new\" does not exist");
	row = another(MILL);
	row.community = 2;
	refuse_council(b, row, "the community of council \"new\" is number 2 of 2 communities");
	row.community = -2;
	refuse_council(b, row, "the community of council \"new\" is number -2");
	row = another(MILL);
	row.members = -3;
	refuse_council(b, row, "members of council \"new\" is -3");
	row = another(MILL);
	row.income = -1;
	refuse_council(b, row, "income of council \"new\" is -1; give a number of at least 0");
	row.income = INFINITY;
	refuse_council(b, row, "income of council \"new\" is inf");
	row = another(SHOP);
	row.income = 0;
	refuse_council(b, row, "income of council \"new\" is 0; give a number above 0");
	row.income = NONE;
	refuse_council(b, row, "council \"new\" has no income; schedule budget_cd spends one");
	row = another(FEAST);
	row.income = NONE;
	refuse_council(b, row, "council \"new\" has no income; schedule budget_ces spends one");
}

/* Each pair of kind and schedule is taken just where schedules.def says so. */
static void refuse_kinds(pl_builder *b)
{
	for (int c = MILL; c <= HEALTH; c++)
		for (int kind = 0; kind < PL_COUNCIL_KINDS; kind++) {
			pl_council_row row = another(c);
			const bool both = row.schedule == PL_S_request && kind == PL_COMMUNITY;
			if (kind == (int)row.kind || both) continue;
			row.kind = (pl_council_kind)kind;
			refuse_council(b, row, "council \"new\" is of kind ");
		}
	pl_council_row row = another(NEED);
	row.kind = PL_WORKERS;
	refuse_council(b, row,
	               "council \"new\" is of kind workers, but schedule request is for kind "
	               "consumers or community; change one of them");
}

static void refuse_param(pl_builder *b, int council, int slot, double x, const char *want)
{
	pl_council_row row = another(council);
	row.param[slot] = x;
	refuse_council(b, row, want);
}

static void refuse_params(pl_builder *b)
{
	refuse_param(b, MILL, PL_P_recipe_capacity, -1, "capacity of council \"new\" is -1");
	refuse_param(b, MILL, PL_P_recipe_effort, -1, "effort of council \"new\" is -1");
	refuse_param(b, MILL, PL_P_recipe_slope, INFINITY, "slope of council \"new\" is inf");
	refuse_param(b, MILL, PL_P_recipe_response, 0,
	             "schedule recipe takes a number above 0");
	refuse_param(b, FIELD, PL_P_cobb_douglas_scale, 0, "scale of council \"new\" is 0");
	refuse_param(b, FIELD, PL_P_cobb_douglas_effort_elasticity, 1,
	             "effort_elasticity of council \"new\" is 1; schedule cobb_douglas takes a "
	             "number of at least 0 and below 1 (c, exponent of effort)");
	refuse_param(b, FIELD, PL_P_cobb_douglas_effort_exponent, 0,
	             "effort_exponent of council");
	refuse_param(b, FIELD, PL_P_cobb_douglas_effort_weight, 0, "effort_weight of council");
	refuse_param(b, FORGE, PL_P_ces_returns, 1, "takes a number above 0 and below 1");
	refuse_param(b, FORGE, PL_P_ces_returns, 0, "takes a number above 0 and below 1");
	refuse_param(
	        b, FORGE, PL_P_ces_returns, NONE,
	        "council \"new\" has no returns (r < 1, returns to scale); schedule ces needs "
	        "it, give a number above 0 and below 1");
	refuse_param(b, FORGE, PL_P_ces_sigma, -1, "sigma of council \"new\" is -1");
	refuse_param(b, FORGE, PL_P_ces_sigma, NONE, "council \"new\" has no sigma");
	refuse_param(b, FORGE, 3, 1,
	             "council \"new\" gives 1 for a parameter that schedule ces does not have; "
	             "leave "
	             "it empty");
	refuse_param(b, FEAST, PL_P_budget_ces_sigma, NONE, "council \"new\" has no sigma");
	refuse_param(b, HEALTH, PL_P_affected_damage_exponent, 1,
	             "takes a number above 1 (k > 1)");
	refuse_param(b, HEALTH, PL_P_affected_damage_weight, 0, "damage_weight of council");
	refuse_param(b, NEED, 0, 1, "a parameter that schedule request does not have");
}

static void refuse_link(pl_builder *b, test_link l, const char *want)
{
	pl_error err = {0};
	check_refused(
	        pl_builder_link(b, l.council, l.good, l.role, l.amount, l.elasticity, &err),
	        &err, want);
	CHECK(pl_builder_link(b, l.council, l.good, l.role, l.amount, l.elasticity, NULL) ==
	      PL_EARG);
}

/* Each pair of schedule and role is taken just where schedules.def says so. */
static void refuse_roles(pl_builder *b)
{
	static const unsigned allowed[] = {
	        1 << PL_MAKES | 1 << PL_USES,
	        1 << PL_MAKES | 1 << PL_USES,
	        1 << PL_MAKES | 1 << PL_USES,
	        1 << PL_WANTS,
	        1 << PL_WANTS,
	        1 << PL_WANTS,
	        1 << PL_WANTS,
	        1 << PL_OFFERS,
	};
	for (int c = MILL; c <= HEALTH; c++)
		for (int role = 0; role <= PL_ROLES; role++)
			if (!(allowed[c] >> role & 1))
				refuse_link(b, (test_link){c, LABOUR, (pl_role)role, 1, NONE},
				            "cannot have the role ");
	refuse_link(
	        b, (test_link){MILL, WHEAT, PL_WANTS, 1, NONE},
	        "council \"mill\" cannot have the role wants for good \"wheat\"; with schedule "
	        "recipe a row makes or uses");
}

static void refuse_amounts(pl_builder *b)
{
	const double broken[] = {INFINITY, -INFINITY, NONE};
	for (size_t i = 0; i < 3; i++) {
		refuse_link(b, (test_link){MILL, COAL, PL_USES, broken[i], NONE},
		            "the amount of good \"coal\" that council \"mill\" uses is ");
		refuse_link(b, (test_link){NEED, COAL, PL_WANTS, broken[i], NONE},
		            "; give a finite number");
	}
	refuse_link(
	        b, (test_link){MILL, COAL, PL_USES, -2, NONE},
	        "council \"mill\" uses -2 of good \"coal\"; give 0 or more, the role tells");
	refuse_link(b, (test_link){HOME, COAL, PL_WANTS, -2, NONE}, "give 0 or more");
	refuse_link(b, (test_link){FIELD, COAL, PL_USES, -0.5, NONE},
	            "council \"field\" has a negative share -0.5 for good \"coal\"; give 0 or "
	            "more");
	refuse_link(b, (test_link){FORGE, WHEAT, PL_USES, -1, NONE}, "negative share");
	refuse_link(b, (test_link){SHOP, COAL, PL_WANTS, -1, NONE}, "negative share");
	refuse_link(b, (test_link){FEAST, COAL, PL_WANTS, -1, NONE}, "negative share");
	const double not_one[] = {0, -1, 2, INFINITY};
	for (size_t i = 0; i < 4; i++) {
		refuse_link(b, (test_link){FIELD, WHEAT, PL_MAKES, not_one[i], NONE},
		            "with schedule cobb_douglas this amount is 1");
		refuse_link(b, (test_link){FORGE, COAL, PL_MAKES, not_one[i], NONE},
		            "with schedule ces this amount is 1");
		refuse_link(b, (test_link){HEALTH, SMOKE, PL_OFFERS, not_one[i], NONE},
		            "with schedule affected this amount is 1");
	}
	refuse_link(b, (test_link){FIELD, WHEAT, PL_MAKES, NONE, NONE}, "this amount is 1");
}

static void refuse_links(pl_builder *b)
{
	const test_link outside[] = {{8, 0, PL_USES, 1, NONE},
	                             {-1, 0, PL_USES, 1, NONE},
	                             {0, 5, PL_USES, 1, NONE},
	                             {0, -1, PL_USES, 1, NONE}};
	for (size_t i = 0; i < 4; i++)
		refuse_link(b, outside[i], "a row joins council number ");
	for (int c = FIELD; c <= FORGE; c++) {
		refuse_link(b, (test_link){c, AIR, PL_MAKES, 1, NONE}, "put it in a recipe");
		refuse_link(b, (test_link){c, AIR, PL_USES, 1, NONE},
		            "uses good \"air\", which is free; a free good has no price");
	}
	for (int c = HOME; c <= FEAST; c++)
		refuse_link(b, (test_link){c, AIR, PL_WANTS, 1, NONE}, "put it in a request");
	for (int c = MILL; c <= FEAST; c++)
		if (c != HOME)
			refuse_link(
			        b,
			        (test_link){c, LABOUR, c < NEED ? PL_USES : PL_WANTS, 1, 0.5},
			        "has none; leave it empty");
	refuse_link(
	        b, (test_link){HOME, LABOUR, PL_WANTS, 1, -0.5},
	        "the elasticity of council \"home\" for good \"labour\" is -0.5; give a number "
	        "of at least 0");
	refuse_link(b, (test_link){HOME, LABOUR, PL_WANTS, 1, INFINITY},
	            "is inf; give a number");
}

static void a_refused_row_says_why_and_changes_nothing(void)
{
	pl_builder *b;
	pl_model *m, *want = small_model();
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	(void)fill_builder(b);
	refuse_ids(b);
	refuse_goods(b);
	refuse_prices(b);
	refuse_communities(b);
	refuse_councils(b);
	refuse_kinds(b);
	refuse_params(b);
	refuse_roles(b);
	refuse_amounts(b);
	refuse_links(b);
	CHECK(pl_builder_find_good(b, "rye") == -1);
	CHECK(pl_builder_find_community(b, "farm") == -1);
	CHECK(pl_builder_find_council(b, "new") == -1);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	if (m != NULL && want != NULL) CHECK(same_model(m, want));
	pl_model_free(m);
	pl_model_free(want);
}

/* What stands at a bound that is not open is taken, and -0 is 0. */
static void bounds_that_are_not_open_are_allowed(void)
{
	pl_builder *b;
	pl_model *m;
	int32_t i;
	pl_good_row rye = good_row("rye", PL_LABOUR);
	rye.supply = -0.0;
	rye.elasticity = 0;
	pl_council_row mill = council_with(MILL), forge = council_with(FORGE);
	mill.param[PL_P_recipe_capacity] = 0;
	mill.income = 0;
	mill.members = 0;
	forge.param[PL_P_ces_sigma] = 0;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	CHECK(pl_builder_good(&i, b, &rye, NULL) == PL_OK);
	rye.id = "bread";
	CHECK(pl_builder_good(&i, b, &rye, NULL) == PL_OK);
	CHECK(pl_builder_council(&i, b, &mill, NULL) == PL_OK);
	CHECK(pl_builder_council(&i, b, &forge, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 0, 0, PL_USES, -0.0, NONE, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 1, 1, PL_MAKES, 1, NONE, NULL) == PL_OK);
	CHECK(pl_builder_link(b, 1, 0, PL_USES, 2, NONE, NULL) == PL_OK);
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	CHECK(same_number(m->good.supply[0], 0.0) && same_number(m->link.amount[0], 0.0));
	CHECK(m->council.param[PL_P_recipe_capacity][0] <= 0);
	pl_model_free(m);
}

int main(void)
{
	RUN(a_refused_row_says_why_and_changes_nothing);
	RUN(bounds_that_are_not_open_are_allowed);
	return pl_test_failed;
}
