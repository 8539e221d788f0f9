/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "num/scatter.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

/* The blocks' sums are written and read once a pass: kept to this part of the table. */
enum { ENTRIES_PER_SUM = 16, MOST_BLOCKS = 64 };

static int32_t blocks_for(int64_t entries, int32_t cols)
{
	const int64_t n = entries / (ENTRIES_PER_SUM * ((int64_t)cols + 1));
	if (n < 1) return 1;
	return n < MOST_BLOCKS ? (int32_t)n : MOST_BLOCKS;
}

pl_status pl_scatter_new(pl_scatter **out, const pl_csr *a, int32_t first, int32_t end,
                         int32_t lanes, pl_error *err)
{
	return pl_scatter_rows(out, a->start, a->n_cols, first, end, lanes, err);
}

pl_status pl_scatter_rows(pl_scatter **out, const int64_t *start, int32_t n_cols, int32_t first,
                          int32_t end, int32_t lanes, pl_error *err)
{
	*out = NULL;
	const int64_t begin = start[first], entries = start[end] - begin;
	pl_scatter *s = pl_alloc(1, sizeof *s);
	if (s == NULL) goto nomem;
	s->n_blocks = blocks_for(entries, n_cols);
	s->n_cols = n_cols;
	s->lanes = lanes;
	s->first = pl_alloc((int64_t)s->n_blocks + 1, sizeof *s->first);
	s->sum = pl_alloc((int64_t)s->n_blocks * n_cols * lanes, sizeof *s->sum);
	if (s->first == NULL || s->sum == NULL) goto nomem;
	int32_t row = first;
	for (int32_t b = 0; b < s->n_blocks; b++) {
		while (row < end && (start[row] - begin) < entries * b / s->n_blocks) row++;
		s->first[b] = row;
	}
	s->first[s->n_blocks] = end;
	*out = s;
	return PL_OK;

nomem:
	pl_scatter_free(s);
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the totals of %d goods", n_cols);
}

void pl_scatter_free(pl_scatter *s)
{
	if (s == NULL) return;
	pl_free(s->sum);
	pl_free(s->first);
	pl_free(s);
}

double *pl_scatter_begin(const pl_scatter *s, int32_t b)
{
	const size_t n = (size_t)s->n_cols * (size_t)s->lanes;
	double *sum = s->sum + (size_t)b * n;
	memset(sum, 0, n * sizeof *sum);
	return sum;
}
