/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* branch.c - branch and bound over which shares are 0 and which are at least their block.
 *
 * Variables: hours of every pair (person, task) that may be, then the deviation; rows: work of
 * people, need of tasks, then for each person +-(sum of hours times x, y) <= deviation * work,
 * divided by work. Source: A. H. Land and A. G. Doig, Econometrica 28 (1960) 497-520. */
#include "work/branch.h"

#include "base/alloc.h"
#include "base/error.h"
#include "work/search.h"
#include "work/simplex.h"

#include <math.h>
#include <string.h>

static const double hour = PL_WORK_HOUR, close_to = 1e-7, scale_points = 20;
static const double most_perturbation = 1e-5; /* of the objective, in points */

enum {
	NO_PAIR = -1,
	DEAD_END = -2,
	POLISH = 4 /* steps for each row, at most, to polish a deal */
};

/// A bound of a pair that was changed: what it was, and whether the other side is to come.
typedef struct {
	int32_t pair;
	bool up, turned;
	double low, high, bound;
} fork;

typedef struct {
	pl_deal *d;
	bool held; ///< only of what is in hands
	int32_t n_pairs;
	int32_t *person, *task; ///< [n_pairs]
	pl_simplex *lp;
	double *x, *y; ///< [n_cols + n_rows], [n_rows]
	fork *fork;    ///< [n_forks] the path to this node
	int32_t n_forks, room;
	pl_hand *best;     ///< [n_people] the best deal so far
	double worst;      ///< of best; infinite where it may not stand
	double proven;     ///< least bound of the nodes that are done
	int64_t effort;    ///< pivots left
	uint64_t *support; ///< bits of pairs with hours
} tree;

static int32_t rows_of(const pl_workplace *w)
{
	return 5 * w->n_people + w->n_tasks;
}

static void clear(tree *z)
{
	pl_free(z->person);
	pl_free(z->task);
	pl_simplex_free(z->lp);
	pl_free(z->x);
	pl_free(z->y);
	pl_free(z->fork);
	pl_free(z->best);
	pl_free(z->support);
}

/* ---- the linear program --------------------------------------------------------------------
 */

static void list_pairs(tree *z)
{
	const pl_deal *d = z->d;
	z->n_pairs = 0;
	for (int32_t m = 0; m < d->w->n_people; m++)
		for (int32_t t = 0; t < d->w->n_tasks; t++) {
			if (d->work[m] == 0 || d->w->need[t] == 0) continue;
			if (!pl_bit(d->able->able, d->able->words, m, t)) continue;
			if (z->held && pl_hand_of(&d->hand[m], t) == 0) continue;
			if (z->person != NULL) {
				z->person[z->n_pairs] = m;
				z->task[z->n_pairs] = t;
			}
			z->n_pairs++;
		}
}

static void limit_rows(const tree *z)
{
	const pl_deal *d = z->d;
	const int32_t people = d->w->n_people, tasks = d->w->n_tasks;
	double *low = z->lp->low + z->lp->n_cols, *high = z->lp->high + z->lp->n_cols;
	for (int32_t m = 0; m < people; m++) low[m] = high[m] = (double)d->work[m] / hour;
	for (int32_t t = 0; t < tasks; t++)
		low[people + t] = high[people + t] = (double)d->w->need[t] / hour;
	for (int32_t i = people + tasks; i < z->lp->n_rows; i++) {
		low[i] = -INFINITY;
		high[i] = 0;
	}
}

