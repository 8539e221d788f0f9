/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* finish.c - from a builder to a model. */
#include "model/finish.h"

#include "base/alloc.h"
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void pl_fault(pl_finishing *f, pl_table table, int64_t row, const char *fmt, ...)
{
	pl_error fault;
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(fault.msg, sizeof fault.msg, fmt, ap);
	va_end(ap);
	if (f->n_faults++ == 0) pl_error_set(f->err, PL_EARG, row, "%s", fault.msg);
	if (f->report != NULL) f->report(f->self, table, row, fault.msg);
}

/// The text of a column of names goes over to the model.
static pl_text adopt_names(pl_snapshot *s, pl_names *names)
{
	const pl_text text = {pl_snapshot_adopt(s, names->text.bytes),
	                      pl_snapshot_adopt(s, names->at)};
	names->text = (pl_arena){0};
	names->at = NULL;
	return text;
}

static bool finish_goods(pl_finishing *f)
{
	pl_builder *b = f->b;
	pl_model *m = &f->s->m;
	const int32_t n = b->goods.n;
	int64_t *name = pl_snapshot_alloc(f->s, n, sizeof *name);
	int64_t *unit = pl_snapshot_alloc(f->s, n, sizeof *unit);
	int64_t *category = pl_snapshot_alloc(f->s, n, sizeof *category);
	double *price = pl_snapshot_alloc(f->s, n, sizeof *price);
	double *supply = pl_snapshot_alloc(f->s, n, sizeof *supply);
	double *elasticity = pl_snapshot_alloc(f->s, n, sizeof *elasticity);
	double *step = pl_snapshot_alloc(f->s, n, sizeof *step);
	if (!name || !unit || !category || !price || !supply || !elasticity || !step)
		return false;
	for (int32_t i = 0; i < n; i++) {
		const pl_good_kept *g = &b->good[i];
		name[i] = g->name;
		unit[i] = g->unit;
		category[i] = g->category;
		price[i] = g->price;
		supply[i] = g->supply;
		elasticity[i] = g->elasticity;
		step[i] = g->step;
	}
	m->n_goods = n;
	m->good.name = (pl_text){b->text.bytes, name};
	m->good.unit = (pl_text){b->text.bytes, unit};
	m->good.category = (pl_text){b->text.bytes, category};
	m->good.kind = pl_snapshot_adopt(f->s, b->good_kind);
	b->good_kind = NULL;
	m->good.price = price;
	m->good.supply = supply;
	m->good.elasticity = elasticity;
	m->good.step = step;
	return true;
}

static bool finish_communities(pl_finishing *f)
{
	pl_builder *b = f->b;
	pl_model *m = &f->s->m;
	const int32_t n = b->communities.n;
	int64_t *name = pl_snapshot_alloc(f->s, n, sizeof *name);
	int32_t *parent = pl_snapshot_alloc(f->s, n, sizeof *parent);
	double *members = pl_snapshot_alloc(f->s, n, sizeof *members);
	if (!name || !parent || !members) return false;
	for (int32_t i = 0; i < n; i++) {
		const pl_community_kept *c = &b->community[i];
		name[i] = c->name;
		parent[i] = c->parent;
		members[i] = c->members;
	}
	m->n_communities = n;
	m->community.name = (pl_text){b->text.bytes, name};
	m->community.parent = parent;
	m->community.members = members;
	return true;
}

/// The columns of councils go over to the model as they are.
static void finish_councils(pl_finishing *f)
{
	pl_builder *b = f->b;
	pl_model *m = &f->s->m;
	m->n_councils = b->councils.n;
	m->council.name = (pl_text){b->text.bytes, pl_snapshot_adopt(f->s, b->council.name)};
	m->council.kind = pl_snapshot_adopt(f->s, b->council.kind);
	m->council.schedule = pl_snapshot_adopt(f->s, b->council.schedule);
	m->council.community = pl_snapshot_adopt(f->s, b->council.community);
	m->council.members = pl_snapshot_adopt(f->s, b->council.members);
	m->council.income = pl_snapshot_adopt(f->s, b->council.income);
	for (int slot = 0; slot < PL_PARAM_SLOTS; slot++)
		m->council.param[slot] = pl_snapshot_adopt(f->s, b->council.param[slot]);
	memset(&b->council, 0, sizeof b->council);
}

bool pl_finish_tables(pl_finishing *f)
{
	pl_builder *b = f->b;
	pl_model *m = &f->s->m;
	if (!finish_goods(f) || !finish_communities(f)) return false;
	finish_councils(f);
	m->good.id = adopt_names(f->s, &b->goods);
	m->community.id = adopt_names(f->s, &b->communities);
	m->council.id = adopt_names(f->s, &b->councils);
	m->name = b->text.bytes + b->name;
	m->period = b->text.bytes + b->period;
	m->credit = b->text.bytes + b->credit;
	pl_snapshot_adopt(f->s, b->text.bytes);
	b->text = (pl_arena){0};
	return true;
}

pl_status pl_builder_finish(pl_model **out, pl_builder *b, pl_report report, void *self,
                            pl_error *err)
{
	*out = NULL;
	pl_finishing f = {.b = b, .report = report, .self = self, .err = err};
	pl_status status = PL_ENOMEM;
	f.s = pl_alloc(1, sizeof *f.s);
	if (f.s == NULL || !pl_finish_tables(&f)) goto done;
	if (!pl_check_communities(&f) || !pl_check_goods(&f)) goto done;
	if (!pl_finish_links(&f)) goto done;
	pl_check_councils(&f);
	status = f.n_faults > 0 ? PL_EARG : PL_OK;

done:
	if (status == PL_ENOMEM)
		pl_error_set(err, PL_ENOMEM, -1, "no memory for an economy of %lld rows",
		             (long long)b->link.n);
	pl_builder_free(b);
	if (status == PL_OK)
		*out = &f.s->m;
	else if (f.s != NULL)
		pl_model_free(&f.s->m);
	return status;
}
