/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_checks.c - what a national table must satisfy before it becomes an economy. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/import_common.h"
#include "io/import_radius.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

/// A row may miss its output by these parts of itself or of the largest output
/// (docs/economy-files.md).
#define MISS_OF_ITSELF  0.01
#define MISS_OF_LARGEST 1e-6
/// A column that adds others up to this part of itself is probably a total.
#define PART_OF_TOTAL 1e-6
/// What nobody makes and nobody uses beyond this part of the largest output is rounding dust:
/// tables that were added up in double precision hold 1e-19 where 0 is meant.
#define DUST 1e-12

static char *copy(const char *s)
{
	const size_t n = strlen(s) + 1;
	char *to = pl_alloc((int64_t)n, 1);
	if (to != NULL) memcpy(to, s, n);
	return to;
}

static double largest_of(const double *x, int32_t n)
{
	double largest = 0;
	for (int32_t i = 0; i < n; i++) largest = fmax(largest, fabs(x[i]));
	return largest;
}

/// Flow in the table's units, for which coefficients need outputs.
static double amount(const pl_national *n, int32_t i, int32_t j)
{
	assert(!n->per_unit || n->output != NULL);
	return n->flow[(int64_t)i * n->column.n + j] * (n->per_unit ? n->output[j] : 1);
}

/// Compare sums with what was stated. @param[out] n_bad names that miss by too much
/// @param[out] worst the worst of them, or -1
static pl_status compare(pl_import_balance *b, const pl_names *names, const double *stated,
                         const double *sum, int32_t *n_bad, int32_t *worst, pl_error *err)
{
	const double largest = largest_of(stated, names->n);
	int32_t absolute = -1, relative = -1;
	double worst_ratio = 0;
	*n_bad = 0;
	*worst = -1;
	b->known = true;
	for (int32_t i = 0; i < names->n; i++) {
		if (isnan(stated[i])) continue;
		const double miss = fabs(stated[i] - sum[i]);
		const double ratio = miss / fabs(stated[i]); /* infinite where 0 is stated */
		if (miss > b->absolute) {
			b->absolute = miss;
			absolute = i;
		}
		if (isfinite(ratio) && ratio > b->relative) {
			b->relative = ratio;
			relative = i;
		}
		if (!(miss > MISS_OF_ITSELF * fabs(stated[i]) &&
		      miss > MISS_OF_LARGEST * largest))
			continue;
		if ((*n_bad)++ == 0 || ratio > worst_ratio) {
			worst_ratio = ratio;
			*worst = i;
		}
	}
	if (absolute >= 0) b->worst = copy(pl_name_at(names, absolute));
	if (relative >= 0) b->worst_relative = copy(pl_name_at(names, relative));
	if ((absolute >= 0 && b->worst == NULL) || (relative >= 0 && b->worst_relative == NULL))
		return pl_fail(err, PL_ENOMEM, -1, "no memory for a name");
	return PL_OK;
}

/// The sentence about those that miss.
static void describe(char *to, size_t room, const pl_national *n, const char *word,
                     const char *name, const char *parts, const double at[2], int32_t others)
{
	char brief[PL_BRIEF_CHARS], sum[PL_NUMBER_CHARS], stated[PL_NUMBER_CHARS];
	const int used =
	        snprintf(to, room, "%.120s: %s \"%s\" adds up to %s (%s), but its output is %s",
	                 n->table, word, pl_text_brief(brief, name),
	                 pl_number_print(sum, at[0]), parts, pl_number_print(stated, at[1]));
	if (others > 0 && used > 0 && (size_t)used < room)
		snprintf(to + used, room - (size_t)used, "; %d more miss by over 1 %%",
		         (int)others);
}

static pl_status check_rows(pl_national *n, double *sum, bool unbalanced, pl_error *err)
{
	char text[420];
	int32_t n_bad = 0, worst = -1;
	for (int32_t i = 0; i < n->row.n; i++) {
		sum[i] = n->final[i];
		for (int32_t j = 0; j < n->column.n; j++) sum[i] += amount(n, i, j);
	}
	PL_TRY(compare(&n->report->rows, &n->row, n->stated, sum, &n_bad, &worst, err));
	if (n_bad == 0) return PL_OK;
	describe(text, sizeof text, n, n->row_word, pl_name_at(&n->row, worst),
	         "intermediate use and final demand", (double[]){sum[worst], n->stated[worst]},
	         n_bad - 1);
	if (unbalanced) return pl_import_warn(n->report, err, "%s", text);
	return pl_fail(err, PL_EARG, -1, "%s; correct the table or give --unbalanced", text);
}

