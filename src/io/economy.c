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
#include "model/builder.h"

#include <math.h>
#include <string.h>

/* ---- columns.def as tables ---- */

/* FIRST_goods is the number of the first column of goods.csv among the columns of all. */
enum {
#define PL_TABLE(id, file, required, help) FIRST_##id, BEFORE_##id = FIRST_##id - 1,
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help) \
	K_##table##_##name,
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
	COLUMNS
};
#define COL(table, name) (K_##table##_##name - FIRST_##table)

static const pl_column all_columns[COLUMNS] = {
#define PL_TABLE(id, file, required, help)
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help) {#name, required},
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
};

/* In the order of pl_table. */
static const struct {
	const char *file;
	bool required;
	int first;
} table_about[PL_TABLES] = {
#define PL_TABLE(id, file, required, help) {file, required, FIRST_##id},
#define PL_COLUMN(table, name, required, type, unit, preset, low, open, help)
#include "io/columns.def"
#undef PL_TABLE
#undef PL_COLUMN
};

static int column_count(pl_table table)
{
	return (table + 1 < PL_TABLES ? table_about[table + 1].first : COLUMNS) -
	       table_about[table].first;
}

static pl_table_kind table_kind(pl_table table)
{
	return (pl_table_kind){.file = table_about[table].file,
	                       .column = all_columns + table_about[table].first,
	                       .n = column_count(table),
	                       .optional = !table_about[table].required,
	                       .may_be_empty = table == PL_T_ECONOMY};
}

typedef struct {
	const pl_source *from;
	pl_faults *faults;
	pl_builder *builder;
	pl_settings settings;
	pl_status status; /* PL_OK, or PL_ENOMEM */
	pl_ids goods, communities, councils;
	/* of the rows that the builder took, in the order of the calls */
	pl_lines good_rows, community_rows, council_rows, use_rows;
	pl_names parents; /* texts of the column parent */
	int32_t *parent;  /* [parent_room] by row of the builder: number in parents, or -1 */
	int64_t parent_room;
	int32_t last_council; /* of the row of uses.csv before */
} reading;

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

/* A row with an id was read: was it accepted, the builder has it, else it is noted, lest others
 * miss it. @param fresh its id was new */
static void settle(reading *r, pl_reader *t, pl_ids *s, pl_lines *rows, const char *id,
                   bool fresh, bool accepted)
{
	if (!accepted && fresh) pl_ids_note(s, t, id);
	if (accepted && !pl_lines_add(rows, pl_table_line(t))) r->status = PL_ENOMEM;
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

/* That a table without a row needs some is told in the end (io-7): its ids are not missed
 * one by one. */
static void forgive_empty(pl_ids *s)
{
	if (s->names.n == 0 && s->known->n == 0) s->broken = true;
}

/* ---- economy.csv ---- */

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
	const double x = pl_table_number(t, COL(economy, value));
	if (t->row_bad || isnan(x)) return;
	const pl_status status =
	        pl_settings_set(&r->settings, key, pl_number_print(text, x), &err);
	(void)taken(r, t, status, &err);
}

static void read_key(reading *r, pl_reader *t, pl_ids *keys)
{
	pl_error err = {0};
	pl_status status = PL_OK;
	const char *key = pl_table_needed(t, COL(economy, key));
	if (!pl_ids_new(keys, t, key)) return;
	pl_ids_note(keys, t, key);
	const char *value = pl_table_text(t, COL(economy, value));
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
	pl_ids keys = {.what = "key", .file = table_about[PL_T_ECONOMY].file};
	const pl_table_kind kind = table_kind(PL_T_ECONOMY);
	pl_table_open(&t, &kind, r->from, r->faults);
	while (next(r, &t)) read_key(r, &t, &keys);
	finish(r, &t, &keys);
	pl_ids_clear(&keys);
}

/* ---- goods.csv ---- */

static void read_good(reading *r, pl_reader *t)
{
	int32_t index;
	pl_error err = {0};
	pl_good_row row = {.kind = PL_PRODUCT};
	row.id = pl_table_needed(t, COL(goods, good));
	const bool fresh = pl_ids_new(&r->goods, t, row.id);
	row.name = pl_table_text(t, COL(goods, name));
	row.unit = pl_table_text(t, COL(goods, unit));
	row.category = pl_table_text(t, COL(goods, category));
	if (*pl_table_text(t, COL(goods, kind)) != '\0') {
		const int kind =
		        pl_table_choice(t, COL(goods, kind), pl_good_kind_name, PL_GOOD_KINDS);
		if (kind >= 0) row.kind = (pl_good_kind)kind;
	}
	row.price = pl_table_number(t, COL(goods, price));
	row.supply = pl_table_number(t, COL(goods, supply));
	row.elasticity = pl_table_number(t, COL(goods, elasticity));
	row.step = pl_table_number(t, COL(goods, step));
	const bool accepted =
	        !t->row_bad &&
	        taken(r, t, pl_builder_good(&index, r->builder, &row, &err), &err);
	settle(r, t, &r->goods, &r->good_rows, row.id, fresh, accepted);
}

