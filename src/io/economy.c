/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* economy.c - from tables to a model. Rules of meaning live in the builder; here each of its
 * sentences gets the file and line it speaks of. Tables are read in the order in which they
 * refer to one another; the whole is checked only when no row was refused, lest one slip be
 * told twice. */
#include "io/economy.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/grow.h"
#include "base/text.h"
#include "io/table.h"
#include "model/schedule.h"

#include <math.h>
#include <string.h>

/* Lines of the rows that the builder took, in the order of the calls. */
typedef struct {
	int64_t *at, n, room;
} row_lines;

typedef struct {
	const pl_source *from;
	pl_faults *faults;
	pl_builder *builder;
	pl_settings settings;
	pl_status status; /* PL_OK, or PL_ENOMEM */
	pl_ids goods, communities, councils;
	row_lines good_rows, community_rows, council_rows, use_rows;
	pl_names parents;   /* texts of the column parent */
	row_lines parent;   /* by row of the builder: number in parents, -1 for none */
	row_lines schedule; /* by row of the builder */
} reading;

static void note(reading *r, row_lines *lines, int64_t value)
{
	if (lines->n == lines->room) {
		const int64_t room = pl_grow_room(lines->room, lines->n + 1);
		int64_t *at = pl_grow(lines->at, lines->n, room, sizeof *at);
		if (at == NULL) {
			r->status = PL_ENOMEM;
			return;
		}
		lines->at = at;
		lines->room = room;
	}
	lines->at[lines->n++] = value;
}

/* What the builder said of this row. @return true: it took the row */
static bool taken(reading *r, pl_reader *t, pl_status status, const pl_error *err)
{
	if (status == PL_OK) return true;
	if (status == PL_ENOMEM)
		r->status = PL_ENOMEM;
	else
		pl_table_fault(t, "%s", err->msg);
	return false;
}

static bool next(const reading *r, pl_reader *t)
{
	return r->status == PL_OK && pl_table_next(t);
}

static void finish(reading *r, pl_reader *t, pl_ids *s)
{
	pl_table_close(t);
	if (t->status != PL_OK) r->status = t->status;
	if (s == NULL) return;
	s->there = t->there;
	s->broken = t->broken;
}

/* ---- economy.csv ---- */

enum { E_KEY, E_VALUE, E_COLUMNS };
static const pl_column economy_columns[E_COLUMNS] = {{"key", true}, {"value", true}};
static const pl_table_kind economy_kind = {.file = "economy.csv",
                                           .column = economy_columns,
                                           .n = E_COLUMNS,
                                           .optional = true,
                                           .may_be_empty = true};

static const char *const setting_names[] = {
#define PL_SETTING(type, name, preset, low, high, unit, help) #name,
#include <plenum/settings.def>
#undef PL_SETTING
};
enum { SETTINGS = sizeof setting_names / sizeof *setting_names };

static bool is_setting(const char *key)
{
	for (int k = 0; k < SETTINGS; k++)
		if (strcmp(setting_names[k], key) == 0) return true;
	return false;
}

static void unknown_key(pl_reader *t, const char *key)
{
	pl_near near = {0};
	char hint[PL_HINT_CHARS], brief[PL_BRIEF_CHARS];
	pl_near_offer(&near, key, "name");
	pl_near_offer(&near, key, "period");
	pl_near_offer(&near, key, "credit");
	for (int k = 0; k < SETTINGS; k++) pl_near_offer(&near, key, setting_names[k]);
	pl_table_fault(t, "there is no key \"%s\"%s", pl_text_brief(brief, key),
	               pl_near_hint(hint, &near));
}

/* A number in the table's own spelling, as the settings' parser takes it. */
static void read_setting(reading *r, pl_reader *t, const char *key)
{
	char text[PL_NUMBER_CHARS];
	pl_error err = {0};
	const double x = pl_table_number(t, E_VALUE);
	if (t->row_bad || isnan(x)) return;
	const pl_status status =
	        pl_settings_set(&r->settings, key, pl_number_print(text, x), &err);
	(void)taken(r, t, status, &err);
}

