/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_io.c - an input-output table: sectors buy from sectors. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/import_common.h"

#include <math.h>
#include <string.h>

typedef struct {
	const pl_import_io_options *o;
	pl_national n;
	pl_matrix *m;  ///< the table itself
	int32_t *from; ///< [sectors] column of m
	int32_t *line; ///< [sectors] row of m
} io_table;

static pl_status check_options(const pl_import_io_options *o, pl_error *err)
{
	if ((o->flows == NULL) == (o->coefficients == NULL))
		return pl_fail(err, PL_EARG, -1,
		               "give either --flows FILE or --coefficients FILE");
	if (o->output != NULL && o->output_column != NULL)
		return pl_fail(err, PL_EARG, -1, "give either --output or --output-column");
	return PL_OK;
}

static pl_status read_table(io_table *t, pl_error *err)
{
	pl_names skip = {0};
	pl_status status = PL_OK;
	if (t->o->skip_columns != NULL)
		status = pl_import_list(&skip, t->o->skip_columns, "--skip-columns", err);
	const pl_matrix_pick pick = {.skip = &skip};
	if (status == PL_OK) status = pl_matrix_read(&t->m, t->n.table, &pick, err);
	pl_names_clear(&skip);
	return status;
}

static bool is_output(const io_table *t, const char *name)
{
	return t->o->output_column != NULL && strcmp(name, t->o->output_column) == 0;
}

/// Sectors head both a row and a column; they keep the columns' order.
static pl_status find_sectors(io_table *t, pl_error *err)
{
	const pl_matrix *m = t->m;
	t->from = pl_alloc(m->column.n, sizeof *t->from);
	t->line = pl_alloc(m->column.n, sizeof *t->line);
	if (t->from == NULL || t->line == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d columns",
		               (int)m->column.n);
	for (int32_t k = 0; k < m->column.n; k++) {
		const char *name = pl_name_at(&m->column, k);
		const int32_t row = pl_names_find(&m->row, name);
		if (row < 0 || is_output(t, name)) continue;
		t->from[t->n.column.n] = k;
		t->line[t->n.column.n] = row;
		PL_TRY(pl_matrix_name(&t->n.column, name, err));
		PL_TRY(pl_matrix_name(&t->n.row, name, err));
	}
	t->n.report->sectors = t->n.column.n;
	if (t->n.column.n == 0)
		return pl_fail(
		        err, PL_EARG, -1,
		        "%s: no name heads both a row and a column, so there are no sectors",
		        t->n.table);
	return pl_national_open(&t->n, err);
}

static double cell(const io_table *t, int32_t row, int32_t column)
{
	return t->m->value[(int64_t)row * t->m->column.n + column];
}

static void take_flows(io_table *t)
{
	const int32_t n = t->n.column.n;
	for (int32_t i = 0; i < n; i++)
		for (int32_t j = 0; j < n; j++) {
			const double x = cell(t, t->line[i], t->from[j]);
			t->n.flow[(int64_t)i * n + j] = x;
			if (x < 0) t->n.report->negative_cells++;
		}
}

