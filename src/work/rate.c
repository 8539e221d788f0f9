/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rate.c - the median of means of pairs. Ratings are whole tenths, so the means of pairs are
 * counted by value: exact, and the same in whatever order people spoke. */
#include "work/rate.h"

#include "base/alloc.h"
#include "base/error.h"

#include <math.h>

enum { VALUES = PL_RATE_MOST + 1, SUMS = 2 * PL_RATE_MOST + 1 };
static const double normal_95 = 1.959963984540054; /* of the normal distribution, two-sided */

/// How many pairs of ratings, each with itself too, come to each sum.
static void count_sums(int64_t pairs[SUMS], const int64_t count[VALUES])
{
	for (int s = 0; s < SUMS; s++) pairs[s] = 0;
	for (int a = PL_RATE_LEAST; a < VALUES; a++) {
		if (count[a] == 0) continue;
		pairs[a + a] += count[a] * (count[a] + 1) / 2;
		for (int b = a + 1; b < VALUES; b++) pairs[a + b] += count[a] * count[b];
	}
}

/// The mean of a pair at this place, from 1, in rising order. @return points
static double at_place(const int64_t pairs[SUMS], int64_t place)
{
	int s = 0;
	for (int64_t seen = pairs[0]; seen < place && s < SUMS - 1; seen += pairs[s]) s++;
	return (double)s / (2 * PL_RATE_POINT);
}

static pl_score score_of(const int64_t count[VALUES], int64_t n)
{
	int64_t pairs[SUMS];
	const pl_score nobody = {(double)NAN, (double)NAN, (double)NAN, 0};
	if (n == 0) return nobody;
	count_sums(pairs, count);
	const int64_t all = n * (n + 1) / 2;
	const double x = (double)n, spread = sqrt(x * (x + 1) * (2 * x + 1) / 24);
	const double place = floor((double)all / 2 - normal_95 * spread);
	pl_score s = {.n = n, .low = (double)PL_RATE_LEAST / PL_RATE_POINT};
	s.high = (double)PL_RATE_MOST / PL_RATE_POINT;
	s.score = (at_place(pairs, (all + 1) / 2) + at_place(pairs, all / 2 + 1)) / 2;
	if (place < 1) return s;
	s.low = at_place(pairs, (int64_t)place);
	s.high = at_place(pairs, all + 1 - (int64_t)place);
	return s;
}

static pl_status count_ratings(int64_t (*count)[VALUES], int32_t n_tasks, int64_t n,
                               const pl_rating *rating, pl_error *err)
{
	if (n > INT32_MAX) return pl_fail(err, PL_EARG, n, "there are too many ratings");
	for (int64_t k = 0; k < n; k++) {
		const pl_rating *r = &rating[k];
		if (r->task < 0 || r->task >= n_tasks || r->tenths < PL_RATE_LEAST ||
		    r->tenths > PL_RATE_MOST)
			return pl_fail(err, PL_EARG, k,
			               "rating %lld is of no task, or not from 1 to 20",
			               (long long)k);
		count[r->task][r->tenths]++;
	}
	return PL_OK;
}

pl_status pl_rate_tasks(pl_score *out, int32_t n_tasks, int64_t n, const pl_rating *rating,
                        const double *start, pl_error *err)
{
	int64_t(*count)[VALUES] = pl_alloc(n_tasks, sizeof *count);
	if (count == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for ratings of %d tasks",
		               (int)n_tasks);
	const pl_status status = count_ratings(count, n_tasks, n, rating, err);
	for (int32_t t = 0; t < n_tasks && status == PL_OK; t++) {
		int64_t said = 0;
		for (int v = 0; v < VALUES; v++) said += count[t][v];
		if (start != NULL && start[t] >= 1 && start[t] <= 20) {
			count[t][(int)floor(start[t] * PL_RATE_POINT + 0.5)]++;
			said++;
		}
		out[t] = score_of(count[t], said);
	}
	pl_free(count);
	return status;
}
