/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pl_test.h - the whole test harness. A test is a function; main lists them. */
#ifndef PL_TEST_H
#define PL_TEST_H
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int pl_test_failed;

#define CHECK(cond)                                                                \
	do {                                                                       \
		if (!(cond)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #cond); \
			pl_test_failed = 1;                                        \
		}                                                                  \
	} while (0)

#define CHECK_NEAR(got, want, tol)                                                         \
	do {                                                                               \
		const double got_ = (got), want_ = (want), tol_ = (tol);                   \
		if (!(fabs(got_ - want_) <= tol_)) { /* NaN fails */                       \
			fprintf(stderr, "%s:%d: %s is %.17g, not %.17g +- %g\n", __FILE__, \
			        __LINE__, #got, got_, want_, tol_);                        \
			pl_test_failed = 1;                                                \
		}                                                                          \
	} while (0)

#define RUN(test)                        \
	do {                             \
		printf("  %s\n", #test); \
		test();                  \
	} while (0)
#endif
