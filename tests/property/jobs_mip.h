/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs_mip.h - balanced jobs as an integer program for GLPK, to compare ours with. */
#ifndef PL_TEST_JOBS_MIP_H
#define PL_TEST_JOBS_MIP_H
#include <plenum/work.h>

/// What GLPK says of a workplace.
typedef struct {
	double best;  ///< least largest deviation it found, points; NaN: none
	double bound; ///< and the one it proved that no jobs are below; infinite: there are
	              ///< none
	bool done;    ///< before its time was up
} jobs_mip;

/// Solve the workplace. Tasks must need no others: lessons of a person are a sum then.
/// @param j gives hours of people and means, where it has jobs @param seconds most
/// @return PL_OK; PL_EARG where tasks need others; PL_ENOMEM
pl_status jobs_mip_solve(jobs_mip *out, const pl_workplace *w, const pl_work_settings *s,
                         const pl_jobs *j, int seconds);
#endif
