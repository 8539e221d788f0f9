/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* linear.c - a linear program over shares, bounds that hold in spite of rounding, and whole
 * thousandths from what it finds. */
#include "work/linear.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

static const double hour = PL_WORK_HOUR, close_to = 1e-7, scale_points = 20;
static const double most_perturbation = 1e-5; /* of the objective, in points */
static const double least_proof = 1e-7;       /* hours, of a proof that nothing fits */
static const double credit = 1e-4;            /* points that costs and rounding may make */

enum {
	CLEAN = 3000, /* pivots after which the table is filled anew */
	TURNS = 20    /* pivots for each row, at most */
};

int32_t pl_linear_rows(const pl_workplace *w)
{
	return 5 * w->n_people + w->n_tasks;
}

void pl_linear_free(pl_linear *p)
{
	if (p == NULL) return;
	pl_simplex_free(p->lp);
	pl_free(p->x);
	pl_free(p->y);
	pl_free(p->support);
	pl_free(p);
}

/* ---- the table -----------------------------------------------------------------------------
 */

static void limit_rows(const pl_linear *p)
{
	const pl_deal *d = p->d;
	const int32_t people = d->w->n_people, tasks = d->w->n_tasks;
	double *low = p->lp->low + p->lp->n_cols, *high = p->lp->high + p->lp->n_cols;
	for (int32_t m = 0; m < people; m++) low[m] = high[m] = (double)d->work[m] / hour;
	for (int32_t t = 0; t < tasks; t++)
		low[people + t] = high[people + t] = (double)d->w->need[t] / hour;
	for (int32_t i = people + tasks; i < p->lp->n_rows; i++) {
		low[i] = -INFINITY;
		high[i] = 0;
	}
}

static void fill(pl_linear *p)
{
	const pl_deal *d = p->d;
	const int32_t people = d->w->n_people, tasks = d->w->n_tasks, n = p->lp->n_cols;
	double *t = p->lp->t;
	pl_simplex_clear(p->lp);
	for (int32_t j = 0; j < p->n_pairs; j++) {
		const int32_t m = p->person[j], k = p->task[j];
		const double work = (double)d->work[m] / hour;
		const int32_t moment = people + tasks + 4 * m;
		t[(int64_t)m * n + j] = 1;
		t[(int64_t)(people + k) * n + j] = 1;
		t[(int64_t)moment * n + j] = d->x[k] / work;
		t[(int64_t)(moment + 1) * n + j] = -d->x[k] / work;
		t[(int64_t)(moment + 2) * n + j] = d->y[k] / work;
		t[(int64_t)(moment + 3) * n + j] = -d->y[k] / work;
	}
	for (int32_t i = people + tasks; i < p->lp->n_rows; i++)
		t[(int64_t)i * n + p->n_pairs] = -1;
	/* Costs that differ a little break ties, of which there are many; proofs use true
	 * costs. */
	for (int32_t j = 0; j < p->n_pairs; j++) {
		const double wave = fmod((double)(j + 1) * 0.6180339887498949, 1);
		p->lp->d[j] = most_perturbation * (1 + wave) / (1 + p->total);
	}
	p->lp->d[p->n_pairs] = 1;
	p->clean = p->lp->pivots;
}

void pl_linear_limit(pl_linear *p, int32_t pair, int64_t low, int64_t high)
{
	p->lp->low[pair] = (double)low / hour;
	p->lp->high[pair] = (double)high / hour;
}

pl_status pl_linear_new(pl_linear **out, const pl_deal *d, int32_t n_pairs,
                        const int32_t *person, const int32_t *task, pl_error *err)
{
	*out = NULL;
	const int32_t rows = pl_linear_rows(d->w);
	pl_linear *p = pl_alloc(1, sizeof *p);
	if (p == NULL) goto nomem;
	*p = (pl_linear){.d = d, .n_pairs = n_pairs, .person = person, .task = task};
	p->size = (int64_t)rows * (n_pairs + 1);
	p->x = pl_alloc((int64_t)n_pairs + 1 + rows, sizeof *p->x);
	p->y = pl_alloc(rows, sizeof *p->y);
	p->support = pl_alloc(d->able->words * d->w->n_tasks, sizeof *p->support);
	if (p->x == NULL || p->y == NULL || p->support == NULL) goto nomem;
	const pl_status status = pl_simplex_new(&p->lp, rows, n_pairs + 1, err);
	if (status != PL_OK) {
		pl_linear_free(p);
		return status;
	}
	for (int32_t j = 0; j < n_pairs; j++) {
		const int64_t work = d->work[person[j]], need = d->w->need[task[j]];
		pl_linear_limit(p, j, 0, work < need ? work : need);
		p->total += p->lp->high[j];
	}
	p->lp->high[n_pairs] = scale_points;
	limit_rows(p);
	fill(p);
	*out = p;
	return PL_OK;

nomem:
	pl_linear_free(p);
	return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
}

