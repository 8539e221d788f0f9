/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_tool.c - judges imported economies without the planner.
 *
 *   import_tool solve FOLDER OUT      the activities at which every product balances exactly,
 *                                     by elimination, as OUT/councils.csv and OUT/prices.csv
 *   import_tool compare WANT.csv COLUMN GOT.csv COLUMN PREFIX TOLERANCE
 *                                     rows of WANT by name, PREFIX before it, in GOT; a row
 *                                     that GOT lacks counts as 0 */
#include "base/alloc.h"
#include "io/csv.h"
#include "io/economy.h"
#include "io/matrix.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Products balance: equations [rows * (columns + 1)], the right-hand side last.
typedef struct {
	int32_t rows, columns;
	double *a;
	int32_t *unknown; ///< [councils] column, or -1
} equations;

static double *cell(const equations *e, int32_t i, int32_t j)
{
	return e->a + (int64_t)i * (e->columns + 1) + j;
}

static double sign_of(uint8_t role)
{
	return role == PL_MAKES || role == PL_OFFERS ? 1 : -1;
}

/// One unknown for each workplace, one equation for each product that workplaces touch.
static void set_up(equations *e, const pl_model *m)
{
	e->unknown = pl_alloc(m->n_councils, sizeof *e->unknown);
	int32_t *equation = pl_alloc(m->n_goods, sizeof *equation);
	for (int32_t g = 0; g < m->n_goods; g++) equation[g] = -1;
	for (int32_t c = 0; c < m->n_councils; c++) {
		const bool works = m->council.kind[c] == PL_WORKERS;
		e->unknown[c] = works ? e->columns++ : -1;
		for (int64_t k = m->link.start[c]; works && k < m->link.start[c + 1]; k++) {
			const int32_t g = m->link.good[k];
			if (equation[g] < 0 && m->good.kind[g] == PL_PRODUCT)
				equation[g] = e->rows++;
		}
	}
	e->a = pl_alloc((int64_t)e->rows * (e->columns + 1), sizeof *e->a);
	for (int32_t c = 0; c < m->n_councils; c++)
		for (int64_t k = m->link.start[c]; k < m->link.start[c + 1]; k++) {
			const int32_t i = equation[m->link.good[k]];
			const double amount = sign_of(m->link.role[k]) * m->link.amount[k];
			if (i < 0) continue;
			if (e->unknown[c] >= 0)
				*cell(e, i, e->unknown[c]) += amount;
			else
				*cell(e, i, e->columns) -= amount;
		}
	pl_free(equation);
}

/// Gauss-Jordan with the largest of the column as pivot. @return the largest right-hand side
/// left in rows without unknowns, over the largest there was; NaN if unknowns are left over
static double eliminate(equations *e)
{
	double largest = 0, left = 0;
	for (int32_t i = 0; i < e->rows; i++)
		largest = fmax(largest, fabs(*cell(e, i, e->columns)));
	for (int32_t k = 0; k < e->columns; k++) {
		int32_t best = k;
		for (int32_t i = k; i < e->rows; i++)
			if (fabs(*cell(e, i, k)) > fabs(*cell(e, best, k))) best = i;
		if (k >= e->rows || fabs(*cell(e, best, k)) < 1e-13) return NAN;
		for (int32_t j = 0; j <= e->columns; j++) {
			const double t = *cell(e, best, j);
			*cell(e, best, j) = *cell(e, k, j);
			*cell(e, k, j) = t;
		}
		for (int32_t i = 0; i < e->rows; i++) {
			const double f = i == k ? 0 : *cell(e, i, k) / *cell(e, k, k);
			for (int32_t j = k; f != 0 && j <= e->columns; j++)
				*cell(e, i, j) -= f * *cell(e, k, j);
		}
	}
	for (int32_t i = e->columns; i < e->rows; i++)
		left = fmax(left, fabs(*cell(e, i, e->columns)));
	return left / largest;
}

static FILE *create(const char *folder, const char *name)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	if (f == NULL) {
		fprintf(stderr, "%s cannot be written\n", path);
		exit(1);
	}
	return f;
}

/// councils.csv and prices.csv with the columns that the tests compare.
static void write_answer(const char *out, const pl_model *m, const equations *e)
{
	double *demand = pl_alloc(m->n_goods, sizeof *demand);
	FILE *f = create(out, "councils.csv");
	fputs("council,activity\n", f);
	for (int32_t c = 0; c < m->n_councils; c++) {
		const int32_t u = e->unknown[c];
		const double z = u < 0 ? 1 : *cell(e, u, e->columns) / *cell(e, u, u);
		for (int64_t k = m->link.start[c]; k < m->link.start[c + 1]; k++)
			if (sign_of(m->link.role[k]) < 0)
				demand[m->link.good[k]] += z * m->link.amount[k];
		if (u < 0) continue;
		pl_csv_put(f, pl_text_at(m->council.id, c));
		fprintf(f, ",%.17g\n", z);
	}
	fclose(f);
	f = create(out, "prices.csv");
	fputs("good,demand\n", f);
	for (int32_t g = 0; g < m->n_goods; g++) {
		pl_csv_put(f, pl_text_at(m->good.id, g));
		fprintf(f, ",%.17g\n", demand[g]);
	}
	fclose(f);
	pl_free(demand);
}

