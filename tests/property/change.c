/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* change.c - relabel, recount, split, revalue.
 *
 * Units. A good counted in units 1/f as large has quantities f times and prices 1/f times. An
 * exponent keeps its meaning, so A of Q = A e^c prod x^b becomes A f_out prod f^(-b). A share
 * b of an aggregate (sum b^(1/s) x^((s-1)/s))^(s/(s-1)) becomes b f^(1-s), for then every
 * term is what it was; councils normalise shares, and with B = sum b f^(1-s) the aggregate of
 * normalised shares is B^(1/(1-s)) times the old one, which A takes back: A B^(r/(s-1)). At
 * s = 1 the aggregate is prod (x/b)^b, and A becomes A prod f^(-rb).
 *
 * Halves. A workplace with returns s in all (inputs and effort) and revenue R at some prices
 * has log R = (log A + ...)/(1-s), so half of it has A 2^-(1-s). A community with damage w E^k
 * offers E = (p/(w k))^(1/(k-1)), so half of it has w 2^(k-1). */
#include "tests/property/change.h"
#include <math.h>
#include <stdlib.h>

static double given(double x, double preset)
{
	return isnan(x) ? preset : x;
}

static void add_goods(econ *e, const econ *from)
{
	for (int32_t j = 0; j < from->n_goods; j++)
		econ_add_good(e, from->good[j].kind, from->good[j].price, from->good[j].supply);
}

econ change_names(const econ *from, const int32_t *good_to, const int32_t *council_to,
                  int64_t *link_to)
{
	econ e = {0};
	int32_t *council_of = econ_array(from->n_councils, sizeof *council_of);
	add_goods(&e, from);
	for (int32_t j = 0; j < from->n_goods; j++) e.good[good_to[j]] = from->good[j];
	for (int32_t i = 0; i < from->n_councils; i++) council_of[council_to[i]] = i;
	for (int32_t i = 0; i < from->n_councils; i++) {
		const int32_t old = council_of[i];
		const int64_t first = econ_first(from, old), end = econ_first(from, old + 1);
		econ_add_copy(&e, from, old, good_to);
		for (int64_t k = first; k < end; k++) {
			link_to[k] = e.n_links - 1 - (k - first);
			e.link[link_to[k]] = from->link[k];
			e.link[link_to[k]].council = i;
			e.link[link_to[k]].good = good_to[from->link[k].good];
		}
	}
	free(council_of);
	return e;
}

/* ---- units ---- */

static double demanded(const econ *e, int32_t i)
{
	double sum = 0;
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
		if (econ_side(&e->link[k]) < 0) sum += e->link[k].amount;
	return sum;
}

/* Links of a council with shares; the factor by which its scale must grow for its inputs. */
static double recount_shares(econ *e, int32_t i, double sigma, double returns,
                             const double *factor)
{
	const double whole = demanded(e, i);
	double log_b = 0, b = 0;
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++) {
		econ_link *l = &e->link[k];
		if (econ_side(l) > 0) continue;
		log_b += l->amount / whole * log(factor[l->good]);
		l->amount *= pow(factor[l->good], 1 - sigma);
		b += l->amount / whole;
	}
	return sigma == 1 ? exp(-returns * log_b) : pow(b, returns / (sigma - 1));
}

static void recount_cobb_douglas(econ *e, int32_t i, const double *factor)
{
	double *scale = &e->council[i].param[PL_P_cobb_douglas_scale];
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++) {
		const econ_link *l = &e->link[k];
		*scale *= econ_side(l) > 0 ? factor[l->good] : pow(factor[l->good], -l->amount);
	}
}

static void recount_ces(econ *e, int32_t i, const double *factor)
{
	double *x = e->council[i].param;
	for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
		if (econ_side(&e->link[k]) > 0) x[PL_P_ces_scale] *= factor[e->link[k].good];
	x[PL_P_ces_scale] *=
	        recount_shares(e, i, x[PL_P_ces_sigma], x[PL_P_ces_returns], factor);
}

static void recount_council(econ *e, int32_t i, const double *factor)
{
	econ_council *c = &e->council[i];
	switch (c->schedule) {
	case PL_S_cobb_douglas:
		recount_cobb_douglas(e, i, factor);
		break;
	case PL_S_ces:
		recount_ces(e, i, factor);
		break;
	case PL_S_budget_cd:
		break;
	case PL_S_budget_ces:
		recount_shares(e, i, c->param[PL_P_budget_ces_sigma], 1, factor);
		break;
	case PL_S_affected:
		c->param[PL_P_affected_damage_weight] *=
		        pow(factor[e->link[c->first].good],
		            -c->param[PL_P_affected_damage_exponent]);
		break;
	default: /* recipes and quantities */
		for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
			e->link[k].amount *= factor[e->link[k].good];
	}
}

econ change_units(const econ *from, const double *factor)
{
	econ e = econ_copy(from);
	for (int32_t j = 0; j < e.n_goods; j++) {
		e.good[j].supply *= factor[j];
		e.good[j].price /= factor[j];
	}
	for (int32_t i = 0; i < e.n_councils; i++) recount_council(&e, i, factor);
	return e;
}

/* ---- halves ---- */

static void halve(econ *e, int32_t i)
{
	econ_council *c = &e->council[i];
	double *x = c->param;
	switch (c->schedule) {
	case PL_S_recipe:
		x[PL_P_recipe_capacity] /= 2;
		break;
	case PL_S_cobb_douglas: {
		const double effort = given(x[PL_P_cobb_douglas_effort_elasticity], 0) /
		                      given(x[PL_P_cobb_douglas_effort_exponent], 2);
		x[PL_P_cobb_douglas_scale] *= pow(2, demanded(e, i) + effort - 1);
		break;
	}
	case PL_S_ces:
		x[PL_P_ces_scale] *= pow(2, x[PL_P_ces_returns] - 1);
		break;
	case PL_S_affected:
		x[PL_P_affected_damage_weight] *= pow(2, x[PL_P_affected_damage_exponent] - 1);
		break;
	case PL_S_request:
	case PL_S_isoelastic:
		for (int64_t k = econ_first(e, i); k < econ_first(e, i + 1); k++)
			e->link[k].amount /= 2;
		break;
	default:
		c->income /= 2;
	}
}

econ change_halves(const econ *from)
{
	econ e = {0};
	add_goods(&e, from);
	for (int32_t i = 0; i < from->n_councils; i++)
		for (int32_t part = 0; part < 2; part++)
			halve(&e, econ_add_copy(&e, from, i, NULL));
	return e;
}

/* ---- money ---- */

econ change_money(const econ *from, double mu)
{
	econ e = econ_copy(from);
	for (int32_t j = 0; j < e.n_goods; j++) e.good[j].price *= mu;
	for (int32_t i = 0; i < e.n_councils; i++) {
		econ_council *c = &e.council[i];
		c->income *= mu;
		if (c->schedule == PL_S_recipe) {
			c->param[PL_P_recipe_effort] *= mu;
			c->param[PL_P_recipe_slope] *= mu;
		} else if (c->schedule == PL_S_cobb_douglas)
			c->param[PL_P_cobb_douglas_effort_weight] *= mu;
		else if (c->schedule == PL_S_affected)
			c->param[PL_P_affected_damage_weight] *= mu;
	}
	return e;
}
