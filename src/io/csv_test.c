/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "io/csv.h"

#include "base/alloc.h"
#include "base/random.h"
#include "tests/pl_test.h"

#include <sys/resource.h>
#include <unistd.h>

static pl_csv *table(const char *text)
{
	pl_csv *c;
	pl_error err = {0};
	if (pl_csv_open_bytes(&c, text, strlen(text), "t.csv", &err) != PL_OK)
		fprintf(stderr, "%s\n", err.msg);
	return c;
}

static bool next(pl_csv *c)
{
	bool got;
	return pl_csv_next(&got, c, NULL) == PL_OK && got;
}

static bool cell_is(const pl_csv *c, int32_t column, const char *want)
{
	return strcmp(pl_csv_cell(c, column), want) == 0;
}

/* The first fault of a table, opening or reading it to its end; "" if there is none. */
static const char *fault_of(const void *bytes, size_t n)
{
	static pl_error err;
	pl_csv *c;
	bool got = true;
	err = (pl_error){0};
	pl_status status = pl_csv_open_bytes(&c, bytes, n, "t.csv", &err);
	while (status == PL_OK && got) status = pl_csv_next(&got, c, &err);
	pl_csv_close(c);
	return status == PL_OK ? "" : err.msg;
}

static bool refused(const char *text, const char *begin)
{
	const char *msg = fault_of(text, strlen(text));
	if (strncmp(msg, begin, strlen(begin)) == 0 && *begin != '\0') return true;
	fprintf(stderr, "got: %s\n", msg);
	return false;
}

static void what_is_put_is_read_back(void)
{
	static const char *const cells[] = {"a",           "",           "x,y", "x;y",
	                                    "x\ty",        "say \"hi\"", "\"",  "two\nlines",
	                                    "caf\xC3\xA9", "#",          "'",   "-1e5"};
	enum { N = sizeof cells / sizeof *cells };
	char text[4096];
	for (int mark = 0; mark < 3; mark++) {
		FILE *f = fmemopen(text, sizeof text, "w");
		const char delimiter = ",;\t"[mark];
		fprintf(f, "h%cg%ci\n", delimiter, delimiter);
		for (int i = 0; i < N; i++) {
			pl_csv_put(f, cells[i]);
			putc(delimiter, f);
			pl_csv_put(f, cells[(i + 1) % N]);
			fprintf(f, "%cend\r\n", delimiter);
		}
		fclose(f);
		pl_csv *c = table(text);
		for (int i = 0; i < N; i++) {
			CHECK(next(c));
			CHECK(cell_is(c, 0, cells[i]));
			CHECK(cell_is(c, 1, cells[(i + 1) % N]));
			CHECK(cell_is(c, 2, "end"));
		}
		CHECK(!next(c));
		pl_csv_close(c);
	}
}

/* Cells of every kind, in every way in which programs write them. */
enum { ROWS = 12000, CELLS = 4, CELL_CHARS = 24 };

static int below(pl_random *draw, int n)
{
	return (int)(pl_random_bits(draw) % (uint64_t)n);
}

static void append(char *cell, const char *piece)
{
	const size_t n = strlen(cell);
	(void)snprintf(cell + n, CELL_CHARS - n, "%s", piece);
}

/* Text without blanks at its ends; a `plain` one needs no quotes. */
static void draw_cell(char *cell, bool plain, pl_random *draw)
{
	static const char *const pieces[] = {
	        "a", "7",  ".", "-", "\xC3\xA9", "\xE6\xBC\xA2",    "x", " ", "\"", ",",
	        ";", "\n", "z", "q", "b",        "\xF0\x9F\x8C\xBE"};
	const int n = below(draw, 5);
	*cell = '\0';
	for (int k = 0; k < n; k++) {
		const char *piece = pieces[below(draw, plain ? 6 : 16)];
		const bool end = k == 0 || k == n - 1;
		append(cell, end && *piece == ' ' ? "y" : piece);
	}
}

