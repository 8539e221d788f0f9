/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_sut.c - supply and use tables: industries make and use commodities.
 *
 * Industry technology: a commodity comes from the industries in their market shares, and an
 * industry uses what it uses per unit of its own output, whatever it makes. Commodity
 * technology: every industry makes its commodities in fixed proportions, as joint products.
 * With as many industries as commodities this is the equation (C - B) g = y of the commodity
 * technology model (C product mix, B inputs, g industry output, y final demand), without its
 * negative coefficients, for these only appear when joint production is solved out of it.
 * With more commodities the by-products tie every plan to the published one, so it is refused.
 * Source: United Nations, Handbook of Input-Output Table Compilation and Analysis, 1999,
 * chapter IV. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/text.h"
#include "io/import_common.h"
#include "io/import_radius.h"

#include <math.h>
#include <string.h>

typedef struct {
	const pl_import_sut_options *o;
	pl_national n;
	bool joint; ///< commodity technology
	pl_import_spec final, value_added;
	double *make; ///< [industries * commodities] by rows
} sut_table;

static pl_status check_options(sut_table *t, pl_error *err)
{
	const pl_import_sut_options *o = t->o;
	char brief[PL_BRIEF_CHARS];
	if (o->use == NULL || o->make == NULL)
		return pl_fail(err, PL_EARG, -1, "give both --use FILE and --make FILE");
	t->joint = o->technology != NULL && strcmp(o->technology, "commodity") == 0;
	if (!t->joint && o->technology != NULL && strcmp(o->technology, "industry") != 0)
		return pl_fail(err, PL_EARG, -1,
		               "--technology \"%s\": write industry or commodity",
		               pl_text_brief(brief, o->technology));
	if (o->files.final_demand != NULL)
		PL_TRY(pl_import_spec_read(&t->final, o->files.final_demand, "--final-demand",
		                           false, err));
	if (o->files.value_added != NULL)
		PL_TRY(pl_import_spec_read(&t->value_added, o->files.value_added,
		                           "--value-added", false, err));
	return PL_OK;
}

static bool same_file(const pl_import_spec *s, const char *path)
{
	return s->path != NULL && s->name.n > 0 && strcmp(s->path, path) == 0;
}

/// Rows of `use` that --value-added names are no commodities.
static bool is_value_added(const sut_table *t, const char *row)
{
	return same_file(&t->value_added, t->o->use) &&
	       pl_names_find(&t->value_added.name, row) >= 0;
}

/// Commodities: rows of use, then what else is made. Industries: columns of use, then what
/// else makes.
static pl_status find_names(sut_table *t, const pl_matrix *use, const pl_matrix *make,
                            pl_error *err)
{
	for (int32_t i = 0; i < use->row.n; i++)
		if (!is_value_added(t, pl_name_at(&use->row, i)))
			PL_TRY(pl_matrix_name(&t->n.row, pl_name_at(&use->row, i), err));
	for (int32_t i = 0; i < make->column.n; i++)
		PL_TRY(pl_matrix_name(&t->n.row, pl_name_at(&make->column, i), err));
	for (int32_t j = 0; j < use->column.n; j++)
		PL_TRY(pl_matrix_name(&t->n.column, pl_name_at(&use->column, j), err));
	for (int32_t j = 0; j < make->row.n; j++)
		PL_TRY(pl_matrix_name(&t->n.column, pl_name_at(&make->row, j), err));
	t->n.report->sectors = t->n.column.n;
	t->n.report->commodities = t->n.row.n;
	return pl_national_open(&t->n, err);
}

static pl_status take_use(sut_table *t, const pl_matrix *use, pl_error *err)
{
	pl_national *n = &t->n;
	for (int32_t r = 0; r < use->row.n; r++) {
		const char *name = pl_name_at(&use->row, r);
		const int32_t i = pl_names_find(&n->row, name);
		int32_t x = 0;
		if (i < 0) PL_TRY(pl_national_extra_row(n, name, false, &x, err));
		for (int32_t k = 0; k < use->column.n; k++) {
			const int32_t j =
			        pl_names_find(&n->column, pl_name_at(&use->column, k));
			const double value = use->value[(int64_t)r * use->column.n + k];
			if (i < 0)
				n->extra.amount[(int64_t)x * n->column.n + j] = value;
			else
				n->flow[(int64_t)i * n->column.n + j] = value;
			if (i >= 0 && value < 0) n->report->negative_cells++;
		}
	}
	return PL_OK;
}

