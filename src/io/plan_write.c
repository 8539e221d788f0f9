/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/error.h"
#include "io/json.h"
#include "io/outdir.h"
#include "io/plan_files.h"
#include "io/row.h"

static void write_prices(FILE *to, const pl_model *m, const pl_plan *p)
{
	(void)fputs("good,price,start_price,supply,demand,imbalance\n", to);
	for (int32_t i = 0; i < m->n_goods; i++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->good.id, i));
		pl_row_number(&row, p->price[i]);
		pl_row_number(&row, p->start_price[i]);
		pl_row_number(&row, p->supply[i]);
		pl_row_number(&row, p->demand[i]);
		pl_row_number(&row, p->imbalance[i]);
		pl_row_end(&row);
	}
}

static void write_councils(FILE *to, const pl_model *m, const pl_plan *p)
{
	(void)fputs("council,activity,benefit,cost,ratio\n", to);
	for (int32_t i = 0; i < m->n_councils; i++) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->council.id, i));
		pl_row_number(&row, p->activity[i]);
		pl_row_number(&row, p->benefit[i]);
		pl_row_number(&row, p->cost[i]);
		pl_row_number(&row, p->ratio[i]);
		pl_row_end(&row);
	}
}

static void write_flows(FILE *to, const pl_model *m, const pl_plan *p)
{
	(void)fputs("council,good,role,quantity\n", to);
	pl_link_walk walk = pl_link_first(m);
	for (; walk.n < m->n_links; pl_link_next(&walk, m)) {
		pl_row row = {to, false};
		pl_row_text(&row, pl_text_at(m->council.id, walk.council));
		pl_row_text(&row, pl_text_at(m->good.id, m->link.good[walk.link]));
		pl_row_text(&row, pl_role_name(m->link.role[walk.link]));
		pl_row_number(&row, p->quantity[walk.link]);
		pl_row_end(&row);
	}
}

/* ---- plan.json ---- */

static const char *id_or_null(pl_text ids, int32_t i)
{
	return i >= 0 ? pl_text_at(ids, i) : NULL;
}

