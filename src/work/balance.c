/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* balance.c - from a workplace to jobs: deal the tasks out, exchange hours until jobs are
 * balanced, prove how near anybody can come, then make it cheaper. */
#include "base/alloc.h"
#include "base/error.h"
#include "work/anneal.h"
#include "work/branch.h"
#include "work/result.h"
#include "work/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	ALL_PAIRS = 128, /* people up to whom everybody is tried with everybody */
	FEW = 12,        /* partners tried otherwise */
	PARTS = 3,       /* shares of a job at first */
	WALK = 3,        /* kicks before the best is taken up again */
	POLISH = 500,    /* exchanges that take as long as polishing, for a pair of people */
	EXACT = 8,       /* people up to whom the search goes to its end */
	PROVEN = 16      /* people up to whom it tries to */
};
/* In exchanges and entries of a table, not seconds: the result must not depend on the clock. */
static const int64_t trials_once = 20000000, trials_kicked = 40000000, trials_few = 2000000;
static const int64_t trials_near = 30000000;
static const int64_t effort_first = 200000000, effort_exact = 100000000000,
                     effort_quick = 1000000000, effort_some = 200000000,
                     effort_anneal = 6000000000;
static const double least_excess = 1e-9;
static const double near_enough = 0.005; /* points, where more people are than EXACT */
/* what a kick may lose at first, as a part of the mean excess, in turn */
static const double slacks[] = {0.3, 1, 0.1, 3, 10};

static const char *const outcome_names[PL_JOBS_OUTCOMES] = {"balanced", "nearest", "hours",
                                                            "uncovered", "blocks"};

const char *pl_jobs_outcome_name(int outcome)
{
	return outcome >= 0 && outcome < PL_JOBS_OUTCOMES ? outcome_names[outcome] : NULL;
}

pl_work_settings pl_work_preset(void)
{
	return (pl_work_settings){.within = 0.5, .tasks_most = 6, .balance = true, .seed = 1};
}

/* ---- arguments -----------------------------------------------------------------------------
 */

static pl_status check_tasks(const pl_workplace *w, pl_error *err)
{
	int64_t sum = 0;
	for (int32_t t = 0; t < w->n_tasks; t++) {
		const double e = w->empowerment[t], d = w->desirability[t];
		if (w->need[t] < 0 || w->need[t] > PL_WORK_HOURS_MOST || w->block[t] < 0 ||
		    w->block[t] > PL_WORK_HOURS_MOST || w->learn[t] < -1 ||
		    w->learn[t] > PL_WORK_HOURS_MOST)
			return pl_fail(err, PL_EARG, t,
			               "a task's hours are below 0 or too many");
		if (!(e >= 1 && e <= 20 && d >= 1 && d <= 20))
			return pl_fail(err, PL_EARG, t,
			               "empowerment and desirability go from 1 to 20");
		sum += w->need[t];
		if (sum > PL_WORK_HOURS_MOST)
			return pl_fail(err, PL_EARG, t,
			               "the tasks have more than 1000000000 hours together");
	}
	return PL_OK;
}

static pl_status check_people(const pl_workplace *w, pl_error *err)
{
	int64_t sum = 0;
	for (int32_t m = 0; m < w->n_people; m++) {
		if (w->hours[m] <= 0 || w->hours[m] > PL_WORK_HOURS_MOST || w->learning[m] < 0)
			return pl_fail(err, PL_EARG, w->n_tasks + (int64_t)m,
			               "a person's hours are not above 0, or too many");
		sum += w->hours[m];
		if (sum > PL_WORK_HOURS_MOST)
			return pl_fail(err, PL_EARG, w->n_tasks + (int64_t)m,
			               "the people have more than 1000000000 hours together");
	}
	return PL_OK;
}

