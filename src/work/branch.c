/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* branch.c - branch and bound over which shares are 0 and which are at least their block. What
 * follows from a decision by sums and sets of tasks is worked out first; a linear program
 * bounds what remains. Source: A. H. Land and A. G. Doig, Econometrica 28 (1960) 497-520. */
#include "work/branch.h"

#include "base/alloc.h"
#include "base/error.h"
#include "work/linear.h"
#include "work/search.h"
#include "work/shares.h"

#include <math.h>
#include <string.h>

static const double hour = PL_WORK_HOUR, close_to = 1e-7, scale_points = 20;
static const double first_goal = 4;                /* points, where no deal is known */
static const double closer = 0.9 * PL_BRANCH_NEAR; /* than the best deal: what is sought */

enum {
	NO_PAIR = -1,
	POLISH = 4 /* steps for each row, at most, to polish a deal */
};

/// A pair that was decided, whether the other side is to come, and what was before.
typedef struct {
	int32_t pair;
	bool up, turned;
	double bound;
	pl_shares_kept kept;
} fork;

typedef struct {
	pl_deal *d;
	pl_shares *shares;
	pl_linear *p;
	fork *fork; ///< [n_forks] the path to this node
	int32_t n_forks, room;
	pl_hand *best;  ///< [n_people] the best deal so far
	double worst;   ///< of best; infinite where it may not stand
	double goal;    ///< only deals that deviate less are sought
	double proven;  ///< least bound of the nodes that are done
	int64_t effort; ///< entries of the table left
	bool proving;   ///< most of it is to rule deals out
} tree;

static void clear(tree *z)
{
	for (int32_t k = 0; z->fork != NULL && k < z->room; k++)
		pl_shares_drop(&z->fork[k].kept);
	pl_linear_free(z->p);
	pl_shares_free(z->shares);
	pl_free(z->fork);
	pl_free(z->best);
}

/* ---- deals ---------------------------------------------------------------------------------
 */

static void keep_if_better(tree *z)
{
	const pl_deal *d = z->d;
	const double worst = pl_deal_worst(d);
	if (pl_deal_faults(d) > 0 || worst >= z->worst) return;
	z->worst = worst;
	memcpy(z->best, d->hand, (size_t)d->w->n_people * sizeof *z->best);
}

/// Exchanges from a deal that came out of the program.
static void improve(tree *z)
{
	keep_if_better(z);
	const double found = z->p->x[z->p->n_pairs];
	const double goal = fmax(found, z->proven < z->worst ? z->proven : 0);
	const pl_search s = {.bits = z->d->able->able,
	                     .target = goal,
	                     .partners = z->d->w->n_people,
	                     .trials = 300000};
	(void)pl_search_run(z->d, &s);
	keep_if_better(z);
}

static pl_status round_off(tree *z, pl_error *err)
{
	bool whole;
	PL_TRY(pl_linear_deal(&whole, z->p, z->d, err));
	if (whole) improve(z);
	return PL_OK;
}

/// A deal of a leaf is as near as the program found, but for rounding.
static pl_status harvest(tree *z, pl_error *err)
{
	PL_TRY(round_off(z, err));
	if (z->worst <= z->p->x[z->p->n_pairs] + PL_BRANCH_NEAR) return PL_OK;
	bool whole;
	PL_TRY(pl_linear_round(&whole, z->p, z->d, err));
	if (whole) improve(z);
	return PL_OK;
}

/// Deals that deviate as much as that are not looked for.
static double cut(const tree *z)
{
	return fmin(z->goal, z->worst - closer);
}

/* ---- the tree ------------------------------------------------------------------------------
 */

static bool is_open(const tree *z, int32_t pair)
{
	return z->shares->share[pair].is == PL_SHARE_OPEN;
}

static double least(const tree *z, int32_t pair)
{
	return (double)z->shares->share[pair].low / hour;
}

