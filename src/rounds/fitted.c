/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fitted.c - the rule as a whole: take in a round, clear what was fitted, announce. */
#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/threads.h"
#include "rounds/fit.h"

#include <math.h>
#include <string.h>

static const double free_part = 1e-3; /* of the mean spending on a good: all that is left of a
                                         good together being worth less, it counts as free */
static const double most_ahead = 10;  /* so many times the last step is added at most */
static const double alike = 0.5;      /* cosine between two steps */
enum { COMPARED_FROM = 3 };           /* steps before this one are too large to tell */
static const double near_floor = 2;   /* a price up to this many times its floor is at it */

/* ---- memory ------------------------------------------------------------------------ */

static bool take_goods(pl_fitted *f, int64_t n)
{
	double **const arrays[] = {&f->price, &f->log_price, &f->answered, &f->wished};
	bool all = true;
	for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
		all = (*arrays[k] = pl_alloc(n, sizeof(double))) != NULL && all;
	f->past_price = pl_alloc(PL_PAST * n, sizeof(double));
	f->past_log = pl_alloc(PL_PAST * n, sizeof(double));
	return all && f->past_price != NULL && f->past_log != NULL;
}

static bool take_links(pl_fitted *f, int64_t n)
{
	double **const arrays[] = {&f->log_now, &f->log_before, &f->log_last, &f->share,
	                           &f->unit};
	bool all = true;
	for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
		all = (*arrays[k] = pl_alloc(n, sizeof(double))) != NULL && all;
	return all;
}

static bool take_councils(pl_fitted *f, int64_t n)
{
	double **const arrays[] = {&f->revenue,         &f->cost,     &f->revenue_before,
	                           &f->cost_before,     &f->sigma,    &f->rise,
	                           &f->answers,         &f->unseen,   &f->returns,
	                           &f->inputs,          &f->over,     &f->taken_as_maker,
	                           &f->taken_as_recipe, &f->moved,    &f->usual,
	                           &f->planned,         &f->expected, &f->easy_at,
	                           &f->easy_most,       &f->bends,    &f->wants_on};
	uint8_t **const flags[] = {&f->form,     &f->is_live,   &f->makes,
	                           &f->spends,   &f->stiff,     &f->n_knots,
	                           &f->confirms, &f->n_outputs, &f->held};
	enum { SEEN = 5 };
	pl_evidence *const seen[SEEN] = {&f->replaced[0], &f->replaced[1], &f->answering,
	                                 &f->hidden, &f->spending};
	bool all = true;
	for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
		all = (*arrays[k] = pl_alloc(n, sizeof(double))) != NULL && all;
	for (size_t k = 0; k < sizeof flags / sizeof *flags; k++)
		all = (*flags[k] = pl_alloc(n, sizeof(uint8_t))) != NULL && all;
	for (int k = 0; k < SEEN; k++) all = pl_evidence_new(seen[k], n) && all;
	f->live_at = pl_alloc(n, sizeof *f->live_at);
	f->missed = pl_alloc(n, sizeof *f->missed);
	f->since = pl_alloc(n, sizeof *f->since);
	f->lead = pl_alloc(n, sizeof *f->lead);
	f->knot = pl_alloc(n * PL_KNOTS, sizeof(double));
	f->made = pl_alloc(n * PL_KNOTS, sizeof(double));
	f->past_output = pl_alloc(n * PL_PAST, sizeof(double));
	f->scratch = pl_alloc(n > f->frame.n_goods ? n : f->frame.n_goods, sizeof(double));
	return all && f->live_at && f->missed && f->since && f->lead && f->knot && f->made &&
	       f->past_output && f->scratch;
}

