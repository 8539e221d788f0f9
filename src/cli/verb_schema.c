/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verb_schema.c - plenum schema: tables, columns, schedules and settings as JSON, from
 * columns.def, schedules.def and settings.def. */
#include "base/text.h"
#include "cli/verbs.h"
#include "io/json.h"

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

/// A member unless the text is empty.
static void put_text(pl_json *j, const char *key, const char *text)
{
	if (text[0] != '\0') pl_json_put_text(j, key, text);
}

/// A member unless it is not finite.
static void put_bound(pl_json *j, const char *key, double x)
{
	if (isfinite(x)) pl_json_put_number(j, key, x);
}

/// A default: a number where it is one.
static void put_default(pl_json *j, const char *text)
{
	double x;
	if (pl_number_read(&x, text) == PL_OK)
		pl_json_put_number(j, "default", x);
	else
		put_text(j, "default", text);
}

/// The names whose bit is set.
static void put_choices(pl_json *j, const char *key, unsigned bits, const char *(*name)(int))
{
	pl_json_open_array(j, key);
	for (int k = 0; name(k) != NULL; k++)
		if ((bits >> k & 1U) != 0) pl_json_put_text(j, NULL, name(k));
	pl_json_close_array(j);
}

static void put_type(pl_json *j, column_type type)
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
	pl_json_put_text(j, "type", of[type].type);
	if (of[type].name != NULL) put_choices(j, "values", ~0U, of[type].name);
}

static void put_column(pl_json *j, int k)
{
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "name", columns[k].name);
	pl_json_put_bool(j, "required", columns[k].required);
	put_type(j, columns[k].type);
	put_text(j, "unit", columns[k].unit);
	put_bound(j, columns[k].open ? "above" : "least", columns[k].low);
	put_default(j, columns[k].preset);
	pl_json_put_text(j, "meaning", columns[k].help);
	pl_json_close_object(j);
}

/// A column of councils.csv that holds a parameter, once for all schedules that have it.
static void put_param_column(pl_json *j, int k)
{
	for (int i = 0; i < k; i++)
		if (strcmp(params[i].name, params[k].name) == 0) return;
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "name", params[k].name);
	pl_json_put_bool(j, "required", false);
	pl_json_put_text(j, "type", "number");
	pl_json_open_array(j, "schedules");
	for (int i = k; i < PARAMS; i++)
		if (strcmp(params[i].name, params[k].name) == 0)
			pl_json_put_text(j, NULL, pl_schedule_name(params[i].schedule));
	pl_json_close_array(j);
	pl_json_put_text(j, "meaning", "a parameter of these schedules");
	pl_json_close_object(j);
}

static void put_table(pl_json *j, int t)
{
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "file", tables[t].file);
	pl_json_put_bool(j, "required", tables[t].required);
	pl_json_put_text(j, "meaning", tables[t].help);
	pl_json_open_array(j, "columns");
	for (int k = 0; k < COLUMNS; k++)
		if (columns[k].table == t) put_column(j, k);
	for (int k = 0; k < PARAMS && t == T_councils; k++) put_param_column(j, k);
	pl_json_close_array(j);
	pl_json_close_object(j);
}

static void put_param(pl_json *j, int k)
{
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "name", params[k].name);
	pl_json_put_bool(j, "required", isnan(params[k].preset));
	put_bound(j, "default", params[k].preset);
	put_bound(j, params[k].low_open ? "above" : "least", params[k].low);
	put_bound(j, params[k].high_open ? "below" : "most", params[k].high);
	pl_json_put_text(j, "meaning", params[k].help);
	pl_json_close_object(j);
}

static void put_schedule(pl_json *j, int s)
{
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "name", pl_schedule_name(s));
	put_choices(j, "councils", schedules[s].kinds, pl_council_kind_name);
	put_choices(j, "roles", schedules[s].roles, pl_role_name);
	pl_json_put_text(j, "amount", schedules[s].amount);
	pl_json_put_text(j, "meaning", schedules[s].help);
	pl_json_open_array(j, "parameters");
	for (int k = 0; k < PARAMS; k++)
		if (params[k].schedule == s) put_param(j, k);
	pl_json_close_array(j);
	pl_json_close_object(j);
}

static void put_setting(pl_json *j, int k)
{
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "name", settings[k].name);
	pl_json_put_text(j, "unit", settings[k].unit);
	pl_json_put_number(j, "default", settings[k].preset);
	pl_json_put_number(j, "least", settings[k].low);
	pl_json_put_number(j, "most", settings[k].high);
	pl_json_put_text(j, "meaning", settings[k].help);
	pl_json_close_object(j);
}

int pl_verb_schema(const pl_args *a)
{
	pl_json j = {.to = stdout, .indent = !pl_args_has(a, PL_O_json)};
	pl_json_open_object(&j, NULL);
	pl_json_put_text(&j, "version", PL_VERSION);
	pl_json_open_array(&j, "tables");
	for (int t = 0; t < TABLES; t++) put_table(&j, t);
	pl_json_close_array(&j);
	pl_json_open_array(&j, "schedules");
	for (int s = 0; s < PL_SCHEDULES; s++) put_schedule(&j, s);
	pl_json_close_array(&j);
	pl_json_open_array(&j, "settings");
	for (int k = 0; k < SETTINGS; k++) put_setting(&j, k);
	pl_json_close_array(&j);
	pl_json_close_object(&j);
	return PL_EXIT_GOOD;
}
