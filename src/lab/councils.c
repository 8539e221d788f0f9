/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/councils.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"
#include "lab/council.h"
#include "plan/survey.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64, START_ROUNDS = 200 };
static const double start_exact = 1e-9;
static const double breaks_even = 0.01, all_or_nothing = 0.25; /* of the value made */

/* ---- schedules made ready ----------------------------------------------------------- */

static bool is_share(const pl_model *m, int32_t i, int64_t k)
{
	const int schedule = m->council.schedule[i];
	const bool smooth = schedule == PL_S_cobb_douglas || schedule == PL_S_ces;
	return (smooth && m->link.role[k] == PL_USES) ||
	       (pl_is_budget(schedule) && m->link.role[k] == PL_WANTS);
}

/* Shares of sum 1, and where the output stands; @return what they summed to. */
static double ready_shares(pl_councils *c, int32_t i)
{
	const pl_model *m = c->m;
	double sum = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		if (is_share(m, i, k)) sum += m->link.amount[k];
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		c->weight[k] = is_share(m, i, k) ? m->link.amount[k] / sum : 0;
		if (m->link.role[k] == PL_MAKES) c->at[i].output = k;
	}
	return sum;
}

/* Q = A e^c prod x^b at an effort cost of w e^k, chosen best: the revenue R follows
 * log R (1 - sum b - c/k) = constant + log p - sum b log q. */
static void ready_cobb_douglas(pl_councils *c, int32_t i)
{
	const pl_model *m = c->m;
	const double effort = m->council.param[PL_P_cobb_douglas_effort_elasticity][i];
	const double k = m->council.param[PL_P_cobb_douglas_effort_exponent][i];
	const double w = m->council.param[PL_P_cobb_douglas_effort_weight][i];
	pl_lab_council *a = &c->at[i];
	a->inputs = ready_shares(c, i);
	a->returns = a->inputs + effort / k;
	a->sigma = 1;
	a->constant = pl_log(m->council.param[PL_P_cobb_douglas_scale][i]);
	if (effort > 0) a->constant += effort / k * pl_log(effort / (w * k));
	for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++)
		if (m->link.role[l] == PL_USES && m->link.amount[l] > 0)
			a->constant += m->link.amount[l] * pl_log(m->link.amount[l]);
}

static void ready_ces(pl_councils *c, int32_t i)
{
	const pl_model *m = c->m;
	pl_lab_council *a = &c->at[i];
	(void)ready_shares(c, i);
	a->inputs = a->returns = m->council.param[PL_P_ces_returns][i];
	a->sigma = m->council.param[PL_P_ces_sigma][i];
	a->constant =
	        pl_log(m->council.param[PL_P_ces_scale][i]) + a->returns * pl_log(a->returns);
}

/* Weights are credits where shares of the budget stand still. */
static void ready_budget(pl_councils *c, int32_t i)
{
	const pl_model *m = c->m;
	const double income = m->council.income[i];
	(void)ready_shares(c, i);
	c->at[i].sigma = m->council.schedule[i] == PL_S_budget_cd
	                         ? 1
	                         : m->council.param[PL_P_budget_ces_sigma][i];
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		c->weight[k] *= income;
}

static void ready_isoelastic(pl_councils *c, int32_t i)
{
	const pl_model *m = c->m;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		c->weight[k] = pl_log(m->link.amount[k]) +
		               m->link.elasticity[k] * pl_log(m->good.price[m->link.good[k]]);
}

/* Does it answer every surplus alike, up to its capacity? */
static bool is_flat(const pl_model *m, int32_t i)
{
	return m->council.schedule[i] == PL_S_recipe &&
	       !(m->council.param[PL_P_recipe_slope][i] > 0);
}

/* The first thing a recipe makes, or -1. */
static int64_t main_output(const pl_model *m, int32_t i)
{
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		if (m->link.role[k] == PL_MAKES && m->link.amount[k] > 0) return k;
	return -1;
}

