/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* learn.c - what a round teaches about each council: how it replaces inputs, how its output
 * answers, whether its proportions are fixed. */
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/threads.h"
#include "rounds/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double older = 0.5;      /* weight of a round against the next */
static const double own_variance = 1; /* of a coefficient among councils, before it is seen */
static const double least_variance = 1e-4, least_scatter = 1e-10, seen_at_all = 1e-12;
static const double far_off = 5;  /* estimates further from the belief count as this far */
static const double doubters = 3; /* as many councils' worth of the belief itself */
static const double enough_councils = 20; /* before their spread replaces own_variance */
static const double most_sigma = 8, most_answer = 20;
static const double least_unseen = 0.05, most_unseen = 4;
static const double most_returns = 0.95, most_power = 31; /* 1/(1 - returns) of a workplace */
static const double same_sigma = 1e-3; /* sigma this near to 1 is 1; rise to 0, 0 */
static const double no_sigma = 0.02;   /* sigma below it is 0 */
static const double least_rise = -8;   /* of spending with prices */
static const double record_kept = 0.3; /* of what was missed before */
static const double clearly = 0.7;     /* a recipe misses less than this part, */
static const double hardly = 0.1;      /* and less than this part of what prices moved */
static const double worst_miss = 2;
static const double still = 1e-6, has_moved = 1e-3;
static const double next_to_nothing = 1e-300; /* price of a free good */

/* ---- evidence ---------------------------------------------------------------------- */

bool pl_evidence_new(pl_evidence *e, int64_t n)
{
	e->square = pl_alloc(n, sizeof(double));
	e->cross = pl_alloc(n, sizeof(double));
	e->total = pl_alloc(n, sizeof(double));
	e->count = pl_alloc(n, sizeof(double));
	return e->square && e->cross && e->total && e->count;
}

void pl_evidence_free(pl_evidence *e)
{
	pl_free(e->square);
	pl_free(e->cross);
	pl_free(e->total);
	pl_free(e->count);
}

void pl_evidence_add(pl_evidence *e, int32_t i, double square, double cross, double total,
                     double count)
{
	e->square[i] = older * e->square[i] + square;
	e->cross[i] = older * e->cross[i] + cross;
	e->total[i] = older * e->total[i] + total;
	e->count[i] = older * e->count[i] + count;
}

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Scatter of a council's answers round its own estimate. */
static double scatter_of(const pl_evidence *e, int32_t i)
{
	const double own = e->cross[i] / e->square[i];
	return fmax(e->total[i] - own * e->cross[i], 0) / fmax(e->count[i], 1e-9);
}

static double median_scatter(const pl_evidence *e, const uint8_t *among, int32_t n,
                             double *scratch)
{
	int32_t some = 0;
	for (int32_t i = 0; i < n; i++)
		if (among[i] && e->square[i] > seen_at_all) scratch[some++] = scatter_of(e, i);
	if (some == 0) return 0;
	qsort(scratch, (size_t)some, sizeof *scratch, by_size);
	return some % 2 == 1 ? scratch[some / 2]
	                     : (scratch[some / 2 - 1] + scratch[some / 2]) / 2;
}

/* What all councils together say: mean, and spread among them. */
typedef struct {
	double mean, variance, least_scatter;
} pooled;

static double deviation(const pl_evidence *e, int32_t i, double prior)
{
	return fmin(fmax(e->cross[i] / e->square[i] - prior, -far_off), far_off);
}

static double weight_of(const pl_evidence *e, int32_t i, double least)
{
	const double scatter = fmax(scatter_of(e, i), least) + least_scatter;
	return 1 / (own_variance + scatter / e->square[i]);
}

