/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/scatter.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

enum { ROWS = 3000, COLS = 7, ROW = 3, FIRST = 100 };

static pl_csr *a_table(void)
{
	pl_csr *a = NULL;
	pl_random r = pl_random_new(3, 1);
	CHECK(pl_csr_new(&a, ROWS, COLS, (int64_t)ROWS * ROW, NULL) == PL_OK);
	if (a == NULL) abort();
	for (int32_t i = 0; i < ROWS; i++) {
		a->start[i + 1] = (int64_t)(i + 1) * ROW;
		for (int64_t k = a->start[i]; k < a->start[i + 1]; k++) {
			a->col[k] = (int32_t)pl_random_below(&r, COLS);
			a->val[k] = (double)pl_random_below(&r, 1000); /* sums are exact */
		}
	}
	return a;
}

static void every_row_from_the_first_on_is_in_one_block(void)
{
	pl_csr *a = a_table();
	pl_scatter *s = NULL;
	CHECK(pl_scatter_new(&s, a, FIRST, ROWS, 1, NULL) == PL_OK);
	CHECK(s->n_blocks > 1 && s->first[0] == FIRST && s->first[s->n_blocks] == ROWS);
	for (int32_t b = 0; b < s->n_blocks; b++) {
		const int32_t rows = s->first[b + 1] - s->first[b];
		CHECK(rows > 0 && abs(rows - (ROWS - FIRST) / s->n_blocks) <= 1);
	}
	pl_scatter_free(s);
	pl_csr_free(a);
}

static void totals_are_the_sums_by_column_however_often(void)
{
	pl_csr *a = a_table();
	pl_scatter *s = NULL;
	double sum[COLS] = {0}, square[COLS] = {0};
	CHECK(pl_scatter_new(&s, a, 0, ROWS, 2, NULL) == PL_OK);
	for (int64_t k = 0; k < a->start[ROWS]; k++) {
		sum[a->col[k]] += a->val[k];
		square[a->col[k]] += a->val[k] * a->val[k];
	}
	for (int again = 0; again < 2; again++) {
		for (int32_t b = s->n_blocks; b-- > 0;) { /* in any order */
			double *to = pl_scatter_begin(s, b);
			for (int64_t k = a->start[s->first[b]]; k < a->start[s->first[b + 1]];
			     k++) {
				double *at = to + 2 * (int64_t)a->col[k];
				at[0] += a->val[k];
				at[1] += a->val[k] * a->val[k];
			}
		}
		for (int32_t j = 0; j < COLS; j++) {
			CHECK(pl_scatter_total(s, j, 0) == sum[j]);
			CHECK(pl_scatter_total(s, j, 1) == square[j]);
		}
	}
	pl_scatter_free(s);
	pl_csr_free(a);
}

static void a_table_without_rows_or_columns_adds_up_to_nothing(void)
{
	pl_csr *a = NULL;
	pl_scatter *s = NULL;
	CHECK(pl_csr_new(&a, 0, 0, 0, NULL) == PL_OK);
	CHECK(pl_scatter_new(&s, a, 0, 0, 3, NULL) == PL_OK);
	CHECK(s->n_blocks == 1 && s->first[0] == 0 && s->first[1] == 0);
	(void)pl_scatter_begin(s, 0);
	pl_scatter_free(s);
	pl_csr_free(a);
}

int main(void)
{
	RUN(every_row_from_the_first_on_is_in_one_block);
	RUN(totals_are_the_sums_by_column_however_often);
	RUN(a_table_without_rows_or_columns_adds_up_to_nothing);
	return pl_test_failed;
}
