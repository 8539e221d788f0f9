/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_national.c - the parts of a national table as they come from the files. */
#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/text.h"
#include "io/import_common.h"

#include <math.h>
#include <string.h>

static pl_status no_memory(pl_error *err)
{
	return pl_fail(err, PL_ENOMEM, -1, "no memory for the table");
}

void pl_national_clear(pl_national *n)
{
	pl_names_clear(&n->row);
	pl_names_clear(&n->column);
	void *const arrays[] = {
	        n->flow,       n->output,      n->stated,         n->final,
	        n->demand,     n->value_added, n->works,          n->made,
	        n->imported,   n->finals.at,   n->finals.value,   n->extra.amount,
	        n->extra.want, n->extra.limit, n->extra.per_unit, n->extra.value_added};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) pl_free(arrays[i]);
	pl_arena_clear(&n->finals.text);
	pl_names_clear(&n->extra.name);
	*n = (pl_national){0};
}

pl_status pl_national_open(pl_national *n, pl_error *err)
{
	const int64_t rows = n->row.n, columns = n->column.n;
	n->flow = pl_alloc(rows * columns, sizeof *n->flow);
	n->demand = pl_alloc(rows, sizeof *n->demand);
	n->value_added = pl_alloc(columns, sizeof *n->value_added);
	n->works = pl_alloc(columns, sizeof *n->works);
	n->made = pl_alloc(rows, sizeof *n->made);
	n->imported = pl_alloc(rows, sizeof *n->imported);
	if (n->flow == NULL || n->demand == NULL || n->value_added == NULL ||
	    n->works == NULL || n->made == NULL || n->imported == NULL)
		return no_memory(err);
	return PL_OK;
}

/// Make one array longer, zeros behind. @return false: no memory
static bool longer(void **array, int64_t used, int64_t room, size_t size)
{
	char *more = pl_grow(*array, used, room, size);
	if (more == NULL) return false;
	memset(more + (size_t)used * size, 0, (size_t)(room - used) * size);
	*array = more;
	return true;
}

/// Room for one more extra row. Arrays are typed, so each passes through a void pointer.
static bool extra_room(pl_national *n)
{
	pl_import_rows *x = &n->extra;
	const int64_t used = x->name.n, room = pl_grow_room(x->room, used + 1);
	const int64_t columns = n->column.n;
	if (room == x->room) return true;
	if (columns > INT64_MAX / room) return false;
	void *amount = x->amount, *want = x->want, *limit = x->limit;
	void *per_unit = x->per_unit, *value_added = x->value_added;
	const bool good = longer(&amount, used * columns, room * columns, sizeof *x->amount) &&
	                  longer(&want, used, room, sizeof *x->want) &&
	                  longer(&limit, used, room, sizeof *x->limit) &&
	                  longer(&per_unit, used, room, sizeof *x->per_unit) &&
	                  longer(&value_added, used, room, sizeof *x->value_added);
	x->amount = amount;
	x->want = want;
	x->limit = limit;
	x->per_unit = per_unit;
	x->value_added = value_added;
	if (good) x->room = room;
	return good;
}

pl_status pl_national_extra_row(pl_national *n, const char *name, bool per_unit, int32_t *index,
                                pl_error *err)
{
	char brief[PL_BRIEF_CHARS];
	const bool sector = pl_names_find(&n->row, name) >= 0;
	if (sector || pl_names_find(&n->extra.name, name) >= 0)
		return pl_fail(
		        err, PL_EARG, -1,
		        "two rows have the name \"%s\": the second is to become a good of "
		        "its own, but a %s has this name already; rename one",
		        pl_text_brief(brief, name), sector ? n->row_word : "row");
	if (!extra_room(n) || !pl_names_reserve(&n->extra.name, name)) return no_memory(err);
	*index = pl_names_put(&n->extra.name, name);
	n->extra.limit[*index] = NAN;
	n->extra.per_unit[*index] = per_unit;
	return PL_OK;
}