/* Bare where it may be, in quotes, with blanks around. */
static void put_styled(FILE *f, const char *cell, pl_random *draw)
{
	const bool bare = strpbrk(cell, ",;\"\n") == NULL && below(draw, 4) != 0;
	const char *around = below(draw, 8) == 0 ? "  " : "";
	fprintf(f, "%s%s", around, bare ? "" : "\"");
	for (const char *p = cell; *p != '\0'; p++) fprintf(f, *p == '"' ? "\"\"" : "%c", *p);
	fprintf(f, "%s%s", bare ? "" : "\"", around);
}

static int64_t lines_in(const char *cell)
{
	int64_t n = 0;
	for (; *cell != '\0'; cell++) n += *cell == '\n';
	return n;
}

/* Longer than any chunk. The first cell is never empty, so that no row is skipped. */
static void a_table_comes_back_in_whatever_style_it_was_written(void)
{
	static char cell[ROWS][CELLS][CELL_CHARS];
	pl_random draw = pl_random_new(1, 0);
	for (int style = 0; style < 6; style++) {
		char *text;
		size_t n;
		FILE *f = open_memstream(&text, &n);
		fprintf(f, "k,b,c,d\n");
		for (int i = 0; i < ROWS; i++)
			for (int k = 0; k < CELLS; k++) {
				draw_cell(cell[i][k], style < 3, &draw);
				if (k == 0) append(cell[i][k], "!");
				put_styled(f, cell[i][k], &draw);
				fputs(k + 1 < CELLS ? "," : style % 2 == 0 ? "\n" : "\r\n", f);
			}
		fclose(f);
		pl_csv *c = table(text);
		int64_t line = 2;
		for (int i = 0; i < ROWS; i++) {
			CHECK(next(c) && pl_csv_line(c) == line++);
			for (int k = 0; k < CELLS; k++) {
				CHECK(cell_is(c, k, cell[i][k]));
				line += lines_in(cell[i][k]);
			}
		}
		CHECK(!next(c) && !pl_csv_broken(c));
		pl_csv_close(c);
		free(text);
	}
}

static void a_row_that_is_called_printable_holds_no_control_character(void)
{
	static const char *const rows[] = {"a;b\n1;\"x;y\"\n",    "a,b\n1,\"x,y\"\n",
	                                   "a\tb\n1\t\"x\ty\"\n", "a,b\n1,\"x\ny\"\n",
	                                   "a,b\n1,x\ty\n",       "a,b\n1,x\xC2\x85y\n"};
	for (int i = 0; i < 6; i++) {
		bool printable = false;
		pl_csv *c = table(rows[i]);
		CHECK(next(c) && strcmp(pl_csv_text(&printable, c, 0), "1") == 0);
		CHECK(printable == (i < 2));
		pl_csv_close(c);
	}
}

/* Rows that a chunk does not hold, bare and in quotes. */
static void a_row_of_many_cells_comes_back(void)
{
	enum { MANY = 60000 };
	for (int quotes = 0; quotes < 2; quotes++) {
		char *text, want[32];
		size_t n;
		FILE *f = open_memstream(&text, &n);
		for (int row = 0; row < 3; row++)
			for (int k = 0; k < MANY; k++)
				fprintf(f, quotes ? "\"c%d.%d\"%c" : "c%d.%d%c", row, k,
				        k + 1 < MANY ? ',' : '\n');
		fclose(f);
		pl_csv *c = table(text);
		CHECK(pl_csv_columns(c) == MANY);
		for (int row = 1; row < 3; row++) {
			CHECK(next(c) && pl_csv_line(c) == row + 1);
			for (int k = 0; k < MANY; k += 7) {
				(void)snprintf(want, sizeof want, "c%d.%d", row, k);
				CHECK(cell_is(c, k, want));
			}
		}
		CHECK(!next(c));
		pl_csv_close(c);
		free(text);
	}
}

