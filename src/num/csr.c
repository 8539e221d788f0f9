/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/csr.h"

#include "base/alloc.h"
#include "base/error.h"

pl_status pl_csr_new(pl_csr **out, int32_t n_rows, int32_t n_cols, int64_t nnz, pl_error *err)
{
	*out = NULL;
	if (n_rows < 0 || n_cols < 0 || nnz < 0)
		return pl_fail(err, PL_EARG, -1, "a table cannot have a negative size");

	pl_csr *a = pl_alloc(1, sizeof *a);
	if (a == NULL) goto nomem;
	a->n_rows = n_rows;
	a->n_cols = n_cols;
	a->start = pl_alloc((int64_t)n_rows + 1, sizeof *a->start);
	a->col = pl_alloc(nnz, sizeof *a->col);
	a->val = pl_alloc(nnz, sizeof *a->val);
	if (a->start == NULL || a->col == NULL || a->val == NULL) goto nomem;
	*out = a;
	return PL_OK;

nomem:
	pl_csr_free(a);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld entries", (long long)nnz);
}

void pl_csr_free(pl_csr *a)
{
	if (a == NULL) return;
	pl_free(a->val);
	pl_free(a->col);
	pl_free(a->start);
	pl_free(a);
}

pl_status pl_by_col_new(pl_by_col **out, const pl_csr *a, pl_error *err)
{
	*out = NULL;
	const int64_t nnz = a->start[a->n_rows];
	pl_by_col *t = pl_alloc(1, sizeof *t);
	if (t == NULL) goto nomem;
	t->n_cols = a->n_cols;
	t->start = pl_alloc((int64_t)a->n_cols + 1, sizeof *t->start);
	t->row = pl_alloc(nnz, sizeof *t->row);
	t->entry = pl_alloc(nnz, sizeof *t->entry);
	if (t->start == NULL || t->row == NULL || t->entry == NULL) goto nomem;

	/* Count, then turn counts into starts, then place; `start` is used as the
	 * cursor and is one column ahead when done, so it is shifted back. */
	for (int64_t k = 0; k < nnz; k++) t->start[a->col[k] + 1]++;
	for (int32_t j = 0; j < t->n_cols; j++) t->start[j + 1] += t->start[j];
	for (int32_t i = 0; i < a->n_rows; i++) {
		for (int64_t k = a->start[i]; k < a->start[i + 1]; k++) {
			const int64_t at = t->start[a->col[k]]++;
			t->row[at] = i;
			t->entry[at] = k;
		}
	}
	for (int32_t j = t->n_cols; j > 0; j--) t->start[j] = t->start[j - 1];
	t->start[0] = 0;
	*out = t;
	return PL_OK;

nomem:
	pl_by_col_free(t);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld entries", (long long)nnz);
}

void pl_by_col_free(pl_by_col *t)
{
	if (t == NULL) return;
	pl_free(t->entry);
	pl_free(t->row);
	pl_free(t->start);
	pl_free(t);
}