static void ready(pl_councils *c, int32_t i)
{
	const pl_model *m = c->m;
	switch (m->council.schedule[i]) {
	case PL_S_recipe:
		c->at[i].output = main_output(m, i);
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			c->weight[k] = m->link.role[k] == PL_USES ? -m->link.amount[k]
			                                          : m->link.amount[k];
		break;
	case PL_S_cobb_douglas:
		ready_cobb_douglas(c, i);
		break;
	case PL_S_ces:
		ready_ces(c, i);
		break;
	case PL_S_budget_cd:
	case PL_S_budget_ces:
		ready_budget(c, i);
		break;
	case PL_S_isoelastic:
		ready_isoelastic(c, i);
		break;
	default:
		break;
	}
}

static void ready_all(pl_councils *c, const pl_model *m)
{
	c->m = m;
#pragma omp parallel for schedule(dynamic, BLOCK) if (m->n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < m->n_councils; i++) ready(c, i);
}

/* ---- one council -------------------------------------------------------------------- */

/* Value shares of inputs that replace one another, in q, by their logs from the largest on, so
 * that nothing overflows. @return log of the price index */
static double moving_shares(const pl_councils *c, double *q, int64_t first, int64_t n,
                            double sigma)
{
	const double power = 1 - sigma, *w = c->weight + first;
	const int32_t *good = c->m->link.good + first;
	double top = -INFINITY, sum = 0;
	for (int64_t k = 0; k < n; k++) {
		q[k] = power * c->log_price[good[k]];
		if (w[k] > 0) top = fmax(top, q[k]);
	}
	for (int64_t k = 0; k < n; k++) q[k] = w[k] > 0 ? q[k] - top : 0;
	pl_exp_many(q, q, n);
	for (int64_t k = 0; k < n; k++) sum += q[k] *= w[k];
	for (int64_t k = 0; k < n; k++) q[k] /= sum;
	return (top + pl_log(sum)) / power;
}

/* Value shares in q, of sum 1. @return log of the price index, where weights sum to 1 */
static double shares_of(const pl_councils *c, double *q, int32_t i)
{
	const int64_t first = c->m->link.start[i], n = c->m->link.start[i + 1] - first;
	const double sigma = c->at[i].sigma, *w = c->weight + first;
	const int32_t *good = c->m->link.good + first;
	double sum = 0;
	if (sigma != 0 && sigma != 1) return moving_shares(c, q, first, n, sigma);
	for (int64_t k = 0; k < n; k++) {
		q[k] = sigma == 1 ? w[k] : w[k] * c->price[good[k]];
		sum += sigma == 1 ? w[k] * c->log_price[good[k]] : q[k];
	}
	if (sigma == 1) return sum;
	for (int64_t k = 0; k < n; k++) q[k] /= sum;
	return pl_log(sum);
}

static void answer_smooth(pl_councils *c, double *q, int32_t i)
{
	const pl_lab_council *a = &c->at[i];
	const int64_t first = c->m->link.start[i], n = c->m->link.start[i + 1] - first;
	const int32_t *good = c->m->link.good + first;
	const bool nested = c->nested != NULL && c->m->council.schedule[i] == PL_S_ces;
	const double index = nested ? pl_nested_shares(c, q, i) : shares_of(c, q, i);
	const int32_t out = c->m->link.good[a->output];
	const double log_revenue =
	        (a->constant + c->log_price[out] - a->inputs * index) / (1 - a->returns);
	const double revenue = pl_exp(fmin(log_revenue, pl_most_log));
	double made = revenue * c->per_price[out], spend = a->inputs * revenue;
	if (c->behaviour.strength[PL_B_returns] > 0)
		pl_scaled_output(c, &made, &spend, i, log_revenue);
	for (int64_t k = 0; k < n; k++) q[k] *= spend * c->per_price[good[k]];
	q[a->output - first] = made;
}

static void answer_budget(const pl_councils *c, double *q, int32_t i)
{
	const int64_t first = c->m->link.start[i], n = c->m->link.start[i + 1] - first;
	const int32_t *good = c->m->link.good + first;
	if (c->at[i].sigma == 1) {
		const double *w = c->weight + first;
		for (int64_t k = 0; k < n; k++) q[k] = w[k] * c->per_price[good[k]];
		return;
	}
	(void)shares_of(c, q, i);
	for (int64_t k = 0; k < n; k++) q[k] *= c->m->council.income[i] * c->per_price[good[k]];
}

