/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Economies so small that their plans are found on paper, each formula beside its numbers.
 * The plan is accepted; cut to ten digits it is accepted; with any one number changed by
 * 0.1 % it is rejected. */
#include "base/alloc.h"

#include <plenum/plan.h>

#include "tests/pl_test.h"

enum { GOODS = 8, COUNCILS = 8, LINKS = 32, COLUMNS = 9 };
static const double tolerance = 1e-6; /* the command's, for plans to 1e-9 */

/// An economy with its plan; the columns of the claim in the order of pl_claim.
typedef struct {
	pl_builder *b;
	pl_model *m;
	int n_links;
	double price[GOODS], quantity[LINKS];
	double supply[GOODS], demand[GOODS], imbalance[GOODS];
	double activity[COUNCILS], benefit[COUNCILS], cost[COUNCILS], ratio[COUNCILS];
} story;

static story begin(void)
{
	story s = {0};
	CHECK(pl_builder_new(&s.b, NULL) == PL_OK);
	return s;
}

/// A good with its price in the plan. Last year's price is 2.
static int32_t good(story *s, const char *id, pl_good_kind kind, double supply, double price)
{
	const pl_good_row row = {.id = id,
	                         .kind = kind,
	                         .price = 2,
	                         .supply = supply,
	                         .elasticity = NAN,
	                         .step = NAN};
	int32_t at = -1;
	CHECK(pl_builder_good(&at, s->b, &row, NULL) == PL_OK);
	s->price[at] = price;
	return at;
}

static int32_t council(story *s, const char *id, pl_council_kind kind, double income,
                       pl_schedule schedule, const double *param)
{
	pl_council_row row = {.id = id,
	                      .kind = kind,
	                      .community = -1,
	                      .members = NAN,
	                      .income = income,
	                      .schedule = schedule};
	for (int i = 0; i < PL_PARAM_SLOTS; i++) row.param[i] = param == NULL ? NAN : param[i];
	int32_t at = -1;
	CHECK(pl_builder_council(&at, s->b, &row, NULL) == PL_OK);
	return at;
}

/// A link with its quantity in the plan. Councils get their links one after the other.
static void link_of(story *s, int32_t at, int32_t of, pl_role role, double amount,
                    double quantity)
{
	CHECK(pl_builder_link(s->b, at, of, role, amount, NAN, NULL) == PL_OK);
	s->quantity[s->n_links++] = quantity;
}

static void state_goods(story *s)
{
	const pl_model *m = s->m;
	for (int g = 0; g < m->n_goods; g++) s->supply[g] = m->good.supply[g];
	for (int64_t l = 0; l < m->n_links; l++) {
		const bool in = m->link.role[l] == PL_MAKES || m->link.role[l] == PL_OFFERS;
		(in ? s->supply : s->demand)[m->link.good[l]] += s->quantity[l];
	}
	for (int g = 0; g < m->n_goods; g++)
		if (s->price[g] > 0)
			s->imbalance[g] = 2 * fabs(s->supply[g] - s->demand[g]) /
			                  (s->supply[g] + s->demand[g]);
}

static void state_council(story *s, int i)
{
	const pl_model *m = s->m;
	double value[PL_ROLES] = {0}, units[PL_ROLES] = {0};
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
		value[m->link.role[l]] += s->quantity[l] * s->price[m->link.good[l]];
		units[m->link.role[l]] += s->quantity[l];
	}
	if (m->council.kind[i] == PL_WORKERS) {
		const int64_t first = m->link.start[i];
		s->activity[i] = s->quantity[first] / m->link.amount[first];
		s->benefit[i] = value[PL_MAKES];
		s->cost[i] = value[PL_USES];
		s->ratio[i] = value[PL_USES] > 0 ? value[PL_MAKES] / value[PL_USES] : NAN;
	} else if (m->council.schedule[i] == PL_S_affected) {
		s->activity[i] = units[PL_OFFERS];
		s->benefit[i] = value[PL_OFFERS];
		s->cost[i] =
		        m->council.param[0][i] * pow(units[PL_OFFERS], m->council.param[1][i]);
		s->ratio[i] = m->council.param[1][i];
	} else {
		s->activity[i] = NAN;
		s->benefit[i] = m->council.income[i];
		s->cost[i] = value[PL_WANTS] - value[PL_OFFERS];
		s->ratio[i] = s->cost[i] / s->benefit[i];
	}
}

