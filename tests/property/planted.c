/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* planted.c - economies built backwards from a known plan. */
#include "tests/property/planted.h"
#include <math.h>
#include <stdlib.h>

/* What is known while an economy grows: all values in credits at the planted prices. */
typedef struct {
	econ *e;
	econ_random r;
	bool kinks;
	int32_t n_products, n_primary, n_slack, n_pollutants;
	double *price;    /* [n_goods] */
	double *net;      /* [n_goods] units supplied less demanded so far */
	double *turnover; /* [n_goods] units supplied or demanded so far */
	double *fixed;    /* [n_goods] units that requests will ask; negative: offer */
	double *elastic;  /* [n_goods] units that isoelastic councils will want */
	double *activity; /* of councils so far */
	int64_t room;
} plant;

static const double SIGMA[] = {0, 0.3, 1, 2.5}, BUDGET_SIGMA[] = {0, 0.5, 1, 3};
static const double RESPONSE[] = {0.5, 1, 3}, ELASTICITY[] = {0.5, 1, 1.7, 3};
static const double NONE = (double)NAN; /* no capacity */
static const double EXPONENT[] = {1.5, 2, 3};

static int32_t first_slack(const plant *w)
{
	return w->n_products + w->n_primary;
}

static int32_t first_pollutant(const plant *w)
{
	return first_slack(w) + w->n_slack;
}

static void flow(plant *w, int32_t good, double units)
{
	w->net[good] += units;
	w->turnover[good] += fabs(units);
}

static int32_t new_council(plant *w, pl_schedule schedule, double activity)
{
	const int32_t i = econ_add_council(w->e, schedule);
	if (i >= w->room) {
		w->room = 2 * w->room + 64;
		double *more = econ_array(w->room, sizeof *more);
		for (int32_t k = 0; k < i; k++) more[k] = w->activity[k];
		free(w->activity);
		w->activity = more;
	}
	w->activity[i] = activity;
	return i;
}

/* Up to n different goods out of [from, to) and, with kinks, the slack goods and pollutants
 * a recipe may use; never `not`. */
static int32_t choose(plant *w, int32_t *out, int32_t n, int32_t from, int32_t to)
{
	int32_t got = 0;
	for (int32_t tries = 0; tries < 4 * n && got < n; tries++) {
		const int32_t j = from + econ_below(&w->r, to - from);
		bool seen = false;
		for (int32_t k = 0; k < got; k++) seen = seen || out[k] == j;
		if (!seen) out[got++] = j;
	}
	return got;
}

enum { MOST_INPUTS = 8 };

/* Inputs of a smooth workplace that makes `good`: goods after it that have a price. */
static int32_t inputs(plant *w, int32_t *out, int32_t good)
{
	int32_t n = choose(w, out, 2 + econ_below(&w->r, 4), good + 1, first_slack(w));
	if (w->n_pollutants > 0 && econ_chance(&w->r, 0.15))
		out[n++] = first_pollutant(w) + econ_below(&w->r, w->n_pollutants);
	return n;
}

static void smooth_flows(plant *w, int32_t good, double revenue, const int32_t *in,
                         const double *value, int32_t n)
{
	flow(w, good, revenue / w->price[good]);
	for (int32_t k = 0; k < n; k++) flow(w, in[k], -value[k] / w->price[in[k]]);
}

static void add_cobb_douglas(plant *w, int32_t good, double revenue)
{
	int32_t in[MOST_INPUTS];
	double b[MOST_INPUTS], value[MOST_INPUTS], sum = 0;
	const int32_t n = inputs(w, in, good);
	const double all = econ_uniform(&w->r, 0.3, 0.75);
	const int32_t i = new_council(w, PL_S_cobb_douglas, revenue / w->price[good]);
	for (int32_t k = 0; k < n; k++) sum += b[k] = econ_uniform(&w->r, 0.2, 1);

	double log_scale = -log(w->price[good]), s = all;
	econ_add_link(w->e, good, PL_MAKES, 1);
	for (int32_t k = 0; k < n; k++) {
		b[k] *= all / sum;
		value[k] = b[k] * revenue;
		log_scale -= b[k] * log(b[k] / w->price[in[k]]);
		econ_add_link(w->e, in[k], PL_USES, b[k]);
	}
	double *x = w->e->council[i].param;
	if (econ_chance(&w->r, 0.6)) {
		const double c = econ_uniform(&w->r, 0.05, 0.25), ex = 2 + econ_below(&w->r, 2);
		const double weight = econ_uniform(&w->r, 0.3, 3);
		x[PL_P_cobb_douglas_effort_elasticity] = c;
		x[PL_P_cobb_douglas_effort_exponent] = ex;
		x[PL_P_cobb_douglas_effort_weight] = weight;
		log_scale -= c / ex * log(c / (ex * weight));
		s += c / ex;
	}
	x[PL_P_cobb_douglas_scale] = exp(log_scale + (1 - s) * log(revenue));
	smooth_flows(w, good, revenue, in, value, n);
}

