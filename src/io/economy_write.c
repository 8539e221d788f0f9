/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* economy_write.c - from a model to tables. What is as its default is left out, so that a
 * reader finds only what was said. */
#include "base/error.h"
#include "base/text.h"
#include "io/csv.h"
#include "io/economy.h"
#include "io/outdir.h"
#include "io/row.h"
#include "io/zip.h"
#include "model/schedule.h"

#include <math.h>
#include <string.h>

/* The defaults of goods.csv (docs/economy-files.md). */
static const double price_default = 1, elasticity_default = 1;
static const double step_default = 0.001;

/* ---- what must be written ---- */

static bool text_used(pl_text text, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		if (*pl_text_at(text, i) != '\0') return true;
	return false;
}

static bool number_used(const double *x, int64_t n, double preset)
{
	for (int64_t i = 0; i < n; i++)
		if (!isnan(x[i]) && x[i] != preset) return true;
	return false;
}

static bool code_used(const uint8_t *code, int64_t n, uint8_t preset)
{
	for (int64_t i = 0; i < n; i++)
		if (code[i] != preset) return true;
	return false;
}

static bool index_used(const int32_t *index, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		if (index[i] >= 0) return true;
	return false;
}

/* ---- what cannot be written ---- */

/// @param shared others open the table too, and nothing in it may run
static pl_status check_one(const char *s, const char *table, bool shared, pl_error *err)
{
	const int64_t n = (int64_t)strlen(s);
	char brief[PL_BRIEF_CHARS];
	if (n == 0) return PL_OK;
	if (pl_utf8_fault(s, n) >= 0)
		return pl_fail(err, PL_EARG, -1, "a text for %s is not valid UTF-8", table);
	if (pl_utf8_control(s, n) >= 0)
		return pl_fail(err, PL_EARG, -1, "a text for %s holds a control character",
		               table);
	if (n > PL_CSV_MAX_CELL)
		return pl_fail(err, PL_EARG, -1, "\"%s\" is too long for a cell of %s",
		               pl_text_brief(brief, s), table);
	if (s[0] == ' ' || s[n - 1] == ' ')
		return pl_fail(err, PL_EARG, -1,
		               "\"%s\" begins or ends with a space, which %s cannot keep",
		               pl_text_brief(brief, s), table);
	if (shared && pl_csv_runs(s))
		return pl_fail(err, PL_EARG, -1,
		               "a spreadsheet would take \"%s\" in %s for a formula",
		               pl_text_brief(brief, s), table);
	return PL_OK;
}

static pl_status check_texts(const pl_model *m, bool shared, pl_error *err)
{
	const struct {
		pl_text text;
		int64_t n;
		const char *table;
	} all[] = {{m->good.id, m->n_goods, "goods.csv"},
	           {m->good.name, m->n_goods, "goods.csv"},
	           {m->good.unit, m->n_goods, "goods.csv"},
	           {m->good.category, m->n_goods, "goods.csv"},
	           {m->community.id, m->n_communities, "communities.csv"},
	           {m->community.name, m->n_communities, "communities.csv"},
	           {m->council.id, m->n_councils, "councils.csv"},
	           {m->council.name, m->n_councils, "councils.csv"}};
	PL_TRY(check_one(m->name, "economy.csv", shared, err));
	PL_TRY(check_one(m->period, "economy.csv", shared, err));
	PL_TRY(check_one(m->credit, "economy.csv", shared, err));
	for (size_t k = 0; k < sizeof all / sizeof *all; k++)
		for (int64_t i = 0; i < all[k].n; i++)
			PL_TRY(check_one(pl_text_at(all[k].text, i), all[k].table, shared,
			                 err));
	return PL_OK;
}

/* ---- tables ---- */

static void write_about(FILE *to, const pl_model *m)
{
	const char *const key[] = {"name", "period", "credit"};
	const char *const value[] = {m->name, m->period, m->credit};
	(void)fputs("key,value\n", to);
	for (int k = 0; k < 3; k++) {
		pl_row row = {to, false};
		if (*value[k] == '\0') continue;
		pl_row_text(&row, key[k]);
		pl_row_text(&row, value[k]);
		pl_row_end(&row);
	}
}

