/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/answer.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"
#include "num/sums.h"

#include <math.h>
#include <string.h>

/* Below it 1/revenue overflows; such a workplace stands still. */
static const double smallest_revenue = 1e-290;
/* By how much an anchor falls at most, in logs. */
static const double most_fall = 2;

/* What a block of rows adds up for each good: values of sigma > 0, units of sigma = 0. */
enum {
	SPENT,
	SQUARES,
	MADE,
	PLAIN_LANES,
	TAKEN = PLAIN_LANES,
	TAKEN_SQUARES,
	UP,
	STIFF,
	ALL_LANES
};

/* The same for acts. */
enum { ACTS_MAKE, ACTS_USE, ACT_LANES };

static bool is_plain(double sigma)
{
	return sigma == 0 || sigma == 1;
}

/* Does any smooth row need the lanes that only some do, or weights that move? */
static void look_at_sigmas(bool *fixed, bool *moving, const pl_program *g)
{
	*fixed = *moving = false;
	for (int32_t i = g->n_acts; i < g->n_rows; i++) {
		*fixed = *fixed || g->sigma[i] == 0;
		*moving = *moving || !is_plain(g->sigma[i]);
	}
}

pl_status pl_answers_new(pl_answers **out, const pl_program *g, pl_error *err)
{
	*out = NULL;
	const int64_t entries = g->link->start[g->n_rows];
	bool all = true, fixed, moving;
	pl_answers *a = pl_alloc(1, sizeof *a);
	if (a == NULL) goto nomem;
	double **rows[] = {&a->scale, &a->revenue, &a->whole, &a->mixed, &a->surplus};
	double **goods[] = {&a->curve,  &a->up,     &a->stiff,     &a->square,
	                    &a->supply, &a->demand, &a->log_price, &a->per_price};
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
		all = (*rows[k] = pl_alloc(g->n_rows, sizeof(double))) != NULL && all;
	for (size_t k = 0; k < sizeof goods / sizeof *goods; k++)
		all = (*goods[k] = pl_alloc(g->n_goods, sizeof(double))) != NULL && all;
	a->want = pl_alloc(g->n_wants, sizeof *a->want);
	look_at_sigmas(&fixed, &moving, g);
	a->weight = g->link->val;
	if (moving) {
		a->weight = a->own_weight = pl_alloc(entries, sizeof *a->own_weight);
		all = all && a->own_weight != NULL;
		if (all) memcpy(a->own_weight, g->link->val, (size_t)entries * sizeof(double));
	}
	if (!all || a->want == NULL) goto nomem;
	const int32_t lanes = fixed || moving ? ALL_LANES : PLAIN_LANES;
	if (pl_scatter_new(&a->total, g->link, g->n_acts, g->n_rows, lanes, NULL) != PL_OK)
		goto nomem;
	if (pl_scatter_new(&a->act_total, g->link, 0, g->n_acts, g->n_acts > 0 ? ACT_LANES : 0,
	                   NULL) != PL_OK)
		goto nomem;
	a->block_far = pl_alloc(a->total->n_blocks, sizeof *a->block_far);
	if (a->block_far == NULL) goto nomem;
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
	double *const block[] = {a->up,      a->stiff,     a->block_far, a->scale,
	                         a->revenue, a->whole,     a->mixed,     a->surplus,
	                         a->want,    a->curve,     a->square,    a->supply,
	                         a->demand,  a->log_price, a->per_price, a->own_weight};
	for (size_t k = 0; k < sizeof block / sizeof *block; k++) pl_free(block[k]);
	pl_scatter_free(a->act_total);
	pl_scatter_free(a->total);
	pl_free(a);
}

double pl_answers_net(const pl_answers *a, const pl_program *g, int32_t i, int64_t l)
{
	if (i < g->n_acts) return g->link->val[l];
	const double per_price = a->per_price[g->link->col[l]];
	if (i >= g->n_rows) return -g->link->val[l] * g->income[i] * per_price;
	if (g->makes[i] && l == g->link->start[i]) return a->revenue[i] * per_price;
	const double used = a->weight[l] * a->scale[i];
	return -(g->sigma[i] == 0 ? used : used * per_price);
}

/* ---- one row ----------------------------------------------------------------------- */

