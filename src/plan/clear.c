/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Clearing, from start prices to a certified plan: search, settle, certify; where that fails
 * ask what is missing, and plan with what can be met. */
#include "plan/clear.h"

#include "plan/certify.h"
#include "plan/conflict.h"
#include "plan/descend.h"
#include "plan/leontief.h"
#include "plan/settle.h"

#include "base/alloc.h"
#include "base/error.h"
#include "model/say.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* All relative to the plan's tolerance. `spare` of each good's demand is made beyond it, so
 * that rounding cannot make a shortage; balances are solved to `exact`; where requests take
 * exactly what there is, they are met to within `tight`, so that there is room for it. */
static const double spare = 1e-3, exact = 5e-4, tight = 2e-2;
static const double loose = 1e-6, loose_spare = 0.5, loose_exact = 0.45;
static const double finest = 1e-13; /* no balance is asked to be finer than rounding allows */
static const double margins = 0.03; /* of the tolerance: what acts may miss their margins by: it
                                       adds up along chains of makers */
static const double first_part = 0.5; /* how near the search goes first, at least first_near */
static const double too_far = 1e-3;   /* for settling to do any good */
static const double arrived = 0.05;   /* start prices so good that settling may do */
static const double first_near = 1e-8, last_near = 1e-13, nearer = 1e-2;
static const double proof_near =
        1e-8; /* to which the proof that something is missing is solved */
static const double leeway =
        1e-6; /* left of what the nearest plan can give, so that it has room */

typedef struct {
	const pl_model *m;
	const pl_settings *s;
	const double *start; /* [model goods] */
	pl_watch watch;
	void *self;
	int64_t steps, sweeps;
	bool stopped;
	bool nearest;     /* planning with what can be met */
	int64_t hopeless; /* link of a want that nobody can supply, -1: none */
	pl_plan *plan;
	double *request; /* [n_links] what fixed wants get, where that is less than they ask */
	double *kept;    /* a point of the search, while settling is tried from it */
} clearing;

static pl_status method_for(pl_method **out, pl_program **g, const clearing *c,
                            const pl_twist *twist, const char *phase, pl_error *err)
{
	*out = NULL;
	pl_status st = pl_program_new(g, c->m, twist, err);
	if (st == PL_OK) st = pl_method_new(out, *g, c->s, err);
	if (st != PL_OK) return st;
	(*out)->watch = c->watch;
	(*out)->self = c->self;
	(*out)->steps = c->steps;
	(*out)->sweeps = c->sweeps;
	(*out)->phase = phase;
	for (int32_t j = 0; j < (*g)->n_goods; j++)
		(*out)->at.price[j] = c->start[(*g)->good[j]];
	return PL_OK;
}

static void method_done(clearing *c, pl_method *k)
{
	c->steps = k->steps;
	c->sweeps = k->sweeps + k->normal->sweeps;
	c->stopped = c->stopped || k->stopped;
}

static void set_reserve(pl_method *k, double part)
{
	for (int32_t j = 0; j < k->g->n_goods; j++) k->reserve[j] = part * k->demand[j];
}

/* Settle from where the search stands, holding back `part` of each good's demand; undone
 * unless a plan comes out. A settled point is wanted; the `last` time a certified one does. */
static bool land(clearing *c, pl_method *k, double part, double near, const double *request,
                 bool last, bool brief)
{
	pl_method_keep(k, c->kept, false);
	set_reserve(k, part);
	bool found = pl_settle(k, near, fmax(near, margins * c->s->tolerance), brief) || last;
	if (c->plan != NULL) {
		found = pl_certify(c->plan, c->m, k, request, c->nearest) && found;
	}
	if (found || k->stopped) return found;
	pl_method_keep(k, c->kept, true);
	set_reserve(k, 0);
	pl_method_look(k);
	return false;
}

static bool room_to_keep(clearing *c, const pl_method *k, pl_status *st, pl_error *err)
{
	c->kept = pl_alloc(2 * (int64_t)k->g->n_goods + 4 * (int64_t)k->g->n_acts,
	                   sizeof *c->kept);
	if (c->kept == NULL)
		*st = pl_fail(err, PL_ENOMEM, -1, "no memory to keep a point of the search");
	return c->kept != NULL;
}

