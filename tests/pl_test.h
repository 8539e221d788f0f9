/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pl_test.h - the whole test harness. A test is a function; main lists them. */
#ifndef PL_TEST_H
#define PL_TEST_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int pl_test_failed;

static inline void pl_test_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	pl_test_failed = 1;
}

static inline void pl_test_near(const char *file, int line, const char *what, double got,
                                double want, double tol)
{
	if (fabs(got - want) <= tol) return; /* NaN fails */
	fprintf(stderr, "%s:%d: %s is %.17g, not %.17g +- %g\n", file, line, what, got, want,
	        tol);
	pl_test_failed = 1;
}

/* Expressions, so that a check adds no level to the loops it stands in. */
#define CHECK(cond)                ((cond) ? (void)0 : pl_test_fail(__FILE__, __LINE__, #cond))
#define CHECK_NEAR(got, want, tol) pl_test_near(__FILE__, __LINE__, #got, got, want, tol)

#define RUN(test)                        \
	do {                             \
		printf("  %s\n", #test); \
		test();                  \
	} while (0)
#endif