/* Wherever in the table, and so in a chunk, it stands. */
static void a_fault_far_down_is_told_with_its_line(void)
{
	static const char *const bad[] = {"\x01,b",  "a,\"b", "a,\"b\"c",
	                                  "a,b\xFF", "a,b,c", "a\rb"};
	for (int rows = 20000; rows < 60000; rows += 7919)
		for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
			char *text, begin[32];
			size_t n;
			FILE *f = open_memstream(&text, &n);
			fputs("a,b\n", f);
			for (int i = 0; i < rows; i++) fputs("wheat,12.5\n", f);
			fprintf(f, "%s\nx,y\n", bad[k]);
			fclose(f);
			(void)snprintf(begin, sizeof begin, "t.csv:%d: ", rows + 2);
			CHECK(strncmp(fault_of(text, n), begin, strlen(begin)) == 0);
			free(text);
		}
}

static void a_plain_table_can_be_looked_ahead_in(void)
{
	int64_t n = -1;
	pl_csv *c = table("a,b\n1,one\n22,two\n333,three\n");
	CHECK(next(c) && cell_is(c, 1, "one"));
	const char *ahead = pl_csv_ahead(&n, c, 2, 1);
	CHECK(ahead != NULL && n == 5 && memcmp(ahead, "three", 5) == 0);
	ahead = pl_csv_ahead(&n, c, 1, 1);
	CHECK(ahead != NULL && n == 3 && memcmp(ahead, "two", 3) == 0);
	CHECK(pl_csv_ahead(&n, c, 3, 1) == NULL && n == 0);
	CHECK(next(c) && cell_is(c, 0, "22") && next(c) && cell_is(c, 1, "three"));
	pl_csv_close(c);
}

static void the_delimiter_is_the_most_frequent_mark_outside_quotes(void)
{
	pl_csv *c = table("\"a,b,c,d\";e;f\n1;2;3\n");
	CHECK(pl_csv_columns(c) == 3);
	CHECK(strcmp(pl_csv_name(c, 0), "a,b,c,d") == 0);
	CHECK(pl_csv_find(c, "f") == 2 && pl_csv_find(c, "g") == -1);
	pl_csv_close(c);
	c = table("a\tb,c\td\n");
	CHECK(pl_csv_columns(c) == 3 && strcmp(pl_csv_name(c, 1), "b,c") == 0);
	pl_csv_close(c);
	c = table("one\nx\n");
	CHECK(pl_csv_columns(c) == 1 && next(c) && cell_is(c, 0, "x"));
	pl_csv_close(c);
}

static void a_bom_crlf_blank_lines_and_spaces_change_nothing(void)
{
	pl_csv *c = table("\xEF\xBB\xBF\r\n good , price \r\n\r\n,\r\n wheat , \"5\" \r\nrye");
	CHECK(pl_csv_find(c, "good") == 0 && pl_csv_find(c, "price") == 1);
	CHECK(next(c) && cell_is(c, 0, "wheat") && cell_is(c, 1, "5"));
	CHECK(pl_csv_line(c) == 5);
	CHECK(next(c) && cell_is(c, 0, "rye") && cell_is(c, 1, ""));
	CHECK(pl_csv_line(c) == 6);
	CHECK(!next(c));
	pl_csv_close(c);
}

static void lines_inside_quotes_are_counted(void)
{
	pl_csv *c = table("a,b\n\"1\n2\n3\",x\ny,z\n");
	CHECK(next(c) && pl_csv_line(c) == 2 && cell_is(c, 0, "1\n2\n3"));
	CHECK(next(c) && pl_csv_line(c) == 5);
	pl_csv_close(c);
}

static void a_row_with_too_many_cells_is_told_and_the_next_one_read(void)
{
	bool got;
	pl_error err = {0};
	pl_csv *c = table("a,b\n1,2,3\n4,5\n");
	CHECK(pl_csv_next(&got, c, &err) == PL_EPARSE && !got);
	CHECK(strncmp(err.msg, "t.csv:2: ", 9) == 0 && err.where == 2);
	CHECK(!pl_csv_broken(c));
	CHECK(next(c) && cell_is(c, 1, "5"));
	pl_csv_close(c);
}