static void read_goods(reading *r)
{
	pl_reader t;
	const pl_table_kind kind = table_kind(PL_T_GOODS);
	pl_table_open(&t, &kind, r->from, r->faults);
	while (next(r, &t)) read_good(r, &t);
	finish(r, &t, &r->goods);
	forgive_empty(&r->goods);
}

/* ---- communities.csv ---- */

/* Number of a text in r->parents, -1 where it is empty. */
static int32_t parent_number(reading *r, const char *parent)
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

static void keep_parent(reading *r, int32_t row, const char *parent)
{
	if (row >= r->parent_room) {
		const int64_t room = pl_grow_room(r->parent_room, (int64_t)row + 1);
		int32_t *longer = pl_grow(r->parent, row, room, sizeof *longer);
		if (longer == NULL) {
			r->status = PL_ENOMEM;
			return;
		}
		r->parent = longer;
		r->parent_room = room;
	}
	r->parent[row] = parent_number(r, parent);
}

static void read_community(reading *r, pl_reader *t)
{
	int32_t index;
	pl_error err = {0};
	pl_community_row row = {.parent = -1};
	row.id = pl_table_needed(t, COL(communities, community));
	const bool fresh = pl_ids_new(&r->communities, t, row.id);
	row.name = pl_table_text(t, COL(communities, name));
	row.members = pl_table_number(t, COL(communities, members));
	const char *parent = pl_table_text(t, COL(communities, parent));
	const bool accepted =
	        !t->row_bad &&
	        taken(r, t, pl_builder_community(&index, r->builder, &row, &err), &err);
	settle(r, t, &r->communities, &r->community_rows, row.id, fresh, accepted);
	if (accepted) keep_parent(r, index, parent);
}

/* A parent may stand below its children, so it is looked up when all are there. */
static void set_parent(reading *r, int32_t row)
{
	const char *parent = r->parents.text.bytes + r->parents.at[r->parent[row]];
	const long long line = (long long)pl_lines_at(&r->community_rows, row);
	char brief[PL_BRIEF_CHARS], hint[PL_HINT_CHARS];
	pl_error err = {0};
	int32_t index;
	if (pl_ids_has(&index, &r->communities, parent)) {
		if (index >= 0) r->status = pl_builder_parent(r->builder, row, index, &err);
		return;
	}
	if (r->communities.broken) return;
	pl_near near = {0};
	pl_ids_offer(&near, &r->communities, parent);
	r->status =
	        pl_faults_add(r->faults,
	                      "communities.csv:%lld: parent \"%s\" is not in "
	                      "communities.csv%s",
	                      line, pl_text_brief(brief, parent), pl_near_hint(hint, &near));
}

static void read_communities(reading *r)
{
	pl_reader t;
	const pl_table_kind kind = table_kind(PL_T_COMMUNITIES);
	pl_table_open(&t, &kind, r->from, r->faults);
	while (next(r, &t)) read_community(r, &t);
	finish(r, &t, &r->communities);
	for (int32_t i = 0; r->status == PL_OK && i < r->community_rows.n; i++)
		if (r->parent[i] >= 0) set_parent(r, i);
}

/* ---- councils.csv ---- */

/* The fixed columns, then one for each name of a parameter in schedules.def. */
typedef struct {
	pl_column column[PL_TABLE_COLUMNS];
	pl_table_kind kind;
} council_columns;

static void add_param_column(council_columns *c, const char *name)
{
	for (int k = column_count(PL_T_COUNCILS); k < c->kind.n; k++)
		if (strcmp(c->column[k].name, name) == 0) return;
	c->column[c->kind.n++] = (pl_column){name, false};
}

