/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/conflict.h"

#include "base/alloc.h"
#include "base/error.h"
#include "model/say.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double weight_shown = 1e-6; /* smaller shares of the proof are rounding */

double pl_conflict_met(double *met, const pl_model *m, const pl_method *k)
{
	const pl_program *g = k->g;
	double worst = 0;
	memcpy(met, m->link.amount, (size_t)m->n_links * sizeof *met);
	for (int32_t i = 0; i < g->n_acts; i++) {
		if (g->council[i] >= 0) continue;
		const int64_t link = g->origin[g->link->start[i]];
		const double part = k->at.z[i] / g->cap[i];
		if (part <= PL_UNMET_IS_REAL) continue;
		met[link] = g->cap[i] - k->at.z[i];
		worst = fmax(worst, part);
	}
	return worst;
}

typedef struct {
	double weight;
	int32_t good;
} scarcity;

static int by_weight(const void *a, const void *b)
{
	const scarcity *x = a, *y = b;
	if (x->weight != y->weight) return x->weight < y->weight ? 1 : -1;
	return (x->good > y->good) - (x->good < y->good);
}

static int by_share(const void *a, const void *b)
{
	const pl_conflict *x = a, *y = b;
	if (x->weight != y->weight) return x->weight < y->weight ? 1 : -1;
	if (x->council != y->council) return x->council < y->council ? -1 : 1;
	return (x->good > y->good) - (x->good < y->good);
}

/* Goods by their share in the value of all that is made and asked for at the proof's prices. */
static pl_status name_goods(pl_plan *p, const pl_method *k, pl_error *err)
{
	const pl_program *g = k->g;
	double total = 0;
	scarcity *all = pl_alloc(g->n_goods, sizeof *all);
	p->scarce = pl_alloc(g->n_goods, sizeof *p->scarce);
	p->scarce_weight = pl_alloc(g->n_goods, sizeof *p->scarce_weight);
	if (all == NULL || p->scarce == NULL || p->scarce_weight == NULL) {
		pl_free(all);
		return pl_fail(err, PL_ENOMEM, -1, "no memory to name what is scarce");
	}
	for (int32_t j = 0; j < g->n_goods; j++) {
		all[j] = (scarcity){k->at.price[j] * k->demand[j], g->good[j]};
		total += all[j].weight;
	}
	qsort(all, (size_t)g->n_goods, sizeof *all, by_weight);
	p->n_scarce = 0;
	for (int32_t j = 0; j < g->n_goods && all[j].weight > weight_shown * total; j++) {
		p->scarce[p->n_scarce] = all[j].good;
		p->scarce_weight[p->n_scarce++] = all[j].weight / total;
	}
	pl_free(all);
	return PL_OK;
}

static void add(pl_plan *p, pl_conflict c)
{
	if (c.weight > 0) p->conflict[p->n_conflicts++] = c;
}

/* Good that an act makes, for the limits' list: its output of most value in the proof. */
static int32_t main_good(const pl_method *k, int32_t i)
{
	const pl_program *g = k->g;
	double most = -INFINITY;
	int32_t good = -1;
	for (int64_t l = g->link->start[i]; l < g->link->start[i + 1]; l++) {
		const double v = g->link->val[l] * k->at.price[g->link->col[l]];
		if (v > most) {
			most = v;
			good = g->good[g->link->col[l]];
		}
	}
	return good;
}

/* Terms of the proof: wants at its prices on one side; on the other full capacities and
 * society's supply. Each side's shares sum to 1 at most. */
