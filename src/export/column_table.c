/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* column_table.c - columns.csv: what every column of every table here means, from the tables in
 * which each exists once: tables.def, columns.def and schedules.def, and the two that only this
 * room writes. */
#include "base/error.h"
#include "base/text.h"
#include "export/parts.h"
#include "io/row.h"

#include <inttypes.h>
#include <math.h>
#include <plenum/model.h>
#include <stdio.h>
#include <string.h>

/// A row of columns.csv.
typedef struct {
	const char *table, *column, *part, *kind, *unit, *lowest, *highest, *refers, *meaning;
} definition;

static void put(FILE *to, const definition *d)
{
	const char *const cell[] = {d->table,  d->column,  d->part,   d->kind,   d->unit,
	                            d->lowest, d->highest, d->refers, d->meaning};
	pl_row out = {to, false};
	for (size_t i = 0; i < sizeof cell / sizeof *cell; i++)
		pl_row_safe(&out, cell[i] == NULL ? "" : cell[i]);
	pl_row_end(&out);
}

/* ---- the tables of this room ---- */

#define HASH "text", "SHA-256", "64", "64", ""
#define LAST "9007199254740991"
static const definition own[] = {
        {"events", "height", "key", "whole number", "event", "1", LAST, "",
         "its place in the chain: 1, 2, 3 ..."},
        {"events", "time", "plain", "text", "ISO 8601, UTC", "20", "20", "",
         "when it was done; never before the event before"},
        {"events", "seconds", "plain", "whole number", "seconds since 1970, UTC", "0",
         "253402300799", "", "the same moment as time"},
        {"events", "actor", "plain", "whole number", "person", "0", LAST, "person",
         "who did it; 0: nobody, since the record was begun, or a date of a calendar came"},
        {"events", "type", "plain", "text", "text", "1", "47", "",
         "the operation, as docs/permissions.md lists them"},
        {"events", "facts", "plain", "text", "JSON", "2", "", "",
         "in: what was asked for; out: what was answered"},
        {"events", "texts", "erasable", "text", "JSON", "0", "", "",
         "names, contacts, notes and reasons; empty where there were none (texts_hash is then "
         "all zeros), where they were erased, or where they are about somebody else"},
        {"events", "salt", "erasable", "text", "32 digits", "0", "32", "",
         "drawn by chance, so that an erased text cannot be guessed back from its hash"},
        {"events", "facts_hash", "plain", HASH, "of facts"},
        {"events", "texts_hash", "plain", HASH,
         "of salt followed by texts, as they were; all zeros where there were none"},
        {"events", "parent", "plain", HASH, "hash of the event before; all zeros in the first"},
        {"events", "hash", "plain", HASH,
         "of eight lines, each ended by a line feed: plenum 1, height, parent, seconds, actor, "
         "type, facts_hash, texts_hash"},
        {"events", "signature", "plain", "text", "Ed25519", "128", "128", "",
         "of the 64 digits of hash, by the key that the first event names"},
        {"columns", "table", "key", "text", "text", "1", "", "",
         "name of a file here without .csv; * stands for any name"},
        {"columns", "column", "key", "text", "text", "1", "", "", "a name in its first line"},
        {"columns", "part", "plain", "text", "key|unique|plain|erasable|sealed", "0", "8", "",
         "key: known by these columns together; unique: no two rows have the same; erasable: a "
         "text that can be erased; sealed: unread before the vote closes; empty: not said"},
        {"columns", "kind", "plain", "text", "whole number|decimal|text|word", "4", "12", "",
         "what its cells hold; a word is one of those in unit, or of another table"},
        {"columns", "unit", "plain", "text", "text", "0", "", "",
         "what a number counts, or the table whose rows it numbers; the words, split by |"},
        {"columns", "lowest", "plain", "text", "text", "0", "", "",
         "of a number the smallest; of a text the fewest bytes; empty: not bounded"},
        {"columns", "highest", "plain", "text", "text", "0", "", "",
         "of a number the largest; of a text the most bytes; empty: not bounded"},
        {"columns", "refers_to", "plain", "text", "text", "0", "", "",
         "the table one of whose rows it names; 0, or an empty cell, is none"},
        {"columns", "meaning", "plain", "text", "text", "1", "", "", "what it says"},
};
#undef HASH
#undef LAST

static void put_own(const pl_exporting *x, FILE *to)
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (x->choice.texts || strcmp(own[i].part, "erasable") != 0) put(to, &own[i]);
}

/* ---- the tables of the state ---- */

static void put_state_column(FILE *to, int table, int i)
{
	const pl_table_kind *t = &pl_state_tables[table];
	const pl_column_kind *c = &t->column[i];
	const int other = pl_state_refers(table, i);
	char lowest[24], highest[24];
	(void)snprintf(lowest, sizeof lowest, "%" PRId64, c->low);
	(void)snprintf(highest, sizeof highest, "%" PRId64, c->high);
	const definition d = {.table = t->name,
	                      .column = c->name,
	                      .part = pl_cell_part_name(c->part),
	                      .kind = c->kind == PL_CELL_TEXT ? "text" : "whole number",
	                      .unit = c->unit,
	                      .lowest = lowest,
	                      .highest = highest,
	                      .refers = other < 0 ? "" : pl_state_tables[other].name,
	                      .meaning = c->help};
	put(to, &d);
}