/* log P of inputs that replace each other with an elasticity neither 0 nor 1, and their
 * value shares b (P/q)^(sigma-1): in logs from the largest term on, so nothing overflows. */
static double moving_index(pl_answers *a, const pl_program *g, int32_t i, int64_t first)
{
	const int64_t n = g->link->start[i + 1] - first;
	const double power = 1 - g->sigma[i];
	const int32_t *col = g->link->col + first;
	const double *b = g->link->val + first;
	double *share = a->own_weight + first;
	double sum = 0, top = -INFINITY;
	for (int64_t k = 0; k < n; k++) top = fmax(top, power * a->log_price[col[k]]);
	for (int64_t k = 0; k < n; k++) share[k] = power * a->log_price[col[k]] - top;
	pl_exp_many(share, share, n);
	for (int64_t k = 0; k < n; k++) sum += share[k] *= b[k];
	for (int64_t k = 0; k < n; k++) share[k] /= sum;
	return (top + pl_log(sum)) / power;
}

/* log P, the price index of the row's inputs. */
static double log_index(pl_answers *a, const pl_program *g, const double *price, int32_t i,
                        int64_t first)
{
	const int64_t n = g->link->start[i + 1] - first;
	const double *b = g->link->val + first;
	const int32_t *col = g->link->col + first;
	if (n == 0) return 0;
	if (g->sigma[i] == 1) return pl_gather(b, col, n, a->log_price);
	if (g->sigma[i] == 0) return pl_log(pl_gather(b, col, n, price));
	return moving_index(a, g, i, first);
}

/* Log of what the workplace makes at these prices. */
static double log_revenue(const pl_answers *a, const pl_program *g, int32_t i, double index)
{
	const double log_price = a->log_price[g->link->col[g->link->start[i]]];
	if (isinf(log_price)) return log_price;
	return (g->constant[i] + log_price - g->inputs[i] * index) / (1 - g->returns[i]);
}

/* The anchor, moved after the answer. @param[out] left log(answer/anchor) after that */
static double follow(double *anchor, double log_answer, double *left)
{
	const double d = log_answer - pl_log(*anchor);
	*anchor *= d < 0 ? pl_exp(fmax(d, -most_fall)) : 1 + d;
	*left = log_answer - pl_log(*anchor);
	return *anchor;
}

/* @param anchor NULL: answers as they are. @return log(answer/anchor), else 0 */
static double answer_row(pl_answers *a, const pl_program *g, const double *price,
                         double *anchor, int32_t i)
{
	const int64_t first = g->link->start[i] + g->makes[i];
	const double index = log_index(a, g, price, i, first), rest = 1 - g->returns[i];
	double spend = g->income[i], left = 0;
	a->revenue[i] = a->whole[i] = 0;
	if (g->makes[i]) {
		const double answer = log_revenue(a, g, i, index);
		const double revenue =
		        anchor == NULL ? pl_exp(answer) : follow(anchor + i, answer, &left);
		a->revenue[i] = revenue;
		a->surplus[i] = rest * revenue;
		spend = g->inputs[i] * revenue;
		if (revenue > smallest_revenue) a->whole[i] = 1 / (revenue * rest);
	} else if (g->inputs[i] != 0) {
		spend *= pl_exp(g->inputs[i] * index);
		a->surplus[i] = (g->income[i] - spend) / g->inputs[i];
	} else {
		a->surplus[i] = -spend * index;
	}
	const double rise = g->makes[i] || anchor != NULL ? 0 : g->inputs[i];
	a->mixed[i] = spend > 0 ? (1 - g->sigma[i] - rise) / spend : 0;
	a->scale[i] = spend;
	if (g->sigma[i] == 0 && spend > 0) a->scale[i] = spend * pl_exp(-index);
	return left;
}

/* Add the row's inputs, and the diagonal of whole y y' + mixed x x', to the block's sums.
 * @param lift of the totals over what `scale` says */
