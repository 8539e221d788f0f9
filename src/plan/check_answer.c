/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/check_answer.h"

#include <math.h>

static double param(const pl_market *at, int slot, int32_t council)
{
	return at->m->council.param[slot][council];
}

/// Log of the cost of one bundle, P = (sum b p^(1 - sigma))^(1/(1 - sigma)) with b normalised.
///
/// The sum is taken relative to its largest term, so nothing overflows; log1p of the sum of
/// b (term - 1) keeps its digits as sigma comes near 1, where P becomes prod p^b.
static double log_index(const pl_market *at, int32_t council, double sigma, double shares)
{
	const pl_model *m = at->m;
	const int64_t from = m->link.start[council], to = m->link.start[council + 1];
	const double power = 1 - sigma;
	double top = -INFINITY, mean = 0, below = 0, sum = 0;
	for (int64_t k = from; k < to; k++) {
		if (m->link.role[k] == PL_MAKES || !(m->link.amount[k] > 0)) continue;
		const double log_price = at->log_price[m->link.good[k]];
		mean += m->link.amount[k] / shares * log_price;
		top = fmax(top, power * log_price);
	}
	if (power == 0 || isinf(top)) return power == 0 ? mean : top / power;
	for (int64_t k = from; k < to; k++) {
		if (m->link.role[k] == PL_MAKES || !(m->link.amount[k] > 0)) continue;
		const double b = m->link.amount[k] / shares;
		const double term = power * at->log_price[m->link.good[k]] - top;
		below += b * expm1(term);
		sum += b * exp(term);
	}
	return (top + (below > -0.5 ? log1p(below) : log(sum))) / power;
}

/// Maximise p Q - sum p x - s e^k, Q = A e^c prod x^b. The first-order conditions spend the
/// part b of revenue R = p Q on each input and the part c/k on effort; put back into Q:
/// (1 - sum b - c/k) log R = log p + log A + (c/k) log(c/(k s)) + sum b log(b/p_input).
static void find_cobb_douglas(pl_answer *a, const pl_market *at, int32_t council)
{
	const pl_model *m = at->m;
	const double c = param(at, PL_P_cobb_douglas_effort_elasticity, council);
	const double k = param(at, PL_P_cobb_douglas_effort_exponent, council);
	const double s = param(at, PL_P_cobb_douglas_effort_weight, council);
	double sum = log(param(at, PL_P_cobb_douglas_scale, council)), used = 0;
	if (c > 0) sum += c / k * (log(c) - log(k) - log(s));
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++) {
		const double b = m->link.amount[l], log_price = at->log_price[m->link.good[l]];
		if (m->link.role[l] == PL_MAKES) {
			sum += log_price;
			a->nothing = isinf(log_price);
		} else if (b > 0) {
			sum += b * (log(b) - log_price);
			used += b;
		}
	}
	a->level = sum / (1 - used - c / k);
	a->condition = 2 / (1 - used - c / k);
}

/// Maximise p A X^r - P X over bundles X: X^(1 - r) = r A p/P. A bundle at the least cost
/// holds X b (P/p_input)^sigma of each input.
static void find_ces(pl_answer *a, const pl_market *at, int32_t council)
{
	const pl_model *m = at->m;
	const double r = param(at, PL_P_ces_returns, council);
	double log_output_price = -INFINITY;
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++)
		if (m->link.role[l] == PL_MAKES)
			log_output_price = at->log_price[m->link.good[l]];
	a->sigma = param(at, PL_P_ces_sigma, council);
	a->nothing = isinf(log_output_price);
	a->index = log_index(at, council, a->sigma, a->shares);
	const double scale = log(param(at, PL_P_ces_scale, council));
	a->level = (log(r) + scale + log_output_price - a->index) / (1 - r);
	a->condition = 2 / (1 - r) + 2 * a->sigma;
}

/// Maximise income log X - P X: X = income/P, bundles as in find_ces.
static void find_budget(pl_answer *a, const pl_market *at, int32_t council)
{
	a->sigma =
	        a->schedule == PL_S_budget_cd ? 1 : param(at, PL_P_budget_ces_sigma, council);
	a->index = log_index(at, council, a->sigma, a->shares);
	a->level = log(at->m->council.income[council]) - a->index;
	a->condition = 1 + 2 * a->sigma;
}

static double elasticity_of(const pl_model *m, int64_t link)
{
	const double own = m->link.elasticity == NULL ? NAN : m->link.elasticity[link];
	return isnan(own) ? m->good.elasticity[m->link.good[link]] : own;
}

static double steepest_want(const pl_model *m, int32_t council)
{
	double most = 0;
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++)
		most = fmax(most, elasticity_of(m, l));
	return most;
}

