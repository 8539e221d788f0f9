/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* ballots.h - paper ballots as one page to be printed on A4. */
#ifndef PL_REPORT_BALLOTS_H
#define PL_REPORT_BALLOTS_H
#include <plenum/vote.h>
#include <stdio.h>

/// What a ballot asks for.
typedef enum {
	PL_PAPER_CHOOSE,    ///< one option
	PL_PAPER_APPROVE,   ///< any number of options
	PL_PAPER_POINTS,    ///< points for each option
	PL_PAPER_RANK,      ///< 1, 2, 3 ...
	PL_PAPER_MOTION,    ///< yes, no or abstain for each option
	PL_PAPER_CONSENSUS, ///< the same, or block
	PL_PAPERS
} pl_paper;
const char *pl_paper_name(int paper); ///< "choose", ...; NULL outside the enum
/// How a ballot that asks so is counted.
pl_ballot_kind pl_paper_counts_as(pl_paper paper);

enum { PL_PAPER_POINTS_MOST = 10 };

typedef struct {
	pl_paper paper;
	const char *title; ///< NULL: the election's
	int points;        ///< most that an option can get, 1 .. PL_PAPER_POINTS_MOST
	int64_t n;
	const int64_t *code; ///< [n] numbers of their codes, in the order of printing
} pl_ballots;

/// Write n ballots for the options of an election (its own ballots are not looked at) as one
/// self-contained page: no script, no request. Two or three small ones share a sheet; a large
/// one flows over several, each of which carries the ballot's code.
/// @return PL_OK (faults of writing show in ferror(to)), PL_ENOMEM
pl_status pl_ballots_write(FILE *to, const pl_election *e, const pl_ballots *b, pl_error *err);
/// How many ballots share a sheet, 1 .. 3; 0: each takes more than one.
int pl_ballots_on_sheet(const pl_election *e, const pl_ballots *b);
#endif
