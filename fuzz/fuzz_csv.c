/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Whatever the bytes, a table is read to its end or refused with a sentence that names it;
 * and what was read comes back the same when it is written and read again. */
#include "base/text.h"
#include "fuzz/demand.h"
#include "io/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sentence begins with the file's name and is valid UTF-8. */
static void check_sentence(const pl_error *err)
{
	demand(strncmp(err->msg, "t.csv:", 6) == 0 && strlen(err->msg) > 10);
	demand(pl_utf8_fault(err->msg, (int64_t)strlen(err->msg)) < 0);
}

static void check_cell(pl_csv *c, int32_t column)
{
	double x;
	pl_error err = {0};
	const char *cell = pl_csv_cell(c, column);
	demand(pl_utf8_fault(cell, (int64_t)strlen(cell)) < 0);
	const pl_status status = pl_csv_number(&x, c, column, &err);
	if (status != PL_OK) check_sentence(&err);
	demand(status != PL_OK || isnan(x) == (*cell == '\0'));
	demand(status != PL_OK || !isinf(x));
}

/* Read to the end; the rows that are taken go to `out`. */
static bool copy_table(pl_csv *c, FILE *out)
{
	bool got = true, whole = true;
	const int32_t n = pl_csv_columns(c);
	for (int32_t i = 0; i < n; i++) {
		pl_csv_put(out, pl_csv_name(c, i));
		(void)putc(i + 1 < n ? ',' : '\n', out);
	}
	for (;;) {
		pl_error err = {0};
		const pl_status status = pl_csv_next(&got, c, &err);
		if (status != PL_OK) {
			check_sentence(&err);
			whole = false;
			continue;
		}
		if (!got) return whole;
		for (int32_t i = 0; i < n; i++) {
			check_cell(c, i);
			pl_csv_put(out, pl_csv_cell(c, i));
			(void)putc(i + 1 < n ? ',' : '\n', out);
		}
	}
}

/* A copy of the table at `bytes`, to be freed. NULL where it is refused. */
static char *copy(size_t *length, const void *bytes, size_t n, bool *whole)
{
	pl_csv *c;
	pl_error err = {0};
	char *text = NULL;
	if (pl_csv_open_bytes(&c, bytes, n, "t.csv", &err) != PL_OK) {
		check_sentence(&err);
		demand(c == NULL);
		return NULL;
	}
	FILE *out = open_memstream(&text, length);
	demand(out != NULL);
	*whole = copy_table(c, out);
	(void)fclose(out);
	pl_csv_close(c);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool whole, again;
	size_t n, m;
	char *first = copy(&n, data, size, &whole);
	if (first == NULL) return 0;
	char *second = copy(&m, first, n, &again);
	demand(second != NULL && again && n == m && memcmp(first, second, n) == 0);
	free(first);
	free(second);
	return 0;
}