static void finish(story *s)
{
	pl_error err = {0};
	if (pl_builder_finish(&s->m, s->b, NULL, NULL, &err) != PL_OK) {
		fprintf(stderr, "%s\n", err.msg);
		exit(1);
	}
	CHECK(s->m->n_links == s->n_links);
	state_goods(s);
	for (int i = 0; i < s->m->n_councils; i++) state_council(s, i);
}

static pl_claim claim_of(const story *s)
{
	return (pl_claim){s->price,    s->quantity, s->supply, s->demand, s->imbalance,
	                  s->activity, s->benefit,  s->cost,   s->ratio};
}

static pl_verdict judge(const story *s)
{
	const pl_claim claim = claim_of(s);
	pl_verdict v;
	CHECK(pl_plan_check(&v, s->m, &claim, tolerance, NULL) == PL_OK);
	CHECK(v.accepted == (v.reason[0] == '\0'));
	return v;
}

static bool accepted(const story *s)
{
	const pl_verdict v = judge(s);
	if (!v.accepted) fprintf(stderr, "%s\n", v.reason);
	return v.accepted;
}

/// Column i of the claim and its length.
static double *column(story *s, int i, int64_t *n)
{
	double *at[COLUMNS] = {s->price,    s->quantity, s->supply, s->demand, s->imbalance,
	                       s->activity, s->benefit,  s->cost,   s->ratio};
	*n = i == 1 ? s->m->n_links : i < 5 ? s->m->n_goods : s->m->n_councils;
	return at[i];
}

static double cut(double x)
{
	char text[40];
	(void)snprintf(text, sizeof text, "%.10g", x);
	return strtod(text, NULL);
}

static void cut_columns(story *s, int from, int to)
{
	for (int i = from; i < to; i++) {
		int64_t n = 0;
		double *x = column(s, i, &n);
		for (int64_t k = 0; k < n; k++) x[k] = cut(x[k]);
	}
}

/// A spreadsheet may have rewritten one table, or all.
static void any_table_may_be_cut(const story *s)
{
	story prices = *s, flows = *s, councils = *s;
	cut_columns(&prices, 0, 1);
	cut_columns(&prices, 2, 5);
	cut_columns(&flows, 1, 2);
	cut_columns(&councils, 5, COLUMNS);
	CHECK(accepted(&prices));
	CHECK(accepted(&flows));
	CHECK(accepted(&councils));
}

static bool refused_when(story *s, double *cell, double value)
{
	const double kept = *cell;
	*cell = value;
	const bool refused = !judge(s).accepted;
	*cell = kept;
	return refused;
}

/// Imbalances that are nothing but rounding are as good as zero.
static void every_cell_matters(story *s)
{
	for (int i = 0; i < COLUMNS; i++) {
		int64_t n = 0;
		double *x = column(s, i, &n);
		for (int64_t k = 0; k < n; k++) {
			if (isnan(x[k]) || x[k] == 0 || (i == 4 && x[k] < 1e-10)) continue;
			CHECK(refused_when(s, &x[k], x[k] * 0.999));
			CHECK(refused_when(s, &x[k], x[k] * 1.001));
		}
	}
}

/// Also with the columns that follow from prices and quantities left out.
static void prices_and_quantities_alone_are_judged(const story *s)
{
	const pl_claim claim = {.price = s->price, .quantity = s->quantity};
	pl_verdict v;
	CHECK(pl_plan_check(&v, s->m, &claim, tolerance, NULL) == PL_OK);
	CHECK(v.accepted);
}

/// @param value of all flows, credits, found on paper
static void prove(story *s, double value)
{
	finish(s);
	const pl_verdict v = judge(s);
	CHECK(accepted(s));
	CHECK(v.worst_imbalance <= 1e-14);
	CHECK(v.gap <= 1e-14);
	CHECK_NEAR(v.flow_value, value, 1e-12 * value);
	prices_and_quantities_alone_are_judged(s);
	every_cell_matters(s);
	any_table_may_be_cut(s);
	cut_columns(s, 0, COLUMNS);
	CHECK(accepted(s));
	every_cell_matters(s);
	pl_model_free(s->m);
}