static void fill(const tree *z)
{
	const pl_deal *d = z->d;
	const int32_t people = d->w->n_people, tasks = d->w->n_tasks, n = z->lp->n_cols;
	double *t = z->lp->t, total = 0;
	for (int32_t j = 0; j < z->n_pairs; j++) {
		const int32_t m = z->person[j], k = z->task[j];
		const double work = (double)d->work[m] / hour;
		const int32_t moment = people + tasks + 4 * m;
		t[(int64_t)m * n + j] = 1;
		t[(int64_t)(people + k) * n + j] = 1;
		t[(int64_t)moment * n + j] = d->x[k] / work;
		t[(int64_t)(moment + 1) * n + j] = -d->x[k] / work;
		t[(int64_t)(moment + 2) * n + j] = d->y[k] / work;
		t[(int64_t)(moment + 3) * n + j] = -d->y[k] / work;
		z->lp->high[j] = fmin((double)d->work[m], (double)d->w->need[k]) / hour;
		if (z->held) z->lp->low[j] = (double)d->block[k] / hour;
		total += z->lp->high[j];
	}
	for (int32_t i = people + tasks; i < z->lp->n_rows; i++)
		t[(int64_t)i * n + z->n_pairs] = -1;
	z->lp->high[z->n_pairs] = scale_points;
	limit_rows(z);
	/* Costs that differ a little break ties, of which there are many; proofs use true
	 * costs. */
	for (int32_t j = 0; j < z->n_pairs; j++) {
		const double wave = fmod((double)(j + 1) * 0.6180339887498949, 1);
		z->lp->d[j] = most_perturbation * (1 + wave) / (1 + total);
	}
	z->lp->d[z->n_pairs] = 1;
}

/// A bound that holds whatever the table has lost to rounding: with any prices y of rows,
/// c x >= sum of y r over bounds of rows r + sum of (c - y A) x over bounds of x.
static double safe_bound(const tree *z)
{
	const pl_deal *d = z->d;
	const int32_t people = d->w->n_people, tasks = d->w->n_tasks, n = z->lp->n_cols;
	double sum = 0, deviation = 1;
	pl_simplex_prices(z->lp, z->y);
	for (int32_t i = 0; i < z->lp->n_rows; i++) {
		if (i < people + tasks) {
			sum += z->y[i] * z->lp->low[n + i];
			continue;
		}
		if (z->y[i] > 0) z->y[i] = 0; /* the row has no lower bound */
		deviation += z->y[i];
	}
	for (int32_t j = 0; j < z->n_pairs; j++) {
		const int32_t m = z->person[j], k = z->task[j];
		const double work = (double)d->work[m] / hour;
		const double *q = z->y + people + tasks + 4 * (int64_t)m;
		const double rest = -z->y[m] - z->y[people + k] -
		                    (d->x[k] * (q[0] - q[1]) + d->y[k] * (q[2] - q[3])) / work;
		sum += fmin(rest * z->lp->low[j], rest * z->lp->high[j]);
	}
	return sum + fmin(0, deviation * scale_points);
}

/* ---- deals from it -------------------------------------------------------------------------
 */

static void keep_if_better(tree *z)
{
	const pl_deal *d = z->d;
	const double worst = pl_deal_worst(d);
	if (pl_deal_faults(d) > 0 || worst >= z->worst) return;
	z->worst = worst;
	memcpy(z->best, d->hand, (size_t)d->w->n_people * sizeof *z->best);
}

/// Whole thousandths from what the program found: rounded down, then the rest along paths
/// within the same pairs; then exchanges.
static pl_status round_off(tree *z, pl_error *err)
{
	pl_deal *d = z->d;
	pl_shortage lack;
	memset(z->support, 0, (size_t)(d->able->words * d->w->n_tasks) * sizeof *z->support);
	memset(d->hand, 0, (size_t)d->w->n_people * sizeof *d->hand);
	for (int32_t j = 0; j < z->n_pairs; j++) {
		const int32_t m = z->person[j], t = z->task[j];
		if (z->x[j] <= close_to) continue;
		z->support[t * d->able->words + m / 64] |= UINT64_C(1) << (m % 64);
		const int64_t hours = (int64_t)floor(z->x[j] * hour + 1e-3);
		if (hours > 0 && !pl_hand_add(&d->hand[m], t, hours)) return PL_OK;
	}
	PL_TRY(pl_deal_cover(&lack, d, z->support, 1, err));
	if (lack.task >= 0) return PL_OK;
	keep_if_better(z);
	const double goal = fmax(z->x[z->n_pairs], z->proven < z->worst ? z->proven : 0);
	const pl_search s = {.bits = d->able->able,
	                     .target = goal,
	                     .partners = d->w->n_people,
	                     .trials = 300000};
	(void)pl_search_run(d, &s);
	keep_if_better(z);
	return PL_OK;
}

/* ---- the tree ------------------------------------------------------------------------------
 */

static double block_of(const tree *z, int32_t pair)
{
	return (double)z->d->block[z->task[pair]] / hour;
}

