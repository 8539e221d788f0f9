/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "lab/experiment.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/random.h"
#include "lab/councils.h"
#include "lab/settle.h"
#include "lab/welfare.h"
#include "lab/year.h"
#include "rounds/frame.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/// A run on its way.
typedef struct {
	const pl_experiment *e;
	const pl_experiment_watch *w;
	const pl_model *m; ///< this year's
	pl_model *own;     ///< the same from year 2 on; year 1 is the caller's
	pl_frame frame;
	int32_t year, round;
	bool stopped;
	pl_councils *councils;
	pl_rule *rule;
	double *start; ///< [n_goods]
	/// The round before, also over the turn of the year.
	bool answered;
	double *last_price, *last_quantity; ///< [n_goods], [n_links]
	double *supply, *demand;            ///< [n_goods] of the round before
	/// What was left for consumers at the end of the year before, and at which prices.
	double *old_final, *old_price, *final; ///< [n_goods]
	/// This year's results.
	pl_rounds *rounds;
	pl_ending *ending;
	pl_plan *best;
} run;

pl_experiment pl_experiment_preset(const pl_model *m)
{
	return (pl_experiment){.model = m,
	                       .rule = pl_rule_preset(),
	                       .seed = 1,
	                       .years = 1,
	                       .shock = 0.1,
	                       .max_rounds = 50,
	                       .end = PL_END_DISRUPTION,
	                       .plan_tolerance = 1e-6};
}

const char *pl_best_name(int best)
{
	static const char *const names[PL_BESTS] = {"tables", "councils"};
	return best >= 0 && best < PL_BESTS ? names[best] : NULL;
}

static void run_clear_year(run *r)
{
	pl_rounds_free(r->rounds);
	pl_ending_free(r->ending);
	pl_plan_free(r->best);
	r->rounds = NULL;
	r->ending = NULL;
	r->best = NULL;
}

static void run_clear(run *r)
{
	run_clear_year(r);
	pl_rule_free(r->rule);
	pl_councils_free(r->councils);
	pl_model_free(r->own);
	double *const arrays[] = {r->start,  r->last_price, r->last_quantity, r->supply,
	                          r->demand, r->old_final,  r->old_price,     r->final};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) pl_free(arrays[i]);
}

static pl_status run_alloc(run *r, pl_error *err)
{
	const int64_t n = r->m->n_goods;
	double **const arrays[] = {&r->start, &r->last_price, &r->supply,   &r->demand,
	                           &r->final, &r->old_final,  &r->old_price};
	bool all = true;
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
		*arrays[i] = pl_alloc(n, sizeof(double));
		all = all && *arrays[i] != NULL;
	}
	r->last_quantity = pl_alloc(r->m->n_links, sizeof(double));
	if (all && r->last_quantity != NULL) return PL_OK;
	return pl_fail(err, PL_ENOMEM, -1, "no memory for rounds about %lld links",
	               (long long)r->m->n_links);
}

/* ---- rounds ---- */

/// pl_answer: simulated councils, with what the others do about late and rash ones.
static pl_status answer(void *self, double *quantity, const double *price, pl_error *err)
{
	run *r = self;
	PL_TRY(pl_councils_answer(r->councils, quantity, price, err));
	pl_rounds_fill(quantity, &r->frame, price, r->answered ? r->last_quantity : NULL,
	               r->answered ? r->last_price : NULL);
	r->round++;
	if (r->e->limits)
		PL_TRY(pl_rounds_limit(quantity, &r->frame, r->round, r->last_quantity,
		                       r->supply, r->demand, err));
	r->answered = true;
	memcpy(r->last_quantity, quantity, (size_t)r->frame.n_links * sizeof *quantity);
	memcpy(r->last_price, price, (size_t)r->frame.n_goods * sizeof *price);
	return PL_OK;
}

static bool watch(void *self, const pl_round *round)
{
	run *r = self;
	const size_t bytes = (size_t)r->frame.n_goods * sizeof(double);
	memcpy(r->supply, round->supply, bytes);
	memcpy(r->demand, round->demand, bytes);
	r->stopped =
	        r->w != NULL && r->w->round != NULL && !r->w->round(r->w->self, r->year, round);
	return !r->stopped;
}

