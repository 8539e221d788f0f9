/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reply.c - the table of schedules in docs/model.md, one council at a time. */
#include "explain/reply.h"

#include "base/elementary.h"

#include <math.h>

/// A council and the prices it answers to; links by their place among its own.
typedef struct {
	const pl_model *m;
	int32_t council;
	int64_t from, n;
	const double *price;
} asked;

static double param(const asked *a, int slot)
{
	return a->m->council.param[slot][a->council];
}

static int role(const asked *a, int64_t l)
{
	return a->m->link.role[a->from + l];
}

static double amount(const asked *a, int64_t l)
{
	return a->m->link.amount[a->from + l];
}

static double elasticity(const asked *a, int64_t l)
{
	const pl_model *m = a->m;
	const double own = m->link.elasticity == NULL ? NAN : m->link.elasticity[a->from + l];
	return isnan(own) ? m->good.elasticity[m->link.good[a->from + l]] : own;
}

static void reply_request(pl_reply *r, const asked *a)
{
	for (int64_t l = 0; l < a->n; l++)
		r->net[l] = role(a, l) == PL_OFFERS ? amount(a, l) : -amount(a, l);
}

static void reply_isoelastic(pl_reply *r, const asked *a)
{
	for (int64_t l = 0; l < a->n; l++) {
		const double e = elasticity(a, l),
		             anchor = a->m->good.price[a->m->link.good[a->from + l]];
		const double x = e == 0 || amount(a, l) == 0
		                         ? amount(a, l)
		                         : amount(a, l) * pl_pow(a->price[l] / anchor, -e);
		r->net[l] = role(a, l) == PL_OFFERS ? x : -x;
		if (e > 0 && role(a, l) != PL_OFFERS) r->curve[l] = e * x / a->price[l];
	}
}

static void reply_affected(pl_reply *r, const asked *a)
{
	const double k = param(a, PL_P_affected_damage_exponent),
	             w = param(a, PL_P_affected_damage_weight);
	for (int64_t l = 0; l < a->n; l++) {
		r->net[l] = pl_pow(a->price[l] / (w * k), 1 / (k - 1));
		if (r->net[l] > 0) r->curve[l] = r->net[l] / ((k - 1) * a->price[l]);
	}
}

/// Is it an input or a want, of which something is needed?
static bool counts(const asked *a, int64_t l)
{
	return role(a, l) != PL_MAKES && amount(a, l) > 0;
}

/// Log of the cost of one bundle of inputs, from the largest term on.
static double log_index(const asked *a, double shares, double sigma)
{
	double top = -INFINITY, sum = 0;
	for (int64_t l = 0; l < a->n; l++) {
		if (!counts(a, l)) continue;
		const double term = (1 - sigma) * pl_log(a->price[l]);
		if (sigma == 1) sum += amount(a, l) / shares * pl_log(a->price[l]);
		top = fmax(top, term);
	}
	if (sigma == 1) return sum;
	if (isinf(top)) return top / (1 - sigma);
	for (int64_t l = 0; l < a->n; l++)
		if (counts(a, l))
			sum += amount(a, l) / shares *
			       pl_exp((1 - sigma) * pl_log(a->price[l]) - top);
	return (top + pl_log(sum)) / (1 - sigma);
}

static double sum_of_shares(const asked *a)
{
	double shares = 0;
	for (int64_t l = 0; l < a->n; l++)
		if (counts(a, l)) shares += amount(a, l);
	return shares;
}

/// Spend on inputs what exp(log_spend) says, in proportions that answer prices by sigma.
static void spread(pl_reply *r, const asked *a, double log_spend, double index, double sigma)
{
	const double shares = sum_of_shares(a);
	for (int64_t l = 0; l < a->n; l++) {
		if (!counts(a, l)) continue;
		const double own = sigma > 0 ? sigma * pl_log(a->price[l]) : 0;
		r->net[l] =
		        -amount(a, l) / shares * pl_exp(log_spend - (1 - sigma) * index - own);
		if (sigma > 0 && r->net[l] < 0) r->curve[l] = -sigma * r->net[l] / a->price[l];
	}
	r->mixed = (1 - sigma) / pl_exp(log_spend);
}