/// Does a person have too many tasks, or too much to learn? Then the smallest share that is
/// not yet decided, of those that must be learned in the latter case.
/// @return NO_PAIR: the person's hand may stand
static int32_t overfull(const tree *z, int32_t person)
{
	const pl_shares *s = z->shares;
	const pl_able *able = z->d->able;
	const double *x = z->p->x;
	pl_hand h = {0};
	bool many = false;
	for (int32_t k = s->of_person[person]; k < s->of_person[person + 1]; k++)
		if (x[k] > close_to && !pl_hand_add(&h, s->task[k], 1)) many = true;
	many = many || h.n > z->d->s.tasks_most;
	if (!many && !pl_deal_too_much(z->d, person, &h)) return NO_PAIR;
	int32_t small = NO_PAIR;
	for (int32_t k = s->of_person[person]; k < s->of_person[person + 1]; k++) {
		if (x[k] <= close_to || !is_open(z, k)) continue;
		if (!many && pl_bit(able->can, able->words, person, s->task[k])) continue;
		if (small < 0 || x[k] < x[small]) small = k;
	}
	return small;
}

/// How much a fork at a share that is too small would raise the bound on both sides.
/// Source: N. J. Driebeek, Management Science 12 (1966) 576-587.
static double worth(const tree *z, int32_t pair, bool *up)
{
	static const double some = 1e-6;
	const pl_simplex *lp = z->p->lp;
	const int32_t row = lp->where[pair];
	const double x = z->p->x[pair], low = least(z, pair), gap = low - x;
	*up = 2 * x >= low;
	if (row < 0) return 0;
	const double left = fmin(scale_points, pl_simplex_rise(lp, row, -x)),
	             right = fmin(scale_points, pl_simplex_rise(lp, row, gap));
	if (left != right && !isfinite(z->goal)) *up = right < left;
	if (isfinite(z->goal)) *up = true;
	return (some + left) * (some + right) * (1 + fmin(x, gap) / low);
}

/// A pair to branch on: a share that is too small, or one of too many. @return NO_PAIR: the
/// program's deal may stand
static int32_t choose(const tree *z, bool *up)
{
	const pl_shares *s = z->shares;
	int32_t best = NO_PAIR;
	double most = -1;
	for (int32_t j = 0; j < s->n_pairs; j++) {
		bool side;
		const double x = z->p->x[j];
		if (!is_open(z, j) || x <= close_to || x >= least(z, j) * (1 - close_to))
			continue;
		/* those first of whose hands few remain; in proofs, of whose tasks often
		 * nothing came. F. Boussemart, F. Hemery, C. Lecoutre, L. Sais, Proc. ECAI
		 * (2004) 146. */
		double value = worth(z, j, &side) / (1 + sqrt(s->hands[s->person[j]].alive));
		if (z->proving) value *= 1 + s->failed[s->task[j]];
		if (value <= most) continue;
		most = value;
		best = j;
		*up = side;
	}
	for (int32_t m = 0; m < z->d->w->n_people && best == NO_PAIR; m++) {
		best = overfull(z, m);
		if (best >= 0) *up = 2 * z->p->x[best] >= least(z, best);
	}
	return best;
}

static int32_t first_open(const tree *z)
{
	int32_t k = 0;
	while (k < z->shares->n_pairs && !is_open(z, k)) k++;
	return k < z->shares->n_pairs ? k : NO_PAIR;
}

static pl_status push(tree *z, int32_t pair, bool up, double bound, pl_error *err)
{
	if (z->n_forks == z->room) return pl_fail(err, PL_ENOMEM, -1, "no memory to branch");
	fork *f = &z->fork[z->n_forks];
	PL_TRY(pl_shares_keep(&f->kept, z->shares, err));
	f->pair = pair;
	f->up = up;
	f->turned = false;
	f->bound = bound;
	z->n_forks++;
	(void)pl_shares_decide(z->shares, pair, up);
	return PL_OK;
}

/// Go back to the last fork with a side to come. @return false: there is none
static bool back(tree *z)
{
	for (; z->n_forks > 0; z->n_forks--) {
		fork *f = &z->fork[z->n_forks - 1];
		if (f->turned) continue;
		pl_shares_restore(z->shares, &f->kept);
		f->turned = true;
		f->up = !f->up;
		(void)pl_shares_decide(z->shares, f->pair, f->up);
		return true;
	}
	return false;
}