/* A tight plan comes out far better than asked; a loose one, which is asked for to be quick,
 * uses the tolerance up: half of it is held back, and balances are solved to a little less. */
static double spare_part(const clearing *c)
{
	return (c->s->tolerance > loose ? loose_spare : spare) * c->s->tolerance;
}

static double exactness(const clearing *c)
{
	return (c->s->tolerance > loose ? loose_exact : exact) * c->s->tolerance;
}

/* Where recipes alone decide, nothing has to be searched for. The prices of the start are put
 * back where that is not a plan. */
static bool reach_at_once(clearing *c, pl_method *k, double part, const double *request,
                          pl_status *st, pl_error *err)
{
	const double near = fmax(exactness(c), finest);
	bool found;
	*st = PL_OK;
	if (request != NULL) return false; /* it has been tried */
	*st = pl_leontief(&found, k, part, near, fmax(margins * near, finest), err);
	if (!found) return false;
	if (pl_certify(c->plan, c->m, k, request, c->nearest)) return true;
	for (int32_t j = 0; j < k->g->n_goods; j++) k->at.price[j] = c->start[k->g->good[j]];
	set_reserve(k, 0);
	return false;
}

/* Search, then settle; from closer by where settling fails. Where exactly one plan fits,
 * nothing can be held back: then the balance is as exact as rounding allows. */
static bool reach_plan(clearing *c, pl_method *k, const double *request, pl_status *st,
                       pl_error *err)
{
	const char *phase = k->phase;
	const double part = fmax(spare_part(c), 2 * finest);
	bool found = false, going = true;
	if (pl_descend_applies(k->g)) {
		*st = pl_descend(&found, k, part, fmax(exactness(c), finest), err);
		return *st == PL_OK && found &&
		       (c->plan == NULL || pl_certify(c->plan, c->m, k, request, c->nearest));
	}
	if (reach_at_once(c, k, part, request, st, err) || *st != PL_OK) return *st == PL_OK;
	if (k->stopped) return false;
	if (!room_to_keep(c, k, st, err)) return false;
	if (pl_search_arrive(k) <= arrived)
		found = land(c, k, part, fmax(exactness(c), finest), request, false, true);
	if (!found) pl_search_begin(k);
	for (double near = fmax(first_near, first_part * c->s->tolerance); going && !found;
	     near *= nearer) {
		k->phase = phase;
		going = pl_search(k, near) && near > last_near;
		if (k->stopped || !isfinite(k->distance) ||
		    k->distance > fmax(too_far, c->s->tolerance))
			break;
		found = land(c, k, part, fmax(exactness(c), finest), request, !going, false);
		if (!found && !k->stopped)
			found = land(c, k, 0, finest, request, !going, false);
		if (k->stopped) break;
	}
	pl_free(c->kept);
	c->kept = NULL;
	return found;
}

/* The same for the prices that prove what is missing; they need not be as exact. */
static bool reach_proof(clearing *c, pl_method *k, pl_status *st, pl_error *err)
{
	pl_plan *const plan = c->plan;
	bool found = false;
	if (!room_to_keep(c, k, st, err)) return false;
	pl_search_begin(k);
	c->plan = NULL; /* nothing to certify */
	for (double near = first_near; !found && near > last_near; near *= nearer) {
		if (!pl_search(k, near) || k->stopped) break;
		found = land(c, k, 0, proof_near, NULL, false, false);
	}
	c->plan = plan;
	pl_free(c->kept);
	c->kept = NULL;
	return found;
}

