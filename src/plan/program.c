/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/program.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"
#include "num/scatter.h"

#include <math.h>
#include <string.h>

/* ---- sizes and space --------------------------------------------------------------- */

/* Effort answers any price: where costs do not count, it makes as much as is asked for. */
static bool is_boundless(const pl_survey *s, int32_t i)
{
	return s->twist.missing && s->m->council.schedule[i] == PL_S_cobb_douglas &&
	       s->m->council.param[PL_P_cobb_douglas_effort_elasticity][i] > 0;
}

static pl_program_sizes count(const pl_survey *s)
{
	const pl_model *m = s->m;
	pl_program_sizes z = {.model_goods = m->n_goods};
	for (int32_t j = 0; j < m->n_goods; j++) z.goods += s->useful[j];
	for (int32_t i = 0; i < m->n_councils; i++) {
		const int schedule = m->council.schedule[i];
		const int64_t n = m->link.start[i + 1] - m->link.start[i];
		if (!s->runs[i]) continue;
		if (schedule == PL_S_isoelastic && !s->twist.missing) z.wants += n;
		if (schedule == PL_S_request || schedule == PL_S_isoelastic) {
			z.acts += s->twist.missing ? (int32_t)n : 0;
			z.entries += s->twist.missing ? n : 0;
			continue;
		}
		const bool act = pl_is_act(schedule) || is_boundless(s, i);
		z.acts += act;
		z.rows += !act;
		z.entries += n;
	}
	z.rows += z.acts;
	return z;
}

static bool take_arrays(pl_program *g, pl_program_sizes z)
{
	double **acts[] = {&g->cap, &g->effort, &g->slope, &g->unit, &g->power};
	double **rows[] = {&g->constant, &g->returns, &g->inputs, &g->sigma, &g->income};
	bool all = true;
	for (int a = 0; a < 5; a++) {
		all = (*acts[a] = pl_alloc(z.acts, sizeof(double))) != NULL && all;
		all = (*rows[a] = pl_alloc(z.rows, sizeof(double))) != NULL && all;
	}
	g->good = pl_alloc(z.goods, sizeof *g->good);
	g->spent = pl_alloc(z.goods, sizeof *g->spent);
	g->place = pl_alloc(z.model_goods, sizeof *g->place);
	g->essential = pl_alloc(z.goods, sizeof *g->essential);
	g->held = pl_alloc(z.goods, sizeof *g->held);
	g->asked = pl_alloc(z.goods, sizeof *g->asked);
	g->council = pl_alloc(z.rows, sizeof *g->council);
	g->makes = pl_alloc(z.rows, sizeof *g->makes);
	g->origin = pl_alloc(z.entries, sizeof *g->origin);
	g->want_good = pl_alloc(z.wants, sizeof *g->want_good);
	g->want_link = pl_alloc(z.wants, sizeof *g->want_link);
	g->want_log = pl_alloc(z.wants, sizeof *g->want_log);
	g->want_elasticity = pl_alloc(z.wants, sizeof *g->want_elasticity);
	return all && g->good && g->spent && g->place && g->essential && g->held && g->asked &&
	       g->council && g->makes && g->origin && g->want_good && g->want_link &&
	       g->want_log && g->want_elasticity;
}

/* ---- filling in -------------------------------------------------------------------- */

static void place_goods(pl_program *g, const pl_survey *s)
{
	const pl_model *m = s->m;
	for (int32_t j = 0; j < m->n_goods; j++) {
		g->place[j] = -1;
		if (!s->useful[j]) continue;
		g->place[j] = g->n_goods;
		g->held[g->n_goods] = m->good.supply[j];
		g->good[g->n_goods++] = j;
	}
}

/* Net output of an act by good; entries of the same good are joined. */
static void put_act_links(pl_program *g, const pl_survey *s, int32_t council, int32_t row,
                          int64_t *seen)
{
	const pl_model *m = s->m;
	pl_csr *a = g->link;
	const int64_t first = a->start[row];
	int64_t end = first;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		const int32_t j = g->place[m->link.good[k]];
		if (j < 0 || m->link.amount[k] == 0) continue;
		const double net =
		        m->link.role[k] == PL_USES ? -m->link.amount[k] : m->link.amount[k];
		if (seen[j] >= first && seen[j] < end && a->col[seen[j]] == j) {
			a->val[seen[j]] += net;
			continue;
		}
		seen[j] = end;
		a->col[end] = j;
		a->val[end++] = net;
	}
	a->start[row + 1] = end;
}