/// What industries make; their outputs are the row sums, the commodities' the column sums.
static pl_status take_make(sut_table *t, const pl_matrix *make, pl_error *err)
{
	pl_national *n = &t->n;
	t->make = pl_alloc((int64_t)n->column.n * n->row.n, sizeof *t->make);
	n->output = pl_alloc(n->column.n, sizeof *n->output);
	n->stated = pl_alloc(n->row.n, sizeof *n->stated);
	if (t->make == NULL || n->output == NULL || n->stated == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for what industries make");
	for (int32_t r = 0; r < make->row.n; r++)
		for (int32_t k = 0; k < make->column.n; k++) {
			const int32_t j = pl_names_find(&n->column, pl_name_at(&make->row, r));
			const int32_t i = pl_names_find(&n->row, pl_name_at(&make->column, k));
			const double value = make->value[(int64_t)r * make->column.n + k];
			t->make[(int64_t)j * n->row.n + i] = value;
			n->output[j] += value;
			n->stated[i] += value;
			if (value < 0) n->report->negative_cells++;
		}
	return PL_OK;
}

static pl_status read_tables(sut_table *t, pl_error *err)
{
	pl_matrix *use = NULL, *make = NULL;
	const pl_matrix_pick pick = {.skip = same_file(&t->final, t->o->use) ? &t->final.name
	                                                                     : NULL};
	pl_status status = pl_matrix_read(&use, t->o->use, &pick, err);
	if (status == PL_OK) status = pl_matrix_read(&make, t->o->make, NULL, err);
	if (status == PL_OK) status = find_names(t, use, make, err);
	if (status == PL_OK) status = take_use(t, use, err);
	if (status == PL_OK) status = take_make(t, make, err);
	pl_matrix_free(use);
	pl_matrix_free(make);
	return status;
}

/// Who makes what: an industry or commodity whose cells cancel has no output to divide by.
static pl_status find_makers(sut_table *t, pl_error *err)
{
	pl_national *n = &t->n;
	char brief[PL_BRIEF_CHARS];
	for (int32_t j = 0; j < n->column.n; j++)
		for (int32_t i = 0; i < n->row.n; i++) {
			if (t->make[(int64_t)j * n->row.n + i] == 0) continue;
			const bool industry = !(n->output[j] > 0);
			if (!industry && n->stated[i] > 0) continue;
			return pl_fail(err, PL_EARG, -1,
			               "%s: what is made %s \"%s\" adds up to nothing or less",
			               t->o->make, industry ? "by industry" : "of commodity",
			               pl_text_brief(brief, industry ? pl_name_at(&n->column, j)
			                                             : pl_name_at(&n->row, i)));
		}
	for (int32_t i = 0; i < n->row.n; i++) {
		n->made[i] = n->stated[i] > 0;
		if (!n->made[i]) n->stated[i] = NAN; /* imports: as much as is asked for */
	}
	return PL_OK;
}

/// A column of use that heads no row of make is most likely final demand.
static pl_status check_columns(const sut_table *t, pl_error *err)
{
	const pl_national *n = &t->n;
	char brief[PL_BRIEF_CHARS];
	for (int32_t j = 0; j < n->column.n; j++)
		for (int32_t i = 0; i < n->row.n && !(n->output[j] > 0); i++)
			if (n->flow[(int64_t)i * n->column.n + j] != 0)
				return pl_fail(err, PL_EARG, -1,
				               "%.150s: industry \"%s\" uses inputs, but makes "
				               "nothing in "
				               "%.150s; if it is final demand, name it: "
				               "--final-demand FILE:\"%s\"",
				               t->o->use,
				               pl_text_brief(brief, pl_name_at(&n->column, j)),
				               t->o->make, brief);
	return PL_OK;
}

/// D B: what industries need of one another, D the market shares.
static pl_status industry_radius(sut_table *t, pl_error *err)
{
	pl_national *n = &t->n;
	const int32_t k = n->column.n;
	double *a = pl_alloc((int64_t)k * k, sizeof *a);
	if (a == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the coefficients");
	for (int32_t j = 0; j < k; j++)
		for (int32_t i = 0; i < n->row.n; i++) {
			const double made = t->make[(int64_t)j * n->row.n + i];
			if (made == 0) continue;
			const double share = made / n->stated[i];
			for (int32_t l = 0; l < k; l++)
				a[(int64_t)j * k + l] += share * n->flow[(int64_t)i * k + l];
		}
	const pl_status status = pl_national_radius(n, a, k, err);
	pl_free(a);
	return status;
}

/// C and B of the commodities that are made and the industries that work, side by side.
static void fill_joint(const sut_table *t, double *c, double *b, int32_t k)
{
	const pl_national *n = &t->n;
	for (int32_t i = 0, row = 0; i < n->row.n; i++) {
		if (!n->made[i]) continue;
		for (int32_t j = 0, column = 0; j < n->column.n; j++) {
			if (!n->works[j]) continue;
			c[(int64_t)row * k + column] =
			        t->make[(int64_t)j * n->row.n + i] / n->output[j];
			b[(int64_t)row * k + column] = n->flow[(int64_t)i * n->column.n + j];
			column++;
		}
		row++;
	}
}

/// The spectral radius of C^-1 B, where C has an inverse.
static pl_status joint_radius(sut_table *t, pl_error *err)
{
	pl_national *n = &t->n;
	int32_t made = 0, works = 0;
	for (int32_t i = 0; i < n->row.n; i++) made += n->made[i];
	for (int32_t j = 0; j < n->column.n; j++) works += n->works[j];
	if (made != works)
		return pl_fail(err, PL_EARG, -1,
		               "%s: --technology commodity needs as many industries as "
		               "commodities that are made, here %d and %d; merge some, or take "
		               "--technology industry",
		               t->o->make, (int)works, (int)made);
	double *c = pl_alloc((int64_t)works * works, sizeof *c);
	double *b = pl_alloc((int64_t)works * works, sizeof *b);
	pl_status status = PL_OK;
	if (c == NULL || b == NULL) {
		status = pl_fail(err, PL_ENOMEM, -1, "no memory for the coefficients");
	} else {
		fill_joint(t, c, b, works);
		if (pl_import_solve(c, b, works, works))
			status = pl_national_radius(n, b, works, err);
		else
			status = pl_fail(
			        err, PL_EARG, -1,
			        "%s: some industries make the same mix of commodities, "
			        "so --technology commodity cannot tell them apart; take "
			        "--technology industry",
			        t->o->make);
	}
	pl_free(c);
	pl_free(b);
	return status;
}

static pl_status check(sut_table *t, pl_error *err)
{
	pl_national *n = &t->n;
	PL_TRY(pl_national_totals(n, err));
	PL_TRY(check_columns(t, err));
	PL_TRY(pl_national_demand(n, t->o->files.demand, err));
	PL_TRY(pl_national_balance(n, t->o->files.unbalanced, err));
	PL_TRY(pl_national_coefficients(n, err));
	PL_TRY(pl_national_imports(n, err));
	return t->joint ? joint_radius(t, err) : industry_radius(t, err);
}

/// A workplace of an industry, without its inputs.
static pl_status industry(const sut_table *t, pl_import_economy *e, int32_t j, int32_t good,
                          int32_t *council, pl_error *err)
{
	const pl_national *n = &t->n;
	PL_TRY(pl_import_workplace(e, "", pl_name_at(&n->column, j), 0, council, err));
	if (!t->joint) return pl_import_link(e, *council, good, 1, err);
	for (int32_t i = 0; i < n->row.n; i++)
		PL_TRY(pl_import_link(e, *council, i,
		                      t->make[(int64_t)j * n->row.n + i] / n->output[j], err));
	return PL_OK;
}

/// A commodity from the industries' goods in their market shares.
static pl_status pool(const sut_table *t, pl_import_economy *e, int32_t i, const int32_t *good,
                      pl_error *err)
{
	const pl_national *n = &t->n;
	int32_t council = 0;
	PL_TRY(pl_import_workplace(e, "pool:", pl_name_at(&n->row, i), 0, &council, err));
	PL_TRY(pl_import_link(e, council, i, 1, err));
	for (int32_t j = 0; j < n->column.n; j++)
		PL_TRY(pl_import_link(e, council, good[j],
		                      -t->make[(int64_t)j * n->row.n + i] / n->stated[i], err));
	return PL_OK;
}

/// @param good [industries] scratch: the good of each industry
static pl_status fill(const sut_table *t, pl_import_economy *e, int32_t *good, pl_error *err)
{
	const pl_national *n = &t->n;
	PL_TRY(pl_import_begin(e, n, err));
	for (int32_t j = 0; j < n->column.n; j++)
		if (n->works[j] && !t->joint)
			PL_TRY(pl_import_good(e, "industry:", pl_name_at(&n->column, j),
			                      &good[j], err));
	for (int32_t j = 0; j < n->column.n; j++) {
		int32_t council = 0;
		if (!n->works[j]) continue;
		PL_TRY(industry(t, e, j, good[j], &council, err));
		PL_TRY(pl_import_inputs(e, council, j, err));
	}
	for (int32_t i = 0; i < n->row.n; i++)
		if (n->made[i] && !t->joint) PL_TRY(pool(t, e, i, good, err));
	return PL_OK;
}

static pl_status write_economy(const sut_table *t, const char *dest, pl_error *err)
{
	pl_import_economy e = {0};
	int32_t *good = pl_alloc(t->n.column.n, sizeof *good);
	if (good == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the industries");
	pl_status status = fill(t, &e, good, err);
	if (status == PL_OK) status = pl_import_finish(&e, dest, err);
	pl_builder_free(e.b);
	pl_free(good);
	return status;
}

pl_status pl_import_sut(pl_import_report *report, const pl_import_sut_options *options,
                        const char *dest, pl_error *err)
{
	*report = (pl_import_report){.spectral_radius = NAN};
	sut_table t = {.o = options};
	t.n.report = report;
	t.n.table = options->use;
	t.n.row_word = "commodity";
	t.n.col_word = "industry";
	pl_status status = check_options(&t, err);
	if (status == PL_OK) status = pl_import_dest(dest, err);
	if (status == PL_OK) status = read_tables(&t, err);
	if (status == PL_OK) status = find_makers(&t, err);
	if (status == PL_OK) status = pl_national_files(&t.n, &t.o->files, err);
	if (status == PL_OK) status = check(&t, err);
	if (status == PL_OK) status = write_economy(&t, dest, err);
	pl_import_spec_clear(&t.final);
	pl_import_spec_clear(&t.value_added);
	pl_free(t.make);
	pl_national_clear(&t.n);
	return status;
}