/* One try at a plan that gives fixed wants what `request` says. */
static pl_status try_plan(bool *found, clearing *c, const double *request, const char *phase,
                          pl_error *err)
{
	pl_program *g = NULL;
	pl_method *k = NULL;
	const pl_twist twist = {request, false};
	*found = false;
	pl_status st = method_for(&k, &g, c, &twist, phase, err);
	if (st == PL_OK) {
		c->hopeless = g->hopeless;
		*found = reach_plan(c, k, request, &st, err);
		if (st == PL_OK && !*found)
			(void)pl_certify(c->plan, c->m, k, request, c->nearest);
		method_done(c, k);
	}
	pl_method_free(k);
	pl_program_free(g);
	return st;
}

pl_status pl_clear_program(bool *found, double *price, double *activity, const pl_program *g,
                           const pl_settings *s, pl_error *err)
{
	pl_method *k = NULL;
	pl_status st = pl_method_new(&k, g, s, err);
	*found = false;
	if (st == PL_OK) {
		memcpy(k->at.price, price, (size_t)g->n_goods * sizeof *price);
		k->phase = "searching";
		if (pl_descend_applies(g)) {
			st = pl_descend(found, k, 0, s->tolerance, err);
		} else {
			pl_search_begin(k);
			*found = pl_search(k, s->tolerance);
		}
		memcpy(price, k->at.price, (size_t)g->n_goods * sizeof *price);
		memcpy(activity, k->at.z, (size_t)g->n_acts * sizeof *activity);
	}
	pl_method_free(k);
	return st;
}

/* What is missing? Fills c->request with what wants can get. @return the largest unmet part */
static pl_status find_missing(double *unmet, clearing *c, pl_error *err)
{
	pl_program *g = NULL;
	pl_method *k = NULL;
	const pl_twist twist = {NULL, true};
	pl_status st = method_for(&k, &g, c, &twist, "what is missing", err);
	*unmet = 0;
	if (st == PL_OK) {
		const bool found = reach_proof(c, k, &st, err);
		if (found && st == PL_OK) *unmet = pl_conflict_met(c->request, c->m, k);
		if (*unmet > PL_UNMET_IS_REAL) st = pl_conflict_name(c->plan, c->m, k, err);
		method_done(c, k);
	}
	pl_method_free(k);
	pl_program_free(g);
	return st;
}

/* Leave a little of what wants can get, so that the plan does not have to be exact: of every
 * want, or only of those that cannot be met in full. */
static void loosen(clearing *c, double part, bool all)
{
	for (int32_t i = 0; i < c->m->n_councils; i++)
		for (int64_t k = c->m->link.start[i]; k < c->m->link.start[i + 1]; k++)
			if (c->m->link.role[k] == PL_WANTS && pl_want_is_fixed(c->m, i, k) &&
			    (all || c->request[k] < c->m->link.amount[k]))
				c->request[k] *= 1 - part;
}

static pl_outcome unfinished(const clearing *c)
{
	if (c->stopped) return PL_STOPPED;
	return c->steps >= c->s->max_steps ? PL_ROUND_LIMIT : PL_STALLED;
}

/* Does anything in the economy count in credits? If not, prices have no level to find. */
static bool has_money(const pl_model *m)
{
	for (int32_t i = 0; i < m->n_councils; i++) {
		const int schedule = m->council.schedule[i];
		const double *const *param = m->council.param;
		const bool recipe =
		        schedule == PL_S_recipe &&
		        (param[PL_P_recipe_effort][i] > 0 || param[PL_P_recipe_slope][i] > 0);
		const bool effort = schedule == PL_S_cobb_douglas &&
		                    param[PL_P_cobb_douglas_effort_elasticity][i] > 0;
		if (recipe || effort || pl_is_budget(schedule) || schedule == PL_S_isoelastic ||
		    schedule == PL_S_affected)
			return true;
	}
	return false;
}

static void say_unfinished(pl_plan *p, const pl_model *m)
{
	static const char *const why[] = {"", "the limit of steps was reached",
	                                  "the method made no more progress", "it was stopped",
	                                  ""};
	(void)snprintf(
	        p->reason, sizeof p->reason,
	        "not a plan: %s; the worst good, %s, is out of balance by %s", why[p->outcome],
	        p->worst_good < 0 ? "none" : pl_say_id(pl_text_at(m->good.id, p->worst_good)).s,
	        pl_say_number(p->worst_imbalance).s);
	const size_t n = strlen(p->reason);
	if (p->outcome == PL_STALLED && !has_money(m))
		(void)snprintf(p->reason + n, sizeof p->reason - n,
		               ". Nothing here has a cost or an income, so there is nothing to "
		               "measure prices by: give a workplace an effort, or a council a "
		               "budget");
}