static void put_act(pl_program *g, const pl_survey *s, int32_t council, int64_t *seen)
{
	const pl_model *m = s->m;
	const double *const *param = m->council.param;
	const int32_t i = g->n_rows++;
	g->council[i] = council;
	put_act_links(g, s, council, i, seen);
	g->unit[i] = 1;
	g->power[i] = 1;
	g->cap[i] = INFINITY;
	if (m->council.schedule[council] == PL_S_affected) {
		const double w = param[PL_P_affected_damage_weight][council];
		const double k = param[PL_P_affected_damage_exponent][council];
		g->slope[i] = s->twist.missing ? 0 : w * k;
		g->power[i] = k - 1;
		return;
	}
	g->cap[i] = param[PL_P_recipe_capacity][council];
	if (s->twist.missing) return;
	g->effort[i] = param[PL_P_recipe_effort][council];
	g->slope[i] = param[PL_P_recipe_slope][council];
	if (g->slope[i] > 0) {
		g->unit[i] = g->cap[i];
		g->power[i] = 1 / param[PL_P_recipe_response][council];
	}
}

/* What of a fixed want goes unmet, as an act that supplies the good at a cost that rises
 * with the unmet share; the price last year makes goods comparable. */
static void put_missing(pl_program *g, const pl_survey *s, int32_t council)
{
	const pl_model *m = s->m;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		const double amount = m->link.amount[k];
		const int32_t j = g->place[m->link.good[k]];
		if (j < 0 || amount == 0 || m->link.role[k] != PL_WANTS) continue;
		if (!pl_want_is_fixed(m, council, k)) continue;
		const int32_t i = g->n_rows++;
		const int64_t at = g->link->start[i];
		g->council[i] = -1;
		g->cap[i] = amount;
		g->unit[i] = amount;
		g->slope[i] = m->good.price[m->link.good[k]];
		g->power[i] = 1;
		g->link->col[at] = j;
		g->link->val[at] = 1;
		g->origin[at] = k;
		g->link->start[i + 1] = at + 1;
	}
}

static void put_boundless(pl_program *g, const pl_survey *s, int32_t council)
{
	const pl_model *m = s->m;
	const int32_t i = g->n_rows++;
	int64_t at = g->link->start[i];
	g->council[i] = council;
	g->unit[i] = g->power[i] = 1;
	g->cap[i] = INFINITY;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		if (m->link.role[k] != PL_MAKES) continue;
		g->link->col[at] = g->place[m->link.good[k]];
		g->link->val[at++] = 1;
	}
	g->link->start[i + 1] = at;
}

static void put_wants(pl_program *g, const pl_survey *s, int32_t council)
{
	const pl_model *m = s->m;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		const int32_t good = m->link.good[k], j = g->place[good];
		const double amount = pl_survey_amount(s, council, k);
		const double e = pl_elasticity(m, k);
		if (j < 0 || amount == 0) continue;
		if (pl_want_is_fixed(m, council, k)) {
			if (m->link.role[k] == PL_WANTS)
				g->asked[j] += amount;
			else
				g->held[j] += amount;
			continue;
		}
		if (s->twist.missing) continue;
		g->want_good[g->n_wants] = j;
		g->want_link[g->n_wants] = k;
		g->want_elasticity[g->n_wants] = e;
		g->want_log[g->n_wants++] = pl_log(amount) + e * pl_log(m->good.price[good]);
		g->essential[j] = 1;
	}
}

/* Shares are normalised here; entries of share 0 are left out. */
static void put_shares(pl_program *g, const pl_survey *s, int32_t council, int32_t row)
{
	const pl_model *m = s->m;
	pl_csr *a = g->link;
	const bool budget = pl_is_budget(m->council.schedule[council]);
	const int input = budget ? PL_WANTS : PL_USES;
	int64_t end = a->start[row];
	double sum = 0;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		if (m->link.role[k] == input && g->place[m->link.good[k]] >= 0)
			sum += m->link.amount[k];
		if (m->link.role[k] == input) continue;
		g->makes[row] = 1;
		a->col[end] = g->place[m->link.good[k]];
		a->val[end] = 1;
		g->origin[end++] = k;
	}
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++) {
		const int32_t j = g->place[m->link.good[k]];
		if (m->link.role[k] != input || m->link.amount[k] == 0 || j < 0) continue;
		a->col[end] = j;
		a->val[end] = m->link.amount[k] / sum;
		g->origin[end++] = k;
		if (!(g->sigma[row] > 0)) continue;
#pragma omp atomic write
		g->essential[j] = 1;
	}
}