static pooled pool(const pl_evidence *e, const uint8_t *among, int32_t n, double prior,
                   double *scratch)
{
	pooled p = {.least_scatter = median_scatter(e, among, n, scratch)};
	double weight = 0, sum = 0, squares = 0;
	for (int32_t i = 0; i < n; i++) {
		if (!among[i] || !(e->square[i] > seen_at_all)) continue;
		const double w = weight_of(e, i, p.least_scatter);
		weight += w;
		sum += w * deviation(e, i, prior);
	}
	const double mean = weight > 0 ? sum / weight : 0;
	for (int32_t i = 0; i < n; i++) {
		if (!among[i] || !(e->square[i] > seen_at_all)) continue;
		const double d = deviation(e, i, prior) - mean;
		squares += weight_of(e, i, p.least_scatter) * d * d;
	}
	const double councils = weight * own_variance;
	p.mean = prior + mean * councils / (councils + doubters);
	p.variance = own_variance;
	if (councils > enough_councils)
		p.variance = fmin(own_variance, fmax(squares / weight, least_variance));
	return p;
}

void pl_evidence_weigh(double *out, const pl_evidence *e, const uint8_t *among, int32_t n,
                       pl_belief belief, double *scratch)
{
	const pooled p = pool(e, among, n, belief.prior, scratch);
	for (int32_t i = 0; i < n; i++) {
		double value = p.mean;
		if (!among[i]) continue;
		if (e->square[i] > seen_at_all) {
			const double scatter =
			        fmax(scatter_of(e, i), p.least_scatter) + least_scatter;
			const double gain = p.variance * e->square[i];
			value +=
			        gain / (gain + scatter) * (e->cross[i] / e->square[i] - p.mean);
		}
		out[i] = fmin(fmax(value, belief.low), belief.high);
	}
}

/* ---- one council ------------------------------------------------------------------- */

/* Log prices that the council answered when it was last live. */
static const double *before_of(const pl_fitted *f, int32_t i)
{
	return f->past_log + (int64_t)f->live_at[i] * f->frame.n_goods;
}

/* May what it proposes now be compared with what it proposed before? */
static bool comparable(const pl_fitted *f, int32_t i)
{
	return f->is_live[i] && f->live_at[i] >= 0 && pl_answers_freely(f, i);
}

/* By how much a council's price index changed since the round before, in logs: with the value
 * shares of that round, or with today's from back here. */
static double index_change(const pl_fitted *f, const pl_round *r, int32_t i, bool back)
{
	const pl_frame *e = &f->frame;
	const double *before = before_of(f, i);
	const bool plain = fabs(1 - f->sigma[i]) < same_sigma;
	const double power = plain ? 0 : (1 - f->sigma[i]) * (back ? -1 : 1);
	double sum = 0, mean = 0, top = -INFINITY;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++)
		if (!pl_link_supplies(e, l))
			top = fmax(top,
			           power * (f->log_price[e->good[l]] - before[e->good[l]]));
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		if (pl_link_supplies(e, l)) continue;
		const int32_t j = e->good[l];
		const double w = back ? r->quantity[l] * f->price[j] / f->cost[i] : f->share[l];
		const double d = f->log_price[j] - before[j];
		mean += w * d;
		if (!plain && w > 0) sum += w * pl_exp(power * d - top);
	}
	return plain ? mean : (top + pl_log(sum)) / power;
}

/* The mean of both, which is exact for a council with this sigma. */
static double mean_index_change(const pl_fitted *f, const pl_round *r, int32_t i)
{
	if (!(f->cost[i] > 0) || !(f->cost_before[i] > 0)) return 0;
	return (index_change(f, r, i, false) + index_change(f, r, i, true)) / 2;
}

/* Weighted moments of a council's inputs that were proposed in both rounds: d the change of
 * the log price, x of the log quantity. */
typedef struct {
	double weight, d, x, dd, dx, xx, size_d, size_x;
	int64_t count;
} moments;

static moments compare_inputs(const pl_fitted *f, const pl_round *r, int32_t i)
{
	const pl_frame *e = &f->frame;
	const double per = f->cost[i] > 0 ? 1 / f->cost[i] : 0;
	const double *before = before_of(f, i);
	moments m = {0};
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t j = e->good[l];
		if (pl_link_supplies(e, l) || isinf(f->log_now[l]) || isinf(f->log_last[l]))
			continue;
		const double w = (f->share[l] + r->quantity[l] * f->price[j] * per) / 2;
		const double d = f->log_price[j] - before[j];
		const double x = f->log_now[l] - f->log_last[l];
		m.weight += w;
		m.d += w * d;
		m.x += w * x;
		m.dd += w * d * d;
		m.dx += w * d * x;
		m.xx += w * x * x;
		m.size_d += w * fabs(d);
		m.size_x += w * fabs(x);
		m.count++;
	}
	if (!(m.weight > 0)) return m;
	m.d /= m.weight;
	m.x /= m.weight;
	m.dd = fmax(m.dd / m.weight - m.d * m.d, 0);
	m.dx = m.dx / m.weight - m.d * m.x;
	m.xx = fmax(m.xx / m.weight - m.x * m.x, 0);
	return m;
}

