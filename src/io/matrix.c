/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/matrix.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/text.h"
#include "io/csv.h"

#include <math.h>

/// A table while it is read.
typedef struct {
	pl_csv *csv;
	pl_matrix *m;
	const pl_matrix_pick *pick;
	int32_t *from; ///< [m->column.n] column of the file
	const char *path;
} reader;

void pl_matrix_free(pl_matrix *m)
{
	if (m == NULL) return;
	pl_names_clear(&m->row);
	pl_names_clear(&m->column);
	pl_names_clear(&m->left_out);
	pl_free(m->line);
	pl_free(m->value);
	pl_free(m);
}

pl_status pl_matrix_name(pl_names *to, const char *name, pl_error *err)
{
	if (pl_names_find(to, name) >= 0) return PL_OK;
	if (!pl_names_reserve(to, name))
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d names", (int)to->n);
	pl_names_put(to, name);
	return PL_OK;
}

const char *pl_matrix_hint(char *hint, const pl_names *among, const char *typed)
{
	pl_near near = {0};
	for (int32_t i = 0; i < among->n; i++)
		pl_near_offer(&near, typed, among->text.bytes + among->at[i]);
	return pl_near_hint(hint, &near);
}

/// Every name of @p want must be among those that the table has.
static pl_status demand_names(const pl_names *want, const pl_names *have, const char *what,
                              const char *path, pl_error *err)
{
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	for (int32_t i = 0; want != NULL && i < want->n; i++) {
		const char *name = want->text.bytes + want->at[i];
		if (pl_names_find(have, name) >= 0) continue;
		return pl_fail(err, PL_ENOTFOUND, -1, "%s: no %s \"%s\"%s", path, what,
		               pl_text_brief(brief, name), pl_matrix_hint(hint, have, name));
	}
	return PL_OK;
}

static pl_status pick_columns(reader *r, pl_error *err)
{
	const pl_matrix_pick *pick = r->pick;
	const int32_t n = pl_csv_columns(r->csv);
	pl_names have = {0};
	pl_status status = PL_OK;
	r->from = pl_alloc(n, sizeof *r->from);
	if (r->from == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %d columns", (int)n);
	for (int32_t j = 1; j < n && status == PL_OK; j++) {
		const char *name = pl_csv_name(r->csv, j);
		status = pl_matrix_name(&have, name, err);
		if (status != PL_OK) break;
		if (pick->skip != NULL && pl_names_find(pick->skip, name) >= 0) continue;
		if (pick->columns != NULL && pl_names_find(pick->columns, name) < 0) {
			status = pl_matrix_name(&r->m->left_out, name, err);
			continue;
		}
		r->from[r->m->column.n] = j;
		status = pl_matrix_name(&r->m->column, name, err);
	}
	if (status == PL_OK)
		status = demand_names(pick->columns, &have, "column", r->path, err);
	if (status == PL_OK) status = demand_names(pick->skip, &have, "column", r->path, err);
	if (status == PL_OK && r->m->column.n == 0)
		status = pl_fail(err, PL_EPARSE, 1,
		                 "%s:1: there is no column of numbers beside the names",
		                 r->path);
	pl_names_clear(&have);
	return status;
}

/// Room for one more row.
static pl_status make_room(pl_matrix *m, pl_error *err)
{
	const int64_t used = m->row.n, room = pl_grow_room(m->room, used + 1);
	if (room == m->room) return PL_OK;
	int64_t *line = pl_grow(m->line, used, room, sizeof *line);
	if (line != NULL) m->line = line;
	double *value = line == NULL || m->column.n > INT64_MAX / room
	                        ? NULL
	                        : pl_grow(m->value, used * m->column.n, room * m->column.n,
	                                  sizeof *value);
	if (value == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for %lld rows of %d numbers",
		               (long long)room, (int)m->column.n);
	m->value = value;
	m->room = room;
	return PL_OK;
}

static pl_status read_row(reader *r, const char *name, pl_error *err)
{
	pl_matrix *m = r->m;
	char row[PL_BRIEF_CHARS], column[PL_BRIEF_CHARS];
	double *to = m->value + (int64_t)m->row.n * m->column.n;
	const long long line = (long long)pl_csv_line(r->csv);
	pl_text_brief(row, name);
	for (int32_t j = 0; j < m->column.n; j++) {
		pl_error inner;
		const pl_status status = pl_csv_number(&to[j], r->csv, r->from[j], &inner);
		if (status != PL_OK)
			return pl_fail(err, status, line, "%.380s (row \"%s\")", inner.msg,
			               row);
		if (isnan(to[j]))
			return pl_fail(
			        err, PL_EPARSE, line,
			        "%.200s:%lld: row \"%s\", column \"%s\" is empty; write 0 "
			        "where there is nothing",
			        r->path, line, row,
			        pl_text_brief(column, pl_csv_name(r->csv, r->from[j])));
	}
	m->line[m->row.n] = line;
	return pl_matrix_name(&m->row, name, err);
}

static pl_status read_rows(reader *r, pl_error *err)
{
	pl_matrix *m = r->m;
	char row[PL_BRIEF_CHARS];
	for (;;) {
		bool got = false;
		PL_TRY(pl_csv_next(&got, r->csv, err));
		if (!got) break;
		const char *name = pl_csv_cell(r->csv, 0);
		const long long line = (long long)pl_csv_line(r->csv);
		if (r->pick->rows != NULL && pl_names_find(r->pick->rows, name) < 0) continue;
		if (name[0] == '\0')
			return pl_fail(err, PL_EPARSE, line, "%s:%lld: this row has no name",
			               r->path, line);
		const int32_t before = pl_names_find(&m->row, name);
		if (before >= 0)
			return pl_fail(err, PL_EPARSE, line,
			               "%s:%lld: row \"%s\" stands on line %lld already",
			               r->path, line, pl_text_brief(row, name),
			               (long long)m->line[before]);
		PL_TRY(make_room(m, err));
		PL_TRY(read_row(r, name, err));
	}
	PL_TRY(demand_names(r->pick->rows, &m->row, "row", r->path, err));
	if (m->row.n == 0)
		return pl_fail(err, PL_EPARSE, 1, "%s: there is no row under the header",
		               r->path);
	return PL_OK;
}

pl_status pl_matrix_read(pl_matrix **out, const char *path, const pl_matrix_pick *pick,
                         pl_error *err)
{
	static const pl_matrix_pick all;
	reader r = {.pick = pick == NULL ? &all : pick, .path = path};
	*out = NULL;
	PL_TRY(pl_csv_open(&r.csv, path, path, err));
	r.m = pl_alloc(1, sizeof *r.m);
	pl_status status = PL_OK;
	if (r.m == NULL)
		status = pl_fail(err, PL_ENOMEM, -1, "no memory for a table");
	else
		status = pick_columns(&r, err);
	if (status == PL_OK) status = read_rows(&r, err);
	if (status == PL_OK)
		*out = r.m;
	else
		pl_matrix_free(r.m);
	pl_free(r.from);
	pl_csv_close(r.csv);
	return status;
}