pl_answer pl_answer_find(const pl_market *at, int32_t council)
{
	const pl_model *m = at->m;
	pl_answer a = {.schedule = (pl_schedule)m->council.schedule[council], .condition = 1};
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++)
		if (m->link.role[l] != PL_MAKES) a.shares += m->link.amount[l];
	if (a.schedule == PL_S_cobb_douglas) find_cobb_douglas(&a, at, council);
	if (a.schedule == PL_S_ces) find_ces(&a, at, council);
	if (a.schedule == PL_S_budget_cd || a.schedule == PL_S_budget_ces)
		find_budget(&a, at, council);
	if (a.schedule == PL_S_isoelastic) a.condition = 1 + steepest_want(m, council);
	if (a.schedule == PL_S_affected)
		a.condition += 1 / (param(at, PL_P_affected_damage_exponent, council) - 1);
	return a;
}

static double cobb_douglas_quantity(const pl_answer *a, const pl_model *m, int64_t link,
                                    double log_price)
{
	const double b = m->link.amount[link];
	if (a->nothing || b == 0) return 0;
	if (m->link.role[link] == PL_MAKES) return exp(a->level - log_price);
	return isinf(log_price) ? INFINITY : exp(log(b) + a->level - log_price);
}

/// Of ces and budgets: X b (P/p)^sigma.
static double bundle_quantity(const pl_answer *a, const pl_model *m, int64_t link,
                              double log_price)
{
	const double b = m->link.amount[link] / a->shares;
	if (a->nothing || !(b > 0)) return 0;
	if (isinf(a->index) || (isinf(log_price) && a->sigma > 0)) return INFINITY;
	const double swap = a->sigma > 0 ? a->sigma * (a->index - log_price) : 0;
	return exp(a->level + log(b) + swap);
}

/// r (p/p0)^-elasticity, p0 the good's own price.
static double isoelastic_quantity(const pl_model *m, int64_t link, double log_price)
{
	const double e = elasticity_of(m, link), wanted = m->link.amount[link];
	if (e == 0 || wanted == 0) return wanted;
	return wanted * exp(-e * (log_price - log(m->good.price[m->link.good[link]])));
}

/// Maximise p E - w E^k: p = w k E^(k - 1).
static double affected_quantity(const pl_market *at, int32_t council, double log_price)
{
	const double w = param(at, PL_P_affected_damage_weight, council);
	const double k = param(at, PL_P_affected_damage_exponent, council);
	return exp((log_price - log(w) - log(k)) / (k - 1));
}

double pl_answer_quantity(const pl_answer *a, const pl_market *at, int32_t council,
                          int64_t link)
{
	const pl_model *m = at->m;
	const double log_price = at->log_price[m->link.good[link]];
	switch (a->schedule) {
	case PL_S_cobb_douglas:
		return cobb_douglas_quantity(a, m, link, log_price);
	case PL_S_isoelastic:
		return isoelastic_quantity(m, link, log_price);
	case PL_S_affected:
		return affected_quantity(at, council, log_price);
	case PL_S_budget_cd:
	case PL_S_budget_ces:
		return bundle_quantity(a, m, link, log_price);
	case PL_S_ces:
		if (m->link.role[link] != PL_MAKES)
			return bundle_quantity(a, m, link, log_price);
		if (a->nothing) return 0;
		return exp(log(param(at, PL_P_ces_scale, council)) +
		           param(at, PL_P_ces_returns, council) * a->level);
	default:
		return m->link.amount[link]; /* request */
	}
}

pl_recipe pl_recipe_find(const pl_market *at, int32_t council)
{
	const pl_model *m = at->m;
	pl_recipe r = {.capacity = param(at, PL_P_recipe_capacity, council),
	               .effort = param(at, PL_P_recipe_effort, council),
	               .slope = param(at, PL_P_recipe_slope, council),
	               .response = param(at, PL_P_recipe_response, council)};
	r.given = r.effort;
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++) {
		const double value = m->link.amount[l] * at->price[m->link.good[l]];
		if (m->link.role[l] == PL_MAKES)
			r.made += value;
		else
			r.given += value;
	}
	return r;
}

/// Marginal effort is e0 + slope (z/capacity)^(1/response); where it meets the margin:
double pl_recipe_activity(const pl_recipe *r, double margin)
{
	if (!(margin > 0)) return 0;
	return r->capacity * pow(fmin(1, margin / r->slope), r->response);
}

double pl_recipe_cost(const pl_recipe *r, double z)
{
	if (!(r->slope > 0) || !(r->capacity > 0)) return r->effort * z;
	const double power = 1 + 1 / r->response;
	return r->effort * z + r->slope * r->capacity / power * pow(z / r->capacity, power);
}