/// Q = A e^c x^b. All income is spent: p Q = I; wages are b I, so w = b I/L; effort costs
/// s e^k = (c/k) I.
static void one_workplace_and_its_eaters(void)
{
	const double A = 3, b = 0.5, c = 0.2, k = 2, weight = 1, L = 100, I = 600;
	const double effort = pow(c * I / (k * weight), 1 / k);
	const double Q = A * pow(effort, c) * pow(L, b);
	const double param[] = {A, c, k, weight};
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, L, b * I / L);
	const int32_t bread = good(&s, "bread", PL_PRODUCT, 0, I / Q);
	const int32_t bakery = council(&s, "bakery", PL_WORKERS, NAN, PL_S_cobb_douglas, param);
	const int32_t eaters = council(&s, "eaters", PL_CONSUMERS, I, PL_S_budget_cd, NULL);
	link_of(&s, bakery, bread, PL_MAKES, 1, Q);
	link_of(&s, bakery, labour, PL_USES, b, L);
	link_of(&s, eaters, bread, PL_WANTS, 7, Q);
	prove(&s, 2 * I + 2 * b * I);
}

/// Hours are offered at an effort of 1 credit, so labour is 1; flour takes 2 hours: 2; bread
/// half a flour and an hour: 2. Ten breads asked for: 5 flour, 20 hours.
static void a_chain_that_meets_a_request(void)
{
	const double effort[] = {NAN, 1, NAN, NAN};
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, 0, 1);
	const int32_t flour = good(&s, "flour", PL_PRODUCT, 0, 2);
	const int32_t bread = good(&s, "bread", PL_PRODUCT, 0, 2);
	const int32_t people = council(&s, "people", PL_WORKERS, NAN, PL_S_recipe, effort);
	const int32_t mill = council(&s, "mill", PL_WORKERS, NAN, PL_S_recipe, NULL);
	const int32_t bakery = council(&s, "bakery", PL_WORKERS, NAN, PL_S_recipe, NULL);
	const int32_t town = council(&s, "town", PL_CONSUMERS, 25, PL_S_request, NULL);
	link_of(&s, people, labour, PL_MAKES, 1, 20);
	link_of(&s, mill, flour, PL_MAKES, 1, 5);
	link_of(&s, mill, labour, PL_USES, 2, 10);
	link_of(&s, bakery, bread, PL_MAKES, 1, 10);
	link_of(&s, bakery, flour, PL_USES, 0.5, 5);
	link_of(&s, bakery, labour, PL_USES, 1, 10);
	link_of(&s, town, bread, PL_WANTS, 10, 10);
	prove(&s, 2 * (20 + 10 + 20));
}

/// Smoke is hurt to w E^2 with w = 1/2, so its price is E. Steel costs an effort of 1 and a
/// permit: 1 + E. Sixty credits are spent on steel: E (1 + E) = 60.
static void a_community_that_smoke_hurts(void)
{
	const double E = (sqrt(241) - 1) / 2;
	const double effort[] = {NAN, 1, NAN, NAN}, damage[] = {0.5, 2, NAN, NAN};
	story s = begin();
	const int32_t smoke = good(&s, "smoke", PL_POLLUTANT, 0, E);
	const int32_t steel = good(&s, "steel", PL_PRODUCT, 0, 1 + E);
	const int32_t works = council(&s, "works", PL_WORKERS, NAN, PL_S_recipe, effort);
	const int32_t valley = council(&s, "valley", PL_COMMUNITY, NAN, PL_S_affected, damage);
	const int32_t users = council(&s, "users", PL_CONSUMERS, 60, PL_S_budget_cd, NULL);
	link_of(&s, works, steel, PL_MAKES, 1, E);
	link_of(&s, works, smoke, PL_USES, 1, E);
	link_of(&s, valley, smoke, PL_OFFERS, 1, E);
	link_of(&s, users, steel, PL_WANTS, 1, E);
	prove(&s, 2 * 60 + 2 * E * E);
}

/// Ten breads wanted at the price 2, elasticity 2; a bread takes one of 8 fields, so
/// 8 = 10 (p/2)^-2. Labour is not scarce, and air is free. @param more fields, relative
static story fields_and_bread(double more)
{
	const double p = 2 * sqrt(10.0 / 8);
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, 100, 0);
	const int32_t air = good(&s, "air", PL_FREE, 0, 0);
	const int32_t land = good(&s, "land", PL_RESOURCE, 8 * (1 + more), p);
	const int32_t bread = good(&s, "bread", PL_PRODUCT, 0, p);
	const int32_t farm = council(&s, "farm", PL_WORKERS, NAN, PL_S_recipe, NULL);
	const int32_t eaters = council(&s, "eaters", PL_CONSUMERS, 30, PL_S_isoelastic, NULL);
	link_of(&s, farm, bread, PL_MAKES, 1, 8);
	link_of(&s, farm, land, PL_USES, 1, 8);
	link_of(&s, farm, labour, PL_USES, 3, 24);
	link_of(&s, farm, air, PL_USES, 5, 40);
	CHECK(pl_builder_link(s.b, eaters, bread, PL_WANTS, 10, 2, NULL) == PL_OK);
	s.quantity[s.n_links++] = 8;
	return s;
}