/// "FILE: columns that are no sectors were left out: ..."
static pl_status say_left_out(pl_national *n, const char *path, const char *what,
                              const char *word, const pl_names *names, pl_error *err)
{
	char before[400];
	snprintf(before, sizeof before, "%.200s: %s that name no %s were left out", path, what,
	         word);
	return pl_import_warn_names(n->report, before, names, err);
}

/// Rows of a table that stand in the national table itself are only marked.
static pl_status mark_value_added(pl_national *n, const pl_import_spec *spec, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	for (int32_t k = 0; k < spec->name.n; k++) {
		const char *name = pl_name_at(&spec->name, k);
		const int32_t i = pl_names_find(&n->extra.name, name);
		if (i < 0)
			return pl_fail(err, PL_ENOTFOUND, -1,
			               "%s: no row \"%s\" beside the %ss%s", spec->path,
			               pl_text_brief(brief, name), n->row_word,
			               pl_matrix_hint(hint, &n->extra.name, name));
		n->extra.value_added[i] = true;
	}
	return PL_OK;
}

static pl_status add_extra(pl_national *n, const pl_import_spec *spec, bool value_added,
                           pl_error *err)
{
	pl_matrix *m = NULL;
	const pl_matrix_pick pick = {.columns = &n->column,
	                             .rows = spec->name.n > 0 ? &spec->name : NULL};
	PL_TRY(pl_matrix_read(&m, spec->path, &pick, err));
	pl_status status =
	        say_left_out(n, spec->path, "columns", n->col_word, &m->left_out, err);
	for (int32_t i = 0; i < m->row.n && status == PL_OK; i++) {
		int32_t at = 0;
		status = pl_national_extra_row(n, pl_name_at(&m->row, i), false, &at, err);
		if (status != PL_OK) break;
		n->extra.value_added[at] = value_added;
		for (int32_t k = 0; k < m->column.n; k++) {
			const int32_t j = pl_names_find(&n->column, pl_name_at(&m->column, k));
			n->extra.amount[(int64_t)at * n->column.n + j] =
			        m->value[(int64_t)i * m->column.n + k];
		}
	}
	pl_matrix_free(m);
	return status;
}

pl_status pl_national_extra(pl_national *n, const char *text, const char *option,
                            bool value_added, pl_error *err)
{
	pl_import_spec spec;
	PL_TRY(pl_import_spec_read(&spec, text, option, false, err));
	const bool own = value_added && spec.name.n > 0 && strcmp(spec.path, n->table) == 0;
	const pl_status status =
	        own ? mark_value_added(n, &spec, err) : add_extra(n, &spec, value_added, err);
	pl_import_spec_clear(&spec);
	return status;
}

pl_status pl_national_limit(pl_national *n, const char *text, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	double amount = 0;
	const char *equals = strrchr(text, '=');
	if (equals == NULL || equals == text || pl_number_read(&amount, equals + 1) != PL_OK ||
	    amount < 0)
		return pl_fail(err, PL_EARG, -1,
		               "--limit \"%s\": write ROW=AMOUNT with an amount of 0 or more",
		               pl_text_brief(brief, text));
	pl_import_spec row = {0};
	row.path = pl_alloc(equals - text + 1, 1);
	if (row.path == NULL) return no_memory(err);
	memcpy(row.path, text, (size_t)(equals - text));
	const int32_t i = pl_names_find(&n->extra.name, row.path);
	pl_status status = PL_OK;
	if (i < 0)
		status = pl_fail(err, PL_ENOTFOUND, -1, "--limit: no extra row \"%s\"%s",
		                 pl_text_brief(brief, row.path),
		                 pl_matrix_hint(hint, &n->extra.name, row.path));
	else
		n->extra.limit[i] = amount;
	pl_import_spec_clear(&row);
	return status;
}

