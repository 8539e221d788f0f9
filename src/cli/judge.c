/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/judge.h"

#include "base/error.h"
#include "cli/tell.h"

#include <math.h>
#include <plenum/explain.h>

double pl_judge_tolerance(double made)
{
	static const double least = 1e-6, most = 0.01;
	if (isnan(made) || 2 * made < least) return least;
	return 2 * made < most ? 2 * made : most;
}

int pl_judge_own(const pl_args *a, const pl_model *m, const pl_plan *p)
{
	pl_verdict verdict;
	pl_error err;
	const pl_claim claim = pl_plan_claim(p);
	if (p->outcome != PL_CLEARED) return PL_EXIT_GOOD;
	if (pl_plan_check(&verdict, m, &claim, pl_judge_tolerance(p->tolerance), &err) != PL_OK)
		return pl_tell_error(a, &err);
	if (verdict.accepted) return PL_EXIT_GOOD;
	pl_error_set(&err, PL_EARG, -1,
	             "the finished plan does not pass its own check, a fault of this program "
	             "(please report it); nothing was written. %.300s",
	             verdict.reason);
	(void)pl_tell_error(a, &err);
	return PL_EXIT_NOT;
}