static void labour_that_is_not_scarce(void)
{
	story s = fields_and_bread(0);
	prove(&s, 4 * 8 * 2 * sqrt(10.0 / 8));
}

/// Shares of value at the quantities x, by b^(1/sigma) x^((sigma - 1)/sigma).
static void value_shares(double share[2], const double b[2], const double x[2], double sigma)
{
	for (int i = 0; i < 2; i++)
		share[i] = sigma == 0 ? b[i]
		                      : pow(b[i], 1 / sigma) * pow(x[i], (sigma - 1) / sigma);
	const double sum = share[0] + share[1];
	for (int i = 0; i < 2; i++) share[i] /= sum;
}

/// All of both inputs is used: X is their bundle, Q = A X^r, p Q = I, inputs are paid r I in
/// proportion to what the last unit of each adds. With sigma = 0 they are there in
/// proportion, and any prices that add up will do.
static void inputs_that_replace_one_another(void)
{
	static const double sigmas[] = {0, 0.5, 1, 2};
	for (int i = 0; i < 4; i++) {
		const double sigma = sigmas[i], A = 2, r = 0.7, I = 90, b[2] = {0.4, 0.6};
		const double x[2] = {20, sigma == 0 ? 30 : 45};
		double share[2], bundle = x[0] / b[0];
		value_shares(share, b, x, sigma);
		if (sigma == 1) bundle = pow(x[0] / b[0], b[0]) * pow(x[1] / b[1], b[1]);
		if (sigma != 0 && sigma != 1) {
			bundle = 0;
			for (int k = 0; k < 2; k++)
				bundle += pow(b[k], 1 / sigma) * pow(x[k], (sigma - 1) / sigma);
			bundle = pow(bundle, sigma / (sigma - 1));
		}
		const double Q = A * pow(bundle, r), param[] = {A, r, sigma, NAN};
		story s = begin();
		const int32_t wood =
		        good(&s, "wood", PL_RESOURCE, x[0], r * I * share[0] / x[0]);
		const int32_t stone =
		        good(&s, "stone", PL_RESOURCE, x[1], r * I * share[1] / x[1]);
		const int32_t house = good(&s, "house", PL_PRODUCT, 0, I / Q);
		const int32_t yard = council(&s, "yard", PL_WORKERS, NAN, PL_S_ces, param);
		const int32_t people =
		        council(&s, "people", PL_CONSUMERS, I, PL_S_budget_cd, NULL);
		link_of(&s, yard, house, PL_MAKES, 1, Q);
		link_of(&s, yard, wood, PL_USES, 2, x[0]);
		link_of(&s, yard, stone, PL_USES, 3, x[1]);
		link_of(&s, people, house, PL_WANTS, 1, Q);
		prove(&s, 2 * I + 2 * r * I);
	}
}

/// Two stocks shared out by a budget: each is paid its share of the income.
static void a_budget_between_two_stocks(void)
{
	static const double sigmas[] = {0, 0.5, 1, 3};
	for (int i = 0; i < 4; i++) {
		const double sigma = sigmas[i], I = 70, b[2] = {0.25, 0.75};
		const double x[2] = {10, sigma == 0 ? 30 : 16},
		             param[] = {sigma, NAN, NAN, NAN};
		double share[2];
		value_shares(share, b, x, sigma);
		story s = begin();
		const int32_t tea = good(&s, "tea", PL_RESOURCE, x[0], I * share[0] / x[0]);
		const int32_t coffee =
		        good(&s, "coffee", PL_RESOURCE, x[1], I * share[1] / x[1]);
		const int32_t people =
		        council(&s, "people", PL_CONSUMERS, I, PL_S_budget_ces, param);
		link_of(&s, people, tea, PL_WANTS, 1, x[0]);
		link_of(&s, people, coffee, PL_WANTS, 3, x[1]);
		prove(&s, 2 * I);
	}
}

