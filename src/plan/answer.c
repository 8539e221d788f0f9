/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/answer.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"

#include <math.h>
#include <string.h>

/* Below it 1/revenue overflows; such a workplace stands still. */
static const double smallest_revenue = 1e-290;

pl_status pl_answers_new(pl_answers **out, const pl_program *g, pl_error *err)
{
	*out = NULL;
	const int64_t entries = g->link->start[g->n_rows];
	pl_answers *a = pl_alloc(1, sizeof *a);
	if (a == NULL) goto nomem;
	a->net = pl_alloc(entries, sizeof *a->net);
	a->whole = pl_alloc(g->n_rows, sizeof *a->whole);
	a->mixed = pl_alloc(g->n_rows, sizeof *a->mixed);
	a->surplus = pl_alloc(g->n_rows, sizeof *a->surplus);
	a->want = pl_alloc(g->n_wants, sizeof *a->want);
	a->curve = pl_alloc(g->n_goods, sizeof *a->curve);
	a->supply = pl_alloc(g->n_goods, sizeof *a->supply);
	a->demand = pl_alloc(g->n_goods, sizeof *a->demand);
	a->log_price = pl_alloc(g->n_goods, sizeof *a->log_price);
	if (!a->net || !a->whole || !a->mixed || !a->surplus || !a->want || !a->curve ||
	    !a->supply || !a->demand || !a->log_price)
		goto nomem;
	memcpy(a->net, g->link->val, (size_t)g->link->start[g->n_acts] * sizeof *a->net);
	*out = a;
	return PL_OK;

nomem:
	pl_answers_free(a);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the answers of %d councils",
	               g->n_rows);
}

void pl_answers_free(pl_answers *a)
{
	if (a == NULL) return;
	pl_free(a->log_price);
	pl_free(a->demand);
	pl_free(a->supply);
	pl_free(a->curve);
	pl_free(a->want);
	pl_free(a->surplus);
	pl_free(a->mixed);
	pl_free(a->whole);
	pl_free(a->net);
	pl_free(a);
}

/* log P of the row's inputs, P = (sum b q^(1-sigma))^(1/(1-sigma)), in logs from the largest
 * term on so that nothing overflows. */
static double log_index(const pl_program *g, const double *log_price, int32_t i, int64_t first)
{
	const int64_t end = g->link->start[i + 1];
	const double power = 1 - g->sigma[i];
	const int32_t *col = g->link->col;
	const double *share = g->link->val;
	double sum = 0, top = -INFINITY;
	if (power == 0) {
		for (int64_t k = first; k < end; k++) sum += share[k] * log_price[col[k]];
		return sum;
	}
	for (int64_t k = first; k < end; k++) top = fmax(top, power * log_price[col[k]]);
	for (int64_t k = first; k < end; k++)
		sum += share[k] * pl_exp(power * log_price[col[k]] - top);
	return (top + pl_log(sum)) / power;
}

/* Quantities of the inputs when `spend` credits go to them: share spend P^(sigma-1) q^-sigma.
 */
static void spread(pl_answers *a, const pl_program *g, int32_t i, int64_t first,
                   double log_spend, double index)
{
	const double sigma = g->sigma[i], common = log_spend - (1 - sigma) * index;
	for (int64_t k = first; k < g->link->start[i + 1]; k++) {
		const double q = sigma == 0 ? 0 : sigma * a->log_price[g->link->col[k]];
		a->net[k] = -g->link->val[k] * pl_exp(common - q);
	}
}