/* Where a recipe without slope goes from `from`, at a surplus of `part` of what it makes. */
static double flat_activity(double from, double cap, double part)
{
	const double push = fmax(-1, fmin(1, part / all_or_nothing));
	if (fabs(part) <= breaks_even) return from;
	if (isinf(cap)) return from * (1 + push * all_or_nothing);
	return push < 0 ? from * (1 + push) : from + push * (cap - from);
}

/* What is expected of it, q, or what it did in the last round. */
static double activity_before(const pl_councils *c, const double *q, int32_t i)
{
	const int64_t out = c->at[i].output, first = c->m->link.start[i];
	if (out < 0 || isnan(q[out - first])) return c->at[i].activity;
	return q[out - first] / c->m->link.amount[out];
}

static double activity_of(const pl_councils *c, const double *q, int32_t i)
{
	const pl_model *m = c->m;
	const double cap = m->council.param[PL_P_recipe_capacity][i];
	const double slope = m->council.param[PL_P_recipe_slope][i];
	double margin = -m->council.param[PL_P_recipe_effort][i], made = 0;
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
		const double value = c->weight[k] * c->price[m->link.good[k]];
		margin += value;
		made += fmax(value, 0);
	}
	if (is_flat(m, i)) {
		const double from = fmin(activity_before(c, q, i), cap);
		return flat_activity(from, cap, made > 0 ? margin / made : -1);
	}
	if (!(margin > 0)) return 0;
	if (margin >= slope) return cap;
	return cap * pl_pow(margin / slope, m->council.param[PL_P_recipe_response][i]);
}

static void answer_recipe(pl_councils *c, double *q, int32_t i)
{
	const pl_model *m = c->m;
	const int64_t first = m->link.start[i], n = m->link.start[i + 1] - first;
	const double z = c->at[i].activity = activity_of(c, q, i);
	for (int64_t k = 0; k < n; k++) q[k] = m->link.amount[first + k] * z;
}

static void answer_isoelastic(const pl_councils *c, double *q, int32_t i)
{
	const pl_model *m = c->m;
	const int64_t first = m->link.start[i], n = m->link.start[i + 1] - first;
	for (int64_t k = 0; k < n; k++) {
		const double e = m->link.elasticity[first + k];
		q[k] = c->weight[first + k] - e * c->log_price[m->link.good[first + k]];
		q[k] = fmin(q[k], pl_most_log);
	}
	pl_exp_many(q, q, n);
}

/* Permits at which one more would do as much damage as it pays for: w k E^(k-1) = price. */
static void answer_affected(const pl_councils *c, double *q, int32_t i)
{
	const pl_model *m = c->m;
	const int64_t first = m->link.start[i], n = m->link.start[i + 1] - first;
	const double w = m->council.param[PL_P_affected_damage_weight][i];
	const double k = m->council.param[PL_P_affected_damage_exponent][i];
	double pay = 0;
	for (int64_t l = 0; l < n; l++) pay += c->price[m->link.good[first + l]];
	const double log_permits = (pl_log(pay) - pl_log(w * k)) / (k - 1);
	for (int64_t l = 0; l < n; l++) q[l] = pl_exp(fmin(log_permits, pl_most_log));
}

static void answer_declared(pl_councils *c, double *q, int32_t i)
{
	const int64_t first = c->m->link.start[i], n = c->m->link.start[i + 1] - first;
	switch (c->m->council.schedule[i]) {
	case PL_S_recipe:
		answer_recipe(c, q, i);
		break;
	case PL_S_cobb_douglas:
	case PL_S_ces:
		answer_smooth(c, q, i);
		break;
	case PL_S_budget_cd:
	case PL_S_budget_ces:
		answer_budget(c, q, i);
		break;
	case PL_S_isoelastic:
		answer_isoelastic(c, q, i);
		break;
	case PL_S_affected:
		answer_affected(c, q, i);
		break;
	default:
		memcpy(q, c->m->link.amount + first, (size_t)n * sizeof *q);
		break;
	}
}