/* A workplace, or a council that only offers: permits against compensation. */
static void look_at_council(pl_fitted *f, int32_t i)
{
	const pl_frame *e = &f->frame;
	int64_t outputs = 0;
	const int64_t all = e->start[i + 1] - e->start[i];
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++)
		outputs += pl_link_supplies(e, l);
	f->makes[i] = e->council_kind[i] == PL_WORKERS || (outputs == all && all > 0);
	f->spends[i] = !f->makes[i];
	f->n_outputs[i] = (uint8_t)(outputs > 2 ? 2 : outputs);
	f->lead[i] = -1;
	f->live_at[i] = -1;
	f->sigma[i] = f->answers[i] = f->unseen[i] = f->bends[i] = 1;
	f->easy_most[i] = INFINITY;
}

pl_status pl_fitted_new(pl_fitted **out, const pl_frame *frame, const pl_rule_settings *s,
                        pl_error *err)
{
	*out = NULL;
	pl_fitted *f = pl_alloc(1, sizeof *f);
	if (f == NULL) goto nomem;
	f->frame = *frame;
	f->s = *s;
	if (!take_goods(f, frame->n_goods) || !take_links(f, frame->n_links) ||
	    !take_councils(f, frame->n_councils))
		goto nomem;
	for (int32_t i = 0; i < frame->n_councils; i++) look_at_council(f, i);
	*out = f;
	return PL_OK;

nomem:
	pl_fitted_free(f);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for a rule over %lld proposals",
	               (long long)frame->n_links);
}

void pl_fitted_free(pl_fitted *f)
{
	if (f == NULL) return;
	void *const block[] = {f->price,
	                       f->log_price,
	                       f->answered,
	                       f->past_price,
	                       f->past_log,
	                       f->wished,
	                       f->live_at,
	                       f->missed,
	                       f->since,
	                       f->log_now,
	                       f->log_before,
	                       f->wants_on,
	                       f->held,
	                       f->log_last,
	                       f->share,
	                       f->unit,
	                       f->revenue,
	                       f->cost,
	                       f->revenue_before,
	                       f->cost_before,
	                       f->sigma,
	                       f->rise,
	                       f->answers,
	                       f->unseen,
	                       f->returns,
	                       f->inputs,
	                       f->over,
	                       f->taken_as_maker,
	                       f->taken_as_recipe,
	                       f->moved,
	                       f->usual,
	                       f->bends,
	                       f->planned,
	                       f->expected,
	                       f->easy_at,
	                       f->easy_most,
	                       f->form,
	                       f->is_live,
	                       f->makes,
	                       f->spends,
	                       f->stiff,
	                       f->n_knots,
	                       f->confirms,
	                       f->n_outputs,
	                       f->lead,
	                       f->knot,
	                       f->made,
	                       f->past_output,
	                       f->scratch};
	for (size_t k = 0; k < sizeof block / sizeof *block; k++) pl_free(block[k]);
	pl_evidence_free(&f->replaced[0]);
	pl_evidence_free(&f->replaced[1]);
	pl_evidence_free(&f->answering);
	pl_evidence_free(&f->hidden);
	pl_evidence_free(&f->spending);
	pl_free(f);
}

void pl_fitted_new_year(pl_fitted *f, const pl_frame *frame)
{
	f->frame = *frame;
	f->seen = f->wished_in = 0;
	f->n_past = 0;
	memset(f->planned, 0, (size_t)frame->n_councils * sizeof *f->planned);
	memset(f->confirms, 0, (size_t)frame->n_councils * sizeof *f->confirms);
	for (int32_t i = 0; i < frame->n_councils; i++) f->easy_most[i] = INFINITY;
	memset(f->missed, 0, (size_t)frame->n_councils * sizeof *f->missed);
	memset(f->since, 0, (size_t)frame->n_councils * sizeof *f->since);
	memset(f->live_at, -1, (size_t)frame->n_councils * sizeof *f->live_at);
}

/* ---- the step ---------------------------------------------------------------------- */

/* What consumers spend on a good, on average. */
static double mean_spending(const pl_fitted *f)
{
	double sum = 0;
	for (int32_t i = 0; i < f->frame.n_councils; i++) sum += f->spends[i] ? f->cost[i] : 0;
	return sum / f->frame.n_goods;
}