/// A dairy that can do 5, asked for `done` litres of milk at the price 4: it gains 3 a unit.
static story dairy_that_makes(double done)
{
	const double effort[] = {NAN, 1, NAN, NAN}, room[] = {5, NAN, NAN, NAN};
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, 0, 1);
	const int32_t milk = good(&s, "milk", PL_PRODUCT, 0, 4);
	const int32_t people = council(&s, "people", PL_WORKERS, NAN, PL_S_recipe, effort);
	const int32_t dairy = council(&s, "dairy", PL_WORKERS, NAN, PL_S_recipe, room);
	const int32_t eaters =
	        council(&s, "eaters", PL_CONSUMERS, 4 * done, PL_S_budget_cd, NULL);
	link_of(&s, people, labour, PL_MAKES, 1, done);
	link_of(&s, dairy, milk, PL_MAKES, 1, done);
	link_of(&s, dairy, labour, PL_USES, 1, done);
	link_of(&s, eaters, milk, PL_WANTS, 1, done);
	return s;
}

static void a_capacity_that_binds(void)
{
	story s = dairy_that_makes(5);
	prove(&s, 2 * 5 + 2 * 20);
}

/// z = 10 (m - 1)/4)^(1/2) with m = 3 - 1: half of capacity.
static void an_effort_that_rises(void)
{
	const double effort[] = {NAN, 1, NAN, NAN}, rising[] = {10, 1, 4, 0.5};
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, 0, 1);
	const int32_t milk = good(&s, "milk", PL_PRODUCT, 0, 3);
	const int32_t people = council(&s, "people", PL_WORKERS, NAN, PL_S_recipe, effort);
	const int32_t dairy = council(&s, "dairy", PL_WORKERS, NAN, PL_S_recipe, rising);
	const int32_t eaters = council(&s, "eaters", PL_CONSUMERS, 15, PL_S_budget_cd, NULL);
	link_of(&s, people, labour, PL_MAKES, 1, 5);
	link_of(&s, dairy, milk, PL_MAKES, 1, 5);
	link_of(&s, dairy, labour, PL_USES, 1, 5);
	link_of(&s, eaters, milk, PL_WANTS, 1, 5);
	prove(&s, 2 * 5 + 2 * 15);
}

/// Ten hours give 20 wool and 10 mutton; 50 credits are spent 3 : 2 on them, and an hour is
/// worth what it makes.
static void wool_and_mutton(void)
{
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, 10, 5);
	const int32_t wool = good(&s, "wool", PL_PRODUCT, 0, 1.5);
	const int32_t mutton = good(&s, "mutton", PL_PRODUCT, 0, 2);
	const int32_t sheep = council(&s, "sheep", PL_WORKERS, NAN, PL_S_recipe, NULL);
	const int32_t people = council(&s, "people", PL_CONSUMERS, 50, PL_S_budget_cd, NULL);
	link_of(&s, sheep, wool, PL_MAKES, 2, 20);
	link_of(&s, sheep, mutton, PL_MAKES, 1, 10);
	link_of(&s, sheep, labour, PL_USES, 1, 10);
	link_of(&s, people, wool, PL_WANTS, 3, 20);
	link_of(&s, people, mutton, PL_WANTS, 2, 10);
	prove(&s, 4 * 50);
}

/// A community hands in 4 of its own timber and asks for 6 huts of one timber and an hour.
static void a_request_that_offers(void)
{
	const double effort[] = {NAN, 1, NAN, NAN}, dear[] = {NAN, 3, NAN, NAN};
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, 0, 1);
	const int32_t timber = good(&s, "timber", PL_RESOURCE, 0, 3);
	const int32_t hut = good(&s, "hut", PL_PUBLIC, 0, 4);
	const int32_t people = council(&s, "people", PL_WORKERS, NAN, PL_S_recipe, effort);
	const int32_t forest = council(&s, "forest", PL_WORKERS, NAN, PL_S_recipe, dear);
	const int32_t yard = council(&s, "yard", PL_WORKERS, NAN, PL_S_recipe, NULL);
	const int32_t village = council(&s, "village", PL_COMMUNITY, 30, PL_S_request, NULL);
	link_of(&s, people, labour, PL_MAKES, 1, 6);
	link_of(&s, forest, timber, PL_MAKES, 1, 2);
	link_of(&s, yard, hut, PL_MAKES, 1, 6);
	link_of(&s, yard, timber, PL_USES, 1, 6);
	link_of(&s, yard, labour, PL_USES, 1, 6);
	link_of(&s, village, hut, PL_WANTS, 6, 6);
	link_of(&s, village, timber, PL_WANTS, -4, 4);
	prove(&s, 2 * 6 + 2 * 18 + 2 * 24);
}