/* ---- solutions -----------------------------------------------------------------------------
 */

/// With any prices y of rows, cost * deviation >= sum of y r over bounds of rows r + sum of
/// (c - y A) x over bounds of x, whatever y are.
static double weigh(const pl_linear *p, double cost)
{
	const pl_deal *d = p->d;
	const int32_t people = d->w->n_people, tasks = d->w->n_tasks, n = p->lp->n_cols;
	double sum = 0, deviation = cost;
	for (int32_t i = 0; i < p->lp->n_rows; i++) {
		if (i < people + tasks) {
			sum += p->y[i] * p->lp->low[n + i];
			continue;
		}
		if (p->y[i] > 0) p->y[i] = 0; /* the row has no lower bound */
		deviation += p->y[i];
	}
	for (int32_t j = 0; j < p->n_pairs; j++) {
		const int32_t m = p->person[j], k = p->task[j];
		const double work = (double)d->work[m] / hour;
		const double *q = p->y + people + tasks + 4 * (int64_t)m;
		const double rest = -p->y[m] - p->y[people + k] -
		                    (d->x[k] * (q[0] - q[1]) + d->y[k] * (q[2] - q[3])) / work;
		sum += fmin(rest * p->lp->low[j], rest * p->lp->high[j]);
	}
	return sum + fmin(0, deviation * scale_points);
}

double pl_linear_bound(const pl_linear *p)
{
	pl_simplex_prices(p->lp, p->y);
	return weigh(p, 1);
}

static bool certainly_none(const pl_linear *p)
{
	pl_simplex_proof(p->lp, p->y);
	double most = 0;
	for (int32_t i = 0; i < p->lp->n_rows; i++) most = fmax(most, fabs(p->y[i]));
	return weigh(p, 0) > least_proof * most;
}

/// Does what the table says follow from the coefficients, too?
static bool credible(const pl_linear *p, pl_lp_end end)
{
	if (end == PL_LP_LIMIT) return false;
	if (end == PL_LP_NONE) return certainly_none(p);
	const double said = p->lp->objective;
	return pl_linear_bound(p) >= fmin(said, scale_points) - credit;
}

pl_lp_end pl_linear_run(pl_linear *p, double above, int64_t pivots)
{
	const int64_t once = TURNS * (int64_t)p->lp->n_rows;
	if (p->lp->pivots > p->clean + CLEAN) fill(p);
	pl_lp_end end = pl_simplex_run(p->lp, above, pivots < once ? pivots : once);
	if (!credible(p, end) && (end != PL_LP_LIMIT || pivots > once)) {
		fill(p);
		end = pl_simplex_run(p->lp, above, pivots < once ? pivots : once);
		if (end == PL_LP_NONE && !credible(p, end)) end = PL_LP_LIMIT;
	}
	if (end == PL_LP_BEST) pl_simplex_values(p->lp, p->x);
	return end;
}

/* ---- deals ---------------------------------------------------------------------------------
 */

/// Does no task and no person have more than there is?
static bool fits(const pl_deal *d, int64_t *left)
{
	for (int32_t t = 0; t < d->w->n_tasks; t++) left[t] = d->w->need[t];
	for (int32_t m = 0; m < d->w->n_people; m++) {
		int64_t work = d->work[m];
		for (int32_t i = 0; i < d->hand[m].n; i++) {
			work -= d->hand[m].hours[i];
			left[d->hand[m].task[i]] -= d->hand[m].hours[i];
		}
		if (work < 0) return false;
	}
	for (int32_t t = 0; t < d->w->n_tasks; t++)
		if (left[t] < 0) return false;
	return true;
}

pl_status pl_linear_deal(bool *whole, const pl_linear *p, pl_deal *d, pl_error *err)
{
	pl_shortage lack;
	*whole = false;
	memset(p->support, 0, (size_t)(d->able->words * d->w->n_tasks) * sizeof *p->support);
	memset(d->hand, 0, (size_t)d->w->n_people * sizeof *d->hand);
	for (int32_t j = 0; j < p->n_pairs; j++) {
		const int32_t m = p->person[j], t = p->task[j];
		if (p->x[j] <= close_to) continue;
		p->support[t * d->able->words + m / 64] |= UINT64_C(1) << (m % 64);
		const int64_t hours = (int64_t)floor(p->x[j] * hour + 1e-3);
		if (hours > 0 && !pl_hand_add(&d->hand[m], t, hours)) return PL_OK;
	}
	int64_t *left = pl_alloc(d->w->n_tasks, sizeof *left);
	if (left == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to deal out tasks");
	const bool fit = fits(d, left);
	pl_free(left);
	if (!fit) return PL_OK;
	PL_TRY(pl_deal_cover(&lack, d, p->support, 1, err));
	*whole = lack.task < 0;
	return PL_OK;
}