static void add_ces(plant *w, int32_t good, double revenue)
{
	int32_t in[MOST_INPUTS];
	double value[MOST_INPUTS], b[MOST_INPUTS], sum = 0, whole = 0, index = 0;
	const int32_t n = inputs(w, in, good);
	const double r = econ_uniform(&w->r, 0.4, 0.85), sigma = econ_pick(&w->r, SIGMA, 4);
	const int32_t i = new_council(w, PL_S_ces, revenue / w->price[good]);
	for (int32_t k = 0; k < n; k++) sum += value[k] = econ_uniform(&w->r, 0.2, 1);
	for (int32_t k = 0; k < n; k++) {
		value[k] *= r * revenue / sum;
		whole += b[k] = value[k] * pow(w->price[in[k]], sigma - 1);
	}
	econ_add_link(w->e, good, PL_MAKES, 1);
	for (int32_t k = 0; k < n; k++) {
		const double u = log(w->price[in[k]]);
		index += b[k] / whole * (sigma == 1 ? u : exp((1 - sigma) * u));
		econ_add_link(w->e, in[k], PL_USES, b[k]); /* shares need not sum to 1 */
	}
	if (sigma != 1) index = log(index) / (1 - sigma);
	double *x = w->e->council[i].param;
	x[PL_P_ces_returns] = r;
	x[PL_P_ces_sigma] = sigma;
	x[PL_P_ces_scale] =
	        exp((1 - r) * log(revenue) - log(w->price[good]) - r * log(r) + r * index);
	smooth_flows(w, good, revenue, in, value, n);
}

static void add_smooth(plant *w, int32_t good, double revenue)
{
	if (econ_chance(&w->r, 0.5))
		add_cobb_douglas(w, good, revenue);
	else
		add_ces(w, good, revenue);
}

/* Columns of a recipe that makes one unit of `good` from later goods. */
typedef struct {
	int32_t n, good[MOST_INPUTS + 3];
	double units[MOST_INPUTS + 3]; /* > 0 made */
	double margin;                 /* credits a unit of activity, > 0 */
} column;

static void put(plant *w, column *c, int32_t good, double units)
{
	for (int32_t k = 0; k < c->n; k++)
		if (c->good[k] == good) return;
	c->good[c->n] = good;
	c->units[c->n++] = units;
	c->margin += units * w->price[good];
}

static column new_column(plant *w, int32_t good)
{
	column c = {0};
	int32_t in[MOST_INPUTS];
	const int32_t n = inputs(w, in, good);
	const double made = econ_uniform(&w->r, 0.5, 2), worth = made * w->price[good];
	put(w, &c, good, made);
	for (int32_t k = 0; k < n; k++)
		put(w, &c, in[k], -econ_uniform(&w->r, 0.1, 0.6) * worth / n / w->price[in[k]]);
	if (w->n_slack > 0 && econ_chance(&w->r, 0.5))
		put(w, &c, first_slack(w) + econ_below(&w->r, w->n_slack),
		    econ_uniform(&w->r, -1, 0.3));
	if (good + 1 < w->n_products && econ_chance(&w->r, 0.25)) {
		const int32_t j = good + 1 + econ_below(&w->r, w->n_products - good - 1);
		put(w, &c, j, econ_uniform(&w->r, 0.05, 0.3) * worth / w->price[j]);
	}
	return c;
}

static int32_t add_recipe(plant *w, const column *c, double activity, double effort,
                          double capacity)
{
	const int32_t i = new_council(w, PL_S_recipe, activity);
	w->e->council[i].param[PL_P_recipe_effort] = effort;
	w->e->council[i].param[PL_P_recipe_capacity] = capacity;
	for (int32_t k = 0; k < c->n; k++) {
		econ_add_link(w->e, c->good[k], c->units[k] > 0 ? PL_MAKES : PL_USES,
		              fabs(c->units[k]));
		flow(w, c->good[k], c->units[k] * activity);
	}
	return i;
}