static double part_of_revenue(double cost, double revenue)
{
	return revenue > 0 ? fmin(cost / revenue, most_returns) : most_returns;
}

/* Inputs per unit of output: how they changed, how they were expected to if inputs replace one
 * another, and if they do not. */
static void judge_family(pl_fitted *f, int32_t i, const moments *m, double index)
{
	const pl_frame *e = &f->frame;
	const int64_t lead = f->lead[i];
	const double *before = before_of(f, i);
	const double dp = f->log_price[e->good[lead]] - before[e->good[lead]];
	const double revenue = f->revenue_before[i];
	const double grown = fmin((dp - f->inputs[i] * index) / (1 - f->returns[i]), 200);
	const double over = f->over[i] * pl_exp(index);
	const double spending = (f->inputs[i] * revenue * pl_exp(grown) + over) /
	                        (f->inputs[i] * revenue + f->over[i]);
	const double common = pl_log(spending) - (grown - dp) - (1 - f->sigma[i]) * index;
	const double made = f->log_now[lead] - f->log_last[lead];
	double as_maker = 0, as_recipe = 0;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		if (pl_link_supplies(e, l) || isinf(f->log_now[l]) || isinf(f->log_last[l]))
			continue;
		const double d = f->log_price[e->good[l]] - before[e->good[l]];
		const double x = f->log_now[l] - f->log_last[l] - made;
		as_maker += f->share[l] * fabs(x - (common - f->sigma[i] * d));
		as_recipe += f->share[l] * fabs(x);
	}
	f->taken_as_maker[i] = record_kept * f->taken_as_maker[i] + fmin(as_maker, worst_miss);
	f->taken_as_recipe[i] =
	        record_kept * f->taken_as_recipe[i] + fmin(as_recipe, worst_miss);
	f->moved[i] = record_kept * f->moved[i] + sqrt(m->dd); /* against one another */
	f->stiff[i] = f->taken_as_recipe[i] < clearly * f->taken_as_maker[i] &&
	              f->taken_as_recipe[i] < hardly * f->moved[i];
}

/* First look: what it spends and earns, how it replaces inputs. */
static void look_at(pl_fitted *f, const pl_round *r, int32_t i)
{
	const pl_frame *e = &f->frame;
	const int64_t first = e->start[i], n = e->start[i + 1] - first;
	double cost = 0, revenue = 0;
	for (int64_t l = first; l < first + n; l++) {
		const double value = r->quantity[l] * f->price[e->good[l]];
		*(pl_link_supplies(e, l) ? &revenue : &cost) += value;
	}
	if (f->is_live[i]) {
		f->cost_before[i] = f->cost[i];
		f->revenue_before[i] = f->revenue[i];
	}
	f->cost[i] = cost;
	f->revenue[i] = revenue;
	f->is_live[i] = f->makes[i] ? f->lead[i] >= 0 && r->quantity[f->lead[i]] > 0 : cost > 0;
	f->expected[i] = f->planned[i];
	if (!comparable(f, i)) return;
	const moments m = compare_inputs(f, r, i);
	if (m.count > 1)
		pl_evidence_add(&f->replaced[f->makes[i]], i, m.dd, -m.dx, m.xx,
		                fmax((double)m.count - 2, 0.5));
	if (!f->makes[i] && m.size_d > has_moved) f->stiff[i] = m.size_x < still * m.size_d;
}

/* Second look, with what is now known of sigma: what family it is of, how output, or spending,
 * answers prices. */
