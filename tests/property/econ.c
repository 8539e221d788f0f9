/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* econ.c - economies for property tests: container, model, answers by definition. */
#include "tests/property/econ.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- random numbers ---- */

econ_random econ_seed(uint64_t seed)
{
	return (econ_random){seed * 0x9E3779B97F4A7C15u + 0x632BE59BD9B4E019u};
}

static uint64_t next(econ_random *r)
{
	uint64_t x = r->state += 0x9E3779B97F4A7C15u;
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

double econ_uniform(econ_random *r, double low, double high)
{
	return low + (high - low) * ((double)(next(r) >> 11) * 0x1p-53);
}

int32_t econ_below(econ_random *r, int32_t n)
{
	return (int32_t)(next(r) % (uint64_t)n);
}

bool econ_chance(econ_random *r, double probability)
{
	return econ_uniform(r, 0, 1) < probability;
}

double econ_pick(econ_random *r, const double *list, int32_t n)
{
	return list[econ_below(r, n)];
}

void econ_shuffle(econ_random *r, int32_t *order, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		const int32_t j = econ_below(r, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
}

/* ---- container ---- */

static void give_up(const char *what)
{
	fprintf(stderr, "%s\n", what);
	exit(1);
}

void *econ_array(int64_t n, size_t size)
{
	void *p = calloc(n > 0 ? (size_t)n : 1, size);
	if (p == NULL) give_up("no memory for the test itself");
	return p;
}

static void *grown(void *old, int64_t *room, int64_t n, size_t size)
{
	if (n < *room) return old;
	*room = *room < 64 ? 64 : 2 * *room;
	void *p = realloc(old, (size_t)*room * size);
	if (p == NULL) give_up("no memory for the test itself");
	return p;
}

void econ_free(econ *e)
{
	free(e->good);
	free(e->council);
	free(e->link);
	*e = (econ){0};
}

int32_t econ_add_good(econ *e, pl_good_kind kind, double price, double supply)
{
	e->good = grown(e->good, &e->room_goods, e->n_goods, sizeof *e->good);
	e->good[e->n_goods] = (econ_good){kind, price, supply};
	return e->n_goods++;
}

int32_t econ_add_council(econ *e, pl_schedule schedule)
{
	e->council = grown(e->council, &e->room_councils, e->n_councils, sizeof *e->council);
	econ_council *c = &e->council[e->n_councils];
	*c = (econ_council){schedule, NAN, {NAN, NAN, NAN, NAN}, e->n_links};
	return e->n_councils++;
}

void econ_add_link(econ *e, int32_t good, pl_role role, double amount)
{
	e->link = grown(e->link, &e->room_links, e->n_links, sizeof *e->link);
	e->link[e->n_links++] = (econ_link){e->n_councils - 1, good, role, amount, NAN};
}

int64_t econ_first(const econ *e, int32_t council)
{
	return council < e->n_councils ? e->council[council].first : e->n_links;
}

int32_t econ_add_copy(econ *e, const econ *from, int32_t i, const int32_t *good_to)
{
	const int32_t new = econ_add_council(e, from->council[i].schedule);
	e->council[new].income = from->council[i].income;
	memcpy(e->council[new].param, from->council[i].param, sizeof e->council[new].param);
	for (int64_t k = econ_first(from, i); k < econ_first(from, i + 1); k++) {
		const econ_link *l = &from->link[k];
		econ_add_link(e, good_to == NULL ? l->good : good_to[l->good], l->role,
		              l->amount);
		e->link[e->n_links - 1].elasticity = l->elasticity;
	}
	return new;
}

econ econ_copy(const econ *from)
{
	econ e = {0};
	for (int32_t j = 0; j < from->n_goods; j++)
		econ_add_good(&e, from->good[j].kind, from->good[j].price,
		              from->good[j].supply);
	for (int32_t i = 0; i < from->n_councils; i++) econ_add_copy(&e, from, i, NULL);
	return e;
}

/* ---- model ---- */

static pl_council_kind kind_of(pl_schedule schedule)
{
	switch (schedule) {
	case PL_S_recipe:
	case PL_S_cobb_douglas:
	case PL_S_ces:
		return PL_WORKERS;
	case PL_S_affected:
		return PL_COMMUNITY;
	default:
		return PL_CONSUMERS;
	}
}

static void built(pl_status status, const pl_error *err)
{
	if (status != PL_OK) give_up(err->msg);
}

static void add_rows(pl_builder *b, const econ *e, pl_error *err)
{
	char id[32];
	int32_t at;
	for (int32_t j = 0; j < e->n_goods; j++) {
		snprintf(id, sizeof id, "good %d", j);
		pl_good_row row = {
		        .id = id, .kind = e->good[j].kind, .elasticity = NAN, .step = NAN};
		row.price = e->good[j].price;
		row.supply = e->good[j].supply;
		built(pl_builder_good(&at, b, &row, err), err);
	}
	for (int32_t i = 0; i < e->n_councils; i++) {
		const econ_council *c = &e->council[i];
		snprintf(id, sizeof id, "council %d", i);
		pl_council_row row = {.id = id, .community = -1, .members = NAN};
		row.kind = kind_of(c->schedule);
		row.schedule = c->schedule;
		row.income = c->income;
		memcpy(row.param, c->param, sizeof row.param);
		built(pl_builder_council(&at, b, &row, err), err);
	}
	for (int64_t k = 0; k < e->n_links; k++) {
		const econ_link *l = &e->link[k];
		built(pl_builder_link(b, l->council, l->good, l->role, l->amount, l->elasticity,
		                      err),
		      err);
	}
}

pl_model *econ_model(const econ *e)
{
	pl_builder *b;
	pl_model *m;
	pl_error err;
	built(pl_builder_new(&b, &err), &err);
	add_rows(b, e, &err);
	built(pl_builder_finish(&m, b, NULL, NULL, &err), &err);
	if (m->n_links != e->n_links) give_up("the test's links are not one a good and role");
	for (int64_t k = 0; k < e->n_links; k++)
		if (m->link.good[k] != e->link[k].good) give_up("links left their order");
	return m;
}

/* ---- answers by definition ---- */

double econ_side(const econ_link *l)
{
	return l->role == PL_MAKES || l->role == PL_OFFERS ? 1 : -1;
}

static double given(double x, double preset)
{
	return isnan(x) ? preset : x;
}

/// Sum of the amounts of the links [from, to) on the side of demand.
static double shares(const econ *e, int64_t from, int64_t to)
{
	double s = 0;
	for (int64_t k = from; k < to; k++)
		if (econ_side(&e->link[k]) < 0) s += e->link[k].amount;
	return s;
}

/// Log of the cheapest cost of one unit of the aggregate with normalised shares.
static double log_index(const econ *e, int32_t i, double sigma, const double *price)
{
	const int64_t from = econ_first(e, i), to = econ_first(e, i + 1);
	const double whole = shares(e, from, to);
	double sum = 0;
	for (int64_t k = from; k < to; k++) {
		const econ_link *l = &e->link[k];
		if (econ_side(l) > 0) continue;
		const double b = l->amount / whole, u = log(price[l->good]);
		sum += sigma == 1 ? b * u : b * exp((1 - sigma) * u);
	}
	return sigma == 1 ? sum : log(sum) / (1 - sigma);
}

/// Spend `money` on the demand links of council i, elasticity sigma.
static void spend(const econ *e, int32_t i, double sigma, double money, const double *price,
                  double *quantity)
{
	const int64_t from = econ_first(e, i), to = econ_first(e, i + 1);
	const double whole = shares(e, from, to), index = log_index(e, i, sigma, price);
	for (int64_t k = from; k < to; k++) {
		const econ_link *l = &e->link[k];
		if (econ_side(l) > 0) continue;
		const double u = log(price[l->good]);
		quantity[k] = money * l->amount / whole * exp((1 - sigma) * (u - index) - u);
	}
}

static double margin(const econ *e, int32_t i, const double *price)
{
	double m = 0;
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
		m += econ_side(&e->link[k]) * e->link[k].amount * price[e->link[k].good];
	return m;
}

static void answer_recipe(const econ *e, int32_t i, const double *price, double *activity,
                          double *quantity)
{
	const double *x = e->council[i].param;
	const double slope = given(x[PL_P_recipe_slope], 0);
	if (slope > 0) {
		const double over = margin(e, i, price) - given(x[PL_P_recipe_effort], 0);
		const double response = given(x[PL_P_recipe_response], 1);
		const double part = over > slope ? 1 : over < 0 ? 0 : over / slope;
		activity[i] = x[PL_P_recipe_capacity] * pow(part, response);
	}
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
		quantity[k] = e->link[k].amount * activity[i];
}

static int64_t made_by(const econ *e, int32_t i)
{
	int64_t k = econ_first(e, i);
	while (econ_side(&e->link[k]) < 0) k++;
	return k;
}

static void answer_cobb_douglas(const econ *e, int32_t i, const double *price, double *activity,
                                double *quantity)
{
	const double *x = e->council[i].param;
	const double c = given(x[PL_P_cobb_douglas_effort_elasticity], 0);
	const double k = given(x[PL_P_cobb_douglas_effort_exponent], 2);
	const double w = given(x[PL_P_cobb_douglas_effort_weight], 1);
	const int64_t out = made_by(e, i);
	double log_r =
	        log(given(x[PL_P_cobb_douglas_scale], 1)) + log(price[e->link[out].good]);
	double s = c / k;
	if (c > 0) log_r += c / k * log(c / (w * k));
	for (int64_t l = econ_first(e, i); l < econ_first(e, i + 1); l++) {
		const double b = e->link[l].amount;
		if (l == out) continue;
		log_r += b * log(b / price[e->link[l].good]);
		s += b;
	}
	const double revenue = exp(log_r / (1 - s));
	for (int64_t l = econ_first(e, i); l < econ_first(e, i + 1); l++)
		quantity[l] =
		        (l == out ? 1 : e->link[l].amount) * revenue / price[e->link[l].good];
	activity[i] = quantity[out];
}

static void answer_ces(const econ *e, int32_t i, const double *price, double *activity,
                       double *quantity)
{
	const double *x = e->council[i].param;
	const double r = x[PL_P_ces_returns], sigma = x[PL_P_ces_sigma];
	const int64_t out = made_by(e, i);
	const double p = price[e->link[out].good], scale = given(x[PL_P_ces_scale], 1);
	const double index = log_index(e, i, sigma, price);
	const double revenue = exp((log(scale * p) + r * log(r) - r * index) / (1 - r));
	spend(e, i, sigma, r * revenue, price, quantity);
	activity[i] = quantity[out] = revenue / p;
}

static void answer_fixed(const econ *e, int32_t i, const double *price, double *quantity)
{
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++) {
		const econ_link *l = &e->link[k];
		quantity[k] = l->amount;
		if (e->council[i].schedule == PL_S_isoelastic)
			quantity[k] *= pow(price[l->good] / e->good[l->good].price,
			                   -given(l->elasticity, 1));
	}
}

static void answer_affected(const econ *e, int32_t i, const double *price, double *activity,
                            double *quantity)
{
	const double w = e->council[i].param[PL_P_affected_damage_weight];
	const double k = e->council[i].param[PL_P_affected_damage_exponent];
	const int64_t l = econ_first(e, i);
	quantity[l] = activity[i] = pow(price[e->link[l].good] / (w * k), 1 / (k - 1));
}

void econ_answer(const econ *e, const double *price, double *activity, double *quantity)
{
	for (int32_t i = 0; i < e->n_councils; i++) {
		const econ_council *c = &e->council[i];
		switch (c->schedule) {
		case PL_S_recipe:
			answer_recipe(e, i, price, activity, quantity);
			break;
		case PL_S_cobb_douglas:
			answer_cobb_douglas(e, i, price, activity, quantity);
			break;
		case PL_S_ces:
			answer_ces(e, i, price, activity, quantity);
			break;
		case PL_S_affected:
			answer_affected(e, i, price, activity, quantity);
			break;
		case PL_S_budget_cd:
			spend(e, i, 1, c->income, price, quantity);
			break;
		case PL_S_budget_ces:
			spend(e, i, c->param[PL_P_budget_ces_sigma], c->income, price,
			      quantity);
			break;
		default:
			answer_fixed(e, i, price, quantity);
		}
		if (kind_of(c->schedule) == PL_CONSUMERS) activity[i] = NAN;
	}
}

/* ---- worth by definition ---- */

/// The aggregate of the demanded quantities with normalised shares and elasticity sigma.
static double log_aggregate(const econ *e, int32_t i, double sigma, const double *quantity)
{
	const int64_t from = econ_first(e, i), to = econ_first(e, i + 1);
	const double whole = shares(e, from, to);
	double sum = 0, least = INFINITY;
	for (int64_t k = from; k < to; k++) {
		if (econ_side(&e->link[k]) > 0) continue;
		const double b = e->link[k].amount / whole, u = log(quantity[k] / b);
		sum += sigma == 1 ? b * u : sigma == 0 ? 0 : b * exp((1 - 1 / sigma) * u);
		least = fmin(least, u);
	}
	return sigma == 0 ? least : sigma == 1 ? sum : log(sum) / (1 - 1 / sigma);
}

static double worth_recipe(const double *x, double activity)
{
	const double slope = given(x[PL_P_recipe_slope], 0);
	double cost = given(x[PL_P_recipe_effort], 0) * activity;
	if (slope > 0 && activity > 0) {
		const double up = 1 + 1 / given(x[PL_P_recipe_response], 1);
		const double full = x[PL_P_recipe_capacity];
		cost += slope * full / up * pow(activity / full, up);
	}
	return -cost;
}

/// Log of the most that a workplace makes of its inputs, with effort 1.
static double log_output(const econ *e, int32_t i, const double *quantity)
{
	const econ_council *c = &e->council[i];
	if (c->schedule == PL_S_ces)
		return log(given(c->param[PL_P_ces_scale], 1)) +
		       c->param[PL_P_ces_returns] *
		               log_aggregate(e, i, c->param[PL_P_ces_sigma], quantity);
	double made = log(given(c->param[PL_P_cobb_douglas_scale], 1));
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
		if (econ_side(&e->link[k]) < 0) made += e->link[k].amount * log(quantity[k]);
	return made;
}

/// Cost of the effort that a workplace needs for its output; without limit if it cannot.
static double worth_output(const econ *e, int32_t i, const double *quantity)
{
	const double *x = e->council[i].param;
	const double lack = log(quantity[made_by(e, i)]) - log_output(e, i, quantity);
	if (e->council[i].schedule == PL_S_ces || !(x[PL_P_cobb_douglas_effort_elasticity] > 0))
		return lack > 1e-12 ? -INFINITY : 0;
	const double k = given(x[PL_P_cobb_douglas_effort_exponent], 2);
	return -given(x[PL_P_cobb_douglas_effort_weight], 1) *
	       exp(k * lack / x[PL_P_cobb_douglas_effort_elasticity]);
}

static double worth_isoelastic(const econ *e, int32_t i, const double *quantity)
{
	double utility = 0;
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++) {
		const econ_link *l = &e->link[k];
		const double p0 = e->good[l->good].price, el = given(l->elasticity, 1);
		const double part = quantity[k] / l->amount;
		utility += el == 1 ? l->amount * p0 * log(part)
		                   : l->amount * p0 * pow(part, 1 - 1 / el) / (1 - 1 / el);
	}
	return utility;
}

