/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* across.h - balance between workplaces: members of those whose work is more empowering than
 * society's spend part of their hours in others, and theirs with them. docs/jobs.md tells it.
 */
#ifndef PL_WORK_ACROSS_H
#define PL_WORK_ACROSS_H
#include <plenum/base.h>

/// Hours that members of two workplaces swap: as many each way.
typedef struct {
	int32_t above, below; ///< workplaces, by their mean
	double hours;         ///< each way, > 0
} pl_visit;

/// Visits after which all workplaces have society's mean.
///
/// Workplace i has hours W and mean empowerment E. A swap of h hours between i and k moves
/// h (E[i] - E[k]) points times hours from i to k, so surpluses W[i] (E[i] - E*) are brought to
/// deficits in the fewest hours by a transport at cost 1 / (E[i] - E[k]). With distances x, y >
/// 0 from E* that is 1 / (x + y), whose mixed differences are positive: the farthest above goes
/// with the nearest below, which a walk along both orders does exactly (G. Monge; A. J.
/// Hoffman, Proc. Symp. Pure Math. 7 (1963) 317). Members take an even part in each visited
/// workplace.
typedef struct {
	int32_t n;
	double mean;       ///< E* = sum W E / sum W
	double *elsewhere; ///< [n] hours that its members spend in other workplaces; 1 - lambda
	                   ///< of W
	double *after;     ///< [n] their mean empowerment then
	int64_t n_visits;
	pl_visit *visit;
} pl_across;

/// @param hours [n] > 0, W
/// @param mean [n] points, E
/// @return PL_OK; PL_EARG (err->where: the workplace); PL_ENOMEM
pl_status pl_work_across(pl_across **out, int32_t n, const double *hours, const double *mean,
                         pl_error *err);
void pl_across_free(pl_across *a); ///< NULL allowed
#endif