/* As statistics programs write a table with row names. */
static void the_first_column_may_go_without_a_name(void)
{
	pl_csv *c = table("\"\",a\nwheat,1\n");
	CHECK(pl_csv_columns(c) == 2 && strcmp(pl_csv_name(c, 0), "") == 0);
	CHECK(pl_csv_find(c, "a") == 1 && pl_csv_find(c, "") == 0);
	CHECK(next(c) && cell_is(c, 0, "wheat") && cell_is(c, 1, "1"));
	pl_csv_close(c);
}

static void broken_tables_are_refused_with_their_line(void)
{
	CHECK(refused("", "t.csv: the table is empty"));
	CHECK(refused("\n\n", "t.csv: the table is empty"));
	CHECK(refused("a,,b\n", "t.csv:1: column 2 has no name"));
	CHECK(refused("a,b,a\n", "t.csv:1: column \"a\" stands twice"));
	CHECK(refused("a,b\n1,\"2\n", "t.csv:2: the quote that opens here is never closed"));
	CHECK(refused("a,b\n1,\"2\"x\n", "t.csv:2: text follows a closing quote"));
	CHECK(refused("a,b\n1,2\"x\"\n", "t.csv:2: a quote stands inside"));
	CHECK(refused("a,b\n1,\x01\n", "t.csv:2: a control character"));
	CHECK(refused("a,b\n1,2\r3,4\r", "t.csv:2: a carriage return"));
	CHECK(refused("a,b\n1,\xFF\n", "t.csv:2: cell 2 is not valid UTF-8"));
	CHECK(refused("a\xC3,b\n", "t.csv:1: cell 1 is not valid UTF-8"));
	CHECK(refused("a,\"b\nc\"\n", "t.csv:1: the name of column 2"));
	static const char nul[] = "a,b\n1,\0 2\n", wide[] = "\xFF\xFE"
	                                                    "a\0,\0b\0\n\0";
	CHECK(strncmp(fault_of(nul, sizeof nul - 1), "t.csv:2: a NUL byte", 19) == 0);
	CHECK(strstr(fault_of(wide, sizeof wide - 1), "UTF-16") != NULL);
}

static void a_broken_table_stays_at_its_end(void)
{
	bool got;
	pl_csv *c = table("a\n\"\n");
	CHECK(pl_csv_next(&got, c, NULL) == PL_EPARSE && pl_csv_broken(c));
	CHECK(pl_csv_next(&got, c, NULL) == PL_OK && !got);
	pl_csv_close(c);
}

static pl_status number(double *out, const char *text, const char *name, int row)
{
	pl_csv *c = table(text);
	for (int i = 0; i < row; i++) CHECK(next(c));
	const pl_status status = pl_csv_number(out, c, pl_csv_find(c, name), NULL);
	pl_csv_close(c);
	return status;
}

static void a_decimal_comma_is_taken_only_where_it_is_no_delimiter(void)
{
	double x = 0;
	CHECK(number(&x, "a;b\n1,5;2\n", "a", 1) == PL_OK && x == 1.5);
	CHECK(number(&x, "a\tb\n-1,5e2\t2\n", "a", 1) == PL_OK && x == -150);
	CHECK(number(&x, "a,b\n\"1,5\",2\n", "a", 1) == PL_EPARSE);
	CHECK(number(&x, "a;b\n1.234,5;2\n", "a", 1) == PL_EPARSE);
	CHECK(number(&x, "a;b\n1,234,5;2\n", "a", 1) == PL_EPARSE);
	CHECK(number(&x, "a;b\n1.5;2\n", "a", 1) == PL_OK && x == 1.5);
	CHECK(number(&x, "a;b\n;2\n", "a", 1) == PL_OK && isnan(x));
	CHECK(number(&x, "a;b\n0x10;2\n", "a", 1) == PL_EPARSE);
	CHECK(number(&x, "a;b\ninf;2\n", "a", 1) == PL_EPARSE);
	CHECK(number(&x, "a;b\n1e400;2\n", "a", 1) == PL_EPARSE);
}