/* ---- all of them -------------------------------------------------------------------- */

static pl_status see_prices(pl_councils *c, const double *price, pl_error *err)
{
	const pl_model *m = c->m;
	for (int32_t j = 0; j < m->n_goods; j++) {
		const bool free = m->good.kind[j] == PL_FREE;
		if (!free && !(price[j] > 0 && isfinite(price[j])))
			return pl_fail(err, PL_EARG, j,
			               "the price of good \"%s\" is %g; councils answer prices "
			               "above 0",
			               pl_text_at(m->good.id, j), price[j]);
		c->price[j] = free ? 0 : price[j];
	}
	pl_log_many(c->log_price, c->price, m->n_goods);
	for (int32_t j = 0; j < m->n_goods; j++)
		c->per_price[j] = c->log_price[j] < -pl_most_log ? c->most : 1 / c->price[j];
	return PL_OK;
}

static void answer_all(pl_councils *c, double *quantity)
{
	const pl_model *m = c->m;
#pragma omp parallel for schedule(dynamic, BLOCK) if (m->n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < m->n_councils; i++) {
		double *q = quantity + m->link.start[i];
		answer_declared(c, q, i);
		if (c->departs) pl_depart(c, q, i);
	}
}

pl_status pl_councils_answer(void *self, double *quantity, const double *price, pl_error *err)
{
	pl_councils *c = self;
	PL_TRY(see_prices(c, price, err));
	c->round++;
	answer_all(c, quantity);
	return PL_OK;
}

/* ---- where constant returns begin --------------------------------------------------- */

/* Activities that make what `asked` says, in equal parts; then what that asks for. @param next
 * [goods] in: what the others ask; out: with the inputs added. @return largest change of an
 * activity, relative */
static double start_round(pl_councils *c, const double *asked, double *next,
                          const double *makers)
{
	const pl_model *m = c->m;
	double change = 0;
	for (int32_t i = 0; i < m->n_councils; i++) {
		if (!is_flat(m, i)) continue;
		const int64_t out = main_output(m, i);
		if (out < 0) continue;
		const int32_t j = m->link.good[out];
		const double share = fmax(asked[j], 0) / (makers[j] * m->link.amount[out]);
		const double z = fmin(share, m->council.param[PL_P_recipe_capacity][i]);
		if (z > 0) change = fmax(change, fabs(z - c->at[i].activity) / z);
		c->at[i].activity = z;
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			if (m->link.role[k] == PL_USES)
				next[m->link.good[k]] += m->link.amount[k] * z;
	}
	return change;
}

/* @param good three vectors of n_goods, zero */
static void start_activities(pl_councils *c, double *const good[3], const double *quantity)
{
	const pl_model *m = c->m;
	double *makers = good[0], *others = good[1], *asked = good[2], *next = c->price;
	const size_t size = (size_t)m->n_goods * sizeof *next;
	for (int32_t j = 0; j < m->n_goods; j++) others[j] = -m->good.supply[j];
	for (int32_t i = 0; i < m->n_councils; i++) {
		const int64_t out = is_flat(m, i) ? main_output(m, i) : -1;
		if (out >= 0) makers[m->link.good[out]] += 1;
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			const bool adds =
			        m->link.role[k] == PL_MAKES || m->link.role[k] == PL_OFFERS;
			others[m->link.good[k]] += adds ? -quantity[k] : quantity[k];
		}
	}
	memcpy(asked, others, size);
	for (int round = 0; round < START_ROUNDS; round++) {
		memcpy(next, others, size);
		if (start_round(c, asked, next, makers) < start_exact) break;
		memcpy(asked, next, size);
	}
}

