/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/csr.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

/* 3 x 4 table with an empty row:  . 1 . 2 / . . . . / 3 . . 4 */
static pl_csr *example(void)
{
	pl_csr *a;
	if (pl_csr_new(&a, 3, 4, 4, NULL) != PL_OK) abort();
	memcpy(a->start, (int64_t[]){0, 2, 2, 4}, 4 * sizeof *a->start);
	memcpy(a->col, (int32_t[]){1, 3, 0, 3}, 4 * sizeof *a->col);
	memcpy(a->val, (double[]){1, 2, 3, 4}, 4 * sizeof *a->val);
	return a;
}

static void columns_list_every_entry_once_in_row_order(void)
{
	pl_csr *a = example();
	pl_by_col *t = NULL;
	CHECK(pl_by_col_new(&t, a, NULL) == PL_OK);
	CHECK(t->n_cols == 4);
	CHECK(memcmp(t->start, (int64_t[]){0, 1, 2, 2, 4}, 5 * sizeof *t->start) == 0);
	CHECK(memcmp(t->row, (int32_t[]){2, 0, 0, 2}, 4 * sizeof *t->row) == 0);
	CHECK(memcmp(t->entry, (int64_t[]){2, 0, 1, 3}, 4 * sizeof *t->entry) == 0);
	pl_by_col_free(t);
	pl_csr_free(a);
}

static void negative_size_is_refused(void)
{
	pl_csr *a = (pl_csr *)1;
	pl_error err = {0};
	CHECK(pl_csr_new(&a, -1, 1, 0, &err) == PL_EARG);
	CHECK(a == NULL && err.code == PL_EARG);
}

#ifdef PL_ALLOC_FAULTS
/* Let 0, 1, 2, ... allocations through until it works: each failure must say
 * PL_ENOMEM and leave nothing behind. */
static void every_allocation_may_fail(void)
{
	pl_csr *a = example();
	for (int64_t grants = 0; grants < 10; grants++) {
		const int64_t before = pl_alloc_alive;
		pl_by_col *t = NULL;
		pl_alloc_grants = grants;
		const pl_status st = pl_by_col_new(&t, a, NULL);
		pl_alloc_grants = -1;
		pl_by_col_free(t);
		CHECK(pl_alloc_alive == before);
		CHECK(st == (grants < 4 ? PL_ENOMEM : PL_OK));
	}
	pl_csr_free(a);
}
#endif

int main(void)
{
	RUN(columns_list_every_entry_once_in_row_order);
	RUN(negative_size_is_refused);
#ifdef PL_ALLOC_FAULTS
	RUN(every_allocation_may_fail);
#endif
	return pl_test_failed;
}