static void read_key(reading *r, pl_reader *t, pl_ids *keys)
{
	pl_error err = {0};
	pl_status status = PL_OK;
	const char *key = pl_table_needed(t, E_KEY);
	if (pl_ids_add(keys, t, key) < 0) return;
	const char *value = pl_table_text(t, E_VALUE);
	if (strcmp(key, "name") == 0)
		status = pl_builder_about(r->builder, value, NULL, NULL, &err);
	else if (strcmp(key, "period") == 0)
		status = pl_builder_about(r->builder, NULL, value, NULL, &err);
	else if (strcmp(key, "credit") == 0)
		status = pl_builder_about(r->builder, NULL, NULL, value, &err);
	else if (is_setting(key))
		read_setting(r, t, key);
	else
		unknown_key(t, key);
	(void)taken(r, t, status, &err);
}

static void read_economy(reading *r)
{
	pl_reader t;
	pl_ids keys = {.what = "key", .file = economy_kind.file};
	pl_table_open(&t, &economy_kind, r->from, r->faults);
	while (next(r, &t)) read_key(r, &t, &keys);
	finish(r, &t, &keys);
	pl_ids_clear(&keys);
}

/* ---- goods.csv ---- */

enum {
	G_GOOD,
	G_NAME,
	G_KIND,
	G_UNIT,
	G_CATEGORY,
	G_PRICE,
	G_SUPPLY,
	G_ELASTICITY,
	G_STEP,
	G_COLUMNS
};
static const pl_column goods_columns[G_COLUMNS] = {
        {"good", true},    {"name", false},       {"kind", false},
        {"unit", false},   {"category", false},   {"price", false},
        {"supply", false}, {"elasticity", false}, {"step", false}};
static const pl_table_kind goods_kind = {
        .file = "goods.csv", .column = goods_columns, .n = G_COLUMNS};

static void read_good(reading *r, pl_reader *t)
{
	int32_t index;
	pl_error err = {0};
	pl_good_row row = {.kind = PL_PRODUCT};
	row.id = pl_table_needed(t, G_GOOD);
	const int32_t id = pl_ids_add(&r->goods, t, row.id);
	row.name = pl_table_text(t, G_NAME);
	row.unit = pl_table_text(t, G_UNIT);
	row.category = pl_table_text(t, G_CATEGORY);
	if (*pl_table_text(t, G_KIND) != '\0') {
		const int kind = pl_table_choice(t, G_KIND, pl_good_kind_name, PL_GOOD_KINDS);
		if (kind >= 0) row.kind = (pl_good_kind)kind;
	}
	row.price = pl_table_number(t, G_PRICE);
	row.supply = pl_table_number(t, G_SUPPLY);
	row.elasticity = pl_table_number(t, G_ELASTICITY);
	row.step = pl_table_number(t, G_STEP);
	if (t->row_bad || id < 0) return;
	const pl_status status = pl_builder_good(&index, r->builder, &row, &err);
	if (!taken(r, t, status, &err)) return;
	r->goods.index[id] = index;
	note(r, &r->good_rows, pl_table_line(t));
}

static void read_goods(reading *r)
{
	pl_reader t;
	pl_table_open(&t, &goods_kind, r->from, r->faults);
	while (next(r, &t)) read_good(r, &t);
	finish(r, &t, &r->goods);
}

/* ---- communities.csv ---- */

enum { C_COMMUNITY, C_NAME, C_PARENT, C_MEMBERS, C_COLUMNS };
static const pl_column communities_columns[C_COLUMNS] = {
        {"community", true}, {"name", false}, {"parent", false}, {"members", false}};
static const pl_table_kind communities_kind = {.file = "communities.csv",
                                               .column = communities_columns,
                                               .n = C_COLUMNS,
                                               .optional = true};

/* Number of a text in r->parents, -1 where it is empty. */
static int64_t parent_number(reading *r, const char *parent)
{
	if (*parent == '\0') return -1;
	const int32_t k = pl_names_find(&r->parents, parent);
	if (k >= 0) return k;
	if (!pl_names_reserve(&r->parents, parent)) {
		r->status = PL_ENOMEM;
		return -1;
	}
	return pl_names_put(&r->parents, parent);
}

