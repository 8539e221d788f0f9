/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_schema.c - plenum schema: tables, columns, schedules and settings as JSON, from
 * columns.def, schedules.def and settings.def. */
#include "cli/json_text.h"
#include "cli/verbs.h"

#include <math.h>
#include <plenum/plan.h>
#include <stdio.h>
#include <string.h>

typedef enum {
	TEXT,
	NUMBER,
	GOOD_KIND,
	COUNCIL_KIND,
	SCHEDULE,
	ROLE,
	GOOD,
	COMMUNITY,
	COUNCIL
} column_type;

enum {
#define PL_TABLE(id, file, required, help) T_##id,
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help)
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
	TABLES
};

static const struct {
	const char *file;
	bool required;
	const char *help;
} tables[TABLES] = {
#define PL_TABLE(id, file, required, help) {file, required, help},
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help)
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
};

static const struct {
	int table;
	const char *name;
	bool required;
	column_type type;
	const char *unit, *preset;
	double low;
	bool open;
	const char *help;
} columns[] = {
#define PL_TABLE(id, file, required, help)
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help) \
	{T_##table, #name, required, type, unit, preset, low, open, help},
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
};

static const struct {
	unsigned kinds, roles;
	const char *amount, *help;
} schedules[PL_SCHEDULES] = {
#define PL_SCHEDULE(id, kinds, roles, amount, help) {kinds, roles, amount, help},
#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help)
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
};