/* A recipe whose activity the prices alone settle: idle, at capacity, or with a slope. */
static void add_settled(plant *w, int32_t good)
{
	const column c = new_column(w, good);
	const double z = econ_uniform(&w->r, 0.5, 5) / (c.units[0] * w->price[good]);
	const int32_t kind = econ_below(&w->r, 4);
	if (kind == 0) {
		add_recipe(w, &c, 0, c.margin * econ_uniform(&w->r, 1.02, 2),
		           econ_chance(&w->r, 0.5) ? NONE : z);
		return;
	}
	if (kind == 1) {
		add_recipe(w, &c, z, c.margin * econ_uniform(&w->r, 0, 0.95), z);
		return;
	}
	const double part = kind == 2 ? econ_uniform(&w->r, 0.1, 0.9) : 1;
	const double response = econ_pick(&w->r, RESPONSE, 3);
	const double slope = c.margin * econ_uniform(&w->r, 0.2, 0.7);
	const double rise = slope * (kind == 2 ? pow(part, 1 / response) : 1.1);
	const int32_t i = add_recipe(w, &c, z, c.margin - rise, z / part);
	w->e->council[i].param[PL_P_recipe_slope] = slope;
	w->e->council[i].param[PL_P_recipe_response] = response;
}

static void add_budget(plant *w)
{
	int32_t want[10];
	const int32_t n = choose(w, want, 3 + econ_below(&w->r, 7), 0, first_slack(w));
	const bool cd = econ_chance(&w->r, 0.4);
	const double sigma = cd ? 1 : econ_pick(&w->r, BUDGET_SIGMA, 4);
	const int32_t i = new_council(w, cd ? PL_S_budget_cd : PL_S_budget_ces, NAN);
	double income = 0;
	for (int32_t k = 0; k < n; k++) {
		const double value = econ_uniform(&w->r, 0.2, 4), p = w->price[want[k]];
		econ_add_link(w->e, want[k], PL_WANTS, value * pow(p, sigma - 1));
		flow(w, want[k], -value / p);
		income += value;
	}
	w->e->council[i].income = income;
	if (!cd) w->e->council[i].param[PL_P_budget_ces_sigma] = sigma;
}

/* Demand that will be fixed or elastic; the councils come at the end. */
static void ask(plant *w, double *of, int32_t good, double units)
{
	of[good] += units;
	flow(w, good, -units);
}

/* Close a product by a recipe on its margin: its activity is what is missing. */
static void close_by_recipe(plant *w, int32_t good)
{
	const double least =
	        0.4 * w->turnover[good] + econ_uniform(&w->r, 0.5, 2) / w->price[good];
	if (w->net[good] > -least) ask(w, w->fixed, good, least + w->net[good]);
	const column c = new_column(w, good);
	const double z = -w->net[good] / c.units[0];
	add_recipe(w, &c, z, c.margin, econ_chance(&w->r, 0.5) ? NONE : 2 * z);
}

/* Close a good by consumers who mind its price, then by a workplace or a request. */
static void close_smoothly(plant *w, int32_t good)
{
	ask(w, w->elastic, good, 0.7 * w->turnover[good] + 1 / w->price[good]);
	if (w->net[good] < 0 && good < w->n_products)
		add_smooth(w, good, -w->net[good] * w->price[good]);
	else if (w->net[good] < 0)
		w->e->good[good].supply = -w->net[good];
	else if (w->net[good] > 0)
		ask(w, w->fixed, good, w->net[good]);
}

static void close_pollutant(plant *w, int32_t good)
{
	const double p = w->price[good];
	if (w->net[good] > -1 / p) ask(w, w->elastic, good, 1 / p + fmax(0, w->net[good]));
	const double offered = -w->net[good] * econ_uniform(&w->r, 0.6, 1);
	const double k = econ_pick(&w->r, EXPONENT, 3);
	w->e->good[good].supply = -w->net[good] - offered;
	const int32_t i = new_council(w, PL_S_affected, offered);
	econ_add_link(w->e, good, PL_OFFERS, 1);
	w->e->council[i].param[PL_P_affected_damage_exponent] = k;
	w->e->council[i].param[PL_P_affected_damage_weight] = p / (k * pow(offered, k - 1));
	flow(w, good, offered);
}

static void close_slack(plant *w, int32_t good)
{
	const double used = fmax(0, -w->net[good]);
	w->e->good[good].supply = used * econ_uniform(&w->r, 1.1, 10) + 0.1;
}

/* What was asked, in councils of some goods each. */
static void add_askers(plant *w, bool elastic)
{
	const double *of = elastic ? w->elastic : w->fixed;
	int32_t left = 0;
	for (int32_t j = 0; j < w->e->n_goods; j++) {
		if (of[j] == 0) continue;
		if (left == 0) {
			new_council(w, elastic ? PL_S_isoelastic : PL_S_request, NAN);
			left = 1 + econ_below(&w->r, 7);
		}
		left--;
		const double el = econ_pick(&w->r, ELASTICITY, 4), p0 = w->e->good[j].price;
		econ_add_link(w->e, j, PL_WANTS,
		              elastic ? of[j] * pow(w->price[j] / p0, el) : of[j]);
		if (elastic) w->e->link[w->e->n_links - 1].elasticity = el;
	}
}