static void look_again(pl_fitted *f, const pl_round *r, int32_t i)
{
	if (!comparable(f, i)) return;
	const double index = mean_index_change(f, r, i);
	if (!f->makes[i]) {
		const double change = pl_log(f->cost[i] / f->cost_before[i]);
		pl_evidence_add(&f->spending, i, index * index, index * change, change * change,
		                0.5);
		return;
	}
	const moments m = compare_inputs(f, r, i);
	if (m.count > 0 && f->cost_before[i] > 0)
		judge_family(f, i, &m, index_change(f, r, i, false));
	const int64_t lead = f->lead[i];
	const int32_t out = f->frame.good[lead];
	const double dp = f->log_price[out] - before_of(f, i)[out];
	const double dq = f->log_now[lead] - f->log_last[lead];
	const double part = part_of_revenue(f->cost_before[i], f->revenue_before[i]);
	const double drive = part / (1 - part) * (dp - index);
	const double pull = (dp - part * index) / (1 - part);
	pl_evidence_add(&f->answering, i, drive * drive, drive * dq, dq * dq, 0.5);
	pl_evidence_add(&f->hidden, i, pull * pull, pull * (dq + dp), (dq + dp) * (dq + dp),
	                0.5);
}

/* ---- what is fitted ---------------------------------------------------------------- */

static void fit_maker(pl_fitted *f, int32_t i)
{
	const double part = part_of_revenue(f->cost[i], f->revenue[i]);
	if (f->s.learns && f->unseen[i] > 1) {
		const double power =
		        fmax(fmin(f->unseen[i] / (1 - part), most_power), 1 / (1 - part));
		f->returns[i] = 1 - 1 / power;
		f->inputs[i] = part;
	} else {
		const double theta = part / (1 - part) * fmin(f->answers[i], 1);
		f->returns[i] = f->inputs[i] = theta / (1 + theta);
	}
	f->over[i] = fmax(f->cost[i] - f->inputs[i] * f->revenue[i], 0);
	if (f->over[i] < still * f->cost[i]) f->over[i] = 0;
}

/* One that stands at a limit of movement: as far on as such are taken to want, returns as they
 * were. */
static void fit_held(pl_fitted *f, int32_t i)
{
	if (!(f->inputs[i] > 0) || f->form[i] != PL_FORM_MAKER) {
		fit_maker(f, i);
		return;
	}
	const double on = pl_exp(f->wants_on[i] * f->beyond);
	f->revenue[i] *= on;
	f->cost[i] *= on;
	f->over[i] = 0;
}

static void tidy_sigma(pl_fitted *f, int32_t i)
{
	if (fabs(f->sigma[i] - 1) < same_sigma) f->sigma[i] = 1;
	if (f->sigma[i] < no_sigma) f->sigma[i] = 0;
	if (fabs(f->rise[i]) < same_sigma) f->rise[i] = 0;
}

/* Shares and units as proposed, where it was live; else as they were. */
static void keep_proportions(pl_fitted *f, const pl_round *r, int32_t i)
{
	const pl_frame *e = &f->frame;
	const double lead = f->makes[i] && f->lead[i] >= 0 ? r->quantity[f->lead[i]] : 0;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		if (!pl_link_supplies(e, l) && f->cost[i] > 0)
			f->share[l] = r->quantity[l] * f->price[e->good[l]] / f->cost[i];
		if (lead > 0) f->unit[l] = r->quantity[l] / lead;
	}
	if (lead > 0) f->usual[i] = lead;
	memcpy(f->log_last + e->start[i], f->log_now + e->start[i],
	       (size_t)(e->start[i + 1] - e->start[i]) * sizeof *f->log_last);
}

static pl_form form_of(const pl_fitted *f, int32_t i)
{
	if (!f->makes[i])
		return !f->is_live[i] ? PL_FORM_NONE
		       : f->stiff[i]  ? PL_FORM_FIXED
		                      : PL_FORM_SPENDER;
	if (f->lead[i] < 0) return f->is_live[i] ? PL_FORM_FIXED : PL_FORM_NONE;
	if (f->stiff[i] || f->n_outputs[i] > 1) return PL_FORM_RECIPE;
	return f->is_live[i] ? PL_FORM_MAKER : PL_FORM_NONE;
}