pl_status pl_national_final_column(pl_national *n, const char *name, const double *value,
                                   pl_error *err)
{
	pl_import_columns *f = &n->finals;
	const int64_t rows = n->row.n, room = pl_grow_room(f->room, (int64_t)f->n + 1);
	if (room != f->room) {
		void *at = f->at, *values = f->value;
		const bool good = rows <= INT64_MAX / room &&
		                  longer(&at, f->n, room, sizeof *f->at) &&
		                  longer(&values, f->n * rows, room * rows, sizeof *f->value);
		f->at = at;
		f->value = values;
		if (!good) return no_memory(err);
		f->room = room;
	}
	if (!pl_arena_reserve(&f->text, pl_arena_cost(name))) return no_memory(err);
	f->at[f->n] = pl_arena_put(&f->text, name);
	memcpy(f->value + f->n * rows, value, (size_t)rows * sizeof *value);
	f->n++;
	return PL_OK;
}

/// Every row of the national table must stand in a table of columns; what names an extra row
/// is kept for it, the rest is left out with a message.
static pl_status match_rows(pl_national *n, const pl_matrix *m, const char *path, bool extras,
                            pl_error *err)
{
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	pl_names left_out = {0};
	pl_status status = PL_OK;
	for (int32_t i = 0; i < n->row.n; i++) {
		const char *name = pl_name_at(&n->row, i);
		if (pl_names_find(&m->row, name) >= 0) continue;
		return pl_fail(err, PL_ENOTFOUND, -1, "%s: no row for %s \"%s\"%s", path,
		               n->row_word, pl_text_brief(brief, name),
		               pl_matrix_hint(hint, &m->row, name));
	}
	for (int32_t r = 0; r < m->row.n && status == PL_OK; r++) {
		const char *name = pl_name_at(&m->row, r);
		if (pl_names_find(&n->row, name) >= 0) continue;
		if (extras && pl_names_find(&n->extra.name, name) >= 0) continue;
		status = pl_matrix_name(&left_out, name, err);
	}
	if (status == PL_OK)
		status = say_left_out(n, path, "rows", n->row_word, &left_out, err);
	pl_names_clear(&left_out);
	return status;
}

/// Column k of a table by the rows of the national one; extra rows are added to @p want.
static void take_column(const pl_national *n, const pl_matrix *m, int32_t k, double *to,
                        double *want)
{
	for (int32_t r = 0; r < m->row.n; r++) {
		const char *name = pl_name_at(&m->row, r);
		const double value = m->value[(int64_t)r * m->column.n + k];
		const int32_t i = pl_names_find(&n->row, name);
		const int32_t x = i < 0 ? pl_names_find(&n->extra.name, name) : -1;
		if (i >= 0) to[i] = value;
		if (x >= 0 && want != NULL) want[x] += value;
	}
}

pl_status pl_national_final(pl_national *n, const char *text, pl_error *err)
{
	pl_import_spec spec;
	pl_matrix *m = NULL;
	PL_TRY(pl_import_spec_read(&spec, text, "--final-demand", false, err));
	const pl_matrix_pick pick = {.columns = spec.name.n > 0 ? &spec.name : NULL};
	double *value = pl_alloc(n->row.n, sizeof *value);
	pl_status status = value == NULL ? no_memory(err) : PL_OK;
	if (status == PL_OK) status = pl_matrix_read(&m, spec.path, &pick, err);
	if (status == PL_OK) status = match_rows(n, m, spec.path, true, err);
	for (int32_t k = 0; status == PL_OK && k < m->column.n; k++) {
		take_column(n, m, k, value, n->extra.want);
		status = pl_national_final_column(n, pl_name_at(&m->column, k), value, err);
	}
	pl_matrix_free(m);
	pl_free(value);
	pl_import_spec_clear(&spec);
	return status;
}