static pl_status play(run *r, pl_error *err)
{
	const pl_round_calls calls = {answer, r, watch, r};
	r->round = 0;
	if (r->rule == NULL) PL_TRY(pl_rule_new(&r->rule, &r->frame, &r->e->rule, err));
	if (r->w != NULL && r->w->rule != NULL) r->w->rule(r->w->self, r->year, r->rule);
	return pl_rounds_run(&r->rounds, r->rule, r->start, r->e->max_rounds, &calls, err);
}

/* ---- without rounds ---- */

/// Clear this year's schedules into r->best.
static pl_status clear(run *r, pl_error *err)
{
	pl_settings s = pl_settings_preset();
	s.tolerance = r->e->plan_tolerance;
	return pl_plan_clear(&r->best, r->m, &s, r->start, NULL, NULL, err);
}

/// A plan as rounds that ended at once, and as a round for who looks on.
static pl_status publish(run *r, pl_totals *totals, uint8_t *at_floor, double *price,
                         pl_error *err)
{
	const pl_plan *p = r->best;
	pl_rounds *out = r->rounds;
	pl_round round;
	for (int32_t j = 0; j < p->n_goods; j++) {
		at_floor[j] = p->price[j] == 0;
		price[j] = fmax(p->price[j], DBL_MIN);
	}
	PL_TRY(pl_round_total(&round, totals, &r->frame, price, p->quantity, at_floor, err));
	round.number = out->n_rounds = out->best_round = 1;
	round.price = p->price;
	round.remark = p->reason;
	out->outcome = p->outcome;
	out->worst = round.worst;
	out->worst_good = round.worst_good;
	memcpy(out->price, p->price, (size_t)p->n_goods * sizeof *p->price);
	memcpy(out->quantity, p->quantity, (size_t)p->n_links * sizeof *p->quantity);
	memcpy(out->imbalance, round.imbalance, (size_t)p->n_goods * sizeof *out->imbalance);
	memcpy(out->reason, p->reason, sizeof out->reason);
	for (int b = 0; b < PL_BOUNDS; b++)
		out->rounds_to[b] = p->outcome == PL_CLEARED && round.worst <= pl_bound[b];
	(void)watch(r, &round);
	return PL_OK;
}

static pl_status plan_directly(run *r, pl_error *err)
{
	pl_totals *totals = NULL;
	PL_TRY(clear(r, err));
	pl_status st = PL_ENOMEM;
	const int32_t n = r->frame.n_goods;
	uint8_t *at_floor = pl_alloc(n, sizeof *at_floor);
	double *price = pl_alloc(n, sizeof *price);
	pl_rounds *out = r->rounds = pl_alloc(1, sizeof *out);
	if (at_floor == NULL || price == NULL || out == NULL) goto nomem;
	out->n_goods = n;
	out->n_links = r->frame.n_links;
	out->price = pl_alloc(n, sizeof *out->price);
	out->quantity = pl_alloc(out->n_links, sizeof *out->quantity);
	out->imbalance = pl_alloc(n, sizeof *out->imbalance);
	if (out->price == NULL || out->quantity == NULL || out->imbalance == NULL) goto nomem;
	st = pl_totals_new(&totals, &r->frame, err);
	if (st == PL_OK) st = publish(r, totals, at_floor, price, err);
	goto done;

nomem:
	st = pl_fail(err, PL_ENOMEM, -1, "no memory for a plan of %d goods", n);
done:
	pl_totals_free(totals);
	pl_free(price);
	pl_free(at_floor);
	return st;
}

/* ---- what a year came to ---- */

void pl_lab_stocks(double *stock, const pl_frame *frame, const double *quantity, double part)
{
	memset(stock, 0, (size_t)frame->n_goods * sizeof *stock);
	for (int64_t k = 0; k < frame->n_links; k++)
		if (!pl_role_supplies(frame->role[k]) &&
		    frame->good_kind[frame->good[k]] == PL_PRODUCT)
			stock[frame->good[k]] += part * quantity[k];
}

pl_end_kind pl_experiment_end(const pl_experiment *e, const pl_rounds *year)
{
	return year->outcome == PL_CLEARED ? PL_END_PRO_RATA : e->end;
}