static int32_t council_of(const pl_model *m, int64_t link)
{
	int32_t i = 0;
	while (m->link.start[i + 1] <= link) i++;
	return i;
}

static void say_hopeless(pl_plan *p, const pl_model *m, int64_t link)
{
	(void)snprintf(
	        p->reason, sizeof p->reason,
	        "no plan can meet what %s asks for: nobody can make %s, because something "
	        "that its makers need is neither held nor made",
	        pl_say_id(pl_text_at(m->council.id, council_of(m, link))).s,
	        pl_say_id(pl_text_at(m->good.id, m->link.good[link])).s);
}

static void say_rough(pl_plan *p)
{
	const size_t n = strlen(p->reason);
	(void)snprintf(p->reason + n, sizeof p->reason - n,
	               " (the nearest plan is out of balance by %s)",
	               pl_say_number(p->worst_imbalance).s);
}

/* Requests that cannot all be met: what is scarce, and the plan that comes nearest. */
static pl_status clear_nearest(clearing *c, bool named, pl_error *err)
{
	bool found;
	c->nearest = true;
	loosen(c, leeway, false);
	const pl_status st = try_plan(&found, c, c->request, "nearest plan", err);
	c->plan->outcome = PL_INFEASIBLE;
	if (!named) say_hopeless(c->plan, c->m, c->hopeless);
	if (st == PL_OK && !found) say_rough(c->plan);
	return st;
}

static pl_status clear(clearing *c, pl_error *err)
{
	bool found;
	double unmet = 0;
	pl_status st = try_plan(&found, c, NULL, "searching", err);
	const bool hopeless = c->hopeless >= 0;
	if (st != PL_OK || (found && !hopeless) || (!found && unfinished(c) != PL_STALLED))
		goto done;
	if ((st = find_missing(&unmet, c, err)) != PL_OK || c->stopped) goto done;
	if (unmet > PL_UNMET_IS_REAL || hopeless)
		return clear_nearest(c, unmet > PL_UNMET_IS_REAL, err);
	memcpy(c->request, c->m->link.amount, (size_t)c->m->n_links * sizeof *c->request);
	loosen(c, tight * c->s->tolerance, true);
	st = try_plan(&found, c, c->request, "searching", err);
done:
	c->plan->outcome = found ? PL_CLEARED : unfinished(c);
	if (!found) say_unfinished(c->plan, c->m);
	return st;
}

pl_status pl_plan_clear(pl_plan **out, const pl_model *m, const pl_settings *s,
                        const double *start, pl_watch watch, void *self, pl_error *err)
{
	*out = NULL;
	if (start == NULL) start = m->good.price;
	for (int32_t j = 0; j < m->n_goods; j++)
		if (!(start[j] > 0) || isinf(start[j]))
			return pl_fail(err, PL_EARG, j,
			               "the start price of %s is %s; it must be above 0",
			               pl_say_id(pl_text_at(m->good.id, j)).s,
			               pl_say_number(start[j]).s);
	clearing c = {.m = m, .s = s, .start = start, .watch = watch, .self = self};
	pl_status st = pl_certify_new(&c.plan, m, start, s->tolerance, err);
	if (st != PL_OK) return st;
	c.request = pl_alloc(m->n_links, sizeof *c.request);
	if (c.request == NULL)
		st = pl_fail(err, PL_ENOMEM, -1, "no memory for %lld requests",
		             (long long)m->n_links);
	else
		st = clear(&c, err);
	pl_free(c.request);
	c.plan->steps = c.steps;
	c.plan->sweeps = c.sweeps;
	if (st == PL_OK)
		*out = c.plan;
	else
		pl_plan_free(c.plan);
	return st;
}