static void read_community(reading *r, pl_reader *t)
{
	int32_t index;
	pl_error err = {0};
	pl_community_row row = {.parent = -1};
	row.id = pl_table_needed(t, C_COMMUNITY);
	const int32_t id = pl_ids_add(&r->communities, t, row.id);
	row.name = pl_table_text(t, C_NAME);
	row.members = pl_table_number(t, C_MEMBERS);
	const char *parent = pl_table_text(t, C_PARENT);
	if (t->row_bad || id < 0) return;
	const pl_status status = pl_builder_community(&index, r->builder, &row, &err);
	if (!taken(r, t, status, &err)) return;
	r->communities.index[id] = index;
	note(r, &r->community_rows, pl_table_line(t));
	note(r, &r->parent, parent_number(r, parent));
}

/* A parent may stand below its children, so it is looked up when all are there. */
static void set_parent(reading *r, int32_t row)
{
	const char *parent = r->parents.text.bytes + r->parents.at[r->parent.at[row]];
	const long long line = (long long)r->community_rows.at[row];
	const int32_t known = pl_names_find(&r->communities.names, parent);
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	pl_error err = {0};
	if (known >= 0) {
		const int32_t index = r->communities.index[known];
		if (index >= 0) r->status = pl_builder_parent(r->builder, row, index, &err);
		return;
	}
	if (r->communities.broken) return;
	pl_near near = {0};
	for (int32_t i = 0; i < r->communities.names.n; i++)
		pl_near_offer(&near, parent,
		              r->communities.names.text.bytes + r->communities.names.at[i]);
	r->status =
	        pl_faults_add(r->faults,
	                      "communities.csv:%lld: parent \"%s\" is not in "
	                      "communities.csv%s",
	                      line, pl_text_brief(brief, parent), pl_near_hint(hint, &near));
}

static void read_communities(reading *r)
{
	pl_reader t;
	pl_table_open(&t, &communities_kind, r->from, r->faults);
	while (next(r, &t)) read_community(r, &t);
	finish(r, &t, &r->communities);
	for (int64_t i = 0; r->status == PL_OK && i < r->parent.n; i++)
		if (r->parent.at[i] >= 0) set_parent(r, (int32_t)i);
}

/* ---- councils.csv ---- */

enum { W_COUNCIL, W_NAME, W_KIND, W_COMMUNITY, W_MEMBERS, W_INCOME, W_SCHEDULE, W_FIXED };

/* The fixed columns, then one for each name of a parameter in schedules.def. */
typedef struct {
	pl_column column[PL_TABLE_COLUMNS];
	pl_table_kind kind;
} council_columns;

static void add_param_column(council_columns *c, const char *name)
{
	for (int k = W_FIXED; k < c->kind.n; k++)
		if (strcmp(c->column[k].name, name) == 0) return;
	c->column[c->kind.n++] = (pl_column){name, false};
}

static void list_council_columns(council_columns *c)
{
	static const pl_column fixed[W_FIXED] = {
	        {"council", true},  {"name", false},   {"kind", true},    {"community", false},
	        {"members", false}, {"income", false}, {"schedule", true}};
	memcpy(c->column, fixed, sizeof fixed);
	c->kind = (pl_table_kind){.file = "councils.csv", .column = c->column, .n = W_FIXED};
	for (int s = 0; s < PL_SCHEDULES; s++)
		for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) {
			const pl_param_about *about = pl_param_in((pl_schedule)s, slot);
			if (about != NULL) add_param_column(c, about->name);
		}
}

/* A number in a column that this schedule does not have. */
static void foreign_param(pl_reader *t, const char *name, pl_schedule schedule)
{
	char own[128] = "";
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) {
		const pl_param_about *about = pl_param_in(schedule, slot);
		const size_t used = strlen(own);
		if (about != NULL)
			(void)snprintf(own + used, sizeof own - used, "%s%s",
			               used > 0 ? ", " : "", about->name);
	}
	pl_table_fault(t, "%s is no parameter of schedule %s (it has %s); leave it empty", name,
	               pl_schedule_name((int)schedule), *own != '\0' ? own : "none");
}

static void read_params(pl_reader *t, pl_council_row *row)
{
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) row->param[slot] = NAN;
	for (int k = W_FIXED; k < t->kind->n; k++) {
		const char *name = t->kind->column[k].name;
		int slot = 0;
		if (*pl_table_text(t, k) == '\0') continue;
		for (; slot < PL_PARAM_SLOTS; slot++) {
			const pl_param_about *about = pl_param_in(row->schedule, slot);
			if (about != NULL && strcmp(about->name, name) == 0) break;
		}
		if (slot < PL_PARAM_SLOTS)
			row->param[slot] = pl_table_number(t, k);
		else
			foreign_param(t, name, row->schedule);
	}
}