static void answer_row(pl_answers *a, const pl_program *g, const double *price, int32_t i)
{
	const int64_t start = g->link->start[i], first = start + g->makes[i];
	const double index =
	        first < g->link->start[i + 1] ? log_index(g, a->log_price, i, first) : 0;
	double spend = g->income[i], log_spend;
	a->whole[i] = a->mixed[i] = a->surplus[i] = 0;
	if (g->makes[i]) {
		const double p = price[g->link->col[start]], rest = 1 - g->returns[i];
		const double log_revenue =
		        p > 0 ? (g->constant[i] + pl_log(p) - g->inputs[i] * index) / rest
		              : -INFINITY;
		const double revenue = pl_exp(log_revenue);
		a->net[start] = p > 0 ? revenue / p : 0;
		a->surplus[i] = rest * revenue;
		spend = g->inputs[i] * revenue;
		log_spend = g->inputs[i] > 0 ? log_revenue + pl_log(g->inputs[i]) : -INFINITY;
		if (revenue > smallest_revenue) a->whole[i] = 1 / (revenue * rest);
	} else {
		log_spend = pl_log(spend);
		a->surplus[i] = -spend * index;
	}
	spread(a, g, i, first, log_spend, index);
	if (spend > 0) a->mixed[i] = (1 - g->sigma[i]) / spend;
}

static void answer_wants(pl_answers *a, const pl_program *g, const double *price)
{
	a->want_surplus = 0;
	for (int64_t w = 0; w < g->n_wants; w++) {
		const int32_t j = g->want_good[w];
		const double e = g->want_elasticity[w];
		const double q = pl_exp(g->want_log[w] - e * a->log_price[j]);
		a->want[w] = q;
		a->demand[j] += q;
		a->curve[j] += e * q / price[j];
		a->want_surplus -=
		        e == 1 ? q * price[j] * a->log_price[j] : q * price[j] / (1 - e);
	}
}

/* Totals and curvature of one good, over its smooth rows in row order. */
static void gather_good(pl_answers *a, const pl_program *g, const double *price, int32_t j)
{
	const pl_by_col *t = g->by_good;
	double made = 0, used = 0, curve = 0;
	for (int64_t k = t->start[j]; k < t->start[j + 1]; k++) {
		const int32_t i = t->row[k];
		const int64_t l = t->entry[k];
		if (i < g->n_acts) continue;
		const double q = a->net[l];
		if (g->makes[i] && l == g->link->start[i]) {
			made += q;
			if (q > 0) curve -= q / price[j];
		} else {
			used -= q;
			if (g->sigma[i] > 0) curve -= g->sigma[i] * q / price[j];
		}
	}
	a->supply[j] = made;
	a->demand[j] = used;
	a->curve[j] = curve;
}

void pl_answers_at(pl_answers *a, const pl_program *g, const double *price)
{
	for (int32_t j = 0; j < g->n_goods; j++) a->log_price[j] = pl_log(price[j]);
#pragma omp parallel for schedule(static) if (g->n_rows - g->n_acts >= PL_PAR_MIN)
	for (int32_t i = g->n_acts; i < g->n_rows; i++) answer_row(a, g, price, i);
#pragma omp parallel for schedule(guided, 64) if (g->n_rows - g->n_acts >= PL_PAR_MIN)
	for (int32_t j = 0; j < g->n_goods; j++) gather_good(a, g, price, j);
	answer_wants(a, g, price);
}

void pl_margins(double *margin, const pl_program *g, const double *price)
{
	const pl_csr *link = g->link;
#pragma omp parallel for schedule(static) if (g->n_acts >= PL_PAR_MIN)
	for (int32_t i = 0; i < g->n_acts; i++) {
		double m = 0;
		for (int64_t k = link->start[i]; k < link->start[i + 1]; k++)
			m += link->val[k] * price[link->col[k]];
		margin[i] = m;
	}
}

void pl_act_totals(double *supply, double *demand, const pl_program *g, const double *z)
{
	const pl_by_col *t = g->by_good;
#pragma omp parallel for schedule(guided, 64) if (g->n_acts >= PL_PAR_MIN)
	for (int32_t j = 0; j < g->n_goods; j++) {
		double made = 0, used = 0;
		for (int64_t k = t->start[j]; k < t->start[j + 1] && t->row[k] < g->n_acts;
		     k++) {
			const double q = g->link->val[t->entry[k]] * z[t->row[k]];
			if (q > 0)
				made += q;
			else
				used -= q;
		}
		supply[j] += made;
		demand[j] += used;
	}
}