static void write_goods(FILE *to, const pl_model *m)
{
	const int64_t n = m->n_goods;
	const bool name = text_used(m->good.name, n), unit = text_used(m->good.unit, n);
	const bool category = text_used(m->good.category, n);
	const bool kind = code_used(m->good.kind, n, PL_PRODUCT);
	const bool price = number_used(m->good.price, n, price_default);
	const bool elasticity = number_used(m->good.elasticity, n, elasticity_default);
	const bool step = number_used(m->good.step, n, step_default);
	/* A supply of 0 is written too: where nobody makes a good, it must be given. */
	fprintf(to, "good%s%s%s%s%s,supply%s%s\n", name ? ",name" : "", kind ? ",kind" : "",
	        unit ? ",unit" : "", category ? ",category" : "", price ? ",price" : "",
	        elasticity ? ",elasticity" : "", step ? ",step" : "");
	for (int64_t i = 0; i < n; i++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->good.id, i));
		if (name) pl_row_text(&row, pl_text_at(m->good.name, i));
		if (kind) pl_row_text(&row, pl_good_kind_name(m->good.kind[i]));
		if (unit) pl_row_text(&row, pl_text_at(m->good.unit, i));
		if (category) pl_row_text(&row, pl_text_at(m->good.category, i));
		if (price) pl_row_number(&row, m->good.price[i]);
		pl_row_number(&row, m->good.supply[i]);
		if (elasticity) pl_row_number(&row, m->good.elasticity[i]);
		if (step) pl_row_number(&row, m->good.step[i]);
		pl_row_end(&row);
	}
}

static const char *community_id(const pl_model *m, int32_t i)
{
	return i >= 0 ? pl_text_at(m->community.id, i) : "";
}

static void write_communities(FILE *to, const pl_model *m)
{
	const int64_t n = m->n_communities;
	const bool name = text_used(m->community.name, n);
	const bool parent = index_used(m->community.parent, n);
	const bool members = number_used(m->community.members, n, NAN);
	fprintf(to, "community%s%s%s\n", name ? ",name" : "", parent ? ",parent" : "",
	        members ? ",members" : "");
	for (int64_t i = 0; i < n; i++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->community.id, i));
		if (name) pl_row_text(&row, pl_text_at(m->community.name, i));
		if (parent) pl_row_text(&row, community_id(m, m->community.parent[i]));
		if (members) pl_row_number(&row, m->community.members[i]);
		pl_row_end(&row);
	}
}

/* Parameters as columns: each name once, where some council's value is not the default. */
enum { PARAMS_MOST = PL_SCHEDULES * PL_PARAM_SLOTS };
typedef struct {
	const char *name[PARAMS_MOST];
	int n;
} param_columns;

static void add_param(param_columns *c, const char *name)
{
	for (int k = 0; k < c->n; k++)
		if (strcmp(c->name[k], name) == 0) return;
	c->name[c->n++] = name;
}

static bool param_given(const pl_model *m, const pl_param_about *about, int64_t council)
{
	return m->council.schedule[council] == (int)about->schedule &&
	       m->council.param[about->slot][council] != about->preset;
}

static void find_params(param_columns *c, const pl_model *m)
{
	for (int s = 0; s < PL_SCHEDULES; s++)
		for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) {
			const pl_param_about *about = pl_param_in((pl_schedule)s, slot);
			bool used = false;
			for (int64_t i = 0; about != NULL && i < m->n_councils && !used; i++)
				used = param_given(m, about, i);
			if (used) add_param(c, about->name);
		}
}

/* The parameter of this name, NaN where the council does not have it or has its default. */
static double param_value(const pl_model *m, const char *name, int64_t council)
{
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++) {
		const pl_schedule schedule = (pl_schedule)m->council.schedule[council];
		const pl_param_about *about = pl_param_in(schedule, slot);
		if (about == NULL || strcmp(about->name, name) != 0) continue;
		return param_given(m, about, council) ? m->council.param[slot][council] : NAN;
	}
	return NAN;
}

static void write_councils(FILE *to, const pl_model *m)
{
	const int64_t n = m->n_councils;
	param_columns params = {.n = 0};
	const bool name = text_used(m->council.name, n);
	const bool community = index_used(m->council.community, n);
	const bool members = number_used(m->council.members, n, NAN);
	const bool income = number_used(m->council.income, n, NAN);
	find_params(&params, m);
	fprintf(to, "council%s,kind%s%s%s,schedule", name ? ",name" : "",
	        community ? ",community" : "", members ? ",members" : "",
	        income ? ",income" : "");
	for (int k = 0; k < params.n; k++) fprintf(to, ",%s", params.name[k]);
	(void)putc('\n', to);
	for (int64_t i = 0; i < n; i++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->council.id, i));
		if (name) pl_row_text(&row, pl_text_at(m->council.name, i));
		pl_row_text(&row, pl_council_kind_name(m->council.kind[i]));
		if (community) pl_row_text(&row, community_id(m, m->council.community[i]));
		if (members) pl_row_number(&row, m->council.members[i]);
		if (income) pl_row_number(&row, m->council.income[i]);
		pl_row_text(&row, pl_schedule_name(m->council.schedule[i]));
		for (int k = 0; k < params.n; k++)
			pl_row_number(&row, param_value(m, params.name[k], i));
		pl_row_end(&row);
	}
}

