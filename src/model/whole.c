/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* whole.c - rules that need more than one row. */
#include "base/alloc.h"
#include "model/finish.h"
#include "model/say.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CIRCLE_SHOWN = 4 }; ///< communities of a circle that a sentence names

/// Exponents that sum to 1 in decimals may come out a few units in the last place below it;
/// nearer to 1 than this, output per credit is beyond what a double can tell.
static const double exponent_sum_limit = 1 - 1e-9;

static void tell_circle(pl_finishing *f, int32_t first)
{
	const pl_model *m = &f->s->m;
	char names[CIRCLE_SHOWN * (PL_SAID + 4) + 8] = "";
	size_t used = 0;
	int32_t i = first;
	int shown = 0;
	do {
		used += (size_t)snprintf(names + used, sizeof names - used, "%s in ",
		                         pl_say_id(pl_text_at(m->community.id, i)).s);
		i = m->community.parent[i];
	} while (i != first && ++shown < CIRCLE_SHOWN);
	pl_fault(f, PL_T_COMMUNITIES, first,
	         "the communities form a circle: %s%s; give one of them another parent", names,
	         i == first ? pl_say_id(pl_text_at(m->community.id, first)).s : "...");
}

/// Follow parents from each community; one met again on the same way closes a circle. Each
/// is walked over once before and once after it is known.
static bool check_circles(pl_finishing *f)
{
	const pl_model *m = &f->s->m;
	enum { NEW, ON_THE_WAY, KNOWN };
	const int32_t *parent = m->community.parent;
	uint8_t *state = pl_alloc(m->n_communities, sizeof *state);
	if (state == NULL) return false;
	for (int32_t from = 0; from < m->n_communities; from++) {
		int32_t i = from;
		for (; i >= 0 && state[i] == NEW; i = parent[i]) state[i] = ON_THE_WAY;
		if (i >= 0 && state[i] == ON_THE_WAY) tell_circle(f, i);
		for (i = from; i >= 0 && state[i] == ON_THE_WAY; i = parent[i])
			state[i] = KNOWN;
	}
	pl_free(state);
	return true;
}

static void check_roots(pl_finishing *f)
{
	const pl_model *m = &f->s->m;
	int32_t root = -1;
	for (int32_t i = 0; i < m->n_communities; i++) {
		if (m->community.parent[i] >= 0) continue;
		if (root >= 0)
			pl_fault(f, PL_T_COMMUNITIES, i,
			         "community %s has no parent, and neither has %s; communities "
			         "are "
			         "one tree, give one of them a parent",
			         pl_say_id(pl_text_at(m->community.id, i)).s,
			         pl_say_id(pl_text_at(m->community.id, root)).s);
		else
			root = i;
	}
}

bool pl_check_communities(pl_finishing *f)
{
	check_roots(f);
	return check_circles(f);
}

/// Does row k add to what there is of its good, or take from it? +1, -1, or 0 for neither.
static int side_of(const pl_builder *b, int64_t k)
{
	const double amount = b->link.amount[k];
	const pl_role role = (pl_role)b->link.role[k];
	if (amount == 0) return 0;
	return (role == PL_MAKES || role == PL_OFFERS) == (amount > 0) ? 1 : -1;
}

/// A supply that is given counts also where it is 0: that is a statement, not a slip.
bool pl_check_goods(pl_finishing *f)
{
	const pl_builder *b = f->b;
	const pl_model *m = &f->s->m;
	bool *there = pl_alloc(m->n_goods, sizeof *there);
	if (there == NULL) return false;
	for (int32_t i = 0; i < m->n_goods; i++)
		there[i] = m->good.kind[i] == PL_FREE || b->good[i].supply_given;
	for (int64_t k = 0; k < b->link.n; k++)
		if (side_of(b, k) > 0) there[b->link.good[k]] = true;
	for (int64_t k = 0; k < b->link.n; k++) {
		const int32_t good = b->link.good[k];
		if (there[good] || side_of(b, k) == 0) continue;
		pl_fault(f, PL_T_USES, k,
		         "good %s is %s by %s, but nobody makes or holds it; give it a maker, "
		         "or a supply in goods.csv",
		         pl_say_id(pl_text_at(m->good.id, good)).s,
		         b->link.role[k] == PL_USES ? "used" : "wanted",
		         pl_say_id(pl_text_at(m->council.id, b->link.council[k])).s);
		there[good] = true; /* told once */
	}
	pl_free(there);
	return true;
}

/// What the checks of a council share: its number and links.
typedef struct {
	int32_t i;
	int64_t begin, end;
} council;

