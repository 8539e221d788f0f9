/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/welfare.h"

#include "base/elementary.h"
#include "plan/survey.h"

#include <math.h>

enum { HALVINGS = 64 };
static const double most_log = 50; /* of consumption, taken or given, looked at */

/* ---- what councils get -------------------------------------------------------------- */

static double share_sum(const pl_model *m, int32_t i)
{
	double sum = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		sum += m->link.amount[k];
	return sum;
}

/* sum share log x; for sigma = 0 log min x/share. */
static double log_plain(const pl_model *m, int32_t i, const double *quantity, bool least)
{
	const double sum = share_sum(m, i);
	double all = 0, smallest = INFINITY;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const double share = m->link.amount[k] / sum;
		if (share == 0) continue;
		if (least)
			smallest = fmin(smallest, quantity[k] / share);
		else
			all += share * pl_log(quantity[k]);
	}
	return least ? pl_log(smallest) : all;
}

/* log U in logs from the largest term on. */
static double log_ces(const pl_model *m, int32_t i, const double *quantity, double sigma)
{
	const double sum = share_sum(m, i), power = (sigma - 1) / sigma;
	double top = -INFINITY, terms = 0;
	for (int pass = 0; pass < 2; pass++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			const double share = m->link.amount[k] / sum;
			if (share == 0) continue;
			const double x = pl_log(share) / sigma + power * pl_log(quantity[k]);
			if (pass == 0)
				top = fmax(top, x);
			else
				terms += pl_exp(x - top);
		}
	if (isinf(top)) return -INFINITY;
	return (top + pl_log(terms)) / power;
}

static double of_budget(const pl_model *m, int32_t i, const double *quantity)
{
	const double sigma = m->council.schedule[i] == PL_S_budget_cd
	                             ? 1
	                             : m->council.param[PL_P_budget_ces_sigma][i];
	const double income = m->council.income[i];
	if (income == 0) return 0;
	if (sigma == 0 || sigma == 1) return income * log_plain(m, i, quantity, sigma == 0);
	return income * log_ces(m, i, quantity, sigma);
}

/* Integral of u^(-1/e) from 1 to u. */
static double bend(double u, double e)
{
	const double power = 1 - 1 / e;
	return power == 0 ? pl_log(u) : (pl_pow(u, power) - 1) / power;
}

/* Of wants that stand alone. @param by what every quantity is multiplied by */
static double of_wants(const pl_model *m, int32_t i, const double *price,
                       const double *quantity, double by)
{
	double all = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const int32_t j = m->link.good[k];
		const double asked = m->link.amount[k], got = quantity[k] * by;
		if (m->link.role[k] != PL_WANTS || asked == 0) continue;
		if (!pl_want_is_fixed(m, i, k))
			all += m->good.price[j] * asked *
			       bend(got / asked, m->link.elasticity[k]);
		else
			all -= m->good.kind[j] == PL_FREE
			               ? 0
			               : price[j] * (quantity[k] - got +
			                             fmax(0, asked - quantity[k]));
	}
	return all;
}

/* ---- what it costs ------------------------------------------------------------------ */

/* The largest quantity over amount among links of a role. */
static double activity(const pl_model *m, int32_t i, const double *quantity, int role)
{
	double z = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		if (m->link.role[k] == role && m->link.amount[k] > 0)
			z = fmax(z, quantity[k] / m->link.amount[k]);
	return z;
}

static double effort_of_recipe(const pl_model *m, int32_t i, const double *quantity)
{
	const double z = activity(m, i, quantity, PL_MAKES);
	const double cap = m->council.param[PL_P_recipe_capacity][i];
	const double slope = m->council.param[PL_P_recipe_slope][i];
	const double power = 1 + 1 / m->council.param[PL_P_recipe_response][i];
	const double plain = m->council.param[PL_P_recipe_effort][i] * z;
	if (!(slope > 0) || z == 0) return plain;
	return plain + slope * cap / power * pl_pow(z / cap, power);
}

/* log e = (log Q - log A - sum b log x)/c. */
static double effort_of_cobb_douglas(const pl_model *m, int32_t i, const double *quantity)
{
	const double c = m->council.param[PL_P_cobb_douglas_effort_elasticity][i];
	const double k = m->council.param[PL_P_cobb_douglas_effort_exponent][i];
	const double w = m->council.param[PL_P_cobb_douglas_effort_weight][i];
	double log_effort = -pl_log(m->council.param[PL_P_cobb_douglas_scale][i]);
	const double made = activity(m, i, quantity, PL_MAKES);
	if (c == 0 || made == 0) return 0;
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++)
		if (m->link.role[l] == PL_USES && m->link.amount[l] > 0)
			log_effort -= m->link.amount[l] * pl_log(quantity[l]);
	return w * pl_exp(k * (log_effort + pl_log(made)) / c);
}

static double damage(const pl_model *m, int32_t i, const double *quantity)
{
	return m->council.param[PL_P_affected_damage_weight][i] *
	       pl_pow(activity(m, i, quantity, PL_OFFERS),
	              m->council.param[PL_P_affected_damage_exponent][i]);
}

double pl_lab_welfare(const pl_model *m, const double *price, const double *quantity)
{
	double all = 0;
	for (int32_t i = 0; i < m->n_councils; i++) {
		switch (m->council.schedule[i]) {
		case PL_S_recipe:
			all -= effort_of_recipe(m, i, quantity);
			break;
		case PL_S_cobb_douglas:
			all -= effort_of_cobb_douglas(m, i, quantity);
			break;
		case PL_S_affected:
			all -= damage(m, i, quantity);
			break;
		case PL_S_budget_cd:
		case PL_S_budget_ces:
			all += of_budget(m, i, quantity);
			break;
		case PL_S_request:
		case PL_S_isoelastic:
			all += of_wants(m, i, price, quantity, 1);
			break;
		default:
			break;
		}
	}
	return all;
}

/* ---- the loss ----------------------------------------------------------------------- */

/* What it costs the best plan's consumers to get e^u times what they get there. */
static double cost_of_less(const pl_model *m, const pl_plan *best, double incomes, double u)
{
	double cost = -incomes * u;
	for (int32_t i = 0; i < m->n_councils; i++) {
		if (!pl_may_fix_wants(m, i)) continue;
		cost += of_wants(m, i, best->price, best->quantity, 1) -
		        of_wants(m, i, best->price, best->quantity, pl_exp(u));
	}
	return cost;
}

double pl_lab_loss(const pl_model *m, const pl_plan *best, const double *quantity)
{
	const double short_of = pl_lab_welfare(m, best->price, best->quantity) -
	                        pl_lab_welfare(m, best->price, quantity);
	double incomes = 0, low = -most_log, high = most_log;
	if (short_of == 0) return 0;
	for (int32_t i = 0; i < m->n_councils; i++)
		if (pl_is_budget(m->council.schedule[i])) incomes += m->council.income[i];
	if (!(cost_of_less(m, best, incomes, low) > short_of)) return 1;
	for (int k = 0; k < HALVINGS; k++) {
		const double middle = (low + high) / 2;
		if (cost_of_less(m, best, incomes, middle) > short_of)
			low = middle;
		else
			high = middle;
	}
	return 1 - pl_exp(low);
}