static void add_goods(plant *w, int32_t n, bool far)
{
	static const pl_good_kind PRIMARY[] = {PL_LABOUR, PL_RESOURCE, PL_CAPITAL};
	w->n_pollutants = 1 + n / 40;
	w->n_slack = w->kinks ? 1 + n / 12 : 0;
	w->n_products = (n - w->n_pollutants - w->n_slack) * 7 / 10;
	w->n_primary = n - w->n_pollutants - w->n_slack - w->n_products;
	for (int32_t j = 0; j < n; j++) {
		const bool slack = j >= first_slack(w) && j < first_pollutant(w);
		const double level = far ? log(1e4) : log(5);
		const double p = exp(econ_uniform(&w->r, -level, level));
		const double anchor = p * exp(econ_uniform(&w->r, -2, 2));
		const pl_good_kind kind = j < w->n_products ? PL_PRODUCT
		                          : j >= first_pollutant(w)
		                                  ? PL_POLLUTANT
		                                  : PRIMARY[econ_below(&w->r, 3)];
		econ_add_good(w->e, kind, slack ? 1 : anchor, 0);
		w->price[j] = slack ? 0 : p;
	}
}

static void grow(plant *w)
{
	for (int32_t t = 0; t < w->n_products / 2 + 1; t++) {
		const int32_t product = econ_below(&w->r, w->n_products); /* drawn first */
		add_smooth(w, product, econ_uniform(&w->r, 1, 10));
	}
	for (int32_t t = 0; w->kinks && t < w->n_products; t++)
		add_settled(w, econ_below(&w->r, w->n_products));
	for (int32_t t = 0; t < w->e->n_goods / 5 + 1; t++) add_budget(w);
	for (int32_t j = 0; j < first_slack(w); j++) {
		if (w->kinks && j < w->n_products && econ_chance(&w->r, 0.5))
			close_by_recipe(w, j);
		else
			close_smoothly(w, j);
	}
	for (int32_t j = first_slack(w); j < first_pollutant(w); j++) close_slack(w, j);
	for (int32_t j = first_pollutant(w); j < w->e->n_goods; j++) close_pollutant(w, j);
	add_askers(w, true);
	add_askers(w, false);
}

planted planted_new(planted_recipe how)
{
	planted p = {.price = econ_array(how.n_goods, sizeof(double))};
	plant w = {.e = &p.e, .r = econ_seed(how.seed), .kinks = how.kinks, .price = p.price};
	w.net = econ_array(how.n_goods, sizeof(double));
	w.turnover = econ_array(how.n_goods, sizeof(double));
	w.fixed = econ_array(how.n_goods, sizeof(double));
	w.elastic = econ_array(how.n_goods, sizeof(double));
	add_goods(&w, how.n_goods, how.far);
	grow(&w);

	p.activity = w.activity;
	p.quantity = econ_array(p.e.n_links, sizeof(double));
	p.size = econ_array(how.n_goods, sizeof(double));
	econ_answer(&p.e, p.price, p.activity, p.quantity);
	econ_totals(&p.e, p.quantity, p.size, w.net);
	free(w.net);
	free(w.turnover);
	free(w.fixed);
	free(w.elastic);
	return p;
}

void planted_free(planted *p)
{
	econ_free(&p->e);
	free(p->price);
	free(p->activity);
	free(p->quantity);
	free(p->size);
}

void planted_errors(const planted *p, const pl_plan *plan, double *price, double *quantity)
{
	*price = *quantity = 0;
	for (int32_t j = 0; j < p->e.n_goods; j++) {
		const double want = p->price[j], got = plan->price[j];
		const double off = want > 0 ? fabs(got - want) / want : got != 0;
		if (!(off <= *price)) *price = off;
	}
	for (int64_t k = 0; k < p->e.n_links; k++) {
		const double off = fabs(plan->quantity[k] - fabs(p->quantity[k]));
		const double part = off / p->size[p->e.link[k].good];
		if (!(part <= *quantity)) *quantity = part;
	}
}

double *planted_start(const planted *p, uint64_t seed, double factor)
{
	econ_random r = econ_seed(seed);
	double *start = econ_array(p->e.n_goods, sizeof *start);
	for (int32_t j = 0; j < p->e.n_goods; j++) {
		const double up = exp(econ_uniform(&r, -log(factor), log(factor)));
		start[j] = p->price[j] > 0 ? p->price[j] * up : 1;
	}
	return start;
}
