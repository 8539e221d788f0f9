/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/bandwidth.h"

#include "base/alloc.h"
#include "base/error.h"
#include "cli/bar.h"
#include "lab/triad.h"

#include <math.h>

enum {
	LENGTH = 1 << 22, ///< doubles in each of three arrays: 96 MiB, beyond most caches
	TIMES = 5         ///< the fastest counts
};

pl_status pl_bandwidth_measure(double *out, pl_error *err)
{
	const int64_t n = LENGTH;
	double *at = pl_alloc(3 * n, sizeof *at);
	double best = INFINITY;
	if (at == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory to measure the memory");
	/* written once before they are timed, so that they are there */
	for (int64_t i = 0; i < 3 * n; i++) at[i] = 1;
	for (int k = 0; k < TIMES; k++) {
		const double begun = pl_bar_clock();
		pl_triad(n, at, at + n, at + 2 * n, 0.5);
		best = fmin(best, pl_bar_clock() - begun);
	}
	*out = PL_TRIAD_BYTES * (double)n / best;
	pl_free(at);
	return PL_OK;
}
