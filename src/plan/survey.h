/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* survey.h - who and what can take part in a plan, before any number is looked at. */
#ifndef PL_PLAN_SURVEY_H
#define PL_PLAN_SURVEY_H
#include <plenum/model.h>

/// What may be asked of the economy besides its own schedules.
typedef struct {
	const double *request; ///< [n_links] amounts that replace those of fixed wants, or NULL
	bool missing;          ///< ask only what is missing: see conflict.h
} pl_twist;

typedef struct {
	const pl_model *m;
	pl_twist twist;
	uint8_t *supplied;  ///< [goods] somebody holds it, or can make it
	uint8_t *useful;    ///< [goods] takes part: asked for, directly or through a maker
	uint8_t *runs;      ///< [councils] takes part
	int64_t n_hopeless; ///< wants of goods that nobody can supply
	int64_t hopeless;   ///< the first such link, -1: none
} pl_survey;

/// O(links) a round, as many rounds as the longest chain of makers has links.
pl_status pl_survey_new(pl_survey *s, const pl_model *m, const pl_twist *twist, pl_error *err);
void pl_survey_free(pl_survey *s); ///< the arrays, not s

/// Can a want of this council be fixed at all?
bool pl_may_fix_wants(const pl_model *m, int32_t council);
/// Is link k a want of fixed size (a request, an isoelastic want of elasticity 0)?
bool pl_want_is_fixed(const pl_model *m, int32_t council, int64_t k);
/// What the link asks for: its amount, or what the twist puts in its place.
double pl_survey_amount(const pl_survey *s, int32_t council, int64_t k);
bool pl_is_act(int schedule);
bool pl_is_budget(int schedule);
double pl_elasticity(const pl_model *m, int64_t k); ///< 0 where the link has none
#endif