double econ_worth(const econ *e, int32_t i, const double *price, const double *quantity,
                  double activity)
{
	const econ_council *c = &e->council[i];
	double worth = 0;
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
		worth += econ_side(&e->link[k]) * quantity[k] * price[e->link[k].good];
	switch (c->schedule) {
	case PL_S_recipe:
		return worth + worth_recipe(c->param, activity);
	case PL_S_cobb_douglas:
	case PL_S_ces:
		return worth + worth_output(e, i, quantity);
	case PL_S_isoelastic:
		return worth + worth_isoelastic(e, i, quantity);
	case PL_S_budget_cd:
		return worth + c->income * log_aggregate(e, i, 1, quantity);
	case PL_S_budget_ces:
		return worth + c->income * log_aggregate(e, i, c->param[PL_P_budget_ces_sigma],
		                                         quantity);
	case PL_S_affected:
		return worth - c->param[PL_P_affected_damage_weight] *
		                       pow(activity, c->param[PL_P_affected_damage_exponent]);
	default:
		return worth;
	}
}

double econ_most(const econ *e, int32_t i, const double *quantity)
{
	return exp(log_output(e, i, quantity));
}

void econ_totals(const econ *e, const double *quantity, double *supply, double *demand)
{
	for (int32_t j = 0; j < e->n_goods; j++) {
		supply[j] = e->good[j].supply;
		demand[j] = 0;
	}
	for (int64_t k = 0; k < e->n_links; k++) {
		const econ_link *l = &e->link[k];
		const double q = econ_side(l) * quantity[k];
		if (q > 0)
			supply[l->good] += q;
		else
			demand[l->good] -= q;
	}
}

/* ---- plans ---- */

pl_plan *econ_clear(const econ *e, const pl_settings *s, const double *start)
{
	pl_model *m = econ_model(e);
	pl_plan *p;
	pl_error err;
	built(pl_plan_clear(&p, m, s, start, NULL, NULL, &err), &err);
	pl_model_free(m);
	return p;
}

bool econ_accepts(const econ *e, const pl_plan *p, double tolerance, char why[512])
{
	pl_model *m = econ_model(e);
	pl_verdict verdict;
	pl_error err;
	const pl_claim claim = {p->price,    p->quantity, p->supply, p->demand, p->imbalance,
	                        p->activity, p->benefit,  p->cost,   p->ratio};
	built(pl_plan_check(&verdict, m, &claim, tolerance, &err), &err);
	memcpy(why, verdict.reason, sizeof verdict.reason);
	pl_model_free(m);
	return verdict.accepted;
}

int econ_grid(int argc, char **argv)
{
	const char *longer = getenv("PLENUM_LONG");
	if (longer != NULL && strcmp(longer, "1") == 0) return 2;
	return argc > 1 && strcmp(argv[1], "few") == 0 ? 0 : 1;
}