static void announce(double *next, uint8_t *at_floor, const pl_fitted *f, const pl_round *round)
{
	const double worth = free_part * mean_spending(f), most = f->s.log_step;
	for (int32_t j = 0; j < f->frame.n_goods; j++) {
		const double s = round->supply[j], d = round->demand[j];
		const double floor = s > d && s > 0 ? worth / s : 0;
		const double step = fmin(fmax(f->answered[j], -most), most);
		next[j] = fmax(round->price[j] * pl_exp(step), floor);
		at_floor[j] = next[j] <= near_floor * floor;
	}
}

/* ---- what steps have taught ---- */

static bool is_compared(const pl_fitted *f, const pl_round *r, int32_t j)
{
	return pl_good_balances(&f->frame, j) && !r->at_floor[j] && isfinite(f->answered[j]) &&
	       isfinite(f->wished[j]);
}

static bool has_recipes(const pl_fitted *f)
{
	for (int32_t i = 0; i < f->frame.n_councils; i++)
		if (f->form[i] == PL_FORM_RECIPE) return true;
	return false;
}

/* Along the last step: the part of it to take back, at which the wish for a further step, as
 * far as it changes in proportion, is smallest by value. Wishes that are neither alike nor
 * opposite tell nothing. */
static double part_to_take_back(const pl_fitted *f, const pl_round *r)
{
	double now = 0, before = 0, both = 0;
	for (int32_t j = 0; j < f->frame.n_goods; j++) {
		if (!is_compared(f, r, j)) continue;
		const double worth = r->price[j] * r->demand[j];
		now += worth * f->answered[j] * f->answered[j];
		before += worth * f->wished[j] * f->wished[j];
		both += worth * f->answered[j] * f->wished[j];
	}
	const double square = now - 2 * both + before;
	if (!(both * both > alike * alike * now * before) || !(square > 0)) return 0;
	return fmax(-most_ahead, fmin((now - both) / square, 1));
}

/* Of the log price of good j, between the last two announcements. */
static double last_move(const pl_fitted *f, int32_t j)
{
	const int64_t n = f->frame.n_goods, now = (f->n_past - 1) * n + j;
	return f->past_log[now] - f->past_log[now - n];
}

/* Schedules of another family than is fitted are missed round after round in the same way, and
 * steps are too short, or too long, by the same part: two of them tell (Anderson 1965, with
 * one step remembered). */
static void go_by_the_step_before(pl_fitted *f, const pl_round *r)
{
	const int32_t n = f->frame.n_goods;
	const bool compares = f->s.learns && f->seen > COMPARED_FROM &&
	                      f->wished_in == f->seen - 1 && f->n_past > 1 && f->limit == 0 &&
	                      f->all_spoke > 1 && !has_recipes(f);
	const double part = compares ? part_to_take_back(f, r) : 0;
	for (int32_t j = 0; j < n; j++) {
		const double wish = f->answered[j];
		if (compares && is_compared(f, r, j))
			f->answered[j] -= part * (last_move(f, j) + wish - f->wished[j]);
		f->wished[j] = wish;
	}
	f->wished_in = f->seen;
}

pl_status pl_fitted_step(bool *found, double *next, uint8_t *at_floor, pl_fitted *f,
                         const pl_round *round, pl_error *err)
{
	pl_learn_round(f, round);
	*found = pl_held_are_most(f);
	if (*found) {
		memcpy(next, round->price, (size_t)f->frame.n_goods * sizeof *next);
		return PL_OK;
	}
	PL_TRY(pl_offer_clear(found, f, round, true, err));
	if (!*found) PL_TRY(pl_offer_clear(found, f, round, false, err));
	if (!*found) return PL_OK;
	go_by_the_step_before(f, round);
	announce(next, at_floor, f, round);
	return PL_OK;
}

/* ---- what is expected -------------------------------------------------------------- */