/// What follows for shares, and the program for what remains of them.
static pl_lp_end solve(tree *z)
{
	pl_shares *s = z->shares;
	const int64_t before = z->p->lp->pivots;
	s->near = cut(z);
	const bool some = pl_shares_follow(s);
	z->effort -= s->spent;
	s->spent = 0;
	if (!some) return PL_LP_NONE;
	for (int32_t k = 0; k < s->n_pairs; k++) {
		const pl_share *p = &s->share[k];
		pl_linear_limit(z->p, k, p->is == PL_SHARE_SOME ? p->low : 0,
		                p->is == PL_SHARE_NONE ? 0 : p->high);
	}
	const pl_lp_end end =
	        pl_linear_run(z->p, fmin(z->goal, z->worst), z->effort / z->p->size + 1);
	z->effort -= (z->p->lp->pivots - before) * z->p->size;
	return end;
}

/// Solve this node and go on to the next. @param[out] more false: the tree is done
static pl_status visit(bool *more, tree *z, pl_error *err)
{
	const pl_lp_end end = solve(z);
	*more = true;
	const double parent = z->n_forks > 0 ? z->fork[z->n_forks - 1].bound : 0;
	if (end == PL_LP_LIMIT) {
		const int32_t pair = first_open(z);
		if (pair >= 0) return push(z, pair, true, parent, err);
		z->proven = fmin(z->proven, parent);
	} else if (end != PL_LP_NONE) {
		const double bound = fmax(parent, pl_linear_bound(z->p));
		bool up = false;
		const int32_t pair = end == PL_LP_BEST ? choose(z, &up) : NO_PAIR;
		if (end == PL_LP_BEST && pair == NO_PAIR)
			PL_TRY(harvest(z, err));
		else if (end == PL_LP_BEST && z->n_forks == 0)
			PL_TRY(round_off(z, err));
		if (pair >= 0 && bound < cut(z)) return push(z, pair, up, bound, err);
		z->proven = fmin(z->proven, bound);
	}
	*more = back(z);
	return PL_OK;
}

static pl_status grow(tree *z, pl_error *err)
{
	bool more = true;
	while (more && z->effort > 0 && z->worst > z->d->s.within) {
		pl_deal_tell(z->d, "ruling out others", z->worst);
		PL_TRY(visit(&more, z, err));
	}
	z->proven = fmin(z->proven, cut(z)); /* others were not looked for */
	if (!more) return PL_OK;
	/* Stopped, or near enough: what is open counts with the bound of its fork. */
	double open = z->n_forks > 0 ? z->fork[z->n_forks - 1].bound : 0;
	for (int32_t i = 0; i < z->n_forks; i++)
		if (!z->fork[i].turned) open = fmin(open, z->fork[i].bound);
	z->proven = fmin(z->proven, open);
	return PL_OK;
}