/// An imbalance is stated to its own digits as long as all digits are there.
static void a_small_imbalance_is_checked_too(void)
{
	story s = fields_and_bread(2e-9);
	finish(&s);
	CHECK(s.imbalance[2] > 1.9e-9);
	CHECK(accepted(&s));
	CHECK_NEAR(judge(&s).worst_imbalance, 2e-9, 1e-15);
	CHECK(judge(&s).worst_good == 2);
	every_cell_matters(&s);
	any_table_may_be_cut(&s);
	cut_columns(&s, 0, COLUMNS);
	CHECK(accepted(&s));
	s.imbalance[2] = 1e-6;
	CHECK(strstr(judge(&s).reason, "the imbalance of \"land\"") != NULL);
	pl_model_free(s.m);
}

/// Set one number of a good story, and see what the checker calls wrong.
static void refused(story *s, double *cell, double value, const char *first, const char *second)
{
	const double kept = *cell;
	*cell = value;
	const pl_claim claim = {.price = s->price, .quantity = s->quantity};
	pl_verdict v;
	CHECK(pl_plan_check(&v, s->m, &claim, tolerance, NULL) == PL_OK);
	CHECK(!v.accepted);
	const bool told = strstr(v.reason, first) != NULL && strstr(v.reason, second) != NULL;
	if (!told) fprintf(stderr, "%s\n", v.reason);
	CHECK(told);
	*cell = kept;
}

static void the_reason_names_what_is_wrong(void)
{
	story s = fields_and_bread(0);
	finish(&s);
	refused(&s, &s.price[2], -1, "\"land\"", "from 0");
	refused(&s, &s.price[2], NAN, "\"land\"", "nan");
	refused(&s, &s.price[2], INFINITY, "\"land\"", "inf");
	refused(&s, &s.price[1], 0.5, "\"air\" is free", "0.5");
	refused(&s, &s.price[0], 0.1, "\"labour\" has a price", "100");
	refused(&s, &s.price[2], 2, "\"farm\" would gain without limit", "cost of 2");
	refused(&s, &s.price[3], 0, "\"eaters\"", "ever more");
	refused(&s, &s.price[2], 3, "\"farm\" runs at a loss", "cost of 3");
	refused(&s, &s.quantity[2], 48, "\"farm\" uses 48 of \"labour\"", "goes with 30");
	refused(&s, &s.quantity[4], 9, "\"bread\" is short", "8 are there and 9");
	refused(&s, &s.quantity[4], -8, "\"bread\" at \"eaters\"", "-8");
	for (int l = 0; l < 5; l++) s.quantity[l] *= 1.5;
	refused(&s, &s.quantity[4], 12, "\"land\" is short", "8 are there and 12");
	pl_model_free(s.m);
}

static void a_capacity_is_neither_passed_nor_left(void)
{
	story over = dairy_that_makes(6), under = dairy_that_makes(4);
	finish(&over);
	finish(&under);
	refused(&over, over.price, 1, "\"dairy\" runs at an activity of 6", "capacity of 5");
	refused(&under, under.price, 1, "\"dairy\" gains by what it does", "capacity is 5");
	pl_model_free(over.m);
	pl_model_free(under.m);
}

/// Nothing but its own recipe and its own answer tells how much a council has of a good that
/// is not scarce.
static void goods_without_a_price_are_checked_too(void)
{
	const double together[] = {0, NAN, NAN, NAN};
	story s = begin();
	const int32_t tea = good(&s, "tea", PL_RESOURCE, 10, 2);
	const int32_t water = good(&s, "water", PL_RESOURCE, 100, 0);
	const int32_t people =
	        council(&s, "people", PL_CONSUMERS, 20, PL_S_budget_ces, together);
	link_of(&s, people, tea, PL_WANTS, 1, 10);
	link_of(&s, people, water, PL_WANTS, 3, 30);
	finish(&s);
	CHECK(accepted(&s));
	refused(&s, &s.quantity[1], 30.003, "\"people\" wants 30.003 of \"water\"",
	        "asks for 30");
	pl_model_free(s.m);

	story f = fields_and_bread(0);
	finish(&f);
	refused(&f, &f.quantity[2], 24.0024, "\"farm\" uses 24.0024 of \"labour\"",
	        "goes with");
	pl_model_free(f.m);
}