/* The price index of council i's inputs, relative to the prices answered last. */
static double index_of(const pl_fitted *f, int32_t i, const double *d)
{
	const pl_frame *e = &f->frame;
	const double power = 1 - f->sigma[i];
	double sum = 0, mean = 0, top = -INFINITY;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++)
		if (!pl_link_supplies(e, l)) top = fmax(top, power * d[e->good[l]]);
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		if (pl_link_supplies(e, l) || !(f->share[l] > 0)) continue;
		mean += f->share[l] * d[e->good[l]];
		sum += f->share[l] * pl_exp(power * d[e->good[l]] - top);
	}
	if (!(sum > 0)) return 0;
	return power == 0 ? mean : (top + pl_log(sum)) / power;
}

/* Inputs worth `spent` in all at the new prices. */
static void expect_inputs(double *quantity, const pl_fitted *f, int32_t i, double index,
                          double spent, const double *d)
{
	const pl_frame *e = &f->frame;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++) {
		const int32_t j = e->good[l];
		if (pl_link_supplies(e, l)) continue;
		const double tilt = (1 - f->sigma[i]) * (d[j] - index) - d[j];
		quantity[l] = f->share[l] * spent * pl_exp(tilt) / f->price[j];
	}
}

static void expect_maker(double *quantity, const pl_fitted *f, int32_t i, const double *d)
{
	const double index = index_of(f, i, d), out = d[f->frame.good[f->lead[i]]];
	const double revenue =
	        f->revenue[i] * pl_exp((out - f->inputs[i] * index) / (1 - f->returns[i]));
	quantity[f->lead[i]] = revenue * pl_exp(-out) / f->price[f->frame.good[f->lead[i]]];
	expect_inputs(quantity, f, i, index,
	              f->inputs[i] * revenue + f->over[i] * pl_exp(index), d);
}

static void expect_recipe(double *quantity, const pl_fitted *f, int32_t i)
{
	const pl_frame *e = &f->frame;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++)
		quantity[l] = f->unit[l] * f->planned[i];
}

static void expect(double *quantity, const pl_fitted *f, int32_t i, const double *d)
{
	const pl_frame *e = &f->frame;
	for (int64_t l = e->start[i]; l < e->start[i + 1]; l++)
		quantity[l] = f->form[i] == PL_FORM_NONE ? (double)NAN : pl_exp(f->log_now[l]);
	if (f->form[i] == PL_FORM_MAKER) expect_maker(quantity, f, i, d);
	if (f->form[i] == PL_FORM_RECIPE) expect_recipe(quantity, f, i);
	if (f->form[i] != PL_FORM_SPENDER) return;
	const double index = index_of(f, i, d);
	expect_inputs(quantity, f, i, index, f->cost[i] * pl_exp(f->rise[i] * index), d);
}

/* No further than people move in a round. */
static void stay_within(double *quantity, const pl_fitted *f, int32_t i)
{
	const double most = pl_exp(f->limit);
	for (int64_t l = f->frame.start[i]; l < f->frame.start[i + 1]; l++) {
		const double now = pl_exp(f->log_now[l]);
		if (now > 0 && !isnan(quantity[l]))
			quantity[l] = fmax(now / most, fmin(now * most, quantity[l]));
	}
}

void pl_fitted_expected(double *quantity, const pl_fitted *f, const double *price)
{
	double *d = f->scratch;
	pl_log_many(d, price, f->frame.n_goods);
	for (int32_t j = 0; j < f->frame.n_goods; j++)
		d[j] = pl_good_balances(&f->frame, j) ? d[j] - f->log_price[j] : 0;
#pragma omp parallel for schedule(dynamic, 64) if (f->frame.n_links >= PL_PAR_MIN)
	for (int32_t i = 0; i < f->frame.n_councils; i++) {
		expect(quantity, f, i, d);
		if (f->limit > 0) stay_within(quantity, f, i);
	}
}