/// Inputs and stated value added against output; a miss is reported.
static pl_status check_columns(pl_national *n, double *sum, pl_error *err)
{
	char text[420];
	int32_t n_bad = 0, worst = -1;
	for (int32_t j = 0; j < n->column.n; j++) {
		sum[j] = 0;
		for (int32_t i = 0; i < n->row.n; i++) sum[j] += amount(n, i, j);
		for (int32_t k = 0; k < n->extra.name.n; k++)
			if (n->extra.value_added[k])
				sum[j] += n->extra.amount[(int64_t)k * n->column.n + j] *
				          (n->extra.per_unit[k] ? n->output[j] : 1);
	}
	PL_TRY(compare(&n->report->columns, &n->column, n->output, sum, &n_bad, &worst, err));
	if (n_bad == 0) return PL_OK;
	describe(text, sizeof text, n, n->col_word, pl_name_at(&n->column, worst),
	         "inputs and value added", (double[]){sum[worst], n->output[worst]}, n_bad - 1);
	return pl_import_warn(n->report, err, "%s; the rest of output is taken as value added",
	                      text);
}

pl_status pl_national_balance(pl_national *n, bool unbalanced, pl_error *err)
{
	const int32_t longest = n->row.n > n->column.n ? n->row.n : n->column.n;
	bool stated_value_added = false;
	for (int32_t k = 0; k < n->extra.name.n; k++)
		stated_value_added = stated_value_added || n->extra.value_added[k];
	double *sum = pl_alloc(longest, sizeof *sum);
	if (sum == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the sums");
	pl_status status = PL_OK;
	if (stated_value_added && n->output != NULL) status = check_columns(n, sum, err);
	if (status == PL_OK && n->stated != NULL && n->final != NULL)
		status = check_rows(n, sum, unbalanced, err);
	pl_free(sum);
	return status;
}

/// Column c of flows and final demand side by side, at row i.
static double cell(const pl_national *n, int32_t c, int32_t i)
{
	if (c < n->column.n) return n->flow[(int64_t)i * n->column.n + c];
	return n->finals.value[(int64_t)(c - n->column.n) * n->row.n + i];
}

/// Whether column c is the sum of the others among [from, to) to 1e-6, two of them not empty.
static bool is_sum(const pl_national *n, int32_t c, int32_t from, int32_t to, double size)
{
	int32_t filled = 0;
	for (int32_t k = from; k < to && filled < 2; k++)
		for (int32_t i = 0; i < n->row.n && k != c; i++)
			if (cell(n, k, i) != 0) {
				filled++;
				break;
			}
	if (filled < 2) return false;
	for (int32_t i = 0; i < n->row.n; i++) {
		double sum = -cell(n, c, i);
		for (int32_t k = from; k < to; k++)
			if (k != c) sum += cell(n, k, i);
		if (!(fabs(sum) <= PART_OF_TOTAL * size)) return false;
	}
	return true;
}

/// A run of columns beside c, or around it, that adds up to it: [from, to) without c.
static bool find_sum(const pl_national *n, int32_t c, int32_t *from, int32_t *to)
{
	const int32_t sectors = n->column.n, all = sectors + n->finals.n;
	int32_t top = 0;
	for (int32_t i = 1; i < n->row.n; i++)
		if (fabs(cell(n, c, i)) > fabs(cell(n, c, top))) top = i;
	const double want = cell(n, c, top), size = fabs(want);
	if (size == 0) return false;
	double before = 0, after = 0, around = 0; /* one row tells nearly all apart */
	for (*from = c - 1, *to = c; *from >= 0; --*from) {
		before += cell(n, *from, top);
		if (fabs(before - want) <= PART_OF_TOTAL * size && is_sum(n, c, *from, c, size))
			return true;
	}
	for (*from = c + 1, *to = c + 2; *to <= all; ++*to) {
		after += cell(n, *to - 1, top);
		if (fabs(after - want) <= PART_OF_TOTAL * size &&
		    is_sum(n, c, *from, *to, size))
			return true;
	}
	*from = c < sectors ? 0 : sectors;
	*to = c < sectors ? sectors : all;
	for (int32_t k = *from; k < *to; k++) around += k == c ? 0 : cell(n, k, top);
	return fabs(around - want) <= PART_OF_TOTAL * size && is_sum(n, c, *from, *to, size);
}

static const char *column_name(const pl_national *n, int32_t c)
{
	if (c < n->column.n) return pl_name_at(&n->column, c);
	return n->finals.text.bytes + n->finals.at[c - n->column.n];
}

pl_status pl_national_totals(pl_national *n, pl_error *err)
{
	char total[PL_BRIEF_CHARS], first[PL_BRIEF_CHARS], last[PL_BRIEF_CHARS];
	for (int32_t c = 0; c < n->column.n + n->finals.n; c++) {
		int32_t from = 0, to = 0;
		if (!find_sum(n, c, &from, &to)) continue;
		PL_TRY(pl_import_warn(n->report, err,
		                      "column \"%s\" is the sum of the others from \"%s\" to "
		                      "\"%s\": probably a "
		                      "total, and counted twice unless it is left out",
		                      pl_text_brief(total, column_name(n, c)),
		                      pl_text_brief(first, column_name(n, from)),
		                      pl_text_brief(last, column_name(n, to - 1))));
	}
	return PL_OK;
}

/// Whether column j uses (or makes on the side) anything of the rows.
static bool has_inputs(const pl_national *n, int32_t j)
{
	for (int32_t i = 0; i < n->row.n; i++)
		if (n->flow[(int64_t)i * n->column.n + j] != 0) return true;
	return false;
}

static pl_status find_workplaces(pl_national *n, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], number[PL_NUMBER_CHARS];
	pl_names idle = {0};
	pl_status status = PL_OK;
	for (int32_t j = 0; j < n->column.n && status == PL_OK; j++) {
		n->works[j] = n->per_unit || n->output[j] > 0;
		if (n->works[j]) continue;
		const char *name = pl_name_at(&n->column, j);
		if (has_inputs(n, j))
			status = pl_fail(err, PL_EARG, -1,
			                 "%.200s: %s \"%s\" uses inputs, but its output is %s; "
			                 "correct the table or take it out of rows and columns",
			                 n->table, n->col_word, pl_text_brief(brief, name),
			                 pl_number_print(number, n->output[j]));
		else
			status = pl_matrix_name(&idle, name, err);
	}
	n->report->without_output = idle.n;
	if (status == PL_OK)
		status = pl_import_warn_names(
		        n->report,
		        "no workplace was made for what has neither output "
		        "nor inputs",
		        &idle, err);
	pl_names_clear(&idle);
	return status;
}

