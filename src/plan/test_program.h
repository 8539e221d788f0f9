/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_program.h - for the tests of this room (after tests/pl_test.h): economies put together
 * in a few lines. */
#ifndef PL_PLAN_TEST_PROGRAM_H
#define PL_PLAN_TEST_PROGRAM_H
#include "plan/program.h"

/// A good whose price last year is @p price, held by society. @return its number
static inline int32_t a_good(pl_builder *b, const char *id, pl_good_kind kind, double price,
                             double held)
{
	const double none = (double)NAN;
	const pl_good_row row = {id, NULL, NULL, NULL, kind, price, held, none, none};
	int32_t at = -1;
	CHECK(pl_builder_good(&at, b, &row, NULL) == PL_OK);
	return at;
}

/// A council with its income (NaN: none) and parameters (NULL: all preset).
static inline int32_t a_council(pl_builder *b, const char *id, pl_schedule schedule,
                                double income, const double *param)
{
	const double none = (double)NAN;
	const pl_council_kind kind = schedule <= PL_S_ces        ? PL_WORKERS
	                             : schedule == PL_S_affected ? PL_COMMUNITY
	                                                         : PL_CONSUMERS;
	pl_council_row row = {id, NULL, kind, -1, none, income, schedule, {0}};
	for (int i = 0; i < PL_PARAM_SLOTS; i++) row.param[i] = param == NULL ? none : param[i];
	int32_t at = -1;
	CHECK(pl_builder_council(&at, b, &row, NULL) == PL_OK);
	return at;
}

static inline void a_link(pl_builder *b, int32_t council, int32_t good, pl_role role,
                          double amount)
{
	CHECK(pl_builder_link(b, council, good, role, amount, (double)NAN, NULL) == PL_OK);
}

static inline pl_builder *an_economy(void)
{
	pl_builder *b = NULL;
	CHECK(pl_builder_new(&b, NULL) == PL_OK);
	return b;
}

static inline pl_model *the_model(pl_builder *b)
{
	pl_model *m = NULL;
	CHECK(pl_builder_finish(&m, b, NULL, NULL, NULL) == PL_OK);
	return m;
}

static inline pl_program *the_program(const pl_model *m, const pl_twist *twist)
{
	pl_program *g = NULL;
	CHECK(pl_program_new(&g, m, twist, NULL) == PL_OK);
	return g;
}
#endif