static pl_status prepare(tree *z, pl_error *err)
{
	const int32_t people = z->d->w->n_people;
	z->best = pl_alloc(people, sizeof *z->best);
	if (z->best == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
	memcpy(z->best, z->d->hand, (size_t)people * sizeof *z->best);
	z->worst = pl_deal_faults(z->d) > 0 ? INFINITY : pl_deal_worst(z->d);
	z->proven = INFINITY;
	return PL_OK;
}

/// The best deal so far becomes the deal.
static void put_back(tree *z)
{
	memcpy(z->d->hand, z->best, (size_t)z->d->w->n_people * sizeof *z->best);
	for (int32_t m = 0; m < z->d->w->n_people; m++) pl_deal_weigh(z->d, m);
}

static bool too_large(const pl_deal *d, int64_t pairs)
{
	return pairs == 0 || pl_linear_rows(d->w) * (pairs + 1) > PL_BRANCH_MOST;
}

/* ---- polishing -----------------------------------------------------------------------------
 */

/// Shares in hands, by person. @return their number
static int32_t list_held(const pl_deal *d, int32_t *person, int32_t *task)
{
	int32_t n = 0;
	for (int32_t m = 0; m < d->w->n_people; m++)
		for (int32_t t = 0; t < d->w->n_tasks; t++) {
			if (d->work[m] == 0 || pl_hand_of(&d->hand[m], t) == 0) continue;
			person[n] = m;
			task[n++] = t;
		}
	return n;
}

static pl_status polish(pl_deal *d, int32_t n, const int32_t *person, const int32_t *task,
                        pl_error *err)
{
	tree z = {.d = d};
	pl_status status = prepare(&z, err);
	if (status == PL_OK) status = pl_linear_new(&z.p, d, n, person, task, err);
	for (int32_t j = 0; status == PL_OK && j < n; j++) {
		const int64_t work = d->work[person[j]], need = d->w->need[task[j]];
		pl_linear_limit(z.p, j, d->block[task[j]], work < need ? work : need);
	}
	if (status == PL_OK &&
	    pl_linear_run(z.p, z.worst, POLISH * (int64_t)pl_linear_rows(d->w)) == PL_LP_BEST)
		status = round_off(&z, err);
	if (status == PL_OK) put_back(&z);
	clear(&z);
	return status;
}

pl_status pl_branch_polish(pl_deal *d, pl_error *err)
{
	int64_t pairs = 0;
	for (int32_t m = 0; m < d->w->n_people; m++) pairs += d->hand[m].n;
	if (too_large(d, pairs) || pl_deal_faults(d) > 0) return PL_OK;
	int32_t *person = pl_alloc(pairs, sizeof *person);
	int32_t *task = pl_alloc(pairs, sizeof *task);
	pl_status status = person != NULL && task != NULL ? PL_OK : PL_ENOMEM;
	if (status == PL_OK)
		status = polish(d, list_held(d, person, task), person, task, err);
	else
		(void)pl_fail(err, status, -1, "no memory to search for jobs");
	pl_free(person);
	pl_free(task);
	return status;
}

/* ---- the whole -----------------------------------------------------------------------------
 */

static pl_status plant(tree *z, pl_error *err)
{
	PL_TRY(prepare(z, err));
	PL_TRY(pl_shares_new(&z->shares, z->d, err));
	const pl_shares *s = z->shares;
	z->room = s->n_pairs + 1;
	z->fork = pl_alloc(z->room, sizeof *z->fork);
	if (z->fork == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
	z->shares->brief = z->proving;
	return pl_linear_new(&z->p, z->d, s->n_pairs, s->person, s->task, err);
}

static int64_t count_pairs(const pl_deal *d)
{
	int64_t n = 0;
	for (int32_t m = 0; m < d->w->n_people; m++)
		for (int32_t t = 0; t < d->w->n_tasks; t++)
			n += d->work[m] > 0 && d->w->need[t] > 0 &&
			     pl_bit(d->able->able, d->able->words, m, t);
	return n;
}

/// Look for a deal that deviates less than `goal`, and for the best of them.
static pl_status search(pl_deal *d, double *bound, double goal, bool proving, int64_t *effort,
                        pl_error *err)
{
	tree z = {.d = d, .effort = *effort, .goal = goal, .proving = proving};
	pl_status status = plant(&z, err);
	if (status == PL_OK) status = grow(&z, err);
	if (status == PL_OK) {
		put_back(&z);
		*bound = fmax(*bound, z.proven);
	}
	*effort = z.effort;
	clear(&z);
	return status;
}

pl_status pl_branch_run(pl_deal *d, double *bound, int64_t effort, pl_error *err)
{
	if (too_large(d, count_pairs(d))) return PL_OK;
	return search(d, bound, INFINITY, false, &effort, err);
}

static bool done(const pl_deal *d, double bound)
{
	if (pl_deal_faults(d) > 0) return isinf(bound);
	const double worst = pl_deal_worst(d);
	return worst <= fmax(d->s.within, bound + PL_BRANCH_NEAR);
}

pl_status pl_branch_prove(pl_deal *d, double *bound, int64_t effort, pl_error *err)
{
	/* How far up from the bound, with what part of the effort: a goal that is near leaves
	 * few hands to anybody. Then whatever is left, without a goal. */
	static const double parts[] = {0.25, 1, 0.5, 1}, efforts[] = {0.04, 0.1, 0.06, 1};
	static const size_t n = sizeof parts / sizeof *parts;
	int64_t left = effort;
	if (too_large(d, count_pairs(d))) return PL_OK;
	for (size_t k = 0; left > 0 && !done(d, *bound); k++) {
		const size_t i = k < n ? k : n - 1;
		const bool some = pl_deal_faults(d) == 0;
		const double worst = some ? pl_deal_worst(d) : *bound + first_goal,
		             goal = *bound + (worst - *bound) * parts[i];
		const int64_t most = (int64_t)(efforts[i] * (double)effort);
		int64_t rest = left < most ? left : most;
		left -= rest;
		PL_TRY(search(d, bound, parts[i] < 1 ? goal : INFINITY, true, &rest, err));
		left += rest;
	}
	return PL_OK;
}
