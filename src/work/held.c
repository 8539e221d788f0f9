/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* held.c - pivots on columns that nobody looks at yet. */
#include "work/held.h"

#include "base/alloc.h"
#include "base/error.h"
#include "work/pivot.h"

#include <string.h>

void pl_held_free(pl_held *h)
{
	if (h == NULL) return;
	pl_free(h->t);
	pl_free(h->times);
	pl_free(h->row);
	pl_free(h);
}

pl_status pl_held_new(pl_held **out, int32_t rows, int32_t cols, int32_t most, pl_error *err)
{
	pl_held *h = *out = pl_alloc(1, sizeof *h);
	if (h != NULL) {
		h->n_rows = rows;
		h->most = most;
		h->t = pl_alloc((int64_t)rows * cols, sizeof *h->t);
		h->times = pl_alloc(((int64_t)rows + 1) * most, sizeof *h->times);
		h->row = pl_alloc(most, sizeof *h->row);
		if (h->t != NULL && h->times != NULL && h->row != NULL) return PL_OK;
	}
	pl_held_free(h);
	*out = NULL;
	return pl_fail(err, PL_ENOMEM, -1, "no memory to search for jobs");
}

/// Is it a row's, and does it never move?
static bool is_held(const pl_simplex *s, int32_t col)
{
	const int32_t v = s->other[col];
	return v >= s->n_cols && s->low[v] == s->high[v];
}

/// The columns in a new order, those that are held last. @return how many are not
static int32_t order_of(const pl_simplex *s, int32_t *order)
{
	int32_t n = 0;
	for (int held = 0; held < 2; held++)
		for (int32_t j = 0; j < s->n_cols; j++)
			if (is_held(s, j) == (held == 1)) order[n++] = j;
	while (n > 0 && is_held(s, order[n - 1])) n--;
	return n;
}

/// Put what is said of each column in order.
static void sort_columns(pl_simplex *s, const int32_t *order)
{
	double *sorted = s->cost;
	const size_t size = (size_t)s->n_cols * sizeof *sorted;
	for (int32_t j = 0; j < s->n_cols; j++) sorted[j] = s->d[order[j]];
	memcpy(s->d, sorted, size);
	for (int32_t j = 0; j < s->n_cols; j++) sorted[j] = s->at_high[order[j]];
	for (int32_t j = 0; j < s->n_cols; j++) s->at_high[j] = sorted[j] != 0;
	for (int32_t j = 0; j < s->n_cols; j++) sorted[j] = s->other[order[j]];
	for (int32_t j = 0; j < s->n_cols; j++) {
		s->other[j] = (int32_t)sorted[j];
		s->where[s->other[j]] = ~j;
	}
}

void pl_held_part(pl_held *h, pl_simplex *s)
{
	int32_t *order = s->open;
	const int32_t n = order_of(s, order), all = s->n_cols;
	h->n = all - n;
	h->n_noted = 0;
	sort_columns(s, order);
	for (int32_t i = 0; i < s->n_rows; i++) {
		const double *row = s->t + (int64_t)i * all;
		double *sorted = s->cost;
		for (int32_t j = 0; j < all; j++) sorted[j] = row[order[j]];
		memcpy(s->t + (int64_t)i * n, sorted, (size_t)n * sizeof *sorted);
		memcpy(h->t + (int64_t)i * h->n, sorted + n, (size_t)h->n * sizeof *sorted);
	}
	s->width = n;
	s->held = h;
}

double *pl_held_note(pl_held *h, int32_t row)
{
	h->row[h->n_noted] = row;
	return h->times + (int64_t)h->n_noted++ * (h->n_rows + 1);
}

void pl_held_take(pl_held *h, const pl_simplex *s)
{
	const pl_pivot_part part = {h->t, s->d + s->width, h->n_rows, h->n};
	for (int32_t k = 0; k < h->n_noted; k++)
		pl_pivot(&part, h->row[k], -1, h->times + (int64_t)k * (h->n_rows + 1));
	h->n_noted = 0;
}

void pl_held_forget(pl_held *h)
{
	h->n_noted = 0;
}
