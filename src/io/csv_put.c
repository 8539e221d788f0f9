/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* csv_put.c - cells out, quoted where they must be; what a spreadsheet would run. */
#include "io/csv.h"

#include "base/number.h"

#include <string.h>

/* Cells are short: taking the stream's lock for each would cost more than its bytes. */
void pl_csv_put_bare(FILE *to, const char *cell)
{
	for (const char *p = cell; *p != '\0'; p++) (void)putc_unlocked(*p, to);
}

static void put_quoted(FILE *to, const char *before, const char *cell)
{
	fprintf(to, "\"%s", before);
	for (const char *p = cell; *p != '\0'; p++) {
		if (*p == '"') (void)putc('"', to);
		(void)putc(*p, to);
	}
	(void)putc('"', to);
}

static bool must_be_quoted(const char *cell)
{
	return strncmp(cell, "\xEF\xBB\xBF", 3) == 0 || strpbrk(cell, ",;\t\"\r\n") != NULL;
}

void pl_csv_put(FILE *to, const char *cell)
{
	if (must_be_quoted(cell))
		put_quoted(to, "", cell);
	else
		pl_csv_put_bare(to, cell);
}

/* Source: OWASP, "CSV Injection", which names these characters. */
bool pl_csv_runs(const char *cell)
{
	static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
	                                   "\xEF\xBC\xA0"}; /* = + - @ */
	double number;
	const char *first = cell + strspn(cell, " ");
	bool runs = *first != '\0' && strchr("=+-@\t\r\n", *first) != NULL;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		runs = runs || strncmp(first, wide[i], strlen(wide[i])) == 0;
	return runs && pl_number_read(&number, cell) != PL_OK;
}

void pl_csv_put_safe(FILE *to, const char *cell)
{
	const bool quoted = cell[strspn(cell, " ")] == '\'';
	const char *before = quoted || pl_csv_runs(cell) ? "'" : "";
	if (must_be_quoted(cell)) {
		put_quoted(to, before, cell);
	} else {
		pl_csv_put_bare(to, before);
		pl_csv_put_bare(to, cell);
	}
}