static pl_status make_ending(run *r, pl_error *err)
{
	const pl_end_kind kind = pl_experiment_end(r->e, r->rounds);
	double *stock = NULL;
	if (r->e->rule.kind == PL_RULE_direct ||
	    (r->rounds->outcome == PL_CLEARED && !r->e->loss))
		return PL_OK;
	if (kind == PL_END_STOCKS && r->e->stocks > 0) {
		stock = pl_alloc(r->frame.n_goods, sizeof *stock);
		if (stock == NULL)
			return pl_fail(err, PL_ENOMEM, -1, "no memory for stocks of %d goods",
			               r->frame.n_goods);
		pl_lab_stocks(stock, &r->frame, r->rounds->quantity, r->e->stocks);
	}
	const pl_status st = pl_rounds_end(&r->ending, kind, &r->frame, r->rounds->price,
	                                   r->rounds->quantity, stock, err);
	pl_free(stock);
	return st;
}

static double value(int32_t n, const double *price, const double *quantity)
{
	double sum = 0;
	for (int32_t j = 0; j < n; j++) sum += price[j] * quantity[j];
	return sum;
}

/// Of each good that consumers want: what is made and held of it less what workplaces use.
static void find_final(double *final, const run *r)
{
	const pl_frame *f = &r->frame;
	for (int32_t j = 0; j < f->n_goods; j++) final[j] = (double)NAN;
	for (int64_t k = 0; k < f->n_links; k++)
		if (f->role[k] == PL_WANTS && f->good_kind[f->good[k]] != PL_FREE)
			final[f->good[k]] = f->held[f->good[k]];
	for (int64_t k = 0; k < f->n_links; k++)
		if (pl_role_supplies(f->role[k]))
			final[f->good[k]] += r->rounds->quantity[k];
		else if (f->role[k] == PL_USES)
			final[f->good[k]] -= r->rounds->quantity[k];
	for (int32_t j = 0; j < f->n_goods; j++)
		if (isnan(final[j])) final[j] = 0;
}

/// Growth against the year before; this year's quantities are kept for the next.
static double growth(run *r)
{
	const int32_t n = r->frame.n_goods;
	const double *price = r->rounds->price;
	find_final(r->final, r);
	const double laspeyres =
	        value(n, r->old_price, r->final) / value(n, r->old_price, r->old_final);
	const double paasche = value(n, price, r->final) / value(n, price, r->old_final);
	memcpy(r->old_price, price, (size_t)n * sizeof *price);
	memcpy(r->old_final, r->final, (size_t)n * sizeof *r->final);
	return r->year == 1 ? (double)NAN : (laspeyres + paasche) / 2 - 1;
}

static const double *carried_out(const run *r)
{
	return r->ending != NULL ? r->ending->quantity : r->rounds->quantity;
}

/// Against the best plan of the councils, looked for from the prices of the tables'.
static pl_status measure_councils_loss(double *out, const run *r, pl_error *err)
{
	const int32_t n = r->m->n_goods;
	double *start = pl_alloc(2 * (int64_t)n, sizeof *start);
	double *quantity = pl_alloc(r->m->n_links, sizeof *quantity);
	pl_status st = PL_ENOMEM;
	bool found = false;
	if (start == NULL || quantity == NULL) {
		(void)pl_fail(err, st, -1, "no memory for the best plan of %d goods", n);
	} else {
		pl_plan best = *r->best; /* but for its prices and quantities */
		best.price = start + n;
		best.quantity = quantity;
		for (int32_t j = 0; j < n; j++)
			start[j] =
			        r->best->price[j] > 0 ? r->best->price[j] : r->m->good.price[j];
		st = pl_lab_settle(&found, best.price, quantity, r->m, &r->e->behaviour,
		                   r->e->seed, start, err);
		if (found) *out = pl_lab_loss(r->m, &best, carried_out(r));
	}
	pl_free(start);
	pl_free(quantity);
	return st;
}

static pl_status measure_loss(double *out, run *r, pl_error *err)
{
	*out = (double)NAN;
	if (!r->e->loss) return PL_OK;
	if (r->best == NULL) PL_TRY(clear(r, err));
	if (r->best->outcome != PL_CLEARED) return PL_OK;
	if (r->e->best == PL_BEST_COUNCILS) return measure_councils_loss(out, r, err);
	*out = pl_lab_loss(r->m, r->best, carried_out(r));
	return PL_OK;
}

