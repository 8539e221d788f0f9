/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "plan/survey.h"

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

bool pl_is_act(int schedule)
{
	return schedule == PL_S_recipe || schedule == PL_S_affected;
}

bool pl_is_budget(int schedule)
{
	return schedule == PL_S_budget_cd || schedule == PL_S_budget_ces;
}

double pl_elasticity(const pl_model *m, int64_t k)
{
	return m->link.elasticity == NULL ? 0 : m->link.elasticity[k];
}

bool pl_may_fix_wants(const pl_model *m, int32_t council)
{
	const int schedule = m->council.schedule[council];
	return schedule == PL_S_request || schedule == PL_S_isoelastic;
}

bool pl_want_is_fixed(const pl_model *m, int32_t council, int64_t k)
{
	const int schedule = m->council.schedule[council];
	return schedule == PL_S_request ||
	       (schedule == PL_S_isoelastic && pl_elasticity(m, k) == 0);
}

double pl_survey_amount(const pl_survey *s, int32_t council, int64_t k)
{
	const bool replaced = s->twist.request != NULL && pl_want_is_fixed(s->m, council, k);
	return replaced ? s->twist.request[k] : s->m->link.amount[k];
}

static bool is_maker(const pl_model *m, int32_t i)
{
	const int schedule = m->council.schedule[i];
	if (schedule == PL_S_recipe) return m->council.param[PL_P_recipe_capacity][i] > 0;
	return schedule == PL_S_cobb_douglas || schedule == PL_S_ces ||
	       schedule == PL_S_affected;
}

/* Start from "everybody can work" and strike out who uses what nobody holds or makes, until
 * nothing changes: what is left can at least not be ruled out. Leaves the able in `runs`. */
static void find_supplied(pl_survey *s)
{
	const pl_model *m = s->m;
	bool changed = true;
	for (int32_t i = 0; i < m->n_councils; i++) s->runs[i] = is_maker(m, i);
	while (changed) {
		changed = false;
		for (int32_t j = 0; j < m->n_goods; j++)
			s->supplied[j] = m->good.supply[j] > 0 || m->good.kind[j] == PL_FREE;
		for (int32_t i = 0; i < m->n_councils; i++)
			for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
				if (m->link.amount[k] > 0 &&
				    ((m->link.role[k] == PL_MAKES && s->runs[i]) ||
				     m->link.role[k] == PL_OFFERS))
					s->supplied[m->link.good[k]] = 1;
		for (int32_t i = 0; i < m->n_councils; i++)
			for (int64_t k = m->link.start[i];
			     s->runs[i] && k < m->link.start[i + 1]; k++)
				if (m->link.role[k] == PL_USES && m->link.amount[k] > 0 &&
				    !s->supplied[m->link.good[k]]) {
					s->runs[i] = 0;
					changed = true;
				}
	}
}

static bool asks(const pl_survey *s, int32_t council)
{
	const int schedule = s->m->council.schedule[council];
	if (schedule == PL_S_request || schedule == PL_S_isoelastic) return true;
	return pl_is_budget(schedule) && !s->twist.missing;
}

/* Goods that consumers ask for. One that nobody can supply takes no part, but where what is
 * missing is asked. */
static void find_wanted(pl_survey *s)
{
	const pl_model *m = s->m;
	for (int32_t i = 0; i < m->n_councils; i++)
		for (int64_t k = m->link.start[i]; asks(s, i) && k < m->link.start[i + 1];
		     k++) {
			const int32_t j = m->link.good[k];
			if (m->link.role[k] != PL_WANTS || !(pl_survey_amount(s, i, k) > 0))
				continue;
			if (s->twist.missing) {
				if (pl_want_is_fixed(m, i, k)) s->useful[j] = 1;
				continue;
			}
			if (s->supplied[j]) {
				s->useful[j] = 1;
				continue;
			}
			if (s->n_hopeless++ == 0) s->hopeless = k;
		}
}

/* A good is useful if a consumer asks for it or a maker of something useful uses it. A good
 * that is not useful has price 0 in every plan and binds nobody. */
static void find_useful(pl_survey *s, const uint8_t *able)
{
	const pl_model *m = s->m;
	bool grew = true;
	for (int32_t i = 0; i < m->n_councils; i++) s->runs[i] = asks(s, i);
	while (grew) {
		grew = false;
		for (int32_t i = 0; i < m->n_councils; i++) {
			if (s->runs[i] || !able[i]) continue;
			for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
				if (m->link.role[k] != PL_USES && m->link.amount[k] > 0 &&
				    s->useful[m->link.good[k]])
					s->runs[i] = 1;
			if (!s->runs[i]) continue;
			grew = true;
			for (int64_t k = m->link.start[i]; k < m->link.start[i + 1]; k++)
				if (m->link.role[k] == PL_USES && m->link.amount[k] > 0)
					s->useful[m->link.good[k]] = 1;
		}
	}
	for (int32_t j = 0; j < m->n_goods; j++)
		if (m->good.kind[j] == PL_FREE) s->useful[j] = 0;
}

pl_status pl_survey_new(pl_survey *s, const pl_model *m, const pl_twist *twist, pl_error *err)
{
	*s = (pl_survey){.m = m, .hopeless = -1};
	if (twist != NULL) s->twist = *twist;
	s->supplied = pl_alloc(m->n_goods, 1);
	s->useful = pl_alloc(m->n_goods, 1);
	s->runs = pl_alloc(m->n_councils, 1);
	uint8_t *able = pl_alloc(m->n_councils, 1);
	if (s->supplied == NULL || s->useful == NULL || s->runs == NULL || able == NULL) {
		pl_free(able);
		pl_survey_free(s);
		return pl_fail(err, PL_ENOMEM, -1, "no memory to look through %d councils",
		               m->n_councils);
	}
	find_supplied(s);
	memcpy(able, s->runs, (size_t)m->n_councils);
	find_wanted(s);
	find_useful(s, able);
	pl_free(able);
	return PL_OK;
}

void pl_survey_free(pl_survey *s)
{
	pl_free(s->runs);
	pl_free(s->useful);
	pl_free(s->supplied);
	s->runs = s->useful = s->supplied = NULL;
}