/// One number per unit of output. @return PL_EARG if it is too large
static pl_status per_unit(double *x, double output, const pl_national *n, const char *row,
                          int32_t j, pl_error *err)
{
	char a[PL_BRIEF_CHARS], b[PL_BRIEF_CHARS];
	*x /= output;
	if (isfinite(*x)) return PL_OK;
	return pl_fail(
	        err, PL_EARG, -1,
	        "%.200s: row \"%s\", column \"%s\" is too large for the output of this %s",
	        n->table, pl_text_brief(a, row), pl_text_brief(b, pl_name_at(&n->column, j)),
	        n->col_word);
}

/// Flows of column j, and what output leaves above them.
static pl_status flow_per_unit(pl_national *n, int32_t j, pl_error *err)
{
	const double output = n->per_unit ? 1 : n->output[j];
	double rest = output, size = output;
	for (int32_t i = 0; i < n->row.n; i++) {
		double *x = &n->flow[(int64_t)i * n->column.n + j];
		rest -= *x;
		size += fabs(*x);
		PL_TRY(per_unit(x, output, n, pl_name_at(&n->row, i), j, err));
	}
	/* What only rounding left is nothing. */
	if (fabs(rest) <= DBL_EPSILON * n->row.n * size) rest = 0;
	n->value_added[j] = rest;
	return per_unit(&n->value_added[j], output, n, "value added", j, err);
}

