/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* anneal.c - simulated annealing over who holds what. A person has a few places for tasks. One
 * step puts another task, or none, in a place; the hours of everybody that are best then are
 * those of the linear program
 *
 *   min sum over people of excess   with |deviation| <= aim + excess, shares at least a block,
 *
 * whose dual simplex method goes on from where it stood, and stops as soon as the step is known
 * to be worse than what is allowed. Most are refused by a bound before any pivot. When no
 * excess is left the aim is lowered. Where no hands are known that may stand, the hours that
 * nobody does are lowered first, whatever the deviations. Source: S. Kirkpatrick, C. D. Gelatt,
 * M. P. Vecchi, Science 220 (1983) 671-680. */
#include "work/anneal.h"

#include "base/alloc.h"
#include "base/elementary.h"
#include "base/error.h"
#include "base/random.h"
#include "work/branch.h"
#include "work/held.h"
#include "work/simplex.h"

#include <math.h>
#include <string.h>

enum {
	NONE = -1,
	ENTRIES = 6,    /* of a column: person, task, four of the deviation */
	SIDES = 4,      /* rows of a person's deviation */
	PIVOTS = 2000,  /* of one step at most */
	ANEW = 20000,   /* pivots after which the table is worked out anew */
	AROUND = 4000,  /* table entries that take as long as what is around a pivot */
	CHAINS = 2,     /* times that it is heated, again from the best deal */
	TOLD = 256,     /* changes drawn after which it is told what was reached */
	DRAWS = 100,    /* changes drawn in the time of a pivot */
	FREE_PART = 10, /* one draw of so many takes a share above its block */
	PARTS = 2,      /* places that change at once */
	SWAPS = 2,      /* one draw of so many is of two */
};
static const double hour = PL_WORK_HOUR, scale_points = 20;
static const double warm = 0.06, cold = 0.01; /* temperatures, points of excess */
static const double hours_a_point = 20;       /* where hours that nobody does are lowered */
static const double nearer = 0.3;  /* of the way from what was reached to what is sought */
static const double margin = 0.01; /* hours that rounding may take from a block */
static const double perturbation = 1e-6; /* points an hour: breaks ties */
static const double small = 1e-7;        /* points that are no excess */

typedef struct {
	pl_deal *d;
	int32_t people, tasks, n_places, places; ///< places in all, and of a person
	int32_t *task;                           ///< [n_places] or NONE
	int32_t *variable;                       ///< [n_places] of the program
	int32_t spare[PARTS];                    ///< variables without a place, always 0
	pl_simplex *lp, *kept;
	pl_held *held; ///< the columns of people's and tasks' hours, of both
	double *x;     ///< [variables]
	int32_t *best; ///< [n_places] tasks of the least excess at this aim
	double least;  ///< its objective
	double aim;
	bool mending;               ///< lowers the hours that nobody does
	int64_t draws, steps, anew; ///< changes drawn and solved; pivots at which to begin anew
	pl_hand *hand;              ///< [n_people] scratch
	uint64_t *bits;             ///< as pl_able.able: scratch
	pl_random random;
} anneal;

static void clear(anneal *z)
{
	pl_simplex_free(z->lp);
	pl_simplex_free(z->kept);
	pl_held_free(z->held);
	pl_free(z->task);
	pl_free(z->variable);
	pl_free(z->x);
	pl_free(z->best);
	pl_free(z->hand);
	pl_free(z->bits);
}

/// Columns of the linear program.
static int32_t columns_of(const pl_deal *d, bool mending)
{
	const int32_t people = d->w->n_people, places = people * d->s.tasks_most;
	return places + PARTS + people + (mending ? people + d->w->n_tasks : 0);
}

/* ---- the linear program --------------------------------------------------------------------
 */

static int32_t excess_of(const anneal *z, int32_t person)
{
	return z->n_places + PARTS + person;
}

/// Hours of a task that nobody does, where it is mended; behind those of all, the hours that
/// people are not given.
static int32_t gap_of(const anneal *z, int32_t task)
{
	return z->n_places + PARTS + z->people + task;
}

