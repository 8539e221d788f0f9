/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rounds/rule.h"

#include "base/alloc.h"
#include "base/error.h"
#include "rounds/fitted.h"
#include "rounds/frame.h"
#include "rounds/simple.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A price stops falling where all that there is of the good is worth this part of what is asked
 * for of an average good. */
static const double floor_part = 1e-6;
/* A rule gets on when its worst good, or all goods by value, come nearer to balance by this
 * part. */
static const double progress = 0.1;
/* Rounds without getting on after which a rule is lost. The simple rules wander. */
enum { FITTED_PATIENCE = 3, SIMPLE_PATIENCE = 60 };

struct pl_rule {
	pl_frame frame;
	pl_rule_settings settings;
	pl_totals *totals;
	pl_simple *simple; /* the rule, or what `fitted` falls back to */
	pl_fitted *fitted; /* NULL: a simple rule */
	uint8_t *at_floor; /* [n_goods] */
	double *announced; /* [n_goods] the last step's prices */
	bool expects;      /* the last step came from fitted schedules */
	double nearest;    /* smallest |log(D/S)| of a round's worst good, this year, */
	double least;      /* and least value out of balance, of all */
	int32_t since;     /* rounds since then */
	bool lost;
	char remark[256];
};

#define PL_RULE(id, help) #id,
static const char *const names[PL_RULES] = {
#include <plenum/rules.def>
};
#undef PL_RULE

const char *pl_rule_name(int kind)
{
	return kind >= 0 && kind < PL_RULES ? names[kind] : NULL;
}

int pl_rule_of(const char *name)
{
	for (int i = 0; i < PL_RULES; i++)
		if (strcmp(names[i], name) == 0) return i;
	return -1;
}

pl_rule_settings pl_rule_preset(void)
{
	return (pl_rule_settings){PL_RULE_fitted, 0.01, 8, true};
}

static pl_status refuse_settings(const pl_rule_settings *s, pl_error *err)
{
	if (s->kind == PL_RULE_direct)
		return pl_fail(err, PL_EARG, -1,
		               "`direct` clears declared schedules at once: it has no rounds");
	if (pl_rule_name((int)s->kind) == NULL)
		return pl_fail(err, PL_EARG, -1, "there is no rule number %d", (int)s->kind);
	if (!(s->tolerance > 0 && s->tolerance < 1))
		return pl_fail(err, PL_EARG, -1, "a tolerance is between 0 and 1, not %g",
		               s->tolerance);
	if (!(s->log_step > 0 && s->log_step < INFINITY))
		return pl_fail(err, PL_EARG, -1, "the largest step is a number above 0, not %g",
		               s->log_step);
	return PL_OK;
}

static void begin_year(pl_rule *r)
{
	r->nearest = r->least = INFINITY;
	r->since = 0;
	r->lost = r->expects = false;
	r->remark[0] = '\0';
	memset(r->at_floor, 0, (size_t)r->frame.n_goods);
}

pl_status pl_rule_new(pl_rule **out, const pl_frame *frame, const pl_rule_settings *s,
                      pl_error *err)
{
	*out = NULL;
	PL_TRY(refuse_settings(s, err));
	const bool fits = s->kind == PL_RULE_fitted;
	pl_status st = PL_ENOMEM;
	pl_rule *r = pl_alloc(1, sizeof *r);
	if (r == NULL) goto nomem;
	r->frame = *frame;
	r->settings = *s;
	r->at_floor = pl_alloc(frame->n_goods, sizeof *r->at_floor);
	r->announced = pl_alloc(frame->n_goods, sizeof *r->announced);
	if (r->at_floor == NULL || r->announced == NULL) goto nomem;
	st = pl_totals_new(&r->totals, &r->frame, err);
	if (st == PL_OK)
		st = pl_simple_new(&r->simple, frame->n_goods,
		                   fits ? PL_RULE_anderson : s->kind, err);
	if (st == PL_OK && fits) st = pl_fitted_new(&r->fitted, &r->frame, s, err);
	if (st != PL_OK) goto undo;
	begin_year(r);
	*out = r;
	return PL_OK;

nomem:
	st = pl_fail(err, PL_ENOMEM, -1, "no memory for a rule about %d goods", frame->n_goods);
undo:
	pl_rule_free(r);
	return st;
}

void pl_rule_free(pl_rule *r)
{
	if (r == NULL) return;
	pl_fitted_free(r->fitted);
	pl_simple_free(r->simple);
	pl_totals_free(r->totals);
	pl_free(r->announced);
	pl_free(r->at_floor);
	pl_free(r);
}

void pl_rule_new_year(pl_rule *r, const pl_frame *frame)
{
	assert(frame->n_goods == r->frame.n_goods && frame->n_links == r->frame.n_links);
	r->frame = *frame;
	pl_simple_new_year(r->simple);
	if (r->fitted != NULL) pl_fitted_new_year(r->fitted, &r->frame);
	begin_year(r);
}