static void put_state(const pl_exporting *x, FILE *to)
{
	for (int t = 0; t < PL_STATE_TABLES; t++)
		for (int i = 0; i < pl_state_tables[t].n_columns; i++)
			if (pl_export_has_table(&x->choice, t) &&
			    pl_export_has_part(&x->choice, pl_state_tables[t].column[i].part))
				put_state_column(to, t, i);
}

/* ---- the tables of an economy ---- */

typedef enum {
	TEXT,
	NUMBER,
	GOOD_KIND,
	COUNCIL_KIND,
	SCHEDULE,
	ROLE,
	GOOD,
	COMMUNITY,
	COUNCIL,
	TYPES
} column_type;

static const struct {
	const char *kind, *refers;
	const char *(*word)(int); ///< NULL: no word
} types[TYPES] = {
        [TEXT] = {"text", "", NULL},
        [NUMBER] = {"decimal", "", NULL},
        [GOOD_KIND] = {"word", "", pl_good_kind_name},
        [COUNCIL_KIND] = {"word", "", pl_council_kind_name},
        [SCHEDULE] = {"word", "", pl_schedule_name},
        [ROLE] = {"word", "", pl_role_name},
        [GOOD] = {"text", "rounds/*/goods", NULL},
        [COMMUNITY] = {"text", "rounds/*/communities", NULL},
        [COUNCIL] = {"text", "rounds/*/councils", NULL},
};

static const struct {
	const char *table, *name;
	column_type type;
	const char *unit;
	double low;
	bool open;
	const char *help;
} columns[] = {
#define PL_TABLE(id, file, required, help)
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help) \
	{"rounds/*/" #table, #name, type, unit, low, open, help},
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
        {"rounds/*/proposals", "council", COUNCIL, "", -INFINITY, false,
         "whose proposal it is"},
        {"rounds/*/proposals", "good", GOOD, "", -INFINITY, false, "what the line is about"},
        {"rounds/*/proposals", "role", ROLE, "", -INFINITY, false,
         "what the council would do with the good"},
        {"rounds/*/proposals", "quantity", NUMBER, "units", 0, true,
         "how much it proposed, or where it did not propose was taken at; nothing of 0"},
};

static const struct {
	pl_schedule schedule;
	const char *name, *help;
} params[] = {
#define PL_SCHEDULE(id, kinds, roles, amount, help)
#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help) \
	{PL_S_##schedule, #name, help},
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
};

enum {
	COLUMNS = sizeof columns / sizeof *columns,
	PARAMS = sizeof params / sizeof *params,
	LONG = 512
};

/// Words, split by |; texts have the unit "text".
static void say_unit(char unit[LONG], column_type type, const char *given)
{
	int n = snprintf(unit, LONG, "%s", type == TEXT ? "text" : given);
	for (int k = 0; types[type].word != NULL && types[type].word(k) != NULL && n < LONG;
	     k++)
		n += snprintf(unit + n, (size_t)(LONG - n), "%s%s", k > 0 ? "|" : "",
		              types[type].word(k));
}

static void put_economy_column(FILE *to, int i)
{
	char unit[LONG], number[PL_NUMBER_CHARS], lowest[PL_NUMBER_CHARS + 8] = "";
	say_unit(unit, columns[i].type, columns[i].unit);
	if (isfinite(columns[i].low))
		(void)snprintf(lowest, sizeof lowest, "%s%s", columns[i].open ? "above " : "",
		               pl_number_print(number, columns[i].low));
	const definition d = {.table = columns[i].table,
	                      .column = columns[i].name,
	                      .kind = types[columns[i].type].kind,
	                      .unit = unit,
	                      .lowest = lowest,
	                      .refers = types[columns[i].type].refers,
	                      .meaning = columns[i].help};
	put(to, &d);
}

static bool is_first(int i)
{
	for (int k = 0; k < i; k++)
		if (strcmp(params[k].name, params[i].name) == 0) return false;
	return true;
}

/// A parameter of one schedule or several, which mean different things by it.
static void put_parameter(FILE *to, int i)
{
	char meaning[LONG];
	int n = 0;
	for (int k = i; k < PARAMS && n < LONG; k++)
		if (strcmp(params[k].name, params[i].name) == 0)
			n += snprintf(
			        meaning + n, (size_t)(LONG - n), "%s%s: %s", n > 0 ? "; " : "",
			        pl_schedule_name((int)params[k].schedule), params[k].help);
	const definition d = {.table = "rounds/*/councils",
	                      .column = params[i].name,
	                      .kind = "decimal",
	                      .unit = "as the schedule reads it",
	                      .meaning = meaning};
	put(to, &d);
}

static void put_economy(FILE *to)
{
	for (int i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i].table, "rounds/*/prices") != 0) put_economy_column(to, i);
	for (int i = 0; i < PARAMS; i++)
		if (is_first(i)) put_parameter(to, i);
}

pl_status pl_export_columns(pl_exporting *x, pl_error *err)
{
	FILE *to;
	PL_TRY(pl_zip_entry(&to, x->zip, "columns.csv", err));
	fputs("table,column,part,kind,unit,lowest,highest,refers_to,meaning\n", to);
	put_state(x, to);
	put_own(x, to);
	if (x->choice.person == 0) put_economy(to);
	return PL_OK;
}
