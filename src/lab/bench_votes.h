/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* bench_votes.h - elections made up in memory, to measure counts with. */
#ifndef PL_LAB_BENCH_VOTES_H
#define PL_LAB_BENCH_VOTES_H
#include <plenum/vote.h>

/// What to make up; the same numbers give the same election on every machine.
typedef struct {
	pl_ballot_kind kind;
	int64_t ballots;
	int32_t options;
	int32_t marks; ///< on a ballot, at most all options; motions: all
	bool money;    ///< options have costs, and there is a budget for a tenth of them or so
	uint64_t seed;
} pl_bench_votes_spec;

/// Make up an election. Options differ in how well they are liked, and voters belong to one of
/// eight groups, each of which likes a part of the options better; so there are clear winners,
/// minorities, and circles.
/// @return PL_OK, PL_ENOMEM, PL_EARG
pl_status pl_bench_votes(pl_election **out, const pl_bench_votes_spec *spec, pl_error *err);

/// Read all marks once, on all threads: what counting takes at least.
/// @return a sum that depends on every mark
int64_t pl_bench_votes_read(const pl_election *e);
#endif
