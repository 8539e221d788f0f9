/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* threads.h - the only file that knows whether OpenMP is there. */
#ifndef PL_BASE_THREADS_H
#define PL_BASE_THREADS_H
#ifdef _OPENMP
#include <omp.h>
static inline void pl_threads_set(int n)
{
	omp_set_num_threads(n);
}
#else
static inline void pl_threads_set(int n)
{
	(void)n;
}
#endif

/// Loops shorter than this run on one thread: waking a team costs more than the loop.
enum { PL_PAR_MIN = 4096 };
#endif