static pl_status check(const pl_workplace *w, const pl_work_settings *s, pl_error *err)
{
	if (w->n_people < 1 || w->n_tasks < 1)
		return pl_fail(err, PL_EARG, -1,
		               "a workplace has at least one person and one task");
	if (!(s->within >= 0) || s->tasks_most < 1 || s->tasks_most > PL_WORK_TASKS_MOST)
		return pl_fail(err, PL_EARG, -1,
		               "deviations are 0 or more, and tasks of a person 1 to %d",
		               PL_WORK_TASKS_MOST);
	PL_TRY(check_tasks(w, err));
	return check_people(w, err);
}

/* ---- the search ----------------------------------------------------------------------------
 */

/// Hands as they were last period, as far as that is still possible.
static void deal_last(pl_deal *d, int64_t *left)
{
	const pl_workplace *w = d->w;
	for (int32_t t = 0; t < w->n_tasks; t++) left[t] = w->need[t];
	for (int32_t m = 0; m < w->n_people; m++) {
		int64_t room = d->work[m];
		for (int64_t k = w->skill_start[m]; k < w->skill_start[m + 1]; k++) {
			const int32_t t = w->skill[k].task;
			int64_t hours = w->skill[k].last;
			if (!pl_bit(d->able->able, d->able->words, m, t)) continue;
			if (hours > room) hours = room;
			if (hours > left[t]) hours = left[t];
			if (hours < d->block[t] || d->hand[m].n >= d->s.tasks_most) continue;
			(void)pl_hand_add(&d->hand[m], t, hours);
			room -= hours;
			left[t] -= hours;
		}
	}
}

static pl_search level(const pl_deal *d, const uint64_t *bits, double target, double price)
{
	const int32_t n = d->w->n_people;
	return (pl_search){.bits = bits,
	                   .target = target,
	                   .price = price,
	                   .partners = n <= ALL_PAIRS ? n : FEW,
	                   .trials = n <= ALL_PAIRS ? trials_once / 5 : trials_once,
	                   .seed = d->s.seed};
}

static void exchange(pl_deal *d, const uint64_t *bits, double target, double price)
{
	const pl_search s = level(d, bits, target, price);
	(void)pl_search_run(d, &s);
}

/// Random exchanges for those whom the best ones do not help. @return exchanges looked at
static int64_t kick(pl_deal *d, double target, uint64_t round)
{
	pl_search s = level(d, d->able->able, target, 0);
	if (s.partners > FEW) s.partners = FEW;
	s.colleagues = true;
	s.seed += round;
	s.slack = round == 0 || d->w->n_people > ALL_PAIRS ? 0 : slacks[round / 5 % 5];
	s.trials = d->w->n_people > ALL_PAIRS ? trials_kicked : trials_few;
	return pl_search_kick(d, &s);
}

static bool reached(const pl_deal *d, double target)
{
	return pl_deal_faults(d) == 0 && pl_deal_worst(d) <= target + least_excess;
}

/// Exchange hours, first among those who are qualified, then where lessons are few, then
/// whatever they take.
static void level_out(pl_deal *d)
{
	static const double prices[] = {0.05, 0};
	exchange(d, d->able->once, d->s.within, 0);
	for (size_t i = 0; i < sizeof prices / sizeof *prices; i++)
		if (!reached(d, d->s.within))
			exchange(d, d->able->able, d->s.within, prices[i]);
	if (!reached(d, d->s.within)) (void)kick(d, d->s.within, 0);
}

/// The best hands so far. A deal that may not stand is worse than any that may.
typedef struct {
	pl_deal *d;
	pl_hand *hand; ///< [n_people]
	double worst;
	int64_t faults;
} record;

static bool keep(record *r)
{
	const int64_t faults = pl_deal_faults(r->d);
	const double worst = pl_deal_worst(r->d);
	if (faults > r->faults || (faults == r->faults && worst >= r->worst)) return false;
	r->faults = faults;
	r->worst = worst;
	memcpy(r->hand, r->d->hand, (size_t)r->d->w->n_people * sizeof *r->hand);
	return true;
}

