/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* threads.h - the only file that knows whether OpenMP is there. */
#ifndef PL_BASE_THREADS_H
#define PL_BASE_THREADS_H
#ifdef _OPENMP
#include <omp.h>
#endif

enum {
	/// Loops shorter than this run on one thread: waking a team costs more than the loop.
	PL_PAR_MIN = 4096,
	/// More threads than this are more likely a slip than a wish.
	PL_THREADS_MOST = 256
};

/// Use n threads from now on; 0: as many as there are processors. One where there is no
/// OpenMP. @param n 0 .. PL_THREADS_MOST
static inline void pl_threads_set(int n)
{
#ifdef _OPENMP
	omp_set_num_threads(n > 0 ? n : omp_get_num_procs());
#else
	(void)n;
#endif
}

/// As many threads as a parallel loop uses now.
static inline int pl_threads_used(void)
{
#ifdef _OPENMP
	return omp_get_max_threads();
#else
	return 1;
#endif
}
#endif
