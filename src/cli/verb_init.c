/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_init.c - plenum init: empty tables with their columns, and a guide; or a record that has
 * begun. */
#include "base/error.h"
#include "cli/folder.h"
#include "cli/init_record.h"
#include "cli/tell.h"
#include "cli/verbs.h"
#include "io/outdir.h"

#include <stdio.h>
#include <string.h>

/// A column of a table; the parameters of schedules are columns of councils.csv.
typedef struct {
	const char *file, *name;
} column;

static const column columns[] = {
#define PL_TABLE(id, file, required, help)
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help) \
	{#table ".csv", #name},
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
#define PL_SCHEDULE(id, kinds, roles, amount, help)
#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help) \
	{"councils.csv", #name},
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
};

static const char *const guide[] = {
        "Your economy, as tables",
        "=======================",
        "",
        "Open the .csv files of this folder with any spreadsheet program, fill in rows, and",
        "save each again as CSV with the encoding UTF-8. Commas, semicolons or tabs between",
        "the cells are all read. Leave a cell empty where you have nothing to say. Columns",
        "that you do not need may be deleted; their order is yours to choose.",
        "",
        "  goods.csv     everything that is made, used, wanted or limited. Of labour, land",
        "                and other resources, supply is what there is.",
        "  councils.csv  who proposes: workplaces (kind workers) and consumers. The column",
        "                schedule says how a council answers prices: begin with recipe for",
        "                workplaces and request for consumers.",
        "  uses.csv      who makes, uses or wants which good, and how much: for a recipe per",
        "                unit of its activity, for a request in all.",
        "  communities.csv, economy.csv, prices.csv may stay as they are.",
        "",
        "An example: a bakery makes bread, a tenth of an hour of work a loaf, and a village",
        "asks for 300 loaves. There are 40 hours of work.",
        "",
        "goods.csv",
        "    good,kind,unit,supply",
        "    bread,product,loaf,",
        "    work,labour,hour,40",
        "",
        "councils.csv",
        "    council,kind,schedule,effort",
        "    bakery,workers,recipe,1",
        "    village,consumers,request,",
        "",
        "uses.csv",
        "    council,good,role,amount",
        "    bakery,bread,makes,1",
        "    bakery,work,uses,0.1",
        "    village,bread,wants,300",
        "",
        "Then",
        "    plenum check FOLDER             tells what is wrong in the tables, line by line",
        "    plenum plan FOLDER              prints the plan: 300 loaves, 30 hours",
        "    plenum plan FOLDER --out PLAN   also writes it as tables",
        "    plenum schema                   lists every table and column",
};

/// The header of a table; a column that several schedules share stands once.
static void write_header(FILE *to, const char *file)
{
	const char *before = "";
	const int n = (int)(sizeof columns / sizeof *columns);
	for (int k = 0; k < n; k++) {
		bool seen = strcmp(columns[k].file, file) != 0;
		for (int i = 0; i < k && !seen; i++)
			seen = strcmp(columns[i].file, file) == 0 &&
			       strcmp(columns[i].name, columns[k].name) == 0;
		if (seen) continue;
		fprintf(to, "%s%s", before, columns[k].name);
		before = ",";
	}
	fputs("\n", to);
}

static pl_status write_all(const char *folder, pl_error *err)
{
	pl_outdir *o;
	pl_status s = pl_outdir_open(&o, folder, err);
	if (s != PL_OK) return s;
	for (int t = 0; t <= PL_FOLDER_TABLES; t++) {
		const bool last = t == PL_FOLDER_TABLES;
		FILE *f = pl_outdir_file(o, last ? "GUIDE.txt" : pl_folder_tables[t], err);
		if (f == NULL) {
			pl_outdir_abandon(o);
			return PL_EIO;
		}
		for (size_t i = 0; last && i < sizeof guide / sizeof *guide; i++)
			fprintf(f, "%s\n", guide[i]);
		if (!last) write_header(f, pl_folder_tables[t]);
	}
	return pl_outdir_commit(o, err);
}

/// Options of a record, given for a folder?
static pl_status refuse_options(const pl_args *a, pl_error *err)
{
	if (!pl_args_has(a, PL_O_title__init) && !pl_args_has(a, PL_O_name) &&
	    !pl_args_has(a, PL_O_economy) && !pl_args_has(a, PL_O_url))
		return PL_OK;
	return pl_fail(err, PL_EARG, -1,
	               "--title, --name, --economy and --url are for a record: let its name "
	               "end in .plenum");
}

int pl_verb_init(const pl_args *a)
{
	pl_error err;
	if (pl_init_is_record(a->arg[0])) return pl_init_record(a);
	pl_status s = refuse_options(a, &err);
	if (s == PL_OK) s = pl_folder_refuse(a->arg[0], PL_FOLDER_TABLES, &err);
	if (s == PL_OK) s = write_all(a->arg[0], &err);
	if (s != PL_OK) return pl_tell_error(a, &err);
	if (!pl_args_has(a, PL_O_quiet))
		printf("%s: empty tables and a guide\nNext: read %s/GUIDE.txt, fill in the "
		       "tables, then\n"
		       "      plenum check %s\n",
		       a->arg[0], a->arg[0], a->arg[0]);
	return PL_EXIT_GOOD;
}