static void put_settings(pl_json *j, const pl_settings *s)
{
	if (s == NULL) return;
	pl_json_open_object(j, "settings");
#define PL_SETTING(type, name, preset, low, high, unit, help) \
	_Generic((type)0, double                              \
	         : pl_json_put_number, int64_t                \
	         : pl_json_put_whole)(j, #name, s->name);
#include <plenum/settings.def>
#undef PL_SETTING
	pl_json_close_object(j);
}

static void put_conflict(pl_json *j, const pl_model *m, const pl_conflict *c)
{
	pl_json_open_object(j, NULL);
	pl_json_put_text(j, "council", id_or_null(m->council.id, c->council));
	pl_json_put_text(j, "good", id_or_null(m->good.id, c->good));
	pl_json_put_number(j, "asked", c->asked);
	pl_json_put_number(j, "met", c->met);
	pl_json_put_number(j, "weight", c->weight);
	pl_json_put_bool(j, "limits", c->limits);
	pl_json_close_object(j);
}

/* Why there is no plan: goods and councils by their share in the proof. */
static void put_why(pl_json *j, const pl_model *m, const pl_plan *p)
{
	pl_json_put_text(j, "reason", p->reason);
	pl_json_open_array(j, "scarce");
	for (int32_t k = 0; k < p->n_scarce; k++) {
		pl_json_open_object(j, NULL);
		pl_json_put_text(j, "good", id_or_null(m->good.id, p->scarce[k]));
		pl_json_put_number(j, "weight", p->scarce_weight[k]);
		pl_json_close_object(j);
	}
	pl_json_close_array(j);
	pl_json_open_array(j, "conflicts");
	for (int32_t k = 0; k < p->n_conflicts; k++) put_conflict(j, m, &p->conflict[k]);
	pl_json_close_array(j);
}

static void put_manifest(pl_json *j, const pl_model *m, const pl_plan *p,
                         const pl_run_facts *facts)
{
	pl_json_put_text(j, "economy", m->name);
	pl_json_put_text(j, "period", m->period);
	pl_json_put_text(j, "credit", m->credit);
	pl_json_put_text(j, "inputs", facts->inputs);
	pl_json_put_number(j, "tolerance", p->tolerance);
	put_settings(j, facts->settings);
	pl_json_put_whole(j, "steps", p->steps);
	pl_json_put_number(j, "flow_value", p->flow_value);
	put_why(j, m, p);
}

void pl_plan_json_figures(pl_json *j, const pl_model *m, const pl_plan *p,
                          const double *seconds)
{
	char digest[65];
	pl_plan_digest(digest, m, p->price, p->quantity);
	pl_json_put_text(j, "outcome", pl_outcome_name(p->outcome));
	pl_json_put_number(j, "worst_imbalance", p->worst_imbalance);
	pl_json_put_text(j, "worst_good", id_or_null(m->good.id, p->worst_good));
	pl_json_put_number(j, "gap", p->gap);
	pl_json_put_whole(j, "sweeps", p->sweeps);
	if (seconds != NULL) pl_json_put_number(j, "seconds", *seconds);
	pl_json_put_whole(j, "goods", m->n_goods);
	pl_json_put_whole(j, "councils", m->n_councils);
	pl_json_put_whole(j, "links", m->n_links);
	pl_json_put_text(j, "digest", digest);
	pl_json_put_text(j, "version", PL_VERSION);
}

void pl_plan_json(FILE *to, const pl_model *m, const pl_plan *p, const pl_run_facts *facts,
                  bool whole)
{
	pl_json j = {.to = to, .indent = whole};
	pl_json_open_object(&j, NULL);
	pl_plan_json_figures(&j, m, p, whole ? NULL : &facts->seconds);
	if (whole)
		put_manifest(&j, m, p, facts);
	else if (p->outcome != PL_CLEARED)
		put_why(&j, m, p);
	if (facts->more != NULL) facts->more(&j, facts->more_self, whole);
	pl_json_close_object(&j);
}

static pl_status write_files(pl_outdir *o, const pl_model *m, const pl_plan *p,
                             const pl_run_facts *facts, const pl_plan_extra *extra,
                             pl_error *err)
{
	FILE *to = pl_outdir_file(o, "prices.csv", err);
	if (to == NULL) return err->code;
	write_prices(to, m, p);
	to = pl_outdir_file(o, "councils.csv", err);
	if (to == NULL) return err->code;
	write_councils(to, m, p);
	to = pl_outdir_file(o, "flows.csv", err);
	if (to == NULL) return err->code;
	write_flows(to, m, p);
	to = pl_outdir_file(o, "plan.json", err);
	if (to == NULL) return err->code;
	pl_plan_json(to, m, p, facts, true);
	for (; extra != NULL && extra->name != NULL; extra++) {
		to = pl_outdir_file(o, extra->name, err);
		if (to == NULL) return err->code;
		PL_TRY(extra->write(to, extra->self, err));
	}
	return PL_OK;
}

pl_status pl_plan_write(const char *folder, const pl_model *m, const pl_plan *p,
                        const pl_run_facts *facts, const pl_plan_extra *extra, pl_error *err)
{
	pl_outdir *o;
	pl_error own;
	if (err == NULL) err = &own;
	if (pl_folder_holds(folder, "economy.csv") || pl_folder_holds(folder, "goods.csv"))
		return pl_fail(
		        err, PL_EARG, -1,
		        "%s holds the tables of an economy; name another folder for the plan",
		        folder);
	PL_TRY(pl_outdir_open(&o, folder, err));
	const pl_status status = write_files(o, m, p, facts, extra, err);
	if (status == PL_OK) return pl_outdir_commit(o, err);
	pl_outdir_abandon(o);
	return status;
}
