/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/matrix.h"

#include "base/alloc.h"
#include "tests/pl_test.h"

#include <unistd.h>

static char path[] = "matrix_test.XXXXXX"; /* the table of the moment */

static pl_status read_text(pl_matrix **m, const char *text, const pl_matrix_pick *pick,
                           pl_error *err)
{
	FILE *f = fopen(path, "w");
	CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
	return pl_matrix_read(m, path, pick, err);
}

/// The table is refused with PL_EPARSE or PL_ENOTFOUND and a sentence that holds @p part.
static void refuses(const char *text, const pl_matrix_pick *pick, const char *part)
{
	pl_matrix *m = NULL;
	pl_error err = {0};
	const pl_status status = read_text(&m, text, pick, &err);
	CHECK(status == PL_EPARSE || status == PL_ENOTFOUND);
	CHECK(m == NULL);
	CHECK(strstr(err.msg, part) != NULL);
	if (strstr(err.msg, part) == NULL) fprintf(stderr, "said: %s\n", err.msg);
}

static void a_table_keeps_names_and_numbers_in_order(void)
{
	pl_matrix *m = NULL;
	CHECK(read_text(&m, "x;b;\"a;1\"\r\nr2;1,5;-2\r\nr1;0;1e3\r\n", NULL, NULL) == PL_OK);
	CHECK(m->row.n == 2 && m->column.n == 2 && m->left_out.n == 0);
	CHECK(pl_names_find(&m->row, "r1") == 1);
	CHECK(pl_names_find(&m->column, "a;1") == 1);
	CHECK_NEAR(m->value[0], 1.5, 0);
	CHECK_NEAR(m->value[1], -2, 0);
	CHECK_NEAR(m->value[3], 1000, 0);
	CHECK(m->line[0] == 2 && m->line[1] == 3);
	pl_matrix_free(m);
}

static void only_what_was_picked_must_be_a_number(void)
{
	pl_names skip = {0}, only = {0}, rows = {0};
	pl_matrix *m = NULL;
	CHECK(pl_matrix_name(&skip, "note", NULL) == PL_OK);
	CHECK(pl_matrix_name(&only, "b", NULL) == PL_OK);
	CHECK(pl_matrix_name(&rows, "r2", NULL) == PL_OK);
	const char *text = "x,a,note,b\nr1,many,,\nr2,5,words,7\n";
	const pl_matrix_pick pick = {.columns = &only, .rows = &rows};
	CHECK(read_text(&m, text, &pick, NULL) == PL_OK);
	CHECK(m->row.n == 1 && m->column.n == 1 && m->left_out.n == 2);
	CHECK_NEAR(m->value[0], 7, 0);
	pl_matrix_free(m);
	const pl_matrix_pick but = {.skip = &skip, .rows = &rows};
	CHECK(read_text(&m, text, &but, NULL) == PL_OK);
	CHECK(m->column.n == 2 && m->left_out.n == 0);
	pl_matrix_free(m);
	refuses(text, &(pl_matrix_pick){.skip = &skip}, "row \"r1\"");
	pl_names_clear(&skip);
	pl_names_clear(&only);
	pl_names_clear(&rows);
}

static void a_fault_is_named_by_row_and_column(void)
{
	pl_names want = {0};
	refuses("x,a,b\nr1,1,\n", NULL, "2: row \"r1\", column \"b\" is empty");
	refuses("x,a,b\nr1,1\n", NULL, "row \"r1\", column \"b\" is empty");
	refuses("x,a,b\nr1,1,n/a\n", NULL, "2: b \"n/a\" is not a number");
	refuses("x,a,b\nr1,1,n/a\n", NULL, "(row \"r1\")");
	refuses("x,a,b\nr1,1,inf\n", NULL, "(row \"r1\")");
	refuses("x,a\nr1,1\nr2,1\nr1,2\n", NULL, "4: row \"r1\" stands on line 2 already");
	refuses("x,a,a\nr1,1,2\n", NULL, "\"a\"");
	refuses("x,a\n,1\n", NULL, "2: this row has no name");
	refuses("x,a\n", NULL, "no row under the header");
	refuses("x\nr1\n", NULL, "no column of numbers");
	CHECK(pl_matrix_name(&want, "exprts", NULL) == PL_OK);
	refuses("x,imports,exports\nr1,1,2\n", &(pl_matrix_pick){.columns = &want},
	        "no column \"exprts\" (did you mean \"exports\"?)");
	refuses("x,imports,exports\nr1,1,2\n", &(pl_matrix_pick){.rows = &want},
	        "no row \"exprts\"");
	pl_names_clear(&want);
	pl_matrix *m = NULL;
	CHECK(pl_matrix_read(&m, "there/is/no/such.csv", NULL, NULL) != PL_OK && m == NULL);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const int64_t alive = pl_alloc_alive;
	pl_status status = PL_ENOMEM;
	for (int64_t grants = 0; status != PL_OK && grants < 1000; grants++) {
		pl_matrix *m = NULL;
		FILE *f = fopen(path, "w");
		CHECK(f != NULL && fputs("x,a,b\nr1,1,2\nr2,3,4\n", f) >= 0 && fclose(f) == 0);
		pl_alloc_grants = grants;
		status = pl_matrix_read(&m, path, NULL, NULL);
		pl_alloc_grants = -1;
		CHECK(status == PL_OK || (status == PL_ENOMEM && m == NULL));
		pl_matrix_free(m);
		CHECK(pl_alloc_alive == alive);
	}
	CHECK(status == PL_OK);
#endif
}

int main(void)
{
	const int fd = mkstemp(path);
	if (fd < 0 || close(fd) != 0) return 1;
	RUN(a_table_keeps_names_and_numbers_in_order);
	RUN(only_what_was_picked_must_be_a_number);
	RUN(a_fault_is_named_by_row_and_column);
	RUN(every_allocation_may_fail);
	remove(path);
	return pl_test_failed;
}