static void restore(const record *r)
{
	memcpy(r->d->hand, r->hand, (size_t)r->d->w->n_people * sizeof *r->hand);
	for (int32_t m = 0; m < r->d->w->n_people; m++) pl_deal_weigh(r->d, m);
}

/// How far above the bound is as good as at it?
static double near_of(const pl_deal *d)
{
	return d->w->n_people <= EXACT ? PL_BRANCH_NEAR : near_enough;
}

/// Where the target cannot be reached: nearer and nearer to it, by kicks that aim between it
/// and what was reached.
static pl_status come_near(pl_deal *d, double bound, pl_error *err)
{
	/* how far down, as parts of the way that is left: mostly a little */
	static const double parts[] = {0.5, 0.75, 0.9, 0.95, 0};
	static const size_t n = sizeof parts / sizeof *parts;
	record r = {.d = d, .worst = INFINITY, .faults = INT64_MAX};
	r.hand = pl_alloc(d->w->n_people, sizeof *r.hand);
	if (r.hand == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
	const double low = fmax(bound, d->s.within);
	(void)keep(&r);
	const size_t patience = d->w->n_people > ALL_PAIRS ? n : 20 * n;
	pl_status status = PL_OK;
	size_t failed = 0;
	int64_t left = trials_near;
	for (uint64_t k = 0;
	     failed < patience && left > 0 && (r.faults > 0 || r.worst - low > near_of(d));
	     k++) {
		left -= kick(d, r.faults > 0 ? low : low + (r.worst - low) * parts[k % n],
		             k + 1);
		left -= d->w->n_people <= ALL_PAIRS
		                ? POLISH * (int64_t)d->w->n_people * d->w->n_people
		                : 0;
		status = pl_branch_polish(d, err);
		if (status != PL_OK) break;
		failed = keep(&r) ? 0 : failed + 1;
		if (failed % WALK == WALK - 1) restore(&r);
	}
	restore(&r);
	pl_free(r.hand);
	return status;
}

/// Cheaper jobs that are no further from balance than the target, or than these.
static void save(pl_deal *d, double target)
{
	pl_search s = level(d, d->able->able, target, 1);
	s.thrift = true;
	s.trials = trials_once / 4;
	(void)pl_search_run(d, &s);
}

/// Might there be jobs that are nearer to balance by more than so many points?
static bool is_open(const pl_deal *d, double bound, double points)
{
	return isfinite(bound) && !reached(d, d->s.within) &&
	       (pl_deal_faults(d) > 0 || pl_deal_worst(d) > bound + points);
}

/// And would that matter?
static bool open_to_better(const pl_deal *d, double bound)
{
	return is_open(d, bound, near_of(d));
}

static pl_status anneal(pl_deal *d, double bound, pl_error *err)
{
	if (!open_to_better(d, bound)) return PL_OK;
	if (pl_deal_faults(d) > 0) {
		PL_TRY(pl_anneal_mend(d, effort_anneal / 2, err));
		if (pl_deal_faults(d) == 0) PL_TRY(come_near(d, bound, err));
	}
	return pl_anneal_run(d, fmax(bound, d->s.within), effort_anneal, err);
}

/// Table entries that proving may take.
static int64_t effort_of(const pl_deal *d)
{
	if (d->w->n_people > EXACT) return effort_some;
	return d->s.quick ? effort_quick : effort_exact;
}

static pl_status balance(pl_deal *d, double *bound, pl_error *err)
{
	const bool few = d->w->n_people <= PROVEN, exact = d->w->n_people <= EXACT;
	level_out(d);
	PL_TRY(pl_bound_sums(bound, d, err));
	/* first a little branching: its bound tells when to stop exchanging */
	if (open_to_better(d, *bound)) PL_TRY(pl_branch_run(d, bound, effort_first, err));
	if (open_to_better(d, *bound)) PL_TRY(come_near(d, *bound, err));
	if (!exact) PL_TRY(anneal(d, *bound, err));
	if (few && is_open(d, *bound, PL_BRANCH_NEAR))
		PL_TRY(pl_branch_prove(d, bound, effort_of(d), err));
	if (pl_deal_faults(d) == 0) save(d, fmax(d->s.within, pl_deal_worst(d)));
	return PL_OK;
}

/* ---- the whole -----------------------------------------------------------------------------
 */

/// Who can learn the task that is short soonest, of those who cannot do it yet.
static void name_trainee(pl_jobs *j, const pl_deal *d)
{
	for (int32_t m = 0; m < j->n_people; m++) {
		if (pl_bit(d->able->able, d->able->words, m, j->short_task)) continue;
		const int64_t hours = pl_able_to_learn(d->able, d->w, m, j->short_task);
		if (hours < 0 || (j->train >= 0 && hours >= j->train_hours)) continue;
		j->train = m;
		j->train_hours = hours;
	}
}

/// A task of the first hand that may not stand: one with too small a share, if any.
static int32_t fault_of(const pl_deal *d)
{
	int32_t m = 0;
	while (pl_deal_faults_of(d, m) == 0) m++;
	const pl_hand *h = &d->hand[m];
	for (int32_t i = 0; i < h->n; i++)
		if (h->hours[i] < d->block[h->task[i]]) return h->task[i];
	return h->task[0];
}

static pl_status work_out(pl_jobs **out, pl_deal *d, pl_error *err)
{
	int64_t need = 0, offered = 0;
	double bound = 0;
	pl_shortage lack;
	for (int32_t t = 0; t < d->w->n_tasks; t++) need += d->w->need[t];
	for (int32_t m = 0; m < d->w->n_people; m++) offered += d->w->hours[m];
	if (need > offered) {
		PL_TRY(pl_result_new(out, d, PL_JOBS_HOURS, err));
		(*out)->short_hours = need - offered;
		return PL_OK;
	}
	int64_t *left = pl_alloc(d->w->n_tasks, sizeof *left);
	if (left == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to deal out tasks");
	deal_last(d, left);
	pl_free(left);
	PL_TRY(pl_deal_cover(&lack, d, d->able->able, PARTS, err));
	if (lack.task >= 0) {
		PL_TRY(pl_result_new(out, d, lack.full ? PL_JOBS_BLOCKS : PL_JOBS_UNCOVERED,
		                     err));
		(*out)->short_task = lack.task;
		(*out)->short_hours = lack.hours;
		name_trainee(*out, d);
		return PL_OK;
	}
	const double within = d->s.within;
	/* searches end that near to what they aim at */
	d->s.within = fmax(0, within - PL_BRANCH_NEAR);
	if (d->s.balance)
		PL_TRY(balance(d, &bound, err));
	else {
		exchange(d, d->able->able, INFINITY, 0);
		if (pl_deal_faults(d) > 0) (void)kick(d, INFINITY, 0);
		save(d, INFINITY);
	}
	const bool sound = pl_deal_faults(d) == 0;
	const double worst = pl_deal_worst(d);
	const pl_jobs_outcome outcome = !sound               ? PL_JOBS_BLOCKS
	                                : reached(d, within) ? PL_JOBS_BALANCED
	                                                     : PL_JOBS_NEAREST;
	PL_TRY(pl_result_new(out, d, outcome, err));
	(*out)->worst = worst;
	(*out)->bound = fmin(bound, worst);
	(*out)->proven = sound ? worst - (*out)->bound <= PL_BRANCH_NEAR : isinf(bound);
	if (!sound) (*out)->short_task = fault_of(d);
	return PL_OK;
}

pl_status pl_work_balance(pl_jobs **out, const pl_workplace *w, const pl_work_settings *s,
                          pl_error *err)
{
	*out = NULL;
	const pl_work_settings preset = pl_work_preset();
	if (s == NULL) s = &preset;
	pl_deal *d = NULL;
	PL_TRY(check(w, s, err));
	PL_TRY(pl_deal_new(&d, w, s, err));
	const pl_status status = work_out(out, d, err);
	pl_deal_free(d);
	return status;
}