/// The column of a share: rows and what stands there.
static void fill_column(const anneal *z, int32_t m, int32_t t, int32_t *row, double *a)
{
	const double work = (double)z->d->work[m] / hour;
	const double x = z->d->x[t] / work, y = z->d->y[t] / work;
	const int32_t first = z->people + z->tasks + SIDES * m;
	const double of[ENTRIES] = {1, 1, x, -x, y, -y};
	row[0] = m;
	row[1] = z->people + t;
	for (int32_t k = 0; k < SIDES; k++) row[2 + k] = first + k;
	memcpy(a, of, sizeof of);
}

/// What each of as many blocks as fit can have above its block.
static double spare_of(int64_t whole, int64_t block)
{
	const int64_t n = whole / block;
	return n > 0 ? (double)(whole - n * block) / (double)n / hour : 0;
}

static void limits_of(const anneal *z, int32_t m, int32_t t, double *low, double *high)
{
	const pl_deal *d = z->d;
	*low = *high = 0;
	if (t == NONE) return;
	const int64_t work = d->work[m], need = d->w->need[t], block = d->block[t];
	const double above = fmin(margin, fmin(spare_of(work, block), spare_of(need, block)));
	*high = fmin((double)work, (double)need) / hour;
	*low = fmin(*high, (double)block / hour + above);
}

/// A small cost that differs from variable to variable.
static double wave(int32_t variable)
{
	return perturbation * (1 + fmod((double)(variable + 1) * 0.6180339887498949, 1));
}

static void limit_rows(const anneal *z)
{
	double *low = z->lp->low + z->lp->n_cols, *high = z->lp->high + z->lp->n_cols;
	for (int32_t m = 0; m < z->people; m++) low[m] = high[m] = (double)z->d->work[m] / hour;
	for (int32_t t = 0; t < z->tasks; t++)
		low[z->people + t] = high[z->people + t] = (double)z->d->w->need[t] / hour;
	for (int32_t i = z->people + z->tasks; i < z->lp->n_rows; i++) {
		low[i] = -INFINITY;
		high[i] = z->aim;
	}
}

static void fill_places(const anneal *z)
{
	pl_simplex *s = z->lp;
	for (int32_t k = 0; k < z->n_places; k++) {
		const int32_t v = z->variable[k], m = k / z->places;
		int32_t row[ENTRIES];
		double a[ENTRIES];
		s->d[v] = wave(v);
		limits_of(z, m, z->task[k], &s->low[v], &s->high[v]);
		if (z->task[k] == NONE) continue;
		fill_column(z, m, z->task[k], row, a);
		for (int i = 0; i < ENTRIES; i++) s->t[(int64_t)row[i] * s->n_cols + v] = a[i];
	}
	for (int i = 0; i < PARTS; i++)
		s->low[z->spare[i]] = s->high[z->spare[i]] = s->d[z->spare[i]] = 0;
}

/// Let hours be done by nobody, and people work less.
static void fill_gaps(const anneal *z)
{
	pl_simplex *s = z->lp;
	for (int32_t i = 0; i < z->tasks + z->people; i++) {
		const int32_t v = gap_of(z, i), m = i - z->tasks;
		const int32_t row = m < 0 ? z->people + i : m;
		s->d[v] = m < 0 ? 1 : wave(v);
		s->low[v] = 0;
		s->high[v] = (double)(m < 0 ? z->d->w->need[i] : z->d->work[m]) / hour;
		s->t[(int64_t)row * s->n_cols + v] = 1;
	}
}

/// Work the table out from the start. @return whether the places can hold all
static bool solve_anew(anneal *z)
{
	pl_simplex *s = z->lp;
	const int32_t first = z->people + z->tasks;
	pl_simplex_clear(s);
	fill_places(z);
	for (int32_t m = 0; m < z->people; m++) {
		const int32_t v = excess_of(z, m);
		s->d[v] = 1;
		s->low[v] = 0;
		s->high[v] = scale_points;
		for (int32_t i = 0; i < SIDES; i++)
			s->t[(int64_t)(first + SIDES * m + i) * s->n_cols + v] = -1;
	}
	if (z->mending) fill_gaps(z);
	limit_rows(z);
	const bool done = pl_simplex_run(s, INFINITY, ANEW) == PL_LP_BEST;
	pl_held_part(z->held, s);
	z->anew = s->pivots + ANEW;
	return done;
}

