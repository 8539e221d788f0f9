/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* check_reach.c - who cannot work at any price, because nothing is there of what they need: a
 * closed mine, and all who depend on it. */
#include "plan/check_inner.h"

#include <math.h>

/// Can the council do nothing at all without this input? A `ces` workplace with an elasticity
/// above 1 can.
static bool needs(const pl_model *m, int32_t i, int64_t link)
{
	if (m->link.role[link] != PL_USES || !(m->link.amount[link] > 0)) return false;
	return m->council.schedule[i] != PL_S_ces || m->council.param[PL_P_ces_sigma][i] <= 1;
}

/// Does the council add to a good, if it works at all?
static bool adds(const pl_model *m, int32_t i, int64_t link)
{
	const bool closed = m->council.schedule[i] == PL_S_recipe &&
	                    !(m->council.param[PL_P_recipe_capacity][i] > 0);
	return !closed && m->link.amount[link] > 0 &&
	       (m->link.role[link] == PL_MAKES || m->link.role[link] == PL_OFFERS);
}

/// Goods that society holds, or that somebody who is not barred can make or offer.
static void find_goods(const pl_check *c)
{
	const pl_model *m = c->m;
	for (int32_t g = 0; g < m->n_goods; g++)
		c->there[g] = m->good.supply[g] > 0 || m->good.kind[g] == PL_FREE;
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++)
			if (!c->barred[i] && adds(m, i, l)) c->there[m->link.good[l]] = 1;
}

void pl_check_reach(pl_check *c)
{
	const pl_model *m = c->m;
	bool changed = true;
	while (changed) {
		changed = false;
		find_goods(c);
		for (int32_t i = 0; i < m->n_councils; i++)
			for (int64_t l = m->link.start[i]; l < m->link.start[i + 1]; l++) {
				if (c->barred[i] || !needs(m, i, l)) continue;
				c->barred[i] = !c->there[m->link.good[l]];
				changed = changed || c->barred[i];
			}
	}
}