/* What the others ask at last year's prices is what a workplace without slope starts from. */
static pl_status begin(pl_councils *c, pl_error *err)
{
	const pl_model *m = c->m;
	bool any = false;
	for (int32_t i = 0; i < m->n_councils; i++) any = any || is_flat(m, i);
	if (!any) return PL_OK;
	pl_status s = PL_ENOMEM;
	double *good[3] = {NULL}, *quantity = pl_alloc(m->n_links, sizeof *quantity);
	for (int v = 0; v < 3; v++) good[v] = pl_alloc(m->n_goods, sizeof **good);
	if (!quantity || !good[0] || !good[1] || !good[2])
		(void)pl_fail(err, PL_ENOMEM, -1, "no memory for councils of %d goods",
		              m->n_goods);
	else if ((s = see_prices(c, m->good.price, err)) == PL_OK) {
		for (int64_t k = 0; k < m->n_links; k++) quantity[k] = (double)NAN;
		for (int32_t i = 0; i < m->n_councils; i++)
			answer_declared(c, quantity + m->link.start[i], i);
		start_activities(c, good, quantity);
	}
	for (int v = 0; v < 3; v++) pl_free(good[v]);
	pl_free(quantity);
	return s;
}

/* ---- beginning and end -------------------------------------------------------------- */

static bool take_arrays(pl_councils *c, const pl_model *m)
{
	const double *strength = c->behaviour.strength;
	c->at = pl_alloc(m->n_councils, sizeof *c->at);
	c->weight = pl_alloc(m->n_links, sizeof *c->weight);
	c->price = pl_alloc(m->n_goods, sizeof *c->price);
	c->log_price = pl_alloc(m->n_goods, sizeof *c->log_price);
	c->per_price = pl_alloc(m->n_goods, sizeof *c->per_price);
	bool all = c->at && c->weight && c->price && c->log_price && c->per_price;
	if (strength[PL_B_nested] > 0)
		all = (c->nested = pl_alloc(m->n_councils, sizeof *c->nested)) != NULL && all;
	if (strength[PL_B_habit] > 0)
		all = (c->last = pl_alloc(m->n_links, sizeof *c->last)) != NULL && all;
	return all;
}

pl_status pl_councils_new(pl_councils **out, const pl_model *m, const pl_behaviour *b,
                          uint64_t seed, pl_error *err)
{
	*out = NULL;
	pl_status s = PL_ENOMEM;
	pl_councils *c = pl_alloc(1, sizeof *c);
	if (c == NULL) goto nomem;
	if (b != NULL) c->behaviour = *b;
	c->seed = seed;
	c->most = pl_exp(pl_most_log);
	if (!take_arrays(c, m)) goto nomem;
	ready_all(c, m);
	if ((s = begin(c, err)) != PL_OK) goto failed;
	pl_depart_begin(c);
	*out = c;
	return PL_OK;

nomem:
	(void)pl_fail(err, PL_ENOMEM, -1, "no memory for %d simulated councils", m->n_councils);
failed:
	pl_councils_free(c);
	return s;
}

void pl_councils_free(pl_councils *c)
{
	if (c == NULL) return;
	pl_free(c->at);
	pl_free(c->weight);
	pl_free(c->price);
	pl_free(c->log_price);
	pl_free(c->per_price);
	pl_free(c->nested);
	pl_free(c->last);
	pl_free(c);
}

static bool is_same_shape(const pl_model *a, const pl_model *b)
{
	return a->n_goods == b->n_goods && a->n_councils == b->n_councils &&
	       a->n_links == b->n_links &&
	       memcmp(a->link.start, b->link.start,
	              ((size_t)a->n_councils + 1) * sizeof *a->link.start) == 0 &&
	       memcmp(a->link.good, b->link.good, (size_t)a->n_links * sizeof *a->link.good) ==
	               0 &&
	       memcmp(a->link.role, b->link.role, (size_t)a->n_links) == 0 &&
	       memcmp(a->council.schedule, b->council.schedule, (size_t)a->n_councils) == 0;
}

pl_status pl_councils_new_year(pl_councils *c, const pl_model *m, pl_error *err)
{
	if (!is_same_shape(c->m, m))
		return pl_fail(err, PL_EARG, -1,
		               "a new year has the goods, councils and links of the last one; "
		               "these are others");
	ready_all(c, m);
	return PL_OK;
}