/// What is to be lowered: excess, in points, or hours that nobody does.
static double missing(const anneal *z)
{
	const int32_t first = z->mending ? gap_of(z, 0) : excess_of(z, 0);
	const int32_t n = z->mending ? z->tasks : z->people;
	double sum = 0;
	for (int32_t v = first; v < first + n; v++) {
		const int32_t at = z->lp->where[v];
		if (at >= 0)
			sum += fmax(0, z->lp->value[at]);
		else if (z->lp->at_high[~at])
			sum += z->lp->high[v];
	}
	return sum;
}

/* ---- steps ---------------------------------------------------------------------------------
 */

/// Another task, or NONE, in a place.
typedef struct {
	int32_t at, task;
	double low, high; ///< of the new share
} part;

/// One such, or two people's who take a task of one another.
typedef struct {
	part part[PARTS];
	int n;
} change;

/// NONE: the variable is basic.
static int32_t column_of(const anneal *z, int32_t variable)
{
	const int32_t at = z->lp->where[variable];
	return at < 0 ? ~at : NONE;
}

/// Where the share in a place stands at a bound, that; 0 where it has to be found.
static double at_bound(const anneal *z, int32_t k)
{
	const int32_t v = z->variable[k], c = column_of(z, v);
	if (z->task[k] == NONE || c == NONE) return 0;
	return z->lp->at_high[c] ? z->lp->high[v] : z->lp->low[v];
}

static bool holds(const anneal *z, int32_t m, int32_t task)
{
	for (int32_t k = m * z->places; k < (m + 1) * z->places; k++)
		if (z->task[k] == task) return true;
	return false;
}

/// May a person have this task in this place? @param[out] e then what it comes to
static bool may_have(const anneal *z, part *e, int32_t at, int32_t task)
{
	const pl_deal *d = z->d;
	const int32_t m = at / z->places;
	*e = (part){.at = at, .task = task};
	limits_of(z, m, task, &e->low, &e->high);
	if (d->work[m] == 0 || z->task[at] == task) return false;
	return task == NONE ||
	       (d->w->need[task] > 0 && pl_bit(d->able->able, d->able->words, m, task) &&
	        !holds(z, m, task));
}

static int32_t draw_place(anneal *z)
{
	return (int32_t)pl_random_below(&z->random, (uint64_t)z->n_places);
}

/// Draw another task for a place; shares above their block, which are seldom given up to
/// advantage, seldom. @return false: it would change nothing, or must not be
static bool draw_task(anneal *z, change *e)
{
	const int32_t at = draw_place(z);
	const int32_t t = (int32_t)pl_random_below(&z->random, (uint64_t)z->tasks + 1);
	if (!may_have(z, &e->part[0], at, t == z->tasks ? NONE : t)) return false;
	e->n = 1;
	return z->task[at] == NONE || column_of(z, z->variable[at]) != NONE ||
	       pl_random_below(&z->random, FREE_PART) == 0;
}

/// Draw two people who take a task of one another. @return as of draw_task
static bool draw_swap(anneal *z, change *e)
{
	const int32_t a = draw_place(z), b = draw_place(z);
	e->n = 2;
	return a / z->places != b / z->places && z->task[a] != NONE && z->task[b] != NONE &&
	       may_have(z, &e->part[0], a, z->task[b]) &&
	       may_have(z, &e->part[1], b, z->task[a]);
}

/// Could the person learn all tasks after the change?
static bool learnable(const anneal *z, const part *e)
{
	const int32_t m = e->at / z->places;
	pl_hand h = {0};
	for (int32_t k = m * z->places; k < (m + 1) * z->places; k++) {
		const int32_t t = k == e->at ? e->task : z->task[k];
		if (t != NONE) (void)pl_hand_add(&h, t, 1);
	}
	return !pl_deal_too_much(z->d, m, &h);
}

/// By how much the objective rises at least with a part of a change, by today's prices.
static double by_prices(const anneal *z, const part *e)
{
	const pl_simplex *s = z->lp;
	const int32_t c = column_of(z, z->variable[e->at]);
	double rise = 0, cost = wave(z->spare[0]), a[ENTRIES];
	int32_t row[ENTRIES];
	if (c != NONE) rise -= s->d[c] * at_bound(z, e->at);
	if (e->task == NONE) return rise;
	fill_column(z, e->at / z->places, e->task, row, a);
	for (int i = 0; i < ENTRIES; i++) {
		const int32_t from = column_of(z, s->n_cols + row[i]);
		if (from != NONE) cost -= a[i] * s->d[from];
	}
	return rise + fmin(cost * e->low, cost * e->high);
}

