/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pivot.c - where most of the time of linear programs goes. */
#include "work/pivot.h"

/// Add multiples of one row to all others, compiled for processors with these abilities.
#define LOOP(name, ability)                                                          \
	ability static void name(const pl_pivot_part *p, const double *restrict row, \
	                         int32_t skip, const double *times)                  \
	{                                                                            \
		for (int32_t i = 0; i < p->rows; i++) {                              \
			double *restrict to = p->t + (int64_t)i * p->cols;           \
			const double by = times[i];                                  \
			if (i == skip || by == 0) continue;                          \
			for (int32_t j = 0; j < p->cols; j++) to[j] += by * row[j];  \
		}                                                                    \
	}

typedef void loop(const pl_pivot_part *p, const double *restrict row, int32_t skip,
                  const double *times);

LOOP(plain, )
#if defined __x86_64__ && !defined PL_REFERENCE
LOOP(by_4, __attribute__((target("avx2"))))
LOOP(by_8, __attribute__((target("avx512f"))))
#endif

static loop *widest(void)
{
#if defined __x86_64__ && !defined PL_REFERENCE
	if (__builtin_cpu_supports("avx512f")) return by_8;
	if (__builtin_cpu_supports("avx2")) return by_4;
#endif
	return plain;
}

void pl_pivot(const pl_pivot_part *p, int32_t row, int32_t col, const double *times)
{
	double *r = p->t + (int64_t)row * p->cols;
	for (int32_t j = 0; j < p->cols; j++) r[j] /= -times[row];
	if (col >= 0) r[col] = 1 / times[row];
	widest()(p, r, row, times);
	for (int32_t j = 0; j < p->cols; j++) p->d[j] += times[p->rows] * r[j];
}