static void add_inputs(const pl_answers *a, const pl_program *g, int32_t i, double lift,
                       double *sum)
{
	const int64_t first = g->link->start[i] + g->makes[i], end = g->link->start[i + 1];
	const int32_t lanes = a->total->lanes, *col = g->link->col;
	const double scale = a->scale[i], square = scale * (a->whole[i] + a->mixed[i]) * scale;
	const double bend = scale * lift * fabs(g->sigma[i] - 1), spent = scale * lift;
	const double *w = a->weight;
	const int32_t lane = g->sigma[i] > 1 ? UP : STIFF;
	if (g->sigma[i] == 0) sum += TAKEN;
	for (int64_t k = first; k < end; k++) {
		double *to = sum + (int64_t)col[k] * lanes;
		to[0] += w[k] * spent;
		to[1] += w[k] * w[k] * square;
	}
	if (is_plain(g->sigma[i])) return;
	for (int64_t k = first; k < end; k++)
		sum[(int64_t)col[k] * lanes + lane] += w[k] * bend;
}

static void answer_block(pl_answers *a, const pl_program *g, const double *price,
                         double *anchor, int32_t b)
{
	double *sum = pl_scatter_begin(a->total, b), far = 0;
	for (int32_t i = a->total->first[b]; i < a->total->first[b + 1]; i++) {
		const double left = answer_row(a, g, price, anchor, i), lift = 1 + left;
		far = fmax(far, fabs(left));
		add_inputs(a, g, i, lift, sum);
		if (!g->makes[i]) continue;
		double *to = sum + (int64_t)g->link->col[g->link->start[i]] * a->total->lanes;
		to[MADE] += a->revenue[i] * lift;
		to[SQUARES] += a->revenue[i] * a->whole[i] * a->revenue[i];
	}
	a->block_far[b] = far;
}

/* ---- all of them ------------------------------------------------------------------- */

static void total_good(pl_answers *a, const pl_program *g, int32_t j)
{
	const bool all = a->total->lanes == ALL_LANES;
	const double per = a->per_price[j], per2 = per * per;
	const double spent = g->spent[j] + pl_scatter_total(a->total, j, SPENT);
	const double made = pl_scatter_total(a->total, j, MADE);
	a->up[j] = all ? pl_scatter_total(a->total, j, UP) * per2 : 0;
	a->stiff[j] = all ? pl_scatter_total(a->total, j, STIFF) * per2 : 0;
	a->supply[j] = made * per;
	a->demand[j] = spent * per;
	a->curve[j] = (spent - made) * per2 + (a->up[j] - a->stiff[j]);
	a->square[j] = pl_scatter_total(a->total, j, SQUARES) * per2;
	if (!all) return;
	a->demand[j] += pl_scatter_total(a->total, j, TAKEN);
	a->square[j] += pl_scatter_total(a->total, j, TAKEN_SQUARES);
}

enum { WANTS_AT_ONCE = 1024 };

/* Each want its quantity; then the totals, which have one owner. */
static void answer_wants(pl_answers *a, const pl_program *g, const double *price)
{
	a->want_surplus = 0;
	for (int32_t j = 0; j < g->n_goods; j++)
		if (g->spent[j] > 0) a->want_surplus -= g->spent[j] * a->log_price[j];
#pragma omp parallel for schedule(static) if (g->n_wants >= PL_PAR_MIN)
	for (int64_t first = 0; first < g->n_wants; first += WANTS_AT_ONCE) {
		const int64_t end = first + WANTS_AT_ONCE;
		const int64_t stop = end < g->n_wants ? end : g->n_wants;
		for (int64_t w = first; w < stop; w++)
			a->want[w] = g->want_log[w] -
			             g->want_elasticity[w] * a->log_price[g->want_good[w]];
		pl_exp_many(a->want + first, a->want + first, stop - first);
	}
	for (int64_t w = 0; w < g->n_wants; w++) {
		const int32_t j = g->want_good[w];
		const double e = g->want_elasticity[w], q = a->want[w];
		a->demand[j] += q;
		a->curve[j] += e * q / price[j];
		*(e > 1 ? &a->up[j] : &a->stiff[j]) += fabs(e - 1) * q / price[j];
		a->want_surplus -=
		        e == 1 ? q * price[j] * a->log_price[j] : q * price[j] / (1 - e);
	}
}

/* What is about to be written; `whole` of acts is the method's. */
static void poison(pl_answers *a, const pl_program *g)
{
	double *const rows[] = {a->scale, a->revenue, a->whole, a->mixed, a->surplus};
	double *const goods[] = {a->curve,  a->up,     a->stiff,     a->square,
	                         a->supply, a->demand, a->log_price, a->per_price};
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
		pl_poison(rows[k] + g->n_acts, g->n_rows - g->n_acts);
	for (size_t k = 0; k < sizeof goods / sizeof *goods; k++)
		pl_poison(goods[k], g->n_goods);
	pl_poison(a->want, g->n_wants);
}