/// Might the objective stay within `most`, and can the tasks be learned?
static bool worth(const anneal *z, const change *e, double most)
{
	double bound = z->lp->objective;
	for (int i = 0; i < e->n; i++) bound += by_prices(z, &e->part[i]);
	if (bound > most) return false;
	for (int i = 0; i < e->n; i++)
		if (!learnable(z, &e->part[i])) return false;
	return true;
}

/// Let spare variables be the new shares, and hold the old ones at 0.
static void set(const anneal *z, const change *e)
{
	pl_simplex *s = z->lp;
	for (int i = 0; i < e->n; i++) {
		const part *p = &e->part[i];
		const int32_t v = z->variable[p->at], spare = z->spare[i];
		s->low[v] = s->high[v] = 0;
		if (p->task == NONE) continue;
		int32_t row[ENTRIES];
		double a[ENTRIES];
		fill_column(z, p->at / z->places, p->task, row, a);
		pl_simplex_column(s, spare, wave(spare), row, a, ENTRIES);
		s->low[spare] = p->low;
		s->high[spare] = p->high;
	}
}

static void unset(const anneal *z, const change *e)
{
	pl_simplex *s = z->lp;
	for (int i = 0; i < e->n; i++) {
		const int32_t at = e->part[i].at, v = z->variable[at], spare = z->spare[i];
		limits_of(z, at / z->places, z->task[at], &s->low[v], &s->high[v]);
		s->low[spare] = s->high[spare] = 0;
	}
}

/// The columns that move when a change is set, and by how much.
typedef struct {
	int32_t col[2 * PARTS];
	double by[2 * PARTS];
	int n;
} moving;

static moving moving_of(const anneal *z, const change *e, const double *old)
{
	moving k = {.n = 0};
	for (int i = 0; i < e->n; i++) {
		const part *p = &e->part[i];
		const int32_t n = column_of(z, z->spare[i]),
		              c = column_of(z, z->variable[p->at]);
		if (p->task != NONE) {
			k.col[k.n] = n;
			k.by[k.n++] = z->lp->d[n] < 0 ? p->high : p->low;
		}
		if (c == NONE) continue;
		k.col[k.n] = c;
		k.by[k.n++] = -old[i];
	}
	return k;
}

/// Let the variables that were set be those of the places: the old shares are 0 now, and
/// become the spare ones. @return false: it cannot be
static bool take_places(anneal *z, const change *e)
{
	for (int i = 0; i < e->n; i++)
		if (e->part[i].task != NONE &&
		    !pl_simplex_release(z->lp, z->variable[e->part[i].at]))
			return false;
	for (int i = 0; i < e->n; i++) {
		const part *p = &e->part[i];
		const int32_t v = z->variable[p->at];
		z->task[p->at] = p->task;
		if (p->task == NONE) continue;
		z->variable[p->at] = z->spare[i];
		z->spare[i] = v;
	}
	return true;
}

/// Solve with a change that is set. @return whether the objective is at most `most`; else all
/// is as before
static bool settle(anneal *z, const change *e, const moving *k, double most)
{
	pl_simplex *s = z->lp;
	if (pl_simplex_move(s, k->col, k->by, k->n, most, PIVOTS) == PL_LP_BEST &&
	    s->objective <= most && take_places(z, e)) {
		pl_held_take(z->held, s);
		return true;
	}
	pl_held_forget(z->held);
	z->kept->pivots = s->pivots;
	z->lp = z->kept;
	z->kept = s;
	return false;
}

/// Draw a change, and make it unless that raises the objective by more than `allowed`.
static void step(anneal *z, double allowed)
{
	change e;
	const double most = z->lp->objective + allowed;
	z->draws++;
	const bool drawn =
	        pl_random_below(&z->random, SWAPS) == 0 ? draw_swap(z, &e) : draw_task(z, &e);
	if (!drawn || !worth(z, &e, most)) return;
	double old[PARTS];
	for (int i = 0; i < e.n; i++) old[i] = at_bound(z, e.part[i].at);
	set(z, &e);
	const moving k = moving_of(z, &e, old);
	const bool dear = pl_simplex_foresee(z->lp, k.col, k.by, k.n, most) > most;
	unset(z, &e);
	if (dear) return;
	z->steps++;
	pl_simplex_copy(z->kept, z->lp);
	set(z, &e);
	if (!settle(z, &e, &k, most) || z->lp->objective >= z->least) return;
	z->least = z->lp->objective;
	memcpy(z->best, z->task, (size_t)z->n_places * sizeof *z->best);
}