/// Two dairies like that of an_effort_that_rises, one ten times the other, at 5 + shift and
/// 50 - shift: a shift that is too much for the small one is none to the large.
static bool two_dairies_accepted(double shift)
{
	const double rising[] = {10, 1, 4, 0.5}, large[] = {100, 1, 4, 0.5};
	story s = begin();
	const int32_t milk = good(&s, "milk", PL_PRODUCT, 0, 2);
	const int32_t one = council(&s, "one", PL_WORKERS, NAN, PL_S_recipe, rising);
	const int32_t two = council(&s, "two", PL_WORKERS, NAN, PL_S_recipe, large);
	const int32_t eaters = council(&s, "eaters", PL_CONSUMERS, 110, PL_S_budget_cd, NULL);
	link_of(&s, one, milk, PL_MAKES, 1, 5 + shift);
	link_of(&s, two, milk, PL_MAKES, 1, 50 - shift);
	link_of(&s, eaters, milk, PL_WANTS, 1, 55);
	finish(&s);
	const pl_verdict v = judge(&s);
	CHECK(v.accepted || strstr(v.reason, "\"one\" runs at an activity of") != NULL);
	pl_model_free(s.m);
	return v.accepted;
}

static void a_shift_between_two_workplaces_is_seen(void)
{
	CHECK(two_dairies_accepted(0));
	CHECK(!two_dairies_accepted(4e-5));
	CHECK(!two_dairies_accepted(-4e-5));
}

/// Salt is 1e-5 of what the town is given, and no answer depends on its price.
static void a_price_that_hardly_matters_is_checked_while_all_digits_are_there(void)
{
	story s = begin();
	const int32_t tea = good(&s, "tea", PL_RESOURCE, 1000.0 / 3, 1.0 / 7);
	const int32_t salt = good(&s, "salt", PL_RESOURCE, 1.0 / 300, 1.0 / 7);
	const int32_t town = council(&s, "town", PL_CONSUMERS, 90, PL_S_request, NULL);
	link_of(&s, town, tea, PL_WANTS, 1000.0 / 3, 1000.0 / 3);
	link_of(&s, town, salt, PL_WANTS, 1.0 / 300, 1.0 / 300);
	finish(&s);
	CHECK(accepted(&s));
	CHECK(refused_when(&s, &s.price[1], 1.001 / 7));
	any_table_may_be_cut(&s);
	pl_model_free(s.m);
}

/// An idle workplace that would offer hours a little cheaper gains 1.9e-6 an hour. That is
/// within the tolerance of 1e-6 of 2 credits that an hour turns over, but it could stand in
/// for all of 10 supplied and 10 asked for: 3.8e-5 of flows worth 20.
static void the_gap_adds_up_what_councils_miss(void)
{
	const double effort[] = {NAN, 1, NAN, NAN}, less[] = {NAN, 1 - 1.9e-6, NAN, NAN};
	story s = begin();
	const int32_t labour = good(&s, "labour", PL_LABOUR, 0, 1);
	const int32_t people = council(&s, "people", PL_WORKERS, NAN, PL_S_recipe, effort);
	const int32_t idle = council(&s, "idle", PL_WORKERS, NAN, PL_S_recipe, less);
	const int32_t town = council(&s, "town", PL_CONSUMERS, 90, PL_S_request, NULL);
	link_of(&s, people, labour, PL_MAKES, 1, 10);
	link_of(&s, idle, labour, PL_MAKES, 1, 0);
	link_of(&s, town, labour, PL_WANTS, 10, 10);
	finish(&s);
	const pl_verdict v = judge(&s);
	CHECK(!v.accepted && strstr(v.reason, "together lose") != NULL);
	CHECK_NEAR(v.gap, 1.9e-6, 1e-12);
	pl_model_free(s.m);
}

/// Nobody smokes; the price of a permit, and what the valley would offer at it, is a trace.
static bool trace_accepted(double price)
{
	const double damage[] = {0.5, 2, NAN, NAN};
	story s = begin();
	const int32_t tea = good(&s, "tea", PL_RESOURCE, 10, 2);
	const int32_t smoke = good(&s, "smoke", PL_POLLUTANT, 0, price);
	const int32_t people = council(&s, "people", PL_CONSUMERS, 20, PL_S_budget_cd, NULL);
	const int32_t valley = council(&s, "valley", PL_COMMUNITY, NAN, PL_S_affected, damage);
	link_of(&s, people, tea, PL_WANTS, 1, 10);
	link_of(&s, valley, smoke, PL_OFFERS, 1, 0);
	finish(&s);
	s.imbalance[1] = 0;
	s.ratio[1] = NAN;
	const bool accepted = judge(&s).accepted;
	pl_model_free(s.m);
	return accepted;
}

static void a_trace_may_be_left_out(void)
{
	CHECK(trace_accepted(0));
	CHECK(trace_accepted(1e-9));
	CHECK(!trace_accepted(1e-4));
}