static int solve(const char *folder, const char *out)
{
	pl_model *m = NULL;
	pl_settings settings = pl_settings_preset();
	pl_faults faults = {0};
	pl_error err;
	if (pl_economy_read(&m, &settings, folder, &faults, &err) != PL_OK) {
		fprintf(stderr, "%s: %s\n", folder, err.msg);
		pl_faults_clear(&faults);
		return 1;
	}
	equations e = {0};
	set_up(&e, m);
	const double left = eliminate(&e);
	const bool good = left <= 1e-10;
	if (good)
		write_answer(out, m, &e);
	else
		fprintf(stderr, "%s: %d products, %d workplaces, %g left over\n", folder,
		        (int)e.rows, (int)e.columns, left);
	pl_free(e.a);
	pl_free(e.unknown);
	pl_model_free(m);
	pl_faults_clear(&faults);
	return good ? 0 : 1;
}

/// A column of a table that may hold empty cells. @return false with a message
static bool read_column(pl_names *name, double **value, const char *path, const char *column)
{
	pl_csv *csv = NULL;
	pl_error err;
	bool got = false;
	*value = NULL;
	if (pl_csv_open(&csv, path, path, &err) != PL_OK) {
		fprintf(stderr, "%s\n", err.msg);
		return false;
	}
	const int32_t k = pl_csv_find(csv, column);
	if (k < 0) fprintf(stderr, "%s: no column \"%s\"\n", path, column);
	pl_status status = k < 0 ? PL_ENOTFOUND : pl_csv_next(&got, csv, &err);
	while (status == PL_OK && got) {
		double x = 0, *more = realloc(*value, ((size_t)name->n + 1) * sizeof *more);
		if (more == NULL) break;
		*value = more;
		status = pl_matrix_name(name, pl_csv_cell(csv, 0), &err);
		if (status == PL_OK) status = pl_csv_number(&x, csv, k, &err);
		more[name->n - 1] = isnan(x) ? 0 : x;
		if (status == PL_OK) status = pl_csv_next(&got, csv, &err);
	}
	if (k >= 0 && status != PL_OK) fprintf(stderr, "%s\n", err.msg);
	pl_csv_close(csv);
	return status == PL_OK;
}

static double value_of(const pl_names *names, const double *value, const char *prefix,
                       const char *name)
{
	char id[4096];
	snprintf(id, sizeof id, "%s%s", prefix, name);
	const int32_t i = pl_names_find(names, id);
	return i < 0 || value == NULL ? 0 : value[i];
}

/// What is 0 in the books may be rounding in a sum of large numbers, so 1e-13 of the largest
/// is allowed beside the relative tolerance.
static int compare(char **arg)
{
	pl_names want_name = {0}, got_name = {0};
	double *want = NULL, *got = NULL, largest = 0, worst = 0;
	const double tolerance = strtod(arg[5], NULL);
	int32_t at = -1;
	bool good = read_column(&want_name, &want, arg[0], arg[1]) &&
	            read_column(&got_name, &got, arg[2], arg[3]) && want_name.n > 0 &&
	            want != NULL;
	for (int32_t i = 0; good && i < want_name.n; i++)
		largest = fmax(largest, fabs(want[i]));
	for (int32_t i = 0; good && i < want_name.n; i++) {
		const double x = value_of(&got_name, got, arg[4],
		                          want_name.text.bytes + want_name.at[i]);
		const double miss = fabs(x - want[i]), off = miss / fabs(want[i]);
		if (miss <= 1e-13 * largest || off <= worst) continue;
		worst = off;
		at = i;
	}
	if (good && !(worst <= tolerance)) {
		const char *name = want_name.text.bytes + want_name.at[at];
		fprintf(stderr, "%s: \"%s%s\" is %.17g, not %.17g\n", arg[2], arg[4], name,
		        value_of(&got_name, got, arg[4], name), want[at]);
		good = false;
	}
	if (good) printf("%d %.3g\n", (int)want_name.n, worst);
	free(want);
	free(got);
	pl_names_clear(&want_name);
	pl_names_clear(&got_name);
	return good ? 0 : 1;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "solve") == 0) return solve(argv[2], argv[3]);
	if (argc == 8 && strcmp(argv[1], "compare") == 0) return compare(argv + 2);
	fputs("usage: import_tool solve FOLDER OUT | compare WANT COLUMN GOT COLUMN PREFIX "
	      "TOLERANCE\n",
	      stderr);
	return 2;
}
