/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/judge.h"

#include <math.h>

double pl_judge_tolerance(double made)
{
	static const double least = 1e-6, most = 0.01;
	if (isnan(made) || 2 * made < least) return least;
	return 2 * made < most ? 2 * made : most;
}
