/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* triad [MIB [TIMES]] - what the memory gives on all threads (OMP_NUM_THREADS): the fastest of
 * some triads over three arrays of MIB mebibytes each, as one JSON object. */
#include "lab/triad.h"

#include "base/alloc.h"
#include "base/threads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	const long mib = argc > 1 ? strtol(argv[1], NULL, 10) : 128;
	const long times = argc > 2 ? strtol(argv[2], NULL, 10) : 10;
	const int64_t n = (int64_t)mib << 17;
	if (mib < 1 || mib > 65536 || times < 1) {
		fputs("usage: triad [MIB [TIMES]]\n", stderr);
		return 2;
	}
	double *at = pl_alloc(3 * n, sizeof *at), best = INFINITY;
	if (at == NULL) {
		fputs("triad: no memory for so large arrays\n", stderr);
		return 2;
	}
	for (int64_t i = 0; i < 3 * n; i++) at[i] = 1;
	for (long k = 0; k < times; k++) {
		const double begun = now();
		pl_triad(n, at, at + n, at + 2 * n, 0.5);
		best = fmin(best, now() - begun);
	}
	printf("{\"bandwidth\":%.17g,\"seconds\":%.17g,\"bytes\":%.17g,\"threads\":%d}\n",
	       PL_TRIAD_BYTES * (double)n / best, best, PL_TRIAD_BYTES * (double)n,
	       pl_threads_used());
	const int code = at[0] == 1.5 ? 0 : 1;
	pl_free(at);
	return code;
}