/// FILE:COL into to, the extra rows' cells into want.
static pl_status one_column(pl_national *n, const pl_import_spec *spec, const char *option,
                            double *to, double *want, pl_error *err)
{
	pl_matrix *m = NULL;
	const pl_matrix_pick pick = {.columns = spec->name.n > 0 ? &spec->name : NULL};
	PL_TRY(pl_matrix_read(&m, spec->path, &pick, err));
	pl_status status = PL_OK;
	if (m->column.n != 1)
		status = pl_fail(err, PL_EARG, -1,
		                 "%s %s: %d columns could be meant; write %s FILE:COLUMN",
		                 option, spec->path, (int)m->column.n, option);
	if (status == PL_OK) status = match_rows(n, m, spec->path, want != NULL, err);
	if (status == PL_OK) take_column(n, m, 0, to, want);
	pl_matrix_free(m);
	return status;
}

pl_status pl_national_output(pl_national *n, const char *text, double *to, pl_error *err)
{
	pl_import_spec spec;
	PL_TRY(pl_import_spec_read(&spec, text, "--output", false, err));
	const pl_status status = one_column(n, &spec, "--output", to, NULL, err);
	pl_import_spec_clear(&spec);
	return status;
}

static pl_status replace_demand(pl_national *n, const char *text, pl_error *err)
{
	pl_import_spec spec;
	PL_TRY(pl_import_spec_read(&spec, text, "--demand", true, err));
	for (int32_t k = 0; k < n->extra.name.n; k++) n->extra.want[k] = 0;
	const pl_status status =
	        one_column(n, &spec, "--demand", n->demand, n->extra.want, err);
	pl_import_spec_clear(&spec);
	return status;
}

/// Add the columns of final demand up. @return PL_OK, PL_ENOMEM
static pl_status sum_final(pl_national *n, pl_error *err)
{
	n->final = pl_alloc(n->row.n, sizeof *n->final);
	if (n->final == NULL) return no_memory(err);
	for (int32_t k = 0; k < n->finals.n; k++)
		for (int32_t i = 0; i < n->row.n; i++)
			n->final[i] += n->finals.value[(int64_t)k * n->row.n + i];
	return PL_OK;
}

/// Output less intermediate use.
static pl_status rest_of_output(pl_national *n, pl_error *err)
{
	if (n->stated == NULL)
		return pl_fail(
		        err, PL_EARG, -1,
		        "%s: there is no final demand to plan for; give --final-demand or "
		        "--demand",
		        n->table);
	for (int32_t i = 0; i < n->row.n; i++) {
		double used = 0;
		if (isnan(n->stated[i])) continue; /* all of it is imported */
		for (int32_t j = 0; j < n->column.n; j++)
			used += n->flow[(int64_t)i * n->column.n + j] *
			        (n->per_unit ? n->output[j] : 1);
		n->demand[i] = n->stated[i] - used;
	}
	return pl_import_warn(
	        n->report, err,
	        "no final demand was given: output less intermediate use was taken");
}

pl_status pl_national_demand(pl_national *n, const char *demand, pl_error *err)
{
	if (n->finals.n > 0) PL_TRY(sum_final(n, err));
	if (demand != NULL) return replace_demand(n, demand, err);
	if (n->final == NULL) return rest_of_output(n, err);
	memcpy(n->demand, n->final, (size_t)n->row.n * sizeof *n->demand);
	return PL_OK;
}

pl_status pl_national_files(pl_national *n, const pl_import_files *f, pl_error *err)
{
	for (int32_t k = 0; k < f->n_extra; k++)
		PL_TRY(pl_national_extra(n, f->extra[k], "--extra", false, err));
	if (f->value_added != NULL)
		PL_TRY(pl_national_extra(n, f->value_added, "--value-added", true, err));
	for (int32_t k = 0; k < f->n_limits; k++)
		PL_TRY(pl_national_limit(n, f->limit[k], err));
	return f->final_demand != NULL ? pl_national_final(n, f->final_demand, err) : PL_OK;
}
