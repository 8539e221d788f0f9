/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rate.h - scores of tasks from what members say of them, so that a few who exaggerate or lie
 * move them little. docs/jobs.md tells it. */
#ifndef PL_WORK_RATE_H
#define PL_WORK_RATE_H
#include <plenum/base.h>

/// Ratings are whole tenths of a point, from 1 to 20 points.
enum { PL_RATE_POINT = 10, PL_RATE_LEAST = 10, PL_RATE_MOST = 200 };

/// A score and the interval that holds it nineteen times of twenty; 1 .. 20 where too few
/// spoke.
typedef struct {
	double score, low, high; ///< points; NaN where nobody spoke of the task
	int64_t n;               ///< ratings, or comparisons that the task is in
} pl_score;

typedef struct {
	int32_t task;
	int32_t tenths; ///< PL_RATE_LEAST .. PL_RATE_MOST
} pl_rating;

/// The Hodges-Lehmann estimate of each task: the median of the means of all pairs of its
/// ratings, each with itself too. Fewer than 29 % of the raters cannot move it beyond what
/// others said. The interval is the one that belongs to it, of Wilcoxon's signed ranks; none
/// below six.
/// @param[out] out [n_tasks]
/// @param start [n_tasks] points that count as one rating more, NaN: none; NULL: none at all
/// Source: J. L. Hodges and E. L. Lehmann, Ann. Math. Statist. 34 (1963) 598-611; M. Hollander
/// and D. A. Wolfe, Nonparametric Statistical Methods (1973), 3.2 and 3.3.
/// @return PL_OK; PL_EARG (err->where: the rating); PL_ENOMEM
pl_status pl_rate_tasks(pl_score *out, int32_t n_tasks, int64_t n, const pl_rating *rating,
                        const double *start, pl_error *err);

/// A person says that one task has more of something than another.
typedef struct {
	int32_t person, more, less;
} pl_comparison;

/// Strengths p of Bradley and Terry, P(t above s) = p[t] / (p[t] + p[s]), each task also once
/// above and once below a task of strength 1. A person's comparisons count max(0, 2 a - 1), a
/// the part that agrees with everybody's result (one more of two assumed), found in turns; so
/// who answers at random, or the wrong way round, counts nothing. The score is 1 + 19 times the
/// mean probability to be above another task that was compared; the interval is from the
/// likelihood's curvature at each task.
/// @param[out] out [n_tasks]
/// Source: R. A. Bradley and M. E. Terry, Biometrika 39 (1952) 324-345; found as in D. R.
/// Hunter, Ann. Statist. 32 (2004) 384-406. The weights are ours.
/// @return PL_OK; PL_EARG (err->where: the comparison); PL_ENOMEM
pl_status pl_rate_pairs(pl_score *out, int32_t n_tasks, int32_t n_people, int64_t n,
                        const pl_comparison *said, pl_error *err);
#endif