/* ---- deals from it -------------------------------------------------------------------------
 */

/// Whole thousandths, rounded down, then the rest along paths within the same places.
/// @return PL_OK; @param[out] whole whether that can be
static pl_status round_off(bool *whole, anneal *z, pl_error *err)
{
	pl_deal *d = z->d;
	pl_shortage lack = {.task = NONE};
	pl_simplex_values(z->lp, z->x);
	memset(z->bits, 0, (size_t)(d->able->words * z->tasks) * sizeof *z->bits);
	memset(d->hand, 0, (size_t)z->people * sizeof *d->hand);
	for (int32_t k = 0; k < z->n_places; k++) {
		const int32_t m = k / z->places, t = z->task[k];
		if (t == NONE) continue;
		z->bits[t * d->able->words + m / 64] |= UINT64_C(1) << (m % 64);
		const int64_t hours = (int64_t)floor(z->x[z->variable[k]] * hour + 1e-3);
		if (hours > 0) (void)pl_hand_add(&d->hand[m], t, hours);
	}
	PL_TRY(pl_deal_cover(&lack, d, z->bits, 1, err));
	*whole = lack.task < 0 && pl_deal_faults(d) == 0;
	return PL_OK;
}

/// Put the program's hours into the deal where that is nearer to balance.
static pl_status take_up(anneal *z, pl_error *err)
{
	pl_deal *d = z->d;
	const double before = z->mending ? INFINITY : pl_deal_worst(d);
	bool better = false;
	memcpy(z->hand, d->hand, (size_t)z->people * sizeof *z->hand);
	pl_status status = round_off(&better, z, err);
	if (status == PL_OK && better) status = pl_branch_polish(d, err);
	better = status == PL_OK && better && pl_deal_worst(d) < before;
	if (!better) memcpy(d->hand, z->hand, (size_t)z->people * sizeof *z->hand);
	for (int32_t m = 0; m < z->people; m++) pl_deal_weigh(d, m);
	return status;
}

/* ---- the whole -----------------------------------------------------------------------------
 */

/// Put in places what a person can do of a hand; of one that may stand, all. @param[in,out]
/// left [n_tasks] hours that no least share takes
static void fill_hand(anneal *z, int32_t m, double *left)
{
	const pl_hand *h = &z->d->hand[m];
	double room = (double)z->d->work[m] / hour;
	int32_t at = m * z->places;
	for (int32_t i = 0; i < h->n && at < (m + 1) * z->places; i++) {
		part e;
		if (!may_have(z, &e, at, h->task[i])) continue;
		if (z->mending && (e.low > room || e.low > left[e.task] || !learnable(z, &e)))
			continue;
		room -= e.low;
		left[e.task] -= e.low;
		z->task[at++] = e.task;
	}
}