static const struct {
	int schedule;
	const char *name;
	double preset, low, high;
	bool low_open, high_open;
	const char *help;
} params[] = {
#define PL_SCHEDULE(id, kinds, roles, amount, help)
#define PL_PARAM(schedule, name, slot, preset, low, low_open, high, high_open, help) \
	{PL_S_##schedule, #name, preset, low, high, low_open, high_open, help},
#include <plenum/schedules.def>
#undef PL_SCHEDULE
#undef PL_PARAM
};

static const struct {
	const char *name;
	double preset, low, high;
	const char *unit, *help;
} settings[] = {
#define PL_SETTING(type, name, preset, low, high, unit, help) \
	{#name, preset, low, high, unit, help},
#include <plenum/settings.def>
#undef PL_SETTING
};

enum {
	COLUMNS = sizeof columns / sizeof *columns,
	PARAMS = sizeof params / sizeof *params,
	SETTINGS = sizeof settings / sizeof *settings
};

/// `,"name":"text"`, nothing where the text is empty.
static void member(const char *name, const char *text)
{
	if (text[0] == '\0') return;
	printf(",\"%s\":", name);
	pl_json_text(stdout, text);
}

/// `,"name":number`, nothing where it is not finite.
static void bound(const char *name, double x)
{
	if (!isfinite(x)) return;
	printf(",\"%s\":", name);
	pl_json_number(stdout, x);
}

/// An array of the names whose bit is set.
static void choices(const char *member_name, unsigned bits, const char *(*name)(int))
{
	printf(",\"%s\":[", member_name);
	const char *before = "";
	for (int k = 0; name(k) != NULL; k++) {
		if ((bits >> k & 1U) == 0) continue;
		printf("%s\"%s\"", before, name(k));
		before = ",";
	}
	putchar(']');
}

static void print_type(column_type type)
{
	static const struct {
		const char *type;
		const char *(*name)(int);
	} of[] = {
	        [TEXT] = {"text", NULL},
	        [NUMBER] = {"number", NULL},
	        [GOOD_KIND] = {"choice", pl_good_kind_name},
	        [COUNCIL_KIND] = {"choice", pl_council_kind_name},
	        [SCHEDULE] = {"choice", pl_schedule_name},
	        [ROLE] = {"choice", pl_role_name},
	        [GOOD] = {"good", NULL},
	        [COMMUNITY] = {"community", NULL},
	        [COUNCIL] = {"council", NULL},
	};
	member("type", of[type].type);
	if (of[type].name != NULL) choices("values", ~0U, of[type].name);
}

static void print_column(int k)
{
	fputs("{\"name\":", stdout);
	pl_json_text(stdout, columns[k].name);
	printf(",\"required\":%s", columns[k].required ? "true" : "false");
	print_type(columns[k].type);
	member("unit", columns[k].unit);
	bound(columns[k].open ? "above" : "least", columns[k].low);
	member("default", columns[k].preset);
	member("meaning", columns[k].help);
	putchar('}');
}

/// A column of councils.csv that holds a parameter, once for all schedules that have it.
static void print_param_column(int k)
{
	for (int i = 0; i < k; i++)
		if (strcmp(params[i].name, params[k].name) == 0) return;
	fputs(",\n  {\"name\":", stdout);
	pl_json_text(stdout, params[k].name);
	fputs(",\"required\":false,\"type\":\"number\",\"schedules\":[", stdout);
	const char *before = "";
	for (int i = k; i < PARAMS; i++) {
		if (strcmp(params[i].name, params[k].name) != 0) continue;
		printf("%s\"%s\"", before, pl_schedule_name(params[i].schedule));
		before = ",";
	}
	fputs("],\"meaning\":\"a parameter of these schedules\"}", stdout);
}

static void print_table(int t)
{
	fputs("{\"file\":", stdout);
	pl_json_text(stdout, tables[t].file);
	printf(",\"required\":%s", tables[t].required ? "true" : "false");
	member("meaning", tables[t].help);
	fputs(",\"columns\":[", stdout);
	const char *before = "\n  ";
	for (int k = 0; k < COLUMNS; k++) {
		if (columns[k].table != t) continue;
		fputs(before, stdout);
		print_column(k);
		before = ",\n  ";
	}
	for (int k = 0; k < PARAMS && t == T_councils; k++) print_param_column(k);
	fputs("]}", stdout);
}

static void print_schedule(int s)
{
	printf("{\"name\":\"%s\"", pl_schedule_name(s));
	choices("councils", schedules[s].kinds, pl_council_kind_name);
	choices("roles", schedules[s].roles, pl_role_name);
	member("amount", schedules[s].amount);
	member("meaning", schedules[s].help);
	fputs(",\"parameters\":[", stdout);
	const char *before = "";
	for (int k = 0; k < PARAMS; k++) {
		if (params[k].schedule != s) continue;
		printf("%s\n  {\"name\":\"%s\",\"required\":%s", before, params[k].name,
		       isnan(params[k].preset) ? "true" : "false");
		bound("default", params[k].preset);
		bound(params[k].low_open ? "above" : "least", params[k].low);
		bound(params[k].high_open ? "below" : "most", params[k].high);
		member("meaning", params[k].help);
		putchar('}');
		before = ",";
	}
	fputs("]}", stdout);
}

static void print_setting(int k)
{
	printf("{\"name\":\"%s\"", settings[k].name);
	member("unit", settings[k].unit);
	bound("default", settings[k].preset);
	bound("least", settings[k].low);
	bound("most", settings[k].high);
	member("meaning", settings[k].help);
	putchar('}');
}

int pl_verb_schema(const pl_args *a)
{
	(void)a;
	fputs("{\"version\":\"" PL_VERSION "\",\n\"tables\":[\n", stdout);
	for (int t = 0; t < TABLES; t++) {
		fputs(t > 0 ? ",\n" : "", stdout);
		print_table(t);
	}
	fputs("],\n\"schedules\":[\n", stdout);
	for (int s = 0; s < PL_SCHEDULES; s++) {
		fputs(s > 0 ? ",\n" : "", stdout);
		print_schedule(s);
	}
	fputs("],\n\"settings\":[\n", stdout);
	for (int k = 0; k < SETTINGS; k++) {
		fputs(k > 0 ? ",\n" : "", stdout);
		print_setting(k);
	}
	fputs("]}\n", stdout);
	return PL_EXIT_GOOD;
}