static void read_council(reading *r, pl_reader *t)
{
	int32_t index;
	pl_error err = {0};
	pl_council_row row = {.community = -1};
	row.id = pl_table_needed(t, W_COUNCIL);
	const int32_t id = pl_ids_add(&r->councils, t, row.id);
	row.name = pl_table_text(t, W_NAME);
	const int kind = pl_table_choice(t, W_KIND, pl_council_kind_name, PL_COUNCIL_KINDS);
	const int schedule = pl_table_choice(t, W_SCHEDULE, pl_schedule_name, PL_SCHEDULES);
	const char *community = pl_table_text(t, W_COMMUNITY);
	if (*community != '\0') row.community = pl_ids_find(&r->communities, t, community);
	row.members = pl_table_number(t, W_MEMBERS);
	row.income = pl_table_number(t, W_INCOME);
	if (schedule >= 0) {
		row.schedule = (pl_schedule)schedule;
		read_params(t, &row);
	}
	if (t->row_bad || id < 0) return;
	row.kind = (pl_council_kind)kind;
	const pl_status status = pl_builder_council(&index, r->builder, &row, &err);
	if (!taken(r, t, status, &err)) return;
	r->councils.index[id] = index;
	note(r, &r->council_rows, pl_table_line(t));
	note(r, &r->schedule, schedule);
}

static void read_councils(reading *r)
{
	pl_reader t;
	council_columns columns;
	list_council_columns(&columns);
	pl_table_open(&t, &columns.kind, r->from, r->faults);
	while (next(r, &t)) read_council(r, &t);
	finish(r, &t, &r->councils);
}

/* ---- uses.csv ---- */

enum { U_COUNCIL, U_GOOD, U_ROLE, U_AMOUNT, U_ELASTICITY, U_COLUMNS };
static const pl_column uses_columns[U_COLUMNS] = {{"council", true},
                                                  {"good", true},
                                                  {"role", true},
                                                  {"amount", true},
                                                  {"elasticity", false}};
static const pl_table_kind uses_kind = {
        .file = "uses.csv", .column = uses_columns, .n = U_COLUMNS};

static void read_use(reading *r, pl_reader *t)
{
	pl_error err = {0};
	int32_t council = -1, good = -1;
	const char *id = pl_table_needed(t, U_COUNCIL);
	if (*id != '\0') council = pl_ids_find(&r->councils, t, id);
	id = pl_table_needed(t, U_GOOD);
	if (*id != '\0') good = pl_ids_find(&r->goods, t, id);
	const int role = pl_table_choice(t, U_ROLE, pl_role_name, PL_ROLES);
	const double amount = pl_table_number(t, U_AMOUNT);
	const double elasticity = pl_table_number(t, U_ELASTICITY);
	if (t->row_bad || council < 0 || good < 0) return;
	if (isnan(amount) && r->schedule.at[council] != PL_S_affected) {
		(void)pl_table_needed(t, U_AMOUNT);
		return;
	}
	const pl_status status = pl_builder_link(r->builder, council, good, (pl_role)role,
	                                         amount, elasticity, &err);
	if (taken(r, t, status, &err)) note(r, &r->use_rows, pl_table_line(t));
}

static void read_uses(reading *r)
{
	pl_reader t;
	pl_table_open(&t, &uses_kind, r->from, r->faults);
	while (next(r, &t)) read_use(r, &t);
	finish(r, &t, NULL);
}

/* ---- prices.csv ---- */

enum { P_GOOD, P_PRICE, P_COLUMNS };
static const pl_column prices_columns[P_COLUMNS] = {{"good", true}, {"price", true}};
static const pl_table_kind prices_kind = {
        .file = "prices.csv", .column = prices_columns, .n = P_COLUMNS, .optional = true};

static void read_price(reading *r, pl_reader *t, pl_ids *priced)
{
	pl_error err = {0};
	const char *id = pl_table_needed(t, P_GOOD);
	(void)pl_ids_add(priced, t, id);
	const int32_t good = *id != '\0' ? pl_ids_find(&r->goods, t, id) : -1;
	const double price = pl_table_number(t, P_PRICE);
	if (t->row_bad || good < 0 || isnan(price)) return;
	const pl_status status = pl_builder_price(r->builder, good, price, &err);
	(void)taken(r, t, status, &err);
}