static pl_status fill_hands(anneal *z, pl_error *err)
{
	double *left = pl_alloc(z->tasks, sizeof *left);
	if (left == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
	for (int32_t t = 0; t < z->tasks; t++) left[t] = (double)z->d->w->need[t] / hour;
	for (int32_t k = 0; k < z->n_places; k++) {
		z->task[k] = NONE;
		z->variable[k] = k;
	}
	for (int32_t m = 0; m < z->people; m++) fill_hand(z, m, left);
	pl_free(left);
	return PL_OK;
}

static pl_status prepare(anneal *z, pl_error *err)
{
	const pl_deal *d = z->d;
	const int32_t rows = (SIDES + 1) * z->people + z->tasks;
	const int32_t cols = columns_of(z->d, z->mending);
	PL_TRY(pl_simplex_new(&z->lp, rows, cols, err));
	PL_TRY(pl_simplex_new(&z->kept, rows, cols, err));
	PL_TRY(pl_held_new(&z->held, rows, cols, PIVOTS + PARTS, err));
	z->task = pl_alloc(z->n_places, sizeof *z->task);
	z->best = pl_alloc(z->n_places, sizeof *z->best);
	z->variable = pl_alloc(z->n_places, sizeof *z->variable);
	z->x = pl_alloc(rows + (int64_t)cols, sizeof *z->x);
	z->hand = pl_alloc(z->people, sizeof *z->hand);
	z->bits = pl_alloc(d->able->words * z->tasks, sizeof *z->bits);
	if (z->task == NULL || z->best == NULL || z->variable == NULL || z->x == NULL ||
	    z->hand == NULL || z->bits == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
	for (int i = 0; i < PARTS; i++) z->spare[i] = z->n_places + i;
	z->lp->steep = z->kept->steep = true;
	return fill_hands(z, err);
}

/// Aim nearer to `low` than what was reached. @return whether the places can hold all
static bool aim_lower(anneal *z, double low)
{
	z->aim = z->mending ? scale_points
	                    : low + (fmin(z->aim, pl_deal_worst(z->d)) - low) * nearer;
	const bool done = solve_anew(z);
	z->least = z->lp->objective;
	memcpy(z->best, z->task, (size_t)z->n_places * sizeof *z->best);
	return done;
}

/// In pivots.
static int64_t spent_of(const anneal *z)
{
	return z->lp->pivots + z->steps + z->draws / DRAWS;
}

static pl_status search(anneal *z, double low, int64_t most, pl_error *err)
{
	bool open = aim_lower(z, low);
	for (int64_t spent = 0; open && spent < most; spent = spent_of(z)) {
		const double gone = (double)spent / (double)most;
		const double heat = (z->mending ? hours_a_point : 1) * warm *
		                    pl_exp(gone * pl_log(cold / warm));
		if (z->lp->pivots > z->anew) open = solve_anew(z);
		if (z->draws % TOLD == 0)
			pl_deal_tell(z->d, "trying other tasks",
			             z->mending ? INFINITY : pl_deal_worst(z->d));
		if (open && missing(z) > small) {
			step(z, -heat * pl_log(1 - pl_random_unit(&z->random)));
			continue;
		}
		PL_TRY(take_up(z, err));
		if (z->mending || pl_deal_worst(z->d) - low <= PL_BRANCH_NEAR) return PL_OK;
		open = open && aim_lower(z, low);
	}
	if (z->mending) return PL_OK;
	memcpy(z->task, z->best, (size_t)z->n_places * sizeof *z->best);
	return solve_anew(z) ? take_up(z, err) : PL_OK;
}

static pl_status anneal_once(pl_deal *d, double low, int64_t most, uint64_t round,
                             pl_error *err)
{
	anneal z = {.d = d,
	            .people = d->w->n_people,
	            .tasks = d->w->n_tasks,
	            .places = d->s.tasks_most,
	            .aim = INFINITY,
	            .mending = pl_deal_faults(d) > 0,
	            .random = pl_random_new(d->s.seed, 3 + round)};
	z.n_places = z.people * z.places;
	pl_status status = prepare(&z, err);
	if (status == PL_OK) status = search(&z, low, most, err);
	clear(&z);
	return status;
}

/// Pivots that so many table entries allow; 0: the workplace is too large.
static int64_t pivots_of(const pl_deal *d, int64_t effort)
{
	const int64_t people = d->w->n_people;
	if (people * d->s.tasks_most > PL_ANNEAL_MOST) return 0;
	const int64_t size = (int64_t)columns_of(d, pl_deal_faults(d) > 0) *
	                     ((SIDES + 1) * people + d->w->n_tasks);
	return size > PL_ANNEAL_MOST ? 0 : effort / (size + AROUND);
}

pl_status pl_anneal_mend(pl_deal *d, int64_t effort, pl_error *err)
{
	const int64_t most = pivots_of(d, effort);
	if (pl_deal_faults(d) == 0 || most == 0) return PL_OK;
	return anneal_once(d, 0, most, CHAINS, err);
}

pl_status pl_anneal_run(pl_deal *d, double low, int64_t effort, pl_error *err)
{
	const int64_t most = pivots_of(d, effort);
	if (pl_deal_faults(d) > 0 || most == 0) return PL_OK;
	for (uint64_t k = 0; k < CHAINS && pl_deal_worst(d) - low > PL_BRANCH_NEAR; k++)
		PL_TRY(anneal_once(d, low, most / CHAINS, k, err));
	return PL_OK;
}
