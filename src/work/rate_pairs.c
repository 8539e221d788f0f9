/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rate_pairs.c - strengths of tasks from comparisons in pairs. */
#include "base/alloc.h"
#include "base/error.h"
#include "work/rate.h"

#include <math.h>

enum { PASSES = 5, STEPS = 1000 };
static const double settled = 1e-10;               /* relative change of a strength */
static const double normal_95 = 1.959963984540054; /* two-sided */
static const double scale = 19;                    /* points from the least to the most */

typedef struct {
	int32_t n_tasks, n_people;
	int64_t n;
	const pl_comparison *said;
	double *p, *won, *against;      ///< [n_tasks]
	int64_t *times;                 ///< [n_tasks] comparisons that the task is in
	double *weight, *agree, *given; ///< [n_people]
} strengths;

/// One step: p <- (won + 1) / (sum of weight / (p + p of the other) + 2 / (p + 1)).
/// @return the largest relative change
static double step(strengths *v)
{
	double most = 0;
	for (int32_t t = 0; t < v->n_tasks; t++) v->against[t] = 2 / (v->p[t] + 1);
	for (int64_t k = 0; k < v->n; k++) {
		const pl_comparison *c = &v->said[k];
		const double x = v->weight[c->person] / (v->p[c->more] + v->p[c->less]);
		v->against[c->more] += x;
		v->against[c->less] += x;
	}
	for (int32_t t = 0; t < v->n_tasks; t++) {
		const double next = (v->won[t] + 1) / v->against[t];
		most = fmax(most, fabs(next / v->p[t] - 1));
		v->p[t] = next;
	}
	return most;
}

static void find_strengths(strengths *v)
{
	for (int32_t t = 0; t < v->n_tasks; t++) {
		v->won[t] = 0;
		v->p[t] = 1;
	}
	for (int64_t k = 0; k < v->n; k++)
		v->won[v->said[k].more] += v->weight[v->said[k].person];
	for (int i = 0; i < STEPS; i++)
		if (step(v) < settled) break;
}

/// How much each person counts, from how far they agree with the strengths.
static void weigh(strengths *v)
{
	for (int32_t m = 0; m < v->n_people; m++) v->agree[m] = v->given[m] = 0;
	for (int64_t k = 0; k < v->n; k++) {
		const pl_comparison *c = &v->said[k];
		const double apart = v->p[c->more] - v->p[c->less];
		v->agree[c->person] += apart > 0 ? 1 : apart < 0 ? 0 : 0.5;
		v->given[c->person] += 1;
	}
	for (int32_t m = 0; m < v->n_people; m++)
		v->weight[m] = fmax(0, 2 * (v->agree[m] + 1) / (v->given[m] + 2) - 1);
}

/// Score and interval of a task that was compared; both from the probabilities to be above each
/// other one, q, and the curvature, the sum of weight q (1 - q).
static void score_task(pl_score *out, const strengths *v, int32_t t, double curvature)
{
	double above = 0, slope = 0;
	int32_t others = 0;
	for (int32_t s = 0; s < v->n_tasks; s++) {
		if (s == t || v->times[s] == 0) continue;
		const double q = v->p[t] / (v->p[t] + v->p[s]);
		above += q;
		slope += q * (1 - q);
		others++;
	}
	const double half = normal_95 * scale * slope / others / sqrt(curvature);
	out->score = 1 + scale * above / others;
	out->low = fmax(1, out->score - half);
	out->high = fmin(1 + scale, out->score + half);
}

static void score_all(pl_score *out, strengths *v)
{
	for (int32_t t = 0; t < v->n_tasks; t++)
		v->against[t] = 2 * v->p[t] / ((1 + v->p[t]) * (1 + v->p[t]));
	for (int64_t k = 0; k < v->n; k++) {
		const pl_comparison *c = &v->said[k];
		const double q = v->p[c->more] / (v->p[c->more] + v->p[c->less]);
		v->against[c->more] += v->weight[c->person] * q * (1 - q);
		v->against[c->less] += v->weight[c->person] * q * (1 - q);
	}
	for (int32_t t = 0; t < v->n_tasks; t++) {
		out[t] = (pl_score){(double)NAN, (double)NAN, (double)NAN, v->times[t]};
		if (v->times[t] > 0) score_task(&out[t], v, t, v->against[t]);
	}
}

static pl_status count_times(strengths *v, pl_error *err)
{
	for (int64_t k = 0; k < v->n; k++) {
		const pl_comparison *c = &v->said[k];
		if (c->person < 0 || c->person >= v->n_people || c->more < 0 ||
		    c->more >= v->n_tasks || c->less < 0 || c->less >= v->n_tasks ||
		    c->more == c->less)
			return pl_fail(err, PL_EARG, k,
			               "comparison %lld is of no two tasks, or by nobody",
			               (long long)k);
		v->times[c->more]++;
		v->times[c->less]++;
	}
	return PL_OK;
}

pl_status pl_rate_pairs(pl_score *out, int32_t n_tasks, int32_t n_people, int64_t n,
                        const pl_comparison *said, pl_error *err)
{
	strengths v = {.n_tasks = n_tasks, .n_people = n_people, .n = n, .said = said};
	pl_status status = PL_ENOMEM;
	double *by_task = pl_alloc(3 * (int64_t)n_tasks, sizeof *by_task);
	double *by_person = pl_alloc(3 * (int64_t)n_people, sizeof *by_person);
	v.times = pl_alloc(n_tasks, sizeof *v.times);
	if (by_task != NULL && by_person != NULL && v.times != NULL) {
		v.p = by_task;
		v.won = by_task + n_tasks;
		v.against = by_task + 2 * (int64_t)n_tasks;
		v.weight = by_person;
		v.agree = by_person + n_people;
		v.given = by_person + 2 * (int64_t)n_people;
		status = count_times(&v, err);
	} else {
		(void)pl_fail(err, status, -1, "no memory for comparisons of %d tasks",
		              (int)n_tasks);
	}
	if (status == PL_OK) {
		for (int32_t m = 0; m < n_people; m++) v.weight[m] = 1;
		for (int i = 0; i < PASSES; i++) {
			if (i > 0) weigh(&v);
			find_strengths(&v);
		}
		score_all(out, &v);
	}
	pl_free(by_task);
	pl_free(by_person);
	pl_free(v.times);
	return status;
}
