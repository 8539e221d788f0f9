/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* parts.c - from what was followed to the parts of a price, and who supplies and asks for a
 * good. */
#include "base/alloc.h"
#include "base/error.h"
#include "explain/follow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A part below this share of the whole is rounding. */
static const double rounding = 1e-13;

const char *pl_part_name(int kind)
{
	static const char *const name[PL_PARTS] = {
	        "input",   "labour", "resource", "capital",  "permit",  "stock",   "given",
	        "counted", "effort", "offered",  "capacity", "returns", "untraced"};
	return kind >= 0 && kind < PL_PARTS ? name[kind] : NULL;
}

void pl_parts_free(pl_parts *p)
{
	pl_free(p->part);
	*p = (pl_parts){0};
}

static int compare(const void *a, const void *b)
{
	const pl_part *x = a, *y = b;
	const double dx = fabs(x->credits), dy = fabs(y->credits);
	if (dx != dy) return dx < dy ? 1 : -1;
	if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
	if (x->good != y->good) return x->good < y->good ? -1 : 1;
	return x->council < y->council ? -1 : x->council > y->council;
}

/// Parts while they are put together; `room` bounds what may be added.
typedef struct {
	pl_parts *out;
	const pl_explain *x;
} pile;

static void add(const pile *to, pl_part part)
{
	pl_parts *p = to->out;
	const bool counted = part.good >= 0 && part.quantity > 0;
	if (!(fabs(part.credits) > rounding * p->whole) && !(counted && part.credits == 0))
		return;
	part.share = p->whole > 0 ? part.credits / p->whole : NAN;
	p->part[p->n++] = part;
}

static void add_good(const pile *to, pl_part_kind kind, int32_t j, double quantity)
{
	add(to, (pl_part){kind, j, -1, quantity, to->x->price[j] * quantity, 0});
}

static pl_part_kind kind_of_stock(const pl_model *m, int32_t j)
{
	switch (m->good.kind[j]) {
	case PL_LABOUR:
		return PL_PART_LABOUR;
	case PL_RESOURCE:
		return PL_PART_RESOURCE;
	case PL_CAPITAL:
		return PL_PART_CAPITAL;
	case PL_POLLUTANT:
		return PL_PART_PERMIT;
	case PL_FREE:
		return PL_PART_COUNTED;
	default:
		return PL_PART_STOCK;
	}
}

/// What comes from nobody's work: society's supply and offers; all of a good without a price
/// or that nobody supplies.
static void add_stock(const pile *to, int32_t j, double need)
{
	const pl_explain *x = to->x;
	const pl_part_kind kind = kind_of_stock(x->m, j);
	if (!(need > 0)) return;
	if (!(x->price[j] > 0) || !(x->supply[j] > 0)) {
		add_good(to, kind, j, need);
		return;
	}
	const double held = x->m->good.supply[j] / x->supply[j] * need,
	             given = x->offered[j] / x->supply[j] * need;
	if (kind == PL_PART_PERMIT) {
		add_good(to, kind, j, held + given);
	} else {
		add_good(to, kind, j, held);
		add_good(to, PL_PART_GIVEN, j, given);
	}
}

static bool uses_something(const pl_model *m, int32_t i)
{
	for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
		if (m->link.role[k] == PL_USES && m->link.amount[k] > 0) return true;
	return false;
}

static void add_council(const pile *to, int32_t i, double runs)
{
	const pl_earnings *e = &to->x->earn[i];
	const pl_part_kind effort =
	        uses_something(to->x->m, i) ? PL_PART_EFFORT : PL_PART_OFFERED;
	if (!(runs > 0)) return;
	add(to, (pl_part){effort, -1, i, NAN, runs * e->effort, 0});
	add(to, (pl_part){PL_PART_CAPACITY, -1, i, NAN, runs * e->capacity, 0});
	add(to, (pl_part){PL_PART_RETURNS, -1, i, NAN, runs * e->returns, 0});
}

/// What the parts do not cover: circles without an end, and rounding.
static void add_remainder(const pile *to)
{
	pl_parts *p = to->out;
	double sum = 0;
	for (int32_t k = 0; k < p->n; k++) sum += p->part[k].credits;
	add(to, (pl_part){PL_PART_UNTRACED, -1, -1, NAN, p->whole - sum, 0});
}