static void answer_all(pl_answers *a, const pl_program *g, const double *price, double *anchor)
{
	poison(a, g);
	pl_log_many(a->log_price, price, g->n_goods);
	for (int32_t j = 0; j < g->n_goods; j++) {
		const double per = 1 / price[j];
		a->per_price[j] = isfinite(per * per) ? per : 0;
	}
#pragma omp parallel for schedule(dynamic, 1) if (g->n_rows - g->n_acts >= PL_PAR_MIN)
	for (int32_t b = 0; b < a->total->n_blocks; b++) answer_block(a, g, price, anchor, b);
#pragma omp parallel for schedule(static) if (g->n_rows - g->n_acts >= PL_PAR_MIN)
	for (int32_t j = 0; j < g->n_goods; j++) total_good(a, g, j);
	answer_wants(a, g, price);
}

void pl_answers_at(pl_answers *a, const pl_program *g, const double *price)
{
	answer_all(a, g, price, NULL);
}

double pl_answers_tempered(pl_answers *a, const pl_program *g, const double *price,
                           double *anchor)
{
	double far = 0;
	answer_all(a, g, price, anchor);
	for (int32_t b = 0; b < a->total->n_blocks; b++) far = fmax(far, a->block_far[b]);
	return far;
}

void pl_margins(double *margin, const pl_program *g, const double *price)
{
	const pl_csr *link = g->link;
#pragma omp parallel for schedule(static) if (g->n_acts >= PL_PAR_MIN)
	for (int32_t i = 0; i < g->n_acts; i++)
		margin[i] = pl_gather(link->val + link->start[i], link->col + link->start[i],
		                      link->start[i + 1] - link->start[i], price);
}

static void total_block(const pl_scatter *total, const pl_program *g, const double *z,
                        int32_t b)
{
	const pl_csr *link = g->link;
	double *sum = pl_scatter_begin(total, b);
	for (int32_t i = total->first[b]; i < total->first[b + 1]; i++) {
		if (z[i] == 0) continue;
		for (int64_t l = link->start[i]; l < link->start[i + 1]; l++) {
			const double q = link->val[l] * z[i];
			sum[(int64_t)link->col[l] * ACT_LANES +
			    (q > 0 ? ACTS_MAKE : ACTS_USE)] += q;
		}
	}
}

void pl_act_totals(const pl_answers *a, double *supply, double *demand, const pl_program *g,
                   const double *z)
{
	const pl_scatter *total = a->act_total;
	if (g->n_acts == 0) return;
#pragma omp parallel for schedule(dynamic, 1) if (g->n_acts >= PL_PAR_MIN)
	for (int32_t b = 0; b < total->n_blocks; b++) total_block(total, g, z, b);
	for (int32_t j = 0; j < g->n_goods; j++) {
		supply[j] += pl_scatter_total(total, j, ACTS_MAKE);
		demand[j] -= pl_scatter_total(total, j, ACTS_USE);
	}
}

static void square_block(const pl_answers *a, const pl_program *g, int32_t b)
{
	const pl_csr *link = g->link;
	double *sum = pl_scatter_begin(a->act_total, b);
	for (int32_t i = a->act_total->first[b]; i < a->act_total->first[b + 1]; i++) {
		if (a->whole[i] == 0) continue;
		for (int64_t l = link->start[i]; l < link->start[i + 1]; l++)
			sum[(int64_t)link->col[l] * ACT_LANES] +=
			        a->whole[i] * link->val[l] * link->val[l];
	}
}

void pl_act_squares(const pl_answers *a, double *diagonal, const pl_program *g)
{
	if (g->n_acts == 0) return;
#pragma omp parallel for schedule(dynamic, 1) if (g->n_acts >= PL_PAR_MIN)
	for (int32_t b = 0; b < a->act_total->n_blocks; b++) square_block(a, g, b);
	for (int32_t j = 0; j < g->n_goods; j++)
		diagonal[j] += pl_scatter_total(a->act_total, j, 0);
}
