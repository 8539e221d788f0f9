/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* start.c - start prices from any table that has them. */
#include "base/alloc.h"
#include "base/error.h"
#include "io/table.h"

#include <math.h>
#include <string.h>

enum { S_GOOD, S_PRICE, S_COLUMNS };

static void read_row(double *price, pl_reader *t, const pl_ids *goods, int64_t *line)
{
	const char *id = pl_table_needed(t, S_GOOD);
	const int32_t i = *id != '\0' ? pl_ids_find(goods, t, id) : -1;
	const double x = pl_table_number(t, S_PRICE);
	if (i < 0) return;
	if (line[i] != 0) {
		pl_table_fault(t, "this good stands twice (first in line %lld)",
		               (long long)line[i]);
		return;
	}
	line[i] = pl_table_line(t);
	if (x < 0) pl_table_fault(t, "the price is below 0; give one above 0, or leave it out");
	if (x > 0) price[i] = x;
}

pl_status pl_start_read(double *price, const pl_model *m, const char *path, pl_faults *faults,
                        pl_error *err)
{
	static const pl_column columns[S_COLUMNS] = {{"good", true}, {"price", true}};
	const pl_table_kind kind = {
	        .file = path, .column = columns, .n = S_COLUMNS, .others = true};
	pl_faults own = {0};
	pl_faults *told = faults != NULL ? faults : &own;
	const int64_t before = told->n;
	pl_ids goods = {.what = "good", .file = "the economy's goods.csv"};
	pl_reader t = {.status = PL_ENOMEM};
	if (m->n_goods > 0) memcpy(price, m->good.price, (size_t)m->n_goods * sizeof *price);
	int64_t *line = pl_alloc(m->n_goods, sizeof *line);
	if (line != NULL && pl_ids_of(&goods, m->good.id, m->n_goods)) {
		pl_table_open_path(&t, &kind, path, told);
		while (pl_table_next(&t)) read_row(price, &t, &goods, line);
		pl_table_close(&t);
	}
	pl_status status = t.status;
	if (status != PL_OK)
		(void)pl_fail(err, status, -1, "no memory to read %s", path);
	else if (told->n > before)
		status = pl_faults_first(told, before, err);
	pl_ids_clear(&goods);
	pl_free(line);
	pl_faults_clear(&own);
	return status;
}
