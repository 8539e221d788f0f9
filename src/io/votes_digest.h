/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* votes_digest.h - what was voted on and all ballots as one number. */
#ifndef PL_IO_VOTES_DIGEST_H
#define PL_IO_VOTES_DIGEST_H
#include <plenum/vote.h>

enum { PL_VOTES_DIGEST = 65 }; ///< 64 hexadecimal digits and NUL

/// SHA-256 of an election: the same for the same options (ids, costs, order), budget, eligible
/// and ballots, in whatever order these stand and whether equal ones are one with a weight.
/// Titles, names, codes, ids of ballots and recorded winners do not count. @return PL_OK,
/// PL_ENOMEM
PL_API pl_status pl_votes_digest(char out[PL_VOTES_DIGEST], const pl_election *e,
                                 pl_error *err);
#endif