static pl_status play_year(run *r, pl_error *err)
{
	pl_year y = {.number = r->year, .model = r->m, .start = r->start};
	PL_TRY(r->e->rule.kind == PL_RULE_direct ? plan_directly(r, err) : play(r, err));
	if (r->stopped && !r->w->stopped_too)
		return pl_fail(err, PL_ESTOPPED, -1, "stopped in year %d", r->year);
	PL_TRY(make_ending(r, err));
	PL_TRY(measure_loss(&y.loss, r, err));
	y.growth = growth(r);
	y.rounds = r->rounds;
	y.ending = r->ending;
	y.best = r->best;
	const bool go_on = r->w == NULL || r->w->year == NULL || r->w->year(r->w->self, &y);
	if (!go_on || r->stopped)
		return pl_fail(err, PL_ESTOPPED, -1, "stopped after year %d", r->year);
	return PL_OK;
}

/* ---- years ---- */

/// The economy a year later; prices carry over. @pre a year was played
static pl_status turn_year(run *r, pl_error *err)
{
	pl_model *next = NULL;
	pl_random draw = pl_random_new(r->e->seed, (uint64_t)r->year);
	const uint64_t seed = pl_random_bits(&draw);
	for (int32_t j = 0; j < r->frame.n_goods; j++)
		r->start[j] =
		        r->rounds->price[j] > 0 ? r->rounds->price[j] : r->m->good.price[j];
	PL_TRY(r->e->change == PL_CHANGE_PUBLISHED
	               ? pl_lab_year_two(&next, r->m, seed, err)
	               : pl_lab_shock(&next, r->m, r->e->shock, seed, err));
	const pl_status st = pl_councils_new_year(r->councils, next, err);
	if (st != PL_OK) {
		pl_model_free(next);
		return st;
	}
	run_clear_year(r);
	r->m = next;
	r->frame = pl_frame_of(next);
	if (r->rule != NULL && !r->e->forgets) {
		pl_rule_new_year(r->rule, &r->frame);
	} else {
		pl_rule_free(r->rule);
		r->rule = NULL;
	}
	pl_model_free(r->own);
	r->own = next;
	return PL_OK;
}

static pl_status play_years(run *r, pl_error *err)
{
	for (r->year = 1;; r->year++) {
		PL_TRY(play_year(r, err));
		if (r->year == r->e->years) return PL_OK;
		PL_TRY(turn_year(r, err));
	}
}

static pl_status refuse_direct(const pl_experiment *e, pl_error *err)
{
	if (e->rule.kind != PL_RULE_direct) return PL_OK;
	for (int b = 0; b < PL_BEHAVIOURS; b++)
		if (b != PL_B_declared && e->behaviour.strength[b] != 0)
			return pl_fail(err, PL_EARG, -1,
			               "`direct` clears the schedules of the tables: it goes "
			               "with declared behaviour only, not with %s",
			               pl_behaviours[b].name);
	return PL_OK;
}

static pl_status refuse_best(const pl_experiment *e, pl_error *err)
{
	if (e->best != PL_BEST_COUNCILS || pl_behaviour_is_steady(&e->behaviour)) return PL_OK;
	return pl_fail(
	        err, PL_EARG, -1,
	        "only councils that answer the same prices always alike have a best plan "
	        "of their own: declared, nested");
}

pl_status pl_experiment_run(const pl_experiment *e, const pl_experiment_watch *w, pl_error *err)
{
	assert(e->years > 0 && e->max_rounds > 0);
	run r = {.e = e, .w = w, .m = e->model, .frame = pl_frame_of(e->model)};
	pl_status st = refuse_direct(e, err);
	if (st == PL_OK) st = refuse_best(e, err);
	if (st == PL_OK) st = run_alloc(&r, err);
	if (st == PL_OK) st = pl_councils_new(&r.councils, r.m, &e->behaviour, e->seed, err);
	if (st == PL_OK) {
		const double *start = e->start != NULL ? e->start : r.m->good.price;
		memcpy(r.start, start, (size_t)r.m->n_goods * sizeof *start);
		st = play_years(&r, err);
	}
	run_clear(&r);
	return st;
}
