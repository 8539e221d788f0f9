/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* lab_run.h - one run of an experiment, from its place in the grid to its rows on the disk. */
#ifndef PL_CLI_LAB_RUN_H
#define PL_CLI_LAB_RUN_H
#include "cli/folder.h"
#include "cli/lab_file.h"

enum { PL_LAB_FILE_ROOM = 32 };
/// Tables of a run in DIR/runs, rows as in results.csv and rounds.csv. The first is renamed
/// into place last: where it stands, both are whole.
enum { PL_LAB_YEARS, PL_LAB_ROUNDS, PL_LAB_TABLES };
/// "000012.csv", "000012-rounds.csv".
void pl_lab_file_name(char out[PL_LAB_FILE_ROOM], int64_t run, int table);
/// Column names of a table, line end included.
const char *pl_lab_header(int table);

/// Play a run and write its tables into @p folder, all or none of them.
/// @param go_on asked after each round, from the thread that called; false: stop
/// @return PL_OK; PL_ESTOPPED; PL_EARG, PL_ENOMEM, PL_EIO with a sentence
pl_status pl_lab_play(const pl_lab *lab, int64_t run, const char *folder,
                      bool (*go_on)(void *self), void *self, pl_error *err);
#endif
