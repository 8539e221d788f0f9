/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* search.h - better jobs by exchanges: m hands hours of one task to n, and takes as many hours
 * of another from n. So no task and no person ever gains or loses an hour (work-1). */
#ifndef PL_WORK_SEARCH_H
#define PL_WORK_SEARCH_H
#include "work/deal.h"

typedef struct {
	const uint64_t *bits; ///< who may take what; as pl_able.able
	double target;        ///< deviations up to this do not count, points
	double price;         ///< what an hour of cost counts for, beside excess
	bool thrift;          ///< only cost counts; nobody's deviation may pass `target`
	int32_t partners; ///< people to try with each person; all where it is n_people or more
	bool colleagues;  ///< try those with the same scarce skills, too
	double slack;   ///< of kicks: what one may lose at first, as a part of the mean excess
	int64_t trials; ///< exchanges that may be looked at
	uint64_t seed;
} pl_search;

/// Exchange hours while that lowers sum over people of work * excess^2, excess being what the
/// deviation is above `target` in empowerment and desirability, plus price * cost; shares that
/// are too small or too many count for more than all of it.
/// @return exchanges looked at
int64_t pl_search_run(pl_deal *d, const pl_search *s);

/// Kick those whose jobs deviate or may not stand, until none does or the trials are spent: a
/// random exchange or two, then the best ones for those who took part; taken back unless it
/// lowered the sum that pl_search_run lowers, or raised it by less than a slack that sinks to
/// 0.
/// @return exchanges looked at
int64_t pl_search_kick(pl_deal *d, const pl_search *s);

/// What a hand costs, in hours: lessons; a sixteenth of the hours that were others' last
/// period; up to a 64th of the hours for what a person would rather not do.
double pl_search_cost(pl_deal *d, int32_t person, const pl_hand *h);
#endif