/// @param first the goods of the rest are inputs, and only the basket itself may be a stock
static pl_status collect(pl_parts *out, const pl_explain *x, const pl_follow *t,
                         const double *basket, bool first, pl_error *err)
{
	const pl_model *m = x->m;
	const pile to = {out, x};
	*out = (pl_parts){
	        .part = pl_alloc(3 * (int64_t)m->n_goods + 3 * (int64_t)m->n_councils + 1,
	                         sizeof(pl_part))};
	if (out->part == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the parts");
	for (int32_t j = 0; j < m->n_goods; j++) out->whole += x->price[j] * basket[j];
	for (int32_t j = 0; j < m->n_goods; j++) {
		add_stock(&to, j, first ? basket[j] : t->need[j]);
		if (first) add_good(&to, PL_PART_INPUT, j, t->rest[j]);
	}
	for (int32_t i = 0; i < m->n_councils; i++) add_council(&to, i, t->runs[i]);
	add_remainder(&to);
	qsort(out->part, (size_t)out->n, sizeof *out->part, compare);
	return PL_OK;
}

static pl_status explain(pl_parts *out, const pl_explain *x, const double *basket, bool first,
                         pl_error *err)
{
	pl_follow t;
	*out = (pl_parts){0};
	PL_TRY(pl_follow_new(&t, x, err));
	pl_follow_run(&t, x, basket, first ? 1 : PL_FOLLOW_PASSES);
	const pl_status s = collect(out, x, &t, basket, first, err);
	pl_follow_free(&t);
	return s;
}

static pl_status explain_one(pl_parts *out, const pl_explain *x, int32_t good, bool first,
                             pl_error *err)
{
	*out = (pl_parts){0};
	double *basket = pl_alloc(x->m->n_goods, sizeof *basket);
	if (basket == NULL) return pl_fail(err, PL_ENOMEM, -1, "no memory for the parts");
	basket[good] = 1;
	const pl_status s = explain(out, x, basket, first, err);
	pl_free(basket);
	return s;
}

pl_status pl_explain_price(pl_parts *out, const pl_explain *x, int32_t good, pl_error *err)
{
	return explain_one(out, x, good, true, err);
}

pl_status pl_explain_totals(pl_parts *out, const pl_explain *x, int32_t good, pl_error *err)
{
	return explain_one(out, x, good, false, err);
}

pl_status pl_explain_basket(pl_parts *out, const pl_explain *x, const double *basket,
                            pl_error *err)
{
	return explain(out, x, basket, false, err);
}

/* ---- who supplies, who asks ------------------------------------------------------------ */

static int compare_parties(const void *a, const void *b)
{
	const pl_party *x = a, *y = b;
	if (x->quantity != y->quantity) return x->quantity < y->quantity ? 1 : -1;
	if (x->council != y->council) return x->council < y->council ? -1 : 1;
	return x->link < y->link ? -1 : x->link > y->link;
}

static bool on_side(const pl_model *m, int64_t k, int32_t good, bool supply)
{
	const int role = m->link.role[k];
	return m->link.good[k] == good && (role == PL_MAKES || role == PL_OFFERS) == supply;
}

pl_status pl_explain_parties(pl_party **out, int32_t *n, const pl_explain *x, int32_t good,
                             bool supply, pl_error *err)
{
	const pl_model *m = x->m;
	int64_t most = 1;
	*n = 0;
	for (int64_t k = 0; k < m->n_links; k++) most += on_side(m, k, good, supply);
	*out = pl_alloc(most, sizeof **out);
	if (*out == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory for who has part in it");
	pl_party *p = *out;
	const double all = supply ? x->supply[good] : x->demand[good];
	const double held = m->good.supply[good];
	if (supply && held > 0) p[(*n)++] = (pl_party){-1, -1, held, held / all};
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++) {
			const double q = x->quantity[k];
			if (q > 0 && on_side(m, k, good, supply))
				p[(*n)++] = (pl_party){i, k, q, q / all};
		}
	qsort(p, (size_t)*n, sizeof *p, compare_parties);
	return PL_OK;
}

void pl_explain_parties_free(pl_party *p)
{
	pl_free(p);
}