static void list_council_columns(council_columns *c)
{
	c->kind = table_kind(PL_T_COUNCILS);
	memcpy(c->column, c->kind.column, (size_t)c->kind.n * sizeof *c->column);
	c->kind.column = c->column;
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
	for (int k = column_count(PL_T_COUNCILS); k < t->kind->n; k++) {
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
	pl_error err;
	pl_council_row row = {.community = -1};
	row.id = pl_table_needed(t, COL(councils, council));
	const bool fresh = pl_ids_new(&r->councils, t, row.id);
	row.name = pl_table_text(t, COL(councils, name));
	const int kind =
	        pl_table_choice(t, COL(councils, kind), pl_council_kind_name, PL_COUNCIL_KINDS);
	const int schedule =
	        pl_table_choice(t, COL(councils, schedule), pl_schedule_name, PL_SCHEDULES);
	const char *community = pl_table_text(t, COL(councils, community));
	if (*community != '\0') row.community = pl_ids_find(&r->communities, t, community);
	row.members = pl_table_number(t, COL(councils, members));
	row.income = pl_table_number(t, COL(councils, income));
	if (schedule >= 0) {
		row.schedule = (pl_schedule)schedule;
		read_params(t, &row);
	}
	row.kind = (pl_council_kind)kind;
	const bool accepted =
	        !t->row_bad &&
	        taken(r, t, pl_builder_council(&index, r->builder, &row, &err), &err);
	settle(r, t, &r->councils, &r->council_rows, row.id, fresh, accepted);
}

static void read_councils(reading *r)
{
	pl_reader t;
	council_columns columns;
	list_council_columns(&columns);
	pl_table_open(&t, &columns.kind, r->from, r->faults);
	while (next(r, &t)) read_council(r, &t);
	finish(r, &t, &r->councils);
	forgive_empty(&r->councils);
}

/* ---- uses.csv ---- */

static void read_use(reading *r, pl_reader *t)
{
	pl_error err;
	int32_t council = -1, good = -1;
	pl_ids_expect(&r->goods, t, COL(uses, good));
	const char *id = pl_table_needed(t, COL(uses, council));
	if (*id != '\0') council = pl_ids_find_near(&r->councils, t, id, r->last_council);
	id = pl_table_needed(t, COL(uses, good));
	if (*id != '\0') good = pl_ids_find(&r->goods, t, id);
	const int role = pl_table_choice(t, COL(uses, role), pl_role_name, PL_ROLES);
	const double amount = pl_table_number(t, COL(uses, amount));
	const double elasticity = pl_table_number(t, COL(uses, elasticity));
	if (t->row_bad || council < 0 || good < 0) return;
	if (isnan(amount) && r->builder->council.schedule[council] != PL_S_affected) {
		(void)pl_table_needed(t, COL(uses, amount));
		return;
	}
	const pl_status status = pl_builder_link(r->builder, council, good, (pl_role)role,
	                                         amount, elasticity, &err);
	if (!taken(r, t, status, &err)) return;
	r->last_council = council;
	if (!pl_lines_add(&r->use_rows, pl_table_line(t))) r->status = PL_ENOMEM;
}

static void read_uses(reading *r)
{
	pl_reader t;
	const pl_table_kind kind = table_kind(PL_T_USES);
	pl_table_open(&t, &kind, r->from, r->faults);
	while (next(r, &t)) read_use(r, &t);
	finish(r, &t, NULL);
}

/* ---- prices.csv ---- */

static void read_price(reading *r, pl_reader *t, pl_ids *priced)
{
	pl_error err = {0};
	const char *id = pl_table_needed(t, COL(prices, good));
	if (pl_ids_new(priced, t, id)) pl_ids_note(priced, t, id);
	const int32_t good = *id != '\0' ? pl_ids_find(&r->goods, t, id) : -1;
	const double price = pl_table_number(t, COL(prices, price));
	if (t->row_bad || good < 0 || isnan(price)) return;
	const pl_status status = pl_builder_price(r->builder, good, price, &err);
	(void)taken(r, t, status, &err);
}

static void read_prices(reading *r)
{
	pl_reader t;
	pl_ids priced = {.what = "good", .file = table_about[PL_T_PRICES].file};
	const pl_table_kind kind = table_kind(PL_T_PRICES);
	pl_table_open(&t, &kind, r->from, r->faults);
	while (next(r, &t)) read_price(r, &t, &priced);
	finish(r, &t, &priced);
	pl_ids_clear(&priced);
}

/* ---- the whole ---- */

/* A fault that pl_builder_finish found: its row is the number of a call. */
static void report(void *self, pl_table table, int64_t row, const char *msg)
{
	reading *r = self;
	static const pl_lines none = {0};
	const pl_lines *rows = &none;
	if (table == PL_T_GOODS) rows = &r->good_rows;
	if (table == PL_T_COMMUNITIES) rows = &r->community_rows;
	if (table == PL_T_COUNCILS) rows = &r->council_rows;
	if (table == PL_T_USES) rows = &r->use_rows;
	pl_status status;
	if (row >= 0 && row < rows->n)
		status = pl_faults_add(r->faults, "%s:%lld: %s", table_about[table].file,
		                       (long long)pl_lines_at(rows, row), msg);
	else
		status = pl_faults_add(r->faults, "%s: %s", table_about[table].file, msg);
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
	pl_free(r->parent);
	pl_lines_clear(&r->good_rows);
	pl_lines_clear(&r->community_rows);
	pl_lines_clear(&r->council_rows);
	pl_lines_clear(&r->use_rows);
}

/* Read into r, finish, and tell the first fault. */
static pl_status read_all(pl_model **out, reading *r, pl_error *err)
{
	const int64_t before = r->faults->n;
	PL_TRY(pl_builder_new(&r->builder, err));
	r->goods.known = &r->builder->goods;
	r->goods.known_line = &r->good_rows;
	r->communities.known = &r->builder->communities;
	r->communities.known_line = &r->community_rows;
	r->councils.known = &r->builder->councils;
	r->councils.known_line = &r->council_rows;
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
	return r->faults->n == before ? PL_OK : pl_faults_first(r->faults, before, err);
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
	             .goods = {.what = "good", .file = table_about[PL_T_GOODS].file},
	             .communities = {.what = "community",
	                             .file = table_about[PL_T_COMMUNITIES].file},
	             .councils = {.what = "council", .file = table_about[PL_T_COUNCILS].file}};
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