/* How many entries put_shares will make. */
static int64_t count_shares(const pl_program *g, const pl_survey *s, int32_t council)
{
	const pl_model *m = s->m;
	const int input = pl_is_budget(m->council.schedule[council]) ? PL_WANTS : PL_USES;
	int64_t n = 0;
	for (int64_t k = m->link.start[council]; k < m->link.start[council + 1]; k++)
		n += m->link.role[k] != input ||
		     (m->link.amount[k] != 0 && g->place[m->link.good[k]] >= 0);
	return n;
}

/* Constants of log revenue. Cobb-Douglas: Q = A e^c prod x^b, effort cost s e^k; CES: the
 * dual of Q = A (sum b^(1/sigma) x^((sigma-1)/sigma))^(r sigma/(sigma-1)). Derived by
 * substituting the first-order conditions; checked by brute force in answer_test. A
 * Cobb-Douglas row's shares are b/sum b, so that inputs * log P is the sum of b log p. */
static void put_cobb_douglas(pl_program *g, const pl_model *m, int32_t council, int32_t row)
{
	const double *const *param = m->council.param;
	const double c = param[PL_P_cobb_douglas_effort_elasticity][council];
	const double k = param[PL_P_cobb_douglas_effort_exponent][council];
	const double w = param[PL_P_cobb_douglas_effort_weight][council];
	double sum = 0, constant = pl_log(param[PL_P_cobb_douglas_scale][council]);
	if (c > 0) constant += c / k * pl_log(c / (w * k));
	for (int64_t l = m->link.start[council]; l < m->link.start[council + 1]; l++) {
		const double b = m->link.amount[l];
		if (m->link.role[l] != PL_USES || b == 0) continue;
		sum += b;
		constant += b * pl_log(b);
	}
	g->constant[row] = constant;
	g->inputs[row] = sum;
	g->returns[row] = sum + c / k;
	g->sigma[row] = 1;
}

static void put_smooth(pl_program *g, const pl_survey *s, int32_t row)
{
	const pl_model *m = s->m;
	const int32_t council = g->council[row];
	const double *const *param = m->council.param;
	g->income[row] = m->council.income[council];
	g->sigma[row] = 1;
	switch (m->council.schedule[council]) {
	case PL_S_cobb_douglas:
		put_cobb_douglas(g, m, council, row);
		break;
	case PL_S_ces: {
		const double r = param[PL_P_ces_returns][council];
		g->constant[row] = pl_log(param[PL_P_ces_scale][council]) + r * pl_log(r);
		g->inputs[row] = g->returns[row] = r;
		g->sigma[row] = param[PL_P_ces_sigma][council];
		break;
	}
	case PL_S_budget_ces:
		g->sigma[row] = param[PL_P_budget_ces_sigma][council];
		break;
	default:
		break;
	}
	put_shares(g, s, council, row);
}

/* Rows from n_acts on, whose councils are known: count, place, fill in. */
static void put_all_smooth(pl_program *g, const pl_survey *s)
{
	int64_t *start = g->link->start;
#pragma omp parallel for schedule(static) if (g->n_all - g->n_acts >= PL_PAR_MIN)
	for (int32_t row = g->n_acts; row < g->n_all; row++)
		start[row + 1] = count_shares(g, s, g->council[row]);
	for (int32_t row = g->n_acts; row < g->n_all; row++) start[row + 1] += start[row];
#pragma omp parallel for schedule(static) if (g->n_all - g->n_acts >= PL_PAR_MIN)
	for (int32_t row = g->n_acts; row < g->n_all; row++) put_smooth(g, s, row);
}

/* Spends fixed shares of a fixed income, whatever the prices. */
static bool is_steady(const pl_model *m, int32_t council)
{
	const int schedule = m->council.schedule[council];
	return schedule == PL_S_budget_cd ||
	       (schedule == PL_S_budget_ces &&
	        m->council.param[PL_P_budget_ces_sigma][council] == 1);
}

/* What the steady budgets spend on each good, added up once. */
static pl_status put_spent(pl_program *g, pl_error *err)
{
	pl_scatter *total = NULL;
	PL_TRY(pl_scatter_new(&total, g->link, g->n_rows, g->n_all, 1, err));
#pragma omp parallel for schedule(dynamic, 1) if (g->n_all - g->n_rows >= PL_PAR_MIN)
	for (int32_t b = 0; b < total->n_blocks; b++) {
		double *sum = pl_scatter_begin(total, b);
		for (int32_t i = total->first[b]; i < total->first[b + 1]; i++)
			for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++)
				sum[g->link->col[l]] += g->link->val[l] * g->income[i];
	}
	for (int32_t j = 0; j < g->n_goods; j++) g->spent[j] = pl_scatter_total(total, j, 0);
	pl_scatter_free(total);
	return PL_OK;
}

