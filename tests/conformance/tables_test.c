/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tables_test FILE: what every column of the record means, as tables.def has it, compared with
 * the reviewed page in FILE; tables_test alone prints the page. */
#include "app/state.h"
#include "tests/conformance/reviewed.h"

#include <ctype.h>
#include <inttypes.h>

/// A cell of a Markdown table: words split by | must not split the cell.
static void put(FILE *to, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (*c == '|')
			fputs(", ", to);
		else
			(void)putc(*c, to);
}

static void print_column(FILE *to, int table, int i)
{
	const pl_column_kind *c = &pl_state_tables[table].column[i];
	const int other = pl_state_refers(table, i);
	fprintf(to, "| %s | %s | ", c->name, pl_cell_part_name(c->part));
	put(to, c->unit);
	if (c->kind == PL_CELL_TEXT)
		fprintf(to, " | %" PRId64 " to %" PRId64 " bytes | ", c->low, c->high);
	else
		fprintf(to, " | %" PRId64 " to %" PRId64 " | ", c->low, c->high);
	fprintf(to, "%s | ", other < 0 ? "" : pl_state_tables[other].name);
	put(to, c->help);
	fputs(" |\n", to);
}

static void print_page(FILE *to)
{
	fputs("<!-- SPDX-License-Identifier: AGPL-3.0-or-later -->\n"
	      "# The tables of a record\n\n"
	      "Printed by `conformance_tables_test` from `src/app/tables.def`, and compared "
	      "with "
	      "it by a test.\n"
	      "What stands here follows from the events alone; `plenum export RECORD DEST.zip` "
	      "writes it as CSV.\n\n"
	      "A row is known by its *key* columns together. *unique*: no two rows have the "
	      "same, "
	      "but for \"\".\n"
	      "*erasable*: a text about a person, which can be taken out without breaking the "
	      "record.\n"
	      "*sealed*: read by nobody before the vote closes. Where *unit* names a table, "
	      "the "
	      "column holds numbers\n"
	      "of its rows, and 0 is none.\n",
	      to);
	for (int t = 0; t < PL_STATE_TABLES; t++) {
		fprintf(to, "\n## %s\n\n%c%s.\n\n", pl_state_tables[t].name,
		        toupper((unsigned char)pl_state_tables[t].help[0]),
		        pl_state_tables[t].help + 1);
		fputs("| column | part | unit | holds | refers to | meaning |\n"
		      "|---|---|---|---|---|---|\n",
		      to);
		for (int i = 0; i < pl_state_tables[t].n_columns; i++) print_column(to, t, i);
	}
}

static void every_column_says_what_it_means(void)
{
	for (int t = 0; t < PL_STATE_TABLES; t++) {
		const pl_table_kind *table = &pl_state_tables[t];
		CHECK(strlen(table->help) > 20);
		for (int i = 0; i < table->n_columns; i++) {
			const pl_column_kind *c = &table->column[i];
			CHECK(c->unit[0] != '\0' && strchr(c->help, ' ') != NULL);
			CHECK(c->help[strlen(c->help) - 1] != '.');
			for (int j = 0; j < i; j++)
				CHECK(strcmp(c->help, table->column[j].help) != 0);
		}
	}
}

static void a_number_of_a_row_stands_under_its_tables_name(void)
{
	for (int t = 0; t < PL_STATE_TABLES; t++)
		for (int i = 0; i < pl_state_tables[t].n_columns; i++) {
			const pl_column_kind *c = &pl_state_tables[t].column[i];
			const int other = pl_state_refers(t, i);
			if (other >= 0)
				CHECK(strcmp(c->unit, pl_state_tables[other].name) == 0);
		}
}

int main(int argc, char *argv[])
{
	if (argc > 1) {
		RUN(every_column_says_what_it_means);
		RUN(a_number_of_a_row_stands_under_its_tables_name);
	}
	return pl_reviewed(argc, argv, print_page, "tables.def does not say what was reviewed");
}
