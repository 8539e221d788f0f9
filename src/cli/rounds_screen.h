/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rounds_screen.h - rounds in 80 columns: a row a round, then how they ended on a screen. */
#ifndef PL_CLI_ROUNDS_SCREEN_H
#define PL_CLI_ROUNDS_SCREEN_H
#include "io/rounds_files.h"
#include "rounds/why.h"

#include <stdio.h>

/// Heads of the columns of rounds. @param year 0: the only one
void pl_rounds_print_head(FILE *to, int32_t year, bool colour);
/// A round, and (where @p remark) what the rule says of itself.
void pl_rounds_print_row(FILE *to, const pl_model *m, const pl_round *round, double tolerance,
                         bool remark, bool colour);
/// Whose proposals moved the price of a good.
void pl_rounds_print_move(FILE *to, const pl_model *m, int32_t good, const pl_move *move,
                          bool colour);

/// A year in a line: announcements to each bound, growth.
void pl_rounds_print_year_head(FILE *to, bool colour);
void pl_rounds_print_year(FILE *to, const pl_year_line *year);

/// All that the last screen shows.
typedef struct {
	const pl_model *m;
	const pl_rounds *rounds;
	const double *start;     ///< [n_goods] prices announced first
	const pl_ending *ending; ///< NULL: the proposals are carried out as they are
	const char *end;         ///< its name
	double loss;             ///< NaN: not known
	bool others;             ///< do councils produce in other ways than the tables say?
	const char *best_reason; ///< why the schedules have no plan; NULL: they may have
	const char *rule, *behaviour;
	double seconds;
	const char *economy, *out;
	bool colour;
} pl_rounds_end_facts;
void pl_rounds_print_end(FILE *to, const pl_rounds_end_facts *f);

/// Plans to vote on, side by side.
void pl_rounds_print_choices(FILE *to, const pl_model *m, const pl_choice *of, int n,
                             bool colour);
#endif