/// Columns of the table that are neither sectors nor its output are final demand.
static pl_status take_final(io_table *t, pl_error *err)
{
	const pl_matrix *m = t->m;
	double *value = pl_alloc(t->n.row.n, sizeof *value);
	if (value == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d numbers", (int)t->n.row.n);
	pl_status status = PL_OK;
	for (int32_t k = 0; k < m->column.n && status == PL_OK; k++) {
		const char *name = pl_name_at(&m->column, k);
		if (pl_names_find(&t->n.column, name) >= 0 || is_output(t, name)) continue;
		for (int32_t i = 0; i < t->n.row.n; i++) value[i] = cell(t, t->line[i], k);
		for (int32_t x = 0; x < t->n.extra.name.n; x++)
			t->n.extra.want[x] += cell(
			        t, pl_names_find(&m->row, pl_name_at(&t->n.extra.name, x)), k);
		status = pl_national_final_column(&t->n, name, value, err);
	}
	pl_free(value);
	return status;
}

/// Rows of the table that are no sectors.
static pl_status take_extra(io_table *t, pl_error *err)
{
	const pl_matrix *m = t->m;
	const int32_t n = t->n.column.n;
	for (int32_t r = 0; r < m->row.n; r++) {
		const char *name = pl_name_at(&m->row, r);
		int32_t x = 0;
		if (pl_names_find(&t->n.row, name) >= 0) continue;
		PL_TRY(pl_national_extra_row(&t->n, name, t->n.per_unit, &x, err));
		for (int32_t j = 0; j < n; j++)
			t->n.extra.amount[(int64_t)x * n + j] = cell(t, r, t->from[j]);
	}
	return PL_OK;
}

/// Outputs that the tables state, as what sectors make and as what their rows must add up to.
static pl_status take_output(io_table *t, pl_error *err)
{
	const pl_import_io_options *o = t->o;
	const int32_t n = t->n.row.n;
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	if (o->output == NULL && o->output_column == NULL) return PL_OK;
	t->n.output = pl_alloc(n, sizeof *t->n.output);
	t->n.stated = pl_alloc(n, sizeof *t->n.stated);
	if (t->n.output == NULL || t->n.stated == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d outputs", (int)n);
	if (o->output != NULL) {
		PL_TRY(pl_national_output(&t->n, o->output, t->n.stated, err));
	} else {
		const int32_t k = pl_names_find(&t->m->column, o->output_column);
		if (k < 0)
			return pl_fail(err, PL_ENOTFOUND, -1, "%s: no column \"%s\"%s",
			               t->n.table, pl_text_brief(brief, o->output_column),
			               pl_matrix_hint(hint, &t->m->column, o->output_column));
		for (int32_t i = 0; i < n; i++) t->n.stated[i] = cell(t, t->line[i], k);
	}
	memcpy(t->n.output, t->n.stated, (size_t)n * sizeof *t->n.output);
	return PL_OK;
}

/// Where no output is stated it is what the rows add up to.
static pl_status add_output_up(pl_national *n, pl_error *err)
{
	if (n->output != NULL || n->per_unit) return PL_OK;
	if (n->final == NULL)
		return pl_fail(err, PL_EARG, -1,
		               "%s: outputs are neither stated nor the sums of rows; give "
		               "--output-column, --output or --final-demand",
		               n->table);
	n->output = pl_alloc(n->column.n, sizeof *n->output);
	if (n->output == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d outputs",
		               (int)n->column.n);
	for (int32_t i = 0; i < n->row.n; i++) {
		n->output[i] = n->final[i];
		for (int32_t j = 0; j < n->column.n; j++)
			n->output[i] += n->flow[(int64_t)i * n->column.n + j];
	}
	return PL_OK;
}

static pl_status check(io_table *t, pl_error *err)
{
	pl_national *n = &t->n;
	PL_TRY(pl_national_totals(n, err));
	PL_TRY(pl_national_demand(n, t->o->files.demand, err));
	PL_TRY(add_output_up(n, err));
	PL_TRY(pl_national_balance(n, t->o->files.unbalanced, err));
	PL_TRY(pl_national_coefficients(n, err));
	memcpy(n->made, n->works, (size_t)n->row.n * sizeof *n->made);
	PL_TRY(pl_national_imports(n, err));
	return pl_national_radius(n, n->flow, n->row.n, err);
}

static pl_status write_economy(const pl_national *n, const char *dest, pl_error *err)
{
	pl_import_economy e = {0};
	pl_status status = pl_import_begin(&e, n, err);
	for (int32_t j = 0; j < n->column.n && status == PL_OK; j++) {
		int32_t council = 0;
		if (!n->works[j]) continue;
		status = pl_import_workplace(&e, "", pl_name_at(&n->column, j), 0, &council,
		                             err);
		if (status == PL_OK) status = pl_import_link(&e, council, j, 1, err);
		if (status == PL_OK) status = pl_import_inputs(&e, council, j, err);
	}
	if (status == PL_OK) status = pl_import_finish(&e, dest, err);
	pl_builder_free(e.b);
	return status;
}

pl_status pl_import_io(pl_import_report *report, const pl_import_io_options *options,
                       const char *dest, pl_error *err)
{
	*report = (pl_import_report){.spectral_radius = NAN};
	PL_TRY(check_options(options, err));
	PL_TRY(pl_import_dest(dest, err));
	io_table t = {.o = options};
	t.n.report = report;
	t.n.table = options->flows != NULL ? options->flows : options->coefficients;
	t.n.per_unit = options->flows == NULL;
	t.n.row_word = t.n.col_word = "sector";
	pl_status status = read_table(&t, err);
	if (status == PL_OK) status = find_sectors(&t, err);
	if (status == PL_OK) take_flows(&t);
	if (status == PL_OK) status = take_extra(&t, err);
	if (status == PL_OK) status = take_final(&t, err);
	if (status == PL_OK) status = take_output(&t, err);
	if (status == PL_OK) status = pl_national_files(&t.n, &t.o->files, err);
	if (status == PL_OK) status = check(&t, err);
	if (status == PL_OK) status = write_economy(&t.n, dest, err);
	pl_matrix_free(t.m);
	pl_free(t.from);
	pl_free(t.line);
	pl_national_clear(&t.n);
	return status;
}