/// The smallest share of a person that is not yet decided, of those that must be learned where
/// `lessons`. @return the pair, NO_PAIR
static int32_t undecided(const tree *z, int32_t from, int32_t to, bool lessons)
{
	const pl_able *able = z->d->able;
	int32_t small = NO_PAIR;
	for (int32_t k = from; k < to; k++) {
		if (z->x[k] <= close_to || z->lp->low[k] >= block_of(z, k)) continue;
		if (lessons && pl_bit(able->can, able->words, z->person[k], z->task[k]))
			continue;
		if (small < 0 || z->x[k] < z->x[small]) small = k;
	}
	return small;
}

/// Does a person have too many tasks, or too much to learn? Then a pair to branch on, or
/// DEAD_END where all are decided. @return NO_PAIR: the person's hand may stand
static int32_t overfull(const tree *z, int32_t from, int32_t to)
{
	pl_hand h = {0};
	for (int32_t k = from; k < to; k++)
		if (z->x[k] > close_to && !pl_hand_add(&h, z->task[k], 1)) return DEAD_END;
	const bool many = h.n > z->d->s.tasks_most;
	if (!many && !pl_deal_too_much(z->d, z->person[from], &h)) return NO_PAIR;
	const int32_t pair = undecided(z, from, to, !many);
	return pair >= 0 ? pair : DEAD_END;
}

/// How much a fork at a share that is too small would raise the bound on both sides.
/// Source: N. J. Driebeek, Management Science 12 (1966) 576-587.
static double worth(const tree *z, int32_t pair, bool *up)
{
	static const double some = 1e-6;
	const int32_t row = pl_simplex_row(z->lp, pair);
	const double x = z->x[pair], gap = block_of(z, pair) - x;
	*up = 2 * x >= block_of(z, pair);
	if (row < 0) return 0;
	const double left = fmin(scale_points, pl_simplex_rise(z->lp, row, -x)),
	             right = fmin(scale_points, pl_simplex_rise(z->lp, row, gap));
	if (left != right) *up = right < left;
	return (some + left) * (some + right) * (1 + fmin(x, gap) / block_of(z, pair));
}

/// A pair to branch on: a share that is too small, or one of too many. @return NO_PAIR: the
/// program's deal may stand; DEAD_END: no deal below this node can
static int32_t choose(const tree *z, bool *up)
{
	int32_t best = NO_PAIR;
	double most = -1;
	for (int32_t j = 0; j < z->n_pairs; j++) {
		bool side;
		if (z->x[j] <= close_to || z->x[j] >= block_of(z, j) * (1 - close_to)) continue;
		const double value = worth(z, j, &side);
		if (value <= most) continue;
		most = value;
		best = j;
		*up = side;
	}
	for (int32_t j = 0, k; j < z->n_pairs && best == NO_PAIR; j = k) {
		for (k = j; k < z->n_pairs && z->person[k] == z->person[j];) k++;
		best = overfull(z, j, k);
		if (best >= 0) *up = 2 * z->x[best] >= block_of(z, best);
	}
	return best;
}

/// Go to one side of a fork: share 0, or at least the block.
static void take(const tree *z, const fork *f)
{
	z->lp->low[f->pair] = f->up ? fmax(f->low, fmin(block_of(z, f->pair), f->high)) : 0;
	z->lp->high[f->pair] = f->up ? f->high : 0;
}

static pl_status push(tree *z, int32_t pair, bool up, double bound, pl_error *err)
{
	if (z->n_forks == z->room) return pl_fail(err, PL_ENOMEM, -1, "no memory to branch");
	fork *f = &z->fork[z->n_forks++];
	*f = (fork){.pair = pair, .low = z->lp->low[pair], .high = z->lp->high[pair]};
	f->bound = bound;
	f->up = up;
	take(z, f);
	return PL_OK;
}

/// Go back to the last fork with a side to come. @return false: there is none
static bool back(tree *z)
{
	while (z->n_forks > 0) {
		fork *f = &z->fork[z->n_forks - 1];
		z->lp->low[f->pair] = f->low;
		z->lp->high[f->pair] = f->high;
		if (!f->turned) {
			f->turned = true;
			f->up = !f->up;
			take(z, f);
			return true;
		}
		z->n_forks--;
	}
	return false;
}