static pl_status put_rows(pl_program *g, const pl_survey *s, pl_error *err)
{
	const pl_model *m = s->m;
	int64_t *seen = pl_alloc(g->n_goods, sizeof *seen);
	if (seen == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the plan's goods");
	for (int32_t j = 0; j < g->n_goods; j++) seen[j] = -1;
	for (int32_t i = 0; i < m->n_councils; i++)
		if (s->runs[i] && pl_is_act(m->council.schedule[i])) put_act(g, s, i, seen);
	for (int32_t i = 0; s->twist.missing && i < m->n_councils; i++)
		if (s->runs[i]) put_missing(g, s, i);
	for (int32_t i = 0; i < m->n_councils; i++)
		if (s->runs[i] && is_boundless(s, i)) put_boundless(g, s, i);
	g->n_acts = g->n_rows;
	for (int32_t i = 0; i < m->n_councils; i++) {
		const int schedule = m->council.schedule[i];
		if (!s->runs[i] || pl_is_act(schedule) || is_boundless(s, i)) continue;
		if (schedule == PL_S_request || schedule == PL_S_isoelastic)
			put_wants(g, s, i);
		else if (!is_steady(m, i))
			g->council[g->n_rows++] = i;
	}
	g->n_all = g->n_rows;
	for (int32_t i = 0; i < m->n_councils; i++)
		if (s->runs[i] && is_steady(m, i)) g->council[g->n_all++] = i;
	put_all_smooth(g, s);
	pl_free(seen);
	return PL_OK;
}

pl_status pl_program_bare(pl_program **out, pl_program_sizes z, pl_error *err)
{
	*out = NULL;
	pl_program *g = pl_alloc(1, sizeof *g);
	pl_status st = PL_ENOMEM;
	if (g == NULL || !take_arrays(g, z))
		(void)pl_fail(err, PL_ENOMEM, -1, "no memory for a plan of %d councils",
		              z.rows);
	else
		st = pl_csr_new(&g->link, z.rows, z.goods, z.entries, err);
	if (st == PL_OK)
		*out = g;
	else
		pl_program_free(g);
	return st;
}

pl_status pl_program_new(pl_program **out, const pl_model *m, const pl_twist *twist,
                         pl_error *err)
{
	*out = NULL;
	pl_survey s;
	pl_program *g = NULL;
	pl_status st = pl_survey_new(&s, m, twist, err);
	if (st != PL_OK) return st;
	st = pl_program_bare(&g, count(&s), err);
	if (st == PL_OK) {
		g->hopeless = s.hopeless;
		place_goods(g, &s);
		st = put_rows(g, &s, err);
	}
	if (st == PL_OK) st = put_spent(g, err);
	pl_survey_free(&s);
	if (st != PL_OK) {
		pl_program_free(g);
		return st;
	}
	g->link->n_rows = g->n_rows;
	*out = g;
	return PL_OK;
}

void pl_program_free(pl_program *g)
{
	if (g == NULL) return;
	void *const block[] = {g->spent,     g->good,     g->place,          g->essential,
	                       g->held,      g->asked,    g->council,        g->origin,
	                       g->cap,       g->effort,   g->slope,          g->unit,
	                       g->power,     g->makes,    g->constant,       g->returns,
	                       g->inputs,    g->sigma,    g->income,         g->want_good,
	                       g->want_link, g->want_log, g->want_elasticity};
	for (size_t i = 0; i < sizeof block / sizeof *block; i++) pl_free(block[i]);
	pl_csr_free(g->link);
	pl_free(g);
}

double pl_act_marginal(const pl_program *g, int32_t i, double z)
{
	if (!(g->slope[i] > 0)) return g->effort[i];
	const double part = z / g->unit[i];
	const double rise = g->power[i] == 1 ? part : pl_pow(part, g->power[i]);
	return g->effort[i] + g->slope[i] * rise;
}

double pl_act_curve(const pl_program *g, int32_t i, double z)
{
	if (!(g->slope[i] > 0)) return 0;
	if (g->power[i] == 1) return g->slope[i] / g->unit[i];
	return g->slope[i] * g->power[i] / g->unit[i] * pl_pow(z / g->unit[i], g->power[i] - 1);
}

double pl_act_cost(const pl_program *g, int32_t i, double z)
{
	if (!(g->slope[i] > 0) || z == 0) return g->effort[i] * z;
	const double p1 = 1 + g->power[i];
	return g->effort[i] * z + g->slope[i] * g->unit[i] / p1 * pl_pow(z / g->unit[i], p1);
}
