/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* work_cells.c - hours and points as cells of a table. */
#include "io/work_read.h"

#include <math.h>

static const double most_hours = (double)(PL_WORK_HOURS_MOST / PL_WORK_HOUR);
static const double points_least = 1, points_most = 20;

int64_t pl_work_cell_hours(pl_reader *t, int column, int64_t other)
{
	const char *name = t->kind->column[column].name;
	const double x = pl_table_number(t, column);
	if (isnan(x)) return other;
	if (x < 0 || x > most_hours) {
		pl_table_fault(t, "%s is %s; hours go from 0 to %.0f", name,
		               x < 0 ? "below 0" : "too large", most_hours);
		return 0;
	}
	const double whole = floor(x * PL_WORK_HOUR + 0.5);
	if (fabs(whole - x * PL_WORK_HOUR) > 1e-6) {
		pl_table_fault(t, "%s is finer than a thousandth of an hour", name);
		return 0;
	}
	return (int64_t)whole;
}

static void needed(pl_reader *t, int column, const char *cell)
{
	if (*cell == '\0' && !t->row_bad)
		pl_table_fault(t, "%s is empty; give one", t->kind->column[column].name);
}

int64_t pl_work_cell_hours_needed(pl_reader *t, int column)
{
	needed(t, column, pl_table_text(t, column));
	return pl_work_cell_hours(t, column, 0);
}

double pl_work_cell_points(pl_reader *t, int column, bool must)
{
	if (must) needed(t, column, pl_table_text(t, column));
	const double x = pl_table_number(t, column);
	if (x < points_least || x > points_most)
		pl_table_fault(t, "%s goes from 1 to 20", t->kind->column[column].name);
	return x;
}