const pl_frame *pl_rule_frame(const pl_rule *r)
{
	return &r->frame;
}

double pl_rule_tolerance(const pl_rule *r)
{
	return r->settings.tolerance;
}

pl_status pl_rule_look(pl_round *out, pl_rule *r, const double *price, const double *quantity,
                       pl_error *err)
{
	PL_TRY(pl_round_total(out, r->totals, &r->frame, price, quantity, r->at_floor, err));
	out->remark = r->remark;
	return PL_OK;
}

/* How far the worst good is from balance. Unlike the imbalance, which ends at 2, it also tells
 * far from very far. */
static double distance(const pl_rule *r, const pl_round *round)
{
	double worst = 0;
	for (int32_t j = 0; j < r->frame.n_goods; j++)
		if (round->imbalance[j] > 0)
			worst = fmax(worst,
			             fabs(pl_log_excess(round->supply[j], round->demand[j])));
	return worst;
}

static void judge(pl_rule *r, const pl_round *round)
{
	const double now = distance(r, round);
	r->remark[0] = '\0';
	r->lost = false;
	r->since++;
	if (now <= (1 - progress) * r->nearest || round->total <= (1 - progress) * r->least)
		r->since = 0;
	if (r->since == 0) {
		r->nearest = fmin(r->nearest, now);
		r->least = fmin(r->least, round->total);
	}
	if (r->fitted != NULL && pl_fitted_waits(r->fitted)) {
		r->since = 0;
		(void)snprintf(
		        r->remark, sizeof r->remark,
		        "many move by the same factor and nobody by a larger one: that is "
		        "taken for a limit, and what they propose for a step on the way");
	}
	const int32_t patience = r->fitted != NULL ? FITTED_PATIENCE : SIMPLE_PATIENCE;
	if (round->worst <= r->settings.tolerance || r->since < patience) return;
	r->lost = true;
	(void)snprintf(r->remark, sizeof r->remark,
	               "for %d rounds nothing has come nearer to balance: the rule "
	               "does not lead to a plan here",
	               r->since);
}

/* The value of what is asked for of an average good, times the part above. */
static double floor_value(const pl_rule *r, const pl_round *round)
{
	double value = 0;
	int32_t n = 0;
	for (int32_t j = 0; j < r->frame.n_goods; j++) {
		if (r->frame.good_kind[j] == PL_FREE) continue;
		value += round->price[j] * round->demand[j];
		n++;
	}
	return n > 0 ? floor_part * (value / n) : 0;
}

static void keep_floors(double *next, pl_rule *r, const pl_round *round)
{
	const double value = floor_value(r, round);
	for (int32_t j = 0; j < r->frame.n_goods; j++) {
		const double supply = round->supply[j];
		const bool surplus = supply > 0 && supply >= round->demand[j];
		const bool low = surplus && r->frame.good_kind[j] != PL_FREE &&
		                 next[j] * supply <= value;
		r->at_floor[j] = low;
		if (low) next[j] = fmin(round->price[j], value / supply);
	}
}

static void step_simply(double *next, pl_rule *r, const pl_round *round)
{
	pl_simple_step(next, r->simple, round, r->settings.log_step);
	keep_floors(next, r, round);
}

pl_status pl_rule_next(double *next, pl_rule *r, const pl_round *round, pl_error *err)
{
	bool found = false;
	pl_simple_see(r->simple, &r->frame, round);
	if (r->fitted != NULL)
		PL_TRY(pl_fitted_step(&found, next, r->at_floor, r->fitted, round, err));
	judge(r, round);
	if (!found) step_simply(next, r, round);
	if (r->fitted != NULL && !found && !r->lost)
		(void)snprintf(r->remark, sizeof r->remark,
		               "the schedules fitted to the proposals have no plan in common: "
		               "this step was made from totals alone, as `anderson` does");
	memcpy(r->announced, next, (size_t)r->frame.n_goods * sizeof *next);
	r->expects = found;
	return PL_OK;
}

pl_status pl_rule_step(double *next, pl_rule *r, const double *price, const double *quantity,
                       pl_error *err)
{
	pl_round round;
	PL_TRY(pl_rule_look(&round, r, price, quantity, err));
	return pl_rule_next(next, r, &round, err);
}

const uint8_t *pl_rule_floors(const pl_rule *r)
{
	return r->at_floor;
}

const char *pl_rule_remark(const pl_rule *r)
{
	return r->remark;
}

bool pl_rule_is_lost(const pl_rule *r)
{
	return r->lost;
}

void pl_rule_expected(double *quantity, const pl_rule *r)
{
	pl_rule_expected_at(quantity, r, r->announced);
}

void pl_rule_expected_at(double *quantity, const pl_rule *r, const double *price)
{
	if (r->expects) {
		pl_fitted_expected(quantity, r->fitted, price);
		return;
	}
	for (int64_t k = 0; k < r->frame.n_links; k++) quantity[k] = (double)NAN;
}