static void list_terms(pl_plan *p, const pl_model *m, pl_method *k)
{
	const pl_program *g = k->g;
	double total = 0;
	for (int32_t j = 0; j < g->n_goods; j++) total += g->asked[j] * k->at.price[j];
	for (int32_t i = 0; i < g->n_acts; i++) {
		const int32_t good = main_good(k, i);
		const double margin = fmax(0, k->margin[i]), z = k->at.z[i], cap = g->cap[i];
		if (g->council[i] >= 0) {
			if (isinf(cap) || margin == 0) continue;
			add(p, (pl_conflict){g->council[i], good, cap, z, margin * cap / total,
			                     true});
			continue;
		}
		const int64_t link = g->origin[g->link->start[i]];
		int32_t c = 0; /* council of the link: the starts rise */
		int32_t high = m->n_councils - 1;
		while (c < high) {
			const int32_t mid = c + (high - c) / 2;
			if (m->link.start[mid + 1] > link)
				high = mid;
			else
				c = mid + 1;
		}
		const double price = k->at.price[g->link->col[g->link->start[i]]];
		add(p, (pl_conflict){c, good, cap, cap - z, cap * price / total, false});
	}
	for (int32_t i = g->n_acts; i < g->n_rows; i++) {
		const int64_t l = g->link->start[i];
		if (!g->makes[i]) continue;
		const double made = pl_answers_net(k->a, g, i, l);
		add(p, (pl_conflict){g->council[i], g->good[g->link->col[l]], made, made,
		                     k->a->surplus[i] / total, true});
	}
	for (int32_t j = 0; j < g->n_goods; j++)
		add(p, (pl_conflict){-1, g->good[j], g->held[j], g->held[j],
		                     g->held[j] * k->at.price[j] / total, true});
	qsort(p->conflict, (size_t)p->n_conflicts, sizeof *p->conflict, by_share);
	while (p->n_conflicts > 0 && !(p->conflict[p->n_conflicts - 1].weight > weight_shown))
		p->n_conflicts--;
}

/* "labour", "wheat" and 3 more */
static void list_goods(char *text, size_t size, const pl_plan *p, const pl_model *m)
{
	size_t n = 0;
	text[0] = '\0';
	for (int32_t i = 0; i < p->n_scarce && i < 3 && n < size; i++) {
		const char *join = i == 0 ? "" : i + 1 == p->n_scarce ? " and " : ", ";
		const int put = snprintf(text + n, size - n, "%s%s", join,
		                         pl_say_id(pl_text_at(m->good.id, p->scarce[i])).s);
		n += put > 0 ? (size_t)put : 0;
	}
	if (p->n_scarce > 3 && n < size)
		(void)snprintf(text + n, size - n, " and %d more", p->n_scarce - 3);
}

static void say(pl_plan *p, const pl_model *m)
{
	char goods[3 * PL_SAID + 32];
	const pl_conflict *worst = NULL;
	for (int32_t i = 0; i < p->n_conflicts; i++) {
		const pl_conflict *c = p->conflict + i;
		if (c->limits || !(c->asked > 0)) continue;
		if (worst == NULL || c->met / c->asked < worst->met / worst->asked) worst = c;
	}
	list_goods(goods, sizeof goods, p, m);
	const int n = snprintf(p->reason, sizeof p->reason,
	                       "no plan can meet every request: too little of %s", goods);
	if (worst == NULL || n < 0 || (size_t)n >= sizeof p->reason) return;
	(void)snprintf(p->reason + n, sizeof p->reason - (size_t)n,
	               "; in the nearest plan %s gets %s of the %s %s it asks for",
	               pl_say_id(pl_text_at(m->council.id, worst->council)).s,
	               pl_say_number(worst->met).s, pl_say_number(worst->asked).s,
	               pl_say_id(pl_text_at(m->good.id, worst->good)).s);
}

pl_status pl_conflict_name(pl_plan *p, const pl_model *m, pl_method *k, pl_error *err)
{
	const pl_program *g = k->g;
	const pl_status st = name_goods(p, k, err);
	if (st != PL_OK) return st;
	p->conflict = pl_alloc((int64_t)g->n_rows + g->n_goods, sizeof *p->conflict);
	if (p->conflict == NULL)
		return pl_fail(err, PL_ENOMEM, -1, "no memory to name the conflict");
	p->n_conflicts = 0;
	pl_margins(k->margin, g, k->at.price);
	list_terms(p, m, k);
	say(p, m);
	return PL_OK;
}
