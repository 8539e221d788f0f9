/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/lines.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

enum { ROWS = 2000 };

static void every_row_keeps_its_line_however_many_lines_are_left_out(void)
{
	pl_random draw = pl_random_new(1, 0);
	for (int often = 1; often < 40; often += 6) {
		pl_lines l = {0};
		int64_t line[ROWS], at = 1;
		for (int i = 0; i < ROWS; i++) {
			at += pl_random_bits(&draw) % (uint64_t)often == 0 ? 3 : 1;
			line[i] = at;
			CHECK(pl_lines_add(&l, at));
		}
		CHECK(l.n == ROWS);
		for (int i = 0; i < ROWS; i++) CHECK(pl_lines_at(&l, i) == line[i]);
		pl_lines_clear(&l);
	}
}

static void rows_line_by_line_take_one_place(void)
{
	pl_lines l = {0};
	for (int64_t i = 0; i < ROWS; i++) CHECK(pl_lines_add(&l, i + 2));
	CHECK(l.n_runs == 1 && pl_lines_at(&l, ROWS - 1) == ROWS + 1);
	pl_lines_clear(&l);
}

static void without_memory_a_row_is_not_counted(void)
{
#ifdef PL_ALLOC_FAULTS
	pl_lines l = {0};
	pl_alloc_grants = 0;
	CHECK(!pl_lines_add(&l, 5) && l.n == 0);
	pl_alloc_grants = -1;
	CHECK(pl_lines_add(&l, 5) && pl_lines_at(&l, 0) == 5);
	pl_lines_clear(&l);
#endif
}

int main(void)
{
	RUN(every_row_keeps_its_line_however_many_lines_are_left_out);
	RUN(rows_line_by_line_take_one_place);
	RUN(without_memory_a_row_is_not_counted);
	return pl_test_failed;
}
