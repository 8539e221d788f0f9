/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* pabulib.h - participatory budgets as Pabulib keeps them (.pb): three tables in one file,
 * META, PROJECTS and VOTES, each under a line with its name, cells between semicolons.
 *
 * Source: P. Faliszewski and others, Participatory Budgeting: Data, Tools and Analysis,
 * IJCAI 2023; the format is at https://pabulib.org/format. */
#ifndef PL_IO_PABULIB_H
#define PL_IO_PABULIB_H
#include <plenum/vote.h>
#include <stdio.h>

/// Read an election. Vote types approval and choose-1 give approval ballots, cumulative and
/// scoring give points, ordinal gives ranks (and max_length the longest ballot). A project
/// whose `selected` is 1 is recorded as a winner; 0 and 2 (paid from elsewhere) are not. A
/// column `weight` of VOTES, which is our own, says for how many equal ballots a row stands.
/// The title is META's description, or unit and instance.
///
/// Faults are one sentence that begins "FILE:LINE: " (or "FILE: " where no line is at fault):
/// whatever pl_csv_open refuses; a section that is missing, empty or there twice; a key of META
/// that is missing or there twice; a vote type we do not know; an amount of money that is no
/// number, negative, has more than 6 decimals or is too large; a budget of 0; a missing id, or
/// one there twice, of project or voter; an id or name that is a formula; a vote for an
/// unknown project, or twice for one; more or fewer points than projects; a count of projects
/// or votes that is not what META says.
/// @param bytes [n] the file
/// @param shown how messages name the file
/// @return PL_OK, PL_EPARSE (err->where is the line, 0 where none), PL_ENOMEM
pl_status pl_pabulib_read(pl_election **out, const void *bytes, size_t n, const char *shown,
                          pl_error *err);

/// Write an election so that pl_pabulib_read gives the same one, but for ballots' codes: where
/// some ballot has none, or two have the same, they are numbered. Faults of writing show in
/// ferror(to).
/// @return PL_OK; PL_ENOMEM or PL_EARG, nothing written, where Pabulib cannot hold it: motions,
/// equal
///         ranks or ranks left out, no budget, an id with a comma or a name with a line break
pl_status pl_pabulib_write(FILE *to, const pl_election *e, pl_error *err);
#endif