static pl_status extra_per_unit(pl_national *n, int32_t k, int32_t j, pl_error *err)
{
	char row[PL_BRIEF_CHARS], column[PL_BRIEF_CHARS];
	double *x = &n->extra.amount[(int64_t)k * n->column.n + j];
	const char *name = pl_name_at(&n->extra.name, k);
	if (n->extra.per_unit[k] || *x == 0) return PL_OK;
	if (n->output == NULL)
		return pl_fail(
		        err, PL_EARG, -1,
		        "row \"%s\" is an amount, but with --coefficients the outputs are "
		        "not known; give --output",
		        pl_text_brief(row, name));
	if (n->output[j] > 0) return per_unit(x, n->output[j], n, name, j, err);
	PL_TRY(pl_import_warn(n->report, err,
	                      "row \"%s\" of %s \"%s\" was left out: it has no output",
	                      pl_text_brief(row, name), n->col_word,
	                      pl_text_brief(column, pl_name_at(&n->column, j))));
	*x = 0;
	return PL_OK;
}

pl_status pl_national_coefficients(pl_national *n, pl_error *err)
{
	PL_TRY(find_workplaces(n, err));
	for (int32_t j = 0; j < n->column.n; j++) {
		if (n->works[j]) PL_TRY(flow_per_unit(n, j, err));
		for (int32_t k = 0; k < n->extra.name.n; k++)
			PL_TRY(extra_per_unit(n, k, j, err));
	}
	return PL_OK;
}

/// What row i uses and wants in all, every sign counted; @p asked: somebody wants some.
static double traffic(const pl_national *n, int32_t i, bool *asked)
{
	double sum = fabs(n->demand[i]);
	*asked = n->demand[i] > 0;
	for (int32_t j = 0; j < n->column.n; j++) {
		const double a = n->flow[(int64_t)i * n->column.n + j];
		sum += fabs(a) * n->output[j];
		*asked = *asked || a > 0;
	}
	return sum;
}

pl_status pl_national_imports(pl_national *n, pl_error *err)
{
	pl_names dust = {0}, imported = {0};
	pl_status status = PL_OK;
	if (n->output == NULL) return PL_OK; /* coefficients alone: every sector works */
	const double largest = largest_of(n->output, n->column.n);
	for (int32_t i = 0; i < n->row.n && status == PL_OK; i++) {
		bool asked = false;
		const double sum = n->made[i] ? 0 : traffic(n, i, &asked);
		if (sum == 0) continue;
		const char *name = pl_name_at(&n->row, i);
		if (sum <= DUST * largest) {
			n->demand[i] = 0;
			for (int32_t j = 0; j < n->column.n; j++)
				n->flow[(int64_t)i * n->column.n + j] = 0;
			status = pl_matrix_name(&dust, name, err);
		} else if (asked) {
			n->imported[i] = true;
			status = pl_matrix_name(&imported, name, err);
		}
	}
	n->report->imported = imported.n;
	if (status == PL_OK)
		status = pl_import_warn_names(n->report,
		                              "nobody makes these, and what little is used of "
		                              "them was taken as rounding and left out",
		                              &dust, err);
	if (status == PL_OK)
		status = pl_import_warn_names(n->report,
		                              "nobody makes these, so they are offered without "
		                              "limit at price 1 (imports:NAME)",
		                              &imported, err);
	pl_names_clear(&dust);
	pl_names_clear(&imported);
	return status;
}

pl_status pl_national_radius(pl_national *n, const double *a, int32_t k, pl_error *err)
{
	char number[PL_NUMBER_CHARS];
	double *radius = &n->report->spectral_radius;
	PL_TRY(pl_import_radius(radius, a, k, err));
	if (*radius < 1) return PL_OK;
	return pl_fail(
	        err, PL_EARG, -1,
	        "%.200s: the spectral radius of the coefficients is %s, which must be below "
	        "1: these %ss use up what they make (does a total stand among them?)",
	        n->table, pl_number_print(number, *radius), n->col_word);
}