/// The output and the whole of a workplace with this log revenue and returns.
static bool make(pl_reply *r, const asked *a, double log_revenue, double returns)
{
	const double revenue = pl_exp(log_revenue);
	if (!(revenue > 0)) return false;
	for (int64_t l = 0; l < a->n; l++) {
		if (role(a, l) != PL_MAKES) continue;
		r->net[l] = revenue / a->price[l];
		r->curve[l] = -r->net[l] / a->price[l];
	}
	r->whole = 1 / ((1 - returns) * revenue);
	return true;
}

static double log_output_price(const asked *a)
{
	for (int64_t l = 0; l < a->n; l++)
		if (role(a, l) == PL_MAKES) return pl_log(a->price[l]);
	return -INFINITY;
}

static void reply_cobb_douglas(pl_reply *r, const asked *a)
{
	const double c = param(a, PL_P_cobb_douglas_effort_elasticity),
	             k = param(a, PL_P_cobb_douglas_effort_exponent),
	             w = param(a, PL_P_cobb_douglas_effort_weight);
	double log_revenue = pl_log(param(a, PL_P_cobb_douglas_scale)) + log_output_price(a),
	       inputs = 0;
	if (c > 0) log_revenue += c / k * pl_log(c / (w * k));
	for (int64_t l = 0; l < a->n; l++) {
		if (!counts(a, l)) continue;
		log_revenue += amount(a, l) * (pl_log(amount(a, l)) - pl_log(a->price[l]));
		inputs += amount(a, l);
	}
	const double returns = inputs + c / k;
	log_revenue /= 1 - returns;
	if (make(r, a, log_revenue, returns) && inputs > 0)
		spread(r, a, log_revenue + pl_log(inputs), 0, 1);
}

static void reply_ces(pl_reply *r, const asked *a)
{
	const double returns = param(a, PL_P_ces_returns), sigma = param(a, PL_P_ces_sigma),
	             index = log_index(a, sum_of_shares(a), sigma);
	const double log_revenue = (pl_log(param(a, PL_P_ces_scale)) + log_output_price(a) +
	                            returns * (pl_log(returns) - index)) /
	                           (1 - returns);
	if (make(r, a, log_revenue, returns))
		spread(r, a, log_revenue + pl_log(returns), index, sigma);
}

static void reply_budget(pl_reply *r, const asked *a, double sigma)
{
	const double index = log_index(a, sum_of_shares(a), sigma);
	spread(r, a, pl_log(a->m->council.income[a->council]), index, sigma);
}

void pl_reply_at(pl_reply *r, const pl_model *m, int32_t council, const double *price)
{
	const int64_t from = m->link.start[council];
	const asked a = {m, council, from, m->link.start[council + 1] - from, price};
	r->whole = r->mixed = 0;
	for (int64_t l = 0; l < a.n; l++) r->net[l] = r->curve[l] = 0;
	switch (m->council.schedule[council]) {
	case PL_S_request:
		reply_request(r, &a);
		break;
	case PL_S_isoelastic:
		reply_isoelastic(r, &a);
		break;
	case PL_S_affected:
		reply_affected(r, &a);
		break;
	case PL_S_cobb_douglas:
		reply_cobb_douglas(r, &a);
		break;
	case PL_S_ces:
		reply_ces(r, &a);
		break;
	case PL_S_budget_cd:
		reply_budget(r, &a, 1);
		break;
	case PL_S_budget_ces:
		reply_budget(r, &a, param(&a, PL_P_budget_ces_sigma));
		break;
	default:
		break;
	}
}

/// How much of its slope a recipe's margin takes, 0 to 1.
static double taken(const pl_model *m, int32_t i, double margin)
{
	const double over = (margin - m->council.param[PL_P_recipe_effort][i]) /
	                    m->council.param[PL_P_recipe_slope][i];
	return over < 0 ? 0 : fmin(over, 1);
}

double pl_reply_activity(const pl_model *m, int32_t council, double margin)
{
	return m->council.param[PL_P_recipe_capacity][council] *
	       pl_pow(taken(m, council, margin),
	              m->council.param[PL_P_recipe_response][council]);
}

double pl_reply_steepness(const pl_model *m, int32_t council, double margin)
{
	const double part = taken(m, council, margin),
	             eta = m->council.param[PL_P_recipe_response][council];
	if (part == 0 || part == 1) return 0;
	return m->council.param[PL_P_recipe_capacity][council] * eta * pl_pow(part, eta - 1) /
	       m->council.param[PL_P_recipe_slope][council];
}