static void two_decimal_marks_in_one_table_are_refused_once(void)
{
	double x;
	pl_error err = {0};
	pl_csv *c = table("a;b\n1,5;2\n3;4\n1.5;2\n1.5;2\n");
	CHECK(next(c) && pl_csv_number(&x, c, 0, &err) == PL_OK);
	CHECK(next(c) && pl_csv_number(&x, c, 0, &err) == PL_OK);
	CHECK(next(c) && pl_csv_number(&x, c, 0, &err) == PL_EPARSE);
	CHECK(strncmp(err.msg, "t.csv:4: ", 9) == 0 && strstr(err.msg, "line 2") != NULL);
	CHECK(next(c) && pl_csv_number(&x, c, 0, &err) == PL_OK);
	CHECK(cell_is(c, 0, "1.5"));
	pl_csv_close(c);
}

static void what_cannot_be_opened_is_told_apart(void)
{
	pl_csv *c;
	pl_error err = {0};
	CHECK(pl_csv_open(&c, "no/such/file.csv", "file.csv", &err) == PL_ENOTFOUND);
	CHECK(c == NULL && strncmp(err.msg, "file.csv: ", 10) == 0);
	CHECK(pl_csv_open(&c, ".", "here.csv", &err) == PL_EIO);
	CHECK(strstr(err.msg, "folder") != NULL);
}

/* A header, then `size` bytes without a line end. */
static pl_status read_long_line(const char *header, off_t size)
{
	char path[] = "csv-test-XXXXXX";
	const int fd = mkstemp(path);
	pl_csv *c = NULL;
	bool got = true;
	pl_status status = PL_EIO;
	char block[1 << 16];
	memset(block, 'x', sizeof block);
	if (write(fd, header, strlen(header)) < 0) goto done;
	for (off_t n = 0; n < size; n += (off_t)sizeof block)
		if (write(fd, block, sizeof block) < 0) goto done;
	status = pl_csv_open(&c, path, "long.csv", NULL);
	while (status == PL_OK && got) status = pl_csv_next(&got, c, NULL);
done:
	pl_csv_close(c);
	close(fd);
	unlink(path);
	return status;
}

static void a_line_without_end_is_refused_long_before_its_end(void)
{
	CHECK(read_long_line("a,b\n", 1 << 25) == PL_EPARSE);
	CHECK(read_long_line("a,b\n\"", 1 << 25) == PL_EPARSE);
	CHECK(read_long_line("", 1 << 25) == PL_EPARSE);
}

/* Many small cells: the row's limit must hold, and memory with it. */
static void a_row_of_endless_cells_needs_little_memory(void)
{
	const size_t n = (size_t)1 << 26;
	char *text = malloc(n);
	if (text == NULL) return;
	memset(text, ',', n);
	memcpy(text, "a,b\n", 4);
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	CHECK(strncmp(fault_of(text, n), "t.csv:2: ", 9) == 0);
	for (size_t i = 4; i < n; i += 2) text[i] = 'x';
	CHECK(strncmp(fault_of(text, n), "t.csv:2: ", 9) == 0);
	memcpy(text, "abcd", 4); /* all of it a header */
	CHECK(strncmp(fault_of(text, n), "t.csv:1: ", 9) == 0);
	getrusage(RUSAGE_SELF, &after);
#ifndef __SANITIZE_ADDRESS__
	CHECK(after.ru_maxrss - before.ru_maxrss < 49152);
#endif
	free(text);
}

static void every_allocation_may_fail(void)
{
#ifdef PL_ALLOC_FAULTS
	const char *text = "a;b\n\"x\ny\";1\nlong cell;2\n";
	const int64_t alive = pl_alloc_alive;
	for (int64_t grants = 0;; grants++) {
		pl_csv *c;
		bool got = true;
		pl_alloc_grants = grants;
		pl_status status = pl_csv_open_bytes(&c, text, strlen(text), "t.csv", NULL);
		while (status == PL_OK && got) status = pl_csv_next(&got, c, NULL);
		pl_alloc_grants = -1;
		pl_csv_close(c);
		CHECK(pl_alloc_alive == alive);
		CHECK(status == PL_OK || status == PL_ENOMEM);
		if (status == PL_OK) break;
		CHECK(grants < 100);
		if (grants >= 100) break;
	}
#endif
}