/// Solve this node and go on to the next. @param[out] more false: the tree is done
static pl_status visit(bool *more, tree *z, pl_error *err)
{
	const int64_t before = z->lp->pivots;
	const pl_lp_end end = pl_simplex_run(z->lp, z->worst, z->effort);
	z->effort -= z->lp->pivots - before;
	*more = true;
	if (end == PL_LP_LIMIT) {
		z->effort = 0;
		return PL_OK;
	}
	if (end != PL_LP_NONE) {
		const double parent = z->n_forks > 0 ? z->fork[z->n_forks - 1].bound : 0;
		const double bound = fmax(parent, safe_bound(z));
		pl_simplex_values(z->lp, z->x);
		bool up = false;
		const int32_t pair = end == PL_LP_BEST ? choose(z, &up) : NO_PAIR;
		if (end == PL_LP_BEST && (z->n_forks == 0 || pair == NO_PAIR))
			PL_TRY(round_off(z, err));
		if (pair >= 0 && bound < z->worst - PL_BRANCH_NEAR)
			return push(z, pair, up, bound, err);
		if (pair != DEAD_END) z->proven = fmin(z->proven, bound);
	}
	*more = back(z);
	return PL_OK;
}

static pl_status grow(tree *z, pl_error *err)
{
	bool more = true;
	while (more && z->effort > 0) PL_TRY(visit(&more, z, err));
	if (!more) return PL_OK;
	/* Stopped: what is open counts with the bound of the fork it hangs on. */
	double open = z->n_forks > 0 ? z->fork[z->n_forks - 1].bound : 0;
	for (int32_t i = 0; i < z->n_forks; i++)
		if (!z->fork[i].turned) open = fmin(open, z->fork[i].bound);
	z->proven = fmin(z->proven, open);
	return PL_OK;
}

static pl_status prepare(tree *z, pl_error *err)
{
	const pl_workplace *w = z->d->w;
	const int32_t rows = rows_of(w);
	z->room = 2 * z->n_pairs + 1;
	z->person = pl_alloc(z->n_pairs, sizeof *z->person);
	z->task = pl_alloc(z->n_pairs, sizeof *z->task);
	z->x = pl_alloc((int64_t)z->n_pairs + 1 + rows, sizeof *z->x);
	z->y = pl_alloc(rows, sizeof *z->y);
	z->fork = pl_alloc(z->room, sizeof *z->fork);
	z->best = pl_alloc(w->n_people, sizeof *z->best);
	z->support = pl_alloc(z->d->able->words * w->n_tasks, sizeof *z->support);
	if (z->person == NULL || z->task == NULL || z->x == NULL || z->y == NULL ||
	    z->fork == NULL || z->best == NULL || z->support == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
	PL_TRY(pl_simplex_new(&z->lp, rows, z->n_pairs + 1, err));
	list_pairs(z);
	fill(z);
	memcpy(z->best, z->d->hand, (size_t)w->n_people * sizeof *z->best);
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

pl_status pl_branch_polish(pl_deal *d, pl_error *err)
{
	tree z = {.d = d, .held = true};
	list_pairs(&z);
	const int64_t size = (int64_t)rows_of(d->w) * (z.n_pairs + 1);
	if (size > PL_BRANCH_MOST || z.n_pairs == 0 || pl_deal_faults(d) > 0) return PL_OK;
	pl_status status = prepare(&z, err);
	if (status == PL_OK &&
	    pl_simplex_run(z.lp, z.worst, POLISH * (int64_t)rows_of(d->w)) == PL_LP_BEST) {
		pl_simplex_values(z.lp, z.x);
		status = round_off(&z, err);
	}
	if (status == PL_OK) put_back(&z);
	clear(&z);
	return status;
}

pl_status pl_branch_run(pl_deal *d, double *bound, int64_t effort, pl_error *err)
{
	tree z = {.d = d};
	list_pairs(&z);
	const int64_t size = (int64_t)rows_of(d->w) * (z.n_pairs + 1);
	if (size > PL_BRANCH_MOST || z.n_pairs == 0) return PL_OK;
	z.effort = effort / size + 1;
	pl_status status = prepare(&z, err);
	if (status == PL_OK) status = grow(&z, err);
	if (status == PL_OK) {
		put_back(&z);
		if (z.proven > *bound && isfinite(z.proven)) *bound = z.proven;
	}
	clear(&z);
	return status;
}