static void settle_on(pl_fitted *f, const pl_round *r, int32_t i)
{
	tidy_sigma(f, i);
	if (f->is_live[i]) keep_proportions(f, r, i);
	if (f->is_live[i]) f->live_at[i] = (int8_t)f->n_past;
	f->form[i] = (uint8_t)form_of(f, i);
	if (!f->makes[i]) return;
	if (f->limit > 0 && f->held[i] >= PL_HELD_NOW)
		fit_held(f, i);
	else
		fit_maker(f, i);
}

/* ---- a round ----------------------------------------------------------------------- */

/* The output by which activity is measured: the first that is proposed. */
static void choose_leads(pl_fitted *f, const pl_round *r)
{
	const pl_frame *e = &f->frame;
	for (int32_t i = 0; i < e->n_councils; i++) {
		if (!f->makes[i] || f->lead[i] >= 0) continue;
		double most = 0;
		for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
			const double value = r->quantity[l] * f->price[e->good[l]];
			if (!pl_link_supplies(e, l) || !(value > most)) continue;
			most = value;
			f->lead[i] = l;
		}
	}
}

/* The oldest round goes where there is no room for another. */
static void make_room_in_past(pl_fitted *f)
{
	const size_t n = (size_t)f->frame.n_goods, m = (size_t)f->frame.n_councils;
	if (f->n_past < PL_PAST) return;
	memmove(f->past_log, f->past_log + n, n * (PL_PAST - 1) * sizeof(double));
	memmove(f->past_price, f->past_price + n, n * (PL_PAST - 1) * sizeof(double));
	memmove(f->past_output, f->past_output + m, m * (PL_PAST - 1) * sizeof(double));
	for (size_t i = 0; i < m; i++) {
		if (f->live_at[i] >= 0) f->live_at[i]--;
		if (f->since[i] > 0) f->since[i]--;
	}
	f->n_past--;
}

static void remember(pl_fitted *f, const pl_round *r)
{
	const int32_t n = f->frame.n_goods, m = f->frame.n_councils;
	const int64_t at = f->n_past++;
	double *output = f->past_output + at * m;
	memcpy(f->past_price + at * n, f->price, (size_t)n * sizeof(double));
	memcpy(f->past_log + at * n, f->log_price, (size_t)n * sizeof(double));
	for (int32_t i = 0; i < m; i++)
		output[i] = f->makes[i] && f->lead[i] >= 0 ? r->quantity[f->lead[i]] : 0;
}

static void weigh(pl_fitted *f, const pl_evidence *e, double *out, const uint8_t *among,
                  pl_belief belief)
{
	pl_evidence_weigh(out, e, among, f->frame.n_councils, belief, f->scratch);
}

void pl_learn_round(pl_fitted *f, const pl_round *r)
{
	const int32_t n = f->frame.n_councils;
	for (int32_t j = 0; j < f->frame.n_goods; j++)
		f->price[j] = pl_good_balances(&f->frame, j) ? r->price[j] : next_to_nothing;
	pl_log_many(f->log_price, f->price, f->frame.n_goods);
	make_room_in_past(f);
	choose_leads(f, r);
	pl_held_find(f, r);
#pragma omp parallel for schedule(dynamic, 64) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < n; i++) look_at(f, r, i);
	if (f->s.learns) {
		const pl_belief replacing = {1, 0, most_sigma};
		weigh(f, &f->replaced[1], f->sigma, f->makes, replacing);
		weigh(f, &f->replaced[0], f->sigma, f->spends, replacing);
#pragma omp parallel for schedule(dynamic, 64) if (f->frame.n_links >= PL_PAR_MIN)
		for (int32_t i = 0; i < n; i++) look_again(f, r, i);
		weigh(f, &f->answering, f->answers, f->makes, (pl_belief){1, 0, most_answer});
		weigh(f, &f->hidden, f->unseen, f->makes,
		      (pl_belief){1, least_unseen, most_unseen});
		weigh(f, &f->spending, f->rise, f->spends, (pl_belief){0, least_rise, 1});
	}
#pragma omp parallel for schedule(dynamic, 64) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < n; i++) settle_on(f, r, i);
	remember(f, r);
	pl_curves_fit(f);
	f->seen++;
}