static void a_spreadsheet_runs_what_begins_as_a_formula(void)
{
	static const char *const runs[] = {"=1+1",         "+A1",           "-A1",
	                                   "@SUM(A1)",     "  =1",          "\tx",
	                                   "\r=1",         "\nx",           "=",
	                                   "-1-1",         "+1 233 445",    "--1",
	                                   "-1e",          "\357\274\2351", "\xEF\xBC\xA0x",
	                                   "=HYPERLINK()", "-2+3+cmd|x!A1"};
	static const char *const rests[] = {"",     "a=1", "1=yes 2=no", "-1",   "+1.5",
	                                    "-2e3", "'=1", " x",         "a\tb", "5 - 3"};
	for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) CHECK(pl_csv_runs(runs[i]));
	for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) CHECK(!pl_csv_runs(rests[i]));
}

/* Draw texts of what is special; one apostrophe taken from a cell that begins with one gives
 * the text back, and no cell runs. */
static void what_is_put_safely_does_not_run_and_comes_back(void)
{
	static const char special[] = "=+-@'\",;1a ";
	pl_random g = pl_random_new(3, 0);
	for (int round = 0; round < 500; round++) {
		char text[6] = "", *bytes = NULL;
		size_t n = 0;
		bool got = false;
		for (int64_t i = pl_random_between(&g, 0, 5) - 1; i >= 0; i--)
			text[i] = special[pl_random_between(&g, 0, (int)sizeof special - 2)];
		FILE *to = open_memstream(&bytes, &n);
		fputs("a,b\n", to);
		pl_csv_put_safe(to, text);
		fputs(",x\n", to);
		fclose(to);
		pl_csv *c;
		CHECK(pl_csv_open_bytes(&c, bytes, n, "t.csv", NULL) == PL_OK);
		CHECK(pl_csv_next(&got, c, NULL) == PL_OK && got);
		const char *cell = pl_csv_cell(c, 0);
		CHECK(!pl_csv_runs(cell));
		const char *want = *cell == '\'' ? text : text + strspn(text, " ");
		cell += *cell == '\'';
		CHECK(strncmp(cell, want, strlen(cell)) == 0);
		CHECK(want[strlen(cell) + strspn(want + strlen(cell), " ")] == '\0');
		pl_csv_close(c);
		free(bytes);
	}
}

int main(void)
{
	RUN(a_spreadsheet_runs_what_begins_as_a_formula);
	RUN(what_is_put_safely_does_not_run_and_comes_back);
	RUN(what_is_put_is_read_back);
	RUN(a_table_comes_back_in_whatever_style_it_was_written);
	RUN(a_row_that_is_called_printable_holds_no_control_character);
	RUN(a_row_of_many_cells_comes_back);
	RUN(a_fault_far_down_is_told_with_its_line);
	RUN(a_plain_table_can_be_looked_ahead_in);
	RUN(the_delimiter_is_the_most_frequent_mark_outside_quotes);
	RUN(a_bom_crlf_blank_lines_and_spaces_change_nothing);
	RUN(lines_inside_quotes_are_counted);
	RUN(a_row_with_too_many_cells_is_told_and_the_next_one_read);
	RUN(the_first_column_may_go_without_a_name);
	RUN(broken_tables_are_refused_with_their_line);
	RUN(a_broken_table_stays_at_its_end);
	RUN(a_decimal_comma_is_taken_only_where_it_is_no_delimiter);
	RUN(two_decimal_marks_in_one_table_are_refused_once);
	RUN(what_cannot_be_opened_is_told_apart);
	RUN(a_line_without_end_is_refused_long_before_its_end);
	RUN(a_row_of_endless_cells_needs_little_memory);
	RUN(every_allocation_may_fail);
	return pl_test_failed;
}