/// Its id, for a sentence.
static pl_said said(const pl_model *m, const council *c)
{
	return pl_say_id(pl_text_at(m->council.id, c->i));
}

static double sum_amounts(const pl_model *m, const council *c, pl_role role)
{
	double sum = 0;
	for (int64_t k = c->begin; k < c->end; k++)
		if (m->link.role[k] == role) sum += m->link.amount[k];
	return sum;
}

static void check_recipe(pl_finishing *f, const council *c)
{
	const pl_model *m = &f->s->m;
	const double slope = m->council.param[PL_P_recipe_slope][c->i];
	if (slope > 0 && isinf(m->council.param[PL_P_recipe_capacity][c->i]))
		pl_fault(f, PL_T_COUNCILS, c->i,
		         "council %s has slope %s but no capacity; its effort cost rises up to "
		         "the "
		         "capacity, give one or set the slope to 0",
		         said(m, c).s, pl_say_number(slope).s);
}

static void check_output(pl_finishing *f, const council *c)
{
	const pl_model *m = &f->s->m;
	if (sum_amounts(m, c, PL_MAKES) > 0) return;
	pl_fault(f, PL_T_COUNCILS, c->i,
	         "council %s makes nothing; schedule %s needs one row makes with amount 1",
	         said(m, c).s, pl_schedule_name(m->council.schedule[c->i]));
}

static void check_cobb_douglas(pl_finishing *f, const council *c)
{
	const pl_model *m = &f->s->m;
	check_output(f, c);
	const double inputs = sum_amounts(m, c, PL_USES);
	const double effort = m->council.param[PL_P_cobb_douglas_effort_elasticity][c->i] /
	                      m->council.param[PL_P_cobb_douglas_effort_exponent][c->i];
	if (inputs + effort <= exponent_sum_limit) return;
	pl_fault(f, PL_T_COUNCILS, c->i,
	         "the exponents of council %s sum to %s (inputs %s, effort c/k %s); schedule "
	         "cobb_douglas needs a sum below 1, lower them",
	         said(m, c).s, pl_say_number(inputs + effort).s, pl_say_number(inputs).s,
	         pl_say_number(effort).s);
}

static void check_shares(pl_finishing *f, const council *c, pl_role role)
{
	const pl_model *m = &f->s->m;
	const double sum = sum_amounts(m, c, role);
	const char *schedule = pl_schedule_name(m->council.schedule[c->i]);
	if (!isfinite(sum))
		pl_fault(f, PL_T_COUNCILS, c->i,
		         "the shares of council %s add up to more than a number holds; give "
		         "smaller "
		         "ones, only their proportions count",
		         said(m, c).s);
	else if (!(sum > 0))
		pl_fault(f, PL_T_COUNCILS, c->i,
		         "council %s has no row %s with a share above 0; schedule %s needs one",
		         said(m, c).s, pl_role_name((int)role), schedule);
}

static void check_council(pl_finishing *f, const council *c)
{
	if (c->begin == c->end) {
		pl_fault(f, PL_T_COUNCILS, c->i,
		         "council %s has no row in uses.csv; give it one, or take it out of "
		         "councils.csv",
		         said(&f->s->m, c).s);
		return;
	}
	switch ((pl_schedule)f->s->m.council.schedule[c->i]) {
	case PL_S_recipe:
		check_recipe(f, c);
		break;
	case PL_S_cobb_douglas:
		check_cobb_douglas(f, c);
		break;
	case PL_S_ces:
		check_output(f, c);
		check_shares(f, c, PL_USES);
		break;
	case PL_S_budget_cd:
	case PL_S_budget_ces:
		check_shares(f, c, PL_WANTS);
		break;
	case PL_S_request:
	case PL_S_isoelastic:
	case PL_S_affected:
	case PL_SCHEDULES:
		break;
	}
}

void pl_check_councils(pl_finishing *f)
{
	const pl_model *m = &f->s->m;
	if (m->n_goods == 0)
		pl_fault(f, PL_T_GOODS, -1,
		         "there are no goods; an economy needs at least one");
	if (m->n_councils == 0)
		pl_fault(f, PL_T_COUNCILS, -1,
		         "there are no councils; an economy needs at least one");
	/* without goods no council can have a row: one slip, one sentence */
	for (int32_t i = 0; m->n_goods > 0 && i < m->n_councils; i++) {
		const council c = {i, m->link.start[i], m->link.start[i + 1]};
		check_council(f, &c);
	}
}