static void read_prices(reading *r)
{
	pl_reader t;
	pl_ids priced = {.what = "good", .file = prices_kind.file};
	pl_table_open(&t, &prices_kind, r->from, r->faults);
	while (next(r, &t)) read_price(r, &t, &priced);
	finish(r, &t, &priced);
	pl_ids_clear(&priced);
}

/* ---- the whole ---- */

/* A fault that pl_builder_finish found: its row is the number of a call. */
static void report(void *self, pl_table table, int64_t row, const char *msg)
{
	static const char *const file[PL_TABLES] = {[PL_T_ECONOMY] = "economy.csv",
	                                            [PL_T_GOODS] = "goods.csv",
	                                            [PL_T_COMMUNITIES] = "communities.csv",
	                                            [PL_T_COUNCILS] = "councils.csv",
	                                            [PL_T_USES] = "uses.csv",
	                                            [PL_T_PRICES] = "prices.csv"};
	reading *r = self;
	const row_lines *lines = table == PL_T_GOODS         ? &r->good_rows
	                         : table == PL_T_COMMUNITIES ? &r->community_rows
	                         : table == PL_T_COUNCILS    ? &r->council_rows
	                         : table == PL_T_USES        ? &r->use_rows
	                                                     : NULL;
	pl_status status;
	if (lines != NULL && row >= 0 && row < lines->n)
		status = pl_faults_add(r->faults, "%s:%lld: %s", file[table],
		                       (long long)lines->at[row], msg);
	else
		status = pl_faults_add(r->faults, "%s: %s", file[table], msg);
	if (status != PL_OK) r->status = status;
}

static void read_tables(reading *r)
{
	read_economy(r);
	read_goods(r);
	read_communities(r);
	read_councils(r);
	read_uses(r);
	read_prices(r);
}

static void reading_clear(reading *r)
{
	pl_builder_free(r->builder);
	pl_ids_clear(&r->goods);
	pl_ids_clear(&r->communities);
	pl_ids_clear(&r->councils);
	pl_names_clear(&r->parents);
	row_lines *lines[] = {&r->good_rows, &r->community_rows, &r->council_rows,
	                      &r->use_rows,  &r->parent,         &r->schedule};
	for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) pl_free(lines[k]->at);
}

/* Read into r, finish, and tell the first fault. */
static pl_status read_all(pl_model **out, reading *r, pl_error *err)
{
	const int64_t before = r->faults->n;
	PL_TRY(pl_builder_new(&r->builder, err));
	read_tables(r);
	if (r->status == PL_OK && r->faults->n == before) {
		pl_builder *b = r->builder;
		r->builder = NULL; /* consumed in every case */
		const pl_status status = pl_builder_finish(out, b, report, r, err);
		if (status == PL_ENOMEM) return status;
	}
	if (r->status != PL_OK) {
		pl_model_free(*out);
		*out = NULL;
		return pl_fail(err, r->status, -1, "no memory to read this economy");
	}
	if (r->faults->n == before) return PL_OK;
	return pl_fail(err, PL_EPARSE, -1, "%s",
	               before < PL_FAULTS_SHOWN ? r->faults->text[before]
	                                        : "the tables hold faults");
}

pl_status pl_economy_read_from(pl_model **out, pl_settings *settings, const pl_source *from,
                               pl_faults *faults, pl_error *err)
{
	*out = NULL;
	PL_TRY(pl_source_check(from, err));
	pl_faults own = {0};
	reading r = {.from = from,
	             .faults = faults != NULL ? faults : &own,
	             .settings = *settings,
	             .goods = {.what = "good", .file = goods_kind.file},
	             .communities = {.what = "community", .file = communities_kind.file},
	             .councils = {.what = "council", .file = "councils.csv"}};
	const pl_status status = read_all(out, &r, err);
	if (status == PL_OK) *settings = r.settings;
	reading_clear(&r);
	pl_faults_clear(&own);
	return status;
}

pl_status pl_economy_read(pl_model **out, pl_settings *settings, const char *folder,
                          pl_faults *faults, pl_error *err)
{
	const pl_source from = {.folder = folder};
	return pl_economy_read_from(out, settings, &from, faults, err);
}