/* The link's own elasticity, NaN where it is its good's. */
static double own_elasticity(const pl_model *m, int32_t council, int64_t link)
{
	if (m->council.schedule[council] != PL_S_isoelastic) return NAN;
	const double e = m->link.elasticity[link];
	return e != m->good.elasticity[m->link.good[link]] ? e : NAN;
}

static bool elasticity_used(const pl_model *m)
{
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
			if (!isnan(own_elasticity(m, i, k))) return true;
	return false;
}

static void write_uses(FILE *to, const pl_model *m)
{
	const bool elasticity = elasticity_used(m);
	fprintf(to, "council,good,role,amount%s\n", elasticity ? ",elasticity" : "");
	pl_link_walk walk = pl_link_first(m);
	for (; walk.n < m->n_links; pl_link_next(&walk, m)) {
		const int64_t k = walk.link;
		const bool net_supply = m->link.role[k] == PL_OFFERS &&
		                        m->council.schedule[walk.council] == PL_S_request;
		const double amount = m->link.amount[k];
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->council.id, walk.council));
		pl_row_text(&row, pl_text_at(m->good.id, m->link.good[k]));
		pl_row_text(&row, pl_role_name(net_supply ? PL_WANTS : m->link.role[k]));
		pl_row_number(&row, net_supply ? -amount : amount);
		if (elasticity) pl_row_number(&row, own_elasticity(m, walk.council, k));
		pl_row_end(&row);
	}
}

/// What each council proposed; nothing of 0.
static void write_proposals(FILE *to, const pl_model *m, const double *quantity)
{
	fputs("council,good,role,quantity\n", to);
	pl_link_walk walk = pl_link_first(m);
	for (; walk.n < m->n_links; pl_link_next(&walk, m)) {
		if (!(quantity[walk.link] > 0)) continue;
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->council.id, walk.council));
		pl_row_text(&row, pl_text_at(m->good.id, m->link.good[walk.link]));
		pl_row_text(&row, pl_role_name(m->link.role[walk.link]));
		pl_row_number(&row, quantity[walk.link]);
		pl_row_end(&row);
	}
}

/// Where the tables go: a stream for each by its name.
typedef struct {
	pl_outdir *folder; ///< or
	pl_zip *zip;
	const char *inside; ///< folder in the zip
} tables_to;

static pl_status begin_table(FILE **out, const tables_to *to, const char *file, pl_error *err)
{
	char name[PL_ZIP_NAME];
	if (to->folder != NULL) {
		*out = pl_outdir_file(to->folder, file, err);
		return *out != NULL ? PL_OK : err->code;
	}
	(void)snprintf(name, sizeof name, "%s/%s", to->inside, file);
	return pl_zip_entry(out, to->zip, name, err);
}

static pl_status write_tables(const tables_to *to, const pl_model *m, const double *proposed,
                              pl_error *err)
{
	FILE *stream;
	static const struct {
		const char *file;
		void (*write)(FILE *to, const pl_model *m);
	} tables[] = {{"economy.csv", write_about},
	              {"goods.csv", write_goods},
	              {"councils.csv", write_councils},
	              {"uses.csv", write_uses},
	              {"communities.csv", write_communities}};
	const size_t n = sizeof tables / sizeof *tables - (m->n_communities > 0 ? 0 : 1);
	for (size_t i = 0; i < n; i++) {
		PL_TRY(begin_table(&stream, to, tables[i].file, err));
		tables[i].write(stream, m);
	}
	if (proposed == NULL) return PL_OK;
	PL_TRY(begin_table(&stream, to, "proposals.csv", err));
	write_proposals(stream, m, proposed);
	return PL_OK;
}

pl_status pl_economy_write(const pl_model *m, const double *proposed, const char *folder,
                           pl_error *err)
{
	static const char *const tables[] = {"economy.csv",  "goods.csv", "communities.csv",
	                                     "councils.csv", "uses.csv",  "prices.csv",
	                                     "proposals.csv"};
	tables_to to = {0};
	pl_error own;
	if (err == NULL) err = &own;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (pl_folder_holds(folder, tables[i]))
			return pl_fail(
			        err, PL_EARG, -1,
			        "%s already holds %s; name a new folder, or empty this one",
			        folder, tables[i]);
	PL_TRY(check_texts(m, false, err));
	PL_TRY(pl_outdir_open(&to.folder, folder, err));
	const pl_status status = write_tables(&to, m, proposed, err);
	if (status == PL_OK) return pl_outdir_commit(to.folder, err);
	pl_outdir_abandon(to.folder);
	return status;
}

pl_status pl_economy_zip(const pl_model *m, const double *proposed, pl_zip *zip,
                         const char *inside, pl_error *err)
{
	const tables_to to = {.zip = zip, .inside = inside};
	PL_TRY(check_texts(m, true, err));
	return write_tables(&to, m, proposed, err);
}