/// At twice the prices the same quantities are nobody's best answer: incomes have not moved.
static void prices_have_a_level(void)
{
	story s = begin();
	const int32_t tea = good(&s, "tea", PL_RESOURCE, 10, 2);
	const int32_t people = council(&s, "people", PL_CONSUMERS, 10, PL_S_budget_cd, NULL);
	link_of(&s, people, tea, PL_WANTS, 1, 10);
	finish(&s);
	refused(&s, &s.price[0], 2, "\"people\" wants 10 of \"tea\"", "asks for 5");
	CHECK_NEAR(judge(&s).gap, 2 * (10 - 5) / (2.0 * (10 + 10)), 1e-15);
	s.price[0] = 1;
	prices_and_quantities_alone_are_judged(&s);
	pl_model_free(s.m);
}

static void a_number_where_none_is_defined_is_refused(void)
{
	story s = fields_and_bread(0);
	finish(&s);
	s.activity[1] = 3;
	CHECK(strstr(judge(&s).reason, "\"eaters\"") != NULL);
	s.activity[1] = NAN;
	s.cost[0] = NAN; /* an empty cell claims nothing */
	CHECK(accepted(&s));
	pl_model_free(s.m);
}

static void what_cannot_be_judged_is_an_error(void)
{
	story s = fields_and_bread(0);
	finish(&s);
	pl_verdict v = {.accepted = true};
	pl_error err = {0};
	CHECK(pl_plan_check(&v, s.m, &(pl_claim){.price = s.price}, tolerance, &err) ==
	      PL_EARG);
	CHECK(!v.accepted && err.msg[0] != '\0');
	const pl_claim claim = claim_of(&s);
	CHECK(pl_plan_check(&v, s.m, &claim, NAN, NULL) == PL_EARG);
	CHECK(pl_plan_check(&v, s.m, &claim, 0, NULL) == PL_EARG);
	pl_model_free(s.m);
}

#ifdef PL_ALLOC_FAULTS
static void every_allocation_may_fail(void)
{
	story s = fields_and_bread(0);
	finish(&s);
	const pl_claim claim = claim_of(&s);
	const int64_t alive = pl_alloc_alive;
	pl_verdict v;
	for (int64_t grants = 0; grants < 4; grants++) {
		pl_alloc_grants = grants;
		CHECK(pl_plan_check(&v, s.m, &claim, tolerance, NULL) == PL_ENOMEM);
		CHECK(!v.accepted);
		CHECK(pl_alloc_alive == alive);
	}
	pl_alloc_grants = -1;
	CHECK(accepted(&s));
	pl_model_free(s.m);
}
#endif

/// Ids come from outside: as long as they like, and with the marks that patterns use.
static void a_reason_holds_any_id(void)
{
	char id[1000];
	memset(id, '@', sizeof id - 1);
	id[sizeof id - 1] = '\0';
	story s = begin();
	const int32_t tea = good(&s, id, PL_RESOURCE, 10, 2);
	const int32_t people = council(&s, "<#>", PL_CONSUMERS, 10, PL_S_budget_cd, NULL);
	link_of(&s, people, tea, PL_WANTS, 1, 10);
	finish(&s);
	refused(&s, &s.price[0], 2, "\"<#>\" wants 10 of \"@@@@", "asks for 5");
	pl_model_free(s.m);
}

int main(void)
{
	RUN(one_workplace_and_its_eaters);
	RUN(a_chain_that_meets_a_request);
	RUN(a_community_that_smoke_hurts);
	RUN(labour_that_is_not_scarce);
	RUN(inputs_that_replace_one_another);
	RUN(a_budget_between_two_stocks);
	RUN(a_capacity_that_binds);
	RUN(an_effort_that_rises);
	RUN(wool_and_mutton);
	RUN(a_request_that_offers);
	RUN(a_small_imbalance_is_checked_too);
	RUN(the_reason_names_what_is_wrong);
	RUN(a_capacity_is_neither_passed_nor_left);
	RUN(goods_without_a_price_are_checked_too);
	RUN(a_shift_between_two_workplaces_is_seen);
	RUN(a_price_that_hardly_matters_is_checked_while_all_digits_are_there);
	RUN(the_gap_adds_up_what_councils_miss);
	RUN(a_trace_may_be_left_out);
	RUN(prices_have_a_level);
	RUN(a_number_where_none_is_defined_is_refused);
	RUN(what_cannot_be_judged_is_an_error);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	RUN(a_reason_holds_any_id);
	return pl_test_failed;
}
